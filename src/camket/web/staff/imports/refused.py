"""Rows that an import refused: grouped by what is wrong, mended one by one or a word at a time, or handed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_columns import FIELDS
from camket.core.dossier_words import WORDED, choices, meaning
from camket.core.masking import HIDDEN, masked_phone, short_name
from camket.core.messages import Refusal
from camket.dossiers.importing import operations, queries
from camket.org.policy import can_in_agency
from camket.paper.sheets import write_sheet
from camket.web.handing_out import XLSX, hand_out
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.imports import display
from camket.web.staff.organisation.seen import saw
from camket.web.vietnamese import number

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from camket.dossiers.models import Batch, RefusedRow

MOST = 5_000
"""Rows that are looked through on a page; the rest come up as these are mended."""
IN_GROUP = 25
WORDS_IN_GROUP = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is not known, in how many rows it stands, and where its meaning is chosen."""

    text: str
    rows: int
    field: BoundField


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with the same fault first."""

    key: str
    title: str
    count: int
    rows: tuple[display.Row, ...]
    words: tuple[Word, ...]

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.count - len(self.rows)

    @property
    def has_reasons(self) -> bool:
        """Whether rows have anything to say beside what the heading says."""
        return any(row.reasons for row in self.rows)


class WordsForm(forms.Form):
    """The meaning of each word of a field that is not known."""

    def __init__(self, *args: Any, field: str, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("Choose its meaning")), *((name, gettext(label)) for name, label in choices(field))]
        for word in words:
            self.fields[f"{field}:{word}"] = forms.ChoiceField(label=word, choices=offered, required=False)


class CellsForm(forms.Form):
    """The cells of a refused row by their headings, as they stand in the file or as they were typed."""

    def __init__(self, *args: Any, headers: Sequence[str], said: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, header in enumerate(headers):
            meant = said.get(header, "")
            self.fields[f"o-{at}"] = forms.CharField(
                label=header,
                required=False,
                strip=False,
                max_length=5_000,
                help_text="" if meant == header else meant,
            )


@staff_page("dossier.import")
def refused(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show the rows of an import that are to be mended, grouped by what is wrong."""
    batch = queries.batch(request.actor, batch_id)
    rows = queries.refused_rows(request.actor, batch_id)
    counts = Counter(queries.refused_counts(request.actor, batch_id))
    later = list(queries.settled_in(request.actor, batch_id))
    brought = sum(each.brought for each in later)  # type: ignore[attr-defined]
    return render(
        request,
        "staff/imports/refused.html",
        {
            "batch": batch,
            "open": counts["open"],
            "groups": _groups(list(rows[:MOST]), batch.reading.get("mapping", {})),
            "is_clear": can_in_agency(request.actor, "dossier.personal"),
            "settled": _settled(counts, brought=brought),
            "later": later,
            "some_set_aside": bool(counts["dropped"]),
        },
    )


def _settled(counts: Counter[str], *, brought: int) -> str:
    """Return how many rows somebody settled; ``brought`` are those that later files told of."""
    mended = counts["mended"] - brought
    if not mended and not counts["dropped"]:
        return ""
    return gettext("Mended and imported: %(mended)s. Set aside: %(dropped)s.") % {
        "mended": number(mended),
        "dropped": number(counts["dropped"]),
    }


def _groups(rows: Sequence[RefusedRow], mapping: Mapping[str, str]) -> list[Group]:
    found: dict[tuple[str, str], list[RefusedRow]] = {}
    for row in rows:
        first = row.reasons[0] if row.reasons else {}
        found.setdefault((first.get("field", ""), first.get("message", "")), []).append(row)
    groups = []
    for place, ((field, _message), members) in enumerate(
        sorted(found.items(), key=lambda each: -len(each[1])), 1
    ):
        words = _unknown_words(field, members, mapping)
        first = members[0].reasons[0] if members[0].reasons else {}
        title = display.fault(first, is_word=bool(words)) if first else gettext("Row")
        shown = tuple(display.refused(row, mapping, skip=1 if words else 0) for row in members[:IN_GROUP])
        groups.append(Group(str(place), title, len(members), shown, words))
    return groups


