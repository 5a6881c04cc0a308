"""A spreadsheet of a register that is open on a screen while its agency is merged into another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from camket.org.models import Agency, Role
from camket.org.operations import record_succession
from camket.org.policy import Actor
from camket.paper.sheets import write_csv
from camket.registers.models import Batch, Entry
from camket.registers.operations import bring_in
from people import TODAY, People, actor_of, make_agency, make_person
from web.sent.pages import form_in, send
from work import NOW

SignedIn = Callable[[Actor], Client]
MERGED = date(2026, 7, 15)
ROWS = write_csv(
    ["Số ký hiệu", "Ngày ban hành", "Cơ quan giao", "Nội dung chỉ đạo"],
    [
        ["125/TB-UBND", "22/06/2026", "UBND tỉnh", "Rà soát hồ sơ"],
        ["126/TB-UBND", "31/06/2026", "UBND tỉnh", "Ngày không có"],
    ],
)
pytestmark = pytest.mark.django_db


def merged(people: People) -> Actor:
    """Merge An's agency into a new one; return the new one's secretary."""
    successor = make_agency("H00.9", "UBND xã Bình Minh", valid_from=MERGED)
    record_succession(
        actor=None,
        predecessor_ids=[people.agency.pk, people.other_agency.pk],
        successor_ids=[successor.pk],
        kind="merger",
        on=MERGED,
        decision="Nghị quyết 1",
        today=TODAY,
    )
    return actor_of(make_person(successor, "Vũ Thị Mai", "mai", Role.SECRETARY), successor)


def test_what_was_looked_at_before_the_merger_is_not_written_after_it(
    people: People, signed_in: SignedIn, settings: Any
) -> None:
    client = signed_in(people.an)
    file = SimpleUploadedFile("chi-dao.csv", ROWS, content_type="text/csv")
    preview = client.post("/so/chi-dao/nhap/", {"file": file})
    form = form_in(preview.content.decode(), "/so/chi-dao/nhap/")
    assert "held" in form.fields
    merged(people)
    settings.TODAY = MERGED
    answer = send(client, form, sure="1")
    assert answer.status_code in (302, 403)
    assert (Entry.objects.count(), Batch.objects.count()) == (0, 0)


def test_refused_rows_of_a_merged_agency_stay_with_it_and_the_file_comes_into_its_successor_anew(
    people: People, signed_in: SignedIn, settings: Any
) -> None:
    batch = bring_in(actor=people.an, register="directives", data=ROWS, name="chi-dao.csv", now=NOW)
    mai = merged(people)
    settings.TODAY = MERGED
    address = f"/so/chi-dao/nhap/{batch.pk}/"
    client = signed_in(mai)
    for place in ("", "dong/3/", "chua-nhan/"):
        assert client.get(f"{address}{place}").status_code == 404
    for place in ("dong/3/", "dong/3/bo/", "thu-lai/", "rut/"):
        assert client.post(f"{address}{place}", {"rut-reason": "Sáp nhập"}).status_code in (404, 403)
    file = SimpleUploadedFile("chi-dao.csv", ROWS, content_type="text/csv")
    form = form_in(client.post("/so/chi-dao/nhap/", {"file": file}).content.decode(), "/so/chi-dao/nhap/")
    assert send(client, form, sure="1").status_code == 302
    batch.refresh_from_db()
    assert (batch.state, len(batch.refused)) == ("done", 2)
    held = Entry.objects.order_by("pk").values_list("agency__code", "number")
    assert list(held) == [("H00.1", "125/TB-UBND"), ("H00.9", "125/TB-UBND")]
    assert Agency.objects.get(code="H00.1").valid_to == date(2026, 7, 14)
