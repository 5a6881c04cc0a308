"""Who is registered or proposed for emulation titles of a year, as the submission that says so."""

from __future__ import annotations

from datetime import date

from camket.core.registers import REGISTERS
from camket.documents.queries.formalities import set_out
from camket.documents.queries.signing import signer_choice
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.writing.model import Document
from camket.registers.models import Entry
from camket.registers.queries.titles import TITLES, ceilings
from camket.registers.titles_paper import PROPOSED, REGISTERED, Share, Wish, titles_document


def titles_stage(actor: Actor, year: int) -> str | None:
    """Return what a year's submission asks for: those proposed where some are, else those registered; None for nobody."""
    require(actor, "register.view")
    rows = Entry.objects.filter(
        agency_id=actor.agency_id, register=TITLES, year=year, outcome__in=(REGISTERED, PROPOSED)
    ).exclude(state=Entry.State.WITHDRAWN)
    found = set(rows.order_by().values_list("outcome", flat=True).distinct())
    return next((each for each in (PROPOSED, REGISTERED) if each in found), None)


def titles_submission(actor: Actor, year: int, today: date) -> Document | None:
    """Return the submission of a year as it stands today; None where nobody is registered or proposed."""
    stage = titles_stage(actor, year)
    if stage is None:
        return None
    choices = {each.word: each for each in REGISTERS[TITLES].field("kind").choices}
    official = {key: each.aliases[0] if each.aliases else each.name for key, each in choices.items()}
    rows = (
        Entry.objects.filter(agency_id=actor.agency_id, register=TITLES, year=year, outcome=stage)
        .exclude(state=Entry.State.WITHDRAWN)
        .select_related("person", "unit")
        .order_by("pk")
    )
    wishes = tuple(
        Wish(
            name=shown_name(actor, each.person.full_name)
            if each.person
            else each.title or (each.unit.name if each.unit else ""),
            unit=each.unit.name if each.unit else "",
            title=official.get(each.kind, each.kind),
            rank=(choices[each.kind].rank or 0) if each.kind in choices else 0,
            is_collective=each.person_id is None,
        )
        for each in rows
    )
    agency = Agency.objects.get(pk=actor.agency_id)
    signer = signer_choice(actor, today, "TTr")
    document = titles_document(
        stage=stage,
        year=year,
        wishes=wishes,
        shares=[
            Share(
                official.get(each.title, each.title_name),
                official.get(each.of, each.of_name),
                each.share,
                each.awarded + each.wished,
                each.most_granted,
            )
            for each in ceilings(actor, year)
        ],
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        on=today,
        authority=signer.authority,
        capacity=signer.capacity,
        signed_by=signer.name,
    )
    return set_out(agency.pk, document, today)
