"""How each form meets another person's: a form of the staff without a row here fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from camket.actions import operations as work
from camket.core.plan import Period, Plan
from camket.documents.models import ControlledDocument, DocumentEdition, LegalText
from camket.dossiers.models import Software
from camket.dossiers.operations.letters import draft_letters
from camket.improvement.models import Audit
from camket.improvement.operations import (
    announcements,
    audit_programmes,
    audits,
    nonconformities,
    reviews,
    risks,
    self_assessments,
)
from camket.improvement.queries.announcements import form_on
from camket.journal.models import Entry
from camket.objectives import operations as plans
from camket.objectives.models import Objective, ObjectiveAction, Target
from camket.org.models import BodyName, Membership, Role, Unit
from camket.org.policy import Actor
from camket.publishing.models import Notice, Place, PlannedPosting, PublicPage
from camket.publishing.operations.publications import prepare_publication
from camket.registers.operations import draft_letters as draft_reminders
from camket.registers.operations import enter, save_item
from camket.reporting.calendar import begin_calendar, catalogue
from camket.reporting.operations import draft_report
from camket.reporting.parts import ask_units
from camket.voices.operations import feedback
from camket.voices.operations.feedback_intake import NewFeedback, receive_from_public
from camket.voices.operations.questionnaires import make_questionnaire
from figures import make_plan_in_force, read, share, targets_of
from house.test_urls import VIEWS, in_turn
from people import TODAY, People, actor_of, make_agency, make_people, make_person
from plans import sample_plan
from procedures import make_procedure
from seeded import make_late_dossier
from voices.answering import make_point, make_survey
from web.sent.pages import form_in, forms_of, opened, send
from work import NOW, make_task

SignedIn = Callable[[Actor], Client]

EDITS = "edits: the later is shown what the earlier changed, and decides"
ADDS = "adds: the same form twice adds once"
ACTS = "acts: refused by the state that the earlier left, with who and when"
OWN = "one's own means of working, or something asked for that may be asked for twice"

WAYS = {
    "web:packs:ask": ACTS,
    "web:packs:take": ACTS,
    "web:announcements:prepare": ADDS,
    "web:announcements:edit": EDITS,
    "web:announcements:discard": ACTS,
    "web:announcements:ask": ACTS,
    "web:announcements:confirm": ACTS,
    "web:announcements:send_back": ACTS,
    "web:announcements:announce": ACTS,
    "web:announcements:record_signed": ACTS,
    "web:announcements:withdraw": ACTS,
    "web:self_assessments:begin": ADDS,
    "web:cycle:rules": EDITS,
    "web:self_assessments:mark": EDITS,
    "web:self_assessments:word": EDITS,
    "web:self_assessments:close": ACTS,
    "web:self_assessments:discard": ACTS,
    "web:reviews:prepare": ADDS,
    "web:reviews:edit": EDITS,
    "web:reviews:gather": ACTS,
    "web:reviews:consider": EDITS,
    "web:reviews:convene": ACTS,
    "web:reviews:cancel": ACTS,
    "web:reviews:attendance": EDITS,
    "web:reviews:conclude": EDITS,
    "web:reviews:decision_add": ADDS,
    "web:reviews:decision_edit": EDITS,
    "web:reviews:decision_drop": ACTS,
    "web:reviews:close": ACTS,
    "web:plans:plan_import": ADDS,
    "web:plans:plan_create": ADDS,
    "web:plans:plan_accept": ACTS,
    "web:plans:plan_resources": EDITS,
    "web:plans:plan_evaluation": EDITS,
    "web:plans:plan_submit": ACTS,
    "web:plans:plan_return": ACTS,
    "web:plans:plan_approve": ACTS,
    "web:plans:plan_promulgate": ACTS,
    "web:plans:plan_record_signed": ACTS,
    "web:plans:plan_amend": ADDS,
    "web:plans:plan_close": ACTS,
    "web:plans:plan_discard": ACTS,
    "web:plans:wiring_confirm_all": ACTS,
    "web:plans:wiring_confirm": ACTS,
    "web:plans:target_wiring": EDITS,
    "web:plans:head_edit": EDITS,
    "web:plans:policy_edit": EDITS,
    "web:plans:bodies_edit": EDITS,
    "web:plans:objectives_renumber": ACTS,
    "web:plans:objective_add": ADDS,
    "web:plans:proposal_take_up": ACTS,
    "web:plans:result_take_up": ADDS,
    "web:plans:objective_edit": EDITS,
    "web:plans:objective_move": ACTS,
    "web:plans:objective_split": ADDS,
    "web:plans:objective_merge": ACTS,
    "web:plans:objective_delete": ACTS,
    "web:plans:target_add": ADDS,
    "web:plans:action_add": ADDS,
    "web:plans:target_edit": EDITS,
    "web:plans:target_move": ACTS,
    "web:plans:target_delete": ACTS,
    "web:plans:action_edit": EDITS,
    "web:plans:action_move": ACTS,
    "web:plans:action_split": ADDS,
    "web:plans:action_merge": ACTS,
    "web:plans:action_delete": ACTS,
    "web:surveys:survey_add": ADDS,
    "web:surveys:questionnaire_add": ADDS,
    "web:surveys:edition_begin": ACTS,
    "web:surveys:edition_publish": ACTS,
    "web:surveys:draft_discard": ACTS,
    "web:surveys:words_edit": EDITS,
    "web:surveys:languages_edit": EDITS,
    "web:surveys:factors_edit": EDITS,
    "web:surveys:question_add": ADDS,
    "web:surveys:question_edit": EDITS,
    "web:surveys:question_move": ACTS,
    "web:surveys:question_bring_back": ACTS,
    "web:surveys:question_remove": ACTS,
    "web:surveys:survey_edit": EDITS,
    "web:surveys:survey_open": ACTS,
    "web:surveys:survey_close": ACTS,
    "web:surveys:links_renew": ACTS,
    "web:surveys:handout_note": ADDS,
    "web:surveys:slips": ADDS,
    "web:surveys:dossier_slips": ADDS,
    "web:surveys:point_add": ADDS,
    "web:surveys:point_edit": EDITS,
    "web:surveys:point_renew": ACTS,
    "web:surveys:point_switch": ACTS,
    "web:surveys:slips_begin": ADDS,
    "web:surveys:slips_key": ADDS,
    "web:surveys:interview": ADDS,
    "web:surveys:slip_edit": OWN,
    "web:surveys:slip_drop": ACTS,
    "web:surveys:slips_finish": ACTS,
    "web:surveys:slips_withdraw": ACTS,
    "web:surveys:sheet_upload": ADDS,
    "web:surveys:sheet_take_in": ACTS,
    "web:surveys:sheet_discard": ACTS,
    "web:surveys:comments_read": ACTS,
    "web:surveys:comment_tag": ACTS,
    "web:surveys:comment_hide": ACTS,
    "web:surveys:comment_show": ACTS,
    "web:surveys:comment_black_out": ACTS,
    "web:surveys:comment_work": ACTS,
    "web:objectives:enter_reading": ADDS,
    "web:objectives:measurement": EDITS,
    "web:objectives:confirm_reading": ACTS,
    "web:objectives:confirm_many": ACTS,
    "web:objectives:sheet": ADDS,
    "web:objectives:continue_indicator": ACTS,
    "web:objectives:withdraw_reading": ACTS,
    "web:tasks:fire_trigger": ADDS,
    "web:tasks:feed_settings": OWN,
    "web:notifications:see_all": OWN,
    "web:notifications:open": OWN,
    "web:notifications:choices": OWN,
    "web:notifications:ladder": EDITS,
    "web:tasks:calendar_year": EDITS,
    "web:tasks:confirm_year": EDITS,
    "web:tasks:reset_day": ACTS,
    "web:tasks:many": ACTS,
    "web:tasks:many_undo": ACTS,
    "web:tasks:withdraw_evidence": ACTS,
    "web:tasks:record_progress": EDITS,
    "web:tasks:attach_evidence": ADDS,
    "web:tasks:submit_task": ACTS,
    "web:tasks:accept_task": ACTS,
    "web:tasks:return_task": ACTS,
    "web:tasks:move_due": EDITS,
    "web:tasks:assign_task": EDITS,
    "web:tasks:cancel_task": ACTS,
    "web:tasks:reopen_task": ACTS,
    "web:tasks:comment_task": ADDS,
    "web:reports:begin_report": ACTS,
    "web:reports:note_sent": ACTS,
    "web:reports:reopen_report": ACTS,
    "web:reports:calendar_lines": ADDS,
    "web:reports:add_line": ADDS,
    "web:reports:edit_line": EDITS,
    "web:reports:end_line": ACTS,
    "web:reports:draft_report": ADDS,
    "web:reports:compose_sentences": OWN,
    "web:reports:attach_signed": ACTS,
    "web:reports:write_remarks": EDITS,
    "web:reports:issue_report": ACTS,
    "web:reports:correct_report": ADDS,
    "web:reports:discard_report": ACTS,
    "web:reports:submit_report": ACTS,
    "web:reports:approve_report": ACTS,
    "web:reports:return_report": ACTS,
    "web:reports:take_back_report": ACTS,
    "web:reports:parts": ACTS,
    "web:reports:remind_units": ACTS,
    "web:reports:part": EDITS,
    "web:reports:take_part": ACTS,
    "web:reports:return_part": ACTS,
    "web:reports:withdraw_part": ACTS,
    "web:organisation:agency_edit": EDITS,
    "web:organisation:export": OWN,
    "web:organisation:unit_add": ADDS,
    "web:organisation:unit_edit": EDITS,
    "web:organisation:unit_move": EDITS,
    "web:organisation:unit_use": ACTS,
    "web:organisation:person_add": ADDS,
    "web:organisation:person_edit": EDITS,
    "web:organisation:paper_letterhead": ADDS,
    "web:organisation:paper_recipients": ADDS,
    "web:organisation:paper_template": ADDS,
    "web:organisation:paper_template_use": ADDS,
    "web:organisation:signer_add": ADDS,
    "web:organisation:signer_end": ACTS,
    "web:organisation:unit_merge": ACTS,
    "web:organisation:unit_split": ACTS,
    "web:organisation:unit_rename": ACTS,
    "web:organisation:unit_succession_withdraw": ACTS,
    "web:organisation:committee_add": ADDS,
    "web:organisation:committee_edit": EDITS,
    "web:organisation:committee_reappoint": EDITS,
    "web:organisation:seat_give": ADDS,
    "web:organisation:seat_end": ACTS,
    "web:organisation:setup_put_off": OWN,
    "web:organisation:setup_name": EDITS,
    "web:organisation:setup_units": ADDS,
    "web:organisation:setup_people": ADDS,
    "web:organisation:setup_reporting": EDITS,
    "web:organisation:setup_calendar": ADDS,
    "web:organisation:setup_done": ACTS,
    "web:organisation:own_delegations": ADDS,
    "web:organisation:delegation_give": ADDS,
    "web:organisation:delegation_withdraw": ACTS,
    "web:organisation:hand_over": ACTS,
    "web:organisation:people_import": ADDS,
    "web:organisation:post_give": ADDS,
    "web:organisation:post_end": EDITS,
    "web:organisation:password_reset": OWN,
    "web:organisation:person_block": ACTS,
    "web:organisation:person_invite": OWN,
    "web:organisation:person_sessions_end": OWN,
    "web:organisation:person_factor_reset": OWN,
    "web:organisation:person_link_reset": OWN,
    "web:organisation:body_name": EDITS,
    "web:organisation:body_name_forget": ACTS,
    "web:organisation:account_restore": OWN,
    "web:organisation:journal_export": OWN,
    "web:organisation:own_copy": OWN,
    "web:organisation:privacy_copy": OWN,
    "web:organisation:privacy_kind": EDITS,
    "web:organisation:privacy_request_add": ADDS,
    "web:organisation:privacy_request": ACTS,
    "web:organisation:erasure_propose": ADDS,
    "web:organisation:erasure_decide": ACTS,
    "web:dossiers:office_hours_set": ADDS,
    "web:dossiers:letters_draft": ADDS,
    "web:dossiers:letters_issue": ACTS,
    "web:dossiers:letters_discard": ACTS,
    "web:dossiers:letter_edit": EDITS,
    "web:dossiers:letter_withdraw": ACTS,
    "web:feedback:receive": ADDS,
    "web:feedback:import": OWN,
    "web:feedback:limits": ADDS,
    "web:feedback:classify": EDITS,
    "web:feedback:assign": EDITS,
    "web:feedback:merge": ACTS,
    "web:feedback:pass_on": ACTS,
    "web:feedback:route": ACTS,
    "web:feedback:set_aside": ACTS,
    "web:feedback:answer": EDITS,
    "web:feedback:approve": ACTS,
    "web:feedback:return": ACTS,
    "web:feedback:reopen": ACTS,
    "web:feedback:sent": ADDS,
    "web:feedback:note": ADDS,
    "web:feedback:publish": ACTS,
    "web:feedback:unpublish": ACTS,
    "web:indicators:define": ADDS,
    "web:indicators:replace": ACTS,
    "web:indicators:end": ACTS,
    "web:imports:upload": ADDS,
    "web:imports:columns": OWN,
    "web:imports:start": ACTS,
    "web:imports:discard": ACTS,
    "web:imports:undo": ACTS,
    "web:imports:drop_file": ACTS,
    "web:imports:software_edit": EDITS,
    "web:imports:software_set_aside": ACTS,
    "web:imports:software_take_up": ACTS,
    "web:imports:mend_words": OWN,
    "web:imports:row_mend": ACTS,
    "web:imports:row_drop": ACTS,
    "web:procedures:catalogue_import": ADDS,
    "web:procedures:procedure_add": ADDS,
    "web:procedures:edition_add": EDITS,
    "web:procedures:procedure_end": ACTS,
    "web:procedures:post": ADDS,
    "web:procedures:take_down": ACTS,
    "web:publishing:page_edit": EDITS,
    "web:publishing:page_open": ACTS,
    "web:publishing:page_close": ACTS,
    "web:publishing:prepare": ACTS,
    "web:publishing:prepare_again": EDITS,
    "web:publishing:submit": ACTS,
    "web:publishing:send_back": ACTS,
    "web:publishing:publish": ACTS,
    "web:publishing:withdraw": ACTS,
    "web:publishing:discard": ACTS,
    "web:audits:programme_add": ACTS,
    "web:audits:programme_edit": EDITS,
    "web:audits:programme_approve": ACTS,
    "web:audits:programme_return": ACTS,
    "web:audits:programme_reissue": ACTS,
    "web:audits:programme_turn": ACTS,
    "web:audits:own_add": ADDS,
    "web:audits:own_edit": EDITS,
    "web:audits:add": ADDS,
    "web:audits:edit": EDITS,
    "web:audits:cancel": ACTS,
    "web:audits:team": EDITS,
    "web:audits:sessions": EDITS,
    "web:audits:questions": ADDS,
    "web:audits:report": EDITS,
    "web:audits:issue": ACTS,
    "web:audits:decide": ADDS,
    "web:audits:withdraw_issued": ACTS,
    "web:audits:programme_withdraw": ACTS,
    "web:audits:turn": ACTS,
    "web:audits:question_add": ADDS,
    "web:audits:finding_add": ADDS,
    "web:audits:receive": OWN,
    "web:audits:answer": EDITS,
    "web:audits:question_edit": EDITS,
    "web:audits:phone_send": OWN,
    "web:audits:finding_edit": EDITS,
    "web:audits:withdraw": ACTS,
    "web:risks:look": OWN,
    "web:risks:add": ADDS,
    "web:risks:suggest": ADDS,
    "web:risks:scale": ADDS,
    "web:risks:issue_add": ADDS,
    "web:risks:issue_edit": EDITS,
    "web:risks:issue_end": ACTS,
    "web:risks:edit": EDITS,
    "web:risks:rate": ADDS,
    "web:risks:treat": ADDS,
    "web:risks:take_up": ACTS,
    "web:risks:dismiss": ACTS,
    "web:risks:end": ACTS,
    "web:nonconformities:look": OWN,
    "web:nonconformities:add": ADDS,
    "web:nonconformities:edit": EDITS,
    "web:nonconformities:correct": EDITS,
    "web:nonconformities:analyse": EDITS,
    "web:nonconformities:step_add": ADDS,
    "web:nonconformities:step_edit": EDITS,
    "web:nonconformities:step_drop": ACTS,
    "web:nonconformities:take_up": ACTS,
    "web:nonconformities:dismiss": ACTS,
    "web:nonconformities:cancel": ACTS,
    "web:nonconformities:submit": ACTS,
    "web:nonconformities:send_back": ACTS,
    "web:nonconformities:approve": ACTS,
    "web:nonconformities:judge": ACTS,
    "web:nonconformities:reopen": ACTS,
    "web:nonconformities:note_report": ACTS,
    "web:registers:many": ACTS,
    "web:registers:many_undo": ACTS,
    "web:registers:quick_add": ADDS,
    "web:registers:add": ADDS,
    "web:registers:edit": EDITS,
    "web:registers:finish": ACTS,
    "web:registers:reopen": ACTS,
    "web:registers:withdraw": ACTS,
    "web:registers:ask_extension": ACTS,
    "web:registers:decide_extension": ACTS,
    "web:registers:give_number": ACTS,
    "web:registers:attach": ADDS,
    "web:registers:invite": ACTS,
    "web:registers:give_work": ADDS,
    "web:registers:next_month": ADDS,
    "web:registers:programme_issue": ACTS,
    "web:registers:programme_withdraw": ACTS,
    "web:registers:copy_make": ADDS,
    "web:registers:copy_withdraw": ACTS,
    "web:registers:letters_draft": ADDS,
    "web:registers:reminder_edit": EDITS,
    "web:registers:reminder_discard": ACTS,
    "web:registers:reminders_issue": ACTS,
    "web:registers:reminder_withdraw": ACTS,
    "web:registers:figures_enter": ADDS,
    "web:registers:bring_in": ADDS,
    "web:registers:batch_retry": ACTS,
    "web:registers:batch_take_back": ACTS,
    "web:registers:row_mend": ADDS,
    "web:registers:row_set_aside": ACTS,
    "web:registers:items": ADDS,
    "web:registers:item_edit": EDITS,
    "web:documents:conformity": OWN,
    "web:documents:patterns": EDITS,
    "web:documents:add": ADDS,
    "web:documents:edit": EDITS,
    "web:documents:withdraw": ACTS,
    "web:documents:still_right": ACTS,
    "web:documents:citations": EDITS,
    "web:documents:begin": ADDS,
    "web:documents:write": EDITS,
    "web:documents:submit": ACTS,
    "web:documents:pass_on": ACTS,
    "web:documents:send_back": ACTS,
    "web:documents:approve": ACTS,
    "web:documents:issue": ACTS,
    "web:documents:discard": ACTS,
    "web:documents:distribute": ACTS,
    "web:documents:confirm_read": OWN,
    "web:documents:remind": OWN,
    "web:legal:bring_in": ADDS,
    "web:legal:add": ADDS,
    "web:legal:edit": EDITS,
    "web:legal:note_change": ADDS,
    "web:legal:not_needed": ACTS,
    "web:postings:post": ADDS,
    "web:postings:press_announcement": ACTS,
    "web:postings:press_document": ACTS,
    "web:postings:prove": ADDS,
    "web:postings:take_down": ACTS,
    "web:postings:renew": ACTS,
    "web:postings:prolong": ACTS,
    "web:postings:explain_shortfall": ACTS,
    "web:postings:plan_make": ADDS,
    "web:postings:plan_approve": ACTS,
    "web:postings:plan_line_add": ADDS,
    "web:postings:plan_line_edit": EDITS,
    "web:postings:plan_line_drop": ACTS,
    "web:postings:plan_line_restore": ACTS,
    "web:postings:plan_line_tie": ACTS,
    "web:postings:correct": EDITS,
    "web:postings:cancel": ACTS,
    "web:postings:places": ADDS,
    "web:postings:place_edit": EDITS,
    "web:postings:quarter_list": ACTS,
    "web:system:job_run": OWN,
    "web:system:outbox_again": OWN,
    "web:system:agency_add": ADDS,
    "web:system:agency_import": ADDS,
    "web:system:agency_edit": EDITS,
    "web:system:agency_rename": EDITS,
    "web:system:agency_end": ACTS,
    "web:system:agency_reopen": ACTS,
    "web:system:succession": ADDS,
    "web:system:succession_withdraw": ACTS,
    "web:system:code_add": ADDS,
    "web:system:code_end": ACTS,
    "web:system:way_back": OWN,
}


def test_every_form_of_the_staff_has_its_way() -> None:
    assert {name for name, view in VIEWS.items() if "POST" in getattr(view.callback, "methods", ())} == set(
        WAYS
    )


@dataclass
class World:
    """One agency at work: two secretaries (An and Mai), a draft, a plan in force, a task, a report's draft."""

    people: People
    mai: Actor
    ids: dict[str, Any] = field(default_factory=dict)


