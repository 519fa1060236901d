"""Du texte d'une case au contenu d'une cellule : statut, rubriques, renvois."""

from collections.abc import Mapping
from dataclasses import replace

from perr.contenu import Contenu, Regard, Renvoi
from perr.enums import StatutDeclinaison as S
from perr.importation.formes import Anomalie, Cellule, Confiance, Genre, Journal
from perr.importation.textes import (
    Texte,
    cle,
    ecrire_texte,
    lire_texte,
    propre,
    sans_raison,
    statut_nomme,
)


def identique(cellule: Cellule, existant: Contenu | None, quartiers: Mapping[str, str]) -> bool:
    """La case dit déjà ce que la base enregistre : on l'exporterait telle quelle."""
    if existant is None:
        return False
    lu = _texte(cellule)
    if cellule.rubriques_a_part:
        gardes = (existant.texte, existant.modalites, existant.motif)
        return statut_nomme(cellule.statut_declare) in ("", existant.statut) and all(
            propre(ici) == propre(base)
            for ici, base in zip((lu.texte, lu.modalites, lu.motif), gardes, strict=True)
        )
    ecrit = ecrire_texte(existant, quartiers)
    if cellule.statut_declare:
        return lu.statut == existant.statut and _corps(lu) == _corps(lire_texte(ecrit))
    return propre(cellule.brut) == propre(ecrit)


def _corps(lu: Texte) -> tuple[object, ...]:
    return lu.texte, lu.modalites, lu.motif, lu.renvois, lu.regards


def contenu_lu(
    cellule: Cellule, existant: Contenu | None, quartiers: Mapping[str, str], journal: Journal
) -> Contenu:
    """Le contenu voulu ; un fichier sans renvois ni regards laisse ceux de la base."""
    lu = _texte(cellule)
    base = existant or Contenu()
    statut = lu.statut or S.TEXTE
    if not lu.annonce and lu.statut and (existant is None or existant.statut != lu.statut):
        statut = _statut_deduit(cellule, lu, journal)
    motif = lu.motif
    if statut == S.SANS_OBJET and not motif:
        motif = lu.texte
    texte, regards = _regards(lu, quartiers)
    if lu.regards:
        base = replace(base, regards=regards)
    if lu.renvois:
        base = replace(base, renvois=_renvois(lu, base))
    return replace(
        base,
        statut=statut,
        texte=texte,
        modalites=lu.modalites,
        motif=motif,
        a_verifier=cellule.a_verifier[:300] or base.a_verifier,
    )


def _regards(lu: Texte, quartiers: Mapping[str, str]) -> tuple[str, tuple[Regard, ...]]:
    """Les regards de quartiers connus ; celui d'un autre quartier reste dans le texte."""
    cles = {cle(nom): clef for clef, nom in quartiers.items()}
    texte, regards = lu.texte, []
    for nom, propos in lu.regards:
        if cle(nom) in cles:
            regards.append(Regard(cles[cle(nom)], propos))
        else:
            texte = f"{texte}\n{nom} : {propos}".strip()
    return texte, tuple(regards)


def _renvois(lu: Texte, base: Contenu) -> tuple[Renvoi, ...]:
    """Un renvoi réécrit à l'identique garde sa cible ; un nouveau n'en a pas encore."""
    gardes = tuple(r for r in base.renvois if r.texte in lu.renvois)
    connus = {r.texte for r in gardes}
    return gardes + tuple(Renvoi(t[:300]) for t in lu.renvois if t not in connus)


def renvoi_lu(cellule: Cellule) -> str:
    """Ce que la case dit viser : la colonne « renvoi » de la table, sinon les mots du texte."""
    return (cellule.renvoi_declare or _texte(cellule).renvoi)[:300]


def _texte(cellule: Cellule) -> Texte:
    if cellule.rubriques_a_part:
        lu = replace(
            lire_texte(cellule.brut),
            texte=propre(cellule.brut),
            modalites=cellule.modalites_declarees,
            motif=cellule.motif_declare,
            renvois=(),
            regards=(),
        )
    else:
        lu = lire_texte(cellule.brut)
    if declare := statut_nomme(cellule.statut_declare):
        motif = lu.motif
        if declare == S.SANS_OBJET and not motif:
            motif = sans_raison(lu.texte)
        lu = replace(lu, statut=declare, annonce=True, motif=motif)
    return lu


def _statut_deduit(cellule: Cellule, lu: Texte, journal: Journal) -> str:
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.STATUT,
            endroit=cellule.endroit,
            constat=f"« {lu.texte[:90]} » : ce n'est pas un texte ordinaire.",
            raison=f"Ses mots annoncent l'état « {S(lu.statut).label} ».",
            options=[(lu.statut, f"État « {S(lu.statut).label} »")]
            + [(s.value, f"État « {s.label} »") for s in S if s != lu.statut],
            proposition=lu.statut,
            confiance=Confiance.MOYENNE,
        )
    )
    return anomalie.retenue
