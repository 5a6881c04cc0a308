"""Every address says who may, and another agency's records are not there: an address without a row here fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from camket.actions.models import Action, Task, Trigger
from camket.documents.models import Evidence, StoredFile
from camket.indicators.models import Indicator, Reading
from camket.journal.operations import record
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.models import BodyName, Erasure, Membership, Person, Role, SubjectRequest, Unit
from camket.org.policy import ACTS, Scope, roles_with
from camket.reporting.models import Report
from people import TODAY, People

PUBLIC = "everybody"
SIGNED_IN = "whoever signed in"

# View name: who may open it. An act of camket.org.policy, or one of the two words above.
AUDIENCE = {
    "healthz": PUBLIC,
    "ready": PUBLIC,
    "metrics": PUBLIC,  # this machine, or who holds CAMKET_METRICS_TOKEN; 404 for others
    "web:home": "plan.view",
    "web:sign_in": PUBLIC,
    "account_login": PUBLIC,
    "account_inactive": PUBLIC,
    "web:emergency": PUBLIC,
    "web:forgotten": PUBLIC,
    "web:invitation": PUBLIC,  # who holds the link
    "web:reset": PUBLIC,  # who holds the link
    "web:address_check": PUBLIC,  # who holds the link
    "web:single_sign_on_start": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "mfa_authenticate": PUBLIC,  # whose password was right
    "mfa_login_webauthn": PUBLIC,
    "web:sign_out": SIGNED_IN,
    "web:address": SIGNED_IN,
    "web:sessions": SIGNED_IN,
    "web:end_sessions": SIGNED_IN,
    "web:single_sign_on": SIGNED_IN,
    "web:single_sign_on_unlink": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "web:choose_agency": SIGNED_IN,
    "web:language": PUBLIC,
    "web:held": SIGNED_IN,
    "web:held_throw_away": SIGNED_IN,
    "web:profile": SIGNED_IN,
    "web:password": SIGNED_IN,
    "web:plans:plan_list": "plan.view",
    "web:plans:plan_import": "plan.edit",
    "web:plans:plan_create": "plan.edit",
    "web:plans:plan_detail": "plan.view",
    "web:plans:plan_table": "plan.view",
    "web:plans:plan_dates": "plan.view",
    "web:plans:plan_accept": "plan.edit",
    "web:plans:plan_submit": "plan.submit",
    "web:plans:plan_return": "plan.view",
    "web:plans:plan_approve": "plan.approve",
    "web:plans:plan_promulgate": "plan.promulgate",
    "web:plans:plan_record_signed": "plan.promulgate",
    "web:plans:plan_amend": "plan.edit",
    "web:plans:plan_close": "plan.close",
    "web:plans:plan_discard": "plan.edit",
    "web:plans:plan_edit": "plan.edit",
    "web:plans:head_edit": "plan.edit",
    "web:plans:plan_resources": "plan.edit",
    "web:plans:plan_evaluation": "plan.edit",
    "web:plans:policy_edit": "plan.edit",
    "web:plans:bodies_edit": "plan.edit",
    "web:plans:objectives_renumber": "plan.edit",
    "web:plans:target_understood": "plan.edit",
    "web:plans:when_understood": "plan.edit",
    "web:plans:objective_add": "plan.edit",
    "web:plans:objective_edit": "plan.edit",
    "web:plans:objective_move": "plan.edit",
    "web:plans:objective_split": "plan.edit",
    "web:plans:objective_merge": "plan.edit",
    "web:plans:objective_delete": "plan.edit",
    "web:plans:target_add": "plan.edit",
    "web:plans:action_add": "plan.edit",
    "web:plans:target_edit": "plan.edit",
    "web:plans:target_move": "plan.edit",
    "web:plans:target_delete": "plan.edit",
    "web:plans:action_edit": "plan.edit",
    "web:plans:action_move": "plan.edit",
    "web:plans:action_split": "plan.edit",
    "web:plans:action_merge": "plan.edit",
    "web:plans:action_delete": "plan.edit",
    "web:objectives:list": "plan.view",
    "web:objectives:objective": "plan.view",
    "web:objectives:target": "plan.view",
    "web:objectives:enter_reading": "reading.enter",
    "web:objectives:measurement": "plan.edit",
    "web:objectives:confirm_reading": "reading.confirm",
    "web:objectives:withdraw_reading": "reading.enter",
    "web:objectives:waiting": "plan.view",
    "web:tasks:my_work": "task.view",
    "web:tasks:task_list": "task.view",
    "web:tasks:triggers": "task.view",
    "web:tasks:fire_trigger": "task.report",
    "web:tasks:this_month": "task.view",
    "web:tasks:calendar_month": "task.view",
    "web:tasks:feed": PUBLIC,  # who holds the secret address of a person's calendar
    "web:tasks:feed_settings": "task.view",
    "web:tasks:this_year": "task.view",
    "web:tasks:calendar_year": "task.view",
    "web:tasks:confirm_year": "task.manage",
    "web:tasks:reset_day": "task.manage",
    "web:tasks:file": "task.view",
    "web:tasks:withdraw_evidence": "task.report",
    "web:tasks:task_detail": "task.view",
    "web:tasks:record_progress": "task.report",
    "web:tasks:attach_evidence": "task.report",
    "web:tasks:submit_task": "task.report",
    "web:tasks:accept_task": "task.view",  # monitors named by the plan, whatever their role
    "web:tasks:return_task": "task.view",
    "web:tasks:move_due": "task.manage",
    "web:tasks:assign_task": "task.view",
    "web:tasks:cancel_task": "task.manage",
    "web:tasks:reopen_task": "task.manage",
    "web:tasks:comment_task": "task.view",
    "web:reports:report_list": "plan.view",
    "web:reports:draft_report": "report.write",
    "web:reports:report_detail": "plan.view",
    "web:reports:write_remarks": "report.write",
    "web:reports:preview": "plan.view",
    "web:reports:issue_report": "report.issue",
    "web:reports:correct_report": "report.write",
    "web:reports:discard_report": "report.write",
    "web:reports:download": "plan.view",
    "web:reports:decision_document": "plan.view",
    "web:reports:decision_preview": "plan.view",
    "web:reports:decision_file": "plan.view",
    "web:organisation:agency": "org.view",
    "web:organisation:agency_edit": "org.manage",
    "web:organisation:export": "agency.export",
    "web:organisation:units": "org.view",
    "web:organisation:unit_add": "org.manage",
    "web:organisation:unit_edit": "org.manage",
    "web:organisation:unit_move": "org.manage",
    "web:organisation:unit_use": "org.manage",
    "web:organisation:people": "people.view",
    "web:organisation:person_add": "people.manage",
    "web:organisation:person": "people.manage",
    "web:organisation:post_give": "people.manage",
    "web:organisation:post_end": "people.manage",
    "web:organisation:password_reset": "people.restore",
    "web:organisation:person_block": "people.manage",
    "web:organisation:sign_in_means": "people.restore",
    "web:organisation:person_invite": "people.restore",
    "web:organisation:person_sessions_end": "people.manage",
    "web:organisation:person_factor_reset": "people.restore",
    "web:organisation:person_link_reset": "people.restore",
    "web:organisation:body_names": "org.view",
    "web:organisation:body_name": "org.manage",
    "web:organisation:body_name_forget": "org.manage",
    "web:organisation:journal": "journal.view",
    "web:organisation:journal_export": "journal.view",
    "web:organisation:history": "org.view",
    "web:organisation:accounts": "people.restore",
    "web:organisation:account_restore": "people.restore",
    "web:organisation:own_data": "org.view",
    "web:organisation:own_copy": "org.view",
    "web:organisation:privacy": "privacy.view",
    "web:organisation:privacy_kind": "privacy.manage",
    "web:organisation:privacy_request_add": "privacy.manage",
    "web:organisation:privacy_request": "privacy.manage",
    "web:organisation:privacy_accesses": "privacy.view",
    "web:organisation:privacy_copy": "privacy.view",
    "web:organisation:erasure_propose": "privacy.manage",
    "web:organisation:erasure_decide": "privacy.erase",
    "web:system:jobs": "system.view",
    "web:system:job_run": "system.manage",
}
NOWHERE = 2_000_000_000
TEXTS = {
    "key": "no-such-key",
    "pk": NOWHERE,
    "feed_key": "no-such-key",
    "file_format": "pdf",
    "layout": "responsibilities",
    "day": "2026-09-02",
    "job": "sessions",
    "subject_type": "objectives.plan",
    "kind_code": "identity",
    "year": 2026,
    "month": 7,
}


@pytest.fixture(autouse=True)
def _pages(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.TODAY = TODAY


def walk(resolver: URLResolver, names: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, f"{names}{pattern.namespace}:" if pattern.namespace else names)
        else:
            yield f"{names}{pattern.name}", pattern


VIEWS = dict(walk(get_resolver()))


def address(name: str, ids: dict[str, int] | None = None) -> str:
    given = {
        word: TEXTS[word] if word in TEXTS else (ids or {}).get(word, NOWHERE)
        for word in VIEWS[name].pattern.converters
    }
    return reverse(name, kwargs=given)


def ask(client: Client, name: str, method: str, ids: dict[str, int] | None = None) -> int:
    return getattr(client, method.lower())(address(name, ids)).status_code


def signed_in(person_id: int) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person_id))
    return client


def test_every_address_has_its_audience() -> None:
    assert set(VIEWS) == set(AUDIENCE)


@pytest.mark.parametrize("name", [name for name, who in AUDIENCE.items() if who in ACTS])
def test_a_view_asks_for_the_act_of_its_row(name: str) -> None:
    assert VIEWS[name].callback.act == AUDIENCE[name]


def test_strangers_are_sent_to_sign_in(client: Client, people: People) -> None:
    for name, who in AUDIENCE.items():
        if who == PUBLIC:
            continue
        for method in ("GET", "POST"):
            response = getattr(client, method.lower())(address(name))
            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith("/dang-nhap/"), (name, method)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_opens_what_its_acts_give_and_nothing_else(people: People, role: str) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(role=role)
    client = signed_in(people.binh.person_id)
    for name, act in AUDIENCE.items():
        if act not in ACTS:
            continue
        methods = VIEWS[name].callback.methods
        if role not in roles_with(act, Scope.AGENCY) | roles_with(act, Scope.UNIT):
            answers = {ask(client, name, method) for method in methods}
            assert answers == ({302} if name == "web:home" else {403}), name
        elif "GET" in methods:
            assert ask(client, name, "GET") in {200, 302, 404}, name


@pytest.fixture
def ids(people: People) -> dict[str, int]:
    """One record of each kind in An's agency, by the word that addresses use."""
    agency, person = people.agency, Person.objects.get(pk=people.an.person_id)
    now = datetime(2026, 1, 12, 2, tzinfo=UTC)
    plan = Plan.objects.create(
        agency=agency,
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        state=Plan.State.DRAFT,
        created_at=now,
        created_by=person,
    )
    objective = Objective.objects.create(plan=plan, order=1, number="1", text="Nâng cao chất lượng")
    indicator = Indicator.objects.create(agency=agency, name="Hồ sơ đúng hạn", measure="value")
    target = Target.objects.create(
        objective=objective, order=1, text="95%", kind="at_least", value=95, unit="%", indicator=indicator
    )
    action = Action.objects.create(agency=agency, year=2026, number="1", text="Rà soát", state="active")
    ObjectiveAction.objects.create(objective=objective, action=action, order=1)
    trigger = Trigger.objects.create(action=action, event="khi có thay đổi")
    task = Task.objects.create(
        agency=agency,
        action=action,
        kind="dated",
        occurrence="1",
        due_on=date(2026, 9, 1),
        due_original=date(2026, 9, 1),
        late_after=date(2026, 9, 1),
    )
    file = StoredFile.objects.create(
        agency=agency, sha256="0" * 64, name="a.pdf", content_type="application/pdf", size=1, stored_at=now
    )
    evidence = Evidence.objects.create(
        agency=agency, kind="file", title="a", file=file, added_at=now, added_by=person
    )
    reading = Reading.objects.create(
        agency=agency,
        indicator=indicator,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
        value=96,
        source="Sổ theo dõi",
        entered_at=now,
        entered_by=person,
    )
    report = Report.objects.create(
        agency=agency,
        plan=plan,
        kind="half_year",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 6, 30),
        created_at=now,
        created_by=person,
    )
    record(actor=people.an, agency_id=agency.pk, verb="plan.created", subject=plan, on=TODAY)
    return {
        "plan_id": plan.pk,
        "objective_id": objective.pk,
        "target_id": target.pk,
        "action_id": action.pk,
        "trigger_id": trigger.pk,
        "task_id": task.pk,
        "file_id": file.pk,
        "evidence_id": evidence.pk,
        "reading_id": reading.pk,
        "report_id": report.pk,
        "unit_id": Unit.objects.filter(agency=agency).order_by("pk")[0].pk,
        "person_id": people.binh.person_id,
        "post_id": Membership.objects.get(person_id=people.binh.person_id).pk,
        "body_name_id": BodyName.objects.create(agency=agency, text="Một cửa", key="mot cua").pk,
        "subject_id": plan.pk,
        "request_id": SubjectRequest.objects.create(
            agency=agency,
            person_id=people.binh.person_id,
            kind="see",
            received_on=TODAY,
            due_on=TODAY,
            recorded_by=person,
        ).pk,
        "erasure_id": Erasure.objects.create(
            agency=agency,
            person_id=people.binh.person_id,
            reason="Hết thời hạn lưu",
            proposed_at=now,
            proposed_by=person,
        ).pk,
    }


