"""Ce qui ouvre une partie du document : repères, libellés de section, titres de fiche."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from reprise.lecture.formes import Nature
from reprise.lecture.texte import titre_probable
from reprise.reconnaissance.formes import Choix, Element, Role
from reprise.reconnaissance.vocabulaire import ENUMERATION, EXACT, PEUT_ETRE, cle, lettres, plier

if TYPE_CHECKING:
    from reprise.reconnaissance.classement import Classement

LATIN = re.compile(
    r"\b(?:dolor|amet|consectetur|adipis\w+|eiusmod|tempor|incididunt|labore|veniam|nostrud|ullamco|laboris|aliquip|commodo|consequat|voluptate|velit|cillum|fugiat|pariatur|excepteur|occaecat|cupidatat)\b"
)
NUMERO_SUIVANT = re.compile(
    r"^(?P<mot>[a-z]{3,8})\.?\s*(?P<numero>\d{1,2})\s*[-:.)]+\s*(?P<titre>\S.*)$"
)
NUMEROTE = re.compile(r"^\s*\d+(?:\.\d+)*[.)]?\s+|[\s._…]*\d{1,3}$")
SOMMAIRE_MAX = 300
AXES = ("titre", "preambule", "article", "axes", "annexe")
PERSONNE = re.compile(
    r"^(?:(?:M|Mme|Monsieur|Madame)\.?\s+)?[a-zà-ÿ]?[A-ZÀ-Ý][\w'’-]+"
    r"(?:\s+[a-zà-ÿ]?[A-ZÀ-Ý][\w'’-]+){1,3}$"  # « aDrbois » : deux lettres échangées
)


class Ouvertures:
    """Reconnaît les ouvertures, de la plus sûre à la plus devinée."""

    def __init__(self, classement: Classement) -> None:
        self.c = classement
        self.a_des_articles = False
        self.articles_apres(0)
        self.sommaire = self._rangs_du_sommaire()
        self.en_tetes = self._rangs_des_en_tetes()

    def articles_apres(self, i: int) -> None:
        """Le document emploie-t-il le mot « article » à partir d'ici ? Ceux d'une délibération
        placée devant ne disent rien du contrat qui la suit."""
        self.a_des_articles = any(self._repere(e.nu, "article") for e in self.c.elements[i:])

    def _rangs_du_sommaire(self) -> set[int]:
        """Du mot « sommaire » jusqu'à ce que son premier titre revienne : là commence le texte."""
        rangs: set[int] = set()
        elements = self.c.elements
        for i, element in enumerate(elements):
            if i in rangs or not self._repere(element.nu, "sommaire"):
                continue
            premier = ""
            for j in range(i + 1, min(i + SOMMAIRE_MAX, len(elements))):
                titre = cle(NUMEROTE.sub("", elements[j].nu))
                if not titre or not premier:
                    premier = premier or titre
                elif fuzz.ratio(titre, premier) >= 92:
                    rangs.update(range(i + 1, j))
                    break
                elif len(elements[j].nu) > 200:
                    break
        return rangs

    def _rangs_des_en_tetes(self) -> set[int]:
        """Un même court texte, trois fois au moins, contre un tableau ou un saut de page : les
        conversions recopient ainsi l'en-tête de chaque page ; sa première fois reste à placer."""
        elements = self.c.elements
        fois: dict[str, list[int]] = {}
        for i, element in enumerate(elements):
            if element.bloc.nature in (Nature.TITRE, Nature.PARAGRAPHE) and len(element.nu) < 160:
                fois.setdefault(cle(element.nu), []).append(i)
        return {
            i
            for nom, rangs in fois.items()
            if nom and len(rangs) > 2 and sum(self._contre_une_page(i) for i in rangs) > 2
            for i in rangs[1:]
            if not self.c.libelles[i]
        }

    def _contre_une_page(self, i: int) -> bool:
        voisins = [self.c.elements[j].bloc for j in (i - 1, i + 1) if 0 <= j < len(self.c.elements)]
        return any(v.nature in (Nature.TABLEAU, Nature.PAGE) for v in voisins)

    def ouvre(self, i: int) -> Choix | None:
        element = self.c.elements[i]
        if self.c.suit(element):  # la phrase d'avant continue : « … (cf. » puis « fiche 6), … »
            return self._habillage(i, element) or self._section(i, element)
        return (
            self._habillage(i, element)
            or self._marque(element)
            or self._deliberation(element)
            or self._session(element)
            or self._repere_d_ouverture(i, element)
            or self._intitule(i, element)
            or self._section(i, element)
            or self._fiche(i, element)
            or self._article_sans_mot(i, element)
        )

    def _repere(self, texte: str, role: str) -> tuple[re.Match[str], float] | None:
        return self.c.vocabulaire.repere(texte, role, type_contrat=self.c.type, genre=self.c.genre)

    # Habillage

    def _habillage(self, i: int, element: Element) -> Choix | None:
        bloc, texte = element.bloc, element.nu
        if bloc.nature in (Nature.PAGE, Nature.IMAGE):
            return Choix(Role.BRUIT, "", 0.98, "Saut de page, filet ou image.")
        if bloc.nature == Nature.NOTE:
            return Choix(Role.NOTE, bloc.note, 0.95, "Une note de bas de page.")
        if len(texte) < 60 and self._repere(texte, "bruit"):
            return Choix(Role.BRUIT, "", 0.95, "Un bouton, un numéro de page.")
        if self._repere(texte, "remplissage") or len(LATIN.findall(plier(texte))) >= 4:
            return Choix(Role.REMPLISSAGE, "", 0.95, "Du faux texte, laissé par la maquette.")
        if bloc.marque == "sommaire" or i in self.sommaire or self._repere(texte, "sommaire"):
            return Choix(Role.BRUIT, "sommaire", 0.9, "Un sommaire : il se refait tout seul.")
        if i in self.en_tetes:
            return Choix(Role.BRUIT, "", 0.9, "Un en-tête de page, déjà lu plus haut.")
        intitule = self.c.etat.intitule
        memes_lettres = fuzz.ratio(lettres(plier(texte)), lettres(intitule))
        if intitule and len(texte) > 12 and memes_lettres >= 95:
            return Choix(Role.BRUIT, "", 0.85, "Le titre, imprimé une seconde fois.")
        return None

    def _marque(self, element: Element) -> Choix | None:
        if trouve := self._repere(element.nu, "version_source"):
            return Choix(Role.VERSION_SOURCE, "", trouve[1], "La version du document.")
        return None

    # Délibération et session

    def _deliberation(self, element: Element) -> Choix | None:
        if trouve := self._repere(element.nu, "deliberation"):
            return Choix(Role.DELIBERATION, "", trouve[1], "Le numéro d'une délibération.")
        zone = self.c.etat.zone
        attendues = ["deliberation", "expose", "decision", "dispositif"]
        if self.c.genre == "deliberation" and not self.c.etat.articles:
            attendues += ["tete", "titre", "preambule"]  # son numéro n'a pas été reconnu
        if zone not in attendues:
            return None
        for role, choisi in (("expose", Role.EXPOSE), ("decision", Role.DECISION)):
            if trouve := self._repere(element.nu, role):
                return Choix(choisi, "", trouve[1], "Une partie de la délibération.")
        visa = self._repere(element.nu, "organe") or self._repere(element.nu, "visa")
        if zone in ("expose", "decision") and visa:
            return Choix(Role.VISA, "", visa[1], "Un visa, ou l'organe qui délibère.")
        if zone in ("decision", "dispositif") and self._repere(element.nu, "article"):
            return Choix(Role.DISPOSITIF, "", 0.95, "Un article de la délibération.")
        return None

    def _session(self, element: Element) -> Choix | None:
        if self.c.genre != "session" or element.bloc.nature != Nature.TITRE:
            return None
        for role in self.c.vocabulaire.roles("rubrique:"):
            if trouve := self._repere(element.nu, role):
                return Choix(Role.RUBRIQUE, role[9:], trouve[1], "Une rubrique de session.")
        return None

    # Repères du contrat

    def _repere_d_ouverture(self, i: int, element: Element) -> Choix | None:
        texte = element.nu
        if len(texte) > 320 or element.bloc.nature == Nature.TABLEAU:
            return self._role_d_axe(element)
        for role, choisi in (
            ("article", Role.ARTICLE), ("annexe", Role.ANNEXE), ("fiche", Role.FICHE),
            ("lieu_date", Role.LIEU_DATE), ("temoin", Role.TEMOIN), ("preambule", Role.PREAMBULE),
        ):  # fmt: skip
            trouve = self._repere(texte, role)
            if trouve and (role != "fiche" or element.bloc.nature != Nature.PUCE):
                cible = "titre" if role == "preambule" else ""
                return Choix(choisi, cible, trouve[1], "Ses premiers mots le disent.")
        if article := self._article_illisible(element):
            return article
        for role in self.c.vocabulaire.roles("annonce:"):
            trouve = self._repere(texte, role)
            if trouve and element.bloc.nature == Nature.TITRE:
                return Choix(Role.ANNONCE, role[8:], trouve[1], "Un nombre annoncé.")
        return self._role_d_axe(element)

    def _article_illisible(self, element: Element) -> Choix | None:
        """« Atr. 3 – Stratégie » : le mot est abîmé, mais il lui ressemble et le numéro suit."""
        lu = NUMERO_SUIVANT.match(plier(element.nu))
        if lu is None or self.c.etat.zone not in ("titre", "preambule", "article"):
            return None
        if int(lu["numero"]) != self.c.etat.articles + 1 or not self._bref(element):
            return None
        if all(OSA.distance(lu["mot"], mot) > 2 - (mot == "art") for mot in ("article", "art")):
            return None
        return Choix(Role.ARTICLE, "", 0.7, "Un mot abîmé, mais le numéro d'article attendu.")

    def _role_d_axe(self, element: Element) -> Choix | None:
        if self.c.etat.zone in ("titre", "preambule") and self._repere(element.nu, "axe:role"):
            return Choix(Role.AXE, "role", 0.85, "Un rôle que le document nomme.")
        if self.c.etat.zone not in AXES or len(element.nu) > 320:
            return None
        for role in self.c.vocabulaire.roles("axe:"):
            if role != "axe:role" and (trouve := self._repere(element.nu, role)):
                return Choix(Role.AXE, role[4:], trouve[1], "Ses premiers mots le disent.")
        return None

    def _intitule(self, i: int, element: Element) -> Choix | None:
        etat = self.c.etat
        if etat.intitule or etat.zone not in ("tete", "dispositif"):
            return None
        premier = etat.avant is None and len(element.nu) < 200 and not element.nu.endswith(".")
        if element.bloc.nature != Nature.TITRE and not (premier or self._bref(element)):
            return None
        du_type = [m for ms in self.c.vocabulaire.types.values() for m in ms]
        du_type += self.c.vocabulaire.genres.get(self.c.genre, [])
        corriger = self.c.vocabulaire.corriger
        if any(m.search(corriger(plier(element.nu))) for m in du_type):
            return Choix(
                Role.INTITULE, "", 0.93, "Le premier titre, qui nomme le genre du document."
            )
        plus_loin = any(
            any(m.search(corriger(plier(e.nu))) for m in du_type) and e.bloc.nature == Nature.TITRE
            for e in self.c.elements[i + 1 : i + 8]
        )
        if element.bloc.nature == Nature.TITRE and not plus_loin and etat.zone == "tete":
            return Choix(Role.INTITULE, "", 0.7, "Le premier titre du document.")
        return None

    def _bref(self, element: Element) -> bool:
        return len(element.nu) < 200 and not element.nu.endswith((".", ";", ",", ":"))

    # Fiches et sections

    def _section(self, i: int, element: Element) -> Choix | None:
        trouves = self.c.libelles[i]
        if not trouves or trouves[0].note < EXACT:
            return None
        trouve = self.c.section_pour(trouves)
        if self.c.etat.zone in ("tete", "titre", "preambule", "article") and trouve.note < 0.93:
            return None
        if self.c.etat.zone == "article" and element.bloc.nature == Nature.PUCE:
            return None
        if not self._libelle_plausible(i, trouve.reste):
            return None
        sure = 0.97 if trouve.note >= 0.97 else 0.6 + (trouve.note - EXACT) * 2.4
        raison = f"Libellé connu : « {trouve.section.libelle} »."
        return Choix(Role.SECTION, trouve.section.cle, sure, raison)

    def _libelle_plausible(self, i: int, reste: str) -> bool:
        """Un libellé est un titre, ou suivi de deux-points ; jamais une phrase de la liste."""
        bloc = self.c.elements[i].bloc
        if reste or bloc.nature == Nature.TITRE:
            return True
        return bloc.confiance <= 0.9 or bloc.nu.endswith(":") or len(bloc.nu) <= 60

    def _fiche(self, i: int, element: Element) -> Choix | None:
        etat, bloc = self.c.etat, element.bloc
        modele = self.c.modele
        if modele is None or bloc.nature == Nature.TABLEAU or len(element.nu) > 280:
            return None
        if not etat.intitule or (bloc.nature == Nature.PUCE and not bloc.marque[:1].isalnum()):
            return None
        if etat.annonce == "orientation" and self._un_des_annonces(i, element):
            return Choix(Role.FICHE, "", 0.88, "Un des intitulés annoncés.")
        suivant = self.c.utile(i)
        trouve = self.c.libelle(suivant, PEUT_ETRE)
        if trouve is None or suivant is None or element.nu.endswith((";", ",", ":")):
            return None
        if self._content_avant_libelle(element, suivant):
            return Choix(Role.LIGNE, trouve.section.cle, 0.6, "Un nom imprimé avant sa rubrique.")
        nouvelle = trouve.section.ordre == 1 or (
            trouve.section.ordre < etat.ordre and trouve.section.nature not in ("partenaires",)
        )
        if not nouvelle or (etat.zone == "fiche" and etat.section and not etat.contenu):
            return None
        if etat.zone != "fiche" and etat.zone not in ("annexe", "temoin", "signature"):
            forme = bloc.nature == Nature.TITRE
            sure = 0.85 if forme else 0.6
        else:
            sure = 0.95 if bloc.nature == Nature.TITRE else 0.82
        if element.nu.endswith("."):
            sure -= 0.25
        if trouve.note < EXACT:
            sure -= 0.2
        return Choix(Role.FICHE, "", sure, "Un titre, juste avant la première section d'une fiche.")

    def allure(self, element: Element) -> tuple[int, bool, bool]:
        """La forme d'un titre : son rang de style, s'il est en capitales, s'il a un numéro."""
        lettres = [c for c in element.nu if c.isalpha()]
        capitales = sum(c.isupper() for c in lettres) > 0.8 * len(lettres)
        return element.bloc.niveau, capitales, element.bloc.marque[:1].isalnum()

    def _un_des_annonces(self, i: int, element: Element) -> bool:
        """Un titre de même allure, suivi de son texte, et pas plus qu'il n'en est annoncé."""
        etat, suivant = self.c.etat, self.c.utile(i)
        if not self._meme_allure(element) or etat.fiches >= (etat.orientations or 99):
            return False
        if etat.zone == "fiche" and not etat.contenu:
            return False
        devine = element.bloc.confiance < 0.9
        apres = self.c.elements[suivant].bloc if suivant is not None else None
        numerote = apres is not None and apres.marque[:1].isalnum()
        return not (devine and (apres is None or numerote or apres.nature == Nature.TITRE))

    def _meme_allure(self, element: Element) -> bool:
        bloc = element.bloc
        numerote = bloc.nature == Nature.PUCE and bloc.marque[:1].isalnum()
        if bloc.nature != Nature.TITRE and not (numerote and titre_probable(element.nu) >= 0.6):
            return False
        deja = self.c.etat.allure
        return deja is None or deja == self.allure(element)

    def _content_avant_libelle(self, element: Element, suivant: int) -> bool:
        trouve = self.c.libelle(suivant)
        if trouve is None or trouve.section.nature != "responsables" or trouve.reste:
            return False
        ensuite = self.c.utile(suivant)
        vide = ensuite is None or self.c.libelle(ensuite) is not None
        return vide and PERSONNE.match(element.nu) is not None

    def _article_sans_mot(self, i: int, element: Element) -> Choix | None:
        """« 1. Objet » : un titre numéroté, ou stylé, dans un document sans le mot « article »."""
        if self.a_des_articles or self.c.genre == "session" or self.c.etat.zone == "tete":
            return None
        bloc, etat = element.bloc, self.c.etat
        if etat.zone in (
            "fiche",
            "axes",
            "deliberation",
            "expose",
            "decision",
            "signature",
            "temoin",
        ):
            return None
        numerote = bool(ENUMERATION.match(element.nu)) or bloc.marque[:1].isdigit()
        style = bloc.nature == Nature.TITRE and bloc.confiance >= 0.95 and bloc.niveau in (1, 2)
        titre = bloc.nature == Nature.TITRE or (
            bloc.nature == Nature.PUCE and numerote and self._seul(i) and self._bref(element)
        )
        if not titre or not (numerote or style) or not self._bref(element):
            return None
        sure = 0.85 if numerote and style else 0.78 if numerote or style else 0.6
        return Choix(Role.ARTICLE, "", sure, "Un titre de premier rang, sans le mot « article ».")

    def _seul(self, i: int) -> bool:
        """Un point numéroté qui n'a pas de voisin : un titre, pas une liste."""
        voisins = [self.c.elements[j].bloc for j in (i - 1, i + 1) if 0 <= j < len(self.c.elements)]
        return not any(v.nature == Nature.PUCE and v.marque[:1].isalnum() for v in voisins)
