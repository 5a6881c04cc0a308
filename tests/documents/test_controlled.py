"""The life of a controlled document: who writes does not approve, what is issued stays, the newer takes the older's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from camket.core.controlled import Amendment
from camket.core.workflow import DOCUMENT_EDITION, NotPossible
from camket.documents.models import ControlledDocument, DocumentEdition, StoredFile
from camket.documents.operations import FileRefused, controlled, editions
from camket.documents.operations.editions import DocumentRefused, Draft, OwnEdition, Upload
from camket.documents.queries import FileDamaged, path_of
from camket.documents.queries import controlled as queries
from camket.documents.queries.controlled import Wanted
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.org.models import Membership, Person, Role
from camket.org.policy import NotAllowed
from controlled_documents import add, approve, from_file, in_effect, internal, issue, states
from people import TODAY, People, actor_of, make_person
from work import NOW, at, unit_of


def test_a_document_goes_from_its_draft_into_effect(people: People) -> None:
    edition = add(people)
    assert edition.document.code == "QT.01"
    editions.submit_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    editions.approve_edition(actor=people.chau, edition_id=edition.pk, now=NOW)
    edition.refresh_from_db()
    assert (edition.state, edition.reviewed_by_id) == ("approved", people.chau.person_id)
    issue(people, edition)
    edition.refresh_from_db()
    assert (edition.state, edition.effective_on, edition.issued_file_id) == (
        "effective",
        TODAY,
        edition.file_id,
    )
    verbs = Entry.objects.filter(verb__startswith="document_edition.").order_by("sequence")
    assert [each.verb.split(".")[1] for each in verbs] == [
        "begun",
        "edited",
        "submitted",
        "approved",
        "issued",
        "in_effect",
    ]


def test_codes_follow_the_agencys_own_pattern(people: People) -> None:
    add(people)
    controlled.save_pattern(actor=people.an, kind="system", pattern="QT-HT-{serial:02}", today=TODAY)
    assert add(people).document.code == "QT-HT-01"
    controlled.save_pattern(actor=people.an, kind="system", pattern="", today=TODAY)
    assert add(people).document.code == "QT.02"
    with pytest.raises(DocumentRefused):
        add(people, code="qt.02")
    assert ControlledDocument.objects.count() == 3


def test_a_form_bears_the_code_of_its_procedure(people: People) -> None:
    procedure = in_effect(people)
    form = add(people, kind="form", title="Phiếu", parent_id=procedure.document_id)
    assert form.document.code == "BM.01.01"
    with pytest.raises(DocumentRefused):
        add(people, kind="form", title="Phiếu", parent_id=form.document_id)


def test_nobody_reviews_or_approves_what_that_person_wrote(people: People) -> None:
    person = Person.objects.get(pk=people.an.person_id)
    Membership.objects.create(agency=people.agency, person=person, role=Role.CHAIRMAN)
    an = actor_of(person, people.agency)
    edition = add(people, actor=an)
    # Bình's later words do not make it any less An's.
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.SECRETARY)
    binh = actor_of(Person.objects.get(pk=people.binh.person_id), people.agency)
    editions.write_edition(actor=binh, edition_id=edition.pk, draft=from_file("Điều 2"), now=NOW)
    editions.submit_edition(actor=binh, edition_id=edition.pk, now=NOW)
    for act in (editions.approve_edition, editions.pass_on_edition):
        with pytest.raises(OwnEdition):
            act(actor=an, edition_id=edition.pk, now=NOW)  # type: ignore[operator]
    deputy = replace(people.chau, stands_in_for=(an.person_id, an.name))
    with pytest.raises(OwnEdition):
        editions.approve_edition(actor=deputy, edition_id=edition.pk, now=NOW)
    edition.refresh_from_db()
    assert edition.state == "review"


def test_who_writes_for_the_own_unit_writes_no_other_units_documents(people: People) -> None:
    economy = unit_of(people, 1)
    own = add(people, actor=people.binh, unit_id=economy.pk)
    with pytest.raises(NotAllowed):
        add(people, actor=people.binh)
    others = add(people)
    with pytest.raises(NotAllowed):
        editions.write_edition(actor=people.binh, edition_id=others.pk, draft=Draft(), now=NOW)
    editions.submit_edition(actor=people.binh, edition_id=own.pk, now=NOW)
    with pytest.raises(NotAllowed):
        editions.approve_edition(actor=people.binh, edition_id=own.pk, now=NOW)
    with pytest.raises(NotAllowed):
        controlled.withdraw_document(actor=people.binh, document_id=own.document_id, reason="x", now=NOW)


def test_the_newer_edition_takes_the_older_ones_place_on_its_day(people: People) -> None:
    first = in_effect(people)
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=False,
        amendments=[Amendment("Mục 2", "Thêm biểu mẫu", "Phòng Kinh tế")],
        now=NOW,
    )
    approve(people, second)
    tomorrow = TODAY + timedelta(days=1)
    issue(people, second, on=tomorrow)
    assert states(first.document_id) == [("1.0", "effective"), ("1.1", "approved")]
    assert editions.take_effect_on(now=NOW) == 0
    assert editions.take_effect_on(now=at(tomorrow)) == 1
    assert editions.take_effect_on(now=at(tomorrow)) == 0
    first.refresh_from_db()
    assert states(first.document_id) == [("1.0", "replaced"), ("1.1", "effective")]
    assert first.replaced_on == tomorrow
    changed = queries.changed_between(people.agency.pk, tomorrow, tomorrow)
    assert [(each.edition, each.what, each.change) for each in changed] == [
        ("01.00", "replaced", ""),
        ("01.01", "effective", "Thêm biểu mẫu"),
    ]


def test_a_later_edition_says_what_it_changes(people: People) -> None:
    first = in_effect(people)
    second = editions.begin_edition(
        actor=people.an, document_id=first.document_id, is_new_issue=True, now=NOW
    )
    with pytest.raises(DocumentRefused):
        editions.submit_edition(actor=people.an, edition_id=second.pk, now=NOW)
    with pytest.raises(DocumentRefused):
        editions.begin_edition(actor=people.an, document_id=first.document_id, is_new_issue=True, now=NOW)
    assert states(first.document_id) == [("1.0", "effective"), ("2.0", "draft")]


def test_an_internal_procedure_lacking_parts_is_not_submitted(people: People) -> None:
    begun = replace(internal(), result="", who="")
    edition = add(people, kind="internal", title="Cấp phép", draft=Draft(procedure=begun))
    with pytest.raises(DocumentRefused) as refusal:
        editions.submit_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    assert refusal.value.message.params["parts"] == "đối tượng thực hiện, kết quả giải quyết"


def test_what_is_issued_is_kept_byte_by_byte(people: People) -> None:
    edition = add(people, kind="internal", title="Cấp phép", draft=Draft(procedure=internal()))
    approve(people, edition)
    draft = queries.edition_file(people.an, edition.pk, "pdf").data
    issue(people, edition)
    edition.refresh_from_db()
    issued = queries.edition_file(people.an, edition.pk, "pdf")
    assert issued.data.startswith(b"%PDF-")
    assert issued.data != draft
    assert edition.issued_file is not None
    # The agency's name changes; what was issued does not.
    people.agency.full_name = "Ủy ban nhân dân xã Khác"
    people.agency.save()
    assert queries.edition_file(people.an, edition.pk, "pdf").data == issued.data
    assert queries.edition_file(people.an, edition.pk, "docx").data.startswith(b"PK")
    path_of(edition.issued_file.storage_name).write_bytes(b"%PDF-1.4 forged")
    with pytest.raises(FileDamaged):
        queries.edition_file(people.an, edition.pk, "pdf")


def test_pressed_twice_it_is_issued_once_and_another_number_is_refused(people: People) -> None:
    edition = in_effect(people)
    before = Entry.objects.count()
    issue(people, edition)
    assert Entry.objects.count() == before
    with pytest.raises(DocumentRefused):
        issue(people, edition, number="13/QĐ-UBND")
    edition.refresh_from_db()
    assert edition.decision_number == "12/QĐ-UBND"


def test_a_change_that_names_a_part_says_what_changes_there(people: People) -> None:
    edition = add(people)
    draft = replace(from_file("Điều 1"), amendments=(Amendment("Mục 3", "", ""),))
    editions.write_edition(actor=people.an, edition_id=edition.pk, draft=draft, now=NOW)
    with pytest.raises(DocumentRefused, match="Mục 3"):
        editions.submit_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    edition.refresh_from_db()
    assert edition.state == "draft"


@pytest.mark.parametrize(
    ("decided", "effective", "field"),
    [
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2), "decided_on"),
        (TODAY, TODAY - timedelta(days=1), "effective_on"),
    ],
)
def test_days_that_do_not_fit_are_refused(people: People, decided: date, effective: date, field: str) -> None:
    edition = add(people)
    approve(people, edition)
    with pytest.raises(DocumentRefused) as refusal:
        editions.issue_edition(
            actor=people.an,
            edition_id=edition.pk,
            number="1/QĐ-UBND",
            decided_on=decided,
            effective_on=effective,
            now=NOW,
        )
    edition.refresh_from_db()
    assert (refusal.value.field, edition.decision_number, edition.state) == (field, "", "approved")


ACTS: dict[str, Callable[[People, int], object]] = {
    "edit": lambda people, pk: editions.write_edition(
        actor=people.an, edition_id=pk, draft=from_file("Điều 3"), now=NOW
    ),
    "submit": lambda people, pk: editions.submit_edition(actor=people.an, edition_id=pk, now=NOW),
    "discard": lambda people, pk: editions.discard_edition(actor=people.an, edition_id=pk, now=NOW),
    "take_in": lambda people, pk: editions.take_in_edition(
        actor=people.an, edition_id=pk, number="1", dated=TODAY, effective_on=TODAY, now=NOW
    ),
    "pass_on": lambda people, pk: editions.pass_on_edition(actor=people.mai, edition_id=pk, now=NOW),  # type: ignore[attr-defined]
    "return": lambda people, pk: editions.return_edition(
        actor=people.chau, edition_id=pk, reason="Thiếu", now=NOW
    ),
    "approve": lambda people, pk: editions.approve_edition(actor=people.chau, edition_id=pk, now=NOW),
    "issue": lambda people, pk: editions.issue_edition(
        actor=people.an, edition_id=pk, number="9/QĐ", decided_on=TODAY, effective_on=TODAY, now=NOW
    ),
}


@pytest.mark.parametrize("state", DOCUMENT_EDITION.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
    reviewer = make_person(people.agency, "Lương Thị Mai", "mai", Role.REPRESENTATIVE)
    object.__setattr__(people, "mai", actor_of(reviewer, people.agency))
    edition = add(people)
    DocumentEdition.objects.filter(pk=edition.pk).update(state=state)
    for act, do in ACTS.items():
        if act in DOCUMENT_EDITION.moves[state]:
            continue
        before = Entry.objects.count()
        with pytest.raises(NotPossible):
            do(people, edition.pk)
        edition.refresh_from_db()
        assert (edition.state, Entry.objects.count()) == (state, before), act


def test_another_agencys_document_is_not_there(people: People) -> None:
    edition = in_effect(people)
    for act in (editions.submit_edition, editions.discard_edition):
        with pytest.raises(DocumentEdition.DoesNotExist):
            act(actor=people.chi, edition_id=edition.pk, now=NOW)  # type: ignore[operator]
    with pytest.raises(ControlledDocument.DoesNotExist):
        controlled.withdraw_document(actor=people.chi, document_id=edition.document_id, reason="x", now=NOW)
    with pytest.raises(ControlledDocument.DoesNotExist):
        queries.document(people.chi, edition.document_id, TODAY)
    with pytest.raises(DocumentEdition.DoesNotExist):
        queries.edition_file(people.chi, edition.pk, "goc")
    assert not queries.documents(people.chi, Wanted(state="all"), TODAY).object_list


def test_a_draft_is_seen_by_who_works_on_it_alone(people: People) -> None:
    edition = add(people, unit_id=unit_of(people, 0).pk)
    for actor in (people.an, people.chau):
        assert queries.edition(actor, edition.pk, TODAY).row.state == "draft"
    with pytest.raises(DocumentEdition.DoesNotExist):
        queries.edition(people.binh, edition.pk, TODAY)
    with pytest.raises(ControlledDocument.DoesNotExist):
        queries.document(people.binh, edition.document_id, TODAY)
    file_id = edition.file_id
    assert file_id is not None
    assert [queries.may_open_file(each, file_id) for each in (people.an, people.binh)] == [True, False]


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"MZ\x90\x00", "quy-trinh.docx"), (b"", "quy-trinh.pdf"), (b"\x89PNG\r\n\x1a\n0000", "quy-trinh.png")],
)
def test_a_file_that_is_none_of_a_documents_kinds_leaves_nothing(
    people: People, data: bytes, name: str
) -> None:
    with pytest.raises(FileRefused):
        add(people, draft=Draft(upload=Upload(data, name)))
    assert not ControlledDocument.objects.exists()
    assert not StoredFile.objects.exists()


def test_cut_off_while_it_takes_effect_the_edition_before_is_still_in_effect(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = in_effect(people)
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=True,
        amendments=[Amendment("", "Viết lại")],
        now=NOW,
    )
    approve(people, second)

    def dies(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(editions, "record_edition", dies)
        with pytest.raises(KeyboardInterrupt):
            issue(people, second)
    assert states(first.document_id) == [("1.0", "effective"), ("2.0", "approved")]
    issue(people, second)
    assert states(first.document_id) == [("1.0", "replaced"), ("2.0", "effective")]


def test_two_editions_are_compared_word_by_word(people: People) -> None:
    first = in_effect(people, draft=from_file("Điều 1. Nộp 02 bộ hồ sơ tại Một cửa", "Điều 2. Giữ nguyên"))
    second = editions.begin_edition(
        actor=people.an, document_id=first.document_id, is_new_issue=False, now=NOW
    )
    editions.write_edition(
        actor=people.an,
        edition_id=second.pk,
        draft=from_file("Điều 1. Nộp 01 bộ hồ sơ tại Một cửa", "Điều 2. Giữ nguyên", name="moi.docx"),
        now=NOW,
    )
    before, after, found = queries.compared(people.an, second.pk, first.pk)
    assert (before, after, found.changed, found.added, found.removed) == ("01.00", "01.01", 1, 0, 0)
    words = [(each.mark.value, each.text) for each in found.lines[0].words if each.mark.value != "same"]
    assert words == [("removed", "02"), ("added", "01")]


def test_a_comparison_tells_what_was_said_of_every_change_between(people: People) -> None:
    first = in_effect(people)
    made = [first]
    for what in ("Thêm biểu mẫu", "Bỏ bước 3"):
        made.append(
            editions.begin_edition(
                actor=people.an,
                document_id=first.document_id,
                is_new_issue=False,
                amendments=[Amendment("Mục 2", what)],
                now=NOW,
            )
        )
        approve(people, made[-1])
        issue(people, made[-1])
    one, two, three = (each.pk for each in made)

    def said(before: int, after: int) -> list[str]:
        return [each.what for each in queries.amendments_between(people.an, before, after)]

    assert said(one, three) == said(three, one) == ["Thêm biểu mẫu", "Bỏ bước 3"]
    assert said(one, two) == ["Thêm biểu mẫu"]
    assert said(three, two) == ["Bỏ bước 3"]


def test_a_withdrawn_document_stays_readable_and_begins_nothing(people: People) -> None:
    edition = in_effect(people)
    form = in_effect(people, kind="form", title="Phiếu", parent_id=edition.document_id)
    with pytest.raises(DocumentRefused):
        controlled.withdraw_document(actor=people.an, document_id=edition.document_id, reason="Gộp", now=NOW)
    controlled.withdraw_document(actor=people.an, document_id=form.document_id, reason="Bỏ", now=NOW)
    with pytest.raises(ReasonMissing):
        controlled.withdraw_document(actor=people.an, document_id=edition.document_id, reason=" ", now=NOW)
    controlled.withdraw_document(actor=people.an, document_id=edition.document_id, reason="Gộp", now=NOW)
    before = Entry.objects.count()
    controlled.withdraw_document(actor=people.an, document_id=edition.document_id, reason="Gộp", now=NOW)
    assert Entry.objects.count() == before
    with pytest.raises(NotPossible):
        editions.begin_edition(actor=people.an, document_id=edition.document_id, is_new_issue=True, now=NOW)
    assert queries.edition(people.binh, edition.pk, TODAY).row.state == "withdrawn"


def test_a_document_of_outside_is_taken_in_without_approval(people: People) -> None:
    own = add(people)
    with pytest.raises(DocumentRefused):
        editions.take_in_edition(
            actor=people.an, edition_id=own.pk, number="1", dated=TODAY, effective_on=TODAY, now=NOW
        )
    outside = add(people, kind="external", title="TCVN ISO 9001:2015")
    editions.take_in_edition(
        actor=people.an,
        edition_id=outside.pk,
        number="TCVN ISO 9001:2015",
        dated=date(2015, 12, 31),
        effective_on=date(2016, 1, 1),
        now=NOW,
    )
    assert states(outside.document_id) == [("1.0", "effective")]


def test_still_right_counts_the_next_review_from_today(people: People) -> None:
    edition = in_effect(people, review_months=12)
    year_later = date(2027, 6, 20)
    assert [each.is_review_due for each in queries.all_documents(people.an, Wanted(), year_later)] == [True]
    with pytest.raises(DocumentRefused):
        controlled.find_still_right(
            actor=people.an, document_id=edition.document_id, note=" ", today=year_later
        )
    controlled.find_still_right(
        actor=people.an, document_id=edition.document_id, note="Đã đối chiếu", today=year_later
    )
    (row,) = queries.all_documents(people.an, Wanted(), year_later)
    assert (row.review_on, row.is_review_due) == (date(2028, 6, 20), False)


def test_a_first_draft_that_is_discarded_takes_its_document_with_it(people: People) -> None:
    edition = add(people)
    editions.discard_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    assert not queries.all_documents(people.an, Wanted(), TODAY)
    assert add(people).document.code == "QT.02"


def test_the_decision_lists_what_waits_to_be_issued(people: People) -> None:
    with pytest.raises(DocumentEdition.DoesNotExist):
        queries.issuing_decision(people.an, TODAY)
    approve(people, add(people))
    paper = queries.issuing_decision(people.an, TODAY)
    assert (paper.letterhead.symbol, len(paper.annexes)) == ("QĐ-UBND", 1)
