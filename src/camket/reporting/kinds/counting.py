"""What kinds share: counts of a period through the one door of indicators, and tables that split them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext

from camket.indicators.sources import source
from camket.indicators.sources.door import Choice
from camket.reporting.kinds.definition import Asked
from camket.reporting.told import Column, DataTable

Counts = Mapping[str, int]


def totals(asked: Asked, key: str, counts: Sequence[str]) -> Counts:
    """Return counts of the source ``key`` over the period, as the indicators of the same records count them."""
    period = asked.period
    found = source(key).sums([asked.agency_id], [period], counts, {}, today=asked.today)
    return {each: int(found[asked.agency_id, period][each]) for each in counts}


def split(asked: Asked, key: str, counts: Sequence[str], dimension: str) -> tuple[tuple[str, Counts], ...]:
    """Return the same counts by a dimension in the order in which pages offer its values, what is not known last.

    Lines of noughts are left out.
    """
    found = source(key)
    order = {each.word: place for place, each in enumerate(found.choices(asked.agency_id)[dimension])}
    groups = found.groups(asked.agency_id, [asked.period], counts, {}, dimension, today=asked.today)
    lines = [
        (choice, {each: int(numbers[each]) for each in counts})
        for (_, choice), numbers in groups.items()
        if any(numbers[each] for each in counts)
    ]
    lines.sort(key=lambda line: (order.get(line[0].word, len(order)), line[0].name))
    return tuple((_name(choice), numbers) for choice, numbers in lines)


def split_table(
    title: str,
    of: str,
    lines: Sequence[tuple[str, Counts]],
    columns: Sequence[tuple[str, str]],
    share: tuple[str, int, int] | None = None,
) -> DataTable:
    """Return a table of lines: ``of`` heads their names, ``columns`` name counts with their headings.

    ``share`` is a last column's heading with the places, among ``columns``, of its parts and whole.
    """
    heads = [
        Column("TT", 1.1, "middle"),
        Column(of, 6.0),
        *(Column(name, 2.4, "count") for _, name in columns),
    ]
    if share is not None:
        heads.append(Column(share[0], 2.4, "share", (share[1] + 2, share[2] + 2)))
    rows = tuple(
        (str(number), name, *(counts[key] for key, _ in columns), *((None,) if share else ()))
        for number, (name, counts) in enumerate(lines, 1)
    )
    return DataTable(title, tuple(heads), rows, is_summed=True, landscape=len(columns) > 4)


def _name(choice: Choice) -> str:
    if not choice.name:
        return "Chưa xác định"
    with translation.override("vi"):  # the language of papers
        return gettext(choice.name) if choice.is_message else choice.name
