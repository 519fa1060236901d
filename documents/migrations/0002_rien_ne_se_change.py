"""La base refuse de changer ou de retirer un document figé, sa publication ou une ligne du journal."""

from django.db import migrations

TABLES = ["documents_documentfige", "documents_publication", "documents_inscription"]
PHRASE = "Un document figé et le journal ne se changent ni ne se retirent."
SQLITE = """
CREATE TRIGGER {table}_immuable_{acte} BEFORE {acte} ON {table}
BEGIN SELECT RAISE(ABORT, '{phrase}'); END
"""
POSTGRESQL = """
CREATE TRIGGER {table}_immuable BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION documents_immuable()
"""
FONCTION = f"""
CREATE OR REPLACE FUNCTION documents_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{PHRASE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def ordres(moteur):
    if moteur == "postgresql":
        return [FONCTION, *(POSTGRESQL.format(table=table) for table in TABLES)]
    return [
        SQLITE.format(table=table, acte=acte, phrase=PHRASE)
        for table in TABLES
        for acte in ("UPDATE", "DELETE")
    ]


def ordres_inverses(moteur):
    if moteur == "postgresql":
        retraits = [f"DROP TRIGGER IF EXISTS {table}_immuable ON {table}" for table in TABLES]
        return [*retraits, "DROP FUNCTION IF EXISTS documents_immuable()"]
    return [
        f"DROP TRIGGER IF EXISTS {table}_immuable_{acte}"
        for table in TABLES
        for acte in ("UPDATE", "DELETE")
    ]


def executer(ordres_du_moteur):
    def operation(apps, schema_editor):
        for ordre in ordres_du_moteur(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    return operation


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunPython(executer(ordres), executer(ordres_inverses))]
