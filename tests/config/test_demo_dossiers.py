"""The sample's dossiers: the same on every machine, plausible, and shown by an export as they stood on its day."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from camket.config.demo_dossiers import HEADERS, LAND, PROCEDURES, Place, SampleDossier, export, story
from camket.core.calendar import WorkingCalendar
from camket.core.dossier_codes import parse

PLACE = Place(
    prefixes=((date(2025, 1, 1), "000.03.11.H99"), (date(2025, 7, 1), "H99.99.01")),
    name="Thanh Lâm Hạ",
    villages=("thôn Đông", "thôn Đoài"),
    a_day=14,
)
SINCE, UPTO = date(2025, 1, 2), date(2026, 7, 6)


def told() -> tuple[SampleDossier, ...]:
    return story(PLACE, WorkingCalendar(), since=SINCE, upto=UPTO, seed=7)


def rows_of(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def test_the_same_seed_tells_the_same_story() -> None:
    assert told() == told()


def test_codes_are_unique_and_of_the_shape_of_their_day() -> None:
    dossiers = told()

    codes = {dossier.code: dossier for dossier in dossiers}
    assert len(codes) == len(dossiers)
    assert all(parse(code) is not None for code in codes)
    assert all(
        code.startswith("H99.99.01-") == (dossier.registered_at.date() >= date(2025, 7, 1))
        for code, dossier in codes.items()
    )


def test_a_year_has_some_three_thousand_dossiers_of_which_nearly_all_are_on_time_and_land_lags() -> None:
    finished = [
        dossier
        for dossier in told()
        if dossier.finished_at and dossier.due and dossier.finished_at.year == 2025
    ]
    late = [
        dossier
        for dossier in finished
        if dossier.finished_at
        and dossier.due
        and dossier.finished_at.date() > (dossier.due_after or dossier.due)
    ]

    assert 3_000 < len(finished) < 4_000
    assert 0.97 < 1 - len(late) / len(finished) < 0.99
    assert sum(dossier.procedure.field == LAND for dossier in late) > len(late) / 2
    assert len({procedure.field for procedure in PROCEDURES}) == 6


def test_more_comes_in_online_from_year_to_year() -> None:
    shares = []
    for year in (2025, 2026):
        of_year = [dossier for dossier in told() if dossier.registered_at.year == year]
        shares.append(sum(dossier.channel == "Trực tuyến" for dossier in of_year) / len(of_year))

    assert 0.2 < shares[0] < shares[1] < 0.5


def test_nothing_happens_before_what_it_follows() -> None:
    for dossier in told():
        course = [
            moment
            for moment in (
                dossier.registered_at,
                dossier.asked_at,
                dossier.back_at,
                dossier.finished_at,
                dossier.returned_at,
            )
            if moment
        ]
        assert course == sorted(course), dossier.code
        if dossier.apologised_at:
            assert dossier.due
            assert dossier.apologised_at.date() < (dossier.due_after or dossier.due)


def test_an_export_shows_nothing_of_what_came_after_its_moment() -> None:
    dossiers, moment = told(), datetime(2026, 4, 1, 8, 0)

    shown = rows_of(export(dossiers, on=moment, since=date(2026, 1, 1)))

    for row in shown:
        for field in ("received_at", "supplement_back_at", "finished_at", "returned_at", "reappointed_at"):
            if written := row[HEADERS[field]]:
                assert datetime.strptime(written, "%d/%m/%Y %H:%M") <= moment
    states = {row["Trạng thái"] for row in shown}
    assert {"Đã trả kết quả", "Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Công dân yêu cầu rút hồ sơ"} <= states


def test_an_export_brings_again_what_was_open_before_its_first_day() -> None:
    dossiers = told()
    open_then = {
        dossier.code
        for dossier in dossiers
        if dossier.received_at
        and dossier.received_at.date() < date(2026, 1, 1)
        and (dossier.finished_at is None or dossier.finished_at.date() >= date(2026, 1, 1))
    }

    shown = rows_of(export(dossiers, on=datetime(2026, 7, 6, 8, 0), since=date(2026, 1, 1)))

    assert open_then
    assert {row["Số hồ sơ"] for row in shown if row["Số hồ sơ"] < "H99.99.01-26"} == open_then
