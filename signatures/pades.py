"""Un PDF signé reçu : celui qu'on a envoyé, ses signatures, et ce qu'on en dit en français."""

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from campagnes.fichiers import nom_sans_chemin
from documents.figes import stockage
from documents.models import DocumentFige
from signatures.enums import GenrePiece
from signatures.pieces import PieceRefusee, Recue, type_de

NON_VALABLES = "Les signatures de ce PDF ne sont pas valables."
ILLISIBLE = "Ce PDF est illisible : ses signatures ne se vérifient pas."
NIVEAU = (
    "Niveau au sens d'eIDAS (avancé ou qualifié) et révocation du certificat : non vérifiés ici."
)


def recevoir(nom: str, octets: bytes, document: DocumentFige) -> Recue:
    """Le PDF signé, contrôlé contre celui qui a été envoyé ; lève `PieceRefusee`."""
    if type_de(octets) != "application/pdf":
        raise PieceRefusee("Ce fichier n'est pas un PDF : envoyez le PDF signé.")
    envoye = stockage.octets_de(document)
    if octets == envoye:
        raise PieceRefusee("C'est le document envoyé, sans aucune signature.")
    signatures = controler(envoye, octets)
    if refus := [phrase for s in signatures for phrase in reserves(s)]:
        raise PieceRefusee(NON_VALABLES, refus)
    return Recue(
        GenrePiece.PADES,
        nom_sans_chemin(nom, "pdf"),
        "application/pdf",
        octets,
        constats(signatures),
        [s["empreinte"] for s in signatures],
        _date(signatures[-1]),
    )


def controler(envoye: bytes, octets: bytes) -> list[dict[str, Any]]:
    """Les signatures, exactes, posées sur le document envoyé ; lève `PieceRefusee`.

    Qui les a délivrées ne se juge pas ici (`reserves`).
    """
    examen = _examiner(envoye, octets)
    if examen["ecarts"]:
        raise PieceRefusee("Ce PDF n'est pas celui qui a été envoyé.", examen["ecarts"])
    if examen["texte_change"]:
        raise PieceRefusee("Ce PDF n'est plus celui qui a été envoyé.", [examen["texte_change"]])
    signatures: list[dict[str, Any]] = examen["signatures"]
    if examen["retirees"]:
        champs = ", ".join(f"« {champ} »" for champ in examen["retirees"])
        raise PieceRefusee(
            "Une signature a été retirée de ce PDF.", [f"Champ de signature vide : {champs}."]
        )
    if not signatures:
        raise PieceRefusee("Ce PDF a été complété, mais ne porte aucune signature électronique.")
    if defauts := [defaut for s in signatures for defaut in _defauts(s)]:
        raise PieceRefusee(NON_VALABLES, defauts)
    return signatures


def constats(signatures: list[dict[str, Any]]) -> list[str]:
    """Ce qui a été vérifié de chacune, et ce qui ne l'a pas été."""
    return [*(phrase for s in signatures for phrase in _phrases(s)), NIVEAU]


def _examiner(envoye: bytes, recu: bytes) -> dict[str, Any]:
    """L'examen fait dans un processus borné ; trop long ou tué, c'est un refus."""
    commande = {"envoye": len(envoye), "recu": len(recu), "racines": racines()}
    try:
        fait = subprocess.run(
            [sys.executable, "-m", "signatures.valideur"],
            input=json.dumps(commande).encode() + b"\n" + envoye + recu,
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=settings.SIGNATURE_DELAI,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise PieceRefusee(
            f"L'examen de ce PDF dépasse {settings.SIGNATURE_DELAI} secondes : il est refusé."
        ) from None
    except subprocess.CalledProcessError:
        raise PieceRefusee(ILLISIBLE) from None
    examen: dict[str, Any] = json.loads(fait.stdout)
    return examen


def racines() -> list[str]:
    """Les certificats racines que cette installation reconnaît : un fichier chacun."""
    dossier = settings.SIGNATURE_RACINES
    if not dossier:
        return []
    return sorted(str(f) for f in Path(dossier).iterdir() if f.suffix in (".pem", ".crt", ".cer"))


def _defauts(s: dict[str, Any]) -> list[str]:
    """Ce qui empêche de recevoir cette signature."""
    qui = f"Signature de « {s['signataire']} »" if s["signataire"] else "Une signature"
    if "erreur" in s:
        return [f"{qui} : effacée, illisible ou contrefaite ({s['erreur']})."]
    if not s["intacte"]:
        return [f"{qui} : fausse. Le contenu signé n'est plus celui du fichier."]
    dits = []
    if not s["couvre"]:
        dits.append(f"{qui} : ne couvre pas tout le fichier ; des octets y ont été ajoutés.")
    if not s["inchangee"]:
        dits.append(f"{qui} : le document a été changé après elle.")
    return dits


def reserves(s: dict[str, Any]) -> list[str]:
    """Pourquoi le certificat de cette signature, même exacte, n'est pas reconnu ; ou rien."""
    if s["reconnue"]:
        return []
    raison = f"« {s['autorite']} » n'est pas une autorité reconnue par cette installation"
    if not racines():
        raison = "cette installation ne reconnaît aucune autorité (réglage SIGNATURE_RACINES)"
    return [f"Signature de « {s['signataire']} » : certificat refusé, {raison}."]


def _phrases(s: dict[str, Any]) -> list[str]:
    """Qui, quand, par qui reconnu, ce qui est couvert."""
    if s["horodatee_le"]:
        quand = f"le {_instant(s['horodatee_le'])}, heure certifiée par « {s['horodateur']} »"
    elif s["annoncee_le"]:
        quand = f"le {_instant(s['annoncee_le'])}, heure que le signataire annonce"
    else:
        quand = "à une heure qu'elle ne dit pas"
    couvert = s["couvert"]
    cadre = (
        f"Le cadre visible de cette signature, page {couvert['page']}, couvre du texte : "
        f"« {couvert['texte']} ». Lisez-le dans le document envoyé."
        if couvert
        else ""
    )
    return [
        f"Signé par « {s['signataire']} », {quand}.",
        f"Certificat délivré par « {s['autorite']} », autorité reconnue ; la signature couvre le "
        "fichier entier tel qu'il était, et rien n'a été changé depuis hors d'autres signatures.",
        *([cadre] if cadre else []),
    ]


def _instant(iso: str) -> str:
    quand = parse_datetime(iso)
    assert quand is not None  # noqa: S101 - écrit par notre valideur
    return f"{timezone.localtime(quand):%d/%m/%Y à %H:%M}"


def _date(s: dict[str, Any]) -> datetime.date | None:
    iso = s["horodatee_le"] or s["annoncee_le"]
    quand = parse_datetime(iso) if iso else None
    return timezone.localtime(quand).date() if quand else None
