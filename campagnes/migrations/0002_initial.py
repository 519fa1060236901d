import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campagnes', '0001_initial'),
        ('comptes', '__first__'),
        ('contrats', '0001_initial'),
        ('edition', '0001_initial'),
        ('partenaires', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='campagne',
            name='actions',
            field=models.ManyToManyField(blank=True, related_name='campagnes', to='contrats.action', verbose_name='actions'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='contrat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campagnes', to='contrats.contrat', verbose_name='contrat'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='cree_par',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campagnes', to=settings.AUTH_USER_MODEL, verbose_name='préparée par'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='ecartes',
            field=models.ManyToManyField(blank=True, related_name='+', to='partenaires.organisme', verbose_name="organismes à qui l'on n'écrit pas"),
        ),
        migrations.AddField(
            model_name='contact',
            name='contrat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='contrats.contrat', verbose_name='contrat'),
        ),
        migrations.AddField(
            model_name='contact',
            name='organisme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='partenaires.organisme', verbose_name='organisme'),
        ),
        migrations.AddField(
            model_name='demande',
            name='action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demandes', to='contrats.action', verbose_name='action'),
        ),
        migrations.AddField(
            model_name='destinataire',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='destinataires', to='campagnes.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='destinataire',
            name='organismes',
            field=models.ManyToManyField(blank=True, related_name='+', to='partenaires.organisme', verbose_name='organismes'),
        ),
        migrations.AddField(
            model_name='demande',
            name='destinataire',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demandes', to='campagnes.destinataire', verbose_name='destinataire'),
        ),
        migrations.AddField(
            model_name='relance',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relances', to='campagnes.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='reponse',
            name='demande',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reponses', to='campagnes.demande', verbose_name='demande'),
        ),
        migrations.AddField(
            model_name='reponse',
            name='lot',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reponses', to='edition.lot', verbose_name='acceptée avec le lot'),
        ),
        migrations.AddField(
            model_name='reponse',
            name='traitee_par',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reponses_relues', to=settings.AUTH_USER_MODEL, verbose_name='relue par'),
        ),
        migrations.AddField(
            model_name='piecejointe',
            name='reponse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='campagnes.reponse', verbose_name='réponse'),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['en_preparation', 'ouverte', 'arretee'])), name='campagnes_campagne_etat_connu', violation_error_message='État de campagne inconnu.'),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(('destination__in', ['pilotes', 'tous'])), name='campagnes_campagne_destination_connue', violation_error_message="Choisissez à qui la campagne s'adresse."),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arretee_le', None), ('etat', 'en_preparation'), ('ouverte_le', None)), models.Q(('arretee_le', None), ('etat', 'ouverte'), ('ouverte_le__isnull', False)), models.Q(('arretee_le__isnull', False), ('etat', 'arretee')), _connector='OR'), name='campagnes_campagne_dates_de_l_etat', violation_error_message='Une campagne ouverte ou arrêtée dit quand.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('contrat', 'organisme'), name='campagnes_contact_unique', violation_error_message='Cet organisme a déjà un contact sur ce contrat.'),
        ),
        migrations.AddConstraint(
            model_name='destinataire',
            constraint=models.UniqueConstraint(fields=('campagne', 'email'), name='campagnes_destinataire_unique', violation_error_message='Cette adresse reçoit déjà la campagne.'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.UniqueConstraint(fields=('destinataire', 'action'), name='campagnes_demande_unique', violation_error_message='Cette action est déjà demandée à ce destinataire.'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.UniqueConstraint(fields=('destinataire', 'rang'), name='campagnes_demande_rang_unique', violation_error_message='Ce rang est déjà pris.'),
        ),
        migrations.AddConstraint(
            model_name='relance',
            constraint=models.UniqueConstraint(fields=('campagne', 'le'), name='campagnes_relance_unique', violation_error_message='Une relance est déjà prévue ce jour-là.'),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(('statut__in', ['a_lancer', 'en_cours', 'realisee', 'reportee', 'suspendue', 'abandonnee', 'regroupee'])), name='campagnes_reponse_statut_connu', violation_error_message="Statut d'action inconnu."),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(('avancement', None), ('avancement__lte', 100), _connector='OR'), name='campagnes_reponse_avancement_sur_100', violation_error_message="L'avancement est un nombre de 0 à 100."),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['acceptee', 'modifiee', 'renvoyee']), ('traitee_le__isnull', False), ('traitee_par__isnull', False)), models.Q(('etat__in', ['recue', 'remplacee']), ('traitee_le', None), ('traitee_par', None)), _connector='OR'), name='campagnes_reponse_relue_par_quelqu_un', violation_error_message="Une réponse relue l'est à une date et par quelqu'un."),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'renvoyee'), _negated=True), models.Q(('retour', ''), _negated=True), _connector='OR'), name='campagnes_reponse_renvoyee_motivee', violation_error_message='Dites au destinataire ce qui manque.'),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.UniqueConstraint(condition=models.Q(('etat', 'recue')), fields=('demande',), name='campagnes_reponse_une_a_relire', violation_error_message="Une réponse attend déjà d'être relue."),
        ),
    ]
