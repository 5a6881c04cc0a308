"""What an import would do, told before it does anything: counts, and a few examples of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from camket.core.dossier_clock import FINISHED
from camket.core.dossiers import NOT_RECEIVED
from camket.core.masking import masked_phone, short_name
from camket.dossiers.importing.apply import PERSONAL, Step, plain, reasons_of

EXAMPLES = 20
"""Examples kept of each kind."""

_AGENCY = r"^([0-9A-Z.]+)-\d{6}-\d{4,8}$"
"""The agency's part of a dossier's code."""

_WITH_RESULT = FINISHED | NOT_RECEIVED
"""States in which a day of the result contradicts nothing."""

_SHOWN = ("code", "received_at", "due_now", "finished_at", "state")
_UNTOLD = frozenset({"content_hash", "last_batch_id", "procedure_id", "field_id", "unit_id"})


@dataclass(slots=True)
class Preview:
    """What the steps of an import would come to; personal data of the examples are masked."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    older: int = 0
    different: int = 0
    additions: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    contradictions: list[dict[str, Any]] = field(default_factory=list)
    contradicting: int = 0
    named: Counter[str] = field(default_factory=Counter)
    agencies: Counter[str] = field(default_factory=Counter)

    def add(self, step: Step) -> None:
        """Count a step in, and keep examples of it while there is room."""
        self.added += step.added.height
        self.changed += len(step.changes)
        self.same += step.same
        self.refused += len(step.portion.refused)
        self.older += step.older
        self.different += step.different
        self._name(step)
        self._contradict(step)
        for note in step.portion.notes:
            self.notes.setdefault(note.kind, {"count": 0, "cell": note.cell})["count"] += note.count
        self._keep_additions(step)
        for (_, before, after), code in zip(step.changes, step.changed["code"].to_list(), strict=True):
            if len(self.changes) >= EXAMPLES:
                break
            self.changes.append(
                {
                    "code": code,
                    "fields": [
                        {
                            "field": name,
                            "before": _shown(name, before[name]),
                            "after": _shown(name, after[name]),
                        }
                        for name in after
                        if name not in _UNTOLD and not name.endswith("_day")
                    ],
                }
            )
        written = pl.concat([step.added, step.changed.drop("id")])
        for row in written.filter(pl.col("is_due_different")).head(EXAMPLES).iter_rows(named=True):
            if len(self.differences) < EXAMPLES:
                self.differences.append(
                    {name: plain(row[name]) for name in ("code", "received_at", "due_given", "due_computed")}
                )
        for refused in step.portion.refused[: EXAMPLES - len(self.refusals)]:
            self.refusals.append({"number": refused.number, "reasons": reasons_of(refused)})

    def to_json(self) -> dict[str, Any]:
        """Return what the page of checking shows beside the counts."""
        return {
            "older": self.older,
            "different": self.different,
            "new_procedures": len(self.named),
            "procedures": [list(each) for each in self.named.most_common(EXAMPLES)],
            "agencies": [list(each) for each in self.agencies.most_common(EXAMPLES)],
            "coded": self.agencies.total(),
            "contradictions": self.contradictions,
            "contradicting": self.contradicting,
            "additions": self.additions,
            "changes": self.changes,
            "differences": self.differences,
            "refusals": self.refusals,
            "notes": self.notes,
        }

    def _name(self, step: Step) -> None:
        """Count the dossiers of procedures that the agency does not have, and of each agency that codes name."""
        rows = step.portion.rows
        if step.unknown:
            written = pl.concat([each.select("code", "procedure_id") for each in (step.added, step.changed)])
            nameless = rows.join(written.filter(pl.col("procedure_id").is_null()), on="code", how="semi")
            names = nameless.group_by("procedure_code", "procedure_name").len()
            for code, name, count in names.rows():
                self.named[f"{name} ({code})" if code and name else name or code] += count
        codes = rows["code"].str.extract(_AGENCY).drop_nulls().rename("agency")
        self.agencies.update(dict(codes.value_counts(name="count").rows()))

    def _contradict(self, step: Step) -> None:
        """Keep dossiers that are said to be in progress and to have their result: the state counts."""
        rows = step.portion.rows.with_columns(said=pl.coalesce("finished_at", "returned_at"))
        found = rows.filter(
            pl.col("said").is_not_null() & ~pl.col("state").is_in([state.value for state in _WITH_RESULT])
        )
        self.contradicting += found.height
        for row in found.head(max(0, EXAMPLES - len(self.contradictions))).iter_rows(named=True):
            self.contradictions.append(
                {"code": row["code"], "state": row["state"], "finished_at": plain(row["said"])}
            )

    def _keep_additions(self, step: Step) -> None:
        room = EXAMPLES - len(self.additions)
        if room <= 0 or step.added.is_empty():
            return
        names = step.portion.rows.select("code", "procedure_name").unique("code", keep="first")
        rows = step.added.head(room).join(names, on="code", how="left", maintain_order="left")
        self.additions += [
            {**{name: plain(row[name]) for name in _SHOWN}, "procedure": row["procedure_name"]}
            for row in rows.iter_rows(named=True)
        ]


def _shown(name: str, value: Any) -> Any:
    """Return a value as examples show it: of personal data only enough to tell one from another."""
    if name not in PERSONAL or not value:
        return value
    if name == "phone":
        return masked_phone(value)
    return short_name(value) if name == "applicant" else "…"


def shown_moment(text: str | None) -> datetime | None:
    """Return the moment of an example."""
    return datetime.fromisoformat(text) if text else None
