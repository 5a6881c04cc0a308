"""What codes of surveys are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from camket.core.questionnaire import ChangeKind, Kind

CHANNELS = {
    1: _("QR code"),
    2: _("Link on a slip"),
    3: _("Tablet at the counter"),
    4: _("Telephone interview"),
    5: _("Paper slip"),
    6: _("Spreadsheet"),
}
"""Ways by which answers come."""

QR, LINK, KIOSK, PHONE, PAPER = 1, 2, 3, 4, 5

POINT_CHANNELS = [(number, CHANNELS[number]) for number in (QR, KIOSK, PHONE, PAPER)]
"""Ways in which a survey is answered at a point."""

SURVEY_STATES = {
    "draft": (_("In preparation"), "grey"),
    "open": (_("Open"), "green"),
    "closed": (_("Closed"), "grey"),
}
"""States of a survey with their tone."""

EDITION_STATES = {
    "draft": (_("Draft"), "amber"),
    "published": (_("In use"), "green"),
    "retired": (_("Replaced by a newer one"), "grey"),
}
"""States of an edition with their tone."""

KINDS = {
    Kind.SCALE: _("Five steps"),
    Kind.CHOICE: _("One of several answers"),
    Kind.TEXT: _("Free words"),
}
"""How questions are answered."""

CHANGES = {
    ChangeKind.ADDED: (_("New"), "green"),
    ChangeKind.REMOVED: (_("Taken out"), "red"),
    ChangeKind.REWORDED: (_("Other words"), "blue"),
    ChangeKind.ALTERED: (_("Changed"), "blue"),
    ChangeKind.MOVED: (_("Moved"), "grey"),
}
"""What became of questions, with their tone."""
