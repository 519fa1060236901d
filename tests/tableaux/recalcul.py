"""Les mêmes chiffres, recalculés en SQL écrit à la main, sans rien lire de `tableaux`."""

from decimal import Decimal

from django.db import connection

from perr.enums import StatutDeclinaison

SUIVIE = "a.contrat_id = %(contrat)s AND a.parent_id IS NULL AND a.statut <> 'regroupee'"
A_FAIRE = "a.statut IN ('a_lancer', 'en_cours', 'reportee')"
RETARD = f"{A_FAIRE} AND a.echeance < %(au)s"
PILOTE = (
    "EXISTS (SELECT 1 FROM contrats_partenariat p WHERE p.action_id = a.id AND p.role = 'pilote')"
)
CELLULE = "EXISTS (SELECT 1 FROM perr_declinaison d WHERE d.action_id = a.id{})"
PROMET = "d.statut NOT IN ('non_travaille', 'sans_objet')"
SOMME = "FROM contrats_financement f WHERE f.contrat_id = %(contrat)s AND NOT f.en_nature"
TENU = (
    "(SELECT k.etat FROM tableaux_constat k WHERE k.engagement_id = e.id"
    " ORDER BY k.le DESC, k.id DESC LIMIT 1) = 'tenu'"
)


def _actions(test: str, parmi: str = "1 = 1") -> tuple[str, str]:
    base = f"SELECT COUNT(*) FROM contrats_action a WHERE {SUIVIE} AND ({parmi})"
    return f"{base} AND ({test})", base


def _total(champ: str, garde: str = "1 = 1") -> str:
    return f"SELECT SUM(f.{champ}) {SOMME} AND {garde}"


PLACES = (
    f"SELECT (SELECT COUNT(*) FROM contrats_action a WHERE {SUIVIE}) * (SELECT COUNT(*) FROM"
    " perr_colonne c JOIN perr_annexeterritoriale x ON x.id = c.annexe_id"
    " WHERE x.contrat_id = %(contrat)s)"
)
CELLULES = (
    "SELECT COUNT(*) FROM perr_declinaison d JOIN contrats_action a ON a.id = d.action_id"
    f" WHERE {SUIVIE}"
)
INDICATEURS = (
    "FROM indicateurs_indicateur i WHERE i.motif_ecart = '' AND i.contrat_id IN (SELECT c.id FROM"
    " contrats_contrat c JOIN contrats_contrat x ON x.id = %(contrat)s"
    " WHERE c.id = x.id OR c.id = x.parent_id)"
)
CHIFFRE = (
    "SELECT 1 FROM indicateurs_mesure m JOIN territoires_territoire t ON t.id = m.territoire_id"
    " WHERE m.indicateur_id = i.id AND t.type = 'qpv' AND m.valeur IS NOT NULL"
    " AND NOT m.secret_induit"
)
# Un seul millésime, des cibles de tous les quartiers sur la valeur : la lecture a ses tests.
CIBLES = (
    "FROM indicateurs_cible k JOIN indicateurs_indicateur i ON i.id = k.indicateur_id"
    " JOIN indicateurs_mesure m ON m.indicateur_id = i.id"
    " JOIN territoires_territoire t ON t.id = m.territoire_id"
    " WHERE i.motif_ecart = '' AND t.type = 'qpv' AND m.valeur IS NOT NULL AND NOT m.secret_induit"
    " AND i.sens <> 'a_apprecier' AND k.echeance < %(au)s AND i.contrat_id IN (SELECT c.id FROM"
    " contrats_contrat c JOIN contrats_contrat x ON x.id = %(contrat)s"
    " WHERE c.id = x.id OR c.id = x.parent_id)"
)
ATTEINTE = (
    "((i.sens = 'hausse' AND m.valeur >= k.valeur) OR (i.sens = 'baisse' AND m.valeur <= k.valeur))"
)
# ruff: noqa: S608
# Chiffre → (requête de la valeur, requête du dénominateur ou None)
REQUETES: dict[str, tuple[str, str | None]] = {
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
    "declinees": _actions(CELLULE.format(f" AND {PROMET}")),
    "sans_quartier": _actions(f"NOT {CELLULE.format('')}"),
    "cellules": (CELLULES, PLACES),
    "promesses": (f"{CELLULES} AND {PROMET}", PLACES),
    "prevu": (_total("montant"), None),
    "engage": (_total("engage"), None),
    "paye": (_total("paye"), None),
    "droit_commun": (_total("montant", "f.origine = 'droit_commun'"), None),
    "specifiques": (_total("montant", "f.origine = 'specifique'"), None),
    "en_nature": (
        "SELECT COUNT(*) FROM contrats_financement f"
        " WHERE f.contrat_id = %(contrat)s AND f.en_nature",
        None,
    ),
    "engagements_tenus": (
        f"SELECT COUNT(*) FROM contrats_engagement e WHERE e.contrat_id = %(contrat)s AND {TENU}",
        "SELECT COUNT(*) FROM contrats_engagement e WHERE e.contrat_id = %(contrat)s",
    ),
}
REQUETES["sans_chiffre"] = (
    f"SELECT COUNT(*) {INDICATEURS} AND NOT EXISTS ({CHIFFRE})",
    f"SELECT COUNT(*) {INDICATEURS}",
)
REQUETES["cibles_manquees"] = (
    f"SELECT COUNT(*) {CIBLES} AND NOT {ATTEINTE}",
    f"SELECT COUNT(*) {CIBLES}",
)
assert set(StatutDeclinaison.sans_promesse()) == {"non_travaille", "sans_objet"}


def recalculer(contrat, au) -> dict[str, tuple]:
    """Par chiffre : (valeur, dénominateur), tels que la base les dit."""
    return {cle: tuple(_lire(r, contrat, au) for r in paire) for cle, paire in REQUETES.items()}


def _lire(requete, contrat, au):
    if requete is None:
        return None
    with connection.cursor() as curseur:
        curseur.execute(requete, {"contrat": contrat.pk, "au": au.isoformat()})
        (valeur,) = curseur.fetchone()
    return None if valeur is None else Decimal(str(valeur))


def differences(chiffres, contrat, au) -> list[str]:
    """Ce qui n'est pas le même nombre, ou manque d'un côté."""
    fautes = []
    for cle, (valeur, sur) in recalculer(contrat, au).items():
        chiffre = chiffres.get(cle)
        if chiffre is None:
            if valeur or sur:
                fautes.append(f"{cle} : {valeur} sur {sur}, absent du tableau")
            continue
        dit = (_decimal(chiffre.valeur), _decimal(chiffre.denominateur))
        if dit != (valeur, sur):
            fautes.append(f"{cle} : {dit} au tableau, {(valeur, sur)} en base")
    return fautes


def _decimal(valeur):
    return None if valeur is None else Decimal(valeur)
