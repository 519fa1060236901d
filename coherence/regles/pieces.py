"""Les mots, les dates et le statut : ce qu'un lecteur doit savoir du texte qu'il a en main."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from coherence.comptes import NOMS, chose
from coherence.enums import Regle
from coherence.formes import Constat, Matiere, Objet
from reprise.reconnaissance.vocabulaire import plier

SIGLE = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Z][A-Za-z]{3,}\b")
DEPUIS = re.compile(r"\bdepuis\s+((?:19|20)\d{2})\b")
PROVISOIRE = re.compile(r"^v?\s*0\b")
NOM_COMPTE = re.compile(r"^\D*\d+\s+(\w+)")


def synonymes(m: Matiere) -> Iterator[Constat]:
    """« 45 axes de travail » pour 45 actions : deux mots pour une chose."""
    for annonce in m.annonces:
        imprime = NOM_COMPTE.match(plier(annonce.libelle))
        compte = plier(annonce.compte).split()[0]
        connus = [re.compile(motif) for motif in NOMS.values()]
        if not imprime or not chose(compte) or imprime[1] == compte:
            continue
        if any(motif.fullmatch(imprime[1]) for motif in connus):
            phrase = f"Le texte appelle « {imprime[1]} » ce qu'il appelle ailleurs « {compte} »."
            yield Constat(Regle.SYNONYME, phrase, annonce.objet, compte, imprime[1])


def graphies(m: Matiere) -> Iterator[Constat]:
    """Le même sigle à une majuscule près (PAQTE, PaQte) ou, dans les titres d'une même action, à
    une lettre près (PACTE)."""
    premiers: dict[str, Objet] = {}
    par_action: dict[str, set[str]] = defaultdict(set)
    for objet, action, texte in _ecrits(m):
        for sigle in SIGLE.findall(texte):
            premiers.setdefault(sigle, objet)
            if action:
                par_action[action].add(sigle)
    familles: dict[str, str] = {sigle: sigle.upper() for sigle in premiers}
    for sigles in par_action.values():
        for a, b in itertools.combinations(sorted(sigles), 2):
            if len(a) == len(b) and OSA.distance(a.upper(), b.upper()) == 1:
                tete, autre = sorted((familles[a], familles[b]))
                familles = {s: tete if f == autre else f for s, f in familles.items()}
    for tete in dict.fromkeys(familles.values()):
        formes = [sigle for sigle in premiers if familles[sigle] == tete]
        if len(formes) > 1:
            liste = ", ".join(f"« {f} »" for f in formes)
            phrase = f"Un sigle s'écrit de {len(formes)} façons : {liste}."
            objet = premiers[formes[-1]]
            yield Constat(Regle.GRAPHIE, phrase, objet, formes[0], ", ".join(formes[1:]))


def _ecrits(m: Matiere) -> Iterator[tuple[Objet, str, str]]:
    """(objet, numéro de l'action s'il y en a un, texte), sauf un texte tout en capitales."""
    ecrits = [
        *((lu.objet, "", lu.texte) for lu in m.textes),
        *((a.objet, a.numero, a.intitule) for a in m.actions),
        *((t.objet, t.numero, t.titre) for t in m.titres),
        *((p.objet, p.action, p.texte) for p in m.priorites),
    ]
    return (e for e in ecrits if e[2].upper() != e[2])


def evolutions(m: Matiere) -> Iterator[Constat]:
    """« depuis 2015 » : l'indicateur a un millésime qui remonte jusque-là."""
    for indicateur in m.indicateurs:
        for analyse in indicateur.analyses:
            for annee in DEPUIS.findall(analyse):
                if indicateur.annees and int(annee) < min(indicateur.annees):
                    plus_ancien = str(min(indicateur.annees))
                    phrase = (
                        f"{indicateur.objet.nom} : l'analyse dit une évolution depuis {annee} ; "
                        f"la plus ancienne mesure est de {plus_ancien}."
                    )
                    yield Constat(Regle.EVOLUTION, phrase, indicateur.objet, annee, plus_ancien)


def statut(m: Matiere) -> Iterator[Constat]:
    """Un texte signé a des signatures ; un projet de délibération n'adopte rien ; une version 0
    est provisoire."""
    if m.signe and not m.signatures:
        phrase = "Le contrat est dit signé ; aucune signature ni original ne le montre."
        yield Constat(Regle.STATUT, phrase, m.contrat, "une signature", "aucune")
    for projet in m.projets:
        phrase = f"{projet.nom} n'est qu'un projet : elle n'adopte pas encore ce texte."
        yield Constat(Regle.STATUT, phrase, projet, "adoptée", "projet")
    if PROVISOIRE.match(plier(m.version_source)):
        phrase = f"Le document source est la version {m.version_source} : il est provisoire."
        yield Constat(Regle.STATUT, phrase, m.contrat, "une version arrêtée", m.version_source)


def releves(m: Matiere) -> Iterator[Constat]:
    """Ce que l'import a noté et que personne n'a encore tranché."""
    for releve in m.releves:
        yield Constat(releve.regle, releve.phrase, releve.objet, releve.attendu, releve.lu)
