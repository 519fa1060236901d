"""« Qui » d'une décision était un texte libre : c'est un organisme, et une fonction à part."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

from texte.recherche import normaliser


def rapprocher(apps: Any, schema_editor: Any) -> None:
    """Ce qui nomme un organisme (nom, sigle ou alias) le devient ; le reste n'est plus public."""
    Organisme = apps.get_model("partenaires", "Organisme")
    Alias = apps.get_model("partenaires", "AliasOrganisme")
    Decision = apps.get_model("gouvernance", "Decision")
    tapees = Decision.objects.exclude(fonction="")
    if not tapees.exists():
        return
    connus: dict[str, set[int]] = {}
    for pk, nom, sigle in Organisme.objects.filter(fusionne_dans=None).values_list(
        "pk", "nom", "sigle"
    ):
        for cle in filter(None, (nom, sigle)):
            connus.setdefault(normaliser(cle), set()).add(pk)
    alias = Alias.objects.filter(organisme__fusionne_dans=None)
    for pk, libelle in alias.values_list("organisme", "libelle"):
        connus.setdefault(normaliser(libelle), set()).add(pk)
    for decision in tapees.iterator():
        trouves = connus.get(normaliser(decision.fonction), set())
        if len(trouves) == 1 and decision.organisme_id in {None, *trouves}:
            Decision.objects.filter(pk=decision.pk).update(
                organisme=next(iter(trouves)), fonction="", version=F("version") + 1
            )


def redire(apps: Any, schema_editor: Any) -> None:
    """Au retour, « qui » vide redit le nom de l'organisme."""
    Decision = apps.get_model("gouvernance", "Decision")
    muettes = Decision.objects.filter(fonction="").exclude(organisme=None)
    for decision in muettes.select_related("organisme"):
        Decision.objects.filter(pk=decision.pk).update(
            fonction=decision.organisme.nom[:200], version=F("version") + 1
        )


class Migration(migrations.Migration):
    dependencies = [
        ("gouvernance", "0005_decision_sur_un_indicateur"),
        ("partenaires", "0002_charte"),
    ]

    operations = [
        migrations.RenameField(
            model_name="decision", old_name="responsable", new_name="fonction"
        ),
        migrations.AlterField(
            model_name="decision",
            name="fonction",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="fonction ou service"
            ),
        ),
        migrations.RunPython(rapprocher, redire, elidable=True),
    ]
