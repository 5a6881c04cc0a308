"""The list of what was made public in a quarter, with form and time: made from the register, then frozen; as paper.

It is kept and posted each quarter, and goes to the people's council and the Fatherland Front (Luật 10/2022/QH15).
What stands in it is Vietnamese: it is an official text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from camket.core.numbering import body_symbol, symbol_of
from camket.core.plan import Period
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import int_to_roman
from camket.dossiers.models import Posting
from camket.org.models import Agency
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    plain,
    signing_lines,
)
from camket.publishing.models import Notice, Publication
from camket.publishing.posting_rules import rule_name

FORMAT = "camket-posting-list/1"
PAGE = "Trang công khai của cơ quan"
"""What the public page of the agency is called among the places."""

_PUBLIC = (Publication.State.PUBLISHED, Publication.State.REPLACED, Publication.State.WITHDRAWN)


def quarter_of(year: int, quarter: int) -> Period:
    """Return the days of a quarter. Raises ValueError for a quarter there is not."""
    if not 1 <= quarter <= 4:
        raise ValueError(quarter)
    start = date(year, quarter * 3 - 2, 1)
    following = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return Period(start, following - timedelta(days=1))


def listed(agency_id: int, year: int, quarter: int) -> dict[str, Any]:
    """Return the list of a quarter as the register stands now: what hung on any of its days, cancelled ones left out.

    Each entry is one matter with its places; what was posted in the quarter comes before what hangs from earlier on.
    Four SQL statements.
    """
    period = quarter_of(year, quarter)
    agency = Agency.objects.get(pk=agency_id)
    matters: dict[tuple[object, ...], dict[str, Any]] = {}
    of_publication: dict[int, tuple[object, ...]] = {}
    notices = (
        Notice.objects.filter(
            Q(removed_on=None) | Q(removed_on__gte=period.start),
            agency_id=agency_id,
            is_cancelled=False,
            posted_on__lte=period.end,
        )
        .select_related("place")
        .order_by("posted_on", "pk")
    )
    for each in notices:
        key: tuple[object, ...] = (each.rule, each.subject, each.document_number, each.decided_on)
        entry = matters.setdefault(
            key, _entry(each.rule, each.subject, each.document_number, each.decided_on)
        )
        entry["places"].append(
            _place(
                each.place.name,
                each.place.kind,
                each.posted_on,
                each.until,
                each.removed_on if each.removed_on and each.removed_on <= period.end else None,
                each.address,
            )
        )
        if each.publication_id:
            of_publication.setdefault(each.publication_id, key)
    for publication in _published(agency_id, period):
        published_at = publication.published_at
        if published_at is None:
            continue
        key = of_publication.get(publication.pk, ("publication", publication.pk))
        entry = matters.setdefault(key, _entry("", publication.title, "", None))
        ended = timezone.localdate(publication.ended_at) if publication.ended_at else None
        entry["places"].append(
            _place(
                PAGE,
                "website",
                timezone.localdate(published_at),
                None,
                ended if ended and ended <= period.end else None,
                "",
            )
        )
    for posting in _of_procedures(agency_id, period):
        entry = matters.setdefault(("procedures",), _entry("procedures", rule_name("procedures"), "", None))
        removed = posting["removed_on"]
        place = _place(
            posting["place"],
            "",
            posting["posted_on"],
            None,
            removed if removed and removed <= period.end else None,
            "",
        )
        entry["places"].append({**place, "count": posting["count"]})
    first = period.start.isoformat()
    entries = list(matters.values())
    for entry in entries:
        entry["is_new"] = any(place["posted_on"] >= first for place in entry["places"])
    entries.sort(
        key=lambda entry: (not entry["is_new"], min(place["posted_on"] for place in entry["places"]))
    )
    return {
        "format": FORMAT,
        "agency": {
            "code": agency.code,
            "name": agency.name,
            "full_name": agency.full_name,
            "superior": agency.superior_name,
            "place": agency.place,
        },
        "year": year,
        "quarter": quarter,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "entries": entries,
    }


def list_document(content: Mapping[str, Any]) -> Document:
    """Return a list as a notice (thông báo) on official paper; a draft has blanks for number and day.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    agency, end = content["agency"], date.fromisoformat(content["period"]["end"])
    dated = date.fromisoformat(content["dated"]) if content.get("dated") else None
    quarter = int_to_roman(content["quarter"])
    new = [entry for entry in content["entries"] if entry["is_new"]]
    intro = (
        f"{agency['full_name']} thông báo danh mục nội dung đã công khai trong quý {quarter} năm {content['year']} "
        f"(từ ngày {_shown(content['period']['start'])} đến ngày {_shown(content['period']['end'])}), gồm {len(new)} nội dung "
        f"công khai trong quý và {len(content['entries']) - len(new)} nội dung công khai từ trước còn hiệu lực niêm yết:"
    )
    correction = (
        [Paragraph(plain(f"Danh mục này thay danh mục đã phát hành trước: {content['correction']}"))]
        if content.get("correction")
        else []
    )
    return Document(
        letterhead=Letterhead(
            issuer=agency["full_name"],
            superior=agency["superior"],
            symbol=symbol_of("TB", body_symbol(agency["full_name"])),
            number=content.get("number") or None,
            place=agency["place"] or None,
            dated=dated,
            year=(dated or end).year,
        ),
        kind="Thông báo",
        abstract=f"Danh mục nội dung công khai quý {quarter} năm {content['year']}",
        body=(
            Paragraph(plain(intro)),
            *correction,
            Table(
                (0.9, 6.2, 2.6, 3.9, 3.4),
                (tuple(_cell(head, Align.CENTER) for head in _HEADS),),
                tuple(_rows(content["entries"])),
            ),
            Paragraph(
                plain("Danh mục này được lưu và niêm yết theo quy định của Luật Thực hiện dân chủ ở cơ sở./.")
            ),
        ),
        signature=Signature(lines=signing(agency["full_name"])),
        **of_form("posting_list"),
        recorded_on=dated or end,
    )


