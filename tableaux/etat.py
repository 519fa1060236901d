"""L'état d'un périmètre à une date : tout ce dont un chiffre se calcule, et rien d'autre.

Un chiffre est une fonction de cet état seul : le même calcul vaut pour aujourd'hui, pour le
dernier comité et pour la signature.
"""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

from contrats.enums import StatutAction
from tableaux.chiffre import Ligne

JOURS_FIGE = 180  # sans nouvelle depuis six mois : deux comités sur trois ne l'ont pas vue bouger


@dataclass(frozen=True, slots=True)
class ActionLue:
    """Une action à une date ; les références sont des clés publiques."""

    identifiant: str
    contrat: str
    rang: int
    numero: str
    intitule: str
    statut: str
    motif_statut: str
    avancement: int | None
    debut: datetime.date | None
    echeance: datetime.date | None
    prioritaire: bool
    demonstration: bool
    parent: str | None
    regroupee_dans: str | None
    axe: str | None
    pilotes: tuple[str, ...]
    chefs_de_file: tuple[str, ...]
    partenaires: tuple[str, ...]
    territoires: tuple[str, ...]
    adresse: str = ""
    maj_le: datetime.datetime | None = None
    auteur: str = ""

    @classmethod
    def depuis(cls, etat: dict[str, Any], **reste: Any) -> Self:
        """D'un état gardé par `contrats.historique`, ou lu de même aujourd'hui."""
        champs: dict[str, Any] = {
            c: datetime.date.fromisoformat(etat[c]) if etat[c] else None
            for c in ("debut", "echeance")
        }
        champs |= {
            c: tuple(etat[c]) for c in ("pilotes", "chefs_de_file", "partenaires", "territoires")
        }
        simples = (
            "numero",
            "intitule",
            "statut",
            "motif_statut",
            "avancement",
            "prioritaire",
            "demonstration",
            "parent",
            "regroupee_dans",
            "axe",
        )
        return cls(**{c: etat[c] for c in simples}, **champs, **reste)

    @property
    def nom(self) -> str:
        return f"Action {self.numero} : {self.intitule}" if self.numero else self.intitule

    @property
    def est_a_faire(self) -> bool:
        return self.statut in StatutAction.a_faire()

    @property
    def organismes(self) -> tuple[str, ...]:
        return (*self.pilotes, *self.chefs_de_file, *self.partenaires)

    def est_en_retard(self, au: datetime.date) -> bool:
        """Échéance passée, et l'action n'est pas close : la règle d'`Action.en_retard`."""
        return self.est_a_faire and self.echeance is not None and self.echeance < au

    def ligne(self, detail: str = "") -> Ligne:
        return Ligne(self.nom, detail, self.adresse, self.demonstration, self.maj_le, self.auteur)


@dataclass(frozen=True, slots=True)
class ColonneLue:
    """Colonne de matrice et quartiers qu'elle couvre (clés)."""

    pk: int
    contrat: str
    abrege: str
    libelle: str
    quartiers: tuple[str, ...]

    @property
    def court(self) -> str:
        """Le premier nom de la colonne : « Bagatelle » pour « Bagatelle/La Faourette/… »."""
        premier = re.split(r"[/,(]| - ", self.libelle)[0].strip()
        return premier if len(premier) <= 18 else self.abrege or premier


@dataclass(frozen=True, slots=True)
class AxeLu:
    """Programme, thématique ou défi, et son parent (clé)."""

    cle: str
    numero: str
    intitule: str
    nature: str
    parent: str | None
    ordre: int = 0
    court: str = ""

    @property
    def nom(self) -> str:
        return f"{self.numero} {self.intitule}".strip()


@dataclass(frozen=True, slots=True)
class SommeLue:
    """Somme ou apport en nature d'un contrat."""

    contrat: str
    intitule: str
    prevu: Decimal | None
    engage: Decimal | None
    paye: Decimal | None
    origine: str
    en_nature: bool
    demonstration: bool
    nature: str
    financeur: str | None
    beneficiaire: str | None
    maj_le: datetime.datetime | None = None
    auteur: str = ""
    adresse: str = ""

    def ligne(self, detail: str = "") -> Ligne:
        return Ligne(
            self.intitule, detail, self.adresse, self.demonstration, self.maj_le, self.auteur
        )


@dataclass(frozen=True, slots=True)
class ConstatLu:
    """Dernier constat d'une promesse."""

    etat: str
    phrase: str
    le: datetime.datetime
    auteur: str
    demonstration: bool


@dataclass(frozen=True, slots=True)
class EngagementLu:
    """Engagement : qui le doit, à qui il profite (noms), et s'il est tenu."""

    contrat: str
    ordre: int
    texte: str
    porteurs: tuple[str, ...]
    beneficiaires: tuple[str, ...]
    constat: ConstatLu | None
    adresse: str = ""
    pk: int | None = None

    @property
    def est_reciproque(self) -> bool:
        """Chaque porteur en profite aussi : c'est une promesse commune."""
        return set(self.porteurs) == set(self.beneficiaires)

    def ligne(self, detail: str = "") -> Ligne:
        c = self.constat
        return Ligne(
            f"Engagement {self.ordre} : {self.texte}",
            detail,
            self.adresse,
            bool(c and c.demonstration),
            c.le if c else None,
            c.auteur if c else "",
        )


