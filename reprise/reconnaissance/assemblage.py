"""Des places au contrat compris : chaque élément rejoint l'article ou la section ouverts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import shorten

from reprise.reconnaissance.a_part import ActesEtSessions
from reprise.reconnaissance.formes import (
    ActionComprise,
    ArticleCompris,
    AxeCompris,
    Compris,
    FicheComprise,
    Passage,
    Place,
    Role,
    SectionComprise,
)
from reprise.reconnaissance.lignes import ajouter_ligne
from reprise.reconnaissance.listes import date_exacte, nombre, partenaires
from reprise.reconnaissance.ouvertures import NUMERO_SUIVANT
from reprise.reconnaissance.signatures import Signatures
from reprise.reconnaissance.vocabulaire import ENUMERATION, ModeleConnu, Vocabulaire, plier

PROJET = re.compile(r"^projet\s+n?[°o]?\s*(\d{1,3})\b")


@dataclass
class _Ouvert:
    """Les parties ouvertes ; la dernière ligne écrite, pour la suite d'une phrase coupée."""

    article: ArticleCompris | None = None
    axe: AxeCompris | None = None
    fiche: FicheComprise | None = None
    section: SectionComprise | None = None
    rubrique: str = ""
    deliberation: str = ""
    passages: list[Passage] = field(default_factory=list)
    dernier: Passage | ActionComprise | None = None


