"""Five offices with a year's records each, and what a careful person works out of them by hand.

The decisions are real and stand beside the checkout; the records are invented, small enough to be counted on paper. For
each target :data:`WORKED` says the arithmetic, the figure and the verdict after the year is over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from camket.core import plan as core
from camket.core.dossiers import Channel, OnlineLevel, Outcome
from camket.core.tally import Facts, day_number
from camket.dossiers.models import Batch, Posting, Procedure, ProcedureEdition
from camket.dossiers.models import Field as ProcedureField
from camket.objectives import operations, wiring
from camket.org.models import Agency, Membership, Person, Role
from camket.org.policy import Actor
from camket.registers.models import ListItem
from camket.voices.models import Channel as Way
from camket.voices.models import Feedback
from camket.voices.tally import Counted
from people import actor_of, make_agency
from records import NOW, add_survey, count_answers, count_facts, noon, note_entries

WORKED: dict[str, str] = {
    # target | worked out | figure | verdict
    "kim-thanh-2026": """
        1.1 | 49 of 50 items of the programme done before their day: 49/50 = 98 | 98 | met
        1.2 | 19 of 20 people informed, one of them twice: 19/20 = 95 | 95 | missed
        2.1 | 96 of 100 received and 93 of 98 results digitised: 189/198 = 95,45 | 95.454545 | met
        2.2 | 10 of 10 procedures posted | 100 | met
        2.3 | checks found 30 of 30 and 19 of 20 right: 49/50 = 98 | 98 | missed
        2.4 | 90 early and 6 on the day of 98 settled: 96/98 = 97,96 | 97.959184 | missed
        2.5 | 90 early of 98 settled: 90/98 = 91,84 | 91.836735 | met
        2.6 | 2 settled late and 1 still open fell overdue, all 3 apologised for: 3/3 = 100 | 100 | met
        3.1 | 20 of 20 graded completed or better for the year | 100 | met
        3.2 | 19 of 20 graded well or better: 19/20 = 95, just the limit | 95 | met
        3.3 | 18 of 20 people trained (a session that informs trains nobody): 18/20 = 90 | 90 | missed
        4.1 | 8 of 8 pieces of feedback settled in time | 100 | met
    """,
    "phong-binh-2023": """
        1.1 | the newer check found 12 of 12 units (in June 9 of 12) | 100 | met
        2.1 | 12 to follow: 8 done, 1 with a report, 2 without a day but with a unit, 1 left alone: 11/12 | 91.666667 | missed
        2.2 | 6 main tasks due: 4 in time and 2 late are completed: 6/6 = 100 | 100 | met
        3.1 | 22 to follow: 19 done, 1 open but reminded of, 2 without a day with a unit: 22/22 = 100 | 100 | met
        3.2 | 20 due: 18 in time, 1 late, 1 open: 18/20 = 90 | 90 | missed
        4.1 | 13 chief figures, all but the budget keep their plan: 12 of 13 | 12 | missed
        4.2 | 8.801 t since the year began, 8.768 asked | 8801 | met
        4.3 | quarters 2.100 + 2.350 + 2.400 + 2.500 = 9.350, 9.398 asked | 9350 | missed
        4.4 | 44,5 lies within 43 to 45 | 44.5 | met
        4.5 | 18,02 since the year began, 18,02 asked | 18.02 | met
        4.6 | half-years 0,8 + 1,3 = 2,1 km | 2.1 | met
        4.7 | 1,95 km since the year began, 2 asked | 1.95 | missed
        4.8 | 2 km since the year began | 2 | met
        4.9 | 38 %, more than 38 asked | 38 | missed
        4.10 | 96,4 % | 96.4 | met
        4.11 | 100 % | 100 | met
        4.12 | the province recognised it: 1 | reached | met
        4.13 | 1 house built | 1 | met
        4.14 | 91,5 % | 91.5 | met
        4.15 | 90,91 %, 100 asked | 90.91 | missed
        4.16 | not recognised: 0 | not reached | missed
        4.17 | kept: 1 | reached | met
        4.18 | 99,2 %, 100 asked | 99.2 | missed
        4.19 | 0,85 lies within 0,8 to 1,0 | 0.85 | met
        4.20 | 2,10 % a year ago, 1,80 now: 0,30 less, between 0,23 and 0,33 | 1.8 | met
        4.21 | quarters 10 + 15 + 12 + 14 = 51 | 51 | met
        4.22 | 100 % | 100 | met
        4.23 | 74,99 %, 75 asked | 74.99 | missed
        5.1 | the check found 40 of 40 right | 100 | met
        5.2 | 60 early and 35 on the day of 100 settled: 95 | 95 | met
        5.3 | 104 of 104 received digitised | 100 | met
        5.4 | 37 of 40 satisfied: 92,5 | 92.5 | missed
        6.1 | 19 of 20 graded well or better: 95 | 95 | missed
        7.1 | reform excellent, ICT fair: the worse counts | fair | missed
        7.2 | 61 issued, 2 of them secret, 59 electronically: 59/59 = 100 (a draft without a number is none) | 100 | met
        8.1 | 20 of 20 people trained | 100 | met
        9.1 | 17 advanced workers and 3 fighters who are advanced too: 20/20 = 100 | 100 | met
        9.2 | 3 fighters of 20: 3/20 = 15, more than 15 asked | 15 | missed
        9.3 | the agency became an excellent collective | reached | met
        9.4 | 1 of 20 broke the rules, twice: 19/20 = 95 | 95 | missed
        9.5 | nobody: 20/20 = 100 | 100 | met
    """,
    "phu-thu-2022": """
        1.1 | the review found 120 of 120 procedures | 100 | met
        2.1 | 400 settled, 1 open and overdue: 400/401 = 99,75 | 99.750623 | missed
        3.1 | 9 of 10 procedures posted on the website: 90 | 90 | missed
        4.1.1 | 30 of 60 of level 3 handed in online: 50 | 50 | met
        4.2.1 | 2 of level 4 handed in online | 2 | met
        5.1 | 1 of 400 settled late: 0,25 | 0.25 | met
        6.1 | 34 of 40 satisfied: 85, just the limit | 85 | met
    """,
    "thuong-loc-2024": """
        1.1 | the check found 10 of 10 units | 100 | met
        2.1 | 8 of 8 items done | 100 | met
        2.2 | 5 main tasks due, 4 completed: 80 | 80 | missed
        3.1 | 15 of 15 directives done | 100 | met
        3.2 | 15 of 15 in time | 100 | met
        4.1 | 4 of 4 figures keep their plan: above it, below it, within it, reached | 100 | met
        5.1 | the check found 24 of 25 right: 96 | 96 | missed
        5.2 | 50 early and 30 on the day of 80 settled | 100 | met
        5.3 | 6 of 8 procedures wholly online: 75 | 75 | missed
        5.4 | 6 of these 6 on the national portal | 100 | met
        5.5 | 33 of 60 of levels 3 and 4 handed in online: 55 | 55 | met
        5.6 | 46 of 50 satisfied: 92 | 92 | met
        5.7 | land 9 of 12, building 7 of 8: 16/20 = 80 | 80 | missed
        6.1 | 30 of 30 due handled in time (5 had no last day) | 100 | met
        7.1 | graded good, excellent asked | good | missed
        7.2 | graded good | good | met
        7.3 | third of nine, made known in February of the next year | 3 | met
        8.1 | 19 of 20 people trained: 95 | 95 | missed
        9.1 | the title was refused | not reached | missed
        9.2 | 17 advanced workers and 3 fighters: 20/20 = 100 | 100 | met
        9.3 | 3 fighters of 20: 15, just the limit | 15 | met
    """,
    "tuy-phuoc-2024": """
        1.1 | the inspection found the requirements met | reached | met
        2.1 | 60 of 100 early a year ago, 122 of 200 now: 61, one point more | 61 | met
        3.1 | 36 of 40 satisfied: 90, just the limit | 90 | met
    """,
}


@dataclass(frozen=True)
class Worked:
    """What a person works out for one target."""

    how: str
    figure: str
    verdict: str


def worked(decision: str) -> dict[str, Worked]:
    """Return what was worked out for a decision's targets, by objective's number and place."""
    found = {}
    for line in WORKED[decision].strip().splitlines():
        place, *said = (part.strip() for part in line.split("|"))
        found[place] = Worked(*said)
    return found


@dataclass
class Office:
    """An agency with its plan; its records are added by what they count."""

    agency: Agency
    actor: Actor
    year: int
    plan_id: int
    staff: list[Person] = field(default_factory=list)

    def day(self, month: int, day: int = 10) -> date:
        return date(self.year, month, day)

    @property
    def last(self) -> date:
        return self.day(12, 31)

    def note(self, register: str, *rows: dict[str, Any]) -> None:
        """Write entries into a register."""
        note_entries(self.agency, register, list(rows))

    def work(self, register: str, number: int, **fields: Any) -> None:
        """Write so many pieces of work of one course: received in March, due on 20 May, in the office's care."""
        unit = self.agency.units.order_by("order").first()
        plain = {"on": self.day(3), "due_on": self.day(5, 20), "unit": unit}
        self.note(register, *({**plain, **fields} for _ in range(number)))

    def people(self, register: str, who: Sequence[Person], **fields: Any) -> None:
        """Write one entry for each of some people."""
        self.note(register, *({"on": self.day(6), "person": each, **fields} for each in who))

    def assess(self, kind: str, **fields: Any) -> None:
        """Write an assessment or check."""
        self.note("assessments", {"on": self.day(9), "year": self.year, "kind": kind, **fields})

    def check(self, kind: str, right: int, checked: int, month: int = 9) -> None:
        """Write a check with how many were right of those checked."""
        self.assess(kind, on=self.day(month), amount=Decimal(right), planned=Decimal(checked))

    def figure(
        self, name: str, measure: str, how: str, direction: str, plan: str, *values: str, is_main: bool = True
    ) -> None:
        """Add a figure with its values: “2023-06-30 half 0,8”."""
        place = ListItem.objects.filter(agency=self.agency, register="figures").count()
        ListItem.objects.create(
            agency=self.agency,
            register="figures",
            key=f"f{place}",
            name=name,
            order=place,
            values={
                "measure": measure,
                "counting": how,
                "direction": direction,
                "plans": f"{self.year}: {plan}" if plan else "",
                "is_main": is_main,
            },
        )
        rows = []
        for value in values:
            on, kind, amount = value.split()
            rows.append(
                {
                    "on": date.fromisoformat(on),
                    "kind": kind,
                    "item": f"f{place}",
                    "amount": Decimal(amount.replace(",", ".")),
                    "source": "Báo cáo của công chức chuyên môn",
                    "number": "12/BC-UBND",
                }
            )
        self.note("figures", *rows)

    def dossiers(self, number: int, *, year: int = 0, **facts: Any) -> list[Facts]:
        """Return so many dossiers of one course: received in the months in turn, settled two days later."""
        months = cycle(range(1, 12))
        found = []
        for _ in range(number):
            received = day_number(date(year or self.year, next(months), 8))
            settled = {} if facts.get("outcome") is Outcome.OPEN else {"finished": received + 2}
            late = facts.get("outcome") in (Outcome.LATE, Outcome.OPEN) and facts.get("falls", True)
            overdue = {"overdue_from": received + 1} if late else {}
            some = {key: value for key, value in facts.items() if key != "falls"}
            found.append(Facts(received=received, **{**settled, **overdue, **some}))
        return found

    def count(self, *dossiers: list[Facts]) -> None:
        """Count dossiers as an import does that shows the state after the year."""
        count_facts(self.agency, [each for some in dossiers for each in some])
        Batch.objects.create(
            agency=self.agency,
            origin=Batch.Origin.PAGE,
            file_name="ho-so.xlsx",
            sha256="0" * 64,
            state=Batch.State.DONE,
            as_of=date(self.year + 1, 1, 20),
            done_rows=1,
            created_at=NOW,
        )

    def procedures(self, *levels: OnlineLevel, posted: int, place: str) -> None:
        """Add procedures of some levels, the first so many of them posted at a place all the year."""
        fields = ProcedureField.objects.get_or_create(agency=self.agency, key="ho tich", name="Hộ tịch")
        for number, level in enumerate(levels):
            made = Procedure.objects.create(agency=self.agency, code=f"2.00{number}", key=f"2.00{number}")
            made.edition = ProcedureEdition.objects.create(
                procedure=made,
                name=f"Thủ tục {number}",
                field=fields[0],
                level=level,
                valid_from=self.day(1, 2),
                entered_at=NOW,
            )
            made.save()
            if number < posted:
                Posting.objects.create(
                    procedure=made,
                    place=place,
                    posted_on=self.day(1, 5),
                    noted_at=NOW,
                    noted_by_id=self.actor.person_id,
                )

    def answers(self, satisfied: int, rated: int, field_name: str = "") -> list[dict[str, Any]]:
        """Return answers to the question on the whole, of one field."""
        key = 0
        if field_name:
            found, _ = ProcedureField.objects.get_or_create(
                agency=self.agency, key=field_name, defaults={"name": field_name}
            )
            key = found.pk
        return [{"field": key, "step": 5 if number < satisfied else 2} for number in range(rated)]

    def survey(self, *answers: list[dict[str, Any]]) -> None:
        """Count answers given in May."""
        survey = add_survey(self.agency, f"Khảo sát {self.year}")
        count_answers(
            self.agency,
            [
                Counted(
                    survey=survey.pk,
                    on=self.day(5),
                    channel=next(iter(Way)),
                    field=each["field"],
                    unit=self.agency.units.order_by("order").values_list("pk", flat=True)[0],
                    ratings={"overall": each["step"]},
                )
                for some in answers
                for each in some
            ],
        )

    def feedback(self, number: int) -> None:
        """Add feedback answered three days after it came, of ten."""
        for place in range(number):
            came = self.day(4, 1 + place)
            Feedback.objects.create(
                agency=self.agency,
                code=f"{self.agency.pk}-{place}",
                kind="proposal" if "proposal" in Feedback.Kind.values else Feedback.Kind.values[0],
                way=Feedback.Way.values[0],
                state="answered",
                received_at=noon(came),
                subject="Đèn đường hỏng",
                text="Đèn đường hỏng",
                pass_on_by=came + timedelta(days=5),
                due_on=came + timedelta(days=10),
                limit_days=10,
                settled_at=noon(came + timedelta(days=3)),
            )


