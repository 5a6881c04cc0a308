"""Invitations to the opening and closing meeting of an audit: who gets one, what a change and a cancellation send."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from camket.improvement import hand_over
from camket.improvement.models import Audit, AuditInvitation
from camket.improvement.operations import audits as operations
from camket.improvement.operations.audits import NewAudit, NewSession
from camket.improvement.queries import audits as queries
from camket.notifications.models import Mail, Notification
from camket.notifications.sending import _message
from camket.org.models import Role
from camket.org.policy import Actor
from improvement.test_audits import ON_SITE, SITE, hour, planned, units
from notifications.conftest import reachable
from people import People, actor_of, make_person
from work import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Any, people: People) -> None:
    """The installation sends mail; An, Bình and Dũng have addresses, Châu has none."""
    settings.MAIL_FROM = "Cam Kết <iso@binhyen.example>"
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.example"]
    reachable(people.an, people.binh, people.dung)


def lines(
    em: Actor, people: People, *, opens: int = 7, place: str = "Phòng họp số 1", closes: bool = True
) -> list[NewSession]:
    """A plan with an opening meeting, an hour in the economy unit and a closing meeting."""
    _, economy = units(people)

    def together(starts: int, topic: str) -> NewSession:
        return NewSession(SITE, time(starts), time(starts, 30), topic, None, (em.person_id,), place)

    plan = [together(opens, "Họp khai mạc"), hour(em, economy, 9)]
    return [*plan, together(16, "Họp kết thúc")] if closes else plan


def announced(people: People) -> tuple[Audit, Actor]:
    """An audit led by Em (with an address) of the economy unit, which Dũng heads."""
    office, _ = units(people)
    row = planned(people)
    em = actor_of(make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, office), people.agency)
    reachable(em)
    operations.set_team(actor=people.an, audit_id=row.pk, team=[(em.person_id, "lead")], now=NOW)
    operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=lines(em, people), now=NOW)
    assert not Notification.objects.filter(topic="meeting").exists()
    operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
    row.refresh_from_db()
    return row, em


def events(actor: Actor) -> list[tuple[str, str, int, Any]]:
    """Return what letters to a person carry: method, which meeting, its SEQUENCE, the event."""
    found = []
    for each in Mail.objects.filter(person_id=actor.person_id).order_by("pk"):
        for part in _message(each).message().walk():
            if part.get_content_type() == "text/calendar":
                product = Calendar.from_ical(part.get_payload(decode=True))
                assert part.get_param("method") == str(product["method"])
                event = product.walk("VEVENT")[0]
                meeting = str(event["uid"]).split("@")[0].split("-")[-1]
                found.append((str(product["method"]), meeting, int(event["sequence"]), event))
    return found


def sent(actor: Actor) -> list[tuple[str, str, int]]:
    return [each[:3] for each in events(actor)]


INVITED = [("REQUEST", "opening", 0), ("REQUEST", "closing", 0)]


class TestInvitations:
    def test_announced_it_invites_the_team_and_the_heads_of_the_units_to_both_meetings(
        self, people: People, mail: None
    ) -> None:
        row, em = announced(people)
        assert sent(em) == sent(people.dung) == INVITED
        assert sent(people.binh) == []
        *_, event = events(em)[0]
        assert str(event["summary"]) == "Họp khai mạc đánh giá nội bộ: Đánh giá nội bộ lần 1"
        assert str(event["location"]) == "Phòng họp số 1"
        assert event.decoded("dtstart").isoformat() == f"{SITE.isoformat()}T00:00:00+00:00"
        assert event["attendee"].params["cn"] == "Vũ Văn Em"
        assert queries.page(people.an, row.pk).invited == 2
        told = Notification.objects.filter(topic="meeting", person_id=people.dung.person_id)
        assert [each.message["params"]["place"] for each in told] == ["Phòng họp số 1"]

    def test_another_hour_or_place_is_sent_once_as_the_next_version(self, people: People, mail: None) -> None:
        row, em = announced(people)
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=lines(em, people), now=NOW)
        assert sent(em) == INVITED
        moved = lines(em, people, opens=8, place="Hội trường")
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=moved, now=NOW)
        assert sent(em) == [*INVITED, ("REQUEST", "opening", 1), ("REQUEST", "closing", 1)]
        assert {str(each[3]["uid"]) for each in events(em) if each[1] == "opening"} == {
            f"audit-{row.pk}-opening@{people.agency.code}.camket"
        }
        assert str(events(em)[-1][3]["location"]) == "Hội trường"
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=moved, now=NOW)
        assert len(sent(em)) == 4

    def test_a_meeting_that_falls_out_of_the_plan_is_called_off_and_may_come_back(
        self, people: People, mail: None
    ) -> None:
        row, em = announced(people)
        without = lines(em, people, closes=False)
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=without, now=NOW)
        assert sent(people.dung)[2:] == [("CANCEL", "closing", 1)]
        event = events(people.dung)[-1][3]
        assert str(event["status"]) == "CANCELLED"
        assert event.decoded("dtstart").isoformat() == f"{SITE.isoformat()}T09:00:00+00:00"
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=lines(em, people), now=NOW)
        assert sent(people.dung)[3:] == [("REQUEST", "closing", 2)]

    def test_a_cancelled_audit_calls_both_off(self, people: People, mail: None) -> None:
        row, em = announced(people)
        operations.cancel_audit(actor=people.an, audit_id=row.pk, reason="Bầu cử", now=NOW)
        assert sent(em)[2:] == [("CANCEL", "opening", 1), ("CANCEL", "closing", 1)]
        assert not AuditInvitation.objects.filter(is_cancelled=False).exists()
        assert queries.page(people.an, row.pk).invited == 0

    def test_who_leaves_the_team_is_told_and_who_comes_is_invited(self, people: People, mail: None) -> None:
        row, em = announced(people)
        office, _ = units(people)
        gam = actor_of(make_person(people.agency, "Đỗ Thị Gấm", "gam", Role.AUDITOR, office), people.agency)
        reachable(gam)
        operations.set_team(actor=people.an, audit_id=row.pk, team=[(gam.person_id, "lead")], now=NOW)
        assert sent(gam) == [("REQUEST", "opening", 1), ("REQUEST", "closing", 1)]
        assert sent(em)[2:] == [("CANCEL", "opening", 1), ("CANCEL", "closing", 1)]
        assert "status" not in events(em)[-1][3]
        assert sent(people.dung) == INVITED

    def test_an_auditor_who_hands_the_part_on_hands_the_invitation_on(
        self, people: People, mail: None
    ) -> None:
        row, em = announced(people)
        office, _ = units(people)
        gam = actor_of(make_person(people.agency, "Đỗ Thị Gấm", "gam", Role.AUDITOR, office), people.agency)
        reachable(gam)
        part = row.team.get()
        hand_over.hand_on(
            actor=people.an,
            kind=hand_over.AUDITOR,
            successors={part.pk: gam.person_id},
            reason="Nghỉ",
            now=NOW,
        )
        assert [each[0] for each in sent(gam)] == ["REQUEST", "REQUEST"]
        assert [each[0] for each in sent(em)[2:]] == ["CANCEL", "CANCEL"]

    def test_a_title_or_another_unit_follows_too(self, people: People, mail: None) -> None:
        row, em = announced(people)
        office, economy = units(people)
        changed = NewAudit("Đánh giá đột xuất", SITE, SITE, unit_ids=(economy.pk,))
        operations.change_audit(actor=people.an, audit_id=row.pk, audit=changed, reason="Đổi tên", now=NOW)
        assert sent(em)[2:] == [("REQUEST", "opening", 1), ("REQUEST", "closing", 1)]
        assert "Đánh giá đột xuất" in str(events(em)[-1][3]["summary"])

    def test_nothing_is_sent_about_a_meeting_that_is_over(self, people: People, mail: None) -> None:
        row, em = announced(people)
        late = ON_SITE + timedelta(days=1)
        operations.cancel_audit(actor=people.an, audit_id=row.pk, reason="Không tiến hành", now=late)
        assert sent(em) == INVITED

    def test_without_mail_the_notices_stand_in_the_app(self, people: People) -> None:
        announced(people)
        assert Notification.objects.filter(topic="meeting", person_id=people.dung.person_id).count() == 1
        assert events(people.dung) == []

    def test_each_person_gets_one_notice_and_one_letter_of_what_becomes_of_the_audit(
        self, people: People, mail: None
    ) -> None:
        def told() -> list[tuple[int, int]]:
            every = (Notification.objects.filter(link__startswith="/danh-gia/"), Mail.objects)
            return [
                tuple(rows.filter(person_id=each.person_id).count() for rows in every)  # type: ignore[misc]
                for each in (em, people.dung)
            ]

        row, em = announced(people)
        assert told() == [(1, 1), (1, 1)]
        said = Notification.objects.get(person_id=people.dung.person_id).message
        words = said["template"] % said["params"]
        assert "Phòng họp số 1" in words
        assert "07:00–07:30" in words
        assert "16:00–16:30" in words
        moved = lines(em, people, opens=8, place="Hội trường")
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=moved, now=NOW)
        assert told() == [(2, 2), (2, 2)], "both meetings moved"
        _, economy = units(people)
        changed = NewAudit("Đánh giá đột xuất", SITE, SITE, unit_ids=(economy.pk,))
        operations.change_audit(actor=people.an, audit_id=row.pk, audit=changed, reason="Đổi tên", now=NOW)
        assert told() == [(3, 3), (3, 3)]
        operations.change_audit(actor=people.an, audit_id=row.pk, audit=changed, now=NOW)
        assert told() == [(3, 3), (3, 3)], "saved as it stood"
        operations.cancel_audit(actor=people.an, audit_id=row.pk, reason="Bầu cử", now=NOW)
        assert told() == [(4, 4), (4, 4)]
