"""Dossiers of administrative procedures as a source: their buckets, and nothing but their buckets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from camket.core.dossiers import CHANNEL_NAMES, LEVEL_NAMES, Channel, OnlineLevel
from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Stand
from camket.dossiers.queries import sums as buckets
from camket.indicators.sources.door import Choice, Count, Dimension, Filters, Found, Groups, Offered, named

_COUNTS = (
    Count("received", gettext_noop("dossiers received")),
    Count("received_online", gettext_noop("dossiers received online")),
    Count("received_direct", gettext_noop("dossiers received at the counter")),
    Count("received_postal", gettext_noop("dossiers received by public post")),
    Count("received_advanced", gettext_noop("dossiers received of procedures offered wholly online")),
    Count(
        "received_advanced_online",
        gettext_noop("dossiers received online of procedures offered wholly online"),
    ),
    Count("received_digitised", gettext_noop("dossiers received whose papers were digitised")),
    Count("finished", gettext_noop("dossiers settled")),
    Count("early", gettext_noop("dossiers settled before the due date")),
    Count("on_time", gettext_noop("dossiers settled on the due date")),
    Count("late", gettext_noop("dossiers settled after the due date")),
    Count("late_first", gettext_noop("dossiers settled after the date first given")),
    Count("withdrawn", gettext_noop("dossiers withdrawn or stopped")),
    Count("result_digitised", gettext_noop("dossiers settled whose result was digitised")),
    Count("fee_due", gettext_noop("dossiers settled for which a fee was paid")),
    Count("paid_online", gettext_noop("dossiers settled whose fee was paid online")),
    Count("handling_days", gettext_noop("working days of handling, of dossiers settled")),
    Count("handled_0", gettext_noop("dossiers handled within the day")),
    Count("handled_1", gettext_noop("dossiers handled in 1 working day")),
    Count("handled_2", gettext_noop("dossiers handled in 2 working days")),
    Count("handled_5", gettext_noop("dossiers handled in 3 to 5 working days")),
    Count("handled_10", gettext_noop("dossiers handled in 6 to 10 working days")),
    Count("handled_15", gettext_noop("dossiers handled in 11 to 15 working days")),
    Count("handled_20", gettext_noop("dossiers handled in 16 to 20 working days")),
    Count("handled_30", gettext_noop("dossiers handled in 21 to 30 working days")),
    Count("handled_longer", gettext_noop("dossiers handled in more than 30 working days")),
    Count("fell_overdue", gettext_noop("dossiers that fell overdue")),
    Count(
        "fell_overdue_answered",
        gettext_noop("dossiers that fell overdue and were apologised for or explained"),
    ),
    Count("cleared_overdue", gettext_noop("overdue dossiers that were settled")),
    Count("waiting_began", gettext_noop("dossiers for which supplements were asked")),
    Count("waiting_ended", gettext_noop("dossiers whose supplements came in")),
    Count("reappointed", gettext_noop("dossiers given a new due date")),
    Count("open", gettext_noop("dossiers open at the end of the period"), Stand.END),
    Count("overdue", gettext_noop("dossiers open and overdue at the end of the period"), Stand.END),
    Count("waiting", gettext_noop("dossiers waiting for supplements at the end of the period"), Stand.END),
    Count("open_before", gettext_noop("dossiers carried over from before the period"), Stand.START),
    Count("overdue_before", gettext_noop("dossiers overdue already before the period"), Stand.START),
    Count(
        "waiting_before",
        gettext_noop("dossiers waiting for supplements already before the period"),
        Stand.START,
    ),
)

_DIMENSIONS = (
    Dimension("field", gettext_noop("field")),
    Dimension("procedure", gettext_noop("procedure")),
    Dimension("unit", gettext_noop("unit")),
    Dimension("channel", gettext_noop("channel")),
    Dimension("level", gettext_noop("online level")),
)

_LISTED = 500
_READ = ("field", "procedure", "unit")
"""Dimensions whose words are read from the agency's tables."""


def _words(agency_id: int, by: str) -> Iterator[Choice]:
    return (Choice(word, name) for word, name in buckets.words(agency_id, by, limit=_LISTED))


class _Dossiers:
    key = "dossiers"
    title = gettext_noop("Dossiers of administrative procedures")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {each.key: each for each in _DIMENSIONS}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return what may be chosen; one SQL statement for each of field, procedure and unit that is looked at."""
        return Offered(
            **{by: partial(_words, agency_id, by) for by in _READ},
            channel=lambda: (_channel(each) for each in Channel if each),
            level=lambda: (_level(each) for each in OnlineLevel),
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
        """Return the counts; one SQL statement, two with a filter on units."""
        return buckets.sums(agency_ids, periods, counts, filters=filters)

    def sums_together(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Sequence[Filters],
        journal: str = "",
        *,
        today: date,
    ) -> list[Found]:
        """Return the counts under each of the filters; one SQL statement, two with a filter on units."""
        return buckets.sums_together(agency_ids, periods, counts, filters)

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
        """Return the counts split by a dimension; two SQL statements."""
        found = buckets.sums_by([agency_id], periods, counts, by=by, filters=filters)
        keys = {key for _, _, key in found}
        if by == "channel":
            names = {key: _channel(Channel(key)) if key else Choice("", "") for key in keys}
        elif by == "level":
            names = {key: _level(OnlineLevel(key)) for key in keys}
        else:
            known = buckets.names_of(agency_id, by, keys)
            names = {key: Choice(*known.get(key, ("", ""))) for key in keys}
        return named((period, names[key], numbers) for (_, period, key), numbers in found.items())

    def reach(
        self,
        agency_ids: Collection[int],
        upto: Period,
        journal: str = "",
        *,
        today: date,
    ) -> Mapping[int, Period]:
        """Return the days from the first dossier to the day of the newest export; two SQL statements."""
        return {
            agency_id: Period(max(days.start, upto.start), min(days.end, upto.end))
            for agency_id, days in buckets.reaches(agency_ids).items()
            if days.start <= upto.end and days.end >= upto.start
        }

    def revision(self, agency_id: int) -> str:
        """Return the number of the counts; every import, undo, mended row and issued letter bumps it."""
        return str(buckets.revision(agency_id))


def _channel(channel: Channel) -> Choice:
    return Choice(channel.name.lower(), CHANNEL_NAMES[channel], is_message=True)


def _level(level: OnlineLevel) -> Choice:
    return Choice(level.name.lower(), LEVEL_NAMES[level], is_message=True)


DOSSIERS = _Dossiers()
