import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
        ('contrats', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Constat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dit le')),
                ('demonstration', models.BooleanField(default=False, verbose_name='de démonstration')),
                ('jalon', models.CharField(blank=True, max_length=500, verbose_name='jalon')),
                ('etat', models.CharField(choices=[('tenu', 'Tenu'), ('en_partie', 'Tenu en partie'), ('non_tenu', 'Non tenu')], max_length=10, verbose_name='constat')),
                ('phrase', models.CharField(blank=True, max_length=300, verbose_name='précision')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contrats.contrat', verbose_name='contrat')),
                ('engagement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='constats', to='contrats.engagement', verbose_name='engagement')),
                ('fiche', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='constats', to='contrats.fiche', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'constat',
                'verbose_name_plural': 'constats',
                'ordering': ['-le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('etat__in', ['tenu', 'en_partie', 'non_tenu'])), name='tableaux_constat_etat_connu', violation_error_message='Constat inconnu.'), models.CheckConstraint(condition=models.Q(models.Q(('engagement__isnull', False), ('fiche', None), ('jalon', '')), models.Q(('engagement', None), ('fiche__isnull', False), models.Q(('jalon', ''), _negated=True)), _connector='OR'), name='tableaux_constat_sur_une_promesse', violation_error_message='Un constat porte sur un engagement, ou sur un jalon.')],
            },
        ),
        migrations.CreateModel(
            name='Meteo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dit le')),
                ('demonstration', models.BooleanField(default=False, verbose_name='de démonstration')),
                ('valeur', models.CharField(choices=[('orage', 'Orage : bloqué, le comité doit décider'), ('couvert', 'Couvert : en difficulté'), ('nuage', 'Nuage : à surveiller'), ('soleil', 'Soleil : comme prévu')], max_length=8, verbose_name='météo')),
                ('phrase', models.CharField(max_length=300, verbose_name='pourquoi')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('axe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='meteos', to='contrats.axe', verbose_name='programme')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contrats.contrat', verbose_name='contrat')),
            ],
            options={
                'verbose_name': 'météo',
                'verbose_name_plural': 'météos',
                'ordering': ['-le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valeur__in', ['orage', 'couvert', 'nuage', 'soleil'])), name='tableaux_meteo_valeur_connue', violation_error_message='Météo inconnue.'), models.CheckConstraint(condition=models.Q(('phrase', ''), _negated=True), name='tableaux_meteo_dit_pourquoi', violation_error_message='Dites en une phrase ce qui fonde cette météo.')],
            },
        ),
    ]
