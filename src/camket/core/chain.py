"""Chains of records: what a record's hash covers, what of it can be taken out later, and whether a chain is whole.

Each record holds the hash of the one before it, so that a changed, missing or inserted record shows. Names and
other personal data are not hashed themselves: the record holds a *reference*, a salted hash of the value, and value
and salt stand beside the chain. Erasing the two leaves the chain whole and the value beyond guessing; altering the
value does not fit its reference. Plain Python, so that an export can be checked without an installation.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
"""What the first record of a chain follows."""

FORMAT = 2
"""The canonical form of records written now; 1 hashed names in clear."""

ERASURES = "seals"
"""Field of ``after`` in which the entry of an erasure lists the references whose values it took out."""

_REFERENCE = re.compile(r"§[0-9a-f]{64}")
_IN_CANONICAL = re.compile(r'"(§[0-9a-f]{64})"')
_FIRST_FORM = (
    "agency", "sequence", "at", "on", "by", "by_name", "verb", "subject_type", "subject_id", "subject_label",
    "before", "after", "reason", "previous_hash",
)  # fmt: skip


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted members, no spaces, letters as they are.

    >>> canonical({"b": 1, "a": "Bình"})
    '{"a":"Bình","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def record_hash(fields: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's canonical form: all of its members but ``hash``.

    Format 1 is a list of fourteen members in a fixed order; from format 2 on it is an object of all members.
    """
    return _sha256(_canonical_form(fields))


def _canonical_form(fields: Mapping[str, Any]) -> str:
    if fields.get("format") == 1:
        return canonical([fields[name] for name in _FIRST_FORM])
    return canonical({name: value for name, value in fields.items() if name != "hash"})


def harmless(value: Any) -> Any:
    """Return what people wrote so that no text of theirs can be taken for a reference.

    >>> harmless({"text": "§" + 64 * "0"})["text"][:3]
    '§ 0'
    """
    if isinstance(value, str):
        return f"§ {value[1:]}" if is_reference(value) else value
    if isinstance(value, Mapping):
        return {name: harmless(each) for name, each in value.items()}
    if isinstance(value, list):
        return [harmless(each) for each in value]
    return value


def reference(value: str, salt: str) -> str:
    """Return what a record holds in the place of a sealed value.

    >>> reference("Nguyễn Thị An", "00")[:9]
    '§19a8bcdb'
    """
    return "§" + _sha256(canonical([salt, value]))


def is_reference(value: object) -> bool:
    """Return whether a value stands for a sealed one."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None


def references(value: object) -> Iterator[str]:
    """Return every reference inside a value of JSON."""
    if isinstance(value, str):
        if _REFERENCE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from references(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from references(each)


class Fault(StrEnum):
    """What is wrong at a place of a chain."""

    ALTERED = "altered"  # the record's hash does not fit its contents
    UNLINKED = "unlinked"  # it does not follow the record before it
    MISSING = "missing"  # a number is left out
    SEAL_ALTERED = "seal_altered"  # a sealed value does not fit its reference
    SEAL_MISSING = "seal_missing"  # a sealed value is gone and no erasure says so
    CUT = "cut"  # the chain ends before a head noted earlier
    REWRITTEN = "rewritten"  # at the place of a head noted earlier stands another record


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which a chain is not what it was."""

    at: int
    fault: Fault


