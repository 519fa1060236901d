from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Avenant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='numéro')),
                ('effet_le', models.DateField(blank=True, editable=False, null=True, verbose_name='prend effet le')),
                ('entre_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='entré en vigueur le')),
                ('demonstration', models.BooleanField(default=False, verbose_name='avenant de démonstration')),
            ],
            options={
                'verbose_name': 'avenant',
                'verbose_name_plural': 'avenants',
                'ordering': ['modifie', 'numero', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Effet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('nature', models.CharField(choices=[('article_remplace', 'Article remplacé'), ('article_ajoute', 'Article ajouté'), ('article_abroge', 'Article abrogé'), ('fin', 'Date de fin reportée'), ('partie_entree', 'Partie entrée'), ('partie_sortie', 'Partie sortie'), ('action_ajoutee', 'Action ajoutée'), ('action_modifiee', 'Action modifiée'), ('action_retiree', 'Action retirée'), ('montant', 'Montant fixé')], max_length=20, verbose_name='nature')),
                ('cle', models.CharField(max_length=150, verbose_name='disposition touchée')),
                ('apres', models.CharField(blank=True, max_length=150, verbose_name='placé après')),
                ('titre', models.CharField(blank=True, max_length=1000, verbose_name='titre')),
                ('texte', models.TextField(blank=True, verbose_name='texte')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='nouvelle fin')),
                ('montant', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='montant (€)')),
                ('role', models.CharField(blank=True, choices=[('ville', 'Côté ville'), ('campagne', 'Côté campagne'), ('porteur', 'Porteur'), ('etat', 'État'), ('membre', 'Membre')], max_length=12, verbose_name='rôle de la partie')),
                ('depart', models.PositiveSmallIntegerField(default=0, verbose_name='dernier avenant lu')),
            ],
            options={
                'verbose_name': "effet d'avenant",
                'verbose_name_plural': "effets d'avenant",
                'ordering': ['avenant', 'ordre'],
            },
        ),
    ]
