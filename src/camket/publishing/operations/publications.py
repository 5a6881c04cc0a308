"""Publications from their preparation to their withdrawal: every write of what the public sees of a matter."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import paragraphs
from camket.core.workflow import PUBLICATION
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.notifications.operations import settle, tell
from camket.notifications.staff import staff_of
from camket.objectives.rows import moment_of
from camket.org.models import Agency
from camket.org.policy import Actor, require, roles_with
from camket.publishing import changes
from camket.publishing.content import Prepared, checksum, doubts
from camket.publishing.models import Publication
from camket.publishing.preparing import in_force, prepared
from camket.publishing.queries.publications import allowed_of
from camket.reporting.models import Report
from camket.reporting.queries import versions_of

State = Publication.State
WAITING = (State.DRAFT, State.REVIEW)
LONGEST_TEXT = 2_000
"""So many characters of reasons, corrections and notes are kept."""


class AlreadyPrepared(Refusal):
    """A publication of the matter is being prepared or reviewed; ``publication_id`` says which."""

    def __init__(self, message: Message, publication_id: int) -> None:
        super().__init__(message)
        self.publication_id = publication_id


class TitleMissing(Refusal):
    """A publication has a title."""


class NotChecked(Refusal):
    """The content may hold personal data, and nobody said that it was looked at."""


class OwnPreparation(Refusal):
    """Nobody publishes what he or she prepared."""


class Outdated(Refusal):
    """A corrected version of the report or list was issued after its publication had been prepared."""


class ContentDamaged(Refusal):
    """What is stored is not what was reviewed: its checksum differs."""


def prepare_publication(
    *, actor: Actor, kind: str, subject_id: int | None = None, correction: str = "", now: datetime
) -> Publication:
    """Prepare a publication from the records as they stand today.

    ``correction`` says what is wrong in the one that is public now, where the new one corrects it; else it is a newer one.
    Raises NothingToPublish; AlreadyPrepared where one of the matter is under way.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        _lock(actor)
        require(actor, "publication.prepare")
        made = prepared(actor, kind, subject_id, today)
        waiting = series(agency_id=actor.agency_id, one=made).filter(state__in=WAITING).order_by("pk").first()
        if waiting is not None:
            raise AlreadyPrepared(
                Message(
                    gettext_noop("“%(title)s” is being prepared already; open it."), {"title": waiting.title}
                ),
                waiting.pk,
            )
        publication = Publication(agency_id=actor.agency_id, kind=kind, title=made.title)
        publication.correction = paragraphs(correction)[:LONGEST_TEXT]
        _fill(publication, made, actor, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="publication.prepared",
            subject=publication,
            on=today,
            after={
                "title": publication.title,
                "as_of": publication.as_of,
                "sha256": publication.sha256,
                "correction": publication.correction,
            },
        )
    return publication


def prepare_again(
    *, actor: Actor, publication_id: int, title: str, correction: str, now: datetime
) -> Publication:
    """Make a publication that is not submitted yet from the records anew, with the wording typed.

    Of a report or list that was corrected meanwhile, it is made from the version that stands.
    Raises NotPossible, TitleMissing, NothingToPublish.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.prepare")
        PUBLICATION.after(publication.state, "prepare")
        if not title.strip():
            raise TitleMissing(Message(gettext_noop("Give the publication a title.")))
        before = _told(publication)
        made = prepared(actor, publication.kind, _subject_of(publication), today)
        publication.title = " ".join(title.split())[:500]
        publication.correction = paragraphs(correction)[:LONGEST_TEXT]
        _fill(publication, made, actor, now)
        after = _told(publication)
        if before != after:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="publication.prepared_again",
                subject=publication,
                on=today,
                before=before,
                after=after,
            )
    return publication


def submit_publication(*, actor: Actor, publication_id: int, is_checked: bool, today: date) -> Publication:
    """Send a publication to a leader for review.

    ``is_checked`` says that a person looked at what may be personal data in it. Raises NotPossible, NotChecked, Outdated.
    """
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.prepare")
        after = PUBLICATION.after(publication.state, "submit")
        _require_in_force(publication)
        found = doubts(publication.content, allowed_of(publication))
        if found and not is_checked:
            raise NotChecked(
                Message(
                    gettext_noop(
                        "The publication may hold personal data in %(count)s places; look at them and say that you have."
                    ),
                    {"count": str(len(found))},
                )
            )
        _move(publication, after, actor, "publication.submitted", today, {"doubts": len(found)})
        _tell(
            publication,
            actor,
            "submitted",
            today,
            Message(
                gettext_noop("%(by)s asks you to make public: %(title)s"),
                {"by": actor.name, "title": publication.title},
            ),
        )
    return publication


def return_publication(*, actor: Actor, publication_id: int, reason: str, today: date) -> Publication:
    """Return a publication to who prepared it. Raises NotPossible, ReasonMissing."""
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.publish")
        after = PUBLICATION.after(publication.state, "return")
        publication.returned = needed_reason(paragraphs(reason)[:LONGEST_TEXT])
        _move(publication, after, actor, "publication.returned", today, reason=publication.returned)
        _tell(
            publication,
            actor,
            "returned",
            today,
            Message(
                gettext_noop("%(by)s returns “%(title)s” before it is made public: %(reason)s"),
                {"by": actor.name, "title": publication.title, "reason": publication.returned},
            ),
        )
    return publication


def publish(*, actor: Actor, publication_id: int, now: datetime) -> Publication:
    """Make a publication public as it was reviewed, frozen and dated; it replaces the one of its matter that was public.

    Raises NotPossible, OwnPreparation, ContentDamaged, Outdated.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.publish")
        after = PUBLICATION.after(publication.state, "publish")
        if actor.is_own(publication.prepared_by_id):
            raise OwnPreparation(
                Message(
                    gettext_noop(
                        "You prepared this publication yourself; another leader reviews and publishes it."
                    )
                )
            )
        if checksum(publication.content) != publication.sha256:
            raise ContentDamaged(
                Message(
                    gettext_noop(
                        "The stored content is not what was reviewed; return it and have it prepared anew."
                    )
                )
            )
        _require_in_force(publication)
        older = series(agency_id=publication.agency_id, one=publication).filter(state=State.PUBLISHED).first()
        if older is not None:
            older.state, older.ended_at = PUBLICATION.after(older.state, "replace"), now
            older.save(update_fields=["state", "ended_at"])
            publication.replaces = older
        publication.published_at, publication.published_by_id = now, actor.person_id
        publication.returned = ""
        _move(
            publication,
            after,
            actor,
            "publication.published",
            today,
            {"sha256": publication.sha256, "replaces": older.title if older else ""},
        )
        changes.noted()
    return publication


