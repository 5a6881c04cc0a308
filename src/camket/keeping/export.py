"""An agency takes all of its data out: a ZIP file of open formats, made as it is read.

Tables belong to an agency by their ``agency``, or by what they must refer to; a table that a later version adds is
found in the same way. What is not given, and why, stands in ``NOT_GIVEN`` and ``SECRET``.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from camket import __version__
from camket.core.plan import Plan as PlanFormat
from camket.journal import queries as journal
from camket.keeping import words
from camket.keeping.places import place_of
from camket.keeping.snapshot import one_moment
from camket.keeping.tables import CHUNK, LEFT_OUT, in_order_of_keys, line, plain
from camket.objectives import queries as plans
from camket.objectives.models import Plan
from camket.org.models import Agency, Membership, Person, Role
from camket.org.policy import Actor
from camket.paper.sheets import write_csv

NOT_GIVEN: Mapping[str, str] = {
    **LEFT_OUT,
    "journal.entry": "given as nhat-ky.jsonl, with all that its hashes cover",
    "journal.seal": "given in nhat-ky.jsonl beside the entries that refer to it",
    "org.accountevent": "the person's own, who may work for other agencies too",
    "mfa.authenticator": "second factors",
    "account.emailaddress": "the person's own; the address stands in org_person",
    "socialaccount.socialaccount": "how the person signs in",
    "socialaccount.socialapp": "of the installation, with its secret",
}
"""Tables that an export leaves out, each with the reason."""

SECRET: Mapping[str, frozenset[str]] = {
    "actions.unitfeed": frozenset({"key"}),
    "org.person": frozenset({"password", "feed_key", "must_change_password", "last_login"}),
    "org.invitation": frozenset({"key_hash"}),
    "voices.survey": frozenset({"link_key"}),
    "voices.spentlink": frozenset({"key_hash"}),
}
"""Columns that are nobody's to take away."""

WHOLE = frozenset({"org.level"})
"""Tables of reference that belong to no agency and are given whole."""

_COPY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Share:
    """What one table has for one agency."""

    model: type[models.Model]
    condition: Q

    @property
    def name(self) -> str:
        """The table's name, which its files carry."""
        return self.model._meta.db_table

    @property
    def title(self) -> str:
        """What it is called."""
        return words.TITLES.get(self.model._meta.label_lower, self.name)

    @property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        """The fields that are given."""
        secret = SECRET.get(self.model._meta.label_lower, frozenset())
        return tuple(each for each in self.model._meta.concrete_fields if each.name not in secret)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the rows, in the order of their keys."""
        rows = in_order_of_keys(self.model._base_manager.filter(self.condition))
        names = [each.attname for each in self.fields]
        for row in rows.values_list(*names).iterator(chunk_size=CHUNK):
            pairs = zip(self.fields, row, strict=True)
            yield {str(each.column): plain(each, value) for each, value in pairs}


def shares(agency_id: int) -> tuple[Share, ...]:
    """Return what each table has for the agency, in the order of the tables' names."""
    found = (
        Share(model, condition)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in NOT_GIVEN
        and (condition := _condition(model, agency_id)) is not None
    )
    return tuple(sorted(found, key=lambda share: share.name))


def without_owner() -> list[str]:
    """Return the tables that lead to no agency and are not spoken of here: none, or an export misses something."""
    labels = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return sorted(
        label for label, model in labels.items() if label not in NOT_GIVEN and _condition(model, 0) is None
    )


def _condition(model: type[models.Model], agency_id: int) -> Q | None:
    label = model._meta.label_lower
    if label in WHOLE:
        return Q()
    if model is Agency:
        return Q(pk=agency_id)
    if model is Person:
        return Q(pk__in=Membership.objects.filter(agency_id=agency_id).values("person_id"))
    paths = _paths(model, frozenset({label}))
    if not paths:
        return None
    condition = Q()
    for path in paths:
        condition |= Q(**{path: agency_id})
    return condition


