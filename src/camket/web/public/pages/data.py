"""Open data of what is public: tables as CSV and JSON, their dictionary, the plan in plan format 1, a feed, a map of the site.

Anybody's program may read them from another site (``Access-Control-Allow-Origin``): they hold nothing that is not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from camket.core.plan import json_schema
from camket.publishing import dictionary
from camket.publishing.content import OBJECTIVES, POLICY
from camket.publishing.queries import public as queries
from camket.publishing.queries.public import Office, Shown
from camket.reporting.data import data_schema
from camket.web.public.pages.embedded import PARTS
from camket.web.public.request import PublicRequest, public_page

CSV_TYPE, JSON_TYPE = "text/csv; charset=utf-8", "application/json; charset=utf-8"
PLAN, POLICY_FILE, REPORT_DATA = "ke-hoach", "chinh-sach", "so-lieu-bao-cao"
FEED_VERSION = "https://jsonfeed.org/version/1.1"


@public_page(is_kept=True)
def index(request: PublicRequest, slug: str) -> HttpResponse:
    """Say which files there are, what their columns mean and how to show parts of the page elsewhere."""
    office = queries.office(slug)
    tables = _tables(office)
    context = {
        "office": office,
        "tables": tables,
        "has_plan": OBJECTIVES in office.parts,
        "has_policy": POLICY in office.parts,
        "licence": dictionary.LICENCE,
        "frames": [(part, FRAMES[part]) for part, kind in PARTS.items() if kind in office.parts],
    }
    return render(request, "public/pages/data.html", context)


@public_page(is_kept=True)
def package(request: PublicRequest, slug: str) -> HttpResponse:
    """Give the dictionary of the newest files."""
    office = queries.office(slug)
    resources = [
        dictionary.resource(each, path=f"{each.name}.{file_format}", file_format=file_format)
        for each in _tables(office)
        for file_format in ("csv", "json")
    ]
    if OBJECTIVES in office.parts:
        resources.append(
            {
                "name": PLAN,
                "title": "Kế hoạch mục tiêu chất lượng (camket-plan/1)",
                "path": f"{PLAN}.json",
                "format": "json",
                "mediatype": "application/json",
            }
        )
    homepage = request.build_absolute_uri(reverse("web:public:data", args=[slug]))
    described = dictionary.data_package(
        name=slug, title=f"Dữ liệu mở: {office.name}", homepage=homepage, resources=resources
    )
    return _answer(dictionary.dumped(described), JSON_TYPE)


@public_page(is_kept=True)
def latest(request: PublicRequest, slug: str, table: str, data_format: str) -> HttpResponse:
    """Give the newest of a table, at an address that stays."""
    office = queries.office(slug)
    if (table, data_format) == (PLAN, "schema.json"):
        return _answer(dictionary.dumped(json_schema()), JSON_TYPE)
    if (table, data_format) == (REPORT_DATA, "schema.json"):
        return _answer(dictionary.dumped(data_schema()), JSON_TYPE)
    return _file(queries.current(office, _kind(table)), table, data_format)


@public_page(is_kept=True)
def of_publication(
    request: PublicRequest, slug: str, publication_id: int, table: str, data_format: str
) -> HttpResponse:
    """Give a table as one publication froze it."""
    shown = queries.publication(queries.office(slug), publication_id)
    if shown.is_withdrawn or shown.kind != _kind(table):
        raise Http404
    return _file(shown, table, data_format)


@public_page(is_kept=True)
def feed(request: PublicRequest, slug: str) -> HttpResponse:
    """Give the publications as a JSON feed (jsonfeed.org, version 1.1), so that a portal shows them as they come."""
    office = queries.office(slug)

    def absolute(name: str, *args: object) -> str:
        return request.build_absolute_uri(reverse(f"web:public:{name}", args=[slug, *args]))

    described = {
        "version": FEED_VERSION,
        "title": f"{office.name}: nội dung công khai",
        "home_page_url": absolute("home"),
        "feed_url": absolute("feed"),
        "language": "vi",
        "authors": [{"name": office.full_name, "url": absolute("home")}],
        "items": [
            {
                "id": absolute("publication", each.id),
                "url": absolute("publication", each.id),
                "title": each.title,
                "content_text": _told(each),
                "date_published": each.published_at.isoformat(),
                "date_modified": each.changed_at.isoformat(),
                "tags": [each.kind],
            }
            for each in queries.archive(office)
        ],
    }
    return _answer(dictionary.dumped(described), "application/feed+json; charset=utf-8")


@public_page(is_kept=True)
def robots(request: PublicRequest) -> HttpResponse:
    """Tell search engines that only what is public is theirs, and where its map is."""
    where = request.build_absolute_uri(reverse("web:public:sitemap"))
    return _answer(
        f"User-agent: *\nAllow: /cong-khai/\nAllow: /static/\nDisallow: /\n\nSitemap: {where}\n".encode(),
        "text/plain; charset=utf-8",
    )


@public_page(is_kept=True)
def sitemap(request: PublicRequest) -> HttpResponse:
    """List the first pages of all open agencies, and their parts."""
    offices = queries.open_offices(request.today)
    paths = [reverse("web:public:directory")]
    for slug, parts in offices:
        paths.append(reverse("web:public:home", args=[slug]))
        paths += [reverse(f"web:public:{name}", args=[slug]) for kind, name in PAGES.items() if kind in parts]
    context = {"addresses": [request.build_absolute_uri(path) for path in paths]}
    return render(request, "public/sitemap.xml", context, content_type="application/xml; charset=utf-8")


FRAMES = {
    "chinh-sach": _("Quality policy"),
    "muc-tieu": _("Objectives"),
    "ket-qua": _("Results"),
    "hai-long": _("Satisfaction"),
}
"""Parts that may be framed, in words."""

PAGES: Mapping[str, str] = {
    "policy": "policy",
    "objectives": "objectives",
    "results": "results",
    "satisfaction": "satisfaction",
    "procedures": "procedures",
    "report": "reports",
    "postings": "postings",
    "changes": "changes",
    "announcement": "announcement",
}
"""Which page shows the newest of each kind."""


def _tables(office: Office) -> list[dictionary.Table]:
    """Return the tables that are public, each as what is public of it is laid out."""
    formats = queries.formats(office)
    return [
        dictionary.laid_out(each, formats[each.kind]) for each in dictionary.TABLES if each.kind in formats
    ]


def _kind(table: str) -> str:
    if table == PLAN:
        return OBJECTIVES
    if table == POLICY_FILE:
        return POLICY
    try:
        return dictionary.table(table).kind
    except KeyError:
        raise Http404 from None


def _file(shown: Shown, table: str, data_format: str) -> HttpResponse:
    content: Mapping[str, Any] = shown.content
    if table in (PLAN, POLICY_FILE):
        if data_format != "json":
            raise Http404
        response = _answer(dictionary.dumped(content["plan"] if table == PLAN else content), JSON_TYPE)
    elif data_format == "csv":
        response = _answer(dictionary.as_csv(dictionary.table(table), content), CSV_TYPE)
    elif data_format == "json":
        response = _answer(dictionary.as_json(dictionary.table(table), content), JSON_TYPE)
    else:
        raise Http404
    response["Last-Modified"] = http_date(shown.published_at.timestamp())
    return response


def _answer(data: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _told(shown: Shown) -> str:
    if shown.is_withdrawn:
        return f"Đã thu hồi: {shown.withdrawal}"
    told = f"Số liệu tính đến ngày {shown.as_of:%d/%m/%Y}."
    if shown.correction:
        told += f" Đính chính: {shown.correction}"
    if shown.replaced_by:
        told += " Đã được thay bằng bản mới hơn."
    return told
