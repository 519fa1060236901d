"""Les annexes territoriales face au tableau des actions, et les priorités face à la matrice."""

import re
from collections.abc import Iterator

from coherence.enums import Regle
from coherence.formes import Constat, Matiere
from contrats.enums import NatureAxe
from reprise.reconnaissance.vocabulaire import plier

PLAGE = re.compile(r"\bprogrammes?\s+(?:n[°o]\s*)?(\d{1,2})\s*(?:a|-|au)\s*(\d{1,2})\b")
ACTION = re.compile(r"\bactions?\s+n\s*[°o]\s*(\d{1,3})\b")


def numeros_echanges(m: Matiere) -> Iterator[Constat]:
    """Une annexe imprime l'action sous le numéro d'une autre : deux à deux, ou à la suite."""
    numeros = {titre.numero for titre in m.titres}
    faux = [t for t in m.titres if t.imprime and t.imprime != t.numero]
    rendus: set[tuple[str, str]] = set()
    for titre in faux:
        echange = any(
            (autre.annexe, autre.numero, autre.imprime)
            == (titre.annexe, titre.imprime, titre.numero)
            for autre in faux
        )
        if (titre.annexe, titre.imprime) in rendus:
            continue
        rendus.add((titre.annexe, titre.numero))
        if echange:
            phrase = (
                f"Les numéros {titre.numero} et {titre.imprime} sont échangés "
                f"dans l'annexe {titre.annexe} : le titre fait foi."
            )
        else:
            de_qui = "celui d'une autre action" if titre.imprime in numeros else "inconnu ailleurs"
            phrase = (
                f"{titre.objet.nom} porte le numéro {titre.imprime} "
                f"dans l'annexe {titre.annexe}, {de_qui}."
            )
        yield Constat(
            Regle.NUMERO_ECHANGE, phrase, titre.objet, titre.numero,
            f"{titre.imprime} ({titre.annexe})",
        )  # fmt: skip


def lignes_absentes(m: Matiere) -> Iterator[Constat]:
    """Une annexe saute une action du tableau."""
    for titre in m.titres:
        if titre.absente:
            phrase = f"{titre.objet.nom} n'a pas de ligne dans l'annexe {titre.annexe}."
            lu = f"absente ({titre.annexe})"
            yield Constat(Regle.LIGNE_ABSENTE, phrase, titre.objet, "une ligne", lu)


def plages_de_programmes(m: Matiere) -> Iterator[Constat]:
    """« actions du cadre de vie (programme 1 à 5) » : les programmes de cet axe, exactement."""
    for cellule in m.cellules:
        enfants = [
            a
            for a in m.axes
            if a.parent == cellule.axe and a.nature == NatureAxe.PROGRAMME and a.numero.isdigit()
        ]
        plage = PLAGE.search(plier(cellule.texte))
        if cellule.axe is None or not plage or not enfants:
            continue
        numeros = sorted(int(axe.numero) for axe in enfants)
        de, a = int(plage[1]), int(plage[2])
        if list(range(de, a + 1)) != numeros:
            lus = f"{numeros[0]} à {numeros[-1]}"
            phrase = (
                f"{cellule.objet.nom} écrit « {cellule.texte} » ; "
                f"les programmes de cet axe vont de {lus}."
            )
            yield Constat(Regle.PLAGE, phrase, cellule.objet, f"{de} à {a}", lus)


def renvois_de_cellules(m: Matiere) -> Iterator[Constat]:
    """« en lien avec l'action n° 28 » : elle existe, et c'est elle que la cellule vise."""
    connus = {action.numero for action in m.actions}
    for cellule in m.cellules:
        cites = ACTION.findall(plier(cellule.texte))
        for numero in cites:
            if numero not in connus:
                phrase = f"{cellule.objet.nom} renvoie à l'action {numero}, qui n'existe pas."
                yield Constat(Regle.RENVOI, phrase, cellule.objet, f"action {numero}", "absente")
        if cellule.action and len(cites) == 1 and cites[0] in connus - {cellule.action}:
            phrase = (
                f"{cellule.objet.nom} écrit « {cellule.texte} » "
                f"et renvoie à l'action {cellule.action}."
            )
            yield Constat(Regle.RENVOI, phrase, cellule.objet, cites[0], cellule.action)