def make_office(decision: str, gold: Path) -> Office:
    """Create an office of twenty people with the plan of a decision, each target measured by its likeliest proposal."""
    plan = core.Plan.from_json(json.loads(gold.read_text("utf-8")))
    year = plan.year
    agency = make_agency(f"F{year}.{decision[:4]}", f"UBND {decision}", set_up_on=date(year, 1, 2))
    staff = Person.objects.bulk_create(
        Person(login=f"{decision}.{number}", full_name=f"Người {number:02}", password="!")
        for number in range(20)
    )
    units = cycle(agency.units.order_by("order"))
    Membership.objects.bulk_create(
        Membership(
            agency=agency,
            person=person,
            unit=next(units),
            role=Role.SECRETARY if number == 0 else Role.OFFICER,
            valid_from=date(year - 1, 9, 1),
        )
        for number, person in enumerate(staff)
    )
    actor = actor_of(staff[0], agency)
    today = date(year, 1, 12)
    plan_id = operations.import_format(actor=actor, plan=plan, today=today)
    operations.confirm_proposals(actor=actor, plan_id=plan_id, today=today)
    for target in wiring.plan_wiring(actor, plan_id).open:
        assert target.first is not None, target.text
        operations.wire_target(
            actor=actor,
            target_id=target.target_id,
            code=target.first.code,
            filters=target.first.filters,
            today=today,
        )
    return Office(agency, actor, year, plan_id, list(staff))


