"""Dossiers of a year by the thousands, as an import leaves them: rows with their clock, and their counts."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from camket.core.calendar import calendar_of
from camket.core.dossier_clock import Course, Reckoning, Rules, reckon
from camket.core.dossiers import Channel, LimitUnit, OnlineLevel, Payment, State, TimeLimit
from camket.dossiers import tally
from camket.dossiers.models import Batch, Dossier, Field, Procedure, ProcedureEdition
from camket.org.models import Agency, Person, Unit

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
_PROCEDURES = (
    ("1.004873", "Cấp giấy xác nhận tình trạng hôn nhân", "Hộ tịch", 3, 12),
    ("1.001193", "Đăng ký khai sinh", "Hộ tịch", 1, 20),
    ("2.000815", "Chứng thực bản sao từ bản chính", "Chứng thực", 0, 40),
    (
        "1.012781",
        "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu",
        "Đất đai",
        20,
        8,
    ),
    ("1.012786", "Xác định lại diện tích đất ở của hộ gia đình, cá nhân", "Đất đai", 15, 4),
    ("1.001731", "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", "Bảo trợ xã hội", 10, 6),
    ("1.009994", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Xây dựng", 15, 5),
    ("2.002516", "Xác nhận hộ thoát nghèo", "Giảm nghèo", 15, 1),
)


def batch_of(agency: Agency, person: Person | None = None) -> Batch:
    """Create an import that is done."""
    return Batch.objects.create(
        agency=agency,
        origin=Batch.Origin.PAGE,
        state=Batch.State.DONE,
        file_name="ho-so-mot-cua.xlsx",
        sha256="0" * 64,
        as_of=date(2026, 7, 1),
        done_rows=1,
        created_at=NOW,
        created_by=person,
        ended_at=NOW,
    )


def procedures_of(agency: Agency) -> list[Procedure]:
    """Create a small catalogue, each procedure with its edition."""
    made = []
    for code, name, field_name, days, _weight in _PROCEDURES:
        field, _new = Field.objects.get_or_create(
            agency=agency, key=field_name.casefold(), defaults={"name": field_name}
        )
        procedure, is_new = Procedure.objects.get_or_create(agency=agency, key=code, defaults={"code": code})
        made.append(procedure)
        if not is_new:
            continue
        procedure.edition = ProcedureEdition.objects.create(
            procedure=procedure,
            name=name,
            field=field,
            limit_amount=Decimal(days) if days else None,
            limit_unit=LimitUnit.WORKING_DAYS if days else LimitUnit.SAME_DAY,
            limit_text=f"{days} ngày làm việc" if days else "Trong ngày làm việc",
            level=OnlineLevel.WHOLE,
            valid_from=date(2020, 1, 1),
            entered_at=NOW,
        )
        procedure.save()
    return made


def aware(moment: datetime | None) -> datetime | None:
    """Return a moment of the agency's clock with its zone."""
    return None if moment is None else timezone.make_aware(moment)


def dossier_of(
    batch: Batch, procedure: Procedure, code: str, course: Course, *, channel: Channel = Channel.DIRECT,
    unit: Unit | None = None, applicant: str = "Nguyễn Văn Mẫu", rules: Rules | None = None,
) -> Dossier:  # fmt: skip
    """Return a dossier, not yet saved, as the clock reckons it."""
    edition = procedure.edition
    assert edition is not None
    clock: Reckoning = reckon(course, rules or Rules(calendar_of([])))
    return Dossier(
        agency_id=batch.agency_id,
        code=code,
        procedure=procedure,
        field_id=edition.field_id,
        unit=unit,
        unit_text=unit.name if unit else "",
        channel=channel,
        level=edition.level,
        state=course.state,
        applicant=applicant,
        address="Thôn Đông, xã Bình Yên",
        phone="0912345678",
        received_at=aware(course.received_at),
        due_given=aware(course.due_given),
        due_computed=aware(clock.due_computed),
        due_first=aware(clock.due_first),
        due_now=aware(clock.due_now),
        finished_at=aware(clock.finished_at),
        returned_at=aware(course.returned_at),
        supplement_asked_at=aware(course.supplement_asked_at),
        supplement_back_at=aware(course.supplement_back_at),
        reappointed_at=aware(course.reappointed_at),
        payment=Payment.UNKNOWN,
        is_withdrawn=clock.is_withdrawn,
        is_due_different=clock.is_due_different,
        outcome=clock.outcome,
        outcome_first=clock.outcome_first,
        handling_days=clock.handling_days,
        received_day=clock.received_day,
        due_day=clock.due_day,
        finished_day=clock.finished_day,
        overdue_day=clock.overdue_day,
        waiting_from_day=clock.waiting_from_day,
        waiting_until_day=clock.waiting_until_day,
        reappointed_day=clock.reappointed_day,
        content_hash=0,
        first_batch=batch,
        last_batch=batch,
    )


