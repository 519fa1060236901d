"""Ce que le contrat annonce et ne porte pas ; ce qu'il porte et que rien n'annonce."""

import re
from collections.abc import Iterator

from coherence.enums import Regle
from coherence.formes import Constat, Matiere, TexteLu
from contrats.enums import Horizon
from reprise.reconnaissance.controles import RenvoiEcrit, Vers, renvois, sauts
from reprise.reconnaissance.vocabulaire import plier

PARLE_D_ACTIONS = re.compile(r"\b(?:actions?|projets? operationnels?)\b")
HORIZONS = (
    (re.compile(r"\bactions? pilotes?\b"), Horizon.PILOTE, "pilote"),
    (re.compile(r"\bactions? (?:operationnelles? )?(?:de|a) court termes?\b"), Horizon.COURT,
     "de court terme"),
    (re.compile(r"\bactions? (?:de|a) moyen et long termes?\b"), Horizon.MOYEN_LONG,
     "de moyen et long terme"),
)  # fmt: skip


def annexes_absentes(m: Matiere) -> Iterator[Constat]:
    """Annoncée, une annexe a un contenu : un texte, ou les fiches du contrat s'il en a."""
    for annexe in m.annexes:
        if annexe.vide or (annexe.de_fiches and not m.fiches):
            quoi = "le contrat n'a aucune fiche" if annexe.de_fiches else "elle est vide"
            phrase = f"{annexe.objet.nom} est annoncée ; {quoi}."
            yield Constat(Regle.ANNEXE_ABSENTE, phrase, annexe.objet, "un contenu", "rien")
    connues = {annexe.numero for annexe in m.annexes}
    for texte in m.textes:
        for renvoi in renvois(texte.texte):
            if renvoi.vers == Vers.ANNEXE and renvoi.numero not in connues:
                phrase = f"{texte.objet.nom} cite l'annexe {renvoi.numero}, que le contrat n'a pas."
                attendu = f"annexe {renvoi.numero}"
                yield Constat(Regle.ANNEXE_ABSENTE, phrase, texte.objet, attendu, "absente")


def renvois_vers_rien(m: Matiere) -> Iterator[Constat]:
    """Un renvoi mène à une fiche qui existe, et qui porte le numéro qu'il dit."""
    numeros = {fiche.numero for fiche in m.fiches if fiche.numero}
    for texte in m.textes:
        for enregistre in texte.renvois:
            if enregistre.perdu:
                phrase = (
                    f"{texte.objet.nom} renvoie (« {enregistre.texte} ») à une fiche supprimée."
                )
                yield Constat(Regle.RENVOI, phrase, texte.objet, enregistre.texte, "supprimée")
        for renvoi in renvois(texte.texte):
            lie = _lie(renvoi, texte)
            if renvoi.vers == Vers.VAGUE:
                phrase = f"{texte.objet.nom} écrit « {renvoi.mots} » sans dire à quelle fiche."
                yield Constat(Regle.RENVOI_VAGUE, phrase, texte.objet, "un numéro", renvoi.mots)
            elif renvoi.vers == Vers.FICHE and not (
                lie or renvoi.dehors or renvoi.numero in numeros
            ):
                quoi = f"fiche {renvoi.numero}"
                phrase = f"{texte.objet.nom} renvoie à la {quoi}, qu'aucune fiche ne porte."
                yield Constat(Regle.RENVOI, phrase, texte.objet, quoi, "absente")


def _lie(renvoi: RenvoiEcrit, texte: TexteLu) -> bool:
    """Un renvoi enregistré dit déjà où mène ce numéro : à un document, ou à la fiche qui l'a."""
    for enregistre in texte.renvois:
        ecrits = {e.numero for e in renvois(enregistre.texte)} | set(
            re.findall(r"\d{1,2}(?:\.\d{1,2})?", enregistre.texte)
        )
        if renvoi.numero in ecrits:
            return enregistre.perdu or enregistre.numero in ("", renvoi.numero)
    return False


def sections_vides(m: Matiere) -> Iterator[Constat]:
    """Une section ou un article qui n'a rien ; « néant » et « sans objet » sont des réponses."""
    for article in m.articles:
        if not article.texte.strip() and not article.engagements:
            phrase = f"{article.objet.nom} n'a ni texte ni engagement."
            yield Constat(Regle.SECTION_VIDE, phrase, article.objet, "un texte", "rien")
    for fiche in m.fiches:
        for section in fiche.sections:
            if section.vide:
                phrase = f"{section.objet.nom} est vide."
                yield Constat(Regle.SECTION_VIDE, phrase, section.objet, "un contenu", "rien")


