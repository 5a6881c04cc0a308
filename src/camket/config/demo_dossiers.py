"""Two years of invented dossiers for the sample province, as its one-stop software would export them.

Everything comes from one seed: the same dossiers on every machine. :func:`story` makes whole lives of dossiers;
:func:`export` writes what the software shows of them on a day, in which what came later is not there yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from camket.core.calendar import WorkingCalendar
from camket.paper.sheets import write_csv

SOFTWARE = "Phần mềm một cửa điện tử tỉnh Đông Giang"

HEADERS: Mapping[str, str] = {
    "code": "Số hồ sơ",
    "procedure_code": "Mã TTHC",
    "procedure_name": "Tên thủ tục hành chính",
    "field_name": "Lĩnh vực",
    "unit_name": "Đơn vị xử lý",
    "channel": "Hình thức nộp",
    "applicant": "Người nộp",
    "address": "Địa chỉ",
    "phone": "Điện thoại",
    "received_at": "Ngày tiếp nhận",
    "due_given": "Ngày hẹn trả",
    "supplement_asked_at": "Ngày yêu cầu bổ sung",
    "supplement_back_at": "Ngày bổ sung xong",
    "reappointed_at": "Ngày xin lỗi",
    "due_again": "Ngày hẹn lại",
    "finished_at": "Ngày có kết quả",
    "returned_at": "Ngày trả kết quả",
    "state": "Trạng thái",
    "payment": "Lệ phí",
    "is_digitised": "Số hóa hồ sơ",
    "is_result_digitised": "Số hóa kết quả",
}
"""Field of a dossier to the header under which the sample's software shows it; also its saved mapping."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "payment": {
        "Không có lệ phí": "nothing_due",
        "Nộp tại quầy": "paid_at_counter",
        "Nộp trực tuyến": "paid_online",
    }
}
"""Words of the sample's software that no other uses."""


@dataclass(frozen=True, slots=True)
class SampleProcedure:
    """A procedure of the sample's catalogue: what it is, how long it may take, how it comes in and how often.

    ``limit`` is in working days, 0 for the same day; ``weight`` is its share of the dossiers, ``online`` and ``late``
    are shares of its dossiers. The code is left blank where the sample's software has none.
    """

    name: str
    code: str
    field: str
    unit: str
    limit: int
    level: str
    weight: int
    online: float
    late: float
    fee: bool = False

    @property
    def limit_text(self) -> str:
        """Return the time limit as a catalogue words it."""
        return f"{self.limit:02d} ngày làm việc" if self.limit else "Trong ngày làm việc"


OFFICE, ECONOMY, SOCIETY = "Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội"
CIVIL, CERTIFY, LAND = "Hộ tịch", "Chứng thực", "Đất đai"
BUILDING, WELFARE, BUSINESS = "Xây dựng", "Bảo trợ xã hội", "Thành lập và hoạt động của hộ kinh doanh"
WHOLE, PARTLY, NONE = "Toàn trình", "Một phần", ""

