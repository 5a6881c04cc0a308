"""Every address says who may, and another agency's records are not there: an address without a row here fails."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from camket.actions.models import Action, ListAct, Task, Trigger
from camket.core.registers.meetings import written
from camket.documents.models import (
    ChangeReview,
    ControlledDocument,
    DocumentEdition,
    Evidence,
    LegalChange,
    LegalText,
    PaperTemplate,
    Signer,
    StoredFile,
)
from camket.dossiers.models import Letter, Posting, RefusedRow, Software
from camket.improvement.models import (
    Announcement,
    Audit,
    AuditedUnit,
    AuditPaper,
    AuditProgramme,
    AuditProgrammePaper,
    AuditQuestion,
    ContextIssue,
    CorrectiveStep,
    Finding,
    Nonconformity,
    OwnQuestion,
    Review,
    ReviewDecision,
    Risk,
    SelfAssessment,
)
from camket.indicators.models import Definition, Indicator, Reading
from camket.journal.models import Entry
from camket.journal.operations import record
from camket.notifications.models import Notification
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.models import (
    Agency,
    AgencyCode,
    BodyName,
    Delegation,
    Erasure,
    Membership,
    Person,
    PlannedSuccession,
    Role,
    Seat,
    SubjectRequest,
    Succession,
    Unit,
)
from camket.org.policy import ACTS, Scope, roles_reaching, roles_with
from camket.packing.models import Pack
from camket.publishing.models import (
    ApprovedPostingPlan,
    Notice,
    Place,
    PlannedPosting,
    PostingList,
    Publication,
)
from camket.publishing.planned import planned
from camket.publishing.posting_list import listed
from camket.registers.copy_paper import Copy, Original
from camket.registers.letter_paper import SUBJECT, LetterContent, Line
from camket.registers.models import Batch as RegisterBatch
from camket.registers.models import DocumentCopy, Extension, ListItem, ProgrammePaper
from camket.registers.models import Entry as RegisterEntry
from camket.registers.models import Letter as ReminderLetter
from camket.registers.programme_paper import Programme
from camket.reporting.models import HandOver, Report, ReportCalendar, ReportLine, ReportOccurrence, UnitPart
from camket.voices.models import Comment, Handout, SlipBatch
from camket.voices.operations.answers import store_responses
from camket.voices.operations.feedback_intake import NewFeedback, receive_from_public
from camket.web.request import CAPACITY_KEY, CHOICE
from people import TODAY, People, make_agency
from procedures import make_procedure
from seeded import make_late_dossier
from voices.answering import answered, edition_of, make_point, make_survey

PUBLIC = "everybody"
SIGNED_IN = "whoever signed in"

# View name: who may open it. An act of camket.org.policy, or one of the two words above.
AUDIENCE = {
    "healthz": PUBLIC,
    "ready": PUBLIC,
    "metrics": PUBLIC,  # this machine, or who holds CAMKET_METRICS_TOKEN; 404 for others
    "web:surveys:interview": "survey.enter",
    "web:answering:answer": PUBLIC,  # who holds the address of a survey
    "web:answering:worker": PUBLIC,
    "web:publishing:overview": "publication.view",
    "web:publishing:page_edit": "publication.prepare",
    "web:publishing:page_open": "publication.prepare",
    "web:publishing:page_close": "publication.prepare",
    "web:publishing:prepare": "publication.prepare",
    "web:publishing:publication": "publication.view",
    "web:publishing:preview": "publication.view",
    "web:publishing:prepare_again": "publication.prepare",
    "web:publishing:submit": "publication.prepare",
    "web:publishing:send_back": "publication.publish",
    "web:publishing:publish": "publication.publish",
    "web:publishing:withdraw": "publication.publish",
    "web:publishing:discard": "publication.prepare",
    "web:registers:overview": "register.view",
    "web:registers:list": "register.view",
    "web:registers:many": "register.keep",
    "web:registers:many_done": "register.keep",
    "web:registers:many_undo": "register.keep",
    "web:registers:quick_add": "register.keep",
    "web:registers:add": "register.keep",
    "web:registers:entry": "register.view",
    "web:registers:edit": "register.keep",
    "web:registers:history": "register.view",
    "web:registers:finish": "register.keep",
    "web:registers:reopen": "register.keep",
    "web:registers:withdraw": "register.keep",
    "web:registers:ask_extension": "register.keep",
    "web:registers:decide_extension": "register.extend",
    "web:registers:give_number": "register.number",
    "web:registers:attach": "register.keep",
    "web:registers:give_work": "register.keep",
    "web:registers:next_month": "register.keep",
    "web:registers:programme_paper": "register.view",
    "web:registers:programme_file": "register.view",
    "web:registers:titles_submission": "register.view",
    "web:registers:copy": "register.view",
    "web:registers:copy_file": "register.view",
    "web:registers:copy_make": "register.number",
    "web:registers:copy_withdraw": "register.recall",
    "web:registers:programme_issue": "register.number",
    "web:registers:programme_issued": "register.view",
    "web:registers:programme_issued_file": "register.view",
    "web:registers:programme_withdraw": "register.recall",
    "web:registers:late_work": "register.view",
    "web:registers:late_list": "register.view",
    "web:registers:letters_draft": "reminder.draft",
    "web:registers:reminders": "register.view",
    "web:registers:reminders_issue": "reminder.issue",
    "web:registers:reminders_file": "register.view",
    "web:registers:reminder": "register.view",
    "web:registers:reminder_edit": "reminder.draft",
    "web:registers:reminder_discard": "reminder.draft",
    "web:registers:reminder_withdraw": "reminder.issue",
    "web:registers:reminder_file": "register.view",
    "web:registers:invite": "register.keep",
    "web:registers:invitation": "register.view",
    "web:registers:series": "register.view",
    "web:registers:courses": "register.view",
    "web:registers:figures": "register.view",
    "web:registers:figures_enter": "register.keep",
    "web:registers:template": "register.view",
    "web:registers:taken_out": "register.view",
    "web:registers:bring_in": "register.bring_in",
    "web:registers:batch": "register.bring_in",
    "web:registers:batch_refused": "register.bring_in",
    "web:registers:batch_retry": "register.bring_in",
    "web:registers:batch_take_back": "register.bring_in",
    "web:registers:row_mend": "register.bring_in",
    "web:registers:row_set_aside": "register.bring_in",
    "web:registers:items": "register.view",  # adding one is register.list, which the operation asks for
    "web:registers:item_edit": "register.list",
    "web:reviews:list": "review.view",
    "web:reviews:prepare": "review.prepare",
    "web:reviews:review": "review.view",
    "web:reviews:edit": "review.prepare",
    "web:reviews:gather": "review.prepare",
    "web:reviews:consider": "review.prepare",
    "web:reviews:convene": "review.prepare",
    "web:reviews:cancel": "review.prepare",
    "web:reviews:attendance": "review.prepare",
    "web:reviews:conclude": "review.prepare",
    "web:reviews:decision_add": "review.prepare",
    "web:reviews:decision_edit": "review.prepare",
    "web:reviews:decision_drop": "review.prepare",
    "web:reviews:close": "review.close",
    "web:reviews:paper": "review.view",
    "web:reviews:year_plan_file": "review.view",
    "web:cycle:overview": "nonconformity.view",
    "web:cycle:rules": "cycle.rules",
    "web:announcements:list": "announcement.view",
    "web:announcements:prepare": "announcement.prepare",
    "web:announcements:announcement": "announcement.view",
    "web:announcements:edit": "announcement.prepare",
    "web:announcements:discard": "announcement.prepare",
    "web:announcements:ask": "announcement.prepare",
    "web:announcements:confirm": "announcement.confirm",
    "web:announcements:send_back": "announcement.confirm",
    "web:announcements:announce": "announcement.prepare",
    "web:announcements:record_signed": "announcement.prepare",
    "web:announcements:withdraw": "announcement.confirm",
    "web:announcements:paper": "announcement.view",
    "web:packs:list": "pack.take",
    "web:packs:ask": "pack.take",
    "web:packs:take": "pack.take",
    "web:self_assessments:list": "assessment.view",
    "web:self_assessments:begin": "assessment.keep",
    "web:self_assessments:assessment": "assessment.view",
    "web:self_assessments:mark": "assessment.keep",
    "web:self_assessments:word": "assessment.keep",
    "web:self_assessments:close": "assessment.keep",
    "web:self_assessments:discard": "assessment.keep",
    "web:self_assessments:paper": "assessment.view",
    "web:documents:list": "document.view",
    "web:documents:list_file": "document.view",
    "web:documents:forms_in_use": "document.view",
    "web:documents:forms_file": "document.view",
    "web:documents:distribution_file": "document.view",
    "web:documents:to_read": "document.view",
    "web:organisation:papers": "document.view",
    "web:organisation:paper_letterhead": "document.manage",
    "web:organisation:paper_recipients": "document.manage",
    "web:organisation:paper_template": "document.manage",
    "web:organisation:paper_template_use": "document.manage",
    "web:organisation:paper_template_starter": "document.manage",
    "web:organisation:paper_template_version": "document.manage",
    "web:organisation:paper_template_file": "document.manage",
    "web:organisation:signer_add": "document.manage",
    "web:organisation:signer_end": "document.manage",
    "web:documents:conformity": "document.write",
    "web:documents:patterns": "document.manage",
    "web:documents:add": "document.write",
    "web:documents:decision_file": "document.manage",
    "web:documents:document": "document.view",
    "web:documents:edit": "document.manage",
    "web:documents:withdraw": "document.manage",
    "web:documents:still_right": "document.write",
    "web:documents:citations": "document.write",
    "web:documents:begin": "document.write",
    "web:documents:edition": "document.view",
    "web:documents:write": "document.write",
    "web:documents:submit": "document.write",
    "web:documents:pass_on": "document.review",
    "web:documents:send_back": "document.view",  # who reviews or approves, which the operation asks for
    "web:documents:approve": "document.approve",
    "web:documents:issue": "document.manage",
    "web:documents:discard": "document.write",
    "web:documents:distribute": "document.manage",
    "web:documents:confirm_read": "document.view",
    "web:documents:remind": "document.manage",
    "web:documents:readers": "document.view",
    "web:documents:compare": "document.view",
    "web:documents:file": "document.view",
    "web:legal:list": "document.view",
    "web:legal:list_file": "document.view",
    "web:legal:bring_in": "document.manage",
    "web:legal:add": "document.manage",
    "web:legal:text": "document.view",
    "web:legal:edit": "document.manage",
    "web:legal:note_change": "document.manage",
    "web:legal:not_needed": "document.write",
    "web:audits:list": "audit.view",
    "web:audits:follow_up": "audit.view",
    "web:audits:follow_up_file": "audit.view",
    "web:audits:programme_add": "audit.plan",
    "web:audits:programme_edit": "audit.plan",
    "web:audits:programme_approve": "audit.approve",
    "web:audits:unit_years": "audit.view",
    "web:audits:clause_years": "audit.view",
    "web:audits:programme_return": "audit.approve",
    "web:audits:programme_reissue": "audit.approve",
    "web:audits:programme_signed": "audit.view",
    "web:audits:programme_turn": "audit.plan",
    "web:audits:programme_file": "audit.view",
    "web:audits:own_questions": "audit.plan",
    "web:audits:own_add": "audit.plan",
    "web:audits:own_edit": "audit.plan",
    "web:audits:phone": "audit.conduct",
    "web:audits:phone_worker": "audit.conduct",
    "web:audits:phone_book": "audit.conduct",
    "web:audits:phone_send": "audit.conduct",
    "web:audits:add": "audit.plan",
    "web:audits:audit": "audit.view",
    "web:audits:edit": "audit.plan",
    "web:audits:cancel": "audit.plan",
    "web:audits:team": "audit.plan",
    "web:audits:sessions": "audit.plan",
    "web:audits:questions": "audit.plan",
    "web:audits:report": "audit.conduct",
    "web:audits:issue": "audit.conduct",
    "web:audits:decide": "audit.plan",
    "web:audits:issued_file": "audit.view",
    "web:audits:withdraw_issued": "audit.recall",
    "web:audits:programme_withdraw": "audit.recall",
    "web:audits:turn": "audit.conduct",
    "web:audits:checklist": "audit.view",
    "web:audits:question_add": "audit.conduct",
    "web:audits:finding_add": "audit.conduct",
    "web:audits:receive": "audit.conduct",
    "web:audits:answer": "audit.conduct",
    "web:audits:question_edit": "audit.conduct",
    "web:audits:finding": "audit.view",
    "web:audits:finding_edit": "audit.conduct",
    "web:audits:withdraw": "audit.conduct",
    "web:audits:slip": "audit.view",
    "web:audits:decision_file": "audit.view",
    "web:audits:plan_file": "audit.view",
    "web:audits:report_file": "audit.view",
    "web:audits:checklist_file": "audit.view",
    "web:audits:empty_checklist_file": "audit.view",
    "web:risks:list": "risk.view",
    "web:risks:book_file": "risk.view",
    "web:risks:look": "risk.keep",
    "web:risks:add": "risk.keep",
    "web:risks:suggest": "risk.propose",
    "web:risks:scale": "risk.scale",
    "web:risks:context": "risk.view",
    "web:risks:issue_add": "risk.keep",
    "web:risks:issue_edit": "risk.keep",
    "web:risks:issue_end": "risk.keep",
    "web:risks:page": "risk.view",
    "web:risks:edit": "risk.keep",
    "web:risks:rate": "risk.keep",
    "web:risks:treat": "risk.keep",
    "web:risks:take_up": "risk.keep",
    "web:risks:dismiss": "risk.keep",
    "web:risks:end": "risk.keep",
    "web:nonconformities:list": "nonconformity.view",
    "web:nonconformities:book_file": "nonconformity.view",
    "web:nonconformities:look": "nonconformity.treat",
    "web:nonconformities:add": "nonconformity.raise",
    "web:nonconformities:page": "nonconformity.view",
    "web:nonconformities:request_file": "nonconformity.view",
    "web:nonconformities:edit": "nonconformity.treat",
    "web:nonconformities:correct": "nonconformity.treat",
    "web:nonconformities:analyse": "nonconformity.treat",
    "web:nonconformities:step_add": "nonconformity.treat",
    "web:nonconformities:step_edit": "nonconformity.treat",
    "web:nonconformities:step_drop": "nonconformity.treat",
    "web:nonconformities:take_up": "nonconformity.treat",
    "web:nonconformities:dismiss": "nonconformity.treat",
    "web:nonconformities:cancel": "nonconformity.treat",
    "web:nonconformities:submit": "nonconformity.treat",
    "web:nonconformities:send_back": "nonconformity.approve",
    "web:nonconformities:approve": "nonconformity.approve",
    "web:nonconformities:judge": "nonconformity.judge",
    "web:nonconformities:reopen": "nonconformity.judge",
    "web:nonconformities:note_report": "nonconformity.treat",
    "web:postings:list": "posting.view",
    "web:postings:register_file": "posting.view",
    "web:postings:post": "posting.manage",
    "web:postings:press_announcement": "posting.manage",
    "web:postings:press_document": "posting.manage",
    "web:postings:notice": "posting.view",
    "web:postings:prove": "posting.manage",
    "web:postings:take_down": "posting.manage",
    "web:postings:renew": "posting.manage",
    "web:postings:correct": "posting.manage",
    "web:postings:cancel": "posting.manage",
    "web:postings:places": "posting.view",  # adding one is posting.manage, which the operation asks for
    "web:postings:place_edit": "posting.manage",
    "web:postings:rules": "posting.view",
    "web:postings:prolong": "posting.manage",
    "web:postings:explain_shortfall": "posting.manage",
    "web:postings:plan_now": "posting.view",
    "web:postings:plan": "posting.view",
    "web:postings:plan_file": "posting.view",
    "web:postings:plan_approve": "posting.approve",
    "web:postings:plan_approved_file": "posting.view",
    "web:postings:plan_make": "posting.manage",
    "web:postings:plan_line_add": "posting.manage",
    "web:postings:plan_line": "posting.view",
    "web:postings:plan_line_edit": "posting.manage",
    "web:postings:plan_line_drop": "posting.manage",
    "web:postings:plan_line_restore": "posting.manage",
    "web:postings:plan_line_tie": "posting.manage",
    "web:postings:lists": "posting.view",
    "web:postings:quarter_list": "posting.view",  # issuing it is posting.manage
    "web:postings:draft_file": "posting.view",
    "web:postings:list_file": "posting.view",
    "web:postings:poster": "posting.view",
    "web:public:robots": PUBLIC,
    "web:public:fragment": PUBLIC,  # of agencies that opened their page: what is public, for frames of other sites
    "web:public:directory": PUBLIC,
    "web:public:sitemap": PUBLIC,
    **{  # of agencies that opened their page: publications, never drafts
        f"web:public:{name}": PUBLIC
        for name in (
            "home",
            "policy",
            "objectives",
            "results",
            "satisfaction",
            "procedures",
            "procedure",
            "reports",
            "postings",
            "changes",
            "announcement",
            "archive",
            "feed",
            "publication",
            "report_file",
            "report_data",
            "data",
            "package",
            "latest",
            "of_publication",
        )
    },
    "web:home": "plan.view",
    "web:waiting": "plan.view",
    "web:week": "week.view",
    "web:units": "week.view",
    "web:below": "below.view",
    "web:below_citizens": "below.view",
    "web:below_citizens_file": "below.view",
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
    "web:plans:plan_wiring": "plan.view",
    "web:plans:wiring_confirm_all": "plan.edit",
    "web:plans:target_wiring": "plan.edit",
    "web:plans:wiring_confirm": "plan.edit",
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
    "web:plans:proposals": "plan.edit",
    "web:plans:proposal_take_up": "plan.edit",
    "web:plans:result_take_up": "plan.edit",
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
    "web:objectives:wall": "plan.view",
    "web:objectives:wall_file": "plan.view",
    "web:objectives:objective": "plan.view",
    "web:objectives:target": "plan.view",
    "web:objectives:enter_reading": "reading.enter",
    "web:objectives:measurement": "plan.edit",
    "web:objectives:sheet": "reading.enter",
    "web:objectives:sheet_template": "reading.enter",
    "web:objectives:confirm_many": "reading.confirm",
    "web:objectives:rows": "plan.view",
    "web:objectives:provenance": "plan.view",
    "web:objectives:year_on_year": "plan.view",
    "web:objectives:continue_indicator": "plan.edit",
    "web:objectives:confirm_reading": "reading.confirm",
    "web:objectives:withdraw_reading": "reading.enter",
    "web:objectives:waiting": "plan.view",
    "web:indicators:list": "plan.view",
    "web:indicators:indicator": "plan.view",
    "web:indicators:define": "indicator.define",
    "web:indicators:replace": "indicator.define",
    "web:indicators:end": "indicator.define",
    "web:tasks:my_work": "task.view",
    "web:tasks:task_list": "task.view",
    "web:tasks:many": "task.report",
    "web:tasks:many_done": "task.report",
    "web:tasks:many_undo": "task.report",
    "web:tasks:triggers": "task.view",
    "web:tasks:fire_trigger": "task.report",
    "web:tasks:this_month": "task.view",
    "web:tasks:calendar_month": "task.view",
    "web:tasks:this_plan_year": "task.view",
    "web:tasks:plan_year": "task.view",
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
    "web:tasks:comment_task": "task.comment",
    "web:dossiers:work_list": "dossier.view",
    "web:dossiers:dossier_list": "dossier.view",
    "web:dossiers:differences": "dossier.view",
    "web:dossiers:dossier": "dossier.view",
    "web:dossiers:office_hours": "task.view",
    "web:dossiers:office_hours_set": "task.manage",
    "web:dossiers:letters": "dossier.view",
    "web:dossiers:letters_draft": "letter.write",
    "web:dossiers:letters_issue": "letter.issue",
    "web:dossiers:letters_discard": "letter.write",
    "web:dossiers:letters_file": "dossier.view",
    "web:dossiers:letter": "dossier.view",
    "web:dossiers:letter_edit": "letter.write",
    "web:dossiers:letter_withdraw": "letter.issue",
    "web:dossiers:letter_file": "dossier.view",
    "web:dossiers:form_06a": "dossier.view",
    "web:dossiers:form_06a_file": "dossier.view",
    "web:imports:batch_list": "dossier.view",
    "web:imports:upload": "dossier.import",
    "web:imports:batch": "dossier.view",
    "web:imports:columns": "dossier.import",
    "web:imports:start": "dossier.import",
    "web:imports:discard": "dossier.import",
    "web:imports:undo": "dossier.import",
    "web:imports:drop_file": "dossier.import",
    "web:imports:software_list": "dossier.import",
    "web:imports:software_edit": "dossier.import",
    "web:imports:software_set_aside": "dossier.import",
    "web:imports:software_take_up": "dossier.import",
    "web:imports:refused": "dossier.import",
    "web:imports:mend_words": "dossier.import",
    "web:imports:refused_sheet": "dossier.import",
    "web:imports:row_mend": "dossier.import",
    "web:imports:row_drop": "dossier.import",
    "web:surveys:list": "survey.view",
    "web:surveys:survey_add": "survey.manage",
    "web:surveys:questionnaire_list": "survey.view",
    "web:surveys:questionnaire_add": "survey.manage",
    "web:surveys:questionnaire": "survey.view",
    "web:surveys:edition_begin": "survey.manage",
    "web:surveys:edition_publish": "survey.manage",
    "web:surveys:draft_discard": "survey.manage",
    "web:surveys:words_edit": "survey.manage",
    "web:surveys:languages_edit": "survey.manage",
    "web:surveys:factors_edit": "survey.manage",
    "web:surveys:question_add": "survey.manage",
    "web:surveys:question_edit": "survey.manage",
    "web:surveys:question_move": "survey.manage",
    "web:surveys:question_bring_back": "survey.manage",
    "web:surveys:question_remove": "survey.manage",
    "web:surveys:edition": "survey.view",
    "web:surveys:survey": "survey.view",
    "web:surveys:survey_edit": "survey.manage",
    "web:surveys:survey_open": "survey.manage",
    "web:surveys:survey_close": "survey.manage",
    "web:surveys:links_renew": "survey.manage",
    "web:surveys:handout_note": "survey.enter",
    "web:surveys:paper_form": "survey.view",
    "web:surveys:slips": "survey.manage",
    "web:surveys:dossier_slips": "survey.manage",
    "web:surveys:dossier_slips_printed": "survey.manage",
    "web:surveys:slips_printed": "survey.manage",
    "web:surveys:point_add": "survey.manage",
    "web:surveys:point": "survey.enter",
    "web:surveys:point_edit": "survey.manage",
    "web:surveys:point_renew": "survey.manage",
    "web:surveys:point_switch": "survey.manage",
    "web:surveys:poster": "survey.enter",
    "web:surveys:slip_batches": "survey.enter",
    "web:surveys:slips_begin": "survey.enter",
    "web:surveys:slips_key": "survey.enter",
    "web:surveys:slip_edit": "survey.enter",
    "web:surveys:slip_drop": "survey.enter",
    "web:surveys:slips_finish": "survey.enter",
    "web:surveys:slips_withdraw": "survey.enter",
    "web:surveys:sheet_upload": "survey.enter",
    "web:surveys:sheet_form": "survey.enter",
    "web:surveys:sheet": "survey.enter",
    "web:surveys:sheet_take_in": "survey.enter",
    "web:surveys:sheet_discard": "survey.enter",
    "web:surveys:sheet_refused": "survey.enter",
    "web:surveys:results": "survey.view",
    "web:surveys:results_file": "survey.view",
    "web:surveys:comments": "survey.comments",
    "web:surveys:comments_read": "survey.comments",
    "web:surveys:comment": "survey.comments",
    "web:surveys:comment_tag": "survey.comments",
    "web:surveys:comment_hide": "survey.comments",
    "web:surveys:comment_show": "survey.comments",
    "web:surveys:comment_black_out": "survey.comments",
    "web:surveys:comment_work": "survey.comments",
    "web:reports:report_list": "plan.view",
    "web:reports:report_calendar": "plan.view",
    "web:reports:owed_report": "plan.view",
    "web:reports:begin_report": "report.unit",
    "web:reports:note_sent": "report.write",
    "web:reports:reopen_report": "report.write",
    "web:reports:calendar_lines": "report.write",
    "web:reports:add_line": "report.write",
    "web:reports:edit_line": "report.write",
    "web:reports:end_line": "report.write",
    "web:reports:draft_report": "report.unit",
    "web:reports:report_detail": "plan.view",
    "web:reports:report_changes": "plan.view",
    "web:reports:compose_sentences": "report.unit",
    "web:reports:attach_signed": "report.issue",
    "web:reports:signed_file": "plan.view",
    "web:reports:write_remarks": "report.unit",
    "web:reports:preview": "plan.view",
    "web:reports:issue_report": "report.issue",
    "web:reports:correct_report": "report.unit",
    "web:reports:discard_report": "report.unit",
    "web:reports:submit_report": "report.unit",
    "web:reports:approve_report": "report.approve",
    "web:reports:return_report": "report.approve",
    "web:reports:take_back_report": "report.unit",
    "web:reports:parts": "report.write",
    "web:reports:remind_units": "report.write",
    "web:reports:part": "plan.view",
    "web:reports:take_part": "report.write",
    "web:reports:return_part": "report.write",
    "web:reports:withdraw_part": "report.write",
    "web:reports:download": "plan.view",
    "web:reports:decision_document": "plan.view",
    "web:reports:decision_preview": "plan.view",
    "web:reports:submission_file": "plan.view",
    "web:reports:decision_file": "plan.view",
    "web:organisation:agency": "org.view",
    "web:organisation:agency_edit": "org.manage",
    "web:organisation:export": "agency.export",
    "web:organisation:authority": "org.view",
    "web:organisation:units": "org.view",
    "web:organisation:unit_add": "org.manage",
    "web:organisation:unit_edit": "org.manage",
    "web:organisation:unit_move": "org.manage",
    "web:organisation:unit_use": "org.manage",
    "web:organisation:unit_merge": "org.manage",
    "web:organisation:unit_split": "org.manage",
    "web:organisation:unit_rename": "org.manage",
    "web:organisation:unit_succession_withdraw": "org.manage",
    "web:organisation:committee_add": "people.manage",
    "web:organisation:committee": "people.view",
    "web:organisation:committee_edit": "people.manage",
    "web:organisation:committee_reappoint": "people.manage",
    "web:organisation:seat_give": "people.manage",
    "web:organisation:seat_end": "people.manage",
    "web:organisation:committee_list": "people.view",
    "web:organisation:committee_file": "people.view",
    "web:organisation:setup": "org.manage",
    "web:organisation:setup_put_off": "org.manage",
    "web:organisation:setup_name": "org.manage",
    "web:organisation:setup_units": "org.manage",
    "web:organisation:setup_people": "people.manage",
    "web:organisation:setup_reporting": "org.manage",
    "web:organisation:setup_calendar": "task.manage",
    "web:organisation:setup_done": "org.manage",
    "web:organisation:own_delegations": "people.view",
    "web:organisation:delegation_give": "people.manage",
    "web:organisation:delegation_withdraw": "people.view",  # either side; whose else, the operation refuses
    "web:organisation:hand_overs": "people.manage",
    "web:organisation:hand_over": "people.manage",
    "web:organisation:hand_over_record": "people.manage",
    "web:organisation:hand_over_file": "people.manage",
    "web:organisation:people_import": "people.manage",
    "web:organisation:people_template": "people.manage",
    "web:organisation:slips": "people.manage",
    "web:organisation:person_edit": "people.manage",
    "web:organisation:people": "people.view",
    "web:organisation:person_add": "people.manage",
    "web:organisation:person": "people.view",
    "web:organisation:post_give": "people.manage",
    "web:organisation:post_end": "people.manage",
    "web:organisation:password_reset": "people.restore",
    "web:organisation:person_block": "people.manage",
    "web:organisation:sign_in_means": "people.restore",
    "web:organisation:person_invite": "people.restore",
    "web:organisation:person_sessions_end": "people.manage",
    "web:search": "org.view",  # each group by the act of its own
    "web:notifications:list": "org.view",  # each sees the own ones alone
    "web:notifications:see_all": "org.view",
    "web:notifications:open": "org.view",
    "web:notifications:choices": "org.view",
    "web:notifications:ladder": "org.view",  # changing it is notification.rules, which the operation asks for
    "web:organisation:person_factor_reset": "people.restore",
    "web:organisation:person_link_reset": "people.restore",
    "web:organisation:body_names": "org.view",
    "web:organisation:body_name": "org.manage",
    "web:organisation:body_name_forget": "org.manage",
    "web:organisation:journal": "journal.view",
    "web:organisation:journal_export": "journal.export",
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
    "web:procedures:catalogue": "procedure.view",
    "web:procedures:catalogue_export": "procedure.view",
    "web:procedures:catalogue_template": "procedure.manage",
    "web:procedures:catalogue_import": "procedure.manage",
    "web:procedures:procedure": "procedure.view",
    "web:procedures:procedure_add": "procedure.manage",
    "web:procedures:edition_add": "procedure.manage",
    "web:procedures:procedure_end": "procedure.manage",
    "web:procedures:post": "procedure.manage",
    "web:procedures:take_down": "procedure.manage",
    "web:feedback:work_list": "feedback.view",
    "web:feedback:list": "feedback.view",
    "web:feedback:register": "feedback.view",
    "web:feedback:limits": "feedback.view",  # setting one is feedback.assign, which the operation asks for
    "web:feedback:receive": "feedback.receive",
    "web:feedback:import": "feedback.receive",
    "web:feedback:detail": "feedback.view",
    "web:feedback:receipt": "feedback.view",
    "web:feedback:file": "feedback.view",
    "web:feedback:letter": "feedback.view",
    "web:feedback:classify": "feedback.assign",
    "web:feedback:assign": "feedback.assign",
    "web:feedback:merge": "feedback.assign",
    "web:feedback:pass_on": "feedback.assign",
    "web:feedback:route": "feedback.assign",
    "web:feedback:set_aside": "feedback.assign",
    "web:feedback:answer": "feedback.answer",
    "web:feedback:approve": "feedback.approve",
    "web:feedback:return": "feedback.approve",
    "web:feedback:reopen": "feedback.assign",
    "web:feedback:sent": "feedback.receive",
    "web:feedback:note": "feedback.view",  # who deals with it, which the operation asks for
    "web:feedback:publish": "feedback.publish",
    "web:feedback:unpublish": "feedback.publish",
    "web:public_feedback:write": PUBLIC,
    "web:public_feedback:follow": PUBLIC,  # who holds a tracking code sees more
    "web:public_feedback:answers": PUBLIC,
    "web:system:agencies": "system.view",
    "web:system:agency": "system.view",
    "web:system:agency_add": "system.manage",
    "web:system:agency_import": "system.manage",
    "web:system:agency_edit": "system.manage",
    "web:system:agency_rename": "system.manage",
    "web:system:agency_end": "system.manage",
    "web:system:agency_reopen": "system.manage",
    "web:system:code_add": "system.manage",
    "web:system:code_end": "system.manage",
    "web:system:way_back": "system.manage",
    "web:system:succession": "system.manage",
    "web:system:succession_withdraw": "system.manage",
    "web:system:jobs": "system.view",
    "web:system:outbox": "system.view",
    "web:system:outbox_again": "system.manage",
    "web:system:job_run": "system.manage",
}
NOWHERE = 2_000_000_000
TEXTS = {
    "key": "no-such-key",
    "slug": "khong-co",
    "register_slug": "kinh-te-xa-hoi",
    "token": "khong-co-dia-chi-nay",
    "part": "ket-qua",
    "procedure_key": "1.001193",
    "table": "ket-qua",
    "data_format": "csv",
    "code": "own.late",
    "pk": NOWHERE,
    "feed_key": "no-such-key",
    "file_format": "pdf",
    "step": "khong-co",
    "clause": "8.5",
    "input_key": "c2",
    "indicator": "1.1",
    "review_paper": "bien-ban",
    "paper_form": "report",
    "template_format": "goc",
    "announcement_paper": "quyet-dinh",
    "pack_file": "book",
    "layout": "responsibilities",
    "form": "wall",
    "day": "2026-09-02",
    "job": "sessions",
    "subject_type": "objectives.plan",
    "kind_code": "identity",
    "number": 1,
    "per_page": 8,
    "paper": "a4",
    "year": 2026,
    "month": 7,
    "quarter": 2,
    "ending": "xlsx",
    "comment_id": "5c1b6f0e-9f0c-4d3e-8a51-3f6a1d2b7c90",
}


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
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


def test_every_view_asks_for_the_act_of_its_row() -> None:
    asked = {name: VIEWS[name].callback.act for name, who in AUDIENCE.items() if who in ACTS}
    assert asked == {name: AUDIENCE[name] for name in asked}


def test_strangers_are_sent_to_sign_in(client: Client, people: People) -> None:
    for name, who in AUDIENCE.items():
        if who == PUBLIC:
            continue
        for method in ("GET", "POST"):
            response = getattr(client, method.lower())(address(name))
            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith("/dang-nhap/"), (name, method)


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
    committee = Unit.objects.create(agency=agency, name="Ban Chỉ đạo ISO", kind="committee", order=9)
    record(actor=people.an, agency_id=agency.pk, verb="plan.created", subject=plan, on=TODAY)
    Definition.objects.create(
        agency=agency,
        code=TEXTS["code"],
        name="Hồ sơ quá hạn",
        formula={"source": "dossiers", "numerator": [["late", 1]], "scale": 1},
        valid_from=date(2026, 1, 1),
        defined_at=now,
        defined_by=person,
    )
    procedure = make_procedure(agency)
    dossier = make_late_dossier(agency, procedure)
    survey = make_survey(agency)
    pile = SlipBatch.objects.create(
        survey=survey,
        channel=5,
        name="Hòm phiếu",
        answered_on=TODAY,
        begun_at=now,
        begun_by_id=people.binh.person_id,
    )
    store_responses(
        survey=survey,
        edition=edition_of(survey),
        rows=[answered(channel=5, batch_id=pile.pk, batch_row=TEXTS["number"])],
        now=datetime(2026, 7, 1, 2, tzinfo=UTC),
    )
    Comment.objects.create(
        pk=TEXTS["comment_id"],
        agency=agency,
        survey=survey,
        month=date(2026, 6, 1),
        question="wish",
        text="Tốt",
    )
    document = ControlledDocument.objects.create(
        agency=agency, code="QT.01", kind="system", title="Kiểm soát tài liệu", made_at=now, made_by=person
    )
    edition, other_edition = (
        DocumentEdition.objects.create(
            document=document,
            issue=issue,
            state=state,
            file=file,
            issued_file=file,
            effective_on=TODAY,
            written_by=person,
            written_at=now,
        )
        for issue, state in ((2, "effective"), (1, "replaced"))
    )
    legal_text = LegalText.objects.create(
        agency=agency, number="26/2014/TT-BKHCN", kind="Thông tư", title="Quy định chi tiết", made_at=now
    )
    change_review = ChangeReview.objects.create(
        change=LegalChange.objects.create(
            changed=legal_text, kind="ends", on=TODAY, due_on=date(2026, 10, 1), made_at=now
        ),
        document=document,
    )
    nonconformity = Nonconformity.objects.create(
        agency=agency, year=2026, serial=1, source="other", title="Hồ sơ trễ", text="Trễ", found_on=TODAY,
        made_at=now, made_by=person,
    )  # fmt: skip
    review = Review.objects.create(
        agency=agency, year=2026, title="Xem xét của lãnh đạo", period_start=TODAY, period_end=TODAY,
        held_on=TODAY, state="convened", made_at=now, made_by=person,
    )  # fmt: skip
    audit = Audit.objects.create(
        agency=agency, title="Đánh giá nội bộ", edition="iso9001-2015", starts_on=TODAY, ends_on=TODAY,
        made_at=now, made_by=person,
    )  # fmt: skip
    audited = AuditedUnit.objects.create(
        audit=audit, unit=Unit.objects.filter(agency=agency).order_by("pk")[0]
    )
    return {
        "audit_id": audit.pk,
        "asked_id": AuditQuestion.objects.create(audited=audited, source="own", text="Còn đúng không?").pk,
        "finding_id": Finding.objects.create(
            agency=agency,
            audited=audited,
            serial=1,
            grade="minor",
            text="Bản cũ",
            found_at=now,
            found_by=person,
        ).pk,
        "programme_id": AuditProgramme.objects.create(
            agency=agency, year=2026, edition="iso9001-2015", made_at=now, made_by=person
        ).pk,
        "signed_id": AuditProgrammePaper.objects.create(
            programme=AuditProgramme.objects.create(
                agency=agency, year=2025, edition="iso9001-2015", made_at=now, made_by=person
            ),
            version=1,
            content={},
            docx=file,
            pdf=file,
            issued_at=now,
            issued_by=person,
        ).pk,
        "issued_id": AuditPaper.objects.create(
            agency=agency,
            audit=audit,
            kind="report",
            version=1,
            state="withdrawn",
            number="05/BC-ĐĐG",
            issued_on=TODAY,
            content={},
            docx=file,
            pdf=file,
            issued_at=now,
            issued_by=person,
        ).pk,
        "own_id": OwnQuestion.objects.create(agency=agency, source="own", text="Bảng niêm yết đủ không?").pk,
        "review_id": review.pk,
        "announcement_id": Announcement.objects.create(
            agency=agency, kind="first", year=2026, edition="iso9001-2015", made_at=now, made_by=person
        ).pk,
        "assessment_id": SelfAssessment.objects.create(
            agency=agency, year=2026, edition="iso18091-2019", on=TODAY, made_at=now, made_by=person
        ).pk,
        "decision_id": ReviewDecision.objects.create(
            review=review, kind="resources", text="Mua máy quét", person=person, due_on=TODAY
        ).pk,
        "document_id": document.pk,
        "edition_id": edition.pk,
        "other_edition_id": other_edition.pk,
        "legal_text_id": legal_text.pk,
        "risk_id": Risk.objects.create(
            agency=agency, serial=1, kind="risk", process="Một cửa", title="Quá hạn", made_at=now
        ).pk,
        "issue_id": ContextIssue.objects.create(
            agency=agency, kind="party", title="Người dân", reviewed_on=TODAY
        ).pk,
        "nonconformity_id": nonconformity.pk,
        "step_id": CorrectiveStep.objects.create(
            nonconformity=nonconformity, text="Phân công người thay", due_on=date(2026, 12, 1)
        ).pk,
        "change_review_id": change_review.pk,
        "batch_id": dossier.first_batch_id,
        "row_id": RefusedRow.objects.create(
            batch_id=dossier.first_batch_id, number=7, cells={"Số hồ sơ": ""}, reasons=[]
        ).pk,
        "dossier_id": dossier.pk,
        "notification_id": Notification.objects.create(
            agency=agency,
            person=person,
            topic="overdue",
            key="task:1",
            message={"template": "%(work)s", "params": {"work": "Rà soát"}},
            link="/cong-viec/",
            on=now.date(),
            created_at=now,
        ).pk,
        "software_id": Software.objects.create(
            agency=agency, name="Một cửa", changed_at=now, mapping={"code": "Số hồ sơ"}
        ).pk,
        "letter_id": Letter.objects.create(
            agency=agency,
            dossier=dossier,
            kind="apology",
            reason="Quá tải",
            created_at=now,
            created_by=person,
        ).pk,
        "feedback_id": receive_from_public(
            agency_id=agency.pk,
            new=NewFeedback(
                "Đèn đường hỏng",
                "Đèn đầu thôn hỏng một tuần nay.",
                sender_name="Lò Thị Sương",
                sender_address="Thôn Đông",
                sender_phone="0912345678",
            ),
            files=(),
            now=now,
        ).pk,
        "survey_id": survey.pk,
        "questionnaire_id": survey.questionnaire_id,
        "point_id": make_point(survey).pk,
        "handout_id": Handout.objects.create(
            survey=survey, channel=2, on=TODAY, number=8, first_serial=1, noted_at=now, noted_by=person
        ).pk,
        "pile_id": pile.pk,
        "procedure_id": procedure.pk,
        "publication_id": Publication.objects.create(
            agency=agency,
            kind="policy",
            title="Chính sách chất lượng",
            as_of=TODAY,
            content={"kind": "policy", "decision": {}, "motto": "Đúng hẹn", "commitments": []},
            sha256="0" * 64,
            prepared_at=now,
            prepared_by=person,
        ).pk,
        "place_id": (place := Place.objects.create(agency=agency, kind="office", name="Bảng tin cổng")).pk,
        "notice_id": Notice.objects.create(
            agency=agency,
            place=place,
            subject="Lịch tiếp dân",
            posted_on=TODAY,
            noted_at=now,
            noted_by=person,
        ).pk,
        "planned_id": PlannedPosting.objects.create(
            agency=agency, year=2026, subject="Dự toán ngân sách", when="Tháng 01/2026", days=30
        ).pk,
        "approved_id": ApprovedPostingPlan.objects.create(
            agency=agency,
            year=2026,
            content={
                **planned(agency.pk, 2026, TODAY),
                "number": "",
                "dated": "2026-07-01",
                "adjustment": "",
            },
            sha256="0" * 64,
            approved_at=now,
            approved_by=person,
        ).pk,
        "list_id": PostingList.objects.create(
            agency=agency,
            year=2026,
            quarter=2,
            content={**listed(agency.pk, 2026, 2), "number": "", "dated": "2026-07-01", "correction": ""},
            sha256="0" * 64,
            issued_at=now,
            issued_by=person,
        ).pk,
        "posting_id": Posting.objects.create(
            procedure=procedure, place="Bảng tin", posted_on=TODAY, noted_at=now, noted_by=person
        ).pk,
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
        "calendar_id": (
            calendar := ReportCalendar.objects.create(
                agency=agency, valid_from=TODAY, created_at=now, created_by=person
            )
        ).pk,
        "line_id": (
            line := ReportLine.objects.create(
                agency=agency, calendar=calendar, title="Báo cáo năm", subject="objectives", pace="year"
            )
        ).pk,
        "occurrence_id": ReportOccurrence.objects.create(
            agency=agency,
            line=line,
            title="Báo cáo năm 2026",
            subject="objectives",
            pace="year",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            cut_off=date(2026, 12, 31),
            due_on=date(2026, 12, 31),
        ).pk,
        "pack_id": Pack.objects.create(
            agency=agency, year=2025, state="removed", asked_at=now, asked_by=person
        ).pk,
        "part_id": UnitPart.objects.create(
            agency=agency,
            report=report,
            unit=Unit.objects.filter(agency=agency).order_by("pk")[0],
            title="6 tháng đầu năm 2026",
            due_on=TODAY,
            asked_at=now,
            asked_by=person,
        ).pk,
        "unit_id": Unit.objects.filter(agency=agency).order_by("pk")[0].pk,
        "to_come_id": PlannedSuccession.objects.create(
            agency=agency,
            unit=Unit.objects.filter(agency=agency).order_by("pk")[0],
            kind="renaming",
            on=date(2026, 12, 1),
            name="Phòng mới",
            decision_number="12/QĐ-UBND",
            decided_on=TODAY,
            reason="Sắp xếp",
            made_at=now,
            made_by=person,
        ).pk,
        "committee_id": committee.pk,
        "seat_id": Seat.objects.create(unit=committee, person=person).pk,
        "delegation_id": Delegation.objects.create(
            agency=agency,
            post=Membership.objects.get(person=person),
            deputy_id=people.dung.person_id,
            valid_from=TODAY,
            valid_to=date(2026, 7, 10),
            reason="Nghỉ phép",
        ).pk,
        "hand_over_id": HandOver.objects.create(
            agency=agency,
            person_id=people.dung.person_id,
            last_day=date(2026, 7, 31),
            reason="Nghỉ hưu",
            recorded_on=TODAY,
            made_at=now,
            made_by=person,
        ).pk,
        "person_id": people.dung.person_id,
        "post_id": Membership.objects.get(person_id=people.dung.person_id).pk,
        "body_name_id": BodyName.objects.create(agency=agency, text="Một cửa", key="mot cua").pk,
        "subject_id": plan.pk,
        "item_id": (
            item := ListItem.objects.create(
                agency=agency,
                register="figures",
                key="thu-ngan-sach",
                name="Thu ngân sách",
                values={
                    "measure": "tỷ đồng",
                    "rhythm": "month",
                    "counting": "cumulative",
                    "direction": "higher",
                },
            )
        ).pk,
        "meeting_id": RegisterEntry.objects.create(
            agency=agency,
            register="meetings",
            key="1",
            on=date(2026, 7, 2),
            year=2026,
            title="Giao ban tháng 7",
            values={"begins": "08:00", "place": "Phòng họp", "invited": written([], [person.pk])},
            state="noted",
            created_at=now,
            changed_at=now,
        ).pk,
        "entry_id": (
            entry := RegisterEntry.objects.create(
                agency=agency,
                register="figures",
                key="1",
                on=TODAY,
                year=2026,
                title="Thu ngân sách",
                kind="month",
                source="Báo cáo tháng",
                amount=7,
                item=item,
                state="noted",
                created_at=now,
                created_by=person,
                changed_at=now,
                changed_by=person,
            )
        ).pk,
        "extension_id": Extension.objects.create(
            entry=entry, due_before=TODAY, due_after=TODAY, reason="Mưa lũ", asked_at=now, asked_by=person
        ).pk,
        "row_number": 2,
        "list_act_id": ListAct.objects.create(
            agency=agency, of="task", act="assign", sequence=0, at=now, by=person
        ).pk,
        "reminder_id": ReminderLetter.objects.create(
            agency=agency,
            year=2026,
            content=LetterContent(
                issuer=agency.full_name,
                superior="",
                place="Bình Yên",
                symbol="UBND",
                subject=SUBJECT,
                addressees=("Phòng Kinh tế",),
                opening="Còn 01 nhiệm vụ quá hạn.",
                requests="Đề nghị khẩn trương hoàn thành.",
                lines=(Line("task", task.pk, "Phòng Kinh tế", "Đầu việc", "", TODAY, TODAY),),
                as_of=TODAY,
            ).to_json(),
            created_at=now,
            created_by=person,
        ).pk,
        "paper_id": ProgrammePaper.objects.create(
            agency=agency,
            kind="programme",
            first=date(2026, 7, 1),
            number="01/CTr-UBND",
            issued_on=TODAY,
            signed_by="Lê Minh Châu",
            content={
                "programme": Programme(
                    date(2026, 7, 1), date(2026, 7, 31), is_year=False, as_of=TODAY, items=()
                ).to_json(),
                "issuer": agency.full_name,
                "superior": "",
                "place": "",
                "authority": "",
                "capacity": "CHỦ TỊCH",
            },
            docx=file,
            pdf=file,
            outgoing=entry,
            issued_at=now,
            issued_by=person,
        ).pk,
        "sheet_id": RegisterBatch.objects.create(
            agency=agency,
            register="figures",
            name="so-lieu.xlsx",
            refused=[
                {"row": 0, "cells": ["Chỉ tiêu"], "problems": []},
                {"row": 2, "cells": ["Thu"], "problems": []},
            ],
            at=now,
            by=person,
        ).pk,
        "copy_id": DocumentCopy.objects.create(
            agency=agency,
            entry=entry,
            form="SY",
            number="01/SY-UBND",
            issued_on=TODAY,
            content=Copy(
                "SY",
                Original("01/CTr-UBND", TODAY, agency.full_name, "CTr", "Công tác tháng 7"),
                issuer=agency.full_name,
                place="",
                symbol="SY-UBND",
                authority="",
                capacity="CHỦ TỊCH",
                signed_by="Lê Minh Châu",
                recipients=("Lưu: VT",),
                number="01/SY-UBND",
                dated=TODAY,
            ).to_json(),
            original=file,
            pdf=file,
            outgoing=entry,
            issued_at=now,
            issued_by=person,
        ).pk,
        "version": PaperTemplate.objects.create(
            agency=agency, form="report", version=3, file=file, made_at=now, made_by=person
        ).version,
        "signer_id": Signer.objects.create(
            agency=agency,
            person=person,
            mark="KT.",
            head="Chủ tịch",
            post="Phó Chủ tịch",
            valid_from=TODAY,
            made_at=now,
            made_by=person,
        ).pk,
        "agency_id": agency.pk,
        "code_id": AgencyCode.objects.create(agency=agency, scheme="alias", code="BY").pk,
        "succession_id": Succession.objects.create(
            predecessor=make_agency("H00.1.1", "Trạm cũ của xã", parent=agency, valid_to=date(2020, 12, 31)),
            successor=agency,
            kind="merger",
            on=date(2021, 1, 1),
        ).pk,
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


# These show a file's very bytes, an answer that was sent, a spreadsheet's rows, what one did to many rows of a list
# oneself, the year of a plan in force, what is made of a document; the samples have none.
WITHOUT_FILE = {
    "web:audits:issued_file",
    "web:audits:programme_signed",
    "web:documents:decision_file",
    "web:documents:file",
    "web:registers:many_done",
    "web:registers:copy_file",
    "web:registers:copy_make",
    "web:registers:programme_issued_file",
    "web:tasks:many_done",
    "web:tasks:file",
    "web:reports:download",
    "web:reports:signed_file",
    "web:packs:take",
    "web:feedback:file",
    "web:feedback:letter",
    "web:objectives:wall_file",
    "web:surveys:sheet_refused",
}


def expected(name: str, method: str, role: str, scope: Scope) -> set[int]:
    """Return the statuses that the table allows; empty for what would change the sample."""
    act = AUDIENCE[name]
    granted = roles_with(act, scope)
    if scope is Scope.AGENCY:
        granted |= roles_with(act, Scope.UNIT)
    if role not in granted:
        return {302} if name == "web:home" else {403}
    if method == "GET":
        if name in WITHOUT_FILE:
            return {200, 302, 404, 410, 500}
        # What is granted for the own unit's work alone asks for more than the role.
        return {200, 302, 403} if role in roles_with(act, Scope.UNIT) else {200, 302}
    if scope is Scope.AGENCY:
        return set()
    return {403} if act.endswith(".view") else {200, 302, 404}


def offered(page: str, path: str, role: str, scope: Scope) -> set[str]:
    """Return what a page offers though the table refuses it: links, and buttons of forms that send something."""
    sent = [
        ("POST", (re.search(r'action="([^"]*)"', form) or [path, path])[1])
        for form in re.findall(r'<form[^>]*method="post"[^>]*>', page)
    ]
    led = [("GET", href) for href in re.findall(r'<a\b[^>]*href="(/[^"#]*)', page)]
    found = set()
    for method, address_of in {*sent, *led}:
        target = html.unescape(address_of).partition("?")[0] or path.partition("?")[0]
        act = getattr(resolve(target).func, "act", None)
        if act is None or resolve(target).view_name == "web:home":
            continue
        granted = roles_with(act, scope) | (roles_with(act, Scope.UNIT) if scope is Scope.AGENCY else set())
        writes = method == "POST" and scope is not Scope.AGENCY and act.endswith(".view")
        if role not in granted or writes:
            found.add(f"{method} {resolve(target).view_name}")
    return found


@cache
def is_refused_by_another(act: str, role: str, scope: Scope) -> bool:
    """Whether a role that lacks an act is not the first one that does: one is refused for all, by the same words."""
    roles = unlike(scope, Scope.UNIT) if scope is Scope.AGENCY else sorted({*unlike(scope), role})
    granted = roles_with(act, scope) | (roles_with(act, Scope.UNIT) if scope is Scope.AGENCY else set())
    lacking = [each for each in roles if each not in granted]
    return role in lacking and role != lacking[0]


def walked(client: Client, role: str, scope: Scope, ids: dict[str, int]) -> dict[tuple[str, str], object]:
    """Return what answers otherwise than the table says, and what pages offer in vain, of every address and method."""
    wrong: dict[tuple[str, str], object] = {}
    for name, pattern in VIEWS.items():
        if AUDIENCE.get(name) not in ACTS or is_refused_by_another(AUDIENCE[name], role, scope):
            continue
        for method in pattern.callback.methods:
            allowed = expected(name, method, role, scope)
            if not allowed:
                continue
            path = address(name, ids)
            response = getattr(client, method.lower())(path)
            if response.status_code not in allowed:
                wrong[name, method] = response.status_code
            elif response.status_code == 200 and not response.streaming:
                page = response.content.decode("utf-8", "replace")
                if vain := offered(page, path, role, scope):
                    wrong[name, method] = vain
    return wrong


def in_capacity(people: People, key: str) -> Client:
    client = signed_in(people.binh.person_id)
    session = client.session
    session[CAPACITY_KEY] = key
    session.save()
    return client


@cache
def unlike(*scopes: Scope) -> list[str]:
    """Return one role for each set of acts that roles have in these scopes: pages know acts, not roles."""
    return list(
        {
            frozenset(act for act in ACTS if any(role in roles_with(act, scope) for scope in scopes)): role
            for role in reversed(Role.values)
        }.values()
    )


def in_turn(roles: Iterable[str], first: str) -> list[Any]:
    """Return the roles for a test; all but one on one engine alone: what a role opens is no matter of the database."""
    assert first in roles
    return [
        role if role == first else pytest.param(role, marks=pytest.mark.only_on("sqlite")) for role in roles
    ]


@pytest.mark.parametrize("role", in_turn(unlike(Scope.AGENCY, Scope.UNIT), Role.SECRETARY))
def test_in_the_own_agency_a_role_opens_what_the_table_says(
    people: People, ids: dict[str, int], role: str
) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(role=role)
    assert walked(signed_in(people.binh.person_id), role, Scope.AGENCY, ids) == {}


@pytest.mark.parametrize("role", in_turn(sorted(roles_reaching(Scope.BELOW)), Role.INSPECTOR))
def test_below_a_role_looks_at_what_the_table_says_and_changes_nothing(
    people: People, ids: dict[str, int], role: str
) -> None:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(pk=people.agency.pk).update(parent=province)
    move(people, province, role)
    assert walked(in_capacity(people, f"below:{people.agency.pk}"), role, Scope.BELOW, ids) == {}


@pytest.mark.parametrize("role", in_turn(unlike(Scope.BEFORE), Role.SECRETARY))
def test_the_successor_looks_at_what_the_table_says_and_changes_nothing(
    people: People, ids: dict[str, int], role: str
) -> None:
    successor = make_agency("H00.10", "UBND xã Bình Suối")
    Agency.objects.filter(pk=people.agency.pk).update(valid_to=date(2026, 6, 30))
    Succession.objects.create(predecessor=people.agency, successor=successor, kind="merger", on=TODAY)
    move(people, successor, role)
    before = Entry.objects.count()
    assert walked(in_capacity(people, f"before:{people.agency.pk}"), role, Scope.BEFORE, ids) == {}
    assert Entry.objects.count() == before


def move(people: People, agency: Agency, role: str) -> None:
    """Give Bình a post in another agency instead of An's."""
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2020, 1, 1))
    Membership.objects.create(agency=agency, person_id=people.binh.person_id, role=role)


