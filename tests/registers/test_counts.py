"""Whatever is done to entries, the counts that are kept are those of a plain count over them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camket.core.messages import Refusal
from camket.core.plan import Period
from camket.core.registers import REGISTERS
from camket.core.registers.sheet import headings
from camket.paper.sheets import write_csv
from camket.registers import queries, tally
from camket.registers.models import Batch, Entry, EntryCount, EntryRevision, Extension
from camket.registers.names import names_of
from camket.registers.operations import (
    ask_extension,
    bring_in,
    carry_on,
    change,
    decide_extension,
    derive,
    enter,
    finish,
    reopen,
    save_item,
    take_back,
    withdraw,
)
from people import People, make_people
from registers.test_entries import counted, directive, recounted

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
HEADINGS = [
    "Số ký hiệu",
    "Ngày ban hành",
    "Cơ quan giao",
    "Nội dung chỉ đạo",
    "Đơn vị chủ trì",
    "Hạn xử lý",
    "Ngày hoàn thành",
]
_DAYS = [date(2026, 6, 1) + timedelta(days=number) for number in range(0, 30, 4)]

ACTS = st.tuples(
    st.sampled_from(
        [
            "enter",
            "change",
            "finish",
            "reopen",
            "withdraw",
            "ask",
            "approve",
            "refuse",
            "bring_in",
            "take_back",
        ]
    ),
    st.integers(0, 7),
    st.sampled_from(_DAYS),
)


@pytest.fixture(scope="class")
def scene(db_of_class: None) -> People:
    """One agency for all examples: each is undone after it."""
    return make_people()


class TestCounts:
    @given(acts=st.lists(ACTS, min_size=3, max_size=9))
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_any_sequence_of_acts_leaves_the_counts_of_a_plain_count(
        self, scene: People, acts: list[tuple[str, int, date]]
    ) -> None:
        with transaction.atomic():
            for step, (act, which, day) in enumerate(acts):
                with suppress(Refusal), transaction.atomic():
                    _do(scene, act, which, day, NOW + timedelta(minutes=step))
            assert counted(scene) == recounted(scene)
            transaction.set_rollback(True)


def _do(people: People, act: str, which: int, day: date, now: datetime) -> None:
    ids = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    entry = ids[which % len(ids)] if ids else 0
    if act == "enter" or not ids:
        values = directive(
            people, number=f"{which}/TB", due_on=day.isoformat() if which % 3 else "", on="01/06/2026"
        )
        enter(actor=people.an, register="directives", values=values, now=now)
    elif act == "change":
        change(
            actor=people.an, entry_id=entry, values={"due_on": day, "kind": "superior", "unit": ""}, now=now
        )
    elif act == "finish":
        finish(actor=people.an, entry_id=entry, done_on=day, now=now)
    elif act == "reopen":
        reopen(actor=people.an, entry_id=entry, reason="Nhầm", now=now)
    elif act == "withdraw":
        withdraw(actor=people.an, entry_id=entry, reason="Nhầm", now=now)
    elif act == "ask":
        ask_extension(
            actor=people.an, entry_id=entry, due_after=day + timedelta(days=30), reason="Chờ", now=now
        )
    elif act in ("approve", "refuse"):
        asked = Extension.objects.filter(state="asked").first()
        if asked is not None:
            decide_extension(
                actor=people.chau, extension_id=asked.pk, is_approved=act == "approve", answer="Rõ", now=now
            )
    elif act == "bring_in":
        rows = [
            [f"{number}/TB", "01/06/2026", "UBND tỉnh", "Rà soát hồ sơ quá hạn", "", f"{day:%d/%m/%Y}", ""]
            for number in range(which, which + 3)
        ]
        bring_in(
            actor=people.an, register="directives", data=write_csv(HEADINGS, rows), name="so.csv", now=now
        )
    else:
        batch = Batch.objects.filter(state="done").order_by("pk").last()
        if batch is not None:
            take_back(actor=people.an, batch_id=batch.pk, reason="Nhầm", now=now)


def test_a_changed_way_of_counting_is_counted_anew_once(people: People) -> None:
    enter(actor=people.an, register="directives", values=directive(people), now=NOW)
    right = counted(people)
    EntryCount.objects.update(number=9)
    EntryRevision.objects.update(version=0)
    assert tally.recount_behind() == 1
    assert counted(people) == right == recounted(people)
    assert tally.recount_behind() == 0


def test_a_page_is_told_that_counts_moved(people: People) -> None:
    agency = people.agency.pk
    before = tally.revision(agency_id=agency, register="directives")
    enter(actor=people.an, register="directives", values=directive(people), now=NOW)
    assert tally.revision(agency_id=agency, register="directives") > before
    assert tally.revision(agency_id=agency, register="incoming") == 0


def test_totals_are_sums_of_days_with_stocks_at_the_end(people: People) -> None:
    enter(actor=people.an, register="directives", values=directive(people, due_on="25/06/2026"), now=NOW)
    done = enter(actor=people.an, register="directives", values=directive(people, number="2/TB"), now=NOW)
    finish(actor=people.an, entry_id=done.pk, done_on=TODAY, now=NOW)
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    register = REGISTERS["directives"]
    of_june, of_july = queries.totals(people.an, register, june), queries.totals(people.an, register, july)
    assert (of_june["received"], of_june["not_done"], of_june["open"], of_june["overdue"]) == (2, 1, 2, 1)
    assert (of_july["done"], of_july["in_time"], of_july["open"], of_july["overdue"]) == (1, 1, 1, 1)
    assert set(queries.totals(people.chi, register, june).values()) == {0}


class TestMadeOfOthers:
    def test_conclusions_become_directives_of_their_parent_or_none_do(self, people: People) -> None:
        parent = enter(
            actor=people.an,
            register="outgoing",
            values={
                "number": "9/TB-UBND",
                "on": "29/06/2026",
                "kind": "TB",
                "title": "Kết luận giao ban tháng 6",
            },
            now=NOW,
        )
        rows = [directive(people, title=f"Việc {number}") for number in (1, 2)]
        made = derive(actor=people.an, parent_id=parent.pk, register="directives", rows=rows, now=NOW)
        assert [each.parent_id for each in made] == [parent.pk, parent.pk]
        shown = queries.entry(people.an, parent.pk, TODAY)
        assert [each.title for each in shown.parts] == ["Việc 1", "Việc 2"]
        with pytest.raises(Refusal) as refused:
            derive(
                actor=people.an,
                parent_id=parent.pk,
                register="directives",
                rows=[directive(people, title="Việc 3"), directive(people, title="")],
                now=NOW,
            )
        assert [each.field for each in refused.value.problems] == ["1-title"]  # type: ignore[attr-defined]
        assert Entry.objects.filter(register="directives").count() == 2

    def test_unfinished_work_is_carried_into_the_next_month(self, people: People) -> None:
        june = enter(
            actor=people.an,
            register="programme",
            values={"title": "Số hóa hồ sơ", "kind": "main", "on": "01/06/2026", "due_on": "30/06/2026"},
            now=NOW,
        )
        july = carry_on(
            actor=people.an,
            entry_ids=[june.pk],
            values={"on": date(2026, 7, 1), "due_on": date(2026, 7, 31)},
            now=NOW,
        )[0]
        assert (july.parent_id, july.title, july.due_original) == (june.pk, "Số hóa hồ sơ", date(2026, 7, 31))
        assert counted(people, "programme") == recounted(people, "programme")

    def test_a_line_of_the_own_list_keeps_what_it_is_known_by(self, people: People) -> None:
        said = {"measure": "tỷ đồng", "rhythm": "month", "counting": "cumulative", "direction": "higher"}
        line = save_item(actor=people.an, register="figures", name="Thu ngân sách", values=said, now=NOW)
        renamed = save_item(
            actor=people.an,
            register="figures",
            item_id=line.pk,
            name="Thu NSNN",
            values={"measure": "triệu"},
            now=NOW,
        )
        assert (renamed.key, renamed.values["measure"], renamed.values["rhythm"]) == (
            line.key,
            "triệu",
            "month",
        )
        with pytest.raises(Refusal):
            save_item(actor=people.an, register="figures", name="Thu nsnn", values=said, now=NOW)
        with pytest.raises(Refusal):
            save_item(actor=people.an, register="directives", name="x", now=NOW)
        assert [each.name for each in queries.items(people.an, REGISTERS["figures"])] == ["Thu NSNN"]
        assert queries.items(people.chi, REGISTERS["figures"]) == ()


def test_headings_of_a_register_are_vietnamese(people: People) -> None:
    register = REGISTERS["directives"]
    found = headings(register, names_of(people.agency.pk, register, on=TODAY))
    assert found[0] == "Số, ký hiệu"
