"""Ce qu'un tableau lit une seule fois, pour toutes les dates qu'il compare.

Le présent, et ce qui porte sa date : constats, météos, séances, signatures. Chaque état en garde ce
qui le précède ; il ne reste à lire, par date, que l'histoire des actions, cellules et textes.
"""

import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Min

from contrats.enums import StatutContrat
from contrats.models import (
    Axe,
    Contrat,
    Engagement,
    EtatAction,
    LibelleAxe,
    Signature,
    Transition,
)
from contrats.permissions import roles
from gouvernance.enums import TypeInstance
from gouvernance.models import Instance
from indicateurs.lecture import Fonds
from indicateurs.models import Indicateur
from partenaires.models import Charte, Organisme
from perr.models import Colonne, Declinaison
from tableaux.comites import CONFERENCE, SeanceClose, seances_closes
from tableaux.enums import GenreRapport
from tableaux.etat import AxeLu, ColonneLue
from tableaux.models import Constat, Meteo
from tableaux.perimetre import Lecteur, Perimetre
from territoires.enums import TypeTerritoire

Cellules = dict[tuple[str, int], str]
Contrats = dict[int, Contrat]


class Sources:
    """Les lignes d'un périmètre que ce lecteur voit ; chaque sorte se lit à la première demande."""

    def __init__(self, perimetre: Perimetre, par: Lecteur) -> None:
        self.perimetre = perimetre
        self.par = par

    @cached_property
    def contrats(self) -> Contrats:
        voulus = self.perimetre.contrats.values("pk")
        visibles = Contrat.objects.visibles_par(self.par).filter(pk__in=voulus)
        return {c.pk: c for c in visibles.select_related("parent").order_by("pk")}

    @cached_property
    def avec_parents(self) -> set[int]:
        """Ces contrats et ceux qu'ils complètent."""
        return {pk for c in self.contrats.values() for pk in (c.pk, c.parent_id) if pk}

    @cached_property
    def nommes(self) -> set[int]:
        """Contrats dont le lecteur peut savoir qui a écrit : ceux où il a un rôle."""
        if not self.par.is_authenticated:
            return set()
        contrats = set(self.contrats)
        return contrats if self.par.is_superuser else contrats & set(roles(self.par))

    @cached_property
    def connu_depuis(self) -> datetime.datetime | None:
        """Le premier état d'action que la plateforme garde ici."""
        etats = EtatAction.objects.filter(contrat__in=self.contrats)
        return etats.aggregate(d=Min("le"))["d"]

    @cached_property
    def organismes(self) -> dict[str, str]:
        return dict(Organisme.objects.values_list("cle", "nom"))

    @cached_property
    def colonnes(self) -> tuple[ColonneLue, ...]:
        colonnes = Colonne.objects.filter(annexe__contrat__in=self.contrats)
        lues = colonnes.select_related("annexe").prefetch_related("quartiers")
        return tuple(
            ColonneLue(
                c.pk,
                self.contrats[c.annexe.contrat_id].slug,
                c.abrege,
                c.libelle,
                tuple(sorted(q.cle for q in c.quartiers.all())),
            )
            for c in lues.order_by("annexe__contrat", "annexe__ordre_imprime", "rang", "pk")
        )

    @cached_property
    def cellules(self) -> Cellules:
        """Statut de chaque cellule remplie aujourd'hui."""
        lignes = Declinaison.objects.filter(action__contrat__in=self.contrats).order_by("pk")
        return {
            (str(identifiant), colonne): statut
            for identifiant, colonne, statut in lignes.values_list(
                "action__public_id", "colonne", "statut"
            )
        }

    @cached_property
    def axes(self) -> dict[tuple[str, str], AxeLu]:
        """Par contrat et clé : les axes du contrat, et ceux du contrat qu'il complète."""
        courts = dict(
            LibelleAxe.objects.filter(axe__contrat__in=self.avec_parents, origine="tableau")
            .order_by("-pk")
            .values_list("axe", "libelle")
        )
        lignes = Axe.objects.filter(contrat__in=self.avec_parents).order_by(
            "contrat", "ordre", "pk"
        )
        axes: dict[tuple[str, str], AxeLu] = {}
        for rang, (pk, de, cle, numero, intitule, nature, parent) in enumerate(
            lignes.values_list(
                "pk", "contrat", "cle", "numero", "intitule", "nature", "parent__cle"
            )
        ):
            lu = AxeLu(cle, numero, intitule, nature, parent, rang, courts.get(pk, ""))
            for contrat in self.contrats.values():
                if de in (contrat.pk, contrat.parent_id):
                    axes.setdefault((contrat.slug, cle), lu)
        return axes

    @cached_property
    def chartes(self) -> dict[str, datetime.date]:
        """Première charte signée de chaque organisme."""
        lignes: Any = Charte.objects.order_by("-signee_le")
        return dict(lignes.values_list("organisme__cle", "signee_le"))

    @cached_property
    def engagements(self) -> dict[tuple[int, int], Engagement]:
        """Ceux d'aujourd'hui, par contrat et rang."""
        lignes = Engagement.objects.filter(contrat__in=self.contrats).order_by("contrat", "ordre")
        lus = lignes.prefetch_related("porteurs__organisme", "beneficiaires__organisme")
        return {(e.contrat_id, e.ordre): e for e in lus}

    @cached_property
    def constats(self) -> list[Constat]:
        lignes = Constat.objects.filter(contrat__in=self.contrats).select_related("auteur")
        return list(lignes.order_by("le", "pk"))

    @cached_property
    def meteos(self) -> list[Meteo]:
        lignes = Meteo.objects.filter(contrat__in=self.contrats).select_related("auteur", "axe")
        return list(lignes.order_by("le", "pk"))

    # Devoirs

    @cached_property
    def signatures(self) -> dict[int, datetime.date]:
        """Première signature de chaque contrat."""
        return self._premieres(Signature.objects.exclude(le=None), "le")

    @cached_property
    def adoptions(self) -> dict[int, datetime.datetime]:
        adoptes = [StatutContrat.ADOPTE, StatutContrat.SIGNE]
        return self._premieres(Transition.objects.filter(vers__in=adoptes), "le")

    @cached_property
    def creations(self) -> dict[int, datetime.date]:
        """Création du PETR que nomme le contrat."""
        liens = Contrat.territoires.through.objects.filter(territoire__type=TypeTerritoire.PETR)
        return self._premieres(liens, "territoire__valide_du")

    def _premieres(self, lignes: Any, champ: str) -> dict[int, Any]:
        siennes = lignes.filter(contrat__in=self.contrats).order_by()
        return dict(siennes.values_list("contrat").annotate(premiere=Min(F(champ))))

    @cached_property
    def rapports(self) -> list[tuple[int, datetime.date, datetime.datetime]]:
        """Rapports annuels figés : contrat, date dite, jour où ils le furent.

        `documents` est à droite de nous : ses documents figés se lisent par la relation du contrat.
        """
        figes = Contrat.objects.filter(
            pk__in=self.contrats, documents_figes__nature=GenreRapport.ANNUEL
        )
        lus = figes.order_by("documents_figes__cle").values_list(
            "pk", "documents_figes__cle", "documents_figes__fige_le"
        )
        return [(pk, datetime.date.fromisoformat(au), le) for pk, au, le in lus]

    @cached_property
    def seances(self) -> list[SeanceClose]:
        return seances_closes(self.avec_parents, self.par)

    @cached_property
    def instances(self) -> tuple[set[int], set[int]]:
        """Contrats qui ont un comité de pilotage, à eux ou au contrat qu'ils complètent ; une
        conférence des maires."""
        pilotage, maires = set(), set()
        lignes = Instance.objects.filter(contrat__in=self.avec_parents).order_by("pk")
        for contrat, type_, cle in lignes.values_list("contrat", "type", "cle"):
            if type_ == TypeInstance.PILOTAGE:
                pilotage.add(contrat)
            if cle.startswith(CONFERENCE):
                maires.add(contrat)
        suivis = {c.pk for c in self.contrats.values() if {c.pk, c.parent_id} & pilotage}
        return suivis, maires & set(self.contrats)

    @cached_property
    def indicateurs(self) -> Fonds:
        """Ceux des contrats et des contrats qu'ils complètent."""
        visibles = Indicateur.objects.visibles_par(self.par)
        retenus = visibles.filter(contrat__in=self.avec_parents).retenus()
        return Fonds(retenus.pour_liste(), self.par)
