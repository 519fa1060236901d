"""Contraintes répétées d'un modèle à l'autre, écrites une fois."""

from django.db.models import CheckConstraint, Q, TextChoices


def valeurs(
    modele: str, champ: str, choix: type[TextChoices], message: str, *, vide: bool = False
) -> CheckConstraint:
    """La base refuse toute valeur hors du vocabulaire ; `vide` admet la chaîne vide.

    Les `choices` de Django ne contraignent que les formulaires.
    """
    permises = [*choix.values, ""] if vide else list(choix.values)
    return CheckConstraint(
        name=f"contrats_{modele}_{champ}_connu",
        condition=Q(**{f"{champ}__in": permises}),
        violation_error_message=message,
    )
