import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Territoire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('cle', models.SlugField(max_length=120, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=254, verbose_name='nom')),
                ('type', models.CharField(choices=[('pays', 'Pays'), ('region', 'Région'), ('departement', 'Département'), ('metropole', 'Métropole'), ('communaute', 'Communauté'), ('petr', "Pôle d'équilibre territorial et rural"), ('commune', 'Commune'), ('qpv', 'Quartier prioritaire'), ('quartier_veille', 'Quartier de veille'), ('quartier_usage', "Quartier d'usage"), ('secteur', 'Secteur'), ('regroupement', 'Regroupement')], max_length=20, verbose_name='type')),
                ('code', models.CharField(blank=True, max_length=20, verbose_name='code officiel')),
                ('generation', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='génération')),
                ('valide_du', models.DateField(blank=True, null=True, verbose_name='valide du')),
                ('valide_au', models.DateField(blank=True, null=True, verbose_name='valide au')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude (WGS 84)')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='latitude (WGS 84)')),
                ('contour', models.JSONField(blank=True, null=True, verbose_name='contour (GeoJSON, WGS 84)')),
            ],
            options={
                'verbose_name': 'territoire',
                'verbose_name_plural': 'territoires',
                'ordering': ['type', 'nom', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('type__in', ['pays', 'region', 'departement', 'metropole', 'communaute', 'petr', 'commune', 'qpv', 'quartier_veille', 'quartier_usage', 'secteur', 'regroupement'])), name='territoires_territoire_type_connu', violation_error_message='Type de territoire inconnu.'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('type', 'code'), name='territoires_territoire_code_unique', violation_error_message='Un territoire de ce type porte déjà ce code.'), models.CheckConstraint(condition=models.Q(models.Q(('generation__isnull', False), ('type', 'qpv')), models.Q(('type', 'qpv'), _negated=True), _connector='OR'), name='territoires_territoire_generation_des_qpv', violation_error_message='Un quartier prioritaire a une génération (2015 ou 2024).'), models.CheckConstraint(condition=models.Q(('valide_du', None), ('valide_au', None), ('valide_au__gt', models.F('valide_du')), _connector='OR'), name='territoires_territoire_dates_ordonnees', violation_error_message='La fin de validité doit suivre le début.'), models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__gte', -90), ('latitude__isnull', False), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__isnull', False), ('longitude__lte', 180)), _connector='OR'), name='territoires_territoire_point_complet', violation_error_message='Indiquez la longitude (-180 à 180) et la latitude (-90 à 90), ou aucune.')],
            },
        ),
        migrations.CreateModel(
            name='Rattachement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('couverture', models.CharField(choices=[('totale', 'Totale'), ('partielle', 'Partielle')], default='totale', max_length=10, verbose_name='couverture')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rattachements', to='territoires.territoire', verbose_name='territoire')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rattachements_enfants', to='territoires.territoire', verbose_name='compris dans')),
            ],
            options={
                'verbose_name': 'rattachement',
                'verbose_name_plural': 'rattachements',
                'ordering': ['enfant', 'parent'],
                'constraints': [models.UniqueConstraint(fields=('enfant', 'parent'), name='territoires_rattachement_unique', violation_error_message='Ce rattachement existe déjà.'), models.CheckConstraint(condition=models.Q(('enfant', models.F('parent')), _negated=True), name='territoires_rattachement_pas_a_soi', violation_error_message='Un territoire ne se rattache pas à lui-même.'), models.CheckConstraint(condition=models.Q(('couverture__in', ['totale', 'partielle'])), name='territoires_rattachement_couverture_connue', violation_error_message='Couverture inconnue : totale ou partielle.')],
            },
        ),
        migrations.CreateModel(
            name='Filiation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('inchange', 'Inchangé'), ('modifie', 'Contour modifié'), ('fusion', 'Fusionné'), ('scission', 'Scindé'), ('sortie', 'Sorti'), ('entree', 'Entré')], max_length=10, verbose_name='nature')),
                ('a_verifier', models.CharField(blank=True, max_length=300, verbose_name='à faire vérifier')),
                ('ancien', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='filiations_suivantes', to='territoires.territoire', verbose_name='ancien')),
                ('nouveau', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='filiations_precedentes', to='territoires.territoire', verbose_name='nouveau')),
            ],
            options={
                'verbose_name': 'filiation',
                'verbose_name_plural': 'filiations',
                'ordering': ['ancien', 'nouveau', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('ancien', 'nouveau'), name='territoires_filiation_unique', violation_error_message='Cette filiation existe déjà.'), models.UniqueConstraint(condition=models.Q(('nouveau', None)), fields=('ancien',), name='territoires_filiation_sortie_unique', violation_error_message='La sortie de ce quartier est déjà dite.'), models.UniqueConstraint(condition=models.Q(('ancien', None)), fields=('nouveau',), name='territoires_filiation_entree_unique', violation_error_message="L'entrée de ce quartier est déjà dite."), models.CheckConstraint(condition=models.Q(models.Q(('ancien__isnull', False), ('nature', 'sortie'), ('nouveau', None)), models.Q(('ancien', None), ('nature', 'entree'), ('nouveau__isnull', False)), models.Q(('ancien__isnull', False), ('nature__in', ['inchange', 'modifie', 'fusion', 'scission']), ('nouveau__isnull', False)), _connector='OR'), name='territoires_filiation_bouts_selon_nature', violation_error_message="Une sortie n'a qu'un ancien, une entrée qu'un nouveau, le reste a les deux.")],
            },
        ),
        migrations.CreateModel(
            name='AliasTerritoire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=254, verbose_name='libellé')),
                ('territoire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alias', to='territoires.territoire', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'alias de territoire',
                'verbose_name_plural': 'alias de territoires',
                'ordering': ['libelle', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('territoire', 'libelle'), name='territoires_alias_unique', violation_error_message='Ce territoire porte déjà cet alias.')],
            },
        ),
    ]
