"""Two people at one record: the later is shown what the earlier changed, beside what was typed, and decides."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from camket.journal.models import Entry
from camket.org.models import Unit
from camket.org.policy import Actor
from people import People
from web.sent.pages import form_in, opened, send

SignedIn = Callable[[Actor], Client]


def unit_of(people: People) -> Unit:
    return Unit.objects.filter(agency=people.agency).order_by("order")[1]


def test_what_somebody_else_changed_is_shown_and_not_overwritten(people: People, signed_in: SignedIn) -> None:
    unit = unit_of(people)
    page = f"/co-quan/bo-phan/{unit.pk}/"
    first, second = signed_in(people.an), signed_in(people.an)
    late = opened(second, page)
    assert send(first, opened(first, page), name="Phòng Kinh tế và Hạ tầng").status_code == 302
    before = Entry.objects.count()

    refused = send(second, late, name="Phòng Kinh tế – Xây dựng")

    text = refused.content.decode()
    assert refused.status_code == 200
    assert "Phòng Kinh tế và Hạ tầng" in text
    assert "Phòng Kinh tế – Xây dựng" in text
    unit.refresh_from_db()
    assert unit.name == "Phòng Kinh tế và Hạ tầng"
    assert Entry.objects.count() == before

    again = form_in(text, page)
    assert again.fields["name"] == "Phòng Kinh tế – Xây dựng"
    assert send(second, again).status_code == 302
    unit.refresh_from_db()
    assert unit.name == "Phòng Kinh tế – Xây dựng"


def test_a_box_that_was_not_touched_takes_over_what_somebody_else_wrote(
    people: People, signed_in: SignedIn
) -> None:
    unit = unit_of(people)
    page = f"/co-quan/bo-phan/{unit.pk}/"
    first, second = signed_in(people.an), signed_in(people.an)
    late = opened(second, page)
    send(first, opened(first, page), short_name="P. KTHT")

    refused = send(second, late, name="Phòng Kinh tế – Xây dựng").content.decode()

    again = form_in(refused, page)
    assert again.fields["short_name"] == "P. KTHT"
    assert again.fields["name"] == "Phòng Kinh tế – Xây dựng"
    send(second, again)
    unit.refresh_from_db()
    assert (unit.name, unit.short_name) == ("Phòng Kinh tế – Xây dựng", "P. KTHT")


def test_changes_of_other_fields_do_not_meet(people: People, signed_in: SignedIn) -> None:
    unit = unit_of(people)
    page = f"/co-quan/bo-phan/{unit.pk}/"
    client = signed_in(people.an)
    late = opened(client, page)
    client.post(f"/co-quan/bo-phan/{unit.pk}/chuyen/", {"to": "up"})
    assert send(client, late, name="Phòng Kinh tế – Xây dựng").status_code == 302
