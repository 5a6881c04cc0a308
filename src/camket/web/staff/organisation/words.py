"""The journal in a person's words: what its verbs, fields and codes are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.chain import Fault
from camket.core.dossiers import LEVEL_NAMES
from camket.core.feedback import KIND_NAMES as FEEDBACK_KINDS
from camket.core.feedback import OUTCOME_NAMES as FEEDBACK_OUTCOMES
from camket.core.feedback import SENDINGS
from camket.core.feedback import STATE_NAMES as FEEDBACK_STATES
from camket.core.feedback import WAY_NAMES as FEEDBACK_WAYS
from camket.core.masking import masked_email, masked_login, masked_phone, short_name
from camket.core.plan import schedule_from_json
from camket.core.registers import REGISTERS, Kind
from camket.core.registers.meetings import invited_in
from camket.core.wording.schedules import write_schedule
from camket.journal.queries import PERSONAL, Change, EntryRow
from camket.org.queries import AgencyRow
from camket.publishing.posting_rules import shipped
from camket.web import vietnamese
from camket.web.staff.organisation.forms import KINDS as UNIT_KINDS
from camket.web.staff.organisation.forms import RHYTHMS, ROLES
from camket.web.staff.procedures.forms import LIMIT_UNITS

VERBS = {
    "agency.opened": _("Agency opened"),
    "agency.changed": _("Agency's data changed"),
    "agency.renamed": _("Agency renamed"),
    "agency.ended": _("Agency ended"),
    "agency.reopened": _("End of the agency taken back"),
    "agency.code_added": _("Code given"),
    "agency.code_ended": _("Code ended"),
    "agency.succeeded": _("Another agency took over"),
    "agency.took_over": _("Took over from another agency"),
    "agency.succession_withdrawn": _("Succession taken back"),
    "unit.added": _("Unit added"),
    "unit.changed": _("Unit changed"),
    "unit.moved": _("Unit moved in the list"),
    "unit.deactivated": _("Unit taken out of use"),
    "unit.reactivated": _("Unit brought back into use"),
    "person.added": _("Person added"),
    "person.changed": _("Person's details changed"),
    "person.blocked": _("Person kept from signing in"),
    "person.unblocked": _("Person may sign in again"),
    "person.password_reset": _("One-time password given"),
    "person.password_changed": _("Own password changed"),
    "person.guessed": _("Wrong passwords or codes, several times in a row"),
    "person.invited": _("Invitation made"),
    "person.invitation_accepted": _("Invitation accepted, password chosen"),
    "person.password_reset_by_mail": _("Forgotten password replaced by mail"),
    "person.sessions_ended": _("Signed out everywhere"),
    "person.factor_added": _("Second step of signing in set up"),
    "person.factor_removed": _("Second step of signing in removed"),
    "person.factor_reset": _("Second step of signing in taken off by a colleague"),
    "person.recovery_codes_renewed": _("New recovery codes made"),
    "person.single_sign_on_linked": _("Linked to single sign-on"),
    "person.single_sign_on_unlinked": _("Link to single sign-on undone"),
    "person.email_changed": _("Own email address changed"),
    "person.email_checked": _("Own email address checked"),
    "person.feed_renewed": _("Calendar address renewed"),
    "person.feed_revoked": _("Calendar address revoked"),
    "unit.feed_renewed": _("Address of the unit's calendar renewed"),
    "unit.feed_revoked": _("Address of the unit's calendar revoked"),
    "post.given": _("Post given"),
    "post.ended": _("Post ended"),
    "body_name.mapped": _("Name in documents mapped"),
    "body_name.forgotten": _("Name in documents forgotten"),
    "calendar.day_set": _("Day of the calendar set"),
    "calendar.day_reset": _("Day of the calendar reset"),
    "calendar.year_confirmed": _("Calendar of the year confirmed"),
    "calendar.hours_set": _("Working hours set"),
    "calendar.recomputed": _("Due days reckoned anew by the calendar"),
    "job.asked": _("Regular job run on request"),
    "mail.tried_again": _("Letters by e-mail sent again"),
    "agency.exported": _("The agency's data taken out"),
    "file.stored": _("File stored"),
    "evidence.added": _("Evidence added"),
    "evidence.withdrawn": _("Evidence withdrawn"),
    "plan.created": _("Plan begun"),
    "plan.imported": _("Plan read from a file"),
    "plan.copied": _("Plan copied from another year"),
    "plan.reading_accepted": _("Reading of the decision accepted"),
    "plan.changed": _("Plan changed"),
    "plan.renumbered": _("Plan renumbered"),
    "plan.bodies_mapped": _("Units and people of the plan mapped"),
    "plan.submitted": _("Plan submitted"),
    "plan.returned": _("Plan returned"),
    "plan.approved": _("Plan approved"),
    "plan.promulgated": _("Plan promulgated"),
    "plan.closed": _("Plan closed"),
    "plan.replaced": _("Plan replaced by a new version"),
    "plan.amendment_begun": _("Amendment begun"),
    "plan.discarded": _("Plan discarded"),
    "objective.added": _("Objective added"),
    "objective.changed": _("Objective changed"),
    "objective.deleted": _("Objective deleted"),
    "objective.merged": _("Objectives merged"),
    "objective.moved": _("Objective moved"),
    "objective.split": _("Objective split"),
    "target.added": _("Target added"),
    "target.changed": _("Target changed"),
    "target.deleted": _("Target deleted"),
    "target.moved": _("Target moved"),
    "target.measured": _("Target given its indicator"),
    "target.wired": _("Chosen what measures the target"),
    "action.added": _("Action added"),
    "action.changed": _("Action changed"),
    "action.deleted": _("Action deleted"),
    "action.merged": _("Actions merged"),
    "action.moved": _("Action moved"),
    "action.split": _("Action split"),
    "action.in_force": _("Actions came into force"),
    "action.carried_over": _("Actions carried over"),
    "action.ended": _("Actions ended"),
    "trigger.fired": _("Event reported"),
    "task.progressed": _("Progress recorded"),
    "task.submitted": _("Task submitted"),
    "task.accepted": _("Task accepted"),
    "task.returned": _("Task returned"),
    "task.reopened": _("Task reopened"),
    "task.assigned": _("Task assigned"),
    "task.moved": _("Due date moved"),
    "task.cancelled": _("Task cancelled"),
    "task.commented": _("Comment written"),
    "task.reminded": _("Task reminded of by letter"),
    "task.nudged": _("Reminded of a task"),
    "task.undone": _("Act on a task taken back"),
    "task.evidence_added": _("Evidence added to a task"),
    "indicator.created": _("Indicator created"),
    "indicator.defined": _("Indicators of a plan defined"),
    "indicator.changed": _("Indicator changed"),
    "indicator.continued": _("Indicator of an earlier time chosen for comparison"),
    "definition.created": _("Indicator defined by the agency"),
    "definition.replaced": _("New version of an indicator defined"),
    "definition.ended": _("Indicator taken out of use"),
    "reading.entered": _("Figure entered"),
    "reading.confirmed": _("Figure confirmed"),
    "reading.withdrawn": _("Figure withdrawn"),
    "procedure.added": _("Procedure added to the catalogue"),
    "procedure.changed": _("Procedure changed"),
    "procedure.ended": _("End of a procedure noted"),
    "procedure.posted": _("Posting of procedures noted"),
    "procedure.taken_down": _("Posting taken down"),
    "procedure.listed": _("Catalogue of procedures brought in"),
    "dossiers.file_received": _("File of dossiers taken in"),
    "dossiers.file_discarded": _("File of dossiers discarded"),
    "dossiers.file_dropped": _("File of an import removed"),
    "dossiers.software_saved": _("Way of reading the software's files saved"),
    "dossiers.software_changed": _("Way of reading the software's files changed"),
    "dossiers.software_set_aside": _("Way of reading the software's files set aside"),
    "dossiers.software_taken_up": _("Way of reading the software's files taken up again"),
    "dossiers.import_started": _("Import of dossiers started"),
    "dossiers.imported": _("Dossiers imported"),
    "dossiers.undo_started": _("Undoing of an import started"),
    "dossiers.removed": _("Dossiers of an undone import removed"),
    "dossiers.import_undone": _("Import of dossiers undone"),
    "dossiers.row_mended": _("Refused row mended and imported"),
    "dossiers.row_dropped": _("Refused row set aside"),
    "dossiers.rows_settled": _("Rows refused earlier came in with a later file"),
    "dossiers.rows_mended": _("Refused rows mended together"),
    "dossiers.word_explained": _("Word of the software explained"),
    "reminder.drafted": _("Reminder letter drafted"),
    "reminder.changed": _("Reminder letter changed"),
    "reminder.discarded": _("Draft of a reminder letter discarded"),
    "reminder.issued": _("Reminder letter issued"),
    "reminder.withdrawn": _("Reminder letter withdrawn"),
    "programme.issued": _("Work programme or its report issued"),
    "programme.withdrawn": _("Work programme or its report withdrawn"),
    "copy.issued": _("Copy of a document issued"),
    "copy.withdrawn": _("Copy of a document withdrawn"),
    "letter.drafted": _("Letter drafted"),
    "letter.changed": _("Letter changed"),
    "letter.discarded": _("Letter discarded"),
    "letter.issued": _("Letter issued"),
    "letter.withdrawn": _("Letter withdrawn"),
    "questionnaire.made": _("Questionnaire begun"),
    "questionnaire.edition_begun": _("New edition of a questionnaire begun"),
    "questionnaire.changed": _("Questionnaire changed"),
    "questionnaire.published": _("Questionnaire put in use"),
    "questionnaire.draft_discarded": _("Draft of a questionnaire thrown away"),
    "survey.created": _("Survey prepared"),
    "survey.changed": _("Survey changed"),
    "survey.opened": _("Survey opened"),
    "survey.closed": _("Survey closed"),
    "survey.links_renewed": _("New addresses given to a survey"),
    "survey.point_added": _("Point of a survey added"),
    "survey.point_changed": _("Point of a survey changed"),
    "survey.point_renewed": _("Point of a survey given a new address"),
    "survey.point_switched": _("Point of a survey taken out of use or back"),
    "survey.slips_printed": _("Slips of a survey printed"),
    "survey.handout_noted": _("People asked noted"),
    "report.drafted": _("Report begun"),
    "report.signed_file_kept": _("Signed file of a report kept"),
    "report.composed": _("Sentences of a report composed"),
    "report.written": _("Report written on"),
    "report.issued": _("Report issued"),
    "report.corrected": _("Report corrected"),
    "report.discarded": _("Draft report discarded"),
    "report.submitted": _("Report submitted for approval"),
    "report.approved": _("Report approved"),
    "report.returned": _("Report returned"),
    "report.taken_back": _("Report taken back"),
    "report.unit_asked": _("Unit asked for its part of a report"),
    "report.unit_reminded": _("Unit reminded of its part of a report"),
    "report.part_written": _("Unit's part of a report written"),
    "report.part_sent": _("Unit's part of a report sent"),
    "report.part_returned": _("Unit's part of a report returned"),
    "report.part_taken": _("Unit's part of a report taken into the draft"),
    "report.part_withdrawn": _("Unit's part of a report no longer asked for"),
    "report.calendar_begun": _("Version of the calendar of reports begun"),
    "report.line_added": _("Line added to the calendar of reports"),
    "report.line_changed": _("Line of the calendar of reports changed"),
    "report.line_ended": _("Line taken out of the calendar of reports"),
    "report.owed_sent": _("Report of the calendar noted as sent"),
    "report.owed_done": _("Report of the calendar done by issuing it"),
    "report.owed_reopened": _("Report of the calendar owed again"),
    "public_page.set_up": _("Public page set up"),
    "public_page.changed": _("Public page's data changed"),
    "public_page.opened": _("Public page opened to everybody"),
    "public_page.closed": _("Public page closed"),
    "publication.prepared": _("Publication prepared"),
    "publication.prepared_again": _("Publication prepared anew"),
    "publication.submitted": _("Publication sent for review"),
    "publication.returned": _("Publication returned"),
    "publication.published": _("Made public"),
    "publication.withdrawn": _("Publication withdrawn"),
    "publication.discarded": _("Publication discarded"),
    "place.added": _("Place of postings added"),
    "place.changed": _("Place of postings changed"),
    "controlled_document.created": _("Document of the system added"),
    "controlled_document.changed": _("Document of the system changed"),
    "controlled_document.cited": _("Legal texts that a document rests on changed"),
    "controlled_document.withdrawn": _("Document of the system withdrawn"),
    "controlled_document.found_right": _("Document looked at and found still right"),
    "controlled_document.change_not_needed": _("Change of the law needs no new edition"),
    "controlled_document.pattern_changed": _("How codes of documents are formed changed"),
    "paper.letterhead_set": _("Letterhead set"),
    "paper.recipients_set": _("Recipients of a form set"),
    "paper.template_added": _("Word template of a form brought"),
    "paper.template_used": _("Word template of a form taken into use"),
    "paper.template_ended": _("Word template of a form put out of use"),
    "paper.signer_named": _("Signer named"),
    "paper.signer_ended": _("Right to sign ended"),
    "document_edition.begun": _("Edition begun"),
    "document_edition.edited": _("Draft of an edition written"),
    "document_edition.submitted": _("Edition submitted for review"),
    "document_edition.passed_on": _("Edition reviewed and passed on"),
    "document_edition.returned": _("Edition returned to its writer"),
    "document_edition.approved": _("Edition approved"),
    "document_edition.issued": _("Edition issued with its number"),
    "document_edition.in_effect": _("Edition took effect"),
    "document_edition.taken_in": _("Document of outside taken in"),
    "document_edition.replaced": _("Edition replaced"),
    "document_edition.discarded": _("Draft of an edition discarded"),
    "document_edition.distributed": _("Edition given to its readers"),
    "document_edition.read": _("Edition read and understood"),
    "document_edition.reminded": _("Readers of an edition reminded"),
    "assessment.begun": _("Self-assessment begun"),
    "assessment.marked": _("Indicator of a self-assessment marked"),
    "assessment.closed": _("Self-assessment closed"),
    "assessment.discarded": _("Self-assessment discarded"),
    "assessment.worded": _("Indicator of the self-assessment worded"),
    "legal_text.added": _("Legal text added"),
    "legal_text.changed": _("Legal text changed"),
    "legal_text.change_noted": _("Change of a legal text noted"),
    "notice.posted": _("Posting entered"),
    "notice.corrected": _("Posting put right"),
    "notice.proved": _("Posting given its proof"),
    "notice.taken_down": _("Posting taken down"),
    "notice.renewed": _("Posting renewed"),
    "notice.cancelled": _("Posting cancelled, entered by mistake"),
    "notice.prolonged": _("Posting's last day put later"),
    "notice.shortfall_explained": _("Why a posting hung too short noted"),
    "planned_posting.added": _("Line added to the yearly plan of what is made public"),
    "planned_posting.changed": _("Line of the yearly plan changed"),
    "planned_posting.dropped": _("Line taken out of the yearly plan"),
    "planned_posting.restored": _("Line put into the yearly plan again"),
    "posting_plan.approved": _("Yearly plan of what is made public approved"),
    "posting_list.issued": _("Quarterly list of what was made public issued"),
    "agency.set_up": _("Guided set-up finished"),
    "journal.exported": _("Journal taken out"),
    "unit.many_added": _("Several units added"),
    "unit.merged": _("Unit merged into another"),
    "unit.split": _("Unit split"),
    "unit.renamed": _("Unit renamed by a decision"),
    "unit.took_over": _("Unit took over from another"),
    "unit.succession_planned": _("Merging, splitting or renaming of a unit settled for a day to come"),
    "unit.succession_withdrawn": _("What was settled for a unit taken back"),
    "committee.set_up": _("Committee set up"),
    "committee.changed": _("Committee changed"),
    "committee.reappointed": _("Committee appointed anew"),
    "committee.seat_given": _("Member added to a committee"),
    "committee.seat_ended": _("Member's seat ended"),
    "delegation.given": _("Post delegated"),
    "delegation.withdrawn": _("Delegation withdrawn"),
    "post.moved": _("Post moved to another unit"),
    "person.many_added": _("Several people added"),
    "person.handed_over": _("Work handed over on leaving"),
    "person.anonymised": _("Personal data removed"),
    "feedback.received": _("Feedback received"),
    "feedback.imported": _("Feedback imported from the portal"),
    "feedback.classified": _("Kind of feedback said"),
    "feedback.assigned": _("Feedback assigned"),
    "feedback.handed_on": _("Feedback handed on to the unit that took over"),
    "feedback.passed_on": _("Feedback passed on"),
    "feedback.routed": _("Complaint or denunciation routed"),
    "feedback.set_aside": _("Feedback not taken up"),
    "feedback.merged": _("Feedback merged into one received before"),
    "feedback.noted": _("Note on feedback added"),
    "feedback.answer_saved": _("Draft of an answer saved"),
    "feedback.submitted": _("Answer put before the leader"),
    "feedback.returned": _("Answer to feedback returned"),
    "feedback.answered": _("Feedback answered"),
    "feedback.supplemented": _("The sender added to feedback"),
    "feedback.reopened": _("Feedback taken up again"),
    "feedback.sent": _("Sender of feedback told the outcome"),
    "feedback.published": _("Answer to feedback made public"),
    "feedback.unpublished": _("Published answer taken back"),
    "feedback.redated": _("Feedback dated anew"),
    "feedback.reminded": _("Reminder of feedback due soon"),
    "feedback.escalated": _("Overdue feedback brought before the leaders"),
    "feedback.limit_set": _("Time limit for feedback set"),
    "escalation.changed": _("Ladder of overdue work changed"),
    "personal_data.kind_changed": _("Register of personal data changed"),
    "personal_data.request_recorded": _("Request of a data subject recorded"),
    "personal_data.request_answered": _("Request of a data subject answered"),
    "personal_data.erasure_proposed": _("Removal of personal data proposed"),
    "personal_data.erasure_refused": _("Removal of personal data refused"),
    "personal_data.copied": _("Copy of the data held on a person made"),
    "survey.interviews_begun": _("Interviews by telephone begun"),
    "survey.slips_withdrawn": _("Slips of a survey withdrawn"),
    "survey.slips_begun": _("Pile of slips begun"),
    "survey.slip_corrected": _("Slip of a pile corrected"),
    "survey.slip_dropped": _("Slip of a pile dropped"),
    "survey.slips_finished": _("Pile of slips ended"),
    "survey.slips_received": _("Spreadsheet of answers brought in"),
    "survey.slips_taken_in": _("Answers of a spreadsheet taken in"),
    "survey.slips_discarded": _("Spreadsheet of answers thrown away"),
    "survey.comment_read": _("Comment of a survey read"),
    "survey.comment_tagged": _("Comment of a survey tagged"),
    "survey.comment_hidden": _("Comment of a survey hidden"),
    "survey.comment_shown": _("Comment of a survey shown again"),
    "survey.comment_blacked_out": _("Words of a comment blacked out"),
    "survey.comment_acted": _("Comment of a survey turned into work"),
    "task.added": _("Task given out outside a plan"),
    "entry.entered": _("Entry written into a register"),
    "entry.changed": _("Entry of a register changed"),
    "entry.succeeded": _("Version in a register ended by the following one"),
    "entry.finished": _("Work of a register done"),
    "entry.reopened": _("Entry of a register opened again"),
    "entry.withdrawn": _("Entry of a register withdrawn"),
    "entry.evidence_withdrawn": _("Evidence of an entry of a register withdrawn"),
    "entry.evidence_added": _("Evidence put to an entry of a register"),
    "entry.extension_asked": _("Later last day asked for"),
    "entry.extended": _("Later last day approved"),
    "entry.extension_refused": _("Later last day refused"),
    "entry.invited": _("Invitations to a meeting sent"),
    "entry.handed_on": _("Work of a register handed on"),
    "cycle.handed_on": _("Part of the improvement cycle handed on"),
    "entry.redated": _("Last day in time changed with the working calendar"),
    "entry.numbered": _("Document numbered"),
    "entry.brought_in": _("Spreadsheet brought into a register"),
    "entry.batch_taken_back": _("Spreadsheet taken back from a register"),
    "entry.reminded": _("Work of a register reminded of"),
    "entry.nudged": _("Reminded of work of a register, here"),
    "entry.undone": _("Act on an entry taken back"),
    "entry.row_set_aside": _("Refused row of a spreadsheet set aside"),
    "entry.list_added": _("Line added to a register's own list"),
    "entry.list_changed": _("Line of a register's own list changed"),
    "audit_programme.made": _("Programme of audits begun"),
    "audit_programme.changed": _("Programme of audits changed"),
    "audit_programme.submitted": _("Programme of audits submitted"),
    "audit_programme.returned": _("Programme of audits returned"),
    "audit_programme.approved": _("Programme of audits approved"),
    "audit_programme.adjusted": _("Approved programme of audits adjusted"),
    "audit_programme.reissued": _("Adjusted programme of audits signed"),
    "audit_programme.closed": _("Programme of audits closed"),
    "audit_programme.discarded": _("Programme of audits discarded"),
    "audit.planned": _("Audit planned"),
    "audit.changed": _("Audit changed"),
    "audit.cancelled": _("Audit cancelled"),
    "audit.team_set": _("Team of an audit set"),
    "audit.sessions_set": _("Plan of an audit laid"),
    "audit.questions_laid": _("Checklists of an audit laid"),
    "audit.question_added": _("Question added to a checklist"),
    "audit.question_changed": _("Question of a checklist changed"),
    "audit.question_dropped": _("Question taken out of a checklist"),
    "audit.announced": _("Audit announced"),
    "audit.opened": _("Audit opened"),
    "audit.answered": _("Question of an audit answered"),
    "audit.finished": _("Audit finished on site"),
    "audit.reopened": _("Audit on site reopened"),
    "audit.findings_received": _("Findings confirmed by the unit"),
    "audit.report_written": _("Report of an audit written"),
    "audit.reported": _("Report of an audit issued"),
    "audit.decided": _("Decision on the team of an audit issued"),
    "audit.paper_withdrawn": _("Paper of an audit withdrawn"),
    "audit.report_withdrawn": _("Report of an audit withdrawn, to be written anew"),
    "audit_programme.paper_withdrawn": _("Signed programme of audits withdrawn"),
    "audit_programme.withdrawn": _("Programme of audits a draft again"),
    "audit.closed": _("Audit closed"),
    "finding.written": _("Finding written"),
    "finding.changed": _("Finding changed"),
    "finding.withdrawn": _("Finding withdrawn"),
    "own_question.kept": _("Question of the agency's library kept"),
    "nonconformity.proposed": _("Nonconformity proposed"),
    "nonconformity.raised": _("Nonconformity raised"),
    "nonconformity.dismissed": _("Proposed nonconformity left"),
    "nonconformity.cancelled": _("Nonconformity cancelled"),
    "nonconformity.changed": _("Nonconformity changed"),
    "nonconformity.corrected": _("Nonconformity corrected"),
    "nonconformity.analysed": _("Cause of a nonconformity analysed"),
    "nonconformity.step_added": _("Step added to a plan of corrective action"),
    "nonconformity.step_changed": _("Step of a plan of corrective action changed"),
    "nonconformity.step_dropped": _("Step taken out of a plan of corrective action"),
    "nonconformity.submitted": _("Plan of corrective action submitted"),
    "nonconformity.returned": _("Plan of corrective action returned"),
    "nonconformity.approved": _("Plan of corrective action approved"),
    "nonconformity.completed": _("All steps of corrective action done"),
    "nonconformity.resumed": _("Corrective action resumed"),
    "nonconformity.judged": _("Effect of corrective action judged"),
    "nonconformity.reopened": _("Nonconformity reopened"),
    "nonconformity.reported": _("Correction reported to who inspected"),
    "risk.proposed": _("Risk proposed"),
    "risk.suggested": _("Risk or opportunity proposed by a person"),
    "risk.entered": _("Risk or opportunity entered"),
    "risk.changed": _("Risk or opportunity changed"),
    "risk.taken_up": _("Risk taken up"),
    "risk.dismissed": _("Proposed risk left"),
    "risk.ended": _("Risk watched no more"),
    "risk.rated": _("Risk rated"),
    "cycle.rules_set": _("Rhythm and limits of the improvement cycle set"),
    "risk.treated": _("Action on a risk given out"),
    "risk_scale.set": _("Scale of risks set"),
    "context.kept": _("Issue or interested party kept"),
    "context.ended": _("Issue or interested party left behind"),
    "announcement.prepared": _("Announcement of conformity prepared"),
    "announcement.changed": _("Announcement of conformity changed"),
    "announcement.discarded": _("Announcement of conformity discarded"),
    "announcement.asked": _("Confirmation of effectiveness asked for"),
    "announcement.confirmed": _("Effectiveness of the system confirmed"),
    "announcement.returned": _("Confirmation of effectiveness taken back"),
    "announcement.announced": _("System announced as conforming"),
    "announcement.recorded": _("Announcement signed on paper taken in"),
    "announcement.withdrawn": _("Announcement of conformity withdrawn"),
    "pack.asked": _("Inspector's pack asked for"),
    "pack.taken": _("Inspector's pack taken"),
    "pack.removed": _("Inspector's pack removed after its days"),
    "pack.written": _("Inspector's pack written at the command line"),
    "review.prepared": _("Management review prepared"),
    "review.changed": _("Management review changed"),
    "review.gathered": _("Inputs of a review gathered"),
    "review.considered": _("Input of a review considered"),
    "review.convened": _("Management review convened"),
    "review.cancelled": _("Management review cancelled"),
    "review.attended": _("Attendance of a review noted"),
    "review.decided": _("Decision of a review written"),
    "review.decision_dropped": _("Decision of a review taken out"),
    "review.concluded": _("Conclusion of a review written"),
    "review.closed": _("Management review closed"),
    "review.objective_drafted": _("Decision of a review brought into the draft of a plan"),
}
"""What each verb of the journal says."""

KINDS = {
    "assessment": _("Self-assessment"),
    "agency": _("Agency"),
    "job": _("Regular jobs"),
    "mail": _("Letters by e-mail"),
    "unit": _("Units"),
    "person": _("People"),
    "post": _("Posts"),
    "body_name": _("Names in documents"),
    "calendar": _("Working calendar"),
    "file": _("Files"),
    "evidence": _("Evidence"),
    "plan": _("Plans"),
    "objective": _("Objectives"),
    "target": _("Targets"),
    "action": _("Actions"),
    "trigger": _("Events"),
    "task": _("Tasks"),
    "indicator": _("Indicators"),
    "definition": _("Definitions of indicators"),
    "reading": _("Figures"),
    "procedure": _("Administrative procedures"),
    "dossiers": _("Imports of dossiers"),
    "letter": _("Letters to applicants"),
    "report": _("Reports"),
    "feedback": _("Feedback"),
    "public_page": _("Public page"),
    "publication": _("Publications"),
    "place": _("Places of postings"),
    "controlled_document": _("Documents of the system"),
    "document_edition": _("Editions of documents"),
    "paper": _("Papers of the agency"),
    "legal_text": _("Legal texts"),
    "notice": _("Postings"),
    "posting_list": _("Quarterly lists"),
    "planned_posting": _("Yearly plan of what is made public"),
    "approved_posting_plan": _("Approved yearly plans of what is made public"),
    "committee": _("Committees"),
    "delegation": _("Delegations"),
    "escalation": _("Overdue work"),
    "journal": _("Journal"),
    "personal_data": _("Personal data"),
    "survey": _("Surveys"),
    "questionnaire": _("Questionnaires"),
    "entry": _("Entries of the registers"),
    "reminder": _("Reminder letters"),
    "programme": _("Papers of the work programme"),
    "copy": _("Copies and extracts"),
    "audit_programme": _("Programmes of audits"),
    "audit": _("Internal audits"),
    "finding": _("Findings"),
    "own_question": _("Own audit questions"),
    "nonconformity": _("Nonconformities"),
    "risk": _("Risks and opportunities"),
    "cycle": _("The improvement cycle"),
    "risk_scale": _("Scales of risks"),
    "context": _("Context of the agency"),
    "review": _("Management reviews"),
    "announcement": _("Announcements of conformity"),
    "pack": _("Inspector's packs"),
    "posting_plan": _("Yearly plan of what is made public"),
}
"""What the first part of a verb speaks of."""

FIELDS = {
    "choices": _("Scope, by field of procedures"),
    "wording": _("Words of the form"),
    "checks": _("Preconditions"),
    "letters": _("Letters by e-mail"),
    "conclusion": _("Conclusion of the review"),
    "input": _("Inputs"),
    "found_on": _("Found on"),
    "judge_on": _("Effect can be judged from"),
    "effective": _("Effective"),
    "reported_on": _("Reported on"),
    "serial": _("Number in the book"),
    "step": _("Step of the plan"),
    "likelihood": _("Likelihood"),
    "consequence": _("Consequence"),
    "rerate_by": _("To be rated again by"),
    "audit_months": _("Months between two audits of a unit"),
    "adjustments": _("Adjustments not signed yet"),
    "open_questions": _("Questions without an answer"),
    "unanswered": _("Why questions stayed unanswered"),
    "what": _("What"),
    "announced_days": _("Days before an audit on which people are told"),
    "plan_days": _("Working days for a plan of corrective action"),
    "judge_days": _("Days until the effect is judged"),
    "judge_within": _("Days given for judging the effect"),
    "risk_months": _("Months between two ratings of a risk"),
    "late_share": _("Share of late dossiers that makes a pattern, per cent"),
    "late_least": _("Late dossiers from which they make a pattern"),
    "despite": _("Why it is effective although the result does not bear it out"),
    "ended_on": _("Ended on"),
    "procedure_code": _("Code of the administrative procedure"),
    "review_months": _("Looked at again after so many months"),
    "kept_years": _("How long and where its records are kept"),
    "users": _("Units that work by it"),
    "decision_on": _("Day of the decision"),
    "effective_on": _("In effect from"),
    "replaced_on": _("Replaced on"),
    "withdrawn_on": _("Withdrawn on"),
    "reviewed_on": _("Looked at on"),
    "read_by": _("To be read by"),
    "citations": _("Legal texts it rests on"),
    "legal_text": _("Legal text"),
    "issuer": _("Issued by"),
    "change_kind": _("Kind of change"),
    "changed_by": _("By the text"),
    "change_on": _("From the day"),
    "documents": _("Controlled documents"),
    "nonconformities": _("Nonconformities"),
    "corrective_steps": _("Steps of corrective action"),
    "risks": _("Risks"),
    "context_issues": _("Context and interested parties"),
    "review_decisions": _("Decisions of management reviews"),
    "audits": _("Internal audits"),
    "procedure_purpose": _("Purpose"),
    "procedure_scope": _("Scope"),
    "procedure_conditions": _("Conditions"),
    "procedure_filing": _("Way of filing"),
    "procedure_components": _("Components of the dossier"),
    "procedure_sets": _("Number of sets"),
    "procedure_limit": _("Time limit"),
    "procedure_place": _("Place"),
    "procedure_agency": _("Agency that settles it"),
    "procedure_who": _("Who may apply"),
    "procedure_result": _("Result"),
    "procedure_steps": _("Steps B1 … Bn"),
    "procedure_forms": _("Forms"),
    "procedure_records": _("Records kept"),
    "pattern_manual": _("Code of: quality manual"),
    "pattern_policy": _("Code of: quality policy"),
    "pattern_system": _("Code of: system procedure"),
    "pattern_internal": _("Code of: internal procedure"),
    "pattern_guide": _("Code of: guide, rules"),
    "pattern_form": _("Code of: form"),
    "pattern_external": _("Code of: external document"),
    "register": _("Register"),
    "due_after": _("New last day"),
    "withdrawn": _("Withdrawn"),
    "restored": _("Put back as they were"),
    "invited_people": _("People invited"),
    "staying": _("Left, since somebody changed them"),
    "unchanged": _("Unchanged"),
    "document": _("Document"),
    "staff_record": _("What a person's record said"),
    "slug": _("Address of the page"),
    "is_open": _("Open to everybody"),
    "introduction": _("Introduction"),
    "address": _("Address"),
    "phone": _("Telephone"),
    "hours": _("Opening hours"),
    "website": _("Website"),
    "takes_feedback": _("Takes feedback"),
    "correction": _("What is corrected"),
    "doubts": _("Places that may be personal data"),
    "feedback_kind": _("Kind of feedback"),
    "feedback_outcome": _("What was found out"),
    "feedback_outcome_on": _("Day of what was found out"),
    "outcome_print": _("Fingerprint of what it rests on"),
    "way": _("How it came"),
    "told_by": _("Told by"),
    "told_on": _("Told on"),
    "officer": _("Officer"),
    "pass_on_by": _("Pass on by"),
    "working_days": _("Working days"),
    "doer_before": _("Whoever does the work reminded working days before"),
    "head_after": _("Head of the unit told after working days"),
    "secretary_after": _("ISO secretary told after working days"),
    "representative_after": _("Management representative told after working days"),
    "chairman_after": _("Chairman told after working days"),
    "answer_print": _("Fingerprint of the answer"),
    "public_print": _("Fingerprint of what is public"),
    "factor": _("Way of the second step"),
    "sessions": _("Sessions"),
    "state": _("State"),
    "number": _("Number or sign"),
    "form": _("Form of the copy"),
    "text": _("Text"),
    "version": _("Version"),
    "objective": _("Objective"),
    "year": _("Year"),
    "tasks": _("Tasks dated"),
    "indicators": _("Indicators"),
    "position": _("Title of office"),
    "place": _("Place name"),
    "numbers": _("Numbers"),
    "new": _("New"),
    "merged": _("Merged"),
    "kind": _("Kind"),
    "is_withdrawn": _("Withdrawn"),
    "from": _("From"),
    "file": _("File"),
    "url": _("Link"),
    "title": _("Title"),
    "supersedes": _("Replaces"),
    "source": _("Source"),
    "size": _("Size in bytes"),
    "signed_by": _("Signed by"),
    "document_types": _("Types of document"),
    "recipients": _("Recipients"),
    "report": _("Report"),
    "remarks": _("Remarks"),
    "late_reasons": _("Why tasks are late"),
    "readings": _("Figures used"),
    "period": _("Period"),
    "period_start": _("Period from"),
    "period_end": _("Period to"),
    "note": _("Note"),
    "name": _("Name"),
    "issued_on": _("Issued on"),
    "due_new": _("New date"),
    "working_hours": _("Working hours"),
    "reckoned": _("Dossiers reckoned anew"),
    "is_for_below": _("Also for the agencies below"),
    "cut_off": _("Last receipt"),
    "due_now": _("Due date that holds"),
    "dossier": _("Dossier"),
    "indicator": _("Indicator"),
    "happened_on": _("Happened on"),
    "from_year": _("From the year"),
    "format": _("Form of the file"),
    "event": _("Event"),
    "due_on": _("Due on"),
    "document_number": _("Number of the document"),
    "document_date": _("Date of the document"),
    "content_type": _("Kind of file"),
    "cancelled_tasks": _("Tasks cancelled"),
    "cancelled": _("Cancelled"),
    "by": _("By"),
    "code": _("Code"),
    "scheme": _("Kind of code"),
    "administrative_code": _("Code of the administrative unit"),
    "parent": _("Agency above"),
    "predecessor": _("Predecessor"),
    "same_as": _("Taken for the same as"),
    "successor": _("Successor"),
    "decision": _("Deciding text"),
    "on": _("From day"),
    "level": _("Level"),
    "level_id": _("Level"),
    "full_name": _("Full name"),
    "superior_name": _("Superior agency"),
    "rhythm": _("Reporting rhythm"),
    "half_year_report_by": _("Half-year report by"),
    "year_report_by": _("Yearly report by"),
    "login": _("Sign-in name"),
    "email": _("Email"),
    "role": _("Role in the system"),
    "unit": _("Unit"),
    "person": _("Person"),
    "short_name": _("Short name"),
    "is_active": _("In use"),
    "valid_from": _("From day"),
    "valid_to": _("To day"),
    "rank": _("Rank"),
    "value": _("Value"),
    "result": _("Result"),
    "method": _("How it is measured"),
    "numerator_label": _("What the numerator counts"),
    "denominator_label": _("What the denominator counts"),
    "measure": _("Kind of measure"),
    "adds_up": _("Adds up over the year"),
    "measured_by": _("Measured by"),
    "formula": _("Formula"),
    "about": _("What it says"),
    "unit_entering": _("Unit that enters it"),
    "entered_every": _("How often it is entered"),
    "entered_within": _("Working days after the period"),
    "done_on": _("Done on"),
    "sha256": _("SHA-256"),
    "docx": _("DOCX file, SHA-256"),
    "pdf": _("PDF file, SHA-256"),
    "workbook": _("Spreadsheet, SHA-256"),
    "data": _("Data file, SHA-256"),
    "objectives": _("Objectives"),
    "targets": _("Targets"),
    "actions": _("Actions"),
    "resources": _("Resources"),
    "evaluation": _("How the result is evaluated"),
    "decided_on": _("Date of the decision"),
    "signed_file": _("Signed file"),
    "replaces": _("Replaces"),
    "grade": _("Grade"),
    "rank_of": _("Out of"),
    "evidence": _("Evidence"),
    "assessment": _("Assessment"),
    "difficulties": _("Difficulties"),
    "proposals": _("Proposals"),
    "assignee": _("Assignee"),
    "baseline_value": _("Baseline"),
    "baseline_year": _("Baseline year"),
    "change": _("A change in per cent means"),
    "commitments": _("Commitments"),
    "day": _("Day"),
    "direction": _("Which way is better"),
    "decimals": _("Decimals"),
    "clause": _("Clause of ISO 9001"),
    "legal_source": _("Legal source"),
    "expected_evidence": _("Expected evidence"),
    "expected_volume": _("Expected volume"),
    "is_striving": _("Striven for"),
    "late_after": _("In time until"),
    "lead": _("Lead"),
    "support": _("Support"),
    "monitor": _("Monitor"),
    "monitors": _("Monitor"),
    "motto": _("Motto"),
    "nothing_arose": _("Nothing arose"),
    "owner_id": _("Unit in charge"),
    "owner": _("Unit in charge"),
    "progress": _("Progress"),
    "reporting": _("Reporting"),
    "schedule": _("Dates understood"),
    "upper": _("Upper value"),
    "when": _("Time"),
    "is_confirmed": _("Confirmed"),
    "ground": _("Ground"),
    "capacity": _("Capacity of the signer"),
    "authority": _("Signed for"),
    "policy": _("Quality policy"),
    "is_reached": _("Reached"),
    "period_kind": _("Kind of period"),
    "numerator": _("Numerator"),
    "denominator": _("Denominator"),
    "answer": _("Answer"),
    "closes_account": _("Account closed after the last day"),
    "count": _("How many"),
    "duty": _("Duty"),
    "into": _("Into"),
    "last_day": _("Last day"),
    "members": _("Members"),
    "names": _("Names"),
    "outcome": _("Outcome"),
    "parent_id": _("Superior agency"),
    "people": _("People"),
    "received_on": _("Received on"),
    "request_kind": _("Kind of request"),
    "seals": _("References of the data removed"),
    "set_up_on": _("Set up on"),
    "to": _("Handed to"),
    "person_id": _("Person"),
    "deputy": _("Deputy"),
    "giver": _("Delegated by"),
    "reason": _("Reason"),
    "libraries": _("Libraries"),
    "remark": _("What the unit says"),
    "strengths": _("Strengths"),
    "team": _("Team"),
    "units": _("Units"),
    "purpose": _("Purpose"),
    "legal_basis": _("Legal basis"),
    "retention_months": _("Kept for months"),
    "retention_after": _("Counted from"),
    "then": _("What happens then"),
    "is_masked": _("Shown masked"),
    "entries": _("Entries"),
    "report_parts": _("Parts of reports"),
    "reports_owed": _("Reports owed"),
    "postings": _("Postings to come"),
    "filter": _("Narrowed to"),
    "words": _("Words"),
    "since": _("From day"),
    "until": _("To day"),
    "by_id": _("By"),
    "due_days": _("Due days"),
    "committees": _("Committees"),
    "delegations": _("Delegations"),
    "decision_number": _("Number of the decision"),
    "first_day": _("First day"),
    "dossiers": _("Dossiers"),
    "feedback": _("Feedback"),
    "survey_points": _("Places of surveys"),
    "decision_date": _("Date of the decision"),
    "series": _("Series of documents"),
    "second_factor": _("Second factor at sign-in"),
    "merged_from": _("Merged from"),
    "language": _("Language"),
    "anonymised_on": _("Personal data removed on"),
    "must_change_password": _("New password asked for"),
    "field": _("Field"),
    "limit_amount": _("Time limit"),
    "limit_unit": _("Time limit counted in"),
    "online_level": _("Online level"),
    "partial_reason": _("Why only partly online"),
    "posting_place": _("Posted at"),
    "posting_places": _("Where"),
    "days_posted": _("For how many days"),
    "is_dropped": _("Out of the plan"),
    "shortfall": _("Why it hung shorter"),
    "posted_on": _("Posted on"),
    "removed_on": _("Taken down on"),
    "rule": _("Content by the law's list"),
    "posted_by": _("Posted by"),
    "planned_posting": _("Line of the yearly plan"),
    "is_cancelled": _("Cancelled"),
    "quarter": _("Quarter"),
    "subject": _("What it is about"),
    "opening": _("Opening"),
    "requests": _("What is asked for"),
    "lines": _("Work in the letter"),
    "addressees": _("Addressees"),
    "addressee": _("To whom"),
    "sender": _("Body that gives it"),
    "sent_on": _("Sent on"),
    "rules": _("Rules of its days"),
    "is_ended": _("Taken out"),
    "owed_lines": _("Number of lines"),
    "is_of_units": _("Each unit with targets makes one of its own"),
    "digest": _("SHA-256 of the content"),
    "reminded_on": _("Reminded on"),
    "procedures": _("Procedures"),
    "added": _("Added"),
    "changed": _("Changed"),
    "signers": _("Signers"),
    "signed_on": _("Signed on"),
    "signed": _("Signed file"),
    "sentences": _("Sentences"),
    "rows": _("Rows of the file"),
    "row": _("Row of the file"),
    "same": _("Unchanged"),
    "refused": _("Refused"),
    "removed": _("Removed"),
    "as_of": _("The day that the file shows"),
    "mapping": _("Columns of the file"),
    "is_offered": _("Files are read by it"),
    "meaning": _("Means"),
    "word": _("Word of the file"),
    "task": _("Task"),
    "responses_count": _("Number of answers"),
    "kept": _("Answers that go on being counted"),
    "slip": _("Slip"),
    "counted": _("Counted by hand"),
    "comment": _("Comment"),
    "known": _("There already"),
    "places": _("Places blacked out"),
    "tags": _("Tags"),
    "questionnaire": _("Questionnaire"),
    "questions": _("Questions"),
    "edition": _("Edition"),
    "languages": _("Languages"),
    "thanks": _("Thanks"),
    "scale": _("Scale"),
    "factors": _("Factors"),
    "order": _("Order of the questions"),
    "options": _("Answers to choose from"),
    "is_required": _("Has to be answered"),
    "counts": _("Counts in the rate by factors"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "asks_field": _("Asks for the field"),
    "channel": _("Answered by"),
    "first_serial": _("First serial"),
    "points": _("Points"),
    "round": _("Round"),
}
"""What the fields of a change are called."""


LEVELS = {
    "commune": _("Commune"),
    "ward": _("Ward"),
    "special_zone": _("Special zone"),
    "district": _("District (until 30/6/2025)"),
    "province": _("Province"),
    "department": _("Department"),
}
"""Levels that entries of the journal name; those that an installation adds show as written."""

CODES: dict[str, Mapping[str, Any]] = {
    "rule": {rule.code: rule.name for rule in shipped()},
    "factor": {"totp": _("Authenticator app"), "webauthn": _("Security key")},
    "role": dict(ROLES),
    "level": LEVELS,
    "level_id": LEVELS,
    "rhythm": dict(RHYTHMS),
    "limit_unit": dict(LIMIT_UNITS),
    "online_level": {level.name.lower(): _(name) for level, name in LEVEL_NAMES.items()},
    "kind": {
        "apology": _("Apology and new date"),
        "explanation": _("Explanation"),
        **dict(UNIT_KINDS),
        "at_least": _("At least"),
        "above": _("Above"),
        "at_most": _("At most"),
        "below": _("Below"),
        "between": _("Between"),
        "increase_by": _("Increase by"),
        "decrease_by": _("Decrease by"),
        "count_of": _("Count of items met"),
        "grade_at_least": _("Grade at least"),
        "rank_within": _("Rank within"),
        "achieved": _("Reached or kept"),
        "quarter": _("Quarterly report"),
        "half_year": _("Half-year report"),
        "year": _("Yearly report"),
        "file": _("File"),
        "link": _("Link"),
        "document": _("Official document"),
        "merger": _("Merged into"),
        "split": _("Split"),
        "transfer": _("Tasks handed over"),
        "off": _("Day off"),
        "working": _("Working day"),
    },
    "scheme": {
        "identifier": _("Electronic identifier (Decision 20/2020/QĐ-TTg)"),
        "administrative": _("Administrative unit (Decision 19/2025/QĐ-TTg)"),
        "alias": _("Other code"),
    },
    "measure": {
        "ratio": _("Share: numerator over denominator"),
        "value": _("Number"),
        "grade": _("Grade"),
        "rank": _("Rank"),
        "state": _("State reached or not"),
    },
    "grade": {
        "weak": _("Weak"),
        "average": _("Average"),
        "fair": _("Fair"),
        "good": _("Good"),
        "excellent": _("Excellent"),
    },
    "change": {"points": _("Percentage points"), "relative": _("Per cent of the baseline")},
    "state": {
        "reading": _("Being checked against its source"),
        "draft": _("Draft"),
        "submitted": _("Submitted"),
        "approved": _("Approved"),
        "promulgated": _("In force"),
        "closed": _("Closed"),
        "replaced": _("Replaced"),
        "discarded": _("Discarded"),
        "active": _("In force"),
        "ended": _("Ended"),
        "open": _("To do"),
        "returned": _("Returned"),
        "accepted": _("Done"),
        "cancelled": _("Cancelled"),
        "entered": _("Waiting for confirmation"),
        "confirmed": _("Confirmed"),
        "withdrawn": _("Withdrawn"),
        "issued": _("Issued"),
        **{key: _(name) for key, name in FEEDBACK_STATES.items()},
    },
    "feedback_kind": {key: _(name) for key, name in FEEDBACK_KINDS.items()},
    "feedback_outcome": {key: _(name) for key, name in FEEDBACK_OUTCOMES.items()},
    "way": {key: _(name) for key, name in FEEDBACK_WAYS.items()},
    "told_by": {key: _(name) for key, name in SENDINGS.items()},
    "duty": {
        "head": _("Head"),
        "deputy": _("Deputy head"),
        "secretary": _("Secretary"),
        "member": _("Member"),
    },
    "request_kind": {
        "see": _("See the data or get a copy"),
        "correct": _("Correct the data"),
        "delete": _("Delete the data"),
        "restrict": _("Restrict what is done with the data"),
        "object": _("Object to what is done with the data"),
        "withdraw": _("Withdraw consent"),
    },
    "outcome": {
        "granted": _("Granted"),
        "partly": _("Granted in part"),
        "refused": _("Refused, with the reason"),
    },
    "retention_after": {
        "left": _("The person's last post ended"),
        "used": _("It was last used"),
        "done": _("The matter was closed"),
        "never": _("No limit: the record is kept"),
    },
    "then": {
        "anonymise": _("Take the personal data out, keep the record"),
        "delete": _("Delete"),
        "keep": _("Keep with the record"),
    },
    "channel": {
        "qr": _("QR code"),
        "link": _("Link on a slip"),
        "kiosk": _("Tablet at the counter"),
        "phone": _("Telephone interview"),
        "paper": _("Paper slip"),
        "file": _("Spreadsheet"),
    },
    "second_factor": {
        "offered": _("Offered to everyone"),
        "managers": _("Required of those who manage, lead and approve"),
        "everyone": _("Required of everyone"),
    },
}
"""What the codes of a field mean."""


NUMBERS = frozenset(
    {"value", "upper", "numerator", "denominator", "baseline_value", "expected_volume", "limit_amount"}
)
"""Fields whose texts are numbers with a decimal point."""


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    """One field of a change, as a person reads it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryInWords:
    """An entry of the journal, as a person reads it."""

    sequence: int
    at: datetime
    on: date
    is_of_another_day: bool
    by: str
    stood_in_for: str
    said: str
    subject: str
    subject_type: str
    subject_id: int | None
    changes: tuple[ChangeInWords, ...]
    reason: str
    hash: str


