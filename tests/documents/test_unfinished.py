"""What a killed process left of a file it was writing."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from camket.documents.models import StoredFile
from camket.documents.operations import clear_unfinished, store_file
from camket.documents.queries import path_of
from people import People
from work import NOW, PDF


def test_only_what_nobody_writes_any_more_is_removed(people: People, settings: Any) -> None:
    file = store_file(actor=people.binh, data=PDF, name="a.pdf", content_type="application/pdf", now=NOW)
    whole = path_of(StoredFile.objects.get(pk=file.pk).storage_name)
    left, fresh = whole.with_name("left.part"), whole.with_name("fresh.part")
    now = timezone.now()
    for path, age in ((left, 11), (fresh, 9), (whole, 10_000)):
        path.touch()
        moment = (now - timedelta(minutes=age)).timestamp()
        os.utime(path, (moment, moment))
    assert clear_unfinished(now=now) == 1
    assert sorted(path.name for path in whole.parent.iterdir()) == sorted([fresh.name, whole.name])
    assert clear_unfinished(now=now) == 0


def test_where_no_file_was_ever_kept_there_is_nothing_to_remove(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "none"
    assert clear_unfinished(now=NOW) == 0
