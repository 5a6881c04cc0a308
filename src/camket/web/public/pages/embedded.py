"""A part of an agency's public page for another site's frame: the only addresses that may be framed.

Nothing on them acts: no form, no link that changes anything, nobody is signed in. So being framed harms nobody.
"""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from camket.publishing.content import OBJECTIVES, POLICY, RESULTS, SATISFACTION
from camket.publishing.queries import public as queries
from camket.web.public.pages.views import groups
from camket.web.public.request import PublicRequest, public_page

PARTS = {
    "chinh-sach": POLICY,
    "muc-tieu": OBJECTIVES,
    "ket-qua": RESULTS,
    "hai-long": SATISFACTION,
}
BODIES = {
    POLICY: "public/pages/_policy.html",
    OBJECTIVES: "public/pages/_objectives.html",
    RESULTS: "public/pages/_results.html",
    SATISFACTION: "public/pages/_satisfaction.html",
}


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type] # its types know no arguments
@public_page(is_kept=True)
def fragment(request: PublicRequest, slug: str, part: str) -> HttpResponse:
    """Show one part, plain, for a frame."""
    if part not in PARTS:
        raise Http404
    office = queries.office(slug)
    shown = queries.current(office, PARTS[part])
    context = {
        "office": office,
        "shown": shown,
        "content": shown.content,
        "groups": groups(shown),
        "body": BODIES[shown.kind],
    }
    response = render(request, "public/pages/fragment.html", context)
    response["Access-Control-Allow-Origin"] = "*"
    return response