def _unmeasured() -> Plan:
    """A plan that says nowhere how its results are evaluated."""
    plan = sample_plan(2028, number=None)
    return replace(
        plan,
        objectives=tuple(
            replace(each, method="", actions=tuple(replace(action, evidence=()) for action in each.actions))
            for each in plan.objectives
        ),
    )


def make_feedback(people: People) -> int:
    """Take feedback and give it to Bình's unit; return its id."""
    row = receive_from_public(
        agency_id=people.agency.pk,
        new=NewFeedback(
            "Đèn hỏng",
            "Đèn đầu thôn hỏng",
            sender_name="Lò Sương",
            sender_address="Thôn Đông",
            sender_phone="0912345678",
        ),
        files=(),
        now=NOW,
    )
    feedback.classify(actor=people.an, feedback_id=row.pk, kind="other", field_id=None, concerns=(), now=NOW)
    unit_id = next(iter(people.binh.unit_ids))
    feedback.assign(actor=people.an, feedback_id=row.pk, unit_id=unit_id, officer_id=None, note="", now=NOW)
    return row.pk


@pytest.fixture(scope="class")
def world(db_of_class: None) -> World:
    people = make_people()
    office = people.agency.units.order_by("order")[0]
    mai = actor_of(make_person(people.agency, "Vũ Thị Mai", "mai", Role.SECRETARY, office), people.agency)
    draft = plans.import_format(actor=people.an, plan=sample_plan(2027, number=None), today=TODAY)
    objective = Objective.objects.filter(plan_id=draft).order_by("order")[0]
    in_force = make_plan_in_force(people)
    report = draft_report(
        actor=people.an,
        plan_id=in_force.pk,
        kind="half_year",
        period=Period(date(2026, 1, 1), date(2026, 6, 30)),
        now=NOW,
    )
    target = targets_of(in_force)[0]
    for person in (people.an, mai):
        for role in (Role.ADMINISTRATOR, Role.PRIVACY):
            Membership.objects.create(agency=people.agency, person_id=person.person_id, role=role)
    ids: dict[str, Any] = {
        "draft": draft,
        "unmeasured": plans.import_format(actor=people.an, plan=_unmeasured(), today=TODAY),
        "objective": objective.pk,
        "target": Target.objects.filter(objective=objective)[0].pk,
        "action": ObjectiveAction.objects.filter(objective=objective).order_by("order")[0].action_id,
        "plan": in_force.pk,
        "measured": target.pk,
        "remarked": target.pk,
        "reading": read(people, targets_of(in_force)[1], share(95, 100), confirmed=False).pk,
        "report": report.pk,
        "report_line": begin_calendar(
            actor=people.an, valid_from=TODAY, source="", chosen=catalogue()[:1], now=NOW
        )
        .lines.get()
        .pk,
        "report_part": ask_units(
            actor=people.an, report_id=report.pk, unit_ids=[office.pk], due_on=TODAY, wish="", now=NOW
        )[0].pk,
        "task": make_task(people).pk,
        "unit": Unit.objects.filter(agency=people.agency).order_by("order")[1].pk,
        "other_unit": Unit.objects.filter(agency=people.agency).order_by("order")[2].pk,
        "committee": Unit.objects.create(
            agency=people.agency, name="Ban Chỉ đạo ISO", kind=Unit.Kind.COMMITTEE, order=9
        ).pk,
        "procedure": (procedure := make_procedure(people.agency)).pk,
        "letter": draft_letters(
            actor=people.an,
            dossier_ids=[make_late_dossier(people.agency, procedure).pk],
            kind="apology",
            reason="Quá tải",
            due_new=date(2026, 7, 7),
            now=NOW,
        ).letter_ids[0],
        "software": Software.objects.create(
            agency=people.agency,
            name="Một cửa",
            changed_at=NOW,
            mapping={"code": "Số hồ sơ", "received_at": "Ngày nhận"},
        ).pk,
        "publication": prepare_publication(actor=people.an, kind="policy", now=NOW).pk,
        "public_page": PublicPage.objects.create(agency=people.agency, slug="xa-tan-lap", changed_at=NOW).pk,
        "document": (
            document := ControlledDocument.objects.create(
                agency=people.agency,
                code="QT.01",
                kind="system",
                title="Kiểm soát tài liệu",
                made_at=NOW,
                made_by_id=people.an.person_id,
            )
        ).pk,
        "edition": DocumentEdition.objects.create(
            document=document, issue=1, written_by_id=people.an.person_id, written_at=NOW
        ).pk,
        "legal_text": LegalText.objects.create(
            agency=people.agency, number="26/2014/TT-BKHCN", title="Quy định chi tiết", made_at=NOW
        ).pk,
        "place": (place := Place.objects.create(agency=people.agency, kind="office", name="Bảng tin")).pk,
        "planned": PlannedPosting.objects.create(
            agency=people.agency, year=2026, subject="Dự toán ngân sách", when="Tháng 01/2026", days=30
        ).pk,
        "notice": Notice.objects.create(
            agency=people.agency,
            place=place,
            subject="Lịch tiếp dân",
            posted_on=TODAY,
            noted_at=NOW,
            noted_by_id=people.an.person_id,
        ).pk,
        "questionnaire": make_questionnaire(actor=people.an, title="", code="counter", today=TODAY, now=NOW),
        "survey": (survey := make_survey(people.agency)).pk,
        "point": make_point(survey).pk,
        "person": people.binh.person_id,
        "other_person": people.dung.person_id,
        "post": Membership.objects.get(person_id=people.binh.person_id).pk,
        "feedback": make_feedback(people),
        "below": make_agency("H00.3", "UBND xã Suối Nhỏ", parent=people.agency).pk,
        "entry": enter(
            actor=people.an,
            register="directives",
            values={"on": TODAY, "source": "UBND tỉnh", "title": "Rà soát hồ sơ"},
            now=NOW,
        ).pk,
        "reminder": draft_reminders(
            actor=people.an,
            entry_ids=[
                enter(
                    actor=people.an,
                    register="directives",
                    values={
                        "on": TODAY,
                        "source": "UBND tỉnh",
                        "title": "Báo cáo đất đai",
                        "unit": next(iter(people.binh.unit_ids)),
                        "due_on": TODAY,
                    },
                    now=NOW,
                ).pk
            ],
            task_ids=[],
            reply_by=TODAY,
            now=NOW,
        ).letter_ids[0],
        "item": save_item(
            actor=people.an,
            register="figures",
            name="Thu ngân sách",
            values={"measure": "tỷ đồng", "rhythm": "month", "counting": "cumulative", "direction": "higher"},
            now=NOW,
        ).pk,
        "name": BodyName.objects.create(agency=people.agency, text="Một cửa", key="mot cua").pk,
        **held_review(people),
        **open_nonconformity(people),
        **held_audits(people, mai),
    }
    return World(people, mai, ids)


