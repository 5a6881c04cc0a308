"""Defining indicators, entering their readings and confirming them: every write of this package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from camket.core import plan as core
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.targets import Measure, adds_up, measure_for
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.core.wording.text import fold
from camket.documents.operations import NewEvidence, add_evidence
from camket.indicators.models import Indicator, Reading
from camket.journal.operations import record
from camket.notifications.operations import settle
from camket.org.models import Unit
from camket.org.operations import require_in_use
from camket.org.policy import Actor, NotAllowed, can, require


class NameMissing(Refusal):
    """An indicator has no name."""


class OwnerUnknown(Refusal):
    """The unit named as owner is none of the agency's."""


class SourceMissing(Refusal):
    """A reading does not say where its figure comes from."""


class PeriodNotPossible(Refusal):
    """A reading's period ends before it begins, or has not ended yet."""


class FigureMissing(Refusal):
    """A reading lacks the figure that its indicator measures."""


class FigureNotPossible(Refusal):
    """A figure cannot be: a part larger than its whole, a rank beyond the number ranked, a negative count."""


class ReadingExists(Refusal):
    """The indicator has a reading for just this period already."""


class OwnConfirmation(Refusal):
    """A reading is confirmed by another person than the one who entered it."""


class ReadingSettled(Refusal):
    """The reading was confirmed or withdrawn meanwhile."""


class ReasonMissing(Refusal):
    """The act needs a reason and none was given."""


class TextTooLong(Refusal):
    """A text is longer than is kept."""


@dataclass(frozen=True, slots=True)
class NewReading:
    """A figure as a person gives it; which fields are set depends on what the indicator measures.

    ``nothing_arose`` stands for a period without a single case; ``note`` then says why.
    """

    period: core.Period
    source: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    grade: core.Grade | None = None
    rank: int | None = None
    rank_of: int | None = None
    is_reached: bool | None = None
    nothing_arose: bool = False
    note: str = ""
    evidence: Sequence[NewEvidence] = ()


@dataclass(frozen=True, slots=True)
class MeasuredTarget:
    """A target that needs an indicator; its text says what is measured, ``method`` how it is counted."""

    target: core.Target
    method: str = ""
    owner_id: int | None = None


_LIMIT = Decimal(10) ** 15
_PLACES = {"numerator": 4, "denominator": 4, "value": 6}


def create_indicator(
    *,
    actor: Actor,
    name: str,
    measure: str,
    unit: str,
    method: str,
    today: date,
    adds_up: bool = True,
    numerator_label: str = "",
    denominator_label: str = "",
    owner_id: int | None = None,
) -> Indicator:
    """Define what is measured and how.

    ``measure`` is one of :class:`camket.core.targets.Measure`; ``adds_up`` says that figures of consecutive periods
    add up. Raises NameMissing, TextTooLong, OwnerUnknown; ValueError for an unknown measure.
    """
    require(actor, "plan.promulgate")
    kind = Measure(measure)
    with transaction.atomic():
        _require_own_units(actor, [owner_id])
        indicator = Indicator.objects.create(
            agency_id=actor.agency_id,
            name=_named(name),
            measure=kind.value,
            unit=_limited(fold(unit), 100),
            method=method.strip(),
            adds_up=adds_up and kind in (Measure.RATIO, Measure.VALUE),
            numerator_label=_limited(fold(numerator_label), 255),
            denominator_label=_limited(fold(denominator_label), 255),
            owner_id=owner_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="indicator.created",
            subject=indicator,
            on=today,
            after=_described(indicator),
        )
    return indicator