def kim_thanh(office: Office) -> None:
    """Records of 2026, without the decision that they are held against."""
    staff, day = office.staff, office.day
    office.work("programme", 49, kind="regular", done_on=day(5, 19))
    office.work("programme", 1, kind="regular", done_on=day(5, 20))
    office.people("training", staff[:19], kind="informed", outcome="attended")
    office.people("training", staff[:1], kind="informed", outcome="attended", on=day(8))
    office.people("training", staff[:17], kind="professional", outcome="completed", ends_on=day(7))
    office.people("training", staff[17:18], kind="digital", outcome="attended")
    office.people("training", staff[18:], kind="professional", outcome="absent")
    results = {"is_digitised": True, "is_result_digitised": True}
    office.count(
        office.dossiers(90, outcome=Outcome.EARLY, **results),
        office.dossiers(3, outcome=Outcome.ON_TIME, **results),
        office.dossiers(3, outcome=Outcome.ON_TIME, is_digitised=True),
        office.dossiers(2, outcome=Outcome.LATE, is_answered=True),
        office.dossiers(1, outcome=Outcome.OPEN, is_answered=True),
        office.dossiers(1, outcome=Outcome.OPEN, falls=False),
    )
    office.procedures(*[OnlineLevel.NONE] * 10, posted=10, place="Trụ sở UBND xã")
    office.check("dossier_check", 30, 30, month=4)
    office.check("dossier_check", 19, 20, month=10)
    office.people("grading", staff[:19], kind="year", on=office.last, outcome="good")
    office.people("grading", staff[19:], kind="year", on=office.last, outcome="completed")
    office.people("grading", staff[:1], kind="month", on=day(2, 28), outcome="failed")
    office.feedback(8)


