"""What an agency's papers begin and end with: set for days to come, proposed to all papers, never to what was issued."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from camket.core.signing import Mark
from camket.documents.models import OwnRecipients, Signer
from camket.documents.operations import formalities as operations
from camket.documents.queries import formalities as queries
from camket.documents.queries.signing import signer_choice
from camket.journal.models import Entry
from camket.org.models import Delegation, Membership
from camket.org.policy import NotAllowed
from camket.paper.writing.forms import FORMS, of_form, words_in
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from people import TODAY, People

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)


def paper(people: People, form: str = "report", dated: date | None = None, **names: str) -> Document:
    return Document(
        letterhead=Letterhead(
            issuer=people.agency.full_name,
            symbol="BC-UBND",
            year=2026,
            superior="Cũ",
            place="Cũ",
            dated=dated,
        ),
        kind="Báo cáo",
        abstract="Kết quả",
        body=(Paragraph(plain("Nội dung./.")),),
        signature=Signature(()),
        **of_form(form, **({"agency": "UBND xã"} | names)),
    )


def recipients(people: People, *lines: str, archive: str = "Lưu: VT, TK", **other: Any) -> OwnRecipients:
    wanted = {"form": "report", "valid_from": TOMORROW, "now": NOW} | other
    return operations.set_recipients(actor=people.an, lines=lines, archive=archive, **wanted)


def signer(people: People, who: Any, mark: str, **other: Any) -> Signer:
    wanted: dict[str, Any] = {
        "body": "Ủy ban nhân dân",
        "head": "Chủ tịch",
        "post": "Phó Chủ tịch",
        "kinds": (),
        "basis": "",
        "valid_from": TODAY,
        "valid_to": None,
    } | other
    return operations.name_signer(actor=people.an, person_id=who.person_id, mark=mark, now=NOW, **wanted)


def test_what_is_set_holds_for_papers_of_its_days_and_no_others(people: People) -> None:
    recipients(people, "Sở Khoa học và Công nghệ", "Lãnh đạo {agency}")
    shipped = paper(people).recipients
    assert queries.set_out(people.agency.pk, paper(people), TODAY).recipients == shipped
    assert queries.set_out(people.agency.pk, paper(people, dated=TODAY), TOMORROW).recipients == shipped
    own = ("Sở Khoa học và Công nghệ", "Lãnh đạo UBND xã", "Lưu: VT, TK")
    assert queries.set_out(people.agency.pk, paper(people), TOMORROW).recipients == own
    assert queries.set_out(people.agency.pk, paper(people, dated=TOMORROW), TODAY).recipients == own
    other = paper(people, "audit_programme")
    assert queries.set_out(people.agency.pk, other, TOMORROW).recipients == other.recipients


def test_a_word_that_says_nothing_leaves_its_line_out(people: People) -> None:
    recipients(people, "Bộ phận {unit}", "{owner}", form="nonconformity")
    document = paper(people, "nonconformity", unit="một cửa", owner="")
    assert queries.set_out(people.agency.pk, document, TOMORROW).recipients == (
        "Bộ phận một cửa",
        "Lưu: VT, TK",
    )


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=40)])
def test_nothing_is_set_for_a_day_on_which_papers_were_issued(people: People, day: date) -> None:
    with pytest.raises(operations.DayTooEarly):
        recipients(people, "Sở", valid_from=day)
    with pytest.raises(operations.DayTooEarly):
        operations.set_letterhead(
            actor=people.an, superior="", issuer="Ủy ban", place="Bình Yên", valid_from=day, now=NOW
        )
    assert not Entry.objects.filter(verb__startswith="paper.").exists()


@pytest.mark.parametrize(
    ("lines", "archive", "refusal"),
    [
        (["Lãnh đạo {agent}"], "Lưu: VT", operations.WordNotKnown),
        (["Bộ phận {unit}"], "Lưu: VT", operations.WordNotKnown),  # a word of other forms
        (["Sở"], "", operations.LinesNotPossible),
        (["S" * 256], "Lưu: VT", operations.LinesNotPossible),
        (["Sở"] * 21, "Lưu: VT", operations.LinesNotPossible),
    ],
)
def test_lines_that_no_paper_can_bear_are_refused(
    people: People, lines: list[str], archive: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        recipients(people, *lines, archive=archive)
    assert not OwnRecipients.objects.exists()


def test_as_shipped_again_is_as_shipped_whatever_the_product_ships_later(people: People) -> None:
    recipients(people, "Sở")
    later = TOMORROW + timedelta(days=30)
    row = recipients(people, *FORMS["report"].recipients, archive=FORMS["report"].archive, valid_from=later)
    assert (row.lines, row.archive) == ([], "")
    assert queries.set_out(people.agency.pk, paper(people), later).recipients == paper(people).recipients


def test_the_same_twice_is_set_once_and_the_journal_says_both_texts(people: People) -> None:
    recipients(people, "- Sở;", "  ")
    recipients(people, "Sở")
    (entry,) = Entry.objects.filter(verb="paper.recipients_set")
    assert (entry.after or {})["recipients"] == "Sở; Lưu: VT, TK"
    assert "Sở Khoa học và Công nghệ" in (entry.before or {})["recipients"]


def test_a_letterhead_is_the_agency_s_and_no_committee_s(people: People) -> None:
    operations.set_letterhead(
        actor=people.an,
        superior="Ủy ban nhân dân tỉnh",
        issuer=people.agency.full_name,
        place="Nơi mới",
        valid_from=TOMORROW,
        now=NOW,
    )
    head = queries.set_out(people.agency.pk, paper(people), TOMORROW).letterhead
    assert (head.superior, head.place) == ("Ủy ban nhân dân tỉnh", "Nơi mới")
    assert queries.set_out(people.agency.pk, paper(people, dated=TODAY), TOMORROW).letterhead.place == "Cũ"
    document = paper(people)
    committee = Document(
        letterhead=Letterhead(issuer="Ban Chỉ đạo ISO", symbol="KH-BCĐ", year=2026),
        kind="Kế hoạch",
        abstract="",
        body=(),
        signature=document.signature,
        recipients=("Lưu: VT",),
    )
    assert queries.set_out(people.agency.pk, committee, TOMORROW) == committee
    assert queries.letterhead_on(people.an, TODAY).valid_from is None


def test_the_signer_named_for_a_type_is_proposed_for_it(people: People) -> None:
    signer(people, people.binh, "KT.", kinds=("BC", "CV"))
    report, letter, decision = (signer_choice(people.an, TODAY, kind) for kind in ("BC", "", "QĐ"))
    assert (report.name, report.capacity, report.authority) == (
        "Trần Văn Bình", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN",
    )  # fmt: skip
    assert letter == report
    assert decision.name == "Lê Minh Châu"
    assert signer_choice(people.an, TODAY - timedelta(days=1), "BC").name == "Lê Minh Châu"


def test_while_the_chairman_is_away_who_stands_in_signs(people: People) -> None:
    signer(people, people.chau, "TM.", post="Chủ tịch")
    post = Membership.objects.get(person_id=people.chau.person_id, agency=people.agency)
    assert signer_choice(people.an, TODAY, "BC").capacity == "CHỦ TỊCH"
    Delegation.objects.create(
        agency=people.agency, post=post, deputy_id=people.binh.person_id, valid_from=TODAY, valid_to=TODAY, reason="Nghỉ"
    )  # fmt: skip
    assert signer_choice(people.an, TODAY, "BC").name == "Trần Văn Bình"
    assert signer_choice(people.an, TOMORROW, "BC").name == "Lê Minh Châu"


@pytest.mark.parametrize(
    ("mark", "other", "field"),
    [
        ("KT.", {"post": ""}, "post"),
        ("TL.", {"head": ""}, "head"),
        ("TM.", {"body": ""}, "body"),
        ("TUQ.", {"valid_to": TOMORROW}, "basis"),
        ("TUQ.", {"basis": "Giấy ủy quyền số 3/GUQ-UBND"}, "valid_to"),
        ("KT.", {"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ("KT.", {"valid_from": date(2001, 1, 1)}, "person"),
    ],
)
def test_words_above_a_name_are_complete(
    people: People, mark: str, other: dict[str, Any], field: str
) -> None:
    Membership.objects.update(valid_from=date(2020, 1, 1))
    with pytest.raises(operations.SignerNotPossible) as refused:
        signer(people, people.binh, mark, **other)
    assert refused.value.field == field
    assert not Signer.objects.exists()


def test_a_right_to_sign_ends_with_its_last_day(people: People) -> None:
    row = signer(people, people.binh, "KT.")
    assert signer(people, people.binh, "KT.").pk == row.pk
    operations.end_signer(actor=people.an, signer_id=row.pk, last_day=TODAY, now=NOW)
    assert [each.mark for each in queries.signers_on(people.agency.pk, TODAY)] == [Mark.INSTEAD]
    assert queries.signers_on(people.agency.pk, TOMORROW) == ()
    with pytest.raises(operations.SignerOver):
        operations.end_signer(actor=people.an, signer_id=row.pk, last_day=TODAY, now=NOW + timedelta(days=1))
    assert [each.verb for each in Entry.objects.filter(verb__startswith="paper.").order_by("pk")] == [
        "paper.signer_named",
        "paper.signer_ended",
    ]


def test_officers_read_what_is_set_and_set_nothing(people: People) -> None:
    assert len(queries.formalities(people.binh, TODAY).forms) == len(FORMS)
    with pytest.raises(NotAllowed):
        operations.set_recipients(
            actor=people.binh, form="report", lines=["Sở"], archive="Lưu: VT", valid_from=TOMORROW, now=NOW
        )
    with pytest.raises(NotAllowed):
        operations.name_signer(
            actor=people.binh, person_id=people.binh.person_id, mark="KT.", body="", head="Chủ tịch",
            post="Phó Chủ tịch", kinds=(), basis="", valid_from=TODAY, valid_to=None, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("key", FORMS)
def test_what_is_shipped_is_what_may_be_set(key: str) -> None:
    form = FORMS[key]
    operations.check_lines(form=key, lines=[*form.recipients, form.archive])
    assert form.archive.startswith("Lưu: ")
    assert not any(words_in(form.archive))