def held_audits(people: People, mai: Actor) -> dict[str, int]:
    """Return an audit that is prepared, and one under way whose team are An and Mai, with a question and a finding."""
    unit = people.agency.units.order_by("order")[1]
    made: dict[str, Any] = {"now": NOW, "actor": people.an}
    programme = audit_programmes.make_programme(year=2026, purpose="", **made)
    planned, under_way = (
        audits.plan_audit(audit=audits.NewAudit("Đánh giá nội bộ", TODAY, TODAY, unit_ids=(unit.pk,)), **made)
        for _ in range(2)
    )
    team = [(people.an.person_id, "lead"), (mai.person_id, "member")]
    audits.set_team(audit_id=under_way.pk, team=team, **made)
    question: dict[str, Any] = {"unit_id": unit.pk, "text": "Sổ có đủ không?", "look_at": "", "clause": "7.5"}
    asked = audits.add_question(audit_id=under_way.pk, **question, **made)
    Audit.objects.filter(pk=under_way.pk).update(state="open")
    found = audits.find(
        audit_id=under_way.pk, unit_id=unit.pk, finding=audits.NewFinding("minor", "Hồ sơ trễ"), **made
    )
    own = audits.keep_own_question(source="own", text="Niêm yết đúng?", look_at="", clause="8.2", **made)
    return {
        "audit_programme": programme.pk,
        "audit": planned.pk,
        "open_audit": under_way.pk,
        "asked": asked.pk,
        "finding": found.pk,
        "own_question": own.pk,
    }


