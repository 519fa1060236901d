"""Les chiffres d'un indicateur, recalculés en SQL écrit à la main, sans rien lire du domaine.

Une requête par génération de quartiers : valeurs, écarts, évolutions, cibles. La phrase se refait
de ces lignes seules.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

ECART = (
    "CASE WHEN l.comparaison = 'aucune' THEN NULL WHEN l.comparaison = 'rapport' THEN"
    " CASE WHEN {r} <> 0 THEN ROUND(1.0 * {v} / {r}, 6) END ELSE ROUND(1.0 * ({v} - {r}), 6) END"
)
VALEUR = (
    "(SELECT m.valeur FROM montrees m JOIN rangs x ON x.id = m.millesime_id"
    " WHERE m.territoire_id = {lieu} AND x.rang = {rang})"
)
LOIN = "ROUND(ABS({} - CASE WHEN e.comparaison = 'rapport' THEN 1 ELSE 0 END), 6)"
ENSEMBLES = """
WITH quartiers AS (
  SELECT t.id, t.cle, t.nom, t.generation FROM territoires_territoire t WHERE t.type = 'qpv' AND (
    t.id IN (SELECT n.territoire_id FROM contrats_contrat_territoires n
      JOIN indicateurs_indicateur i ON i.contrat_id = n.contrat_id WHERE i.id = %(indicateur)s)
    OR t.id IN (SELECT m.territoire_id FROM indicateurs_mesure m
      WHERE m.indicateur_id = %(indicateur)s))
), montrees AS (
  SELECT m.territoire_id, m.millesime_id, m.valeur FROM indicateurs_mesure m
  WHERE m.indicateur_id = %(indicateur)s AND m.valeur IS NOT NULL AND NOT m.secret_induit
)"""
# ruff: noqa: S608
GENERATIONS = f"""{ENSEMBLES}
SELECT q.generation, MAX(CASE WHEN m.valeur IS NULL THEN 0 ELSE 1 END) FROM quartiers q
LEFT JOIN montrees m ON m.territoire_id = q.id GROUP BY q.generation ORDER BY q.generation"""
LIGNES = f"""{ENSEMBLES}, rangs AS (
  SELECT x.id, ROW_NUMBER() OVER (ORDER BY x.fin DESC, x.debut DESC, x.id DESC) AS rang
  FROM indicateurs_millesime x WHERE x.id IN (SELECT m.millesime_id FROM montrees m
    JOIN quartiers q ON q.id = m.territoire_id WHERE q.generation = %(generation)s)
), lues AS (
  SELECT q.id, q.cle, i.comparaison, i.sens, {VALEUR.format(lieu="q.id", rang=1)} AS v,
    {VALEUR.format(lieu="i.reference_id", rang=1)} AS r,
    {VALEUR.format(lieu="q.id", rang=2)} AS v0,
    {VALEUR.format(lieu="i.reference_id", rang=2)} AS r0
  FROM quartiers q CROSS JOIN indicateurs_indicateur i
  WHERE i.id = %(indicateur)s AND q.generation = %(generation)s
), ecarts AS (
  SELECT l.*, {ECART.format(v="l.v", r="l.r")} AS e, {ECART.format(v="l.v0", r="l.r0")} AS e0,
    ROUND(1.0 * (l.v - l.v0), 6) AS d
  FROM lues l
), visees AS (
  SELECT e.*, {LOIN.format("e.e")} AS loin, {LOIN.format("e.e0")} AS loin0,
    (SELECT k.id FROM indicateurs_cible k WHERE k.indicateur_id = %(indicateur)s
      AND (k.territoire_id IS NULL OR k.territoire_id = e.id)
      ORDER BY CASE WHEN k.territoire_id IS NULL THEN 1 ELSE 0 END, k.echeance DESC, k.id
      LIMIT 1) AS cible
  FROM ecarts e
), jugees AS (
  SELECT v.*, k.echeance, k.valeur AS visee,
    CASE WHEN k.porte_sur = 'ecart' THEN v.e ELSE v.v END AS face
  FROM visees v LEFT JOIN indicateurs_cible k ON k.id = v.cible
)
SELECT j.cle, j.v, j.r, j.e, j.e0, j.d, j.loin,
  CASE WHEN j.loin IS NULL OR j.loin0 IS NULL THEN 'inconnu' WHEN j.loin = j.loin0 THEN 'stable'
    WHEN j.loin < j.loin0 THEN 'reduit' ELSE 'creuse' END AS evolution,
  CASE WHEN j.echeance < %(au)s THEN 1 ELSE 0 END AS echue,
  CASE WHEN j.face IS NULL OR j.visee IS NULL OR j.sens = 'a_apprecier' THEN NULL
    WHEN j.sens = 'hausse' THEN CASE WHEN j.face >= j.visee THEN 1 ELSE 0 END
    ELSE CASE WHEN j.face <= j.visee THEN 1 ELSE 0 END END AS atteinte
