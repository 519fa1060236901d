import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
        ('contrats', '0001_initial'),
        ('gouvernance', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentRepris',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('format', models.CharField(max_length=12, verbose_name='format lu')),
                ('fichier', models.BinaryField(verbose_name='fichier déposé')),
                ('taille', models.PositiveIntegerField(verbose_name='taille (octets)')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('lecture', models.JSONField(default=dict, verbose_name='blocs lus')),
                ('decisions', models.JSONField(blank=True, default=dict, verbose_name='décisions')),
                ('passe', models.JSONField(blank=True, default=list, verbose_name="décisions d'avant")),
                ('depose_le', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('ecrit_le', models.DateTimeField(blank=True, null=True, verbose_name='écrit le')),
                ('abandonne_le', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('bilan', models.JSONField(blank=True, default=dict, verbose_name='bilan')),
                ('contrat', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document_repris', to='contrats.contrat', verbose_name='contrat écrit')),
                ('depose_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents_repris', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document_repris', to='gouvernance.session', verbose_name='session écrite')),
            ],
            options={
                'verbose_name': 'document repris',
                'verbose_name_plural': 'documents repris',
                'ordering': ['-depose_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contrat', None), ('ecrit_le', None), ('session', None)), models.Q(('contrat__isnull', False), ('ecrit_le__isnull', False), ('session', None)), models.Q(('contrat', None), ('ecrit_le__isnull', False), ('session__isnull', False)), _connector='OR'), name='reprise_documentrepris_ecrit_a_son_contrat', violation_error_message="Un document écrit l'est dans un contrat ou une session, à une date."), models.CheckConstraint(condition=models.Q(('ecrit_le', None), ('abandonne_le', None), _connector='OR'), name='reprise_documentrepris_ecrit_ou_abandonne', violation_error_message="Un document écrit dans un contrat ne s'abandonne plus.")],
            },
        ),
        migrations.CreateModel(
            name='Repere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=200, verbose_name='libellé')),
                ('role', models.CharField(blank=True, max_length=30, verbose_name='rôle')),
                ('type_contrat', models.CharField(blank=True, choices=[('reciprocite', 'Contrat de réciprocité'), ('feuille_de_route', 'Feuille de route'), ('projet_de_territoire', 'Projet de territoire'), ('ville', 'Contrat de ville'), ('perr', "Protocole d'engagements renforcés et réciproques")], max_length=20, verbose_name='type de contrat')),
                ('appris_le', models.DateTimeField(auto_now_add=True, verbose_name='appris le')),
                ('appris_de', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reperes', to='reprise.documentrepris', verbose_name='appris de')),
                ('appris_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reperes', to=settings.AUTH_USER_MODEL, verbose_name='appris par')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reperes', to='contrats.sectionmodele', verbose_name='section')),
            ],
            options={
                'verbose_name': 'repère',
                'verbose_name_plural': 'repères',
                'ordering': ['libelle', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('section__isnull', False)), fields=('libelle', 'section'), name='reprise_repere_section_unique', violation_error_message='Cette section a déjà ce libellé.'), models.CheckConstraint(condition=models.Q(models.Q(('role', ''), ('section__isnull', False)), models.Q(('section', None), models.Q(('role', ''), _negated=True)), _connector='OR'), name='reprise_repere_section_ou_role', violation_error_message='Un repère nomme une section ou un rôle, pas les deux.'), models.CheckConstraint(condition=models.Q(('type_contrat__in', ['reciprocite', 'feuille_de_route', 'projet_de_territoire', 'ville', 'perr', ''])), name='reprise_repere_type_contrat_connu', violation_error_message='Type de contrat inconnu.')],
            },
        ),
        migrations.CreateModel(
            name='Retour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('fichier', models.BinaryField(verbose_name='fichier déposé')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('refuses', models.JSONField(blank=True, default=dict, verbose_name='pièces refusées')),
                ('acceptes', models.PositiveIntegerField(default=0, verbose_name='pièces acceptées')),
                ('depose_le', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retours', to='contrats.contrat', verbose_name='contrat')),
                ('depose_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retours', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
            ],
            options={
                'verbose_name': 'retour',
                'verbose_name_plural': 'retours',
                'ordering': ['-depose_le', '-pk'],
            },
        ),
    ]
