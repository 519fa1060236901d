"""Un rôle par élément, dans l'ordre : où l'on est dit ce que l'élément peut être."""

from reprise.lecture.formes import Nature
from reprise.reconnaissance.contenus import Contenus
from reprise.reconnaissance.etat import Etat
from reprise.reconnaissance.formes import Choix, Element, Place, Role
from reprise.reconnaissance.listes import nombre
from reprise.reconnaissance.ouvertures import Ouvertures
from reprise.reconnaissance.vocabulaire import (
    EXACT,
    ModeleConnu,
    Trouve,
    Vocabulaire,
    plier,
)

OUVRENT = {Role.SECTION, Role.FICHE, Role.ARTICLE, Role.ANNEXE, Role.LIEU_DATE, Role.INTITULE}


class Classement(Contenus):
    """Parcourt les éléments une fois ; une décision de l'agent l'emporte et oriente la suite."""

    def __init__(
        self,
        elements: list[Element],
        vocabulaire: Vocabulaire,
        *,
        type_contrat: str,
        type_sur: float = 1.0,
        modele: ModeleConnu | None,
        genre: str,
        decisions: dict[str, Choix],
    ) -> None:
        self.elements, self.vocabulaire = elements, vocabulaire
        self.type_sur = type_sur
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
        if element.bloc.nature == Nature.PUCE:
            etat.puces += 1
        etat.instances += place.role == Role.INSTANCE
        if place.role in (Role.ACTION, Role.SOUS_ACTION):
            self._enumeration(place)
        if place.role in (Role.TEXTE, Role.ARTICLE, Role.PREAMBULE) and place.cible != "suite":
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
                if etat.zone == "dispositif":  # un contrat derrière la délibération qui l'approuve
                    self.ouvertures.articles_apres(i)
                etat.zone, etat.intitule = "titre", plier(element.nu)
            case Role.SOUS_TITRE:
                etat.zone, etat.sous_titre = "titre", True
            case Role.PREAMBULE:
                etat.zone = "preambule"
            case Role.ARTICLE:
                etat.zone, etat.fiche, etat.section = "article", "", None
                etat.articles, etat.instances = etat.articles + 1, 0
                etat.gouvernance = bool(self.vocabulaire.repere(element.nu, "gouvernance"))
            case Role.ANNEXE:
                etat.zone, etat.fiche, etat.section = "annexe", "", None
            case Role.LIEU_DATE:
                etat.zone = "signature"
            case Role.TEMOIN:
                etat.zone = "temoin"
            case Role.FICHE:
                etat.zone, etat.fiche, etat.section = "fiche", element.id, None
                etat.vues, etat.ordre, etat.contenu, etat.puces = [], 0, 0, 0
                etat.fiches += 1
                etat.allure = etat.allure or self.ouvertures.allure(element)
            case Role.SECTION:
                self._ouvrir_section(place)
            case Role.ANNONCE:
                etat.annonce, etat.sous = place.cible, element.id
                etat.zone = "axes"
                trouve = self.vocabulaire.repere(
                    element.nu, f"annonce:{place.cible}", type_contrat=self.type
                )
                etat.orientations = nombre(trouve[0]["nombre"]) if trouve else 0
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
        etat.puces = 0
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
