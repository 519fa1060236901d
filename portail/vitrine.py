"""Exemples montrés par `/style/` : aucune donnée de la base, tous les états de chaque composant."""

from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

ETATS = [
    ("a_lancer", "À lancer"),
    ("en_cours", "En cours"),
    ("en_retard", "En retard"),
    ("realisee", "Réalisée"),
    ("reportee", "Reportée"),
    ("suspendue", "Suspendue"),
    ("abandonnee", "Abandonnée"),
    ("regroupee", "Regroupée"),
]
COULEURS = [
    "encre",
    "encre-2",
    "papier",
    "papier-2",
    "papier-3",
    "trait",
    "trait-fort",
    "ardoise",
    "ardoise-fonce",
    "ardoise-clair",
    "colza",
    "colza-fonce",
    "colza-clair",
]
SECTIONS = [
    ("signe", "Signe et couleurs"),
    ("textes", "Textes"),
    ("etats", "États"),
    ("boutons", "Boutons"),
    ("messages", "Messages"),
    ("formulaires", "Formulaires"),
    ("filtres", "Filtres et pages"),
    ("listes", "Listes et tableaux"),
    ("versions", "Versions"),
    ("duo", "Deux parties"),
]


class ExempleForm(forms.Form):
    """Un champ de chaque sorte."""

    titre = forms.CharField(label="Titre de l’action", help_text="Commencez par un verbe.")
    signe_le = forms.DateField(
        label="Date de signature",
        help_text="Par exemple 10/07/2017",
        error_messages={"invalid": "écrivez jj/mm/aaaa."},
    )
    texte = forms.CharField(
        label="Contexte", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    nature = forms.ChoiceField(
        label="Nature", choices=[("reciprocite", "Réciprocité"), ("ville", "Contrat de ville")]
    )
    horizon = forms.ChoiceField(
        label="Horizon",
        choices=[("court", "Court terme"), ("moyen_long", "Moyen et long terme")],
        widget=forms.RadioSelect,
        error_messages={"required": "choisissez un horizon."},
    )
    prioritaire = forms.BooleanField(label="Action prioritaire", required=False)


class ExempleFiltreForm(forms.Form):
    """Formulaire de filtres ; `/style/?statut=en_cours&q=gare` montre ses badges."""

    q = forms.CharField(label="Mots", required=False)
    statut = forms.MultipleChoiceField(label="État", choices=ETATS, required=False)
    horizon = forms.ChoiceField(
        label="Horizon", choices=[("", "Tous"), ("court", "Court terme")], required=False
    )


def exemples(parametres: Any) -> dict[str, Any]:
    """Contexte de la page ; `parametres` est le `QueryDict` de l'adresse, pour les filtres."""
    return {
        "sections": SECTIONS,
        "couleurs": COULEURS,
        "etats": ETATS,
        "formulaire": ExempleForm(auto_id="libre_%s"),
        "formulaire_errone": ExempleForm(
            {"titre": "Ouvrir un hall bio", "signe_le": "juillet 2017", "nature": "ville"},
            auto_id="errone_%s",
        ),
        "formulaire_filtres": ExempleFiltreForm(parametres),
        "page_exemple": Page([], 2, Paginator(range(120), 50)),
        "faits": [("Signature", "Fleurance, 10 juillet 2017"), ("Dotation propre", "")],
        "taches": [
            {
                "adresse": "#listes",
                "titre": "Référencer les marchés de producteurs",
                "detail": "Court terme",
                "statut": "en_cours",
                "libelle": "En cours",
                "invente": True,
            },
            {"titre": "Jalons", "statut": "a_lancer", "libelle": "À remplir"},
        ],
        "colonnes": ["Horizon", "Actions", "Sous-points"],
        "lignes": [("Pilote", 10, 0), ("Court terme", 29, 4), ("Moyen et long terme", 22, 2)],
        "total": ("Total", 61, 6),
        "repartition": [
            {"statut": statut, "libelle": libelle, "nombre": nombre}
            for (statut, libelle), nombre in zip(ETATS, (7, 20, 6, 9, 3, 2, 2, 1), strict=True)
        ],
    }
