"""Ids of another agency's units, people, texts and records, sent by whoever forges a form: refused, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from camket.actions.operations import NewTask
from camket.core.messages import Refusal
from camket.documents.operations import controlled, legal, readers
from camket.documents.operations.editions import DocumentData
from camket.documents.operations.legal import Cited, TextData
from camket.improvement.operations import audits, nonconformities, reviews, risks
from camket.improvement.operations.audits import NewAudit, NewSession
from camket.improvement.operations.nonconformities import NewNonconformity, NewStep
from camket.improvement.operations.reviews import Member, NewDecision, NewReview
from camket.improvement.operations.risks import NewIssue, NewRisk
from camket.journal.models import Entry
from camket.org.policy import Actor
from camket.voices.operations import feedback
from camket.voices.operations.feedback_intake import NewFeedback, receive_from_public
from controlled_documents import add, in_effect
from people import TODAY, People
from work import NOW, unit_of

LATER = TODAY + timedelta(days=20)
Scene = dict[str, Any]


@pytest.fixture
def scene(people: People) -> Scene:
    """Own records at work, and of the other agency one of each kind that a form of ours may name."""
    theirs: Scene = {
        "unit": people.other_agency.units.get(order=0).pk,
        "person": people.chi.person_id,
        "document": add(people, actor=people.chi).document_id,
        "law": legal.save_text(actor=people.chi, data=TextData("1/2026/NĐ-CP", "Của xã khác"), now=NOW).pk,
        "case": _case(people.chi).pk,
        "issue": risks.keep_issue(actor=people.chi, issue=NewIssue("internal", "Thiếu người"), now=NOW).pk,
    }
    own: Scene = {
        "law": legal.save_text(actor=people.an, data=TextData("2/2026/NĐ-CP", "Của mình"), now=NOW).pk,
        "edition": in_effect(people),
        "case": _case(people.an).pk,
        "risk": risks.enter(actor=people.an, risk=_risk(people), now=NOW).pk,
        "review": reviews.prepare(
            actor=people.an, review=_review(chair_id=people.chau.person_id),
            members=[Member(people.dung.person_id)], now=NOW,
        ).pk,
        "audit": audits.plan_audit(actor=people.an, audit=_audit(unit_of(people, 1).pk), now=NOW).pk,
        "feedback": receive_from_public(
            agency_id=people.agency.pk,
            new=NewFeedback(
                "Đèn hỏng", "Đèn đầu thôn hỏng.", sender_name="Lò Thị Sương", sender_address="Thôn Đông",
                sender_phone="0912345678",
            ),
            files=(),
            now=NOW,
        ).pk,
    }  # fmt: skip
    reviews.convene(actor=people.an, review_id=own["review"], now=NOW)
    feedback.classify(
        actor=people.an, feedback_id=own["feedback"], kind="other", field_id=None, concerns=(), now=NOW
    )
    return {"own": own, **theirs}


def _case(actor: Actor) -> Any:
    what = NewNonconformity("other", "Trả kết quả chậm", "Chậm 3 hồ sơ", TODAY)
    return nonconformities.raise_nonconformity(actor=actor, what=what, now=NOW)


def _risk(people: People, **changed: Any) -> NewRisk:
    return NewRisk("risk", "Một cửa", "Mất điện", **{"unit_id": unit_of(people, 1).pk, **changed})


def _review(**changed: Any) -> NewReview:
    return NewReview("Xem xét năm 2026", TODAY.replace(month=1), TODAY, LATER, **changed)


def _audit(*unit_ids: int, **changed: Any) -> NewAudit:
    return NewAudit("Đánh giá nội bộ", LATER, LATER, unit_ids=unit_ids, **changed)


ATTACKS: dict[str, Callable[[Actor, People, Scene, Scene], object]] = {
    "a document of their unit": lambda an, people, own, s: controlled.create_document(
        actor=an, data=DocumentData(kind="system", title="Quy trình", unit_id=s["unit"]), draft=None, now=NOW
    ),
    "a form of their procedure": lambda an, people, own, s: controlled.create_document(
        actor=an, data=DocumentData(kind="form", title="Phiếu", parent_id=s["document"]), draft=None, now=NOW
    ),
    "a document that their unit works by": lambda an, people, own, s: controlled.change_document(
        actor=an,
        document_id=own["edition"].document_id,
        data=DocumentData(kind="system", title="Quy trình", user_ids=frozenset({s["unit"]})),
        today=TODAY,
    ),
    "an edition given to their unit": lambda an, people, own, s: readers.distribute(
        actor=an, edition_id=own["edition"].pk, unit_ids={s["unit"]}, read_by=None, now=NOW
    ),
    "their legal text as the ground": lambda an, people, own, s: legal.cite(
        actor=an, document_id=own["edition"].document_id, cited=[Cited(s["law"])], today=TODAY
    ),
    "their legal text in the place of ours": lambda an, people, own, s: legal.note_change(
        actor=an, text_id=own["law"], kind="replaces", by_id=s["law"], on=TODAY, now=NOW
    ),
    "a nonconformity of their unit": lambda an, people, own, s: nonconformities.raise_nonconformity(
        actor=an, what=NewNonconformity("other", "Chậm", "Chậm", TODAY, unit_id=s["unit"]), now=NOW
    ),
    "a nonconformity of their officer": lambda an, people, own, s: nonconformities.raise_nonconformity(
        actor=an, what=NewNonconformity("other", "Chậm", "Chậm", TODAY, owner_id=s["person"]), now=NOW
    ),
    "a step of their officer": lambda an, people, own, s: nonconformities.add_step(
        actor=an,
        nonconformity_id=own["case"],
        step=NewStep("Phân công", LATER, person_id=s["person"]),
        now=NOW,
    ),
    "a step of their unit": lambda an, people, own, s: nonconformities.add_step(
        actor=an, nonconformity_id=own["case"], step=NewStep("Phân công", LATER, unit_id=s["unit"]), now=NOW
    ),
    "a risk of their unit": lambda an, people, own, s: risks.enter(
        actor=an, risk=_risk(people, unit_id=s["unit"]), now=NOW
    ),
    "a risk of their officer": lambda an, people, own, s: risks.enter(
        actor=an, risk=_risk(people, owner_id=s["person"]), now=NOW
    ),
    "a risk out of their context": lambda an, people, own, s: risks.enter(
        actor=an, risk=_risk(people, issue_id=s["issue"]), now=NOW
    ),
    "a risk proposed for their unit": lambda an, people, own, s: risks.suggest(
        actor=people.binh, risk=_risk(people, unit_id=s["unit"]), now=NOW
    ),
    "a risk treated by their officer": lambda an, people, own, s: risks.treat(
        actor=an, risk_id=own["risk"], task=NewTask("Mua máy phát", LATER, person_id=s["person"]), now=NOW
    ),
    "a review that their officer leads": lambda an, people, own, s: reviews.prepare(
        actor=an, review=_review(chair_id=s["person"]), members=[], now=NOW
    ),
    "a review that their officer attends": lambda an, people, own, s: reviews.prepare(
        actor=an, review=_review(chair_id=people.chau.person_id), members=[Member(s["person"])], now=NOW
    ),
    "a decision for their unit": lambda an, people, own, s: reviews.decide(
        actor=an,
        review_id=own["review"],
        decision=NewDecision("improvement", "Mua máy", LATER, unit_id=s["unit"]),
        now=NOW,
    ),
    "a decision on their nonconformity": lambda an, people, own, s: reviews.decide(
        actor=an,
        review_id=own["review"],
        decision=NewDecision(
            "improvement", "Mua máy", LATER, unit_id=unit_of(people, 1).pk, nonconformity_id=s["case"]
        ),
        now=NOW,
    ),
    "an audit of their unit": lambda an, people, own, s: audits.plan_audit(
        actor=an, audit=_audit(s["unit"]), now=NOW
    ),
    "an audit's hours at their unit": lambda an, people, own, s: audits.set_sessions(
        actor=an,
        audit_id=own["audit"],
        sessions=[NewSession(LATER, NOW.time(), NOW.replace(hour=11).time(), "Xem", unit_id=s["unit"])],
        now=NOW,
    ),
    "feedback for their unit": lambda an, people, own, s: feedback.assign(
        actor=an, feedback_id=own["feedback"], unit_id=s["unit"], officer_id=None, note="", now=NOW
    ),
    "feedback for their officer": lambda an, people, own, s: feedback.assign(
        actor=an,
        feedback_id=own["feedback"],
        unit_id=unit_of(people, 1).pk,
        officer_id=s["person"],
        note="",
        now=NOW,
    ),
    "feedback on their officer": lambda an, people, own, s: feedback.classify(
        actor=an,
        feedback_id=own["feedback"],
        kind="conduct",
        field_id=None,
        concerns=(s["person"],),
        now=NOW,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_anothers_is_not_there(people: People, scene: Scene, attack: str) -> None:
    before = Entry.objects.count()
    with pytest.raises((ObjectDoesNotExist, Refusal)):
        ATTACKS[attack](people.an, people, scene["own"], scene)
    assert Entry.objects.count() == before
