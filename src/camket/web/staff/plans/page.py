"""What the plan pages show, prepared from the plan's plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.targets import goal_text
from camket.core.wording.text import search_key
from camket.objectives.completeness import Completeness, Gap
from camket.objectives.details import (
    ActionDetail,
    BodyDetail,
    CheckingNote,
    DatePreview,
    FieldSource,
    NamedBody,
    ObjectiveDetail,
    PlanDetail,
    PlanRow,
    PreviewDate,
    PreviewUndated,
    TargetDetail,
)
from camket.objectives.verdicts import PlanVerdicts
from camket.org.policy import Actor, can
from camket.paper.reading import Reading, Span
from camket.web.request import say
from camket.web.staff.plans.source import Mark, SourceBlock, source_blocks

SNIPPET = 160
NOTES_AT_ONCE = 5
HEAD_FIELDS = ("number", "date", "place", "signed_by", "capacity", "authority", "year", "reporting", "motto")
OBJECTIVE_FIELDS = ("text", "method")
ACTION_FIELDS = ("text", "lead", "support", "when", "monitors", "evidence")


@dataclass(frozen=True, slots=True)
class StateWords:
    """A plan's state in words, with the tone and picture of its badge."""

    label: str | Promise
    tone: str
    picture: str


STATES: dict[str, StateWords] = {
    "reading": StateWords(_("Being checked against its source"), "doubt", "eye"),
    "draft": StateWords(_("Draft"), "plain", "pencil"),
    "submitted": StateWords(_("Submitted for approval"), "wait", "hourglass"),
    "approved": StateWords(_("Approved"), "wait", "check"),
    "promulgated": StateWords(_("In force"), "good", "circle-check"),
    "closed": StateWords(_("Closed"), "quiet", "lock"),
    "replaced": StateWords(_("Replaced"), "quiet", "history"),
    "discarded": StateWords(_("Discarded"), "quiet", "ban"),
}
STATE_CHOICES = [("", _("All states")), *((state, words.label) for state, words in STATES.items())]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field was read in the source ("" for what was typed) and what to look at."""

    anchor: str = ""
    is_doubtful: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Forms:
    """The forms that are open in a row's place; at most one."""

    edit: forms.Form | None = None
    split: forms.Form | None = None
    merge: forms.Form | None = None
    move: forms.Form | None = None
    delete: forms.Form | None = None
    add_target: forms.Form | None = None
    add_action: forms.Form | None = None
    add_objective: forms.Form | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """Which form is open: kind of row, its id, ``mode`` (a field of :class:`Forms`), form, what is understood by its words."""

    kind: str
    id: int
    mode: str
    form: forms.Form
    understood: Any = None


@dataclass(frozen=True, slots=True)
class BodyShown:
    """A body as the plan names it, and whom it means."""

    text: str
    name: str
    is_mapped: bool
    is_other_name: bool


@dataclass(frozen=True, slots=True)
class BodyPart:
    """The bodies of one part of an action: lead, support, monitors."""

    label: str
    place: Place
    bodies: tuple[BodyShown, ...]


@dataclass(slots=True)
class TargetLine:
    """A target under its objective."""

    row: TargetDetail
    anchor: str
    place: Place
    meaning: str
    sign: str
    can_move: bool
    forms: Forms = field(default_factory=Forms)
    understood: Any = None
    is_saved: bool = False


@dataclass(slots=True)
class ActionLine:
    """An action under its objective."""

    row: ActionDetail
    anchor: str
    places: Mapping[str, Place]
    parts: tuple[BodyPart, ...]
    up: int | None
    down: int | None
    has_neighbours: bool
    can_move: bool
    shows_schedule: bool
    lacks_schedule: bool
    forms: Forms = field(default_factory=Forms)
    understood: Any = None
    is_saved: bool = False


@dataclass(slots=True)
class ObjectiveCard:
    """An objective with its targets and actions."""

    row: ObjectiveDetail
    anchor: str
    places: Mapping[str, Place]
    targets: list[TargetLine]
    actions: list[ActionLine]
    up: int | None
    down: int | None
    has_neighbours: bool
    forms: Forms = field(default_factory=Forms)
    understood: Any = None
    is_saved: bool = False


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A warning of the reading: what, where it stands in the source, which row it is about."""

    text: str
    source_anchor: str
    item_anchor: str


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A stretch of the source that nothing was read from."""

    text: str
    anchor: str