PROCEDURES = (
    SampleProcedure(
        "Đăng ký khai sinh",
        "1.001193", CIVIL, OFFICE, 0, WHOLE, 9, 0.75, 0.002,
    ),
    SampleProcedure(
        "Đăng ký khai tử",
        "1.000656", CIVIL, OFFICE, 0, WHOLE, 4, 0.6, 0.002,
    ),
    SampleProcedure(
        "Đăng ký kết hôn",
        "1.000894", CIVIL, OFFICE, 0, PARTLY, 4, 0.4, 0.002,
    ),
    SampleProcedure(
        "Cấp Giấy xác nhận tình trạng hôn nhân",
        "1.004873", CIVIL, OFFICE, 3, WHOLE, 8, 0.7, 0.008, fee=True,
    ),
    SampleProcedure(
        "Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh",
        "2.000635", CIVIL, OFFICE, 0, WHOLE, 9, 0.65, 0.003, fee=True,
    ),
    SampleProcedure(
        "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        "1.004859", CIVIL, OFFICE, 3, WHOLE, 3, 0.45, 0.012, fee=True,
    ),
    SampleProcedure(
        "Đăng ký lại khai sinh",
        "1.004884", CIVIL, OFFICE, 5, WHOLE, 3, 0.5, 0.012,
    ),
    SampleProcedure(
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam cấp hoặc chứng nhận",
        "2.000815", CERTIFY, OFFICE, 0, PARTLY, 16, 0.15, 0.001, fee=True,
    ),
    SampleProcedure(
        "Chứng thực chữ ký trong các giấy tờ, văn bản",
        "2.000884", CERTIFY, OFFICE, 0, NONE, 7, 0.0, 0.001, fee=True,
    ),
    SampleProcedure(
        "Chứng thực hợp đồng, giao dịch liên quan đến tài sản là động sản, quyền sử dụng đất, nhà ở",
        "2.001035", CERTIFY, OFFICE, 2, NONE, 4, 0.0, 0.01, fee=True,
    ),
    SampleProcedure(
        "Chứng thực di chúc",
        "2.001019", CERTIFY, OFFICE, 2, NONE, 1, 0.0, 0.004, fee=True,
    ),
    SampleProcedure(
        "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận lần đầu đối với hộ gia đình, cá nhân",
        "", LAND, ECONOMY, 20, PARTLY, 4, 0.25, 0.085, fee=True,
    ),
    SampleProcedure(
        "Đăng ký biến động quyền sử dụng đất do chuyển nhượng, thừa kế, tặng cho",
        "", LAND, ECONOMY, 10, PARTLY, 5, 0.3, 0.07, fee=True,
    ),
    SampleProcedure(
        "Chuyển mục đích sử dụng đất đối với hộ gia đình, cá nhân",
        "", LAND, ECONOMY, 15, PARTLY, 2, 0.25, 0.08, fee=True,
    ),
    SampleProcedure(
        "Tách thửa, hợp thửa đất",
        "", LAND, ECONOMY, 12, PARTLY, 2, 0.2, 0.075, fee=True,
    ),
    SampleProcedure(
        "Hòa giải tranh chấp đất đai",
        "", LAND, ECONOMY, 30, NONE, 1, 0.0, 0.06,
    ),
    SampleProcedure(
        "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
        "", BUILDING, ECONOMY, 15, WHOLE, 2, 0.5, 0.035, fee=True,
    ),
    SampleProcedure(
        "Cấp giấy phép xây dựng sửa chữa, cải tạo đối với nhà ở riêng lẻ",
        "", BUILDING, ECONOMY, 15, WHOLE, 1, 0.5, 0.03, fee=True,
    ),
    SampleProcedure(
        "Gia hạn giấy phép xây dựng đối với nhà ở riêng lẻ",
        "", BUILDING, ECONOMY, 5, WHOLE, 1, 0.5, 0.02,
    ),
    SampleProcedure(
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng",
        "1.001776", WELFARE, SOCIETY, 10, WHOLE, 4, 0.45, 0.02,
    ),
    SampleProcedure(
        "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
        "1.001731", WELFARE, SOCIETY, 5, WHOLE, 2, 0.5, 0.012,
    ),
    SampleProcedure(
        "Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
        "1.001699", WELFARE, SOCIETY, 25, PARTLY, 2, 0.3, 0.02,
    ),
    SampleProcedure(
        "Công nhận hộ nghèo, hộ cận nghèo; hộ thoát nghèo, hộ thoát cận nghèo định kỳ hằng năm",
        "1.011606", WELFARE, SOCIETY, 15, PARTLY, 1, 0.2, 0.015,
    ),
    SampleProcedure(
        "Đăng ký thành lập hộ kinh doanh",
        "", BUSINESS, ECONOMY, 3, WHOLE, 3, 0.8, 0.01, fee=True,
    ),
    SampleProcedure(
        "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh",
        "", BUSINESS, ECONOMY, 3, WHOLE, 2, 0.8, 0.01, fee=True,
    ),
    SampleProcedure(
        "Chấm dứt hoạt động hộ kinh doanh",
        "", BUSINESS, ECONOMY, 3, WHOLE, 1, 0.7, 0.008,
    ),
)  # fmt: skip
"""The procedures of the sample communes: six fields, from what is handed over at once to thirty working days."""


