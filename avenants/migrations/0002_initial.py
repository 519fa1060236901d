import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('avenants', '0001_initial'),
        ('comptes', '__first__'),
        ('contrats', '0001_initial'),
        ('partenaires', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='avenant',
            name='contrat',
            field=models.OneToOneField(error_messages={'unique': 'Ce contrat est déjà un avenant.'}, on_delete=django.db.models.deletion.PROTECT, related_name='avenant', to='contrats.contrat', verbose_name="contrat de l'avenant"),
        ),
        migrations.AddField(
            model_name='avenant',
            name='entre_par',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='constaté par'),
        ),
        migrations.AddField(
            model_name='avenant',
            name='modifie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avenants', to='contrats.contrat', verbose_name='contrat modifié'),
        ),
        migrations.AddField(
            model_name='effet',
            name='avenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effets', to='avenants.avenant', verbose_name='avenant'),
        ),
        migrations.AddField(
            model_name='effet',
            name='organisme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='effets_d_avenant', to='partenaires.organisme', verbose_name='organisme'),
        ),
        migrations.AddField(
            model_name='effet',
            name='prorogation',
            field=models.OneToOneField(blank=True, editable=False, error_messages={'unique': "Cette prorogation est déjà celle d'un autre effet."}, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='effet_d_avenant', to='contrats.prorogation', verbose_name='prorogation faite'),
        ),
        migrations.AddConstraint(
            model_name='avenant',
            constraint=models.UniqueConstraint(fields=('modifie', 'numero'), name='avenants_avenant_numero_unique', violation_error_message='Un autre avenant de ce contrat a ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='avenant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('effet_le', None), ('entre_le', None), ('entre_par', None), ('numero', None)), models.Q(('effet_le__isnull', False), ('entre_le__isnull', False), ('entre_par__isnull', False), ('numero__gt', 0)), _connector='OR'), name='avenants_avenant_entree_entiere', violation_error_message="Un avenant en vigueur a un numéro, une date d'effet, et qui l'a constaté."),
        ),
        migrations.AddConstraint(
            model_name='avenant',
            constraint=models.CheckConstraint(condition=models.Q(('contrat', models.F('modifie')), _negated=True), name='avenants_avenant_modifie_un_autre', violation_error_message='Un avenant modifie un autre contrat que lui.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.UniqueConstraint(fields=('avenant', 'cle'), name='avenants_effet_cle_unique', violation_error_message='Cet avenant touche déjà cette disposition.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.UniqueConstraint(fields=('avenant', 'ordre'), name='avenants_effet_ordre_unique', violation_error_message='Un autre effet de cet avenant a cet ordre.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(('nature__in', ['article_remplace', 'article_ajoute', 'article_abroge', 'fin', 'partie_entree', 'partie_sortie', 'action_ajoutee', 'action_modifiee', 'action_retiree', 'montant'])), name='avenants_effet_nature_connue', violation_error_message='Choisissez une nature de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(('role', ''), ('role__in', ['ville', 'campagne', 'porteur', 'etat', 'membre']), _connector='OR'), name='avenants_effet_role_connu', violation_error_message='Choisissez un rôle de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cle__startswith', 'article:'), ('nature__in', ['article_remplace', 'article_ajoute', 'article_abroge'])), models.Q(('cle', 'fin'), ('nature__in', ['fin'])), models.Q(('cle__startswith', 'partie:'), ('nature__in', ['partie_entree', 'partie_sortie'])), models.Q(('cle__startswith', 'action:'), ('nature__in', ['action_ajoutee', 'action_modifiee', 'action_retiree'])), models.Q(('cle__startswith', 'montant:'), ('nature__in', ['montant'])), _connector='OR'), name='avenants_effet_cible_nommee', violation_error_message="Dites quelle disposition l'avenant touche."),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('apres', ''), ('nature__in', ['article_abroge', 'partie_sortie', 'action_retiree']), ('texte', ''), ('titre', '')), models.Q(models.Q(('nature__in', ['article_abroge', 'partie_sortie', 'action_retiree', 'fin']), _negated=True), models.Q(('titre', ''), _negated=True)), models.Q(('nature__in', ['fin']), ('texte', ''), ('titre', '')), _connector='OR'), name='avenants_effet_texte_selon_nature', violation_error_message="Ce qui est écrit a un titre ; ce qui est retiré ou reporté n'en a pas."),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fin__isnull', False), ('nature__in', ['fin']), models.Q(('motif', ''), _negated=True)), models.Q(models.Q(('nature__in', ['fin']), _negated=True), ('fin', None)), _connector='OR'), name='avenants_effet_fin_motivee', violation_error_message='Un report dit la nouvelle fin, et pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nature__in', ['partie_entree']), ('organisme__isnull', False), ('role__gt', '')), models.Q(models.Q(('nature__in', ['partie_entree']), _negated=True), ('organisme', None), ('role', '')), _connector='OR'), name='avenants_effet_partie_est_un_organisme', violation_error_message='Une partie qui entre est un organisme, avec un rôle.'),
        ),
        migrations.AddConstraint(
            model_name='effet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('montant__gt', 0), ('nature__in', ['montant'])), models.Q(models.Q(('nature__in', ['montant']), _negated=True), ('montant', None)), _connector='OR'), name='avenants_effet_montant_positif', violation_error_message='Un montant fixé est un nombre positif.'),
        ),
    ]
