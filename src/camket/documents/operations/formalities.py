"""Setting what an agency's papers begin and end with: letterhead, recipients of each form, signers.

Source: Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, phần II.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import KINDS
from camket.core.signing import Mark
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.documents.models import OwnLetterhead, OwnRecipients, Signer
from camket.documents.queries.formalities import LETTER
from camket.journal.operations import record
from camket.org.models import Agency, Membership
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on
from camket.paper.writing.forms import FORMS, WORDS, words_in

MOST_LINES = 20
LONGEST_LINE = 255


class FormalityRefused(Refusal):
    """What is set cannot be set so; ``field`` is what is at fault."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


class DayTooEarly(FormalityRefused):
    """What is set holds from tomorrow on at the earliest: what was issued stays as it was."""


class WordNotKnown(FormalityRefused):
    """A word in braces means nothing in this form."""


class LinesNotPossible(FormalityRefused):
    """There are too many lines, one is too long, or there is no archive."""


class NameMissing(FormalityRefused):
    """A letterhead names the agency and its place."""


class SignerNotPossible(FormalityRefused):
    """The person holds no post on that day, the words above the name are incomplete, or the days are in no order."""


class SignerOver(Refusal):
    """The right to sign has ended before."""


def set_letterhead(
    *, actor: Actor, superior: str, issuer: str, place: str, valid_from: date, now: datetime
) -> OwnLetterhead:
    """Set how the agency's papers are headed from a day on; what is set for the same day before is replaced.

    ``superior`` may be empty: nothing stands above the agency's name. Raises NotAllowed, DayTooEarly, NameMissing.
    """
    require(actor, "document.manage")
    require_coming(valid_from=valid_from, now=now)
    wanted = {
        "superior": one_line(superior)[:255],
        "issuer": one_line(issuer)[:255],
        "place": one_line(place)[:100],
    }
    if not wanted["issuer"] or not wanted["place"]:
        raise NameMissing(
            Message(gettext_noop("Name the agency and its place as they stand on papers.")),
            "place" if wanted["issuer"] else "issuer",
        )
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        own = OwnLetterhead.objects.filter(agency=agency)
        row = own.filter(valid_from=valid_from).first()
        last = row or own.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
        before = (
            {"superior": last.superior, "issuer": last.issuer, "place": last.place}
            if last
            else {"superior": agency.superior_name, "issuer": agency.full_name, "place": agency.place}
        )
        if row is not None and before == wanted:
            return row
        if row is None:
            row = OwnLetterhead(agency=agency, valid_from=valid_from)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.made_at, row.made_by_id = now, actor.person_id
        row.save()
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="paper.letterhead_set",
            subject=agency,
            on=timezone.localdate(now),
            before=before,
            after={**wanted, "valid_from": valid_from},
        )
    return row


def set_recipients(
    *, actor: Actor, form: str, lines: Sequence[str], archive: str, valid_from: date, now: datetime
) -> OwnRecipients:
    """Set who gets papers of a form from a day on, and the line of the archive; what is set for that day is replaced.

    No line and no archive: again as shipped. ``form`` is a key of ``FORMS`` (KeyError for others). Raises NotAllowed,
    DayTooEarly, WordNotKnown, LinesNotPossible.
    """
    require(actor, "document.manage")
    shipped = FORMS[form]
    require_coming(valid_from=valid_from, now=now)
    wanted = [text for line in lines if (text := one_line(line).lstrip("-– ").rstrip(" ;."))]
    kept = one_line(archive).lstrip("-– ").rstrip(" ;.")
    check_lines(form=form, lines=[*wanted, kept])
    if wanted and not kept:
        raise LinesNotPossible(
            Message(gettext_noop("The list ends with the archive, for example “Lưu: VT”.")), "archive"
        )
    if (tuple(wanted), kept) == (shipped.recipients, shipped.archive):
        wanted, kept = [], ""
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        own = OwnRecipients.objects.filter(agency=agency, form=form)
        row = own.filter(valid_from=valid_from).first()
        last = row or own.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
        before = (list(last.lines), last.archive) if last else ([], "")
        if row is not None and before == (wanted, kept):
            return row
        row = row or OwnRecipients(agency=agency, form=form, valid_from=valid_from)
        row.lines, row.archive = wanted, kept
        row.made_at, row.made_by_id = now, actor.person_id
        row.save()
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="paper.recipients_set",
            subject=agency,
            on=timezone.localdate(now),
            before={"recipients": _said(form, *before)},
            after={"title": shipped.name, "recipients": _said(form, wanted, kept), "valid_from": valid_from},
        )
    return row


def check_lines(*, form: str, lines: Sequence[str]) -> None:
    """Raise what is wrong with lines of recipients of a form: WordNotKnown, LinesNotPossible."""
    known = {word for line in FORMS[form].recipients for word in words_in(line)}
    if len(lines) > MOST_LINES:
        raise LinesNotPossible(
            Message(gettext_noop("Name at most %(most)s recipients."), {"most": str(MOST_LINES)}), "lines"
        )
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise LinesNotPossible(
                Message(
                    gettext_noop("The line “%(line)s…” is longer than %(most)s characters."),
                    {"line": line[:40], "most": str(LONGEST_LINE)},
                ),
                "lines",
            )
        for word in words_in(line):
            if word not in known:
                offered = ", ".join(f"{{{each}}}" for each in WORDS if each in known)
                template = (
                    gettext_noop("“{%(word)s}” means nothing in this form. It knows: %(words)s.")
                    if offered
                    else gettext_noop("“{%(word)s}” means nothing in this form: it knows no words in braces.")
                )
                raise WordNotKnown(Message(template, {"word": word, "words": offered}), "lines")


