"""Paper slips keyed in at one sitting, and answers taken in from a spreadsheet (đợt nhập phiếu).

Each slip is stored and counted as soon as it is keyed, so that nothing is lost when a session ends. A slip of a sitting
that is still open can be corrected or dropped by whoever keys it; a sitting as a whole is withdrawn with a reason
(:func:`camket.voices.operations.answers.take_back_batch`). The journal has an entry for what is done with a sitting,
none with what a slip says.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.questionnaire import checked
from camket.core.slip_rows import SlipRow, SlipRows, read_slips
from camket.core.small_groups import counted_on
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.documents import content as kinds
from camket.documents.operations import drop_file, store_sent_file
from camket.documents.queries import path_of
from camket.dossiers.models import Field
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.paper.sheets import read_sheet
from camket.voices import tally
from camket.voices.editions import content_of
from camket.voices.models import Channel, QuestionnaireEdition, Response, SlipBatch, Survey
from camket.voices.operations.answers import NewResponse, is_shown, store_responses
from camket.voices.operations.surveys import NoEditionInUse
from camket.voices.queries import blocks

SHEET_KINDS = frozenset({kinds.SHEET, kinds.OPEN_SHEET, "text/csv", "application/vnd.ms-excel"})
MOST_ROWS = 5_000
"""Rows of one spreadsheet of answers."""
_NAMESPACE = uuid.UUID("6f1b6f0e-9f0c-4d3e-8a51-3f6a1d2b7c90")


class SurveyNotKeyed(Refusal):
    """The survey is still in preparation, so that no answer of it can be keyed in."""


class SlipDayNotPossible(Refusal):
    """The day of a slip lies ahead, or outside the days of the survey."""


class PlaceUnknown(Refusal):
    """A unit or field that the agency does not have."""


class BatchEnded(Refusal):
    """The sitting is over or withdrawn: no slip of it is keyed, corrected or dropped any more."""


class SumDiffers(Refusal):
    """The slips counted by hand are not as many as were keyed in."""


class SlipShown(Refusal):
    """The slip is in a figure that is shown: changed alone, it would tell what it says."""


class SlipUnknown(Refusal):
    """There is no slip of this number in the sitting."""


class FileKnown(Refusal):
    """The very same file was taken in before; its answers count already."""


class FileUnusable(Refusal):
    """The spreadsheet has no row that can be taken in, or too many."""


@dataclass(frozen=True, slots=True)
class KeyedSlip:
    """One slip as it was keyed: steps, options and free words by the question's key, the place and the day."""

    on: date
    field_id: int | None = None
    unit_id: int | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


