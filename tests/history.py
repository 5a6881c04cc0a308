"""One migration taken back and done again on the database of the tests, which has all of them.

To go back by Django's command takes back, and does again, what all others made after it: half a minute.
"""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState


class Step:
    """A migration with the state of all models that it begins from; for tests with ``transaction=True``."""

    def __init__(self, app: str, name: str) -> None:
        loader = MigrationExecutor(connection).loader
        self.migration: Migration = loader.get_migration(app, name)
        before = loader.project_state([(app, name)], at_end=False)
        self.state: ProjectState = before

    def take_back(self) -> None:
        """Undo the migration, as rows were before it."""
        with connection.schema_editor(atomic=self.migration.atomic) as editor:
            self.migration.unapply(self.state.clone(), editor)

    def do(self) -> None:
        """Do the migration with the rows that are there."""
        with connection.schema_editor(atomic=self.migration.atomic) as editor:
            self.migration.apply(self.state.clone(), editor)
