"""Self-assessments as pages and papers show them, with what was marked the time before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from camket.core.self_assessment import counts
from camket.core.workflow import SELF_ASSESSMENT
from camket.improvement.catalogue import self_assessment_edition
from camket.improvement.models import SelfAssessment, SelfMark, SelfWording
from camket.org.models import Agency
from camket.org.policy import Actor, can, require


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """A self-assessment as the list shows it; ``counts`` by quadrant and colour, ``none`` for not assessed."""

    id: int
    year: int
    on: date
    edition: str
    state: str
    counts: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> Mapping[str, int]:
        """How many indicators have each colour."""
        found: dict[str, int] = {}
        for each in self.counts.values():
            for colour, number in each.items():
                found[colour] = found.get(colour, 0) + number
        return found


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with its mark, "" for not assessed, and the mark of the time before."""

    number: str
    name: str
    is_certain: bool
    source: str
    colour: str
    reason: str
    before: str
    marked_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuadrantRow:
    """A quadrant with its indicators and counts."""

    key: str
    name: str
    indicators: tuple[IndicatorRow, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """A self-assessment with everything that belongs to it; ``acts`` is what the actor may do now."""

    row: AssessmentRow
    name: str
    source: str
    colours: Mapping[str, str]
    conclusion: str
    quadrants: tuple[QuadrantRow, ...]
    before_on: date | None
    issuer: str
    superior: str
    place: str
    acts: frozenset[str]

    @property
    def indicators(self) -> tuple[IndicatorRow, ...]:
        """All indicators in order."""
        return tuple(each for quadrant in self.quadrants for each in quadrant.indicators)

    def indicator(self, number: str) -> IndicatorRow:
        """Return an indicator by its number. Raises SelfMark.DoesNotExist."""
        for each in self.indicators:
            if each.number == number:
                return each
        raise SelfMark.DoesNotExist(number)

    def next_open(self, number: str) -> str:
        """Return the next indicator after one that is not assessed; "" for none."""
        numbers = [each.number for each in self.indicators]
        at = numbers.index(number)
        turned = self.indicators[at + 1 :] + self.indicators[:at]
        return next((each.number for each in turned if not each.colour), "")


def assessments(actor: Actor) -> tuple[AssessmentRow, ...]:
    """Return the agency's self-assessments that were not discarded, the newest first; two SQL statements."""
    require(actor, "assessment.view")
    rows = (
        SelfAssessment.objects.filter(agency_id=actor.agency_id)
        .exclude(state="discarded")
        .prefetch_related("marks")
        .order_by("-on", "-pk")[:50]
    )
    return tuple(_row(each) for each in rows)


def assessment(actor: Actor, assessment_id: int) -> AssessmentPage:
    """Return a self-assessment. Raises NotAllowed, SelfAssessment.DoesNotExist. Six SQL statements."""
    require(actor, "assessment.view")
    found = SelfAssessment.objects.prefetch_related("marks").get(pk=assessment_id, agency_id=actor.agency_id)
    last = (
        SelfAssessment.objects.filter(
            agency_id=actor.agency_id, edition=found.edition, state="closed", on__lte=found.on
        )
        .exclude(pk=found.pk)
        .prefetch_related("marks")
        .order_by("-on", "-pk")
        .first()
    )
    edition = self_assessment_edition(found.edition)
    marks = {each.indicator: each for each in found.marks.all()}
    before = {each.indicator: each.colour for each in last.marks.all()} if last else {}
    own = {
        each.indicator: each
        for each in SelfWording.objects.filter(agency_id=actor.agency_id, edition=found.edition)
    }
    row = _row(found)
    quadrants = []
    for quadrant in edition.quadrants:
        lines = []
        for each in quadrant.indicators:
            mark, wording = marks.get(each.number), own.get(each.number)
            lines.append(
                IndicatorRow(
                    each.number,
                    wording.name if wording else each.name,
                    each.is_certain or wording is not None,
                    wording.source if wording else "",
                    mark.colour if mark else "",
                    mark.reason if mark else "",
                    before.get(each.number, ""),
                    mark.at if mark else None,
                )
            )
        quadrants.append(QuadrantRow(quadrant.key, quadrant.name, tuple(lines), row.counts[quadrant.key]))
    agency = Agency.objects.get(pk=actor.agency_id)
    acts = SELF_ASSESSMENT.acts(found.state) if can(actor, "assessment.keep") else frozenset()
    return AssessmentPage(
        row=row,
        name=edition.name,
        source=edition.source,
        colours=edition.colours,
        conclusion=found.conclusion,
        quadrants=tuple(quadrants),
        before_on=last.on if last else None,
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        acts=frozenset(acts),
    )


def _row(each: SelfAssessment) -> AssessmentRow:
    marks = {mark.indicator: mark.colour for mark in each.marks.all()}
    return AssessmentRow(
        each.pk,
        each.year,
        each.on,
        each.edition,
        each.state,
        counts(marks, self_assessment_edition(each.edition)),
    )