FROM jugees j ORDER BY j.cle"""
MILLESIMES = f"""{ENSEMBLES}
SELECT x.libelle FROM indicateurs_millesime x WHERE x.id IN (SELECT m.millesime_id FROM montrees m
  JOIN quartiers q ON q.id = m.territoire_id WHERE q.generation = %(generation)s)
ORDER BY x.fin DESC, x.debut DESC, x.id DESC LIMIT 2"""
ETENDUE = f"""{ENSEMBLES}
SELECT x.libelle, MIN(m.valeur), MAX(m.valeur) FROM montrees m
JOIN quartiers q ON q.id = m.territoire_id JOIN indicateurs_millesime x ON x.id = m.millesime_id
WHERE q.generation = %(generation)s GROUP BY x.libelle"""
ECRITE = f"""{ENSEMBLES}
SELECT MAX(m.modifie_le) FROM indicateurs_mesure m JOIN indicateurs_indicateur i
  ON i.id = m.indicateur_id WHERE i.id = %(indicateur)s AND (
  m.territoire_id IN (SELECT q.id FROM quartiers q WHERE q.generation = %(generation)s)
  OR (m.territoire_id = i.reference_id AND m.millesime_id IN (SELECT a.millesime_id
    FROM indicateurs_mesure a JOIN quartiers q ON q.id = a.territoire_id
    WHERE a.indicateur_id = i.id AND q.generation = %(generation)s)))
