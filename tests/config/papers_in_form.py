"""Prints what every Word document that the pages of a data folder offer deviates in, and in what it differs from the
values that went in; run by a test as a program.

One page for each kind of address is opened as the secretary, and one document for each kind of address checked.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "camket.config.settings"
django.setup()

from django.test import Client  # noqa: E402 - needs Django
from django.urls import resolve  # noqa: E402

from camket.core.plan import Period  # noqa: E402
from camket.org.models import Membership  # noqa: E402
from camket.org.queries import actor_named  # noqa: E402
from camket.paper.conformity import check_document  # noqa: E402
from camket.paper.writing import docx as writing  # noqa: E402
from camket.paper.writing.model import Document  # noqa: E402
from camket.registers.due import TASK  # noqa: E402
from camket.registers.operations import draft_letters  # noqa: E402
from camket.registers.queries import late_units  # noqa: E402
from camket.reporting.models import Report  # noqa: E402
from camket.reporting.operations import draft_on, draft_report  # noqa: E402
from camket.reporting.queries import report_periods, subject_choices  # noqa: E402
from camket.reporting.unit_targets import targets_by_unit  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reading_back import values_in, values_out  # noqa: E402

TODAY = date(2026, 7, 6)
"""The day of the sample."""
MORE = (
    "/danh-gia/van-ban/2.docx",
    "/cong-bo/1/quyet-dinh.docx",
    "/cong-bo/1/thong-bao.docx",
    "/phan-anh/4/van-ban/docx/",
    "/phan-anh/so/tai/docx/",
    "/tai-lieu/lan/6/tep.docx",
    "/tai-lieu/lan/1/phieu-phan-phoi.docx",
)
"""Papers that a page offers in another state than the sample's, or beside one of the same kind of address."""
_APART = re.compile(r"^/(?:static|dang-xuat|cong-khai|ks|he-thong|nhat-ky|tim-kiem)/|/soan/")
_FILE = re.compile(r"\.(?:pdf|xlsx|csv|json|jsonl|ics|zip|png|svg)$|/(?:pdf|xlsx|csv)/$")


def kind(address: str) -> str:
    """The address without its numbers and words of a query."""
    return re.sub(r"\d+", "N", address.partition("?")[0])


def main(login: str, password: str) -> None:
    client = Client(headers={"host": "localhost"})
    client.post("/dang-nhap/", {"login": login, "password": password})
    waiting, seen, papers = ["/"], {"/"}, dict[str, str]()
    while waiting:
        page = waiting.pop()
        answer = client.get(page, follow=True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for href in map(unescape, re.findall(r'href="([^"#]+)"', answer.content.decode())):
            address = page.partition("?")[0] + href if href.startswith("?") else href
            if not address.startswith("/") or _APART.search(address):
                continue
            if "docx" in address:
                papers.setdefault(re.sub(r"\d+", "N", address), address)
            elif not _FILE.search(address.partition("?")[0]) and kind(address) not in seen:
                seen.add(kind(address))
                waiting.append(address)
    papers |= _drafted(login)
    written = _overheard()
    found = {}
    for address in papers.values():
        written.clear()
        answer = client.get(address)
        assert answer.status_code == 200, address
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        put_in = json.loads(json.dumps([values_in(each) for each in written]))
        read_back = json.loads(json.dumps(values_out(data)))
        found[address] = {
            "view": resolve(address.partition("?")[0]).view_name,
            "deviations": [f"{each.code}: {each.message}" for each in check_document(data).deviations],
            "documents": len(read_back),
            "is_kept": not written,
            "differs": _differences(put_in, read_back) if written else [],
            "forms": [each.form for each in written],
            "values": read_back,
        }
    json.dump(found, sys.stdout)


def _drafted(login: str) -> dict[str, str]:
    """Draft what the sample has none of: a report on every subject and of a unit, a reminder letter; return addresses."""
    membership = Membership.objects.select_related("agency").filter(person__login=login).earliest("pk")
    code, today = membership.agency.code, TODAY
    now = datetime.combine(today, time(5), UTC)
    actor = actor_named(agency_code=code, login=login, on=today)
    assert actor is not None
    reports = {"mục tiêu": Report.objects.filter(agency_id=actor.agency_id, state="draft").earliest("pk")}
    for each in subject_choices(actor, today):
        if each.is_over and each.subject not in reports:
            reports[each.subject] = draft_on(
                actor=actor, subject=each.subject, kind=each.kind, period=each.period, now=now
            )
    plan = reports["mục tiêu"].plan
    assert plan is not None
    unit_id = min(unit for unit, targets in targets_by_unit(plan.pk).items() if unit and targets)
    period = report_periods("quarter", Period(plan.period_start, plan.period_end))[0]
    reports["bộ phận"] = draft_report(
        actor=actor, plan_id=plan.pk, kind="quarter", period=period, now=now, unit_id=unit_id
    )
    late = [work for unit in late_units(actor, today) for work in unit.works if work.is_late]
    letters = draft_letters(
        actor=actor,
        entry_ids=[each.id for each in late if each.register != TASK],
        task_ids=[each.id for each in late if each.register == TASK],
        reply_by=today + timedelta(days=4),
        now=now,
        in_one=True,
    )
    found = {f"report {key}": f"/bao-cao/{each.pk}/tai-ve.docx" for key, each in reports.items()}
    found["letter"] = f"/so/don-doc/{letters.letter_ids[0]}/cong-van.docx"
    found |= {each: each for each in MORE}
    found["programme"] = "/so/chuong-trinh-cong-tac/van-ban/tai.docx?loai=bao-cao&ky=2026-06"
    return found


def _overheard() -> list[Document]:
    """Return a list into which every document goes that is written as a Word file from now on."""
    heard: list[Document] = []
    write = writing._Writer.write

    def overhear(self: Any, document: Document, **more: Any) -> None:
        heard.append(document)
        write(self, document, **more)

    writing._Writer.write = overhear  # type: ignore[method-assign]
    return heard


def _differences(put_in: list[Any], read_back: list[Any]) -> list[Any]:
    if len(put_in) != len(read_back):
        return [f"{len(put_in)} documents, {len(read_back)} read"]
    return [
        [part, wanted[part], got.get(part)]
        for wanted, got in zip(put_in, read_back, strict=True)
        for part in wanted
        if wanted[part] != got.get(part)
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
