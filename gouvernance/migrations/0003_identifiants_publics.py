"""Une instance et une délibération ont un identifiant public, comme ce que rend l'API."""

import uuid

from django.db import migrations, models


def attribuer(apps, schema_editor):
    for nom in ("Instance", "Deliberation"):
        modele = apps.get_model("gouvernance", nom)
        for pk in modele.objects.filter(public_id=None).values_list("pk", flat=True):
            modele.objects.filter(pk=pk).update(public_id=uuid.uuid4())


def vide():
    """Sans défaut : Django donnerait le même à toutes les lignes déjà là."""
    return models.UUIDField("identifiant public", editable=False, null=True)


def rempli():
    return models.UUIDField("identifiant public", default=uuid.uuid4, editable=False, unique=True)


class Migration(migrations.Migration):
    dependencies = [("gouvernance", "0002_deliberation")]

    operations = [
        *(
            migrations.AddField(nom, "public_id", vide())
            for nom in ("instance", "deliberation")
        ),
        migrations.RunPython(attribuer, migrations.RunPython.noop, elidable=True),
        *(
            migrations.AlterField(nom, "public_id", rempli())
            for nom in ("instance", "deliberation")
        ),
    ]
