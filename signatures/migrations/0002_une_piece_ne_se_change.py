"""La base refuse de changer ou de retirer une pièce signée."""

from django.db import migrations

TABLE = "signatures_piecesignee"
PHRASE = "Une pièce signée ne se change ni ne se retire."
SQLITE = """
CREATE TRIGGER {table}_immuable_{acte} BEFORE {acte} ON {table}
BEGIN SELECT RAISE(ABORT, '{phrase}'); END
"""
POSTGRESQL = """
CREATE TRIGGER {table}_immuable BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION signatures_immuable()
"""
FONCTION = """
CREATE OR REPLACE FUNCTION signatures_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{phrase}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def ordres(moteur):
    if moteur == "postgresql":
        return [FONCTION.format(phrase=PHRASE), POSTGRESQL.format(table=TABLE)]
    return [
        SQLITE.format(table=TABLE, acte=acte, phrase=PHRASE.replace("'", "''"))
        for acte in ("UPDATE", "DELETE")
    ]


def ordres_inverses(moteur):
    if moteur == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {TABLE}_immuable ON {TABLE}",
            "DROP FUNCTION IF EXISTS signatures_immuable()",
        ]
    return [f"DROP TRIGGER IF EXISTS {TABLE}_immuable_{acte}" for acte in ("UPDATE", "DELETE")]


def executer(ordres_du_moteur):
    def operation(apps, schema_editor):
        for ordre in ordres_du_moteur(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    return operation


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initiale")]

    operations = [migrations.RunPython(executer(ordres), executer(ordres_inverses))]