def _paths(model: type[models.Model], seen: frozenset[str]) -> list[str]:
    """Return how a table's rows lead to their agency: directly, or through what they must refer to."""
    relations = [each for each in model._meta.concrete_fields if each.is_relation]
    direct = [each.name for each in relations if each.related_model is Agency]
    if direct:
        return ["agency"] if "agency" in direct else direct
    for each in relations:
        owner = each.related_model
        if each.null or not isinstance(owner, type) or owner is Person or owner._meta.label_lower in seen:
            continue
        if onward := _paths(owner, seen | {owner._meta.label_lower}):
            return [f"{each.name}__{path}" for path in onward]
    return []


# The archive


class _Pipe(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


@dataclass(slots=True)
class _Export:
    """The archive while it is made: bytes come out as soon as they are there."""

    made_at: datetime
    pipe: _Pipe = field(default_factory=_Pipe)
    resources: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def entry(
        self, archive: zipfile.ZipFile, path: str, parts: Iterable[bytes], **facts: Any
    ) -> Iterator[bytes]:
        """Write one entry and describe it."""
        info = zipfile.ZipInfo(path, date_time=self.made_at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        size, digest = 0, hashlib.sha256()
        with archive.open(info, "w", force_zip64=True) as out:
            for part in parts:
                out.write(part)
                size += len(part)
                digest.update(part)
                yield self.pipe.take()
        yield self.pipe.take()
        if facts:
            self.resources.append(
                {**facts, "path": path, "bytes": size, "hash": f"sha256:{digest.hexdigest()}"}
            )


def export_agency(*, agency_id: int, made_at: datetime) -> Iterator[bytes]:
    """Yield the bytes of an agency's data as a ZIP file, read as of one moment and never held as a whole."""
    with one_moment():
        export = _Export(made_at)
        agency = Agency.objects.get(pk=agency_id)
        with zipfile.ZipFile(export.pipe, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            for share in shares(agency_id):
                yield from _table(export, archive, share)
            yield from _journal(export, archive, agency)
            yield from _plans(export, archive, agency)
            yield from _files(export, archive, agency)
            yield from export.entry(archive, "datapackage.json", [_description(export, agency)])
            yield from export.entry(archive, "DOC-TOI.txt", [_readme(export, agency)])
        yield export.pipe.take()


def _table(export: _Export, archive: zipfile.ZipFile, share: Share) -> Iterator[bytes]:
    count = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal count
        for record in share.records():
            count += 1
            yield record

    facts = {"title": share.title, "encoding": "utf-8"}
    lines = (b"".join(map(line, batch)) for batch in _batches(counted()))
    yield from export.entry(
        archive, f"bang/{share.name}.jsonl", lines, name=f"{share.name}_jsonl", **facts,
        format="jsonl", mediatype="application/jsonl",
    )  # fmt: skip
    yield from export.entry(
        archive, f"bang/{share.name}.csv", _csv(share), name=share.name, **facts,
        profile="tabular-data-resource", format="csv", mediatype="text/csv", schema=_schema(share),
    )  # fmt: skip
    export.rows[share.name] = count


def _batches(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(records, 500)):
        yield batch


def _csv(share: Share) -> Iterator[bytes]:
    columns = [str(each.column) for each in share.fields]
    header = write_csv(columns, [])
    yield header
    for batch in _batches(share.records()):
        rows = [[_cell(record[column]) for column in columns] for record in batch]
        yield write_csv(columns, rows)[len(header) :]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.JSONField, "any"),
)


def _schema(share: Share) -> dict[str, Any]:
    given = {model.name for model in shares(0)}
    fields = []
    keys = []
    for each in share.fields:
        target = each.target_field if isinstance(each, models.ForeignKey) else each
        kind = next((name for of, name in _TYPES if isinstance(target, of)), "string")
        described: dict[str, Any] = {"name": str(each.column), "type": kind}
        if kind == "datetime":
            described["format"] = "any"
        if each.help_text:
            described["description"] = str(each.help_text)
        if not each.null and not each.empty_strings_allowed:
            described["constraints"] = {"required": True}
        fields.append(described)
        owner = each.related_model
        if isinstance(owner, type) and owner._meta.db_table in given:
            reference = {"resource": "" if owner is share.model else owner._meta.db_table, "fields": "id"}
            reference["fields"] = str(owner._meta.pk.column)
            keys.append({"fields": str(each.column), "reference": reference})
    schema: dict[str, Any] = {"fields": fields, "primaryKey": str(share.model._meta.pk.column)}
    # Journals and committees name people of other agencies too: references are told, not promised.
    return {**schema, "camket:references": keys} if keys else schema


def _journal(export: _Export, archive: zipfile.ZipFile, agency: Agency) -> Iterator[bytes]:
    lines = (f"{text}\n".encode() for text in journal.export_lines(agency.pk))
    parts = iter(lambda: b"".join(islice(lines, 500)), b"")
    yield from export.entry(
        archive, "nhat-ky.jsonl", parts, name="nhat_ky", title="Nhật ký mọi thay đổi, nối chuỗi bằng mã băm",
        encoding="utf-8", format="jsonl", mediatype="application/jsonl",
    )  # fmt: skip


def _plans(export: _Export, archive: zipfile.ZipFile, agency: Agency) -> Iterator[bytes]:
    # What an export shows of a plan is what its secretary sees; nobody acts.
    reader = Actor(person_id=0, name="", agency_id=agency.pk, roles=frozenset({Role.SECRETARY}))
    found = Plan.objects.filter(agency=agency).order_by("year", "version", "pk")
    for plan_id, year, version in found.values_list("pk", "year", "version"):
        plan: PlanFormat = plans.plan_as_format(reader, plan_id)
        text = json.dumps(plan.to_json(), ensure_ascii=False, indent=1)
        name = f"{year}-phien-ban-{version}-so-{plan_id}"
        yield from export.entry(
            archive, f"ke-hoach/{name}.json", [text.encode("utf-8")], name=f"ke_hoach_{plan_id}",
            title=f"Kế hoạch năm {year}, phiên bản {version}", encoding="utf-8", format="json", mediatype="application/json",
        )  # fmt: skip


def _files(export: _Export, archive: zipfile.ZipFile, agency: Agency) -> Iterator[bytes]:
    model = apps.get_model("documents", "StoredFile")
    share = Share(model, Q(agency=agency))
    for record in share.records():
        path = Path(settings.MEDIA_ROOT) / place_of(record)
        name = f"tep/{record['id']:06d} {record['name']}"
        before = len(export.resources)
        try:
            with path.open("rb") as file:
                parts = iter(lambda: file.read(_COPY), b"")
                yield from export.entry(
                    archive, name, parts, name=f"tep_{record['id']}", title=record["name"],
                    mediatype=record["content_type"],
                )  # fmt: skip
            is_whole = export.resources[before]["hash"] == f"sha256:{record['sha256']}"
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            export.missing.append(f"{record['id']:06d} {record['name']}")


def _description(export: _Export, agency: Agency) -> bytes:
    package = {
        "profile": "data-package",
        "name": "camket-" + "".join(sign if sign.isalnum() else "-" for sign in agency.code.lower()),
        "title": f"Dữ liệu của {agency.full_name}",
        "created": export.made_at.isoformat(timespec="seconds"),
        "version": __version__,
        "resources": export.resources,
        "camket:missing_files": export.missing,
        "camket:left_out": dict(NOT_GIVEN),
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode("utf-8")


def _readme(export: _Export, agency: Agency) -> bytes:
    titles = {share.name: share.title for share in shares(0)}
    tables = "\n".join(f"{name:<28} {titles[name]} ({count} dòng)" for name, count in export.rows.items())
    names = "\n".join(f"- {name}" for name in export.missing)
    text = words.README.format(
        agency=agency.full_name,
        code=agency.code,
        made_at=export.made_at.strftime("%H:%M ngày %d/%m/%Y"),
        version=__version__,
        tables=tables,
        missing=words.MISSING.format(names=names) if names else "",
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")
