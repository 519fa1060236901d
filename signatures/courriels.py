"""Les courriels d'une campagne de signature : un par signataire et par cause."""

from django.urls import reverse

from courrier.depot import adresse_absolue, composer, deposer
from signatures.models import CampagneSignature, Signataire


def envoyer(signataire: Signataire) -> None:
    """Le document est à signer : ce qu'il est, comment le reconnaître, à qui le rendre."""
    _deposer("signature_envoi", f"signature-envoi-{signataire.pk}-{signataire.version}", signataire)


def relancer(signataire: Signataire) -> None:
    rang = f"{signataire.version}-{signataire.nb_relances}"
    _deposer("signature_relance", f"signature-relance-{signataire.pk}-{rang}", signataire)


def annoncer_l_annulation(campagne: CampagneSignature) -> int:
    """À chacun, une fois : ce qui a été signé ne vaut plus. Rend le nombre de courriels."""
    prevenus = list(campagne.signataires.exclude(email="").order_by("rang"))
    for signataire in prevenus:
        signataire.campagne = campagne
        cle = f"signature-annulation-{campagne.pk}-{signataire.pk}"
        _deposer("signature_annulation", cle, signataire)
    return len(prevenus)


def _deposer(gabarit: str, cle: str, signataire: Signataire) -> None:
    campagne = signataire.campagne
    document = campagne.document
    contexte = {
        "signataire": signataire,
        "campagne": campagne,
        "document": document,
        "contrat": document.contrat,
        "verification": adresse_absolue(
            reverse("documents:verification-code", args=[document.code])
        ),
    }
    message = composer(gabarit, contexte)
    deposer(
        cle=cle,
        destinataire=signataire.email,
        sujet=message.sujet,
        texte=message.texte,
        entetes={"Reply-To": campagne.preparee_par.email},
    )
