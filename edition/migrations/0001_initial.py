import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brouillon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(max_length=100, verbose_name='objet')),
                ('page', models.UUIDField(verbose_name='page')),
                ('version', models.PositiveIntegerField(verbose_name='version de départ')),
                ('ordre', models.PositiveBigIntegerField(verbose_name="ordre d'envoi")),
                ('ordre_enregistre', models.PositiveBigIntegerField(default=0, verbose_name='ordre enregistré')),
                ('contenu', models.TextField(blank=True, verbose_name='contenu')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brouillons', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'brouillon',
                'verbose_name_plural': 'brouillons',
                'ordering': ['-modifie_le', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('utilisateur', 'cle', 'page'), name='edition_brouillon_page_unique', violation_error_message='Cette page a déjà un brouillon.')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('libelle', models.CharField(max_length=300, verbose_name='libellé')),
                ('cree_le', models.DateTimeField(auto_now_add=True, verbose_name='fait le')),
                ('defait_le', models.DateTimeField(blank=True, null=True, verbose_name='défait le')),
                ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots_d_edition', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('defait_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lots_defaits', to=settings.AUTH_USER_MODEL, verbose_name='défait par')),
            ],
            options={
                'verbose_name': 'lot',
                'verbose_name_plural': 'lots',
                'ordering': ['-cree_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('defait_le', None), ('defait_par', None)), models.Q(('defait_le__isnull', False), ('defait_par__isnull', False)), _connector='OR'), name='edition_lot_defait_par_quelqu_un', violation_error_message="Un lot défait l'est à une date et par quelqu'un.")],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(max_length=100, verbose_name='objet')),
                ('depuis', models.DateTimeField(verbose_name='depuis')),
                ('vu_le', models.DateTimeField(verbose_name='vu le')),
                ('actif_le', models.DateTimeField(verbose_name='actif le')),
                ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'présence',
                'verbose_name_plural': 'présences',
                'ordering': ['depuis', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('utilisateur', 'cle'), name='edition_presence_unique', violation_error_message='Cette personne est déjà présente sur cet objet.')],
            },
        ),
    ]
