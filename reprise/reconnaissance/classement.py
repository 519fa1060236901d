"""Un rôle par élément, dans l'ordre : où l'on est dit ce que l'élément peut être."""

import re

from reprise.lecture.formes import Nature
from reprise.reconnaissance.etat import Etat
from reprise.reconnaissance.formes import Choix, Element, Place, Role
from reprise.reconnaissance.ouvertures import Ouvertures
from reprise.reconnaissance.vocabulaire import (
    EXACT,
    ModeleConnu,
    SectionConnue,
    Trouve,
    Vocabulaire,
    plier,
)

TERMINE = re.compile(r"[.!?:;,…)»]$")
CONTENU = {
    Role.TEXTE, Role.ACTION, Role.SOUS_ACTION, Role.LIGNE, Role.ENGAGEMENT, Role.AXE,
    Role.INSTANCE, Role.PREAMBULE, Role.POINT, Role.PARTENAIRES, Role.DISPOSITIF,
}  # fmt: skip
OUVRENT = {Role.SECTION, Role.FICHE, Role.ARTICLE, Role.ANNEXE, Role.LIEU_DATE, Role.INTITULE}


class Classement:
    """Parcourt les éléments une fois ; une décision de l'agent l'emporte et oriente la suite."""

    def __init__(
        self,
        elements: list[Element],
        vocabulaire: Vocabulaire,
        *,
        type_contrat: str,
        modele: ModeleConnu | None,
        genre: str,
        decisions: dict[str, Choix],
    ) -> None:
        self.elements, self.vocabulaire = elements, vocabulaire
        self.type, self.modele, self.genre = type_contrat, modele, genre
        self.decisions = decisions
        self.etat = Etat()
        self.libelles = [self._libelles(e) for e in elements]
        self.ouvertures = Ouvertures(self)

    def _libelles(self, element: Element) -> list[Trouve]:
        bloc = element.bloc
        if self.modele is None or bloc.nature in (Nature.TABLEAU, Nature.PAGE, Nature.NOTE):
            return []
        if bloc.nature == Nature.PUCE and not bloc.marque[:1].isalnum() and bloc.confiance > 0.7:
            return []
        return self.vocabulaire.libelle(element.nu, self.modele)

    def placer(self) -> list[Place]:
        """Une place par élément, dans l'ordre ; aucune ne manque."""
        places = []
        for i, element in enumerate(self.elements):
            decide = self.decisions.get(element.id)
            choix = self.ouvertures.ouvre(i) or self._contenu(i)
            place = Place(element, choix, self._autres(choix))
            if decide is not None:
                place = Place(element, decide, [choix, *place.alternatives], True)
            self._suivre(i, place)
            if place.role not in (Role.BRUIT, Role.IGNORE, Role.NOTE, Role.REMPLISSAGE):
                self.etat.avant = place
            places.append(place)
        return places

    # Ce que l'on regarde autour

    def utile(self, i: int, *, apres: int = 1) -> int | None:
        """L'élément qui suit, habillage et notes à part."""
        for j in range(i + 1, len(self.elements)):
            nature = self.elements[j].bloc.nature
            if nature in (Nature.PAGE, Nature.IMAGE, Nature.NOTE):
                continue
            if self.vocabulaire.repere(self.elements[j].nu, "bruit"):
                continue
            apres -= 1
            if not apres:
                return j
        return None

    def libelle(self, i: int | None, seuil: float = EXACT) -> Trouve | None:
        if i is None or not self.libelles[i] or self.libelles[i][0].note < seuil:
            return None
        return self.libelles[i][0]

    def section_pour(self, trouves: list[Trouve]) -> Trouve:
        """Parmi les sections de même libellé, celle de l'horizon où l'on est."""
        meilleurs = [t for t in trouves if t.note >= trouves[0].note - 0.005]
        horizon = self.etat.section.horizon if self.etat.section else ""
        for trouve in meilleurs:
            if trouve.section.horizon == horizon and trouve.section.cle not in self.etat.vues:
                return trouve
        libres = [t for t in meilleurs if t.section.cle not in self.etat.vues]
        return (libres or meilleurs)[0]

    # Ce qui suit, dans la zone ouverte

    def _contenu(self, i: int) -> Choix:
        element, etat = self.elements[i], self.etat
        if self._suite(element):
            return Choix(Role.TEXTE, "suite", 0.85, "La phrase d'avant n'est pas finie.")
        zone = getattr(self, f"_dans_{etat.zone}", None)
        return zone(i) if zone else Choix(Role.TEXTE, "", 0.8)

    def _suite(self, element: Element) -> bool:
        avant = self.etat.avant
        if avant is None or avant.role not in CONTENU or element.bloc.nature == Nature.TABLEAU:
            return False
        if element.bloc.nature == Nature.PUCE or not element.nu[:1].islower():
            return False
        return not TERMINE.search(avant.element.nu)

    def _dans_tete(self, i: int) -> Choix:
        element = self.elements[i]
        if len(element.nu) < 80:
            return Choix(
                Role.BRUIT, "", 0.6, "Un court texte avant le titre : un logo, un en-tête."
            )
        return Choix(Role.PREAMBULE, "", 0.6, "Un texte avant tout titre.")

    def _dans_titre(self, i: int) -> Choix:
        element = self.elements[i]
        if element.bloc.nature == Nature.TITRE and not self.etat.sous_titre:
            return Choix(Role.SOUS_TITRE, "", 0.85, "Un titre juste sous le titre.")
        return self._dans_preambule(i)

    def _dans_preambule(self, i: int) -> Choix:
        if self.elements[i].bloc.nature == Nature.TITRE:
            return Choix(Role.PREAMBULE, "", 0.65, "Un intertitre avant le premier article.")
        return Choix(Role.PREAMBULE, "", 0.9, "Avant le premier article.")

    def _dans_article(self, i: int) -> Choix:
        element, etat = self.elements[i], self.etat
        puce = element.bloc.nature == Nature.PUCE
        if etat.attendu == "engagements" and (puce or element.nu[:1].islower()):
            return Choix(Role.ENGAGEMENT, "", 0.95 if puce else 0.7, "Après « s'engagent à ».")
        if etat.attendu.startswith("axes:") and puce:
            return Choix(Role.AXE, etat.attendu[5:], 0.93, "Après l'annonce des champs.")
        if etat.gouvernance and puce and self.vocabulaire.repere(element.nu[:60], "instance"):
            return Choix(Role.INSTANCE, "", 0.9, "Une instance, dans l'article de gouvernance.")
        if element.bloc.nature == Nature.TITRE and not self._annonce(element):
            cible = "titre" if element.bloc.confiance >= 0.9 else ""
            return Choix(Role.TEXTE, cible, 0.65, "Un intertitre dans l'article.")
        return Choix(Role.TEXTE, "", 0.93 if not puce else 0.9, "Dans l'article ouvert.")

    def _dans_axes(self, i: int) -> Choix:
        element = self.elements[i]
        numerote = element.bloc.nature == Nature.PUCE and element.bloc.marque[:1].isalnum()
        if numerote or (element.bloc.nature == Nature.PUCE and element.bloc.niveau == 0):
            return Choix(Role.AXE, self.etat.annonce, 0.9, "Un des intitulés annoncés.")
        return Choix(Role.TEXTE, "", 0.85, "Sous l'intitulé qui précède.")

    def _dans_signature(self, i: int) -> Choix:
        element = self.elements[i]
        if len(element.nu) > 250:
            return Choix(Role.NON_PLACE, "", 0.4, "Un long texte parmi les signatures.")
        return Choix(Role.SIGNATAIRE, "", 0.9, "Dans le bloc de signature.")

    def _dans_temoin(self, i: int) -> Choix:
        if len(self.elements[i].nu) > 250:
            return Choix(Role.NON_PLACE, "", 0.4, "Un long texte parmi les signatures.")
        return Choix(Role.TEMOIN, "", 0.85, "Après « en présence de ».")

    def _dans_annexe(self, i: int) -> Choix:
        return Choix(Role.TEXTE, "", 0.85, "Dans l'annexe ouverte.")

    def _dans_deliberation(self, i: int) -> Choix:
        return Choix(Role.OBJET, "", 0.9, "Sous le numéro de la délibération.")

    def _dans_expose(self, i: int) -> Choix:
        return Choix(Role.TEXTE, "", 0.93, "Dans l'exposé.")

    def _dans_decision(self, i: int) -> Choix:
        return Choix(Role.TEXTE, "", 0.7, "Dans la décision.")

    def _dans_dispositif(self, i: int) -> Choix:
        return Choix(Role.TEXTE, "", 0.93, "Dans l'article de la délibération.")

    def _dans_session(self, i: int) -> Choix:
        return Choix(Role.POINT, "", 0.93, "Dans la rubrique ouverte.")

    def _dans_fiche(self, i: int) -> Choix:
        section = self.etat.section
        if section is None:
            return self._sans_section(i)
        if self._titre_inconnu(i):
            candidats = self.libelles[i]
            if candidats:
                return Choix(
                    Role.SECTION, candidats[0].section.cle, candidats[0].note * 0.8,
                    "Un intertitre proche d'un libellé connu.",
                )  # fmt: skip
            return Choix(
                Role.NON_PLACE, "titre", 0.3, "Un intertitre que le modèle ne connaît pas."
            )
        if self.etat.inconnu:
            return Choix(Role.NON_PLACE, "", 0.3, "Sous un intertitre que rien ne reconnaît.")
        if section.nature == "texte":
            doute = self.elements[i].bloc.nature == Nature.TITRE and self.etat.contenu > 0
            return Choix(Role.TEXTE, "", 0.7 if doute else 0.93, "Dans la section ouverte.")
        if section.nature == "actions":
            return self._action(i)
        if section.nature == "partenaires":
            return self._partenaires(i)
        return self._ligne(i, section)

    def _sans_section(self, i: int) -> Choix:
        modele, element = self.modele, self.elements[i]
        puce = element.bloc.nature == Nature.PUCE
        suivant = self.utile(i)
        coupee = suivant is not None and self.elements[suivant].nu[:1].islower()
        breve = len(element.nu) <= 200 and not element.nu.endswith((".", ":")) and not coupee
        nature = "actions" if puce or breve else "texte"
        section = modele.premiere(nature) if modele else None
        if section is None:
            return Choix(Role.NON_PLACE, "", 0.3, "La fiche n'a pas encore de section.")
        role = Role.ACTION if nature == "actions" else Role.TEXTE
        if nature == "actions" and element.bloc.niveau > 0:
            role = Role.SOUS_ACTION
        sure = 0.9 if self.etat.annonce and puce != (nature == "texte") else 0.6
        return Choix(role, section.cle, sure, "D'après sa forme : la fiche n'a pas de libellés.")

    def _titre_inconnu(self, i: int) -> bool:
        """Un intertitre stylé que rien ne reconnaît."""
        bloc = self.elements[i].bloc
        return bloc.nature == Nature.TITRE and bloc.confiance >= 0.9 and len(bloc.nu) < 120

    def _action(self, i: int) -> Choix:
        element, etat = self.elements[i], self.etat
        bloc = element.bloc
        if bloc.nature == Nature.PUCE:
            if bloc.niveau > 0 and etat.contenu:
                return Choix(Role.SOUS_ACTION, "", 0.95, "Un point en retrait.")
            if etat.enumeration >= 0 and bloc.niveau == 0:
                return Choix(Role.SOUS_ACTION, "", 0.72, "Après un point qui finit par « : ».")
            return Choix(Role.ACTION, "", 0.95, "Un point de la liste.")
        if self._des_puces_suivent(i) and element.nu.endswith(":"):
            return Choix(Role.TEXTE, "", 0.92, "Une phrase qui introduit la liste.")
        if not etat.contenu:
            return Choix(Role.ACTION, "", 0.93, "Le texte de la section, sans liste.")
        if etat.section is not None and etat.section.horizon == "pilote":
            return Choix(Role.TEXTE, "", 0.76, "La suite de l'action pilote.")
        if etat.enumeration >= 0:
            return Choix(Role.SOUS_ACTION, "", 0.6, "Après un point qui finit par « : ».")
        return Choix(Role.ACTION, "", 0.78, "Un paragraphe d'une section d'actions.")

    def _des_puces_suivent(self, i: int) -> bool:
        suivant = self.utile(i)
        return suivant is not None and self.elements[suivant].bloc.nature == Nature.PUCE

    def _partenaires(self, i: int) -> Choix:
        element = self.elements[i]
        if self.etat.contenu and element.bloc.nature != Nature.PUCE:
            return Choix(Role.NON_PLACE, "", 0.4, "Un texte après une liste de partenaires.")
        if element.bloc.nature == Nature.PUCE or "," in element.nu or not self.etat.contenu:
            return Choix(Role.PARTENAIRES, "", 0.85, "Dans la liste de partenaires.")
        return Choix(Role.NON_PLACE, "", 0.4, "Un texte après une liste de partenaires.")

    def _ligne(self, i: int, section: SectionConnue) -> Choix:
        element = self.elements[i]
        ailleurs = self._imprime_ailleurs(i, section)
        if ailleurs is not None:
            return Choix(
                Role.LIGNE, ailleurs.cle, 0.55,
                f"Imprimé sous « {section.libelle} », mais dit plutôt : {ailleurs.libelle}.",
            )  # fmt: skip
        puce = element.bloc.nature == Nature.PUCE
        return Choix(Role.LIGNE, "", 0.93 if puce else 0.85, "Une ligne de la section.")

    def _imprime_ailleurs(self, i: int, section: SectionConnue) -> SectionConnue | None:
        """Les mots de la ligne sont ceux d'une autre rubrique, plus que de la sienne."""
        if self.modele is None:
            return None
        texte = plier(self.elements[i].nu)
        indices = self.vocabulaire.indices
        propre = sum(bool(m.search(texte)) for m in indices.get(section.nature, ()))
        a_part = i > 0 and self.elements[i].bloc.ligne > self.elements[i - 1].bloc.ligne + 1 > 1
        for autre in self.modele.sections:
            if autre.nature == section.nature or section.nature not in indices:
                continue
            compte = sum(bool(m.search(texte)) for m in indices.get(autre.nature, ()))
            if compte - propre >= (1 if a_part else 2):
                return autre
        return None

    # L'état après chaque place

    def _suivre(self, i: int, place: Place) -> None:
        etat, element = self.etat, place.element
        if place.role == Role.NON_PLACE:
            etat.inconnu = etat.inconnu or place.cible == "titre"
        elif place.decide or place.role in OUVRENT:
            etat.inconnu = False
        if place.role in (Role.BRUIT, Role.IGNORE, Role.REMPLISSAGE, Role.NOTE, Role.NON_PLACE):
            return
        self._zone(i, place)
        if place.role in (Role.ACTION, Role.TEXTE, Role.LIGNE, Role.PARTENAIRES):
            etat.contenu += 1
        if place.role in (Role.ACTION, Role.SOUS_ACTION):
            self._enumeration(place)
        if place.role in (Role.TEXTE, Role.ARTICLE, Role.PREAMBULE):
            etat.attendu = self._annonce(element)

    def _annonce(self, element: Element) -> str:
        for role in ("engagements", *self.vocabulaire.roles("axes:")):
            if self.vocabulaire.repere(element.nu, role, type_contrat=self.type):
                return role
        return ""

    def _enumeration(self, place: Place) -> None:
        """« … : » ouvre des sous-points à plat ; le premier sans virgule les ferme."""
        texte = place.element.nu
        if place.role == Role.ACTION:
            self.etat.enumeration = 0 if texte.endswith(":") else -1
        elif place.element.bloc.niveau > 0 or not texte.endswith((",", ";")):
            self.etat.enumeration = -1

    def _zone(self, i: int, place: Place) -> None:
        etat, element = self.etat, place.element
        match place.role:
            case Role.INTITULE:
                etat.zone, etat.intitule = "titre", plier(element.nu)
            case Role.SOUS_TITRE:
                etat.zone, etat.sous_titre = "titre", True
            case Role.PREAMBULE:
                etat.zone = "preambule"
            case Role.ARTICLE:
                etat.zone, etat.fiche, etat.section = "article", "", None
                etat.gouvernance = bool(self.vocabulaire.repere(element.nu, "gouvernance"))
            case Role.ANNEXE:
                etat.zone, etat.fiche, etat.section = "annexe", "", None
            case Role.LIEU_DATE:
                etat.zone = "signature"
            case Role.TEMOIN:
                etat.zone = "temoin"
            case Role.FICHE:
                etat.zone, etat.fiche, etat.section = "fiche", element.id, None
                etat.vues, etat.ordre, etat.contenu = [], 0, 0
                etat.allure = etat.allure or self.ouvertures.allure(element)
            case Role.SECTION:
                self._ouvrir_section(place)
            case Role.ANNONCE:
                etat.annonce = place.cible.split("#")[0]
                etat.zone = "axes"
            case Role.DELIBERATION:
                etat.zone = "deliberation"
            case Role.EXPOSE:
                etat.zone = "expose"
            case Role.DECISION | Role.VISA:
                etat.zone = "decision"
            case Role.DISPOSITIF:
                etat.zone = "dispositif"
            case Role.RUBRIQUE:
                etat.zone = "session"

    def _ouvrir_section(self, place: Place) -> None:
        etat = self.etat
        section = self.modele.section(place.cible) if self.modele else None
        if section is None:
            return
        if not etat.fiche or etat.zone != "fiche":
            etat.fiche, etat.vues, etat.ordre = etat.fiche or place.element.id, [], 0
        etat.zone, etat.section, etat.contenu, etat.enumeration = "fiche", section, 0, -1
        etat.vues.append(section.cle)
        etat.ordre = max(etat.ordre, section.ordre)
        trouve = self.vocabulaire.libelle(place.element.nu, self.modele) if self.modele else []
        if trouve and trouve[0].reste:
            etat.contenu = 1

    def _autres(self, choix: Choix) -> list[Choix]:
        """Les places voisines, à proposer quand celle-ci est douteuse."""
        etat = self.etat
        if etat.zone == "fiche" and self.modele is not None:
            section = etat.section
            possibles = [Choix(Role.TEXTE, "", 0.3), Choix(Role.ACTION, "", 0.3)]
            if section is not None and section.nature not in ("texte", "actions", "partenaires"):
                possibles = [Choix(Role.LIGNE, "", 0.4), Choix(Role.TEXTE, "", 0.2)]
            possibles += [Choix(Role.SOUS_ACTION, "", 0.2), Choix(Role.FICHE, "", 0.2)]
        elif etat.zone == "article":
            possibles = [
                Choix(Role.TEXTE),
                Choix(Role.ENGAGEMENT),
                Choix(Role.ARTICLE),
                Choix(Role.FICHE),
            ]
        else:
            possibles = [
                Choix(Role.PREAMBULE),
                Choix(Role.TEXTE),
                Choix(Role.ARTICLE),
                Choix(Role.FICHE),
            ]
        return [p for p in possibles if p.code != choix.code][:4]
