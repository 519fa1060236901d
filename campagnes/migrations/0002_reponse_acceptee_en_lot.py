import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campagnes", "0001_initiale"),
        ("edition", "0001_brouillon_presence_lot"),
    ]

    operations = [
        migrations.AddField(
            model_name="reponse",
            name="lot",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reponses",
                to="edition.lot",
                verbose_name="acceptée avec le lot",
            ),
        ),
    ]
