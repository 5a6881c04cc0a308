"""What cannot be done by the way: other units' work, numbers, last days put forward, spreadsheets that would break a page."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from camket.core.registers import REGISTERS
from camket.org.models import Role
from camket.org.policy import NotAllowed
from camket.paper.sheets import write_csv
from camket.registers import queries
from camket.registers.models import Batch, Entry, Extension
from camket.registers.operations import (
    ExtensionNotPossible,
    ValuesRefused,
    ask_extension,
    bring_in,
    change,
    decide_extension,
    enter,
    finish,
    give_number,
    save_item,
    take_back,
    withdraw,
)
from camket.registers.sheets import taken_out
from camket.registers.writing import EntryKnown
from people import People, make_person
from registers.test_entries import counted, directive, recounted

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)


def given(people: People, **said: object) -> Entry:
    """Enter a directive for Bình's unit as An."""
    return enter(actor=people.an, register="directives", values=directive(people, **said), now=NOW)


def office_of(people: People) -> int:
    """Return a unit that is not Bình's."""
    return people.agency.units.get(name__startswith="Văn phòng").pk


def brought(people: People, register: str, rows: list[list[str]], now: datetime = LATER) -> Batch:
    """Bring rows in as An."""
    return bring_in(
        actor=people.an, register=register, data=write_csv(rows[0], rows[1:]), name="so.csv", now=now
    )


class TestOtherUnits:
    def test_nobody_enters_work_for_another_unit_by_naming_oneself(self, people: People) -> None:
        said = directive(people, unit=str(office_of(people)), person="Trần Văn Bình")
        with pytest.raises(NotAllowed):
            enter(actor=people.binh, register="directives", values=said, now=NOW)
        assert not Entry.objects.exists()

    def test_nobody_moves_ones_work_to_another_unit(self, people: People) -> None:
        entry = given(people, person="Trần Văn Bình")
        with pytest.raises(NotAllowed):
            change(actor=people.binh, entry_id=entry.pk, values={"unit": str(office_of(people))}, now=NOW)


class TestALaterLastDay:
    def test_that_lies_before_the_one_of_now_is_not_approved(self, people: People) -> None:
        entry = given(people)
        asked = ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ số liệu", now=NOW
        )
        change(actor=people.an, entry_id=entry.pk, values={"due_on": date(2026, 7, 20)}, now=NOW)
        with pytest.raises(ExtensionNotPossible):
            decide_extension(actor=people.chau, extension_id=asked.pk, is_approved=True, now=LATER)
        entry.refresh_from_db()
        assert entry.due_on == date(2026, 7, 20)
        decide_extension(
            actor=people.chau, extension_id=asked.pk, is_approved=False, answer="Đã có hạn mới", now=LATER
        )
        assert counted(people) == recounted(people)

    @pytest.mark.parametrize("act", ["finish", "withdraw"])
    def test_of_work_that_is_not_open_any_more_waits_for_nobody(self, people: People, act: str) -> None:
        entry = given(people)
        ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ số liệu", now=NOW
        )
        assert len(queries.extensions_waiting(people.chau, TODAY)) == 1
        if act == "finish":
            finish(actor=people.binh, entry_id=entry.pk, done_on=TODAY, now=LATER)
        else:
            withdraw(actor=people.an, entry_id=entry.pk, reason="Nhập nhầm", now=LATER)
        assert queries.extensions_waiting(people.chau, TODAY) == ()


class TestTakingBack:
    def test_keeps_the_last_day_that_was_put_off_before(self, people: People) -> None:
        entry = given(people)
        asked = ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ số liệu", now=NOW
        )
        decide_extension(actor=people.chau, extension_id=asked.pk, is_approved=True, now=NOW)
        before = counted(people)
        batch = brought(
            people,
            "directives",
            [
                ["Số ký hiệu", "Ngày ban hành", "Nội dung chỉ đạo", "Cơ quan, người giao"],
                ["125/TB-UBND", "22/06/2026", "Rà soát hồ sơ quá hạn", "Tỉnh ủy"],
            ],
        )
        assert batch.changed == 1
        take_back(actor=people.an, batch_id=batch.pk, reason="Nhầm tệp", now=LAST)
        entry.refresh_from_db()
        assert (entry.source, entry.due_on, entry.due_original) == (
            "UBND tỉnh",
            date(2026, 7, 10),
            date(2026, 7, 3),
        )
        assert counted(people) == recounted(people) == before
        assert Extension.objects.get().state == "approved"


