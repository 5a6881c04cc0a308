"""Letters on late dossiers: drafted for many, numbered without gaps, noted on the dossier and in its counts."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from docx import Document as read_docx

from camket.core.dossier_clock import NewDateNotLater, ReappointedBefore
from camket.core.dossiers import Outcome, State
from camket.core.messages import Refusal
from camket.core.plan import Period
from camket.core.tally import day_number
from camket.dossiers.models import Batch, Bucket, Dossier, DossierChange, Letter, TallyRevision
from camket.dossiers.operations import letters as operations
from camket.dossiers.queries import letters as queries
from camket.dossiers.queries.sums import sums
from camket.dossiers.tally import facts_of
from camket.journal.models import Entry
from camket.org.models import Role
from camket.org.policy import Actor, NotAllowed
from camket.paper.writing.docx import write_docx_of
from camket.paper.writing.model import Paper
from camket.paper.writing.pdf import write_pdf
from people import TODAY, People, actor_of, make_person
from procedures import make_procedure
from seeded import make_late_dossier
from tallies import counted_plainly, kept

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
NEW = date(2026, 7, 8)
REASON = "Phải xác minh thực địa"


@pytest.fixture
def mai(people: People) -> Actor:
    """Mai of the one-stop shop writes and issues letters."""
    return actor_of(make_person(people.agency, "Đỗ Thị Mai", "mai", Role.ONE_STOP), people.agency)


@pytest.fixture
def late(people: People) -> Dossier:
    return make_late_dossier(people.agency, make_procedure(people.agency))


def another(late: Dossier, number: int, **other: object) -> Dossier:
    return make_late_dossier(late.agency, late.procedure, f"H00.1-260601-{number:04d}", **other)  # type: ignore[arg-type]


def draft(
    actor: Actor, *dossiers: Dossier, kind: str = "apology", due_new: date | None = NEW
) -> tuple[int, ...]:
    return operations.draft_letters(
        actor=actor,
        dossier_ids=[each.pk for each in dossiers],
        kind=kind,
        reason=REASON,
        due_new=due_new,
        now=NOW,
    ).letter_ids


def issue(actor: Actor, *letter_ids: int, on: date = TODAY, first: int | None = None) -> list[str]:
    issued = operations.issue_letters(
        actor=actor, letter_ids=letter_ids, issued_on=on, signed_by="Lê Minh Châu", capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN", now=NOW, first_number=first,
    )  # fmt: skip
    return [each.shown_number for each in issued]


def counts(people: People, *names: str) -> tuple[object, ...]:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    found = sums([people.agency.pk], [year], names)[people.agency.pk, year]
    return tuple(found[name] for name in names)


def test_letters_are_drafted_for_many_and_those_left_out_are_named(
    people: People, mai: Actor, late: Dossier
) -> None:
    on_time = another(late, 2, finished_at=datetime(2026, 6, 10, 9))
    again = another(late, 3)
    draft(mai, again)
    done = operations.draft_letters(
        actor=mai,
        dossier_ids=[late.pk, on_time.pk, again.pk],
        kind="apology",
        reason=REASON,
        due_new=NEW,
        now=NOW,
    )
    assert len(done.letter_ids) == 1
    assert {code for code, _reason in done.left_out} == {on_time.code, again.code}
    assert Entry.objects.filter(verb="letter.drafted").count() == 2


@pytest.mark.parametrize("state", [State.REGISTERED, State.REFUSED])
def test_no_letter_on_what_was_not_accepted(people: People, mai: Actor, late: Dossier, state: State) -> None:
    refused = another(late, 2, state=state)
    with pytest.raises(operations.LetterNotPossible):
        draft(mai, refused)
    assert not Letter.objects.exists()


def test_issuing_numbers_in_order_and_goes_on_in_the_year(people: People, mai: Actor, late: Dossier) -> None:
    ids = draft(mai, late, another(late, 2), another(late, 3))
    explained = draft(mai, another(late, 4), kind="explanation", due_new=None)
    assert issue(mai, *ids[:2]) == ["01/PXL-UBND", "02/PXL-UBND"]
    assert issue(mai, *explained) == ["03/GTr-UBND"]
    assert issue(mai, ids[2]) == ["04/PXL-UBND"]


def test_a_register_kept_on_paper_goes_on(people: People, mai: Actor, late: Dossier) -> None:
    one, two = draft(mai, late, another(late, 2))
    assert issue(mai, one, first=12) == ["12/PXL-UBND"]
    with pytest.raises(operations.FirstNumberNotPossible):
        issue(mai, two, first=40)
    assert issue(mai, two) == ["13/PXL-UBND"]


def test_a_new_date_is_the_one_re_appointment_and_moves_the_counts(
    people: People, mai: Actor, late: Dossier
) -> None:
    assert counts(people, "fell_overdue", "fell_overdue_answered", "reappointed", "overdue") == (1, 0, 0, 1)
    revision = TallyRevision.objects.get(agency=people.agency).number
    issue(mai, *draft(mai, late), on=date(2026, 6, 14))
    before = late.due_now
    late.refresh_from_db()
    assert late.due_first == before
    assert late.due_now == datetime(2026, 7, 7, 17, tzinfo=UTC)  # 08/07 in Vietnam
    assert late.is_answered
    assert late.reappointed_at is not None
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    assert sums([people.agency.pk], [june], ["fell_overdue"])[people.agency.pk, june]["fell_overdue"] == 0
    assert counts(people, "fell_overdue_answered", "reappointed") == (1, 1)
    assert TallyRevision.objects.get(agency=people.agency).number > revision
    change = DossierChange.objects.get(dossier=late)
    assert change.by_id == mai.person_id
    assert "due_now" in change.before


def test_a_new_date_that_comes_too_late_is_owed_and_the_dossier_stays_overdue(
    people: People, mai: Actor, late: Dossier
) -> None:
    issue(mai, *draft(mai, late), on=date(2026, 6, 15))  # the due day itself: a day too late

    dossier = Dossier.objects.get()
    assert (dossier.due_now, dossier.overdue_day) == (dossier.due_first, late.overdue_day)
    assert counts(people, "fell_overdue", "fell_overdue_answered", "reappointed", "overdue") == (1, 1, 1, 1)
    with pytest.raises(operations.LetterNotPossible):
        draft(mai, late)


def test_a_dossier_is_given_a_new_date_once(people: People, mai: Actor, late: Dossier) -> None:
    issue(mai, *draft(mai, late))
    explained = draft(mai, late, kind="explanation", due_new=None)
    issue(mai, *explained)
    with pytest.raises(operations.LetterNotPossible):
        draft(mai, late)


def test_a_new_date_that_an_export_tells_is_the_one(people: People, mai: Actor, late: Dossier) -> None:
    (letter,) = draft(mai, late)
    again = timezone.make_aware(datetime(2026, 7, 20, 16, 30))
    Dossier.objects.update(due_now=again, due_promised=again)
    with pytest.raises(ReappointedBefore, match="once at most"):
        issue(mai, letter)


def test_what_is_settled_late_is_apologised_for_without_a_new_date(
    people: People, mai: Actor, late: Dossier
) -> None:
    settled = another(late, 2, finished_at=datetime(2026, 6, 20, 9))
    (letter,) = draft(mai, settled)
    assert Letter.objects.get(pk=letter).due_new is None
    with pytest.raises(operations.NewDateNotPossible):
        operations.edit_letter(actor=mai, letter_id=letter, reason=REASON, due_new=NEW, now=NOW)
    issue(mai, letter)
    settled.refresh_from_db()
    assert (settled.is_answered, settled.reappointed_at, settled.outcome) == (True, None, Outcome.LATE)
    assert counts(people, "fell_overdue_answered") == (1,)


def test_an_open_dossier_is_promised_a_day_that_lies_ahead(people: People, mai: Actor, late: Dossier) -> None:
    with pytest.raises(operations.NewDateMissing):
        draft(mai, late, due_new=None)
    with pytest.raises(NewDateNotLater):
        draft(mai, late, due_new=TODAY)
    with pytest.raises(operations.ReasonMissing):
        operations.draft_letters(
            actor=mai, dossier_ids=[late.pk], kind="apology", reason="  ", due_new=NEW, now=NOW
        )
    assert not Letter.objects.exists()


def test_all_letters_are_issued_or_none(people: People, mai: Actor, late: Dossier) -> None:
    one, two = draft(mai, late, another(late, 2))
    issue(mai, two)
    with pytest.raises(operations.LetterNotDraft):
        issue(mai, one, two)
    assert Letter.objects.get(pk=one).state == Letter.State.DRAFT
    late.refresh_from_db()
    assert not late.is_answered


@pytest.mark.parametrize(("on", "refusal"), [(date(2026, 7, 2), "ahead"), (date(2026, 6, 29), "before")])
def test_numbers_follow_the_days(people: People, mai: Actor, late: Dossier, on: date, refusal: str) -> None:
    one, two = draft(mai, late, another(late, 2))
    issue(mai, one, on=date(2026, 6, 30))
    with pytest.raises(operations.DateNotPossible):
        issue(mai, two, on=on)
    assert Letter.objects.get(pk=two).number is None


def test_a_discarded_draft_leaves_room_for_another(people: People, mai: Actor, late: Dossier) -> None:
    (first,) = draft(mai, late)
    assert operations.discard_letters(actor=mai, letter_ids=[first], now=NOW) == 1
    (second,) = draft(mai, late)
    assert issue(mai, second) == ["01/PXL-UBND"]
    with pytest.raises(operations.LetterNotDraft):
        operations.discard_letters(actor=mai, letter_ids=[second], now=NOW)


def test_who_may_not_write_or_issue_changes_nothing(people: People, mai: Actor, late: Dossier) -> None:
    (letter,) = draft(mai, late)
    with pytest.raises(NotAllowed):
        draft(people.binh, another(late, 2))
    with pytest.raises(NotAllowed):
        issue(people.an, letter)  # the secretary drafts, and does not issue
    with pytest.raises(NotAllowed):
        operations.edit_letter(actor=people.dung, letter_id=letter, reason="khác", due_new=NEW, now=NOW)
    assert Letter.objects.get().state == Letter.State.DRAFT


def test_another_agencys_dossiers_and_letters_are_not_there(
    people: People, mai: Actor, late: Dossier
) -> None:
    (letter,) = draft(mai, late)
    with pytest.raises(Dossier.DoesNotExist):
        draft(people.chi, late)
    with pytest.raises(Letter.DoesNotExist):
        operations.discard_letters(actor=people.chi, letter_ids=[letter], now=NOW)
    with pytest.raises(Letter.DoesNotExist):
        queries.documents(people.chi, [letter])


def test_what_was_issued_stays_as_it_was(people: People, mai: Actor, late: Dossier) -> None:
    ids = draft(mai, late)
    issue(mai, *ids)
    before = queries.documents(mai, ids)
    late.applicant = "Tên khác"
    late.save(update_fields=["applicant"])
    assert queries.documents(mai, ids) == before


def test_letters_are_a5_in_one_file_and_say_what_the_form_asks(
    people: People, mai: Actor, late: Dossier
) -> None:
    ids = draft(mai, late, another(late, 2))
    issue(mai, ids[0])
    file = read_docx(io.BytesIO(write_docx_of(queries.documents(mai, ids))))
    assert [(round(each.page_width.mm), round(each.page_height.mm)) for each in file.sections] == [
        (148, 210)
    ] * 2
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ" in text
    assert "Kính gửi: Nguyễn Văn Mẫu" in text
    assert "mã số hồ sơ: H00.1-260601-0001" in text
    assert "16 giờ 30 phút, ngày 15 tháng 6 năm 2026" in text
    assert f"Lý do: {REASON}." in text
    assert "vào ngày 08 tháng 7 năm 2026." in text
    assert write_pdf(queries.documents(mai, ids[:1])[0]).startswith(b"%PDF")


def test_who_neither_writes_nor_issues_reads_masked_letters(
    people: People, mai: Actor, late: Dossier
) -> None:
    ids = draft(mai, late)
    (document,) = queries.documents(people.binh, ids)
    written = repr(document)
    assert "Nguyễn V. M." in written
    assert "Nguyễn Văn Mẫu" not in written
    assert "Thôn Đông" not in written


def test_a_refusal_writes_nothing_to_the_counts(people: People, mai: Actor, late: Dossier) -> None:
    before = list(Bucket.objects.order_by("pk").values())
    with pytest.raises(Refusal):
        issue(mai, *draft(mai, late), on=date(2027, 1, 1))
    assert list(Bucket.objects.order_by("pk").values()) == before


def test_the_journal_names_no_applicant(people: People, mai: Actor, late: Dossier) -> None:
    issue(mai, *draft(mai, late))
    written = repr(list(Entry.objects.filter(verb__startswith="letter.").values()))
    assert "Nguyễn Văn Mẫu" not in written
    assert "0912345678" not in written


def test_an_apology_and_an_explanation_of_one_dossier_count_it_once(
    people: People, mai: Actor, late: Dossier
) -> None:
    in_time = date(2026, 6, 14)
    issue(mai, *draft(mai, late), *draft(mai, late, kind="explanation", due_new=None), on=in_time)
    assert kept(people.agency.pk) == counted_plainly(map(facts_of, Dossier.objects.all()))
    dossier = Dossier.objects.get()
    assert (dossier.is_answered, dossier.due_day) == (True, day_number(NEW))


def withdraw(
    actor: Actor, letter: int, *, takes_date_back: bool = False, reason: str = "Gửi nhầm hồ sơ"
) -> Letter:
    return operations.withdraw_letter(
        actor=actor, letter_id=letter, reason=reason, takes_date_back=takes_date_back, now=NOW
    )


IN_TIME = date(2026, 6, 14)


def test_a_withdrawn_letter_keeps_its_number_counts_no_more_and_makes_room_for_another(
    people: People, mai: Actor, late: Dossier
) -> None:
    issue(mai, *(ids := draft(mai, late)), on=IN_TIME)
    assert counts(people, "fell_overdue_answered", "reappointed") == (1, 1)
    paper = queries.documents(mai, ids)
    withdraw(mai, ids[0])
    letter = Letter.objects.get()
    assert (letter.state, letter.shown_number) == (Letter.State.WITHDRAWN, "01/PXL-UBND")
    assert (letter.withdrawn_by_id, letter.withdrawal_reason) == (mai.person_id, "Gửi nhầm hồ sơ")
    assert queries.documents(mai, ids) == paper
    dossier = Dossier.objects.get()
    assert (dossier.is_answered, dossier.due_now, dossier.due_promised) == (
        False,
        letter.due_new,
        letter.due_new,
    )
    assert counts(people, "fell_overdue_answered", "reappointed") == (0, 1)
    assert kept(people.agency.pk) == counted_plainly(map(facts_of, Dossier.objects.all()))
    register = queries.register(mai)
    assert [(each.shown_number, each.state) for each in register.letters] == [("01/PXL-UBND", "withdrawn")]
    assert (register.issued, register.withdrawn) == (0, 1)
    entry = Entry.objects.get(verb="letter.withdrawn")
    assert (entry.reason, entry.by_id) == ("Gửi nhầm hồ sơ", mai.person_id)
    again = draft(mai, late, due_new=None)  # the date stands, and a second one is not given
    assert issue(mai, *again) == ["02/PXL-UBND"]
    assert counts(people, "fell_overdue_answered") == (1,)


def test_with_the_date_taken_back_the_dossier_is_due_when_it_was_first(
    people: People, mai: Actor, late: Dossier
) -> None:
    before = list(Bucket.objects.order_by("pk").values())
    (letter,) = draft(mai, late)
    issue(mai, letter, on=IN_TIME)
    withdraw(mai, letter, takes_date_back=True)
    dossier = Dossier.objects.get()
    assert (dossier.due_now, dossier.due_promised, dossier.reappointed_at) == (late.due_first, None, None)
    assert dossier.overdue_day == late.overdue_day
    assert [each for each in Bucket.objects.order_by("pk").values() if each["fell_overdue"]] == [
        each for each in before if each["fell_overdue"]
    ]
    assert counts(people, "fell_overdue", "fell_overdue_answered", "reappointed") == (1, 0, 0)
    assert kept(people.agency.pk) == counted_plainly(map(facts_of, Dossier.objects.all()))
    assert issue(mai, *draft(mai, late)) == ["02/PXL-UBND"]  # it may be given a new date again


def test_a_settled_dossier_is_judged_by_the_first_date_once_the_promised_one_is_taken_back(
    people: People, mai: Actor, late: Dossier
) -> None:
    (letter,) = draft(mai, late)
    issue(mai, letter, on=IN_TIME)
    day = date(2026, 7, 3)
    Dossier.objects.update(
        state=State.RETURNED, finished_at=datetime(2026, 7, 3, 3, tzinfo=UTC), finished_day=day_number(day),
        outcome=Outcome.EARLY, outcome_first=Outcome.LATE, overdue_day=None,
    )  # fmt: skip
    facts = facts_of(Dossier.objects.get())
    withdraw(mai, letter, takes_date_back=True)
    dossier = Dossier.objects.get()
    assert (dossier.outcome, dossier.due_day, dossier.overdue_day) == (
        Outcome.LATE, late.due_day, late.overdue_day,
    )  # fmt: skip
    assert facts.outcome is Outcome.EARLY


def test_a_date_that_a_later_letter_names_is_not_taken_back(
    people: People, mai: Actor, late: Dossier
) -> None:
    (apology,) = draft(mai, late)
    issue(mai, apology, on=IN_TIME)
    explanation = draft(mai, late, kind="explanation", due_new=None)
    issue(mai, *explanation)
    with pytest.raises(operations.LetterReliedOn, match="02/GTr-UBND"):
        withdraw(mai, apology, takes_date_back=True)
    assert Letter.objects.get(pk=apology).state == Letter.State.ISSUED
    withdraw(mai, apology)
    assert Dossier.objects.get().is_answered  # by the explanation, which stands


def test_a_date_that_another_has_replaced_is_not_taken_back(
    people: People, mai: Actor, late: Dossier
) -> None:
    (letter,) = draft(mai, late)
    issue(mai, letter, on=IN_TIME)
    Dossier.objects.update(due_promised=datetime(2026, 7, 20, tzinfo=UTC))
    with pytest.raises(operations.DateNotOfLetter):
        withdraw(mai, letter, takes_date_back=True)
    assert queries.date_that_may_go(mai, letter) is None
    assert Letter.objects.get().state == Letter.State.ISSUED


def test_only_an_issued_letter_is_withdrawn_once_with_a_reason_by_who_may_issue(
    people: People, mai: Actor, late: Dossier
) -> None:
    (letter,) = draft(mai, late)
    with pytest.raises(operations.LetterNotIssued):
        withdraw(mai, letter)
    issue(mai, letter)
    with pytest.raises(NotAllowed):
        withdraw(people.an, letter)
    with pytest.raises(operations.ReasonMissing):
        withdraw(mai, letter, reason=" ")
    with pytest.raises(Letter.DoesNotExist):
        withdraw(people.chi, letter)
    Batch.objects.update(state=Batch.State.UNDOING)
    with pytest.raises(operations.LetterNotPossible):
        withdraw(mai, letter)
    assert Letter.objects.get().state == Letter.State.ISSUED
    assert Dossier.objects.get().is_answered
    Batch.objects.update(state=Batch.State.DONE)
    withdraw(mai, letter)
    with pytest.raises(operations.LetterNotIssued):
        withdraw(mai, letter)


def test_no_letter_on_what_an_undo_is_about_to_take_back(people: People, mai: Actor, late: Dossier) -> None:
    (drafted,) = draft(mai, late)
    Batch.objects.update(state=Batch.State.UNDOING)
    with pytest.raises(operations.LetterNotPossible):
        draft(mai, another(late, 2))
    with pytest.raises(operations.LetterNotPossible):
        issue(mai, drafted)
    assert Letter.objects.get().number is None


def test_an_explanation_is_on_a4_and_one_issued_before_that_stays_as_it_was(
    people: People, mai: Actor, late: Dossier
) -> None:
    (explained,) = draft(mai, late, kind="explanation", due_new=None)
    (apology,) = draft(mai, late)
    assert [each.paper for each in queries.documents(mai, [explained])] == [Paper.A4]
    assert [each.paper for each in queries.documents(mai, [apology])] == [Paper.A5]
    issue(mai, explained)
    (document,) = queries.documents(mai, [explained])
    assert document.paper is Paper.A4

    letter = Letter.objects.get(pk=explained)
    letter.content = {key: value for key, value in letter.content.items() if key != "paper"}
    letter.save()
    (document,) = queries.documents(mai, [explained])
    assert document.paper is Paper.A5
