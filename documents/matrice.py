"""Ce qu'imprime la matrice d'un PERR : une annexe en A3, ou ce qu'elle dit d'un quartier en A4."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.utils.timezone import localtime

from comptes.models import Utilisateur
from contrats.models import Action, Contrat
from documents import donnees
from documents.imprime import Imprime
from documents.lecture import completer
from perr.enums import StatutDeclinaison
from perr.filters import MatriceFilterSet
from perr.lecture import AnnexeLue, Cellule, ColonneLue, Ligne, Matrice, lire_matrice
from perr.models import Declinaison
from territoires.enums import Couverture
from territoires.models import Territoire
from texte.dates import en_lettres


@dataclass(frozen=True)
class DocumentMatrice(Imprime):
    """Une lecture de la matrice, datée de la dernière modification de ce qu'elle imprime."""

    feuilles = ("pdf/document.css", "pdf/matrice.css")

    contrat: Contrat
    matrice: Matrice
    modifie_le: datetime.datetime
    site: str = ""
    code: str = ""

    @property
    def actions(self) -> list[Action]:
        return [ligne.action for ligne in self.matrice.lignes]

    @property
    def cellules(self) -> Iterable[Cellule]:
        """Cellules remplies, dans l'ordre imprimé."""
        return self.matrice.remplies

    @property
    def mention_de_version(self) -> str:
        date = en_lettres(localtime(self.modifie_le))
        return f"Contrat version {self.contrat.version}, matrice au {date}"

    @cached_property
    def est_de_demonstration(self) -> bool:
        return any(action.demonstration for action in self.actions)

    @property
    def adresse(self) -> str:
        """La page de la plateforme qui donne le texte à jour."""
        return self.site + self.contrat.get_absolute_url()

    @property
    def cle(self) -> str:
        """Ce qui distingue ce document des autres du contrat, dans son nom et son identifiant."""
        raise NotImplementedError

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-{self.cle}-{localtime(self.modifie_le):%Y-%m-%d}.pdf"

    @property
    def identifiant(self) -> bytes:
        """Identifiant permanent du PDF (/ID) : le même d'un état au suivant."""
        return hashlib.sha256(f"{self.contrat.slug}/{self.cle}".encode()).hexdigest()[:32].encode()


@dataclass(frozen=True)
class DocumentAnnexe(DocumentMatrice):
    """Annexe territoriale : une ligne par action, une colonne par groupe de quartiers."""

    gabarit = "pdf/annexe.html"

    annexe: AnnexeLue | None = None
    filtres: Sequence[str] = ()

    @property
    def titre(self) -> str:
        return f"Annexe territoriale {self.annexe.nom} ({self.contrat.intitule_court})"

    @property
    def cle(self) -> str:
        return f"annexe-{self.annexe.cle}"

    @property
    def contenu(self) -> str:
        """« 123 cellules remplies, 45 actions, 4 colonnes (jointes à ce fichier …) »."""
        remplies = len(self.matrice.remplies)
        jointes = " (jointes à ce fichier en JSON et en CSV)" if remplies else ""
        return (
            f"{len(self.matrice.lignes)} actions, {len(self.matrice.colonnes)} colonnes, "
            f"{remplies} cellules remplies{jointes}"
        )

    @cached_property
    def legende(self) -> list[tuple[str, str, int]]:
        """Signe, mot et nombre de chaque genre de cellule imprimé, dans l'ordre du vocabulaire."""
        nombres: dict[tuple[str, str], int] = {}
        for cellule in self.matrice.cellules.values():
            if cellule.retenue:
                nombres[signe(cellule)] = nombres.get(signe(cellule), 0) + 1
        return [(*dit, nombres[dit]) for dit in VOCABULAIRE if dit in nombres]


@dataclass(frozen=True)
class ColonneDuQuartier:
    """Une colonne qui couvre le quartier, ses lignes remplies et celles où rien n'est imprimé."""

    colonne: ColonneLue
    rang: int
    couverture: str
    lignes: list[tuple[Ligne, Cellule]]
    vides: list[Ligne]

    @property
    def est_partielle(self) -> bool:
        return self.couverture == Couverture.PARTIELLE


