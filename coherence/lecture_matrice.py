"""La part de la matière que porte la matrice : annexes territoriales, titres, priorités, cases."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Prefetch
from django.urls import reverse

from coherence.enums import Regle
from coherence.formes import (
    AnnexeTerritorialeLue,
    Objet,
    PrioriteLue,
    Releve,
    RenvoiDeCellule,
    TitreLu,
)
from contrats.models import Contrat
from perr.models import (
    AnnexeTerritoriale,
    AxePrioritaire,
    Colonne,
    Declinaison,
    RenvoiDeclinaison,
    TitreVariante,
)


class Matrice:
    """`actions` : l'objet de chaque action visible ; les autres n'existent pas ici."""

    def __init__(self, contrat: Contrat, actions: Mapping[int, Objet]) -> None:
        self.contrat, self.actions = contrat, actions

    def annexes(self) -> tuple[AnnexeTerritorialeLue, ...]:
        colonnes = Colonne.objects.prefetch_related("quartiers").order_by("rang", "pk")
        annexes = (
            AnnexeTerritoriale.objects.filter(contrat=self.contrat)
            .prefetch_related(Prefetch("colonnes", colonnes))
            .order_by("ordre_imprime", "pk")
        )
        page = reverse("perr:matrice-detail", args=[self.contrat.slug])
        return tuple(
            AnnexeTerritorialeLue(
                Objet(
                    f"L'annexe territoriale {a.nom}",
                    f"{page}?annexe={a.cle}",
                    f"territoriale:{a.cle}",
                    f"annexe:{a.cle}",
                ),
                a.nom,
                a.ordre_sommaire,
                a.ordre_imprime,
                len(a.colonnes.all()),
                frozenset(q.nom for colonne in a.colonnes.all() for q in colonne.quartiers.all()),
            )
            for a in annexes
        )

    def titres(self) -> tuple[TitreLu, ...]:
        lignes = (
            TitreVariante.objects.filter(action__in=self.actions)
            .select_related("annexe", "action")
            .order_by("annexe__ordre_imprime", "action__ordre", "pk")
        )
        return tuple(
            TitreLu(
                self._dans(t.action_id, t.annexe.cle),
                t.annexe.nom,
                t.action.numero,
                t.numero_imprime,
                t.titre,
                t.ligne_absente,
            )
            for t in lignes
        )

    def priorites(self) -> tuple[PrioriteLue, ...]:
        lignes = (
            AxePrioritaire.objects.filter(contrat=self.contrat)
            .select_related("action")
            .order_by("ordre", "pk")
        )
        programmes: dict[int, list[int]] = defaultdict(list)
        lies = AxePrioritaire.programmes.through.objects.filter(axeprioritaire__in=lignes)
        for priorite, axe in lies.order_by("pk").values_list("axeprioritaire", "axe"):
            programmes[priorite].append(axe)
        page = self.contrat.get_absolute_url()
        return tuple(
            PrioriteLue(
                Objet(f"La priorité {p.ordre} (« {p.texte[:80]} »)", page, f"priorite:{p.ordre}"),
                p.texte,
                p.action.numero if p.action else "",
                tuple(programmes[p.pk]),
            )
            for p in lignes
        )

    def cellules(self) -> tuple[RenvoiDeCellule, ...]:
        lignes = (
            RenvoiDeclinaison.objects.filter(declinaison__action__in=self.actions)
            .select_related("declinaison__colonne__annexe", "action")
            .order_by("declinaison__action__ordre", "declinaison", "ordre", "pk")
        )
        return tuple(
            RenvoiDeCellule(
                self._case(r.declinaison),
                r.texte,
                r.axe_id,
                r.action.numero if r.action else "",
            )
            for r in lignes
        )

    def releves(self) -> tuple[Releve, ...]:
        """Les doutes que l'import a laissés dans des cases."""
        lignes = (
            Declinaison.objects.filter(action__in=self.actions)
            .exclude(a_verifier="")
            .select_related("colonne__annexe")
            .order_by("action__ordre", "colonne", "pk")
        )
        return tuple(
            Releve(
                Regle.A_RELIRE,
                self._case(d),
                f"{self._case(d).nom} : {d.a_verifier}",
                lu=d.a_verifier,
            )
            for d in lignes
        )

    def _dans(self, action: int, annexe: str) -> Objet:
        objet = self.actions[action]
        return Objet(objet.nom, objet.adresse, f"{objet.repere}:{annexe}", f"annexe:{annexe}")

    def _case(self, declinaison: Declinaison) -> Objet:
        colonne = declinaison.colonne
        objet = self._dans(declinaison.action_id, colonne.annexe.cle)
        nom = f"La case « {colonne.libelle} » de {objet.nom[0].lower()}{objet.nom[1:]}"
        return Objet(nom, objet.adresse, f"{objet.repere}:{colonne.cle}", objet.dans)
