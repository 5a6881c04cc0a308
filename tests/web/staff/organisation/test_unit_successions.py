"""The pages on which a unit is merged, split or renamed by a decision, and where that is seen afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from camket.improvement.models import Risk
from camket.org.models import PlannedSuccession, Unit, UnitSuccession
from camket.org.policy import Actor
from people import People
from work import NOW, make_task, unit_of

SignedIn = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db
UNITS = "/co-quan/bo-phan/"
DECISION = {
    "number": "12/QĐ-UBND",
    "signed_on": "25/06/2026",
    "on": "01/07/2026",
    "reason": "Sắp xếp tổ chức bộ máy",
}


def test_a_merger_shows_who_took_over_and_what_went_along(people: People, signed_in: SignedIn) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    make_task(people, number="1")
    an = signed_in(people.an)
    page = f"{UNITS}{old.pk}/nhap/"
    refused = an.post(page, {**DECISION, "number": "12", "into": new.pk})
    assert refused.status_code == 422
    assert "12/QĐ-UBND" in refused.content.decode()
    assert an.post(page, {**DECISION, "into": ""}).status_code == 422
    assert an.post(page, {**DECISION, "into": new.pk}).status_code == 302
    shown = an.get(f"{UNITS}{old.pk}/").content.decode()
    assert "Quyết định số 12/QĐ-UBND ngày 25/06/2026" in shown
    assert "Đầu việc chưa xong 1" in shown
    assert f"{UNITS}{old.pk}/" in an.get(f"{UNITS}{new.pk}/").content.decode()
    binh = signed_in(people.binh).get(UNITS).content.decode()
    assert f"là {new.name} (Quyết định số 12/QĐ-UBND)" in binh


def test_a_unit_is_split_by_person(people: People, signed_in: SignedIn) -> None:
    old, rest = unit_of(people, 1), unit_of(people, 2)
    other = Unit.objects.create(agency=people.agency, name="Phòng Xây dựng", order=9)
    an = signed_in(people.an)
    page = f"{UNITS}{old.pk}/tach/"
    asked = an.get(page).content.decode()
    binh, dung = (each.person_id for each in (people.binh, people.dung))
    assert f'name="person-{binh}"' in asked
    form = {**DECISION, "rest": rest.pk, f"person-{dung}": rest.pk}
    assert an.post(page, form).status_code == 422
    one = an.post(page, {**form, f"person-{binh}": rest.pk})
    assert "ít nhất hai bộ phận" in one.content.decode()
    assert an.post(page, {**form, f"person-{binh}": other.pk}).status_code == 302
    assert UnitSuccession.objects.filter(predecessor=old, kind="split").count() == 2


def test_a_unit_is_renamed_by_a_decision(people: People, signed_in: SignedIn) -> None:
    old = unit_of(people, 1)
    an = signed_in(people.an)
    page = f"{UNITS}{old.pk}/doi-ten/"
    taken = an.post(page, {**DECISION, "name": unit_of(people, 2).name})
    assert taken.status_code == 422
    assert an.post(page, {**DECISION, "name": "Phòng Kinh tế, Hạ tầng"}).status_code == 302
    assert Unit.objects.get(name="Phòng Kinh tế, Hạ tầng").is_active
    assert "Phòng Kinh tế, Hạ tầng" in an.get(f"{UNITS}{old.pk}/").content.decode()


def test_who_does_not_manage_the_agency_has_no_such_page(people: People, signed_in: SignedIn) -> None:
    old = unit_of(people, 1)
    for way in ("nhap", "tach", "doi-ten"):
        assert signed_in(people.binh).get(f"{UNITS}{old.pk}/{way}/").status_code == 403
        assert signed_in(people.chi).get(f"{UNITS}{old.pk}/{way}/").status_code in (403, 404)


def test_the_first_day_is_asked_and_a_former_unit_does_not_come_back(
    people: People, signed_in: SignedIn
) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    an = signed_in(people.an)
    page = f"{UNITS}{old.pk}/nhap/"
    assert 'value="01/07/2026"' in an.get(page).content.decode(), "today is proposed"
    late = an.post(page, {**DECISION, "on": "01/06/2024", "into": new.pk})
    assert (late.status_code, late.context["form"].errors.keys()) == (422, {"on"})
    assert an.post(page, {**DECISION, "on": "15/06/2026", "into": new.pk}).status_code == 302
    assert "15/06/2026" in an.get(f"{UNITS}{old.pk}/").content.decode()
    assert 'value="yes"' not in an.get(f"{UNITS}{old.pk}/").content.decode()
    back = an.post(f"{UNITS}{old.pk}/su-dung/", {"use": "yes"}, follow=True)
    assert "không đưa vào sử dụng lại" in back.content.decode()
    assert not Unit.objects.get(pk=old.pk).is_active


def test_a_day_to_come_is_settled_shown_and_taken_back(people: People, signed_in: SignedIn) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    an = signed_in(people.an)
    coming = {**DECISION, "on": "01/08/2026", "into": new.pk}
    said = an.post(f"{UNITS}{old.pk}/nhap/", coming, follow=True).content.decode()
    assert f"Từ ngày 01/08/2026: {old.name} được sáp nhập vào {new.name}" in said
    assert f"{UNITS}{old.pk}/tach/" not in said, "one thing at a time"
    assert Unit.objects.get(pk=old.pk).is_active
    assert "Từ ngày 01/08/2026" in signed_in(people.binh).get(UNITS).content.decode()
    row = PlannedSuccession.objects.get()
    PlannedSuccession.objects.update(
        trouble={"template": "%(unit)s is no longer in use.", "params": {"unit": new.name}}
    )
    assert f"Đã ngừng sử dụng {new.name}." in an.get(f"{UNITS}{old.pk}/").content.decode()
    back = f"{UNITS}sap-toi/{row.pk}/rut-lai/"
    assert "lý do" in an.post(back, {"reason": ""}, follow=True).content.decode().lower()
    done = an.post(back, {"reason": "Tỉnh hoãn đề án"}, follow=True)
    assert "vẫn giữ nguyên" in done.content.decode()
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert an.post(back, {"reason": "Tỉnh hoãn đề án"}).status_code == 404
    assert signed_in(people.binh).post(back, {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/phan-anh/danh-sach/", "don_vi"),
        ("/rui-ro/", "don_vi"),
        ("/khac-phuc/", "don_vi"),
        ("/tai-lieu/", "bo_phan"),
    ],
)
def test_lists_are_narrowed_to_a_former_unit_and_forms_do_not_offer_it(
    people: People, signed_in: SignedIn, page: str, field: str
) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    an = signed_in(people.an)
    risk = Risk.objects.create(
        agency=people.agency,
        kind="risk",
        process="Đất đai",
        title="Trễ hạn",
        state="ended",
        unit=old,
        made_at=NOW,
    )
    an.post(f"{UNITS}{old.pk}/nhap/", {**DECISION, "into": new.pk})
    shown = an.get(page, {field: old.pk})
    assert shown.status_code == 200
    offered = dict(shown.context["form"].fields[field].choices)
    assert offered[old.pk] == f"{old.name} (không còn hoạt động)"
    if page == "/rui-ro/":
        listed = an.get(page, {"don_vi": old.pk, "muc": "ended"})
        assert risk.title in listed.content.decode()
        form = an.get("/rui-ro/them/").context["form"].fields["unit_id"].choices
        assert old.pk not in dict(form)