def name_signer(
    *,
    actor: Actor,
    person_id: int,
    mark: str,
    body: str,
    head: str,
    post: str,
    kinds: Collection[str],
    basis: str,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> Signer:
    """Say that a person signs documents of types from a day to a day, and how it is written above the name.

    ``kinds`` are abbreviations of ``KINDS``, or "CV" for official letters; none means all. Papers that were issued bear
    their signer themselves, so the day may lie before today. The same once more changes nothing. Raises NotAllowed,
    SignerNotPossible, ValueError for an unknown mark or type.

    Source: Nghị định 30/2020/NĐ-CP, Điều 13: TUQ. asks for a written authority for a time.
    """
    require(actor, "document.manage")
    chosen = Mark(mark)
    unknown = set(kinds) - set(KINDS) - {LETTER}
    if unknown:
        raise ValueError(f"unknown types {sorted(unknown)}")
    words = {name: one_line(text)[:150] for name, text in (("body", body), ("head", head), ("post", post))}
    basis = one_line(basis)[:255]
    _require_words(chosen, words, basis, valid_from, valid_to)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        held = Membership.objects.filter(held_on(valid_from), agency=agency, person_id=person_id)
        member = held.select_related("person").order_by("pk").first()
        if member is None:
            raise SignerNotPossible(
                Message(
                    gettext_noop("Choose who holds a post in the agency on %(day)s."),
                    {"day": format_date(valid_from)},
                ),
                "person",
            )
        ordered = [each for each in (LETTER, *KINDS) if each in kinds]
        same = Signer.objects.filter(
            agency=agency, person_id=person_id, mark=chosen, valid_from=valid_from, kinds=ordered, **words
        ).first()
        if same is not None:
            return same
        row = Signer.objects.create(
            agency=agency,
            person_id=person_id,
            mark=chosen,
            **words,
            kinds=ordered,
            basis=basis,
            valid_from=valid_from,
            valid_to=valid_to,
            made_at=now,
            made_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="paper.signer_named",
            subject=member.person,
            on=timezone.localdate(now),
            after={
                "capacity": f"{chosen.value} {words['post'] or words['head']}".strip(),
                "document_types": ", ".join(ordered),
                "document_number": basis,
                "valid_from": valid_from,
                "valid_to": valid_to,
            },
        )
    return row


def end_signer(*, actor: Actor, signer_id: int, last_day: date, now: datetime) -> Signer:
    """End a right to sign with a day. Raises Signer.DoesNotExist, NotAllowed, SignerOver, SignerNotPossible."""
    require(actor, "document.manage")
    today = timezone.localdate(now)
    with transaction.atomic():
        row: Signer = (
            Signer.objects.select_for_update(of=("self",))
            .select_related("person")
            .get(pk=signer_id, agency_id=actor.agency_id)
        )
        if row.valid_to is not None and row.valid_to < today:
            raise SignerOver(Message(gettext_noop("This right to sign is over already.")))
        if last_day < row.valid_from:
            raise SignerNotPossible(
                Message(
                    gettext_noop("The last day is not before the first, %(day)s."),
                    {"day": format_date(row.valid_from)},
                ),
                "last_day",
            )
        before = row.valid_to
        if before == last_day:
            return row
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="paper.signer_ended",
            subject=row.person,
            on=today,
            before={"valid_to": before},
            after={"valid_to": last_day, "capacity": str(row)},
        )
    return row


def require_coming(*, valid_from: date, now: datetime) -> None:
    """Raise DayTooEarly for a day on which papers may have been issued already."""
    earliest = timezone.localdate(now) + timedelta(days=1)
    if valid_from < earliest:
        raise DayTooEarly(
            Message(
                gettext_noop(
                    "It can hold from %(day)s on at the earliest: what is issued today stays as it is."
                ),
                {"day": format_date(earliest)},
            ),
            "valid_from",
        )


def _require_words(
    mark: Mark, words: dict[str, str], basis: str, valid_from: date, valid_to: date | None
) -> None:
    needed = {
        Mark.FOR_ALL: ("body", "post"),
        Mark.INSTEAD: ("head", "post"),
        Mark.BY_ORDER: ("head", "post"),
        Mark.BY_AUTHORITY: ("head", "post"),
        Mark.ACTING: ("head",),
        Mark.OWN: ("post",),
    }[mark]
    asked = {
        "body": gettext_noop("Name the body that is signed for."),
        "head": gettext_noop("Name the post in whose stead it is signed."),
        "post": gettext_noop("Name the signer's own post."),
    }
    for name in needed:
        if not words[name]:
            raise SignerNotPossible(Message(asked[name]), name)
    if mark is Mark.BY_AUTHORITY and (not basis or valid_to is None):
        raise SignerNotPossible(
            Message(
                gettext_noop(
                    "TUQ. rests on a written authority for a time: name the document and the last day."
                )
            ),
            "basis" if not basis else "valid_to",
        )
    if valid_to is not None and valid_to < valid_from:
        raise SignerNotPossible(
            Message(
                gettext_noop("The last day is not before the first, %(day)s."),
                {"day": format_date(valid_from)},
            ),
            "valid_to",
        )


def _said(form: str, lines: Sequence[str], archive: str) -> str:
    shipped = FORMS[form]
    if not lines and not archive:
        lines, archive = shipped.recipients, shipped.archive
    return "; ".join((*lines, archive))
