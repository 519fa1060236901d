import django.db.models.deletion
import uuid
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
            name='DocumentFige',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('code', models.CharField(error_messages={'unique': 'Un autre document a ce code.'}, max_length=13, unique=True, verbose_name='code de vérification')),
                ('nature', models.CharField(choices=[('contrat', 'Contrat entier'), ('fiche', 'Fiche'), ('annexe', 'Annexe territoriale'), ('comite', 'Dossier de comité'), ('annuel', 'Rapport annuel')], max_length=20, verbose_name='nature')),
                ('cle', models.CharField(blank=True, max_length=60, verbose_name='clé')),
                ('titre', models.CharField(max_length=400, verbose_name='titre')),
                ('version', models.PositiveIntegerField(verbose_name='version du texte')),
                ('valeur', models.CharField(choices=[('projet', 'Projet, non signé'), ('signe', 'Texte signé'), ('extrait', 'Extrait, non signé'), ('rapport', 'Rapport, à sa date')], max_length=20, verbose_name='valeur')),
                ('demonstration', models.BooleanField(default=False, verbose_name='contient un suivi de démonstration')),
                ('empreinte', models.CharField(error_messages={'unique': 'Ces octets sont déjà figés.'}, max_length=64, unique=True, verbose_name='empreinte SHA-256')),
                ('debut', models.CharField(db_index=True, max_length=64, verbose_name='empreinte du début')),
                ('taille', models.PositiveBigIntegerField(verbose_name='taille en octets')),
                ('nb_pages', models.PositiveIntegerField(verbose_name='nombre de pages')),
                ('fige_le', models.DateTimeField(verbose_name='figé le')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents_figes', to='contrats.contrat', verbose_name='contrat')),
                ('fige_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='figé par')),
            ],
            options={
                'verbose_name': 'document figé',
                'verbose_name_plural': 'documents figés',
                'ordering': ['-fige_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('empreinte__regex', '^[0-9a-f]{64}$')), name='documents_documentfige_empreinte_sha256', violation_error_message="L'empreinte est celle de SHA-256, en hexadécimal."), models.CheckConstraint(condition=models.Q(('nature__in', ['contrat', 'fiche', 'annexe', 'comite', 'annuel'])), name='documents_documentfige_nature_connue', violation_error_message='Choisissez une nature de la liste.'), models.CheckConstraint(condition=models.Q(('valeur__in', ['projet', 'signe', 'extrait', 'rapport'])), name='documents_documentfige_valeur_connue', violation_error_message='Choisissez une valeur de la liste.'), models.CheckConstraint(condition=models.Q(models.Q(('nature', 'contrat'), ('cle', '')), models.Q(models.Q(('nature', 'contrat'), _negated=True), models.Q(('cle', ''), _negated=True)), _connector='OR'), name='documents_documentfige_cle_selon_la_nature', violation_error_message="Une fiche, une annexe, un rapport dit lequel ; un contrat n'en dit rien."), models.CheckConstraint(condition=models.Q(('nb_pages__gt', 0), ('taille__gt', 0)), name='documents_documentfige_non_vide', violation_error_message='Un document figé a au moins une page.')],
            },
        ),
        migrations.CreateModel(
            name='Inscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveBigIntegerField(error_messages={'unique': 'Une autre ligne du journal a ce rang.'}, unique=True, verbose_name='rang')),
                ('acte', models.CharField(choices=[('figer', 'Document figé'), ('publier', 'Document publié'), ('telecharger', 'Document restreint téléchargé'), ('ancrer', 'Journal ancré')], max_length=20, verbose_name='acte')),
                ('contenu', models.TextField(help_text='JSON canonique : qui, quoi, quand.', verbose_name='contenu')),
                ('precedente', models.CharField(max_length=64, verbose_name='empreinte précédente')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
            ],
            options={
                'verbose_name': 'inscription au journal',
                'verbose_name_plural': 'inscriptions au journal',
                'ordering': ['rang'],
                'constraints': [models.CheckConstraint(condition=models.Q(('acte__in', ['figer', 'publier', 'telecharger', 'ancrer'])), name='documents_inscription_acte_connu', violation_error_message='Choisissez un acte de la liste.'), models.UniqueConstraint(fields=('precedente',), name='documents_inscription_sans_fourche', violation_error_message='Une autre ligne suit déjà celle-ci.')],
            },
        ),
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
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='contrats.contrat', verbose_name='contrat')),
                ('demandee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandée par')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preparations', to='documents.documentfige', verbose_name='document figé')),
            ],
            options={
                'verbose_name': 'préparation',
                'verbose_name_plural': 'préparations',
                'ordering': ['-demandee_le', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('contrat', 'genre', 'objet', 'restreinte', 'source'), name='documents_preparation_unique', violation_error_message='Ce fichier est déjà demandé.'), models.CheckConstraint(condition=models.Q(('genre__in', ['figer', 'recueil', 'partenaire', 'lot', 'archive'])), name='documents_preparation_genre_connu', violation_error_message='Choisissez un genre de la liste.'), models.CheckConstraint(condition=models.Q(('etat__in', ['demandee', 'en_cours', 'prete', 'echouee'])), name='documents_preparation_etat_connu', violation_error_message='Choisissez un état de la liste.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'prete'), _negated=True), models.Q(('document__isnull', False), ('prete_le__isnull', False)), models.Q(('prete_le__isnull', False), models.Q(('empreinte', ''), _negated=True), models.Q(('nom', ''), _negated=True)), _connector='OR'), name='documents_preparation_prete_complete', violation_error_message='Un fichier prêt a une date, un nom et une empreinte.')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('publie_le', models.DateTimeField(verbose_name='publié le')),
                ('document', models.OneToOneField(error_messages={'unique': 'Ce document est déjà publié.'}, on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='documents.documentfige', verbose_name='document')),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': "publication d'un document",
                'verbose_name_plural': 'publications de documents',
                'ordering': ['-publie_le', '-pk'],
            },
        ),
    ]
