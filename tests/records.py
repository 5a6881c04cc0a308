"""Records of every source for tests that count: dossiers through their buckets, procedures, tasks, readings."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from camket.actions.models import Action, Task
from camket.core.dossiers import Channel, OnlineLevel, Outcome, Payment, State
from camket.core.registers import REGISTERS
from camket.core.tally import Facts, day_number
from camket.dossiers import tally
from camket.dossiers.models import Dossier, Field, Posting, Procedure, ProcedureEdition
from camket.improvement.models import Audit, AuditedUnit, Finding, Nonconformity
from camket.indicators.models import Indicator, Reading
from camket.org.models import Agency, Unit
from camket.publishing.models import Notice, Place, PlannedPosting
from camket.registers import tally as entries
from camket.registers.models import Entry, ListItem
from camket.voices import tally as answers
from camket.voices.models import Channel as Way
from camket.voices.models import Feedback, Handout, Questionnaire, QuestionnaireEdition, Survey
from camket.voices.tally import Counted

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def add_fields(agency: Agency) -> list[Field]:
    """Add three fields of procedures."""
    names = {"dat dai": "Đất đai", "ho tich": "Hộ tịch", "xay dung": "Xây dựng"}
    return [Field.objects.create(agency=agency, key=key, name=name) for key, name in names.items()]


def add_procedures(agency: Agency, fields: list[Field], person_id: int) -> list[Procedure]:
    """Add five procedures: one never posted, one ended in June, levels of all kinds."""
    levels = [OnlineLevel.WHOLE, OnlineLevel.PARTIAL, OnlineLevel.NONE, OnlineLevel.OLD_4, OnlineLevel.WHOLE]
    units = list(agency.units.order_by("order"))
    found = []
    for number, level in enumerate(levels):
        procedure = Procedure.objects.create(agency=agency, code=f"1.00{number}", key=f"1.00{number}")
        procedure.edition = ProcedureEdition.objects.create(
            procedure=procedure,
            name=f"Thủ tục {number}",
            field=fields[number % 3],
            unit=units[number % 2] if number else None,
            level=level,
            valid_from=date(2025, 12, 20) + timedelta(days=20 * number),
            valid_to=date(2026, 6, 30) if number == 1 else None,
            entered_at=NOW,
        )
        procedure.save()
        if number != 2:
            Posting.objects.create(
                procedure=procedure,
                place="Cổng Dịch vụ công quốc gia" if number == 0 else "Cổng thông tin điện tử xã",
                posted_on=date(2026, 2, 1),
                removed_on=date(2026, 9, 1) if number == 3 else None,
                noted_at=NOW,
                noted_by_id=person_id,
            )
        found.append(procedure)
    return found


def random_facts(
    seed: int, number: int, *, fields: list[int], procedures: list[int], units: list[int]
) -> list[Facts]:
    """Return what invented dossiers of two years add up from."""
    chance = random.Random(seed)
    first = day_number(date(2025, 11, 20))
    found = []
    for _ in range(number):
        received = first + chance.randrange(500)
        finished = received + chance.randrange(40) if chance.random() < 0.8 else None
        overdue = received + chance.randrange(10, 30) if chance.random() < 0.3 else None
        if overdue is not None and finished is not None and finished < overdue:
            overdue = None
        waiting = received + 1 if chance.random() < 0.2 else None
        late = overdue is not None and finished is not None
        outcome = (
            Outcome.OPEN
            if finished is None
            else Outcome.LATE
            if late
            else chance.choice([Outcome.EARLY, Outcome.ON_TIME])
        )
        found.append(
            Facts(
                received=received,
                finished=finished,
                overdue_from=overdue,
                waiting_from=waiting,
                waiting_until=None if waiting is None or chance.random() < 0.3 else waiting + 5,
                outcome=outcome,
                outcome_first=outcome,
                channel=chance.choice(list(Channel)),
                level=chance.choice([OnlineLevel.NONE, OnlineLevel.WHOLE, OnlineLevel.OLD_3]),
                is_digitised=chance.random() < 0.5,
                is_answered=overdue is not None and chance.random() < 0.5,
                payment=chance.choice(list(Payment)),
                handling_days=None if finished is None else finished - received,
                field=chance.choice(fields),
                procedure=chance.choice(procedures),
                unit=chance.choice([0, *units]),
            )
        )
    return found


def count_facts(agency: Agency, facts: list[Facts]) -> None:
    """Add dossiers to an agency, rows and buckets, as an import does."""
    with transaction.atomic():
        tally.take_turn(agency_id=agency.pk)
        known = Dossier.objects.filter(agency=agency).count()
        Dossier.objects.bulk_create(
            dossier_of(agency, f"D-{known + number}", each) for number, each in enumerate(facts)
        )
        tally.recount(agency_id=agency.pk, before=[], after=facts)


def dossier_of(agency: Agency, code: str, facts: Facts) -> Dossier:
    """Return a row, of no import, that counts by these facts."""
    return Dossier(
        agency=agency, code=code, state=State.DONE if facts.finished is not None else State.PROCESSING, content_hash=0,
        received_day=facts.received, finished_day=facts.finished, overdue_day=facts.overdue_from,
        waiting_from_day=facts.waiting_from, waiting_until_day=facts.waiting_until, reappointed_day=facts.reappointed,
        outcome=facts.outcome, outcome_first=facts.outcome_first, channel=facts.channel, level=facts.level,
        is_digitised=facts.is_digitised, is_result_digitised=facts.is_result_digitised, is_withdrawn=facts.is_withdrawn,
        is_answered=facts.is_answered, payment=facts.payment, handling_days=facts.handling_days,
        field_id=facts.field, procedure_id=facts.procedure, unit_id=facts.unit or None,
        first_batch_id=0, last_batch_id=0,
    )  # fmt: skip


def add_tasks(agency: Agency, seed: int, number: int = 60) -> None:
    """Add dated tasks in every state over the year 2026."""
    chance = random.Random(seed)
    units: list[Unit | None] = [None, *agency.units.all()]
    action = Action.objects.create(
        agency=agency, year=2026, number="1", text="Niêm yết", state=Action.State.ACTIVE
    )
    for place in range(number):
        due = date(2025, 12, 20) + timedelta(days=chance.randrange(370))
        state = chance.choice(list(Task.State))
        done = due + timedelta(days=chance.randrange(-10, 12))
        Task.objects.create(
            agency=agency,
            action=action,
            kind=chance.choice(list(Task.Kind)),
            occurrence=f"o{place}",
            due_on=due,
            due_original=due,
            late_after=due + timedelta(days=chance.randrange(3)),
            unit=chance.choice(units),
            state=state,
            done_on=done if state == Task.State.ACCEPTED else None,
            submitted_at=datetime(done.year, done.month, done.day, 3, tzinfo=UTC)
            if state in (Task.State.SUBMITTED, Task.State.ACCEPTED)
            else None,
        )


def add_readings(agency: Agency, person_id: int, other_id: int) -> None:
    """Add confirmed monthly figures of two indicators, and a quarter's that contains three of them."""
    for name, code in (("Hài lòng", "satisfaction.overall"), ("Phản ánh", "")):
        indicator = Indicator.objects.create(
            agency=agency, name=name, measure="ratio", unit="%", adds_up=True, definition_code=code
        )
        spans = [
            (date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1)) for month in range(1, 10)
        ]
        for start, end in [*spans, (date(2026, 1, 1), date(2026, 3, 31))]:
            Reading.objects.create(
                agency=agency,
                indicator=indicator,
                period_start=start,
                period_end=end,
                numerator=Decimal(9) if end.month - start.month == 0 else Decimal(27),
                denominator=Decimal(10) if end.month - start.month == 0 else Decimal(30),
                source="Phiếu khảo sát",
                state=Reading.State.CONFIRMED,
                entered_at=NOW,
                entered_by_id=person_id,
                confirmed_at=NOW,
                confirmed_by_id=other_id,
            )


