"""Le bloc de signature : qualité et nom se répondent, dans un ordre ou dans l'autre."""

import re

from reprise.reconnaissance.formes import Place, SignatureComprise
from reprise.reconnaissance.vocabulaire import Vocabulaire, plier

CIVILITE = re.compile(r"^(?:(?:M|Mme|Mlle|MM)\.?|Monsieur|Madame)\s+")
NOM = re.compile(
    r"^(?:(?:M|Mme|Mlle)\.?\s+|Monsieur\s+|Madame\s+)?"
    r"(?P<nom>[A-ZÀ-Ý][\w'’-]+(?:\s+(?:de\s+|du\s+|d['’])?[A-ZÀ-Ý][\w'’-]+){1,3})$"
)


COUPEE = re.compile(r"\b(?:de|du|des|la|le|les|et|à|au|l['’]|d['’])$", re.I)


def _phrases(lignes: list[str]) -> list[str]:
    """« Le président de » puis « Toulouse Métropole » : une qualité coupée par la mise en page."""
    phrases: list[str] = []
    for ligne in lignes:
        if phrases and COUPEE.search(phrases[-1].strip()):
            phrases[-1] = f"{phrases[-1].strip()} {ligne.strip()}"
        else:
            phrases.append(ligne)
    return phrases


class Signatures:
    """Accumule les lignes du bloc, puis les apparie."""

    def __init__(self, vocabulaire: Vocabulaire) -> None:
        self.vocabulaire = vocabulaire
        self.lignes: list[tuple[str, str, bool]] = []  # texte, élément, témoin

    def ajouter(self, place: Place, *, temoin: bool = False) -> None:
        bloc = place.element.bloc
        if bloc.cellules:  # une table : une colonne par signataire
            largeur = max(len(rang) for rang in bloc.cellules)
            textes = [
                ligne
                for colonne in range(largeur)
                for rang in bloc.cellules
                if colonne < len(rang)
                for ligne in rang[colonne].split("\n")
            ]
        else:
            textes = bloc.texte.split("\n")
        for texte in _phrases(textes):
            propre = re.sub(r"[*_\\]", "", texte).strip(" ,")
            propre = re.sub(r"^en pr\w+ (?:de|ed)\s*:?\s*", "", propre, flags=re.I)
            nom, virgule, qualite = propre.partition(", ")
            if virgule and CIVILITE.match(nom) and self._nom(nom):  # « M. X, maire de Y »
                self.lignes.append((nom, place.element.id, temoin))
                propre = qualite
            if propre:
                self.lignes.append((propre, place.element.id, temoin))

    def lire(self) -> list[SignatureComprise]:
        signataires = self._apparier([li for li in self.lignes if not li[2]], "signataire")
        temoins = self._apparier([li for li in self.lignes if li[2]], "temoin")
        return signataires + temoins

    def _apparier(self, lignes: list[tuple[str, str, bool]], role: str) -> list[SignatureComprise]:
        noms_d_abord = bool(lignes) and self._nom(lignes[0][0]) is not None
        signatures: list[SignatureComprise] = []
        qualite: list[str] = []
        for texte, element, _ in lignes:
            nom = self._nom(texte)
            if nom is None:
                if noms_d_abord and signatures:
                    derniere = signatures[-1]
                    derniere.qualite = f"{derniere.qualite} {texte}".strip()
                else:
                    qualite.append(texte)
                continue
            signatures.append(SignatureComprise(role, nom, " ".join(qualite), element))
            qualite = []
        if qualite:
            signatures.append(SignatureComprise(role, "", " ".join(qualite), lignes[-1][1]))
        return signatures

    def _nom(self, texte: str) -> str | None:
        """Le nom d'une personne ; une qualité ou une institution n'en est pas un."""
        lu = NOM.match(texte)
        if lu is None or self.vocabulaire.qualites.search(plier(texte)):
            return None
        nom = CIVILITE.sub("", texte)
        capitales = any(m.isupper() and len(m) > 1 for m in re.findall(r"[\w'’-]+", nom))
        return nom if capitales or CIVILITE.match(texte) or len(nom.split()) == 2 else None
