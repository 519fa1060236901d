"""Retrouve l'action d'une ligne : par son numéro et par son titre ; le titre l'emporte."""

from collections import Counter

from rapidfuzz import fuzz, process

from perr.importation.connu import Connu
from perr.importation.formes import (
    CREER,
    IGNORER,
    LAISSER,
    Anomalie,
    Confiance,
    Endroit,
    Genre,
    Journal,
)
from perr.importation.textes import cle

MEME_TITRE = 75
AUTRE_TITRE = 80
DIFFERENT = 60


class Actions:
    """Titres de référence par numéro : ceux de la base, sinon les plus répétés du fichier."""

    def __init__(self, connu: Connu, lus: list[tuple[str, str]], journal: Journal) -> None:
        self.connu, self.journal = connu, journal
        self.titres: dict[str, list[str]] = {
            numero: [cle(t) for t in titres] for numero, titres in connu.titres.items()
        }
        if not self.titres:
            self.titres = _elire(lus)
        self.par_titre = {t: n for n, titres in self.titres.items() for t in titres}

    def trouver(self, numero: str, titre: str, endroit: Endroit) -> str:
        """Numéro de l'action au tableau principal ; vide si la ligne est laissée de côté."""
        voulu = cle(titre)
        if not voulu:
            return self._par_numero(numero, endroit)
        siens = self.titres.get(numero, ())
        propre = 100.0 if voulu in siens else max((_note(voulu, t) for t in siens), default=0.0)
        if propre >= MEME_TITRE:
            return numero
        trouve = process.extractOne(voulu, list(self.par_titre), scorer=_note)
        autre, note = (self.par_titre[trouve[0]], trouve[1]) if trouve else ("", 0)
        if numero in self.titres and propre >= max(note, DIFFERENT):
            return numero
        if autre and note >= AUTRE_TITRE:
            return self._desaccord(numero, titre, autre, note, endroit) if numero else autre
        if numero in self.titres and propre >= DIFFERENT:
            return numero
        return self._inconnue(numero, titre, autre, note, endroit)

    def _par_numero(self, numero: str, endroit: Endroit) -> str:
        if numero in self.titres or not self.connu.actions:
            self.titres.setdefault(numero, [])
            return numero
        return self._inconnue(numero, "", "", 0, endroit)

    def _desaccord(self, numero: str, titre: str, autre: str, note: float, endroit: Endroit) -> str:
        anomalie = self.journal.noter(
            Anomalie(
                genre=Genre.NUMERO,
                endroit=endroit,
                constat=f"La ligne porte le numéro {numero}, mais le titre est celui de l'action "
                f"{autre}.",
                raison=f"Le titre l'emporte : « {titre[:80]} » ressemble à {note:.0f} % à "
                f"l'intitulé de l'action {autre}.",
                options=[
                    (autre, f"Action {autre}, d'après le titre"),
                    (LAISSER, f"Action {numero}, d'après le numéro"),
                    (IGNORER, "Ne pas importer la ligne"),
                ],
                proposition=autre,
                sujet=numero,
            )
        )
        return {LAISSER: numero, IGNORER: ""}.get(anomalie.retenue, anomalie.retenue)

    def _inconnue(self, numero: str, titre: str, autre: str, note: float, endroit: Endroit) -> str:
        if not self.connu.actions and numero:
            self.titres.setdefault(numero, []).append(cle(titre))
            return numero
        nom = f"n° {numero}" if numero else f"« {titre[:80]} »"
        options = [(autre, f"C'est l'action {autre}")] if autre else []
        if numero and numero in self.titres and numero != autre:
            options.append((numero, f"C'est l'action {numero}, dont le titre a changé"))
        elif numero:
            options.append((CREER, f"Créer l'action {numero}"))
        options.append((IGNORER, "Ne pas importer la ligne"))
        anomalie = self.journal.noter(
            Anomalie(
                genre=Genre.ACTION_INCONNUE,
                endroit=endroit,
                constat=f"L'action {nom} n'est pas reconnue.",
                raison=f"Le titre le plus proche, celui de l'action {autre}, ressemble à "
                f"{note:.0f} %."
                if autre
                else "Aucun numéro ni titre du contrat ne lui correspond.",
                options=options,
                proposition=options[0][0],
                confiance=Confiance.FAIBLE,
                question=True,
                sujet=f"{numero}/{cle(titre)[:60]}",
                partout=True,
            )
        )
        if anomalie.retenue == CREER:
            self.titres.setdefault(numero, []).append(cle(titre))
            return numero
        if anomalie.en_attente or anomalie.retenue == IGNORER:
            return ""
        return anomalie.retenue


def _note(gauche: str, droite: str, **_: object) -> float:
    """Ressemblance de deux titres ; un titre tronqué reste proche du titre entier."""
    simple = fuzz.ratio(gauche, droite)
    if min(len(gauche), len(droite)) < 25:
        return simple
    return max(simple, 0.9 * fuzz.partial_ratio(gauche, droite))


def _elire(lus: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Un titre par numéro : le plus répété d'abord ; un titre élu ne sert pas deux fois."""
    votes: dict[str, list[str]] = {}
    comptes: Counter[tuple[str, str]] = Counter()
    for numero, titre in lus:
        texte = cle(titre)
        if not texte or not numero:
            continue
        proches = [t for t in votes.setdefault(numero, []) if _note(t, texte) >= MEME_TITRE]
        if not proches:
            votes[numero].append(texte)
        comptes[numero, proches[0] if proches else texte] += 1
    elus: dict[str, list[str]] = {}
    pris: list[str] = []
    for (numero, texte), _ in comptes.most_common():
        if numero in elus or any(_note(texte, p) >= 95 for p in pris):
            continue
        elus[numero] = [texte]
        pris.append(texte)
    for numero, textes in votes.items():
        elus.setdefault(numero, textes[:1])
    return elus