QUESTIONS = {
    "languages": ["vi"],
    "title": {"vi": "Khảo sát sự hài lòng"},
    "factors": [
        {"key": "access", "label": {"vi": "Tiếp cận dịch vụ"}},
        {"key": "officers", "label": {"vi": "Công chức"}},
    ],
    "questions": [
        {
            "key": "waiting",
            "kind": "scale",
            "text": {"vi": "Chỗ ngồi chờ"},
            "factor": "access",
            "counts": True,
        },
        {
            "key": "manner",
            "kind": "scale",
            "text": {"vi": "Thái độ phục vụ"},
            "factor": "officers",
            "counts": True,
        },
        {"key": "overall", "kind": "scale", "text": {"vi": "Nhìn chung, mức độ hài lòng"}},
        {"key": "more", "kind": "text", "text": {"vi": "Góp ý khác"}},
    ],
}
"""What the surveys of tests ask."""


def add_survey(agency: Agency, title: str = "Khảo sát thường xuyên") -> Survey:
    """Add an open survey with its questionnaire in use."""
    questionnaire, _ = Questionnaire.objects.get_or_create(
        agency=agency, code="own", defaults={"title": "Hài lòng", "created_at": NOW}
    )
    QuestionnaireEdition.objects.get_or_create(
        questionnaire=questionnaire,
        number=1,
        defaults={
            "state": QuestionnaireEdition.State.PUBLISHED,
            "content": QUESTIONS,
            "changed_at": NOW,
            "published_at": datetime(2025, 1, 2, 3, tzinfo=UTC),
        },
    )
    return Survey.objects.create(
        agency=agency,
        title=title,
        questionnaire=questionnaire,
        state=Survey.State.OPEN,
        starts_on=date(2025, 1, 2),
        link_key=f"{agency.pk}" * 8,
        created_at=NOW,
    )