@dataclass(frozen=True)
class DocumentQuartier(DocumentMatrice):
    """Ce que la matrice dit d'un quartier, par les colonnes qui le couvrent."""

    gabarit = "pdf/quartier.html"

    quartier: Territoire | None = None

    @property
    def titre(self) -> str:
        return f"{self.quartier.nom} dans la matrice ({self.contrat.intitule_court})"

    @property
    def cle(self) -> str:
        return f"quartier-{self.quartier.cle}"

    @property
    def contenu(self) -> str:
        nombre = sum(not ligne.est_oubliee for ligne in self.matrice.lignes)
        total = len(self.matrice.lignes)
        jointes = " (jointes à ce fichier en JSON et en CSV)" if nombre else ""
        return f"{nombre} actions sur {total} disent quelque chose de ce quartier{jointes}"

    @cached_property
    def colonnes(self) -> list[ColonneDuQuartier]:
        """Les colonnes qui couvrent le quartier, en tout ou partie, dans l'ordre imprimé."""
        return [self._colonne(rang, c) for rang, c in enumerate(self.matrice.colonnes)]

    def _colonne(self, rang: int, colonne: ColonneLue) -> ColonneDuQuartier:
        places = [(ligne, ligne.cellules[rang]) for ligne in self.matrice.lignes]
        couverture = next(
            (q.couverture for q in colonne.quartiers if q.cle == self.quartier.cle), ""
        )
        return ColonneDuQuartier(
            colonne,
            rang,
            couverture,
            [(ligne, cellule) for ligne, cellule in places if not cellule.est_vide],
            [ligne for ligne, cellule in places if cellule.est_vide],
        )


def signe(cellule: Cellule) -> tuple[str, str]:
    """Nom du signe et mot d'une cellule : le mot suffit, la teinte ne porte rien."""
    if cellule.contenu is None:
        return VIDE
    statut = StatutDeclinaison(cellule.contenu.statut)
    if cellule.partagee_avec and statut == StatutDeclinaison.TEXTE:
        return PARTAGEE
    return statut.value, statut.label


VIDE = ("vide", "Vide")
PARTAGEE = ("partagee", "Partagée")
VOCABULAIRE = [
    ("texte", StatutDeclinaison.TEXTE.label),
    PARTAGEE,
    *((s.value, s.label) for s in StatutDeclinaison if s != StatutDeclinaison.TEXTE),
    VIDE,
]


def contexte_annexe(
    contrat: Contrat,
    filtres: MatriceFilterSet,
    *,
    par: Utilisateur | AnonymousUser,
    site: str,
    code: str = "",
) -> dict[str, Any] | None:
    """L'annexe que choisit `filtres`, en un nombre fixe de requêtes ; None si elle est vide."""
    completer(contrat, entier=False)
    matrice = lire_matrice(contrat, par, filtres)
    if not matrice.annexes:
        return None
    document = DocumentAnnexe(
        contrat,
        matrice,
        _modifie_le(contrat, matrice),
        site.rstrip("/"),
        code,
        matrice.annexes[0],
        _filtres_dits(filtres),
    )
    return _contexte(document, par)


def contexte_quartier(
    contrat: Contrat, quartier: Territoire, *, par: Utilisateur | AnonymousUser, site: str
) -> dict[str, Any] | None:
    """Ce que la matrice dit de ce quartier ; None si aucune colonne ne le couvre."""
    completer(contrat, entier=False)
    choix = MatriceFilterSet({"territoire": quartier.cle}, contrat=contrat)
    matrice = lire_matrice(contrat, par, choix)
    if quartier.cle not in {q.cle for c in matrice.colonnes for q in c.quartiers}:
        return None
    document = DocumentQuartier(
        contrat, matrice, _modifie_le(contrat, matrice), site.rstrip("/"), quartier=quartier
    )
    return _contexte(document, par)


def _contexte(document: DocumentMatrice, par: Utilisateur | AnonymousUser) -> dict[str, Any]:
    ordre = [cellule.public_id for cellule in document.cellules]
    return {
        "document": document,
        "contrat": document.contrat,
        "matrice": document.matrice,
        "fichiers": donnees.fichiers_de_matrice(
            document.contrat, ordre, par=par, site=document.site
        ),
    }


def _modifie_le(contrat: Contrat, matrice: Matrice) -> datetime.datetime:
    """Contrat, actions et cellules confondus, à la seconde."""
    cellules = Declinaison.objects.filter(
        action__contrat=contrat, colonne__in=[c.pk for c in matrice.colonnes]
    ).aggregate(le=Max("modifie_le"))["le"]
    dates = [contrat.modifie_le, *(ligne.action.modifie_le for ligne in matrice.lignes)]
    return max(*dates, cellules or contrat.modifie_le).replace(microsecond=0)


def _filtres_dits(filtres: MatriceFilterSet) -> list[str]:
    """« Programme : 12. Prendre… » par filtre choisi, hors l'annexe qui fait le document."""
    return [
        f"{filtres.filters[nom].label} : {_valeur(filtres.filters[nom], valeur)}"
        for nom, valeur in filtres.choisi.items()
        if nom != "annexe" and valeur not in (None, "", [])
    ]


def _valeur(filtre: Any, valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    mots = dict(filtre.extra.get("choices") or ())
    valeurs = valeur if isinstance(valeur, list) else [valeur]
    return ", ".join(str(mots.get(v, v)) for v in valeurs)
