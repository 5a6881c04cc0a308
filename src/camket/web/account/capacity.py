"""In what capacity a person works: chosen here, named in a band on every page where it is not the plain own one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from camket.core.wording.text import sort_key
from camket.org import queries
from camket.org.queries import CapacityKind
from camket.web.request import BACK_KEY, CAPACITY_KEY, way_back

if TYPE_CHECKING:
    from camket.org.models import Person

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def choose_agency(request: HttpRequest) -> HttpResponse:
    person_id, today = cast("Person", request.user).pk, request.today  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = queries.capacity(person_id=person_id, key=request.POST.get("capacity", ""), on=today)
        if chosen is None:
            return redirect("web:choose_agency")
        request.session[CAPACITY_KEY] = chosen.key
        back = request.POST.get("back", "")
        is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        if chosen.is_read_only and is_ours:
            request.session[BACK_KEY] = back[:500]
        else:
            request.session.pop(BACK_KEY, None)
        return way_back(request, "web:home")
    rows = queries.capacities(person_id=person_id, on=today)
    words = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "own": [row for row in rows if row.is_own],
        "standing_in": [row for row in rows if row.kind is CapacityKind.STANDING_IN],
        "before": [row for row in rows if row.kind is CapacityKind.BEFORE],
        "words": words,
        "next": request.GET.get("next", ""),
        "has_any": bool(rows),
    }
    below = queries.agencies_below(person_id=person_id, on=today)
    if below:
        levels = queries.level_names()
        found = queries.narrowed(below, words)
        shown = sorted(found[:SHOWN], key=lambda node: sort_key(node.parent_name or ""))
        context.update(
            below=[
                (name, [(node, levels.get(node.level, "")) for node in nodes])
                for name, nodes in groupby(shown, key=lambda node: node.parent_name)
            ],
            below_count=len(found),
            all_below_count=len(below),
            more_count=max(0, len(found) - SHOWN),
        )
    return render(request, "account/choose_agency.html", context)