def _unknown_words(field: str, members: Sequence[RefusedRow], mapping: Mapping[str, str]) -> tuple[Word, ...]:
    header = mapping.get(field)
    if field not in WORDED or header is None:
        return ()
    counts = Counter(row.cells.get(header, "").strip() for row in members)
    strange = [
        (word, count)
        for word, count in counts.most_common(WORDS_IN_GROUP)
        if word and len(word) <= 100 and meaning(field, word) is None
    ]
    form = WordsForm(field=field, words=[word for word, _count in strange])
    return tuple(Word(word, count, form[f"{field}:{word}"]) for word, count in strange)


@staff_page("dossier.import", methods=("POST",))
def mend_words(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Take the meanings of words that were not known, and import the rows that lacked only that."""
    queries.batch(request.actor, batch_id)
    count = older = 0
    has_more = False
    chosen = [
        (field, word, value)
        for name, value in request.POST.items()
        for field, colon, word in [name.partition(":")]
        if colon and field in WORDED and value in dict(choices(field))
    ]
    try:
        for field, word, value in chosen:
            mended = operations.mend_word(
                actor=request.actor,
                batch_id=batch_id,
                field=field,
                word=word,
                meaning=str(value),
                now=moment(request),
            )
            count, older = count + mended.rows, older + mended.older
            has_more = has_more or mended.has_more
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:imports:refused", batch_id)
    if not chosen:
        messages.warning(request, gettext("Choose what at least one word means."))
    elif count:
        messages.success(
            request,
            ngettext(
                "%(count)s row was mended and imported.", "%(count)s rows were mended and imported.", count
            )
            % {"count": number(count)},
        )
    elif not has_more:
        messages.info(request, gettext("The words are known now, but their rows have other faults too."))
    if older:
        messages.info(
            request,
            ngettext(
                "%(count)s of them is of a dossier that a later import knows better; that holds.",
                "%(count)s of them are of dossiers that a later import knows better; that holds.",
                older,
            )
            % {"count": number(older)},
        )
    if has_more:
        messages.info(
            request, gettext("More rows wait for these words: choose their meaning once more to go on.")
        )
    return redirect("web:imports:refused", batch_id)


@staff_page("dossier.import", methods=("GET", "POST"))
def row_mend(request: StaffRequest, row_id: int) -> HttpResponse:
    """Show a refused row to be mended, and import it as it was typed."""
    row = queries.refused_row(request.actor, row_id)
    batch = row.batch
    if row.state != "open":
        messages.info(request, gettext("This row was mended or set aside already."))
        return redirect("web:imports:refused", batch.pk)
    shown, hidden = _headers(request, row, batch)
    is_sent = request.method == "POST"
    found: Sequence[display.Reason] = display.reasons(row.reasons)
    form = _cells_form(request, row, batch, shown)
    if is_sent and form.is_valid():
        typed = {header: form.cleaned_data[f"o-{at}"].strip() for at, header in enumerate(shown)}
        try:
            mended = operations.mend_row(
                actor=request.actor, row_id=row_id, cells={**row.cells, **typed}, now=moment(request)
            )
        except operations.RowStillRefused as refusal:
            found = display.reasons_of(refusal.refused)
            request.tells_refusal = True  # type: ignore[attr-defined]
        except Refusal as refusal:
            messages.warning(request, say(refusal.message))
            return redirect("web:imports:refused", batch.pk)
        else:
            messages.success(request, _said_mended(mended) % {"row": str(row.number)})
            return redirect("web:imports:refused", batch.pk)
    return _mend_page(request, row, form, shown, hidden, found)


def _said_mended(mended: operations.Mended) -> str:
    if mended.older:
        return gettext("Row %(row)s is right now; a later import knows its dossier better, and that holds.")
    if mended.same:
        return gettext("Row %(row)s is right now; its dossier was here already just as it says.")
    return gettext("Row %(row)s was mended and imported.")


def _headers(request: StaffRequest, row: RefusedRow, batch: Batch) -> tuple[list[str], list[str]]:
    """Return the headings of the cells that the person may see, and of those that are personal data to be kept back."""
    mapping = batch.reading.get("mapping", {})
    held = {*mapping.values(), *row.cells}
    known = [header for header in display.headers_of(batch, sorted(held)) if header in held]
    if can_in_agency(request.actor, "dossier.personal"):
        return known, []
    # What a column without a meaning holds nobody knows, nor what any holds where cells have moved.
    has_moved = "" in row.cells
    open_to_all = {
        header
        for field, header in mapping.items()
        if field == "code" or not (has_moved or field in display.PERSONAL)
    }
    return [each for each in known if each in open_to_all], [
        each for each in known if each not in open_to_all
    ]


def _cells_form(request: StaffRequest, row: RefusedRow, batch: Batch, shown: Sequence[str]) -> CellsForm:
    labels = {
        header: gettext(FIELDS[field].label)
        for field, header in batch.reading.get("mapping", {}).items()
        if field in FIELDS
    }
    return CellsForm(
        request.POST if request.method == "POST" else None,
        headers=shown,
        said=labels,
        initial={f"o-{at}": row.cells.get(header, "") for at, header in enumerate(shown)},
    )


def _mend_page(
    request: StaffRequest,
    row: RefusedRow,
    form: CellsForm,
    shown: Sequence[str],
    hidden: Sequence[str],
    found: Sequence[display.Reason],
) -> HttpResponse:
    batch = row.batch
    mapping = batch.reading.get("mapping", {})
    if can_in_agency(request.actor, "dossier.personal"):
        saw(request, "applicants")
    places = {header: form[f"o-{at}"] for at, header in enumerate(shown)}
    wrong = {mapping.get(reason.field, "") for reason in found} & set(places)
    faults = [
        {
            "anchor": places[mapping[reason.field]].id_for_label
            if mapping.get(reason.field) in places
            else "",
            "where": reason.cell or mapping.get(reason.field, ""),
            "said": reason.said,
        }
        for reason in found
    ]
    return render(
        request,
        "staff/imports/row_mend.html",
        {
            "batch": batch,
            "row": row,
            "form": form,
            "faults": faults,
            "wrong": [field for header, field in places.items() if header in wrong],
            "others": [field for header, field in places.items() if header not in wrong],
            "hidden_cells": hidden,
        },
        status=422 if form.is_bound else 200,
    )


@staff_page("dossier.import", methods=("POST",))
def row_drop(request: StaffRequest, row_id: int) -> HttpResponse:
    """Set a refused row aside."""
    batch_id = queries.refused_row(request.actor, row_id).batch_id
    try:
        operations.drop_row(actor=request.actor, row_id=row_id, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
    else:
        messages.success(request, gettext("The row was set aside; it counts nowhere."))
    return redirect("web:imports:refused", batch_id)


@staff_page("dossier.import")
def refused_sheet(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Hand out the refused rows with their reasons, to be mended in a spreadsheet and brought in again.

    For who may not see personal data these are masked, under headings of their own: no import takes them for data.
    """
    batch = queries.batch(request.actor, batch_id)
    rows = list(queries.refused_rows(request.actor, batch_id)[:MOST])
    headers = display.headers_of(batch, (header for row in rows for header in row.cells))
    is_clear = can_in_agency(request.actor, "dossier.personal")
    if is_clear:
        saw(request, "applicants", people=len(rows))
    masks = {} if is_clear else _masks(batch, headers, has_moved=any("" in row.cells for row in rows))
    file = write_sheet(
        gettext("Refused rows"),
        [
            *(f"Đã che: {header}" if header in masks else header for header in headers),
            "Dòng trong tệp gốc",
            "Lý do bị từ chối",
        ],
        [
            [
                *(masks.get(header, str)(row.cells.get(header, "")) for header in headers),
                str(row.number),
                " ".join(
                    f"{each.cell}: {each.said}" if each.cell else each.said
                    for each in display.reasons(row.reasons)
                ),
            ]
            for row in rows
        ],
    )
    return hand_out(file, f"dong-bi-tu-choi-{batch_id}.xlsx", XLSX)


def _masks(batch: Batch, headers: Sequence[str], *, has_moved: bool) -> dict[str, Callable[[str], str]]:
    """Return by heading how cells are masked: personal ones, and those of which nobody knows what they hold."""
    fields = {header: field for field, header in batch.reading.get("mapping", {}).items()}
    found: dict[str, Callable[[str], str]] = {}
    for header in headers:
        field = fields.get(header)
        if field in _MASKS:
            found[header] = _hidden if has_moved else _MASKS[field]
        elif field is None or (has_moved and field != "code"):
            found[header] = _hidden
    return found


def _hidden(text: str) -> str:
    return HIDDEN if text else ""


_MASKS: Mapping[str | None, Callable[[str], str]] = {
    "applicant": short_name,
    "phone": masked_phone,
    "address": _hidden,
}
"""Fields that hold personal data, each with how it is masked."""