def open_nonconformity(people: People) -> dict[str, int]:
    """Return a nonconformity whose plan is being written, with a step."""
    row = nonconformities.raise_nonconformity(
        actor=people.an,
        what=nonconformities.NewNonconformity("other", "Hồ sơ chuyển muộn", "Chậm hai ngày", TODAY),
        now=NOW,
    )
    step = nonconformities.add_step(
        actor=people.an,
        nonconformity_id=row.pk,
        step=nonconformities.NewStep("Phân công người thay", TODAY, person_id=people.binh.person_id),
        now=NOW,
    )
    risk = risks.enter(actor=people.an, risk=risks.NewRisk("risk", "Một cửa", "Hồ sơ quá hạn"), now=NOW)
    issue = risks.keep_issue(actor=people.an, issue=risks.NewIssue("party", "Người dân"), now=NOW)
    return {
        "nonconformity": row.pk,
        "corrective_step": step.pk,
        "risk": risk.pk,
        "issue": issue.pk,
    }


def held_review(people: People) -> dict[str, int]:
    """Return a review that is convened, with a member and a decision."""
    review = reviews.prepare(
        actor=people.an,
        review=reviews.NewReview("Xem xét của lãnh đạo", TODAY, TODAY, TODAY, chair_id=people.chau.person_id),
        members=[reviews.Member(people.chau.person_id)],
        now=NOW,
    )
    reviews.convene(actor=people.an, review_id=review.pk, now=NOW)
    decision = reviews.decide(
        actor=people.an,
        review_id=review.pk,
        decision=reviews.NewDecision("resources", "Mua máy quét", TODAY, person_id=people.binh.person_id),
        now=NOW,
    )
    assessment = self_assessments.begin(actor=people.an, edition="iso18091-2019", on=TODAY, now=NOW)
    same: dict[str, Any] = {"actor": people.an, "indicator": "1.1", "now": NOW}
    self_assessments.mark(assessment_id=assessment.pk, colour="yellow", reason="Có quy chế", **same)
    self_assessments.word(edition="iso18091-2019", name="Có trách nhiệm", source="", **same)
    words = form_on(TODAY)[0]
    announced = announcements.prepare(
        actor=people.an,
        announcement=announcements.NewAnnouncement("iso9001-2015", wording=words),
        now=NOW,
    )
    return {
        "announcement": announced.pk,
        "assessment": assessment.pk,
        "review": review.pk,
        "review_member": review.members.get().pk,
        "review_decision": decision.pk,
    }


