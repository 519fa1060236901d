import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('partenaires', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Utilisateur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='courriel')),
                ('prenom', models.CharField(blank=True, max_length=100, verbose_name='prénom')),
                ('nom', models.CharField(blank=True, max_length=100, verbose_name='nom')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_staff', models.BooleanField(default=False, verbose_name="accède à l'administration")),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('identifiant_proconnect', models.CharField(editable=False, max_length=255, null=True, unique=True, verbose_name='identifiant ProConnect')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('organisme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='utilisateurs', to='partenaires.organisme', verbose_name='organisme')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'utilisateur',
                'verbose_name_plural': 'utilisateurs',
                'ordering': ['nom', 'prenom', 'email'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='comptes_utilisateur_email_unique', violation_error_message='Un compte utilise déjà ce courriel.')],
            },
        ),
        migrations.CreateModel(
            name='Assistance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motif', models.CharField(max_length=300, verbose_name='motif')),
                ('debut_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='début')),
                ('fin_le', models.DateTimeField(blank=True, null=True, verbose_name='fin')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances_menees', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('au_nom_de', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances_recues', to=settings.AUTH_USER_MODEL, verbose_name='au nom de')),
            ],
            options={
                'verbose_name': 'assistance',
                'verbose_name_plural': 'assistances',
                'ordering': ['-debut_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('agent', models.F('au_nom_de')), _negated=True), name='comptes_assistance_deux_personnes', violation_error_message="Nul n'agit en son propre nom par l'assistance."), models.CheckConstraint(condition=models.Q(('motif', ''), _negated=True), name='comptes_assistance_motif_dit', violation_error_message='Dites pourquoi vous agissez au nom de cette personne.'), models.CheckConstraint(condition=models.Q(('fin_le', None), ('fin_le__gte', models.F('debut_le')), _connector='OR'), name='comptes_assistance_dates_ordonnees', violation_error_message="La fin d'une assistance suit son début.")],
            },
        ),
        migrations.CreateModel(
            name='GesteAssiste',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('methode', models.CharField(max_length=10, verbose_name='méthode')),
                ('chemin', models.CharField(max_length=500, verbose_name='adresse')),
                ('statut', models.PositiveSmallIntegerField(verbose_name='réponse')),
                ('fait_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='fait le')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gestes', to='comptes.assistance', verbose_name='assistance')),
            ],
            options={
                'verbose_name': 'geste assisté',
                'verbose_name_plural': 'gestes assistés',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionOuverte',
            fields=[
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='empreinte de la clé')),
                ('ouverte_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ouverte le')),
                ('vue_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='vue le')),
                ('adresse', models.GenericIPAddressField(null=True, verbose_name='adresse')),
                ('navigateur', models.CharField(blank=True, max_length=300, verbose_name='navigateur')),
                ('utilisateur', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'session ouverte',
                'verbose_name_plural': 'sessions ouvertes',
                'abstract': False,
            },
        ),
    ]