UNITS = frozenset({"unit", "unit_id", "owner_id"})
PEOPLE = frozenset(
    {"officer", "person", "person_id", "assignee", "deputy", "giver", "by_id", "to", "posted_by"}
)
"""Fields whose numbers stand for units and people."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the agency's units and people are called, by their ids, for entries that keep ids."""

    units: Mapping[int, str]
    people: Mapping[int, str]

    def of(self, field: str, value: int) -> str | None:
        """Return the name of the unit or person that a field's number stands for; None where it stands for none."""
        names = self.units if field in UNITS else self.people if field in PEOPLE else {}
        return names.get(value)


MASKS: dict[str, Callable[[str], str]] = {
    "full_name": short_name,
    "person_name": short_name,
    "login": masked_login,
    "email": masked_email,
    "phone": masked_phone,
}
"""How personal fields are shown to those who need not know the agency's people."""

FAULTS = {
    Fault.ALTERED: _("The entry does not fit its own hash: it was changed outside of the system."),
    Fault.UNLINKED: _("The entry does not follow the one before it: one of the two was replaced."),
    Fault.MISSING: _("The entry is missing, or its number was changed."),
    Fault.SEAL_ALTERED: _("A name or address in the entry was exchanged."),
    Fault.SEAL_MISSING: _("A name in the entry is gone, and no removal of personal data says so."),
    Fault.CUT: _("The newest entries were cut off: the journal once went further."),
    Fault.REWRITTEN: _("Another entry stands where this one was noted: the journal was written anew."),
}
"""What is wrong at a place of a chain, in words."""


