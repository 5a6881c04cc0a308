"""Let the database refuse what would change the journal.

Entries and accesses are neither updated nor deleted, also not by replacing a row on insert; seals are not updated.
On PostgreSQL the triggers fire always, in replication too, and tables are not truncated.
"""

from django.db import migrations

KEPT = ("journal_entry", "journal_access")
ERASED = "journal_seal"
KEYS = {
    "journal_entry": "agency_id = NEW.agency_id AND sequence = NEW.sequence",
    "journal_access": "agency_id = NEW.agency_id AND sequence = NEW.sequence",
    "journal_seal": "agency_id = NEW.agency_id AND reference = NEW.reference",
}


def sqlite():
    for table in (*KEPT, ERASED):
        yield (
            f"CREATE TRIGGER {table}_kept_from_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        yield (
            f"CREATE TRIGGER {table}_kept_from_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({KEYS[table]})) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table in KEPT:
        yield (
            f"CREATE TRIGGER {table}_kept_from_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def postgresql():
    yield (
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in (*KEPT, ERASED):
        acts = "UPDATE OR DELETE" if table in KEPT else "UPDATE"
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE {acts} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
        )
        yield (
            f"CREATE TRIGGER {table}_kept_from_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept_from_truncate"


STATEMENTS = {"sqlite": sqlite, "postgresql": postgresql}


def guard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in STATEMENTS[schema_editor.connection.vendor]():
            cursor.execute(statement)


def unguard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION journal_refuse() CASCADE")
            return
        for table in (*KEPT, ERASED):
            for act in ("update", "replace", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_kept_from_{act}")


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_for_whom_seals_and_accesses")]
    operations = [migrations.RunPython(guard, unguard)]
