"""Numbers of outgoing documents: a series for each type and body and year, none twice, none left out."""

from __future__ import annotations

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.paper.sheets import write_csv
from camket.registers.models import Entry
from camket.registers.operations import (
    NumberTaken,
    SigningDayNotPossible,
    StateNotFitting,
    ValuesRefused,
    bring_in,
    change,
    enter,
    give_number,
    withdraw,
)
from camket.registers.queries import NextNumber, next_number, numbers_of_series
from people import People, make_people
from registers.test_entries import counted, recounted

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
NEXT_YEAR = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def drafted(people: People, title: str, kind: str = "QĐ", **said: object) -> Entry:
    """Enter a document that has no number yet, as An."""
    return enter(
        actor=people.an,
        register="outgoing",
        values={"on": TODAY, "kind": kind, "title": title, **said},
        now=NOW,
    )


def numbered(people: People, title: str, kind: str = "QĐ", **said: object) -> str:
    """Enter a document and give it its number."""
    entry = drafted(people, title, kind, **said)
    return give_number(actor=people.an, entry_id=entry.pk, signed_on=TODAY, now=NOW).number


class TestGivingANumber:
    def test_the_next_number_is_said_before_it_is_given(self, people: People) -> None:
        entry = drafted(people, "Một")
        assert next_number(people.an, entry.pk, 2026) == NextNumber("01/QĐ-UBND", is_first=True)
        change(actor=people.an, entry_id=drafted(people, "Hai").pk, values={"number": "12/QĐ-UBND"}, now=NOW)
        said = next_number(people.an, entry.pk, 2026)
        assert said == NextNumber("13/QĐ-UBND", is_first=False)
        given = give_number(actor=people.an, entry_id=entry.pk, signed_on=TODAY, now=NOW)
        assert given.number == said.number
        with pytest.raises(Entry.DoesNotExist):
            next_number(people.chi, entry.pk, 2026)

    def test_each_type_and_body_has_a_series_of_its_own(self, people: People) -> None:
        committee = Unit.objects.create(
            agency=people.agency, name="Ban Chỉ đạo ISO", kind=Unit.Kind.COMMITTEE, series="BCĐ"
        )
        Unit.objects.filter(name="Phòng Kinh tế").update(short_name="KT")
        economy = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế").pk
        assert [
            numbered(people, "Một"),
            numbered(people, "Hai"),
            numbered(people, "Ba", "TB"),
            numbered(people, "Bốn", "letter", unit=economy),
            numbered(people, "Năm", "letter"),
            numbered(people, "Sáu", "TB", unit=committee.pk),
            numbered(people, "Bảy", "TB", source="Ban Chỉ đạo ISO"),
            numbered(people, "Tám"),
        ] == [
            "01/QĐ-UBND",
            "02/QĐ-UBND",
            "01/TB-UBND",
            "01/UBND-KT",
            "02/UBND",
            "01/TB-BCĐ",
            "02/TB-BCĐ",
            "03/QĐ-UBND",
        ]
        assert counted(people, "outgoing") == recounted(people, "outgoing")

    def test_a_withdrawn_number_stays_used_and_a_year_begins_anew(self, people: People) -> None:
        first = drafted(people, "Một")
        give_number(actor=people.an, entry_id=first.pk, signed_on=TODAY, now=NOW)
        withdraw(actor=people.an, entry_id=first.pk, reason="Ký nhầm", now=NOW)
        assert numbered(people, "Hai") == "02/QĐ-UBND"
        third = drafted(people, "Ba")
        given = give_number(actor=people.an, entry_id=third.pk, signed_on=NEXT_YEAR.date(), now=NEXT_YEAR)
        assert (given.number, given.year, given.on) == ("01/QĐ-UBND", 2027, date(2027, 1, 4))

    def test_numbers_of_an_imported_register_count(self, people: People) -> None:
        rows = [
            ["Số, ký hiệu", "Ngày văn bản", "Trích yếu"],
            ["41/QĐ-UBND", "01/06/2026", "Về việc một"],
            ["Số: 42/QĐ-UBND", "02/06/2026", "Về việc hai"],
            ["042/QĐ-UBND", "03/06/2026", "Về việc ba"],
        ]
        batch = bring_in(
            actor=people.an, register="outgoing", data=write_csv(rows[0], rows[1:]), name="di.csv", now=NOW
        )
        assert (batch.added, batch.refused[1]["problems"][0]["cell"]) == (2, "A4")
        assert numbered(people, "Về việc bốn") == "43/QĐ-UBND"

    def test_it_is_given_once_after_signature_and_in_order(self, people: People) -> None:
        entry = drafted(people, "Một")
        with pytest.raises(SigningDayNotPossible):
            give_number(actor=people.an, entry_id=entry.pk, signed_on=date(2026, 7, 2), now=NOW)
        with pytest.raises(NotAllowed):
            give_number(actor=people.binh, entry_id=entry.pk, signed_on=TODAY, now=NOW)
        with pytest.raises(Entry.DoesNotExist):
            give_number(actor=people.chi, entry_id=entry.pk, signed_on=TODAY, now=NOW)
        give_number(actor=people.an, entry_id=entry.pk, signed_on=TODAY, now=NOW)
        with pytest.raises(StateNotFitting):
            give_number(actor=people.an, entry_id=entry.pk, signed_on=TODAY, now=NOW)
        late = drafted(people, "Hai")
        with pytest.raises(SigningDayNotPossible):
            give_number(actor=people.an, entry_id=late.pk, signed_on=date(2026, 6, 30), now=NOW)
        late.refresh_from_db()
        assert (late.number, late.serial) == ("", None)

    def test_a_number_typed_by_hand_is_not_used_twice(self, people: People) -> None:
        numbered(people, "Một")
        with pytest.raises(NumberTaken):
            drafted(people, "Hai", number="1/QĐ-UBND")
        other = drafted(people, "Ba", number="5/QĐ-UBND")
        with pytest.raises(NumberTaken):
            change(actor=people.an, entry_id=other.pk, values={"number": "01/QĐ-UBND"}, now=NOW)
        assert Entry.objects.count() == 2

    def test_a_document_needs_its_abstract(self, people: People) -> None:
        with pytest.raises(ValuesRefused):
            drafted(people, "")
        assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")