def count_answers(agency: Agency, rows: list[Counted]) -> None:
    """Add answers to an agency's counts, without their rows."""
    with transaction.atomic():
        answers.change(agency_id=agency.pk, before=[], after=rows)


def add_answers(agency: Agency, seed: int, number: int = 300) -> Survey:
    """Add answers over the year 2026, of the agency's fields and units, and 60 people asked a month."""
    chance = random.Random(seed)
    survey = add_survey(agency)
    fields = [0, *agency.procedure_fields.values_list("pk", flat=True)]
    units = list(agency.units.values_list("pk", flat=True))
    count_answers(
        agency,
        [
            Counted(
                survey=survey.pk,
                on=date(2025, 12, 20) + timedelta(days=chance.randrange(370)),
                channel=chance.choice(list(Way)),
                field=chance.choice(fields),
                unit=chance.choice(units[:2]),
                ratings={
                    key: chance.choice((1, 2, 3, 4, 4, 5, 5))
                    for key in ("waiting", "manner", "overall")
                    if chance.random() < 0.9
                },
            )
            for _ in range(number)
        ],
    )
    for month in range(1, 13):
        Handout.objects.create(
            survey=survey,
            channel=Way.PAPER,
            on=date(2026, month, 3),
            number=60,
            field_id=chance.choice(fields) or None,
            unit_id=units[0],
            noted_at=NOW,
        )
    return survey


