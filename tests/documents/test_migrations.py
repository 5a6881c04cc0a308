from __future__ import annotations

import pytest

from camket.documents.models import StoredFile
from history import Step
from people import People
from work import NOW


@pytest.mark.django_db(transaction=True)
def test_files_of_the_first_version_keep_their_names(people: People) -> None:
    step = Step("documents", "0002_random_storage_names")
    digest = "ab" * 32
    step.take_back()
    old = step.state.apps.get_model("documents", "StoredFile")
    old.objects.create(
        agency_id=people.agency.pk,
        sha256=digest,
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        stored_at=NOW,
    )
    step.do()
    assert StoredFile.objects.get().storage_name == digest
