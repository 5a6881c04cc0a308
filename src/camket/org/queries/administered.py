"""What an administrator sees of agencies: the own one and all that are or were under it. Of people, numbers only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from camket.core.wording.text import login_key, search_key
from camket.org.models import Agency, AgencyCode, FormerName, Membership, Person, Succession
from camket.org.policy import Actor, require
from camket.org.queries.agencies import AgencyRow, agency_row, level_name
from camket.org.queries.tree import former_names, in_order, is_there, whole_tree
from camket.org.queries.validity import held_on


@dataclass(frozen=True, slots=True)
class AdministeredRow:
    """An agency as the administrator's lists show it; ``below`` counts those directly under it that exist."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    parent_name: str
    valid_from: date | None
    valid_to: date | None
    is_there: bool
    is_set_up: bool
    below: int
    former_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code of an agency with the days on which it holds."""

    id: int
    scheme: str
    scheme_name: str
    code: str
    valid_from: date | None
    valid_to: date | None
    is_in_force: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """A succession as one of its two sides sees it; ``is_linked`` says whether the other is in the same tree."""

    id: int
    kind: str
    kind_name: str
    on: date
    decision: str
    other_id: int
    other: str
    is_linked: bool


@dataclass(frozen=True, slots=True)
class FormerNameRow:
    """What an agency was called until a day."""

    name: str
    valid_to: date
    decision: str


@dataclass(frozen=True, slots=True)
class AdministeredAgency:
    """All that an administrator sees of one agency."""

    row: AgencyRow
    level: str
    parent: str
    is_there: bool
    is_own: bool
    path: tuple[tuple[int, str], ...]
    codes: tuple[CodeRow, ...]
    former_names: tuple[FormerNameRow, ...]
    predecessors: tuple[SuccessionRow, ...]
    successors: tuple[SuccessionRow, ...]
    units: int
    people: int
    managers: int
    below: int
    set_up_on: date | None
    signed_in_on: date | None


def administered_agencies(
    actor: Actor, on: date, *, under: int | None = None, words: str = ""
) -> list[AdministeredRow]:
    """Return the agencies of the administrator's tree, those that exist first, in Vietnamese order.

    All whose name, former name or code holds the words; without words those directly under ``under``, which is
    the own agency where it is not given. Agency.DoesNotExist for an agency outside the tree.
    """
    require(actor, "system.view")
    rows = _tree(actor)
    wanted = search_key(words).split()
    if not wanted:
        top = under or actor.agency_id
        rows.only("pk").get(pk=top)
        rows = rows.filter(parent_id=top)
    former = former_names(rows)
    found = [
        _row(row, former.get(row.pk, ()), on)
        for row in rows.select_related("level", "parent")
        .annotate(below=Count("children", filter=held_on(on, "children")))
        .order_by("pk")
    ]
    if wanted:
        found = [row for row in found if all(word in _words(row) for word in wanted)]
    return sorted(found, key=lambda row: (not row.is_there, in_order(row.name), row.code))


def administered_choices(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Return the agencies of the administrator's tree that exist on a day, or will, as (id, name and code)."""
    require(actor, "system.view")
    rows = (
        _tree(actor)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("pk")
        .values_list("pk", "name", "code")
    )
    return [(pk, f"{name} ({code})") for pk, name, code in sorted(rows, key=lambda row: in_order(row[1]))]


def administered_agency(actor: Actor, agency_id: int, on: date) -> AdministeredAgency:
    """Return one agency of the administrator's tree; raises Agency.DoesNotExist for any other."""
    require(actor, "system.view")
    agency = (
        _tree(actor)
        .select_related("level", "parent")
        .annotate(
            section_count=Count("units", filter=Q(units__is_active=True), distinct=True),
            below=Count("children", filter=held_on(on, "children"), distinct=True),
        )
        .get(pk=agency_id)
    )
    tree = dict(_tree(actor).order_by("pk").values_list("pk", "parent_id"))
    posts = Membership.objects.filter(held_on(on), agency=agency, person__is_active=True)
    figures = posts.aggregate(
        people=Count("person", distinct=True),
        managers=Count("person", distinct=True, filter=Q(role="secretary")),
        signed_in=Max("person__last_login"),
    )
    signed_in = figures["signed_in"]
    path_ids = _path(tree, agency.pk, actor.agency_id)
    names = dict(Agency.objects.filter(pk__in=path_ids).order_by("pk").values_list("pk", "name"))
    return AdministeredAgency(
        row=agency_row(agency),
        level=level_name(agency.level),
        parent=agency.parent.name if agency.parent else "",
        is_there=is_there(agency, on),
        is_own=agency.pk == actor.agency_id,
        path=tuple((pk, names[pk]) for pk in path_ids),
        codes=tuple(_code(row, agency, on) for row in agency.codes.order_by("scheme", "-valid_from", "-pk")),
        former_names=tuple(
            FormerNameRow(row.name, row.valid_to, row.decision)
            for row in FormerName.objects.filter(agency=agency).order_by("-valid_to", "-pk")
        ),
        predecessors=tuple(
            _succession(row, row.predecessor, tree)
            for row in Succession.objects.filter(successor=agency)
            .select_related("predecessor")
            .order_by("-on", "pk")
        ),
        successors=tuple(
            _succession(row, row.successor, tree)
            for row in Succession.objects.filter(predecessor=agency)
            .select_related("successor")
            .order_by("-on", "pk")
        ),
        units=agency.section_count,
        people=figures["people"],
        managers=figures["managers"],
        below=agency.below,
        set_up_on=agency.set_up_on,
        signed_in_on=timezone.localtime(signed_in).date() if signed_in else None,
    )


