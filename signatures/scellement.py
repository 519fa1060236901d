"""Poser le sceau : pyHanko, chargé quand il y a de quoi sceller."""

import io
from typing import Any

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from requests import RequestException

from signatures.sceau import SceauImpossible

CHAMP = "SceauReciproque"


def poser(octets: bytes, horodateur: Any = None) -> bytes:
    """Ces octets, puis le sceau horodaté. Lève `SceauImpossible`."""
    horodateur = horodateur or _horodateur()
    metadonnees = signers.PdfSignatureMetadata(
        field_name=CHAMP, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    try:
        with _Signeur() as signeur:
            scelle = signers.PdfSigner(
                metadonnees,
                signer=signeur,
                timestamper=horodateur,
                new_field_spec=fields.SigFieldSpec(CHAMP),
            ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(octets)))
    except (TimestampRequestError, RequestException) as erreur:
        raise SceauImpossible(
            f"L'horodateur n'a pas répondu ({erreur}) : sans horodatage, pas de sceau."
        ) from erreur
    except (SigningError, PdfError, OSError, ValueError) as erreur:
        raise SceauImpossible(f"Le sceau ne peut pas être posé : {erreur}") from erreur
    sortie: bytes = scelle.getvalue()
    return sortie


def _horodateur() -> HTTPTimeStamper:
    adresse = settings.SCEAU["horodateur"]
    if not adresse:
        raise SceauImpossible("Aucun horodateur n'est réglé : sans horodatage, pas de sceau.")
    return HTTPTimeStamper(adresse, timeout=settings.SCEAU["delai"])


class _Signeur:
    """Le signataire que règle l'installation ; ferme la session PKCS#11 en sortant."""

    def __enter__(self) -> Any:
        reglages = settings.SCEAU
        self.session: Any = None
        if reglages["pkcs12"]:
            signeur = signers.SimpleSigner.load_pkcs12(
                reglages["pkcs12"], passphrase=reglages["passe"].encode() or None
            )
            if signeur is None:
                raise SceauImpossible("Le fichier PKCS#12 du sceau, ou son mot de passe, est faux.")
            return signeur
        return self._pkcs11(reglages)

    def _pkcs11(self, reglages: dict[str, Any]) -> Any:
        try:
            from pyhanko.config.pkcs11 import TokenCriteria
            from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
        except ImportError as erreur:
            raise SceauImpossible("Installez « python-pkcs11 » pour un sceau PKCS#11.") from erreur
        self.session = open_pkcs11_session(
            reglages["pkcs11_module"],
            token_criteria=TokenCriteria(label=reglages["pkcs11_jeton"]),
            user_pin=reglages["passe"],
        )
        return PKCS11Signer(self.session, cert_label=reglages["pkcs11_certificat"])

    def __exit__(self, *exception: object) -> None:
        if self.session is not None:
            self.session.close()
