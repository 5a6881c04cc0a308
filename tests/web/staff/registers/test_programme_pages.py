"""The work programme's papers on the screen: looked at, issued, corrected, handed out as they went out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.documents.queries import path_of, read_file
from camket.org.policy import Actor
from camket.registers.models import ProgrammePaper
from people import People
from registers.test_programme import TODAY, task
from registers.test_programme_papers import issue, seen

SignedIn = Callable[[Actor], Client]
PAGE = "/so/chuong-trinh-cong-tac/van-ban/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


def test_it_is_looked_at_issued_and_handed_out(people: People, signed_in: SignedIn) -> None:
    task(people, "Rà soát quy hoạch", due_on="20/07/2026")
    client = signed_in(people.an)
    address = f"{PAGE}phat-hanh/?loai=bao-cao&ky=2026-07"
    form = client.get(address).content.decode()
    assert seen(people.an) in form
    sent = {
        "issued_on": "3/8",
        "signed_by": "Lê Minh Châu",
        "capacity": "CHỦ TỊCH",
        "seen": seen(people.an),
    }
    made = client.post(address, sent)
    paper = ProgrammePaper.objects.get()
    assert made["Location"] == f"{PAGE}{paper.pk}/"
    with CaptureQueriesContext(connection) as taken:
        page = client.get(f"{PAGE}{paper.pk}/").content.decode()
    assert len(taken) <= 15
    assert "Báo cáo số 01/BC-UBND" in page
    file = client.get(f"{PAGE}{paper.pk}/tai.docx")
    assert file.content == read_file(people.an, paper.docx_id)
    assert 'filename="01-BC-UBND.docx"' in file["Content-Disposition"]
    assert client.get(f"{PAGE}{paper.pk}/tai.odt").status_code == 404
    kept = path_of(paper.docx.storage_name)
    kept.chmod(0o644)
    kept.write_bytes(file.content[:-1])
    damaged = client.get(f"{PAGE}{paper.pk}/tai.docx")
    assert damaged.status_code == 404
    assert "Không tải được tệp này" in damaged.content.decode()
    kept.write_bytes(file.content)
    again = client.post(address, sent)
    assert again.status_code == 422
    assert "Kỳ này đã có văn bản số 01/BC-UBND" in again.content.decode()
    with CaptureQueriesContext(connection) as taken:
        listed = client.get(f"{PAGE}?loai=bao-cao&ky=2026-07").content.decode()
    assert len(taken) <= 15
    assert "Phát hành bản đính chính" in listed


def test_a_register_that_changed_meanwhile_is_shown_anew(people: People, signed_in: SignedIn) -> None:
    task(people, "Rà soát quy hoạch")
    client = signed_in(people.an)
    stale = seen(people.an)
    task(people, "Việc ghi thêm")
    sent = {"issued_on": "03/08/2026", "signed_by": "Lê Minh Châu", "seen": stale}
    answer = client.post(f"{PAGE}phat-hanh/?loai=bao-cao&ky=2026-07", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Sổ đã thay đổi từ lúc mở trang này" in page
    assert seen(people.an) in page
    assert not ProgrammePaper.objects.exists()


@pytest.mark.only_on("sqlite")
def test_an_officer_reads_it_and_issues_nothing(people: People, signed_in: SignedIn) -> None:
    task(people, "Rà soát quy hoạch")
    paper = issue(people)
    client = signed_in(people.binh)
    assert "phat-hanh" not in client.get(f"{PAGE}{paper.pk}/").content.decode()
    assert client.get(f"{PAGE}{paper.pk}/tai.pdf").content.startswith(b"%PDF")
    assert client.get(f"{PAGE}phat-hanh/").status_code == 403
    assert signed_in(people.chi).get(f"{PAGE}{paper.pk}/").status_code == 404


@pytest.mark.only_on("sqlite")
def test_a_leader_withdraws_it_with_a_reason(people: People, signed_in: SignedIn) -> None:
    task(people, "Rà soát quy hoạch")
    paper = issue(people)
    address = f"{PAGE}{paper.pk}/thu-hoi/"
    secretary, chairman = signed_in(people.an), signed_in(people.chau)
    assert "thu-hoi" not in secretary.get(f"{PAGE}{paper.pk}/").content.decode()
    assert secretary.post(address, {"reason": "Ký nhầm"}).status_code == 403
    assert address in chairman.get(f"{PAGE}{paper.pk}/").content.decode()
    assert chairman.post(address, {"reason": ""}).status_code == 422
    assert chairman.post(address, {"reason": "Ký nhầm"}).status_code == 302
    page = chairman.get(f"{PAGE}{paper.pk}/").content.decode()
    assert "Lê Minh Châu thu hồi ngày 03/08/2026" in page
    assert "Ký nhầm" in page
    assert "Phát hành bản đính chính" not in page
    assert chairman.get(address)["Location"] == f"{PAGE}{paper.pk}/"
    listed = secretary.get(f"{PAGE}?loai=bao-cao&ky=2026-07").content.decode()
    assert "Đã thu hồi" in listed
    assert "Phát hành bản đính chính" not in listed
