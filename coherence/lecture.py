"""Lit un contrat en `Matiere` : un nombre fixe de requêtes, quoi qu'il porte."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from avenants.models import SIGNES
from coherence.enums import Regle
from coherence.formes import (
    ActionLue,
    AnnexeLue,
    AnnonceLue,
    ArticleLu,
    AxeLu,
    FicheLue,
    Matiere,
    Objet,
    PartieLue,
    Releve,
    RenvoiLu,
    SectionLue,
    TexteLu,
)
from coherence.lecture_matrice import Matrice
from coherence.lecture_suivi import Suivi
from comptes.models import Utilisateur
from contrats.enums import ContenuAnnexe, EtatSection, NatureAxe, NatureSection, RoleSignature
from contrats.models import (
    Action,
    Axe,
    Contrat,
    Fiche,
    Partenariat,
    Renvoi,
    Section,
    Signature,
)
from contrats.variables import noms, remplacer, valeurs
from texte.markdown import en_texte

Lecteur = Utilisateur | AnonymousUser
COURT = 90
LIGNES = ("jalons", "livrables", "risques", "facteurs", "criteres", "projetlies", "responsables")


def lire(contrat: Contrat, *, par: Lecteur | None = None) -> Matiere:
    """La matière du contrat, telle que ce lecteur la voit ; sans lecteur, tout entière."""
    return _Lecture(contrat, par).matiere()


def court(texte: str) -> str:
    """Le début d'un texte, pour le nommer dans une phrase."""
    nu = " ".join(texte.split())
    return nu if len(nu) <= COURT else f"{nu[: COURT - 1]}…"


