"""Contrôler un contrat, écarter un constat, le reprendre."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from coherence.enums import Gravite
from coherence.formes import Constat
from coherence.lecture import Lecteur, lire
from coherence.models import ConstatEcarte, ConstatEcarteQuerySet
from coherence.regles import controler
from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut


class ConstatInconnu(LookupError):
    """Le contrôle ne dit plus, ou pas encore, cela : le texte ou la donnée a changé."""


@dataclass(frozen=True)
class Bilan:
    """Les constats d'un contrat : ce qui reste, et ce que quelqu'un a écarté."""

    restants: list[Constat]
    ecartes: list[tuple[Constat, ConstatEcarte]]

    @property
    def groupes(self) -> list[tuple[Gravite, list[Constat]]]:
        """Ce qui reste, par gravité, le plus grave d'abord."""
        groupes = [(g, [c for c in self.restants if c.gravite == g]) for g in Gravite]
        return [(gravite, constats) for gravite, constats in groupes if constats]

    @property
    def bloquants(self) -> list[Constat]:
        return [c for c in self.restants if c.gravite == Gravite.BLOQUE]

    def de(self, dans: str) -> "Bilan":
        """Ce qui touche une fiche ou une annexe territoriale (« fiche:velo »)."""
        siens = [c for c in self.restants if c.objet.dans == dans]
        return Bilan(siens, [(c, e) for c, e in self.ecartes if c.objet.dans == dans])


def bilan(contrat: Contrat, *, par: Lecteur | None = None) -> Bilan:
    """Le contrôle du contrat tel qu'il est à présent."""
    ecartes = {e.cle: e for e in _ecartes(contrat).select_related("par")}
    constats = controler(lire(contrat, par=par))
    return Bilan(
        [c for c in constats if c.cle not in ecartes],
        [(c, ecartes[c.cle]) for c in constats if c.cle in ecartes],
    )


@transaction.atomic
def ecarter(contrat: Contrat, cle: str, motif: str, *, par: Utilisateur) -> ConstatEcarte:
    """Admet une discordance ; déjà admise, rend ce qui fut dit.

    Lève `PermissionDenied` sans le droit, `ConstatInconnu` si le contrôle ne la trouve pas.
    """
    _exiger(par, contrat)
    constat = next((c for c in controler(lire(contrat, par=par)) if c.cle == cle), None)
    if constat is None:
        raise ConstatInconnu("Ce constat n'est plus : le texte ou la donnée a changé.")
    ecarte, _ = _ecartes(contrat).get_or_create(
        contrat=contrat,
        cle=cle,
        repris_le=None,
        defaults={"regle": constat.regle, "phrase": constat.phrase, "motif": motif, "par": par},
    )
    return ecarte


@transaction.atomic
def reprendre(contrat: Contrat, cle: str, *, par: Utilisateur) -> None:
    """Le constat compte de nouveau. Lève `PermissionDenied`, ou `ConstatInconnu` s'il n'est pas
    écarté."""
    _exiger(par, contrat)
    repris = _ecartes(contrat).filter(cle=cle).update(repris_le=timezone.now(), repris_par=par)
    if not repris:
        raise ConstatInconnu("Ce constat n'est pas écarté.")


def _ecartes(contrat: Contrat) -> ConstatEcarteQuerySet:
    return ConstatEcarte.objects.filter(contrat=contrat).en_vigueur()


def _exiger(par: Utilisateur, contrat: Contrat) -> None:
    if not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Écarter un constat : votre rôle sur ce contrat ne le permet pas.")
