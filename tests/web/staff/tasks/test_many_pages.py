"""Ticked rows of the lists of tasks and of the registers: shown what becomes of each, done, told, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions import operations
from camket.actions.models import Action, ListAct, Task
from camket.core.registers import REGISTERS
from camket.notifications.models import Notification
from camket.org.policy import Actor
from camket.registers.models import Entry
from camket.registers.operations import enter
from people import People
from web.sent.pages import opened, send
from work import NOW, make_action, make_task, submitted_task, unit_of

SignedIn = Callable[[Actor], Client]
AT_MOST = 15
pytestmark = pytest.mark.django_db


def many_tasks(people: People, number: int) -> list[Task]:
    action = make_action(people, state=Action.State.ACTIVE)
    day = date(2026, 7, 20)
    return Task.objects.bulk_create(
        Task(
            agency=people.agency, action=action, kind="dated", occurrence=f"by:{at}", due_on=day, due_original=day,
            late_after=day, unit=unit_of(people, 1),
        )
        for at in range(number)
    )  # fmt: skip


def given(people: People, number: int) -> Entry:
    values = {
        "number": f"{number}/TB-UBND", "on": "22/06/2026", "source": "UBND tỉnh", "title": f"Rà soát hồ sơ {number}",
        "unit": str(unit_of(people, 1).pk), "due_on": "03/07/2026",
    }  # fmt: skip
    return enter(actor=people.an, register="directives", values=values, now=NOW)


def ticks(rows: list[Any]) -> str:
    return "&".join(f"viec={each.pk}" for each in rows)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


class TestTasks:
    def test_a_list_offers_ticks_to_who_may_act_on_many_alone(
        self, people: People, signed_in: SignedIn
    ) -> None:
        make_task(people)
        offered = {
            name: [act for act in ("assign", "postpone", "accept", "remind") if f'value="{act}"' in text]
            for name in ("an", "dung", "binh")
            for text in [text_of(signed_in(getattr(people, name)).get("/cong-viec/tat-ca/"))]
        }
        assert offered == {
            "an": ["assign", "postpone", "accept", "remind"],
            "dung": ["assign", "accept", "remind"],
            "binh": [],
        }
        assert signed_in(people.binh).get("/cong-viec/nhieu/?lam=accept&viec=1").status_code == 403
        refused = signed_in(people.dung).get(
            f"/cong-viec/nhieu/?lam=postpone&{ticks(list(Task.objects.all()))}"
        )
        assert refused.status_code == 403

    def test_what_becomes_of_each_row_is_shown_before_it_is_done_and_undone(
        self, people: People, signed_in: SignedIn
    ) -> None:
        first, closed = many_tasks(people, 2)
        operations.cancel_task(actor=people.an, task_id=closed.pk, reason="Bỏ", now=NOW)
        client = signed_in(people.an)
        asked = text_of(client.get(f"/cong-viec/nhieu/?lam=postpone&{ticks([first, closed])}"))
        assert "1 dòng để nguyên" in asked
        page = (
            f"/cong-viec/nhieu/?lam=postpone&xem=1&on=30/08/2026&words=Ch%E1%BB%9D&{ticks([first, closed])}"
        )
        shown = text_of(client.get(page))
        assert "20/07/2026" in shown
        assert "30/08/2026" in shown
        assert "Lùi hạn 1 việc" in shown
        done = send(client, opened(client, page))
        assert done.status_code == 302
        first.refresh_from_db()
        assert first.due_on == date(2026, 8, 30)
        result = text_of(client.get(done["Location"]))
        assert "Đã lùi hạn 1 việc." in result
        assert "Những dòng" not in result
        back = send(client, opened(client, done["Location"], f"{done['Location']}hoan-tac/"))
        first.refresh_from_db()
        assert (back.status_code, first.due_on, first.is_moved) == (302, date(2026, 7, 20), False)
        assert "Đã hoàn tác lúc" in text_of(client.get(back["Location"]))

    def test_the_same_form_twice_acts_once(self, people: People, signed_in: SignedIn) -> None:
        task = submitted_task(people)
        client = signed_in(people.an)
        form = opened(client, f"/cong-viec/nhieu/?lam=accept&viec={task.pk}")
        first, second = send(client, form), send(client, form)
        assert (first.status_code, second.status_code) == (302, 302)
        assert first["Location"] == second["Location"]
        assert ListAct.objects.count() == 1
        again = client.post("/cong-viec/nhieu/", {"lam": "accept", "viec": task.pk})
        assert again.status_code == 422
        assert "Không làm được với dòng nào" in text_of(again)
        assert ListAct.objects.count() == 1

    def test_a_row_of_another_agency_is_not_there(self, people: People, signed_in: SignedIn) -> None:
        task = make_task(people)
        stranger = signed_in(people.chi)
        assert stranger.get(f"/cong-viec/nhieu/?lam=remind&viec={task.pk}").status_code == 404
        assert stranger.post("/cong-viec/nhieu/", {"lam": "remind", "viec": task.pk}).status_code == 404
        done = send(
            signed_in(people.an), opened(signed_in(people.an), f"/cong-viec/nhieu/?lam=remind&viec={task.pk}")
        )
        assert stranger.get(done["Location"]).status_code == 404
        assert signed_in(people.dung).get(done["Location"]).status_code == 404

    def test_all_that_the_filter_finds_is_bounded_and_said(self, people: People, signed_in: SignedIn) -> None:
        many_tasks(people, 210)
        client = signed_in(people.an)
        assert "Tất cả 210 dòng danh sách tìm thấy" in text_of(client.get("/cong-viec/tat-ca/"))
        page = client.get("/cong-viec/nhieu/?lam=remind&tat_ca=1&loc=")
        assert "Danh sách tìm thấy 210 dòng; đây là 200 dòng đầu" in text_of(page)
        assert text_of(page).count('name="viec"') == 200

    @pytest.mark.parametrize(
        "asked",
        [
            "lam=assign", "lam=assign&xem=1&person={binh}", "lam=postpone&xem=1&on=30/08/2026&words=x", "lam=accept",
            "lam=remind",
        ],
    )  # fmt: skip
    def test_two_hundred_ticked_rows_take_few_statements(
        self, asked: str, people: People, signed_in: SignedIn
    ) -> None:
        rows = many_tasks(people, 200)
        if asked == "lam=accept":
            Task.objects.update(state="submitted", submitted_at=NOW, submitted_by_id=people.binh.person_id)
        client = signed_in(people.an)
        client.get("/cong-viec/")
        address = f"/cong-viec/nhieu/?{asked.format(binh=people.binh.person_id)}&{ticks(rows)}"
        with CaptureQueriesContext(connection) as statements:
            response = client.get(address)
        assert response.status_code == 200
        assert len(statements) <= AT_MOST, "\n".join(
            each["sql"][:20] + "…" + each["sql"].split(" FROM ")[-1][:150] for each in statements
        )
        assert text_of(response).count('type="checkbox" name="viec"') == (0 if asked == "lam=assign" else 200)

    def test_a_form_without_what_it_needs_says_so_at_the_box(
        self, people: People, signed_in: SignedIn
    ) -> None:
        task = make_task(people)
        client = signed_in(people.an)
        missing = client.get(f"/cong-viec/nhieu/?lam=postpone&xem=1&on=32/13/2026&viec={task.pk}")
        assert missing.status_code == 422
        assert "on_error" in text_of(missing)
        assert "words_error" in text_of(missing)
        nobody = client.get(f"/cong-viec/nhieu/?lam=assign&xem=1&viec={task.pk}")
        assert (nobody.status_code, "Hãy chọn người hoặc bộ phận." in text_of(nobody)) == (422, True)
        assert client.get("/cong-viec/nhieu/?lam=remind").status_code == 302
        assert client.get("/cong-viec/nhieu/?lam=x&viec=1").status_code == 302
        assert client.get(f"/cong-viec/nhieu/?lam=remind&viec={'9' * 30}&viec=²").status_code == 302


class TestRegisters:
    def test_ticked_entries_are_given_shown_first_and_undone(
        self, people: People, signed_in: SignedIn
    ) -> None:
        first, second = given(people, 1), given(people, 2)
        client = signed_in(people.an)
        listed = text_of(client.get("/so/chi-dao/"))
        assert [act for act in ("assign", "ask", "finish", "approve", "remind") if f'value="{act}"' in listed] == [
            "assign", "ask", "finish", "remind",
        ]  # fmt: skip
        page = f"/so/chi-dao/nhieu/?lam=assign&xem=1&person={people.binh.person_id}&{ticks([first, second])}"
        assert text_of(client.get(page)).count("Trần Văn Bình · Phòng Kinh tế") == 2
        sent = {"lam": "assign", "person": people.binh.person_id, "viec": [first.pk, second.pk]}
        done = client.post("/so/chi-dao/nhieu/", sent)
        first.refresh_from_db()
        assert first.person_id == people.binh.person_id
        assert "Đã giao 2 việc." in text_of(client.get(done["Location"]))
        send(client, opened(client, done["Location"], f"{done['Location']}hoan-tac/"))
        first.refresh_from_db()
        assert first.person_id is None
        assert Notification.objects.filter(person_id=people.binh.person_id, topic="changed").count() == 1

    def test_a_register_without_work_offers_no_ticks(self, people: People, signed_in: SignedIn) -> None:
        client = signed_in(people.an)
        enter(
            actor=people.an, register="outgoing", now=NOW,
            values={"on": "22/06/2026", "kind": "BC", "title": "Báo cáo tháng", "number": "1/BC-UBND"},
        )  # fmt: skip
        listed = text_of(client.get("/so/van-ban-di/"))
        assert "Báo cáo tháng" in listed
        assert 'name="viec"' not in listed
        assert client.get("/so/van-ban-di/nhieu/?lam=remind&viec=1").status_code == 403

    def test_entries_of_another_agency_or_register_are_not_there(
        self, people: People, signed_in: SignedIn
    ) -> None:
        entry = given(people, 1)
        assert signed_in(people.chi).get(f"/so/chi-dao/nhieu/?lam=remind&viec={entry.pk}").status_code == 404
        other = REGISTERS["programme"].slug
        assert signed_in(people.an).get(f"/so/{other}/nhieu/?lam=remind&viec={entry.pk}").status_code == 404

    @pytest.mark.parametrize(
        "asked", ["lam=assign&xem=1&person={binh}", "lam=ask&xem=1&on=30/08/2026&words=x", "lam=remind"]
    )
    def test_many_ticked_entries_take_few_statements(
        self, asked: str, people: People, signed_in: SignedIn
    ) -> None:
        model = given(people, 1)
        copies = []
        for at in range(199):
            copy = Entry.objects.get(pk=model.pk)
            copy.pk, copy.key = None, f"k{at}"
            copies.append(copy)
        Entry.objects.bulk_create(copies)
        client = signed_in(people.an)
        client.get("/so/")
        address = f"/so/chi-dao/nhieu/?{asked.format(binh=people.binh.person_id)}&tat_ca=1&loc="
        with CaptureQueriesContext(connection) as statements:
            response = client.get(address)
        assert text_of(response).count('type="checkbox" name="viec"') == 200
        assert len(statements) <= AT_MOST, "\n".join(
            each["sql"][:20] + "…" + each["sql"].split(" FROM ")[-1][:150] for each in statements
        )