def phong_binh(office: Office) -> None:
    """Records of 2023; poverty also of the year before."""
    staff, day, last = office.staff, office.day, office.last.isoformat()
    office.check("unit_check", 9, 12, month=6)
    office.check("unit_check", 12, 12, month=11)
    office.work("programme", 4, kind="main", done_on=day(5, 18))
    office.work("programme", 2, kind="main", done_on=day(6, 2))
    office.work("programme", 2, kind="regular", done_on=day(5, 20))
    office.work("programme", 1, kind="regular", values={"result": "Đã trình dự thảo"})
    office.work("programme", 1, kind="regular")
    office.work("programme", 2, kind="regular", due_on=None)
    office.work("directives", 18, done_on=day(5, 20))
    office.work("directives", 1, done_on=day(5, 21))
    office.work("directives", 1, values={"reminded_on": day(5, 15).isoformat()})
    office.work("directives", 2, due_on=None)
    _figures_of_phong_binh(office, last)
    office.check("dossier_check", 40, 40)
    office.count(
        office.dossiers(60, outcome=Outcome.EARLY, is_digitised=True),
        office.dossiers(35, outcome=Outcome.ON_TIME, is_digitised=True),
        office.dossiers(5, outcome=Outcome.LATE, is_digitised=True),
        office.dossiers(4, outcome=Outcome.OPEN, falls=False, is_digitised=True),
    )
    office.survey(office.answers(37, 40))
    office.people("grading", staff[:19], kind="year", on=office.last, outcome="good")
    office.people("grading", staff[19:], kind="year", on=office.last, outcome="completed")
    office.assess("reform", outcome="excellent")
    office.assess("ict", outcome="fair", on=day(11))
    issued = {"on": day(4), "kind": "QĐ"}
    office.note(
        "outgoing",
        *({**issued, "number": f"{n}/QĐ-UBND", "values": {"sent": "electronic"}} for n in range(58)),
    )
    office.note("outgoing", {**issued, "number": "58/QĐ-UBND", "values": {"sent": "both", "secrecy": "none"}})
    office.note(
        "outgoing",
        *(
            {**issued, "number": f"{n}/QĐ-UBND", "values": {"sent": "paper", "secrecy": "secret"}}
            for n in (70, 71)
        ),
    )
    office.note("outgoing", {**issued, "number": "", "values": {"sent": "paper"}})
    office.people("training", staff, kind="professional", outcome="attended")
    office.people("training", staff[:5], kind="quality", outcome="completed", on=day(10))
    _titles(office, fighters=3, collective="collective_excellent", outcome="awarded")
    office.people("discipline", staff[4:5], kind="rules", outcome="criticised")
    office.people("discipline", staff[4:5], kind="duty", outcome="reprimand", on=day(9))


