"""Writing a pack: the book as PDF, and the folder as a ZIP file whose index.html opens without a network.

Files of the folder are made and written one at a time; each stands in ``SHA256SUMS.txt`` with its checksum.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date, official_date
from camket.packing.content import Attached, Grid, Pack, Section

BOOK = "ho-so.pdf"
NAME = "Hồ sơ phục vụ kiểm tra"
NOTES = (
    "Hồ sơ được hệ thống tập hợp từ các bản ghi đang có, theo từng điều khoản; tên và nội dung điều khoản được diễn đạt lại, "
    "không phải nguyên văn tiêu chuẩn.",
    "Nơi không có bằng chứng, hồ sơ ghi rõ “Chưa có”; không mục nào bị bỏ qua. Số liệu tính đến ngày ghi ở trang bìa.",
    "Trong nội dung và giấy tờ hệ thống lập cho hồ sơ này, tên, địa chỉ, số điện thoại, mã hồ sơ của tổ chức, cá nhân được che "
    "bằng […]. Tài liệu và báo cáo đã ban hành kèm theo là bản gốc như đã lưu, không che.",
)


class PackNotWritten(Refusal):
    """A pack could not be written to where it was to be."""


def book_of(pack: Pack) -> dict[str, Any]:
    """Return the pack as the book's values (:func:`camket.paper.writing.book.write_book`)."""
    return {
        "title": f"{NAME} năm {pack.year}",
        "agency": pack.agency,
        "superior": pack.superior,
        "name": NAME,
        "about": f"Hệ thống quản lý chất lượng theo {pack.edition}, năm {pack.year}",
        "days": f"Số liệu từ ngày {format_date(pack.first)} đến ngày {format_date(pack.last)}",
        "made": f"Lập {official_date(pack.made_on)}",
        "date": [pack.made_on.year, pack.made_on.month, pack.made_on.day],
        "running": f"{pack.agency} – {NAME} năm {pack.year}",
        "notes": list(NOTES),
        "points": {
            "heads": ["Điều 36", "Nội dung", "Mục"],
            "rows": [list(each) for each in points()],
            "shares": [12, 70, 18],
        },
        "missing": {
            "heads": ["Mục", "Chưa có"],
            "rows": [list(each) for each in pack.missing],
            "shares": [12, 88],
        },
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "chapter": section.is_chapter,
                "holds": section.holds,
                "parts": [
                    {
                        "title": part.title,
                        "lines": list(part.lines),
                        "missing": part.missing,
                        "grid": _grid(part.grid),
                        "files": [each.title for each in part.files],
                    }
                    for part in section.parts
                ],
            }
            for section in pack.sections
        ],
    }


def _grid(grid: Grid | None) -> dict[str, Any] | None:
    if grid is None:
        return None
    return {
        "heads": list(grid.heads),
        "rows": [list(each) for each in grid.rows],
        "shares": list(grid.shares),
    }


@cache
def points() -> tuple[tuple[str, str, str], ...]:
    """Return what an inspection looks at: its place in the text, words, clauses that answer it."""
    data = json.loads(Path(__file__).with_name("points.json").read_text("utf-8"))
    return tuple((place, words, clauses) for place, words, clauses in data["points"])


def write_folder(
    pack: Pack,
    book: bytes,
    target: Path,
    made_at: datetime,
    told: Callable[[int, int], None] = lambda _d, _a: None,
) -> None:
    """Write the folder as a ZIP file at ``target``; ``told`` hears after each file how many are done, of how many.

    The file is there whole or, where something fails, not at all.
    """
    files = list(pack.files())
    sums: list[tuple[str, str]] = []
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:

            def put(name: str, data: bytes) -> None:
                info = zipfile.ZipInfo(name, date_time=made_at.timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, data)
                sums.append((hashlib.sha256(data).hexdigest(), name))

            put(BOOK, book)
            gone = set()
            for place, (section, each) in enumerate(files, 1):
                try:
                    put(place_of(section, each), each.read())
                except Refusal:
                    gone.add(place_of(section, each))  # damaged on the server: the index says so
                told(place, len(files))
            put("index.html", _index(pack, gone).encode())
            lines = "".join(f"{digest}  {name}\n" for digest, name in sums)
            archive.writestr("SHA256SUMS.txt", lines)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def place_of(section: Section, file: Attached) -> str:
    """Return where a file lies within the folder.

    >>> place_of(Section("9.2", "Đánh giá nội bộ"), Attached("bao-cao-1.pdf", "", bytes))
    '9.2/bao-cao-1.pdf'
    """
    return f"{section.code}/{file.name}"


