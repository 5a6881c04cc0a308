"""When a quality management system may be announced as conforming, and what makes it be announced again.

Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 2, 3 and 4 điểm c; Thông tư 26/2014/TT-BKHCN, Điều 36.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese

OUT = "out"
"""The choice by which the procedures of a field stay out of the scope."""
MOST_NAMED = 12
"""So many of a kind are named; of more, how many."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A procedure in the scope, and the code of the internal procedure that it is settled by ("": none in effect)."""

    code: str
    name: str
    field: str
    document: str = ""

    @property
    def key(self) -> str:
        """What it is known by from one announcement to the next: its code, else its name."""
        return self.code or self.name


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the system within the scope; ``effective_on`` None while no edition of it took effect."""

    id: int
    code: str
    title: str
    kind: str
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that is not settled: its name, its page, and the day by which it should be (None: none)."""

    name: str
    link: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An audit or a review: its name, page, first and last day."""

    name: str
    link: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the system on a day, as far as an announcement rests on it."""

    on: date
    procedures: tuple[Listed, ...]
    documents: tuple[Document, ...]
    law: tuple[Waiting, ...]
    audits: tuple[Held, ...]
    unsettled: tuple[Waiting, ...]
    settled: int
    reviews: tuple[Held, ...]

    @property
    def changed_on(self) -> date | None:
        """The day on which the latest of the documents in effect took effect."""
        return max((each.effective_on for each in self.documents if each.effective_on), default=None)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, with the page that proves it."""

    message: Message
    link: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A precondition: what proves it, and what it still lacks; it is met where nothing lacks."""

    key: str
    proofs: tuple[Said, ...]
    lacks: tuple[Said, ...]

    @property
    def is_met(self) -> bool:
        """Whether nothing lacks."""
        return not self.lacks


TITLES: Mapping[str, str] = {
    "documents": gettext_noop("Documents of the scope are approved and in effect"),
    "law": gettext_noop("Changes of the law are worked into the documents in time"),
    "audit": gettext_noop("An internal audit was held since the last change"),
    "findings": gettext_noop("Its nonconformities are settled"),
    "review": gettext_noop("The management review was held after it"),
}
"""The preconditions by key, in their order; the head's confirmation is an act of its own."""

_MANUAL, _SYSTEM = "manual", "system"


def checks(facts: Facts) -> tuple[Check, ...]:
    """Return each precondition with its proofs and what it lacks.

    >>> empty = Facts(date(2026, 7, 1), (), (), (), (), (), 0, ())
    >>> [each.key for each in checks(empty) if not each.is_met]
    ['documents', 'audit', 'findings', 'review']
    """
    audit = _audit(facts)
    return (_documents(facts), _law(facts), audit, _findings(facts, audit), _review(facts))


def lacks(found: Iterable[Check]) -> tuple[Message, ...]:
    """Return everything that lacks, in the order of the preconditions."""
    return tuple(each.message for check in found for each in check.lacks)


def _documents(facts: Facts) -> Check:
    proofs, missing = [], []
    in_effect = [each for each in facts.documents if each.effective_on]
    if in_effect:
        proofs.append(
            Said(
                Message(
                    gettext_noop("%(count)s documents are in effect; the latest took effect on %(day)s."),
                    {"count": str(len(in_effect)), "day": vietnamese(facts.changed_on or facts.on)},
                ),
                "/tai-lieu/",
            )
        )
    for kind, words in (
        (_MANUAL, gettext_noop("No quality manual is in effect.")),
        (_SYSTEM, gettext_noop("No system procedure is in effect.")),
    ):
        if not any(each.kind == kind for each in in_effect):
            missing.append(Said(Message(words), "/tai-lieu/"))
    missing += [
        Said(
            Message(
                gettext_noop("%(code)s %(title)s has no edition in effect."),
                {"code": each.code, "title": each.title},
            ),
            f"/tai-lieu/{each.id}/",
        )
        for each in facts.documents
        if each.effective_on is None
    ]
    if facts.procedures:
        covered = sum(bool(each.document) for each in facts.procedures)
        proofs.append(
            Said(
                Message(
                    gettext_noop(
                        "%(covered)s of %(count)s procedures of the scope have an internal procedure in effect."
                    ),
                    {"covered": str(covered), "count": str(len(facts.procedures))},
                ),
                "/thu-tuc/",
            )
        )
    else:
        missing.append(Said(Message(gettext_noop("No procedure is within the scope.")), "/thu-tuc/"))
    bare = [each for each in facts.procedures if not each.document]
    missing += [
        Said(
            Message(
                gettext_noop("No internal procedure is in effect for %(name)s."),
                {"name": f"{each.code} {each.name}".strip()},
            ),
            "/tai-lieu/",
        )
        for each in bare[:MOST_NAMED]
    ]
    if len(bare) > MOST_NAMED:
        missing.append(
            Said(
                Message(
                    gettext_noop("… and for %(count)s more procedures."),
                    {"count": str(len(bare) - MOST_NAMED)},
                ),
                "/tai-lieu/",
            )
        )
    return Check("documents", tuple(proofs), tuple(missing))