@dataclass(slots=True)
class Editor:
    """The checking page, and the editor of a typed plan: the same without a source."""

    plan: PlanDetail
    state: StateWords
    head_places: Mapping[str, Place]
    cards: list[ObjectiveCard]
    notes: list[NoteLine]
    unread: list[UnreadLine]
    blocks: list[SourceBlock]
    unmapped: int
    counts: Mapping[str, int]
    head_forms: Forms = field(default_factory=Forms)
    policy_forms: Forms = field(default_factory=Forms)
    plan_forms: Forms = field(default_factory=Forms)
    saved: str = ""
    understood: Any = None

    def card(self, objective_id: int) -> ObjectiveCard:
        """Return an objective's card; StopIteration where the plan has none."""
        return next(card for card in self.cards if card.row.id == objective_id)

    def target(self, target_id: int) -> TargetLine:
        """Return a target's line; StopIteration where the plan has none."""
        return next(line for card in self.cards for line in card.targets if line.row.id == target_id)

    def action(self, action_id: int) -> ActionLine:
        """Return an action's line; StopIteration where the plan has none."""
        return next(line for card in self.cards for line in card.actions if line.row.id == action_id)

    @property
    def first_notes(self) -> list[NoteLine]:
        """The warnings shown at once."""
        return self.notes[:NOTES_AT_ONCE]

    @property
    def more_notes(self) -> list[NoteLine]:
        """The warnings behind "more"."""
        return self.notes[NOTES_AT_ONCE:]

    @property
    def first_more(self) -> int:
        """Number of the first warning behind "more"."""
        return NOTES_AT_ONCE + 1

    @property
    def is_head_saved(self) -> bool:
        """Whether the decision's particulars were saved just now."""
        return self.saved == "quyet-dinh"

    @property
    def is_policy_saved(self) -> bool:
        """Whether the policy was saved just now."""
        return self.saved == "chinh-sach"


def editor(
    plan: PlanDetail,
    *,
    reading: Reading | None,
    notes: Sequence[CheckingNote],
    unmapped: int,
    opened: Opened | None = None,
    saved: str = "",
) -> Editor:
    """Return the editor of a plan with one form open, or none."""
    marks: list[Mark] = []
    cards = [_card(plan, number, marks) for number in range(len(plan.objectives))]
    head_places = _head_places(plan, marks)
    note_lines = [_note(number, note, marks) for number, note in enumerate(notes, 1)]
    unread = _unread(reading, marks) if reading is not None else []
    page = Editor(
        plan=plan,
        state=STATES[plan.state],
        head_places=head_places,
        cards=cards,
        notes=note_lines,
        unread=unread,
        blocks=source_blocks(reading.blocks, marks) if reading is not None else [],
        unmapped=unmapped,
        counts={
            "objectives": len(cards),
            "targets": sum(len(card.targets) for card in cards),
            "actions": sum(len(card.actions) for card in cards),
        },
        saved=saved,
    )
    if opened is not None:
        _open(page, opened)
    for card in cards:
        rows: list[ObjectiveCard | TargetLine | ActionLine] = [card, *card.targets, *card.actions]
        for row in rows:
            row.is_saved = row.anchor == saved
    return page


def plan_name(plan: PlanDetail | PlanRow) -> str:
    """Return what a plan is called on the screen."""
    return gettext("Quality objectives of %(year)s") % {"year": str(plan.year)}


def document_name(plan: PlanDetail | PlanRow) -> str:
    """Return how a plan's document is cited, as far as it has a number and a date; else ""."""
    if not plan.number:
        return ""
    kind = {"QĐ": gettext("Decision"), "KH": gettext("Plan"), "TB": gettext("Notice")}.get(
        plan.kind, plan.kind
    )
    if plan.decided_on is None:
        return gettext("%(kind)s No. %(number)s") % {"kind": kind, "number": plan.number}
    return gettext("%(kind)s No. %(number)s of %(day)s") % {
        "kind": kind,
        "number": plan.number,
        "day": f"{plan.decided_on:%d/%m/%Y}",
    }


@dataclass(frozen=True, slots=True)
class Step:
    """A station of a plan's life."""

    label: str | Promise
    is_done: bool
    is_current: bool
    at: datetime | None = None
    by: str = ""