def begin_batch(
    *,
    actor: Actor,
    survey_id: int,
    name: str,
    answered_on: date,
    field_id: int | None,
    unit_id: int | None,
    now: datetime,
) -> SlipBatch:
    """Begin a sitting at which paper slips are keyed in; day, field and unit are proposed for each slip.

    Raises SurveyNotKeyed, NoEditionInUse, SlipDayNotPossible, PlaceUnknown.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        survey = _survey(actor, survey_id)
        _check_day(survey, answered_on, today)
        _check_place(actor, field_id, unit_id)
        batch = SlipBatch.objects.create(
            survey=survey,
            channel=Channel.PAPER,
            name=one_line(name) or gettext("Slips of %(day)s") % {"day": format_date(today)},
            answered_on=answered_on,
            field_id=field_id,
            unit_id=unit_id,
            begun_at=now,
            begun_by_id=actor.person_id,
        )
        _record(actor, batch, "survey.slips_begun", today, after={"name": batch.name})
    return batch


def key_slip(*, actor: Actor, batch_id: int, slip_id: uuid.UUID, slip: KeyedSlip, now: datetime) -> int:
    """Store a slip and count it; return its number in the sitting. The same ``slip_id`` again is the same slip.

    Day, field and unit are proposed for the next slip. Raises BatchEnded, SlipDayNotPossible, PlaceUnknown, and
    AnswerNotPossible where the questionnaire does not take what was keyed.
    """
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _open(actor, batch_id)
        known = Response.objects.filter(pk=slip_id, batch=batch).values_list("batch_row", flat=True).first()
        if known is not None:
            return known
        _check_day(batch.survey, slip.on, timezone.localdate(now))
        _check_place(actor, slip.field_id, slip.unit_id)
        number = (batch.responses.aggregate(last=Max("batch_row"))["last"] or 0) + 1
        store_responses(
            survey=batch.survey,
            edition=_edition(batch.survey),
            rows=[
                NewResponse(
                    id=slip_id,
                    on=slip.on,
                    channel=Channel.PAPER,
                    ratings=slip.ratings,
                    choices=slip.choices,
                    comments=slip.comments,
                    field_id=slip.field_id,
                    unit_id=slip.unit_id,
                    batch_id=batch.pk,
                    batch_row=number,
                )
            ],
            now=now,
        )
        SlipBatch.objects.filter(pk=batch.pk).update(
            answered_on=slip.on, field_id=slip.field_id, unit_id=slip.unit_id
        )
    return number


def correct_slip(*, actor: Actor, batch_id: int, number: int, slip: KeyedSlip, now: datetime) -> None:
    """Put a slip of an open sitting right; its free words are kept apart and stay as they were keyed.

    Raises as :func:`key_slip`, SlipUnknown, and SlipShown once the figures of its month are shown.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _open(actor, batch_id)
        response = _slip(batch, number, today)
        _check_day(batch.survey, slip.on, today)
        _check_place(actor, slip.field_id, slip.unit_id)
        content = content_of(response.edition)
        answers = checked(content, slip.ratings, slip.choices, {})
        before = tally.counted_of(response, content)
        response.on = slip.on
        newest = blocks.newest_shown(actor.agency_id, today)
        day = counted_on(slip.on, today, newest)
        response.counted_on = None if day == slip.on else day
        response.field_id, response.unit_id = slip.field_id, slip.unit_id
        response.ratings, response.choices = dict(answers.ratings), dict(answers.choices)
        response.save(update_fields=["on", "counted_on", "field", "unit", "ratings", "choices"])
        tally.recount(agency_id=actor.agency_id, before=[before], after=[tally.counted_of(response, content)])
        _record(actor, batch, "survey.slip_corrected", today, after={"slip": number})


