"""Les tables d'un tableau de bord : les mêmes lignes pour les CSV, le classeur et les documents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.exports import Colonnes, en_csv
from tableaux.cartes import CLASSES
from tableaux.chiffre import Chiffre
from tableaux.tableau import Tableau
from tableaux.tour import ATTENTES

Objet = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Une table longue, et de quoi la lire sans le reste."""

    nom: str
    titre: str
    colonnes: tuple[str, ...]
    lignes: list[Objet]

    @property
    def chemins(self) -> Colonnes:
        return Colonnes(**{c: c for c in self.colonnes})

    def en_csv(self) -> bytes:
        return b"".join(en_csv([self.lignes], self.chemins))


def chiffre_en_objet(c: Chiffre) -> Objet:
    """La forme publique d'un chiffre : celle de l'API, du CSV et du classeur."""
    return {
        "cle": c.cle,
        "libelle": c.libelle,
        "valeur": c.valeur,
        "denominateur": c.denominateur,
        "unite": c.unite,
        "texte": c.texte,
        "pourcentage": c.part,
        "precedent_le": c.precedent.le if c.precedent else None,
        "precedent_valeur": c.precedent.valeur if c.precedent else None,
        "precedent_denominateur": c.precedent.denominateur if c.precedent else None,
        "cible": c.cible,
        "definition": c.definition,
        "formule": c.formule,
        "source": c.source,
        "lignes_comptees": len(c.comptees),
        "lignes_ecartees": len(c.ecartees),
        "maj_le": c.maj_le,
        "auteur": c.auteur,
        "demonstration": c.demonstration,
    }


COLONNES_CHIFFRE = tuple(
    chiffre_en_objet(Chiffre(cle="", libelle="", valeur=0, definition="", formule=""))
)


def chiffres(t: Tableau) -> Table:
    lignes = [chiffre_en_objet(c) for c in t.chiffres.values()]
    return Table("chiffres", "Chiffres", COLONNES_CHIFFRE, lignes)


def lignes(t: Tableau) -> Table:
    """Ce que chaque chiffre compte et écarte, et pourquoi."""
    trouvees = [
        {
            "chiffre": c.cle,
            "comptee": comptee,
            "ligne": li.libelle,
            "detail": li.detail,
            "maj_le": li.maj_le,
            "auteur": li.auteur,
            "demonstration": li.demonstration,
        }
        for c in t.chiffres.values()
        for comptee, siennes in ((True, c.comptees), (False, c.ecartees))
        for li in siennes
    ]
    colonnes = ("chiffre", "comptee", "ligne", "detail", "maj_le", "auteur", "demonstration")
    return Table("lignes", "Lignes comptées et écartées", colonnes, trouvees)


def carte(t: Tableau) -> Table:
    trouvees = [
        {
            "programme": r.numero,
            "intitule": r.nom,
            "colonne": libelle,
            "nombre": case.nombre,
            "sur": case.sur,
        }
        for r in t.carte.rangees
        for (_, _, libelle), case in zip(t.carte.colonnes, r.cases, strict=True)
    ]
    colonnes = ("programme", "intitule", "colonne", "nombre", "sur")
    return Table("carte", t.carte.titre, colonnes, trouvees)


def avancement(t: Tableau) -> Table:
    trouvees = [
        {
            "le": p.le,
            "comite": p.comite,
            "total": p.total,
            **p.nombres,
        }
        for p in t.serie
    ]
    return Table(
        "avancement", "Avancement dans le temps", ("le", "comite", "total", *CLASSES), trouvees
    )


def ecarts(t: Tableau) -> Table:
    """Un indicateur par ligne : la phrase est celle de sa page."""
    trouves = [
        {
            "indicateur": i.nom,
            "source": i.source,
            "millesime": i.millesime,
            "sens": i.sens,
            "quartiers_chiffres": i.nb_chiffres,
            "quartiers": i.nb_quartiers,
            "reference": i.reference,
            "plus_grand_ecart": i.pire,
            "phrase": i.phrase,
            "maj_le": i.maj_le,
            "demonstration": i.demonstration,
        }
        for i in t.etat.indicateurs
    ]
    return Table("ecarts", "Écarts entre quartiers et référence", COLONNES_ECART, trouves)


COLONNES_ECART = (
    "indicateur",
    "source",
    "millesime",
    "sens",
    "quartiers_chiffres",
    "quartiers",
    "reference",
    "plus_grand_ecart",
    "phrase",
    "maj_le",
    "demonstration",
)


def mouvements(t: Tableau) -> Table:
    trouvees = [
        {
            "action": m.nom,
            "mouvement": m.phrase,
            "etat": m.mot,
            "demonstration": m.demonstration,
        }
        for m in t.mouvements
    ]
    colonnes = ("action", "mouvement", "etat", "demonstration")
    return Table("mouvements", "Depuis le dernier comité", colonnes, trouvees)


def decisions(t: Tableau) -> Table:
    trouvees = [
        {
            "decision": d.texte,
            "responsable": d.responsable,
            "seance_le": d.seance_le,
            "avant_le": d.avant_le,
            "etat": d.mot,
            "demonstration": d.demonstration,
        }
        for d in t.decisions
    ]
    colonnes = ("decision", "responsable", "seance_le", "avant_le", "etat", "demonstration")
    return Table("decisions", "Décisions des comités", colonnes, trouvees)


def tour(t: Tableau) -> Table:
    """Ce que l'on attend de chacun, action par action."""
    trouvees = [
        {"organisme": a.nom, "attente": ATTENTES[cle], "action": li.libelle, "detail": li.detail}
        for a in t.tour
        for cle, siennes in a.actions.items()
        for li in siennes
    ]
    return Table("tour", "À qui le tour", ("organisme", "attente", "action", "detail"), trouvees)


def derive(t: Tableau) -> Table:
    trouvees = [
        {
            "objet": d.nom,
            "champ": d.champ,
            "signe": d.signe,
            "dernier_comite": d.comite,
            "a_la_date_lue": d.aujourdhui,
        }
        for d in t.derive
    ]
    colonnes = ("objet", "champ", "signe", "dernier_comite", "a_la_date_lue")
    return Table("derive", "Ce qui n'est plus comme signé", colonnes, trouvees)


DE_L_API = (chiffres, carte, ecarts, avancement, mouvements)
TABLES: dict[str, Callable[[Tableau], Table]] = {
    f.__name__: f for f in (*DE_L_API, decisions, tour, derive, lignes)
}


def en_objet(t: Tableau) -> Objet:
    """Le tableau entier, tel que l'API le rend."""
    return {
        "perimetre": t.perimetre.phrase,
        "au": t.au,
        "depuis": t.depuis,
        "connu": t.est_connu,
        "demonstration": t.demonstration,
        "meteo": t.meteo
        and {
            "valeur": t.meteo.valeur,
            "phrase": t.meteo.phrase,
            "le": t.meteo.le,
            "demonstration": t.meteo.demonstration,
        },
        **{table.__name__: table(t).lignes for table in DE_L_API},
    }
