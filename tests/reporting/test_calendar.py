"""The calendar of reports: proposed, kept by versions, owed, begun, done by issuing or noted as sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from camket.core.messages import Refusal
from camket.core.report_calendar import DueBy, LineNotPossible, Pace, Rules
from camket.jobs.chores import Run, declared
from camket.journal.models import Entry
from camket.notifications import due
from camket.org.models import CalendarDay
from camket.org.policy import NotAllowed
from camket.reporting import beginning, calendar, operations, parts, queries
from camket.reporting.models import Report, ReportCalendar, ReportOccurrence
from people import People
from reporting.year import HALF, NOW, TODAY, Year, approve, issue_half_year, make_year

START = date(2026, 6, 1)
BEGUN = datetime(2026, 6, 1, 3, tzinfo=UTC)


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


def begin(people: People, *keys: str, valid_from: date = START, now: datetime = BEGUN) -> ReportCalendar:
    """Begin a calendar with lines of the catalogue as they are proposed."""
    proposed = {line.key: line for line, _ in calendar.proposals(people.an, TODAY)}
    return calendar.begin_calendar(
        actor=people.an, valid_from=valid_from, source="", chosen=[proposed[key] for key in keys], now=now
    )


def half_year(people: People) -> calendar.Owed:
    """Begin a calendar with the half-year report and return what is owed."""
    begin(people, "objectives.half_year")
    return calendar.owed_in(people.an, 2026)[0]


class TestProposing:
    def test_days_are_the_agencys_and_the_source_is_the_decision(self, people: People, year: Year) -> None:
        people.agency.half_year_report_by = "06-20"
        people.agency.superior_name = "UBND tỉnh Bắc Giang"
        people.agency.save()
        lines = {line.key: (line, chosen) for line, chosen in calendar.proposals(people.an, TODAY)}
        half, chosen = lines["objectives.half_year"]
        assert chosen
        assert (half.rules.due_day, half.rules.year_starts) == ("06-20", "01-01")
        assert half.source == "Quyết định số 05/QĐ-UBND ngày 05/01/2026"
        assert half.addressee == "UBND tỉnh Bắc Giang"
        assert not lines["dossiers.month"][1]

    def test_objectives_run_over_the_plans_own_year(self, people: People, year: Year) -> None:
        year.plan.period_start, year.plan.period_end = date(2025, 12, 15), date(2026, 12, 14)
        year.plan.save()
        lines = {line.key: line for line, _ in calendar.proposals(people.an, TODAY)}
        assert lines["objectives.year"].rules.year_starts == "12-15"

    def test_an_agency_without_one_has_none(self, people: People) -> None:
        assert not calendar.versions(people.an)
        assert not calendar.owed_in(people.an, 2026)

    def test_every_line_shipped_gives_days_and_says_where_it_is_from(self, people: People) -> None:
        keys = [line.key for line in calendar.catalogue()]
        assert len(set(keys)) == len(keys)
        assert all(line.source for line in calendar.catalogue())
        begin(people, *keys, valid_from=date(2026, 1, 1))
        owed = ReportOccurrence.objects.all()
        assert {each.line.title for each in owed} == {line.title for line in calendar.catalogue()}


class TestBeforeUse:
    """A calendar that is begun for days long past calls nothing overdue of which it never could have reminded."""

    def test_what_was_due_before_is_shown_and_not_reckoned_as_late(self, people: People, year: Year) -> None:
        begin(people, "objectives.half_year", "objectives.quarter", valid_from=date(2026, 1, 1), now=NOW)
        rows = {each.due_on: each for each in calendar.owed_in(people.an, 2026)}
        first, half, later = (rows[day] for day in (date(2026, 3, 31), date(2026, 6, 15), date(2026, 9, 30)))
        assert [each.is_before_use for each in (first, half, later)] == [True, True, False]
        assert not any(each.is_late(TODAY) for each in rows.values())
        assert first.used_since == TODAY
        assert not due.due_for(people.an, TODAY, until=TODAY)
        assert later.is_late(date(2026, 10, 1))

    def test_it_can_still_be_noted_as_sent_or_begun(self, people: People, year: Year) -> None:
        begin(people, "objectives.half_year", "objectives.quarter", valid_from=date(2026, 1, 1), now=NOW)
        first, _second, half = calendar.owed_in(people.an, 2026)[:3]
        first, half = sorted((first, half), key=lambda each: each.due_on)
        calendar.note_sent(
            actor=people.an,
            occurrence_id=first.id,
            sent_on=date(2026, 3, 30),
            number="07/BC-UBND",
            note="",
            now=NOW,
        )
        assert calendar.owed(people.an, first.id).is_done
        assert not calendar.owed(people.an, first.id).was_late

    def test_a_line_added_later_calls_nothing_overdue_that_was_due_before(
        self, people: People, year: Year
    ) -> None:
        version = begin(people, "objectives.year", valid_from=date(2026, 1, 1))
        quarter = next(
            line for line, _ in calendar.proposals(people.an, TODAY) if line.key == "objectives.quarter"
        )
        calendar.save_line(actor=people.an, calendar_id=version.pk, line_id=None, wanted=quarter, today=TODAY)
        rows = {each.due_on: each for each in calendar.owed_in(people.an, 2026) if each.pace == "quarter"}
        assert [each.is_before_use for each in rows.values()] == [True, True, False, False]
        assert rows[date(2026, 3, 31)].used_since == TODAY
        assert not due.due_for(people.an, TODAY, until=TODAY)
        assert rows[date(2026, 9, 30)].is_late(date(2026, 10, 1))
        assert [
            each.is_late(date(2026, 10, 1))
            for each in due.due_for(people.an, date(2026, 10, 1), until=date(2026, 10, 1))
        ] == [True]

    def test_a_new_version_forgives_nothing(self, people: People, year: Year) -> None:
        begin(people, "objectives.half_year")
        calendar.renew_calendar(actor=people.an, valid_from=date(2026, 6, 2), source="", now=NOW)
        row = next(each for each in calendar.owed_in(people.an, 2026) if each.is_open)
        assert row.due_on == date(2026, 6, 15)
        assert row.is_late(TODAY)


class TestOwing:
    def test_what_is_due_from_the_first_day_is_owed_once(self, people: People, year: Year) -> None:
        row = half_year(people)
        assert row.title == "Báo cáo kết quả thực hiện Mục tiêu chất lượng 6 tháng đầu năm 2026"
        assert (row.period, row.due_on, row.units_by) == (HALF, date(2026, 6, 15), date(2026, 6, 5))
        assert row.is_late(TODAY)
        assert calendar.write_all(today=TODAY) == 0
        assert ReportOccurrence.objects.filter(due_on__year=2026).count() == 1

    def test_it_stands_in_the_secretarys_work_and_is_late_there(self, people: People, year: Year) -> None:
        row = half_year(people)
        (mine,) = due.due_for(people.an, TODAY, until=TODAY)
        assert (mine.kind.key, mine.page_id, mine.is_late(TODAY)) == ("report.owed", row.id, True)
        assert str(mine.says) == f"Make and send: {row.title}"
        assert not due.due_for(people.dung, TODAY, until=TODAY)

    def test_what_was_issued_before_the_calendar_is_done(self, people: People) -> None:
        issued = issue_half_year(people)
        row = half_year(people)
        assert (row.is_done, row.report_id, row.sent_number) == (True, issued.pk, "12/BC-UBND")
        assert calendar.write_all(today=TODAY) == 0

    def test_a_units_report_is_the_units(self, people: People, year: Year) -> None:
        version = begin(people, "objectives.half_year")
        kept = calendar.lines(people.an, version.pk)[0]
        unit = people.agency.units.order_by("order")[1]
        wanted = replace(kept.line, unit_id=unit.pk)
        calendar.save_line(
            actor=people.an, calendar_id=version.pk, line_id=kept.id, wanted=wanted, today=TODAY
        )
        assert due.due_for(people.dung, TODAY, until=TODAY)
        assert not due.due_for(people.an, TODAY, until=TODAY)

    def test_the_nightly_job_dates_open_rows_anew(self, people: People, year: Year) -> None:
        row = half_year(people)
        CalendarDay.objects.create(
            agency=people.agency, day=row.due_on, kind=CalendarDay.Kind.OFF, name="Nghỉ bù", source="QĐ"
        )
        chore = next(each for each in declared() if each.name == "report_calendar")
        assert chore.do(Run(now=NOW, today=TODAY, by_clock=NOW, notes={})).message.params == {"count": "1"}
        assert calendar.owed(people.an, row.id).due_on == date(2026, 6, 12)

    def test_a_changed_line_dates_open_rows_and_leaves_done_ones(self, people: People, year: Year) -> None:
        row = half_year(people)
        calendar.note_sent(
            actor=people.an, occurrence_id=row.id, sent_on=TODAY, number="7/BC-UBND", note="", now=NOW
        )
        kept = calendar.line(people.an, row.line_id)
        calendar.save_line(
            actor=people.an,
            calendar_id=kept.calendar_id,
            line_id=kept.id,
            wanted=replace(kept.line, rules=replace(kept.line.rules, due_day="06-25")),
            today=TODAY,
        )
        this, following = ReportOccurrence.objects.order_by("due_on")
        assert (this.due_on, this.state) == (date(2026, 6, 15), "done")
        assert following.due_on == date(2027, 6, 25)

    def test_a_new_version_takes_over_on_its_day(self, people: People, year: Year) -> None:
        begin(people, "objectives.half_year", "objectives.year")
        later = calendar.renew_calendar(actor=people.an, valid_from=date(2026, 7, 1), source="KH 12", now=NOW)
        yearly = calendar.lines(people.an, later.pk)[1]
        calendar.save_line(
            actor=people.an,
            calendar_id=later.pk,
            line_id=yearly.id,
            wanted=replace(yearly.line, rules=replace(yearly.line.rules, due_day="11-20")),
            today=TODAY,
        )
        owed = [(each.due_on, each.line_id) for each in calendar.owed_in(people.an, 2026)]
        assert [day for day, _ in owed] == [date(2026, 6, 15), date(2026, 11, 20)]
        assert owed[1][1] == yearly.id
        newest, first = calendar.versions(people.an)
        assert (first.valid_to, newest.valid_to) == (date(2026, 6, 30), None)

    def test_a_line_taken_out_owes_nothing_more(self, people: People, year: Year) -> None:
        row = half_year(people)
        calendar.end_line(actor=people.an, line_id=row.line_id, today=TODAY)
        assert not calendar.owed_in(people.an, 2026)
        assert not due.due_for(people.an, TODAY, until=TODAY)
        assert ReportOccurrence.objects.get(pk=row.id).state == "dropped"

    def test_refusals_write_nothing(self, people: People, year: Year) -> None:
        version = begin(people, "objectives.half_year")
        with pytest.raises(calendar.CalendarExists):
            begin(people, "objectives.year")
        broken = calendar.Line("Báo cáo", "other", Rules(Pace.MONTH, due_by=DueBy.DAY, due_day="06-15"))
        for wanted, refusal in ((broken, LineNotPossible), (replace(broken, title=" "), LineNotPossible)):
            with pytest.raises(refusal):
                calendar.save_line(
                    actor=people.an, calendar_id=version.pk, line_id=None, wanted=wanted, today=TODAY
                )
        for actor, refused in ((people.dung, NotAllowed), (people.chi, ReportCalendar.DoesNotExist)):
            with pytest.raises(refused):
                calendar.save_line(
                    actor=actor, calendar_id=version.pk, line_id=None, wanted=broken, today=TODAY
                )
        assert version.lines.count() == 1


class TestDoing:
    def test_one_press_drafts_it_filled_and_asks_the_units(self, people: People, year: Year) -> None:
        row = half_year(people)
        before = NOW - timedelta(days=28)
        draft = beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=before)
        assert (draft.kind, draft.period_end, bool(draft.narrative)) == ("half_year", HALF.end, True)
        asked = parts.parts_of(people.an, draft.pk)
        assert {each.due_on for each in asked} == {date(2026, 6, 5)}
        assert [each.unit for each in asked] == ["Văn phòng HĐND và UBND", "Phòng Kinh tế"]
        assert beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=before) == draft
        assert calendar.owed(people.an, row.id).report_id == draft.pk

    def test_issuing_marks_it_done_and_a_correction_follows(self, people: People, year: Year) -> None:
        row = half_year(people)
        draft = beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=NOW)
        issued = self.issue(people, draft, "12/BC-UBND")
        done = calendar.owed(people.an, row.id)
        assert (done.is_done, done.was_late, done.sent_on, done.sent_number, done.done_by) == (
            True, True, TODAY, "12/BC-UBND", "Nguyễn Thị An",
        )  # fmt: skip
        assert not due.due_for(people.an, TODAY, until=TODAY)
        again = operations.correct_report(actor=people.an, report_id=issued.pk, reason="Sai số", now=NOW)
        self.issue(people, again, "13/BC-UBND")
        assert calendar.owed(people.an, row.id).report_id == again.pk
        assert Entry.objects.filter(verb="report.owed_done").count() == 1

    def test_a_report_begun_by_the_other_way_counts_too(self, people: People, year: Year) -> None:
        row = half_year(people)
        draft = operations.draft_report(
            actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
        )
        assert calendar.owed(people.an, row.id).report_id == draft.pk
        operations.discard_report(actor=people.an, report_id=draft.pk, today=TODAY)
        assert calendar.owed(people.an, row.id).can_begin

    def test_figures_stop_at_the_cut_off(self, people: People, year: Year) -> None:
        version = begin(people, "objectives.half_year")
        kept = calendar.lines(people.an, version.pk)[0]
        rules = replace(kept.line.rules, cut_off_days=10)
        calendar.save_line(
            actor=people.an,
            calendar_id=version.pk,
            line_id=kept.id,
            wanted=replace(kept.line, rules=rules),
            today=TODAY,
        )
        (row,) = calendar.owed_in(people.an, 2026)
        draft = beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=NOW)
        assert draft.cut_off == date(2026, 6, 5)
        assert queries.report_content(people.an, draft.pk, TODAY).head.as_of == date(2026, 6, 6)

    def test_what_was_made_outside_is_noted_with_number_and_day(self, people: People, year: Year) -> None:
        row = half_year(people)
        calendar.note_sent(
            actor=people.an,
            occurrence_id=row.id,
            sent_on=date(2026, 6, 12),
            number="7/BC-UBND",
            note="Phần mềm báo cáo của tỉnh",
            now=NOW,
        )
        done = calendar.owed(people.an, row.id)
        assert (done.sent_number, done.was_late, done.report_id) == ("07/BC-UBND", False, None)
        with pytest.raises(calendar.OccurrenceDone):
            beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=NOW)
        calendar.reopen(actor=people.an, occurrence_id=row.id, reason="Ghi nhầm", today=TODAY)
        assert calendar.owed(people.an, row.id).can_begin

    @pytest.mark.parametrize(
        ("number", "sent_on"), [("không số", TODAY), ("", TODAY + timedelta(days=1)), ("", date(2020, 1, 1))]
    )
    def test_an_impossible_note_is_refused(
        self, number: str, sent_on: date, people: People, year: Year
    ) -> None:
        row = half_year(people)
        with pytest.raises(calendar.NotSent):
            calendar.note_sent(
                actor=people.an, occurrence_id=row.id, sent_on=sent_on, number=number, note="", now=NOW
            )
        assert calendar.owed(people.an, row.id).is_open

    def test_what_no_plan_has_is_refused_in_words(self, people: People) -> None:
        begin(people, "objectives.half_year")
        (row,) = calendar.owed_in(people.an, 2026)
        with pytest.raises(operations.PeriodNotPossible):
            beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=NOW)

    def test_a_report_in_writing_is_not_noted_as_sent(self, people: People, year: Year) -> None:
        row = half_year(people)
        beginning.begin_owed(actor=people.an, occurrence_id=row.id, now=NOW)
        with pytest.raises(Refusal):
            calendar.note_sent(
                actor=people.an, occurrence_id=row.id, sent_on=TODAY, number="", note="", now=NOW
            )

    @staticmethod
    def issue(people: People, draft: Report, number: str) -> Report:
        approve(people, draft)
        return operations.issue_report(
            actor=people.an,
            report_id=draft.pk,
            number=number,
            issued_on=TODAY,
            signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            now=NOW,
        )


def test_strangers_find_nothing(people: People, year: Year) -> None:
    row = half_year(people)
    with pytest.raises(ReportOccurrence.DoesNotExist):
        calendar.owed(people.chi, row.id)
    assert not calendar.owed_in(people.chi, 2026)
