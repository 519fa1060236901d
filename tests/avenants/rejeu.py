"""Un second rejeu, écrit autrement : chaque disposition cherche seule ce qui l'a touchée.

Le produit déroule les actes sur une liste de pièces. Ici, rien ne se déroule : le texte d'une
disposition à une date est celui du dernier acte qui l'écrit, elle vaut si le dernier acte qui la
touche ne la retire pas, et son rang est une fraction, calculée une fois à son entrée.
"""

import datetime
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Acte:
    """Un avenant tel que le tirage l'a voulu : sa date, son numéro, ses effets."""

    le: datetime.date
    numero: int
    effets: list[dict]


@dataclass
class Monde:
    """Les articles de départ (numéro, titre, texte), la fin, et les actes dans l'ordre tiré."""

    articles: list[tuple[str, str, str]]
    fin: datetime.date
    actes: list[Acte] = field(default_factory=list)

    def jusqu_au(self, le):
        return sorted((a for a in self.actes if a.le <= le), key=lambda a: (a.le, a.numero))

    def rangs(self, le) -> dict[str, Fraction]:
        """Le rang de chaque numéro qui a existé jusque-là, abrogés compris."""
        rangs = {numero: Fraction(i) for i, (numero, _, _) in enumerate(self.articles, 1)}
        for acte in self.jusqu_au(le):
            for effet in acte.effets:
                if effet["quoi"] == "ajoute":
                    rangs.pop(effet["numero"], None)
                    avant = rangs[effet["apres"]] if effet["apres"] else Fraction(0)
                    suivants = [r for r in rangs.values() if r > avant]
                    apres = min(suivants, default=avant + 2)
                    rangs[effet["numero"]] = (avant + apres) / 2
        return rangs

    def derniers(self, numero, le) -> tuple[dict | None, int]:
        """Le dernier effet sur ce numéro, et l'acte (0 : le contrat) qui a écrit son texte."""
        dernier, auteur = None, 0
        for acte in self.jusqu_au(le):
            for effet in acte.effets:
                if effet.get("numero") == numero:
                    dernier = effet
                    auteur = acte.numero if effet["quoi"] != "abroge" else auteur
        return dernier, auteur

    def texte(self, le) -> list[tuple[str, str, str, int]]:
        """(numéro, titre, texte, acte d'origine) des articles qui valent à cette date."""
        initiaux = {numero: (titre, texte) for numero, titre, texte in self.articles}
        lignes = []
        for numero, _ in sorted(self.rangs(le).items(), key=lambda paire: paire[1]):
            dernier, auteur = self.derniers(numero, le)
            if dernier is None:
                lignes.append((numero, *initiaux[numero], 0))
            elif dernier["quoi"] != "abroge":
                lignes.append((numero, dernier["titre"], dernier["texte"], auteur))
        return lignes

    def fin_au(self, le) -> datetime.date:
        """La fin la plus lointaine décidée jusque-là."""
        fins = [e["fin"] for a in self.jusqu_au(le) for e in a.effets if e["quoi"] == "fin"]
        return max([self.fin, *fins])


MOTS = [
    "les",
    "parties",
    "se",
    "réunissent",
    "chaque",
    "année",
    "pour",
    "suivre",
    "ce",
    "qui",
    "avance",
    "et",
    "ce",
    "qui",
    "manque",
]


def phrase(alea):
    return " ".join(alea.choices(MOTS, k=alea.randint(3, 12))).capitalize() + "."


def texte_au_hasard(alea, existants):
    """Quelques paragraphes ; parfois ceux d'un autre article, déplacés."""
    paragraphes = [phrase(alea) for _ in range(alea.randint(1, 4))]
    if existants and alea.random() < 0.4:
        paragraphes += alea.choice(existants).split("\n\n")
        alea.shuffle(paragraphes)
    return "\n\n".join(paragraphes)


def monde_au_hasard(alea) -> Monde:
    """Un contrat et une suite d'avenants possibles : 0 à 6 avenants de 1 à 4 effets."""
    nombre = alea.randint(1, 5)
    articles = [(str(n), f"Titre {n}", texte_au_hasard(alea, [])) for n in range(1, nombre + 1)]
    monde = Monde(articles, datetime.date(2025, 12, 31))
    jour = datetime.date(2020, 1, 1)
    for numero in range(1, alea.randint(0, 6) + 1):
        jour += datetime.timedelta(days=alea.choice([0, 0, 1, 30, 400]))
        monde.actes.append(acte_au_hasard(alea, monde, jour, numero))
    return monde


def acte_au_hasard(alea, monde, jour, numero) -> Acte:
    vivants = monde.texte(datetime.date.max)
    connus = list(monde.rangs(datetime.date.max))
    libres = [n for n in map(str, range(1, 12)) if n not in {v[0] for v in vivants}]
    restants = [v[0] for v in vivants]
    alea.shuffle(restants)
    textes = [v[2] for v in vivants]
    effets, ajoutes = [], []
    for quoi in alea.choices(["remplace", "ajoute", "abroge", "fin"], k=alea.randint(1, 4)):
        if quoi == "fin" and all(e["quoi"] != "fin" for e in effets):
            fin = monde.fin_au(datetime.date.max) + datetime.timedelta(days=alea.randint(1, 700))
            effets.append({"quoi": "fin", "fin": fin})
        elif quoi == "ajoute":
            neuf = libres.pop(alea.randrange(len(libres)))
            places = [n for n in [*connus, *ajoutes] if n != neuf]
            effets.append(
                {
                    "quoi": quoi,
                    "numero": neuf,
                    "apres": alea.choice(["", *places]),
                    "titre": f"Ajout {neuf}",
                    "texte": texte_au_hasard(alea, textes),
                }
            )
            ajoutes.append(neuf)
        elif quoi != "fin" and restants:
            cible = restants.pop()
            ecrit = {"titre": phrase(alea), "texte": texte_au_hasard(alea, textes)}
            effets.append({"quoi": quoi, "numero": cible, **(ecrit if quoi == "remplace" else {})})
    return Acte(
        jour,
        numero,
        effets
        or [{"quoi": "fin", "fin": monde.fin_au(datetime.date.max) + datetime.timedelta(days=1)}],
    )