class TestNumbers:
    def test_are_typed_by_who_gives_them_alone(self, people: People) -> None:
        said: dict[str, object] = {"on": TODAY, "kind": "QĐ", "title": "Một"}
        with pytest.raises(ValuesRefused) as refused:
            enter(actor=people.binh, register="outgoing", values={**said, "number": "99999/QĐ-UBND"}, now=NOW)
        assert [each.field for each in refused.value.problems] == ["number"]
        draft = enter(actor=people.binh, register="outgoing", values=said, now=NOW)
        with pytest.raises(ValuesRefused):
            change(actor=people.binh, entry_id=draft.pk, values={"number": "7/QĐ-UBND"}, now=NOW)
        give_number(actor=people.an, entry_id=draft.pk, signed_on=TODAY, now=NOW)
        with pytest.raises(ValuesRefused):
            change(actor=people.binh, entry_id=draft.pk, values={"number": ""}, now=LATER)
        change(actor=people.binh, entry_id=draft.pk, values={"title": "Một, sửa lại"}, now=LATER)
        draft.refresh_from_db()
        assert (draft.number, draft.title) == ("01/QĐ-UBND", "Một, sửa lại")

    def test_come_with_a_spreadsheet_of_who_gives_them_alone(self, people: People) -> None:
        rows = [["Số, ký hiệu", "Ngày văn bản", "Trích yếu"], ["99999/QĐ-UBND", "01/06/2026", "Về việc một"]]
        batch = bring_in(
            actor=people.dung, register="outgoing", data=write_csv(rows[0], rows[1:]), name="di.csv", now=NOW
        )
        assert batch.added == 0
        assert batch.refused[1]["problems"][0]["field"] == "number"


class TestHostileCells:
    @pytest.mark.parametrize("text", ["²", "٣", "9" * 5000, "１２"])
    def test_what_is_no_number_of_a_unit_is_refused_as_a_name(self, people: People, text: str) -> None:
        with pytest.raises(ValuesRefused) as refused:
            given(people, unit=text, person=text)
        assert {each.field for each in refused.value.problems} == {"unit", "person"}

    @pytest.mark.parametrize("text", ["nan", "inf", "1e999999", "9" * 400, "-" * 300, "=1+1", "1/0"])
    def test_what_is_no_amount_is_refused(self, people: People, text: str) -> None:
        rows = [["Chỉ tiêu", "Kỳ", "Ngày cuối kỳ", "Thực hiện", "Nguồn số liệu"]]
        batch = brought(people, "figures", [*rows, ["Thu ngân sách", "Tháng", "30/06/2026", text, "Báo cáo"]])
        assert (batch.added, len(batch.refused)) == (0, 2)

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_formulas_leave_as_text_and_read_back_as_they_were(self, people: People, ending: str) -> None:
        title = '=HYPERLINK("http://x","y")'
        given(people, title=title, note="@SUM(1)", source="-2+3")
        data = taken_out(people.an, REGISTERS["directives"], queries.Wanted(), TODAY, ending=ending)
        if ending == "csv":
            assert not re.search(r'(^|[,;\n])"?[-=+@][^,]', data.decode("utf-8-sig"))
        else:
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        batch = bring_in(actor=people.an, register="directives", data=data, name=f"so.{ending}", now=LATER)
        assert (batch.added, batch.changed, batch.unchanged, batch.refused) == (0, 0, 1, [])


def test_what_is_taken_out_has_the_headings_and_choices_of_offices(people: People) -> None:
    given(people, kind="central")
    data = taken_out(people.an, REGISTERS["directives"], queries.Wanted(), TODAY, ending="csv")
    head, row = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[:2]
    assert head[:3] == ["Số, ký hiệu", "Ngày ban hành", "Cơ quan, người giao"]
    assert not [cell for cell in row if "entral" in cell]