def keep(dossiers: list[Dossier]) -> list[Dossier]:
    """Save dossiers of one agency and count them."""
    agency_id = dossiers[0].agency_id
    tally.take_turn(agency_id=agency_id)
    made = Dossier.objects.bulk_create(dossiers, batch_size=2000)
    tally.recount(agency_id=agency_id, before=(), after=[tally.facts_of(each) for each in made])
    return made


def seed(agency: Agency, count: int, *, today: date, days: int = 365, seed_of: int = 7) -> Batch:
    """Fill an agency with ``count`` dossiers received in the ``days`` up to today, some late, some open, some waiting."""
    chance = random.Random(seed_of)
    batch, procedures = batch_of(agency), procedures_of(agency)
    units = list(Unit.objects.filter(agency=agency).order_by("order"))
    weights = [weight for *_rest, weight in _PROCEDURES]
    names = ("Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê Minh Ví Dụ", "Công ty TNHH Thí Điểm", "Phạm Quốc Giả Định")
    rules = Rules(calendar_of([]))
    made = []
    for number in range(count):
        day = today - timedelta(days=chance.randrange(days))
        received = datetime.combine(day, time(8 + chance.randrange(8), chance.randrange(60)))
        place = chance.choices(range(len(procedures)), weights)[0]
        limit = _PROCEDURES[place][3]
        late = chance.random() < 0.03
        took = timedelta(
            days=limit * 1.4 * chance.random() + (limit + 9 if late else 0), hours=chance.randrange(1, 6)
        )
        finished = received + took
        asked = received + timedelta(days=1) if limit > 5 and chance.random() < 0.08 else None
        back = asked + timedelta(days=chance.randrange(2, 60)) if asked else None
        waits = asked is not None and back is not None and back.date() > today
        is_open = finished.date() > today or waits
        state = State.SUPPLEMENT if waits else State.PROCESSING if is_open else State.RETURNED
        given = datetime.combine(day + timedelta(days=limit), time(16, 30)) if chance.random() < 0.1 else None
        made.append(
            dossier_of(
                batch,
                procedures[place],
                f"H00.1.{place}-{day:%y%m%d}-{number:04d}",
                Course(
                    state=state,
                    received_at=received,
                    limit=TimeLimit(
                        LimitUnit.WORKING_DAYS if limit else LimitUnit.SAME_DAY,
                        Decimal(limit) if limit else None,
                    ),
                    due_given=given,
                    finished_at=None if is_open else finished,
                    supplement_asked_at=asked if asked and asked.date() <= today else None,
                    supplement_back_at=None if waits or not back or is_open else back,
                ),
                channel=chance.choice((Channel.ONLINE, Channel.ONLINE, Channel.DIRECT, Channel.POSTAL)),
                unit=units[place % len(units)] if units else None,
                applicant=chance.choice(names),
                rules=rules,
            )
        )
    keep(made)
    return batch


def make_late_dossier(
    agency: Agency,
    procedure: Procedure,
    code: str = "H00.1-260601-0001",
    *,
    due: datetime = datetime(2026, 6, 15, 16, 30),
    unit: Unit | None = None,
    finished_at: datetime | None = None,
    state: State = State.PROCESSING,
    applicant: str = "Nguyễn Văn Mẫu",
) -> Dossier:
    """Create and count a dossier received on 01/06/2026, due on 15/06 and open, unless said otherwise."""
    course = Course(
        state=State.RETURNED if finished_at else state,
        received_at=datetime(2026, 6, 1, 8, 30),
        limit=TimeLimit(LimitUnit.WORKING_DAYS, Decimal(10)),
        due_given=due,
        finished_at=finished_at,
    )
    batch = Batch.objects.filter(agency=agency).first() or batch_of(agency)
    made = dossier_of(batch, procedure, code, course, unit=unit, applicant=applicant)
    with transaction.atomic():
        return keep([made])[0]