HAVING MAX(m.modifie_le) >= %(an)s"""


@dataclass(frozen=True)
class Relue:
    """Un quartier, tel que la base le dit."""

    cle: str
    valeur: Decimal | None
    reference: Decimal | None
    ecart: Decimal | None
    ecart_avant: Decimal | None
    variation: Decimal | None
    loin: Decimal | None
    evolution: str
    echue: bool
    atteinte: bool | None


def executer(requete: str, **parametres) -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return curseur.fetchall()


def generations(indicateur) -> list[tuple[int, bool]]:
    """Générations de quartiers, et si elles ont un chiffre."""
    lues = executer(GENERATIONS, indicateur=indicateur.pk)
    return [(g, bool(chiffre)) for g, chiffre in lues] or [(0, False)]


def generation_lue(indicateur) -> int:
    """La dernière qui a un chiffre, à défaut la première."""
    toutes = generations(indicateur)
    return next((g for g, chiffre in reversed(toutes) if chiffre), toutes[0][0])


def relire(indicateur, generation: int, au) -> list[Relue]:
    lues = executer(LIGNES, indicateur=indicateur.pk, generation=generation, au=au.isoformat())
    return [
        Relue(cle, *map(exact, nombres), evolution, bool(echue), _vrai(atteinte))
        for cle, *nombres, evolution, echue, atteinte in lues
    ]


def exact(valeur) -> Decimal | None:
    """Six décimales : SQLite calcule en virgule flottante."""
    if valeur is None:
        return None
    return round(Decimal(str(valeur)), 6).normalize() + 0


def _vrai(valeur) -> bool | None:
    return None if valeur is None else bool(valeur)


def millesimes(indicateur, generation: int) -> list[str]:
    """Les deux derniers qui ont un chiffre, du plus récent au plus ancien."""
    return [m for (m,) in executer(MILLESIMES, indicateur=indicateur.pk, generation=generation)]


def est_recent(indicateur, generation: int, an) -> bool:
    """Une mesure lue a été écrite depuis cet instant."""
    depuis = connection.ops.adapt_datetimefield_value(an)
    return bool(executer(ECRITE, indicateur=indicateur.pk, generation=generation, an=depuis))


# La phrase

EN_ECART = ("reduit", "s'est réduit", "réduit"), ("creuse", "s'est creusé", "creusé")
STABLE = ("stable", "est inchangé", "inchangé")
EN_VALEUR = ("monte", "a monté", "monté"), ("baisse", "a baissé", "baissé")


def phrase(indicateur, lignes: list[Relue], derniers: list[str]) -> str:
    """Ce que la lecture doit dire de ces lignes."""
    nb, connues = len(lignes), sum(li.valeur is not None for li in lignes)
    if not nb:
        return "aucun quartier n'est suivi"
    if not connues:
        return f"aucun chiffre n'est renseigné pour {_dits(nb)}"
    if indicateur.comparaison == "aucune":
        if len(derniers) == 1:
            return f"un seul millésime : valeur connue dans {_dits(connues)} sur {nb}"
        classes = [_classe(li.variation) for li in lignes]
        mots = (*EN_VALEUR, ("stable", "est inchangée", "inchangée"))
        return _enumerer("la valeur", mots, classes, "inconnue", nb)
    if len(derniers) == 1:
        return _seul(indicateur, lignes, derniers[0], nb)
    classes = [li.evolution for li in lignes]
    return _enumerer("l'écart", (*EN_ECART, STABLE), classes, "inconnu", nb)


def _classe(variation: Decimal | None) -> str:
    if variation is None:
        return "inconnu"
    return "stable" if variation == 0 else "monte" if variation > 0 else "baisse"


def _seul(indicateur, lignes, millesime: str, nb: int) -> str:
    debut = f"un seul millésime ({millesime}) : évolution de l'écart inconnue"
    ecarts = [li.ecart for li in lignes if li.ecart is not None]
    if not ecarts:
        return f"{debut}, référence non renseignée"
    egal = 1 if indicateur.comparaison == "rapport" else 0
    sous, sur = sum(e < egal for e in ecarts), sum(e > egal for e in ecarts)
    places = [f"{n} {m}" for n, m in ((sous, "sous la référence"), (sur, "au-dessus")) if n]
    suite = f", {' et '.join(places)}" if places else ""
    return f"{debut} ; écart connu dans {_dits(len(ecarts))} sur {nb}{suite}"


def _enumerer(sujet, mots, classes, inconnu, nb) -> str:
    nombres = [(classes.count(c), verbe, mot) for c, verbe, mot in mots if c in classes]
    sans = classes.count("inconnu")
    if not nombres:
        tous = "le seul quartier" if nb == 1 else f"les {nb} quartiers"
        return f"l'évolution de {sujet} est inconnue dans {tous}"
    dits = [f"{sujet} {nombres[0][1]} dans {_dits(nombres[0][0])} sur {nb}"]
    dits += [f"{mot} dans {n}" for n, _, mot in nombres[1:]]
    return ", ".join(dits + ([f"{inconnu} dans {sans}"] if sans else []))


def _dits(nombre: int) -> str:
    return f"{nombre} quartier" if nombre == 1 else f"{nombre} quartiers"


# Comparer


def differences(indicateur, lectures, au) -> list[str]:
    """Ce que la lecture dit autrement que la base ; `lectures` : une par génération."""
    attendues = [g for g, _ in generations(indicateur)]
    if [e.generation for e in lectures] != attendues:
        return [f"générations : {[e.generation for e in lectures]}, {attendues} en base"]
    fautes = []
    for ecarts in lectures:
        lignes = relire(indicateur, ecarts.generation, au)
        derniers = millesimes(indicateur, ecarts.generation)
        lu, relu = dire_la_lecture(ecarts), dire_la_base(indicateur, lignes, derniers)
        fautes += [f"{c} : {lu[c]}, {relu[c]} en base" for c in relu if lu.get(c) != relu[c]]
    return fautes


def dire_la_lecture(e) -> dict:
    """Chaque chiffre d'une lecture, par son nom."""
    chiffre = bool(e.chiffrees)
    dit = {
        "phrase": e.phrase,
        "quartiers": len(e.lignes),
        "chiffrés": len(e.chiffrees),
        "millésimes": [str(m) for m in (e.millesime, e.precedent) if m and chiffre],
        "comptes": {c.value: n for c, n in e.comptes.items()},
    }
    for li in e.lignes:
        reference = li.reference if chiffre else None
        for nom, valeur in (
            ("valeur", li.valeur and li.valeur.valeur),
            ("référence", reference and reference.valeur),
            ("écart", li.ecart),
            ("écart d'avant", li.ecart_avant),
            ("variation", li.variation),
        ):
            dit[f"{li.territoire.cle}, {nom}"] = exact(valeur)
        dit[f"{li.territoire.cle}, évolution"] = li.evolution.value
    return dit


