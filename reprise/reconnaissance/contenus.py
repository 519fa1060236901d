"""Ce que l'élément peut être là où l'on est : un rôle par zone, section par section."""

import re

from reprise.lecture.formes import Nature, commence_minuscule
from reprise.reconnaissance.etat import Etat
from reprise.reconnaissance.formes import Choix, Element, Role
from reprise.reconnaissance.lignes import est_neant
from reprise.reconnaissance.vocabulaire import (
    EXACT,
    ModeleConnu,
    SectionConnue,
    Trouve,
    Vocabulaire,
    plier,
)

UNE = re.compile(r"^(?:une?|des?)\b", re.I)
TERMINE = re.compile(r"[.!?:;,…)»]$")
CONTENU = {
    Role.TEXTE, Role.ACTION, Role.SOUS_ACTION, Role.LIGNE, Role.ENGAGEMENT, Role.AXE,
    Role.INSTANCE, Role.PREAMBULE, Role.POINT, Role.PARTENAIRES, Role.DISPOSITIF,
}  # fmt: skip


class Contenus:
    """Part du classement : les éléments qui n'ouvrent rien."""

    elements: list[Element]
    vocabulaire: Vocabulaire
    modele: ModeleConnu | None
    type: str
    etat: Etat
    libelles: list[list[Trouve]]

    def utile(self, i: int, *, apres: int = 1) -> int | None:
        raise NotImplementedError

    def libelle(self, i: int | None, seuil: float = EXACT) -> Trouve | None:
        raise NotImplementedError

    def _annonce(self, element: Element) -> str:
        raise NotImplementedError

    def _contenu(self, i: int) -> Choix:
        element, etat = self.elements[i], self.etat
        if self.suit(element):
            return Choix(Role.TEXTE, "suite", 0.85, "La phrase d'avant n'est pas finie.")
        zone = getattr(self, f"_dans_{etat.zone}", None)
        return zone(i) if zone else Choix(Role.TEXTE, "", 0.8)

    def suit(self, element: Element) -> bool:
        """L'élément commence par une minuscule, et la phrase d'avant n'est pas finie."""
        avant = self.etat.avant
        if avant is None or avant.role not in CONTENU or element.bloc.nature == Nature.TABLEAU:
            return False
        if element.bloc.nature == Nature.PUCE or not commence_minuscule(element.nu):
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
        if etat.attendu == "engagements" and (puce or commence_minuscule(element.nu)):
            return Choix(Role.ENGAGEMENT, "", 0.95 if puce else 0.7, "Après « s'engagent à ».")
        if etat.attendu.startswith("axes:") and (puce or commence_minuscule(element.nu)):
            return Choix(Role.AXE, etat.attendu[5:], 0.93, "Après l'annonce des champs.")
        avant = etat.avant
        suit = (  # une liste qui a perdu ses puces
            avant is not None
            and (etat.instances or avant.element.nu[-1:] == ":")
            and UNE.match(element.nu) is not None
        )
        instance = self.vocabulaire.repere(element.nu[:60], "instance")
        if etat.gouvernance and (puce or suit) and instance:
            return Choix(Role.INSTANCE, "", 0.9, "Une instance, dans l'article de gouvernance.")
        if element.bloc.nature == Nature.TITRE and not self._annonce(element):
            cible = "titre" if element.bloc.confiance >= 0.9 else ""
            return Choix(Role.TEXTE, cible, 0.65, "Un intertitre dans l'article.")
        return Choix(Role.TEXTE, "", 0.93 if not puce else 0.9, "Dans l'article ouvert.")

    def _dans_axes(self, i: int) -> Choix:
        element = self.elements[i]
        if self._autant_qu_annonce(i):
            return Choix(Role.AXE, self.etat.annonce, 0.85, "Autant de lignes qu'annoncé.")
        numerote = element.bloc.nature == Nature.PUCE and element.bloc.marque[:1].isalnum()
        if numerote or (element.bloc.nature == Nature.PUCE and element.bloc.niveau == 0):
            return Choix(Role.AXE, self.etat.annonce, 0.9, "Un des intitulés annoncés.")
        return Choix(Role.TEXTE, "", 0.85, "Sous l'intitulé qui précède.")

    def _autant_qu_annonce(self, i: int) -> bool:
        """Sous l'annonce, autant de blocs qu'elle en dit, ou deux, trois fois autant : le premier
        de chaque groupe est l'intitulé."""
        debut = i
        while debut > 0 and self.elements[debut - 1].id != self.etat.sous:
            debut -= 1
        fin = debut
        while fin < len(self.elements) and self._sous_l_annonce(fin):
            fin += 1
        par, reste = divmod(fin - debut, self.etat.orientations or 99)
        return i < fin and 0 < par <= 3 and not reste and not (i - debut) % par

    def _sous_l_annonce(self, i: int) -> bool:
        bloc = self.elements[i].bloc
        if bloc.nature in (Nature.PAGE, Nature.IMAGE, Nature.TABLEAU) or self.libelle(i):
            return False
        ailleurs = ("bruit", "remplissage", *self.vocabulaire.roles("annonce:"))
        return not any(
            self.vocabulaire.repere(bloc.nu, r, type_contrat=self.type) for r in ailleurs
        )

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
        coupee = suivant is not None and commence_minuscule(self.elements[suivant].nu)
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
        bloc, etat = self.elements[i].bloc, self.etat
        if bloc.nature != Nature.TITRE or len(bloc.nu) >= 120 or est_neant(bloc.nu):
            return False
        if bloc.confiance >= 0.9:
            return etat.contenu > 0 or bloc.confiance >= 0.95
        suivant = self.utile(i)
        apres = self.elements[suivant].bloc.nature if suivant is not None else None
        finie = etat.section is not None and etat.section.nature == "actions" and etat.puces > 0
        return finie and apres not in (Nature.PUCE, None)

    def _action(self, i: int) -> Choix:
        element, etat = self.elements[i], self.etat
        bloc = element.bloc
        if bloc.nature == Nature.PUCE:
            if bloc.niveau > 0 and etat.contenu:
                return Choix(Role.SOUS_ACTION, "", 0.95, "Un point en retrait.")
            if etat.enumeration >= 0 and bloc.niveau == 0:
                return Choix(Role.SOUS_ACTION, "", 0.72, "Après un point qui finit par « : ».")
            return Choix(Role.ACTION, "", 0.95, "Un point de la liste.")
        if element.nu.endswith(":") and self._des_puces_suivent(i):
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
        texte = self.vocabulaire.corriger(plier(self.elements[i].nu))
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