def create_indicators_for(
    *, actor: Actor, wanted: Sequence[MeasuredTarget], origin: models.Model, today: date
) -> list[Indicator]:
    """Define the indicators that targets' wordings ask for: kind of figure, unit, and whether periods add up.

    They come back in the order of the targets. However many they are, one entry lists them in the journal of
    ``origin``, the plan whose targets they measure. Raises NameMissing, TextTooLong, OwnerUnknown.
    """
    require(actor, "plan.promulgate")
    if not wanted:
        return []
    with transaction.atomic():
        _require_own_units(actor, (each.owner_id for each in wanted))
        made = Indicator.objects.bulk_create(
            (
                Indicator(
                    agency_id=actor.agency_id,
                    name=_named(each.target.text),
                    measure=measure_for(each.target).value,
                    unit=_limited(fold(_unit_of(each.target)), 100),
                    method=each.method.strip(),
                    adds_up=adds_up(each.target),
                    owner_id=each.owner_id,
                )
                for each in wanted
            ),
            batch_size=500,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="indicator.defined",
            subject=origin,
            on=today,
            after={
                "indicators": [
                    {field: getattr(indicator, field) for field in ("name", "measure", "unit", "adds_up")}
                    for indicator in made
                ]
            },
        )
    return made


def change_indicator(
    *,
    actor: Actor,
    indicator_id: int,
    today: date,
    name: str | None = None,
    measure: str | None = None,
    unit: str | None = None,
    method: str | None = None,
    adds_up: bool | None = None,
    numerator_label: str | None = None,
    denominator_label: str | None = None,
) -> Indicator:
    """Change how an indicator is described or counted; None leaves a field as it is.

    What kind of figure it is changes only while it has no reading. Raises NameMissing, TextTooLong,
    FigureNotPossible.
    """
    with transaction.atomic():
        indicator = Indicator.objects.select_for_update().get(pk=indicator_id, agency_id=actor.agency_id)
        require(actor, "plan.edit")
        before = _described(indicator)
        if name is not None:
            indicator.name = _named(name)
        if measure is not None and Measure(measure) != indicator.measure:
            if indicator.readings.exclude(state=Reading.State.WITHDRAWN).exists():
                raise FigureNotPossible(
                    Message(
                        gettext_noop(
                            "The kind of figure cannot change while the indicator has readings; withdraw them first."
                        )
                    )
                )
            indicator.measure = Measure(measure).value
        if unit is not None:
            indicator.unit = _limited(fold(unit), 100)
        if method is not None:
            indicator.method = method.strip()
        if adds_up is not None:
            indicator.adds_up = adds_up
        if numerator_label is not None:
            indicator.numerator_label = _limited(fold(numerator_label), 255)
        if denominator_label is not None:
            indicator.denominator_label = _limited(fold(denominator_label), 255)
        indicator.adds_up = indicator.adds_up and indicator.measure in (Measure.RATIO, Measure.VALUE)
        after = _described(indicator)
        changed = [field for field in after if after[field] != before[field]]
        if changed:
            indicator.save(update_fields=changed)
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="indicator.changed",
                subject=indicator,
                on=today,
                before={field: before[field] for field in changed},
                after={field: after[field] for field in changed},
            )
    return indicator


def enter_reading(*, actor: Actor, indicator_id: int, reading: NewReading, now: datetime) -> Reading:
    """Enter an indicator's figure for a period; it counts once another person has confirmed it.

    A whole of zero means that nothing arose. Raises SourceMissing, PeriodNotPossible, FigureMissing,
    FigureNotPossible, ReasonMissing (nothing arose, without a word why), ReadingExists, and what
    ``add_evidence`` raises.
    """
    with transaction.atomic():
        indicator = Indicator.objects.select_for_update().get(pk=indicator_id, agency_id=actor.agency_id)
        require(actor, "reading.enter")
        period = reading.period
        if period.end < period.start:
            raise PeriodNotPossible(Message(gettext_noop("The period ends before it begins.")))
        if period.end > timezone.localdate(now):
            raise PeriodNotPossible(
                Message(
                    gettext_noop(
                        "The period ends on %(end)s, which is still to come; enter the figure once it is over."
                    ),
                    {"end": format_date(period.end)},
                )
            )
        figure = _checked(indicator, reading)
        source = fold(reading.source)
        if not source:
            raise SourceMissing(
                Message(gettext_noop("Say where the figure comes from (a book, a report, a system)."))
            )
        earlier = (
            indicator.readings.filter(period_start=period.start, period_end=period.end)
            .exclude(state=Reading.State.WITHDRAWN)
            .first()
        )
        if earlier is not None:
            raise ReadingExists(
                Message(
                    gettext_noop(
                        "There is a figure for %(start)s to %(end)s already; withdraw it before entering another."
                    ),
                    {"start": format_date(period.start), "end": format_date(period.end)},
                )
            )
        kept = Reading.objects.create(
            agency_id=actor.agency_id,
            indicator=indicator,
            period_start=period.start,
            period_end=period.end,
            source=_limited(source, 500),
            note=reading.note.strip(),
            entered_at=now,
            entered_by_id=actor.person_id,
            **figure,
        )
        for evidence in reading.evidence:
            kept.evidence.add(add_evidence(actor=actor, evidence=evidence, now=now))
        settle(agency_id=actor.agency_id, keys=f"reading:{indicator.pk}-{period.end}:", now=now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="reading.entered",
            subject=kept,
            on=timezone.localdate(now),
            after={
                "indicator": indicator.pk,
                "period_start": period.start,
                "period_end": period.end,
                "source": kept.source,
                "note": kept.note,
                **{key: value for key, value in figure.items() if value not in (None, "", False)},
            },
        )
    return kept