@dataclass(frozen=True, slots=True)
class SampleDossier:
    """The whole life of one dossier; moments are by the clock of Vietnam, without a zone."""

    code: str
    procedure: SampleProcedure
    channel: str
    applicant: str
    address: str
    phone: str
    registered_at: datetime
    received_at: datetime | None = None
    due: date | None = None
    asked_at: datetime | None = None
    back_at: datetime | None = None
    due_after: date | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    apologised_at: datetime | None = None
    due_again: date | None = None
    end_state: str = "Đã trả kết quả"
    payment: str = ""
    is_digitised: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of the sample: what its dossier codes begin with since when, its villages, dossiers on a working day."""

    prefixes: tuple[tuple[date, str], ...]
    name: str
    villages: tuple[str, ...]
    a_day: float
    late: float = 1.0


_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng",
    "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Mai", "Trịnh", "Lương",
)  # fmt: skip
_MIDDLE_M = ("Văn", "Đức", "Hữu", "Quang", "Minh", "Xuân", "Công", "Đình")
_MIDDLE_F = ("Thị", "Ngọc", "Thu", "Thanh", "Bích", "Kim", "Thúy", "Mỹ")
_GIVEN_M = (
    "An", "Bình", "Cường", "Dũng", "Hải", "Hùng", "Khánh", "Long",
    "Nam", "Phong", "Quân", "Sơn", "Thắng", "Tuấn", "Vinh", "Toàn",
)  # fmt: skip
_GIVEN_F = (
    "Anh", "Chi", "Dung", "Hà", "Hạnh", "Hoa", "Hương", "Lan",
    "Liên", "Mai", "Nga", "Oanh", "Phương", "Thảo", "Trang", "Yến",
)  # fmt: skip
_BY_COUNTER, _ONLINE, _POST = "Trực tiếp", "Trực tuyến", "Bưu chính công ích"


def story(
    place: Place, calendar: WorkingCalendar, *, since: date, upto: date, seed: int
) -> tuple[SampleDossier, ...]:
    """Return the dossiers that a commune receives on the working days of a period, in order of receipt."""
    chance = Random(seed)  # noqa: S311 - a sample, no secret
    dossiers: list[SampleDossier] = []
    day = since
    while day <= upto:
        if calendar.is_working(day):
            for number, moment in enumerate(_moments(chance, day, place), 1):
                dossiers.append(_dossier(chance, place, calendar, moment, number, since))
        day += timedelta(days=1)
    return tuple(dossiers)


def _moments(chance: Random, day: date, place: Place) -> list[datetime]:
    """Return when dossiers come in on a day: more on Mondays and before school begins, fewer around Tết."""
    season = {1: 0.85, 2: 0.7, 8: 1.2, 9: 1.1}.get(day.month, 1.0)
    expected = place.a_day * season * (1.25 if day.weekday() == 0 else 0.95)
    count = max(0, round(chance.gauss(expected, math.sqrt(expected))))
    minutes = sorted(
        chance.choice((450 + chance.randrange(235), 810 + chance.randrange(200))) for _ in range(count)
    )
    return [datetime.combine(day, time()) + timedelta(minutes=minute) for minute in minutes]


def _dossier(
    chance: Random, place: Place, calendar: WorkingCalendar, moment: datetime, number: int, since: date
) -> SampleDossier:
    procedure = chance.choices(PROCEDURES, _WEIGHTS)[0]
    # From year to year more is handed in online.
    growth = min(1.0, 0.62 + 0.38 * (moment.date() - since).days / 540)
    draw = chance.random()
    channel = _ONLINE if draw < procedure.online * growth else _POST if draw > 0.985 else _BY_COUNTER
    applicant, phone = _person(chance)
    prefix = [prefix for begun, prefix in place.prefixes if begun <= moment.date()][-1]
    dossier = SampleDossier(
        code=f"{prefix}-{moment:%y%m%d}-{number:04d}",
        procedure=procedure,
        channel=channel,
        applicant=applicant,
        address=f"{chance.choice(place.villages)}, xã {place.name}",
        phone=phone,
        registered_at=moment,
        payment=_payment(chance, procedure, channel),
        is_digitised=channel == _ONLINE or chance.random() < 0.55 + 0.35 * growth,
    )
    if channel == _ONLINE and chance.random() < 0.02:
        return replace(dossier, end_state="Không được tiếp nhận")
    return _lived(chance, place, calendar, replace(dossier, received_at=moment))


_WEIGHTS = [procedure.weight for procedure in PROCEDURES]


def _lived(chance: Random, place: Place, calendar: WorkingCalendar, dossier: SampleDossier) -> SampleDossier:
    """Return a dossier with what becomes of it after receipt: supplements, result, apology, hand-over."""
    limit, start = dossier.procedure.limit, dossier.registered_at
    due = calendar.add_working_days(start.date(), limit)
    if (
        limit > 1 and chance.random() < 0.02
    ):  # the software took a holiday for a day at work, or the other way round
        due = calendar.add_working_days(due, 1)
    dossier = replace(dossier, due=due)
    if limit >= 3 and chance.random() < 0.045:
        asked = calendar.add_working_days(start.date(), chance.randint(1, 3))
        start = _office_hour(chance, calendar.add_working_days(asked, chance.randint(2, 9)))
        due = calendar.add_working_days(start.date(), limit)
        dossier = replace(dossier, asked_at=_office_hour(chance, asked), back_at=start, due_after=due)
    if limit and chance.random() < 0.008:
        stopped = calendar.add_working_days(start.date(), chance.randint(1, max(1, limit // 2)))
        return replace(
            dossier, finished_at=_office_hour(chance, stopped), end_state="Công dân yêu cầu rút hồ sơ"
        )
    finished = _finished(chance, place, calendar, dossier.procedure, start, due)
    told = calendar.previous_working(due - timedelta(days=1))
    if finished.date() > due and told > start.date() and chance.random() < 0.7:
        dossier = replace(
            dossier,
            apologised_at=_office_hour(chance, told),
            due_again=calendar.add_working_days(due, chance.randint(2, 5)),
        )
    wait = chance.choice((0, 0, 0, 1, 1, 2, 4)) if limit else 0
    handed = calendar.add_working_days(finished.date(), wait)
    returned = _office_hour(chance, handed) if wait else finished + timedelta(minutes=5)
    return replace(dossier, finished_at=finished, returned_at=returned)


def _finished(
    chance: Random,
    place: Place,
    calendar: WorkingCalendar,
    procedure: SampleProcedure,
    start: datetime,
    due: date,
) -> datetime:
    if chance.random() < procedure.late * place.late:
        by = (1, 2, 3, 4, 7, 12, 18, 25) if procedure.field == LAND else (1, 1, 1, 2, 2, 3, 4, 7)
        return _office_hour(chance, calendar.add_working_days(due, chance.choice(by)))
    if procedure.limit == 0:
        end = datetime.combine(start.date(), time(17))
        return min(start + timedelta(minutes=chance.randint(8, 130)), end)
    share = chance.choice((0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.0))
    day = calendar.add_working_days(start.date(), min(procedure.limit, math.ceil(procedure.limit * share)))
    return _office_hour(chance, day) if day > start.date() else start + timedelta(minutes=45)


def _office_hour(chance: Random, day: date) -> datetime:
    minutes = chance.choice((450 + chance.randrange(235), 810 + chance.randrange(210)))
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def _payment(chance: Random, procedure: SampleProcedure, channel: str) -> str:
    if not procedure.fee:
        return "Không có lệ phí"
    paid_online = chance.random() < (0.82 if channel == _ONLINE else 0.2)
    return "Nộp trực tuyến" if paid_online else "Nộp tại quầy"


def _person(chance: Random) -> tuple[str, str]:
    middle, given = chance.choice(((_MIDDLE_M, _GIVEN_M), (_MIDDLE_F, _GIVEN_F)))
    name = f"{chance.choice(_FAMILY)} {chance.choice(middle)} {chance.choice(given)}"
    return name, f"0000{chance.randrange(10**6):06d}"  # no telephone number begins so


# The export


def export(dossiers: Iterable[SampleDossier], *, on: datetime, since: date, is_spoilt: bool = False) -> bytes:
    """Return the CSV that the software gives at a moment: what was received since a day, and what was still open then.

    ``is_spoilt`` ends it with rows as they come from a busy counter: to be refused, mended or set aside.
    """
    rows = list(_rows(dossiers, on, since))
    if is_spoilt:
        rows += _spoilt(rows)
    return write_csv(
        ("STT", *HEADERS.values()),
        ((number, *(row[field] for field in HEADERS)) for number, row in enumerate(rows, 1)),
    )


def _rows(dossiers: Iterable[SampleDossier], on: datetime, since: date) -> Iterator[Mapping[str, str]]:
    for dossier in dossiers:
        if dossier.registered_at > on:
            continue
        over_at = dossier.registered_at if dossier.received_at is None else dossier.finished_at
        was_over = over_at is not None and over_at.date() < since
        if dossier.registered_at.date() < since and was_over:
            continue
        yield _row(dossier, on)


def _spoilt(rows: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """Yield copies of the latest dossiers that are finished, with a number of their own and a fault each."""
    faults: tuple[Mapping[str, str], ...] = (
        {"state": "Đã chuyển kho"},
        {"state": "Đã chuyển kho"},
        {"state": "Đã chuyển kho"},
        {"received_at": "31/06/2026 08:15"},
        {"finished_at": "02/01/2026 09:00", "returned_at": "02/01/2026 09:05"},
        {"code": ""},
    )
    finished = [row for row in rows if row["finished_at"] and row["state"] == "Đã trả kết quả"]
    for number, (row, fault) in enumerate(zip(finished[-len(faults) :], faults, strict=True), 1):
        yield {**row, "code": f"{row['code'][:-4]}{900 + number:04d}", **fault}


def _row(dossier: SampleDossier, on: datetime) -> Mapping[str, str]:
    def known(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment <= on else None

    back, finished, told = known(dossier.back_at), known(dossier.finished_at), known(dossier.apologised_at)
    due = dossier.due_after if back else dossier.due
    return {
        "code": dossier.code,
        "procedure_code": dossier.procedure.code,
        "procedure_name": dossier.procedure.name,
        "field_name": dossier.procedure.field,
        "unit_name": dossier.procedure.unit,
        "channel": dossier.channel,
        "applicant": dossier.applicant,
        "address": dossier.address,
        "phone": dossier.phone,
        "received_at": _written(dossier.received_at or dossier.registered_at),
        "due_given": due.strftime("%d/%m/%Y") if due else "",
        "supplement_asked_at": _written(known(dossier.asked_at)),
        "supplement_back_at": _written(back),
        "reappointed_at": _written(told),
        "due_again": dossier.due_again.strftime("%d/%m/%Y") if told and dossier.due_again else "",
        "finished_at": _written(finished),
        "returned_at": _written(known(dossier.returned_at)),
        "state": _state(dossier, on),
        "payment": dossier.payment,
        "is_digitised": "Có" if dossier.is_digitised else "Không",
        "is_result_digitised": "Có" if finished and dossier.is_digitised else "Không",
    }


def _state(dossier: SampleDossier, on: datetime) -> str:
    if dossier.received_at is None or (dossier.finished_at and dossier.finished_at <= on):
        is_handed_over = dossier.returned_at is None or dossier.returned_at <= on
        return dossier.end_state if is_handed_over else "Đã xử lý xong"
    if dossier.asked_at and dossier.asked_at <= on and not (dossier.back_at and dossier.back_at <= on):
        return "Yêu cầu bổ sung giấy tờ"
    return "Đang xử lý" if on - dossier.received_at > timedelta(hours=2) else "Được tiếp nhận"


def _written(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""