def unpack(archive: Path, folder: Path) -> None:
    """Lay a written folder down as files; it is there whole or not at all. Raises PackNotWritten where one is there."""
    if folder.exists():
        raise PackNotWritten(
            Message(
                gettext_noop("There is something at %(place)s already; name another folder."),
                {"place": str(folder)},
            )
        )
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(part)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


_STYLE = """
body{font:16px/1.5 system-ui,"Segoe UI",sans-serif;margin:0;color:#1d2733;background:#fff}
main{max-width:60rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2rem;border-bottom:2px solid #17407e;padding-bottom:.25rem}
h3{font-size:1.1rem;margin-top:1.5rem}h4{font-size:1rem;margin:1rem 0 .35rem}
p,li,td{overflow-wrap:anywhere}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.925rem;font-variant-numeric:tabular-nums}
th,td{border:1px solid #c3ccd6;padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:#eef2f7}
.missing{border-left:4px solid #9a5b00;background:#fff6e5;padding:.4rem .75rem}.holds{color:#4a5868;font-style:italic}
a{color:#17407e}nav ul{columns:2;column-gap:2rem;padding-left:1.1rem}
@media(max-width:40rem){nav ul{columns:1}}
@media print{nav{display:none}}
"""


def _index(pack: Pack, gone: set[str]) -> str:
    return "".join(_html(pack, gone))


def _html(pack: Pack, gone: set[str]) -> Iterator[str]:
    title = escape(f"{NAME} năm {pack.year} – {pack.agency}")
    yield (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
    )
    yield f"<h1>{title}</h1><p>{escape(pack.edition)}. Số liệu từ ngày {format_date(pack.first)} đến ngày "
    yield f'{format_date(pack.last)}. Lập {official_date(pack.made_on)}.</p><p><a href="{BOOK}">Toàn bộ hồ sơ (PDF)</a> · '
    yield '<a href="SHA256SUMS.txt">Mã kiểm tra các tệp (SHA-256)</a></p>'
    for note in NOTES:
        yield f"<p>{escape(note)}</p>"
    yield '<nav aria-label="Mục lục"><h2>Mục lục</h2><ul>'
    for section in pack.sections:
        mark = f"<strong>{escape(section.code)} {escape(section.title)}</strong>" if section.is_chapter else (
            f"{escape(section.code)} {escape(section.title)}"
        )  # fmt: skip
        yield f'<li><a href="#m{escape(section.code)}">{mark}</a></li>'
    yield "</ul></nav><h2>Nội dung kiểm tra (Thông tư 26/2014/TT-BKHCN, Điều 36) và nơi xem</h2>"
    yield '<div class="wide"><table><thead><tr><th>Điều 36</th><th>Nội dung</th><th>Mục</th></tr></thead><tbody>'
    for place, words, clauses in points():
        links = ", ".join(f'<a href="#m{escape(each)}">{escape(each)}</a>' for each in clauses.split(", "))
        yield f"<tr><td>{escape(place)}</td><td>{escape(words)}</td><td>{links}</td></tr>"
    yield "</tbody></table></div><h2>Những gì chưa có</h2>"
    if pack.missing:
        yield "<ul>"
        for code, words in pack.missing:
            yield f'<li><a href="#m{escape(code)}">{escape(code)}</a>: {escape(words)}</li>'
        yield "</ul>"
    else:
        yield "<p>Không có điều khoản nào thiếu bằng chứng.</p>"
    for section in pack.sections:
        yield from _section(section, gone)
    yield "</main></body></html>"


def _section(section: Section, gone: set[str]) -> Iterator[str]:
    level = "h2" if section.is_chapter else "h3"
    yield f'<{level} id="m{escape(section.code)}">{escape(section.code)} {escape(section.title)}</{level}>'
    if section.holds:
        yield f'<p class="holds">Xem xét: {escape(section.holds)}.</p>'
    for part in section.parts:
        yield f"<h4>{escape(part.title)}</h4>"
        for line in part.lines:
            yield f"<p>{escape(line)}</p>"
        if part.missing:
            yield f'<p class="missing"><strong>Chưa có:</strong> {escape(part.missing)}</p>'
        if part.grid is not None:
            heads = "".join(f"<th>{escape(each)}</th>" for each in part.grid.heads)
            yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
            for row in part.grid.rows:
                yield "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>"
            yield "</tbody></table></div>"
        if part.files:
            yield "<ul>"
            for each in part.files:
                place = place_of(section, each)
                if place in gone:
                    yield f'<li class="missing">{escape(each.title)}: tệp bị hỏng hoặc mất trên máy chủ</li>'
                else:
                    yield f'<li><a href="{escape(place)}">{escape(each.title)}</a></li>'
            yield "</ul>"
