"""No change without its entry: walks every operation to the writer of the journal, and every entry to its words."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from camket.journal.reasons import REASON_REQUIRED
from camket.journal.sealing import SEALED_FIELDS
from camket.org.policy import ACTS
from camket.web.staff.organisation import words

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "camket"
PACKAGES = (
    "org", "journal", "documents", "intake", "actions", "voices", "indicators", "objectives", "reporting", "publishing",
)  # fmt: skip
WRITERS = {
    "camket.journal.operations.record",
    "camket.journal.operations.record_many",
    "camket.org.trail.record",
}
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}

UNRECORDED = {
    "camket.actions.list_acts.carry_out": "its rows' class records each by record_many, which this walk does not see",
    "camket.actions.feeds.forget": "a part of anonymising a person, which records what was erased",
    "camket.actions.list_acts.undo": "its rows' class records each by record_many, which this walk does not see",
    "camket.actions.many.act_on_tasks": "its rows' class records each by record_many, which this walk does not see",
    "camket.actions.many.undo_on_tasks": "its rows' class records each by record_many, which this walk does not see",
    "camket.publishing.succession.move_units_postings": "a part of a succession of units, which records how many went",
    "camket.reporting.succession.move_units_reports": "a part of a succession of units, which records how many went",
    "camket.reporting.calendar.write_all": "reckons days from lines that are recorded; the job says how many changed",
    "camket.reporting.calendar.write_owed": "reckons days from lines that are recorded when they are saved",
    "camket.journal.operations.record_access": "writes the chain of accesses, which stands beside the journal",
    "camket.journal.operations.erase_seals": "a part of anonymising a person, which records what was erased",
    "camket.org.operations.sessions.end_keys": "a part of ending sessions; a colleague's act records it",
    "camket.voices.operations.answers.answer_at": "an entry's time would be the time at which somebody answered",
    "camket.voices.operations.answers.store_responses": "a part of officers' acts, which record the sitting or the sheet",
    "camket.voices.operations.answers.take_answer": "an entry's time would be the time at which somebody answered",
    "camket.voices.operations.comments.let_in": "done by night, by nobody",
    "camket.voices.operations.slips.key_slip": "the sitting is recorded when it begins and ends, no slip by itself",
    "camket.org.levels.load": "data that come with the product",
    "camket.org.operations.accounts.choose_language": "one's own screen language is no record of the system",
    "camket.org.operations.sign_in.check_link_allowed": "refuses; counts for the slow-down only",
    "camket.org.operations.sign_in.check_sign_in_allowed": "refuses; counts for the slow-down only",
    "camket.org.operations.sign_in.count_bad_link": "counter that slows guessing down",
    "camket.org.operations.sign_in.forget_failed_sign_ins": "counter that slows guessing down",
    "camket.org.operations.sign_in.forget_factor_attempts": "counter that slows guessing down",
    "camket.org.operations.sign_in.take_mail_attempt": "counter that slows guessing down",
    "camket.org.operations.sign_in.use_code_once": "remembers a used code for a minute",
    "camket.org.operations.sessions.clear_expired_sessions": "sessions that ended by themselves",
    "camket.org.operations.sessions.end_own_session": "one's own session, shown to its owner",
    "camket.org.operations.sessions.end_own_sessions": "one's own sessions, shown to their owner",
    "camket.org.operations.sessions.mark_events_seen": "that the owner saw what happened to the account",
    "camket.org.operations.sessions.note_sign_in": "sign-ins have a record of their own",
    "camket.org.operations.sessions.touch_session": "when a session was last used",
    "camket.intake.operations.claim_form": "a form's fingerprint, so that it takes effect once",
    "camket.intake.operations.settle_form": "a form's fingerprint, so that it takes effect once",
    "camket.intake.operations.release_form": "a form's fingerprint, so that it takes effect once",
    "camket.intake.operations.hold_form": "what was typed, until its writer signs in again",
    "camket.intake.operations.drop_held": "what was typed, until its writer signs in again",
    "camket.intake.operations.drop_held_of_others": "what was typed, until its writer signs in again",
}
"""Operations without an entry, each with its reason."""


def module_of(path: Path) -> str:
    parts = ("camket", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Module:
    """A module's own functions and what its imported names stand for."""

    def __init__(self, path: Path) -> None:
        self.name = module_of(path)
        tree = ast.parse(path.read_text("utf-8"))
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.imported: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("camket"):
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"


@cache
def modules() -> dict[str, Module]:
    paths = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    return {module.name: module for module in map(Module, paths)}


def resolved(name: str) -> str:
    """Follow re-exports to where a function stands."""
    module, _, function = name.rpartition(".")
    found = modules().get(module)
    if found and function not in found.functions and function in found.imported:
        return resolved(found.imported[function])
    return name


