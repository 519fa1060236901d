"""Les mêmes chiffres, recalculés en SQL écrit à la main, sans rien lire de `tableaux`.

Un périmètre y est trois bouts de SQL : ses contrats, ses actions (`a`), ses colonnes.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from perr.enums import StatutDeclinaison
from tests.tableaux.devoirs import DEVOIRS, DEVOIRS_MANQUES

# ruff: noqa: S608
SUIVIE = "(@ACTIONS) AND a.parent_id IS NULL AND a.statut <> 'regroupee'"
A_FAIRE = "a.statut IN ('a_lancer', 'en_cours', 'reportee')"
RETARD = f"{A_FAIRE} AND a.echeance < %(au)s"
PILOTE = (
    "EXISTS (SELECT 1 FROM contrats_partenariat p WHERE p.action_id = a.id AND p.role = 'pilote')"
)
CELLULE = (
    "EXISTS (SELECT 1 FROM perr_declinaison d WHERE d.action_id = a.id"
    " AND d.colonne_id IN (@COLONNES){})"
)
EN_MATRICE = (
    "a.contrat_id IN (SELECT x.contrat_id FROM perr_colonne c JOIN perr_annexeterritoriale x"
    " ON x.id = c.annexe_id WHERE c.id IN (@COLONNES))"
)
SITUEE = "EXISTS (SELECT 1 FROM contrats_action_territoires t WHERE t.action_id = a.id)"
PROMET = "d.statut NOT IN ('non_travaille', 'sans_objet')"
FIGEE = (
    "COALESCE((SELECT MAX(h.le) FROM contrats_etataction h WHERE h.identifiant = a.public_id),"
    " a.modifie_le) < %(fige)s"
)
SOMME = "FROM contrats_financement f WHERE f.contrat_id @CONTRATS AND NOT f.en_nature"
TENU = (
    "COALESCE((SELECT k.etat FROM tableaux_constat k WHERE k.engagement_id = e.id"
    " ORDER BY k.le DESC, k.id DESC LIMIT 1), '')"
)
JALONS = (
    "SELECT COUNT(*) FROM contrats_jalon j JOIN contrats_section s ON s.id = j.section_id"
    " JOIN contrats_fiche f ON f.id = s.fiche_id WHERE f.contrat_id @CONTRATS"
    " AND f.statut = 'publiee' AND f.supprimee_le IS NULL AND j.echeance < %(au)s"
)
JALON_TENU = (
    "COALESCE((SELECT k.etat FROM tableaux_constat k WHERE k.fiche_id = f.id"
    " AND k.jalon = j.intitule ORDER BY k.le DESC, k.id DESC LIMIT 1), '')"
)


def _actions(test: str, parmi: str = "1 = 1") -> tuple[str, str]:
    base = f"SELECT COUNT(*) FROM contrats_action a WHERE {SUIVIE} AND ({parmi})"
    return f"{base} AND ({test})", base


def _total(champ: str, garde: str = "1 = 1") -> str:
    return f"SELECT SUM(f.{champ}) {SOMME} AND {garde}"


PLACES = (
    "SELECT COUNT(*) FROM contrats_action a JOIN perr_annexeterritoriale x"
    " ON x.contrat_id = a.contrat_id JOIN perr_colonne c ON c.annexe_id = x.id"
    f" WHERE {SUIVIE} AND c.id IN (@COLONNES)"
)
CELLULES = (
    "SELECT COUNT(*) FROM perr_declinaison d JOIN contrats_action a ON a.id = d.action_id"
    f" WHERE {SUIVIE} AND d.colonne_id IN (@COLONNES)"
)
# Chiffre → (requête de la valeur, requête du dénominateur ou None)
Requetes = dict[str, tuple[str, str | None]]
DES_ACTIONS: Requetes = {
    "actions": (_actions("1 = 1")[1], None),
    "realisees": _actions("a.statut = 'realisee'"),
    "en_cours": _actions("a.statut = 'en_cours' AND (a.echeance IS NULL OR a.echeance >= %(au)s)"),
    "en_retard": _actions(RETARD),
    "a_lancer": _actions(
        "a.statut IN ('a_lancer', 'reportee') AND (a.echeance IS NULL OR a.echeance >= %(au)s)"
    ),
    "arretees": _actions("a.statut IN ('suspendue', 'abandonnee')"),
    "sans_pilote": _actions(f"NOT {PILOTE}", A_FAIRE),
    "sans_echeance": _actions("a.echeance IS NULL", A_FAIRE),
    "sans_avancement": _actions("a.avancement IS NULL", "a.statut = 'en_cours'"),
    "figees": _actions(FIGEE, A_FAIRE),
    "declinees": _actions(
        f"({EN_MATRICE} AND {CELLULE.format(f' AND {PROMET}')}) OR (NOT {EN_MATRICE} AND {SITUEE})"
    ),
    "sans_quartier": _actions(f"NOT {CELLULE.format('')}", EN_MATRICE),
    "cellules": (CELLULES, PLACES),
    "promesses": (f"{CELLULES} AND {PROMET}", PLACES),
}
DU_CONTRAT: Requetes = {
    "prevu": (_total("montant"), None),
    "engage": (_total("engage"), None),
    "paye": (_total("paye"), None),
    "droit_commun": (_total("montant", "f.origine = 'droit_commun'"), None),
    "specifiques": (_total("montant", "f.origine = 'specifique'"), None),
    "en_nature": (
        "SELECT COUNT(*) FROM contrats_financement f WHERE f.contrat_id @CONTRATS AND f.en_nature",
        None,
    ),
    "engagements_tenus": (
        "SELECT COUNT(*) FROM contrats_engagement e"
        f" WHERE e.contrat_id @CONTRATS AND {TENU} = 'tenu'",
        "SELECT COUNT(*) FROM contrats_engagement e WHERE e.contrat_id @CONTRATS",
    ),
    "jalons_manques": (f"{JALONS} AND {JALON_TENU} <> 'tenu'", JALONS),
    "devoirs_manques": (DEVOIRS_MANQUES, DEVOIRS),
}
REQUETES = DES_ACTIONS | DU_CONTRAT
assert set(StatutDeclinaison.sans_promesse()) == {"non_travaille", "sans_objet"}


@dataclass(frozen=True)
class Lieu:
    """Un périmètre ; `requetes` : les chiffres qui y ont un sens."""

    contrats: str
    actions: str
    colonnes: str
    requetes: Requetes
    parametres: dict = field(default_factory=dict)

    def executer(self, requete: str, au: datetime.date) -> list[tuple]:
        for repere, sql in (
            ("@ACTIONS", self.actions),
            ("@COLONNES", self.colonnes),
            ("@CONTRATS", self.contrats),
        ):
            requete = requete.replace(repere, sql)
        jours = {"au": au.isoformat(), "an": (au - datetime.timedelta(days=365)).isoformat()}
        fige = minuit(au - datetime.timedelta(days=180))
        instant = connection.ops.adapt_datetimefield_value(fige)
        with connection.cursor() as curseur:
            curseur.execute(requete, {**self.parametres, **jours, "fige": instant})
            return curseur.fetchall()


def minuit(jour: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time()))


COLONNES = (
    "SELECT c.id FROM perr_colonne c JOIN perr_annexeterritoriale x ON x.id = c.annexe_id"
    " WHERE x.contrat_id {}"
)
PUBLIES = "IN (SELECT v.id FROM contrats_contrat v WHERE v.publie_le IS NOT NULL)"


def du_contrat(contrat) -> Lieu:
    ici = "= %(contrat)s"
    parametres = {"contrat": contrat.pk}
    return Lieu(ici, f"a.contrat_id {ici}", COLONNES.format(ici), REQUETES, parametres)


def de_l_instance() -> Lieu:
    return Lieu(PUBLIES, f"a.contrat_id {PUBLIES}", COLONNES.format(PUBLIES), REQUETES)


def du_programme(contrat, axe) -> Lieu:
    """L'axe et ce qu'il contient : deux niveaux au plus ici."""
    ici = "= %(contrat)s"
    actions = (
        "a.contrat_id = %(contrat)s AND a.axe_id IN (SELECT y.id FROM contrats_axe y"
        " LEFT JOIN contrats_axe z ON z.id = y.parent_id"
        " WHERE %(axe)s IN (y.id, y.parent_id, z.parent_id))"
    )
    parametres = {"contrat": contrat.pk, "axe": axe.pk}
    return Lieu(ici, actions, COLONNES.format(ici), DES_ACTIONS, parametres)


def de_l_organisme(organisme) -> Lieu:
    a_lui = "EXISTS (SELECT 1 FROM contrats_partenariat p WHERE p.action_id = a.id AND {})".format(
        "p.organisme_id = %(organisme)s AND p.role IN ('pilote', 'chef_de_file', 'partenaire')"
    )
    ses_contrats = f"IN (SELECT a.contrat_id FROM contrats_action a WHERE {a_lui})"
    actions = f"{a_lui} AND a.contrat_id {PUBLIES}"
    parametres = {"organisme": organisme.pk}
    colonnes = COLONNES.format(ses_contrats)
    return Lieu(ses_contrats, actions, colonnes, DES_ACTIONS, parametres)


def du_territoire(territoire) -> Lieu:
    couvre = (
        "SELECT c.id FROM perr_colonne c JOIN perr_annexeterritoriale x ON x.id = c.annexe_id"
        " JOIN perr_quartierdecolonne q ON q.colonne_id = c.id"
        f" WHERE q.quartier_id = %(territoire)s AND x.contrat_id {PUBLIES}"
    )
    nomme = (
        "EXISTS (SELECT 1 FROM contrats_contrat_territoires n WHERE n.contrat_id = a.contrat_id"
        " AND n.territoire_id = %(territoire)s)"
    )
    a_lui = (
        "EXISTS (SELECT 1 FROM contrats_action_territoires t WHERE t.action_id = a.id"
        " AND t.territoire_id = %(territoire)s)"
    )
    en_matrice = (
        "a.contrat_id IN (SELECT x.contrat_id FROM perr_colonne c JOIN perr_annexeterritoriale x"
        f" ON x.id = c.annexe_id WHERE c.id IN ({couvre}))"
    )
    cellule = (
        "EXISTS (SELECT 1 FROM perr_declinaison d WHERE d.action_id = a.id"
        f" AND d.colonne_id IN ({couvre}))"
    )
    actions = (
        f"a.contrat_id {PUBLIES} AND ({a_lui} OR {cellule}"
        f" OR ({nomme} AND NOT {SITUEE} AND NOT {en_matrice}))"
    )
    return Lieu(PUBLIES, actions, couvre, DES_ACTIONS, {"territoire": territoire.pk})


def differences(chiffres, lieu: Lieu, au) -> list[str]:
    """Ce qui n'est pas le même nombre, ou manque d'un côté."""
    fautes = []
    for cle, requetes in lieu.requetes.items():
        valeur, sur = (_lire(lieu, r, au) for r in requetes)
        chiffre = chiffres.get(cle)
        if chiffre is None:
            if valeur or sur:
                fautes.append(f"{cle} : {valeur} sur {sur}, absent du tableau")
            continue
        dit = (_decimal(chiffre.valeur), _decimal(chiffre.denominateur))
        if dit != (valeur, sur):
            fautes.append(f"{cle} : {dit} au tableau, {(valeur, sur)} en base")
    return fautes


def _lire(lieu: Lieu, requete: str | None, au) -> Decimal | None:
    if requete is None:
        return None
    [(valeur,)] = lieu.executer(requete, au)
    return None if valeur is None else Decimal(str(valeur))


def _decimal(valeur):
    return None if valeur is None else Decimal(valeur)


# Carte, balance, à qui le tour

CARTE = (
    "SELECT COALESCE(y.cle, ''), d.colonne_id, COUNT(*) FROM perr_declinaison d"
    " JOIN contrats_action a ON a.id = d.action_id LEFT JOIN contrats_axe y ON y.id = a.axe_id"
    f" WHERE {SUIVIE} GROUP BY COALESCE(y.cle, ''), d.colonne_id"
)
SOLDES = (
    "SELECT o.nom, {}, COUNT(*) FROM contrats_engagement e JOIN {} l ON l.engagement_id = e.id"
    " JOIN contrats_partie q ON q.id = l.partie_id"
    " JOIN partenaires_organisme o ON o.id = q.organisme_id"
    " WHERE e.contrat_id @CONTRATS GROUP BY 1, 2"
)
TOUR = (
    "SELECT o.nom, COUNT(*) FROM contrats_action a JOIN contrats_partenariat p"
    " ON p.action_id = a.id AND p.role = 'pilote' JOIN partenaires_organisme o"
    f" ON o.id = p.organisme_id WHERE {SUIVIE} AND ({{}}) GROUP BY o.nom"
)
ATTENTES = {
    "en_retard": RETARD,
    "sans_avancement": "a.statut = 'en_cours' AND a.avancement IS NULL",
    "figees": f"{A_FAIRE} AND {FIGEE}",
    "sans_echeance": f"{A_FAIRE} AND a.echeance IS NULL",
}


def autres_differences(t, lieu: Lieu) -> list[str]:
    """La carte, la balance des engagements et « à qui le tour » d'un contrat."""
    paires = {
        "carte": (_carte(t), {(c, k): n for c, k, n in lieu.executer(CARTE, t.au)}),
        "balance": (_balance(t), _balance_en_base(lieu, t.au)),
        "tour": (_tour(t), _tour_en_base(lieu, t.au)),
    }
    return [f"{nom} : {lu}, {relu} en base" for nom, (lu, relu) in paires.items() if lu != relu]


