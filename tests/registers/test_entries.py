"""Entries of the registers: written, changed, finished, put off, withdrawn; who may, and what each adds to the counts."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from camket.core.registers import REGISTERS
from camket.core.registers.reading import Names
from camket.journal.models import Entry as JournalEntry
from camket.journal.reasons import ReasonMissing
from camket.org.models import Role
from camket.org.policy import NotAllowed
from camket.registers import queries, tally
from camket.registers.models import Entry, EntryCount, Extension
from camket.registers.operations import (
    DueFixed,
    EntryKnown,
    ExtensionNotPossible,
    StateNotFitting,
    ValuesRefused,
    ask_extension,
    change,
    decide_extension,
    enter,
    finish,
    reopen,
    withdraw,
)
from camket.registers.queries import entries
from people import People, actor_of, make_person

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()


def directive(people: People, **said: object) -> dict[str, Any]:
    """Return what a form says of a directive for Bình's unit, due on a working day."""
    return {
        "number": "125/TB-UBND",
        "on": "22/06/2026",
        "source": "UBND tỉnh",
        "title": "Rà soát hồ sơ quá hạn",
        "unit": str(unit_of(people)),
        "due_on": "03/07/2026",
        **said,
    }


def unit_of(people: People) -> int:
    """Return the unit of Bình and Dũng."""
    return next(iter(people.binh.unit_ids))


def counted(people: People, register: str = "directives") -> dict[tuple[object, ...], int]:
    """Return the counts that are kept, without noughts."""
    rows = EntryCount.objects.filter(agency_id=people.agency.pk, register=register).exclude(number=0)
    return {(row.day, row.count, row.unit_key, row.kind, row.mark): row.number for row in rows.order_by("pk")}


def recounted(people: People, register: str = "directives") -> dict[tuple[object, ...], int]:
    """Return the counts by a plain count over the entries."""
    definition = REGISTERS[register]
    entries = Entry.objects.filter(agency_id=people.agency.pk, register=register).order_by("pk")
    found: Counter[Any] = tally.cells_of(entries, definition, tally.items_of(people.agency.pk, definition))
    return {cell: number for cell, number in found.items() if number}


