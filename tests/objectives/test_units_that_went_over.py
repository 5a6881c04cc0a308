"""What goes over to the unit that takes over from another, from the day of the decision on: procedures, dossiers, voices."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from camket.actions.models import Task
from camket.actions.operations import NewTask, add_task
from camket.dossiers.importing.operations import undo_batch
from camket.dossiers.models import Bucket, Dossier, DossierChange, ProcedureEdition
from camket.dossiers.operations import catalogue
from camket.dossiers.tally import facts_of
from camket.journal.models import Entry
from camket.objectives import operations
from camket.org.models import Membership, Unit, UnitSuccession
from camket.org.operations import UnitFormer, reactivate_unit
from camket.org.queries import unit_choices
from camket.voices.models import Feedback, FeedbackStep, Point
from camket.voices.operations import feedback
from dossiers.importing.rows import applied, row
from people import TODAY, People
from procedures import FIVE_DAYS, make_procedure
from seeded import make_late_dossier
from tallies import counted_plainly, kept
from voices.answering import make_point, make_survey
from work import NOW, unit_of

pytestmark = pytest.mark.django_db
DECISION = operations.UnitDecision("12/QĐ-UBND", date(2026, 6, 25), "Sắp xếp tổ chức bộ máy")
MIDDLE = date(2026, 6, 15)


def merge(people: People, on: date | None = None) -> tuple[Unit, Unit]:
    old, new = unit_of(people, 1), unit_of(people, 2)
    operations.merge_unit(actor=people.an, unit_id=old.pk, into_id=new.pk, decision=DECISION, on=on, now=NOW)
    return old, new


def units(*dossiers: Dossier) -> list[int | None]:
    return [Dossier.objects.get(pk=each.pk).unit_id for each in dossiers]


def test_a_procedure_is_of_the_successor_from_that_day_on(people: People) -> None:
    procedure = make_procedure(people.agency)
    procedure.editions.update(unit=unit_of(people, 1))
    old, new = merge(people, MIDDLE)
    held = list(ProcedureEdition.objects.filter(procedure=procedure).order_by("valid_from"))
    assert [(each.unit_id, each.valid_from, each.valid_to) for each in held] == [
        (old.pk, date(2026, 1, 1), date(2026, 6, 14)),
        (new.pk, MIDDLE, None),
    ]
    procedure.refresh_from_db()
    assert procedure.edition_id == held[1].pk
    assert (held[1].name, held[1].limit_amount) == (held[0].name, held[0].limit_amount)
    assert UnitSuccession.objects.get().moved["procedures"] == 1


def test_dossiers_not_finished_before_that_day_go_over_with_their_counts(people: People) -> None:
    procedure, unit = make_procedure(people.agency), unit_of(people, 1)
    waiting = make_late_dossier(people.agency, procedure, "H00.1-1", unit=unit)
    since = make_late_dossier(
        people.agency, procedure, "H00.1-2", unit=unit, finished_at=datetime(2026, 6, 16, 9)
    )
    before = make_late_dossier(
        people.agency, procedure, "H00.1-3", unit=unit, finished_at=datetime(2026, 6, 12, 9)
    )
    old, new = merge(people, MIDDLE)
    assert units(waiting, since, before) == [new.pk, new.pk, old.pk]
    assert kept(people.agency.pk) == counted_plainly(facts_of(each) for each in Dossier.objects.all())
    assert set(Bucket.objects.values_list("unit_key", flat=True)) >= {old.pk, new.pk}
    change = DossierChange.objects.get(dossier=waiting)
    assert (change.before, change.after, change.by_id) == (
        {"unit_id": old.pk},
        {"unit_id": new.pk},
        people.an.person_id,
    )
    assert UnitSuccession.objects.get().moved["dossiers"] == 2


def test_an_export_with_the_old_name_is_read_as_of_the_successor(people: People) -> None:
    procedure = make_procedure(people.agency)
    old, new = merge(people, MIDDLE)
    said = {"unit_name": old.name}
    applied(
        people.agency,
        [
            row("H00.1-1", **said),
            row("H00.1-2", **said, finished_at=datetime(2026, 6, 10, 9)),
            row("H00.1-3", **said, finished_at=datetime(2026, 6, 20, 9)),
        ],
    )
    found = dict(Dossier.objects.filter(procedure=procedure).values_list("code", "unit_id"))
    assert found == {"H00.1-1": new.pk, "H00.1-2": old.pk, "H00.1-3": new.pk}


def test_of_a_unit_that_was_split_an_export_is_read_by_who_has_the_procedure(people: People) -> None:
    old, rest = unit_of(people, 1), unit_of(people, 2)
    other = Unit.objects.create(agency=people.agency, name="Phòng Xây dựng", order=9)
    building = make_procedure(people.agency, "Cấp phép xây dựng", "1.009994", field="Xây dựng")
    make_procedure(people.agency)
    operations.split_unit(
        actor=people.an,
        unit_id=old.pk,
        people={people.binh.person_id: other.pk},
        rest_id=rest.pk,
        decision=DECISION,
        now=NOW,
    )
    building.editions.update(unit=other)
    applied(
        people.agency,
        [
            row("H00.1-1", unit_name=old.name),
            row("H00.1-2", unit_name=old.name, procedure_code="1.009994", procedure_name="Cấp phép xây dựng"),
        ],
    )
    found = dict(Dossier.objects.values_list("code", "unit_id"))
    assert found == {"H00.1-1": rest.pk, "H00.1-2": other.pk}


def test_what_an_undone_import_gives_back_to_a_former_unit_goes_over_too(people: People) -> None:
    make_procedure(people.agency)
    old, third = unit_of(people, 1), unit_of(people, 0)
    applied(people.agency, [row("H00.1-1", unit_name=old.name)], date(2026, 6, 29))
    batch, _written = applied(people.agency, [row("H00.1-1", unit_name=third.name)], date(2026, 6, 30))
    assert Dossier.objects.get().unit_id == third.pk
    _old, new = merge(people)
    assert Dossier.objects.get().unit_id == third.pk
    undo_batch(actor=people.an, batch_id=batch.pk, now=NOW, clock=lambda: NOW)
    assert Dossier.objects.get().unit_id == new.pk
    assert kept(people.agency.pk) == counted_plainly(facts_of(each) for each in Dossier.objects.all())


def received(people: People, code: str, state: str, **more: object) -> Feedback:
    return Feedback.objects.create(
        agency=people.agency, code=code, way="paper", state=state, received_at=NOW, subject="Đèn đường", text="Đèn hỏng",
        pass_on_by=TODAY, due_on=TODAY, limit_days=10, unit=unit_of(people, 1), **more,
    )  # fmt: skip


def test_feedback_that_is_not_settled_goes_over_and_says_so(people: People) -> None:
    handled = received(people, "P1", "assigned", officer_id=people.binh.person_id)
    drafted, answered = received(people, "P2", "drafted"), received(people, "P3", "answered", settled_at=NOW)
    old, new = merge(people)
    now_of = {each.code: each.unit_id for each in Feedback.objects.all()}
    assert now_of == {"P1": new.pk, "P2": new.pk, "P3": old.pk}
    step = FeedbackStep.objects.get(feedback=handled)
    assert (step.kind, step.text, step.is_public) == ("handed_on", f"{old.name} → {new.name}", False)
    assert Entry.objects.filter(verb="feedback.handed_on", subject_id=drafted.pk).count() == 1
    assert UnitSuccession.objects.get().moved["feedback"] == 2
    feedback.reopen(actor=people.an, feedback_id=answered.pk, reason="Đèn lại hỏng", now=NOW)
    answered.refresh_from_db()
    assert (answered.state, answered.unit_id) == ("assigned", new.pk)


def test_places_of_surveys_go_over_and_answers_stay(people: People) -> None:
    survey = make_survey(people.agency)
    make_point(survey, unit=unit_of(people, 1))
    _old, new = merge(people)
    points = list(Point.objects.filter(survey=survey).values_list("unit_id", flat=True))
    assert points
    assert set(points) == {new.pk}
    assert UnitSuccession.objects.get().moved["survey_points"] == len(points)


def test_posts_are_of_the_successor_from_that_day_on(people: People) -> None:
    old, new = merge(people, MIDDLE)
    rows = Membership.objects.filter(person_id=people.dung.person_id).order_by("pk")
    assert [(each.unit_id, each.valid_from, each.valid_to) for each in rows] == [
        (old.pk, None, date(2026, 6, 14)),
        (new.pk, MIDDLE, None),
    ]
    assert UnitSuccession.objects.get().on == MIDDLE


@pytest.mark.parametrize("on", [date(2025, 6, 1), date(2026, 7, 2)])
def test_the_day_lies_within_a_year_and_not_before_another_succession(people: People, on: date) -> None:
    with pytest.raises(operations.DayOfSuccessionNotPossible):
        merge(people, on)
    assert not UnitSuccession.objects.exists()
    into = unit_of(people, 2)
    new = operations.rename_unit_by_decision(
        actor=people.an, unit_id=unit_of(people, 1).pk, name="Phòng mới", short_name="", decision=DECISION,
        on=MIDDLE, now=NOW,
    )  # fmt: skip
    for day in (date(2026, 6, 1), MIDDLE):
        with pytest.raises(operations.DayOfSuccessionNotPossible):
            operations.merge_unit(
                actor=people.an, unit_id=new.pk, into_id=into.pk, decision=DECISION, on=day, now=NOW
            )


def test_a_former_unit_gets_no_new_work_and_does_not_come_back(people: People) -> None:
    procedure = make_procedure(people.agency)
    waiting = received(people, "P1", "new", is_classified=True)
    old, new = merge(people)
    assert old.pk not in dict(unit_choices(people.an))
    with pytest.raises(UnitFormer):
        reactivate_unit(actor=people.an, unit_id=old.pk, today=TODAY)
    Feedback.objects.filter(pk=waiting.pk).update(unit=new)
    edition = procedure.edition
    assert edition is not None
    tries = [
        lambda: add_task(
            actor=people.an, task=NewTask(text="Việc mới", due_on=TODAY, unit_id=old.pk), now=NOW
        ),
        lambda: feedback.assign(
            actor=people.an, feedback_id=waiting.pk, unit_id=old.pk, officer_id=None, note="", now=NOW
        ),
        lambda: catalogue.set_edition(
            actor=people.an,
            procedure_id=procedure.pk,
            edition=catalogue.NewEdition(
                name=edition.name,
                field=edition.field.name,
                limit=FIVE_DAYS,
                valid_from=TODAY,
                unit_id=old.pk,
            ),
            today=TODAY,
            now=NOW,
        ),
    ]
    before = (Task.objects.count(), ProcedureEdition.objects.count(), Entry.objects.count())
    for each in tries:
        with pytest.raises(UnitFormer):
            each()
    assert (Task.objects.count(), ProcedureEdition.objects.count(), Entry.objects.count()) == before
    assert Feedback.objects.get(pk=waiting.pk).unit_id == new.pk
