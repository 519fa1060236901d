"""Le même document, abîmé comme le font les conversions ; chaque morceau garde son origine.

Libellés changés pour un autre connu, titres numérotés ou non, listes sans puces, pages coupées au
milieu d'une phrase, fiches dans un autre ordre, lettres interverties.
"""

import random
from dataclasses import dataclass, field

from reprise.lecture.formes import Nature
from reprise.lecture.lecteur import lire
from reprise.reconnaissance.analyse import analyser
from reprise.reconnaissance.formes import Compris, Place, Role
from reprise.reconnaissance.vocabulaire import Vocabulaire

COUPE_MIN = 160
Cas = tuple[tuple[tuple[str, float], ...], bool]


@dataclass
class Reglage:
    """Ce que l'on abîme, et à quel point."""

    libelles: float = 0.6
    numeros: float = 0.5
    sans_puces: float = 0.15
    coupes: float = 0.15
    ordre: bool = True
    lettres: float = 0.01


DUR = Reglage(sans_puces=0.35, coupes=0.3, lettres=0.03)


@dataclass
class Abime:
    """Le texte produit, et l'élément d'origine de chacune de ses lignes."""

    lignes: list[str] = field(default_factory=list)
    origines: list[str] = field(default_factory=list)

    def ecrire(self, texte: str, origine: str, *, vide: bool = True) -> None:
        for ligne in texte.split("\n"):
            self.lignes.append(ligne)
            self.origines.append(origine)
        if vide:
            self.lignes.append("")
            self.origines.append("")

    @property
    def octets(self) -> bytes:
        return "\n".join(self.lignes).encode()


def perturber(
    compris: Compris, vocabulaire: Vocabulaire, graine: int, reglage: Reglage | None = None
) -> Abime:
    """Un document de même contenu, tiré de ce qui en a été compris."""
    hasard, reglage = random.Random(graine), reglage or Reglage()
    groupes = _groupes(compris.places)
    if reglage.ordre:
        fiches = [g for g in groupes if g[0].role == Role.FICHE]
        hasard.shuffle(fiches)
        tour = iter(fiches)
        groupes = [next(tour) if g[0].role == Role.FICHE else g for g in groupes]
    abime, style = Abime(), hasard.choice(["nu", "numero", "fiche"])
    rang = 0
    for groupe in groupes:
        if groupe[0].role == Role.FICHE:
            rang += 1
        nues: set[str] = set()
        for place in groupe:
            _ecrire(abime, place, vocabulaire, compris, hasard, reglage, style, rang, nues)
    if reglage.lettres:
        abime.lignes = [_lettres(li, hasard, reglage.lettres) for li in abime.lignes]
    return abime


def _groupes(places: list[Place]) -> list[list[Place]]:
    """Un groupe par fiche ; le reste suit, élément par élément."""
    groupes: list[list[Place]] = []
    ouverte = ""
    for place in places:
        if place.role == Role.FICHE:
            ouverte = place.element.id
            groupes.append([place])
        elif ouverte and (place.conteneur == ouverte or place.role in (Role.NOTE, Role.BRUIT)):
            groupes[-1].append(place)
        else:
            ouverte = ""
            groupes.append([place])
    return groupes


def _ecrire(abime, place, vocabulaire, compris, hasard, reglage, style, rang, nues) -> None:
    bloc, origine = place.element.bloc, place.element.id
    if not bloc.texte:
        return
    if place.role == Role.SECTION:
        abime.ecrire(_libelle(place, vocabulaire, compris, hasard, reglage), origine)
    elif place.role == Role.FICHE:
        devant = {"nu": "", "numero": f"{rang}. ", "fiche": f"Fiche {rang} : "}[style]
        numerote = hasard.random() < 2 * reglage.numeros and style != "nu"
        abime.ecrire((devant if numerote else "") + bloc.texte, origine)
    elif place.role == Role.ARTICLE and "Article" in bloc.texte:
        autre = hasard.choice(["Article", "ARTICLE", "Art."])
        abime.ecrire(bloc.texte.replace("Article", autre, 1), origine)
    elif bloc.nature == Nature.PUCE:
        cle = place.section or place.conteneur
        if cle not in nues and f"+{cle}" not in nues:
            nues.add(cle if hasard.random() < reglage.sans_puces else f"+{cle}")
        if cle in nues:
            abime.ecrire(bloc.texte, origine)
        else:
            marque = bloc.marque if bloc.marque[:1].isdigit() else hasard.choice("-•*")
            abime.ecrire("  " * bloc.niveau + f"{marque} {bloc.texte}", origine, vide=False)
            return
    elif bloc.cellules:
        rangees = (" | ".join(c.replace("\n", " ") for c in r) for r in bloc.cellules)
        abime.ecrire("\n".join(f"| {r} |" for r in rangees), origine)
    elif bloc.nature == Nature.NOTE:
        abime.ecrire(f"[{bloc.note}] {bloc.texte}", origine)
    elif place.role in (Role.TEXTE, Role.PREAMBULE) and _se_coupe(bloc.texte, hasard, reglage):
        _couper(abime, bloc.texte, origine, hasard)
    else:
        abime.ecrire(bloc.texte, origine)


