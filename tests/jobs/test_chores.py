from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from camket.actions.models import Task
from camket.core.rotation import Keep
from camket.jobs import backups
from camket.jobs.chores import Chore, Outcome, Run, declared
from camket.journal import guard
from camket.journal.models import Entry
from camket.journal.queries import verify
from camket.keeping.backup import BackupRefused, verify_backup
from camket.org import operations as org
from camket.org.models import AccountEvent, CalendarDay
from people import TODAY, People
from work import make_task

NIGHT = datetime(2026, 7, 7, 2, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def run(name: str, notes: Mapping[str, Any] | None = None) -> Outcome:
    chore: Chore = next(each for each in declared() if each.name == name)
    return chore.do(Run(now=NIGHT, today=TODAY, by_clock=NIGHT, notes=notes or {}))


def entries(people: People, count: int = 3) -> None:
    for number in range(count):
        org.add_unit(
            actor=people.an, name=f"Tổ {number} {Entry.objects.count()}", kind="section", today=TODAY
        )


def test_whole_journals_are_counted_and_their_ends_noted(people: People) -> None:
    entries(people)
    first = run("journal")
    assert not first.is_alarm
    head = verify(people.agency.pk)
    assert first.notes["heads"][str(people.agency.pk)] == [head.entries, head.head]
    entries(people)
    assert not run("journal", first.notes).is_alarm


def test_entries_that_were_cut_off_since_the_night_before_raise_the_alarm_every_night(people: People) -> None:
    entries(people, 4)
    before = run("journal")
    with guard.lifted():
        Entry.objects.filter(agency=people.agency, sequence__gt=2).delete()
    assert verify(people.agency.pk).whole  # the chain alone cannot tell
    night = run("journal", before.notes)
    assert night.is_alarm
    assert people.agency.code in str(night.message)
    assert run("journal", night.notes).is_alarm


def test_a_changed_entry_raises_the_alarm(people: People) -> None:
    entries(people)
    with guard.lifted():
        Entry.objects.filter(agency=people.agency, sequence=2).update(reason="khác")
    assert run("journal").is_alarm


def test_due_days_follow_a_calendar_that_was_changed_and_the_journal_says_so(people: People) -> None:
    task = make_task(people, {"kind": "by", "date": "2026-07-08"})
    run("due_days")
    settled = Task.objects.get(pk=task.pk).due_on
    CalendarDay.objects.create(agency=None, day=settled, kind=CalendarDay.Kind.OFF, name="Nghỉ bù")
    count = Entry.objects.count()
    run("due_days")
    assert Task.objects.get(pk=task.pk).due_on != settled
    entry = Entry.objects.order_by("-sequence").first()
    assert entry is not None
    assert (entry.verb, entry.by_id, Entry.objects.count()) == ("calendar.recomputed", None, count + 1)
    run("due_days")
    assert Entry.objects.count() == count + 1


def test_backups_are_off_until_a_folder_is_given(settings: Any) -> None:
    settings.BACKUPS = None
    backup = next(each for each in declared() if each.name == "backup")
    assert "CAMKET_BACKUPS" in str(backup.why_off())


@pytest.mark.django_db(transaction=True)
class TestTheFolderOfBackups:
    KEEP = Keep(days=2, weeks=1, months=1)

    def make(self, folder: Path, night: int) -> backups.Made:
        return backups.make(folder=folder, keep=self.KEEP, passphrase="", now=NIGHT + timedelta(days=night))

    def test_the_newest_are_kept_each_checked(self, people: People, tmp_path: Path) -> None:
        folder = tmp_path / "sao-luu"
        for night in range(4):
            made = self.make(folder, night)
        names = sorted(path.name for path in folder.iterdir())
        assert names == ["camket-20260709-020000.zip", "camket-20260710-020000.zip"]
        assert made.kept == 2
        assert verify_backup(path=folder / names[1]).rows == made.backup.rows > 0

    def test_nothing_goes_when_the_new_one_cannot_be_written(self, people: People, tmp_path: Path) -> None:
        for night in range(2):
            self.make(tmp_path, night)
        before = sorted(path.name for path in tmp_path.glob("camket-*"))
        (tmp_path / "camket-20260711-020000.zip").mkdir()
        with pytest.raises(BackupRefused):
            self.make(tmp_path, 4)
        assert [name for name in before if (tmp_path / name).exists()] == before

    def test_files_of_other_names_are_left_alone(self, people: People, tmp_path: Path) -> None:
        (tmp_path / "camket-cu.zip").touch()
        (tmp_path / "ghi-chu.txt").touch()
        for night in range(4):
            self.make(tmp_path, night)
        assert (tmp_path / "camket-cu.zip").exists()
        assert (tmp_path / "ghi-chu.txt").exists()

    def test_a_folder_that_cannot_be_made_is_named(self, people: People, tmp_path: Path) -> None:
        (tmp_path / "tep").touch()
        with pytest.raises(BackupRefused, match="tep"):
            self.make(tmp_path / "tep" / "sao-luu", 0)

    def test_writers_need_not_wait_for_a_backup(self, people: People, tmp_path: Path) -> None:
        self.make(tmp_path, 0)
        if connection.vendor == "sqlite":
            assert connection.transaction_mode == "IMMEDIATE"


def test_sign_ins_long_past_go_with_the_sessions_that_ran_out(people: People) -> None:
    for days in (-1, 1):
        at = NIGHT - org.EVENTS_KEPT + timedelta(days=days)
        AccountEvent.objects.create(person_id=people.an.person_id, kind="signed_in", at=at)
    run("sessions")
    assert [event.at for event in AccountEvent.objects.all()] == [NIGHT - org.EVENTS_KEPT + timedelta(days=1)]
