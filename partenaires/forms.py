"""Formulaires des partenaires."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.db.models import Model

from edition.admin import AutocompletionSobre
from partenaires import fusion
from partenaires.models import Organisme


class FusionForm(forms.Form):
    """Organisme qui reste, et versions lues des deux : une page périmée ne fusionne pas."""

    garde = forms.ModelChoiceField(Organisme.objects.none(), label="Organisme à garder")
    version = forms.IntegerField(required=False)
    version_gardee = forms.IntegerField(required=False)

    def __init__(self, *args: Any, ancien: Organisme, site: AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ancien = ancien
        garde = self.fields["garde"]
        garde.widget = AutocompletionSobre(Organisme._meta.get_field("fusionne_dans"), site)
        garde.queryset = Organisme.objects.filter(fusionne_dans=None)

    def clean_garde(self) -> Organisme:
        garde = self.cleaned_data["garde"]
        try:
            fusion.verifier(self.ancien, garde)
        except fusion.FusionImpossible as erreur:
            raise forms.ValidationError(str(erreur), code="fusion") from erreur
        return garde

    def plan(self) -> dict[str, Any]:
        """Tout ce que la fusion changera, pour la page de confirmation."""
        garde = self.cleaned_data["garde"]
        return {
            "garde": garde,
            "repris": fusion.champs_repris(self.ancien, garde),
            "reports": [
                {"libelle": report.libelle, "lignes": list(_lignes(report))}
                for report in fusion.tous_les_reports(self.ancien, garde)
            ],
        }


def _lignes(report: fusion.Report) -> Iterator[tuple[str, str]]:
    """`(ligne et ce dont elle fait partie, ce qu'elle devient si ce n'est un simple report)`."""
    for ligne in report.reportees:
        yield _texte(ligne), ""
    for double, _ in report.doubles:
        yield _texte(double), "déjà présent, réuni à la ligne existante"
    for boucle in report.boucles:
        yield _texte(boucle), "retiré, il lierait l'organisme à lui-même"


def _texte(ligne: Model) -> str:
    return " — ".join([str(ligne), *map(str, fusion.proprietaires(ligne))])