class TestEntering:
    def test_a_form_becomes_an_entry_with_its_days_and_its_place_in_the_journal(self, people: People) -> None:
        entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        entry.refresh_from_db()
        assert (entry.number, entry.on, entry.due_on, entry.due_original, entry.late_after) == (
            "125/TB-UBND",
            date(2026, 6, 22),
            date(2026, 7, 3),
            date(2026, 7, 3),
            date(2026, 7, 3),
        )
        assert (entry.state, entry.year, entry.unit_id) == ("open", 2026, unit_of(people))
        said = JournalEntry.objects.get(verb="entry.entered")
        assert (said.subject_id, said.after["title"], said.after["due_on"]) == (
            entry.pk,
            "Rà soát hồ sơ quá hạn",
            "2026-07-03",
        )
        assert counted(people) == recounted(people)

    def test_a_last_day_that_is_off_lets_work_be_in_time_on_the_next_working_day(
        self, people: People
    ) -> None:
        saturday = enter(
            actor=people.an, register="directives", values=directive(people, due_on="04/07/2026"), now=NOW
        )
        assert (saturday.due_on, saturday.late_after) == (date(2026, 7, 4), date(2026, 7, 6))

    def test_a_last_day_without_a_year_is_the_next_such_day(self, people: People) -> None:
        for said, due in (
            ({"due_on": "20/7"}, date(2026, 7, 20)),
            ({"on": "15/12/2025", "number": "9/TB", "due_on": "5/1"}, date(2026, 1, 5)),
            ({"on": "01/06/2026", "number": "10/TB", "due_on": "ngày 12 tháng 6"}, date(2026, 6, 12)),
        ):
            values = directive(people, **said)
            assert enter(actor=people.an, register="directives", values=values, now=NOW).due_on == due
        just_past = directive(people, number="11/TB", due_on="21/6")
        with pytest.raises(ValuesRefused):
            enter(actor=people.an, register="directives", values=just_past, now=NOW)

    def test_what_cannot_be_read_is_said_field_by_field_and_nothing_is_written(self, people: People) -> None:
        with pytest.raises(ValuesRefused) as refused:
            enter(
                actor=people.an,
                register="directives",
                values=directive(people, on="31/06/2026", title="", due_on="01/06/2026", unit="Phòng Vũ trụ"),
                now=NOW,
            )
        assert {each.field for each in refused.value.problems} == {"on", "title", "unit"}
        assert not Entry.objects.exists()
        assert not EntryCount.objects.exists()

    def test_days_that_cannot_follow_each_other_are_refused(self, people: People) -> None:
        with pytest.raises(ValuesRefused) as refused:
            enter(
                actor=people.an,
                register="directives",
                values=directive(people, due_on="01/06/2026", done_on="02/07/2026"),
                now=NOW,
            )
        assert [each.field for each in refused.value.problems] == ["done_on", "due_on"]

    def test_the_same_directive_twice_is_one(self, people: People) -> None:
        first = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        with pytest.raises(EntryKnown) as known:
            enter(
                actor=people.an,
                register="directives",
                values=directive(people, number="125/tb - UBND"),
                now=NOW,
            )
        assert known.value.entry_id == first.pk
        assert Entry.objects.count() == 1

    def test_an_officer_writes_for_the_own_unit_alone(self, people: People) -> None:
        office = people.agency.units.get(name__startswith="Văn phòng").pk
        with pytest.raises(NotAllowed):
            enter(
                actor=people.binh, register="directives", values=directive(people, unit=str(office)), now=NOW
            )
        own = enter(actor=people.binh, register="directives", values=directive(people, unit=""), now=NOW)
        assert own.unit_id == unit_of(people)
        assert Entry.objects.count() == 1

    def test_another_agency_reaches_nothing(self, people: People) -> None:
        entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        for act in (
            lambda: change(actor=people.chi, entry_id=entry.pk, values={"note": "x"}, now=NOW),
            lambda: finish(actor=people.chi, entry_id=entry.pk, done_on=TODAY, now=NOW),
            lambda: withdraw(actor=people.chi, entry_id=entry.pk, reason="x", now=NOW),
            lambda: queries.entry(people.chi, entry.pk, TODAY),
            lambda: queries.history(people.chi, entry.pk),
        ):
            with pytest.raises(Entry.DoesNotExist):
                act()
        assert queries.page_of(people.chi, REGISTERS["directives"], queries.Wanted(), TODAY).total == 0
        entry.refresh_from_db()
        assert entry.state == "open"


