"""The sample province: one commune's decision read by the real importer, half a year of life by the real operations.

Around that commune stand the province, a second commune under it, and the two communes it was made of on 1/7/2025.
People and places are invented. ``camket demo`` serves it on :data:`~camket.config.SAMPLE_DAY`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from camket.actions import operations as work
from camket.actions import queries as tasks
from camket.actions.queries import TaskFilter, TaskRow
from camket.config import (
    SAMPLE_DAY,
    demo_announcements,
    demo_audits,
    demo_documents,
    demo_feedback,
    demo_improvement,
    demo_one_stop,
    demo_postings,
    demo_publishing,
    demo_registers,
    demo_reviews,
    demo_surveys,
)
from camket.core import plan as core
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Period
from camket.documents.operations import NewEvidence
from camket.indicators import operations as indicators
from camket.indicators.operations import NewReading
from camket.jobs.reminding import remind
from camket.notifications import operations as notifications
from camket.objectives import operations as plans
from camket.objectives import queries as plan_queries
from camket.objectives.operations import BodyMapping
from camket.org import operations as org
from camket.org import queries as org_queries
from camket.org.operations import NewSeat, SettingUp
from camket.org.policy import Actor
from camket.publishing.queries import public
from camket.reporting import calendar
from camket.reporting import operations as reports
from camket.reporting.operations import Wording

CODE = "H99.99.01"
PROVINCE = "H99"
SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "quyet-dinh-2026.docx"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_REPORTS = (
    "objectives.quarter",
    "objectives.half_year",
    "objectives.year",
    "dossiers.quarter",
    "satisfaction.half_year",
    "feedback.quarter",
    "audits.year",
)
_SENT_OUTSIDE = {"dossiers": 20, "feedback": 40}
"""Subjects whose reports are made on the province's own system, with what their numbers begin at."""
PASSWORD = "cam-ket-2026"  # noqa: S105 of invented people in a sample installation


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a sample person signs in."""

    login: str
    password: str
    full_name: str
    post: Message


SIGN_INS = (
    SignIn("lan", PASSWORD, "Đỗ Thị Ngọc Lan", Message(gettext_noop("ISO secretary"))),
    SignIn("tho", PASSWORD, "Vũ Quang Thọ", Message(gettext_noop("Chairman"))),
    SignIn("hanh", PASSWORD, "Bùi Đức Hạnh", Message(gettext_noop("One-stop shop officer"))),
    SignIn("quang", PASSWORD, "Ngô Minh Quang", Message(gettext_noop("Administrator"))),
    SignIn("thu", PASSWORD, "Mạc Anh Thư", Message(gettext_noop("Inspector of the agencies below"))),
)

UNITS = (
    ("Lãnh đạo UBND xã", "leadership"),
    ("Văn phòng HĐND và UBND", "section"),
    ("Phòng Kinh tế", "section"),
    ("Phòng Văn hóa - Xã hội", "section"),
    ("Trung tâm Phục vụ hành chính công", "section"),
    ("Tổ đánh giá nội bộ", "committee"),
    ("Các phòng, trung tâm thuộc UBND xã", "all"),
)

# login, full name, role, unit, position
PEOPLE = (
    ("tho", "Vũ Quang Thọ", "chairman", "Lãnh đạo UBND xã", "Chủ tịch UBND xã"),
    ("mai", "Lương Thị Mai", "representative", "Lãnh đạo UBND xã", "Phó Chủ tịch UBND xã, đại diện lãnh đạo"),
    ("khoa", "Trịnh Anh Khoa", "head", "Văn phòng HĐND và UBND", "Chánh Văn phòng"),
    ("duyen", "Tạ Mỹ Duyên", "head", "Phòng Kinh tế", "Trưởng phòng"),
    ("son", "Cao Xuân Sơn", "head", "Phòng Văn hóa - Xã hội", "Trưởng phòng"),
    ("hanh", "Bùi Đức Hạnh", "one_stop", "Trung tâm Phục vụ hành chính công", "Chuyên viên bộ phận một cửa"),
    ("phuc", "Đinh Hồng Phúc", "head", "Trung tâm Phục vụ hành chính công", "Giám đốc Trung tâm"),
    ("ngan", "Lê Kim Ngân", "officer", "Phòng Kinh tế", "Chuyên viên"),
)


# login, full name, role, position
PROVINCE_PEOPLE = (
    ("quang", "Ngô Minh Quang", "administrator", "Chuyên viên Sở Khoa học và Công nghệ"),
    ("thu", "Mạc Anh Thư", "inspector", "Chuyên viên Sở Khoa học và Công nghệ"),
)
MERGED_ON = date(2025, 7, 1)
"""First day of the agencies of two levels of local government."""


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """Another commune of the province: code, name, secretary and chairman (login, full name), and its plan.

    ``objectives`` are those of the sample that its plan of ``year`` sets too; ``people`` as :data:`PEOPLE`.
    """

    code: str
    name: str
    secretary: tuple[str, str]
    chairman: tuple[str, str]
    year: int = 2025
    objectives: tuple[str, ...] = ()
    people: tuple[tuple[str, str, str, str, str], ...] = ()


BEFORE = _Neighbour(
    "H99.11.03",
    "UBND xã Thanh Lâm",
    ("trang", "Nguyễn Thu Trang"),
    ("bao", "Hoàng Gia Bảo"),
    objectives=("2", "3"),
)
ALSO_BEFORE = _Neighbour("H99.11.04", "UBND xã Lâm Hạ", ("nga", "Phùng Thị Nga"), ("luan", "Tô Đình Luân"))
BESIDE = _Neighbour(
    "H99.99.02",
    "UBND xã Bình Khê",
    ("ngoc", "Trần Bảo Ngọc"),
    ("dat", "Phan Tiến Đạt"),
    2026,
    ("2", "3", "4", "6"),
    (
        ("vuong", "Lý Minh Vương", "head", "Văn phòng HĐND và UBND", "Chánh Văn phòng"),
        ("thoa", "Đặng Kim Thoa", "head", "Phòng Kinh tế", "Trưởng phòng"),
        ("hieu", "Chu Trung Hiếu", "head", "Phòng Văn hóa - Xã hội", "Trưởng phòng"),
        ("yen", "Triệu Hải Yến", "one_stop", "Trung tâm Phục vụ hành chính công", "Chuyên viên"),
        ("khue", "Âu Dương Khuê", "officer", "Phòng Kinh tế", "Chuyên viên"),
    ),
)


def agency_name() -> str:
    """Return the sample agency's name."""
    return "UBND xã Thanh Lâm Hạ"