def articles_qui_sautent(m: Matiere) -> Iterator[Constat]:
    """Les articles se suivent d'un en un."""
    par_numero = {article.numero: article for article in m.articles}
    for avant, apres in sauts([article.numero for article in m.articles]):
        phrase = f"L'article {apres} suit l'article {avant} : un numéro manque ou se répète."
        objet = par_numero[apres].objet
        yield Constat(Regle.NUMERO_SAUTE, phrase, objet, str(int(avant) + 1), apres)


def articles_sans_action(m: Matiere) -> Iterator[Constat]:
    """Un article qui parle d'actions en a : du terme qu'il nomme, s'il en nomme un."""
    for article in m.articles:
        plie = plier(f"{article.titre}\n{article.texte}")
        for motif, horizon, mots in HORIZONS:
            if m.actions and motif.search(plie) and not m.actions_a(horizon):
                phrase = f"{article.objet.nom} parle d'actions {mots} ; le contrat n'en a aucune."
                attendu = f"actions {mots}"
                yield Constat(Regle.ARTICLE_SANS_ACTION, phrase, article.objet, attendu, "0")
        if not m.actions and PARLE_D_ACTIONS.search(plie):
            phrase = f"{article.objet.nom} parle d'actions ; le contrat n'en a aucune."
            yield Constat(Regle.ARTICLE_SANS_ACTION, phrase, article.objet, "des actions", "0")


def axes_sans_action(m: Matiere) -> Iterator[Constat]:
    """Dans une nature d'axes qui porte des actions ou des fiches, chacun en porte."""
    portes = {a.axe for a in m.actions if a.axe} | {f.axe for f in m.fiches if f.axe}
    parents = {axe.cle: axe.parent for axe in m.axes}
    natures = {axe.nature for axe in m.axes if axe.cle in portes}
    for porte in list(portes):
        parent = parents.get(porte)
        while parent is not None:
            portes.add(parent)
            parent = parents.get(parent)
    for axe in m.axes:
        if axe.nature in natures and axe.cle not in portes:
            phrase = f"{axe.objet.nom} ne porte ni fiche ni action."
            yield Constat(Regle.ARTICLE_SANS_ACTION, phrase, axe.objet, "une action", "0")


def actions_hors_article(m: Matiere) -> Iterator[Constat]:
    """Toute action est dans une fiche, sous un axe, ou le sous-point d'une autre."""
    hors = [a for a in m.actions if not (a.fiche or a.axe or a.sous_point)]
    if len(hors) > 1 and len(hors) == len(m.actions):
        phrase = f"Les {len(hors)} actions du contrat n'ont ni fiche ni axe."
        lu = str(len(hors))
        yield Constat(Regle.ACTION_HORS_ARTICLE, phrase, m.contrat, "une fiche ou un axe", lu)
        return
    for action in hors:
        phrase = f"{action.objet.nom} n'est dans aucune fiche ni sous aucun axe."
        yield Constat(
            Regle.ACTION_HORS_ARTICLE, phrase, action.objet, "une fiche ou un axe", "rien"
        )


def fiches_hors_axe(m: Matiere) -> Iterator[Constat]:
    """Si les fiches se rangent sous les axes du texte, aucune ne reste dehors."""
    rangees = {fiche.axe for fiche in m.fiches if fiche.axe}
    natures = {axe.nature for axe in m.axes if axe.cle in rangees}
    nombre = sum(axe.nature in natures for axe in m.axes)
    for fiche in m.fiches:
        if natures and fiche.axe is None:
            quoi = f"des {nombre} axes du texte" if nombre > 1 else "axe du texte"
            phrase = f"{fiche.objet.nom} n'est sous aucun {quoi}, où sont les autres."
            yield Constat(Regle.FICHE_HORS_AXE, phrase, fiche.objet, "un axe", "aucun")


def parties_sans_signataire(m: Matiere) -> Iterator[Constat]:
    """Chaque partie a quelqu'un qui signe pour elle."""
    for partie in m.parties:
        if not partie.signataires:
            phrase = f"{partie.objet.nom} n'a pas de signataire."
            yield Constat(Regle.SANS_SIGNATAIRE, phrase, partie.objet, "un signataire", "aucun")


def numeros_deduits(m: Matiere) -> Iterator[Constat]:
    """Un numéro de fiche que la source n'imprime pas, mais que des renvois supposent."""
    for fiche in m.fiches:
        if fiche.deduit:
            phrase = (
                f"{fiche.objet.nom} n'a pas de numéro imprimé ; "
                f"les renvois supposent {fiche.numero}."
            )
            yield Constat(Regle.NUMERO_DEDUIT, phrase, fiche.objet, fiche.numero, "non imprimé")
