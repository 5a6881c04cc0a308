"""What a report on another subject than the objectives says, as plain values: sections of sentences, measures, tables.

It is gathered when the report is composed and kept with the draft; once issued it is the snapshot. Sentences are Vietnamese:
an official report is Vietnamese by nature. Decimals are strings in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from camket.core import measured
from camket.core.measured import Measure
from camket.core.narrative import FigureChange

FORMAT = "camket-subject-report/1"


@dataclass(frozen=True, slots=True)
class ToldHead:
    """Of whom and of which days a report is; ``as_of`` is the last day whose figures count.

    ``title`` is what it is about as its heading says it, ``opening`` its first sentence, ``before_name`` and ``year_name``
    what the periods are called that it is compared with, "" where it is not. ``form`` is its form in the
    catalogue of forms.
    """

    agency_name: str
    agency_full_name: str
    superior_name: str
    place: str
    subject: str
    title: str
    opening: str
    form: str
    kind: str
    period_name: str
    period_start: date
    period_end: date
    as_of: date
    before_name: str = ""
    year_name: str = ""

    @property
    def last_day(self) -> date:
        """The last day whose figures count: the report's own day."""
        return self.as_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a section: its key, the proposed words with names of figures, and what stands for the names.

    ``said`` is the sentence as it stands in the report.
    """

    key: str
    text: str
    figures: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its title without number, and its statements."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of the period, of the period before and of the same days a year before, as far as they are known."""

    now: Measure
    before: Measure | None = None
    year_before: Measure | None = None

    @property
    def has_arisen(self) -> bool:
        """Whether there is anything to tell of, in any of the periods."""
        known = (self.now, self.before, self.year_before)
        return any(each.denominator if each.is_share else each.value for each in known if each is not None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``kind`` is ``text``, ``middle`` (short text), ``count``, or ``share`` of two columns (``of``)."""

    title: str
    width: float = 2.0
    kind: str = "text"
    of: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of an annex; a summed one has sums of its counts in a last row. Cells of shares are reckoned, not kept.

    ``form`` names the official form whose heads it has on paper, "" for plain heads.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    is_summed: bool = False
    landscape: bool = False
    note: str = ""
    form: str = ""

    @property
    def sums(self) -> tuple[int | None, ...]:
        """The sums of the columns of counts, None for the others."""
        return tuple(
            sum(cell for row in self.rows if isinstance(cell := row[place], int))
            if column.kind == "count"
            else None
            for place, column in enumerate(self.columns)
        )


@dataclass(frozen=True, slots=True)
class ToldContent:
    """Everything that a report on another subject than the objectives says.

    ``causes`` and ``wishes`` are what people typed at their work that the report's free texts are begun with.
    ``shortfall`` is what the figures tell of shortcomings, said where nobody typed any.
    """

    head: ToldHead
    sections: tuple[Section, ...]
    measures: tuple[MeasureLine, ...]
    tables: tuple[DataTable, ...]
    causes: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    shortfall: str = ""

    @property
    def typed_parts(self) -> tuple[int, int, int]:
        """The numbers of the report's parts in which the typed texts stand: assessment, difficulties, proposals."""
        return 1, len(self.sections) + 1, len(self.sections) + 2

    @property
    def statements(self) -> Iterator[Statement]:
        """All statements, in order."""
        return (each for section in self.sections for each in section.statements)

    def told(self, sentences: Mapping[str, str]) -> ToldContent:
        """Return the content with the sentences as they stand in the report, by statement."""
        return replace(
            self,
            sections=tuple(
                replace(
                    section,
                    statements=tuple(
                        replace(each, said=sentences.get(each.key, "")) for each in section.statements
                    ),
                )
                for section in self.sections
            ),
        )

    def changes(self, now: ToldContent, *, own_days: bool = False) -> tuple[FigureChange, ...]:
        """Return the measures and tables that are others now, the measures first; of the report's own days alone if asked."""
        then = [MeasureLine(each.now) if own_days else each for each in self.measures]
        later = {each.now.name: MeasureLine(each.now) if own_days else each for each in now.measures}
        found = [
            FigureChange(name, _all(each), _all(after) if after else "–")
            for each in then
            if (after := later.get(name := each.now.name)) != each
        ]
        tables = {each.title: each for each in now.tables}
        found += [
            FigureChange(each.title, _rows(each), _rows(tables.get(each.title)))
            for each in self.tables
            if tables.get(each.title) != each
        ]
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON-ready values."""
        return {"format": FORMAT, **_plain(asdict(self))}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> ToldContent:
        """Return the content that was kept by :meth:`to_json`; raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a report of {FORMAT}: {data.get('format')!r}")
        head = dict(data["head"])
        for key in ("period_start", "period_end", "as_of"):
            head[key] = date.fromisoformat(head[key])
        return ToldContent(
            head=ToldHead(**head),
            sections=tuple(
                Section(each["title"], tuple(Statement(**one) for one in each["statements"]))
                for each in data["sections"]
            ),
            measures=tuple(
                MeasureLine(*(_measure(each[key]) for key in ("now", "before", "year_before")))  # type: ignore[arg-type]
                for each in data["measures"]
            ),
            tables=tuple(
                DataTable(
                    **{
                        **each,
                        "columns": tuple(
                            Column(**{**one, "of": tuple(one["of"]) if one["of"] else None})
                            for one in each["columns"]
                        ),
                        "rows": tuple(tuple(row) for row in each["rows"]),
                    }
                )
                for each in data["tables"]
            ),
            causes=tuple(data["causes"]),
            wishes=tuple(data["wishes"]),
            assessment=data["assessment"],
            difficulties=data["difficulties"],
            proposals=data["proposals"],
            shortfall=data.get("shortfall", ""),
        )


def figures_of(lines: Mapping[str, MeasureLine], names: tuple[str, ...], head: ToldHead) -> dict[str, str]:
    """Return what stands for the names that some measures give to a sentence."""
    found: dict[str, str] = {}
    for name in names:
        line = lines[name]
        found |= measured.figures_of(
            line.now, line.before, head.before_name, line.year_before, head.year_name
        )
    return found


def _all(line: MeasureLine) -> str:
    """Return a measure with what it is compared with, so that a change of any of them shows."""
    earlier = [each.shown or "–" for each in (line.before, line.year_before) if each is not None]
    behind = f" [{'; '.join(earlier)}]" if earlier else ""
    return f"{line.now.shown or 'không phát sinh'}{behind}"


def _rows(table: DataTable | None) -> str:
    if table is None:
        return "–"
    sums = [str(each) for each in table.sums if each is not None] if table.is_summed else []
    return f"{len(table.rows)} dòng" + (f" ({' · '.join(sums)})" if sums else "")


def _measure(data: Mapping[str, Any] | None) -> Measure | None:
    if data is None:
        return None
    return Measure(**{**data, "value": None if data["value"] is None else Decimal(data["value"])})


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
