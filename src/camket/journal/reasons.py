"""Acts that are not recorded without a reason, as data.

Undoing what others did, moving what was promised and touching what proves something is explained to whoever reads
the journal later.
"""

from __future__ import annotations

from camket.core.messages import Message, Refusal, gettext_noop

REASON_REQUIRED = frozenset(
    {
        "action.ended",
        "announcement.returned",
        "announcement.withdrawn",
        "agency.ended",
        "agency.renamed",
        "agency.reopened",
        "agency.succeeded",
        "agency.succession_withdrawn",
        "agency.took_over",
        "audit.cancelled",
        "audit_programme.adjusted",
        "audit_programme.returned",
        "context.ended",
        "controlled_document.withdrawn",
        "copy.withdrawn",
        "document_edition.returned",
        "entry.batch_taken_back",
        "entry.extension_refused",
        "entry.reopened",
        "entry.withdrawn",
        "evidence.withdrawn",
        "finding.withdrawn",
        "letter.withdrawn",
        "nonconformity.cancelled",
        "nonconformity.dismissed",
        "nonconformity.reopened",
        "nonconformity.returned",
        "person.anonymised",
        "person.blocked",
        "plan.returned",
        "programme.withdrawn",
        "publication.returned",
        "publication.withdrawn",
        "reading.withdrawn",
        "reminder.withdrawn",
        "report.corrected",
        "report.owed_reopened",
        "review.cancelled",
        "risk.dismissed",
        "risk.ended",
        "survey.comment_blacked_out",
        "survey.comment_hidden",
        "task.cancelled",
        "task.moved",
        "task.reopened",
        "task.returned",
        "unit.succession_withdrawn",
    }
)
"""Verbs whose entries say why."""


class ReasonMissing(Refusal):
    """The act asks for a reason and none was given."""


def needed_reason(reason: str) -> str:
    """Return the reason of an act that asks for one. Raises ReasonMissing for none."""
    if not reason.strip():
        raise ReasonMissing(Message(gettext_noop("Say the reason.")))
    return reason


def check_reason(verb: str, reason: str) -> None:
    """Refuse an act that asks for a reason and has none; raises ReasonMissing."""
    if verb in REASON_REQUIRED:
        needed_reason(reason)
