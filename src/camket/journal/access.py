"""Kinds of personal data whose being seen is recorded."""

from __future__ import annotations

from camket.core.messages import gettext_noop

KINDS = {
    "person": gettext_noop("Name, sign-in name, e-mail address and posts"),
    "people": gettext_noop("List of people with sign-in names"),
    "one_time_password": gettext_noop("Slip with a one-time password"),
    "invitation": gettext_noop("Invitation link"),
    "history": gettext_noop("Journal entries about the person"),
    "journal": gettext_noop("Journal entries about people"),
    "sign_ins": gettext_noop("Sign-ins and sessions"),
    "holdings": gettext_noop("Everything held about the person"),
    "requests": gettext_noop("Requests of data subjects"),
    "senders": gettext_noop("Senders of feedback: names, addresses, telephone numbers"),
    "staff_records": gettext_noop("Qualifications, grades and discipline of people"),
    "applicants": gettext_noop("Applicants of dossiers: names, addresses, telephone numbers"),
}
"""What each kind is, as message ids."""
