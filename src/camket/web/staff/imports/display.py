"""Imports in a person's words: their states, what they would do, how far they are, what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_columns import FIELDS
from camket.core.masking import short_name
from camket.core.messages import Message, gettext_noop
from camket.org.policy import Actor, can
from camket.web import vietnamese
from camket.web.request import say
from camket.web.staff.dossiers.display import COLUMNS, value_of
from camket.web.staff.dossiers.display import moment as shown_moment

if TYPE_CHECKING:
    from camket.dossiers.importing.part import Refused
    from camket.dossiers.importing.strange_codes import StrangeCodes
    from camket.dossiers.models import Batch, RefusedRow

SILENT = timedelta(minutes=2)
"""After so long without a sign of life a person is told that nothing is lost."""

PERSONAL = frozenset({"applicant", "address", "phone"})
"""Fields of a dossier that hold personal data."""

STATES = {
    "mapping": (_("Columns to be confirmed"), "amber"),
    "checking": (_("Being checked"), "blue"),
    "checked": (_("Checked, waiting to be imported"), "amber"),
    "queued": (_("Waiting for its turn"), "blue"),
    "running": (_("Being imported"), "blue"),
    "done": (_("Imported"), "green"),
    "failed": (_("Stopped by an error"), "red"),
    "undoing": (_("Being undone"), "blue"),
    "undone": (_("Undone"), "grey"),
    "discarded": (_("Discarded before importing"), "grey"),
}
UNDER_WAY = frozenset({"checking", "queued", "running", "undoing"})
UNFINISHED = frozenset({"mapping", "checked", "failed", *UNDER_WAY})
SHOWN_CODES = 5
"""Codes of agencies that a warning names."""

_NOTED = {
    "unusual_code": gettext_noop(
        "%(count)s dossiers have a code of none of the known forms (first in cell %(cell)s); they are taken as they are."
    ),
    "repeated": gettext_noop(
        "%(count)s rows stand in the file twice (first in cell %(cell)s) and are taken once."
    ),
    "superseded": gettext_noop(
        "%(count)s rows are of dossiers that stand in the file once more, later (first in cell %(cell)s); the later holds."
    ),
    "shortened": gettext_noop("%(count)s cells of personal data are too long (first %(cell)s) and are cut."),
}
"""What was noticed on rows that come in all the same."""

_NEXT = {
    "mapping": _("Confirm what each column is"),
    "checked": _("Look at what it would do and import it"),
    "failed": _("See why it stopped and go on"),
}
_ORIGINS = {
    "page": _("Uploaded on the page"),
    "command": _("By the command line"),
    "folder": _("From the watched folder"),
    "mended": _("Mended rows"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An import as the list shows it."""

    id: int
    url: str
    file_name: str
    software: str
    as_of: date
    at: datetime
    by: str
    state: str
    tone: str
    next: str
    added: int
    changed: int
    same: int
    refused: int
    to_mend: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about an import."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on an import is: ``share`` in hundredths of its bar."""

    title: str
    step: str
    said: str
    share: int
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an import that is over, and what may be done with it now."""

    title: str
    lead: str
    problem: str
    to_mend: int
    is_done: bool
    can_undo: bool
    can_resume: bool
    can_again: bool
    can_drop_file: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was refused: the field, its cell, the sentence."""

    field: str
    cell: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """A refused row as lists show it."""

    id: int
    where: str
    code: str
    value: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A column of a dossier that an import would change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Example:
    """A dossier that an import would add, change, or give another due date than the rules do."""

    code: str
    fields: tuple[ChangedField, ...] = ()
    procedure: str = ""
    received: str = ""
    due: str = ""
    finished: str = ""
    state: str = ""
    given: str = ""
    computed: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of an import found, in examples."""

    additions: tuple[Example, ...]
    changes: tuple[Example, ...]
    differences: tuple[Example, ...]
    differences_lead: str
    contradictions: tuple[Example, ...]
    contradictions_lead: str
    procedures: tuple[tuple[str, int], ...]
    more_procedures: int
    refusals: tuple[Row, ...]
    more_refusals: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strange:
    """That a file may be another agency's, and whether a person has to say that it is not."""

    said: str
    is_to_be_confirmed: bool


def author(batch: Batch, actor: Actor) -> str:
    """Return who brought a file in, masked for who need not know the people; where nobody did, by which way it came."""
    return _name(batch.created_by.full_name, actor) if batch.created_by else str(_ORIGINS[batch.origin])


def _name(full_name: str, actor: Actor) -> str:
    return full_name if can(actor, "people.view") else short_name(full_name)