def _libelle(place, vocabulaire, compris, hasard, reglage) -> str:
    texte = place.element.bloc.texte
    if hasard.random() >= reglage.libelles:
        return texte
    modele = next(m for m in vocabulaire.modeles if m.cle == compris.modele)
    trouves = vocabulaire.libelle(place.element.nu, modele)
    trouve = next(t for t in trouves if t.section.cle == place.cible)
    autre = hasard.choice(trouve.section.libelles).capitalize()
    if hasard.random() < 0.3:
        autre = autre.upper()
    if trouve.reste:
        return f"{autre} : {trouve.reste}"
    return autre + hasard.choice(["", " :", ":"])


def _se_coupe(texte: str, hasard: random.Random, reglage: Reglage) -> bool:
    return len(texte) > COUPE_MIN and "\n" not in texte and hasard.random() < reglage.coupes


def _couper(abime: Abime, texte: str, origine: str, hasard: random.Random) -> None:
    """Une page finit au milieu d'une phrase : entre deux mots, dont le second est minuscule."""
    mots = texte.split(" ")
    rangs = [
        i
        for i in range(len(mots) // 3, 2 * len(mots) // 3)
        if mots[i][:1].islower()
        and mots[i - 1][-1:].isalnum()
        and "**" not in mots[i]
        and " ".join(mots[:i]).count("**") % 2 == 0
    ]
    if not rangs:
        abime.ecrire(texte, origine)
        return
    coupe = hasard.choice(rangs)
    abime.ecrire(" ".join(mots[:coupe]), origine)
    abime.ecrire(f"Page {hasard.randint(2, 40)}", "page")
    abime.ecrire(" ".join(mots[coupe:]), origine)


def _lettres(ligne: str, hasard: random.Random, taux: float) -> str:
    """Deux lettres voisines s'échangent, avec cette fréquence."""
    signes = list(ligne)
    for i in range(1, len(signes) - 1):
        voisins = signes[i].isalpha() and signes[i + 1].isalpha()
        if voisins and hasard.random() < taux:
            signes[i], signes[i + 1] = signes[i + 1], signes[i]
    return "".join(signes)


@dataclass
class Mesure:
    """Blocs d'un document abîmé : bien placés, perdus, et ce que valait la confiance."""

    blocs: int = 0
    justes: int = 0
    perdus: int = 0
    doutes_justes: int = 0  # signalés, et faux
    justes_en_doute: int = 0  # justes, et signalés
    par_confiance: list[tuple[float, bool]] = field(default_factory=list)
    cas: list[Cas] = field(default_factory=list)  # indices de chaque place, et si elle est juste
    fautes: list[str] = field(default_factory=list)

    def ajouter(self, autre: "Mesure") -> None:
        for champ in ("blocs", "justes", "perdus", "doutes_justes", "justes_en_doute"):
            setattr(self, champ, getattr(self, champ) + getattr(autre, champ))
        self.par_confiance += autre.par_confiance
        self.cas += autre.cas
        self.fautes += autre.fautes


def mesurer(abime: Abime, compris: Compris, vocabulaire: Vocabulaire) -> Mesure:
    """Compare, bloc à bloc, les places du document abîmé à celles du document d'origine."""
    vrais = {p.element.id: p for p in compris.places}
    lecture = lire(abime.octets, "abime.txt")
    obtenu = analyser(lecture, vocabulaire)
    mesure = Mesure()
    d_origine = {p.element.id: abime.origines[p.element.bloc.ligne - 1] for p in obtenu.places}
    sans_titre = {p.element.id for p in compris.places if p.role == Role.SECTION}
    sans_titre |= {d_origine[p.element.id] for p in obtenu.places if p.role == Role.SECTION}
    lus = sum(len("".join(p.element.bloc.texte.split())) for p in obtenu.places)
    blocs = sum(len("".join(b.texte.split())) for b in lecture.blocs)
    mesure.perdus = int(lus < blocs)
    for place in obtenu.places:
        origine = d_origine[place.element.id]
        if not origine:
            continue
        mesure.blocs += 1
        juste = _juste(place, vrais.get(origine), d_origine, sans_titre)
        mesure.justes += juste
        mesure.par_confiance.append((place.confiance, juste))
        mesure.cas.append((tuple(sorted(place.indices.items())), juste))
        mesure.justes_en_doute += juste and place.doute
        if not juste:
            mesure.doutes_justes += place.doute
            vrai = vrais.get(origine)
            mesure.fautes.append(
                f"{place.choix.code}/{place.section} au lieu de "
                f"{vrai.choix.code if vrai else 'page'}/{vrai.section if vrai else ''} "
                f"({place.confiance:.2f}) {place.element.nu[:50]}"
            )
    return mesure


def _juste(
    place: Place, vrai: Place | None, d_origine: dict[str, str], sans_titre: set[str]
) -> bool:
    """Même rôle, même section, même article ou fiche. Une fiche sans titre est ouverte par la
    première section reconnue, quelle qu'elle soit : c'est la même fiche."""
    if vrai is None:
        return place.role == Role.BRUIT
    memes = place.role == vrai.role or (
        place.choix.code == "texte:suite" and vrai.role in (Role.TEXTE, Role.PREAMBULE)
    )
    if vrai.role in (Role.BRUIT, Role.NOTE):
        return memes
    conteneur = d_origine.get(place.conteneur, "") if place.conteneur else ""
    ensemble = conteneur == vrai.conteneur or {conteneur, vrai.conteneur} <= sans_titre
    return memes and place.section == vrai.section and ensemble
