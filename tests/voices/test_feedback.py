"""Feedback from its receipt to its answer: who may, who sees, what is refused and leaves nothing behind."""

from __future__ import annotations

import json
import struct
import unicodedata
import zlib
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from camket.core.blackout import BLACK
from camket.core.feedback import FEEDBACK
from camket.core.plan import Period
from camket.core.portal_rows import ColumnsMissing
from camket.core.workflow import NotPossible
from camket.documents.models import StoredFile
from camket.documents.operations import FileRefused
from camket.documents.queries import open_file
from camket.dossiers.models import Field
from camket.indicators.sources import source
from camket.journal.models import Entry
from camket.journal.operations import record_access
from camket.org.models import CalendarDay, Membership, Role
from camket.org.policy import Actor, NotAllowed, Scope
from camket.voices.feedback_change import TextMissing
from camket.voices.feedback_sight import Sight
from camket.voices.models import Feedback, FeedbackLimit, FeedbackStep
from camket.voices.operations import feedback as operations
from camket.voices.operations import feedback_intake as intake
from camket.voices.operations import feedback_sent
from camket.voices.operations.feedback_intake import NewFeedback, NewFile
from camket.voices.queries import feedback as queries
from camket.voices.queries import public_feedback
from people import People, actor_of, make_person

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 1)
NEW = NewFeedback(
    "Đèn đường hỏng",
    "Đèn đầu thôn hỏng, gọi Lò Thị Sương 0912 345 678.",
    sender_name="Lò Thị Sương",
    sender_address="Thôn Đông",
    sender_phone="0912345678",
    sender_email="suong@vidu.vn",
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def receive(people: People, new: NewFeedback = NEW, files: tuple[NewFile, ...] = ()) -> Feedback:
    return intake.receive_from_public(agency_id=people.agency.pk, new=new, files=files, now=at(DAY))


def classify(people: People, row: Feedback, kind: str = "other", *concerns: int) -> None:
    operations.classify(
        actor=people.an,
        feedback_id=row.pk,
        kind=kind,
        field_id=None,
        concerns=concerns,
        now=at(DAY, 10),
    )


def assign(people: People, row: Feedback) -> None:
    operations.assign(
        actor=people.an,
        feedback_id=row.pk,
        unit_id=next(iter(people.binh.unit_ids)),
        officer_id=people.binh.person_id,
        note="",
        now=at(DAY, 10),
    )


def answer(people: People, row: Feedback, day: date = date(2026, 7, 6)) -> None:
    classify(people, row)
    assign(people, row)
    operations.save_answer(
        actor=people.binh, feedback_id=row.pk, answer="Đã thay bóng đèn.", submits=True, now=at(day)
    )
    operations.approve_answer(
        actor=people.chau,
        feedback_id=row.pk,
        signing=operations.Signing("12/TB-UBND", "Lê Minh Châu", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN"),
        now=at(day, 15),
    )


def state(row: Feedback) -> str:
    return Feedback.objects.get(pk=row.pk).state


def test_feedback_goes_from_its_sender_to_its_answer(people: People) -> None:
    row = receive(people)
    assert (row.pass_on_by, row.due_on, row.limit_days) == (date(2026, 7, 8), date(2026, 7, 15), 10)
    answer(people, row)
    status = public_feedback.status_of(people.agency.pk, row.code)
    assert [step.kind for step in status.steps] == ["received", "in_hand", "answered"]
    assert (status.answer, status.document_number) == ("Đã thay bóng đèn.", "12/TB-UBND")
    assert "Kính gửi" in str(queries.letter_of(people.chau, row.pk).body)
    assert Entry.objects.filter(subject_type="voices.feedback", subject_id=row.pk).count() == 5


def test_the_journal_holds_no_word_of_the_sender(people: People) -> None:
    row = receive(people)
    answer(people, row)
    told = str(list(Entry.objects.values("subject_label", "before", "after", "reason")))
    for word in ("Sương", "0912", "Thôn Đông", "vidu.vn", "bóng đèn", "Đèn"):
        assert word not in told


def test_who_reads_no_word_of_feedback_does_not_learn_the_code_that_opens_its_answer(people: People) -> None:
    row = receive(
        people, replace(NEW, text="Thái độ của cán bộ", kind="conduct"), (NewFile("a.png", "image/png", PNG),)
    )
    told = str(list(Entry.objects.values("subject_label", "before", "after", "reason")))
    assert row.code not in told
    assert queries.detail(people.dung, row.pk, DAY).sight is Sight.HEAD
    shown = queries.detail(people.dung, row.pk, DAY).row.code
    assert shown == f"•••••{row.code[5:]}"
    assert queries.detail(people.an, row.pk, DAY).row.code == row.code
    period = Period(date(2026, 7, 1), date(2026, 9, 30))
    words = {"way": {row.way: ""}, "kind": {row.kind: ""}, "state": {row.state: ""}}
    assert [line.code for line in queries.register_lines(people.dung, period, DAY, words)] == [shown]
    part = queries.FeedbackFilter(words=row.code[:4])
    assert not queries.feedback_page(people.dung, part, DAY).object_list  # nor by trying sign after sign
    assert queries.feedback_page(people.an, part, DAY).object_list


@pytest.mark.parametrize("field", ["sender_name", "sender_address", "sender_phone", "text", "subject"])
def test_what_the_decree_asks_for_is_asked_for_and_nothing_is_kept_without(
    people: People, field: str
) -> None:
    with pytest.raises(TextMissing) as refused:
        receive(people, replace(NEW, **{field: "  "}))
    assert refused.value.field == field
    assert not Feedback.objects.exists()


def test_the_same_words_of_the_same_sender_are_taken_once(people: People) -> None:
    first = receive(people)
    assert receive(people).pk == first.pk
    assert receive(people, replace(NEW, text="Đèn giữa thôn hỏng")).pk != first.pk


@pytest.mark.parametrize(
    "file",
    [
        NewFile("a.html", "text/html", b"<script>alert(1)</script>"),
        NewFile("a.docx", "application/msword", b"PK\x03\x04" + b"0" * 100),
        NewFile("a.png", "image/png", PNG + b"0" * (10 * 1024 * 1024)),
        NewFile("a.png", "image/svg+xml", PNG),
    ],
    ids=["script", "damaged", "too large", "claimed to be SVG"],
)
def test_hostile_files_are_refused_with_all_that_came_with_them(people: People, file: NewFile) -> None:
    with pytest.raises(FileRefused):
        receive(people, files=(file,))
    assert not Feedback.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_file_is_handed_out_by_the_page_of_its_feedback_alone(people: People) -> None:
    row = receive(people, files=(NewFile("Nguyễn Văn Tèo.png", "image/png", PNG),))
    kept = row.files.get()
    assert kept.name == f"{row.code[-5:]}-1.png"
    assert queries.file_of(people.an, row.pk, kept.pk).data == PNG
    with pytest.raises(StoredFile.DoesNotExist):
        open_file(people.an, kept.pk)
    with pytest.raises(StoredFile.DoesNotExist):
        queries.file_of(people.binh, row.pk, kept.pk)  # not his work
    with pytest.raises(Feedback.DoesNotExist):
        queries.file_of(people.chi, row.pk, kept.pk)


def test_a_photo_goes_on_without_place_and_time_and_is_kept_as_it_came(people: People) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    rest = chunk(b"IDAT", zlib.compress(bytes(2))) + chunk(b"IEND", b"")
    whole = head + chunk(b"tEXt", b"Comment\0GPS 21.33N 103.91E") + rest
    row = receive(people, files=(NewFile("o-ga.png", "image/png", whole),))
    kept = row.files.get()
    assert queries.file_of(people.an, row.pk, kept.pk).data == head + rest
    assert queries.file_of(people.an, row.pk, kept.pk, is_original=True).data == whole


def test_another_agency_finds_nothing(people: People) -> None:
    row = receive(people)
    with pytest.raises(Feedback.DoesNotExist):
        queries.detail(people.chi, row.pk, DAY)
    with pytest.raises(Feedback.DoesNotExist):
        operations.set_aside(actor=people.chi, feedback_id=row.pk, reason="Không", now=at(DAY))
    with pytest.raises(Feedback.DoesNotExist):
        public_feedback.status_of(people.other_agency.pk, row.code)
    assert list(queries.feedback_page(people.chi, queries.FeedbackFilter(), DAY).object_list) == []
    assert state(row) == "new"


def test_who_does_not_deal_with_it_reads_it_without_personal_data(people: People) -> None:
    row = receive(people)
    seen = queries.detail(people.binh, row.pk, DAY, wants_clear=True)
    assert seen.sight is Sight.BLACKENED
    assert BLACK in seen.text
    assert "Sương" not in f"{seen.text}{seen.sender}{seen.row}"
    assert not seen.is_clear
    assert not seen.acts
    full = queries.detail(people.an, row.pk, DAY, wants_clear=True)
    assert full.sender.name == "Lò Thị Sương"
    assert queries.detail(people.an, row.pk, DAY).sender.phone == "09•••678"
    record_access(actor=people.an, what="senders", purpose="web:feedback:detail", on=DAY)


def test_work_of_the_own_unit_is_read_in_full(people: People) -> None:
    row = receive(people)
    classify(people, row)
    assign(people, row)
    assert queries.detail(people.dung, row.pk, DAY).sight is Sight.FULL


def test_feedback_on_conduct_is_never_seen_by_whom_it_is_about(people: People) -> None:
    named = replace(NEW, text="Cán bộ Trần Văn Bình có thái độ hách sạch", kind="conduct")
    row = receive(people, named)
    assert row.concerned == {people.binh.person_id}  # named: kept from him before anybody has looked
    with pytest.raises(Feedback.DoesNotExist):
        queries.detail(people.binh, row.pk, DAY)
    assert not queries.feedback_page(people.binh, queries.FeedbackFilter(), DAY).object_list
    deputy = replace(people.dung, stands_in_for=(people.binh.person_id, "Trần Văn Bình"))
    with pytest.raises(Feedback.DoesNotExist):
        queries.detail(deputy, row.pk, DAY)
    assert queries.detail(people.dung, row.pk, DAY).sight is Sight.HEAD
    classify(people, row, "conduct", people.binh.person_id)
    with pytest.raises(operations.OfficerNotPossible):
        assign(people, row)
    assert state(row) == "new"


def test_whoever_is_named_among_others_reads_no_word_until_somebody_else_says_whom_it_is_about(
    people: People,
) -> None:
    text = "Cán bộ Trần Văn Bình và Nguyễn Thị An có thái độ hách sạch"
    row = receive(people, replace(NEW, text=text, kind="conduct"))
    assert not row.concerned
    assert queries.detail(people.an, row.pk, DAY).sight is Sight.HEAD
    deputy = replace(people.chau, stands_in_for=(people.an.person_id, "Nguyễn Thị An"))
    assert queries.detail(deputy, row.pk, DAY).sight is Sight.HEAD
    with pytest.raises(NotAllowed):
        classify(people, row)
    operations.classify(
        actor=people.chau, feedback_id=row.pk, kind="conduct", field_id=None,
        concerns=[people.binh.person_id], now=at(DAY),
    )  # fmt: skip
    assert queries.detail(people.an, row.pk, DAY).sight is Sight.FULL


def test_feedback_on_the_conduct_of_several_is_seen_by_none_of_them(people: People) -> None:
    row = receive(people, replace(NEW, text="Thái độ của cán bộ một cửa", kind="conduct"))
    operations.classify(
        actor=people.chau, feedback_id=row.pk, kind="conduct", field_id=None,
        concerns=[people.binh.person_id, people.an.person_id], now=at(DAY),
    )  # fmt: skip
    for actor in (people.binh, people.an):
        with pytest.raises(Feedback.DoesNotExist):
            queries.detail(actor, row.pk, DAY)
        assert not queries.feedback_page(actor, queries.FeedbackFilter(), DAY).object_list
        assert not queries.has_feedback(actor)
    assert len(queries.detail(people.chau, row.pk, DAY).concerns) == 2
    with pytest.raises(operations.OfficerNotPossible):
        operations.assign(
            actor=people.chau, feedback_id=row.pk, unit_id=None, officer_id=people.an.person_id, note="",
            now=at(DAY),
        )  # fmt: skip


def merge(people: People, row: Feedback, into: Feedback) -> Feedback:
    return operations.merge(actor=people.an, feedback_id=row.pk, into_id=into.pk, now=at(DAY, 11))


def test_several_who_write_on_one_matter_are_answered_once_and_each_follows_the_own_code(
    people: People,
) -> None:
    first = receive(people)
    second = receive(people, replace(NEW, text="Đèn đầu thôn không sáng", sender_name="Vàng A Páo"))
    classify(people, first)
    classify(people, second)
    assert [pk for pk, _said in queries.merge_choices(people.an, second.pk)] == [first.pk]
    merge(people, second, first)
    assert (state(second), state(first)) == ("merged", "new")
    assert queries.detail(people.an, first.pk, DAY).merged == ((second.pk, second.code),)
    answer(people, first)
    status = public_feedback.status_of(people.agency.pk, second.code)
    assert (status.code, status.state, status.answer) == (second.code, "answered", "Đã thay bóng đèn.")
    assert [step.kind for step in status.steps] == ["received", "in_hand", "answered"]
    assert status.is_merged
    intake.supplement(agency_id=people.agency.pk, code=second.code, text="Vẫn tối", now=at(DAY, 16))
    assert (state(first), state(second)) == ("assigned", "merged")
    found = source("feedback").sums(
        [people.agency.pk], [Period(DAY, DAY)], ["received", "settled"], {}, today=DAY
    )
    assert found[people.agency.pk, Period(DAY, DAY)] == {"received": 1, "settled": 0}
    words: dict[str, dict[str, str]] = {key: defaultdict(str) for key in ("way", "kind", "state", "outcome")}
    lines = queries.register_lines(people.an, Period(DAY, DAY), DAY, words)
    assert [line.in_time for line in lines] == [
        "Trong hạn",
        "–",
    ]  # what counts no more is neither in time nor late


def test_what_was_merged_by_mistake_is_taken_up_again_by_itself(people: People) -> None:
    first, second = receive(people), receive(people, replace(NEW, text="Hố ga mất nắp"))
    classify(people, first)
    classify(people, second)
    merge(people, second, first)
    operations.reopen(actor=people.an, feedback_id=second.pk, reason="Khác việc", now=at(DAY, 12))
    assert (state(second), queries.detail(people.an, first.pk, DAY).merged) == ("new", ())
    assert public_feedback.status_of(people.agency.pk, second.code).state == "new"


@pytest.mark.parametrize("case", ["later", "kind", "itself", "merged", "legal"])
def test_what_is_no_one_matter_is_not_merged(people: People, case: str) -> None:
    first, second = receive(people), receive(people, replace(NEW, text="Đèn đầu thôn không sáng"))
    third = receive(people, replace(NEW, text="Đèn đầu thôn tối om"))
    for row in (first, second, third):
        classify(people, row)
    row, main = second, first
    match case:
        case "later":
            row, main = first, second
        case "kind":
            classify(people, first, "rules")
        case "itself":
            main = second
        case "merged":
            merge(people, second, first)
            row, main = third, second
        case "legal":
            classify(people, first, "complaint")
            classify(people, second, "complaint")
    with pytest.raises(operations.NotOneMatter):
        merge(people, row, main)
    assert state(row) == "new"


def test_whom_one_of_the_merged_is_about_sees_neither(people: People) -> None:
    first = receive(people, replace(NEW, text="Thái độ cán bộ", kind="conduct"))
    second = receive(people, replace(NEW, text="Thái độ cán bộ rất tệ", kind="conduct"))
    classify(people, first, "conduct", people.dung.person_id)
    classify(people, second, "conduct", people.binh.person_id)
    merge(people, second, first)
    for actor in (people.binh, people.dung):
        with pytest.raises(Feedback.DoesNotExist):
            queries.detail(actor, first.pk, DAY)


def test_a_secretary_never_sees_what_is_about_the_secretary(people: People) -> None:
    row = receive(people, replace(NEW, text="Thái độ của cán bộ", kind="conduct"))
    operations.classify(
        actor=people.chau,
        feedback_id=row.pk,
        kind="conduct",
        field_id=None,
        concerns=[people.an.person_id],
        now=at(DAY),
    )
    with pytest.raises(Feedback.DoesNotExist):
        queries.detail(people.an, row.pk, DAY)
    assert not queries.work_list(people.an, DAY)


def test_a_denunciation_is_read_by_leaders_and_who_received_it(people: People) -> None:
    words = replace(NEW, text="Tôi tố cáo việc thu tiền sai", kind="other")
    row = intake.receive(actor=people.binh, new=words, way="paper", received_on=DAY, files=(), now=at(DAY))
    assert row.kind == "denunciation"
    seen = {
        name: queries.detail(actor, row.pk, DAY).sight
        for name, actor in (
            ("an", people.an),
            ("binh", people.binh),
            ("chau", people.chau),
            ("dung", people.dung),
        )
    }
    assert seen == {"an": Sight.HEAD, "binh": Sight.FULL, "chau": Sight.FULL, "dung": Sight.HEAD}
    assert queries.detail(people.an, row.pk, DAY).text == ""
    page = queries.feedback_page(people.dung, queries.FeedbackFilter(words="thu tiền"), DAY)
    assert not page.object_list  # words are not looked for in what is not read


def test_complaints_and_denunciations_are_routed_and_never_answered(people: People) -> None:
    row = receive(people, replace(NEW, text="Tôi tố cáo việc thu tiền sai"))
    with pytest.raises(operations.WrongTrack):
        operations.pass_on(
            actor=people.chau, feedback_id=row.pk, to="Sở A", document_number="", note="", now=at(DAY)
        )
    operations.route(
        actor=people.chau, feedback_id=row.pk, kind="denunciation", to="Chánh Thanh tra tỉnh", now=at(DAY)
    )
    status = public_feedback.status_of(people.agency.pk, row.code)
    assert [(step.kind, step.text) for step in status.steps][-1] == ("routed_denunciation", "")
    assert "Thanh tra" not in str(status)
    with pytest.raises(intake.NothingToSay):
        intake.supplement(agency_id=people.agency.pk, code=row.code, text="Thêm", now=at(DAY))


def test_what_another_body_is_competent_for_is_passed_on_and_the_sender_reads_to_whom(people: People) -> None:
    row = receive(people)
    classify(people, row)
    operations.pass_on(
        actor=people.an,
        feedback_id=row.pk,
        to="Sở Xây dựng",
        document_number="7/UBND",
        note="Gấp",
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        now=at(DAY),
    )
    assert queries.detail(people.an, row.pk, DAY).has_letter
    slip = queries.letter_of(people.an, row.pk)
    said = str(slip.body)
    assert (slip.kind, slip.letterhead.number, slip.signature.name) == (
        "Phiếu chuyển",
        "7/UBND",
        "Lê Minh Châu",
    )
    assert all(word in said for word in ("Sở Xây dựng", "Lò Thị Sương", "0912345678", "Đèn đầu thôn hỏng"))
    assert "Gấp" not in said  # an internal note
    status = public_feedback.status_of(people.agency.pk, row.code)
    assert status.steps[-1].text == "Sở Xây dựng"
    assert "Gấp" not in str(status)


@pytest.mark.parametrize("act", ["assign", "approve", "save_answer"])
def test_an_act_out_of_turn_or_rank_changes_nothing(people: People, act: str) -> None:
    row = receive(people)
    before = (state(row), FeedbackStep.objects.count(), Entry.objects.count())

    def do() -> None:
        if act == "assign":
            assign(people, row)
        elif act == "approve":
            signing = operations.Signing("", "A", "", "")
            operations.approve_answer(actor=people.chau, feedback_id=row.pk, signing=signing, now=at(DAY))
        else:
            operations.save_answer(
                actor=people.binh, feedback_id=row.pk, answer="Đã sửa", submits=False, now=at(DAY)
            )

    with pytest.raises((NotAllowed, NotPossible, operations.KindNotSaid)):
        do()
    assert (state(row), FeedbackStep.objects.count(), Entry.objects.count()) == before


def test_nobody_approves_the_own_draft(people: People) -> None:
    Membership.objects.create(agency=people.agency, person_id=people.chau.person_id, role=Role.SECRETARY)
    chau = replace(people.chau, roles=frozenset({Role.CHAIRMAN, Role.SECRETARY}))
    row = receive(people)
    classify(people, row)
    assign(people, row)
    operations.save_answer(actor=chau, feedback_id=row.pk, answer="Đã sửa", submits=True, now=at(DAY))
    with pytest.raises(operations.OwnDraft):
        operations.approve_answer(
            actor=chau, feedback_id=row.pk, signing=operations.Signing("", "A", "", ""), now=at(DAY)
        )
    assert state(row) == "drafted"
    assert "approve" not in queries.detail(chau, row.pk, DAY).acts


def test_a_senders_supplement_opens_what_was_answered_in_time_with_new_days(people: People) -> None:
    row = receive(people)
    answer(people, row)
    intake.supplement(
        agency_id=people.agency.pk, code=row.code, text="Đèn lại hỏng", now=at(date(2026, 8, 3))
    )
    again = Feedback.objects.get(pk=row.pk)
    assert (again.state, again.due_on, again.settled_at) == ("assigned", date(2026, 8, 17), None)
    status = public_feedback.status_of(people.agency.pk, row.code)
    assert "Đèn lại hỏng" not in str(status)
    assert status.steps[-1].kind == "reopened"


def test_what_was_late_stays_late_when_its_sender_opens_it_again(people: People) -> None:
    row = receive(people)
    answer(people, row, day=date(2026, 7, 20))
    intake.supplement(
        agency_id=people.agency.pk, code=row.code, text="Đèn lại hỏng", now=at(date(2026, 8, 3))
    )
    assert Feedback.objects.get(pk=row.pk).due_on == date(2026, 7, 15)


def test_an_answer_is_public_only_without_what_looks_like_personal_data(people: People) -> None:
    row = receive(people)
    answer(people, row)
    proposed = queries.publication_of(people.an, row.pk)
    assert "Sương" not in proposed.text
    assert {what for what, _text in proposed.found} == {"known"}

    moments = iter(at(DAY, hour) for hour in range(9, 17))

    def publish(text: str, **said: bool) -> None:
        values = {"was_read_again": True, "allows_found": False, **said}
        operations.publish(
            actor=people.an, feedback_id=row.pk, text=text, answer="Đã thay.", now=next(moments), **values
        )

    with pytest.raises(operations.NotReadAgain):
        publish("Đèn hỏng", was_read_again=False)
    with pytest.raises(operations.PersonalDataLeft) as refused:
        publish("Đèn trước nhà ông Trần Bé hỏng")
    assert refused.value.found == ("Trần Bé",)
    assert not public_feedback.published(people.agency.pk).object_list
    publish("Đèn đầu thôn hỏng")
    assert [
        each.text for each in public_feedback.published(people.agency.pk, words="den dau").object_list
    ] == ["Đèn đầu thôn hỏng"]
    publish("Đèn giữa thôn hỏng")
    found = [public_feedback.published(people.agency.pk, words=words) for words in ("den dau", "giua thon")]
    assert [page.paginator.count for page in found] == [0, 1]  # what was public before is found no more
    operations.unpublish(actor=people.chau, feedback_id=row.pk, reason="Lộ thông tin", now=at(DAY))
    assert not public_feedback.published(people.agency.pk).object_list
    assert not public_feedback.published(people.other_agency.pk).object_list


def test_a_limit_of_the_agency_dates_open_feedback_anew_and_leaves_settled_alone(people: People) -> None:
    field = Field.objects.create(agency=people.agency, key="dat dai", name="Đất đai")
    settled, open_one = receive(people), receive(people, replace(NEW, text="Đất bị lấn", field_id=field.pk))
    answer(people, settled)
    operations.set_limit(
        actor=people.an,
        kind="",
        field_id=None,
        working_days=5,
        valid_from=date(2026, 6, 1),
        source="Quy chế",
        now=at(DAY),
    )
    assert Feedback.objects.get(pk=open_one.pk).due_on == date(2026, 7, 8)
    assert Feedback.objects.get(pk=settled.pk).due_on == date(2026, 7, 15)
    with pytest.raises(operations.LimitNotPossible):
        operations.set_limit(
            actor=people.an, kind="", field_id=None, working_days=0, valid_from=DAY, source="", now=at(DAY)
        )
    with pytest.raises(NotAllowed):
        operations.set_limit(
            actor=people.dung, kind="", field_id=None, working_days=3, valid_from=DAY, source="", now=at(DAY)
        )
    assert FeedbackLimit.objects.count() == 1


@pytest.mark.parametrize("day", [date.min, date(1987, 1, 1), date.max])
def test_a_limit_does_not_begin_on_a_mistyped_day(people: People, day: date) -> None:
    with pytest.raises(operations.LimitNotPossible):
        operations.set_limit(
            actor=people.an, kind="", field_id=None, working_days=5, valid_from=day, source="", now=at(DAY)
        )
    assert not FeedbackLimit.objects.exists()


def test_a_day_off_decided_later_moves_the_last_day_of_what_is_open(people: People) -> None:
    row = receive(people)
    CalendarDay.objects.create(agency=people.agency, day=date(2026, 7, 9), kind="off", name="Ngày hội")
    assert operations.redate(agency_id=people.agency.pk, now=at(DAY)) == 1
    assert Feedback.objects.get(pk=row.pk).due_on == date(2026, 7, 16)
    assert operations.redate(agency_id=people.agency.pk, now=at(DAY)) == 0


def test_reminders_come_once_and_what_is_overdue_goes_before_the_leaders(people: People) -> None:
    row = receive(people)
    classify(people, row)
    assign(people, row)
    agency = people.agency.pk
    assert operations.remind(agency_id=agency, now=at(date(2026, 7, 2))) == (0, 0)
    assert operations.remind(agency_id=agency, now=at(date(2026, 7, 13))) == (1, 0)
    assert operations.remind(agency_id=agency, now=at(date(2026, 7, 14))) == (0, 0)
    assert operations.remind(agency_id=agency, now=at(date(2026, 7, 16))) == (0, 1)
    late = date(2026, 7, 16)
    for actor in (people.an, people.binh, people.chau):
        waiting = queries.waiting_for(actor, late)
        assert waiting is not None
        assert waiting.overdue == 1
    outsider = actor_of(make_person(people.agency, "Đỗ Văn Em", "em", Role.OFFICER), people.agency)
    assert queries.waiting_for(outsider, late) is None


def test_the_portals_export_comes_in_once_and_names_the_rows_it_does_not_take(people: People) -> None:
    data = (
        "Mã phản ánh;Ngày gửi;Tiêu đề;Nội dung;Họ tên người gửi;Điện thoại;Phân loại\n"
        "PA-1;05/06/2026;Rác;Rác tồn đọng;Lò Thị Sương;0912345678;Phản ánh khác\n"
        "PA-2;31/02/2026;Đường;Đường lún;;;\n"
        ";06/06/2026;Nước;Nước đục;;;\n"
        "PA-3;08/06/2026 14:30;Thu tiền;Tôi tố cáo thu sai;Vi Thị A;;\n"
        "PA-4;08/06/0206;Chợ;Chợ họp sớm;;;\n"
    ).encode()

    def bring() -> intake.Imported:
        return intake.import_portal(actor=people.an, data=data, name="pakn.csv", now=at(DAY))

    first = bring()
    assert (first.new, first.known, [each.row for each in first.refused]) == (2, 0, [3, 4, 6])
    assert (bring().new, bring().known) == (0, 2)
    assert dict(Feedback.objects.values_list("portal_code", "kind")) == {
        "PA-1": "other",
        "PA-3": "denunciation",
    }
    with pytest.raises(ColumnsMissing):
        intake.import_portal(actor=people.an, data=b"A;B\n1;2\n", name="x.csv", now=at(DAY))


def test_who_looks_from_above_reads_nothing_that_tells_who(people: People) -> None:
    row = receive(people)
    above = Actor(
        person_id=people.chi.person_id,
        name="Chi",
        agency_id=people.agency.pk,
        roles=frozenset({Role.INSPECTOR}),
        scope=Scope.BELOW,
    )
    seen = queries.detail(above, row.pk, DAY, wants_clear=True)
    assert "Sương" not in str(seen)
    assert not seen.acts


@pytest.mark.parametrize("words", ["den duong", "ĐÈN đường", "đương hong", "0912 den", "dan den"])
def test_feedback_is_found_however_marks_are_typed(people: People, words: str) -> None:
    text = unicodedata.normalize("NFD", "Đèn đường hỏng")
    row = receive(people, replace(NEW, text=text, sender_name="Trần Văn Dân", sender_phone="0912 000.000"))
    receive(people, replace(NEW, subject="Rác", text="Chợ bẩn"))
    page = queries.feedback_page(people.an, queries.FeedbackFilter(words=words), DAY)
    assert [each.id for each in page.object_list] == [row.pk]


def test_lists_take_a_constant_number_of_statements(
    people: People, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        receive(people, replace(NEW, text=f"Đèn số {number} hỏng"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        queries.feedback_page(people.an, queries.FeedbackFilter(words="den"), DAY)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        queries.work_list(people.an, DAY)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        queries.waiting_for(people.an, DAY)


class TestSending:
    """Who called, wrote on paper or came is told the outcome by somebody, and that it was done is noted."""

    PAPER = replace(NEW, sender_email="")

    def received(self, people: People, way: str = "paper", new: NewFeedback = PAPER) -> Feedback:
        return intake.receive(
            actor=people.an, new=new, way=way, received_on=DAY, files=(), now=at(DAY)
        )  # fmt: skip

    def unsent(self, actor: Actor, day: date = date(2026, 7, 7)) -> list[int]:
        groups = {group.key: [row.id for row in group.rows] for group in queries.work_list(actor, day)}
        waiting = queries.waiting_for(actor, day)
        assert (waiting.to_send if waiting else 0) == len(groups.get("to_send", []))
        return groups.get("to_send", [])

    def sent(self, people: People, row: Feedback, day: date = date(2026, 7, 7), how: str = "post") -> None:
        feedback_sent.note_sent(
            actor=people.an, feedback_id=row.pk, how=how, sent_on=day, note="RB 123 VN", now=at(date(2026, 7, 8))
        )  # fmt: skip

    def test_an_answer_to_a_letter_waits_until_its_sending_is_noted(self, people: People) -> None:
        row = self.received(people)
        assert self.unsent(people.an) == []  # there is no outcome yet
        answer(people, row)
        assert self.unsent(people.an) == [row.pk]
        assert queries.detail(people.an, row.pk, date(2026, 7, 7)).is_to_be_sent
        self.sent(people, row)
        assert self.unsent(people.an) == []
        found = queries.detail(people.an, row.pk, date(2026, 7, 8))
        assert not found.is_to_be_sent
        assert (found.steps[-1].kind, found.steps[-1].text) == ("sent_post", "2026-07-07\nRB 123 VN")
        last = public_feedback.status_of(people.agency.pk, row.code).steps[-1]
        assert (last.kind, last.on, last.text) == (
            "sent_post",
            date(2026, 7, 7),
            "",
        )  # the note is not for the sender
        assert Entry.objects.get(verb="feedback.sent").after == {"told_by": "post", "told_on": "2026-07-07"}

    def test_who_wrote_on_the_page_or_left_no_address_is_not_waited_for(self, people: People) -> None:
        answer(people, receive(people))
        nameless = replace(self.PAPER, sender_name="", sender_address="", sender_phone="")
        answer(people, self.received(people, "phone", nameless))
        assert self.unsent(people.an) == []
        answer(people, self.received(people, "phone"))
        assert len(self.unsent(people.an)) == 1
        assert self.unsent(people.an, date(2026, 12, 1)) == []  # of long ago nobody is reminded

    def test_a_day_before_the_outcome_or_to_come_is_refused(self, people: People) -> None:
        row = self.received(people)
        with pytest.raises(NotPossible):
            self.sent(people, row)
        answer(people, row)
        for day in (date(2026, 7, 5), date(2026, 7, 9)):
            with pytest.raises(feedback_sent.SendingNotPossible) as refused:
                self.sent(people, row, day)
            assert refused.value.field == "sent_on"
        assert not Entry.objects.filter(verb="feedback.sent").exists()

    def test_what_is_answered_anew_is_sent_anew(self, people: People) -> None:
        row = self.received(people)
        answer(people, row)
        self.sent(people, row)
        operations.reopen(
            actor=people.an, feedback_id=row.pk, reason="Đèn lại hỏng", now=at(date(2026, 7, 9))
        )
        answer(people, row, date(2026, 7, 10))
        assert self.unsent(people.an, date(2026, 7, 13)) == [row.pk]

    def test_the_sender_of_merged_feedback_is_told_the_outcome_of_the_other(self, people: People) -> None:
        first, second = receive(people), self.received(people)
        for row in (first, second):
            classify(people, row)
        merge(people, second, first)
        assert self.unsent(people.an) == []
        with pytest.raises(feedback_sent.SendingNotPossible):
            self.sent(people, second)
        answer(people, first)
        assert self.unsent(people.an) == [second.pk]
        self.sent(people, second, how="phone")
        assert self.unsent(people.an) == []
        assert public_feedback.status_of(people.agency.pk, second.code).steps[-1].kind == "sent_phone"
        assert public_feedback.status_of(people.agency.pk, first.code).steps[-1].kind == "answered"

    def test_who_dealt_with_it_is_reminded_and_who_may_not_read_it_notes_nothing(
        self, people: People
    ) -> None:
        own, others = self.received(people), self.received(people)
        answer(people, own)  # the work of Bình's unit
        operations.set_aside(actor=people.an, feedback_id=others.pk, reason="Không rõ nơi", now=at(DAY, 10))
        assert self.unsent(people.binh) == [own.pk]
        assert self.unsent(people.an) == [others.pk, own.pk]
        for actor, refused in (
            (people.binh, NotAllowed),
            (people.chau, NotAllowed),
            (people.chi, Feedback.DoesNotExist),
        ):
            with pytest.raises(refused):
                feedback_sent.note_sent(
                    actor=actor, feedback_id=others.pk, how="post", sent_on=DAY, note="", now=at(DAY, 11)
                )  # fmt: skip
        assert not Entry.objects.filter(verb="feedback.sent").exists()


class TestWhatWasFoundOut:
    """Of feedback on conduct or rules it is said, dated and with what it rests on, whether it was justified."""

    @staticmethod
    def drafted(people: People, kind: str, found: operations.Found, *, submits: bool = True) -> Feedback:
        row = receive(people)
        classify(people, row, kind)
        assign(people, row)
        return operations.save_answer(
            actor=people.binh,
            feedback_id=row.pk,
            answer="Quầy dừng mà không báo; Trung tâm xin lỗi.",
            found=found,
            submits=submits,
            now=at(date(2026, 7, 3)),
        )

    @staticmethod
    def approve(people: People, row: Feedback) -> Feedback:
        signing = operations.Signing("", "Lê Minh Châu", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
        return operations.approve_answer(
            actor=people.chau, feedback_id=row.pk, signing=signing, now=at(date(2026, 7, 6))
        )

    @pytest.mark.parametrize("kind", ["conduct", "rules"])
    def test_no_answer_on_conduct_or_rules_goes_up_without_it(self, people: People, kind: str) -> None:
        with pytest.raises(operations.OutcomeMissing) as refused:
            self.drafted(people, kind, operations.NOTHING_FOUND)
        assert refused.value.field == "outcome"
        with pytest.raises(operations.OutcomeMissing) as refused:
            self.drafted(people, kind, operations.Found("justified", "  "))
        assert refused.value.field == "outcome_reason"
        assert self.drafted(people, kind, operations.NOTHING_FOUND, submits=False).state == "assigned"

    def test_other_feedback_may_go_without(self, people: People) -> None:
        row = self.approve(people, self.drafted(people, "other", operations.NOTHING_FOUND))
        assert (row.state, row.outcome, row.outcome_on) == ("answered", "", None)

    def test_what_nobody_knows_is_no_outcome(self, people: People) -> None:
        with pytest.raises(ValueError, match="perhaps"):
            self.drafted(people, "rules", operations.Found("perhaps", "x"))

    def test_it_is_dated_by_the_approval_and_kept_in_the_history(self, people: People) -> None:
        row = self.drafted(people, "conduct", operations.Found("partly_justified", "Đã nghe hai người trực."))
        assert (row.outcome, row.outcome_on) == ("partly_justified", None)
        row = self.approve(people, row)
        assert row.outcome_on == date(2026, 7, 6)
        page = queries.detail(people.an, row.pk, DAY)
        assert (page.outcome, page.outcome_reason) == ("partly_justified", "Đã nghe hai người trực.")
        step = row.steps.get(kind="found_partly_justified")
        assert (step.text, step.is_public) == ("Đã nghe hai người trực.", False)
        said = Entry.objects.get(verb="feedback.answered")
        assert said.after["feedback_outcome"] == "partly_justified"
        assert "nghe hai" not in json.dumps([each.after for each in Entry.objects.all()], default=str)

    def test_one_drafted_before_it_was_asked_for_goes_back(self, people: People) -> None:
        row = self.drafted(people, "rules", operations.Found("justified", "Đã xem hồ sơ."))
        Feedback.objects.filter(pk=row.pk).update(outcome="", outcome_reason="")
        with pytest.raises(operations.OutcomeMissing):
            self.approve(people, row)
        assert state(row) == "drafted"

    def test_taking_it_up_again_leaves_it_a_draft(self, people: People) -> None:
        row = self.approve(
            people, self.drafted(people, "rules", operations.Found("justified", "Đã xem hồ sơ."))
        )
        row = operations.reopen(
            actor=people.an, feedback_id=row.pk, reason="Có chứng cứ mới", now=at(date(2026, 7, 8))
        )
        assert (row.outcome, row.outcome_on) == ("justified", None)

    def test_lists_and_register_tell_it_once_it_is_approved(self, people: People) -> None:
        row = self.drafted(people, "rules", operations.Found("justified", "Đã xem hồ sơ."))
        wanted = queries.FeedbackFilter(standing="justified")
        words = {
            "kind": dict.fromkeys(["rules"], "Quy định"),
            "way": dict.fromkeys(["web"], "Trang"),
            "state": dict.fromkeys(["answered", "drafted"], "Xong"),
            "outcome": {"justified": "Đúng"},
        }
        year = Period(date(2026, 1, 1), date(2026, 12, 31))
        assert not queries.feedback_page(people.an, wanted, DAY).object_list
        assert queries.register_lines(people.an, year, DAY, words)[0].outcome == ""
        self.approve(people, row)
        assert [each.id for each in queries.feedback_page(people.an, wanted, DAY).object_list] == [row.pk]
        assert queries.register_lines(people.an, year, DAY, words)[0].outcome == "Đúng"

    def test_the_reason_is_for_who_reads_the_feedback_in_full(self, people: People) -> None:
        row = self.approve(
            people, self.drafted(people, "conduct", operations.Found("justified", "Đã nghe chị Hoa."))
        )
        other = make_person(
            people.agency,
            "Vi Văn Tá",
            "ta",
            Role.OFFICER,
            people.agency.units.exclude(pk__in=people.binh.unit_ids).first(),
        )
        seen = queries.detail(actor_of(other, people.agency), row.pk, DAY)
        assert seen.sight is Sight.HEAD
        assert (seen.outcome, seen.outcome_reason) == ("justified", "")


@pytest.mark.parametrize("standing", FEEDBACK.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, standing: str) -> None:
    main, row = receive(people), receive(people)
    for each in (main, row):
        classify(people, each)
        assign(people, each)
    operations.save_answer(
        actor=people.binh, feedback_id=row.pk, answer="Đã thay bóng.", submits=True, now=at(DAY)
    )
    Feedback.objects.filter(pk=row.pk).update(state=standing)
    same: dict[str, Any] = {"feedback_id": row.pk, "now": at(date(2026, 7, 6))}
    signing = operations.Signing("", "Lê Minh Châu", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
    words: dict[str, Any] = {
        "text": "Đèn hỏng",
        "answer": "Đã thay",
        "was_read_again": True,
        "allows_found": True,
    }
    acts: dict[str, Any] = {
        "classify": lambda: operations.classify(
            actor=people.an, kind="rules", field_id=None, concerns=(), **same
        ),
        "assign": lambda: operations.assign(
            actor=people.an, unit_id=min(people.binh.unit_ids), officer_id=None, note="", **same
        ),
        "pass_on": lambda: operations.pass_on(
            actor=people.an, to="Sở Y tế", document_number="", note="", **same
        ),
        "route": lambda: operations.route(actor=people.an, kind="complaint", to="Tiếp dân", **same),
        "set_aside": lambda: operations.set_aside(actor=people.an, reason="Trùng", **same),
        "merge": lambda: operations.merge(actor=people.an, into_id=main.pk, **same),
        "save_answer": lambda: operations.save_answer(actor=people.binh, answer="a", submits=False, **same),
        "submit": lambda: operations.save_answer(actor=people.binh, answer="a", submits=True, **same),
        "return": lambda: operations.return_answer(actor=people.chau, reason="Thiếu", **same),
        "approve": lambda: operations.approve_answer(actor=people.chau, signing=signing, **same),
        "reopen": lambda: operations.reopen(actor=people.an, reason="Có chứng cứ", **same),
        "note_sent": lambda: feedback_sent.note_sent(
            actor=people.an, how="post", sent_on=date(2026, 7, 6), note="", **same
        ),
        "publish": lambda: operations.publish(actor=people.chau, **words, **same),
        "unpublish": lambda: operations.unpublish(actor=people.chau, reason="Sai", **same),
    }
    # What a sender adds takes up again what is settled, which is another act of the table, and is no act of the staff.
    assert set(acts) | {"supplement"} == {act for each in FEEDBACK.states for act in FEEDBACK.acts(each)}
    before = Entry.objects.count()
    for act in set(acts) - FEEDBACK.acts(standing):
        with pytest.raises(NotPossible):
            acts[act]()
    assert (state(row), Entry.objects.count()) == (standing, before)


def test_what_is_public_is_taken_back_while_it_is_taken_up_again(people: People) -> None:
    row = receive(people)
    answer(people, row)
    same: dict[str, Any] = {"feedback_id": row.pk, "now": at(date(2026, 7, 8))}
    operations.publish(
        actor=people.chau, text="Đèn hỏng", answer="Đã thay", was_read_again=True, allows_found=True, **same
    )
    operations.reopen(actor=people.an, reason="Đèn lại hỏng", **same)
    assert "unpublish" in queries.detail(people.chau, row.pk, DAY).acts
    assert "unpublish" not in queries.detail(people.binh, row.pk, DAY).acts
    row = operations.unpublish(actor=people.chau, reason="Không còn đúng", **same)
    assert (row.state, row.withdrawn_at is not None) == ("assigned", True)
    assert "unpublish" not in queries.detail(people.chau, row.pk, DAY).acts