def fault_label(fault: Fault | None) -> str:
    """Return what is wrong at a place of a chain; empty for a whole one."""
    return str(FAULTS[fault]) if fault else ""


def entry_in_words(entry: EntryRow, names: Names, *, is_masked: bool = False) -> EntryInWords:
    """Return an entry with its verb, fields and values in the reader's language; masked, without personal data."""
    if is_masked:
        entry = _masked(entry)
    return EntryInWords(
        sequence=entry.sequence,
        at=entry.at,
        on=entry.on,
        is_of_another_day=timezone.localtime(entry.at).date() != entry.on,
        by=entry.by_name,
        stood_in_for=entry.for_name,
        said=verb_label(entry.verb),
        subject=entry.subject_label,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        changes=tuple(_change_in_words(entry, names, change) for change in entry.changes),
        reason=entry.reason,
        hash=entry.hash,
    )


def _change_in_words(entry: EntryRow, names: Names, change: Change) -> ChangeInWords:
    """Return a change with its label; fields and choices of a register's entry are called as the register calls them."""
    key = str(next((each.after for each in entry.changes if each.name == "register"), ""))
    if key not in REGISTERS:
        return ChangeInWords(
            field_label(change.name),
            value_in_words(names, change.name, change.before),
            value_in_words(names, change.name, change.after),
        )
    before, after = change.before, change.after
    if change.name == "register":
        return ChangeInWords(field_label(change.name), "", gettext(REGISTERS[key].title))
    register = REGISTERS[key]
    fields = register.item_fields if entry.verb.startswith("entry.list_") else register.fields
    field = next((each for each in fields if each.key == change.name), None)
    label = gettext(field.label) if field else field_label(change.name)
    if field is not None and field.kind is Kind.PARTIES:
        return ChangeInWords(label, _parties(names, before), _parties(names, after))
    choices = {each.word: gettext(each.name) for each in field.choices} if field else {}
    texts = [
        str(choices.get(value) or value_in_words(names, change.name, value))
        if isinstance(value, str)
        else value_in_words(names, change.name, value)
        for value in (before, after)
    ]
    return ChangeInWords(label, *texts)


