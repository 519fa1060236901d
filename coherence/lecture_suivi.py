"""La part de la matière que portent les indicateurs, les actes et les lignes des fiches."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import cached_property

from coherence.enums import Regle
from coherence.formes import IndicateurLu, Objet, Releve
from comptes.models import Utilisateur
from contrats.enums import Precision
from contrats.models import Contrat, Jalon, Livrable, OriginalSigne, Risque
from gouvernance.enums import StatutDeliberation
from gouvernance.models import Deliberation
from indicateurs.models import Indicateur
from territoires.enums import TypeTerritoire


class Suivi:
    def __init__(self, contrat: Contrat, par: Utilisateur | AnonymousUser | None) -> None:
        self.contrat, self.par = contrat, par

    @cached_property
    def _suivis(self) -> list[Indicateur]:
        lignes = Indicateur.objects.suivis_par(self.contrat).retenus()
        if self.par is not None:
            lignes = lignes.visibles_par(self.par)
        lus = lignes.prefetch_related("millesimes_attendus", "analyses")
        return list(lus.order_by("ordre", "pk"))

    def indicateurs_suivis(self) -> int:
        """Avec ceux des contrats parents : un PERR suit les indicateurs du contrat de ville."""
        return len(self._suivis)

    def indicateurs(self) -> tuple[IndicateurLu, ...]:
        """Ceux du contrat lui-même."""
        return tuple(
            IndicateurLu(
                self._objet(i),
                frozenset(
                    annee
                    for m in i.millesimes_attendus.all()
                    for annee in range(m.debut.year, m.fin.year + 1)
                ),
                tuple(analyse.texte for analyse in i.analyses.all()),
            )
            for i in self._siens
        )

    @property
    def _siens(self) -> list[Indicateur]:
        return [i for i in self._suivis if i.contrat_id == self.contrat.pk]

    def _objet(self, indicateur: Indicateur) -> Objet:
        page = reverse("indicateurs:indicateur-detail", args=[self.contrat.slug, indicateur.cle])
        nom = f"L'indicateur « {indicateur.intitule} »"
        return Objet(nom, page, f"indicateur:{indicateur.cle}")

    def quartiers(self) -> int:
        return self.contrat.territoires.filter(type=TypeTerritoire.QPV).count()

    def originaux(self) -> int:
        return OriginalSigne.objects.filter(contrat=self.contrat).count()

    def projets(self) -> tuple[Objet, ...]:
        lignes = Deliberation.objects.filter(contrat=self.contrat)
        if self.par is not None:
            lignes = lignes.visibles_par(self.par)
        projets = lignes.filter(statut=StatutDeliberation.PROJET).order_by("numero", "pk")
        return tuple(
            Objet(f"La délibération {d.numero}", d.get_absolute_url(), f"deliberation:{d.numero}")
            for d in projets
        )

    def releves(self) -> tuple[Releve, ...]:
        """Risques imprimés ailleurs, dates approchées, doutes sur un indicateur."""
        du_contrat = {"section__fiche__contrat": self.contrat, "section__fiche__supprimee_le": None}
        risques = Risque.objects.filter(**du_contrat).exclude(imprime_sous="")
        releves = [
            Releve(
                Regle.MAL_PLACE,
                _ligne(r, f"Le risque « {r.intitule} »"),
                f"Le risque « {r.intitule} » est imprimé sous « {r.imprime_sous} ».",
                r.section.libelle,
                r.imprime_sous,
            )
            for r in _rangees(risques)
        ]
        for modele, mot in ((Jalon, "Le jalon"), (Livrable, "Le livrable")):
            datees = modele.objects.filter(**du_contrat).exclude(echeance_texte="")  # type: ignore[attr-defined]  # deux modèles
            for ligne in _rangees(datees.exclude(precision=Precision.JOUR)):
                nom = f"{mot} « {ligne.intitule} »"
                phrase = f"{nom} n'a qu'une date approchée : « {ligne.echeance_texte} »."
                objet = _ligne(ligne, nom)
                releves.append(
                    Releve(Regle.DATE_APPROCHEE, objet, phrase, "un jour", ligne.echeance_texte)
                )
        for i in self._siens:
            if i.a_verifier:
                objet = self._objet(i)
                phrase = f"{objet.nom} : {i.a_verifier}"
                releves.append(Releve(Regle.A_RELIRE, objet, phrase, lu=i.a_verifier))
        return tuple(releves)


def _rangees(lignes: Any) -> Any:
    sections = lignes.select_related("section__modele", "section__fiche__contrat")
    return sections.order_by("section__fiche__ordre", "section__ordre", "ordre", "pk")


def _ligne(ligne: Any, nom: str) -> Objet:
    fiche, section = ligne.section.fiche, ligne.section.modele.cle
    page = f"{fiche.get_absolute_url()}#{section}"
    repere = f"ligne:{fiche.cle}:{section}:{ligne.ordre}"
    return Objet(nom, page, repere, f"fiche:{fiche.cle}")