def _figures_of_phong_binh(office: Office, last: str) -> None:
    year = office.year
    quarters = [f"{year}-{end} quarter" for end in ("03-31", "06-30", "09-30", "12-31")]
    halves = [f"{year}-{end} half" for end in ("06-30", "12-31")]

    def of(parts: list[str], *amounts: str) -> list[str]:
        return [f"{part} {amount}" for part, amount in zip(parts, amounts, strict=True)]

    add = office.figure
    add(
        "Sản xuất nông nghiệp: sản lượng lương thực có hạt",
        "tấn",
        "cumulative",
        "higher",
        "8.768",
        f"{year}-06-30 half 4350",
        f"{last} year 8801",
    )
    add(
        "Tổng thu ngân sách trên địa bàn",
        "tỷ đồng",
        "period",
        "higher",
        "9.398",
        *of(quarters, "2100", "2350", "2400", "2500"),
    )
    add(
        "Thu nhập bình quân đầu người",
        "triệu đồng/người/năm",
        "as_of",
        "within",
        "43 - 45",
        f"{last} year 44,5",
    )
    add(
        "Tổng vốn đầu tư xây dựng cơ bản",
        "tỷ đồng",
        "cumulative",
        "higher",
        "18,02",
        f"{year}-06-30 half 7,15",
        f"{last} year 18,02",
    )
    add("Bê tông hóa đường giao thông nông thôn", "km", "period", "higher", "2", *of(halves, "0,8", "1,3"))
    add(
        "Cứng hóa đường giao thông nội đồng",
        "km",
        "cumulative",
        "higher",
        "2",
        f"{last} year 1,95",
        is_main=False,
    )
    add("Nâng cấp, sửa chữa kênh mương", "km", "cumulative", "higher", "2", f"{last} year 2")
    add("Huy động trẻ nhà trẻ", "%", "as_of", "higher", "38", f"{last} year 38", is_main=False)
    add("Huy động trẻ mẫu giáo", "%", "as_of", "higher", "95", f"{last} year 96,4")
    add("Trẻ em 05 tuổi đến trường", "%", "as_of", "higher", "100", f"{last} year 100")
    add(
        "Phổ cập giáo dục mầm non cho trẻ em 05 tuổi",
        "đạt",
        "as_of",
        "reached",
        "",
        f"{last} year 1",
        is_main=False,
    )
    add("Xây mới nhà văn hóa thôn", "nhà", "cumulative", "higher", "1", f"{last} year 1", is_main=False)
    add("Gia đình văn hóa", "%", "as_of", "higher", "90", f"{last} year 91,5")
    add("Thôn, cơ quan đạt chuẩn văn hóa", "%", "as_of", "higher", "100", f"{last} year 90,91", is_main=False)
    add("Xã đạt chuẩn văn hóa nông thôn mới", "đạt", "as_of", "reached", "", f"{last} year 0", is_main=False)
    add("Xã đạt tiêu chí quốc gia về y tế", "đạt", "as_of", "reached", "", f"{last} year 1")
    add(
        "Tỷ lệ người dân tham gia bảo hiểm y tế",
        "%",
        "as_of",
        "higher",
        "100",
        f"{year}-06-30 half 97,5",
        f"{last} year 99,2",
        is_main=False,
    )
    add("Tỷ lệ tăng dân số tự nhiên", "%", "as_of", "within", "0,8 - 1,0", f"{last} year 0,85")
    add("Tỷ lệ hộ nghèo", "%", "as_of", "lower", "1,87", f"{year - 1}-12-31 year 2,10", f"{last} year 1,80")
    add(
        "Đào tạo nghề chuyển đổi lao động nông nghiệp",
        "lao động",
        "period",
        "higher",
        "50",
        *of(quarters, "10", "15", "12", "14"),
    )
    add("Hộ gia đình được thu gom rác", "%", "as_of", "higher", "100", f"{last} year 100", is_main=False)
    add("Hộ gia đình phân loại rác thải", "%", "as_of", "higher", "75", f"{last} year 74,99", is_main=False)


