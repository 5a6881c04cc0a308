"""Calendar feeds for phones and computers: their secret addresses, and what programs read by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camket.actions import feeds, queries
from camket.core.icalendar import Appointment
from camket.core.icalendar import feed as calendar_of
from camket.core.messages import Refusal
from camket.notifications import due
from camket.org import clock
from camket.registers.queries.feeds import FeedWork, feed_meetings, feed_work
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.due_words import due_shown
from camket.web.staff.entry_words import BADGES, entry_url
from camket.web.staff.tasks.display import shown

READ_EVERY = timedelta(hours=6)
DUES_AHEAD = timedelta(days=400)
DAY_BEFORE = timedelta(hours=16)
"""Programs ring at eight in the morning of the day before."""
_LONGEST_NUMBER = 18


@staff_page("task.view", methods=("GET", "POST"))
def feed_settings(request: StaffRequest) -> HttpResponse:
    """Show the person's secret addresses; make, renew or revoke one."""
    if request.method == "POST":
        unit_id = _unit_of(request)
        try:
            messages.success(
                request, _revoked(request, unit_id) if "revoke" in request.POST else _made(request, unit_id)
            )
        except Refusal as refusal:
            messages.error(request, say(refusal.message))
        return redirect("web:tasks:feed_settings")
    found = [
        {
            "unit": each,
            "address": request.build_absolute_uri(reverse("web:tasks:feed", args=[each.key]))
            if each.key
            else "",
        }
        for each in feeds.addresses(request.actor, request.today)
    ]
    return render(request, "staff/tasks/feed_settings.html", {"addresses": found})


def _unit_of(request: StaffRequest) -> int | None:
    said = request.POST.get("unit", "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER):
        raise Http404("no unit")
    return int(said)


def _made(request: StaffRequest, unit_id: int | None) -> str:
    has_one = any(
        each.key and each.unit_id == unit_id for each in feeds.addresses(request.actor, request.today)
    )
    if unit_id is None:
        feeds.renew_feed_key(actor=request.actor, now=moment(request))
    else:
        feeds.renew_unit_feed(actor=request.actor, unit_id=unit_id, now=moment(request))
    if has_one:
        return _("The feed has a new address; the old one no longer works.")
    return _("The feed has its address.")


def _revoked(request: StaffRequest, unit_id: int | None) -> str:
    if unit_id is None:
        feeds.revoke_feed_key(actor=request.actor, now=moment(request))
    else:
        feeds.revoke_unit_feed(actor=request.actor, unit_id=unit_id, now=moment(request))
    return _("The address is revoked: nothing can be read by it any more.")


@login_not_required
@require_safe
def feed(request: HttpRequest, feed_key: str) -> HttpResponse:
    """Give the work of a person or unit as iCalendar (RFC 5545); the key in the address is the permission."""
    today = clock.today()
    reader = feeds.reader_of(feed_key, today)
    with translation.override(reader.language):
        if reader.unit_id is None:
            name = _("Tasks of %(name)s") % {"name": reader.person_name}
        else:
            name = _("Work of %(unit)s") % {"unit": reader.unit_name}
        events = [
            *(_of_task(request, each) for each in queries.feed_tasks(reader, today)),
            *(_of_work(request, each) for each in feed_work(reader, today)),
            *(each.appointment for each in feed_meetings(reader, today)),
            *_dues(request, reader, today),
        ]
        said = calendar_of(name, events, stamp=timezone.now(), every=READ_EVERY)
    response = HttpResponse(said, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="cam-ket.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _of_task(request: HttpRequest, task: queries.FeedTask) -> Appointment:
    row = shown(task.row)
    address = request.build_absolute_uri(reverse("web:tasks:task_detail", args=[task.row.id]))
    return Appointment(
        uid=f"task-{task.row.id}@{task.reading.agency_code}.camket",
        sequence=task.sequence,
        starts=task.row.due_on,
        summary=task.row.action_text,
        description=_lines(
            row.label, row.badge.label, row.owner, _for(task.reading), task.reading.agency_name, address
        ),
        url=address,
        is_cancelled=task.row.standing is queries.Standing.CANCELLED,
        reminds=DAY_BEFORE,
    )


def _of_work(request: HttpRequest, work: FeedWork) -> Appointment:
    address = request.build_absolute_uri(entry_url(work.register, work.id))
    summary, what = work.title, str(BADGES[work.standing].label)
    kind = f"entry-{work.id}"
    if work.asked_until is not None:
        kind = f"extension-{work.extension_id}"
        summary = _("Decide on more time: %(work)s") % {"work": work.title}
        what = _("Asked for until %(day)s") % {"day": vietnamese.day(work.asked_until)}
    return Appointment(
        uid=f"{kind}@{work.reading.agency_code}.camket",
        sequence=work.sequence,
        starts=work.on,
        summary=summary,
        description=_lines(
            _(work.register.title),
            what,
            work.person_name or work.unit_name,
            _for(work.reading),
            work.reading.agency_name,
            address,
        ),
        url=address,
        is_cancelled=work.is_cancelled,
        reminds=DAY_BEFORE,
    )


def _dues(request: HttpRequest, reader: feeds.Reader, today: date) -> Iterable[Appointment]:
    """Yield what the management system calls for; what is done is in the feed no more."""
    until = today + DUES_AHEAD
    for reading in reader.readings:
        if reader.unit_id is None:
            dues = due.due_for(reading.actor, today, until=until)
        else:
            dues = due.due_of_unit(reading.actor, reader.unit_id, today, until=until)
        changed = due.times_changed(reading.actor.agency_id, dues) if dues else Counter()
        for each in dues:
            shown_as = due_shown(each, today)
            address = request.build_absolute_uri(each.link)
            yield Appointment(
                uid=f"{each.kind.key}-{each.id}@{reading.agency_code}.camket",
                sequence=changed[each.kind.record, each.page_id],
                starts=_moment(each.due_on, each.starts) if each.starts else each.due_on,
                ends=_moment(each.due_on, each.ends) if each.starts and each.ends else None,
                takes_time=each.kind.is_event and each.starts is not None,
                summary=str(shown_as["says"]),
                description=_lines(shown_as["words"], _for(reading), reading.agency_name, address),
                url=address,
                reminds=DAY_BEFORE,
            )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_current_timezone())


def _for(reading: feeds.Reading) -> str:
    return _("In place of %(name)s") % {"name": reading.giver} if reading.giver else ""


def _lines(*lines: object) -> str:
    return "\n".join(str(line) for line in lines if line)
