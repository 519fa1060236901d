import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evenement', models.CharField(max_length=40, verbose_name='événement')),
                ('genre', models.CharField(max_length=40, verbose_name="genre de l'objet")),
                ('objet', models.PositiveBigIntegerField(verbose_name="identifiant de l'objet")),
                ('cle', models.CharField(max_length=200, verbose_name='clé du fait')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='créée le')),
                ('lue_le', models.DateTimeField(blank=True, null=True, verbose_name='lue le')),
                ('envoyee_le', models.DateTimeField(blank=True, null=True, verbose_name='mise dans un courriel le')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications_causees', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('destinataire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='destinataire')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-cree_le', '-pk'],
                'indexes': [models.Index(condition=models.Q(('lue_le', None)), fields=['destinataire', 'cree_le'], name='notifications_non_lues')],
                'constraints': [models.UniqueConstraint(fields=('destinataire', 'cle'), name='notifications_notification_un_fait', violation_error_message='Cette personne a déjà été prévenue de ce fait.'), models.CheckConstraint(condition=models.Q(('auteur', None), models.Q(('auteur', models.F('destinataire')), _negated=True), _connector='OR'), name='notifications_notification_pas_a_l_auteur', violation_error_message="On ne prévient pas quelqu'un de ce qu'il a fait.")],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evenement', models.CharField(blank=True, max_length=40, verbose_name='événement')),
                ('cadence', models.CharField(choices=[('ecran', "À l'écran seulement"), ('immediat', 'Courriel, tout de suite'), ('quotidien', 'Courriel, résumé du jour'), ('hebdomadaire', 'Courriel, résumé de la semaine'), ('rien', 'Rien')], max_length=12, verbose_name='cadence')),
                ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'préférence',
                'verbose_name_plural': 'préférences',
                'ordering': ['utilisateur', 'evenement'],
                'constraints': [models.UniqueConstraint(fields=('utilisateur', 'evenement'), name='notifications_preference_unique', violation_error_message='Cette personne a déjà choisi pour cet événement.'), models.CheckConstraint(condition=models.Q(('cadence__in', ['ecran', 'immediat', 'quotidien', 'hebdomadaire', 'rien'])), name='notifications_preference_cadence_connue', violation_error_message="Cette cadence n'existe pas.")],
            },
        ),
    ]