@dataclass(frozen=True)
class Edit:
    """A form that two people open: its page, what the earlier types, what the later types over it."""

    page: str
    first: dict[str, str]
    second: dict[str, str]
    action: str = ""
    is_button: bool = False


SCENES = {
    "web:announcements:edit": Edit(
        "/cong-bo/{announcement}/sua/",
        {"scope": "Toàn bộ thủ tục của xã"},
        {"scope": "Toàn bộ thủ tục, mọi bộ phận"},
    ),
    "web:self_assessments:mark": Edit(
        "/tu-danh-gia/{assessment}/chi-so/1.1/",
        {"reason": "Có quy chế, chưa sơ kết"},
        {"reason": "Đã sơ kết sáu tháng"},
    ),
    "web:self_assessments:word": Edit(
        "/tu-danh-gia/{assessment}/ten-goi/1.1/",
        {"name": "Chính quyền có trách nhiệm"},
        {"name": "Quản lý có chất lượng"},
    ),
    "web:audits:programme_edit": Edit(
        "/danh-gia/chuong-trinh/{audit_programme}/sua/",
        {"purpose": "Duy trì hệ thống"},
        {"purpose": "Cải tiến hệ thống"},
    ),
    "web:audits:own_edit": Edit(
        "/danh-gia/cau-hoi/{own_question}/", {"text": "Niêm yết còn đúng?"}, {"text": "Niêm yết đủ không?"}
    ),
    "web:audits:edit": Edit(
        "/danh-gia/{audit}/sua/", {"title": "Đánh giá đợt 1"}, {"title": "Đánh giá giữa năm"}
    ),
    "web:audits:team": Edit(
        "/danh-gia/{audit}/doan/", {"person-0": "{person}"}, {"person-0": "{other_person}"}
    ),
    "web:audits:sessions": Edit(
        "/danh-gia/{audit}/lich/", {"topic-0": "Họp mở đầu"}, {"topic-0": "Họp khai mạc đánh giá"}
    ),
    "web:audits:report": Edit(
        "/danh-gia/{open_audit}/bao-cao/",
        {"conclusion": "Hệ thống phù hợp"},
        {"conclusion": "Hệ thống được duy trì"},
    ),
    "web:audits:answer": Edit(
        "/danh-gia/tra-loi/{asked}/",
        {"answer": "conforms", "note": "Đã xem sổ"},
        {"answer": "none", "note": "Không phát sinh"},
    ),
    "web:audits:question_edit": Edit(
        "/danh-gia/tra-loi/{asked}/sua/", {"text": "Sổ còn đủ không?"}, {"text": "Sổ ghi đúng không?"}
    ),
    "web:audits:finding_edit": Edit(
        "/danh-gia/phat-hien/{finding}/sua/", {"text": "Ba hồ sơ trễ"}, {"text": "Hai hồ sơ trễ"}
    ),
    "web:reviews:edit": Edit(
        "/xem-xet/{review}/sua/", {"place": "Phòng họp số 1"}, {"place": "Hội trường xã"}
    ),
    "web:reviews:consider": Edit(
        "/xem-xet/{review}/dau-vao/c2/", {"comment": "Đạt yêu cầu"}, {"comment": "Còn hai mục tiêu chậm"}
    ),
    "web:reviews:attendance": Edit(
        "/xem-xet/{review}/thanh-phan/",
        {"m{review_member}-absence": "Họp tỉnh"},
        {"m{review_member}-absence": "Nghỉ phép"},
    ),
    "web:reviews:conclude": Edit(
        "/xem-xet/{review}/ket-luan/", {"conclusion": "Có hiệu lực"}, {"conclusion": "Cần cải tiến"}
    ),
    "web:reviews:decision_edit": Edit(
        "/xem-xet/{review}/quyet-dinh/{review_decision}/",
        {"text": "Mua hai máy quét"},
        {"text": "Thuê máy quét"},
    ),
    "web:plans:plan_resources": Edit(
        "/ke-hoach/{draft}/",
        {"resources-text": "Kinh phí thường xuyên năm 2027"},
        {"resources-text": "Nguồn chi sự nghiệp"},
        "/ke-hoach/{draft}/nguon-luc/",
    ),
    "web:plans:plan_evaluation": Edit(
        "/ke-hoach/{unmeasured}/",
        {"evaluation-text": "Báo cáo quý"},
        {"evaluation-text": "Báo cáo tháng"},
        "/ke-hoach/{unmeasured}/cach-danh-gia/",
    ),
    "web:plans:head_edit": Edit(
        "/ke-hoach/{draft}/soan/quyet-dinh/",
        {"title": "Về mục tiêu chất lượng năm 2027"},
        {"title": "Ban hành mục tiêu chất lượng"},
    ),
    "web:plans:policy_edit": Edit(
        "/ke-hoach/{draft}/soan/chinh-sach/", {"motto": "Tận tụy"}, {"motto": "Minh bạch"}
    ),
    "web:plans:bodies_edit": Edit(
        "/ke-hoach/{draft}/soan/don-vi/", {"body-0": "unit:{unit}"}, {"body-0": "unit:{other_unit}"}
    ),
    "web:plans:objective_edit": Edit(
        "/ke-hoach/{draft}/soan/muc-tieu/{objective}/",
        {"method": "Sổ theo dõi"},
        {"method": "Phần mềm của tỉnh"},
    ),
    "web:plans:target_edit": Edit(
        "/ke-hoach/{draft}/soan/chi-tieu/{target}/",
        {"text": "Từ 98% hồ sơ đúng hạn"},
        {"text": "Từ 99% hồ sơ đúng hạn"},
    ),
    "web:plans:action_edit": Edit(
        "/ke-hoach/{draft}/soan/bien-phap/{action}/",
        {"text": "Rà soát hồ sơ mỗi tuần"},
        {"text": "Nhắc người thụ lý"},
    ),
    "web:plans:target_wiring": Edit(
        "/ke-hoach/{draft}/cach-do/{target}/",
        {"choice": "by_hand", "within": "7"},
        {"choice": "by_hand", "within": "9"},
    ),
    "web:objectives:measurement": Edit(
        "/muc-tieu/chi-tieu/{measured}/cach-do/",
        {"method": "Đếm trên phần mềm một cửa"},
        {"method": "Đếm trong sổ"},
    ),
    "web:tasks:calendar_year": Edit(
        "/cong-viec/ngay-lam-viec/2026/",
        {"day": "10/09/2026", "kind": "off", "name": "Nghỉ bù"},
        {"day": "10/09/2026", "kind": "off", "name": "Ngày hội của xã"},
    ),
    "web:tasks:confirm_year": Edit(
        "/cong-viec/ngay-lam-viec/2027/",
        {"nam-source": "Thông báo 15/TB-UBND"},
        {"nam-source": "Công văn 20/CV-UBND"},
        "/cong-viec/ngay-lam-viec/2027/xac-nhan/",
    ),
    "web:tasks:record_progress": Edit(
        "/cong-viec/{task}/",
        {"progress": "40", "note": ""},
        {"progress": "60", "note": ""},
        "/cong-viec/{task}/tien-do/",
    ),
    "web:tasks:move_due": Edit(
        "/cong-viec/{task}/",
        {"han-due_on": "20/08/2026", "han-reason": "Chờ tỉnh"},
        {"han-due_on": "25/08/2026", "han-reason": "Chờ sở"},
        "/cong-viec/{task}/doi-han/",
    ),
    "web:tasks:assign_task": Edit(
        "/cong-viec/{task}/",
        {"person": "{person}"},
        {"person": "{other_person}"},
        "/cong-viec/{task}/phan-cong/",
    ),
    "web:reports:part": Edit(
        "/bao-cao/phan/{report_part}/",
        {"proposals": "Bổ sung biên chế"},
        {"proposals": "Bổ sung kinh phí"},
    ),
    "web:reports:edit_line": Edit(
        "/bao-cao/lich/dong/{report_line}/",
        {"addressee": "Sở Khoa học và Công nghệ"},
        {"addressee": "UBND tỉnh"},
    ),
    "web:reports:write_remarks": Edit(
        "/bao-cao/{report}/",
        {"reason_{remarked}": "Thiếu người trực"},
        {"reason_{remarked}": "Phần mềm dừng hai ngày"},
        "/bao-cao/{report}/nhan-xet/",
    ),
    "web:feedback:classify": Edit("/phan-anh/{feedback}/phan-loai/", {"kind": "rules"}, {"kind": "other"}),
    "web:feedback:assign": Edit(
        "/phan-anh/{feedback}/giao/", {"unit_id": "{other_unit}"}, {"unit_id": "{committee}"}
    ),
    "web:feedback:answer": Edit(
        "/phan-anh/{feedback}/tra-loi/", {"answer": "Đã thay bóng đèn."}, {"answer": "Sẽ thay trong tuần."}
    ),
    "web:cycle:rules": Edit("/cai-tien/nhip-do/", {"plan_days": "10"}, {"plan_days": "20"}),
    "web:notifications:ladder": Edit("/co-quan/bao-qua-han/", {"head": "2"}, {"head": "7"}),
    "web:organisation:agency_edit": Edit(
        "/co-quan/sua/", {"place": "Bình Yên Đông"}, {"place": "Bình Yên Tây"}
    ),
    "web:organisation:unit_edit": Edit(
        "/co-quan/bo-phan/{unit}/", {"name": "Phòng Kinh tế và Hạ tầng"}, {"name": "Phòng Kinh tế, Xây dựng"}
    ),
    "web:organisation:unit_move": Edit(
        "/co-quan/bo-phan/", {"to": "down"}, {"to": "down"}, "/co-quan/bo-phan/{unit}/chuyen/", is_button=True
    ),
    "web:organisation:person_edit": Edit(
        "/co-quan/nhan-su/{person}/",
        {"email": "binh@binhyen.vn"},
        {"email": "tranbinh@binhyen.vn"},
        "/co-quan/nhan-su/{person}/sua/",
    ),
    "web:organisation:committee_edit": Edit(
        "/co-quan/bo-phan/{committee}/thanh-vien/sua/",
        {"decision_number": "45/QĐ-UBND"},
        {"decision_number": "54/QĐ-UBND"},
    ),
    "web:organisation:committee_reappoint": Edit(
        "/co-quan/bo-phan/{committee}/thanh-vien/kien-toan/",
        {"decision_number": "88/QĐ-UBND", "ghe-0-person": "{person}"},
        {"decision_number": "89/QĐ-UBND", "ghe-0-person": "{other_person}"},
    ),
    "web:organisation:setup_name": Edit(
        "/co-quan/thiet-lap/ten-goi/", {"place": "Bình Yên Đông"}, {"place": "Bình Yên Tây"}
    ),
    "web:organisation:setup_reporting": Edit(
        "/co-quan/thiet-lap/bao-cao/", {"year_report_by": "20/11"}, {"year_report_by": "25/11"}
    ),
    "web:organisation:post_end": Edit(
        "/co-quan/nhan-su/{person}/",
        {"ended_on": "01/09/2026"},
        {"ended_on": "01/08/2026"},
        "/co-quan/nhan-su/vi-tri/{post}/ket-thuc/",
        is_button=True,
    ),
    "web:organisation:privacy_kind": Edit(
        "/co-quan/du-lieu-ca-nhan/danh-muc/identity/",
        {"purpose": "Phân công và theo dõi công việc"},
        {"purpose": "Chỉ để đăng nhập"},
    ),
    "web:publishing:page_edit": Edit(
        "/noi-dung-cong-khai/trang/", {"hours": "Thứ Hai đến thứ Sáu"}, {"hours": "Thứ Hai đến thứ Bảy"}
    ),
    "web:publishing:prepare_again": Edit(
        "/noi-dung-cong-khai/{publication}/",
        {"title": "Chính sách chất lượng của xã"},
        {"title": "Cam kết của xã với người dân"},
        "/noi-dung-cong-khai/{publication}/chuan-bi-lai/",
    ),
    "web:registers:edit": Edit(
        "/so/chi-dao/{entry}/sua/", {"title": "Rà soát hồ sơ đất đai"}, {"title": "Rà soát mọi hồ sơ quá hạn"}
    ),
    "web:registers:reminder_edit": Edit(
        "/so/don-doc/{reminder}/sua/",
        {"subject": "đôn đốc nhiệm vụ quá hạn"},
        {"subject": "đôn đốc xử lý hồ sơ đất đai"},
    ),
    "web:registers:item_edit": Edit(
        "/so/kinh-te-xa-hoi/danh-muc/{item}/", {"name": "Thu ngân sách xã"}, {"name": "Thu ngân sách địa bàn"}
    ),
    "web:documents:patterns": Edit(
        "/tai-lieu/ky-hieu/", {"system": "QT-{{serial:02}}"}, {"system": "QTHT.{{serial:02}}"}
    ),
    "web:documents:edit": Edit(
        "/tai-lieu/{document}/sua/",
        {"title": "Kiểm soát thông tin"},
        {"title": "Kiểm soát tài liệu, hồ sơ"},
    ),
    "web:documents:citations": Edit(
        "/tai-lieu/{document}/can-cu/",
        {"text-0": "{legal_text}", "part-0": "Điều 4"},
        {"text-0": "{legal_text}", "part-0": "Điều 36"},
    ),
    "web:documents:write": Edit(
        "/tai-lieu/lan/{edition}/soan/",
        {"amendments-0-what": "Thêm biểu mẫu"},
        {"amendments-0-what": "Bỏ biểu mẫu"},
    ),
    "web:legal:edit": Edit(
        "/van-ban-phap-luat/{legal_text}/sua/",
        {"title": "Quy định chi tiết thi hành"},
        {"title": "Hướng dẫn thi hành"},
    ),
    "web:risks:edit": Edit("/rui-ro/{risk}/sua/", {"title": "Mất kết nối"}, {"title": "Mất điện"}),
    "web:risks:issue_edit": Edit(
        "/rui-ro/boi-canh/{issue}/", {"text": "Cần kết quả đúng hẹn"}, {"text": "Cần hướng dẫn rõ"}
    ),
    "web:nonconformities:edit": Edit(
        "/khac-phuc/{nonconformity}/sua/",
        {"title": "Hồ sơ đất đai chuyển muộn"},
        {"title": "Hồ sơ chuyển trễ hẹn"},
    ),
    "web:nonconformities:correct": Edit(
        "/khac-phuc/{nonconformity}/khac-phuc-ngay/",
        {"correction": "Chuyển ngay hồ sơ"},
        {"correction": "Gửi thư xin lỗi"},
    ),
    "web:nonconformities:analyse": Edit(
        "/khac-phuc/{nonconformity}/nguyen-nhan/",
        {"root_cause": "Thiếu người thay"},
        {"root_cause": "Phân công chưa rõ"},
    ),
    "web:nonconformities:step_edit": Edit(
        "/khac-phuc/{nonconformity}/viec/{corrective_step}/sua/",
        {"text": "Sửa phân công"},
        {"text": "Cử người thay"},
    ),
    "web:postings:correct": Edit(
        "/niem-yet/{notice}/sua/",
        {"subject": "Lịch tiếp công dân tháng 7"},
        {"subject": "Lịch tiếp công dân quý III"},
    ),
    "web:postings:plan_line_edit": Edit(
        "/niem-yet/ke-hoach/dong/{planned}/sua/",
        {"subject": "Dự toán ngân sách xã", "days_posted": "45"},
        {"subject": "Dự toán thu, chi ngân sách", "days_posted": "60"},
    ),
    "web:postings:place_edit": Edit(
        "/niem-yet/noi/{place}/", {"name": "Bảng tin cổng chính"}, {"name": "Bảng tin hội trường"}
    ),
    "web:imports:software_edit": Edit(
        "/ho-so/nhap/phan-mem/{software}/", {"name": "iGate"}, {"name": "VNPT iGate 2"}
    ),
    "web:dossiers:letter_edit": Edit(
        "/ho-so/thu/{letter}/sua/",
        {"reason": "Chờ đo đạc", "due_new": "08/07/2026"},
        {"reason": "Thiếu người", "due_new": "09/07/2026"},
    ),
    "web:procedures:edition_add": Edit(
        "/thu-tuc/{procedure}/sua/",
        {"name": "Đăng ký khai sinh lưu động"},
        {"name": "Đăng ký lại khai sinh"},
    ),
    "web:surveys:words_edit": Edit(
        "/khao-sat/bo-cau-hoi/{questionnaire}/loi/",
        {"introduction_vi": "Mời ông/bà góp ý"},
        {"introduction_vi": "Xin ông/bà cho ý kiến"},
    ),
    "web:surveys:languages_edit": Edit(
        "/khao-sat/bo-cau-hoi/{questionnaire}/ngon-ngu/", {"languages": "km"}, {"languages": "hmv"}
    ),
    "web:surveys:factors_edit": Edit(
        "/khao-sat/bo-cau-hoi/{questionnaire}/yeu-to/",
        {"officers_vi": "Công chức tiếp dân"},
        {"officers_vi": "Cán bộ tiếp nhận"},
    ),
    "web:surveys:question_edit": Edit(
        "/khao-sat/bo-cau-hoi/{questionnaire}/cau/comment/",
        {"text_vi": "Ông/bà góp ý gì thêm?"},
        {"text_vi": "Điều gì cần sửa?"},
    ),
    "web:surveys:survey_edit": Edit(
        "/khao-sat/{survey}/sua/", {"title": "Khảo sát một cửa"}, {"title": "Khảo sát hài lòng"}
    ),
    "web:surveys:point_edit": Edit("/khao-sat/diem/{point}/sua/", {"name": "Cửa số 3"}, {"name": "Cửa số 4"}),
    "web:system:agency_edit": Edit(
        "/he-thong/co-quan/{below}/sua/", {"place": "Suối Trong"}, {"place": "Suối Ngoài"}
    ),
    "web:system:agency_rename": Edit(
        "/he-thong/co-quan/{below}/doi-ten/",
        {"name": "UBND xã Suối Trong", "full_name": "Ủy ban nhân dân xã Suối Trong", "decision": "NQ 1"},
        {"name": "UBND xã Suối Ngoài", "full_name": "Ủy ban nhân dân xã Suối Ngoài", "decision": "NQ 2"},
    ),
    "web:organisation:body_name": Edit(
        "/co-quan/ten-goi/{name}/", {"unit": "{unit}"}, {"unit": "{other_unit}"}
    ),
}