def called_by(module: Module, call: ast.Call) -> set[str]:
    """The function of ours that a call names, if it names one."""
    function = call.func
    if isinstance(function, ast.Name):
        return {resolved(module.imported.get(function.id, f"{module.name}.{function.id}"))}
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        base = module.imported.get(function.value.id, "")
        return {resolved(f"{base}.{function.attr}")}
    return set()


@cache
def calls() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module in modules().values():
        for name, node in module.functions.items():
            called = found.setdefault(f"{module.name}.{name}", set())
            for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
                called |= called_by(module, call)
    return found


@cache
def recording() -> frozenset[str]:
    """Every function that comes to the writer of the journal."""
    known, before = set(WRITERS), 0
    while len(known) != before:
        before = len(known)
        known |= {name for name, called in calls().items() if called & known}
    return frozenset(known)


def writes(node: ast.FunctionDef) -> bool:
    """Whether a function writes to tables itself; sets and dictionaries are updated without keywords."""
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in WRITES
        and (each.func.attr != "update" or bool(each.keywords))
        for each in ast.walk(node)
    )


@cache
def writing() -> frozenset[str]:
    """Every function that comes to a write to tables."""
    known = {
        f"{module.name}.{name}"
        for module in modules().values()
        for name, node in module.functions.items()
        if writes(node)
    }
    before = 0
    while len(known) != before:
        before = len(known)
        known |= {name for name, called in calls().items() if called & known}
    return frozenset(known)


@cache
def operations() -> frozenset[str]:
    """Public functions of the packages with records that write; not those that are parts of acts that record."""
    callers: dict[str, set[str]] = {}
    for name, called in calls().items():
        for each in called:
            callers.setdefault(each, set()).add(name)
    found = {
        f"{module.name}.{name}"
        for module in modules().values()
        for name in module.functions
        if module.name.split(".")[1:2]
        and module.name.split(".")[1] in PACKAGES
        and not name.startswith("_")
        and f"{module.name}.{name}" in writing()
    }
    covered, before = set(recording()), 0
    while len(covered) != before:
        before = len(covered)
        covered |= {name for name in callers if name in writing() and callers[name] <= covered}
    return frozenset(found - (covered - recording()) - WRITERS)


def test_every_operation_is_recorded_or_says_why_not() -> None:
    assert len(operations()) > 50
    assert sorted(operations() - recording() - UNRECORDED.keys()) == []


def test_no_exception_is_left_over() -> None:
    assert sorted(UNRECORDED.keys() - (operations() - recording())) == []


# What entries say


@cache
def recorded() -> dict[str, set[str]]:
    """Fields by verb as far as the source says them: members of dictionaries given to what records."""
    said: dict[str, set[str]] = {}
    verb = re.compile(r"[a-z_]+\.[a-z_]+")
    for module in modules().values():
        for name, node in module.functions.items():
            if f"{module.name}.{name}" not in recording():
                continue
            for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
                is_recording = called_by(module, call) & recording()
                texts = [
                    each.value
                    for each, is_verb in [
                        *((each, bool(is_recording)) for each in call.args),
                        *((keyword.value, keyword.arg == "verb") for keyword in call.keywords),
                    ]
                    if is_verb and isinstance(each, ast.Constant) and verb.fullmatch(str(each.value))
                ]
                given = [
                    *(each for each in call.args if isinstance(each, ast.Dict)),
                    *(each.value for each in call.keywords if each.arg in {"before", "after"}),
                ]
                keys = {
                    key.value
                    for each in given
                    for part in ast.walk(each)
                    if isinstance(part, ast.Dict)
                    for key in part.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
                for text in set(texts) - ACTS.keys():
                    said.setdefault(text, set()).update(keys)
    return said


def test_every_verb_recorded_has_words() -> None:
    assert len(recorded()) > 60
    assert sorted(verb for verb in recorded() if verb not in words.VERBS) == []


def test_every_field_recorded_has_words() -> None:
    fields = {field for each in recorded().values() for field in each}
    assert len(fields) > 60
    assert sorted(field for field in fields if field not in words.FIELDS) == []


def test_every_kind_of_verb_has_words() -> None:
    assert sorted({verb.partition(".")[0] for verb in words.VERBS} - words.KINDS.keys()) == []


@pytest.mark.parametrize("verb", sorted(REASON_REQUIRED))
def test_acts_that_ask_for_a_reason_exist(verb: str) -> None:
    assert verb in words.VERBS


def test_names_of_people_are_sealed_wherever_they_are_recorded() -> None:
    """A field called somebody's name holds personal data; what signs a document stays, as the document does."""
    kept = {"short_name", "superior_name", "named_agency", "place_name"}
    named = {
        field
        for each in recorded().values()
        for field in each
        if re.search(
            r"(full|person|deputy|leaver|successor|by|for|giver|holder)_name$|^(login|email|phone|address)$",
            field,
        )
    }
    assert sorted(named - SEALED_FIELDS - kept) == []
