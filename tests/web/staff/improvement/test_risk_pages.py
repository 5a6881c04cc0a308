"""The pages of context, risks and opportunities: rated before and after, the map, the scale, papers."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.improvement.models import ContextIssue, Risk, RiskScale
from camket.improvement.operations import risks as operations
from camket.improvement.operations.risks import NewRisk, ProposedRisk
from camket.org.policy import Actor
from people import TODAY, People
from work import NOW

SignedIn = Callable[[Actor], Client]
LIST = "/rui-ro/"


def entered(people: People) -> Risk:
    return operations.enter(actor=people.an, risk=NewRisk("risk", "Một cửa", "Hồ sơ quá hạn"), now=NOW)


def post(client: Client, row: Risk, way: str, **data: object) -> str:
    return client.post(f"{LIST}{row.pk}/{way}/", data, follow=True).content.decode()


def test_a_risk_is_written_rated_treated_and_rated_again(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    an.post(f"{LIST}them/", {"kind": "risk", "process": "Một cửa", "title": "Hồ sơ quá hạn"})
    row = Risk.objects.get()
    post(an, row, "danh-gia", **{"diem-likelihood": 4, "diem-consequence": 4, "diem-reason": "Thiếu người"})
    shown = an.get(LIST).content.decode()
    assert 'href="?o=4x4"' in shown
    assert "Cao" in shown
    post(
        an,
        row,
        "viec",
        **{
            "viec-text": "Cử người thay",
            "viec-person_id": people.binh.person_id,
            "viec-due_on": "31/12/2026",
        },
    )
    refused = post(an, row, "danh-gia", **{"diem-likelihood": 2, "diem-consequence": 4})
    assert "Hãy nêu lý do" in refused
    assert row.ratings.count() == 1
    shown = post(
        an, row, "danh-gia", **{"diem-likelihood": 2, "diem-consequence": 4, "diem-reason": "Có người thay"}
    )
    assert "Cử người thay" in shown
    assert [(each.likelihood, each.consequence) for each in row.ratings.all()] == [(4, 4), (2, 4)]
    assert "Hồ sơ quá hạn" in an.get(f"{LIST}?o=2x4").content.decode()
    assert "Hồ sơ quá hạn" not in an.get(f"{LIST}?o=4x4").content.decode()


def test_a_proposal_is_taken_up_or_left(people: People, signed_in: SignedIn) -> None:
    made = operations.propose(
        agency_id=people.agency.pk,
        proposals=[
            ProposedRisk(key=key, process="Một cửa", title=f"Nguy cơ {key}", found={}) for key in "ab"
        ],
        now=NOW,
    )
    an = signed_in(people.an)
    assert "Nguy cơ a" in an.get(LIST).content.decode()
    post(an, made[0], "theo-doi")
    post(an, made[1], "bo-qua", **{"bo-qua-reason": "Không đáng kể"})
    assert sorted(Risk.objects.values_list("state", flat=True)) == ["dismissed", "open"]


def test_a_scale_that_makes_none_is_refused_and_ratings_keep_theirs(
    people: People, signed_in: SignedIn
) -> None:
    an = signed_in(people.an)
    typed = {
        "valid_from": f"{TODAY:%d/%m/%Y}",
        "likelihood": "Thấp\nVừa\nCao",
        "consequence": "Nhẹ\nVừa\nNặng",
        "least_0": "1",
        "name_0": "Thấp",
        "least_1": "5",
        "name_1": "Cao",
        "needs_1": "on",
    }
    answer = an.post(f"{LIST}thang-diem/", {**typed, "least_0": "2"})
    assert answer.context["form"].non_field_errors()
    assert not RiskScale.objects.exists()
    an.post(f"{LIST}thang-diem/", typed)
    assert len(RiskScale.objects.get().likelihood) == 3


def test_context_is_kept_and_left_with_a_reason(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    an.post(f"{LIST}boi-canh/them/", {"kind": "party", "title": "Người dân", "text": "Đúng hẹn"})
    row = ContextIssue.objects.get()
    assert "Người dân" in an.get(f"{LIST}boi-canh/").content.decode()
    an.post(f"{LIST}boi-canh/{row.pk}/ket-thuc/", {"ket-thuc-reason": ""})
    row.refresh_from_db()
    assert row.ended_on is None
    an.post(f"{LIST}boi-canh/{row.pk}/ket-thuc/", {"ket-thuc-reason": "Trùng"})
    row.refresh_from_db()
    assert row.ended_on == TODAY


def test_the_book_is_handed_out_and_pages_take_few_statements(people: People, signed_in: SignedIn) -> None:
    row = entered(people)
    operations.rate(actor=people.an, risk_id=row.pk, likelihood=3, consequence=3, reason="", now=NOW)
    an = signed_in(people.an)
    for ending, magic in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert an.get(f"{LIST}so.{ending}").content.startswith(magic), ending
    for address in (LIST, f"{LIST}?muc=all", f"{LIST}{row.pk}/", f"{LIST}boi-canh/"):
        with CaptureQueriesContext(connection) as found:
            assert an.get(address).status_code == 200
        assert len(found) <= 15, address