def confirm_reading(*, actor: Actor, reading_id: int, now: datetime) -> Reading:
    """Confirm a figure, so that it counts.

    Raises OwnConfirmation where the actor entered it, ReadingSettled where it no longer waits.
    """
    with transaction.atomic():
        reading = _reading_for_update(actor, reading_id)
        require(actor, "reading.confirm")
        if reading.state != Reading.State.ENTERED:
            raise ReadingSettled(Message(gettext_noop("This figure no longer waits for confirmation.")))
        if actor.is_own(reading.entered_by_id):
            raise OwnConfirmation(
                Message(gettext_noop("You entered this figure yourself; another person has to confirm it."))
            )
        reading.state = Reading.State.CONFIRMED
        reading.confirmed_at = now
        reading.confirmed_by_id = actor.person_id
        reading.save(update_fields=["state", "confirmed_at", "confirmed_by"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="reading.confirmed",
            subject=reading,
            on=timezone.localdate(now),
            before={"state": Reading.State.ENTERED.value},
            after={"state": Reading.State.CONFIRMED.value},
        )
    return reading


def withdraw_reading(*, actor: Actor, reading_id: int, reason: str, now: datetime) -> Reading:
    """Withdraw a figure that is wrong; it stays listed with the reason and counts no more.

    Who entered it may as long as it waits; afterwards one who confirms figures. Raises NotAllowed,
    ReasonMissing, ReadingSettled.
    """
    with transaction.atomic():
        reading = _reading_for_update(actor, reading_id)
        if not _may_withdraw(actor, reading):
            raise NotAllowed("reading.confirm")
        if reading.state == Reading.State.WITHDRAWN:
            raise ReadingSettled(Message(gettext_noop("This figure is withdrawn already.")))
        reason = fold(reason)
        if not reason:
            raise ReasonMissing(Message(gettext_noop("Say why the figure is withdrawn.")))
        before = reading.state
        reading.state = Reading.State.WITHDRAWN
        reading.withdrawn_at = now
        reading.withdrawn_by_id = actor.person_id
        reading.withdrawal = reason
        reading.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawal"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="reading.withdrawn",
            subject=reading,
            on=timezone.localdate(now),
            before={"state": before},
            after={"state": Reading.State.WITHDRAWN.value},
            reason=reason,
        )
    return reading


def _may_withdraw(actor: Actor, reading: Reading) -> bool:
    if can(actor, "reading.confirm"):
        return True
    own = reading.entered_by_id == actor.person_id and reading.state != Reading.State.CONFIRMED
    return own and can(actor, "reading.enter")


def _reading_for_update(actor: Actor, reading_id: int) -> Reading:
    return Reading.objects.select_for_update(of=("self",)).get(pk=reading_id, agency_id=actor.agency_id)