def test_every_record_in_an_address_has_a_sample(ids: dict[str, int]) -> None:
    words = {word for pattern in VIEWS.values() for word in pattern.pattern.converters}
    assert words == set(ids) | set(TEXTS)


def test_another_agencys_records_are_not_there(people: People, ids: dict[str, int]) -> None:
    """Chi is secretary, chairman and head elsewhere: no role opens another agency's records."""
    for role in (Role.CHAIRMAN, Role.REPRESENTATIVE, Role.ADMINISTRATOR):
        Membership.objects.create(agency=people.other_agency, person_id=people.chi.person_id, role=role)
    client = signed_in(people.chi.person_id)
    opened = [
        (name, method, status)
        for name, pattern in VIEWS.items()
        if set(pattern.pattern.converters) & set(ids)
        for method in pattern.callback.methods
        if (status := ask(client, name, method, ids)) != 404
    ]
    assert opened == []


def test_ones_own_records_are_there(people: People, ids: dict[str, int]) -> None:
    client = signed_in(people.an.person_id)
    file_free = [name for name in VIEWS if name not in {"web:tasks:file", "web:reports:download"}]
    answers = {
        name: ask(client, name, "GET", ids)
        for name in file_free
        if set(VIEWS[name].pattern.converters) & set(ids) and "GET" in VIEWS[name].callback.methods
    }
    assert {name: status for name, status in answers.items() if status not in {200, 302}} == {}