def test_numbers_given_at_the_same_moment_follow_each_other_without_gap_or_double() -> None:
    people = make_people()
    ids = [drafted(people, f"Về việc {number}").pk for number in range(12)]
    failed: list[BaseException] = []
    start = threading.Barrier(4)

    def give(mine: list[int]) -> None:
        try:
            start.wait(10)
            for pk in mine:
                give_number(actor=people.an, entry_id=pk, signed_on=TODAY, now=NOW)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give, args=(ids[place::4],)) for place in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert connection.vendor == "postgresql"
    assert sorted(Entry.objects.values_list("serial", flat=True)) == list(range(1, 13))
    assert counted(people, "outgoing") == recounted(people, "outgoing")


class TestWhoHasWhichNumber:
    def test_numbers_stand_with_their_documents_the_latest_first_and_gaps_between(
        self, people: People
    ) -> None:
        numbered(people, "Một", signer="Lê Minh Châu")
        change(actor=people.an, entry_id=drafted(people, "Bốn").pk, values={"number": "4/QĐ-UBND"}, now=NOW)
        last = Entry.objects.get(number=numbered(people, "Năm"))
        withdraw(actor=people.chau, entry_id=last.pk, reason="Ban hành nhầm", now=NOW)
        numbered(people, "Báo cáo", "BC")
        found = numbers_of_series(people.an, series="QĐ-UBND", year=2026)
        assert found is not None
        assert [(each.number, each.title, each.skipped) for each in found.rows] == [
            ("05/QĐ-UBND", "Năm", None),
            ("4/QĐ-UBND", "Bốn", (2, 3)),
            ("01/QĐ-UBND", "Một", None),
        ]
        assert (found.rows[0].is_withdrawn, found.rows[0].withdrawal) == (True, "Ban hành nhầm")
        assert found.rows[2].signer == "Lê Minh Châu"
        assert {each.by for each in found.rows} == {people.an.name}
        assert found.following is None

    def test_pages_go_on_below_the_last_number_and_gaps_are_not_told_twice(self, people: People) -> None:
        for title in ("Một", "Hai"):
            numbered(people, title)
        change(actor=people.an, entry_id=drafted(people, "Năm").pk, values={"number": "5/QĐ-UBND"}, now=NOW)
        first = numbers_of_series(people.an, series="QĐ-UBND", year=2026, size=1)
        assert first is not None
        assert ([each.skipped for each in first.rows], first.following) == ([(3, 4)], 5)
        second = numbers_of_series(people.an, series="QĐ-UBND", year=2026, below=first.following, size=2)
        assert second is not None
        assert ([each.number for each in second.rows], second.following) == (
            ["02/QĐ-UBND", "01/QĐ-UBND"],
            None,
        )

    def test_another_agencys_series_and_unknown_ones_are_none(self, people: People) -> None:
        numbered(people, "Một")
        assert numbers_of_series(people.chi, series="QĐ-UBND", year=2026) is None
        assert numbers_of_series(people.an, series="QĐ-UBND", year=2025) is None
        assert numbers_of_series(people.an, series="=1+1", year=2026) is None
