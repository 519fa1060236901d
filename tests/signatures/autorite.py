"""Une autorité d'essai, refaite à chaque fois : racine, signataires, horodateur."""

import datetime
import io
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import keys as cles
from asn1crypto import x509 as certificats
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures import pades, valideur
from signatures.pieces import PieceRefusee

CADRE = (60, 60, 260, 110)
DER = serialization.Encoding.DER


def dans_un_fil(faire, *args):
    """pyHanko ouvre une boucle asynchrone ; Playwright en tient déjà une dans le fil du test."""
    with ThreadPoolExecutor(1) as fil:
        return fil.submit(faire, *args).result()


def examiner_sur_place(envoye, recu):
    """L'examen sans processus à part ; ce qui l'y tuerait est le même refus."""
    try:
        return dans_un_fil(valideur.examiner, envoye, recu, pades.racines())
    except Exception as erreur:
        raise PieceRefusee(pades.ILLISIBLE) from erreur


class Autorite:
    """Racine d'essai : délivre, signe, horodate."""

    def __init__(self, nom="AC d'essai"):
        self.cle = ec.generate_private_key(ec.SECP256R1())
        self.certificat = self._certificat(nom, self.cle, autorite=True)

    def pem(self):
        return self.certificat.public_bytes(serialization.Encoding.PEM)

    def poser(self, dossier):
        """Écrit la racine dans un dossier de racines reconnues."""
        dossier.mkdir(exist_ok=True)
        (dossier / "racine.pem").write_bytes(self.pem())
        return str(dossier)

    def delivrer(self, nom, *, usage=None, rsa_=False):
        """Un certificat et sa clé."""
        cle = (
            rsa.generate_private_key(65537, 2048)
            if rsa_
            else ec.generate_private_key(ec.SECP256R1())
        )
        return self._certificat(nom, cle, usage=usage), cle

    def signataire(self, nom):
        certificat, cle = self.delivrer(nom)
        return signers.SimpleSigner(
            signing_cert=_lu(certificat),
            signing_key=_cle(cle),
            cert_registry=self._registre(certificat),
        )

    def horodateur(self):
        certificat, cle = self.delivrer(
            "Horodateur d'essai", usage=ExtendedKeyUsageOID.TIME_STAMPING, rsa_=True
        )
        return timestamps.DummyTimeStamper(
            tsa_cert=_lu(certificat),
            tsa_key=_cle(cle),
            certs_to_embed=self._registre(certificat),
        )

    def signer(self, octets, nom, *, champ=None, horodateur=None, visible=False, cadre=CADRE):
        """Ces octets, plus une signature PAdES de cette personne, en mise à jour incrémentale."""
        champ = champ or nom.replace(" ", "")
        place = {"on_page": -1, "box": cadre} if visible else {}
        signeur = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=champ,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
            ),
            signer=self.signataire(nom),
            timestamper=horodateur,
            new_field_spec=fields.SigFieldSpec(champ, **place),
        )
        return dans_un_fil(
            signeur.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(octets))
        ).getvalue()

    def _registre(self, *autres):
        registre = SimpleCertificateStore()
        registre.register_multiple([_lu(self.certificat), *map(_lu, autres)])
        return registre

    def _certificat(self, nom, cle, *, autorite=False, usage=None):
        maintenant = datetime.datetime.now(datetime.UTC)
        sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nom)])
        emetteur = sujet if autorite else self.certificat.subject
        constructeur = (
            x509.CertificateBuilder()
            .subject_name(sujet)
            .issuer_name(emetteur)
            .public_key(cle.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(maintenant - datetime.timedelta(days=30))
            .not_valid_after(maintenant + datetime.timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=autorite, path_length=None), critical=True)
            .add_extension(_usages(autorite, usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), False)
        )
        if usage:
            constructeur = constructeur.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return constructeur.sign(self.cle, hashes.SHA256())


def _usages(autorite, usage):
    return x509.KeyUsage(
        digital_signature=not autorite,
        content_commitment=not autorite and not usage,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=autorite,
        crl_sign=autorite,
        encipher_only=False,
        decipher_only=False,
    )


def _lu(certificat):
    return certificats.Certificate.load(certificat.public_bytes(DER))


def _cle(cle):
    octets = cle.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return cles.PrivateKeyInfo.load(octets)