def _parties(names: Names, value: object) -> str:
    """Return the names of units and people that a field of several parties keeps by their numbers."""
    said = invited_in(value)
    units = (name for pk, name in names.units.items() if pk in said.units)
    return "; ".join((*units, *(name for pk, name in names.people.items() if pk in said.people)))


def _masked(entry: EntryRow) -> EntryRow:
    def masked(change: Change) -> Change:
        mask = MASKS.get(change.name)
        if mask is None:
            return Change(change.name, _without_names(change.before), _without_names(change.after))
        before, after = (
            mask(value) if isinstance(value, str) else value for value in (change.before, change.after)
        )
        return Change(change.name, before, after)

    return replace(
        entry,
        by_name=entry.by_name if entry.by_id is None else short_name(entry.by_name),
        for_name=short_name(entry.for_name),
        subject_label=_masked_label(entry.subject_label)
        if entry.subject_type in PERSONAL
        else entry.subject_label,
        changes=tuple(masked(change) for change in entry.changes),
    )


def _masked_label(label: str) -> str:
    """Return a label of a record about people ("An · Head", "Bình → An · Head") with the names masked."""
    parts = re.split(r"( · | → )", label)
    return "".join(
        short_name(part) if at == 0 or parts[at - 1] == " → " else part for at, part in enumerate(parts)
    )