_HEADS = ("TT", "Nội dung công khai", "Văn bản", "Hình thức, địa điểm", "Thời gian")


def _rows(entries: list[Mapping[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    """Give one row for each place; number, content and document stand beside all places of their entry."""
    for number, entry in enumerate(entries, 1):
        places = entry["places"]
        document = " ngày ".join(
            part for part in (entry["document_number"], _shown(entry["decided_on"])) if part
        )
        head = (
            Cell((plain(str(number)),), rows=len(places), align=Align.CENTER),
            Cell((plain(entry["subject"]),), rows=len(places)),
            Cell((plain(document or "–"),), rows=len(places)),
        )
        for at, place in enumerate(places):
            count = f" ({place['count']} thủ tục)" if place.get("count") else ""
            where = f"{place['place']}{count}" + (f": {place['address']}" if place["address"] else "")
            yield (*(head if at == 0 else ()), _cell(where), _cell(time_of(place)))


def time_of(place: Mapping[str, Any]) -> str:
    """Return from when to when something hung at a place, in words."""
    start = f"Từ {_shown(place['posted_on'])}"
    if place["removed_on"]:
        return f"{start} đến {_shown(place['removed_on'])}"
    return f"{start} đến hết {_shown(place['until'])}" if place["until"] else f"{start}, thường xuyên"


def signing(issuer: str) -> tuple[str, ...]:
    """Return the lines above the name of who signs for a body."""
    if issuer.lower().startswith("ủy ban nhân dân"):
        return signing_lines("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    return ("Thủ trưởng cơ quan, đơn vị",)


def _cell(text: str, align: Align = Align.LEFT) -> Cell:
    return Cell((plain(text),), align=align)


def _shown(day: str | None) -> str:
    return format_date(date.fromisoformat(day)) if day else ""


def _entry(rule: str, subject: str, number: str, decided_on: date | None) -> dict[str, Any]:
    return {
        "rule": rule,
        "subject": subject,
        "document_number": number,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "places": [],
    }


def _place(
    name: str, kind: str, posted_on: date, until: date | None, removed_on: date | None, address: str
) -> dict[str, Any]:
    return {
        "place": name,
        "kind": kind,
        "posted_on": posted_on.isoformat(),
        "until": until.isoformat() if until else None,
        "removed_on": removed_on.isoformat() if removed_on else None,
        "address": address,
    }


def _published(agency_id: int, period: Period) -> Iterator[Publication]:
    rows = Publication.objects.filter(
        Q(ended_at=None) | Q(ended_at__date__gte=period.start),
        agency_id=agency_id,
        state__in=_PUBLIC,
        published_at__date__lte=period.end,
    )
    yield from rows.only("title", "published_at", "ended_at").order_by("published_at", "pk")


def _of_procedures(agency_id: int, period: Period) -> Iterator[dict[str, Any]]:
    """Give how many procedures hung where, by day of posting and of taking down."""
    rows = Posting.objects.filter(
        Q(removed_on=None) | Q(removed_on__gte=period.start),
        procedure__agency_id=agency_id,
        posted_on__lte=period.end,
    )
    counted = rows.values("place", "posted_on", "removed_on").annotate(count=Count("pk"))
    for each in counted.order_by("posted_on", "place"):
        yield {**each}
