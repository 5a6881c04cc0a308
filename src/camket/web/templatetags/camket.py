"""The house's template filters and tags; built in, so that no template loads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from camket.core.cells import seen_cell
from camket.core.masking import short_name
from camket.core.messages import Message
from camket.core.wording import dates
from camket.org.policy import Seen
from camket.web import vietnamese
from camket.web.marks import fresh_mark
from camket.web.meanwhile import told
from camket.web.request import May, say

register = template.Library()

LONGEST_CELL = 400
"""So many letters of a cell are shown beside what is wrong with its row."""

ICONS = Path(__file__).resolve().parent.parent / "static/vendor/tabler-icons"

VERDICTS = {
    "met": _("Met"),
    "on_track": _("On track"),
    "at_risk": _("At risk"),
    "missed": _("Missed"),
    "no_data": _("No data yet"),
    "nothing_arose": _("Nothing arose"),
}
SHAPES = {
    "met": '<circle cx="5" cy="5" r="5" fill="currentColor"/>',
    "on_track": '<circle cx="5" cy="5" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M5 .8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor"/>',
    "at_risk": '<path d="M5 .4 9.9 9.4H.1z" fill="currentColor"/>',
    "missed": '<path d="M.6.6h8.8v8.8H.6z" fill="currentColor"/>',
    "no_data": '<circle cx="5" cy="5" r="4.1" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "nothing_arose": '<path d="M.5 4h9v2h-9z" fill="currentColor"/>',
}


class _FormKeys(CsrfTokenNode):
    """Django's token against forged forms, and with it the mark of who opened the form and when."""

    def render(self, context: Context) -> SafeString:
        token = mark_safe(super().render(context))  # noqa: S308 - Django's own field
        request = context.get("request")
        mark = fresh_mark(request) if request is not None else None
        return mark_safe(f"{token}{mark.field}") if mark else token  # noqa: S308 - both are escaped


@register.tag("csrf_token")
def form_keys(parser: template.base.Parser, token: template.base.Token) -> _FormKeys:
    """Write the hidden fields that each form carries, in place of Django's tag of the name: no form can lack them."""
    return _FormKeys()


@register.inclusion_tag("components/meanwhile.html", takes_context=True)
def meanwhile(context: Context, form: forms.Form | None = None, seen: Seen | None = None) -> dict[str, Any]:
    """Tell what somebody else did to the record since the form was opened, beside what was typed.

    ``seen`` is what its person had seen; by default that of the request.
    """
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or actor is None or (seen or actor.seen) is None:
        return {"meanwhile": None}
    request.tells_refusal = True
    return {"meanwhile": told(actor, seen or actor.seen, form)}


@register.filter
def number(value: Decimal | int | str | None, places: int | None = None) -> str:
    """Return a number in Vietnamese form: 1.234,5; ``places`` fixes the decimals, None prints as nothing."""
    return vietnamese.number(value, places)


@register.filter
def percent(value: Decimal | int | str | None, places: int | None = None) -> str:
    """Return a percentage that is already one (98.4 is 98,4 %) in Vietnamese form."""
    text = vietnamese.number(value, places)
    return f"{text}\N{NO-BREAK SPACE}%" if text else ""


@register.filter
def vndate(value: date | datetime | str | None) -> str:
    """Return a day as 05/01/2026; a text of the form 2026-01-05 is one too."""
    return vietnamese.day(value)


@register.filter
def vndatetime(value: datetime | None) -> str:
    """Return a moment as "14:05 ngày 05/01/2026" in Vietnam's time, without the word in English."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M} {vietnamese.day(local)}"


@register.filter
def official_date(value: date | None) -> str:
    """Return a day as official documents write it: ngày 05 tháng 01 năm 2026."""
    return dates.official_date(value) if value is not None else ""


@register.filter
def said(message: Message | None) -> str:
    """Return a sentence of the core in the reader's language."""
    return say(message) if message is not None else ""


@register.filter
def row_of_cells(cells: Iterable[str]) -> str:
    """What a row of a spreadsheet says, its blank cells aside, long ones cut: 41 · 01/06/2026 · Công văn."""
    return " · ".join(Truncator(seen_cell(each)).chars(LONGEST_CELL) for each in cells if each.strip())


@register.filter
def known_to(name: str, may: May) -> str:
    """Return a person's name as the reader may see it: masked for who need not know the agency's people."""
    return name if may["people_view"] else short_name(name)


@register.filter
def initials(name: str) -> str:
    """Return the first letter of the given name, which Vietnamese names put last."""
    words = str(name).split()
    return words[-1][0].upper() if words else ""


@register.filter
def verdict_label(state: str) -> str:
    """Return the word of a verdict."""
    return str(VERDICTS[str(state)])


@register.filter
def verdict_shape(state: str) -> SafeString:
    """Return the shape of a verdict, so that it is told apart without colours."""
    return mark_safe(  # noqa: S308 - our own constant shapes
        f'<svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">{SHAPES[str(state)]}</svg>'
    )


@register.inclusion_tag("components/verdict.html")
def verdict(state: str) -> dict[str, str]:
    """Show a verdict by colour, word and shape."""
    return {"state": str(state)}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the vendored set; without a label it is decoration and hidden from readers."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise template.TemplateSyntaxError(f"no such icon: {name!r}")
    path = ICONS / f"{name}.svg"
    if not path.exists():
        raise template.TemplateSyntaxError(f"no such icon: {name!r}")
    body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text("utf-8"), re.DOTALL)
    if body is None:
        raise template.TemplateSyntaxError(f"icon {name!r} is not an SVG picture")
    shapes = re.sub(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", body[1])
    shapes = re.sub(r"\s*\n\s*", "", shapes)
    role = f'role="img" aria-label="{_escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    return mark_safe(  # noqa: S308 - a vendored picture, the label escaped
        f'<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" {role}>{shapes}</svg>'
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@register.simple_tag(takes_context=True)
def text_of_block(context: Context, name: str) -> str:
    """Return the text of a block without its tags, so that the page's title serves as heading and as <title>."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    if block is None:
        return ""
    text = re.sub(r"\s+", " ", strip_tags(block.render(context))).strip()
    return mark_safe(text)  # noqa: S308 - rendered by the same template, tags stripped


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return how a field is laid out: check, choices, hidden or line."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "hidden" if widget.is_hidden else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """Return a field's input with the house's classes."""
    widget = field.field.widget
    house = "form-control"
    if isinstance(widget, (forms.Select, forms.SelectMultiple)) and not isinstance(widget, forms.RadioSelect):
        house = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        house = "form-check-input"
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{house} {own}".strip()})


@register.filter
def field_width(field: BoundField) -> str:
    """Return "short" for dates, numbers and times, else nothing."""
    return "short" if getattr(field.field, "is_short", False) else ""


@register.filter
def attr(field: BoundField, pair: str) -> BoundField:
    """Set an attribute of a field's input: ``{{ form.x|attr:"rows=3"|control }}``."""
    name, _sep, value = pair.partition("=")
    field.field.widget.attrs[name] = value
    return field


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """Return the value of a key, or nothing."""
    return mapping.get(key, "")


@register.filter
def pages_around(page: Any) -> list[int | None]:
    """Return the page numbers to offer: first, last and those around the current; None is a gap."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *(n for n in range(page.number - 1, page.number + 2) if 1 <= n <= last)})
    numbers: list[int | None] = []
    for n in shown:
        if numbers and numbers[-1] is not None and n - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(n)
    return numbers


@register.filter
def unlocalized(value: object) -> str:
    """Return a key or code as it is, for attributes: 1234 stays 1234."""
    return str(value)