def _carte(t) -> dict:
    return {
        (r.axe.cle if r.axe else "", int(cle)): case.nombre
        for r in t.carte.rangees
        for (cle, _, _), case in zip(t.carte.colonnes, r.cases, strict=True)
        if case.nombre
    }


def _balance(t) -> dict:
    dits = {}
    for s in t.balance:
        nombres = {"tenu": s.tenus, "en_partie": s.en_partie, "non_tenu": s.non_tenus}
        nombres |= {"": s.non_dits, "reçus": s.recus}
        dits |= {(s.nom, etat): n for etat, n in nombres.items() if n}
    return dits


def _balance_en_base(lieu: Lieu, au) -> dict:
    portes = lieu.executer(SOLDES.format(TENU, "contrats_engagement_porteurs"), au)
    recus = lieu.executer(SOLDES.format("'reçus'", "contrats_engagement_beneficiaires"), au)
    return {(nom, etat): nombre for nom, etat, nombre in [*portes, *recus]}


def _tour(t) -> dict:
    return {
        (a.nom, cle): len(lignes)
        for a in t.tour
        if not a.nom.startswith("Personne")
        for cle, lignes in a.actions.items()
        if lignes
    }


def _tour_en_base(lieu: Lieu, au) -> dict:
    return {
        (nom, cle): nombre
        for cle, test in ATTENTES.items()
        for nom, nombre in lieu.executer(TOUR.format(test), au)
    }
