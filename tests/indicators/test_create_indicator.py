from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from camket.core.plan import Grade, Target, TargetKind
from camket.indicators import operations
from camket.indicators.models import Indicator
from camket.journal.models import Entry
from camket.org.policy import Actor, NotAllowed
from indicators.measured import make_indicator, make_reading
from people import TODAY, People
from work import NOW


def test_indicator_is_defined_and_journaled(people: People) -> None:
    unit = people.agency.units.get(order=1)
    indicator = make_indicator(people, owner_id=unit.pk, numerator_label="Số hồ sơ đúng hạn")
    assert (indicator.agency_id, indicator.measure, indicator.unit) == (people.agency.pk, "ratio", "%")
    assert (indicator.adds_up, indicator.owner_id) == (True, unit.pk)
    entry = Entry.objects.get(verb="indicator.created")
    assert (entry.subject_id, entry.on) == (indicator.pk, TODAY)


def define(people: People, actor: Actor, *wanted: operations.MeasuredTarget) -> list[Indicator]:
    return operations.create_indicators_for(actor=actor, wanted=wanted, origin=people.agency, today=TODAY)


@pytest.mark.parametrize(
    ("target", "measure", "unit", "adds"),
    [
        (Target("95% hồ sơ", TargetKind.AT_LEAST, Decimal(95), unit="%"), "ratio", "%", True),
        (Target("95% người dân", TargetKind.AT_LEAST, Decimal(95), unit="%"), "ratio", "%", False),
        (Target("02 km đường", TargetKind.AT_LEAST, Decimal(2), unit="km"), "value", "km", True),
        (Target("loại tốt", TargetKind.GRADE_AT_LEAST, Grade.GOOD, unit="grade"), "grade", "", False),
        (Target("top 3", TargetKind.RANK_WITHIN, Decimal(3), unit="rank"), "rank", "", False),
        (Target("đạt chuẩn", TargetKind.ACHIEVED), "state", "", False),
        (
            Target("13/13", TargetKind.COUNT_OF, Decimal(13), Decimal(13), "chỉ tiêu"),
            "ratio",
            "chỉ tiêu",
            False,
        ),
    ],
)
def test_target_tells_what_its_indicator_measures(
    people: People, target: Target, measure: str, unit: str, adds: bool
) -> None:
    (indicator,) = define(people, people.an, operations.MeasuredTarget(target, "Sổ theo dõi"))
    assert (indicator.name, indicator.measure, indicator.unit) == (target.text, measure, unit)
    assert (indicator.adds_up, indicator.method) == (adds, "Sổ theo dõi")