class TestAnEntry:
    def test_what_is_changed_stands_in_the_journal_as_it_was_and_as_it_is(self, people: People) -> None:
        entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        change(actor=people.binh, entry_id=entry.pk, values={"result": "Đã có dự thảo"}, now=NOW)
        said = JournalEntry.objects.get(verb="entry.changed")
        assert (said.before["result"], said.after["result"]) == (None, "Đã có dự thảo")
        assert set(said.before) == {"result"}
        assert [row.verb for row in queries.history(people.binh, entry.pk)] == [
            "entry.changed",
            "entry.entered",
        ]

    def test_a_last_day_is_put_right_by_the_secretary_and_put_off_by_approval(self, people: People) -> None:
        entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        with pytest.raises(DueFixed):
            change(actor=people.binh, entry_id=entry.pk, values={"due_on": "10/07/2026"}, now=NOW)
        change(actor=people.an, entry_id=entry.pk, values={"due_on": "02/07/2026"}, now=NOW)
        entry.refresh_from_db()
        assert (entry.due_on, entry.due_original) == (date(2026, 7, 2), date(2026, 7, 2))
        asked = ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 11), reason="Chờ số liệu", now=NOW
        )
        with pytest.raises(ExtensionNotPossible):
            ask_extension(
                actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 20), reason="x", now=NOW
            )
        with pytest.raises(NotAllowed):
            decide_extension(actor=people.an, extension_id=asked.pk, is_approved=True, now=NOW)
        decide_extension(
            actor=people.chau, extension_id=asked.pk, is_approved=True, document="12/UBND-VP", now=NOW
        )
        entry.refresh_from_db()
        assert (entry.due_on, entry.due_original, entry.late_after) == (
            date(2026, 7, 11),
            date(2026, 7, 2),
            date(2026, 7, 13),
        )
        assert counted(people) == recounted(people)
        with pytest.raises(DueFixed):
            change(actor=people.an, entry_id=entry.pk, values={"due_on": "02/07/2026"}, now=NOW)

    def test_refusing_a_later_day_keeps_the_day_and_says_why(self, people: People) -> None:
        entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        asked = ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ số liệu", now=NOW
        )
        with pytest.raises(ReasonMissing):
            decide_extension(actor=people.chau, extension_id=asked.pk, is_approved=False, now=NOW)
        decide_extension(
            actor=people.chau, extension_id=asked.pk, is_approved=False, answer="Việc gấp", now=NOW
        )
        entry.refresh_from_db()
        assert entry.due_on == date(2026, 7, 3)
        assert Extension.objects.get().state == "refused"

    def test_nobody_approves_a_later_day_for_oneself(self, people: People) -> None:
        entry = enter(actor=people.chau, register="directives", values=directive(people), now=NOW)
        asked = ask_extension(
            actor=people.chau, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ", now=NOW
        )
        with pytest.raises(NotAllowed):
            decide_extension(actor=people.chau, extension_id=asked.pk, is_approved=True, now=NOW)
        assert Extension.objects.get().state == "asked"

    def test_it_is_finished_opened_again_and_withdrawn_and_the_counts_follow(self, people: People) -> None:
        entry = enter(
            actor=people.an, register="directives", values=directive(people, due_on="25/06/2026"), now=NOW
        )
        with pytest.raises(ValuesRefused):
            finish(actor=people.binh, entry_id=entry.pk, done_on=TODAY + timedelta(days=1), now=NOW)
        done = finish(actor=people.binh, entry_id=entry.pk, done_on=TODAY, note="Đã báo cáo", now=NOW)
        assert (done.state, done.values["result"]) == ("done", "Đã báo cáo")
        assert queries.entry(people.an, entry.pk, TODAY).row.standing == "done_late"
        assert counted(people) == recounted(people)
        assert any(cell[1] == "late" for cell in counted(people))
        with pytest.raises(StateNotFitting):
            finish(actor=people.binh, entry_id=entry.pk, done_on=TODAY, now=NOW)
        with pytest.raises(ReasonMissing):
            reopen(actor=people.binh, entry_id=entry.pk, reason=" ", now=NOW)
        assert reopen(actor=people.binh, entry_id=entry.pk, reason="Nhầm", now=NOW).done_on is None
        assert counted(people) == recounted(people)
        withdraw(actor=people.an, entry_id=entry.pk, reason="Nhập nhầm", now=NOW)
        assert counted(people) == {}
        page = queries.page_of(people.an, REGISTERS["directives"], queries.Wanted(), TODAY)
        assert page.total == 0
        assert reopen(actor=people.an, entry_id=entry.pk, reason="Vẫn phải làm", now=NOW).state == "open"
        assert counted(people) == recounted(people) != {}

    def test_whoever_is_to_do_work_does_not_withdraw_it(self, people: People) -> None:
        given = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
        for actor in (people.binh, people.dung):
            assert "withdraw" not in queries.entry(actor, given.pk, TODAY).acts
            with pytest.raises(NotAllowed):
                withdraw(actor=actor, entry_id=given.pk, reason="Không làm nữa", now=NOW)
        given.refresh_from_db()
        assert given.state == "open"
        own = enter(
            actor=people.binh, register="directives", values=directive(people, title="Tự ghi"), now=NOW
        )
        assert "withdraw" in queries.entry(people.binh, own.pk, TODAY).acts
        assert withdraw(actor=people.binh, entry_id=own.pk, reason="Ghi nhầm", now=NOW).state == "withdrawn"

    def test_what_is_given_to_a_person_by_name_that_person_reports(self, people: People) -> None:
        office = people.agency.units.get(name__startswith="Văn phòng").pk
        given = enter(
            actor=people.an,
            register="directives",
            values=directive(people, unit=str(office), person="Trần Văn Bình"),
            now=NOW,
        )
        assert finish(actor=people.binh, entry_id=given.pk, done_on=TODAY, now=NOW).state == "done"