class _Lecture:
    """Lit chaque relation une fois ; les objets nommés servent à plusieurs règles."""

    def __init__(self, contrat: Contrat, par: Lecteur | None) -> None:
        self.contrat, self.par = contrat, par
        self.page = contrat.get_absolute_url()
        self.objet = Objet(f"Le contrat « {contrat.intitule_court} »", self.page, "contrat")
        self.axes = self._axes()
        self.fiches = self._fiches()
        self.actions = self._actions()
        self.textes: list[TexteLu] = []
        self.releves: list[Releve] = []

    def visibles[Q: QuerySet](self, lignes: Q) -> Q:
        if self.par is None:
            return lignes
        return lignes.visibles_par(self.par)  # type: ignore[attr-defined]  # de nos modèles

    def ancre(self, ancre: str, nom: str, repere: str) -> Objet:
        return Objet(nom, f"{self.page}#{ancre}", repere)

    def matiere(self) -> Matiere:
        contrat = self.contrat
        signataires = list(
            Signature.objects.filter(contrat=contrat, role=RoleSignature.SIGNATAIRE).values_list(
                "partie", flat=True
            )
        )
        articles = self._articles()
        fiches = self._fiches_lues()
        annexes = self._annexes()
        engagements = self._engagements()
        matrice = Matrice(contrat, {a.pk: self.objet_d_action(a) for a in self.actions})
        suivi = Suivi(contrat, self.par)
        self._preambule()
        return Matiere(
            contrat=self.objet,
            textes=tuple(self.textes),
            articles=articles,
            annexes=annexes,
            annonces=self._annonces(),
            axes=self._axes_lus(),
            fiches=fiches,
            actions=tuple(self._action_lue(a) for a in self.actions),
            parties=self._parties(signataires),
            titres=matrice.titres(),
            priorites=matrice.priorites(),
            cellules=matrice.cellules(),
            annexes_territoriales=matrice.annexes(),
            indicateurs=suivi.indicateurs(),
            releves=(*self.releves, *suivi.releves(), *matrice.releves()),
            engagements=engagements,
            quartiers=suivi.quartiers(),
            instances=contrat.instances.count(),
            indicateurs_suivis=suivi.indicateurs_suivis(),
            signatures=len(signataires) + suivi.originaux(),
            signe=contrat.statut in SIGNES,
            projets=suivi.projets(),
            version_source=contrat.version_source,
        )

    # Le texte

    def _texte(
        self, objet: Objet, texte: str, renvois: Iterable[Renvoi] = (), *, compte: bool = True
    ) -> None:
        lus = tuple(_renvoi(r) for r in renvois)
        if texte or lus:
            self.textes.append(TexteLu(objet, en_texte(texte), lus, compte))

    def _preambule(self) -> None:
        contrat = self.contrat
        self._texte(self.ancre("preambule", "Le préambule", "preambule"), contrat.preambule)
        nature = self.ancre("essentiel", "La nature juridique", "nature")
        self._texte(nature, contrat.nature_juridique)

    def _articles(self) -> tuple[ArticleLu, ...]:
        renvois = Renvoi.objects.select_related("fiche", "annexe").order_by("ordre", "pk")
        lignes = (
            self.contrat.articles.annotate(nb_engagements=Count("engagements"))
            .prefetch_related(Prefetch("renvois", renvois))
            .order_by("ordre", "pk")
        )
        lus = []
        for a in lignes:
            nom, repere = f"L'article {a.numero}", f"article:{a.numero}"
            objet = self.ancre(f"article-{a.numero}", nom, repere)
            dit = self._dire(objet, a.texte)
            self._texte(objet, dit, a.renvois.all())
            texte = en_texte(dit)
            lus.append(ArticleLu(objet, a.numero, a.titre, texte, a.nb_engagements))
        return tuple(lus)

    def _dire(self, objet: Objet, texte: str) -> str:
        """L'article tel qu'on le lit ; une variable inconnue, ou sans valeur, se relève."""
        connues = valeurs(self.contrat, noms(texte))
        for nom in noms(texte):
            if not connues.get(nom):
                quoi = "n'a pas de valeur" if nom in connues else "n'existe pas"
                phrase = f"{objet.nom} emploie {{{nom}}}, qui {quoi}."
                self.releves.append(Releve(Regle.VARIABLE, objet, phrase, nom, quoi))
        return remplacer(texte, connues)

    def _engagements(self) -> int:
        lignes = list(self.contrat.engagements.order_by("ordre", "pk"))
        for e in lignes:
            ancre = f"engagement-{e.ordre}"
            objet = self.ancre(ancre, f"L'engagement {e.ordre}", f"engagement:{e.ordre}")
            self._texte(objet, e.texte)
        return len(lignes)

    def _annexes(self) -> tuple[AnnexeLue, ...]:
        lues = []
        for a in self.contrat.annexes.order_by("ordre", "pk"):
            nom = f"L'annexe {a.numero} (« {court(a.intitule)} »)"
            objet = self.ancre(f"annexe-{a.numero}", nom, f"annexe:{a.numero}")
            self._texte(objet, a.texte)
            de_fiches = a.contenu == ContenuAnnexe.FICHES
            vide = a.contenu == ContenuAnnexe.VIDE or not (de_fiches or a.texte)
            lues.append(AnnexeLue(objet, a.numero, vide and not a.texte, de_fiches))
        return tuple(lues)

    def _annonces(self) -> tuple[AnnonceLue, ...]:
        return tuple(
            AnnonceLue(
                Objet("Le texte", self.page, f"annonce:{a.objet}"), a.objet, a.nombre, a.libelle
            )
            for a in self.contrat.annonces.order_by("pk")
        )

    def _parties(self, signataires: list[int]) -> tuple[PartieLue, ...]:
        return tuple(
            PartieLue(
                self.ancre("parties", f"« {p.libelle or p.organisme.nom} »", f"partie:{p.rang}"),
                signataires.count(p.pk),
            )
            for p in self.contrat.parties.select_related("organisme").order_by("rang", "pk")
        )

    # L'arbre

    def _axes(self) -> list[Axe]:
        """Ceux du contrat, et ceux du parent qu'il peut lire."""
        contrats = Contrat.objects.filter(pk__in=[self.contrat.pk, self.contrat.parent_id or 0])
        return list(
            Axe.objects.filter(contrat__in=self.visibles(contrats).values("pk"))
            .select_related("contrat")
            .order_by("contrat", "ordre", "pk")
        )

    def _axes_lus(self) -> tuple[AxeLu, ...]:
        lus = []
        for axe in self.axes:
            du_parent = axe.contrat_id != self.contrat.pk
            nature = NatureAxe(axe.nature).label.lower()
            nom = f"{nature.capitalize()} « {court(str(axe))} »"
            adresse = f"{axe.contrat.get_absolute_url()}#axe-{axe.cle}"
            objet = Objet(nom, adresse, f"axe:{axe.cle}")
            if not du_parent:
                self._texte(objet, axe.texte)
            lus.append(AxeLu(objet, axe.pk, axe.nature, axe.numero, axe.parent_id, du_parent))
        return tuple(lus)

    # Les fiches et leurs actions

    def _fiches(self) -> list[Fiche]:
        lignes = [Prefetch("sections", self._sections())]
        vivantes = Fiche.objects.vivantes().filter(contrat=self.contrat)
        fiches = self.visibles(vivantes).prefetch_related(*lignes).order_by("ordre", "pk")
        lues = list(fiches)
        for fiche in lues:
            fiche.contrat = self.contrat
        return lues

    def _sections(self) -> QuerySet[Section]:
        renvois = Renvoi.objects.select_related("fiche", "annexe").order_by("ordre", "pk")
        listes = Partenariat.objects.filter(section=OuterRef("pk"))
        porte = {f"a_{nom}": Exists(_lignes(nom)) for nom in LIGNES}
        return (
            Section.objects.select_related("modele")
            .annotate(a_partenaires=Exists(listes), **porte)
            .prefetch_related(Prefetch("renvois", renvois))
            .order_by("ordre", "pk")
        )

    def _actions(self) -> list[Action]:
        vivantes = Action.objects.filter(contrat=self.contrat)
        if self.par is None:
            vivantes = vivantes.exclude(fiche__supprimee_le__isnull=False)
        return list(
            self.visibles(vivantes)
            .annotate(nb_declinaisons=Count("declinaisons", distinct=True))
            .order_by("ordre", "pk")
        )

    def objet_d_action(self, action: Action) -> Objet:
        numero = f"{action.numero} " if action.numero else ""
        nom = f"L'action {numero}« {court(action.intitule)} »"
        cle = next((f.cle for f in self.fiches if f.pk == action.fiche_id), "")
        dans = f"fiche:{cle}" if cle else ""
        return Objet(nom, action.get_absolute_url(), f"action:{action.public_id}", dans)

    def _action_lue(self, action: Action) -> ActionLue:
        return ActionLue(
            self.objet_d_action(action),
            action.numero,
            action.intitule,
            str(action.fiche_id or ""),
            action.axe_id,
            action.parent_id is not None,
            action.horizon,
            action.prioritaire,
            action.nb_declinaisons,  # type: ignore[attr-defined]  # annoté
        )

    def _fiches_lues(self) -> tuple[FicheLue, ...]:
        par_fiche: dict[int | None, list[Action]] = defaultdict(list)
        for action in self.actions:
            par_fiche[action.fiche_id].append(action)
        return tuple(self._fiche(fiche, par_fiche[fiche.pk]) for fiche in self.fiches)

    def _fiche(self, fiche: Fiche, actions: list[Action]) -> FicheLue:
        page, dans = fiche.get_absolute_url(), f"fiche:{fiche.cle}"
        objet = Objet(f"La fiche « {court(fiche.titre)} »", page, dans, dans)
        sections, renvois = [], []
        for section in fiche.sections.all():
            cle = section.modele.cle
            nom = f"La section « {court(section.libelle)} » de la fiche « {court(fiche.titre)} »"
            vise = Objet(nom, f"{page}#{cle}", f"section:{fiche.cle}:{cle}", dans)
            siens = list(section.renvois.all())
            renvois += siens
            self._texte(vise, section.texte, siens, compte=False)
            sections.append(SectionLue(vise, _vide(section, actions)))
        for action in actions:
            texte = "\n\n".join(filter(None, (action.intitule, action.description)))
            cites = tuple(_renvoi(r) for r in renvois if r.fiche is None or not _perdue(r))
            vise = self.objet_d_action(action)
            self.textes.append(TexteLu(vise, en_texte(texte), cites, compte=False))
        axe = fiche.axe_id
        return FicheLue(objet, fiche.numero, fiche.numero_deduit, axe, tuple(sections))


def _lignes(nom: str) -> QuerySet[Any]:
    modele = Section._meta.get_field(nom).related_model
    return modele.objects.filter(section=OuterRef("pk"))  # type: ignore[union-attr]  # relation


def _vide(section: Section, actions: list[Action]) -> bool:
    """À renseigner, ou dite renseignée sans rien porter."""
    if section.etat == EtatSection.A_RENSEIGNER:
        return True
    if section.etat != EtatSection.RENSEIGNEE or section.texte:
        return False
    if section.modele.nature == NatureSection.ACTIONS:
        return not any(a.horizon == section.modele.horizon for a in actions)
    return not any(getattr(section, f"a_{nom}") for nom in ("partenaires", *LIGNES))


def _renvoi(renvoi: Renvoi) -> RenvoiLu:
    cible = renvoi.fiche or renvoi.annexe
    return RenvoiLu(renvoi.texte, cible.numero if cible else "", _perdue(renvoi))


def _perdue(renvoi: Renvoi) -> bool:
    return renvoi.fiche is not None and renvoi.fiche.supprimee_le is not None
