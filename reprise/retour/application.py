"""Écrit ce qu'on accepte d'un retour : les fiches par leur porte, le texte du contrat d'un bloc."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import action_vide
from contrats.contenu.lecture import lire
from contrats.contenu.references import toutes
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.versions import versionner
from edition.ecriture import VersionPerimee, mettre_a_jour
from reprise.ecriture.references import References
from reprise.rapprochement import rapprocher
from reprise.reconnaissance.listes import partenaires
from reprise.retour.comparaison import Changement


@transaction.atomic
def appliquer(
    contrat: Contrat,
    acceptes: list[Changement],
    *,
    versions: dict[str, int],
    par: Utilisateur | None,
    motif: str,
) -> int:
    """Tout, ou rien ; rend le nombre de pièces écrites.

    `versions` : celles que l'agent a lues (« contrat », puis par fiche). Lève `VersionPerimee`,
    `PermissionDenied`, `ContenuInvalide` ou `TransitionImpossible`.
    """
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas de le modifier.")
    par_fiche: dict[str, list[Changement]] = {}
    du_contrat = []
    for changement in acceptes:
        genre, _, suite = changement.cle.partition(":")
        if genre == "fiche":
            par_fiche.setdefault(suite.partition(":")[0], []).append(changement)
        else:
            du_contrat.append(changement)
    if du_contrat:
        _contrat(contrat, du_contrat, versions.get("contrat", 0), par, motif)
    for public_id, changements in par_fiche.items():
        fiche = Fiche.objects.get(contrat=contrat, public_id=public_id)
        _fiche(fiche, changements, versions.get(public_id, 0), par, motif)
    return len(acceptes)


def _contrat(
    contrat: Contrat,
    changements: list[Changement],
    version: int,
    par: Utilisateur | None,
    motif: str,
) -> None:
    preambule = next((c.apres for c in changements if c.cle == "preambule"), None)
    champs = {} if preambule is None else {"preambule": preambule}
    frais = Contrat.objects.get(pk=contrat.pk)
    if frais.version != version:
        raise VersionPerimee(frais, version)
    mettre_a_jour(frais, version=version, **champs)
    for changement in changements:
        genre, _, suite = changement.cle.partition(":")
        if genre == "article":
            numero, _, champ = suite.rpartition(":")
            frais.articles.filter(numero=numero).update(**{champ: _borne(champ, changement.apres)})
        elif genre == "annexe":
            numero, _, champ = suite.rpartition(":")
            frais.annexes.filter(numero=numero).update(**{champ: _borne(champ, changement.apres)})
        elif genre == "engagement":
            engagement = frais.engagements.filter(ordre=int(suite))
            engagement.update(texte=changement.apres) if changement.apres else engagement.delete()
    versionner(frais, par=par, motif=motif)
    contrat.version = frais.version


def _borne(champ: str, texte: str) -> str:
    return texte[:300] if champ in ("titre", "intitule") else texte


def _fiche(
    fiche: Fiche,
    changements: list[Changement],
    version: int,
    par: Utilisateur | None,
    motif: str,
) -> None:
    contenu: Any = lire(fiche)
    sections = {s["cle"]: s for s in contenu["sections"]}
    for changement in changements:
        _, _, reste = (
            changement.cle.split(":", 2) if changement.cle.count(":") > 1 else ("", "", "")
        )
        if reste == "titre":
            contenu["titre"] = changement.apres[:300]
        elif reste == "note_titre":
            contenu["note_titre"] = changement.apres
        elif reste.startswith("action:"):
            _, identifiant, champ = reste.split(":")
            _changer_action(sections.values(), identifiant, champ, changement.apres)
        else:
            cle, _, champ = reste.partition(":")
            _changer_section(sections[cle], champ, changement.apres)
    for section in sections.values():
        section["lignes"] = [li for li in section["lignes"] if li is not None]
    enregistrer(fiche, contenu, version=version, par=par, motif=motif)


def _changer_section(section: Any, champ: str, texte: str) -> None:
    if champ == "partenaires":
        mentions, section["liste_ouverte"] = partenaires(texte)
        references = References(rapprocher(mentions, {}))
        deja = {p["mention"]: p["organisme"] for p in section["partenaires"]}
        section["partenaires"] = [
            {"organisme": deja.get(m) or references.organisme(m), "mention": m} for m in mentions
        ]
    elif champ.startswith("ligne:"):
        rang = int(champ.partition(":")[2]) - 1
        ligne = section["lignes"][rang]
        section["lignes"][rang] = {**ligne, "intitule": texte[:500]} if texte else None
    else:
        section[champ] = texte[:200] if champ == "libelle" else texte
    if section["texte"] and section["etat"] != "renseignee":
        section["etat"] = "renseignee"


def _changer_action(sections: Any, identifiant: str, champ: str, texte: str) -> None:
    """Un texte vide retire l'action ; des lignes de plus font des actions de plus."""
    for section in sections:
        for liste in _listes(section["actions"]):
            for rang, action in enumerate(liste):
                if action["id"] != identifiant:
                    continue
                premiere, *suites = texte.split("\n") if champ == "intitule" else [texte]
                if champ == "intitule" and not texte:
                    del liste[rang]
                    return
                action[champ] = premiere[:1000] if champ == "intitule" else premiere
                neuves = [{**action_vide(), "intitule": s[:1000]} for s in suites if s]
                for neuve in neuves:
                    neuve["territoires"] = action["territoires"]
                liste[rang + 1 : rang + 1] = neuves
                return


def _listes(actions: list[Any]) -> list[list[Any]]:
    listes = [actions]
    for action in toutes(actions):
        listes.append(action["sous_actions"])
    return listes
