import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
        ('contrats', '0001_initial'),
        ('partenaires', '0001_initial'),
        ('territoires', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(max_length=60, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
            ],
            options={
                'verbose_name': "thème d'indicateurs",
                'verbose_name_plural': "thèmes d'indicateurs",
                'ordering': ['ordre', 'nom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Indicateur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('cle', models.SlugField(max_length=80, verbose_name='clé')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('intitule', models.CharField(max_length=200, verbose_name='intitulé')),
                ('definition', models.TextField(blank=True, verbose_name='définition')),
                ('unite', models.CharField(blank=True, max_length=60, verbose_name='unité')),
                ('decimales', models.PositiveSmallIntegerField(default=0, verbose_name='décimales affichées')),
                ('sens', models.CharField(choices=[('hausse', 'Doit monter'), ('baisse', 'Doit baisser'), ('a_apprecier', 'À apprécier')], default='a_apprecier', max_length=12, verbose_name='sens voulu')),
                ('agregation', models.CharField(choices=[('aucune', 'Ni somme ni moyenne'), ('somme', 'Sommable')], default='aucune', max_length=10, verbose_name="règle d'agrégation")),
                ('comparaison', models.CharField(choices=[('points', 'Écart en points'), ('difference', "Écart dans l'unité"), ('rapport', 'Rapport à la référence'), ('aucune', 'Sans comparaison directe')], default='difference', max_length=12, verbose_name='comparaison')),
                ('frequence', models.CharField(choices=[('annuelle', 'Une fois par an, selon les données disponibles'), ('pluriannuelle', 'Tous les deux ans ou plus'), ('ponctuelle', "À l'occasion")], default='annuelle', max_length=14, verbose_name='fréquence')),
                ('prioritaire', models.BooleanField(default=False, verbose_name='à actualiser en priorité')),
                ('millesimes_imprimes', models.CharField(blank=True, max_length=120, verbose_name='millésimes imprimés')),
                ('motif_ecart', models.CharField(blank=True, max_length=300, verbose_name='écarté parce que')),
                ('a_verifier', models.CharField(blank=True, max_length=300, verbose_name='à faire vérifier')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicateurs', to='contrats.contrat', verbose_name='contrat')),
                ('orientations', models.ManyToManyField(blank=True, related_name='indicateurs', to='contrats.axe', verbose_name='orientations liées')),
                ('reference', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicateurs_de_reference', to='territoires.territoire', verbose_name='territoire de référence')),
            ],
            options={
                'verbose_name': 'indicateur',
                'verbose_name_plural': 'indicateurs',
                'ordering': ['contrat', 'ordre', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('contrat', 'cle'), name='indicateurs_indicateur_cle_unique', violation_error_message='Un autre indicateur de ce contrat a cette clé.'), models.CheckConstraint(condition=models.Q(('agregation__in', ['aucune', 'somme']), ('comparaison__in', ['points', 'difference', 'rapport', 'aucune']), ('frequence__in', ['annuelle', 'pluriannuelle', 'ponctuelle']), ('sens__in', ['hausse', 'baisse', 'a_apprecier'])), name='indicateurs_indicateur_vocabulaire_connu', violation_error_message='Sens, agrégation, comparaison ou fréquence inconnus.'), models.CheckConstraint(condition=models.Q(('decimales__lte', 6)), name='indicateurs_indicateur_decimales_bornees', violation_error_message='Six décimales au plus.')],
            },
        ),
        migrations.CreateModel(
            name='ImportMesures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('fichier', models.BinaryField(verbose_name='fichier déposé')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte (SHA-256)')),
                ('millesime', models.CharField(blank=True, max_length=60, verbose_name='millésime, si le fichier ne le dit pas')),
                ('depose_le', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('applique_le', models.DateTimeField(blank=True, null=True, verbose_name='appliqué le')),
                ('abandonne_le', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('annule_le', models.DateTimeField(blank=True, null=True, verbose_name='annulé le')),
                ('bilan', models.JSONField(blank=True, default=dict, verbose_name='bilan')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports_de_mesures', to='contrats.contrat', verbose_name='contrat')),
                ('depose_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports_de_mesures', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                ('indicateur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='indicateurs.indicateur', verbose_name='indicateur, si le fichier ne le dit pas')),
            ],
            options={
                'verbose_name': 'import de mesures',
                'verbose_name_plural': 'imports de mesures',
                'ordering': ['-depose_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('applique_le', None), ('abandonne_le', None), _connector='OR'), name='indicateurs_import_applique_ou_abandonne', violation_error_message="Un import appliqué ne s'abandonne pas : il s'annule."), models.CheckConstraint(condition=models.Q(('annule_le', None), ('applique_le__isnull', False), _connector='OR'), name='indicateurs_import_annule_s_il_est_applique', violation_error_message="Seul un import appliqué s'annule.")],
            },
        ),
        migrations.CreateModel(
            name='Cible',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('porte_sur', models.CharField(choices=[('valeur', 'La valeur du quartier'), ('ecart', "L'écart à la référence")], default='valeur', max_length=10, verbose_name='porte sur')),
                ('valeur', models.DecimalField(decimal_places=6, max_digits=18, verbose_name='valeur visée')),
                ('echeance', models.DateField(verbose_name='échéance')),
                ('origine', models.CharField(blank=True, max_length=200, verbose_name="qui l'a fixée")),
                ('demonstration', models.BooleanField(default=False, verbose_name='cible de démonstration')),
                ('territoire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cibles', to='territoires.territoire', verbose_name='quartier')),
                ('indicateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cibles', to='indicateurs.indicateur', verbose_name='indicateur')),
            ],
            options={
                'verbose_name': 'cible',
                'verbose_name_plural': 'cibles',
                'ordering': ['indicateur', 'echeance', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('porte_sur__in', ['valeur', 'ecart'])), name='indicateurs_cible_objet_connu', violation_error_message="Une cible porte sur la valeur ou sur l'écart."), models.UniqueConstraint(fields=('indicateur', 'territoire', 'porte_sur', 'echeance'), name='indicateurs_cible_unique', violation_error_message='Une cible est déjà fixée là pour cette échéance.'), models.UniqueConstraint(condition=models.Q(('territoire', None)), fields=('indicateur', 'porte_sur', 'echeance'), name='indicateurs_cible_de_tous_unique', violation_error_message='Une cible de tous les quartiers a déjà cette échéance.')],
            },
        ),
        migrations.CreateModel(
            name='Analyse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('le', models.DateField(verbose_name='datée du')),
                ('texte', models.TextField(verbose_name='analyse')),
                ('signature', models.CharField(max_length=200, verbose_name='signée')),
                ('demonstration', models.BooleanField(default=False, verbose_name='analyse de démonstration')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='analyses', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('indicateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='analyses', to='indicateurs.indicateur', verbose_name='indicateur')),
            ],
            options={
                'verbose_name': 'analyse',
                'verbose_name_plural': 'analyses',
                'ordering': ['-le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('texte', ''), _negated=True), models.Q(('signature', ''), _negated=True)), name='indicateurs_analyse_dite', violation_error_message='Une analyse a un texte et une signature.')],
            },
        ),
        migrations.CreateModel(
            name='Millesime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forme', models.CharField(choices=[('annee', 'Année'), ('liste', "Liste d'années"), ('date', 'Date'), ('periode', 'Période')], max_length=10, verbose_name='forme')),
                ('cle', models.CharField(max_length=60, unique=True, verbose_name='clé')),
                ('libelle', models.CharField(max_length=80, verbose_name='libellé')),
                ('debut', models.DateField(verbose_name='début')),
                ('fin', models.DateField(verbose_name='fin')),
            ],
            options={
                'verbose_name': 'millésime',
                'verbose_name_plural': 'millésimes',
                'ordering': ['fin', 'debut', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('forme__in', ['annee', 'liste', 'date', 'periode'])), name='indicateurs_millesime_forme_connue', violation_error_message='Forme de millésime inconnue.'), models.CheckConstraint(condition=models.Q(('fin__gte', models.F('debut'))), name='indicateurs_millesime_bornes_ordonnees', violation_error_message="La fin d'un millésime ne précède pas son début."), models.CheckConstraint(condition=models.Q(models.Q(('forme', 'date'), _negated=True), ('fin', models.F('debut')), _connector='OR'), name='indicateurs_millesime_date_d_un_jour', violation_error_message='Un millésime à une date dure un jour.')],
            },
        ),
        migrations.CreateModel(
            name='Mesure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('valeur', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name='valeur')),
                ('statut', models.CharField(choices=[('publiee', 'Publiée'), ('provisoire', 'Provisoire'), ('secret', 'Secret statistique'), ('non_disponible', 'Non disponible'), ('non_significative', 'Non significative'), ('sans_objet', 'Sans objet')], max_length=18, verbose_name='statut')),
                ('secret_induit', models.BooleanField(default=False, verbose_name='tue pour en protéger une autre')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('demonstration', models.BooleanField(default=False, verbose_name='valeur de démonstration')),
                ('indicateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mesures', to='indicateurs.indicateur', verbose_name='indicateur')),
                ('territoire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mesures', to='territoires.territoire', verbose_name='territoire')),
                ('millesime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mesures', to='indicateurs.millesime', verbose_name='millésime')),
            ],
            options={
                'verbose_name': 'mesure',
                'verbose_name_plural': 'mesures',
                'ordering': ['indicateur', 'millesime', 'territoire'],
                'constraints': [models.UniqueConstraint(fields=('indicateur', 'territoire', 'millesime'), name='indicateurs_mesure_unique', violation_error_message='Cet indicateur a déjà une mesure pour ce territoire et ce millésime.'), models.CheckConstraint(condition=models.Q(('statut__in', ['publiee', 'provisoire', 'secret', 'non_disponible', 'non_significative', 'sans_objet'])), name='indicateurs_mesure_statut_connu', violation_error_message='Statut de mesure inconnu.'), models.CheckConstraint(condition=models.Q(models.Q(('statut__in', ['publiee', 'provisoire']), ('valeur__isnull', False)), models.Q(models.Q(('statut__in', ['publiee', 'provisoire']), _negated=True), ('valeur', None)), _connector='OR'), name='indicateurs_mesure_valeur_selon_statut', violation_error_message="Une mesure publiée ou provisoire a une valeur ; une autre n'en a pas."), models.CheckConstraint(condition=models.Q(('secret_induit', False), ('statut__in', ['publiee', 'provisoire']), _connector='OR'), name='indicateurs_mesure_secret_induit_d_un_chiffre', violation_error_message='Seule une valeur chiffrée se tait pour une autre.')],
            },
        ),
        migrations.AddField(
            model_name='indicateur',
            name='millesimes_attendus',
            field=models.ManyToManyField(blank=True, related_name='indicateurs', to='indicateurs.millesime', verbose_name='millésimes attendus'),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(max_length=60, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=120, verbose_name='nom imprimé')),
                ('nom_long', models.CharField(blank=True, max_length=200, verbose_name='nom développé')),
                ('adresse', models.URLField(blank=True, max_length=300, verbose_name='adresse publique')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
                ('precaution', models.TextField(blank=True, verbose_name='précaution de lecture')),
                ('organisme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources_d_indicateurs', to='partenaires.organisme', verbose_name='producteur')),
            ],
            options={
                'verbose_name': "source d'indicateurs",
                'verbose_name_plural': "sources d'indicateurs",
                'ordering': ['nom', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='indicateur',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicateurs', to='indicateurs.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='indicateur',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicateurs', to='indicateurs.theme', verbose_name='thème'),
        ),
        migrations.CreateModel(
            name='VersionMesure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='numéro')),
                ('valeur', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name='valeur')),
                ('statut', models.CharField(blank=True, choices=[('publiee', 'Publiée'), ('provisoire', 'Provisoire'), ('secret', 'Secret statistique'), ('non_disponible', 'Non disponible'), ('non_significative', 'Non significative'), ('sans_objet', 'Sans objet')], max_length=18, verbose_name='statut')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('demonstration', models.BooleanField(default=False, verbose_name='valeur de démonstration')),
                ('ecrite_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrite le')),
                ('motif', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions_de_mesures', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('depot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='indicateurs.importmesures', verbose_name='import')),
                ('indicateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='indicateurs.indicateur', verbose_name='indicateur')),
                ('millesime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions_de_mesures', to='indicateurs.millesime', verbose_name='millésime')),
                ('territoire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions_de_mesures', to='territoires.territoire', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'version de mesure',
                'verbose_name_plural': 'versions de mesures',
                'ordering': ['-ecrite_le', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('indicateur', 'territoire', 'millesime', 'numero'), name='indicateurs_version_numero_unique', violation_error_message='Cette version de la mesure existe déjà.'), models.CheckConstraint(condition=models.Q(models.Q(('statut__in', ['publiee', 'provisoire']), ('valeur__isnull', False)), models.Q(models.Q(('statut__in', ['publiee', 'provisoire']), _negated=True), ('valeur', None)), _connector='OR'), name='indicateurs_version_valeur_selon_statut', violation_error_message='Seul un état publié ou provisoire a une valeur.')],
            },
        ),
        migrations.AddConstraint(
            model_name='indicateur',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('motif_ecart', ''), _negated=True), models.Q(('source__isnull', False), ('theme__isnull', False)), _connector='OR'), name='indicateurs_indicateur_retenu_complet', violation_error_message='Un indicateur retenu a un thème et une source.'),
        ),
    ]
