import time

import factory
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from comptes.models import Utilisateur

MOT_DE_PASSE = "motdepasse-de-test"


class UtilisateurFactory(factory.django.DjangoModelFactory):
    """Compte d'agent ; `habilitations=[(contrat, role)]` lui donne ses rôles."""

    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    class Params:
        administrateur = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"agent{n}@exemple.invalid")
    prenom = "Agent"
    nom = factory.Sequence(lambda n: f"Numéro {n}")
    password = factory.django.Password(MOT_DE_PASSE)

    @factory.post_generation
    def habilitations(self, create, extracted, **kwargs):
        for contrat, role in extracted or ():
            self.habilitations.create(contrat=contrat, role=role)


SECRET_TOTP = "JBSWY3DPEHPK3PXP"


def avec_seconds_facteurs(utilisateur):
    """Inscrit une application (`SECRET_TOTP`), une clé d'accès et des codes ; rend la clé."""
    TOTP.activate(utilisateur, SECRET_TOTP)
    RecoveryCodes.activate(utilisateur)
    publique = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    donnees = AttestedCredentialData.create(Aaguid.NONE, b"cle", publique)
    autorite = AuthenticatorData.create(b"0" * 32, 0x41, 0, donnees)
    reponse = {
        "clientDataJSON": websafe_encode(
            CollectedClientData.create("webauthn.create", b"defi", "https://exemple.invalid")
        ),
        "attestationObject": websafe_encode(AttestationObject.create("none", autorite, {})),
    }
    identifiant = websafe_encode(b"cle")
    cle = {"id": identifiant, "rawId": identifiant, "type": "public-key", "response": reponse}
    return Authenticator.objects.create(
        user=utilisateur,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Téléphone", "credential": cle},
    )


def vient_de_se_connecter(client, utilisateur, *methodes):
    """Ouvre sa session comme s'il venait de prouver qui il est (mot de passe, sauf mention)."""
    client.force_login(utilisateur)
    session = client.session
    session["account_authentication_methods_user"] = user_id_to_str(utilisateur)
    session["account_authentication_methods"] = [
        {"method": methode, "at": time.time()} for methode in methodes or ("password",)
    ]
    session.save()
