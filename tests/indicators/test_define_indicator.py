from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from camket.core.formulas import Formula, Term
from camket.indicators import catalogue
from camket.indicators.definitions import (
    DefinitionNotPossible,
    DefinitionReplaced,
    NewDefinition,
    define_indicator,
    end_definition,
    on_offer,
    uses,
    versions,
)
from camket.indicators.models import Definition, Indicator
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from people import People

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
LATE_LAND = NewDefinition(
    name="Tỷ lệ hồ sơ đất đai quá hạn",
    formula=Formula("dossiers", (Term("late"),), (Term("finished"),), {"field": ("dat dai",)}, 100),
    valid_from=date(2026, 7, 1),
    unit="%",
    direction="lower",
)


def test_a_secretary_defines_an_indicator_that_is_then_on_offer(people: People) -> None:
    kept = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    assert kept.code == "own.ty_le_ho_so_dat_dai_qua_han"
    entry = catalogue.entries(people.agency.pk, date(2026, 7, 1))[kept.code]
    assert (entry.formula, entry.direction, entry.is_own) == (LATE_LAND.formula, "lower", True)
    assert kept.code not in catalogue.entries(people.agency.pk, date(2026, 6, 30))
    assert kept.code not in catalogue.entries(people.other_agency.pk)
    assert Entry.objects.get(agency=people.agency).verb == "definition.created"


def test_two_of_one_name_have_codes_of_their_own(people: People) -> None:
    first = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    second = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    assert second.code == f"{first.code}_2"


def test_a_new_version_ends_the_old_one_the_day_before(people: People) -> None:
    old = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    newer = replace(LATE_LAND, name="Tỷ lệ hồ sơ đất đai trễ hẹn", valid_from=date(2027, 1, 1))
    kept = define_indicator(actor=people.an, definition=newer, now=NOW, replaces_id=old.pk)
    old.refresh_from_db()
    assert (old.valid_to, old.replaced_by) == (date(2026, 12, 31), kept)
    assert kept.code == old.code
    assert catalogue.entry(people.agency.pk, old.code, date(2026, 12, 31)).name == LATE_LAND.name
    assert catalogue.entry(people.agency.pk, old.code, date(2027, 1, 1)).name == newer.name
    assert [version.is_newest for version in versions(people.an, old.code)] == [True, False]


def test_an_older_version_is_not_replaced_again(people: People) -> None:
    old = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    newer = replace(LATE_LAND, valid_from=date(2027, 1, 1))
    define_indicator(actor=people.an, definition=newer, now=NOW, replaces_id=old.pk)
    with pytest.raises(DefinitionReplaced):
        define_indicator(actor=people.an, definition=newer, now=NOW, replaces_id=old.pk)
    with pytest.raises(DefinitionReplaced):
        end_definition(actor=people.an, definition_id=old.pk, last_day=date(2027, 2, 1), now=NOW)
    assert Definition.objects.count() == 2


def test_a_new_version_begins_after_the_old_one(people: People) -> None:
    old = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    with pytest.raises(DefinitionNotPossible):
        define_indicator(actor=people.an, definition=LATE_LAND, now=NOW, replaces_id=old.pk)
    assert Definition.objects.count() == 1


def test_an_indicator_that_ended_is_offered_no_more(people: People) -> None:
    kept = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    end_definition(actor=people.an, definition_id=kept.pk, last_day=date(2026, 7, 31), now=NOW)
    assert kept.code in catalogue.entries(people.agency.pk, date(2026, 7, 31))
    assert kept.code not in catalogue.entries(people.agency.pk, date(2026, 8, 1))
    with pytest.raises(DefinitionReplaced):
        end_definition(actor=people.an, definition_id=kept.pk, last_day=date(2026, 8, 31), now=NOW)


def test_an_indicator_does_not_end_before_it_begins(people: People) -> None:
    kept = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    with pytest.raises(DefinitionNotPossible):
        end_definition(actor=people.an, definition_id=kept.pk, last_day=date(2026, 6, 30), now=NOW)
    kept.refresh_from_db()
    assert kept.valid_to is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"formula": Formula("weather", (Term("rain"),))},
        {"formula": Formula("dossiers", (Term("smiles"),))},
        {"formula": Formula("dossiers", (Term("late"),), filters={"colour": ("red",)})},
        {"formula": Formula("dossiers", (Term("late"),), (Term("late"),), scale=100)},
        {"direction": "sideways"},
        {"decimals": 9},
        {"unit": "x" * 101},
    ],
)
def test_what_counts_nothing_or_lacks_its_name_is_refused(people: People, wrong: dict[str, object]) -> None:
    with pytest.raises(DefinitionNotPossible):
        define_indicator(actor=people.an, definition=replace(LATE_LAND, **wrong), now=NOW)  # type: ignore[arg-type]
    assert not Definition.objects.exists()
    assert not Entry.objects.exists()


def test_only_the_secretary_defines(people: People) -> None:
    for actor in (people.binh, people.chau, people.dung):
        with pytest.raises(NotAllowed):
            define_indicator(actor=actor, definition=LATE_LAND, now=NOW)
    assert not Definition.objects.exists()


def test_another_agencys_indicator_is_not_found(people: People) -> None:
    kept = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    newer = replace(LATE_LAND, valid_from=date(2027, 1, 1))
    with pytest.raises(Definition.DoesNotExist):
        define_indicator(actor=people.chi, definition=newer, now=NOW, replaces_id=kept.pk)
    with pytest.raises(Definition.DoesNotExist):
        end_definition(actor=people.chi, definition_id=kept.pk, last_day=date(2027, 1, 1), now=NOW)
    with pytest.raises(Definition.DoesNotExist):
        versions(people.chi, kept.code)
    kept.refresh_from_db()
    assert (kept.valid_to, kept.replaced_by) == (None, None)


def test_where_it_is_used_says_whether_by_this_version(people: People) -> None:
    kept = define_indicator(actor=people.an, definition=LATE_LAND, now=NOW)
    same = Indicator.objects.create(
        agency=people.agency, name="A", measure="ratio", definition_code=kept.code, formula=kept.formula
    )
    other = Indicator.objects.create(
        agency=people.agency, name="B", measure="ratio", definition_code=kept.code, formula={"source": "x"}
    )
    assert [(use.name, use.is_same) for use in uses(people.an, kept.code, LATE_LAND.formula)] == [
        ("B", False),
        ("A", True),
    ]
    assert on_offer(people.an).uses == {kept.code: (same.pk, other.pk)}
    assert on_offer(people.chi).uses == {}
