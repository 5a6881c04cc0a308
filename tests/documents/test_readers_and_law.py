"""Who reads an edition, who comes later, and what a change of the law asks of documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from camket.core.controlled import Amendment
from camket.core.workflow import NotPossible
from camket.documents.models import ChangeReview, Citation, LegalChange, LegalText, Receipt
from camket.documents.operations import editions, legal, readers
from camket.documents.operations.legal import Cited, LegalRefused, ListRefused, TextData
from camket.documents.operations.readers import DistributionRefused
from camket.documents.queries import controlled as queries
from camket.documents.queries import legal as texts
from camket.documents.queries.legal import WantedTexts
from camket.documents.queries.readers import readers_of
from camket.journal.models import Entry
from camket.notifications.models import Notification
from camket.org.models import Role
from camket.org.policy import NotAllowed
from camket.paper.sheets import write_sheet
from controlled_documents import add, approve, in_effect, issue
from people import TODAY, People, actor_of, make_person
from work import NOW, at, unit_of

DUE = date(2026, 7, 10)


def give(people: People, edition_id: int, *units: int, read_by: date | None = DUE) -> int:
    return readers.distribute(
        actor=people.an, edition_id=edition_id, unit_ids=units, read_by=read_by, now=NOW
    )


def unread(edition_id: int) -> set[int]:
    rows = Receipt.objects.filter(edition_id=edition_id, read_at=None)
    return set(rows.values_list("person_id", flat=True))


def text(people: People, number: str = "118/2025/NĐ-CP", **more: object) -> LegalText:
    data = TextData(**{"number": number, "title": "Về cơ chế một cửa", **more})  # type: ignore[arg-type]
    return legal.save_text(actor=people.an, data=data, now=NOW)


def cite(people: People, document_id: int, *found: LegalText) -> None:
    legal.cite(
        actor=people.an,
        document_id=document_id,
        cited=[Cited(each.pk, "Điều 4") for each in found],
        today=TODAY,
    )


def change(people: People, changed: LegalText, by: LegalText | None, kind: str = "amends") -> LegalChange:
    return legal.note_change(
        actor=people.an,
        text_id=changed.pk,
        kind=kind,
        by_id=by.pk if by else None,
        on=date(2026, 6, 30),
        now=NOW,
    )


def test_it_goes_to_the_people_of_the_units_and_its_makers_have_read_it(people: People) -> None:
    edition = in_effect(people)
    assert give(people, edition.pk, unit_of(people, 0).pk, unit_of(people, 1).pk) == 3
    assert unread(edition.pk) == {people.binh.person_id, people.dung.person_id}
    assert give(people, edition.pk, unit_of(people, 0).pk, unit_of(people, 1).pk) == 0
    told = Notification.objects.filter(topic="document", key=f"edition:{edition.pk}:given")
    assert set(told.values_list("person_id", flat=True)) == {people.binh.person_id, people.dung.person_id}


def test_given_to_all_it_goes_to_everybody_of_the_agency_and_nobody_of_another(people: People) -> None:
    edition = in_effect(people)
    make_person(people.agency, "Ngô Minh Quang", "quang", Role.ADMINISTRATOR)
    assert give(people, edition.pk) == 4
    assert not Receipt.objects.filter(person_id=people.chi.person_id).exists()


def test_read_and_understood_is_said_once_and_by_each_alone(people: People) -> None:
    edition = in_effect(people)
    give(people, edition.pk)
    first = readers.confirm_read(actor=people.binh, edition_id=edition.pk, now=NOW)
    before = Entry.objects.count()
    again = readers.confirm_read(actor=people.binh, edition_id=edition.pk, now=at(DUE))
    assert (again.read_at, Entry.objects.count()) == (first.read_at, before)
    assert not queries.to_read(people.binh, TODAY)
    assert [each.edition_id for each in queries.to_read(people.dung, DUE + timedelta(days=1))] == [edition.pk]
    with pytest.raises(DistributionRefused):
        readers.confirm_read(
            actor=type(people.an)(**{**_fields(people.an), "stands_in_for": (people.dung.person_id, "Dũng")}),
            edition_id=edition.pk,
            now=NOW,
        )
    assert people.dung.person_id in unread(edition.pk)


def _fields(actor: object) -> dict[str, object]:
    return {name: getattr(actor, name) for name in type(actor).__dataclass_fields__}  # type: ignore[attr-defined]


def test_only_what_is_in_effect_is_given_out_and_read(people: People) -> None:
    draft = add(people)
    with pytest.raises(NotPossible):
        give(people, draft.pk)
    with pytest.raises(NotPossible):
        readers.confirm_read(actor=people.binh, edition_id=draft.pk, now=NOW)
    with pytest.raises(DistributionRefused):
        give(people, in_effect(people).pk, read_by=TODAY - timedelta(days=1))
    assert not Receipt.objects.exists()


def test_who_comes_to_a_unit_later_gets_what_is_in_effect_there(people: People) -> None:
    edition = in_effect(people)
    give(people, edition.pk, unit_of(people, 1).pk)
    new = make_person(people.agency, "Lê Kim Ngân", "ngan", Role.OFFICER, unit_of(people, 1))
    make_person(people.agency, "Bùi Đức Hạnh", "hanh", Role.OFFICER, unit_of(people, 2))
    assert readers.give_to_newcomers(agency_id=people.agency.pk, now=NOW) == 1
    assert readers.give_to_newcomers(agency_id=people.agency.pk, now=NOW) == 0
    assert new.pk in unread(edition.pk)


def test_the_newer_edition_goes_to_who_was_given_the_older(people: People) -> None:
    first = in_effect(people)
    give(people, first.pk, unit_of(people, 1).pk)
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=True,
        amendments=[Amendment("", "Viết lại")],
        now=NOW,
    )
    approve(people, second)
    issue(people, second)
    assert unread(second.pk) == {people.binh.person_id, people.dung.person_id}
    assert not [each for each in queries.to_read(people.binh, TODAY) if each.edition_id == first.pk]


def test_a_reminder_reaches_who_has_not_read_once_a_day(people: People) -> None:
    edition = in_effect(people)
    give(people, edition.pk)
    readers.confirm_read(actor=people.binh, edition_id=edition.pk, now=NOW)
    assert readers.remind_readers(actor=people.an, edition_id=edition.pk, now=NOW) == 1
    assert readers.remind_readers(actor=people.an, edition_id=edition.pk, now=NOW) == 0
    with pytest.raises(NotAllowed):
        readers.remind_readers(actor=people.binh, edition_id=edition.pk, now=NOW)


def test_who_has_not_read_stands_first(people: People) -> None:
    edition = in_effect(people)
    give(people, edition.pk, unit_of(people, 1).pk)
    readers.confirm_read(actor=people.binh, edition_id=edition.pk, now=NOW)
    rows = readers_of(people.an, edition.pk, DUE + timedelta(days=1))
    assert [(each.name, each.read_at is None, each.is_late) for each in rows] == [
        ("Phạm Tiến Dũng", True, True),
        ("Trần Văn Bình", False, False),
    ]


def test_a_review_that_comes_due_is_told_once(people: People) -> None:
    in_effect(people, review_months=6)
    now = at(date(2026, 12, 20))
    assert readers.tell_reviews_due(agency_id=people.agency.pk, now=NOW) == 0
    assert readers.tell_reviews_due(agency_id=people.agency.pk, now=now) == 1
    assert readers.tell_reviews_due(agency_id=people.agency.pk, now=now) == 0


# The law


def test_a_change_lists_the_documents_that_rest_on_the_text_with_their_last_day(people: People) -> None:
    cited, other = in_effect(people), in_effect(people, kind="guide", title="Hướng dẫn")
    law, newer = text(people), text(people, "367/2025/NĐ-CP")
    cite(people, cited.document_id, law)
    found = change(people, law, newer)
    assert found.due_on == date(2026, 9, 30)
    (review,) = ChangeReview.objects.all()
    assert review.document_id == cited.document_id != other.document_id
    assert [each.due_on for each in queries.waiting_for(people.an, TODAY).changes] == [found.due_on]
    with pytest.raises(LegalRefused):
        change(people, law, newer)
    assert LegalChange.objects.count() == 1


def test_a_new_edition_answers_the_change_on_the_day_it_takes_effect(people: People) -> None:
    first = in_effect(people)
    law = text(people)
    cite(people, first.document_id, law)
    change(people, law, text(people, "367/2025/NĐ-CP"))
    review = ChangeReview.objects.get()
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=False,
        amendments=[Amendment("", "Theo nghị định mới")],
        review_id=review.pk,
        now=NOW,
    )
    approve(people, second)
    review.refresh_from_db()
    assert (review.edition_id, review.done_on) == (second.pk, None)
    issue(people, second)
    review.refresh_from_db()
    assert review.done_on == TODAY


@pytest.mark.parametrize(
    ("kind", "rests_on"),
    [
        ("amends", [("118/2025/NĐ-CP", "Điều 4"), ("61/2018/NĐ-CP", "Điều 4")]),
        ("replaces", [("367/2025/NĐ-CP", ""), ("61/2018/NĐ-CP", "Điều 4")]),
        ("ends", [("61/2018/NĐ-CP", "Điều 4")]),
    ],
)
def test_a_document_rests_on_what_replaced_its_text_once_an_edition_brings_it_in(
    people: People, kind: str, rests_on: list[tuple[str, str]]
) -> None:
    first = in_effect(people)
    law, other, newer = text(people), text(people, "61/2018/NĐ-CP"), text(people, "367/2025/NĐ-CP")
    cite(people, first.document_id, law, other)
    change(people, law, newer, kind)
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=False,
        amendments=[Amendment("", "Theo nghị định mới")],
        review_id=ChangeReview.objects.get().pk,
        now=NOW,
    )
    approve(people, second)
    cited = Citation.objects.filter(document_id=first.document_id).order_by("legal_text__number")
    said = cited.values_list("legal_text__number", "part")
    assert list(said.all()) == [("118/2025/NĐ-CP", "Điều 4"), ("61/2018/NĐ-CP", "Điều 4")]
    issue(people, second)
    assert sorted(said.all()) == sorted(rests_on)
    assert Entry.objects.filter(verb="controlled_document.cited").count() == 1 + (kind != "amends")
    assert ChangeReview.objects.count() == 1
    shown = queries.document(people.an, first.document_id, TODAY)
    assert not any(each.is_over for each in shown.cited)


def test_a_reason_answers_it_as_well_and_only_once(people: People) -> None:
    edition = in_effect(people)
    law = text(people)
    cite(people, edition.document_id, law)
    change(people, law, text(people, "367/2025/NĐ-CP"))
    review = ChangeReview.objects.get()
    with pytest.raises(LegalRefused):
        legal.say_not_needed(actor=people.an, review_id=review.pk, reason=" ", today=TODAY)
    with pytest.raises(ChangeReview.DoesNotExist):
        legal.say_not_needed(actor=people.chi, review_id=review.pk, reason="x", today=TODAY)
    for reason in ("Không liên quan", "Khác"):
        legal.say_not_needed(actor=people.an, review_id=review.pk, reason=reason, today=TODAY)
    review.refresh_from_db()
    assert (review.not_needed, review.done_on) == ("Không liên quan", TODAY)


def test_a_replaced_text_ends_the_day_before_and_who_cites_it_later_has_to_answer(people: People) -> None:
    law, newer = text(people, effective_on=date(2025, 7, 1)), text(people, "367/2025/NĐ-CP")
    change(people, law, newer, "replaces")
    law.refresh_from_db()
    assert law.ends_on == date(2026, 6, 29)
    late = in_effect(people)
    cite(people, late.document_id, law)
    assert ChangeReview.objects.get().document_id == late.document_id


def test_a_text_that_expires_is_warned_of_and_then_its_documents_are_listed(people: People) -> None:
    edition = in_effect(people)
    law = text(people, effective_on=date(2025, 7, 1), ends_on=date(2026, 7, 20))
    cite(people, edition.document_id, law)
    assert legal.end_expired(agency_id=people.agency.pk, now=NOW) == 0
    assert Notification.objects.filter(key=f"legal:{law.pk}:ends:2026-07-20").exists()
    after = at(date(2026, 7, 21))
    assert [legal.end_expired(agency_id=people.agency.pk, now=after) for _ in range(2)] == [1, 0]
    found = LegalChange.objects.get()
    assert (found.by_id, found.kind, found.on, found.due_on) == (
        None,
        "ends",
        date(2026, 7, 21),
        date(2026, 10, 21),
    )
    soon, overdue = at(date(2026, 10, 1)), at(date(2026, 10, 22))
    told = [legal.remind_of_changes(agency_id=people.agency.pk, now=each) for each in (soon, soon, overdue)]
    assert told == [1, 0, 0]


def test_another_agencys_texts_are_not_there(people: People) -> None:
    law, edition = text(people), in_effect(people)
    with pytest.raises(LegalText.DoesNotExist):
        legal.save_text(actor=people.chi, data=TextData("1", "2"), text_id=law.pk, now=NOW)
    with pytest.raises(LegalText.DoesNotExist):
        legal.note_change(actor=people.chi, text_id=law.pk, kind="ends", by_id=None, on=TODAY, now=NOW)
    foreign = legal.save_text(actor=people.chi, data=TextData("9/NĐ-CP", "Của xã khác"), now=NOW)
    with pytest.raises(LegalText.DoesNotExist):
        cite(people, edition.document_id, foreign)
    with pytest.raises(NotAllowed):
        legal.save_text(actor=people.binh, data=TextData("1", "2"), now=NOW)
    assert not Citation.objects.exists()


HEADS = ["Số, ký hiệu", "Trích yếu", "Có hiệu lực từ", "Hết hiệu lực sau ngày"]


def bring(people: People, *rows: tuple[str, ...]) -> legal.TakenIn:
    return legal.bring_in_texts(
        actor=people.an, data=write_sheet("Văn bản", HEADS, rows), name="van-ban.xlsx", now=NOW
    )


def test_a_list_brought_in_twice_changes_nothing_the_second_time(people: People) -> None:
    rows = (("1/NĐ-CP", "Về một", "01/07/2025", ""), ("2/TT-BTP", "Về hai", "", ""))
    assert bring(people, *rows) == legal.TakenIn(new=2)
    before = Entry.objects.count()
    assert bring(people, *rows) == legal.TakenIn(same=2)
    assert Entry.objects.count() == before
    assert bring(people, ("1/NĐ-CP", "Về một", "", "31/12/2026")) == legal.TakenIn(changed=1)
    found = LegalText.objects.get(number="1/NĐ-CP")
    assert (found.kind, found.effective_on, found.ends_on) == (
        "Nghị định",
        date(2025, 7, 1),
        date(2026, 12, 31),
    )


def test_a_list_with_one_bad_row_is_not_taken_at_all(people: People) -> None:
    with pytest.raises(ListRefused) as refusal:
        bring(people, ("1/NĐ-CP", "Về một", "", ""), ("2/NĐ-CP", "Về hai", "hôm qua", ""))
    assert [each.number for each in refusal.value.found.bad] == [3]
    known = text(people, "3/NĐ-CP", effective_on=date(2026, 1, 1))
    with pytest.raises(LegalRefused):
        bring(people, ("4/NĐ-CP", "Về bốn", "", ""), ("3/NĐ-CP", "Về ba", "", "31/12/2025"))
    known.refresh_from_db()
    assert (LegalText.objects.count(), known.ends_on) == (1, None)


def test_how_a_text_stands_on_a_day(people: People) -> None:
    text(people, "1/A", effective_on=date(2027, 1, 1))
    text(people, "2/A", effective_on=date(2020, 1, 1))
    text(people, "3/A", effective_on=date(2020, 1, 1), ends_on=date(2026, 7, 15))
    text(people, "4/A", effective_on=date(2020, 1, 1), ends_on=date(2026, 6, 30))
    text(people, "5/A")
    rows = texts.all_texts(people.an, WantedTexts(), TODAY)
    assert {each.number: each.force for each in rows} == {
        "1/A": "coming",
        "2/A": "in_force",
        "3/A": "ending",
        "4/A": "over",
        "5/A": "unknown",
    }
    assert [each.number for each in texts.all_texts(people.an, WantedTexts(force="ending"), TODAY)] == ["3/A"]


def test_an_actor_of_the_unit_alone_answers_for_its_own_documents(people: People) -> None:
    edition = in_effect(people)
    law = text(people)
    cite(people, edition.document_id, law)
    change(people, law, text(people, "367/2025/NĐ-CP"))
    officer = make_person(people.agency, "Lê Kim Ngân", "ngan", Role.OFFICER, unit_of(people, 1))
    with pytest.raises(NotAllowed):
        legal.say_not_needed(
            actor=actor_of(officer, people.agency),
            review_id=ChangeReview.objects.get().pk,
            reason="Không",
            today=TODAY,
        )
