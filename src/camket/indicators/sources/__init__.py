"""Where counted figures come from: every source by the same door.

A source is one module with one :class:`~camket.indicators.sources.door.Source`, named below. It says what it counts,
by what its rows can be told apart, and adds them up over any periods; formulas, figures, verdicts and pages know
nothing else of it. A package above this one offers its own when it is ready (:func:`offer`). How to add one:
docs/development/sources.md.
"""

from camket.core.registers import REGISTERS
from camket.core.registers.events import COUNTING
from camket.indicators.sources.door import Count, Dimension, Source, UnknownCount
from camket.indicators.sources.dossiers import DOSSIERS
from camket.indicators.sources.feedback import FEEDBACK
from camket.indicators.sources.procedures import PROCEDURES
from camket.indicators.sources.readings import READINGS
from camket.indicators.sources.registers import REGISTER_SOURCES
from camket.indicators.sources.stated import ASSESSMENTS, FIGURES
from camket.indicators.sources.surveys import SURVEYS
from camket.indicators.sources.tasks import TASKS
from camket.org.models import Agency

_ALL: tuple[Source, ...] = (
    DOSSIERS,
    PROCEDURES,
    TASKS,
    SURVEYS,
    FEEDBACK,
    *REGISTER_SOURCES,
    FIGURES,
    ASSESSMENTS,
    READINGS,
)
_SOURCES: dict[str, Source] = {each.key: each for each in _ALL}

__all__ = [
    "Count",
    "Dimension",
    "Source",
    "UnknownCount",
    "all_sources",
    "offer",
    "revision",
    "source",
    "word_of",
]


def offer(each: Source) -> None:
    """Let figures be counted from a source of a package above this one: what its configuration calls when it is ready."""
    _SOURCES[each.key] = each


def source(key: str) -> Source:
    """Return the source of a key; raises KeyError for none."""
    return _SOURCES[key]


def all_sources() -> tuple[Source, ...]:
    """Return every source, in the order in which pages offer them."""
    return tuple(_SOURCES.values())


def word_of(key: str, dimension: str, word: str) -> str:
    """Return what a register calls a word of its kind or mark (a message id); "" for another source and word."""
    definition = REGISTERS.get(key)
    column = {"kind": "kind", "mark": COUNTING[key].mark}.get(dimension) if definition else None
    if definition is None or not column:
        return ""
    choices = next((each.choices for each in definition.fields if column in (each.column, each.key)), ())
    return next((each.name for each in choices if each.word == word), "")


def revision(agency_id: int) -> str:
    """Return what changes whenever a count of an agency may have changed without an entry in its journal.

    All else that is counted writes one, so that the newest entry's hash says so. One SQL statement.
    """
    rows = Agency.objects.filter(pk=agency_id).values_list(
        "tally_revision__number", "answer_revision__number"
    )
    dossiers, answers = rows.first() or (None, None)
    return f"{dossiers or 0}.{answers}" if answers else str(dossiers or 0)