def add_feedback(agency: Agency, seed: int) -> None:
    """Add forty pieces of feedback of all kinds and states: open and settled, in time and late, passed on, routed."""
    drawn = random.Random(seed)
    units = [*agency.units.order_by("order"), None]
    fields = [*Field.objects.filter(agency=agency).order_by("pk"), None]
    for number in range(40):
        received = date(2025, 12, 16) + timedelta(days=drawn.randrange(320))
        settled = received + timedelta(days=drawn.randrange(1, 30)) if drawn.random() < 0.8 else None
        kind = drawn.choice(Feedback.Kind.values)
        state = drawn.choice(["new", "assigned", "drafted"])
        if settled is not None:
            state = (
                "routed"
                if kind in ("complaint", "denunciation")
                else drawn.choice(["answered", "passed_on", "set_aside"])
            )
        Feedback.objects.create(
            agency=agency,
            code=f"{agency.pk}-{number}",
            kind=kind,
            way=drawn.choice(Feedback.Way.values),
            state=state,
            received_at=noon(received),
            subject="Đèn đường hỏng",
            text="Đèn đường hỏng",
            unit=drawn.choice(units),
            field=drawn.choice(fields),
            pass_on_by=received + timedelta(days=7),
            due_on=received + timedelta(days=14),
            limit_days=10,
            settled_at=noon(settled) if settled else None,
            published_at=noon(settled) if settled and state == "answered" and number % 3 == 0 else None,
        )


def add_postings(agency: Agency, person_id: int, seed: int, number: int = 30) -> None:
    """Add lines of the yearly plan with and without a day, and postings of what was decided: in time, late, none."""
    drawn = random.Random(seed)
    board = Place.objects.create(agency=agency, kind=Place.Kind.OFFICE, name="Bảng tin")
    for each in range(number):
        due = date(2026, 1, 10) + timedelta(days=drawn.randrange(330))
        rule = drawn.choice(("listed", "internal", ""))
        line = PlannedPosting.objects.create(
            agency=agency, year=2026, rule=rule, subject=f"Nội dung {each}", when="Theo kế hoạch",
            due_on=drawn.choice((due, due, None)), days=30, is_dropped=drawn.random() < 0.1,
        )  # fmt: skip
        for _ in range(drawn.randrange(3)):
            posted_on = due + timedelta(days=drawn.randrange(-15, 10))
            Notice.objects.create(
                agency=agency, place=board, rule=rule, subject=line.subject, posted_on=posted_on,
                decided_on=drawn.choice((None, posted_on - timedelta(days=drawn.randrange(14)))),
                planned=drawn.choice((None, line)), noted_at=NOW, noted_by_id=person_id,
                is_cancelled=drawn.random() < 0.1,
            )  # fmt: skip


def add_audits(agency: Agency, person_id: int, seed: int, number: int = 12) -> None:
    """Add audits whose reports are issued, each of a unit or two with findings of any grade, some settled."""
    drawn = random.Random(seed)
    units = list(agency.units.order_by("pk")[:2])
    for each in range(number):
        day = date(2026, 1, 10) + timedelta(days=drawn.randrange(330))
        audit = Audit.objects.create(
            agency=agency, title=f"Đợt {each}", edition="iso9001-2015", starts_on=day, ends_on=day,
            state=drawn.choice(("reported", "closed", "open")), reported_on=day, made_at=NOW, made_by_id=person_id,
        )  # fmt: skip
        for serial, unit in enumerate(units, 1):
            audited = AuditedUnit.objects.create(audit=audit, unit=unit)
            finding = Finding.objects.create(
                agency=agency, audited=audited, serial=serial, grade=drawn.choice(("major", "minor", "good")),
                text="Thấy tại chỗ", is_withdrawn=drawn.random() < 0.1, found_at=NOW, found_by_id=person_id,
            )  # fmt: skip
            if finding.grade != "good":
                Nonconformity.objects.create(
                    agency=agency, year=2026, source="audit", finding=finding, title="Phải khắc phục", text="Thấy",
                    found_on=day, state=drawn.choice(("open", "closed")), made_at=NOW,
                )  # fmt: skip


def noon(day: date) -> datetime:
    """Return the middle of a day."""
    return datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)


