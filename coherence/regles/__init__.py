"""Une fonction pure par règle : la matière d'un contrat, puis ses constats, dans l'ordre."""

from collections.abc import Callable, Iterator

from coherence.formes import Constat, Matiere
from coherence.regles import comptes, matrice, pieces, structure

REGLES: tuple[Callable[[Matiere], Iterator[Constat]], ...] = (
    comptes.nombres_annonces,
    structure.annexes_absentes,
    structure.renvois_vers_rien,
    structure.sections_vides,
    structure.articles_qui_sautent,
    structure.articles_sans_action,
    structure.axes_sans_action,
    structure.actions_hors_article,
    structure.fiches_hors_axe,
    structure.parties_sans_signataire,
    structure.numeros_deduits,
    matrice.numeros_echanges,
    matrice.lignes_absentes,
    matrice.plages_de_programmes,
    matrice.renvois_de_cellules,
    matrice.priorites_vides,
    matrice.priorites_partielles,
    matrice.priorites_sans_action,
    matrice.ordre_des_annexes,
    matrice.decoupages,
    pieces.synonymes,
    pieces.graphies,
    pieces.evolutions,
    pieces.statut,
    pieces.releves,
)


def controler(matiere: Matiere) -> list[Constat]:
    """Tous les constats, règle par règle ; deux fois le même n'en font qu'un."""
    constats = {c.cle: c for regle in REGLES for c in regle(matiere)}
    return list(constats.values())
