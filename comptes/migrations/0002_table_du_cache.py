"""Table du cache en base, si c'est lui qui sert : les compteurs d'essais y sont partagés."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("comptes", "0001_initial")]

    operations = [migrations.RunPython(creer, migrations.RunPython.noop, elidable=True)]
