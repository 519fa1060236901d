"""Écrit ce qu'on accepte d'un retour : les fiches par leur porte, le texte du contrat d'un bloc."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuInvalide
from contrats.contenu.lecture import lire
from contrats.enums import EtatSection
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.versions import versionner
from edition.ecriture import VersionPerimee, mettre_a_jour
from reprise.ecriture.references import References
from reprise.rapprochement import rapprocher
from reprise.reconnaissance.listes import partenaires
from reprise.retour.changements import Changement, Ecrire, Geste, Placer, Retoucher
from reprise.retour.points import Engagements, PointsDeFiche
from reprise.retour.relecture import recomposer

# Genre de pièce → relation du contrat, et le champ qui y nomme chaque ligne.
RELATIONS = {
    "article": ("articles", "numero"),
    "annexe": ("annexes", "numero"),
    "axe": ("axes", "cle"),
}
COURTS = {"titre": 300, "intitule": 300, "libelle": 200}


@transaction.atomic
def appliquer(
    contrat: Contrat,
    acceptes: list[Changement],
    *,
    versions: dict[str, int],
    par: Utilisateur | None,
    motif: str,
) -> int:
    """Tout, ou rien ; rend le nombre de changements écrits.

    `versions` : celles que l'agent a lues (« contrat », puis par fiche). Lève `VersionPerimee`,
    `PermissionDenied`, `ContenuInvalide` ou `TransitionImpossible`.
    """
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas de le modifier.")
    for changement in acceptes:
        if changement.obstacle:
            raise ContenuInvalide({changement.libelle: changement.obstacle})
    par_objet: dict[str, list[Geste]] = defaultdict(list)
    for geste in (g for c in acceptes for g in c.gestes):
        par_objet[_objet(geste)].append(geste)
    if gestes := par_objet.pop("contrat", []):
        _contrat(contrat, gestes, versions.get("contrat", 0), par, motif)
    for public_id, gestes in par_objet.items():
        fiche = Fiche.objects.get(contrat=contrat, public_id=public_id)
        _fiche(fiche, gestes, versions.get(public_id, 0), par, motif)
    return len(acceptes)


def _objet(geste: Geste) -> str:
    """« contrat », ou l'identifiant de la fiche que le geste touche."""
    cle = geste.liste if isinstance(geste, Placer) else geste.cle
    genre, _, suite = cle.partition(":")
    return suite.partition(":")[0] if genre == "fiche" else "contrat"


def _textes(gestes: Iterable[Geste]) -> dict[str, str]:
    """Clé → nouveau texte : les titres et points réécrits, les paragraphes retouchés réunis."""
    textes = {g.cle: g.texte for g in gestes if isinstance(g, Ecrire)}
    retouches: dict[str, list[Retoucher]] = defaultdict(list)
    for geste in gestes:
        if isinstance(geste, Retoucher):
            retouches[geste.cle].append(geste)
    for cle, siennes in retouches.items():
        textes[cle] = recomposer(_retoucher(list(siennes[0].base), siennes))
    return textes


def _retoucher(base: list[str], retouches: list[Retoucher]) -> list[str]:
    """Ce qui s'ajoute à un rang précède ce qui y était ; deux ajouts gardent leur ordre."""
    sortie: list[str] = []
    for rang in range(len(base) + 1):
        ici = sorted((r for r in retouches if r.rang == rang), key=lambda r: r.ordre)
        sortie += [r.texte for r in ici if not r.ote and r.texte]
        otes = [r for r in ici if r.ote]
        if otes:
            sortie += [r.texte for r in otes if r.texte]
        elif rang < len(base):
            sortie.append(base[rang])
    return sortie


def _contrat(
    contrat: Contrat, gestes: list[Geste], version: int, par: Utilisateur | None, motif: str
) -> None:
    textes = _textes(gestes)
    champs = {"preambule": textes.pop("preambule")} if "preambule" in textes else {}
    frais = Contrat.objects.get(pk=contrat.pk)
    if frais.version != version:
        raise VersionPerimee(frais, version)
    mettre_a_jour(frais, version=version, **champs)
    engagements = Engagements(frais)
    for cle, texte in textes.items():
        genre, _, suite = cle.partition(":")
        if genre == "engagement":
            engagements.ecrire(cle, texte)
            continue
        repere, _, champ = suite.rpartition(":")
        relation, par_quoi = RELATIONS[genre]
        lignes: Any = getattr(frais, relation).filter(**{par_quoi: repere})
        lignes.update(**{champ: _borne(champ, texte)})
    engagements.appliquer(gestes)
    versionner(frais, par=par, motif=motif)
    contrat.version = frais.version


def _borne(champ: str, texte: str) -> str:
    """Un titre trop long ne se coupe pas en silence."""
    if champ in COURTS and not 0 < len(texte) <= COURTS[champ]:
        raise ContenuInvalide(
            {texte[:40] or "titre": f"Un titre a de 1 à {COURTS[champ]} signes : refusez-le."}
        )
    return texte


def _fiche(
    fiche: Fiche, gestes: list[Geste], version: int, par: Utilisateur | None, motif: str
) -> None:
    contenu: Any = lire(fiche)
    sections = {s["cle"]: s for s in contenu["sections"]}
    points, touchees = PointsDeFiche(sections), set()
    for cle, texte in _textes(gestes).items():
        _, _, reste = cle.split(":", 2)
        champ = reste.rpartition(":")[2]
        if reste in ("titre", "note_titre"):
            contenu[reste] = _borne(champ, texte)
        elif reste.startswith("action:") or ":ligne:" in reste:
            points.ecrire(cle, texte)
        else:
            nom = reste.rpartition(":")[0]
            touchees.add(nom)
            _changer_section(sections[nom], champ, texte)
    points.appliquer(gestes)
    for geste in gestes:
        if isinstance(geste, Placer):
            touchees.add(geste.liste.rpartition(":")[2])
    for cle in touchees:
        if any(sections[cle][c] for c in ("texte", "actions", "lignes", "partenaires")):
            sections[cle]["etat"] = EtatSection.RENSEIGNEE
    enregistrer(fiche, contenu, version=version, par=par, motif=motif)


def _changer_section(section: Any, champ: str, texte: str) -> None:
    if champ != "partenaires":
        section[champ] = _borne(champ, texte)
        return
    mentions, section["liste_ouverte"] = partenaires(texte) if texte else ([], False)
    references = References(rapprocher(mentions, {}))
    deja = {p["mention"]: p["organisme"] for p in section["partenaires"]}
    section["partenaires"] = [
        {"organisme": deja.get(m) or references.organisme(m), "mention": m} for m in mentions
    ]