@pytest.mark.parametrize("kind", ["below", "for"])
def test_a_capacity_made_up_opens_no_records(people: People, ids: dict[str, int], kind: str) -> None:
    """Bình is everything in an agency beside An's, and writes the key of her agency into the session."""
    beside = make_agency("H00.3", "UBND xã Đồi Sim")
    move(people, beside, Role.SECRETARY)
    for role in set(Role.values) - {Role.SECRETARY}:
        Membership.objects.create(agency=beside, person_id=people.binh.person_id, role=role)
    client = signed_in(people.binh.person_id)
    assert opened(client, ids, f"{kind}:{people.agency.pk}") == []


def opened(client: Client, ids: dict[str, int], key: str = "") -> list[tuple[str, str, int]]:
    """Return which addresses of one agency's records are there for somebody of another.

    With a ``key``, each is asked in that capacity: where it does not hold, what is sent leads to the choice of one.
    """
    found = []
    for name, pattern in VIEWS.items():
        if AUDIENCE[name] == PUBLIC or not set(pattern.pattern.converters) & set(ids):
            continue
        for method in pattern.callback.methods:
            if key:
                session = client.session
                session[CAPACITY_KEY] = key
                session.save()
            response = getattr(client, method.lower())(address(name, ids))
            is_led_on = bool(key) and method == "POST" and response.headers.get("Location") == reverse(CHOICE)
            if response.status_code != 404 and not is_led_on:
                found.append((name, method, response.status_code))
    return found


def test_another_agencys_records_are_not_there(people: People, ids: dict[str, int]) -> None:
    """Chi is everything elsewhere: no role opens another agency's records."""
    for role in set(Role.values) - {Role.SECRETARY}:
        Membership.objects.create(agency=people.other_agency, person_id=people.chi.person_id, role=role)
    assert opened(signed_in(people.chi.person_id), ids) == []
