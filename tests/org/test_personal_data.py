"""Personal data: the register, requests, periods of keeping, and taking data out without losing counts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models

from camket.actions.models import Task
from camket.journal import queries as journal
from camket.journal.models import Entry, Seal
from camket.journal.queries import JournalFilter
from camket.org import operations, personal, queries
from camket.org.models import (
    Erasure,
    Membership,
    Person,
    PersonalDataKind,
    Role,
    SubjectRequest,
)
from camket.org.operations.personal_data import ReasonForErasureMissing
from camket.org.policy import Actor, NotAllowed, Scope
from camket.voices.models import Feedback, FeedbackStep
from people import TODAY, People, actor_of, make_person

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LEFT = date(2024, 3, 31)


@pytest.fixture
def giang(people: People) -> Actor:
    """The officer in charge of personal data."""
    return actor_of(make_person(people.agency, "Đỗ Thu Giang", "giang", Role.PRIVACY), people.agency)


def leave(people: People) -> None:
    """Bình left two years ago and more."""
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=LEFT)


# The register


PERSONAL_LOOKING = re.compile(
    r"(^|_)(name|full_name|email|login|phone|address|ip|user_agent|device|uid)$|signed_by|^by_|password$"
)
NOT_PERSONAL = {
    "org.agency.name", "org.agency.full_name", "org.agency.superior_name", "org.formername.name",
    "org.formername.full_name", "org.level.name", "org.level.english_name", "org.unit.name", "org.unit.short_name",
    "org.plannedsuccession.name", "org.plannedsuccession.short_name",
    "org.calendarday.name", "indicators.indicator.name", "jobs.job.name", "auth.permission.name", "auth.group.name",
    "auth.permission.codename", "socialaccount.socialapp.name", "documents.storedfile.storage_name",
    "contenttypes.contenttype.name", "indicators.definition.name", "dossiers.field.name",
    "dossiers.procedureedition.name", "dossiers.posting.address", "dossiers.software.name",
    "publishing.publicpage.address", "publishing.publicpage.phone", "publishing.publicpage.email",
    "publishing.place.name", "publishing.notice.address", "voices.slipbatch.name", "voices.point.name",
    "registers.listitem.name", "registers.batch.name", "documents.legaltext.address", "improvement.selfwording.name",
    "intake.publictry.address",  # a hash, keyed by the installation and the day
}  # fmt: skip
"""Names of things and bodies."""


def columns() -> set[str]:
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }


def test_every_column_of_the_register_exists() -> None:
    held = {each for kind in personal.proposed() for each in kind.held_in}
    assert sorted(held - columns()) == []


def test_every_column_that_holds_a_person_is_in_the_register() -> None:
    held = {each for kind in personal.proposed() for each in kind.held_in}
    looking = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in {"contenttypes", "admin"}:
            continue
        for field in model._meta.concrete_fields:
            names_a_person = field.is_relation and field.related_model is Person
            is_text = isinstance(field, (models.CharField, models.TextField, models.GenericIPAddressField))
            if names_a_person or (is_text and PERSONAL_LOOKING.search(field.name)):
                looking.add(f"{model._meta.label_lower}.{field.name}")
    assert sorted(looking - held - NOT_PERSONAL) == []


WORDS_WITHOUT_A_NAME = {
    "voices.feedback.public_text", "voices.feedback.public_answer",  # read again for personal data before they are public
}  # fmt: skip


def test_whatever_free_words_feedback_holds_are_sorted_as_personal_data_or_not() -> None:
    held = {each for kind in personal.proposed() for each in kind.held_in}
    words = {
        f"{model._meta.label_lower}.{field.name}"
        for model in (Feedback, FeedbackStep)
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField)
    }
    assert "voices.feedback.outcome_reason" in held
    assert sorted(words - held - WORDS_WITHOUT_A_NAME) == []


def test_the_register_is_the_proposal_until_the_officer_changes_it(people: People, giang: Actor) -> None:
    before = queries.personal_data_kind(people.chau, "identity", TODAY)
    assert (before.retention_months, before.is_own) == (24, False)
    operations.change_personal_data_kind(
        actor=giang, code="identity", purpose="Giao việc", legal_basis="Luật 91/2025/QH15", retention_months=12,
        retention_after="left", then="anonymise", is_masked=True, today=TODAY,
    )  # fmt: skip
    after = queries.personal_data_kind(people.chau, "identity", TODAY)
    assert (after.retention_months, after.valid_from, after.is_own) == (12, TODAY, True)
    assert queries.personal_data_kind(people.chau, "identity", date(2026, 6, 30)) == before
    entry = Entry.objects.get(verb="personal_data.kind_changed")
    assert (entry.before or {})["retention_months"] == 24
    with pytest.raises(NotAllowed):
        queries.personal_data_register(people.binh, TODAY)
    assert not queries.personal_data_kind(people.chi, "identity", TODAY).is_own


@pytest.mark.parametrize(("after", "months"), [("never", 12), ("left", None)])
def test_a_period_needs_its_months(people: People, giang: Actor, after: str, months: int | None) -> None:
    with pytest.raises(operations.PeriodMissing):
        operations.change_personal_data_kind(
            actor=giang, code="identity", purpose="x", legal_basis="y", retention_months=months,
            retention_after=after, then="keep", is_masked=True, today=TODAY,
        )  # fmt: skip
    assert not PersonalDataKind.objects.exists()


def test_the_register_is_changed_by_its_officer_alone(people: People) -> None:
    for actor in (people.an, people.chau, people.binh):
        with pytest.raises(NotAllowed):
            operations.change_personal_data_kind(
                actor=actor, code="identity", purpose="x", legal_basis="y", retention_months=1,
                retention_after="left", then="keep", is_masked=True, today=TODAY,
            )  # fmt: skip


# Requests


def ask(giang: Actor, people: People, **changed: object) -> SubjectRequest:
    values: dict[str, object] = {
        "person_id": people.binh.person_id, "kind": "see", "text": "Xin bản sao", "received_on": TODAY,
        "due_on": date(2026, 7, 4), "today": TODAY,
    }  # fmt: skip
    return operations.record_subject_request(actor=giang, **{**values, **changed})  # type: ignore[arg-type]


def test_a_request_is_recorded_and_answered_once(people: People, giang: Actor) -> None:
    asked = ask(giang, people)
    (row,) = queries.subject_requests(people.chau, date(2026, 7, 5))
    assert (row.person_name, row.is_late, row.answered_on) == ("Trần Văn Bình", True, None)
    operations.answer_subject_request(
        actor=giang, request_id=asked.pk, outcome="granted", answer="Đã giao bản sao", today=TODAY
    )
    with pytest.raises(operations.AlreadyAnswered):
        operations.answer_subject_request(
            actor=giang, request_id=asked.pk, outcome="refused", answer="Khác", today=TODAY
        )
    (own,) = queries.own_subject_requests(people.binh, TODAY)
    assert (own.answer, own.is_late) == ("Đã giao bản sao", False)
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["personal_data.request_recorded", "personal_data.request_answered"]


def test_the_day_to_answer_is_proposed_as_data() -> None:
    assert personal.answer_by("see", date(2026, 7, 1)) == date(2026, 7, 4)


@pytest.mark.parametrize(
    "changed", [{"due_on": date(2026, 6, 1)}, {"received_on": date(2026, 7, 2), "due_on": date(2026, 7, 9)}]
)
def test_days_out_of_order_are_refused(people: People, giang: Actor, changed: dict[str, object]) -> None:
    with pytest.raises(operations.DateOutOfOrder):
        ask(giang, people, **changed)
    assert not SubjectRequest.objects.exists()


def test_an_answer_says_something(people: People, giang: Actor) -> None:
    asked = ask(giang, people)
    with pytest.raises(operations.AnswerMissing):
        operations.answer_subject_request(
            actor=giang, request_id=asked.pk, outcome="granted", answer=" ", today=TODAY
        )


def test_requests_of_another_agency_are_not_there(people: People, giang: Actor) -> None:
    asked = ask(giang, people)
    stranger = replace(people.chi, roles=frozenset({Role.PRIVACY}))
    with pytest.raises(SubjectRequest.DoesNotExist):
        operations.answer_subject_request(
            actor=stranger, request_id=asked.pk, outcome="granted", answer="x", today=TODAY
        )
    with pytest.raises(Person.DoesNotExist):
        ask(stranger, people)
    assert queries.subject_requests(stranger, TODAY) == []


# Periods of keeping


@pytest.mark.parametrize(
    ("left", "expired"),
    [(date(2024, 6, 29), True), (date(2024, 7, 1), False), (date(2024, 2, 29), True), (None, False)],
)
def test_who_left_long_ago_is_listed_and_nothing_done(
    people: People, left: date | None, expired: bool
) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=left)
    rows = queries.expired_people(people.agency.pk, TODAY)
    assert [row.full_name for row in rows] == (["Trần Văn Bình"] if expired else [])
    assert Person.objects.get(pk=people.binh.person_id).full_name == "Trần Văn Bình"


def test_the_period_ends_on_a_day_that_the_calendar_has(people: People) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2024, 2, 29))
    (row,) = queries.expired_people(people.agency.pk, TODAY)
    assert row.expired_on == date(2026, 2, 28)


def test_who_works_elsewhere_now_is_not_listed(people: People) -> None:
    leave(people)
    Membership.objects.create(agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER)
    assert queries.expired_people(people.agency.pk, TODAY) == []


# Taking data out


def proposed(giang: Actor, people: People) -> Erasure:
    leave(people)
    return operations.propose_erasure(
        actor=giang, person_id=people.binh.person_id, reason="Hết thời hạn lưu", now=NOW
    )


def test_a_person_is_anonymised_by_two_and_counts_stay(people: People, giang: Actor) -> None:
    operations.change_person(
        actor=people.an,
        person_id=people.binh.person_id,
        full_name="Trần Văn Bình",
        email="binh@xa.gov.vn",
        today=TODAY,
    )
    operations.end_post(
        actor=people.an,
        post_id=Membership.objects.get(person_id=people.binh.person_id).pk,
        ended_on=LEFT,
        today=TODAY,
    )
    entries, tasks = Entry.objects.count(), Task.objects.count()
    proposal = proposed(giang, people)
    person = operations.anonymise_person(
        actor=people.chau, erasure_id=proposal.pk, typed_login="Binh ", now=NOW
    )
    assert (person.full_name, person.login) == (f"Người đã xóa dữ liệu #{person.pk}", f"da-xoa-{person.pk}")
    assert (person.email, person.is_active, person.anonymised_on) == ("", False, TODAY)
    assert not person.has_usable_password()
    assert Task.objects.count() == tasks
    assert Entry.objects.count() == entries + 2
    assert journal.verify(people.agency.pk).whole
    everything = json.dumps(
        [str(row) for row in journal.entry_page(people.chau, JournalFilter(), size=500).rows],
        ensure_ascii=False,
    )
    assert "Bình" not in everything
    assert "binh@" not in everything
    assert not Seal.objects.filter(value__contains="Bình").exists()


def test_nothing_of_an_anonymised_person_is_left_in_the_database(people: People, giang: Actor) -> None:
    proposal = proposed(giang, people)
    operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    left = []
    for model in apps.get_models(include_auto_created=True):
        if model is Session:
            continue
        for row in model._default_manager.all().values():
            text = json.dumps(row, default=str, ensure_ascii=False)
            if "Trần Văn Bình" in text or re.search(r'"binh"', text):
                left.append(f"{model._meta.label}: {text}")
    assert left == []


def test_an_account_that_was_erased_signs_in_no_more(people: People, giang: Actor) -> None:
    proposal = proposed(giang, people)
    operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    assert not Person.objects.filter(login="binh").exists()
    call_command("check")


@pytest.mark.parametrize("typed", ["", "an", "trần văn bình"])
def test_the_sign_in_name_is_typed_once_more(people: People, giang: Actor, typed: str) -> None:
    proposal = proposed(giang, people)
    with pytest.raises(operations.NotConfirmed):
        operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login=typed, now=NOW)
    assert Person.objects.get(pk=people.binh.person_id).anonymised_on is None
    assert Seal.objects.filter(value="Trần Văn Bình · Officer").exists() or Seal.objects.exists()


def test_nobody_decides_on_the_own_proposal(people: People) -> None:
    both = replace(people.chau, roles=frozenset({Role.CHAIRMAN, Role.PRIVACY}))
    leave(people)
    proposal = operations.propose_erasure(
        actor=both, person_id=people.binh.person_id, reason="Hết thời hạn lưu", now=NOW
    )
    with pytest.raises(operations.OwnErasure):
        operations.anonymise_person(actor=both, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    with pytest.raises(operations.OwnErasure):
        operations.refuse_erasure(actor=both, erasure_id=proposal.pk, reason="Không", now=NOW)
    assert Erasure.objects.get().state == Erasure.State.PROPOSED


def test_who_holds_a_post_here_or_elsewhere_is_not_erased(people: People, giang: Actor) -> None:
    with pytest.raises(operations.StillHolds):
        operations.propose_erasure(actor=giang, person_id=people.binh.person_id, reason="x", now=NOW)
    proposal = proposed(giang, people)
    Membership.objects.create(agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER)
    with pytest.raises(operations.StillHolds):
        operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login="binh", now=NOW)


def test_a_refused_proposal_changes_nothing_and_may_come_again(people: People, giang: Actor) -> None:
    proposal = proposed(giang, people)
    with pytest.raises(operations.AlreadyProposed):
        proposed(giang, people)
    with pytest.raises(ReasonForErasureMissing):
        operations.refuse_erasure(actor=people.chau, erasure_id=proposal.pk, reason=" ", now=NOW)
    operations.refuse_erasure(actor=people.chau, erasure_id=proposal.pk, reason="Còn thanh tra", now=NOW)
    with pytest.raises(Erasure.DoesNotExist):
        operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    assert Person.objects.get(pk=people.binh.person_id).full_name == "Trần Văn Bình"
    assert proposed(giang, people).state == Erasure.State.PROPOSED


def test_strangers_and_other_roles_neither_propose_nor_decide(people: People, giang: Actor) -> None:
    proposal = proposed(giang, people)
    for actor in (people.an, people.dung):
        with pytest.raises(NotAllowed):
            operations.anonymise_person(actor=actor, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    boss = replace(people.chi, roles=frozenset({Role.CHAIRMAN, Role.PRIVACY}))
    with pytest.raises(Erasure.DoesNotExist):
        operations.anonymise_person(actor=boss, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    with pytest.raises(Person.DoesNotExist):
        operations.propose_erasure(actor=boss, person_id=people.binh.person_id, reason="x", now=NOW)


def test_an_erasure_reaches_the_journals_of_earlier_agencies(people: People, giang: Actor) -> None:
    Membership.objects.create(
        agency=people.other_agency,
        person_id=people.binh.person_id,
        role=Role.OFFICER,
        valid_to=date(2023, 1, 1),
    )
    operations.recover_password(login="binh", today=TODAY)
    assert Seal.objects.filter(agency=people.other_agency, value="Trần Văn Bình").exists()
    proposal = proposed(giang, people)
    operations.anonymise_person(actor=people.chau, erasure_id=proposal.pk, typed_login="binh", now=NOW)
    assert not Seal.objects.filter(value__contains="Bình").exists()
    for agency in (people.agency, people.other_agency):
        assert journal.verify(agency.pk).whole
        assert Entry.objects.filter(agency=agency, verb="person.anonymised").exists()


# What is held, and accounts without names


def test_everything_held_on_a_person_is_gathered(people: People, giang: Actor) -> None:
    operations.change_person(
        actor=people.an,
        person_id=people.binh.person_id,
        full_name="Trần Văn Bình",
        email="b@xa.gov.vn",
        today=TODAY,
    )
    found = {section.code: section for section in queries.holdings(giang, people.binh.person_id)}
    assert ("email", "b@xa.gov.vn") in found["identity"].rows
    assert found["posts"].rows[0][2] == "Phòng Kinh tế"
    assert found["journal_about"].rows[0][1] == "person.changed"
    assert queries.holdings(people.binh, people.binh.person_id)
    with pytest.raises(NotAllowed):
        queries.holdings(people.binh, people.an.person_id)
    with pytest.raises(Person.DoesNotExist):
        queries.holdings(replace(people.chi, roles=frozenset({Role.PRIVACY})), people.binh.person_id)


def test_every_package_with_records_says_what_it_holds() -> None:
    assert {
        "org",
        "journal",
        "documents",
        "actions",
        "dossiers",
        "voices",
        "indicators",
        "objectives",
        "reporting",
        "publishing",
    } <= set(personal._collectors)


def test_an_administrator_sees_accounts_without_names(people: People) -> None:
    admin = replace(people.dung, roles=frozenset({Role.ADMINISTRATOR}))
    text = str(queries.accounts(admin, TODAY))
    for name in ("Nguyễn Thị An", "Trần Văn Bình", "binh", "Châu"):
        assert name not in text
    assert "Phòng Kinh tế" in text
    above = replace(
        admin, scope=Scope.BELOW, agency_id=people.other_agency.pk, home_agency_id=people.agency.pk
    )
    assert len(queries.accounts(above, TODAY)) == 1
    with pytest.raises(NotAllowed):
        queries.accounts(people.binh, TODAY)
    assert [row[1] for row in queries.person_choices(admin, TODAY)][0] == "Nguyễn T. A."
