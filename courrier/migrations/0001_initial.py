import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Courriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(editable=False, max_length=200, unique=True, verbose_name='clé')),
                ('destinataire', models.EmailField(editable=False, max_length=254, verbose_name='destinataire')),
                ('sujet', models.CharField(editable=False, max_length=200, verbose_name='sujet')),
                ('contenu', models.TextField(editable=False, verbose_name='contenu chiffré')),
                ('etat', models.CharField(choices=[('a_envoyer', 'à envoyer'), ('en_cours', "en cours d'envoi"), ('envoye', 'envoyé'), ('echec', 'échec'), ('incertain', 'incertain')], default='a_envoyer', editable=False, max_length=20, verbose_name='état')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tentatives')),
                ('depose_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='déposé le')),
                ('pas_avant', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='pas avant le')),
                ('reclame_le', models.DateTimeField(editable=False, null=True, verbose_name='réclamé le')),
                ('envoye_le', models.DateTimeField(editable=False, null=True, verbose_name='envoyé le')),
                ('erreur', models.CharField(blank=True, editable=False, max_length=500, verbose_name='erreur')),
            ],
            options={
                'verbose_name': 'courriel',
                'verbose_name_plural': 'courriels',
                'ordering': [models.OrderBy(models.F('depose_le'), descending=True), '-pk'],
                'indexes': [models.Index(models.F('pas_avant'), condition=models.Q(('etat__in', ['a_envoyer', 'en_cours'])), name='courrier_courriel_attente')],
                'constraints': [models.CheckConstraint(condition=models.Q(('etat__in', ['a_envoyer', 'en_cours', 'envoye', 'echec', 'incertain'])), name='courrier_courriel_etat_connu', violation_error_message="Cet état de courriel n'existe pas."), models.CheckConstraint(condition=models.Q(models.Q(('envoye_le__isnull', False), ('etat', 'envoye')), models.Q(models.Q(('etat', 'envoye'), _negated=True), ('envoye_le', None)), _connector='OR'), name='courrier_courriel_date_d_envoi', violation_error_message="Un courriel envoyé a une date d'envoi ; lui seul."), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'en_cours'), _negated=True), ('reclame_le__isnull', False), _connector='OR'), name='courrier_courriel_reclame_date', violation_error_message="Un courriel en cours d'envoi dit depuis quand.")],
            },
        ),
    ]