def _titles(office: Office, *, fighters: int, collective: str, outcome: str) -> None:
    """Write the titles of a year: everybody is an advanced worker, some of them fighters, the agency a collective."""
    base = {"year": office.year, "on": office.day(2), "done_on": office.day(12, 28), "outcome": "awarded"}
    office.people("titles", office.staff[fighters:], kind="advanced_worker", **base)
    office.people("titles", office.staff[:fighters], kind="fighter_base", **base)
    office.people("titles", office.staff[:1], kind="advanced_worker", **base)
    office.note("titles", {**base, "kind": collective, "outcome": outcome})


def phu_thu(office: Office) -> None:
    """Records of 2022, when procedures had four levels."""
    office.check("procedure_check", 120, 120)
    office.count(
        office.dossiers(30, outcome=Outcome.EARLY, level=OnlineLevel.OLD_3, channel=Channel.ONLINE),
        office.dossiers(30, outcome=Outcome.ON_TIME, level=OnlineLevel.OLD_3, channel=Channel.DIRECT),
        office.dossiers(2, outcome=Outcome.EARLY, level=OnlineLevel.OLD_4, channel=Channel.ONLINE),
        office.dossiers(337, outcome=Outcome.ON_TIME),
        office.dossiers(1, outcome=Outcome.LATE),
        office.dossiers(1, outcome=Outcome.OPEN),
    )
    office.procedures(*[OnlineLevel.NONE] * 10, posted=9, place="Cổng thông tin điện tử phường")
    office.survey(office.answers(34, 40))