def life(plan: PlanDetail) -> list[Step]:
    """Return the stations of a plan's life, with when and by whom they were passed."""
    order = ["draft", "submitted", "approved", "promulgated", "closed"]
    passed = {"reading": -1, "replaced": 4, "discarded": -1}.get(plan.state)
    at = order.index(plan.state) if passed is None else passed
    first = _("Checking") if plan.state == "reading" else _("Drafting")
    last = _("Replaced") if plan.state == "replaced" else _("Closed")
    stations: list[tuple[str | Promise, datetime | None, str]] = [
        (first, plan.created_at, plan.created_by),
        (_("Submitted for approval"), plan.submitted_at, plan.submitted_by),
        (_("Approved"), plan.approved_at, plan.approved_by),
        (_("Promulgated"), plan.promulgated_at, ""),
        (last, plan.closed_at, ""),
    ]
    current = max(at, 0)
    return [
        Step(
            label=label,
            is_done=number < current or plan.state in {"closed", "replaced"},
            is_current=number == current and plan.state != "discarded",
            at=moment if number <= current else None,
            by=by if number <= current else "",
        )
        for number, (label, moment, by) in enumerate(stations)
    ]


@dataclass(frozen=True, slots=True)
class GapLine:
    """Something of ISO 9001:2015, 6.2.2 that is missing, and where to mend it."""

    text: str
    anchor: str
    blocks: bool
    is_somewhere: bool


@dataclass(frozen=True, slots=True)
class Element:
    """One of the five elements of ISO 9001:2015, 6.2.2."""

    key: str
    label: str | Promise
    gaps: list[GapLine]
    blocks: bool

    @property
    def first_gaps(self) -> list[GapLine]:
        """The gaps shown at once."""
        return self.gaps[:4]

    @property
    def more_gaps(self) -> list[GapLine]:
        """The gaps behind "all of them"."""
        return self.gaps[4:]


ELEMENTS: tuple[tuple[str, str | Promise], ...] = (
    ("what", _("What will be done")),
    ("resources", _("What resources are required")),
    ("who", _("Who is responsible")),
    ("when", _("When it is completed")),
    ("evaluation", _("How results are evaluated")),
)


