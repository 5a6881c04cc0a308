"""The register of postings: what hangs where, how long, with which proof; what the quarter's list says."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from announced import announced, ready
from camket.actions.models import Task
from camket.core.numbering import NumberNotPossible
from camket.documents.operations import NewEvidence
from camket.improvement.queries.origins import Origin, origin_of
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.paper.writing.docx import write_docx
from camket.publishing.models import Notice, Place, PostingList
from camket.publishing.operations import postings as operations
from camket.publishing.operations import publications
from camket.publishing.operations.postings import At, PlaceData, PostingData
from camket.publishing.queries import postings as queries
from camket.publishing.queries.postings import Wanted
from people import TODAY, People
from procedures import make_procedure
from work import NOW, PDF

PHOTO = NewEvidence(
    kind="file", title="Ảnh bảng tin", data=PDF, name="anh.pdf", content_type="application/pdf"
)
DECIDED = date(2026, 6, 1)


@pytest.fixture
def board(people: People) -> Place:
    return place(people, "office", "Bảng tin trụ sở")


def place(people: People, kind: str, name: str) -> Place:
    return operations.save_place(actor=people.an, data=PlaceData(kind, name), today=TODAY)


def data(**more: object) -> PostingData:
    values = {
        "rule": "listed",
        "subject": "Dự toán ngân sách xã năm 2026",
        "posted_on": date(2026, 6, 3),
        "until": date(2026, 7, 3),
        "document_number": "12/QĐ-UBND",
        "decided_on": DECIDED,
    }
    return PostingData(**{**values, **more})  # type: ignore[arg-type]


def post(people: People, *places: Place, proof: bool = True, **more: object) -> tuple[Notice, ...]:
    evidence = (PHOTO,) if proof else ()
    return operations.post(
        actor=people.an, data=data(**more), at=[At(each.pk, evidence) for each in places], now=NOW
    )


def told(people: People, today: date = TODAY) -> dict[int, tuple[str, ...]]:
    return {each.id: tuple(each.concerns) for each in queries.to_do(people.an, today)}


def verbs(people: People) -> list[str]:
    rows = Entry.objects.filter(agency=people.agency).order_by("sequence").values_list("verb", flat=True)
    return [verb for verb in rows if verb.startswith(("notice.", "place.", "posting_list."))]


def test_one_act_posts_the_same_at_several_places_each_with_its_own_proof(
    people: People, board: Place
) -> None:
    house = place(people, "culture_house", "Nhà văn hóa thôn Đông")
    site = place(people, "website", "Trang thông tin điện tử")
    made = operations.post(
        actor=people.an,
        data=data(address="https://binhyen.example/du-toan"),
        at=[At(board.pk, (PHOTO,)), At(house.pk), At(site.pk)],
        now=NOW,
    )
    assert [each.address for each in made] == ["", "", "https://binhyen.example/du-toan"]
    assert [each.evidence.count() for each in made] == [1, 0, 0]
    assert told(people) == {made[1].pk: ("proof", "ending"), made[0].pk: ("ending",), made[2].pk: ("ending",)}
    assert verbs(people) == ["place.added"] * 3 + ["notice.posted"] * 3


def test_nothing_is_entered_where_one_of_the_places_is_none(people: People, board: Place) -> None:
    with pytest.raises(operations.PlaceMissing):
        operations.post(actor=people.an, data=data(), at=[At(board.pk), At(board.pk + 99)], now=NOW)
    with pytest.raises(operations.PlaceMissing):
        operations.post(actor=people.an, data=data(), at=[], now=NOW)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"posted_on": date(2026, 7, 2), "until": None}, "posted_on"),
        ({"decided_on": date(2026, 6, 4)}, "decided_on"),
        ({"until": date(2026, 6, 2)}, "until"),
    ],
)
def test_days_that_cannot_be_are_refused_by_name(
    people: People, board: Place, wrong: dict[str, date], field: str
) -> None:
    with pytest.raises(operations.DayNotPossible) as refused:
        post(people, board, **wrong)
    assert refused.value.field == field


def test_the_same_is_not_entered_twice_at_a_place(people: People, board: Place) -> None:
    post(people, board)
    with pytest.raises(operations.PostedAlready):
        post(people, board)
    assert Notice.objects.count() == 1


def test_what_hangs_at_the_office_alone_lacks_the_other_places_the_law_names(
    people: People, board: Place
) -> None:
    (made,) = post(people, board, until=date(2026, 8, 1))
    (row,) = queries.to_do(people.an, TODAY)
    assert (row.id, row.concerns, row.lacking) == (made.pk, ("place",), ("culture_house", "website"))


def test_posted_after_five_working_days_it_stays_noted_as_late(people: People, board: Place) -> None:
    in_time, late = date(2026, 6, 8), date(2026, 6, 9)  # decided on Monday 1 June
    (first,) = post(people, board, rule="quality", posted_on=in_time, until=date(2026, 8, 1))
    (second,) = post(people, board, rule="quality", subject="Khác", posted_on=late, until=date(2026, 8, 1))
    page = queries.register(people.an, Wanted(), queries.looked_at(people.an, TODAY), "1")
    assert {row.id: row.concerns for row in page.object_list} == {first.pk: (), second.pk: ("late",)}
    assert told(people) == {}  # nothing is left to do about it


def test_taken_down_before_thirty_days_it_calls_to_be_posted_again_or_explained(
    people: People, board: Place
) -> None:
    (made,) = post(people, board, rule="quality", posted_on=date(2026, 6, 2), until=None)
    operations.take_down(
        actor=people.an, notice_id=made.pk, removed_on=date(2026, 7, 1), note="Mưa ướt", today=TODAY
    )
    detail = queries.notice(people.an, made.pk, TODAY)
    assert detail.row.concerns == ("cut",)  # 29 days
    assert told(people) == {made.pk: ("cut",)}
    assert detail.least_until == date(2026, 7, 2)
    assert detail.row.note == "Mưa ướt"
    with pytest.raises(operations.AlreadyEnded):
        operations.take_down(actor=people.an, notice_id=made.pk, removed_on=TODAY, today=TODAY)
    with pytest.raises(operations.ReasonMissing):
        operations.explain_shortfall(actor=people.an, notice_id=made.pk, reason=" ", today=TODAY)
    operations.explain_shortfall(actor=people.an, notice_id=made.pk, reason="Bảng hỏng", today=TODAY)
    assert told(people) == {}
    row = queries.notice(people.an, made.pk, TODAY).row
    assert (row.concerns, row.shortfall) == (("brief",), "Bảng hỏng")
    assert verbs(people)[-1] == "notice.shortfall_explained"


def test_posted_again_at_the_same_place_the_shorter_one_calls_for_nobody(
    people: People, board: Place
) -> None:
    (made,) = post(people, board, rule="quality", posted_on=date(2026, 6, 2), until=None)
    operations.take_down(actor=people.an, notice_id=made.pk, removed_on=date(2026, 6, 20), today=TODAY)
    house = place(people, "culture_house", "Nhà văn hóa thôn Đông")
    post(people, house, rule="quality", posted_on=date(2026, 6, 25), until=date(2026, 8, 1))
    assert told(people) == {made.pk: ("cut",)}  # elsewhere makes nothing up
    post(people, board, rule="quality", posted_on=date(2026, 6, 25), until=date(2026, 8, 1))
    assert told(people) == {}


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 7, 26), ("short",)),  # 28 June to 26 July: 29 days
        (date(2026, 7, 27), ()),  # 30 days
        (date(2026, 6, 30), ("short",)),  # over already, and it may not be taken down yet
    ],
)
def test_planned_shorter_than_the_law_asks_it_calls_to_be_prolonged(
    people: People, board: Place, until: date, said: tuple[str, ...]
) -> None:
    (made,) = post(people, board, rule="quality", posted_on=date(2026, 6, 28), until=until, decided_on=None)
    assert told(people) == ({made.pk: said} if said else {})
    if not said:
        with pytest.raises(operations.LongEnough):
            operations.prolong(actor=people.an, notice_id=made.pk, today=TODAY)
        return
    operations.prolong(actor=people.an, notice_id=made.pk, today=TODAY)
    made.refresh_from_db()
    assert made.until == date(2026, 7, 28)
    assert told(people) == {}
    assert verbs(people)[-1] == "notice.prolonged"


def test_only_who_keeps_the_register_prolongs_and_explains(people: People, board: Place) -> None:
    (made,) = post(people, board, rule="quality", posted_on=date(2026, 6, 28), until=date(2026, 6, 30))
    with pytest.raises(NotAllowed):
        operations.prolong(actor=people.binh, notice_id=made.pk, today=TODAY)
    with pytest.raises(Notice.DoesNotExist):
        operations.prolong(actor=people.chi, notice_id=made.pk, today=TODAY)
    with pytest.raises(operations.LongEnough):
        operations.explain_shortfall(actor=people.an, notice_id=made.pk, reason="x", today=TODAY)


def test_its_last_day_over_it_waits_to_be_taken_down_or_renewed(people: People, board: Place) -> None:
    (made,) = post(
        people, board, rule="quality", posted_on=date(2026, 5, 20), until=date(2026, 6, 28), decided_on=None
    )
    assert told(people) == {made.pk: ("ended",)}
    newer = operations.renew(
        actor=people.an, notice_id=made.pk, posted_on=date(2026, 6, 29), until=date(2026, 7, 10), now=NOW
    )
    made.refresh_from_db()
    assert (made.removed_on, newer.renews_id, newer.subject) == (date(2026, 6, 29), made.pk, made.subject)
    # The same paper has hung since 20 May: no renewal of it is too short, nor late.
    assert queries.notice(people.an, newer.pk, TODAY).row.concerns == ("proof",)


def test_a_photo_added_later_proves_it(people: People, board: Place) -> None:
    (made,) = post(people, board, rule="quality", proof=False, until=date(2026, 8, 1))
    assert told(people) == {made.pk: ("proof",)}
    with pytest.raises(operations.ProofMissing):
        operations.prove(actor=people.an, notice_id=made.pk, evidence=(), now=NOW)
    operations.prove(actor=people.an, notice_id=made.pk, evidence=(PHOTO,), now=NOW)
    assert told(people) == {}
    assert verbs(people)[-1] == "notice.proved"


def test_a_cancelled_renewal_lets_the_older_one_hang_again(people: People, board: Place) -> None:
    (made,) = post(people, board, rule="quality", until=date(2026, 8, 1))
    newer = operations.renew(
        actor=people.an, notice_id=made.pk, posted_on=TODAY, until=date(2026, 9, 1), now=NOW
    )
    with pytest.raises(operations.ReasonMissing):
        operations.cancel(actor=people.an, notice_id=newer.pk, reason=" ", today=TODAY)
    operations.cancel(actor=people.an, notice_id=newer.pk, reason="Nhầm bảng", today=TODAY)
    made.refresh_from_db()
    assert made.removed_on is None
    with pytest.raises(operations.AlreadyEnded):
        operations.prove(actor=people.an, notice_id=newer.pk, evidence=(PHOTO,), now=NOW)


def test_a_correction_keeps_in_the_journal_what_stood_there(people: People, board: Place) -> None:
    (made,) = post(people, board)
    operations.correct(
        actor=people.an,
        notice_id=made.pk,
        data=data(document_number="13/QĐ-UBND"),
        place_id=board.pk,
        now=NOW,
    )
    entry = Entry.objects.filter(agency=people.agency).order_by("-sequence")[0]
    assert (entry.before, entry.after) == (
        {"document_number": "12/QĐ-UBND"},
        {"document_number": "13/QĐ-UBND"},
    )


def test_the_list_of_a_quarter_is_frozen_and_corrected_by_a_new_one(people: People, board: Place) -> None:
    (made,) = post(people, board)
    post(people, board, rule="", subject="Chỉ trong quý III", posted_on=TODAY, until=None)
    operations.cancel(
        actor=people.an, notice_id=post(people, board, subject="Nhầm")[0].pk, reason="Nhầm", today=TODAY
    )
    assert queries.missing_list(people.an, TODAY) == (2026, 2)
    with pytest.raises(operations.QuarterNotOver):
        operations.issue_list(actor=people.an, year=2026, quarter=3, now=NOW)
    with pytest.raises(NumberNotPossible):
        operations.issue_list(actor=people.an, year=2026, quarter=2, number="số mười hai", now=NOW)
    issued = operations.issue_list(actor=people.an, year=2026, quarter=2, number="7/TB-UBND", now=NOW)
    assert issued.content["number"] == "07/TB-UBND"
    assert [entry["subject"] for entry in issued.content["entries"]] == [made.subject]
    assert queries.missing_list(people.an, TODAY) is None
    with pytest.raises(operations.ReasonMissing):
        operations.issue_list(actor=people.an, year=2026, quarter=2, now=NOW)
    with pytest.raises(operations.ListUnchanged):
        operations.issue_list(actor=people.an, year=2026, quarter=2, correction="Sót", now=NOW)
    post(people, board, subject="Ghi sót", posted_on=date(2026, 6, 20))
    assert queries.list_of(people.an, 2026, 2)[2] is True
    newer = operations.issue_list(
        actor=people.an, year=2026, quarter=2, correction="Ghi sót một nội dung", now=NOW
    )
    assert newer.replaces_id == issued.pk
    assert PostingList.objects.get(pk=issued.pk).content == issued.content
    assert len(newer.content["entries"]) == 2


def test_a_list_corrected_after_its_publication_was_prepared_is_not_made_public(
    people: People, board: Place
) -> None:
    post(people, board)
    issued = operations.issue_list(actor=people.an, year=2026, quarter=2, now=NOW)
    made = publications.prepare_publication(actor=people.an, kind="postings", subject_id=issued.pk, now=NOW)
    post(people, board, subject="Ghi sót", posted_on=date(2026, 6, 20))
    newer = operations.issue_list(actor=people.an, year=2026, quarter=2, correction="Ghi sót", now=NOW)
    with pytest.raises(publications.Outdated):
        publications.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    again = publications.prepare_again(
        actor=people.an, publication_id=made.pk, title=made.title, correction="", now=NOW
    )
    assert again.posting_list_id == newer.pk
    publications.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)


def test_procedures_of_the_catalogue_stand_in_the_list_too(people: People) -> None:
    procedure = make_procedure(people.agency)
    procedure.postings.create(
        place="Màn hình tra cứu", posted_on=date(2026, 2, 2), noted_at=NOW, noted_by_id=people.an.person_id
    )
    content, _, _ = queries.list_of(people.an, 2026, 2)
    (entry,) = content["entries"]
    assert (entry["rule"], entry["is_new"]) == ("procedures", False)
    assert [(each["place"], each["count"]) for each in entry["places"]] == [("Màn hình tra cứu", 1)]
    assert [(each.place, each.count) for each in queries.procedures_up(people.an)] == [
        ("Màn hình tra cứu", 1)
    ]


def test_the_list_as_paper_says_what_where_and_when(people: People, board: Place) -> None:
    post(people, board, place(people, "culture_house", "Nhà văn hóa thôn Đông"))
    document, name = queries.draft_paper(people.an, 2026, 2)
    with zipfile.ZipFile(io.BytesIO(write_docx(document))) as docx:
        text = docx.read("word/document.xml").decode()
    assert name == "du-thao-danh-muc-cong-khai-quy-2-2026"
    for words in (
        "Dự toán ngân sách xã năm 2026",
        "Nhà văn hóa thôn Đông",
        "Từ 03/06/2026 đến hết 03/07/2026",
    ):
        assert words in text


def test_words_without_marks_find_a_posting(people: People, board: Place) -> None:
    (made,) = post(people, board)
    post(people, board, subject="Lịch tiếp công dân", document_number="")
    page = queries.register(people.an, Wanted(words="du toan"), queries.looked_at(people.an, TODAY), "1")
    assert [row.id for row in page.object_list] == [made.pk]


@pytest.mark.parametrize(
    ("posted_on", "removed_on", "hung"),
    [
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),
        (date(2026, 1, 5), date(2026, 4, 1), True),
        (date(2026, 1, 5), date(2026, 3, 31), False),
    ],
)
def test_a_list_is_missed_of_what_hung_on_any_day_of_the_quarter(
    people: People, board: Place, posted_on: date, removed_on: date | None, hung: bool
) -> None:
    (made,) = post(
        people, board, rule="", document_number="", decided_on=None, posted_on=posted_on, until=None
    )
    Notice.objects.filter(pk=made.pk).update(removed_on=removed_on)
    wanted = (2026, 2) if hung else None
    assert queries.missing_list(people.an, TODAY) == wanted
    waiting = queries.waiting_for(people.an, TODAY)
    assert (waiting.missing_list if waiting else None) == wanted


def test_only_who_keeps_the_register_writes_and_only_the_own_agencys(people: People, board: Place) -> None:
    (made,) = post(people, board)
    with pytest.raises(NotAllowed):
        operations.take_down(actor=people.binh, notice_id=made.pk, removed_on=TODAY, today=TODAY)
    with pytest.raises(Notice.DoesNotExist):
        operations.take_down(actor=people.chi, notice_id=made.pk, removed_on=TODAY, today=TODAY)
    with pytest.raises(operations.PlaceMissing):
        operations.post(actor=people.chi, data=data(), at=[At(board.pk)], now=NOW)
    with pytest.raises(Notice.DoesNotExist):
        queries.notice(people.chi, made.pk, TODAY)
    assert queries.waiting_for(people.binh, TODAY) is None


class TestInOnePress:
    """An issued document is entered at every place that its rule asks for, once, from today on."""

    DECIDED = operations.Issued(
        "conformity", "Quyết định công bố Hệ thống quản lý chất lượng", "31/QĐ-UBND", date(2026, 6, 29)
    )

    def test_it_hangs_at_the_places_of_its_rule_and_the_rest_is_left(self, people: People) -> None:
        for kind, name in (
            ("office", "Bảng tin"),
            ("website", "Trang của xã"),
            ("culture_house", "Nhà văn hóa"),
        ):
            operations.save_place(actor=people.an, data=operations.PlaceData(kind, name), today=TODAY)
        made = operations.post_issued(actor=people.an, document=self.DECIDED, now=NOW)
        assert {each.place.name for each in made} == {"Bảng tin", "Trang của xã"}
        assert {(each.posted_on, each.until, each.decided_on, each.posted_by_id) for each in made} == {
            (TODAY, None, date(2026, 6, 29), people.an.person_id)
        }
        shown = queries.posted(people.an, "conformity", "31/QĐ-UBND", TODAY)
        assert shown is not None
        assert (len(shown.hangs), shown.missing) == (2, ())

    def test_the_second_press_enters_only_where_it_does_not_hang_yet(self, people: People) -> None:
        operations.save_place(actor=people.an, data=operations.PlaceData("office", "Bảng tin"), today=TODAY)
        operations.post_issued(actor=people.an, document=self.DECIDED, now=NOW)
        with pytest.raises(operations.PostedAlready):
            operations.post_issued(actor=people.an, document=self.DECIDED, now=NOW)
        operations.save_place(actor=people.an, data=operations.PlaceData("website", "Trang"), today=TODAY)
        shown = queries.posted(people.an, "conformity", "31/QĐ-UBND", TODAY)
        assert shown is not None
        assert shown.missing == ("Trang",)
        (made,) = operations.post_issued(actor=people.an, document=self.DECIDED, now=NOW)
        assert made.place.name == "Trang"

    def test_without_such_a_place_and_without_the_act_nothing_is_entered(self, people: People) -> None:
        operations.save_place(
            actor=people.an, data=operations.PlaceData("culture_house", "Nhà văn hóa"), today=TODAY
        )
        with pytest.raises(operations.PlaceMissing):
            operations.post_issued(actor=people.an, document=self.DECIDED, now=NOW)
        with pytest.raises(NotAllowed):
            operations.post_issued(actor=people.binh, document=self.DECIDED, now=NOW)
        with pytest.raises(operations.UnknownChoice):
            operations.post_issued(actor=people.an, document=replace(self.DECIDED, rule="other"), now=NOW)
        assert not Notice.objects.exists()

    def test_a_document_without_a_number_hangs_nowhere(self, people: People) -> None:
        shown = queries.posted(people.an, "conformity", "", TODAY)
        assert shown is not None
        assert shown.hangs == ()


class TestAnAnnouncementIsPosted:
    """Entering that an announcement hangs everywhere it has to reports the task that asks for it."""

    @pytest.fixture
    def task(self, people: People, board: Place) -> Task:
        place(people, "website", "Trang của xã")
        ready(people)
        row = announced(people)
        assert row.posting_task is not None
        return row.posting_task

    ISSUED = operations.Issued("conformity", "Quyết định công bố", "30/QĐ-UBND", TODAY)

    def test_in_one_press(self, people: People, task: Task) -> None:
        operations.post_issued(actor=people.an, document=self.ISSUED, now=NOW)
        task.refresh_from_db()
        day = f"{TODAY:%d/%m/%Y}"
        assert (task.state, task.submitted_by_id) == ("submitted", people.an.person_id)
        assert (
            task.result == f"Đã niêm yết, ghi vào Sổ niêm yết: Bảng tin trụ sở ({day}); Trang của xã ({day})"
        )
        assert origin_of(people.an, task.pk) == Origin(
            "announcement", people.agency.announcements.get().pk, "", "30/QĐ-UBND"
        )

    def test_by_hand_at_the_last_place_that_is_asked_for(
        self, people: People, task: Task, board: Place
    ) -> None:
        said = data(rule="conformity", document_number="30/QĐ-UBND", decided_on=TODAY, posted_on=TODAY)
        operations.post(actor=people.an, data=said, at=[At(board.pk)], now=NOW)
        task.refresh_from_db()
        assert task.state == "open"
        website = Place.objects.get(name="Trang của xã")
        operations.post(actor=people.an, data=said, at=[At(website.pk)], now=NOW)
        task.refresh_from_db()
        assert task.state == "submitted"

    @pytest.mark.parametrize(
        "other", [{"document_number": "31/QĐ-UBND"}, {"decided_on": TODAY - timedelta(days=1)}]
    )
    def test_another_document_reports_nothing(
        self, people: People, task: Task, other: dict[str, object]
    ) -> None:
        values: dict[str, object] = {
            "rule": "conformity", "document_number": "30/QĐ-UBND", "decided_on": TODAY, "posted_on": TODAY,
        }  # fmt: skip
        at = [At(each.pk) for each in Place.objects.all()]
        operations.post(actor=people.an, data=data(**{**values, **other}), at=at, now=NOW)
        task.refresh_from_db()
        assert task.state == "open"

    def test_a_task_that_was_settled_otherwise_stays(self, people: People, task: Task) -> None:
        Task.objects.filter(pk=task.pk).update(state="accepted", result="Đã dán")
        operations.post_issued(actor=people.an, document=self.ISSUED, now=NOW)
        task.refresh_from_db()
        assert (task.state, task.result) == ("accepted", "Đã dán")
