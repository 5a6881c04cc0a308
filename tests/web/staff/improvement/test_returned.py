"""Why what was submitted came back stands on its page until it is submitted anew, for whoever opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from announced import drafted, ready
from camket.documents.operations import editions
from camket.improvement.models import Nonconformity
from camket.improvement.operations import announcements, audit_programmes, audits
from camket.improvement.operations import nonconformities as cases
from camket.improvement.operations.audits import NewAudit
from camket.journal.queries import returned
from camket.org.policy import Actor
from controlled_documents import add
from people import TODAY, People
from work import NOW, unit_of

SignedIn = Callable[[Actor], Client]
WHY = "Chưa nêu người chịu trách nhiệm"


def test_of_a_plan_of_corrective_action(people: People, signed_in: SignedIn) -> None:
    row = cases.raise_nonconformity(
        actor=people.an,
        what=cases.NewNonconformity(
            "other", "Trả kết quả chậm", "Chậm 3 hồ sơ", TODAY, owner_id=people.binh.person_id
        ),
        now=NOW,
    )
    Nonconformity.objects.filter(pk=row.pk).update(state="planned")
    cases.return_plan(actor=people.chau, nonconformity_id=row.pk, reason=WHY, now=NOW)
    said = signed_in(people.binh).get(f"/khac-phuc/{row.pk}/").content.decode()
    assert WHY in said
    assert "Lê Minh Châu trả lại ngày 01/07/2026" in said


def test_of_an_announcement(people: People, signed_in: SignedIn) -> None:
    ready(people)
    row = drafted(people)
    page = f"/cong-bo/{row.pk}/"
    announcements.confirm(actor=people.chau, announcement_id=row.pk, now=NOW)
    announcements.send_back(actor=people.chau, announcement_id=row.pk, reason=WHY, now=NOW)
    assert WHY in signed_in(people.an).get(page).content.decode()
    announcements.ask_to_confirm(actor=people.an, announcement_id=row.pk, now=NOW)
    assert WHY not in signed_in(people.an).get(page).content.decode()


def test_of_a_programme_of_audits(people: People, signed_in: SignedIn) -> None:
    row = audit_programmes.make_programme(actor=people.an, year=2026, purpose="Cả năm", now=NOW)
    unit = unit_of(people, 1)
    audits.plan_audit(
        actor=people.an,
        audit=NewAudit(
            "Đánh giá nội bộ", TODAY + timedelta(days=20), TODAY + timedelta(days=21), unit_ids=(unit.pk,)
        ),
        programme_id=row.pk,
        now=NOW,
    )
    turn: dict[str, Any] = {"programme_id": row.pk, "now": NOW}
    audit_programmes.turn_programme(actor=people.an, act="submit", **turn)
    audit_programmes.turn_programme(actor=people.chau, act="return", reason=WHY, **turn)
    assert WHY in signed_in(people.an).get("/danh-gia/").content.decode()


@pytest.mark.parametrize("who", ["an", "chi"])
def test_it_is_of_the_own_agency_alone(people: People, who: str) -> None:
    edition = add(people)
    found = {"subject_type": "documents.documentedition", "subject_id": edition.pk}
    assert returned(people.an, **found) is None
    editions.submit_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    editions.return_edition(actor=people.chau, edition_id=edition.pk, reason=WHY, now=NOW)
    assert (returned(getattr(people, who), **found) is not None) == (who == "an")
