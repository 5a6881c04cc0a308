"""The registers under hostile hands: addresses of another agency, garbage in every field, files that swell."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from camket.core.registers import REGISTERS
from camket.journal.models import Entry as JournalEntry
from camket.org.policy import Actor
from camket.paper.sheets import write_csv
from camket.registers import operations
from camket.registers.models import Batch, Entry, Extension, Letter, ListItem
from camket.web.staff.registers.urls import urlpatterns
from people import People
from web.staff.registers.test_register_pages import directive, figure
from work import NOW

SignedIn = Callable[[Actor], Client]

GARBAGE = (
    "²",
    "-1",
    "0",
    "9" * 30,
    "9" * 5000,
    "020260",
    "\x00",
    "x\x00y",
    "'\"<b>",
    "2026-02-30",
    "31/02/2026",
    "٣",
)
"""What no field means, and what breaks readers of numbers and days."""


def addresses(entry: int, extension: int, batch: int, item: int, letter: int, slug: str) -> list[str]:
    """Return the address of every page of the registers, with these ids."""
    said = {
        "register_slug": slug, "entry_id": entry, "extension_id": extension, "sheet_id": batch, "item_id": item,
        "reminder_id": letter, "list_act_id": letter,
    }  # fmt: skip
    found = []
    for each in urlpatterns:
        assert isinstance(each, URLPattern)
        parts = re.sub(r"<\w+:(\w+)>", lambda part: str(said.get(part[1], "csv")), str(each.pattern))
        found.append(f"/so/{parts}")
    return found


@pytest.fixture
def elsewhere(people: People) -> dict[str, int]:
    """Chi's agency has an entry with an extension, a spreadsheet, a line of its list and a letter."""
    values = {
        "number": "1/TB", "on": date(2026, 6, 1), "title": "Việc của Chi", "due_on": date(2026, 6, 15), "source": "Tỉnh",
    }  # fmt: skip
    entry = operations.enter(actor=people.chi, register="directives", values=values, now=NOW)
    extension = operations.ask_extension(
        actor=people.chi, entry_id=entry.pk, due_after=date(2026, 7, 15), reason="Chờ", now=NOW
    )
    head = ["Số ký hiệu", "Ngày ban hành", "Nội dung chỉ đạo"]
    batch = operations.bring_in(
        actor=people.chi,
        register="directives",
        data=write_csv(head, [["2/TB", "01/06/2026", "Việc hai"], ["3/TB", "hỏng", "Việc ba"]]),
        name="so.csv",
        now=NOW,
    )
    item = operations.save_item(
        actor=people.chi,
        register="figures",
        name="Thu",
        values={"measure": "tỷ", "rhythm": "month", "counting": "cumulative", "direction": "higher"},
        now=NOW,
    )
    letter = Letter.objects.create(
        agency=people.other_agency, year=2026, content={}, created_at=NOW, created_by_id=people.chi.person_id
    )
    return {
        "entry": entry.pk, "extension": extension.pk, "batch": batch.pk, "item": item.pk, "letter": letter.pk,
    }  # fmt: skip


def kept() -> list[list[dict[str, Any]]]:
    """Return all that the tables of the registers hold."""
    return [
        list(each.objects.order_by("pk").values()) for each in (Entry, Extension, Batch, ListItem, Letter)
    ]


