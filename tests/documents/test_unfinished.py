"""What a killed process left of a file it was writing."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from camket.documents.models import StoredFile
from camket.documents.operations import clear_unfinished, clear_unnamed, store_file
from camket.documents.queries import path_of
from camket.jobs.chores import Run, declared
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


class TestWholeFilesThatNoRecordNames:
    """What a process leaves that is killed between writing a file and committing its record."""

    def left(self, name: str) -> Path:
        path = path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left behind")
        return path

    def test_they_go_after_a_day_and_what_a_record_names_stays(self, people: People) -> None:
        file = store_file(actor=people.binh, data=PDF, name="a.pdf", content_type="application/pdf", now=NOW)
        whole = path_of(StoredFile.objects.get(pk=file.pk).storage_name)
        first_version = self.left("ab" * 32)
        lost = self.left("0123456789abcdef" * 2)
        tomorrow = timezone.now() + timedelta(hours=25)
        assert clear_unnamed(now=timezone.now() + timedelta(hours=23)) == 0
        assert clear_unnamed(now=tomorrow) == 2
        assert not lost.exists()
        assert not first_version.exists()
        assert whole.read_bytes() == PDF
        assert clear_unnamed(now=tomorrow) == 0

    def test_a_file_put_back_today_stays_although_its_content_is_old(self, people: People) -> None:
        restored = self.left("fedcba9876543210" * 2)
        long_ago = (timezone.now() - timedelta(days=400)).timestamp()
        os.utime(restored, (long_ago, long_ago))
        assert clear_unnamed(now=timezone.now()) == 0
        assert restored.exists()

    def test_what_is_not_the_products_own_is_never_touched(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path
        name = "0123456789abcdef" * 2
        elsewhere = tmp_path / "ff" / name
        others = [
            tmp_path / "readme.txt",
            tmp_path / "01" / f"{name}.part",
            tmp_path / "01" / "ghi-chu.txt",
            elsewhere,
        ]
        for path in others:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        (tmp_path / "01" / name).symlink_to(elsewhere)
        assert clear_unnamed(now=timezone.now() + timedelta(days=30)) == 0
        assert all(path.exists() for path in others)
        assert (tmp_path / "01" / name).is_symlink()

    def test_the_nightly_job_does_it_and_says_so(self, people: People) -> None:
        self.left("0123456789abcdef" * 2)
        chore = next(each for each in declared() if each.name == "files")
        later = timezone.now() + timedelta(days=2)
        assert chore.do(
            Run(now=later, today=timezone.localdate(later), by_clock=later, notes={})
        ).message.params == {"count": "1"}
        assert not chore.do(
            Run(now=later, today=timezone.localdate(later), by_clock=later, notes={})
        ).message.params