def drop_slip(*, actor: Actor, batch_id: int, number: int, now: datetime) -> None:
    """Drop a slip of an open sitting: it counts no more, and its number is not used again.

    Raises BatchEnded, SlipUnknown, SlipShown.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _open(actor, batch_id)
        response = _slip(batch, number, today)
        content = content_of(response.edition)
        before = tally.counted_of(response, content)
        response.state = Response.State.SET_ASIDE
        response.save(update_fields=["state"])
        tally.recount(agency_id=actor.agency_id, before=[before], after=[tally.counted_of(response, content)])
        SlipBatch.objects.filter(pk=batch.pk).update(responses_count=F("responses_count") - 1)
        _record(actor, batch, "survey.slip_dropped", today, after={"slip": number})


def finish_batch(
    *, actor: Actor, batch_id: int, counted: int | None, now: datetime, is_sure: bool = False
) -> None:
    """End a sitting; ``counted`` are the slips counted by hand, None where nobody counted.

    Raises SumDiffers where they are not as many as were keyed, unless ``is_sure``; BatchEnded.
    """
    with transaction.atomic():
        batch = _open(actor, batch_id)
        if counted is not None and counted != batch.responses_count and not is_sure:
            raise SumDiffers(
                Message(
                    gettext_noop(
                        "%(keyed)s slips were keyed in, %(counted)s were counted by hand. Look for the slip that is "
                        "missing or was keyed twice, or confirm the number keyed."
                    ),
                    {"keyed": str(batch.responses_count), "counted": str(counted)},
                )
            )
        batch.state = SlipBatch.State.DONE
        batch.ended_at = now
        batch.save(update_fields=["state", "ended_at"])
        after: dict[str, Any] = {"state": batch.state, "responses_count": batch.responses_count}
        if counted is not None:
            after["counted"] = counted
        _record(actor, batch, "survey.slips_finished", timezone.localdate(now), after=after)


# Spreadsheets


def receive_sheet(
    *,
    actor: Actor,
    survey_id: int,
    data: bytes,
    name: str,
    content_type: str,
    answered_on: date,
    field_id: int | None,
    unit_id: int | None,
    now: datetime,
) -> SlipBatch:
    """Take a spreadsheet of answers in, one row a slip, and return its batch; nothing counts before it is confirmed.

    ``answered_on``, field and unit stand for rows that say none. Raises FileKnown, FileRefused, UnreadableSheet,
    FileUnusable, and what :func:`begin_batch` raises.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        survey = _survey(actor, survey_id)
        _check_day(survey, answered_on, today)
        _check_place(actor, field_id, unit_id)
        file = store_sent_file(
            agency_id=actor.agency_id,
            actor=actor,
            data=data,
            name=name,
            content_type=content_type,
            kinds=SHEET_KINDS,
            now=now,
        )
        same = (
            SlipBatch.objects.filter(survey__agency_id=actor.agency_id, sha256=file.sha256)
            .exclude(state=SlipBatch.State.WITHDRAWN)
            .order_by("-pk")
            .first()
        )
        if same is not None:
            raise FileKnown(
                Message(
                    gettext_noop(
                        "The same file was brought in on %(day)s (“%(name)s”). Nothing is counted twice."
                    ),
                    {"day": format_date(timezone.localdate(same.begun_at)), "name": same.name},
                )
            )
        batch = SlipBatch.objects.create(
            survey=survey,
            channel=Channel.FILE,
            name=file.name[:255],
            file=file,
            sha256=file.sha256,
            answered_on=answered_on,
            field_id=field_id,
            unit_id=unit_id,
            begun_at=now,
            begun_by_id=actor.person_id,
        )
        sheet = rows_of(batch=batch, today=today)
        if not sheet.rows:
            raise FileUnusable(
                Message(gettext_noop("There is no row with answers below the headings. Look at the file."))
            )
        if len(sheet.rows) > MOST_ROWS:
            raise FileUnusable(
                Message(
                    gettext_noop(
                        "The file has %(count)s rows; at most %(most)s are taken in at once. Split it."
                    ),
                    {"count": str(len(sheet.rows)), "most": str(MOST_ROWS)},
                )
            )
        _record(
            actor,
            batch,
            "survey.slips_received",
            today,
            after={"name": batch.name, "sha256": batch.sha256, "rows": len(sheet.rows)},
        )
    return batch


def rows_of(*, batch: SlipBatch, today: date) -> SlipRows:
    """Return what the rows of a batch's spreadsheet say, and which cannot be taken in, with the reason.

    Raises UnreadableSheet, SheetUnreadable, and FileUnusable where the file is gone.
    """
    if batch.file is None:
        raise FileUnusable(Message(gettext_noop("The file is not kept any more.")))
    sheet = read_sheet(path_of(batch.file.storage_name).read_bytes(), batch.file.name)
    survey = batch.survey
    fields = dict(Field.objects.filter(agency_id=survey.agency_id).values_list("name", "pk"))
    last = min(each for each in (survey.ends_on, today) if each is not None)
    return read_slips(
        content_of(_edition(survey)),
        [(row.number, row.cells) for row in sheet.rows],
        fields=fields,
        first=survey.starts_on,
        last=last,
    )