def thuong_loc(office: Office) -> None:
    """Records of 2024."""
    staff, day, last = office.staff, office.day, office.last.isoformat()
    office.check("unit_check", 10, 10)
    office.work("programme", 4, kind="main", done_on=day(5, 18))
    office.work("programme", 1, kind="main", values={"result": "Đang trình thẩm định"})
    office.work("programme", 3, kind="regular", done_on=day(5, 1))
    office.work("directives", 15, done_on=day(5, 6))
    add = office.figure
    add("Tổng thu ngân sách trên địa bàn", "tỷ đồng", "cumulative", "higher", "5", f"{last} year 5,2")
    add("Tỷ lệ hộ nghèo", "%", "as_of", "lower", "1,5", f"{last} year 1,2")
    add("Tỷ lệ tăng dân số tự nhiên", "%", "as_of", "within", "0,8 - 1,0", f"{last} year 1,0")
    add("Xã đạt chuẩn văn hóa nông thôn mới", "đạt", "as_of", "reached", "", f"{last} year 1")
    office.check("dossier_check", 24, 25)
    office.count(
        office.dossiers(33, outcome=Outcome.EARLY, level=OnlineLevel.OLD_3, channel=Channel.ONLINE),
        office.dossiers(17, outcome=Outcome.EARLY, level=OnlineLevel.OLD_4, channel=Channel.DIRECT),
        office.dossiers(10, outcome=Outcome.ON_TIME, level=OnlineLevel.OLD_4, channel=Channel.DIRECT),
        office.dossiers(20, outcome=Outcome.ON_TIME),
    )
    office.procedures(
        *[OnlineLevel.OLD_4] * 6, *[OnlineLevel.NONE] * 2, posted=6, place="Cổng Dịch vụ công quốc gia"
    )
    office.survey(
        office.answers(9, 12, "dat dai"), office.answers(7, 8, "xay dung"), office.answers(30, 30, "ho tich")
    )
    office.work("incoming", 30, done_on=day(5, 20))
    office.work("incoming", 5, due_on=None)
    office.assess("reform", outcome="good")
    late = date(office.year + 1, 2, 14)
    office.assess("digital", outcome="good", on=late, values={"rank": 3, "out_of": 9})
    office.people("training", staff[:19], kind="professional", outcome="attended")
    office.people("training", staff[19:], kind="professional", outcome="planned")
    _titles(office, fighters=3, collective="collective_advanced", outcome="refused")


def tuy_phuoc(office: Office) -> None:
    """Records of 2024 and, of dossiers, of 2023."""
    office.assess("inspection", outcome="passed", source="Chi cục Tiêu chuẩn - Đo lường - Chất lượng")
    office.count(
        office.dossiers(60, outcome=Outcome.EARLY, year=office.year - 1),
        office.dossiers(40, outcome=Outcome.ON_TIME, year=office.year - 1),
        office.dossiers(122, outcome=Outcome.EARLY),
        office.dossiers(78, outcome=Outcome.ON_TIME),
    )
    office.survey(office.answers(36, 40))


RECORDS = {
    "kim-thanh-2026": kim_thanh,
    "phong-binh-2023": phong_binh,
    "phu-thu-2022": phu_thu,
    "thuong-loc-2024": thuong_loc,
    "tuy-phuoc-2024": tuy_phuoc,
}
