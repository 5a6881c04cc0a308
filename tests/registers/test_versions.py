"""Versions of job descriptions: the one before ends the day before the next begins, and gets its time back with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from camket.journal.models import Entry as JournalEntry
from camket.paper.sheets import write_csv
from camket.registers.models import Entry
from camket.registers.operations import bring_in, change, enter, reopen, take_back, withdraw
from camket.registers.versions import ENDED
from people import People

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def described(people: People, on: str, **said: object) -> Entry:
    """Enter a job description in force from a day."""
    values: dict[str, Any] = {
        "title": "Công chức địa chính",
        "unit": str(next(iter(people.binh.unit_ids))),
        "on": on,
        **said,
    }
    return enter(actor=people.an, register="positions", values=values, now=NOW)


def ends(entry: Entry) -> date | None:
    """Return the last day of an entry as it is kept."""
    return Entry.objects.get(pk=entry.pk).ends_on


class TestVersions:
    def test_a_new_version_ends_the_former_the_day_before_and_the_journal_tells(self, people: People) -> None:
        first = described(people, "01/03/2026")
        second = described(people, "01/07/2026", title="Công chức  Địa chính", version="2")
        assert (ends(first), ends(second)) == (date(2026, 6, 30), None)
        told = JournalEntry.objects.get(verb=ENDED)
        assert (told.subject_id, told.before, told.after) == (
            first.pk,
            {"ends_on": None},
            {"register": "positions", "ends_on": "2026-06-30"},
        )

    def test_one_written_afterwards_ends_before_the_one_that_holds_already(self, people: People) -> None:
        later = described(people, "01/06/2026", version="3")
        between = described(people, "01/03/2026", version="2")
        assert (ends(between), ends(later)) == (date(2026, 5, 31), None)

    def test_posts_of_one_name_held_by_two_do_not_end_one_another(self, people: People) -> None:
        of_binh = described(people, "01/03/2026", person=str(people.binh.person_id))
        of_dung = described(people, "01/05/2026", person=str(people.dung.person_id))
        other_unit = described(people, "01/06/2026", unit=str(_another_unit(people)))
        assert [ends(each) for each in (of_binh, of_dung, other_unit)] == [None] * 3
        described(people, "01/07/2026", person=str(people.dung.person_id), version="2")
        assert (ends(of_binh), ends(of_dung)) == (None, date(2026, 6, 30))
        described(people, "01/08/2026", version="3")  # whoever holds it
        assert ends(of_binh) == date(2026, 7, 31)

    def test_the_former_gets_its_time_back_where_the_next_is_withdrawn(self, people: People) -> None:
        first = described(people, "01/03/2026", ends_on="31/12/2026")
        second = described(people, "01/06/2026", version="2")
        assert ends(first) == date(2026, 5, 31)
        withdraw(actor=people.an, entry_id=second.pk, reason="Ghi nhầm", now=NOW)
        assert ends(first) == date(2026, 12, 31)
        reopen(actor=people.an, entry_id=second.pk, reason="Ghi đúng", now=NOW)
        assert ends(first) == date(2026, 5, 31)

    def test_the_last_day_follows_the_next_one_where_that_is_moved(self, people: People) -> None:
        first, second = described(people, "01/03/2026"), described(people, "01/06/2026", version="2")
        change(actor=people.an, entry_id=second.pk, values={"on": "15/06/2026"}, now=NOW)
        assert ends(first) == date(2026, 6, 14)
        change(actor=people.an, entry_id=second.pk, values={"title": "Công chức tư pháp"}, now=NOW)
        assert ends(first) is None

    def test_a_last_day_that_somebody_wrote_stays_where_it_is_earlier(self, people: People) -> None:
        first = described(people, "01/03/2026", ends_on="30/04/2026")
        second = described(people, "01/06/2026", version="2")
        withdraw(actor=people.an, entry_id=second.pk, reason="Ghi nhầm", now=NOW)
        assert ends(first) == date(2026, 4, 30)
        assert not JournalEntry.objects.filter(verb=ENDED).exists()

    def test_versions_of_a_spreadsheet_end_one_another_until_it_is_taken_back(self, people: People) -> None:
        first = described(people, "01/01/2026")
        unit = Entry.objects.select_related("unit").get(pk=first.pk).unit
        assert unit is not None
        data = write_csv(
            ["Tên vị trí việc làm", "Đơn vị", "Phiên bản", "Ngày hiệu lực"],
            [
                ["Công chức địa chính", unit.name, "2", "01/03/2026"],
                ["Công chức địa chính", unit.name, "3", "01/06/2026"],
            ],
        )
        batch = bring_in(actor=people.an, register="positions", data=data, name="vtvl.csv", now=NOW)
        assert batch.added == 2
        found = Entry.objects.filter(register="positions").order_by("on")
        assert [each.ends_on for each in found] == [date(2026, 2, 28), date(2026, 5, 31), None]
        take_back(actor=people.an, batch_id=batch.pk, reason="Sai tệp", now=NOW)
        assert ends(first) is None


def _another_unit(people: People) -> int:
    units = people.agency.units.exclude(pk__in=people.binh.unit_ids)
    return int(units.values_list("pk", flat=True)[0])