def _checked(indicator: Indicator, reading: NewReading) -> dict[str, Any]:
    """Return the fields of the figure that the indicator measures, or refuse."""
    measure = Measure(indicator.measure)
    if reading.nothing_arose:
        if not reading.note.strip():
            raise ReasonMissing(Message(gettext_noop("Say in the note why nothing arose in this period.")))
        return {"nothing_arose": True}
    match measure:
        case Measure.RATIO:
            return _checked_share(indicator, reading)
        case Measure.VALUE:
            if reading.value is None:
                raise FigureMissing(Message(gettext_noop("Enter the figure.")))
            _require_storable("value", reading.value)
            if reading.value < 0 and indicator.adds_up:
                raise FigureNotPossible(Message(gettext_noop("A quantity that adds up cannot be negative.")))
            return {"value": reading.value}
        case Measure.GRADE:
            if reading.grade is None:
                raise FigureMissing(Message(gettext_noop("Choose the grade.")))
            return {"grade": core.Grade(reading.grade).value}
        case Measure.RANK:
            return _checked_rank(reading)
        case Measure.STATE:
            if reading.is_reached is None:
                raise FigureMissing(Message(gettext_noop("Say whether it is reached.")))
            return {"is_reached": reading.is_reached}


def _checked_share(indicator: Indicator, reading: NewReading) -> dict[str, Any]:
    part, whole = reading.numerator, reading.denominator
    if part is None or whole is None:
        raise FigureMissing(Message(gettext_noop("Enter both the part and the whole.")))
    _require_storable("numerator", part)
    _require_storable("denominator", whole)
    if part < 0 or whole < 0:
        raise FigureNotPossible(Message(gettext_noop("Neither the part nor the whole can be negative.")))
    # An amount per person ("triệu đồng/người") may be above one; a share or a count of items may not.
    is_quotient = "/" in indicator.unit and whole > 0
    if part > whole and not is_quotient:
        raise FigureNotPossible(
            Message(
                gettext_noop("The part (%(part)s) is larger than the whole (%(whole)s)."),
                {"part": format_number(part), "whole": format_number(whole)},
            )
        )
    return {"numerator": part, "denominator": whole, "nothing_arose": whole == 0}


def _checked_rank(reading: NewReading) -> dict[str, Any]:
    if reading.rank is None:
        raise FigureMissing(Message(gettext_noop("Enter the rank.")))
    beyond = reading.rank_of is not None and reading.rank_of < reading.rank
    if reading.rank < 1 or beyond or max(reading.rank, reading.rank_of or 0) > 100_000:
        raise FigureNotPossible(
            Message(gettext_noop("A rank is 1 or more, and not beyond the number of those ranked."))
        )
    return {"rank": reading.rank, "rank_of": reading.rank_of}


def _require_storable(field: str, value: Decimal) -> None:
    """Refuse what the column would round or cut off, rather than change a figure silently."""
    places = _PLACES[field]
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(value) >= _LIMIT or value != round(value, places):
        raise FigureNotPossible(
            Message(
                gettext_noop("A figure has at most 15 digits before the comma and %(places)s after it."),
                {"places": str(places)},
            )
        )


def _require_own_units(actor: Actor, unit_ids: Iterable[int | None]) -> None:
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    if wanted and Unit.objects.filter(pk__in=wanted, agency_id=actor.agency_id).count() < len(wanted):
        raise OwnerUnknown(Message(gettext_noop("This unit is none of the agency's.")))
    require_in_use(actor=actor, unit_ids=wanted)


def _named(name: str) -> str:
    name = fold(name)
    if not name:
        raise NameMissing(Message(gettext_noop("Give the indicator a name.")))
    return name


def _unit_of(target: core.Target) -> str:
    """Return the unit of a target's figures; grades and ranks have none, whatever plan format calls it."""
    has_none = target.kind in (core.TargetKind.GRADE_AT_LEAST, core.TargetKind.RANK_WITHIN)
    return "" if has_none else target.unit or ""


def _described(indicator: Indicator) -> dict[str, Any]:
    fields = ("name", "measure", "unit", "method", "adds_up", "numerator_label", "denominator_label")
    return {field: getattr(indicator, field) for field in fields}


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TextTooLong(
            Message(gettext_noop("A text is longer than %(limit)s characters."), {"limit": str(limit)})
        )
    return text