def line(batch: Batch, to_mend: int, actor: Actor) -> Line:
    """Return an import as a line of the list."""
    state, tone = STATES[batch.state]
    page = "web:imports:columns" if batch.state == "mapping" else "web:imports:batch"
    return Line(
        id=batch.pk,
        url=reverse(page, args=[batch.pk]),
        file_name=batch.file_name,
        software=str(_ORIGINS["mended"]) if batch.origin == "mended" else _software(batch),
        as_of=batch.as_of,
        at=batch.created_at,
        by=author(batch, actor),
        state=str(state),
        tone=tone,
        next=str(_NEXT.get(batch.state, "")) or _progress_said(batch),
        added=batch.added,
        changed=batch.changed,
        same=batch.same,
        refused=batch.refused,
        to_mend=to_mend,
    )


def lead_of_check(batch: Batch) -> str:
    """Return what the check found in a sentence."""
    wanted = batch.added + batch.changed
    if not wanted and not batch.refused:
        return gettext("The file brings nothing new: all of its dossiers are here as it says.")
    if not wanted:
        return gettext("Nothing of the file can be taken as it is. Look at the reasons below.")
    return ngettext(
        "%(count)s dossier would be written. Nothing has been written yet.",
        "%(count)s dossiers would be written. Nothing has been written yet.",
        wanted,
    ) % {"count": vietnamese.number(wanted)}


def start_label(batch: Batch) -> str:
    """Return what the button that begins the import says."""
    wanted = batch.added + batch.changed
    if not wanted:
        return gettext("Keep the refused rows to mend them")
    return ngettext("Import %(count)s dossier", "Import %(count)s dossiers", wanted) % {
        "count": vietnamese.number(wanted)
    }


def checked(batch: Batch) -> Checked:
    """Return the examples that the check kept."""
    found: Mapping[str, Any] = batch.reading.get("preview", {})
    refusals = tuple(
        Row(0, _where(each["number"], each["reasons"]), "", "", reasons(each["reasons"]))
        for each in found.get("refusals", ())
    )
    different = int(found.get("different", 0))
    contradicting = int(found.get("contradicting", 0))
    return Checked(
        additions=tuple(_addition(each) for each in found.get("additions", ())[:8]),
        changes=tuple(_change(each) for each in found.get("changes", ())[:12]),
        differences=tuple(
            Example(
                code=each["code"],
                received=value_of("received_at", each["received_at"]),
                given=value_of("due_given", each["due_given"]),
                computed=value_of("due_computed", each["due_computed"]),
            )
            for each in found.get("differences", ())[:8]
        ),
        differences_lead=ngettext(
            "%(count)s dossier: the date of the file counts; it is worth asking why it differs.",
            "%(count)s dossiers: the dates of the file count; it is worth asking why they differ.",
            different,
        )
        % {"count": vietnamese.number(different)},
        contradictions=tuple(
            Example(
                code=each["code"],
                state=value_of("state", each["state"]),
                finished=value_of("finished_at", each["finished_at"]),
            )
            for each in found.get("contradictions", ())[:8]
        ),
        contradictions_lead=ngettext(
            "%(count)s dossier: the state counts, so it stays open and its day of the result is left out.",
            "%(count)s dossiers: the state counts, so they stay open and their days of the result are left out.",
            contradicting,
        )
        % {"count": vietnamese.number(contradicting)},
        procedures=(procedures := _procedures(found)),
        more_procedures=max(0, int(found.get("new_procedures", 0)) - len(procedures)),
        refusals=refusals[:10],
        more_refusals=max(0, batch.refused - len(refusals[:10])),
        notes=tuple(_notes(batch.as_of, found)),
    )


def _notes(as_of: date, found: Mapping[str, Any]) -> Iterable[str]:
    if older := int(found.get("older", 0)):
        yield ngettext(
            "%(count)s dossier is left as it is: a later import has shown how it stood after %(day)s.",
            "%(count)s dossiers are left as they are: a later import has shown how they stood after %(day)s.",
            older,
        ) % {"count": vietnamese.number(older), "day": vietnamese.day(as_of)}
    for kind, said in found.get("notes", {}).items():
        if kind in _NOTED:
            yield gettext(_NOTED[kind]) % {
                "count": vietnamese.number(int(said["count"])),
                "cell": said["cell"],
            }


