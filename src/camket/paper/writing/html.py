"""Writes a document as an HTML fragment, for the screen and its printer."""

from __future__ import annotations

from html import escape

from camket.paper.writing import sheet
from camket.paper.writing.model import (
    Block,
    Cell,
    CopyMark,
    Document,
    Line,
    Paper,
    Paragraph,
    Picture,
    Signature,
    Table,
    annex_label,
    ended,
)

_CLASSES = {
    Paper.A4: "paper",
    Paper.A4_LANDSCAPE: "paper paper--landscape",
    Paper.A5: "paper paper--a5",
}


def write_html(document: Document) -> str:
    """Return the document as one ``<article class="paper">`` without styles or scripts of its own."""
    head = document.letterhead
    own = sheet.measures_of(document.paper)
    parts = [
        f'<article class="{_CLASSES[document.paper]}" lang="vi">',
        '<header class="paper-head">',
        '<div class="paper-issuer">',
    ]
    parts += [f"<p>{escape(line)}</p>" for line in sheet.superior_lines(head.superior, own)]
    parts += [f"<p><strong>{escape(line)}</strong></p>" for line in sheet.issuer_lines(head.issuer, own)]
    parts.append('<hr class="paper-rule">')
    parts.append(f'<p class="paper-number">{escape(sheet.number_line(head))}</p>')
    if document.about:
        parts.append(f'<p class="paper-about">{escape(document.about)}</p>')
    parts.append("</div>")
    parts.append(f'<div class="paper-nation"><p><strong>{sheet.NATION}</strong></p>')
    parts.append(
        f'<p class="paper-motto"><strong>{sheet.MOTTO}</strong></p><hr class="paper-rule paper-rule-long">'
    )
    day = sheet.place_and_date(head.place, head.dated, head.year)
    parts.append(f'<p class="paper-date"><em>{escape(day)}</em></p></div></header>')
    if document.kind:
        parts.append(f'<h2 class="paper-title">{escape(document.kind.upper())}</h2>')
    if document.kind and document.abstract:
        parts.append(
            f'<p class="paper-abstract"><strong>{escape(document.abstract)}</strong></p><hr class="paper-rule">'
        )
    if document.authority:
        parts.append(f'<p class="paper-center"><strong>{escape(document.authority.upper())}</strong></p>')
    parts += [
        f'<p class="paper-justify paper-indent"><em>{escape(base)}</em></p>' for base in ended(document.bases)
    ]
    if document.enactment:
        parts.append(f'<p class="paper-center"><strong>{escape(document.enactment.upper())}</strong></p>')
    parts += [_block(block) for block in document.body]
    parts += _closing(document.recipients, document.signature)
    if document.copy:
        parts += _copy_mark(document.copy)
    for index, annex in enumerate(document.annexes):
        parts.append(f'<section class="paper-annex{" paper-landscape" if annex.landscape else ""}">')
        parts.append(f'<h3 class="paper-title">{annex_label(index, len(document.annexes))}</h3>')
        parts.append(f'<p class="paper-abstract"><strong>{escape(annex.title.upper())}</strong></p>')
        if annex.note:
            parts.append(f'<p class="paper-center"><em>{escape(annex.note)}</em></p>')
        parts.append('<hr class="paper-rule">')
        parts += [_block(block) for block in annex.body]
        parts.append("</section>")
    parts.append("</article>")
    return "\n".join(parts)


def _closing(recipients: tuple[str, ...], signature: Signature) -> list[str]:
    parts = ['<footer class="paper-foot"><div class="paper-recipients">']
    if recipients:
        parts.append("<p><strong><em>Nơi nhận:</em></strong></p>")
    parts += [f"<p>- {escape(line)}</p>" for line in ended(recipients)]
    parts.append('</div><div class="paper-signature">')
    parts += [f"<p><strong>{escape(line.upper())}</strong></p>" for line in signature.lines]
    parts.append(f'<p class="paper-name"><strong>{escape(signature.name)}</strong></p></div></footer>')
    return parts


def write_copy_mark_html(mark: CopyMark) -> str:
    """Return what stands below a copied text as an ``<article class="paper">`` of its own."""
    return "\n".join(['<article class="paper" lang="vi">', *_copy_mark(mark), "</article>"])


def _copy_mark(mark: CopyMark) -> list[str]:
    head = mark.letterhead
    day = sheet.place_and_date(head.place, head.dated, head.year)
    return [
        '<section class="paper-copy"><header class="paper-head"><div class="paper-issuer">',
        *(f"<p><strong>{escape(line)}</strong></p>" for line in sheet.issuer_lines(head.issuer)),
        f'<hr class="paper-rule"><p class="paper-number">{escape(sheet.number_line(head))}</p></div>',
        f'<div class="paper-nation"><p><strong>{escape(mark.title)}</strong></p>',
        f'<p class="paper-date"><em>{escape(day)}</em></p></div></header>',
        *_closing(mark.recipients, mark.signature),
        "</section>",
    ]


def _block(block: Block) -> str:
    match block:
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)
    return _paragraph(block)


def _picture(block: Picture) -> str:
    return (
        f'<figure class="paper-chart"><div class="ck-chart-wide">{block.chart.wide}</div>'
        f'<div class="ck-chart-narrow">{block.chart.narrow}</div><figcaption>{escape(block.caption)}</figcaption></figure>'
    )


def _paragraph(block: Paragraph) -> str:
    names = [f"paper-{block.align.value}"] + (["paper-indent"] if block.indent else [])
    tag = "p" if block.level is None else f"h{min(block.level + 1, 5)}"
    return f'<{tag} class="{" ".join(names)}">{_line(block.line)}</{tag}>'


def _table(block: Table) -> str:
    total = sum(block.shares)
    rows = [
        "<colgroup>",
        *(f'<col width="{share / total:.1%}">' for share in block.shares),
        "</colgroup><thead>",
    ]
    rows += ["<tr>" + "".join(_cell(cell, "th") for cell in row) + "</tr>" for row in block.head]
    rows.append("</thead><tbody>")
    rows += ["<tr>" + "".join(_cell(cell, "td") for cell in row) + "</tr>" for row in block.rows]
    rows.append("</tbody>")
    return (
        f'<div class="paper-scroll" tabindex="0"><table class="paper-table{"" if block.is_ruled else " paper-table--plain"}">'
        + "".join(rows)
        + "</table></div>"
    )


def _cell(cell: Cell, tag: str) -> str:
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    scope = ' scope="col"' if tag == "th" else ""
    center = ' class="paper-center"' if cell.align == "center" else ""
    return f"<{tag}{scope}{spans}{center}>" + "<br>".join(_line(line) for line in cell.lines) + f"</{tag}>"


def _line(line: Line) -> str:
    written = []
    for run in line:
        text = escape(run.text)
        text = f"<em>{text}</em>" if run.italic else text
        written.append(f"<strong>{text}</strong>" if run.bold else text)
    return "".join(written)
