import django.db.models.deletion
import partenaires.validateurs
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('territoires', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Personne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(max_length=120, unique=True, verbose_name='clé')),
                ('civilite', models.CharField(blank=True, max_length=10, verbose_name='civilité')),
                ('prenom', models.CharField(max_length=100, verbose_name='prénom')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
            ],
            options={
                'verbose_name': 'personne',
                'verbose_name_plural': 'personnes',
                'ordering': ['nom', 'prenom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Organisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('cle', models.SlugField(max_length=120, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=254, verbose_name='nom')),
                ('sigle', models.CharField(blank=True, max_length=50, verbose_name='sigle')),
                ('nature', models.CharField(choices=[('organisme', 'Organisme'), ('categorie', "Catégorie d'acteurs"), ('financement', 'Financement')], default='organisme', max_length=12, verbose_name='nature')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[partenaires.validateurs.valider_siren], verbose_name='SIREN')),
                ('composants', models.ManyToManyField(blank=True, related_name='ensembles', to='partenaires.organisme', verbose_name='composants')),
                ('fusionne_dans', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fusionnes', to='partenaires.organisme', verbose_name='fusionné dans')),
                ('territoire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organismes', to='territoires.territoire', verbose_name='territoire administré')),
            ],
            options={
                'verbose_name': 'organisme',
                'verbose_name_plural': 'organismes',
                'ordering': ['nom', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('nature__in', ['organisme', 'categorie', 'financement'])), name='partenaires_organisme_nature_connue', violation_error_message='Nature inconnue : organisme, catégorie ou financement.'), models.UniqueConstraint(condition=models.Q(('siren', ''), _negated=True), fields=('siren',), name='partenaires_organisme_siren_unique', violation_error_message='Un organisme porte déjà ce SIREN.'), models.CheckConstraint(condition=models.Q(('siren', ''), ('nature', 'organisme'), _connector='OR'), name='partenaires_organisme_siren_des_organismes', violation_error_message="Une catégorie ou un financement n'a pas de SIREN."), models.CheckConstraint(condition=models.Q(('fusionne_dans', None), models.Q(('fusionne_dans', models.F('pk')), _negated=True), _connector='OR'), name='partenaires_organisme_pas_fusionne_en_soi', violation_error_message='Un organisme ne fusionne pas avec lui-même.')],
            },
        ),
        migrations.CreateModel(
            name='Charte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('genre', models.CharField(choices=[('charte', 'Charte des valeurs de la République'), ('cer', "Contrat d'engagement républicain")], max_length=10, verbose_name='genre')),
                ('signee_le', models.DateField(verbose_name='signée le')),
                ('organisme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chartes', to='partenaires.organisme', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'charte signée',
                'verbose_name_plural': 'chartes signées',
                'ordering': ['organisme', 'signee_le', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('organisme', 'genre', 'signee_le'), name='partenaires_charte_unique', violation_error_message='Cette charte est déjà notée à cette date.'), models.CheckConstraint(condition=models.Q(('genre__in', ['charte', 'cer'])), name='partenaires_charte_genre_connu', violation_error_message="Charte, ou contrat d'engagement républicain.")],
            },
        ),
        migrations.CreateModel(
            name='AliasOrganisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=254, unique=True, verbose_name='libellé')),
                ('organisme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alias', to='partenaires.organisme', verbose_name='organisme')),
            ],
            options={
                'verbose_name': "alias d'organisme",
                'verbose_name_plural': "alias d'organismes",
                'ordering': ['libelle', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Mandat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qualite', models.CharField(max_length=254, verbose_name='qualité')),
                ('diffusion', models.CharField(choices=[('publique', 'Publique'), ('interne', 'Interne')], default='interne', max_length=10, verbose_name='diffusion')),
                ('organisme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats', to='partenaires.organisme', verbose_name='organisme')),
                ('personne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mandats', to='partenaires.personne', verbose_name='personne')),
            ],
            options={
                'verbose_name': 'mandat',
                'verbose_name_plural': 'mandats',
                'ordering': ['personne', 'organisme', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('personne', 'organisme', 'qualite'), name='partenaires_mandat_unique', violation_error_message='Cette personne a déjà ce mandat.'), models.CheckConstraint(condition=models.Q(('diffusion__in', ['publique', 'interne'])), name='partenaires_mandat_diffusion_connue', violation_error_message='Diffusion inconnue : publique ou interne.')],
            },
        ),
    ]