@pytest.mark.parametrize("slug", ["chi-dao", "xep-loai"])
def test_what_is_another_agencys_is_on_no_page_and_moved_by_none(
    people: People, elsewhere: dict[str, int], signed_in: SignedIn, slug: str
) -> None:
    before, said = kept(), JournalEntry.objects.count()
    clients = [signed_in(people.an), signed_in(people.chau)]
    sent = {
        "rut-reason": "Lý do", "reason": "Lý do", "sure": "1", "xong-done_on": "01/07/2026", "quyet-dinh-answer": "x",
        "gia-han-due_after": "01/08/2026", "gia-han-reason": "x", "approve": "1", "name": "Đổi", "url": "https://a.vn",
        "minh-chung-url": "https://a.vn", "ky-signed_on": "01/07/2026", "mo-lai-reason": "x", "title": "x",
    }  # fmt: skip
    for address in addresses(**elsewhere, slug=slug):
        if not any(f"/{each}" in address for each in (*map(str, elsewhere.values()),)):
            continue
        for answer in (
            *(each.get(address) for each in clients),
            *(each.post(address, sent) for each in clients),
        ):
            assert answer.status_code in (403, 404, 405), address
    assert (kept(), JournalEntry.objects.count()) == (before, said)


class _Rolling(dict[str, str]):
    """Garbage for fields, a different one for each, rolled on by some steps."""

    def __init__(self, keys: Iterable[str], steps: int) -> None:
        super().__init__(
            (key, GARBAGE[(at + steps) % len(GARBAGE)]) for at, key in enumerate(sorted(set(keys)))
        )


NAMES = (
    "tu", "tinh_trang", "nam", "tu_ngay", "den_ngay", "xep", "page", "dot", "rows", "kind", "on", "thang", "ky", "so",
    "don_vi", "viec", "id", "held", "name", "type", "title", "unit", "plans",
)  # fmt: skip
"""Of fields and parameters beside those of the registers' definitions."""

OF_ACTS = tuple(
    f"{prefix}-{key}"
    for prefix in ("xong", "gia-han", "rut", "mo-lai", "quyet-dinh", "0")
    for key in ("done_on", "note", "due_after", "reason", "signed_on", "title", "unit")
)


@pytest.mark.parametrize("steps", [0, 5])
def test_garbage_breaks_no_list_and_no_form(people: People, signed_in: SignedIn, steps: int) -> None:
    client, _item = signed_in(people.an), figure(people)
    for at, key in enumerate(("directives", "outgoing", "figures", "grading")):
        register = REGISTERS[key]
        said = _Rolling([*NAMES, *(each.key for each in register.fields)], steps + at)
        for page in ("", "them/", "xuat.csv"):
            assert client.get(f"/so/{register.slug}/{page}", said).status_code == 200, page
        for page in ("them/", "nhanh/", "nhap/"):
            assert client.post(f"/so/{register.slug}/{page}", said).status_code in (200, 302, 422), page


@pytest.mark.parametrize("steps", [0, 5])
def test_garbage_breaks_no_act(people: People, signed_in: SignedIn, steps: int) -> None:
    client, entry, item = signed_in(people.an), directive(people), figure(people)
    said = _Rolling([*NAMES, *OF_ACTS, f"so_{item.pk}"], steps)
    of_entry = [each for each in addresses(entry.pk, 1, 1, item.pk, 1, "chi-dao") if f"/{entry.pk}/" in each]
    others = (
        "kinh-te-xa-hoi/bang/", "kinh-te-xa-hoi/ky/", "van-ban-di/so-van-ban/", "don-doc/", "don-doc/soan/",
        "chuong-trinh-cong-tac/van-ban/", "chuong-trinh-cong-tac/thang-sau/", "don-doc/cong-van/",
        "don-doc/cong-van/phat-hanh/", "don-doc/cong-van/nhieu.docx", f"kinh-te-xa-hoi/danh-muc/{item.pk}/", "",
    )  # fmt: skip
    for address in (*of_entry, *(f"/so/{each}" for each in others)):
        for answer in (client.get(address, said), client.post(address, said)):
            assert answer.status_code in (200, 302, 403, 404, 405, 422), address


def test_a_held_file_that_swells_is_left(people: People, signed_in: SignedIn) -> None:
    bomb = base64.b64encode(zlib.compress(b"\0" * 64 * 1024 * 1024, 9)).decode()
    answer = signed_in(people.an).post("/so/chi-dao/nhap/", {"held": bomb, "name": "so.csv", "sure": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Batch.objects.exists()