def elements(found: Completeness) -> list[Element]:
    """Return the five elements of ISO 9001:2015, 6.2.2 with their gaps."""
    by_element = found.by_element
    shown = []
    for key, label in ELEMENTS:
        gaps = gap_lines(by_element.get(key, ()))
        shown.append(Element(key, label, gaps, any(gap.blocks for gap in gaps)))
    return shown


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the dates that the schedules will make."""

    key: str
    label: str
    short: str
    anchor: str
    dates: list[PreviewDate]
    starts: date


def months(preview: DatePreview, start: date, end: date) -> list[Month]:
    """Return the months of the plan's period, and of dates outside it, each with its dates."""
    found = {
        key: list(rows) for key, rows in groupby(preview.dates, key=lambda row: (row.due.year, row.due.month))
    }
    keys = set(found)
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        keys.add((year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return [
        Month(
            key=f"{key[0]}-{key[1]}",
            label=gettext("Month %(month)s of %(year)s") % {"month": str(key[1]), "year": str(key[0])},
            short=f"T{key[1]}",
            anchor=f"thang-{key[0]}-{key[1]}",
            dates=found.get(key, []),
            starts=date(*key, 1),
        )
        for key in sorted(keys)
    ]


def month_asked(found: Sequence[Month], key: str, today: date) -> Month:
    """Return the month of a key; for no such month the first with dates that is not over, else the first with dates."""
    busy = [month for month in found if month.dates]
    running = [month for month in busy if month.starts >= today.replace(day=1)]
    return next((month for month in found if month.key == key), (running or busy)[0])


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list."""

    row: PlanRow
    name: str
    document: str
    state: StateWords
    year: str
    version: str
    task: str | Promise
    is_this: bool


TASKS: dict[str, str | Promise] = {
    "reading": _("Check it against its source"),
    "draft": _("Complete and submit it"),
    "submitted": _("Approve or return it"),
    "approved": _("Enter number and date after signature"),
}


def plan_line(row: PlanRow, this_id: int | None = None) -> PlanLine:
    """Return a plan as a list shows it; ``this_id`` is the plan whose page it is."""
    return PlanLine(
        row=row,
        name=row.title or plan_name(row),
        document=document_name(row),
        state=STATES[row.state],
        year=str(row.year),
        version=str(row.version) if row.version > 1 else "",
        task=TASKS.get(row.state, ""),
        is_this=row.id == this_id,
    )


def plan_choice(row: PlanRow) -> str:
    """Return a plan as one to copy from."""
    return gettext("Copy of %(year)s – %(name)s (%(state)s)") % {
        "year": str(row.year),
        "name": document_name(row) or gettext("no number yet"),
        "state": STATES[row.state].label,
    }


def waiting_for(actor: Actor, rows: Sequence[PlanRow]) -> list[PlanLine]:
    """Return the plans whose next act is this person's."""
    mine = {
        "reading": "plan.edit",
        "draft": "plan.edit",
        "submitted": "plan.approve",
        "approved": "plan.promulgate",
    }
    return [plan_line(row) for row in rows if row.state in mine and can(actor, mine[row.state])]


ACTS = (
    "edit",
    "discard",
    "accept",
    "submit",
    "return",
    "approve",
    "promulgate",
    "record_signed",
    "amend",
    "close",
    "copy",
)


def has_acts(plan: PlanDetail) -> bool:
    """Tell whether this person can move the plan on now."""
    return bool(plan.acts - {"edit"}) or is_measured(plan)


def offers(plan: PlanDetail, today: date) -> dict[str, bool]:
    """Return for each act of a plan's life whether this person can do it now; closing is offered when the year is over."""
    possible = plan.acts if today > plan.period.end else plan.acts - {"close"}
    return {act.replace("return", "send_back"): act in possible for act in ACTS}


def is_open(plan: PlanDetail) -> bool:
    """Tell whether a plan is on its way to being promulgated."""
    return plan.state in {"reading", "draft", "submitted", "approved"}


def is_measured(plan: PlanDetail) -> bool:
    """Tell whether a plan's targets are judged."""
    return plan.state in {"promulgated", "closed", "replaced"}


def next_step(plan: PlanDetail) -> str:
    """Return in one sentence what has to be done next, and by whom."""
    if plan.state in {"reading", "draft"} and not plan.acts & {"accept", "submit"}:
        return gettext("The ISO secretary is still at work on it.")
    if plan.state == "reading":
        return gettext("Check what was read against the source, then accept the reading.")
    if plan.state == "draft":
        return gettext("Complete the draft, then submit it to the chairman.")
    if plan.state == "submitted":
        if "approve" in plan.acts:
            return gettext("The plan waits for your approval.")
        return gettext("The plan waits for the chairman's approval.")
    if plan.state == "approved":
        return gettext("Have the decision signed; then enter its number and date to put the plan in force.")
    if plan.state == "promulgated":
        return gettext("In force from %(start)s to %(end)s.") % {
            "start": f"{plan.period.start:%d/%m/%Y}",
            "end": f"{plan.period.end:%d/%m/%Y}",
        }
    if plan.state == "replaced":
        return gettext("A later decision has replaced this version; it is kept as it was.")
    if plan.state == "closed":
        return gettext("The year is over; the plan is kept as it was.")
    return gettext("This draft was given up; it is kept for the record.")


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target on the plan's page, with its verdict once it is judged."""

    row: TargetDetail
    meaning: str
    sign: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective on the plan's page."""

    row: ObjectiveDetail
    anchor: str
    verdict: str
    targets: list[TargetResult]
    action_count: int


def objective_lines(plan: PlanDetail, verdicts: PlanVerdicts | None) -> list[ObjectiveLine]:
    """Return a plan's objectives with the verdicts that there are."""
    by_objective = {row.objective_id: row for row in verdicts.objectives} if verdicts else {}
    by_target = {each.target_id: each for row in by_objective.values() for each in row.targets}
    lines = []
    for row in plan.objectives:
        judged = by_objective.get(row.id)
        targets = []
        for target in row.targets:
            found = by_target.get(target.id)
            targets.append(
                TargetResult(
                    row=target,
                    meaning=target.meaning,
                    sign=goal_text(target.as_format()),
                    verdict=found.verdict.state.value if found else "",
                    reason=say(found.verdict.reason)
                    if found and (found.provenance or found.is_counted)
                    else "",
                )
            )
        lines.append(
            ObjectiveLine(
                row=row,
                anchor=f"muc-tieu-{row.id}",
                verdict=judged.state.value if judged else "",
                targets=targets,
                action_count=len(row.actions),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A name in the plan, with the choice of whom it means."""

    text: str
    parts: str
    actions: int
    field: BoundField
    is_mapped: bool
    hint: str


PARTS: dict[str, str | Promise] = {"lead": _("Lead"), "support": _("Support"), "monitor": _("Monitored by")}


def body_line(body: NamedBody, field: BoundField) -> BodyLine:
    """Return a name with its choice, and where the proposal comes from."""
    is_mapped = bool(body.unit_id or body.person_id)
    hint = ""
    proposal = body.proposal
    if proposal is not None and is_mapped and not proposal.is_known:
        # Nobody has said so yet: what a person saves is known from then on.
        is_mapped = (proposal.unit_id, proposal.person_id) != (body.unit_id, body.person_id)
    if proposal is not None and not is_mapped:
        if proposal.is_known:
            hint = gettext("Chosen in an earlier plan")
        else:
            hint = gettext("Proposed by likeness: %(share)s%%") % {
                "share": str(round(proposal.likeness * 100))
            }
    return BodyLine(
        text=body.text,
        parts=", ".join(str(label) for part, label in PARTS.items() if part in body.parts),
        actions=body.actions,
        field=field,
        is_mapped=is_mapped,
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class UndatedLine:
    """An action whose time says no date."""

    place: str
    text: str
    when: str
    anchor: str


def undated_line(row: PreviewUndated) -> UndatedLine:
    """Return an action without dates, with the place to give them."""
    return UndatedLine(
        place=f"{row.objective_number}.{row.action_number}",
        text=row.action_text,
        when=row.when,
        anchor=f"bien-phap-{row.action_id}",
    )


def gap_lines(gaps: Sequence[Gap]) -> list[GapLine]:
    """Return gaps with the places to mend them."""
    return [
        GapLine(
            say(gap.message),
            _gap_anchor(gap),
            gap.blocks,
            is_somewhere=bool(gap.objective_id or gap.action_id) or gap.element == "what",
        )
        for gap in gaps
    ]


def _card(plan: PlanDetail, number: int, marks: list[Mark]) -> ObjectiveCard:
    row = plan.objectives[number]
    anchor = f"muc-tieu-{row.id}"
    last = len(plan.objectives) - 1
    return ObjectiveCard(
        row=row,
        anchor=anchor,
        places=_places(anchor, row.source, OBJECTIVE_FIELDS, marks),
        targets=[_target(target, marks, can_move=last > 0) for target in row.targets],
        actions=[_action(row, at, marks, can_move=last > 0) for at in range(len(row.actions))],
        up=number - 1 if number > 0 else None,
        down=number + 1 if number < last else None,
        has_neighbours=last > 0,
    )


def _target(row: TargetDetail, marks: list[Mark], *, can_move: bool) -> TargetLine:
    anchor = f"chi-tieu-{row.id}"
    return TargetLine(
        row=row,
        anchor=anchor,
        place=_place(f"nguon-{anchor}", anchor, row.source, marks),
        meaning=row.meaning,
        sign=goal_text(row.as_format()),
        can_move=can_move,
    )


def _action(objective: ObjectiveDetail, at: int, marks: list[Mark], *, can_move: bool) -> ActionLine:
    row = objective.actions[at]
    anchor = f"bien-phap-{row.id}"
    last = len(objective.actions) - 1
    places = _places(anchor, row.source, ACTION_FIELDS, marks)
    parts = (
        BodyPart(gettext("Lead"), places["lead"], tuple(_body(body) for body in row.lead)),
        BodyPart(gettext("Support"), places["support"], tuple(_body(body) for body in row.support)),
        BodyPart(gettext("Monitored by"), places["monitors"], tuple(_body(body) for body in row.monitors)),
    )
    return ActionLine(
        row=row,
        anchor=anchor,
        places=places,
        parts=tuple(part for number, part in enumerate(parts) if part.bodies or number == 0),
        up=at - 1 if at > 0 else None,
        down=at + 1 if at < last else None,
        has_neighbours=last > 0,
        can_move=can_move,
        shows_schedule=bool(row.schedule) and _plain(row.schedule_text) != _plain(row.when),
        lacks_schedule=bool(row.when) and not row.schedule,
    )


def _body(body: BodyDetail) -> BodyShown:
    return BodyShown(
        body.text, body.name, bool(body.name), bool(body.name) and _plain(body.name) != _plain(body.text)
    )


def _plain(text: str) -> str:
    return search_key(text).strip(" .;")


def _head_places(plan: PlanDetail, marks: list[Mark]) -> dict[str, Place]:
    """Return the places of the head's fields by their last name, with the first of those that repeat."""
    places = dict.fromkeys(HEAD_FIELDS, Place())
    for key, source in plan.head_source.items():
        name = key.rpartition(".")[2].partition("[")[0]
        item = "chinh-sach" if key.startswith("policy") else "quyet-dinh"
        place = _place(f"nguon-dau-{re.sub(r'[^a-z0-9]+', '-', key)}", item, source, marks)
        if not places.get(name, Place()).anchor:
            places[name] = place
    return places


def _places(
    anchor: str, source: Mapping[str, FieldSource], names: Sequence[str], marks: list[Mark]
) -> dict[str, Place]:
    found = {name: _place(f"nguon-{anchor}-{name}", anchor, each, marks) for name, each in source.items()}
    return {**dict.fromkeys(names, Place()), **found}


def _place(source_anchor: str, item: str, source: FieldSource, marks: list[Mark]) -> Place:
    if source.span is not None:
        marks.append(Mark(source_anchor, item, source.span, is_doubtful=source.is_doubtful))
    return Place(
        anchor=source_anchor if source.span is not None else "",
        is_doubtful=source.is_doubtful,
        warnings=tuple(say(message) for message in source.warnings),
    )


def _note(number: int, note: CheckingNote, marks: list[Mark]) -> NoteLine:
    item = next(
        (
            f"{prefix}-{pk}"
            for prefix, pk in (
                ("bien-phap", note.action_id),
                ("chi-tieu", note.target_id),
                ("muc-tieu", note.objective_id),
            )
            if pk is not None
        ),
        "chinh-sach"
        if note.path.startswith("policy")
        else "quyet-dinh"
        if note.path.startswith("decision")
        else "",
    )
    anchor = ""
    if note.span is not None:
        anchor = f"nguon-luu-y-{number}"
        marks.append(Mark(anchor, item, note.span, is_doubtful=True))
    return NoteLine(say(note.message), anchor, item)


def _unread(reading: Reading, marks: list[Mark]) -> list[UnreadLine]:
    lines = []
    for number, span in enumerate(reading.unread, 1):
        text = " ".join(_text_at(reading, span).split())
        if not text:
            continue
        anchor = f"nguon-chua-dung-{number}"
        marks.append(Mark(anchor, "", span, is_unread=True))
        lines.append(
            UnreadLine(text if len(text) <= SNIPPET else text[:SNIPPET].rsplit(" ", 1)[0] + " …", anchor)
        )
    return lines


def _text_at(reading: Reading, span: Span) -> str:
    for block in reading.blocks:
        if block.id == span.block:
            if span.row is None or span.column is None:
                return block.text[span.start : span.end]
            return block.rows[span.row][span.column].text[span.start : span.end]
    return ""


def _gap_anchor(gap: Gap) -> str:
    if gap.action_id is not None:
        return f"bien-phap-{gap.action_id}"
    return f"muc-tieu-{gap.objective_id}" if gap.objective_id is not None else "quyet-dinh"


def _open(page: Editor, opened: Opened) -> None:
    setattr(_forms_of(page, opened), opened.mode, opened.form)
    holder: Any = page
    if opened.kind == "objective":
        holder = page.card(opened.id)
    elif opened.kind == "target":
        holder = page.target(opened.id)
    elif opened.kind == "action":
        holder = page.action(opened.id)
    holder.understood = opened.understood


def _forms_of(page: Editor, opened: Opened) -> Forms:
    if opened.kind == "objective":
        return page.card(opened.id).forms
    if opened.kind == "target":
        return page.target(opened.id).forms
    if opened.kind == "action":
        return page.action(opened.id).forms
    return {"head": page.head_forms, "policy": page.policy_forms, "plan": page.plan_forms}[opened.kind]
