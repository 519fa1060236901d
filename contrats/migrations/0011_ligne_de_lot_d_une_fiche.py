import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contrats", "0010_premier_etat_des_actions"),
        ("edition", "0001_brouillon_presence_lot"),
    ]

    operations = [
        migrations.AddField(
            model_name="lignedelot",
            name="fiche",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="lignes_de_lot",
                to="contrats.fiche",
                verbose_name="fiche",
            ),
        ),
        migrations.AddConstraint(
            model_name="lignedelot",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", None), ("fiche", None), _connector="OR"),
                name="contrats_lignedelot_un_objet",
                violation_error_message="Une ligne de lot change une action ou une fiche.",
            ),
        ),
    ]
