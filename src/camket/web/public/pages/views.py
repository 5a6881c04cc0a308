from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from camket.publishing.queries import public as queries
from camket.web.public.request import PublicRequest, public_page


@public_page(is_kept=True)
def directory(request: PublicRequest) -> HttpResponse:
    """List the agencies of the installation whose pages are open."""
    return render(request, "public/pages/directory.html", {"groups": queries.directory(request.today)})


@public_page(is_kept=True)
def home(request: PublicRequest, slug: str) -> HttpResponse:
    """Show an agency's public page."""
    return render(request, "public/pages/home.html", {"office": queries.office(slug)})