class TestYears:
    ASSESSED = {"kind": "reform", "title": "PAR Index", "source": "UBND tỉnh", "amount": "88,5"}

    @pytest.mark.parametrize("year", ["20255", "0", "-1", "1", "2101", "99999999999"])
    def test_a_year_that_cannot_be_meant_is_refused(self, people: People, year: str) -> None:
        with pytest.raises(ValuesRefused) as refused:
            enter(actor=people.an, register="assessments", values={**self.ASSESSED, "year": year}, now=NOW)
        assert [each.field for each in refused.value.problems] == ["year"]
        assert not Entry.objects.exists()

    def test_in_a_spreadsheet_it_refuses_its_row_alone(self, people: People) -> None:
        rows = [
            ["Nội dung đánh giá", "Năm đánh giá", "Cơ quan đánh giá", "Điểm"],
            ["PAR Index", "2025", "UBND tỉnh", "88,5"],
            ["PAR Index", "20255", "UBND tỉnh", "88,5"],
        ]
        batch = brought(people, "assessments", rows)
        assert (batch.added, [each["row"] for each in batch.refused]) == (1, [0, 3])


def test_a_double_is_named_by_its_person_where_it_has_no_title(people: People) -> None:
    values = {"kind": "quarter", "on": "30/06/2026", "outcome": "good", "person": str(people.binh.person_id)}
    first = enter(actor=people.an, register="grading", values=values, now=NOW)
    with pytest.raises(EntryKnown) as refused:
        enter(actor=people.an, register="grading", values=values, now=NOW)
    assert refused.value.entry_id == first.pk
    assert refused.value.message.params["title"] == people.binh.name


REFUSED: tuple[tuple[str, dict[str, object], str], ...] = (
    ("directives", {"number": "1/TB", "on": "02/07/2026", "source": "UBND tỉnh", "title": "Một"}, "on"),
    (
        "directives",
        {"on": "02/06/2026", "source": "UBND tỉnh", "title": "Một", "reported_on": "01/06/2026"},
        "reported_on",
    ),
    (
        "programme",
        {"on": "01/06/2026", "kind": "main", "title": "Một", "reminded_on": "02/07/2026"},
        "reminded_on",
    ),
    ("incoming", {"on": "02/07/2026", "source": "UBND tỉnh", "title": "Một"}, "on"),
    (
        "incoming",
        {"on": "01/06/2026", "issued_on": "30/06/2026", "source": "UBND tỉnh", "title": "Một"},
        "on",
    ),
    (
        "incoming",
        {"on": "02/06/2026", "passed_on": "01/06/2026", "source": "UBND tỉnh", "title": "Một"},
        "passed_on",
    ),
    ("incoming", {"on": "02/06/2026", "arrival": "-5", "source": "UBND tỉnh", "title": "Một"}, "arrival"),
    ("outgoing", {"number": "9/BC-UBND", "on": "02/07/2026", "kind": "BC", "title": "Một"}, "on"),
    ("outgoing", {"on": "02/06/2026", "sent_on": "01/06/2026", "kind": "BC", "title": "Một"}, "sent_on"),
    ("outgoing", {"on": "02/06/2026", "copies": "-1", "kind": "BC", "title": "Một"}, "copies"),
    (
        "assessments",
        {"kind": "reform", "year": "2025", "source": "UBND tỉnh", "amount": "-5", "planned": "100"},
        "amount",
    ),
    (
        "assessments",
        {"kind": "reform", "year": "2026", "source": "UBND tỉnh", "amount": "5", "on": "02/07/2026"},
        "on",
    ),
    ("assessments", {"kind": "reform", "year": "2025", "source": "UBND tỉnh", "rank": "0"}, "rank"),
    ("training", {"on": "05/06/2026", "ends_on": "03/06/2026", "outcome": "attended"}, "ends_on"),
    ("training", {"on": "02/07/2026", "outcome": "attended"}, "on"),
    ("training", {"on": "30/06/2026", "ends_on": "02/07/2026", "outcome": "completed"}, "ends_on"),
    ("training", {"on": "05/06/2026", "amount": "-3", "outcome": "attended"}, "amount"),
    ("training", {"on": "05/06/2026", "amount": "99999", "outcome": "attended"}, "amount"),
    ("grading", {"kind": "month", "on": "31/08/2026", "outcome": "good"}, "on"),
    ("grading", {"kind": "month", "on": "31/05/2026", "outcome": "good", "amount": "-4"}, "amount"),
    (
        "qualifications",
        {"kind": "politics", "on": "01/06/2026", "ends_on": "31/05/2026", "outcome": "met"},
        "ends_on",
    ),
    (
        "discipline",
        {"kind": "rules", "on": "01/06/2026", "ends_on": "31/05/2026", "outcome": "reprimand"},
        "ends_on",
    ),
    ("discipline", {"kind": "rules", "on": "02/07/2026", "outcome": "pending"}, "on"),
    ("discipline", {"kind": "rules", "on": "01/06/2026", "outcome": "reprimand", "person": ""}, "person"),
    ("discipline", {"kind": "none", "on": "30/06/2026", "outcome": "none"}, "person"),
    ("discipline", {"kind": "none", "on": "30/06/2026", "outcome": "warning", "person": ""}, "outcome"),
    ("positions", {"on": "01/06/2026", "ends_on": "31/05/2026", "title": "Văn thư"}, "ends_on"),
    ("positions", {"on": "01/06/2026", "version": "0", "title": "Văn thư"}, "version"),
)
TAKEN: tuple[tuple[str, dict[str, object]], ...] = (
    ("outgoing", {"on": "02/07/2026", "kind": "BC", "title": "Dự thảo"}),
    ("training", {"on": "30/06/2026", "ends_on": "02/07/2026", "outcome": "attended"}),
    ("training", {"on": "02/08/2026", "ends_on": "02/08/2026", "outcome": "planned", "amount": "0"}),
    ("grading", {"kind": "year", "on": "31/12/2026", "outcome": "good", "amount": "0"}),
    (
        "qualifications",
        {"kind": "politics", "on": "01/06/2026", "ends_on": "31/05/2026", "outcome": "not_met"},
    ),
    ("discipline", {"kind": "none", "on": "30/06/2026", "outcome": "none", "person": ""}),
    ("positions", {"on": "01/09/2026", "title": "Văn thư"}),
)