def test_every_editing_form_has_its_scene() -> None:
    assert {name for name, way in WAYS.items() if way == EDITS} == set(SCENES)


@dataclass(frozen=True)
class Act:
    """An act that two people have on their screens: the page, the form, what is typed with it."""

    page: str
    action: str
    typed: dict[str, str] = field(default_factory=dict)
    by: str = "an"


ACTED = {
    "web:publishing:discard": Act(
        "/noi-dung-cong-khai/{publication}/", "/noi-dung-cong-khai/{publication}/bo/"
    ),
    "web:tasks:accept_task": Act("/cong-viec/{task}/", "/cong-viec/{task}/xac-nhan/"),
    "web:tasks:return_task": Act(
        "/cong-viec/{task}/", "/cong-viec/{task}/tra-lai/", {"tra-reason": "Thiếu biên bản"}
    ),
    "web:objectives:confirm_reading": Act("/muc-tieu/cho-xac-nhan/", "/muc-tieu/so-lieu/{reading}/xac-nhan/"),
    "web:objectives:withdraw_reading": Act(
        "/muc-tieu/so-lieu/{reading}/rut/", "/muc-tieu/so-lieu/{reading}/rut/", {"reason": "Nhập nhầm kỳ"}
    ),
    "web:reports:discard_report": Act("/bao-cao/{report}/", "/bao-cao/{report}/huy/"),
    "web:plans:plan_discard": Act("/ke-hoach/{draft}/", "/ke-hoach/{draft}/bo/"),
    "web:tasks:cancel_task": Act(
        "/cong-viec/{task}/", "/cong-viec/{task}/huy/", {"huy-reason": "Không còn cần"}
    ),
}


