import django.core.validators
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Campagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('intitule', models.CharField(max_length=120, verbose_name='intitulé')),
                ('message', models.TextField(blank=True, max_length=2000, verbose_name="mot de l'agent")),
                ('destination', models.CharField(choices=[('pilotes', 'Les pilotes'), ('tous', 'Les pilotes, les chefs de file et les partenaires')], default='tous', max_length=10, verbose_name='à qui')),
                ('fin', models.DateField(verbose_name='dernier jour pour répondre')),
                ('etat', models.CharField(choices=[('en_preparation', 'En préparation'), ('ouverte', 'Ouverte'), ('arretee', 'Arrêtée')], default='en_preparation', editable=False, max_length=16, verbose_name='état')),
                ('cree_le', models.DateTimeField(auto_now_add=True, verbose_name='préparée le')),
                ('ouverte_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ouverte le')),
                ('arretee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='arrêtée le')),
            ],
            options={
                'verbose_name': 'campagne',
                'verbose_name_plural': 'campagnes',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='personne')),
                ('email', models.EmailField(max_length=254, verbose_name='courriel')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['contrat', 'organisme'],
            },
        ),
        migrations.CreateModel(
            name='Demande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveSmallIntegerField(verbose_name='rang')),
            ],
            options={
                'verbose_name': 'demande',
                'verbose_name_plural': 'demandes',
                'ordering': ['destinataire', 'rang'],
            },
        ),
        migrations.CreateModel(
            name='Destinataire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='courriel')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='personne')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé')),
                ('generation', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='lien n°')),
                ('empreinte', models.CharField(editable=False, max_length=64, unique=True, verbose_name='empreinte du jeton')),
                ('ouvert_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ouvert le')),
                ('revoque_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lien révoqué le')),
            ],
            options={
                'verbose_name': 'destinataire',
                'verbose_name_plural': 'destinataires',
                'ordering': ['campagne', 'email'],
            },
        ),
        migrations.CreateModel(
            name='PieceJointe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('type', models.CharField(max_length=40, verbose_name='type')),
                ('taille', models.PositiveIntegerField(verbose_name='taille')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('contenu', models.BinaryField(verbose_name='contenu')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['reponse', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Relance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateField(verbose_name='le')),
                ('faite_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='faite le')),
                ('nombre', models.PositiveIntegerField(default=0, editable=False, verbose_name='courriels')),
            ],
            options={
                'verbose_name': 'relance',
                'verbose_name_plural': 'relances',
                'ordering': ['campagne', 'le'],
            },
        ),
        migrations.CreateModel(
            name='Reponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statut', models.CharField(choices=[('a_lancer', 'À lancer'), ('en_cours', 'En cours'), ('realisee', 'Réalisée'), ('reportee', 'Reportée'), ('suspendue', 'Suspendue'), ('abandonnee', 'Abandonnée'), ('regroupee', 'Regroupée')], max_length=12, verbose_name="état de l'action")),
                ('avancement', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='avancement (%)')),
                ('echeance', models.DateField(blank=True, null=True, verbose_name='prochaine date')),
                ('phrase', models.CharField(blank=True, max_length=500, verbose_name='une phrase')),
                ('version', models.PositiveIntegerField(verbose_name='version lue')),
                ('recue_le', models.DateTimeField(auto_now_add=True, verbose_name='reçue le')),
                ('etat', models.CharField(choices=[('recue', 'À relire'), ('acceptee', 'Acceptée'), ('modifiee', 'Acceptée, modifiée'), ('renvoyee', 'Renvoyée'), ('remplacee', 'Remplacée')], default='recue', editable=False, max_length=10, verbose_name='état')),
                ('traitee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='relue le')),
                ('retour', models.CharField(blank=True, editable=False, max_length=500, verbose_name='ce qui est redemandé')),
                ('ecrit', models.JSONField(blank=True, editable=False, null=True, verbose_name='ce qui a été écrit')),
            ],
            options={
                'verbose_name': 'réponse',
                'verbose_name_plural': 'réponses',
                'ordering': ['-recue_le', '-pk'],
            },
        ),
    ]
