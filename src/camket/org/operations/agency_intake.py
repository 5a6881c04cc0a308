"""Many agencies at once, from a list: all or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from camket.core.agency_list import ListedAgency
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency
from camket.org.operations._agencies import (
    administered,
)
from camket.org.operations.agencies import (
    OpenedAgency,
    open_agency,
)
from camket.org.policy import Actor, require


class AgenciesNotImported(Refusal):
    """Rows of the list cannot be taken in; ``problems`` says which and why, and nothing was written."""

    def __init__(self, problems: Sequence[tuple[int, Message]]) -> None:
        super().__init__(
            Message(
                gettext_noop("%(count)s rows of the list cannot be taken in; nothing was written."),
                {"count": str(len(problems))},
            )
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ImportedAgencies:
    """The agencies opened, as (name, how its secretary signs in), and how many were there already."""

    opened: tuple[tuple[str, OpenedAgency], ...]
    unchanged: int


def import_agencies(
    *, actor: Actor | None, agencies: Iterable[ListedAgency], under_id: int | None, today: date
) -> ImportedAgencies:
    """Open the agencies of a list in one transaction, those above before those below, wherever they stand in it.

    An agency whose code is known and whose name is the same stays as it is, so that the same list can be brought
    in again. ``under_id`` is where those without a code above go; the own agency of an administrator.

    Raises NotAllowed, Agency.DoesNotExist for a place that the actor does not administer, AgenciesNotImported.
    """
    waiting = list(agencies)
    problems: list[tuple[int, Message]] = []
    opened: list[tuple[str, OpenedAgency]] = []
    unchanged = 0
    with transaction.atomic():
        if actor is not None:
            require(actor, "system.manage")
            under_id = under_id or actor.agency_id
        if under_id is not None:
            administered(actor, under_id)
        ids = dict(Agency.objects.order_by("pk").values_list("code", "pk"))
        names = dict(Agency.objects.order_by("pk").values_list("code", "name"))
        problems += _twice(waiting)
        listed = {_code(row.code) for row in waiting}
        while waiting:
            ready = [row for row in waiting if not row.parent_code or _code(row.parent_code) in ids]
            if not ready:
                problems += [(row.row, _no_parent(row, listed)) for row in waiting]
                break
            waiting = [row for row in waiting if row not in ready]
            for row in ready:
                code = _code(row.code)
                if code in ids:
                    if names.get(code) == one_line(row.name):
                        unchanged += 1
                    elif not any(number == row.row for number, _problem in problems):
                        problems.append((row.row, _known(code, names.get(code, ""))))
                    continue
                try:
                    with transaction.atomic():
                        made = _open(actor, row, ids, under_id, today)
                except Agency.DoesNotExist:
                    problems.append((row.row, _outside(row)))
                    ids[code] = 0
                except Refusal as refusal:
                    problems.append((row.row, refusal.message))
                    ids[code] = 0
                else:
                    ids[code], names[code] = made.agency_id, one_line(row.name)
                    opened.append((one_line(row.name), made))
        if problems:
            raise AgenciesNotImported(sorted(problems, key=lambda each: each[0]))
    return ImportedAgencies(tuple(opened), unchanged)


def _code(text: str) -> str:
    return text.strip().upper()


def _open(
    actor: Actor | None, row: ListedAgency, ids: dict[str, int], under_id: int | None, today: date
) -> OpenedAgency:
    if not row.level:
        raise Refusal(
            Message(
                gettext_noop("The level of %(agency)s is not said: write it in a column Cấp."),
                {"agency": row.name or row.code},
            )
        )
    return open_agency(
        actor=actor,
        code=row.code,
        name=row.name,
        level=row.level,
        parent_id=(ids[_code(row.parent_code)] or None) if row.parent_code else under_id,
        administrative_code=row.administrative_code,
        secretary=row.secretary,
        login=row.login,
        today=today,
    )


def _twice(rows: Sequence[ListedAgency]) -> list[tuple[int, Message]]:
    first: dict[str, int] = {}
    found = []
    for row in rows:
        code = _code(row.code)
        if code and code in first:
            found.append(
                (
                    row.row,
                    Message(
                        gettext_noop("The code %(code)s stands in row %(row)s already."),
                        {"code": code, "row": str(first[code])},
                    ),
                )
            )
        first.setdefault(code, row.row)
    return found


def _no_parent(row: ListedAgency, listed: set[str]) -> Message:
    if _code(row.parent_code) in listed:
        return Message(
            gettext_noop("%(agency)s would stand above itself: follow the codes above it."),
            {"agency": row.name or row.code},
        )
    return Message(
        gettext_noop("No agency has the code %(code)s, neither here nor in the list."),
        {"code": row.parent_code},
    )


def _known(code: str, name: str) -> Message:
    return Message(gettext_noop("The code %(code)s is that of %(agency)s."), {"code": code, "agency": name})


def _outside(row: ListedAgency) -> Message:
    return Message(
        gettext_noop("The agency with the code %(code)s is not below yours."), {"code": row.parent_code}
    )
