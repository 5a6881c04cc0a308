"""The kinds of report besides those on the objectives, by subject. A new kind is a class here and a row in KINDS."""

from collections.abc import Mapping

from camket.reporting.kinds.audits import Audits
from camket.reporting.kinds.corrective import Corrective
from camket.reporting.kinds.definition import ReportKind
from camket.reporting.kinds.directives import Directives
from camket.reporting.kinds.dossiers import Dossiers
from camket.reporting.kinds.feedback import Feedback
from camket.reporting.kinds.satisfaction import Satisfaction
from camket.reporting.kinds.summary import Summary

_ALL: tuple[ReportKind, ...] = (
    Dossiers(), Satisfaction(), Feedback(), Directives(), Corrective(), Audits(), Summary(),
)  # fmt: skip
KINDS: Mapping[str, ReportKind] = {each.subject: each for each in _ALL}
"""By subject, in the order in which pages offer them."""
