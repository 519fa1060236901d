from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campagnes", "0002_reponse_acceptee_en_lot")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="modifie_le",
            field=models.DateTimeField(auto_now=True, verbose_name="modifié le"),
        ),
    ]
