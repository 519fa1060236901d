"""Une session d'échange : ce qu'on en lit, ce que l'agent en corrige, ce qui s'écrit."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.text import slugify

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from gouvernance.enums import StatutIntervention
from gouvernance.models import Session
from reprise.ecriture.refus import RepriseImpossible
from reprise.ecriture.textes import en_markdown
from reprise.lecture.formes import sans_marques
from reprise.reconnaissance.formes import Compris, Role
from reprise.reconnaissance.vocabulaire import plier

HEURES = re.compile(
    r"\b(?:de\s+)?(?P<h1>\d{1,2})\s*[h:]\s*(?P<m1>\d{2})?\s*(?:a|-|jusqu'a)\s*"
    r"(?P<h2>\d{1,2})\s*[h:]\s*(?P<m2>\d{2})?"
)
CONDITION = re.compile(r"\b(?:soumise?s?|reservee?s?|subordonnee?s?|condition\w*)\b")
VISIO = re.compile(r"\bvisio")
DE = re.compile(r"\b(?:de la |de l['’]|du |des |de |d['’])(?=(?P<nom>[A-ZÀ-Ý].*$))")
LIEN_SEUL = re.compile(r"\s*\(\s*(?:t[ée]l[ée]charger|voir|cliquer)[^()]*\)", re.I)
CHAMPS = ("nature", "intitule", "organisateur", "le", "debut", "fin", "lieu", "capacite",
          "cloture_le", "condition")  # fmt: skip
LIBELLES = {
    "nature": "nature", "intitule": "intitulé", "organisateur": "organisée par", "le": "date",
    "debut": "heure de début", "fin": "heure de fin", "lieu": "lieu",
    "capacite": "nombre de places", "cloture_le": "date limite d'inscription",
    "condition": "condition d'adhésion",
}  # fmt: skip
FACULTATIFS = ("organisateur", "condition")


@dataclass
class PointLu:
    """Un temps du programme et ses intervenants (nom, fonction, organisme, réserve)."""

    intitule: str
    visio: bool = False
    intervenants: list[dict[str, str]] = field(default_factory=list)


@dataclass
class SessionLue:
    """Une session telle que le document la dit ; `valeurs` : vide quand il ne le dit pas."""

    valeurs: dict[str, str]
    presentation: str = ""
    profils: list[str] = field(default_factory=list)
    programme: list[PointLu] = field(default_factory=list)

    @property
    def manque(self) -> list[str]:
        return [LIBELLES[c] for c in CHAMPS if c not in FACULTATIFS and not self.valeurs[c]]


def lire_session(compris: Compris, decidees: dict[str, str] | None = None) -> SessionLue:
    """Le document, et par-dessus ce que l'agent a corrigé."""
    s = compris.session
    if s is None:
        raise RepriseImpossible("Ce document n'est pas une session.")
    pratique = [sans_marques(p.texte) for p in s.rubriques.get("pratique", [])]
    valeurs = dict.fromkeys(CHAMPS, "")
    valeurs |= {
        "intitule": compris.intitule, "nature": compris.sous_titre or "Session",
        "le": s.date, "cloture_le": s.cloture, "capacite": str(s.places or ""),
    }  # fmt: skip
    valeurs |= _titres(compris)
    for texte in pratique:
        _pratique(texte, valeurs)
    valeurs |= {c: v for c, v in (decidees or {}).items() if c in CHAMPS}
    lue = SessionLue(valeurs, en_markdown(s.rubriques.get("pourquoi", [])), list(s.profils))
    lue.programme = [
        PointLu(p.texte[:300], bool(VISIO.search(plier(p.texte)))) for p in s.programme
    ]
    for i in s.intervenants:
        rang = int(i["point"]) - 1
        if 0 <= rang < len(lue.programme):
            fonction, organisme = fonction_et_organisme(i["fonction"])
            lue.programme[rang].intervenants.append(
                {"nom": i["nom"], "fonction": fonction, "organisme": organisme,
                 "reserve": i["reserve"]}
            )  # fmt: skip
    return lue


def _titres(compris: Compris) -> dict[str, str]:
    """« SESSION D'EXPLORATION », puis ce dont elle parle."""
    titres = [
        p.element.nu for p in compris.places
        if p.role in (Role.INTITULE, Role.SOUS_TITRE) and p.element.nu
    ]  # fmt: skip
    if len(titres) < 2:
        return {}
    court, long = sorted(titres[:2], key=len)
    return {"nature": court.capitalize() if court.isupper() else court, "intitule": long}


