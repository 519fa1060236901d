"""Les devoirs d'un contrat, recalculés en SQL : comité, conférence, rapport, projet, charte."""

from django.db import connection

# ruff: noqa: S608
SEANCES = (
    "(SELECT MAX(s.le) FROM gouvernance_seance s JOIN gouvernance_instance i"
    " ON i.id = s.instance_id WHERE s.statut = 'close' AND s.publique AND s.le <= %(au)s AND {})"
)
COMITE = "i.type = 'pilotage' AND i.contrat_id IN (c.id, c.parent_id)"
MAIRES = "i.cle LIKE 'conference-des-maires%%' AND i.contrat_id = c.id"
SIGNEE = "(SELECT MIN(g.le) FROM contrats_signature g WHERE g.contrat_id = c.id AND g.le <= %(au)s)"
ADOPTEE = (
    "(SELECT DATE(MIN(t.le)) FROM contrats_transition t WHERE t.contrat_id = c.id"
    " AND t.vers IN ('adopte', 'signe'))"
)
CREATION = (
    "(SELECT MIN(t.valide_du) FROM contrats_contrat_territoires n JOIN territoires_territoire t"
    " ON t.id = n.territoire_id WHERE n.contrat_id = c.id AND t.type = 'petr')"
)
PAYEE = (
    "SELECT 1 FROM contrats_financement f WHERE f.contrat_id = c.id"
    " AND f.beneficiaire_id IS NOT NULL"
    " AND (COALESCE(f.engage, 0) <> 0 OR COALESCE(f.paye, 0) <> 0)"
)
SIGNATAIRE = (
    "EXISTS (SELECT 1 FROM partenaires_charte k WHERE k.organisme_id = f.beneficiaire_id"
    " AND k.signee_le <= %(au)s)"
)
DIT_LE = {
    "sqlite": "r.cle",
    "postgresql": "CASE WHEN r.nature = 'annuel' THEN CAST(r.cle AS date) END",
}[connection.vendor]
RAPPORT = (
    f"(SELECT MAX({DIT_LE}) FROM documents_documentfige r WHERE r.contrat_id = c.id"
    f" AND r.nature = 'annuel' AND {DIT_LE} <= %(au)s)"
)
JOURS = {
    "sqlite": "julianday({}) - julianday({})",
    "postgresql": "CAST({} AS date) - CAST({} AS date)",
}[connection.vendor]


def _oui(test: str) -> str:
    return f"CASE WHEN {test} THEN 1 ELSE 0 END"


def _annuel(s_applique: str, dernier: str) -> tuple[str, str]:
    """(s'applique, manqué) : douze mois après la dernière fois, sinon après le départ."""
    manque = (
        f"CASE WHEN {dernier} IS NOT NULL THEN {_oui(f'{dernier} < %(an)s')}"
        " WHEN c.depart >= %(an)s THEN 0 ELSE 1 END"
    )
    return _oui(s_applique), manque


def _instance(test: str) -> str:
    return f"EXISTS (SELECT 1 FROM gouvernance_instance i WHERE {test})"


REGLES = (
    _annuel(_instance(COMITE), "c.comite"),
    _annuel(_instance(MAIRES), "c.conference"),
    _annuel("c.type IN ('feuille_de_route', 'projet_de_territoire')", "c.rapport"),
    (
        _oui("c.type = 'projet_de_territoire'"),
        "CASE WHEN c.creation IS NULL THEN 0 WHEN c.adoption <= %(au)s THEN "
        + _oui(f"{JOURS.format('c.adoption', 'c.creation')} > 365")
        + f" ELSE {_oui('c.creation < %(an)s')} END",
    ),
    (_oui(f"EXISTS ({PAYEE})"), _oui(f"EXISTS ({PAYEE} AND NOT {SIGNATAIRE})")),
)
LUS = (
    f"FROM (SELECT c.id, c.parent_id, c.type, COALESCE({SIGNEE}, c.debut) AS depart,"
    f" {SEANCES.format(COMITE)} AS comite, {SEANCES.format(MAIRES)} AS conference,"
    f" {RAPPORT} AS rapport, {CREATION} AS creation, COALESCE({ADOPTEE}, {SIGNEE}) AS adoption"
    " FROM contrats_contrat c WHERE c.id @CONTRATS) c"
)
DEVOIRS = f"SELECT SUM({' + '.join(s for s, _ in REGLES)}) {LUS}"
DEVOIRS_MANQUES = f"SELECT SUM({' + '.join(f'({s}) * ({m})' for s, m in REGLES)}) {LUS}"