def _without_names(value: Any) -> Any:
    """Return a value whose personal members, however deep, are masked."""
    if isinstance(value, dict):
        return {
            name: MASKS[name](each) if name in MASKS and isinstance(each, str) else _without_names(each)
            for name, each in value.items()
        }
    return [_without_names(each) for each in value] if isinstance(value, list) else value


def table_header() -> list[str]:
    """Return the headings of the journal as a table."""
    return [
        gettext("Entry"),
        gettext("Time"),
        gettext("For day"),
        gettext("By"),
        gettext("Standing in for"),
        gettext("Act"),
        gettext("Record"),
        gettext("What changed"),
        gettext("Reason"),
        gettext("Hash"),
    ]


def cells(entry: EntryInWords) -> list[str]:
    """Return an entry as a row of the table."""
    changes = (f"{change.label}: {change.before or '–'} → {change.after or '–'}" for change in entry.changes)
    return [
        str(entry.sequence),
        f"{timezone.localtime(entry.at):%d/%m/%Y %H:%M:%S}",
        vietnamese.day(entry.on),
        entry.by,
        entry.stood_in_for,
        entry.said,
        entry.subject,
        "; ".join(changes),
        entry.reason,
        entry.hash,
    ]


def verb_label(verb: str) -> str:
    """Return what a verb says; one from a later version of the product is shown as it is."""
    return str(VERBS.get(verb, verb))