def _pratique(texte: str, valeurs: dict[str, str]) -> None:
    plie = plier(texte)
    if trouve := HEURES.search(plie):
        for champ, h, m in (("debut", "h1", "m1"), ("fin", "h2", "m2")):
            if int(trouve[h]) < 24 and int(trouve[m] or 0) < 60:
                valeurs[champ] = f"{int(trouve[h]):02}:{int(trouve[m] or 0):02}"
        lieu = texte[trouve.end() :].strip(" ,;.–-")
        if lieu and not valeurs["lieu"]:
            valeurs["lieu"] = lieu[:1].upper() + lieu[1:]
    elif plie.startswith("lieu") and ":" in texte:
        valeurs["lieu"] = texte.partition(":")[2].strip()
    elif CONDITION.search(plie) and not valeurs["condition"]:
        valeurs["condition"] = LIEN_SEUL.sub("", texte).strip(" .")


def fonction_et_organisme(texte: str) -> tuple[str, str]:
    """« directrice du Pays X » : la directrice, le Pays X ; sans organisme nommé, tout reste."""
    debut, tiret, fin = texte.rpartition(" - ")
    if tiret and fin[:1].isupper():
        return debut.strip(" ,"), fin.strip()
    if trouve := DE.search(texte):
        return texte[: trouve.start()].strip(" ,"), trouve["nom"].strip()
    return texte, ""


def ecrire_session(
    compris: Compris,
    decidees: dict[str, str],
    *,
    par: Utilisateur | None,
    contrat: Contrat | None,
) -> Session:
    """La session, en préparation, dans le contrat qu'elle concerne ; jamais une coordonnée."""
    if par is not None and not par.is_superuser:
        if contrat is None:
            raise RepriseImpossible("Choisissez le contrat que cette session concerne.")
        if not peut(par, Acte.CONDUIRE, contrat):
            raise PermissionDenied("Organiser une session : votre rôle ne le permet pas ici.")
    lue = lire_session(compris, decidees)
    if lue.manque:
        raise RepriseImpossible(f"Le document ne dit pas : {', '.join(lue.manque)}. Donnez-le.")
    session = Session(
        slug=_adresse(lue), contrat=contrat, presentation=lue.presentation, profils=lue.profils,
        **_convertir(lue.valeurs),
    )  # fmt: skip
    session.full_clean()
    session.save()
    for ordre, point in enumerate(lue.programme, 1):
        ecrit = session.programme.create(ordre=ordre, intitule=point.intitule, visio=point.visio)
        for rang, i in enumerate(point.intervenants, 1):
            reserve = StatutIntervention.SOUS_RESERVE if i["reserve"] else None
            ecrit.interventions.create(
                ordre=rang, nom=i["nom"][:150], fonction=i["fonction"][:200],
                organisme=i["organisme"][:200], statut=reserve or StatutIntervention.CONFIRME,
            )  # fmt: skip
    return session


def _convertir(valeurs: dict[str, str]) -> dict[str, Any]:
    """Les champs de `Session` ; lève `RepriseImpossible` si l'un est mal écrit."""
    try:
        return {
            **{c: valeurs[c] for c in ("nature", "intitule", "organisateur", "lieu", "condition")},
            "le": datetime.date.fromisoformat(valeurs["le"]),
            "cloture_le": datetime.date.fromisoformat(valeurs["cloture_le"]),
            "debut": datetime.time.fromisoformat(valeurs["debut"]),
            "fin": datetime.time.fromisoformat(valeurs["fin"]),
            "capacite": int(valeurs["capacite"]),
        }
    except ValueError as erreur:
        raise RepriseImpossible(
            "Une date (2026-12-31), une heure (09:30) ou un nombre de places est mal écrit."
        ) from erreur


def _adresse(lue: SessionLue) -> str:
    base = slugify(f"{lue.valeurs['nature']} {lue.valeurs['le']}")[:100] or "session"
    prises = set(Session.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(n for n in (base, *(f"{base}-{i}" for i in range(2, 10_000))) if n not in prises)


def resume_de_session(lue: SessionLue) -> dict[str, int]:
    intervenants = [i for p in lue.programme for i in p.intervenants]
    return {
        "points_du_programme": len(lue.programme),
        "intervenants": len(intervenants),
        "sous_reserve": sum(bool(i["reserve"]) for i in intervenants),
        "profils_vises": len(lue.profils),
        "en_visioconference": sum(p.visio for p in lue.programme),
    }
