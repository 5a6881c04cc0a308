"""Meetings: when and where, who holds and chairs them, and who is invited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from camket.core.messages import Message
from camket.core.messages import gettext_noop as _
from camket.core.registers.definition import Choice, Field, Kind, Register, Wrong
from camket.core.registers.fields import NOTE

SHORTEST = timedelta(hours=1)
"""How long a meeting is taken to last that does not say when it ends."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Units and people by their numbers."""

    units: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()


def written(units: Iterable[int], people: Iterable[int]) -> str:
    """Return units and people as a field of several parties keeps them.

    >>> written([3], [5, 4])
    'unit:3; person:4; person:5'
    """
    said = [f"unit:{pk}" for pk in sorted(set(units))] + [f"person:{pk}" for pk in sorted(set(people))]
    return "; ".join(said)


def invited_in(value: object) -> Invited:
    """Return whom a kept field of several parties names; nobody for one that is empty.

    >>> invited_in("unit:3; person:5")
    Invited(units=frozenset({3}), people=frozenset({5}))
    """
    pairs = [part.strip().partition(":") for part in str(value or "").split(";")]
    return Invited(
        *(
            frozenset(int(number) for kind, _sign, number in pairs if kind == wanted and number.isdigit())
            for wanted in ("unit", "person")
        )
    )


def hours(
    on: date, values: Mapping[str, object], zone: tzinfo | None = None
) -> tuple[datetime, datetime] | None:
    """Return when a meeting begins and ends; None where it says no hour.

    >>> hours(date(2026, 7, 2), {"begins": "08:00"})[1].hour
    9
    """
    begins, ends = (_time(values.get(key)) for key in ("begins", "ends"))
    if begins is None:
        return None
    first = datetime.combine(on, begins, zone)
    return first, datetime.combine(on, ends, zone) if ends is not None else first + SHORTEST


def _time(value: object) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None


def _hours_that_follow(values: Mapping[str, object]) -> Iterator[Wrong]:
    begins, ends = _time(values.get("begins")), _time(values.get("ends"))
    if begins is not None and ends is not None and ends <= begins:
        yield "ends", Message(_("It ends before it begins; check both hours."), {})


MEETINGS = Register(
    key="meetings",
    slug="lich-hop",
    title=_("Meetings"),
    about=_("The agency's meetings, with place, hours and who is invited; invitations go out from here."),
    fields=(
        Field(
            "title",
            _("What the meeting is about"),
            Kind.TEXT,
            "title",
            is_required=True,
            headings=("Nội dung cuộc họp", "Tên cuộc họp", "Cuộc họp", "Nội dung họp", "Nội dung"),
            in_list=True,
            in_quick=True,
            longest=1000,
        ),
        Field(
            "on",
            _("Held on"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày họp", "Ngày", "Thời gian", "Ngày tổ chức", "Ngày, giờ", "Thời gian họp"),
            in_list=True,
            in_quick=True,
            help=_("The hour may stand beside it: 8/7 14h00."),
            is_coming=True,
            hour_in="begins",
        ),
        Field(
            "begins",
            _("Begins at"),
            Kind.TIME,
            is_required=True,
            headings=("Giờ bắt đầu", "Giờ họp", "Từ giờ", "Giờ"),
            in_list=True,
            in_quick=True,
            help=_("Written as 08:00 or 8h30."),
        ),
        Field(
            "ends",
            _("Ends at"),
            Kind.TIME,
            headings=("Giờ kết thúc", "Đến giờ"),
            in_list=True,
            help=_("Left empty, calendars show an hour."),
        ),
        Field(
            "place",
            _("Place of the meeting"),
            is_required=True,
            headings=("Địa điểm", "Nơi họp", "Phòng họp"),
            in_list=True,
            in_quick=True,
            longest=255,
        ),
        Field(
            "kind",
            _("Kind of meeting"),
            Kind.CHOICE,
            "kind",
            choices=(
                Choice("regular", _("Regular meeting"), ("Giao ban", "Họp thường kỳ", "Họp giao ban")),
                Choice("topic", _("Meeting on one matter"), ("Chuyên đề", "Họp chuyên đề")),
                Choice("conference", _("Conference"), ("Hội nghị", "Tổng kết", "Sơ kết")),
                Choice("training", _("Training session"), ("Tập huấn", "Bồi dưỡng")),
                Choice("visit", _("Visit or working session"), ("Làm việc", "Kiểm tra", "Tiếp đoàn")),
                Choice("other", _("Another meeting"), ("Khác",)),
            ),
            headings=("Loại cuộc họp", "Hình thức họp", "Loại"),
        ),
        Field(
            "unit",
            _("Prepared by"),
            Kind.UNIT,
            "unit",
            headings=("Đơn vị chuẩn bị", "Bộ phận chuẩn bị", "Đơn vị chủ trì", "Chuẩn bị"),
            in_list=True,
        ),
        Field(
            "person",
            _("Chaired by"),
            Kind.PERSON,
            "person",
            headings=("Chủ trì", "Người chủ trì", "Chủ tọa"),
            in_list=True,
        ),
        Field(
            "invited",
            _("Invited of the agency"),
            Kind.PARTIES,
            headings=("Thành phần", "Thành phần tham dự", "Thành phần mời", "Người được mời", "Mời"),
            help=_("Units, of which all members are invited, and people; several are parted by a semicolon."),
            longest=4000,
        ),
        Field(
            "guests",
            _("Guests from outside"),
            Kind.LINE,
            headings=("Khách mời", "Đại biểu mời"),
            help=_("They are invited by letter, not from here."),
            longest=1000,
        ),
        Field(
            "agenda",
            _("Agenda and papers"),
            Kind.TEXT,
            headings=("Chương trình", "Tài liệu", "Chuẩn bị tài liệu"),
            longest=4000,
        ),
        NOTE,
    ),
    known_by=("title", "on", "begins"),
    check=_hours_that_follow,
    clause="7.4",
)