def priorites_vides(m: Matiere) -> Iterator[Constat]:
    """Dans un contrat qui a une matrice, une action prioritaire y a au moins une case."""
    if not m.annexes_territoriales:
        return
    for action in m.actions:
        if action.prioritaire and not action.declinaisons:
            phrase = f"{action.objet.nom} est prioritaire et n'a aucune déclinaison."
            yield Constat(Regle.PRIORITE_VIDE, phrase, action.objet, "une déclinaison", "0")


def priorites_partielles(m: Matiere) -> Iterator[Constat]:
    """Un programme cité par les priorités, dont une action n'est pas prioritaire."""
    cites = {p for priorite in m.priorites for p in priorite.programmes}
    for action in m.actions:
        if action.axe in cites and not action.prioritaire:
            phrase = f"{action.objet.nom} relève d'un programme prioritaire sans l'être elle-même."
            yield Constat(Regle.PRIORITE_PARTIELLE, phrase, action.objet, "prioritaire", "non")


def priorites_sans_action(m: Matiere) -> Iterator[Constat]:
    """Une puce des priorités qui ne correspond à aucune action."""
    for priorite in m.priorites:
        if not priorite.action:
            phrase = f"{priorite.objet.nom} n'a pas de numéro d'action."
            yield Constat(
                Regle.PRIORITE_SANS_ACTION, phrase, priorite.objet, "une action", "aucune"
            )


def ordre_des_annexes(m: Matiere) -> Iterator[Constat]:
    """Le sommaire et l'impression rangent les annexes de même."""
    sommaire = sorted(m.annexes_territoriales, key=lambda a: a.ordre_sommaire)
    imprimees = sorted(m.annexes_territoriales, key=lambda a: a.ordre_imprime)
    if sommaire != imprimees:
        attendu = ", ".join(a.nom for a in sommaire)
        lu = ", ".join(a.nom for a in imprimees)
        phrase = f"Le sommaire range les annexes : {attendu} ; elles sont imprimées : {lu}."
        yield Constat(Regle.ORDRE, phrase, m.contrat, attendu, lu)


def decoupages(m: Matiere) -> Iterator[Constat]:
    """Quartiers, colonnes et conseils citoyens se comptent autrement ; un quartier est à cheval."""
    colonnes = sum(a.colonnes for a in m.annexes_territoriales)
    conseils = [a.nombre for a in m.annonces if plier(a.compte) == "conseils citoyens"]
    if colonnes and m.quartiers and colonnes != m.quartiers:
        phrase = f"Le contrat a {m.quartiers} quartiers ; ses annexes, {colonnes} colonnes."
        yield Constat(Regle.DECOUPAGE, phrase, m.contrat, str(m.quartiers), f"{colonnes} colonnes")
    for nombre in conseils:
        if m.quartiers and nombre != m.quartiers:
            phrase = f"Le contrat a {m.quartiers} quartiers et {nombre} conseils citoyens."
            lu = f"{nombre} conseils citoyens"
            yield Constat(Regle.DECOUPAGE, phrase, m.contrat, str(m.quartiers), lu)
    vus: dict[str, str] = {}
    for annexe in m.annexes_territoriales:
        for quartier in sorted(annexe.quartiers):
            if quartier in vus:
                phrase = f"{quartier} est à cheval sur les annexes {vus[quartier]} et {annexe.nom}."
                yield Constat(Regle.DECOUPAGE, phrase, annexe.objet, "une annexe", quartier)
            vus[quartier] = annexe.nom
