"""Le nombre écrit et le nombre que les données donnent."""

from collections.abc import Iterator

from coherence.comptes import annonces, chose, comptes
from coherence.enums import Regle
from coherence.formes import Constat, Matiere, Objet

# Ce qui se compte ensemble.
MEMES = {"axe_prioritaire": "axe", "axe_de_travail": "axe", "quartiers": "quartier"}


def nombres_annonces(m: Matiere) -> Iterator[Constat]:
    """« 6 orientations » et trois décrites ; relevé à l'import, ou lu dans le texte d'aujourd'hui.

    Le même nombre annoncé à plusieurs endroits est une seule discordance, à sa première place.
    """
    dits: set[tuple[str, int]] = set()
    for objet, cle, nombre, mots in _annonces(m):
        admis = comptes(m, cle)
        dit = (MEMES.get(cle, cle), nombre)
        if not admis or nombre in admis or dit in dits:
            continue
        dits.add(dit)
        phrase = f"{objet.nom} annonce « {mots} » ; les données en ont {admis[0]}."
        yield Constat(Regle.COMPTE, phrase, objet, str(nombre), str(admis[0]), cle)


def _annonces(m: Matiere) -> Iterator[tuple[Objet, str, int, str]]:
    for relevee in m.annonces:
        yield relevee.objet, chose(relevee.compte), relevee.nombre, relevee.libelle
    for lu in m.textes:
        if lu.compte:
            for annonce in annonces(lu.texte):
                yield lu.objet, annonce.cle, annonce.nombre, annonce.mots
