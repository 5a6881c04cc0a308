"""An announcement of conformity: what lacks is said, the head confirms, it is frozen, announced again, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from announced import SIGNER, announced, audit, drafted, finding, procedure, ready, review
from camket.actions.models import Task
from camket.core.announcement import checks
from camket.core.workflow import ANNOUNCEMENT, NotPossible
from camket.improvement import announcing
from camket.improvement.announcement_paper import confirmation_document
from camket.improvement.given import DayNotPossible, TextMissing
from camket.improvement.models import Announcement
from camket.improvement.operations import announcements as operations
from camket.improvement.operations.announcements import AlreadyAtWork, AnnouncementIncomplete
from camket.improvement.queries import announcements as queries
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.policy import NotAllowed
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from controlled_documents import in_effect
from people import TODAY, People
from reading_back import values_out
from work import NOW


def unmet(people: People, choices: dict[str, str] | None = None) -> list[str]:
    facts = announcing.facts_of(people.agency.pk, choices or {}, TODAY)
    return [each.key for each in checks(facts) if not each.is_met]


def shared(people: People) -> dict[str, str]:
    return {"Hộ tịch": people.agency.controlled_documents.get(kind="system").code}


def issue(people: People, row: Announcement, **changed: Any) -> Announcement:
    values: dict[str, Any] = {"number": "31/QĐ-UBND", "signed_on": TODAY, "now": NOW, **changed}
    return operations.announce(
        actor=people.an,
        announcement_id=row.pk,
        content=lambda each: queries.written(each, SIGNER, TODAY),
        **values,
    )


def test_each_precondition_is_asked_for_by_itself(people: People) -> None:
    assert unmet(people) == ["documents", "audit", "findings", "review"]
    ready(people)
    assert unmet(people) == ["documents"]  # no internal procedure of their own
    assert unmet(people, shared(people)) == []


def test_a_change_of_a_document_asks_for_another_audit_and_review(people: People) -> None:
    ready(people)
    audit_before = announcing.facts_of(people.agency.pk, shared(people), TODAY)
    assert audit_before.changed_on == TODAY
    people.agency.audits.update(starts_on=TODAY - timedelta(days=1))
    assert unmet(people, shared(people)) == ["audit", "findings", "review"]


def test_findings_count_whether_they_became_nonconformities_or_not(people: People) -> None:
    ready(people)
    again = audit(people, TODAY)
    raised = finding(people, again, "acting")
    assert unmet(people, shared(people)) == ["findings"]
    raised.nonconformity.state = "closed"
    raised.nonconformity.save()
    assert unmet(people, shared(people)) == []
    finding(people, again)
    assert unmet(people, shared(people)) == ["findings"]


def test_a_review_before_the_audit_does_not_count(people: People) -> None:
    ready(people)
    people.agency.reviews.update(held_on=TODAY - timedelta(days=3))
    assert unmet(people, shared(people)) == ["review"]
    review(people, TODAY)
    assert unmet(people, shared(people)) == []


def test_nothing_is_confirmed_while_something_lacks(people: People) -> None:
    ready(people)
    row = drafted(people, choices={})
    for act in (operations.confirm, operations.ask_to_confirm):
        with pytest.raises(AnnouncementIncomplete) as refused:
            act(
                actor=people.chau if act is operations.confirm else people.an,
                announcement_id=row.pk,
                now=NOW,
            )
        assert len(refused.value.lacks) == 2
    row.refresh_from_db()
    assert (row.state, row.checks) == ("draft", {})


def test_the_head_confirms_with_the_proofs_as_they_stand(people: People) -> None:
    ready(people)
    row = drafted(people)
    operations.ask_to_confirm(actor=people.an, announcement_id=row.pk, now=NOW)
    assert Notification.objects.filter(person_id=people.chau.person_id, link=f"/cong-bo/{row.pk}/").exists()
    with pytest.raises(NotAllowed):
        operations.confirm(actor=people.an, announcement_id=row.pk, now=NOW)
    operations.confirm(actor=people.chau, announcement_id=row.pk, now=NOW)
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert [each["key"] for each in row.checks["checks"]] == [
        "documents", "law", "audit", "findings", "review",
    ]  # fmt: skip
    assert all(each["proofs"] for each in row.checks["checks"])
    with pytest.raises(ReasonMissing):
        operations.send_back(actor=people.chau, announcement_id=row.pk, reason=" ", now=NOW)
    operations.send_back(actor=people.chau, announcement_id=row.pk, reason="Sửa phạm vi", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.confirmed_at, row.checks) == ("draft", None, {})


def test_the_record_of_the_confirmation_names_every_condition_with_its_proof(people: People) -> None:
    ready(people)
    row = drafted(people)
    operations.ask_to_confirm(actor=people.an, announcement_id=row.pk, now=NOW)
    operations.confirm(actor=people.chau, announcement_id=row.pk, now=NOW)
    content = queries.content_of(people.an, row.pk, SIGNER, TODAY)
    paper = write_docx(confirmation_document(content))
    (said,) = values_out(paper)
    assert check_document(paper).deviations == ()
    assert (said["kind"], said["number"]) == ("XÁC NHẬN", "/XN-UBND")
    (table,) = (each for each in said["body"] if isinstance(each[0][0], list))
    row.refresh_from_db()
    assert [len(cells[2][0]) for cells in table[1:]] == [len(each["proofs"]) for each in row.checks["checks"]]
    assert [(cells[1][0], cells[2][0]) for cells in table[1:]] == [
        ([each.title], list(each.proofs)) for each in content.confirmed
    ]


def test_what_is_issued_is_frozen_and_leads_to_tasks(people: People) -> None:
    ready(people)
    row = announced(people)
    assert row.state == "announced"
    texts = list(Task.objects.filter(agency=people.agency).values_list("action__text", flat=True))
    assert sum("Niêm yết" in each for each in texts) == 1
    assert sum("thông báo công bố" in each for each in texts) == 1
    people.agency.full_name = "Ủy ban nhân dân xã Khác"
    people.agency.save()
    content = queries.content_of(people.an, row.pk, SIGNER, TODAY)
    assert (content.issuer, content.number) == ("Ủy ban nhân dân xã Bình Yên", "30/QĐ-UBND")
    assert "02 thủ tục" in content.said("first")
    assert Entry.objects.filter(verb="announcement.announced", agency=people.agency).count() == 1
    with pytest.raises(NotPossible):
        operations.change(
            actor=people.an,
            announcement_id=row.pk,
            announcement=operations.NewAnnouncement("iso9001-2015"),
            now=NOW,
        )


def test_what_changed_after_the_confirmation_stops_the_issue(people: People) -> None:
    ready(people)
    row = drafted(people)
    operations.confirm(actor=people.chau, announcement_id=row.pk, now=NOW)
    for wrong, error in (
        ({"number": ""}, TextMissing),
        ({"signed_on": TODAY - timedelta(days=1)}, DayNotPossible),
        ({"signed_on": TODAY + timedelta(days=1)}, DayNotPossible),
    ):
        with pytest.raises(error):
            issue(people, row, **wrong)
    procedure(people, "1.001193", "Đăng ký khai sinh")
    with pytest.raises(AnnouncementIncomplete):
        issue(people, row)
    row.refresh_from_db()
    assert (row.state, row.number) == ("confirmed", "")


def test_a_change_of_the_scope_is_told_once_and_announced_again(people: People) -> None:
    ready(people)
    first = announced(people)
    same: dict[str, Any] = {"agency_id": people.agency.pk, "today": TODAY, "now": NOW}
    assert operations.propose_again(**same) == 0
    procedure(people, "1.001193", "Đăng ký khai sinh")
    assert operations.propose_again(**same) == 1
    assert operations.propose_again(**{**same, "now": NOW + timedelta(hours=1)}) == 0
    found = queries.overview(people.an, TODAY)
    assert found.changes is not None
    assert [each.name for each in found.changes.added] == ["Đăng ký khai sinh"]
    with pytest.raises(TextMissing):
        drafted(people)
    second = drafted(people, reason="Thêm một thủ tục")
    operations.confirm(actor=people.chau, announcement_id=second.pk, now=NOW)
    issue(people, second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.kind, second.replaces_id) == (
        "replaced", "announced", "again", first.pk,
    )  # fmt: skip
    assert queries.announcement(people.an, first.pk, TODAY).replaced_by is not None
    assert operations.propose_again(**same) == 0


def test_one_at_work_and_one_from_paper_at_most(people: People) -> None:
    ready(people)
    row = drafted(people)
    with pytest.raises(AlreadyAtWork):
        drafted(people)
    take: dict[str, Any] = {
        "actor": people.an,
        "number": "5/QĐ-UBND",
        "signed_on": TODAY - timedelta(days=400),
        "content": lambda each: queries.written(each, SIGNER, TODAY),
        "now": NOW,
    }
    operations.record_signed(announcement_id=row.pk, **take)
    assert queries.announcement(people.an, row.pk, TODAY).row.is_from_paper
    again = drafted(people, reason="Đổi phạm vi")
    with pytest.raises(AlreadyAtWork):
        operations.record_signed(announcement_id=again.pk, **take)


def test_the_head_withdraws_with_a_reason_and_the_public_sees_none(people: People) -> None:
    ready(people)
    row = announced(people)
    shown = queries.public_announcement(people.agency.pk)
    assert shown is not None
    assert (shown["number"], len(shown["procedures"])) == ("30/QĐ-UBND", 2)
    with pytest.raises(NotAllowed):
        operations.withdraw(actor=people.an, announcement_id=row.pk, reason="Sai phạm vi", now=NOW)
    operations.withdraw(actor=people.chau, announcement_id=row.pk, reason="Sai phạm vi", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_on) == ("withdrawn", TODAY)
    assert queries.public_announcement(people.agency.pk) is None


def test_every_forbidden_act_is_refused_in_every_state(people: People) -> None:
    ready(people)
    row = drafted(people)
    new = operations.NewAnnouncement("iso9001-2015", reason="Đổi", wording=row.wording)
    same: dict[str, Any] = {"announcement_id": row.pk, "now": NOW}
    signed: dict[str, Any] = {
        "number": "1/QĐ-UBND",
        "signed_on": TODAY,
        "content": lambda each: queries.written(each, SIGNER, TODAY),
    }
    acts: dict[str, Any] = {
        "edit": lambda: operations.change(actor=people.an, announcement=new, **same),
        "discard": lambda: operations.discard(actor=people.an, **same),
        "confirm": lambda: operations.confirm(actor=people.chau, **same),
        "return": lambda: operations.send_back(actor=people.chau, reason="Sai", **same),
        "announce": lambda: operations.announce(actor=people.an, **signed, **same),
        "record_signed": lambda: operations.record_signed(actor=people.an, **signed, **same),
        "withdraw": lambda: operations.withdraw(actor=people.chau, reason="Sai", **same),
    }
    for state in ANNOUNCEMENT.states:
        Announcement.objects.filter(pk=row.pk).update(state=state)
        for act, do in acts.items():
            if act not in ANNOUNCEMENT.acts(state):
                with pytest.raises(NotPossible):
                    do()
    row.refresh_from_db()
    assert row.number == ""


def test_another_agencys_is_not_there(people: People) -> None:
    ready(people)
    row = announced(people)
    in_effect(people, title="Tài liệu khác")
    same: dict[str, Any] = {"actor": people.chi, "announcement_id": row.pk, "now": NOW}
    for act in (
        lambda: operations.discard(**same),
        lambda: operations.confirm(**same),
        lambda: operations.withdraw(reason="Sai", **same),
        lambda: queries.announcement(people.chi, row.pk, TODAY),
        lambda: queries.content_of(people.chi, row.pk, SIGNER, TODAY),
    ):
        with pytest.raises(Announcement.DoesNotExist):
            act()
