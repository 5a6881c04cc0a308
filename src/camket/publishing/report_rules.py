"""Which kinds of report an agency makes public on its page, each with why: one table, asked by pages and operations.

The table is data (``report_rules.json``): each row names its legal ground, and whether its wording was looked up. Sources: Luật
Tiếp cận thông tin số 104/2016/QH13, Điều 6 khoản 2 (what a state body writes for work within it is not given to citizens) and
Điều 7 khoản 2 (what is of private life, only with consent), both looked up; Điều 17 (periodic reports on the work are made
public) and Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15, Điều 11 (what communes make public: plans and their results).
A leader decides on each publication; the table only says what may come before one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from camket.core.messages import Message, gettext_noop
from camket.reporting.models import Subject


@dataclass(frozen=True, slots=True)
class ReportRule:
    """Whether a kind of report may be made public; ``because`` says why not, None where it may.

    ``source`` is the legal ground as it is cited; ``is_certain`` is false where its wording was not looked up.
    """

    because: Message | None = None
    source: str = ""
    is_certain: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it may be made public."""
        return self.because is None


_BECAUSE: Mapping[str, Message | None] = {
    "": None,
    "internal": Message(
        gettext_noop(
            "This report is of the office's own control and may concern single persons; it is not made public."
        )
    ),
    "names_documents": Message(
        gettext_noop(
            "This report names documents of superior bodies, some of which are not public; it is not made public."
        )
    ),
    "others_figures": Message(
        gettext_noop(
            "A summary has the figures of other bodies; each makes its own report public, this one goes to the superior body."
        )
    ),
}
"""Why a report is not made public, by the word of the data."""

_FILE = Path(__file__).with_name("report_rules.json")

RULES: Mapping[str, ReportRule] = {
    str(Subject(each["subject"])): ReportRule(_BECAUSE[each["because"]], each["source"], each["is_certain"])
    for each in json.loads(_FILE.read_text(encoding="utf-8"))["rules"]
}
"""By subject; what is not in the table is not made public."""

PUBLIC_SUBJECTS = tuple(subject for subject, rule in RULES.items() if rule.is_public)
_UNKNOWN = ReportRule(_BECAUSE["internal"])


def rule_for(subject: str) -> ReportRule:
    """Return the rule of a subject."""
    return RULES.get(subject, _UNKNOWN)