@dataclass(slots=True)
class Walk:
    """A walk along one chain, record by record in order; ``seals`` are the sealed values with their salts.

    ``sequence`` and ``head`` are the record it begins after. Where ``gaps`` are allowed (a filtered export), only
    neighbours are held against each other; ``is_nameless`` walks have no sealed values to look at.
    """

    seals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gaps: bool = False
    is_nameless: bool = False
    count: int = 0
    sequence: int = 0
    head: str = GENESIS
    found: Break | None = None
    _absent: dict[str, int] = field(default_factory=dict)
    _erased: set[str] = field(default_factory=set)
    _fitting: set[str] = field(default_factory=set)

    def step(self, fields: Mapping[str, Any]) -> bool:
        """Take the next record; return whether the walk can go on."""
        number = fields["sequence"]
        follows = number == self.sequence + 1
        if not follows and not (self.gaps and number > self.sequence):
            return self._stop(self.sequence + 1, Fault.MISSING)
        if follows and not (self.gaps and self.count == 0) and fields["previous_hash"] != self.head:
            return self._stop(number, Fault.UNLINKED)
        form = _canonical_form(fields)
        if fields["hash"] != _sha256(form):
            return self._stop(number, Fault.ALTERED)
        self.count += 1
        self.sequence, self.head = number, fields["hash"]
        after = fields.get("after")
        named = set(_IN_CANONICAL.findall(form))
        if isinstance(after, Mapping) and ERASURES in after:
            self._erased |= set(references(after[ERASURES]))
            named = set(references({name: value for name, value in fields.items() if name != "after"}))
        if fields.get("format") != 1 and not self._fits(number, named):
            return self._stop(number, Fault.SEAL_ALTERED)
        return True

    def erased_elsewhere(self, afters: Iterable[object]) -> None:
        """Take the erasures that entries outside of this walk recorded, each its ``after``."""
        for after in afters:
            if isinstance(after, Mapping):
                self._erased |= set(references(after.get(ERASURES)))

    def end(self) -> Break | None:
        """Return the first break; asked after the last record, when all erasures are known."""
        if self.found is None and not (self.gaps or self.is_nameless):  # a filter may leave an erasure out
            lost = [at for each, at in self._absent.items() if each not in self._erased]
            if lost:
                self.found = Break(min(lost), Fault.SEAL_MISSING)
        return self.found

    def _fits(self, number: int, named: set[str]) -> bool:
        for each in named - self._fitting:
            if each not in self.seals:
                self._absent.setdefault(each, number)
                continue
            text, salt = self.seals[each]
            if reference(text, salt) != each:
                return False
            self._fitting.add(each)
        return True

    def _stop(self, at: int, fault: Fault) -> bool:
        self.found = Break(at, fault)
        return False


@dataclass(frozen=True, slots=True)
class ExportedChain:
    """What an export says of itself, and whether its records fit."""

    agency: str
    is_whole: bool
    entries: int
    head: str
    found: Break | None


class NotAnExport(ValueError):
    """A line is not one of an exported journal; ``line`` is its number."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def verify_export(lines: Iterable[str]) -> ExportedChain:
    """Check an exported journal by itself: a head, lines of entries, lines of sealed values.

    Raises NotAnExport. What a filtered export leaves out cannot be checked; what it holds is.
    """
    head: dict[str, Any] = {}
    entries: list[Mapping[str, Any]] = []
    seals: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            if number == 1:
                head = {name: value[name] for name in ("agency", "is_whole", "sequence", "head")}
                head["has_names"] = value.get("has_names", True)
                str(head["agency"]["code"])
                if value["camket_journal"] != 1:
                    raise NotAnExport(number)
            elif "entry" in value:
                entry = value["entry"]
                record_hash(entry)
                int(entry["sequence"]), str(entry["hash"]), str(entry["previous_hash"])
                entries.append(entry)
            else:
                seal = value["seal"]
                seals[seal["reference"]] = (seal["value"], seal["salt"])
        except (ValueError, TypeError, KeyError):
            raise NotAnExport(number) from None
    if not head:
        raise NotAnExport(1)
    is_whole = head["is_whole"] is True
    walk = Walk(seals=seals, gaps=not is_whole, is_nameless=head.get("has_names") is False)
    walk.erased_elsewhere(entry.get("after") for entry in entries)
    for entry in entries:
        if not walk.step(entry):
            break
    found = walk.end()
    if found is None and is_whole and (walk.sequence, walk.head) != (head["sequence"], head["head"]):
        found = Break(walk.sequence + 1, Fault.CUT)
    return ExportedChain(str(head["agency"]["code"]), is_whole, len(entries), str(head["head"]), found)
