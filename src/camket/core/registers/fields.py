"""Fields and choices that several registers have: called, asked and found in spreadsheets the same way in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from camket.core.messages import gettext_noop as _
from camket.core.registers.definition import Begun, Choice, Field, Kind

LEAD = Field(
    "unit",
    _("Leading unit"),
    Kind.UNIT,
    "unit",
    headings=(
        "Đơn vị chủ trì",
        "Đơn vị thực hiện",
        "Bộ phận chủ trì",
        "Bộ phận thực hiện",
        "Cơ quan thực hiện",
        "Cơ quan chủ trì",
        "Phòng chủ trì",
        "Đơn vị xử lý",
        "Đơn vị xử lý chính",
        "Chủ trì",
    ),
    in_list=True,
    in_quick=True,
    help=_("The unit that carries it out and answers for its last day."),
)
OFFICER = Field(
    "person",
    _("Person in charge"),
    Kind.PERSON,
    "person",
    headings=(
        "Người thực hiện",
        "Người chủ trì",
        "Người xử lý",
        "Người xử lý chính",
        "Công chức thực hiện",
        "Cán bộ xử lý",
        "Cán bộ thụ lý",
        "Người phụ trách",
    ),
    in_list=True,
)
SUPPORT = Field(
    "support",
    _("Together with"),
    Kind.LINE,
    headings=("Phối hợp", "Đơn vị phối hợp", "Cơ quan phối hợp", "Bộ phận phối hợp"),
)
LAST_DAY = Field(
    "due_on",
    _("To be done by"),
    Kind.DAY,
    "due_on",
    headings=(
        "Thời hạn",
        "Thời hạn hoàn thành",
        "Hạn hoàn thành",
        "Hạn xử lý",
        "Hạn xử lý văn bản",
        "Thời hạn xử lý",
        "Thời hạn thực hiện",
        "Hạn",
        "Ngày hết hạn",
    ),
    in_list=True,
    in_quick=True,
    help=_("Empty where no day was set: then it is followed up, but never late."),
)
REMINDED_ON = Field(
    "reminded_on",
    _("Reminded on"),
    Kind.DAY,
    headings=("Ngày đôn đốc", "Đôn đốc ngày", "Ngày nhắc việc", "Ngày nhắc"),
)
"""The day on which whoever does it was last reminded: reminder letters write it."""

DONE_ON = Field(
    "done_on",
    _("Done on"),
    Kind.DAY,
    "done_on",
    headings=(
        "Ngày hoàn thành",
        "Ngày xử lý xong",
        "Hoàn thành ngày",
        "Ngày kết thúc xử lý",
        "Ngày thực hiện xong",
    ),
    in_list=True,
)
RESULT = Field(
    "result",
    _("What came of it"),
    Kind.TEXT,
    headings=("Kết quả thực hiện", "Kết quả", "Tiến độ", "Tiến độ thực hiện", "Tình hình thực hiện"),
    longest=4000,
)
NOTE = Field("note", _("Notes on it"), Kind.TEXT, headings=("Ghi chú", "Chú thích"), longest=2000)

PERIODS = (
    Choice("month", _("Month"), ("Tháng",), rank=1),
    Choice("quarter", _("Quarter"), ("Quý",), rank=2),
    Choice("half", _("Half-year"), ("6 tháng", "Sáu tháng", "Nửa năm"), rank=3),
    Choice("nine_months", _("Nine months"), ("9 tháng", "Chín tháng"), rank=4),
    Choice("year", _("Year"), ("Năm", "Cả năm", "Cuối năm"), rank=5),
)
"""Stretches of time that grades and figures are of; better said with the last day of the stretch."""

MONTHS = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
"""How many months each stretch of time has."""


def period_begun(values: Mapping[str, object]) -> Iterator[Begun]:
    """Yield the first day of the stretch that an entry is of: what a whole year comes to is estimated before it ends."""
    last, months = values.get("on"), MONTHS.get(str(values.get("kind")))
    if isinstance(last, date) and months is not None:
        yield "on", last + timedelta(days=1) - relativedelta(months=months)
