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
        ('territoires', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnexeTerritoriale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(max_length=60, verbose_name='clé')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('ordre_sommaire', models.PositiveSmallIntegerField(verbose_name='ordre au sommaire')),
                ('ordre_imprime', models.PositiveSmallIntegerField(verbose_name='ordre imprimé')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='annexes_territoriales', to='contrats.contrat', verbose_name='contrat')),
            ],
            options={
                'verbose_name': 'annexe territoriale',
                'verbose_name_plural': 'annexes territoriales',
                'ordering': ['contrat', 'ordre_imprime'],
                'constraints': [models.UniqueConstraint(fields=('contrat', 'cle'), name='perr_annexe_cle_unique', violation_error_message='Une autre annexe de ce contrat a cette clé.')],
            },
        ),
        migrations.CreateModel(
            name='AxePrioritaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('texte', models.CharField(max_length=500, verbose_name='texte')),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='axes_prioritaires', to='contrats.action', verbose_name='action')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='axes_prioritaires', to='contrats.contrat', verbose_name='contrat')),
                ('programmes', models.ManyToManyField(related_name='axes_prioritaires', to='contrats.axe', verbose_name='programmes')),
            ],
            options={
                'verbose_name': 'axe prioritaire',
                'verbose_name_plural': 'axes prioritaires',
                'ordering': ['contrat', 'ordre'],
                'constraints': [models.UniqueConstraint(fields=('contrat', 'ordre'), name='perr_axeprioritaire_ordre_unique', violation_error_message='Un autre axe prioritaire a cet ordre.')],
            },
        ),
        migrations.CreateModel(
            name='Colonne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(max_length=60, verbose_name='clé')),
                ('abrege', models.CharField(max_length=10, verbose_name='abrégé')),
                ('rang', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('libelle', models.CharField(max_length=254, verbose_name='libellé')),
                ('annexe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='colonnes', to='perr.annexeterritoriale', verbose_name='annexe')),
            ],
            options={
                'verbose_name': 'colonne',
                'verbose_name_plural': 'colonnes',
                'ordering': ['annexe__ordre_imprime', 'rang', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('annexe', 'rang'), name='perr_colonne_rang_unique', violation_error_message='Une autre colonne de cette annexe a ce rang.'), models.UniqueConstraint(fields=('annexe', 'cle'), name='perr_colonne_cle_unique', violation_error_message='Une autre colonne de cette annexe a cette clé.')],
            },
        ),
        migrations.CreateModel(
            name='AliasColonne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=254, verbose_name='libellé')),
                ('colonne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alias', to='perr.colonne', verbose_name='colonne')),
            ],
            options={
                'verbose_name': 'alias de colonne',
                'verbose_name_plural': 'alias de colonnes',
                'ordering': ['libelle', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('colonne', 'libelle'), name='perr_alias_unique', violation_error_message='Cette colonne porte déjà cet alias.')],
            },
        ),
        migrations.CreateModel(
            name='Declinaison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('statut', models.CharField(choices=[('texte', 'Renseignée'), ('texte_renvoi', 'Renseignée, avec renvoi'), ('renvoi', 'Renvoi'), ('a_regrouper', 'À regrouper'), ('non_travaille', 'Non travaillée'), ('sans_objet', 'Sans objet'), ('consigne', 'Consigne')], max_length=14, verbose_name='statut')),
                ('texte', models.TextField(blank=True, verbose_name='texte')),
                ('modalites', models.TextField(blank=True, verbose_name='modalités de réalisation')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('groupe', models.CharField(blank=True, max_length=60, verbose_name='groupe de cellules partagées')),
                ('a_verifier', models.CharField(blank=True, max_length=300, verbose_name='à faire vérifier')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declinaisons', to='contrats.action', verbose_name='action')),
                ('colonne', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declinaisons', to='perr.colonne', verbose_name='colonne')),
            ],
            options={
                'verbose_name': 'déclinaison',
                'verbose_name_plural': 'déclinaisons',
                'ordering': ['action', 'colonne'],
                'constraints': [models.UniqueConstraint(fields=('action', 'colonne'), name='perr_declinaison_unique', violation_error_message='Cette action a déjà une déclinaison dans cette colonne.'), models.CheckConstraint(condition=models.Q(('statut__in', ['texte', 'texte_renvoi', 'renvoi', 'a_regrouper', 'non_travaille', 'sans_objet', 'consigne'])), name='perr_declinaison_statut_connu', violation_error_message='Statut de cellule inconnu.'), models.CheckConstraint(condition=models.Q(models.Q(('statut__in', ['texte', 'texte_renvoi', 'consigne']), _negated=True), models.Q(('texte', ''), _negated=True), _connector='OR'), name='perr_declinaison_texte_present', violation_error_message='Une cellule renseignée a un texte.'), models.CheckConstraint(condition=models.Q(models.Q(('statut', 'sans_objet'), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='perr_declinaison_sans_objet_motivee', violation_error_message='Dites pourquoi la cellule est sans objet.')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('motif', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('annule_le', models.DateTimeField(blank=True, null=True, verbose_name='annulé le')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lots', to='contrats.contrat', verbose_name='contrat')),
                ('defait', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='defait_par', to='perr.lot', verbose_name="lot qu'il annule")),
            ],
            options={
                'verbose_name': 'lot de cellules',
                'verbose_name_plural': 'lots de cellules',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('fichier', models.BinaryField(verbose_name='fichier déposé')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte (SHA-256)')),
                ('reponses', models.JSONField(blank=True, default=dict, verbose_name='réponses')),
                ('depose_le', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('applique_le', models.DateTimeField(blank=True, null=True, verbose_name='appliqué le')),
                ('abandonne_le', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('annule_le', models.DateTimeField(blank=True, null=True, verbose_name='annulé le')),
                ('bilan', models.JSONField(blank=True, default=dict, verbose_name='bilan')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='contrats.contrat', verbose_name='contrat')),
                ('depose_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                ('lot', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_d_origine', to='perr.lot', verbose_name='cellules écrites')),
            ],
            options={
                'verbose_name': 'import de matrice',
                'verbose_name_plural': 'imports de matrice',
                'ordering': ['-depose_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('applique_le', None), ('abandonne_le', None), _connector='OR'), name='perr_import_applique_ou_abandonne', violation_error_message="Un import appliqué ne s'abandonne pas : il s'annule."), models.CheckConstraint(condition=models.Q(('annule_le', None), ('applique_le__isnull', False), _connector='OR'), name='perr_import_annule_s_il_est_applique', violation_error_message="Seul un import appliqué s'annule.")],
            },
        ),
        migrations.CreateModel(
            name='QuartierDeColonne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('couverture', models.CharField(choices=[('totale', 'Totale'), ('partielle', 'Partielle')], max_length=10, verbose_name='couverture')),
                ('colonne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='couvertures', to='perr.colonne', verbose_name='colonne')),
                ('quartier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='couvertures', to='territoires.territoire', verbose_name='quartier')),
            ],
            options={
                'verbose_name': 'quartier de colonne',
                'verbose_name_plural': 'quartiers de colonne',
                'ordering': ['colonne', 'quartier'],
                'constraints': [models.UniqueConstraint(fields=('colonne', 'quartier'), name='perr_quartier_unique', violation_error_message='Cette colonne couvre déjà ce quartier.'), models.CheckConstraint(condition=models.Q(('couverture__in', ['totale', 'partielle'])), name='perr_quartier_couverture_connue', violation_error_message='Couverture inconnue : totale ou partielle.')],
            },
        ),
        migrations.AddField(
            model_name='colonne',
            name='quartiers',
            field=models.ManyToManyField(related_name='colonnes', through='perr.QuartierDeColonne', to='territoires.territoire', verbose_name='quartiers'),
        ),
        migrations.CreateModel(
            name='RegardSpecifique',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('texte', models.TextField(blank=True, verbose_name='texte')),
                ('declinaison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regards', to='perr.declinaison', verbose_name='déclinaison')),
                ('quartier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regards', to='territoires.territoire', verbose_name='quartier')),
            ],
            options={
                'verbose_name': 'regard spécifique',
                'verbose_name_plural': 'regards spécifiques',
                'ordering': ['declinaison', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RenvoiDeclinaison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('texte', models.CharField(max_length=300, verbose_name='texte imprimé')),
                ('deduit', models.BooleanField(default=False, verbose_name='cible déduite')),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='renvois_de_declinaisons', to='contrats.action', verbose_name="vers l'action")),
                ('axe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='renvois_de_declinaisons', to='contrats.axe', verbose_name="vers l'axe")),
                ('declinaison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renvois', to='perr.declinaison', verbose_name='déclinaison')),
            ],
            options={
                'verbose_name': 'renvoi de déclinaison',
                'verbose_name_plural': 'renvois de déclinaisons',
                'ordering': ['declinaison', 'ordre', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('action', None), ('axe', None), _connector='OR'), name='perr_renvoi_une_cible_au_plus', violation_error_message='Un renvoi vise une action ou un axe, pas les deux.')],
            },
        ),
        migrations.CreateModel(
            name='TitreVariante',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(blank=True, max_length=1000, verbose_name='titre imprimé')),
                ('numero_imprime', models.CharField(blank=True, max_length=10, verbose_name='numéro imprimé')),
                ('ligne_absente', models.BooleanField(default=False, verbose_name='ligne absente')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='titres', to='contrats.action', verbose_name='action')),
                ('annexe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='titres', to='perr.annexeterritoriale', verbose_name='annexe')),
            ],
            options={
                'verbose_name': 'variante de titre',
                'verbose_name_plural': 'variantes de titre',
                'ordering': ['action', 'annexe'],
                'constraints': [models.UniqueConstraint(fields=('action', 'annexe'), name='perr_titre_unique', violation_error_message='Cette action a déjà un titre dans cette annexe.')],
            },
        ),
        migrations.CreateModel(
            name='VersionDeclinaison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declinaison', models.UUIDField(verbose_name='identifiant public de la déclinaison')),
                ('numero', models.PositiveIntegerField(verbose_name='numéro')),
                ('avant', models.JSONField(blank=True, null=True, verbose_name='avant')),
                ('apres', models.JSONField(blank=True, null=True, verbose_name='après')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions_de_declinaisons', to='contrats.action', verbose_name='action')),
                ('colonne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='perr.colonne', verbose_name='colonne')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='perr.lot', verbose_name='lot')),
            ],
            options={
                'verbose_name': 'version de déclinaison',
                'verbose_name_plural': 'versions de déclinaisons',
                'ordering': ['-lot', 'action', 'colonne'],
                'constraints': [models.UniqueConstraint(fields=('action', 'colonne', 'numero'), name='perr_version_numero_unique', violation_error_message='Cette version de la cellule existe déjà.'), models.CheckConstraint(condition=models.Q(('avant__isnull', False), ('apres__isnull', False), _connector='OR'), name='perr_version_d_une_cellule_remplie', violation_error_message='Une version a un état avant ou un état après.')],
            },
        ),
    ]