def _law(facts: Facts) -> Check:
    late = [each for each in facts.law if each.due_on and each.due_on < facts.on]
    proofs: tuple[Said, ...] = ()
    if not late:
        proofs = (
            Said(
                Message(
                    gettext_noop("No change of the law is overdue; %(count)s wait within their time."),
                    {"count": str(len(facts.law))},
                ),
                "/van-ban-phap-luat/",
            ),
        )
    return Check(
        "law",
        proofs,
        tuple(
            Said(
                Message(
                    gettext_noop("%(name)s was to be worked in by %(day)s."),
                    {"name": each.name, "day": vietnamese(each.due_on)},
                ),
                each.link,
            )
            for each in late
            if each.due_on
        ),
    )


def _since(facts: Facts) -> list[Held]:
    """Return the audits held since the latest change, the earliest first."""
    since = facts.changed_on or date.min
    return sorted((each for each in facts.audits if each.first >= since), key=lambda each: each.first)


def _audit(facts: Facts) -> Check:
    held = _since(facts)
    if held:
        proofs = [
            Said(
                Message(
                    gettext_noop("%(name)s, %(day)s; its report is issued."),
                    {"name": each.name, "day": vietnamese(each.last)},
                ),
                each.link,
            )
            for each in held
        ]
        return Check("audit", tuple(proofs), ())
    if facts.changed_on is None or not facts.audits:
        lack = Message(gettext_noop("No internal audit has issued its report yet."))
    else:
        lack = Message(
            gettext_noop("Documents changed on %(day)s; no internal audit was held and reported since."),
            {"day": vietnamese(facts.changed_on)},
        )
    return Check("audit", (), (Said(lack, "/danh-gia/"),))


def _findings(facts: Facts, audit: Check) -> Check:
    if not audit.is_met:
        return Check(
            "findings",
            (),
            (
                Said(
                    Message(gettext_noop("There is no audit yet whose findings could be settled.")),
                    "/danh-gia/",
                ),
            ),
        )
    proofs: tuple[Said, ...] = ()
    if not facts.unsettled:
        proofs = (
            Said(
                Message(
                    gettext_noop("%(count)s nonconformities of the audit are settled, none is open."),
                    {"count": str(facts.settled)},
                ),
                "/khac-phuc/",
            ),
        )
    return Check(
        "findings",
        proofs,
        tuple(
            Said(Message(gettext_noop("Not settled yet: %(name)s."), {"name": each.name}), each.link)
            for each in facts.unsettled
        ),
    )


def _review(facts: Facts) -> Check:
    held = _since(facts)
    after = held[0].last if held else facts.changed_on
    found = [each for each in facts.reviews if after is not None and each.last >= after]
    if held and found:
        latest = max(found, key=lambda each: each.last)
        return Check(
            "review",
            (
                Said(
                    Message(
                        gettext_noop("%(name)s was held on %(day)s and is closed."),
                        {"name": latest.name, "day": vietnamese(latest.last)},
                    ),
                    latest.link,
                ),
            ),
            (),
        )
    return Check(
        "review",
        (),
        (Said(Message(gettext_noop("No management review was closed since the audit.")), "/xem-xet/"),),
    )


def events_since(facts: Facts) -> tuple[Held, ...]:
    """Return the audits whose findings count: those held since the latest change."""
    return tuple(_since(facts))


# Announcing again


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since an announcement: procedures that came, went or are called otherwise; the edition."""

    added: tuple[Listed, ...]
    removed: tuple[Listed, ...]
    renamed: tuple[Listed, ...]
    edition: str = ""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed or self.edition)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """Each kind of change in a sentence."""
        said = [
            Message(words, {"count": str(len(found)), "names": _names(found)})
            for words, found in (
                (gettext_noop("%(count)s procedures came into the scope: %(names)s."), self.added),
                (gettext_noop("%(count)s procedures left the scope: %(names)s."), self.removed),
                (gettext_noop("%(count)s procedures are called otherwise: %(names)s."), self.renamed),
            )
            if found
        ]
        if self.edition:
            said.append(
                Message(
                    gettext_noop("The standard is applied in another edition: %(edition)s."),
                    {"edition": self.edition},
                )
            )
        return tuple(said)


def changes(
    then: Sequence[Listed],
    now: Sequence[Listed],
    *,
    edition_then: str = "",
    edition_now: str = "",
    edition_name: str = "",
) -> Changes:
    """Return what changed between the scope of an announcement and the procedures in force now.

    >>> old, new = Listed("1.1", "A", "Hộ tịch"), Listed("1.2", "B", "Hộ tịch")
    >>> found = changes([old], [new])
    >>> [each.code for each in found.added], [each.code for each in found.removed]
    (['1.2'], ['1.1'])
    """
    before, after = {each.key: each for each in then}, {each.key: each for each in now}
    return Changes(
        added=tuple(each for key, each in after.items() if key not in before),
        removed=tuple(each for key, each in before.items() if key not in after),
        renamed=tuple(each for key, each in after.items() if key in before and before[key].name != each.name),
        edition=edition_name if edition_then and edition_now != edition_then else "",
    )


def _names(found: Sequence[Listed]) -> str:
    shown = "; ".join(each.name for each in found[:5])
    return shown if len(found) <= 5 else f"{shown}; …"
