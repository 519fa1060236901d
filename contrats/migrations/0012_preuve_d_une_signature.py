from django.db import migrations, models


def marquer(apps, schema_editor):
    """Une signature constatée avant que la preuve se garde le dit."""
    passages = apps.get_model("contrats", "Transition").objects
    passages.filter(transition="signer", preuve="").update(preuve="non_gardee")


class Migration(migrations.Migration):
    dependencies = [("contrats", "0011_ligne_de_lot_d_une_fiche")]

    operations = [
        migrations.AddField(
            model_name="transition",
            name="preuve",
            field=models.CharField(
                blank=True,
                choices=[
                    ("password", "mot de passe"),
                    ("mfa", "second facteur ou clé d'accès"),
                    ("code", "lien reçu par courriel"),
                    ("proconnect", "ProConnect"),
                    ("non_gardee", "preuve non gardée"),
                ],
                default="",
                max_length=12,
                verbose_name="preuve",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(marquer, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("transition", "signer"), _negated=True),
                    models.Q(("preuve", ""), _negated=True),
                    _connector="OR",
                ),
                name="contrats_transition_signature_prouvee",
                violation_error_message="Qui constate une signature a montré que c'était lui.",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "preuve__in",
                        ["password", "mfa", "code", "proconnect", "non_gardee", ""],
                    )
                ),
                name="contrats_transition_preuve_connu",
                violation_error_message="Preuve inconnue.",
            ),
        ),
    ]