def public_paths(on: date) -> tuple[str, str]:
    """Return where the sample's public page is, and where everybody may answer its survey; "" where that is shut."""
    office = public.office(demo_publishing.SLUG)
    token = public.survey_token(office, on)
    return f"/cong-khai/{demo_publishing.SLUG}/", f"/ks/{token}" if token else ""


def fill() -> tuple[SignIn, ...]:
    """Fill the installation with the sample agency unless it has it, whole or not at all; return the sign-ins."""
    with transaction.atomic():
        if not any(agency.code == CODE for agency in org_queries.all_agencies()):
            _Story().tell()
    return SIGN_INS


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 15), VIETNAM)


def _month(number: int, year: int = 2026) -> Period:
    start = date(year, number, 1)
    return Period(start, date(year, number + 1, 1) - timedelta(days=1))


def _quarter(number: int) -> Period:
    return Period(_month(number * 3 - 2).start, _month(number * 3).end)


AUDITORS_FROM = date(2026, 1, 9)
"""Day on which the internal audit team was set up."""

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


@dataclass(frozen=True, slots=True)
class _Share:
    """Readings of one target: its objective's number, its place there, and what was found."""

    objective: str
    place: int
    readings: tuple[NewReading, ...]


def _shares(
    periods: Iterable[Period], pairs: Iterable[tuple[int, int]], source: str
) -> tuple[NewReading, ...]:
    return tuple(
        NewReading(period=period, source=source, numerator=Decimal(part), denominator=Decimal(whole))
        for period, (part, whole) in zip(periods, pairs, strict=True)
    )


