"""Ce que montrent les gabarits de l'atelier : états des sections, phrases, listes de choix."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from contrats.atelier.brouillon import Source
from contrats.atelier.gestes import Effet
from contrats.atelier.saisie import Erreur, Saisie, SaisieSection
from contrats.enums import EtatSection, StatutFiche
from contrats.models import Fiche
from texte.dates import en_lettres
from texte.recherche import normaliser


def moment(instant: datetime.datetime) -> str:
    """« à 14 h 32 » si c'est aujourd'hui, sinon « le 3 novembre 2026 à 14 h 32 »."""
    local = timezone.localtime(instant)
    heure = f"à {local.hour}\u00a0h\u00a0{local:%M}"
    if local.date() == timezone.localdate():
        return heure
    return f"le {en_lettres(local)} {heure}"


def de(nom: str) -> str:
    """« d’Awa Diop », « de Julien Petit »."""
    return f"d’{nom}" if nom and normaliser(nom[0]) in "aeiouyh" else f"de {nom}"


def lecteurs(fiche: Fiche) -> str:
    """Qui voit la fiche telle qu'elle est enregistrée."""
    if fiche.statut != StatutFiche.PUBLIEE:
        return f"{fiche.get_statut_display()} : seuls les agents du contrat la voient."
    if not fiche.contrat.est_publie:
        return "Publiée, mais son contrat ne l'est pas : seuls ses agents la voient."
    return "Publiée : chaque enregistrement est visible du public."


@dataclass
class EntreeSommaire:
    """Une section dans le sommaire, avec le signe de son état."""

    ancre: str
    libelle: str
    statut: str


class Page:
    """Page d'édition : une saisie, la suite du dernier geste, les erreurs à montrer."""

    def __init__(self, saisie: Saisie, source: Source, effet: Effet | None = None) -> None:
        self.saisie = saisie
        self.source = source
        self.fiche = saisie.cadre.fiche
        self.effet = effet or Effet()
        if self.effet.erreur:
            saisie.signaler(self.effet.champ, self.effet.erreur)
        self.erreurs: list[Erreur] = saisie.erreurs()
        self.foyer = "erreurs" if self.erreurs and not self.effet.foyer else self.effet.foyer
        self._donner_le_foyer()

    @property
    def version(self) -> str:
        """Version lue par l'agent : celle des données, qu'un geste ne change pas."""
        return self.saisie.donnees.get("version", "")

    @property
    def reprise(self) -> str:
        """Brouillon dont cette saisie descend, s'il y en a un."""
        return ":".join(map(str, self.source.reprise or ()))

    @property
    def suite(self) -> str:
        """Ce qui vient de se passer, pour le script : geste, reprise, erreurs ou lecture."""
        if self.effet.foyer or self.effet.phrase:
            return "geste"
        if self.erreurs:
            return "erreurs"
        return "reprise" if self.reprise else "lecture"

    @property
    def horizons(self) -> list[tuple[str, str]]:
        return self.saisie.cadre.horizons

    @property
    def entete_ouvert(self) -> bool:
        return bool(set(self.saisie.fiche.errors) - {"titre"})

    @property
    def motif(self) -> str:
        return self.saisie.donnees.get("motif", "")

    @property
    def etat(self) -> str:
        """Phrase de la ligne d'état."""
        if self.effet.phrase:
            return f"{self.effet.phrase} Pas encore enregistré."
        if self.effet.foyer:
            return "Pas encore enregistré."
        if self.erreurs:
            return f"Non enregistré : {len(self.erreurs)} à corriger."
        if self.reprise:
            return "Brouillon repris. Pas encore enregistré."
        return f"Enregistré {moment(self.fiche.modifie_le)}. {lecteurs(self.fiche)}"

    @cached_property
    def sommaire(self) -> list[EntreeSommaire]:
        return [self._entree(section) for section in self.saisie.sections]

    @property
    def nb_remplies(self) -> int:
        return sum(entree.statut == "realisee" for entree in self.sommaire)

    @property
    def sections_a_ouvrir(self) -> list[tuple[str, str]]:
        """Sections du modèle que la fiche n'a pas."""
        presentes = {section.modele.cle for section in self.saisie.sections}
        return [
            (m.cle, f"{m.libelle} ({m.get_horizon_display().lower()})" if m.horizon else m.libelle)
            for m in self.saisie.cadre.modeles.values()
            if m.cle not in presentes
        ]

    @cached_property
    def propositions(self) -> dict[str, list[str]]:
        return self.saisie.cadre.propositions()

    def _entree(self, section: SaisieSection) -> EntreeSommaire:
        fautive = any(formulaire.errors for formulaire in section.formulaires())
        etat = section.formulaire.brut("etat")
        nombre = len(section.actions) or len(section.partenaires) or len(section.lignes)
        libelle = f"{section.titre} ({nombre})" if nombre else section.titre
        if fautive:
            return EntreeSommaire(section.ancre, f"{libelle} : à corriger", "en_retard")
        if etat == EtatSection.A_RENSEIGNER:
            return EntreeSommaire(section.ancre, f"{libelle} : à renseigner", "a_lancer")
        mots: dict[str, str] = {
            EtatSection.NEANT: " : néant",
            EtatSection.SANS_OBJET: " : sans objet",
        }
        return EntreeSommaire(section.ancre, libelle + mots.get(etat, ""), "realisee")

    def _donner_le_foyer(self) -> None:
        """Sans JavaScript, `autofocus` mène au champ touché, dans son volet ouvert."""
        for section in self.saisie.sections:
            for formulaire in section.formulaires():
                for nom, champ in formulaire.fields.items():
                    if formulaire[nom].auto_id == self.foyer:
                        champ.widget.attrs["autofocus"] = True
            section.ouvrir_les_volets(self.foyer)
