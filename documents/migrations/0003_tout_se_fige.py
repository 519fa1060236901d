"""Annexes et rapports se figent aussi ; préparations de l'étagère."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


rien_ne_se_change = import_module("documents.migrations.0002_rien_ne_se_change")


def reposer(apps, schema_editor):
    """SQLite refait la table qu'il modifie, et en perd les déclencheurs."""
    rien_ne_se_change.executer(rien_ne_se_change.ordres_inverses)(apps, schema_editor)
    rien_ne_se_change.executer(rien_ne_se_change.ordres)(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('contrats', '0011_ligne_de_lot_d_une_fiche'),
        ('documents', '0002_rien_ne_se_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('genre', models.CharField(choices=[('figer', 'Document à figer'), ('recueil', 'Recueil des fiches'), ('partenaire', 'Tout ce qui concerne un organisme'), ('lot', 'Documents en vigueur, en une archive ZIP'), ('archive', "Paquet d'archive scellé")], max_length=12, verbose_name='genre')),
                ('objet', models.CharField(blank=True, max_length=120, verbose_name='objet')),
                ('restreinte', models.BooleanField(verbose_name='réservée aux personnes du contrat')),
                ('source', models.CharField(max_length=64, verbose_name='empreinte de la source')),
                ('etat', models.CharField(choices=[('demandee', 'Demandé'), ('en_cours', 'En cours'), ('prete', 'Prêt'), ('echouee', 'Non préparé')], default='demandee', max_length=10, verbose_name='état')),
                ('page', models.PositiveIntegerField(default=0, verbose_name='page atteinte')),
                ('motif', models.CharField(blank=True, max_length=300, verbose_name='pourquoi elle a échoué')),
                ('demandee_le', models.DateTimeField(verbose_name='demandée le')),
                ('commencee_le', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('prete_le', models.DateTimeField(blank=True, null=True, verbose_name='prête le')),
                ('nom', models.CharField(blank=True, max_length=200, verbose_name='nom du fichier')),
                ('taille', models.PositiveBigIntegerField(default=0, verbose_name='taille en octets')),
                ('nb_pages', models.PositiveIntegerField(default=0, verbose_name='nombre de pages')),
                ('empreinte', models.CharField(blank=True, max_length=64, verbose_name='empreinte SHA-256')),
            ],
            options={
                'verbose_name': 'préparation',
                'verbose_name_plural': 'préparations',
                'ordering': ['-demandee_le', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='documentfige',
            name='documents_documentfige_nature_connue',
        ),
        migrations.RemoveConstraint(
            model_name='documentfige',
            name='documents_documentfige_valeur_connue',
        ),
        migrations.RemoveConstraint(
            model_name='documentfige',
            name='documents_documentfige_fiche_nommee',
        ),
        migrations.AlterField(
            model_name='documentfige',
            name='cle',
            field=models.CharField(blank=True, max_length=60, verbose_name='clé'),
        ),
        migrations.AlterField(
            model_name='documentfige',
            name='nature',
            field=models.CharField(choices=[('contrat', 'Contrat entier'), ('fiche', 'Fiche'), ('annexe', 'Annexe territoriale'), ('comite', 'Dossier de comité'), ('annuel', 'Rapport annuel')], max_length=20, verbose_name='nature'),
        ),
        migrations.AlterField(
            model_name='documentfige',
            name='valeur',
            field=models.CharField(choices=[('projet', 'Projet, non signé'), ('signe', 'Texte signé'), ('extrait', 'Extrait, non signé'), ('rapport', 'Rapport, à sa date')], max_length=20, verbose_name='valeur'),
        ),
        migrations.AddConstraint(
            model_name='documentfige',
            constraint=models.CheckConstraint(condition=models.Q(('nature__in', ['contrat', 'fiche', 'annexe', 'comite', 'annuel'])), name='documents_documentfige_nature_connue', violation_error_message='Choisissez une nature de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='documentfige',
            constraint=models.CheckConstraint(condition=models.Q(('valeur__in', ['projet', 'signe', 'extrait', 'rapport'])), name='documents_documentfige_valeur_connue', violation_error_message='Choisissez une valeur de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='documentfige',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nature', 'contrat'), ('cle', '')), models.Q(models.Q(('nature', 'contrat'), _negated=True), models.Q(('cle', ''), _negated=True)), _connector='OR'), name='documents_documentfige_cle_selon_la_nature', violation_error_message="Une fiche, une annexe, un rapport dit lequel ; un contrat n'en dit rien."),
        ),
        migrations.AddField(
            model_name='preparation',
            name='contrat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='contrats.contrat', verbose_name='contrat'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='demandee_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandée par'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preparations', to='documents.documentfige', verbose_name='document figé'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.UniqueConstraint(fields=('contrat', 'genre', 'objet', 'restreinte', 'source'), name='documents_preparation_unique', violation_error_message='Ce fichier est déjà demandé.'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.CheckConstraint(condition=models.Q(('genre__in', ['figer', 'recueil', 'partenaire', 'lot', 'archive'])), name='documents_preparation_genre_connu', violation_error_message='Choisissez un genre de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['demandee', 'en_cours', 'prete', 'echouee'])), name='documents_preparation_etat_connu', violation_error_message='Choisissez un état de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'prete'), _negated=True), models.Q(('document__isnull', False), ('prete_le__isnull', False)), models.Q(('prete_le__isnull', False), models.Q(('empreinte', ''), _negated=True), models.Q(('nom', ''), _negated=True)), _connector='OR'), name='documents_preparation_prete_complete', violation_error_message='Un fichier prêt a une date, un nom et une empreinte.'),
        ),
        migrations.RunPython(reposer, reposer),
    ]