class Assemblage(ActesEtSessions):
    """Plie la suite des places ; le même ordre donne le même contrat."""

    def __init__(
        self,
        places: list[Place],
        vocabulaire: Vocabulaire,
        modele: ModeleConnu | None,
        compris: Compris,
    ) -> None:
        self.places, self.vocabulaire, self.modele = places, vocabulaire, modele
        self.compris, self.ouvert = compris, _Ouvert()
        self.ouvert.passages = compris.preambule
        self.signatures = Signatures(vocabulaire)

    def assembler(self) -> Compris:
        for place in self.places:
            geste = getattr(self, f"_{place.role}", None)
            if geste is not None:
                geste(place)
            self._situer(place)
        self.compris.signatures = self.signatures.lire()
        self._rattacher_les_notes()
        for fiche in self.compris.fiches:
            _horizons(fiche, self.modele)
        return self.compris

    def _situer(self, place: Place) -> None:
        ouvert = self.ouvert
        if place.role in (Role.BRUIT, Role.REMPLISSAGE, Role.IGNORE, Role.NON_PLACE, Role.NOTE):
            return
        if ouvert.fiche is not None:
            place.conteneur = ouvert.fiche.element
            place.section = (
                place.cible
                if place.role == Role.LIGNE and place.cible
                else (ouvert.section.cle if ouvert.section and place.role != Role.FICHE else "")
            )
            rang = len(self.compris.fiches)
            libelle = ouvert.section.libelle if ouvert.section and place.section else ""
            place.ou = f"Fiche {rang}" + (f" › {libelle}" if libelle else "")
        elif ouvert.article is not None:
            place.conteneur = ouvert.article.element
            nom = "Annexe" if ouvert.article in self.compris.annexes else "Article"
            place.ou = f"{nom} {ouvert.article.numero}"
        elif ouvert.axe is not None:
            place.conteneur = ouvert.axe.element
            place.ou = f"Axe « {shorten(ouvert.axe.intitule, 60, placeholder='…')} »"

    # Contrat

    def _intitule(self, place: Place) -> None:
        texte = place.element.nu
        self.compris.intitule = texte
        if trouve := PROJET.match(plier(texte)):
            self.compris.numero_projet = trouve[1]
        self._fermer()

    def _sous_titre(self, place: Place) -> None:
        self.compris.sous_titre = place.element.nu

    def _version_source(self, place: Place) -> None:
        trouve = self.vocabulaire.repere(place.element.nu, "version_source")
        if trouve:
            self.compris.version_source = trouve[0]["version"]
            self.compris.date = self.compris.date or trouve[0]["date"]

    def _preambule(self, place: Place) -> None:
        if self.ouvert.article or self.ouvert.fiche or self.ouvert.axe:
            self._fermer()
        if place.cible != "titre":
            self._ajouter(self.compris.preambule, place)

    def _article(self, place: Place) -> None:
        numero, titre = self._numero_et_titre(place, "article")
        article = ArticleCompris(
            numero or str(len(self.compris.articles) + 1), titre, place.element.id
        )
        self.compris.articles.append(article)
        self._fermer()
        self.ouvert.article, self.ouvert.passages = article, article.texte

    def _annexe(self, place: Place) -> None:
        numero, titre = self._numero_et_titre(place, "annexe")
        annexe = ArticleCompris(
            numero or str(len(self.compris.annexes) + 1), titre, place.element.id
        )
        self.compris.annexes.append(annexe)
        self._fermer()
        self.ouvert.article, self.ouvert.passages = annexe, annexe.texte

    def _numero_et_titre(self, place: Place, role: str) -> tuple[str, str]:
        texte = place.element.nu
        trouve = self.vocabulaire.repere(texte, role)
        if trouve is None and role == "article" and (lu := NUMERO_SUIVANT.match(plier(texte))):
            return lu["numero"], texte[lu.start("titre") :].strip()
        if trouve:
            m = trouve[0]
            groupes = m.groupdict()
            debut = m.start("titre") if groupes.get("titre") is not None else len(texte)
            numero = groupes.get("numero") or ""
            return ("1" if numero == "premier" else numero).upper(), texte[debut:].strip()
        marque = place.element.bloc.marque.rstrip(".)°")
        enonce = ENUMERATION.match(texte)
        if marque[:1].isdigit():
            return marque, texte
        return (enonce[0].strip(" .)°/-") if enonce else ""), ENUMERATION.sub("", texte)

    def _engagement(self, place: Place) -> None:
        article = self.ouvert.article.numero if self.ouvert.article else ""
        passage = Passage(place.element.bloc.texte, place.element.id)
        self.compris.engagements.append((article, passage))
        self.ouvert.dernier = passage

    def _axe(self, place: Place) -> None:
        texte, bloc = place.element.nu, place.element.bloc
        axe = AxeCompris(place.cible or "thematique", texte, place.element.id)
        axe.numero = bloc.marque.rstrip(".)°") if bloc.marque[:1].isdigit() else ""
        trouve = self.vocabulaire.repere(texte, f"axe:{axe.nature}", type_contrat=self.compris.type)
        if trouve:
            axe.intitule = texte[trouve[0].start("titre") : trouve[0].end("titre")]
            axe.numero = trouve[0].groupdict().get("numero") or axe.numero
        if trouve and axe.nature == "role":
            axe.texte.append(Passage(bloc.texte, place.element.id))
        elif self.ouvert.article is not None:
            self._ajouter(self.ouvert.article.texte, place)  # la liste reste dans l'article
        self.compris.axes.append(axe)
        if self.ouvert.article is None:
            self.ouvert.axe, self.ouvert.passages = axe, axe.texte

    def _annonce(self, place: Place) -> None:
        nature = place.cible
        trouve = self.vocabulaire.repere(
            place.element.nu, f"annonce:{nature}", type_contrat=self.compris.type
        )
        if trouve:
            self.compris.annonces.append((nature, nombre(trouve[0]["nombre"]), place.element.nu))
        self.ouvert.axe = None

    def _instance(self, place: Place) -> None:
        self.compris.instances.append(Passage(place.element.bloc.texte, place.element.id))
        if self.ouvert.article is not None:
            self._ajouter(self.ouvert.article.texte, place)

    def _lieu_date(self, place: Place) -> None:
        trouve = self.vocabulaire.repere(place.element.nu, "lieu_date")
        if trouve:
            m = trouve[0]
            self.compris.lieu = place.element.nu[m.start("lieu") : m.end("lieu")].strip()
            jour = date_exacte(place.element.nu)
            self.compris.date = jour.isoformat() if jour else ""
        self._fermer()

    def _signataire(self, place: Place) -> None:
        self.signatures.ajouter(place)

    def _temoin(self, place: Place) -> None:
        self.signatures.ajouter(place, temoin=True)

    # Fiches

    def _fiche(self, place: Place) -> None:
        texte = place.element.nu
        trouve = self.vocabulaire.repere(texte, "fiche")
        if trouve:
            numero, titre = trouve[0]["numero"], texte[trouve[0].start("titre") :].strip()
        else:
            enonce = ENUMERATION.match(texte)
            marque = place.element.bloc.marque.rstrip(".)°")
            numero = marque if marque[:1].isdigit() else enonce[0].strip(" .)°/-") if enonce else ""
            titre = ENUMERATION.sub("", texte) if enonce else texte
        self._fermer()
        self._ouvrir_fiche(FicheComprise(titre, place.element.id, numero))

    def _ouvrir_fiche(self, fiche: FicheComprise) -> None:
        self.compris.fiches.append(fiche)
        self.ouvert.fiche, self.ouvert.section = fiche, None

    def _section(self, place: Place) -> None:
        if self.ouvert.fiche is None:
            self._fermer()
            self._ouvrir_fiche(FicheComprise(self.compris.intitule, place.element.id))
        trouves = self.vocabulaire.libelle(place.element.nu, self.modele) if self.modele else []
        trouve = next(
            (t for t in trouves if t.section.cle == place.cible), trouves[0] if trouves else None
        )
        section = self._ouvrir_section(place.cible)
        if section is None:
            return
        section.element = place.element.id
        section.libelle = trouve.libelle if trouve else place.element.nu.rstrip(" :")
        section.periode = trouve.periode if trouve else ""
        if trouve and trouve.reste:
            self._reste(section, trouve.reste, place)

    def _ouvrir_section(self, cle: str) -> SectionComprise | None:
        fiche, connue = self.ouvert.fiche, self.modele.section(cle) if self.modele else None
        if fiche is None or connue is None:
            return None
        section = fiche.section(cle)
        if section is None:
            section = SectionComprise(cle, connue.nature, connue.libelle, horizon=connue.horizon)
            fiche.sections.append(section)
        self.ouvert.section, self.ouvert.passages = section, section.texte
        self.ouvert.dernier = None
        return section

    def _reste(self, section: SectionComprise, reste: str, place: Place) -> None:
        if section.nature == "partenaires":
            mentions, section.ouverte = partenaires(reste, self.vocabulaire.organismes)
            section.partenaires += mentions
        elif section.nature == "actions":
            section.actions.append(ActionComprise(reste, place.element.id))
        elif section.nature == "texte":
            section.texte.append(Passage(reste, place.element.id))
        else:
            ajouter_ligne(section, reste, place.element.id, 0)

    def _section_de(self, place: Place, nature: str) -> SectionComprise | None:
        """La section ouverte, ou celle que nomme la cible, quitte à l'ouvrir."""
        if place.cible and self.modele and self.modele.section(place.cible):
            fiche = self.ouvert.fiche
            deja = fiche.section(place.cible) if fiche else None
            return deja or self._ouvrir_section(place.cible)
        section = self.ouvert.section
        if section is None and self.modele and (premiere := self.modele.premiere(nature)):
            return self._ouvrir_section(premiere.cle)
        return section

    def _action(self, place: Place) -> None:
        section = self._section_de(place, "actions")
        if section is not None:
            self.ouvert.section = section
            action = ActionComprise(place.element.bloc.texte, place.element.id)
            section.actions.append(action)
            self.ouvert.dernier = action

    def _sous_action(self, place: Place) -> None:
        section = self.ouvert.section
        if section is None or not section.actions:
            self._action(place)
            return
        sous = ActionComprise(place.element.bloc.texte, place.element.id)
        section.actions[-1].sous.append(sous)
        self.ouvert.dernier = sous

    def _partenaires(self, place: Place) -> None:
        section = self._section_de(place, "partenaires")
        if section is not None:
            mentions, section.ouverte = partenaires(place.element.nu, self.vocabulaire.organismes)
            section.partenaires += mentions

    def _ligne(self, place: Place) -> None:
        avant = self.ouvert.section
        fiche = self.ouvert.fiche
        section = self._section_de(place, "texte")
        if section is None or fiche is None:
            return
        imprime = avant.libelle if avant is not None and avant is not section else ""
        ajouter_ligne(
            section, place.element.nu, place.element.id, place.element.bloc.niveau, imprime
        )
        self.ouvert.section = avant or section

    def _texte(self, place: Place) -> None:
        dernier = self.ouvert.dernier
        if place.cible == "suite" and dernier is not None:
            dernier.texte = f"{dernier.texte} {place.element.bloc.texte}"
            return
        if self.ouvert.fiche is not None and (place.cible or self.ouvert.section is None):
            section = self._section_de(place, "texte")
            self.ouvert.section = section
            if section is not None:
                self.ouvert.passages = section.texte
        section = self.ouvert.section
        if section is not None and section.nature == "actions" and section.actions:
            section.actions[-1].suite.append(Passage(place.element.bloc.texte, place.element.id))
            return
        if self.ouvert.rubrique or self.ouvert.deliberation:
            self._texte_a_part(place)
            return
        self._ajouter(self.ouvert.passages, place)

    def _ajouter(self, passages: list[Passage], place: Place) -> None:
        bloc = place.element.bloc
        texte = bloc.texte
        if bloc.nature == "puce":
            marque = f"{bloc.marque} " if bloc.marque[:1].isdigit() else "- "
            texte = "    " * bloc.niveau + marque + texte.replace("\n", " ")
        elif place.cible == "titre" or (bloc.nature == "titre" and bloc.confiance >= 0.9):
            texte = f"### {texte}"
        passage = Passage(texte, place.element.id)
        passages.append(passage)
        self.ouvert.dernier = passage

    def _rattacher_les_notes(self) -> None:
        for place in self.places:
            if place.role == Role.NOTE:
                note = Passage(place.element.bloc.texte, place.element.id, place.element.bloc.note)
                self.compris.notes.append(note)

    def _fermer(self) -> None:
        self.ouvert = _Ouvert(passages=self.compris.preambule)


def _horizons(fiche: FicheComprise, modele: ModeleConnu | None) -> None:
    """Une seule liste de partenaires vaut pour toute la fiche ; deux, chacune pour son horizon."""
    listes = [s for s in fiche.sections if s.nature == "partenaires"]
    if modele is None or len(listes) != 1 or not listes[0].horizon:
        return
    generale = next(
        (s for s in modele.sections if s.nature == "partenaires" and not s.horizon), None
    )
    apres = fiche.sections.index(listes[0]) == len(fiche.sections) - 1
    if generale is not None and apres:
        listes[0].cle, listes[0].horizon = generale.cle, ""