class TestRecordsOfPeople:
    @pytest.fixture
    def grade(self, people: People) -> Entry:
        return enter(
            actor=people.an,
            register="grading",
            values={
                "person": people.binh.person_id,
                "kind": "month",
                "on": date(2026, 6, 30),
                "outcome": "good",
                "source": "12/QĐ-UBND",
            },
            now=NOW,
        )

    def test_each_sees_the_own_the_head_the_units_the_secretary_all(
        self, people: People, grade: Entry
    ) -> None:
        stranger = actor_of(
            make_person(people.agency, "Đỗ Văn Em", "em", Role.OFFICER, people.agency.units.first()),
            people.agency,
        )
        register = REGISTERS["grading"]
        seen = {
            name: queries.page_of(actor, register, queries.Wanted(), TODAY).total
            for name, actor in (
                ("an", people.an),
                ("binh", people.binh),
                ("dung", people.dung),
                ("stranger", stranger),
            )
        }
        assert seen == {"an": 1, "binh": 1, "dung": 1, "stranger": 0}
        with pytest.raises(Entry.DoesNotExist):
            queries.entry(stranger, grade.pk, TODAY)
        with pytest.raises(NotAllowed):
            change(actor=people.binh, entry_id=grade.pk, values={"outcome": "excellent"}, now=NOW)
        grade.refresh_from_db()
        assert grade.outcome == "good"

    def test_the_journal_at_large_says_that_it_changed_and_not_what_it_said(
        self, people: People, grade: Entry
    ) -> None:
        change(actor=people.an, entry_id=grade.pk, values={"outcome": "excellent"}, now=NOW)
        kept = JournalEntry.objects.get(verb="entry.changed")
        assert "excellent" not in str(kept.after)
        assert "good" not in str(kept.before)
        shown = queries.history(people.binh, grade.pk)[0]
        assert {each.name: (each.before, each.after) for each in shown.changes}["outcome"] == (
            "good",
            "excellent",
        )


class TestSortedByWhatHasNoColumn:
    """As by a look-up of the key in the JSON: words with accents by the database, numbers as such, empty ones last."""

    SAID: tuple[dict[str, Any], ...] = (
        {"place": "Đình làng", "copies": 10, "urgency": "express"},
        {},
        {"place": "Ao cá", "copies": 9, "urgency": "none"},
        {"place": "Hội trường B", "copies": 100, "urgency": "very_urgent"},
        {"place": "đình làng", "copies": 9, "urgency": "urgent"},
        {"place": "Ấp Mới", "copies": 0},
        {"place": 'Nhà "A\\B" 100 %', "urgency": "none"},
    )

    @pytest.mark.parametrize(
        ("register", "key"),
        [("meetings", "place"), ("outgoing", "copies"), ("outgoing", "urgency")],
    )
    def test_the_order_is_that_of_the_key(self, people: People, register: str, key: str) -> None:
        for number, values in enumerate(self.SAID):
            Entry.objects.create(
                agency=people.agency, register=register, key=str(number), on=TODAY, year=TODAY.year, values=values,
                state=Entry.State.NOTED, created_at=NOW, changed_at=NOW,
            )  # fmt: skip
        for sort, by in ((key, F(f"values__{key}").asc), (f"-{key}", F(f"values__{key}").desc)):
            order = entries._order(REGISTERS[register], sort, Names())
            found = list(Entry.objects.order_by(*order).values_list("pk", f"values__{key}"))
            told = [value for _pk, value in found]
            empty = [value for value in told if value is None]
            assert told[len(told) - len(empty) :] == empty != []
            if key == "urgency":
                ranks = ["none", "none", "urgent", "very_urgent", "express"]
                assert told[: len(ranks)] == (ranks if sort == key else ranks[::-1])
            else:
                way = "-pk" if sort.startswith("-") else "pk"
                assert found == list(
                    Entry.objects.order_by(by(nulls_last=True), way).values_list("pk", f"values__{key}")
                )