def take_in_sheet(*, actor: Actor, batch_id: int, now: datetime) -> tuple[int, int]:
    """Store and count the rows of a spreadsheet that can be; return how many were stored, and how many were there already.

    The rows refused are kept with their reasons, the file is not: it may hold names and times of day. Raises
    BatchEnded, FileUnusable where no row can be taken in.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _open(actor, batch_id, channel=Channel.FILE)
        sheet = rows_of(batch=batch, today=today)
        good = [row for row in sheet.rows if not row.problems]
        if not good:
            raise FileUnusable(
                Message(
                    gettext_noop("No row can be taken in. Mend the rows in the file and bring it in again.")
                )
            )
        stored = store_responses(
            survey=batch.survey,
            edition=_edition(batch.survey),
            rows=[_response_of(batch, row) for row in good],
            now=now,
        )
        batch.refresh_from_db()
        batch.refused = [
            {
                "row": row.number,
                "cells": list(row.cells),
                "problems": [
                    {
                        "cell": each.cell,
                        "template": each.message.template,
                        "params": dict(each.message.params),
                    }
                    for each in row.problems
                ],
            }
            for row in sheet.rows
            if row.problems
        ]
        if batch.refused:
            batch.refused.insert(0, {"row": 0, "cells": list(sheet.headings), "problems": []})
        batch.state = SlipBatch.State.DONE
        batch.ended_at = now
        batch.save(update_fields=["refused", "state", "ended_at"])
        _drop_file(batch)
        _record(
            actor,
            batch,
            "survey.slips_taken_in",
            today,
            after={
                "responses_count": len(stored.stored),
                "known": len(stored.known),
                "refused": sum(1 for row in sheet.rows if row.problems),
            },
        )
    return len(stored.stored), len(stored.known)


RefusedRow = tuple[list[str], list[tuple[str, Message]]]
"""Cells of a row, and what is to be mended: the cell and why."""


def refused_rows(*, actor: Actor, batch_id: int) -> tuple[str, list[str], list[RefusedRow]]:
    """Return the name of a spreadsheet taken in, its headings and the rows refused; for who may work on it.

    Raises NotAllowed for somebody else's.
    """
    batch = SlipBatch.objects.get(pk=batch_id, survey__agency_id=actor.agency_id, channel=Channel.FILE)
    _require_own(actor, batch)
    headings: list[str] = []
    rows: list[RefusedRow] = []
    width = max((len(each["cells"]) for each in batch.refused), default=0)
    for each in batch.refused:
        cells = [*each["cells"], *[""] * (width - len(each["cells"]))]
        if each["row"] == 0:
            headings = cells
        else:
            rows.append(
                (cells, [(one["cell"], Message(one["template"], one["params"])) for one in each["problems"]])
            )
    return batch.name, headings, rows


def discard_sheet(*, actor: Actor, batch_id: int, now: datetime) -> None:
    """Throw a spreadsheet away before it is taken in: the file and the batch go. Raises BatchEnded."""
    with transaction.atomic():
        batch = _open(actor, batch_id, channel=Channel.FILE)
        batch.state = SlipBatch.State.WITHDRAWN
        batch.ended_at = now
        batch.save(update_fields=["state", "ended_at"])
        _drop_file(batch)
        _record(actor, batch, "survey.slips_discarded", timezone.localdate(now), after={"state": batch.state})


def _response_of(batch: SlipBatch, row: SlipRow) -> NewResponse:
    # A row with the time at which it was answered is the same answer in whatever file; any other only in this one.
    origin = f"{batch.survey_id}|{row.identity}" if row.identity else f"{batch.sha256}|{row.number}"
    return NewResponse(
        id=uuid.uuid5(_NAMESPACE, f"{batch.survey.link_key}|{origin}"),
        on=row.on or batch.answered_on,
        channel=Channel.FILE,
        ratings=row.ratings,
        choices=row.choices,
        comments=row.comments,
        field_id=row.field_id or batch.field_id,
        unit_id=batch.unit_id,
        batch_id=batch.pk,
        batch_row=row.number,
    )


def _drop_file(batch: SlipBatch) -> None:
    file, batch.file = batch.file, None
    batch.save(update_fields=["file"])
    if file is not None and not SlipBatch.objects.filter(file=file).exists():
        drop_file(file=file)


# Common to both


def _survey(actor: Actor, survey_id: int) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey_id, agency_id=actor.agency_id)
    require(actor, "survey.enter")
    if survey.state == Survey.State.DRAFT:
        raise SurveyNotKeyed(
            Message(gettext_noop("The survey is still in preparation. Open it before slips are keyed in."))
        )
    _edition(survey)
    return survey


def _edition(survey: Survey) -> QuestionnaireEdition:
    edition = QuestionnaireEdition.objects.filter(
        questionnaire_id=survey.questionnaire_id, state=QuestionnaireEdition.State.PUBLISHED
    ).first()
    if edition is None:
        raise NoEditionInUse(Message(gettext_noop("The questionnaire has no edition in use.")))
    return edition


def _open(actor: Actor, batch_id: int, *, channel: Channel = Channel.PAPER) -> SlipBatch:
    """Return an open batch, locked, for who may work on it: whoever began it, or who manages surveys."""
    batch = (
        SlipBatch.objects.select_for_update(of=("self",))
        .select_related("survey", "file")
        .get(pk=batch_id, survey__agency_id=actor.agency_id, channel=channel)
    )
    _require_own(actor, batch)
    if batch.state != SlipBatch.State.OPEN:
        raise BatchEnded(
            Message(
                gettext_noop("“%(name)s” is over: nothing of it is changed any more."), {"name": batch.name}
            )
        )
    return batch


def _require_own(actor: Actor, batch: SlipBatch) -> None:
    require(actor, "survey.enter")
    if batch.begun_by_id != actor.person_id and not can_in_agency(actor, "survey.manage"):
        raise NotAllowed("survey.manage")


def _slip(batch: SlipBatch, number: int, today: date) -> Response:
    """Return a slip of a sitting that may be changed. Raises SlipUnknown, SlipShown."""
    found = (
        batch.responses.select_related("edition")
        .filter(batch_row=number, state=Response.State.COUNTED)
        .first()
    )
    if found is None:
        raise SlipUnknown(Message(gettext_noop("There is no slip %(number)s."), {"number": str(number)}))
    if is_shown(response=found, today=today):
        raise SlipShown(
            Message(
                gettext_noop(
                    "The figures of its month are shown already, so that slip %(number)s alone is not changed any more. "
                    "If the whole sitting is wrong, withdraw it."
                ),
                {"number": str(number)},
            )
        )
    return found


def _check_day(survey: Survey, on: date, today: date) -> None:
    if on > today:
        raise SlipDayNotPossible(Message(gettext_noop("The day of a slip cannot lie ahead.")))
    if on < survey.starts_on or (survey.ends_on is not None and on > survey.ends_on):
        raise SlipDayNotPossible(
            Message(
                gettext_noop("The survey “%(title)s” does not take answers of %(day)s."),
                {"title": survey.title, "day": format_date(on)},
            )
        )


def _check_place(actor: Actor, field_id: int | None, unit_id: int | None) -> None:
    if field_id is not None and not Field.objects.filter(pk=field_id, agency_id=actor.agency_id).exists():
        raise PlaceUnknown(Message(gettext_noop("Choose a field from the list.")))
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, agency_id=actor.agency_id).exists():
        raise PlaceUnknown(Message(gettext_noop("Choose a unit from the list.")))


def _record(actor: Actor, batch: SlipBatch, verb: str, on: date, *, after: Mapping[str, object]) -> None:
    record(actor=actor, agency_id=actor.agency_id, verb=verb, subject=batch, on=on, after=dict(after))
