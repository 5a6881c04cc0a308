"""What citizens see of postings: a quarter's issued list once a leader made it public; open data that keep their bytes."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from camket.publishing.content import FIRST_FORMAT, checksum, measured
from camket.publishing.models import PostingList, Publication
from camket.publishing.operations import postings
from camket.publishing.operations import publications as operations
from camket.publishing.operations.postings import At, PlaceData, PostingData
from camket.publishing.preparing import NothingToPublish
from camket.publishing.queries import publications as queries
from people import TODAY, People
from web.public.open_page import open_page, publish, publish_all
from work import NOW, at

HOME = "/cong-khai/xa-tan-lap/"
OCTOBER = at(date(2026, 10, 2))


def place(people: People) -> int:
    data = PlaceData("office", "Bảng tin trụ sở")
    return postings.save_place(actor=people.an, data=data, today=date(2026, 1, 5)).pk


def post(people: People, where: int, subject: str, rule: str = "quality", **more: Any) -> None:
    values = {"posted_on": date(2026, 5, 4), "until": date(2026, 6, 10), "address": ""}
    data = PostingData(rule=rule, subject=subject, **{**values, **more})
    postings.post(actor=people.an, data=data, at=[At(where)], now=NOW)


def issue(
    people: People, quarter: int = 2, correction: str = "", now: datetime = NOW, year: int = 2026
) -> PostingList:
    return postings.issue_list(
        actor=people.an, year=year, quarter=quarter, number="7/TB-UBND", correction=correction, now=now
    )


@pytest.fixture
def board(people: People) -> int:
    open_page(people.agency)
    where = place(people)
    post(
        people,
        where,
        "=Mục tiêu <b>chất lượng</b>",
        document_number="12/QĐ-UBND",
        decided_on=date(2026, 5, 4),
    )
    post(people, where, "Phân công trực nội bộ", rule="internal")
    return where


def test_a_quarter_is_public_once_a_leader_made_its_issued_list_public(
    client: Client, people: People, board: int
) -> None:
    issued = issue(people)
    assert client.get(HOME + "niem-yet/").status_code == 404
    assert "niem-yet" not in client.get(HOME).content.decode()
    (matter,) = [each for each in queries.matters(people.an, (), TODAY) if each.kind == "postings"]
    assert (matter.subject_id, matter.need) == (issued.pk, "report")
    made = publish(people, "postings", issued.pk)
    page = client.get(HOME + "niem-yet/").content.decode()
    assert "=Mục tiêu &lt;b&gt;chất lượng&lt;/b&gt;" in page
    assert "12/QĐ-UBND" in page
    assert "Phân công trực nội bộ" not in page  # of the office alone
    assert f"{HOME}niem-yet/" in client.get(HOME).content.decode()
    assert made.title in client.get(HOME + "cong-bo/").content.decode()


def test_postings_are_open_data_at_addresses_that_stay(client: Client, people: People, board: int) -> None:
    made = publish(people, "postings", issue(people).pk)
    table = client.get(HOME + "du-lieu/niem-yet.csv").content.decode("utf-8-sig").splitlines()
    assert table == [
        "year,quarter,subject,content,document_number,decided_on,place,place_kind,address,posted_on,until,removed_on,"
        "procedures,is_new",
        '2026,2,\'=Mục tiêu <b>chất lượng</b>,"Chính sách chất lượng, mục tiêu chất lượng và kết quả thực hiện",'
        "12/QĐ-UBND,2026-05-04,Bảng tin trụ sở,office,,2026-05-04,2026-06-10,,,true",
    ]
    (row,) = client.get(HOME + "du-lieu/niem-yet.json").json()["rows"]
    assert (row["quarter"], row["removed_on"], row["is_new"], row["address"]) == (2, None, True, "")
    own = client.get(f"{HOME}du-lieu/{made.pk}/niem-yet.csv")
    assert own.content.decode("utf-8-sig").splitlines() == table
    package = client.get(HOME + "du-lieu/datapackage.json").json()
    (described,) = [each for each in package["resources"] if each["path"] == "niem-yet.csv"]
    assert [field["name"] for field in described["schema"]["fields"]] == table[0].split(",")


def test_a_corrected_list_takes_the_place_of_its_own_quarter_alone(
    client: Client, people: People, board: int
) -> None:
    spring = publish(people, "postings", issue(people).pk)
    summer = issue(people, quarter=3, now=OCTOBER)
    made = operations.prepare_publication(actor=people.an, kind="postings", subject_id=summer.pk, now=OCTOBER)
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    operations.publish(actor=people.chau, publication_id=made.pk, now=OCTOBER)
    post(people, board, "Bổ sung", posted_on=date(2026, 6, 1))
    corrected = issue(people, correction="Thiếu một nội dung.", now=OCTOBER)
    with pytest.raises(NothingToPublish):
        operations.prepare_publication(
            actor=people.an, kind="postings", subject_id=spring.posting_list_id, now=NOW
        )
    newer = publish(people, "postings", corrected.pk)
    spring.refresh_from_db()
    made.refresh_from_db()
    assert (spring.state, newer.replaces_id, made.state) == ("replaced", spring.pk, "published")
    newest = client.get(HOME + "niem-yet/").content.decode()
    assert "quý III năm 2026" in newest
    assert f"{HOME}cong-bo/{newer.pk}/" in newest
    assert "Đây là bản cũ." in client.get(f"{HOME}cong-bo/{spring.pk}/").content.decode()


def test_a_withdrawn_quarter_is_nowhere_to_be_read(
    client: Client, people: People, board: int, django_capture_on_commit_callbacks: Any
) -> None:
    made = publish(people, "postings", issue(people).pk)
    addresses = ("niem-yet/", f"du-lieu/{made.pk}/niem-yet.csv", "du-lieu/niem-yet.json")
    assert [client.get(HOME + each).status_code for each in addresses] == [200, 200, 200]
    with django_capture_on_commit_callbacks(execute=True):  # what the process keeps is forgotten then
        operations.withdraw_publication(
            actor=people.chau, publication_id=made.pk, reason="Nêu tên người dân.", now=NOW
        )
    assert [client.get(HOME + each).status_code for each in addresses] == [404, 404, 404]
    assert client.get(f"{HOME}cong-bo/{made.pk}/").status_code == 410
    assert "niem-yet.csv" not in client.get(HOME + "du-lieu/").content.decode()


def test_another_agencys_list_is_not_prepared(people: People, board: int) -> None:
    issued = issue(people)
    with pytest.raises(PostingList.DoesNotExist):
        operations.prepare_publication(actor=people.chi, kind="postings", subject_id=issued.pk, now=NOW)
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("98,4\N{NO-BREAK SPACE}% (492/500)", ("98.4", "%")),
        ("1.234 hồ sơ", ("1234", "hồ sơ")),
        ("12", ("12", "")),
        ("-2,5 điểm", ("-2.5", "điểm")),
        ("4,5 ngày làm việc", ("4.5", "ngày làm việc")),
        ("3/11", ("", "")),
        ("5/7 thủ tục", ("", "")),
        ("tốt", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_figure_is_a_number_with_its_unit(shown: str, expected: tuple[str, str]) -> None:
    assert measured(shown) == expected


def test_results_are_numbers_in_open_data(client: Client, people: People) -> None:
    publish_all(people)
    row = client.get(HOME + "du-lieu/ket-qua.json").json()["rows"][0]
    assert (row["value"], row["value_unit"]) == (98.4, "%")
    assert (row["numerator"], row["denominator"]) == (492, 500)
    assert row["result"].startswith("98,4")
    goal = client.get(HOME + "du-lieu/muc-tieu.json").json()["rows"][0]
    assert (goal["kind"], goal["value"], goal["value_unit"]) == ("at_least", 97, "%")
    limits = client.get(HOME + "du-lieu/thu-tuc.json").json()["rows"]
    assert {type(each["level"]) for each in limits} == {int}
    table = client.get(HOME + "du-lieu/ket-qua.csv").content.decode("utf-8-sig").splitlines()
    assert ",98.4,%,492,500," in table[1]


def test_what_was_published_in_the_first_format_keeps_its_bytes(client: Client, people: People) -> None:
    made = publish_all(people)["results"]
    content = {**made.content, "format": FIRST_FORMAT}
    for objective in content["objectives"]:
        for target in objective["targets"]:
            del target["value"], target["unit"]
    Publication.objects.filter(pk=made.pk).update(content=content, sha256=checksum(content))
    table = client.get(f"{HOME}du-lieu/{made.pk}/ket-qua.csv").content.decode("utf-8-sig").splitlines()
    columns = (
        "objective,objective_text,target,target_text,goal,result,numerator,denominator,formula,source,state,state_word,"
        "is_final,as_of"
    )
    assert table[0] == columns
    (first, *_) = json.loads(client.get(f"{HOME}du-lieu/{made.pk}/ket-qua.json").content)["rows"]
    assert (first["numerator"], "value" in first) == ("492", False)
    package = client.get(HOME + "du-lieu/datapackage.json").json()
    (described,) = [each for each in package["resources"] if each["path"] == "ket-qua.csv"]
    assert ",".join(field["name"] for field in described["schema"]["fields"]) == columns
    assert client.get(f"{HOME}cong-bo/{made.pk}/").status_code == 200