def dire_la_base(indicateur, lignes: list[Relue], derniers: list[str]) -> dict:
    classes = [li.evolution for li in lignes]
    dit = {
        "phrase": phrase(indicateur, lignes, derniers),
        "quartiers": len(lignes),
        "chiffrés": sum(li.valeur is not None for li in lignes),
        "millésimes": derniers,
        "comptes": {c: classes.count(c) for c in ("reduit", "creuse", "stable", "inconnu")},
    }
    for li in lignes:
        dit |= {
            f"{li.cle}, valeur": li.valeur,
            f"{li.cle}, référence": li.reference,
            f"{li.cle}, écart": li.ecart,
            f"{li.cle}, écart d'avant": li.ecart_avant,
            f"{li.cle}, variation": li.variation,
            f"{li.cle}, évolution": li.evolution,
        }
    return dit


def cibles(indicateurs, au) -> tuple[int, int]:
    """Cibles manquées, et cibles échues qu'on peut vérifier."""
    lignes = [li for i in indicateurs for li in relire(i, generation_lue(i), au)]
    jugees = [li for li in lignes if li.echue and li.atteinte is not None]
    return sum(not li.atteinte for li in jugees), len(jugees)


def sans_chiffre(indicateurs, au, an) -> tuple[int, int]:
    """Indicateurs sans chiffre, ou que personne n'a revus depuis un an ; indicateurs retenus."""
    manquants = 0
    for i in indicateurs:
        generation = generation_lue(i)
        connues = any(li.valeur is not None for li in relire(i, generation, au))
        manquants += not (connues and est_recent(i, generation, an))
    return manquants, len(indicateurs)


def differences_de_resume(resume, indicateur, au) -> list[str]:
    """Ce que le tableau de bord résume d'un indicateur autrement que la base."""
    generation = generation_lue(indicateur)
    lignes = relire(indicateur, generation, au)
    derniers = millesimes(indicateur, generation)
    dite = phrase(indicateur, lignes, derniers)
    loin = max((li.loin for li in lignes if li.loin is not None), default=Decimal(0))
    attendu = {
        "phrase": f"{dite[:1].upper()}{dite[1:]}.",
        "nb_chiffres": sum(li.valeur is not None for li in lignes),
        "nb_quartiers": len(lignes),
        "millesime": derniers[0] if derniers else "",
    }
    fautes = [
        f"{indicateur}, {c} : {getattr(resume, c)}, {v} en base"
        for c, v in attendu.items()
        if getattr(resume, c) != v
    ]
    if exact(resume.ampleur) != loin:
        fautes.append(f"{indicateur}, plus grand écart : {resume.ampleur}, {loin} en base")
    return fautes