def test_many_indicators_are_one_entry_in_the_journal(
    people: People, django_assert_max_num_queries: Any
) -> None:
    unit = people.agency.units.get(order=1)
    wanted = [
        operations.MeasuredTarget(
            Target(f"{number} km đường", TargetKind.AT_LEAST, Decimal(number), unit="km"), owner_id=unit.pk
        )
        for number in range(1, 31)
    ]
    with django_assert_max_num_queries(14):
        made = define(people, people.an, *wanted)
    assert [indicator.name for indicator in made] == [each.target.text for each in wanted]
    assert {indicator.owner_id for indicator in Indicator.objects.all()} == {unit.pk}
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_type, entry.subject_id) == (
        "indicator.defined",
        "org.agency",
        people.agency.pk,
    )
    assert [each["name"] for each in entry.after["indicators"]] == [each.target.text for each in wanted]
    assert define(people, people.an) == []
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"text": " "}, operations.NameMissing),
        ({"unit": "x" * 101}, operations.TextTooLong),
        ({"owner_id": 0}, operations.OwnerUnknown),
    ],
)
def test_one_impossible_indicator_refuses_them_all(
    people: People, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    good = Target("02 km đường", TargetKind.AT_LEAST, Decimal(2), unit="km")
    owner_id = fields.pop("owner_id", None)
    bad = operations.MeasuredTarget(replace(good, **fields), owner_id=owner_id)
    with pytest.raises(refusal):
        define(people, people.an, operations.MeasuredTarget(good), bad)
    with pytest.raises(NotAllowed):
        define(people, people.binh, operations.MeasuredTarget(good))
    assert not Indicator.objects.exists()
    assert not Entry.objects.exists()


def test_nameless_indicator_is_refused(people: People) -> None:
    with pytest.raises(operations.NameMissing):
        operations.create_indicator(
            actor=people.an, name="  ", measure="value", unit="", method="", today=TODAY
        )
    assert not Indicator.objects.exists()


def test_unit_of_another_agency_is_no_owner(people: People) -> None:
    with pytest.raises(operations.OwnerUnknown):
        make_indicator(people, owner_id=people.other_agency.units.get(order=0).pk)
    assert not Indicator.objects.exists()


def test_overlong_unit_is_refused(people: People) -> None:
    with pytest.raises(operations.TextTooLong):
        make_indicator(people, unit="x" * 101)


def test_officer_may_not_define(people: People) -> None:
    with pytest.raises(NotAllowed):
        operations.create_indicator(
            actor=people.binh, name="Tên", measure="value", unit="", method="", today=TODAY
        )
    assert not Indicator.objects.exists()


def test_change_is_journaled_with_what_changed(people: People) -> None:
    indicator = make_indicator(people)
    operations.change_indicator(
        actor=people.an,
        indicator_id=indicator.pk,
        today=TODAY,
        name="Tên mới",
        method="Cách khác",
        adds_up=False,
    )
    indicator.refresh_from_db()
    assert (indicator.name, indicator.method, indicator.adds_up) == ("Tên mới", "Cách khác", False)
    entry = Entry.objects.get(verb="indicator.changed")
    assert set(entry.after or {}) == {"name", "method", "adds_up"}


def test_unchanged_indicator_leaves_no_entry(people: People) -> None:
    indicator = make_indicator(people)
    operations.change_indicator(actor=people.an, indicator_id=indicator.pk, today=TODAY, name=indicator.name)
    assert not Entry.objects.filter(verb="indicator.changed").exists()


def test_kind_of_figure_is_fixed_once_there_are_readings(people: People) -> None:
    indicator = make_indicator(people)
    reading = make_reading(people, indicator, confirmed=False)
    with pytest.raises(operations.FigureNotPossible):
        operations.change_indicator(actor=people.an, indicator_id=indicator.pk, today=TODAY, measure="grade")
    operations.withdraw_reading(actor=people.an, reading_id=reading.pk, reason="Sai chỉ số", now=NOW)
    operations.change_indicator(actor=people.an, indicator_id=indicator.pk, today=TODAY, measure="grade")
    indicator.refresh_from_db()
    assert (indicator.measure, indicator.adds_up) == ("grade", False)


@pytest.mark.parametrize("field", ["unit", "numerator_label", "denominator_label"])
def test_labels_are_changed(people: People, field: str) -> None:
    indicator = make_indicator(people)
    operations.change_indicator(
        actor=people.an,
        indicator_id=indicator.pk,
        today=TODAY,
        **{field: "  hồ   sơ "},  # type: ignore[arg-type]
    )
    indicator.refresh_from_db()
    assert getattr(indicator, field) == "hồ sơ"


def test_name_may_not_become_empty(people: People) -> None:
    indicator = make_indicator(people)
    with pytest.raises(operations.NameMissing):
        operations.change_indicator(actor=people.an, indicator_id=indicator.pk, today=TODAY, name=" ")


def test_stranger_finds_no_indicator(people: People) -> None:
    indicator = make_indicator(people)
    with pytest.raises(Indicator.DoesNotExist):
        operations.change_indicator(actor=people.chi, indicator_id=indicator.pk, today=TODAY, name="Khác")
    indicator.refresh_from_db()
    assert indicator.name == "Tỷ lệ hồ sơ đúng hạn"