# the same share of the commune before, in 2025
ON_TIME_BEFORE = ((118, 124), (87, 93), (142, 148), (131, 139), (127, 131), (119, 126))

QUARTERS = (_quarter(1), _quarter(2))
SOFTWARE = "Thống kê phần mềm một cửa"

READINGS = (_Share("7", 1, (NewReading(period=HALF, source="Sổ tiếp công dân", value=Decimal(0)),)),)
"""What is entered by hand: no register or record tells of complaints that passed over the commune."""


class _Story:
    """January to the sample day, each act by the person who would do it."""

    def tell(self) -> None:
        self._open_the_province()
        self._open_the_agency()
        self._promulgate_the_plan()
        self._enter_figures()
        self._do_the_work()
        chairman = "Vũ Quang Thọ"
        dossiers = demo_one_stop.work_up_to_spring(self.people["hanh"], chairman)
        demo_registers.keep_the_registers(self.people, self.units)
        demo_surveys.ask_citizens(self.lan, self.people["hanh"])
        demo_feedback.tell_up_to_spring(self.people)
        self._begin_the_calendar_of_reports()
        report_id = self._report_on_the_first_quarter()
        demo_publishing.publish_in_spring(self.lan, self.people["mai"], report_id)
        demo_one_stop.work_up_to_now(self.people["hanh"], chairman, dossiers)
        demo_feedback.tell_up_to_now(self.people)
        self._begin_the_half_year_report()
        self._tell_of_neighbours()
        beside = self._actor(BESIDE.secretary[0], BESIDE.code)
        demo_one_stop.work_beside(beside)
        demo_registers.keep_those_beside(beside)
        demo_reviews.keep_reviews(self.people, self.units)
        demo_documents.keep_documents(self.people, self.units, "Ủy ban nhân dân xã Thanh Lâm Hạ")
        demo_announcements.keep_announcement(self.people)
        demo_audits.keep_audits(self.people, self.units)
        demo_improvement.keep_nonconformities(self.people, self.units)
        demo_improvement.keep_risks(self.people, self.units)
        self._see_what_was_told()
        demo_publishing.publish_in_summer(self.lan, self.people["mai"])
        list_id = demo_postings.keep_the_register(self.lan)
        demo_publishing.publish_the_list(self.lan, self.people["mai"], list_id)
        remind(now=_at(SAMPLE_DAY, 6), today=SAMPLE_DAY)

    def _see_what_was_told(self) -> None:
        """Let everybody have seen what half a year told them: the bell shows what is new this morning."""
        for actor in self.people.values():
            notifications.see_all(actor=actor, until=_at(SAMPLE_DAY, 23), now=_at(SAMPLE_DAY, 7))

    def _open_the_province(self) -> None:
        begun = date(2025, 1, 6)
        self.province_id = org.open_agency(
            code=PROVINCE,
            name="UBND tỉnh Đông Giang",
            level="province",
            secretary="Hồ Văn Vinh",
            login="vinh",
            superior_name="Chính phủ",
            today=begun,
        ).agency_id
        vinh = self._actor("vinh", PROVINCE)
        for login, full_name, role, position in PROVINCE_PEOPLE:
            org.add_person(
                actor=vinh, login=login, full_name=full_name, role=role, position=position, today=begun
            )
            self._take_password(login, begun, PROVINCE)
        org.finish_set_up(actor=vinh, today=begun)

    def _open_the_agency(self) -> None:
        begun = date(2026, 1, 5)
        self.agency_id = org.open_agency(
            code=CODE,
            name=agency_name(),
            level="commune",
            secretary=SIGN_INS[0].full_name,
            login="lan",
            superior_name="Ủy ban nhân dân tỉnh Đông Giang",
            parent_id=self.province_id,
            valid_from=MERGED_ON,
            today=begun,
        ).agency_id
        self.lan = self._actor("lan")
        self.units = {
            name: org.add_unit(actor=self.lan, name=name, kind=kind, today=begun).pk for name, kind in UNITS
        }
        for login, full_name, role, unit, position in PEOPLE:
            org.add_person(
                actor=self.lan,
                login=login,
                full_name=full_name,
                role=role,
                unit_id=self.units[unit],
                position=position,
                today=begun,
            )
            self._take_password(login, begun)
        self._take_password("lan", begun)
        self.people = {
            login: self._actor(login)
            for login in ("lan", "tho", "mai", "duyen", "son", "hanh", "phuc", "khoa", "ngan")
        }
        org.reappoint_committee(
            actor=self.lan,
            unit_id=self.units["Tổ đánh giá nội bộ"],
            decision=SettingUp(number="08/QĐ-UBND", decided_on=AUDITORS_FROM),
            seats=[
                NewSeat(self.people["phuc"].person_id, "head"),
                NewSeat(self.people["khoa"].person_id, "secretary"),
                NewSeat(self.people["ngan"].person_id),
            ],
            valid_from=AUDITORS_FROM,
            today=AUDITORS_FROM,
        )
        org.finish_set_up(actor=self.lan, today=begun)

    def _actor(self, login: str, code: str = CODE) -> Actor:
        actor = org_queries.actor_named(agency_code=code, login=login, on=SAMPLE_DAY)
        if actor is None:
            raise LookupError(login)
        return actor

    def _take_password(self, login: str, day: date, code: str = CODE) -> None:
        actor = self._actor(login, code)
        org.change_password(person_id=actor.person_id, password=PASSWORD, actor=actor, today=day)

    def _promulgate_the_plan(self) -> None:
        read_on, signed_on = date(2026, 1, 8), date(2026, 1, 12)
        self.plan_id = plans.import_plan(
            actor=self.lan, data=SAMPLE.read_bytes(), name=SAMPLE.name, today=read_on
        ).plan_id
        whom: dict[str, tuple[int | None, int | None]] = {
            "Đại diện lãnh đạo": (None, self.people["mai"].person_id),
            "Chủ tịch UBND xã": (None, self.people["tho"].person_id),
            "Thư ký ISO": (None, self.lan.person_id),
        }
        whom.update({name: (unit_id, None) for name, unit_id in self.units.items()})
        plan = plan_queries.plan_detail(self.lan, self.plan_id)
        named = {body.text for body in plan_queries.bodies(plan)}
        mappings = [
            BodyMapping(text=text, unit_id=unit_id, person_id=person_id)
            for text, (unit_id, person_id) in whom.items()
            if text in named
        ]
        plans.map_bodies(actor=self.lan, plan_id=self.plan_id, mappings=mappings, today=read_on)
        plans.update_head(
            actor=self.lan,
            plan_id=self.plan_id,
            today=read_on,
            resources="Kinh phí tự chủ năm 2026; máy tính, máy quét hiện có của Trung tâm Phục vụ hành chính công.",
            evaluation="Đối chiếu số liệu được xác nhận với chỉ tiêu vào cuối mỗi quý; minh chứng do người theo dõi kiểm tra.",
        )
        plans.accept_reading(actor=self.lan, plan_id=self.plan_id, today=read_on)
        plans.submit_plan(actor=self.lan, plan_id=self.plan_id, today=date(2026, 1, 9))
        plans.approve_plan(actor=self.people["tho"], plan_id=self.plan_id, today=signed_on)
        plans.promulgate_plan(
            actor=self.lan,
            plan_id=self.plan_id,
            number="07/QĐ-UBND",
            decided_on=signed_on,
            signed_by="Vũ Quang Thọ",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            place="Thanh Lâm Hạ",
            today=signed_on,
        )
        # What the wording leaves no doubt about; two targets wait for the secretary to say how they are measured.
        plans.confirm_proposals(actor=self.lan, plan_id=self.plan_id, today=signed_on)

    def _enter_figures(self) -> None:
        detail = plan_queries.plan_detail(self.lan, self.plan_id)
        by_number = {objective.number: objective for objective in detail.objectives}
        indicator_of = {
            (number, place): target.indicator_id
            for number, objective in by_number.items()
            for place, target in enumerate(objective.targets)
        }
        for share in READINGS:
            indicator_id = indicator_of[(share.objective, share.place)]
            if indicator_id is None:
                raise LookupError(f"objective {share.objective} has no indicator")
            for reading in share.readings:
                entered_on = reading.period.end + timedelta(days=3)
                entered = indicators.enter_reading(
                    actor=self.people["hanh"], indicator_id=indicator_id, reading=reading, now=_at(entered_on)
                )
                indicators.confirm_reading(
                    actor=self.lan, reading_id=entered.pk, now=_at(entered_on + timedelta(days=1))
                )

    def _do_the_work(self) -> None:
        due = self._tasks(TaskFilter(end=SAMPLE_DAY))
        for turn, task in enumerate(due):
            if turn % 11 == 7:
                continue  # left undone: overdue today
            finished = task.due_on + timedelta(days=3 if turn % 9 == 4 else -2)
            if finished > SAMPLE_DAY:
                continue
            evidence = NewEvidence(
                kind="document",
                title=f"Báo cáo kết quả: {task.action_text[:80]}",
                document_number=f"{turn + 11}/BC-UBND",
                document_date=finished,
            )
            work.submit_task(
                actor=self.lan if task.unit_id is None else self._doer(task),
                task_id=task.id,
                result="Đã hoàn thành theo kế hoạch, có văn bản kèm theo.",
                evidence=[evidence],
                now=_at(finished),
            )
            if turn % 13 == 12 and finished > SAMPLE_DAY - timedelta(days=20):
                continue  # waits for acceptance
            reviewer = self.people["mai"]
            work.accept_task(actor=reviewer, task_id=task.id, now=_at(finished + timedelta(days=1), 14))
        for trigger in tasks.trigger_list(self.people["phuc"]):
            if trigger.can_fire and "trễ hạn" in trigger.event:
                work.fire_trigger(
                    actor=self.people["phuc"],
                    trigger_id=trigger.id,
                    happened_on=date(2026, 6, 29),
                    note="Hồ sơ đất đai trả chậm 02 ngày do bổ sung bản đồ",
                    due_on=date(2026, 7, 8),
                    now=_at(date(2026, 6, 29)),
                )
                break

    def _doer(self, task: TaskRow) -> Actor:
        for actor in self.people.values():
            if task.unit_id in actor.unit_ids:
                return actor
        return self.lan

    def _tasks(self, filters: TaskFilter) -> list[TaskRow]:
        rows: list[TaskRow] = []
        page_number = 1
        while True:
            page, found = tasks.task_list(self.lan, filters, SAMPLE_DAY, page_number)
            rows += found
            if not page.has_next():
                return rows
            page_number += 1

    def _begin_the_calendar_of_reports(self) -> None:
        """Begin the calendar in March: what was sent before stands in it, one is being written late, others are to come."""
        begun = date(2026, 3, 16)
        lines = {line.key: line for line, _ in calendar.proposals(self.lan, begun)}
        lines["objectives.quarter"] = replace(
            lines["objectives.quarter"],
            rules=replace(lines["objectives.quarter"].rules, cut_off_days=None, due_days=10),
        )
        calendar.begin_calendar(
            actor=self.lan,
            valid_from=begun,
            source="Thông báo lịch báo cáo năm 2026 của Ban Chỉ đạo ISO",
            chosen=[lines[key] for key in _REPORTS],
            now=_at(begun),
        )
        for row in calendar.owed_in(self.lan, begun.year):
            if row.subject in _SENT_OUTSIDE and row.due_on < date(2026, 6, 30):
                calendar.note_sent(
                    actor=self.lan,
                    occurrence_id=row.id,
                    sent_on=row.due_on - timedelta(days=1),
                    number=f"{_SENT_OUTSIDE[row.subject] + row.due_on.month}/BC-UBND",
                    note="Lập trên hệ thống báo cáo của tỉnh",
                    now=_at(row.due_on),
                )

    def _report_on_the_first_quarter(self) -> int:
        report = reports.draft_report(
            actor=self.lan,
            plan_id=self.plan_id,
            kind="quarter",
            period=QUARTERS[0],
            now=_at(date(2026, 4, 3)),
        )
        reports.write_remarks(
            actor=self.lan,
            report_id=report.pk,
            wording=Wording(
                assessment="Quý I, các phòng và Trung tâm đã triển khai đủ đầu việc; hồ sơ trễ hạn tập trung ở lĩnh vực đất đai.",
                difficulties="Phần mềm một cửa bị gián đoạn 02 ngày trong tháng 02.",
                proposals="Bố trí thêm 01 công chức hỗ trợ lĩnh vực đất đai vào hai ngày đầu tuần.",
            ),
            today=date(2026, 4, 6),
        )
        reports.compose_sentences(actor=self.lan, report_id=report.pk, now=_at(date(2026, 4, 8)))
        reports.submit_report(actor=self.lan, report_id=report.pk, now=_at(date(2026, 4, 8)))
        reports.approve_report(actor=self.people["mai"], report_id=report.pk, now=_at(date(2026, 4, 8)))
        reports.issue_report(
            actor=self.lan,
            report_id=report.pk,
            number="31/BC-UBND",
            issued_on=date(2026, 4, 8),
            signed_by="Lương Thị Mai",
            capacity="PHÓ CHỦ TỊCH",
            authority="KT. CHỦ TỊCH",
            now=_at(date(2026, 4, 8)),
        )
        return report.pk

    def _begin_the_half_year_report(self) -> None:
        reports.draft_report(
            actor=self.lan, plan_id=self.plan_id, kind="half_year", period=HALF, now=_at(SAMPLE_DAY)
        )

    def _tell_of_neighbours(self) -> None:
        """Tell of the communes before, a year earlier, and of the one beside, which lags behind."""
        before = [self._tell_of(each) for each in (BEFORE, ALSO_BEFORE)]
        self._enter_what_was_on_time(self._actor(BEFORE.secretary[0], BEFORE.code))
        self._tell_of(BESIDE)
        org.record_succession(
            actor=self._actor("quang", PROVINCE),
            predecessor_ids=before,
            successor_ids=[self.agency_id],
            kind="merger",
            on=MERGED_ON,
            decision="Nghị quyết của Ủy ban Thường vụ Quốc hội về sắp xếp đơn vị hành chính cấp xã của tỉnh Đông Giang năm 2025",
            today=SAMPLE_DAY,
        )

    def _tell_of(self, neighbour: _Neighbour) -> int:
        """Tell one commune's year: its people, a plan of some objectives, no work reported; return its id."""
        year = neighbour.year
        begun, signed_on = date(year, 1, 6), date(year, 1, 15)
        login, full_name = neighbour.secretary
        agency_id = org.open_agency(
            code=neighbour.code,
            name=neighbour.name,
            level="commune",
            secretary=full_name,
            login=login,
            parent_id=self.province_id,
            today=begun,
        ).agency_id
        secretary = self._actor(login, neighbour.code)
        login, full_name = neighbour.chairman
        org.add_person(
            actor=secretary,
            login=login,
            full_name=full_name,
            role="chairman",
            position="Chủ tịch UBND xã",
            today=begun,
        )
        chairman = self._actor(login, neighbour.code)
        units: dict[str, int] = {}
        for login, full_name, role, unit, position in neighbour.people:
            if unit not in units:
                units[unit] = org.add_unit(actor=secretary, name=unit, kind="section", today=begun).pk
            org.add_person(
                actor=secretary,
                login=login,
                full_name=full_name,
                role=role,
                unit_id=units[unit],
                position=position,
                today=begun,
            )
        org.finish_set_up(actor=secretary, today=begun)
        if not neighbour.objectives:
            return agency_id
        plan_id = plans.import_format(actor=secretary, plan=self._plan_of(neighbour), today=begun)
        named = {body.text for body in plan_queries.bodies(plan_queries.plan_detail(secretary, plan_id))}
        plans.map_bodies(
            actor=secretary,
            plan_id=plan_id,
            mappings=[BodyMapping(text=text, person_id=secretary.person_id) for text in sorted(named)],
            today=begun,
        )
        plans.update_head(
            actor=secretary,
            plan_id=plan_id,
            today=begun,
            resources="Kinh phí tự chủ của xã.",
            evaluation="Đối chiếu số liệu với chỉ tiêu vào cuối mỗi quý.",
        )
        plans.submit_plan(actor=secretary, plan_id=plan_id, today=begun)
        plans.approve_plan(actor=chairman, plan_id=plan_id, today=signed_on)
        plans.promulgate_plan(
            actor=secretary,
            plan_id=plan_id,
            number="05/QĐ-UBND",
            decided_on=signed_on,
            signed_by=neighbour.chairman[1],
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            place=neighbour.name.removeprefix("UBND xã "),
            today=signed_on,
        )
        if year == SAMPLE_DAY.year:
            plans.confirm_proposals(actor=secretary, plan_id=plan_id, today=signed_on)
        return agency_id

    def _enter_what_was_on_time(self, secretary: Actor) -> None:
        """Enter what the commune before kept of its dossiers on paper, confirmed by its chairman."""
        chairman = self._actor(BEFORE.chairman[0], BEFORE.code)
        (plan,) = plan_queries.plan_choices(secretary)
        share = plan_queries.plan_detail(secretary, plan.id).objectives[0].targets[0].indicator_id
        if share is None:
            raise LookupError(f"{BEFORE.name} has no indicator")
        months = [_month(number, BEFORE.year) for number in range(1, len(ON_TIME_BEFORE) + 1)]
        for reading in _shares(months, ON_TIME_BEFORE, SOFTWARE):
            entered_on = reading.period.end + timedelta(days=3)
            entered = indicators.enter_reading(
                actor=secretary, indicator_id=share, reading=reading, now=_at(entered_on)
            )
            indicators.confirm_reading(actor=chairman, reading_id=entered.pk, now=_at(entered_on, 14))

    def _plan_of(self, neighbour: _Neighbour) -> core.Plan:
        """Return some of the sample's objectives as another commune would set them; in another year without fixed days."""
        sample = plan_queries.plan_as_format(self.lan, self.plan_id)
        is_same_year = neighbour.year == sample.year
        fixed = {core.ScheduleKind.BY, core.ScheduleKind.DURING, core.ScheduleKind.FROM}
        objectives = tuple(
            replace(
                objective,
                number=str(number),
                actions=tuple(
                    action
                    for action in objective.actions
                    if is_same_year or not fixed & {schedule.kind for schedule in action.schedule}
                ),
            )
            for number, objective in enumerate(
                (each for each in sample.objectives if each.number in neighbour.objectives), 1
            )
        )
        return replace(
            sample,
            agency=replace(sample.agency, name=neighbour.name),
            year=neighbour.year,
            decision=None,
            objectives=objectives,
        )