def person_to_restore(actor: Actor, login: str) -> int:
    """Return who signs in by a name and holds or held a post in the actor's agency; raises Person.DoesNotExist.

    For an administrator who gives somebody a way back in: the name is told by the person, nobody is listed.
    """
    require(actor, "people.restore")
    return (
        Person.objects.filter(memberships__agency_id=actor.agency_id)
        .distinct()
        .only("pk")
        .get(login=login_key(login))
        .pk
    )


def agency_of_code(actor: Actor, code_id: int) -> int:
    """Return whose code it is; raises AgencyCode.DoesNotExist for an agency outside the actor's tree."""
    return AgencyCode.objects.values_list("agency_id", flat=True).get(pk=code_id, agency__in=_tree(actor))


def predecessor_of(actor: Actor, succession_id: int) -> int:
    """Return from whom a succession is; raises Succession.DoesNotExist where a side is outside the actor's tree."""
    rows = Succession.objects.filter(predecessor__in=_tree(actor), successor__in=_tree(actor))
    return rows.values_list("predecessor_id", flat=True).get(pk=succession_id)


def state_mark(row: AgencyRow) -> str:
    """Return a mark of what an administrator's form shows of an agency, to tell later whether it has changed."""
    shown = (row.name, row.full_name, row.place, row.level, row.parent_id, row.valid_from)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _tree(actor: Actor) -> QuerySet[Agency]:
    return Agency.objects.filter(pk__in=whole_tree(actor.agency_id))


def _words(row: AdministeredRow) -> str:
    return search_key(" ".join([row.name, row.code, *row.former_names]))


def _row(agency: Agency, former: tuple[str, ...], on: date) -> AdministeredRow:
    return AdministeredRow(
        id=agency.pk,
        code=agency.code,
        name=agency.name,
        level=level_name(agency.level),
        parent_id=agency.parent_id,
        parent_name=agency.parent.name if agency.parent else "",
        valid_from=agency.valid_from,
        valid_to=agency.valid_to,
        is_there=is_there(agency, on),
        is_set_up=agency.set_up_on is not None,
        below=agency.below,  # type: ignore[attr-defined]
        former_names=former,
    )


def _path(tree: Mapping[int, int | None], agency_id: int, top: int) -> list[int]:
    """Return the agencies from the administrator's own down to the one above."""
    found: list[int] = []
    here = tree.get(agency_id) if agency_id != top else None
    while here is not None and here in tree and here not in found:
        found.append(here)
        here = tree[here] if here != top else None
    return found[::-1]


def _code(row: AgencyCode, agency: Agency, on: date) -> CodeRow:
    in_force = (row.valid_from or date.min) <= on <= (row.valid_to or date.max)
    is_name = row.scheme == AgencyCode.Scheme.IDENTIFIER and row.code == agency.code
    return CodeRow(
        id=row.pk,
        scheme=row.scheme,
        scheme_name=row.get_scheme_display(),
        code=row.code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_in_force=in_force,
        may_end=row.valid_to is None and not is_name,
    )


def _succession(row: Succession, other: Agency, tree: Mapping[int, int | None]) -> SuccessionRow:
    return SuccessionRow(
        id=row.pk,
        kind=row.kind,
        kind_name=row.get_kind_display(),
        on=row.on,
        decision=row.decision,
        other_id=other.pk,
        other=other.name,
        is_linked=other.pk in tree,
    )