@pytest.mark.django_db
class TestTwoAtOneRecord:
    """The world is made once; what a test does in it is undone after it."""

    @pytest.mark.parametrize("name", in_turn(SCENES, "web:organisation:unit_edit"))
    def test_nothing_is_overwritten_unseen(self, name: str, world: World, signed_in: SignedIn) -> None:
        scene = SCENES[name]
        page, action = scene.page.format(**world.ids), scene.action.format(**world.ids)
        first = {key.format(**world.ids): text.format(**world.ids) for key, text in scene.first.items()}
        second = {key.format(**world.ids): text.format(**world.ids) for key, text in scene.second.items()}
        an, mai = signed_in(world.people.an), signed_in(world.mai)
        late = opened(mai, page, action)
        done = send(an, opened(an, page, action), **first)
        assert done.status_code == 302, done.content.decode()[:3000]
        count = Entry.objects.count()

        refused = send(mai, late, **second)

        assert Entry.objects.count() == count
        text = (
            refused.content.decode()
            if refused.status_code != 302
            else mai.get(refused["Location"]).content.decode()
        )
        assert "Nguyễn Thị An" in text
        if scene.is_button:
            return
        for typed in second.values():
            assert typed in text
        if refused.status_code == 302:  # the form has gone from its page: it is on the page of what is held
            again = form_in(text, "/da-nhap/", action or page)
            assert send(mai, again).status_code == 302
            assert Entry.objects.count() > count
            return
        assert refused.status_code in (200, 422)
        again = form_in(text, page, action)
        assert {key: again.fields.get(key) for key in second} == second
        assert send(mai, again).status_code == 302
        assert Entry.objects.count() > count

    @pytest.mark.parametrize("name", in_turn(ACTED, "web:tasks:accept_task"))
    def test_an_act_that_somebody_did_before_is_refused_with_who_and_when(
        self, name: str, world: World, signed_in: SignedIn
    ) -> None:
        if name in {"web:tasks:accept_task", "web:tasks:return_task"}:
            work.submit_task(actor=world.people.binh, task_id=world.ids["task"], result="Đã rà soát", now=NOW)
        act = ACTED[name]
        page, action = act.page.format(**world.ids), act.action.format(**world.ids)
        an, mai = signed_in(world.people.an), signed_in(world.mai)
        late = opened(mai, page, action)
        assert send(an, opened(an, page, action), **act.typed).status_code == 302
        count = Entry.objects.count()

        refused = send(mai, late, **act.typed)

        assert Entry.objects.count() == count
        text = (
            mai.get(refused["Location"]).content.decode()
            if refused.status_code == 302
            else refused.content.decode()
        )
        assert "Nguyễn Thị An" in text
        for typed in act.typed.values():
            assert typed in text, "what was typed is lost"

    def test_what_was_submitted_anew_meanwhile_is_not_accepted_unseen(
        self, world: World, signed_in: SignedIn
    ) -> None:
        task_id = world.ids["task"]
        work.submit_task(actor=world.people.binh, task_id=task_id, result="Đã rà soát", now=NOW)
        page, action = f"/cong-viec/{task_id}/", f"/cong-viec/{task_id}/xac-nhan/"
        mai = signed_in(world.mai)
        late = opened(mai, page, action)
        work.return_task(actor=world.people.an, task_id=task_id, reason="Thiếu", now=NOW)
        work.submit_task(actor=world.people.binh, task_id=task_id, result="Chưa làm được gì", now=NOW)

        refused = send(mai, late)

        assert refused.status_code == 422
        assert "Chưa làm được gì" in refused.content.decode()
        assert send(mai, form_in(refused.content.decode(), page, action)).status_code == 302

    def test_no_form_of_the_page_lacks_its_mark(self, world: World, signed_in: SignedIn) -> None:
        client = signed_in(world.people.an)
        for page in (
            "/",
            "/ke-hoach/{draft}/",
            "/ke-hoach/{draft}/soan/",
            "/cong-viec/{task}/",
            "/bao-cao/{report}/",
        ):
            forms = forms_of(client.get(page.format(**world.ids)).content.decode())
            assert forms
            assert all("camket_form" in form.fields for form in forms), page
