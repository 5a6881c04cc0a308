"""Who signs an agency's documents on a day, as it is proposed on every form and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery

from camket.core.numbering import body_symbol
from camket.core.wording.text import search_key
from camket.documents.models import Signer
from camket.documents.queries.formalities import SignerRow, signers_on
from camket.org.models import Agency, Delegation, Membership, Role
from camket.org.policy import Actor, require
from camket.org.queries import held_on


@dataclass(frozen=True, slots=True)
class SignerChoice:
    """How the agency's leader signs, proposed for the form."""

    name: str = ""
    capacity: str = ""
    authority: str = ""


def signer_choice(actor: Actor, on: date, kind: str | None = None) -> SignerChoice:
    """Return who signs a type of document for the agency on a day, and how; the words are proposed, a person decides.

    The first whom the agency has named for the type (``formalities``; "" is an official letter, None any
    type); while the chairman is away, who stands in. Where nobody is named: the chairman, or who stands in, a vice
    chairman in the chairman's stead (KT.), anybody else by authority (TUQ.), which asks for a document.

    Source: Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, phần II, mục 7.
    """
    require(actor, "plan.view")
    agency, chairman, deputy_id, names_signers = Agency.objects.values_list("full_name", *leaders(on)).get(
        pk=actor.agency_id
    )
    named = signers_on(actor.agency_id, on, kind) if names_signers else ()
    return proposed(actor, on, agency, chairman, deputy_id, named)


def proposed(
    actor: Actor,
    on: date,
    agency: str,
    chairman: str | None,
    deputy_id: int | None,
    named: tuple[SignerRow, ...],
) -> SignerChoice:
    """Return who signs, from what :func:`leaders` read of the actor's agency and the signers it has named for the type."""
    found = [each for each in named if deputy_id is None or each.person_id == deputy_id]
    if found:
        return SignerChoice(found[0].name, found[0].words.capacity, found[0].words.authority)
    return _signer(actor, agency, chairman, deputy_id, on)


def leaders(on: date) -> tuple[Subquery, Subquery, Exists]:
    """Return, for a statement over agencies, the chairman's name, who stands in that day, and whether signers are named."""
    chairmen = Membership.objects.filter(held_on(on), agency_id=OuterRef("pk"), role=Role.CHAIRMAN)
    standing_in = Delegation.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        agency_id=OuterRef("pk"),
        post__role=Role.CHAIRMAN,
        valid_from__lte=on,
        valid_to__gte=on,
    )
    return (
        Subquery(chairmen.order_by("pk").values("person__full_name")[:1]),
        Subquery(standing_in.order_by("pk").values("deputy_id")[:1]),
        Exists(Signer.objects.filter(agency_id=OuterRef("pk"))),
    )


def _signer(actor: Actor, agency: str, chairman: str | None, deputy_id: int | None, on: date) -> SignerChoice:
    is_committee = body_symbol(agency) == "UBND"
    if deputy_id is None:
        if is_committee:
            return SignerChoice(chairman or "", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
        return SignerChoice(chairman or "", "", "")
    posts = list(
        Membership.objects.filter(held_on(on), agency_id=actor.agency_id, person_id=deputy_id)
        .order_by("pk")
        .values_list("person__full_name", "position")
    )
    name = posts[0][0] if posts else ""
    titles = [title.split(",")[0] for _, title in posts if title]
    if is_committee and any(search_key(title).startswith("pho chu tich") for title in titles):
        return SignerChoice(name, "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
    return SignerChoice(name, titles[0].upper() if titles else "", "TUQ. CHỦ TỊCH" if is_committee else "")
