"""Commentaires d'une fiche ou d'une action : écrire, résoudre, rouvrir."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.evenements import COMMENTAIRE
from contrats.models import Action, Commentaire, Fiche
from contrats.permissions import Acte, peut
from notifications.depot import notifier

TEXTE_MAX = 5000


class FormulaireCommentaire(forms.Form):
    """Un commentaire, et pour une fiche ce dont il parle : la fiche, une section, une action."""

    texte = forms.CharField(
        label="Commentaire",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez le commentaire.",
            "max_length": f"Raccourcissez à {TEXTE_MAX} signes au plus.",
        },
    )

    def __init__(self, objet: Fiche | Action, donnees: Any = None) -> None:
        super().__init__(donnees, auto_id="commenter-%s", use_required_attribute=False)
        self.objet = objet
        if isinstance(objet, Fiche):
            self.sur = {"": ("Toute la fiche", {"fiche": objet})}
            for section in objet.sections.order_by("ordre", "pk"):
                self.sur[f"s{section.pk}"] = (section.libelle, {"fiche": objet, "section": section})
            for action in objet.actions.order_by("ordre", "pk"):
                self.sur[f"a{action.pk}"] = (f"Action : {action.intitule[:80]}", {"action": action})
            self.fields["sur"] = forms.ChoiceField(
                label="À propos de",
                choices=[(cle, libelle) for cle, (libelle, _) in self.sur.items()],
                required=False,
                error_messages={"invalid_choice": "Ce choix n'est pas dans la fiche."},
            )
            self.order_fields(["sur", "texte"])

    @transaction.atomic
    def enregistrer(self, auteur: Utilisateur) -> Commentaire:
        """Écrit le commentaire et prévient qui il concerne.

        Lève `PermissionDenied` si l'auteur ne commente pas ici.
        """
        if not peut(auteur, Acte.COMMENTER, self.objet):
            raise PermissionDenied("Commenter : votre rôle sur ce contrat ne le permet pas.")
        propres = self.cleaned_data
        cible: dict[str, Any] = {"action": self.objet}
        if isinstance(self.objet, Fiche):
            cible = self.sur[propres["sur"]][1]
        ecrit = Commentaire.objects.create(texte=propres["texte"], auteur=auteur, **cible)
        notifier(COMMENTAIRE, ecrit, par=auteur)
        return ecrit


def commentaires_de(objet: Fiche | Action) -> QuerySet[Commentaire]:
    """Ceux de l'objet ; pour une fiche, ceux de ses actions aussi. Les ouverts d'abord."""
    de_la_fiche = Q(fiche=objet) | Q(action__fiche=objet)
    cible = Q(action=objet) if isinstance(objet, Action) else de_la_fiche
    return (
        Commentaire.objects.filter(cible)
        .select_related("auteur", "resolu_par", "section", "action")
        .order_by(F("resolu_le").asc(nulls_first=True), "cree_le", "pk")
    )


def commentaires_lisibles(utilisateur: Utilisateur) -> QuerySet[Commentaire]:
    """Ceux qu'il peut lire, avec l'objet dont ils parlent."""
    siens = Commentaire.objects.visibles_par(utilisateur)
    return siens.select_related("fiche__contrat", "action__contrat", "action__fiche", "auteur")


def resoudre(commentaire: Commentaire, *, par: Utilisateur, resolu: bool) -> None:
    """Résout ou rouvre ; qui commente le peut. Deux fois la même chose ne change rien."""
    objet: Any = commentaire.fiche or commentaire.action
    if not peut(par, Acte.COMMENTER, objet):
        raise PermissionDenied("Résoudre : votre rôle sur ce contrat ne le permet pas.")
    attendus = Commentaire.objects.filter(pk=commentaire.pk, resolu_le__isnull=resolu)
    if resolu:
        attendus.update(resolu_le=timezone.now(), resolu_par=par)
    else:
        attendus.update(resolu_le=None, resolu_par=None)
