"""Who may do what: the table that every operation asks, for everyone of the agency to read."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from camket.org import policy
from camket.org.policy import Scope
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.organisation.forms import ROLES


@staff_page("org.view")
def authority(request: StaffRequest) -> HttpResponse:
    names = dict(ROLES)

    def named(row: policy.PolicyRow, scope: Scope) -> list[str]:
        return [str(names[role]) for role in row.roles[scope]]

    areas = [
        (
            gettext(area),
            [
                {
                    "about": gettext(row.about),
                    "whole": named(row, Scope.AGENCY),
                    "unit": named(row, Scope.UNIT),
                    "below": named(row, Scope.BELOW),
                    "before": bool(row.roles[Scope.BEFORE]),
                    "is_mine": policy.can(request.actor, row.act),
                }
                for row in rows
            ],
        )
        for area, rows in groupby(policy.table(), key=lambda row: row.area)
    ]
    own = [str(names[role]) for role in names if role in request.actor.roles]
    return render(request, "staff/organisation/authority.html", {"areas": areas, "own": own})
