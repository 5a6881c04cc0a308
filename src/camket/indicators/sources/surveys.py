"""Answers of surveys as a source: blocks of five or more answers, and the people asked. Never a single answer.

Answers of a month count on its last day, once the month takes none any more, and those of a field that had not come to
five yet in the month in which they did (:mod:`camket.core.small_groups`): so no filter, no group and no difference of
two periods or of two looks tells of fewer than five. What cannot be told apart by field, unit or channel has none of
them, as what is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.questionnaire import OVERALL
from camket.core.small_groups import month_end
from camket.core.tally import day_number
from camket.dossiers.queries import sums as dossiers
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
    Found,
    Groups,
    Offered,
    added_by_agency,
    added_by_day,
    named,
)
from camket.org.queries import units_named
from camket.voices.queries import blocks, results

_COUNTS = (
    Count("asked", gettext_noop("people asked for an answer"), has_rows=False, by_month=True),
    Count("responses", gettext_noop("answered questionnaires"), has_rows=False, by_month=True),
    Count(
        "overall_rated", gettext_noop("answers to the question on the whole"), has_rows=False, by_month=True
    ),
    Count(
        "overall_satisfied",
        gettext_noop("answers satisfied or very satisfied on the whole"),
        has_rows=False,
        by_month=True,
    ),
    Count(
        "overall_dissatisfied",
        gettext_noop("answers dissatisfied or very dissatisfied on the whole"),
        has_rows=False,
        by_month=True,
    ),
    Count("rated", gettext_noop("answers to single questions"), has_rows=False, by_month=True),
    Count(
        "satisfied",
        gettext_noop("answers satisfied or very satisfied with single questions"),
        has_rows=False,
        by_month=True,
    ),
    Count(
        "dissatisfied",
        gettext_noop("answers dissatisfied or very dissatisfied with single questions"),
        has_rows=False,
        by_month=True,
    ),
)

_DIMENSIONS = (
    Dimension("field", gettext_noop("field")),
    Dimension("unit", gettext_noop("unit")),
    Dimension("channel", gettext_noop("way of answering")),
    Dimension("question", gettext_noop("question")),
)

_OVERALL = frozenset({"asked", "responses", "overall_rated", "overall_satisfied", "overall_dissatisfied"})
"""Counts for which the single questions need not be read."""

_NOT_KNOWN = Choice("", "")


@dataclass(frozen=True, slots=True)
class _Row:
    """What a block or a handing out adds on a day to the counts of one question ("": to the whole)."""

    agency_id: int
    day: int
    field: int
    unit: int
    channel: int
    question: str
    counts: tuple[tuple[str, int], ...]


class _Surveys:
    key = "surveys"
    title = gettext_noop("Answers of surveys")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {each.key: each for each in _DIMENSIONS}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the fields and units, the ways of answering, the questions ever asked; one SQL statement each but ways."""
        return Offered(
            field=lambda: (
                Choice(word, name) for word, name in dossiers.words(agency_id, "field", limit=500)
            ),
            unit=lambda: (Choice(word, name) for word, name in dossiers.words(agency_id, "unit", limit=500)),
            channel=lambda: (
                Choice(word, name, is_message=True) for word, name in results.CHANNEL_WORDS.values()
            ),
            question=lambda: (Choice(key, text) for key, text in results.questions_of(agency_id).items()),
        )

    def sums(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        journal: str = "",
        *,
        today: date,
    ) -> Found:
        """Return the counts; two SQL statements, one more with a filter on fields or units, and where handing out counts."""
        events = (
            (row.agency_id, row.day, count, number)
            for row in _filtered(
                _rows(agency_ids, counts, filters, today, is_apart=not filters.keys() <= {"question"}),
                agency_ids,
                filters,
                journal,
            )
            for count, number in row.counts
        )
        return added_by_agency(events, agency_ids, periods, counts, {})

    def groups(
        self,
        agency_id: int,
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        by: str,
        *,
        today: date,
    ) -> Groups:
        """Return the counts split by a dimension, what cannot be told apart as what is not known; four SQL statements."""
        known = self._choices_of(agency_id, by)

        def choice(row: _Row) -> Choice:
            key = row.question if by == "question" else getattr(row, by)
            return known.get(key, Choice(key, key) if by == "question" and key else _NOT_KNOWN)

        rows = _filtered(_rows([agency_id], counts, filters, today), [agency_id], filters)
        events = ((choice(row), row.day, count, number) for row in rows for count, number in row.counts)
        found = added_by_day(events, periods, counts, {})
        return named((period, key, numbers) for (key, period), numbers in found.items())

    def _choices_of(self, agency_id: int, by: str) -> Mapping[int | str, Choice]:
        if by == "channel":
            return {
                channel: Choice(word, name, is_message=True)
                for channel, (word, name) in results.CHANNEL_WORDS.items()
            }
        if by == "question":
            return {key: Choice(key, text) for key, text in results.questions_of(agency_id).items()}
        return {key: Choice(word, name) for key, (word, name) in results.names_of(agency_id, by).items()}

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first month that answers count in to the end of the last whole one within ``upto``."""
        found: dict[int, Period] = {}
        for agency_id, of_agency in blocks.shown(agency_ids, today=today, overall_only=True).items():
            days = [each.last_day for each in of_agency if upto.start <= each.last_day <= upto.end]
            if days:
                begun = min(days).replace(day=1)
                found[agency_id] = Period(max(begun, upto.start), max(days))
        return found

    def revision(self, agency_id: int) -> str:
        """Return the number of the counts: every answer bumps it. Handing out writes an entry in the journal."""
        return str(results.revision(agency_id))


def _rows(
    agency_ids: Collection[int],
    counts: Collection[str],
    filters: Filters,
    today: date,
    *,
    is_apart: bool = True,
) -> Iterator[_Row]:
    """Yield what the counts are made of; without ``is_apart`` fields, units and ways may be added up before."""
    if "asked" in counts:
        for each in blocks.asked(agency_ids):
            day = day_number(month_end(each.on))
            yield _Row(
                each.agency_id, day, each.field, each.unit, each.channel, "", (("asked", each.number),)
            )
    overall_only = frozenset(counts) <= _OVERALL and set(filters.get("question", (OVERALL,))) == {OVERALL}
    if overall_only and not is_apart:
        shown = blocks.by_month(agency_ids, today=today)
    else:
        shown = blocks.shown(agency_ids, today=today, overall_only=overall_only)
    for agency_id, of_agency in shown.items():
        for block in of_agency:
            _, field, unit, channel = (each or 0 for each in block.told)
            day = day_number(block.last_day)
            yield _Row(agency_id, day, field, unit, channel, "", (("responses", block.responses),))
            for question, steps in block.steps.items():
                prefix = "overall_" if question == OVERALL else ""
                yield _Row(
                    agency_id, day, field, unit, channel, question,
                    (
                        (f"{prefix}rated", sum(steps)),
                        (f"{prefix}satisfied", blocks.satisfied(steps, block.month)),
                        (f"{prefix}dissatisfied", blocks.dissatisfied(steps)),
                    ),
                )  # fmt: skip


def _filtered(
    rows: Iterable[_Row], agency_ids: Collection[int], filters: Filters, journal: str = ""
) -> Iterator[_Row]:
    fields = (
        frozenset(dossiers.fields_named(agency_ids, filters["field"], journal))
        if "field" in filters
        else None
    )
    units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
    words = {word: channel for channel, (word, _) in results.CHANNEL_WORDS.items()}
    channels = {words.get(word, -1) for word in filters["channel"]} if "channel" in filters else None
    questions = filters.get("question")
    for row in rows:
        if (
            (fields is None or row.field in fields)
            and (units is None or row.unit in units)
            and (channels is None or row.channel in channels)
            and (questions is None or row.question in questions)
        ):
            yield row


SURVEYS = _Surveys()