@dataclass(frozen=True, slots=True)
class JalonLu:
    """Date que le comité peut vérifier, imprimée par une fiche."""

    contrat: str
    fiche: str
    intitule: str
    echeance: datetime.date | None
    echeance_texte: str
    constat: ConstatLu | None
    adresse: str = ""

    def ligne(self, detail: str = "") -> Ligne:
        c = self.constat
        nom = f"{self.intitule} ({self.echeance_texte})" if self.echeance_texte else self.intitule
        return Ligne(
            nom,
            detail,
            self.adresse,
            bool(c and c.demonstration),
            c.le if c else None,
            c.auteur if c else "",
        )


@dataclass(frozen=True, slots=True)
class CibleLue:
    """Ce qu'un quartier devait atteindre ; `atteinte` vide : invérifiable."""

    quartier: str
    echeance: datetime.date
    atteinte: bool | None
    dite: str
    demonstration: bool


@dataclass(frozen=True, slots=True)
class IndicateurLu:
    """Un indicateur, sa phrase (la même partout) et ce qu'on en sait."""

    nom: str
    source: str
    millesime: str
    sens: str
    phrase: str
    reference: str
    pire: str
    ampleur: Decimal
    nb_chiffres: int
    nb_quartiers: int
    adresse: str
    demonstration: bool
    maj_le: datetime.datetime | None
    cibles: tuple[CibleLue, ...] = ()


@dataclass(frozen=True, slots=True)
class MeteoLue:
    """Dernier jugement sur le contrat (`axe` vide) ou sur un programme."""

    contrat: str
    axe: str | None
    valeur: str
    mot: str
    phrase: str
    le: datetime.datetime
    auteur: str
    demonstration: bool


@dataclass(frozen=True, slots=True)
class ContratLu:
    """Ce que les devoirs d'un contrat demandent d'en savoir."""

    slug: str
    nom: str
    adresse: str
    type: str
    debut: datetime.date | None
    signe_le: datetime.date | None
    a_un_comite: bool = False
    a_une_conference: bool = False
    porteurs_depuis: datetime.date | None = None
    comites: tuple[datetime.date, ...] = ()
    conferences: tuple[datetime.date, ...] = ()
    rapports: tuple[datetime.date, ...] = ()
    inventees: frozenset[datetime.date] = frozenset()  # séances de démonstration
    adopte_le: datetime.date | None = None


@dataclass(frozen=True)
class Etat:
    """Le périmètre à la date `au`, fin du jour comprise."""

    au: datetime.date
    contrats: tuple[ContratLu, ...] = ()
    toutes: tuple[ActionLue, ...] = ()
    colonnes: tuple[ColonneLue, ...] = ()
    cellules: dict[tuple[str, int], str] = field(default_factory=dict)
    axes: dict[tuple[str, str], AxeLu] = field(default_factory=dict)
    sommes: tuple[SommeLue, ...] = ()
    engagements: tuple[EngagementLu, ...] = ()
    jalons: tuple[JalonLu, ...] = ()
    meteos: tuple[MeteoLue, ...] = ()
    indicateurs: tuple[IndicateurLu, ...] = ()
    chartes: dict[str, datetime.date] = field(default_factory=dict)
    organismes: dict[str, str] = field(default_factory=dict)
    connu_depuis: datetime.datetime | None = None

    @cached_property
    def par_identifiant(self) -> dict[str, ActionLue]:
        return {a.identifiant: a for a in self.toutes}

    @cached_property
    def suivies(self) -> tuple[ActionLue, ...]:
        """Les actions que l'on compte : ni sous-point, ni regroupée avec une autre."""
        return tuple(a for a in self.toutes if self._pourquoi_pas(a) is None)

    @cached_property
    def hors_compte(self) -> tuple[Ligne, ...]:
        """Les autres, et pourquoi."""
        return tuple(a.ligne(p) for a in self.toutes if (p := self._pourquoi_pas(a)))

    @cached_property
    def nb_cellules(self) -> dict[str, int]:
        """Cellules remplies par action."""
        nombres: dict[str, int] = {}
        for identifiant, _ in self.cellules:
            nombres[identifiant] = nombres.get(identifiant, 0) + 1
        return nombres

    def colonnes_de(self, quartier: str) -> tuple[int, ...]:
        """Colonnes (clés primaires) qui couvrent ce quartier."""
        return tuple(c.pk for c in self.colonnes if quartier in c.quartiers)

    def axe_de(self, action: ActionLue) -> AxeLu | None:
        return self.axes.get((action.contrat, action.axe)) if action.axe else None

    def nom_de(self, organisme: str) -> str:
        return self.organismes.get(organisme, organisme)

    def _pourquoi_pas(self, action: ActionLue) -> str | None:
        if action.parent:
            return "Sous-point : compté avec l'action dont il dépend."
        if action.statut == StatutAction.REGROUPEE:
            autre = self.par_identifiant.get(action.regroupee_dans or "")
            return f"Regroupée avec « {autre.nom} »." if autre else "Regroupée avec une autre."
        return None