def note_entries(agency: Agency, register: str, rows: list[dict[str, object]]) -> list[Entry]:
    """Add entries to a register, rows and counts, as its operations do; what a row leaves out is plain."""
    definition = REGISTERS[register]
    items = {item.key: item for item in ListItem.objects.filter(agency=agency, register=register)}
    known = Entry.objects.filter(agency=agency, register=register).count()
    made = []
    for number, row in enumerate(rows, known + 1):
        on = row.get("on") or date(int(str(row["year"])), 12, 31)
        fields: dict[str, object] = {
            "year": getattr(on, "year", 0),
            "title": f"Dòng {number}",
            **row,
            "on": on,
        }
        if "item" in fields:
            fields["item"] = items[str(fields["item"])]
        if fields.get("due_on"):
            fields = {"late_after": fields["due_on"], "due_original": fields["due_on"], **fields}
        state = "noted" if not definition.has_due else "done" if fields.get("done_on") else "open"
        made.append(
            Entry(
                agency=agency,
                register=register,
                key=f"k{number}",
                created_at=NOW,
                changed_at=NOW,
                **{"state": state, **fields},
            )
        )
    with transaction.atomic():
        entries.take_turn(agency_id=agency.pk, register=register)
        Entry.objects.bulk_create(made)
        after = entries.cells_of(made, definition, entries.items_of(agency.pk, definition))
        entries.move(agency_id=agency.pk, register=definition, before=Counter(), after=after)
    return made


def add_registers(agency: Agency, seed: int, number: int = 40) -> None:
    """Add entries to every register over the year 2026, of the agency's units and people."""
    drawn = random.Random(seed)
    units = [None, *agency.units.order_by("order")]
    people = [each.person for each in agency.memberships.order_by("pk").select_related("person")]
    for place in range(2):
        ListItem.objects.create(
            agency=agency,
            register="figures",
            key=f"figure-{place}",
            name=["Tổng thu ngân sách", "Tỷ lệ hộ nghèo"][place],
            order=place,
            unit=units[place + 1] if place + 1 < len(units) else None,
            values={
                "measure": ["tỷ đồng", "%"][place],
                "counting": ["cumulative", "as_of"][place],
                "direction": ["higher", "lower"][place],
                "plans": "2026: 5",
                "is_main": True,
            },
        )
    for register, definition in REGISTERS.items():
        kinds = next((each.choices for each in definition.fields if each.column == "kind"), ())
        outcomes = next((each.choices for each in definition.fields if each.column == "outcome"), ())
        marked = next(
            (each for each in definition.fields if each.label == definition.mark_label and not each.column),
            None,
        )
        rows: list[dict[str, object]] = []
        for place in range(number):
            on = date(2025, 12, 20) + timedelta(days=drawn.randrange(350))
            row: dict[str, object] = {
                "on": on,
                "year": 2026 if register in ("titles", "assessments") else on.year,
                "number": f"{place}/QĐ-UBND",
                "kind": drawn.choice(kinds).word if kinds else "",
                "outcome": drawn.choice(outcomes).word if outcomes else "",
                "unit": drawn.choice(units),
                "person": drawn.choice(people),
                "values": {marked.key: drawn.choice(marked.choices).word} if marked else {},
            }
            if definition.has_due and drawn.random() < 0.8:
                row["due_on"] = on + timedelta(days=drawn.randrange(3, 40))
            if definition.has_due and drawn.random() < 0.7:
                row["done_on"] = on + timedelta(days=drawn.randrange(50))
            if register == "figures":
                row |= {
                    "item": f"figure-{place % 2}",
                    "on": date(2026, 1 + place % 11, 28),
                    "kind": "month",
                    "amount": Decimal(drawn.randrange(1, 90)) / 10,
                }
            if register == "assessments":
                row |= {"amount": Decimal(70), "planned": Decimal(100), "values": {"rank": 3, "out_of": 11}}
            rows.append(row)
        note_entries(agency, register, rows)
