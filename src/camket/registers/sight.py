"""Who sees which entries of a register, and who keeps them: by the table of acts, the unit, and the person named."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from camket.core.registers import REGISTERS, Register
from camket.documents.models import Evidence
from camket.org.policy import Actor, NotAllowed, Scope, can, can_in_agency
from camket.registers.models import Entry, Issued, Letter

PERSONAL = tuple(key for key, each in REGISTERS.items() if each.is_personal)
"""The registers that tell of single people."""


def keep_act(register: Register) -> str:
    """Return the act by which a register's entries are written."""
    return "staffing.keep" if register.is_personal else "register.keep"


def seen_by(actor: Actor, register: Register) -> Q:
    """Return which entries of a register the actor sees; raises NotAllowed for who sees none.

    Grades and discipline of single people: all of them for who has ``staffing.view`` in the agency, the unit's for its
    head, everybody the own. From above they are never seen, only counted.
    """
    if not register.is_personal:
        if not can(actor, "register.view"):
            raise NotAllowed("register.view")
        return Q()
    if actor.scope is Scope.BELOW:
        raise NotAllowed("staffing.view")
    if can_in_agency(actor, "staffing.view") or (actor.scope is Scope.BEFORE and can(actor, "staffing.view")):
        return Q()
    if actor.scope is not Scope.AGENCY:
        raise NotAllowed("staffing.view")
    own = Q(person_id=actor.acts_as_id)
    return own | Q(unit_id__in=actor.headed_unit_ids) if can(actor, "staffing.view") else own


def visible_registers(actor: Actor) -> tuple[Register, ...]:
    """Return the registers of which the actor may see anything, in their order."""
    found = []
    for register in REGISTERS.values():
        try:
            seen_by(actor, register)
        except NotAllowed:
            continue
        found.append(register)
    return tuple(found)


def keeps_all(actor: Actor, register: Register) -> bool:
    """Return whether the actor keeps every entry of a register."""
    return can_in_agency(actor, keep_act(register))


def own_units(actor: Actor, register: Register) -> frozenset[int]:
    """Return the units whose entries the actor keeps: heads alone keep what tells of single people."""
    if not can(actor, keep_act(register)):
        return frozenset()
    return actor.headed_unit_ids if register.is_personal else actor.unit_ids


def may_enter(actor: Actor, register: Register) -> bool:
    """Return whether the actor may write new entries, be it for the own unit alone."""
    return keeps_all(actor, register) or bool(own_units(actor, register))


def may_keep(actor: Actor, register: Register, entry: Entry) -> bool:
    """Return whether the actor may write an entry: all of them, the own unit's, or work given to the actor by name."""
    if keeps_all(actor, register) or entry.unit_id in own_units(actor, register):
        return True
    is_given = not register.is_personal and entry.person_id is not None
    return is_given and entry.person_id == actor.acts_as_id and can(actor, keep_act(register))


def may_withdraw(actor: Actor, register: Register, entry: Entry) -> bool:
    """Return whether the actor may withdraw an entry that the actor may write.

    Work with a last day that somebody else entered is not withdrawn by whoever is to do it.
    """
    is_own = entry.created_by_id is not None and entry.created_by_id == actor.person_id
    return entry.due_on is None or is_own or keeps_all(actor, register)


def issued_under(entry: Entry) -> Iterator[QuerySet[Issued]]:
    """Yield the papers that were issued here under an entry's number, model by model of every package that issues papers.

    These are the models that are :class:`Issued` with an entry ``outgoing``; a letter has it in its content.
    """
    for each in Entry._meta.related_objects:
        model = each.related_model
        if each.field.name == "outgoing" and isinstance(model, type) and issubclass(model, Issued):
            yield model._default_manager.filter(**{each.field.name: entry})


def paper_states(entry: Entry) -> frozenset[str]:
    """Return how the papers stand that were issued here under an entry's number; one SQL statement, or none."""
    if not REGISTERS[entry.register].has_series or not entry.number:
        return frozenset()
    letters = Letter.objects.filter(agency_id=entry.agency_id, content__outgoing_id=entry.pk)
    papers = (rows.order_by().values_list("state") for rows in issued_under(entry))
    return frozenset(state for (state,) in letters.order_by().values_list("state").union(*papers, all=True))


def require_enter(actor: Actor, register: Register) -> None:
    """Raise NotAllowed unless the actor may write new entries."""
    if not may_enter(actor, register):
        raise NotAllowed(keep_act(register))


def entry_of(actor: Actor, entry_id: int, *, is_locked: bool = False) -> tuple[Entry, Register]:
    """Return an entry that the actor may see, with its register; Entry.DoesNotExist for any other."""
    rows = Entry.objects.filter(agency_id=actor.agency_id)
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.get(pk=entry_id)
    register = REGISTERS.get(found.register)
    if register is None:
        raise Entry.DoesNotExist
    if register.is_personal:
        try:
            wanted = seen_by(actor, register)
        except NotAllowed:
            raise Entry.DoesNotExist from None
        if wanted and not Entry.objects.filter(wanted, pk=found.pk).exists():
            raise Entry.DoesNotExist
    return found, register


def may_open_file(actor: Actor, file_id: int) -> bool:
    """Return whether the actor may open a file: one that proves only what stands of single people, by seeing one of those.

    A file that proves anything else too is no secret of theirs.
    """
    proofs = Evidence.objects.filter(file_id=file_id, agency_id=actor.agency_id)
    about = Entry.objects.filter(agency_id=actor.agency_id, evidence__in=proofs, register__in=PERSONAL)
    found = list(about.values_list("register", "pk", "evidence"))
    if not found or proofs.exclude(pk__in=[evidence for _key, _pk, evidence in found]).exists():
        return True
    for key in {key for key, _pk, _evidence in found}:
        try:
            wanted = seen_by(actor, REGISTERS[key])
        except NotAllowed:
            continue
        if Entry.objects.filter(wanted, pk__in=[pk for of, pk, _evidence in found if of == key]).exists():
            return True
    return False


def kept_by(actor: Actor, entry_id: int) -> tuple[Entry, Register]:
    """Return an entry, locked, that the actor may write; raises Entry.DoesNotExist, NotAllowed."""
    found, register = entry_of(actor, entry_id, is_locked=True)
    if not may_keep(actor, register, found):
        raise NotAllowed(keep_act(register))
    return found, register
