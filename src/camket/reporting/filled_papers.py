"""Reports of the calendar that are finished in Word: the document filled with counted figures and sentences made from them.

What only people know – causes beyond those given in letters, what is proposed – is left as dots. Nothing is frozen here:
the figures are those of the moment, the paper is noted as sent afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from camket.core.form_06a import Figures
from camket.core.numbering import body_symbol, symbol_of
from camket.core.periods import same_last_year
from camket.core.plan import Period
from camket.core.report_calendar import Subject
from camket.core.wording.numbers import format_number
from camket.dossiers.form_06a_paper import form_table
from camket.dossiers.models import Letter
from camket.dossiers.queries.form_06a import Form, form_06a
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.writing import sheet
from camket.paper.writing.model import (
    Annex,
    Block,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    bold,
    plain,
    signing_lines,
)
from camket.reporting.calendar import Owed
from camket.reporting.queries import signer_choice

FILLED = frozenset({Subject.DOSSIERS.value})
"""Subjects whose document is filled."""
_TO_WRITE = "…………"


def dossiers_paper(actor: Actor, row: Owed, today: date) -> Document:
    """Return the report on handling administrative procedures of an occurrence, Biểu II.06a as its annex.

    Raises NotAllowed, ValueError for an occurrence of another subject.
    """
    require(actor, "dossier.view")
    if row.subject not in FILLED:
        raise ValueError(f"no document is filled for {row.subject!r}")
    period = Period(row.period.start, min(row.period.end, row.cut_off))
    form = form_06a(actor, period, today)
    earlier = form_06a(actor, same_last_year(period), today)
    agency = Agency.objects.get(pk=actor.agency_id)
    signer = signer_choice(actor, today)
    symbol = symbol_of("BC", body_symbol(agency.full_name))
    return Document(
        letterhead=Letterhead(
            issuer=agency.full_name,
            superior=agency.superior_name,
            symbol=symbol,
            place=agency.place or None,
            year=today.year,
        ),
        kind="Báo cáo",
        abstract=_abstract(row.title),
        body=tuple(_body(actor, form, earlier, agency.name, row)),
        signature=Signature(lines=signing_lines(signer.authority, signer.capacity), name=signer.name),
        recipients=(
            row.addressee or "Cơ quan nhận báo cáo",
            f"Lãnh đạo {agency.name}",
            "Lưu: VT",
        ),
        annexes=(
            Annex(
                form.edition.title,
                (form_table(form),),
                sheet.attached_to("Báo cáo", symbol, agency.name, today.year),
                landscape=True,
            ),
        ),
        recorded_on=today,
    )


def _abstract(title: str) -> str:
    text = title.removeprefix("Báo cáo ")
    return text[:1].upper() + text[1:]


def _body(actor: Actor, form: Form, earlier: Form, agency: str, row: Owed) -> Iterator[Block]:
    base = f"Thực hiện {row.source}, " if row.source and "hạn gửi" not in row.source else ""
    yield Paragraph(
        plain(
            f"{base}{agency} báo cáo tình hình, kết quả giải quyết thủ tục hành chính từ ngày "
            f"{form.period.start:%d/%m/%Y} đến ngày {form.until:%d/%m/%Y} như sau:"
        )
    )
    yield _part("I. KẾT QUẢ TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ")
    for sentence in result_sentences(form.total, earlier.total):
        yield Paragraph(plain(sentence))
    yield _part("II. HẠN CHẾ VÀ NGUYÊN NHÂN")
    yield Paragraph(plain(_late_sentence(form.total)))
    reasons = _reasons(actor, form.period)
    if reasons:
        yield Paragraph(plain(f"Nguyên nhân nêu trong thư xin lỗi: {'; '.join(reasons)}."))
    elif form.total.late or form.total.open_overdue:
        yield Paragraph(plain(f"Nguyên nhân: {_TO_WRITE}"))
    yield _part("III. NHIỆM VỤ, GIẢI PHÁP VÀ ĐỀ XUẤT, KIẾN NGHỊ")
    yield Paragraph(plain(_TO_WRITE))
    yield Paragraph(plain(f"Trên đây là báo cáo của {agency}./."))


def result_sentences(now: Figures, then: Figures) -> tuple[str, ...]:
    """Return what a report says of a period's dossiers and of the same days of the year before, as far as any arose.

    >>> result_sentences(Figures(), Figures())
    ('Trong kỳ không phát sinh hồ sơ.',)
    """
    if not any(now.columns):
        return ("Trong kỳ không phát sinh hồ sơ.",)
    said = [
        f"Tổng số hồ sơ tiếp nhận: {_n(now.received)} hồ sơ, trong đó tiếp nhận trực tuyến {_n(now.online)} hồ sơ; trực "
        f"tiếp, qua bưu chính công ích {_n(now.direct)} hồ sơ; từ kỳ trước chuyển qua {_n(now.carried)} hồ sơ.",
        f"Đã giải quyết {_n(now.settled)} hồ sơ: trước hạn {_n(now.early)} hồ sơ, đúng hạn {_n(now.on_time)} hồ sơ, quá hạn "
        f"{_n(now.late)} hồ sơ." + _rate(now),
        f"Đang giải quyết {_n(now.still_open)} hồ sơ: trong hạn {_n(now.open_in_time)} hồ sơ, quá hạn "
        f"{_n(now.open_overdue)} hồ sơ.",
    ]
    if any(then.columns):
        said.append(
            f"So với cùng kỳ năm trước: hồ sơ đã giải quyết {_change(now.settled, then.settled)}"
            f"{_rate_change(now.rate, then.rate)}."
        )
    return tuple(said)


def _rate(figures: Figures) -> str:
    if figures.rate is None:
        return ""
    done = figures.early + figures.on_time
    return f" Tỷ lệ giải quyết đúng hạn: {_percent(figures.rate)} ({_n(done)}/{_n(figures.settled)})."


def _late_sentence(total: Figures) -> str:
    if not total.late and not total.open_overdue:
        return "Trong kỳ không có hồ sơ quá hạn."
    return (
        f"Có {_n(total.late + total.open_overdue)} hồ sơ quá hạn: {_n(total.late)} hồ sơ đã giải quyết quá hạn, "
        f"{_n(total.open_overdue)} hồ sơ quá hạn chưa giải quyết."
    )


def _reasons(actor: Actor, period: Period) -> list[str]:
    """Return the reasons that apologies of the period give, the most frequent first, each with how often."""
    rows = Letter.objects.filter(
        agency_id=actor.agency_id,
        kind=Letter.Kind.APOLOGY,
        state=Letter.State.ISSUED,
        issued_on__range=(period.start, period.end),
    )
    counts = Counter(" ".join(each.split()).rstrip(" .;") for each in rows.values_list("reason", flat=True))
    counts.pop("", None)
    return [f"{reason} ({_n(count)} hồ sơ)" for reason, count in counts.most_common(5)]


def _change(now: int, then: int) -> str:
    if now == then:
        return f"bằng cùng kỳ ({_n(then)} hồ sơ)"
    return f"{'tăng' if now > then else 'giảm'} {_n(abs(now - then))} hồ sơ (cùng kỳ {_n(then)} hồ sơ)"


def _rate_change(now: Decimal | None, then: Decimal | None) -> str:
    if now is None or then is None:
        return ""
    change = round(now, 2) - round(then, 2)
    if not change:
        return f"; tỷ lệ đúng hạn bằng cùng kỳ ({_percent(then)})"
    way = "tăng" if change > 0 else "giảm"
    return f"; tỷ lệ đúng hạn {way} {format_number(abs(change))} điểm phần trăm (cùng kỳ {_percent(then)})"


def _n(count: int) -> str:
    return format_number(count)


def _percent(value: Decimal) -> str:
    return f"{format_number(round(value, 2))}%"


def _part(title: str) -> Paragraph:
    return Paragraph(bold(title), level=2)
