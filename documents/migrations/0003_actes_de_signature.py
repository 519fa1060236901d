"""Le journal garde les actes de signature. SQLite refait la table : ses déclencheurs aussi."""

from importlib import import_module

from django.db import migrations, models

ACTES = [
    ("figer", "Document figé"),
    ("publier", "Document publié"),
    ("telecharger", "Document restreint téléchargé"),
    ("envoyer", "Document envoyé à un signataire"),
    ("signer", "Signature reçue"),
    ("refuser", "Signature refusée"),
    ("annuler", "Signature annulée"),
    ("assembler", "PDF signé assemblé"),
    ("ancrer", "Journal ancré"),
]
immuable = import_module("documents.migrations.0002_rien_ne_se_change")


def sans_declencheurs(apps, schema_editor):
    immuable.executer(immuable.ordres_inverses)(apps, schema_editor)


def avec_declencheurs(apps, schema_editor):
    immuable.executer(immuable.ordres)(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rien_ne_se_change")]

    operations = [
        migrations.RunPython(sans_declencheurs, avec_declencheurs),
        migrations.RemoveConstraint("inscription", "documents_inscription_acte_connu"),
        migrations.AlterField(
            "inscription",
            "acte",
            models.CharField(choices=ACTES, max_length=20, verbose_name="acte"),
        ),
        migrations.AddConstraint(
            "inscription",
            models.CheckConstraint(
                condition=models.Q(("acte__in", [acte for acte, _ in ACTES])),
                name="documents_inscription_acte_connu",
                violation_error_message="Choisissez un acte de la liste.",
            ),
        ),
        migrations.RunPython(avec_declencheurs, sans_declencheurs),
    ]