class TestWhatCannotBe:
    """Days that have not come, days out of order, figures below nothing: refused at their field, in a form as in a sheet."""

    @staticmethod
    def whole(people: People, register: str, said: dict[str, object]) -> dict[str, object]:
        """Return an entry with what its register needs besides."""
        fields = {each.key for each in REGISTERS[register].fields}
        besides = {"person": people.binh.person_id, "title": "Nội dung thử"}
        return {
            key: value for key, value in besides.items() if key in fields and register != "outgoing"
        } | said

    @pytest.mark.parametrize(("register", "said", "field"), REFUSED)
    def test_is_refused_at_its_field(
        self, people: People, register: str, said: dict[str, object], field: str
    ) -> None:
        with pytest.raises(ValuesRefused) as refused:
            enter(actor=people.an, register=register, values=self.whole(people, register, said), now=NOW)
        assert [each.field for each in refused.value.problems] == [field]
        assert not Entry.objects.exists()

    @pytest.mark.parametrize(("register", "said"), TAKEN)
    def test_what_may_lie_ahead_is_taken(
        self, people: People, register: str, said: dict[str, object]
    ) -> None:
        enter(actor=people.an, register=register, values=self.whole(people, register, said), now=NOW)
        assert Entry.objects.count() == 1

    def test_in_a_sheet_its_cell_is_named(self, people: People) -> None:
        batch = brought(
            people,
            "training",
            [
                ["Họ và tên", "Khóa học", "Từ ngày", "Đến ngày", "Số giờ", "Tham gia"],
                ["Trần Văn Bình", "Tin học", "05/06/2026", "03/06/2026", "-3", "Đã tham gia"],
            ],
        )
        assert batch.added == 0
        assert [each["cell"] for each in batch.refused[1]["problems"]] == ["D2", "E2"]

    def test_what_a_line_of_the_own_list_says_is_bounded_too(self, people: People) -> None:
        values: dict[str, object] = {"title": "fighter_base", "of": "advanced_worker", "from_year": "2026"}
        for wrong, field in (({"share": "101"}, "share"), ({"share": "15", "to_year": "2025"}, "to_year")):
            with pytest.raises(ValuesRefused) as refused:
                save_item(
                    actor=people.an, register="titles", name="Giới hạn", values={**values, **wrong}, now=NOW
                )
            assert [each.field for each in refused.value.problems] == [field]


