"""Ce qui a bougé d'un état à un autre : des phrases, produites des données, avec leur lien."""

from collections.abc import Iterable
from dataclasses import dataclass

from contrats.enums import StatutAction
from tableaux.calculs.socle import jour
from tableaux.etat import ActionLue, Etat

ORDRE = ("realisee", "en_retard", "reportee", "statut", "nouvelle", "retiree", "avance")


@dataclass(frozen=True, slots=True)
class Mouvement:
    """Une phrase ; `etat` est la clé du signe affiché, `mot` le dit."""

    genre: str
    nom: str
    phrase: str
    etat: str
    mot: str
    adresse: str
    demonstration: bool


def mouvements(avant: Etat, apres: Etat) -> list[Mouvement]:
    """Ce qui a changé des actions, le plus important d'abord."""
    anciennes = {a.identifiant: a for a in avant.toutes}
    trouves = [
        m for a in apres.toutes if (m := _mouvement(avant, apres, anciennes.get(a.identifiant), a))
    ]
    presentes = apres.par_identifiant
    trouves += [
        _dire("retiree", a, "n'est plus au contrat.", "regroupee", "Retirée")
        for a in avant.toutes
        if a.identifiant not in presentes
    ]
    return sorted(trouves, key=lambda m: ORDRE.index(m.genre))


def _mouvement(
    avant: Etat, apres: Etat, ancienne: ActionLue | None, a: ActionLue
) -> Mouvement | None:
    mot = "En retard" if a.est_en_retard(apres.au) else StatutAction(a.statut).label
    etat = "en_retard" if a.est_en_retard(apres.au) else a.statut
    if ancienne is None:
        return _dire("nouvelle", a, "entre au contrat.", etat, mot)
    if a.statut != ancienne.statut:
        de = StatutAction(ancienne.statut).label.lower()
        genre = a.statut if a.statut in ("realisee", "reportee") else "statut"
        motif = f" : {a.motif_statut}" if a.motif_statut else ""
        return _dire(genre, a, f"était « {de} »{motif}.", etat, mot)
    if a.est_en_retard(apres.au) and not ancienne.est_en_retard(avant.au):
        return _dire("en_retard", a, f"devait finir le {jour(a.echeance)}.", etat, mot)
    if a.echeance and ancienne.echeance and a.echeance > ancienne.echeance:
        phrase = f"glisse du {jour(ancienne.echeance)} au {jour(a.echeance)}."
        return _dire("reportee", a, phrase, etat, mot)
    if a.avancement != ancienne.avancement:
        de = "non dit" if ancienne.avancement is None else f"{ancienne.avancement} %"
        vers = "non dit" if a.avancement is None else f"{a.avancement} %"
        return _dire("avance", a, f"passe de {de} à {vers}.", etat, mot)
    return None


def _dire(genre: str, a: ActionLue, phrase: str, etat: str, mot: str) -> Mouvement:
    return Mouvement(genre, a.nom, phrase, etat, mot, a.adresse, a.demonstration)


def cellules_changees(avant: Etat, apres: Etat) -> dict[int, tuple[int, int]]:
    """Par colonne : cellules remplies depuis, cellules vidées depuis."""
    changees: dict[int, tuple[int, int]] = {}
    for pk in (c.pk for c in apres.colonnes):
        neuves = _de(apres, pk) - _de(avant, pk)
        videes = _de(avant, pk) - _de(apres, pk)
        if neuves or videes:
            changees[pk] = (len(neuves), len(videes))
    return changees


def _de(etat: Etat, colonne: int) -> set[str]:
    return {identifiant for identifiant, pk in etat.cellules if pk == colonne}


# Dérive


@dataclass(frozen=True, slots=True)
class Derive:
    """Une date ou une rédaction : signée, au dernier comité, aujourd'hui."""

    nom: str
    champ: str
    signe: str
    comite: str
    aujourdhui: str
    adresse: str
    demonstration: bool

    @property
    def a_change(self) -> bool:
        return self.signe != self.aujourdhui


def derive(signe: Etat, comite: Etat | None, aujourdhui: Etat) -> list[Derive]:
    """Ce qui n'est plus comme signé : échéances et intitulés des actions, textes du contrat."""
    return [d for d in _derives(signe, comite, aujourdhui) if d.a_change]


def _derives(signe: Etat, comite: Etat | None, aujourdhui: Etat) -> Iterable[Derive]:
    milieu = comite.par_identifiant if comite else {}
    toutes = {**signe.par_identifiant, **aujourdhui.par_identifiant}
    for identifiant, a in toutes.items():
        etats = [
            signe.par_identifiant.get(identifiant),
            milieu.get(identifiant),
            aujourdhui.par_identifiant.get(identifiant),
        ]
        for champ, lire in (("Échéance", _echeance), ("Intitulé", _intitule)):
            dits = [lire(e) for e in etats]
            yield Derive(a.nom, champ, dits[0], dits[1], dits[2], a.adresse, a.demonstration)
    promesses = [
        {e.ordre: e.texte for e in etat.engagements} if etat else {}
        for etat in (signe, comite, aujourdhui)
    ]
    for ordre in sorted(promesses[0].keys() | promesses[2].keys()):
        dits = [p.get(ordre, "Absent") for p in promesses]
        yield Derive(f"Engagement {ordre}", "Rédaction", dits[0], dits[1], dits[2], "", False)


def _echeance(a: ActionLue | None) -> str:
    return "Absente" if a is None else jour(a.echeance)


def _intitule(a: ActionLue | None) -> str:
    return "Absente" if a is None else a.intitule