def withdraw_publication(*, actor: Actor, publication_id: int, reason: str, now: datetime) -> Publication:
    """Take a publication off the public page; its address says that it was withdrawn and why.

    Raises NotPossible, ReasonMissing.
    """
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.publish")
        after = PUBLICATION.after(publication.state, "withdraw")
        publication.withdrawal, publication.ended_at = needed_reason(paragraphs(reason)[:LONGEST_TEXT]), now
        _move(
            publication,
            after,
            actor,
            "publication.withdrawn",
            timezone.localdate(now),
            reason=publication.withdrawal,
        )
        changes.noted()
    return publication


def discard_publication(*, actor: Actor, publication_id: int, today: date) -> Publication:
    """Discard a publication that was never public. Raises NotPossible."""
    with transaction.atomic():
        publication = _locked(actor, publication_id)
        require(actor, "publication.prepare")
        after = PUBLICATION.after(publication.state, "discard")
        _move(publication, after, actor, "publication.discarded", today)
    return publication


def series(*, agency_id: int, one: Publication | Prepared) -> QuerySet[Publication]:
    """Return those of the same matter: of a kind, of a report's subject, plan, kind and period, of a survey, of a quarter."""
    rows = Publication.objects.filter(agency_id=agency_id, kind=one.kind)
    if one.kind == Publication.Kind.REPORT:
        report = Report.objects.get(pk=one.report_id or 0, agency_id=agency_id)
        return rows.filter(report__in=versions_of(report))
    if one.kind == Publication.Kind.POSTINGS:
        return rows.filter(period_start=one.period_start, period_end=one.period_end)
    return rows.filter(survey_id=one.survey_id) if one.survey_id else rows


def _subject_of(publication: Publication) -> int | None:
    """Return what the publication is made from, as it stands today."""
    return publication.survey_id or _in_force(publication)


def _in_force(publication: Publication) -> int | None:
    return in_force(
        publication.agency_id, report_id=publication.report_id, list_id=publication.posting_list_id
    )


def _require_in_force(publication: Publication) -> None:
    if _in_force(publication) != (publication.report_id or publication.posting_list_id):
        raise Outdated(
            Message(
                gettext_noop(
                    "A corrected version was issued after this had been prepared; "
                    "it is prepared again from that one before it is made public."
                )
            )
        )


def _lock(actor: Actor) -> None:
    """Lock the agency, so that two cannot prepare or publish of one matter at a time."""
    Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)


def _locked(actor: Actor, publication_id: int) -> Publication:
    _lock(actor)
    return Publication.objects.select_for_update(of=("self",)).get(
        pk=publication_id, agency_id=actor.agency_id
    )


def _fill(publication: Publication, made: Prepared, actor: Actor, now: datetime) -> None:
    publication.as_of = made.as_of
    publication.period_start, publication.period_end = made.period_start, made.period_end
    publication.plan_id, publication.report_id = made.plan_id, made.report_id
    publication.survey_id, publication.posting_list_id = made.survey_id, made.posting_list_id
    publication.content, publication.sha256 = made.content, checksum(made.content)
    publication.prepared_at, publication.prepared_by_id = now, actor.person_id
    publication.save()


def _told(publication: Publication) -> dict[str, object]:
    return {
        "title": publication.title,
        "correction": publication.correction,
        "as_of": publication.as_of,
        "sha256": publication.sha256,
    }


def _move(
    publication: Publication,
    state: str,
    actor: Actor,
    verb: str,
    today: date,
    more: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    before, publication.state = publication.state, state
    publication.save()
    settle(
        agency_id=publication.agency_id,
        links=[_link(publication)],
        topics=("publication",),
        now=moment_of(today),
    )
    record(
        actor=actor,
        agency_id=publication.agency_id,
        verb=verb,
        subject=publication,
        on=today,
        before={"state": before},
        after={"state": state, **(more or {})},
        reason=reason,
        settles=True,
    )


def _link(publication: Publication) -> str:
    return f"/noi-dung-cong-khai/{publication.pk}/"


def _tell(publication: Publication, actor: Actor, what: str, today: date, message: Message) -> None:
    """Tell the leaders that a publication waits for them, or who prepared it that it is returned."""
    staff, now = staff_of(publication.agency_id, today), moment_of(today)
    leaders = staff.with_role(*roles_with("publication.publish"))
    tell(
        agency_id=publication.agency_id,
        people=leaders if what == "submitted" else (publication.prepared_by_id,),
        topic="publication",
        key=f"publication:{publication.pk}:{what}:{now.isoformat()}",
        message=message,
        now=now,
        link=_link(publication),
        by=actor,
        staff=staff,
    )