class TestCeilings:
    """At most 15 % of the advanced workers are emulation fighters; who is a fighter is an advanced worker too."""

    @pytest.fixture
    def twenty(self, people: People) -> list[int]:
        return [
            make_person(people.agency, f"Nguyễn Văn {word}", f"n{at}", Role.OFFICER).pk
            for at, word in enumerate("ABCDEGHIKLMNOPQRSTUV")
        ]

    @staticmethod
    def title(people: People, person: int, kind: str, outcome: str, title: str = "") -> None:
        values = {"year": "2026", "kind": kind, "person": person, "outcome": outcome, "title": title}
        if outcome == "awarded":
            values["number"] = "96/QĐ-UBND"
        enter(actor=people.an, register="titles", values=values, now=NOW)

    def test_registered_only(self, people: People, twenty: list[int]) -> None:
        for person in twenty:
            self.title(people, person, "advanced_worker", "registered")
        for person in twenty[:3]:
            self.title(people, person, "fighter_base", "registered")
        (row,) = queries.ceilings(people.an, 2026)
        # 15 % of 20 are 3.
        assert (row.holders, row.most, row.wished, row.would_be_over) == (20, 3, 3, False)
        self.title(people, twenty[3], "fighter_base", "proposed")
        (row,) = queries.ceilings(people.an, 2026)
        assert (row.wished, row.would_be_over, row.is_over) == (4, True, False)

    def test_who_is_entered_as_a_fighter_alone_is_an_advanced_worker_too(
        self, people: People, twenty: list[int]
    ) -> None:
        for person in twenty[:18]:
            self.title(people, person, "advanced_worker", "awarded")
        for person in twenty[17:]:
            self.title(people, person, "fighter_base", "awarded")
        (row,) = queries.ceilings(people.an, 2026)
        # 18 entered as such, two as fighters alone, one as both: 20 people, of whom 3 are fighters.
        assert (row.holders, row.most, row.awarded, row.is_over) == (20, 3, 3, False)

    def test_somebody_entered_twice_is_one(self, people: People, twenty: list[int]) -> None:
        for person in twenty[:7]:
            self.title(people, person, "advanced_worker", "awarded")
        self.title(people, twenty[0], "fighter_base", "awarded")
        self.title(people, twenty[0], "fighter_base", "awarded", title="Sáng kiến cấp xã")
        (row,) = queries.ceilings(people.an, 2026)
        # 15 % of 7 are 1,05.
        assert (row.holders, row.most, row.awarded, row.is_over) == (7, 1, 1, False)

    def test_while_some_decisions_are_still_to_come(self, people: People, twenty: list[int]) -> None:
        self.title(people, twenty[0], "advanced_worker", "awarded")
        self.title(people, twenty[1], "advanced_worker", "refused")
        for person in twenty[2:]:
            self.title(people, person, "advanced_worker", "registered")
        self.title(people, twenty[1], "fighter_base", "registered")
        self.title(people, twenty[2], "fighter_base", "registered")
        (row,) = queries.ceilings(people.an, 2026)
        # One is awarded: nobody yet. Were all granted, 19 of them: 2,85.
        assert (row.holders, row.most, row.most_granted, row.would_be_over) == (1, 0, 2, False)

    def test_more_awarded_than_may_be(self, people: People, twenty: list[int]) -> None:
        for person in twenty[:6]:
            self.title(people, person, "advanced_worker", "awarded")
        self.title(people, twenty[0], "fighter_base", "awarded")
        (row,) = queries.ceilings(people.an, 2026)
        # 15 % of 6 are 0,9.
        assert (row.holders, row.most, row.is_over) == (6, 0, True)
