"""What the sample's one-stop shops do: list procedures, bring dossiers in month by month, apologise for late ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY, demo_dossiers
from camket.config.demo_dossiers import PROCEDURES, Place, SampleDossier
from camket.core.plan import Period
from camket.core.procedure_list import read_procedures
from camket.dossiers.importing import operations as imports
from camket.dossiers.operations import catalogue, letters
from camket.dossiers.queries import catalogue as procedures
from camket.dossiers.queries.dossiers import DossierFilter, dossier_page
from camket.org.calendar import working_calendar
from camket.org.policy import Actor

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SINCE = date(2025, 1, 2)
LISTED_FROM = date(2025, 1, 1)
POSTED_ON = date(2026, 1, 12)
BOARD = "Bảng niêm yết tại Trung tâm Phục vụ hành chính công"
NOT_POSTED = 2
"""Procedures at the end of the catalogue that nobody has posted yet."""
REASON = "Phải xác minh thực địa và bổ sung trích đo bản đồ địa chính, kéo dài hơn dự kiến"


@dataclass(frozen=True, slots=True)
class _Export:
    """A file that the one-stop software gave: when, and since which day of receipt."""

    at: datetime
    since: date

    @property
    def name(self) -> str:
        return f"danh-sach-ho-so-{self.at:%Y-%m-%d}.csv"


_YEAR_BEFORE = _Export(datetime(2026, 1, 5, 8, 20, tzinfo=VIETNAM), LISTED_FROM)
_FIRST_QUARTER = _Export(datetime(2026, 4, 1, 8, 5, tzinfo=VIETNAM), date(2026, 1, 1))
_UP_TO_NOW = _Export(datetime(2026, 7, 6, 7, 40, tzinfo=VIETNAM), date(2026, 1, 1))


def work_up_to_spring(one_stop: Actor, chairman: str) -> Sequence[SampleDossier]:
    """Tell of the sample's one-stop shop up to April: catalogue, two imports, letters; return its dossiers."""
    _list_procedures(one_stop, is_posted=True)
    place = Place(
        prefixes=(
            (SINCE, "000.03.11.H99"),
            (date(2025, 3, 3), "H99.11.03"),
            (date(2025, 7, 1), "H99.99.01"),
        ),
        name="Thanh Lâm Hạ",
        villages=("Thôn Đông", "Thôn Đoài", "Thôn Thượng", "Thôn Hạ", "Thôn Bến", "Thôn Trại Mới"),
        a_day=14,
        late=1.5,
    )
    dossiers = demo_dossiers.story(
        place, working_calendar(one_stop.agency_id), since=SINCE, upto=SAMPLE_DAY, seed=20260725
    )
    _bring_in(one_stop, dossiers, _YEAR_BEFORE)
    _apologise(one_stop, chairman, date(2025, 7, 1), _YEAR_BEFORE.at + timedelta(days=1), left_open=3)
    _bring_in(one_stop, dossiers, _FIRST_QUARTER)
    _apologise(one_stop, chairman, date(2026, 1, 1), _FIRST_QUARTER.at + timedelta(days=1), left_open=2)
    return dossiers


def work_up_to_now(one_stop: Actor, chairman: str, dossiers: Sequence[SampleDossier]) -> None:
    """Tell how it went on: the import of this morning, and what it leaves to be done."""
    _bring_in(one_stop, dossiers, _UP_TO_NOW, is_spoilt=True)
    _apologise(one_stop, chairman, date(2026, 4, 1), _UP_TO_NOW.at + timedelta(hours=1), left_open=4)


def work_beside(secretary: Actor) -> None:
    """Tell of the one-stop shop of the commune beside, which is smaller and later."""
    _list_procedures(secretary, is_posted=False)
    place = Place(
        prefixes=((SINCE, "H99.99.02"),),
        name="Bình Khê",
        villages=("Thôn Khê Thượng", "Thôn Khê Trung", "Thôn Khê Hạ"),
        a_day=4,
        late=2.2,
    )
    dossiers = demo_dossiers.story(
        place, working_calendar(secretary.agency_id), since=SINCE, upto=SAMPLE_DAY, seed=20260101
    )
    _bring_in(secretary, dossiers, _YEAR_BEFORE)
    _bring_in(secretary, dossiers, _UP_TO_NOW)


def _list_procedures(actor: Actor, *, is_posted: bool) -> None:
    header = (
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Lĩnh vực",
        "Bộ phận phụ trách",
        "Thời hạn giải quyết",
        "Mức độ DVC",
    )
    rows = [
        (each.code, each.name, each.field, each.unit, each.limit_text, each.level or "Không")
        for each in PROCEDURES
    ]
    listed_at = _YEAR_BEFORE.at - timedelta(minutes=30)
    catalogue.enter_list(
        actor=actor,
        entries=read_procedures(enumerate([header, *rows], 1)).entries,
        valid_from=LISTED_FROM,
        decision="Quyết định công bố danh mục TTHC của tỉnh Đông Giang",
        today=listed_at.date(),
        now=listed_at,
    )
    if is_posted:
        listed = procedures.catalogue(actor, procedures.Wanted(), POSTED_ON).rows
        catalogue.post_procedures(
            actor=actor,
            procedure_ids=[row.id for row in listed[:-NOT_POSTED]],
            place=BOARD,
            posted_on=POSTED_ON,
            address="",
            today=POSTED_ON,
            now=datetime(2026, 1, 12, 14, 0, tzinfo=VIETNAM),
        )


def _bring_in(
    actor: Actor, dossiers: Sequence[SampleDossier], export: _Export, *, is_spoilt: bool = False
) -> None:
    data = demo_dossiers.export(
        dossiers, on=export.at.replace(tzinfo=None), since=export.since, is_spoilt=is_spoilt
    )
    batch = imports.receive_file(
        actor=actor, name=export.name, data=data, as_of=export.at.date(), now=export.at
    )
    imports.set_mapping(
        actor=actor,
        batch_id=batch.pk,
        mapping=demo_dossiers.HEADERS,
        words=demo_dossiers.WORDS,
        save_as=demo_dossiers.SOFTWARE,
        is_checked=False,
        now=export.at,
    )
    imports.start_import(actor=actor, batch_id=batch.pk, now=export.at, clock=lambda: export.at)


def _apologise(actor: Actor, chairman: str, since: date, now: datetime, *, left_open: int) -> None:
    """Issue letters on the dossiers that fell overdue in a period, but for the newest, which wait for theirs."""
    period = Period(since, now.date())
    late = dossier_page(actor, DossierFilter(count="late", period=period), now.date()).rows
    owed = [row.id for row in late if not row.is_answered]
    if len(owed) <= left_open:
        return
    drafted = letters.draft_letters(
        actor=actor,
        dossier_ids=owed[left_open:],
        kind="apology",
        reason=REASON,
        due_new=None,
        now=now,
    )
    letters.issue_letters(
        actor=actor,
        letter_ids=drafted.letter_ids,
        issued_on=now.date(),
        signed_by=chairman,
        capacity="CHỦ TỊCH",
        authority="",
        now=now,
    )