def kind_label(kind: str) -> str:
    """Return what the first part of a verb speaks of."""
    return str(KINDS.get(kind, kind))


def field_label(name: str) -> str:
    """Return what a field is called; one without a name of its own shows its code in words."""
    if name.startswith("mark_"):  # of an indicator of a self-assessment
        return gettext("Mark %(number)s") % {"number": name.removeprefix("mark_")}
    return str(FIELDS.get(name, name.replace("_", " ")))


def agency_facts(agency: AgencyRow, level: str) -> list[tuple[str, str]]:
    """Return an agency's data as pairs of label and text, in the order of the page."""
    return [
        (gettext("Full name"), agency.full_name),
        (gettext("Short name"), agency.name),
        (gettext("Code"), agency.code),
        (gettext("Level"), level),
        (gettext("Superior agency"), agency.superior_name),
        (gettext("Place name"), agency.place),
        (gettext("Reporting rhythm"), str(CODES["rhythm"].get(agency.rhythm, agency.rhythm))),
        (gettext("Half-year report by"), _day_month(agency.half_year_report_by)),
        (gettext("Yearly report by"), _day_month(agency.year_report_by)),
    ]


def _day_month(code: str) -> str:
    return f"{int(code[3:])}/{int(code[:2])}"


def value_in_words(names: Names, name: str, value: Any) -> str:
    """Return a field's value as a person reads it; nothing for what is blank."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int):
        return names.of(name, value) or (str(value) if "year" in name else vietnamese.number(value))
    if isinstance(value, str):
        return _text(name, value)
    if name in {"schedule", "reporting"}:
        return write_schedule([schedule_from_json(each) for each in value])
    if isinstance(value, list):
        return "; ".join(value_in_words(names, name, each) for each in value)
    if isinstance(value, dict):
        said = ((field_label(key), value_in_words(names, key, each)) for key, each in value.items())
        return "; ".join(f"{label}: {text}" for label, text in said if text)
    return str(value)


def _text(name: str, value: str) -> str:
    if name in CODES and value in CODES[name]:
        return str(CODES[name][value])
    if name.endswith("_report_by") and re.fullmatch(r"\d{2}-\d{2}", value):
        return _day_month(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return vietnamese.day(date.fromisoformat(value))
    if name in NUMBERS and re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return vietnamese.number(value)
    return value
