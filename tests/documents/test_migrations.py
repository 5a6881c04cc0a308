from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from people import People
from work import NOW


@pytest.mark.django_db(transaction=True)
def test_files_of_the_first_version_keep_their_names(people: People) -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("documents", "0001_initial")])
    old = executor.loader.project_state([("documents", "0001_initial")]).apps.get_model(
        "documents", "StoredFile"
    )
    digest = "ab" * 32
    old.objects.create(
        agency_id=people.agency.pk,
        sha256=digest,
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        stored_at=NOW,
    )
    executor = MigrationExecutor(connection)
    executor.migrate(latest)
    new = executor.loader.project_state(latest).apps.get_model("documents", "StoredFile")
    assert new.objects.get().storage_name == digest
