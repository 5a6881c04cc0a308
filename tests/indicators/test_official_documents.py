"""Documents issued electronically and handled in time: figures worked out by hand from rows of every kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from camket.core.plan import Period
from camket.indicators import catalogue
from camket.indicators.counting import counted
from camket.registers.operations import enter, withdraw
from people import TODAY, People
from work import NOW

YEAR = Period(date(2026, 1, 1), TODAY)

# number, day, how it was sent, secrecy
ISSUED = (
    ("01/BC-UBND", "12/01/2026", "electronic", ""),
    ("02/BC-UBND", "31/01/2026", "electronic", "none"),
    ("03/BC-UBND", "28/02/2026", "both", ""),
    ("04/BC-UBND", "02/03/2026", "paper", ""),
    ("05/BC-UBND", "02/03/2026", "", ""),  # nobody said how: it counts as issued, not as sent
    ("06/BC-UBND", "15/05/2026", "paper", "secret"),
    ("07/BC-UBND", "16/05/2026", "electronic", "high_secret"),  # secret ones are left out even so
    ("08/BC-UBND", "17/05/2026", "paper", "top_secret"),
    ("09/BC-UBND", "01/07/2026", "electronic", ""),
    ("99/BC-UBND", "31/12/2025", "paper", ""),  # of the year before
    ("", "01/06/2026", "electronic", ""),  # a draft
)

# arrived, last day, done
CAME = (
    ("05/01/2026", "15/01/2026", "15/01/2026"),  # on the last day: in time
    ("05/01/2026", "15/01/2026", "16/01/2026"),  # a day late
    ("05/01/2026", "17/01/2026", "19/01/2026"),  # 17/01 is a Saturday: Monday is in time
    ("05/01/2026", "17/01/2026", "20/01/2026"),  # Tuesday is late
    ("02/06/2026", "30/06/2026", ""),  # not handled: due and not in time
    ("02/06/2026", "10/07/2026", ""),  # not due yet
    ("02/06/2026", "", "03/06/2026"),  # no last day: never due
    ("20/12/2025", "31/12/2025", "31/12/2025"),  # due in the year before
    ("20/12/2025", "05/01/2026", "20/12/2025"),  # due this year, handled in the one before
)


def share(people: People, code: str) -> tuple[Decimal | None, Decimal | None]:
    """Return numerator and denominator of a shipped indicator in the year so far."""
    formula = catalogue.shipped()[code].formula
    assert formula is not None
    found = counted(people.agency.pk, formula, YEAR, today=TODAY)
    assert found is not None
    return found.numerator, found.denominator


@pytest.mark.django_db
class TestOfficialDocuments:
    def test_secret_documents_drafts_and_withdrawn_ones_are_no_part_of_the_electronic_share(
        self, people: People
    ) -> None:
        for number, day, sent, secrecy in ISSUED:
            values = {"number": number, "on": day, "kind": "BC", "title": f"Báo cáo {number}"}
            enter(
                actor=people.an,
                register="outgoing",
                values={**values, "sent": sent, "secrecy": secrecy},
                now=NOW,
            )
        gone = enter(
            actor=people.an,
            register="outgoing",
            values={
                "number": "10/BC-UBND",
                "on": "02/06/2026",
                "kind": "BC",
                "title": "Rút",
                "sent": "paper",
            },
            now=NOW,
        )
        withdraw(actor=people.an, entry_id=gone.pk, reason="Ghi nhầm", now=NOW)
        # 9 of this year bear a number, 3 of them secret: of 6, 01, 02, 03 and 09 went electronically.
        assert share(people, "documents.electronic") == (4, 6)

    def test_documents_count_on_their_last_day_and_are_in_time_up_to_the_next_working_day(
        self, people: People
    ) -> None:
        for number, (on, due, done) in enumerate(CAME):
            enter(
                actor=people.an,
                register="incoming",
                values={
                    "on": on, "source": "UBND tỉnh", "number": f"{number}/UBND", "title": "Một việc",
                    "due_on": due, "done_on": done,
                },
                now=NOW,
            )  # fmt: skip
        # Due this year so far: rows 1 to 5 and the last; in time of these the first, the third and the last.
        assert share(people, "documents.on_time") == (3, 6)