def _procedures(found: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the procedures that the catalogue lacks, each with how many dossiers of the file name it."""
    return tuple((str(each[0]), int(each[1])) for each in found.get("procedures", ()) if len(each) == 2)


def strange(found: StrangeCodes | None) -> Strange | None:
    """Return in words what speaks for a file being another agency's."""
    if found is None:
        return None
    codes = ", ".join(f"{code} ({vietnamese.number(count)})" for code, count in found.codes[:SHOWN_CODES])
    return Strange(
        said=gettext(
            "%(strange)s of %(coded)s dossiers carry the code of another agency: %(codes)s. "
            "The code of your agency is %(own)s."
        )
        % {
            "strange": vietnamese.number(found.strange),
            "coded": vietnamese.number(found.coded),
            "codes": codes,
            "own": ", ".join(found.own[:SHOWN_CODES]),
        },
        is_to_be_confirmed=found.is_to_be_confirmed,
    )


def _addition(each: Mapping[str, Any]) -> Example:
    return Example(
        code=each["code"],
        procedure=each.get("procedure") or "",
        received=_moment("received_at", each),
        due=_moment("due_now", each),
        finished=_moment("finished_at", each),
        state=value_of("state", each["state"]),
    )


def _moment(name: str, each: Mapping[str, Any]) -> str:
    return value_of(name, each[name]) if each.get(name) else ""


def _change(each: Mapping[str, Any]) -> Example:
    fields = tuple(
        ChangedField(
            str(COLUMNS[field["field"]]),
            *(value_of(field["field"], field[side]) for side in ("before", "after")),
        )
        for field in each["fields"]
        if field["field"] in COLUMNS
    )
    return Example(code=each["code"], fields=fields)


# Refused rows


def reasons(found: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Return the stored reasons of a row as sentences."""
    return tuple(
        Reason(
            field=each.get("field", ""),
            cell=each.get("cell", ""),
            said=say(Message(each["message"], each.get("params", {}))),
        )
        for each in found
    )


def fault(reason: Mapping[str, Any], *, is_word: bool) -> str:
    """Return what is wrong as the heading of all rows with the fault: without the values of one of them."""
    field = reason.get("field", "")
    if is_word and field in FIELDS:
        return gettext("%(field)s: words that are not known") % {"field": gettext(FIELDS[field].label)}
    said = say(Message(reason["message"], dict.fromkeys(reason.get("params", {}), "…")))
    first = said.split(". ")[0].rstrip(".")  # the sentences after it say how to mend it
    return f"{gettext(FIELDS[field].label)}: {first}" if field in FIELDS else first


def reasons_of(refused: Refused) -> tuple[Reason, ...]:
    """Return why a row that was mended is refused again."""
    return tuple(Reason(each.field, each.cell, say(each.message)) for each in refused.reasons)


def refused(row: RefusedRow, mapping: Mapping[str, str], *, skip: int = 0) -> Row:
    """Return a refused row as its group shows it: where, which dossier, what stands in the cell at fault.

    ``skip`` leaves out the first reasons, which the group says already.
    """
    first = row.reasons[0] if row.reasons else {}
    field = first.get("field", "")
    header = mapping.get(field, "")
    return Row(
        id=row.pk,
        where=_where(row.number, row.reasons),
        code=row.cells.get(mapping.get("code", ""), ""),
        value="" if not header or field in PERSONAL else row.cells.get(header, ""),
        reasons=reasons(row.reasons[skip:]),
    )


def _where(number: int, found: Iterable[Mapping[str, Any]]) -> str:
    cells = dict.fromkeys(each["cell"] for each in found if each.get("cell"))
    return ", ".join(cells) or gettext("Row %(row)s") % {"row": str(number)}


# How far, and what became of it


def progress(batch: Batch, now: datetime) -> Progress:
    """Return how far the work on an import is."""
    titles: dict[str, tuple[str, str]] = {
        "checking": (gettext("The rows are being checked"), "check"),
        "undoing": (gettext("The import is being undone"), "import"),
    }
    title, step = titles.get(batch.state, (gettext("The dossiers are being imported"), "import"))
    share = min(100, batch.done_rows * 100 // batch.total_rows) if batch.total_rows else 0
    return Progress(
        title=title,
        step=step,
        said=_progress_said(batch),
        share=share,
        is_silent=batch.beat_at is not None and now - batch.beat_at > SILENT,
    )


def _progress_said(batch: Batch) -> str:
    if batch.state == "queued" or not batch.done_rows or batch.state == "undoing":
        return str(STATES[batch.state][0])
    return gettext("%(done)s of %(total)s rows") % {
        "done": vietnamese.number(batch.done_rows),
        "total": vietnamese.number(batch.total_rows),
    }


def outcome(batch: Batch, *, to_mend: int, may_import: bool, actor: Actor) -> Outcome:
    """Return what became of an import."""
    titles: dict[str, Callable[[], tuple[str, str]]] = {
        "done": lambda: (gettext("The import is done"), _lead_of_done(batch)),
        "failed": lambda: (
            gettext("The import has stopped"),
            gettext("What was written before stays and is whole; the import can go on from there."),
        ),
        "undone": lambda: (
            gettext("The import was undone"),
            gettext("Undone at %(time)s by %(name)s; its dossiers count no more.")
            % {
                "time": vietnamese.day(batch.undone_at),
                "name": _name(batch.undone_by.full_name, actor) if batch.undone_by else "—",
            },
        ),
        "discarded": lambda: (
            gettext("The file was not imported"),
            gettext("It was discarded before importing, and nothing of it was kept."),
        ),
    }
    title, lead = titles[batch.state]()
    return Outcome(
        title=title,
        lead=lead,
        problem=say(Message(batch.error["message"], batch.error.get("params", {}))) if batch.error else "",
        to_mend=to_mend if may_import else 0,
        is_done=batch.state == "done",
        can_undo=may_import and batch.state in ("done", "failed"),
        can_resume=may_import and batch.state == "failed",
        can_again=may_import,
        can_drop_file=may_import and not to_mend and has_file_to_drop(batch),
    )


def has_file_to_drop(batch: Batch) -> bool:
    """Return whether an import is over and its file still here."""
    return batch.state in ("done", "undone") and batch.file_id is not None


def _lead_of_done(batch: Batch) -> str:
    if batch.first_day is None or batch.last_day is None:
        return gettext("Nothing changed: every dossier of the file was here as it says.")
    return gettext("Figures from %(first)s to %(last)s were counted anew.") % {
        "first": vietnamese.day(batch.first_day),
        "last": vietnamese.day(_last_day(batch)),
    }


def _last_day(batch: Batch) -> date | None:
    """Return the last day whose figures an import touched; days on which dossiers would fall overdue do not matter yet."""
    return min(batch.last_day, batch.as_of) if batch.last_day else None


def facts(batch: Batch, actor: Actor) -> list[Fact]:
    """Return what is worth knowing of an import: file, day, who, when, how it was read."""
    found = [
        Fact(gettext("File"), batch.file_name),
        Fact(gettext("Shows the day"), vietnamese.day(batch.as_of)),
        Fact(
            gettext("Brought in"),
            f"{_time(batch.created_at)} · {author(batch, actor)} · {_ORIGINS[batch.origin]}",
        ),
    ]
    if batch.software:
        found.append(Fact(gettext("Software"), _software(batch)))
    if rows := batch.added + batch.changed + batch.same + batch.refused:
        found.append(Fact(gettext("Rows"), vietnamese.number(rows)))
    if batch.started_at and batch.ended_at:
        found.append(Fact(gettext("Imported"), f"{_time(batch.started_at)} – {_time(batch.ended_at)}"))
    if different := batch.reading.get("different"):
        found.append(
            Fact(gettext("Due dates that are not what the rules give"), vietnamese.number(different))
        )
    found.append(Fact(gettext("Mark of the file (SHA-256)"), batch.sha256))
    if batch.state in ("done", "undone") and batch.file_id is None and batch.origin != "mended":
        found.append(Fact(gettext("Original file"), gettext("deleted; what it brought in stays")))
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of a file and what it was read as."""

    header: str
    label: str


def mapping_of(batch: Batch) -> list[Pair]:
    """Return how the columns were read, from the left of the file to its right."""
    fields = {header: field for field, header in batch.reading.get("mapping", {}).items() if field in FIELDS}
    return [
        Pair(header, gettext(FIELDS[fields[header]].label))
        for header in headers_of(batch, fields)
        if header in fields
    ]


def headers_of(batch: Batch, others: Iterable[str] = ()) -> list[str]:
    """Return the headings of a file from left to right (a database keeps no order of them), then others that are named."""
    letters: Mapping[str, str] = batch.reading.get("headers", {})
    placed = [letters[each] for each in sorted(letters, key=lambda each: (len(each), each))]
    return [header for header in dict.fromkeys([*placed, *others]) if header]


def consequences(batch: Batch, added: int, changed: int) -> list[str]:
    """Return what undoing an import does, line by line."""
    lines = []
    if added:
        lines.append(
            ngettext(
                "%(count)s dossier that it added is taken out again.",
                "%(count)s dossiers that it added are taken out again.",
                added,
            )
            % {"count": vietnamese.number(added)}
        )
    if changed:
        lines.append(
            ngettext(
                "%(count)s dossier that it changed is as it was before.",
                "%(count)s dossiers that it changed are as they were before.",
                changed,
            )
            % {"count": vietnamese.number(changed)}
        )
    if batch.first_day and batch.last_day:
        lines.append(
            gettext("All figures of the days from %(first)s to %(last)s are counted anew.")
            % {"first": vietnamese.day(batch.first_day), "last": vietnamese.day(_last_day(batch))}
        )
    lines.append(
        gettext("Reports that were issued stay as they are; where their figures differ now they say so.")
    )
    return lines


def _software(batch: Batch) -> str:
    return batch.software.name if batch.software else ""


def _time(moment: datetime) -> str:
    return shown_moment(moment)
