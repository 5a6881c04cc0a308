"""An agency's data, taken out: all of its own, nothing of others, no secret, and described."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as live

from camket.core.plan import Plan
from camket.documents.models import StoredFile
from camket.documents.operations import store_file
from camket.journal.models import Entry
from camket.keeping import export, operations, words
from camket.keeping.tables import LEFT_OUT
from camket.org import operations as org
from camket.org.models import Agency, Person
from camket.org.policy import NotAllowed
from figures import make_plan_in_force
from people import TODAY, People
from work import NOW, PDF


@pytest.fixture
def taken(people: People) -> zipfile.ZipFile:
    """The data of An's agency: a plan in force, a file, a unit whose name a spreadsheet would compute."""
    make_plan_in_force(people)
    store_file(actor=people.an, data=PDF, name="Biên bản.pdf", content_type="application/pdf", now=NOW)
    org.add_unit(actor=people.an, name='=HYPERLINK("http://x")', kind="section", today=TODAY)
    org.add_unit(actor=people.chi, name="Tổ của Suối Xa", kind="section", today=TODAY)
    return zipped(people)


def zipped(people: People) -> zipfile.ZipFile:
    parts = operations.take_out(actor=people.an, today=TODAY, now=NOW)
    return zipfile.ZipFile(io.BytesIO(b"".join(parts)))


def rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"bang/{table}.jsonl").splitlines()]


def test_every_table_has_its_owner_or_a_reason_to_be_left_out() -> None:
    """A new table must lead to its agency, or stand in ``export.NOT_GIVEN`` or ``WHOLE`` with the reason."""
    assert export.without_owner() == []


def test_every_table_given_has_a_vietnamese_title() -> None:
    """A new table gets its title in ``camket.keeping.words.TITLES``."""
    assert [
        share.name for share in export.shares(0) if share.model._meta.label_lower not in words.TITLES
    ] == []


def test_no_column_that_looks_like_a_secret_is_given() -> None:
    """A column named like this must stand in ``export.SECRET`` unless it is known to be harmless."""
    secret = re.compile(r"password|secret|token|salt|(^|_)key($|_)|pin\b")
    harmless = {("org.bodyname", "key"), ("dossiers.field", "key"), ("dossiers.procedure", "key")}
    harmless |= {("dossiers.bucket", f"{name}_key") for name in ("field", "procedure", "unit")}
    harmless |= {("notifications.notification", "key"), ("notifications.mail", "key")}
    harmless |= {
        ("registers.entry", "key"),
        ("registers.listitem", "key"),
        ("registers.entrycount", "unit_key"),
    }
    harmless |= {
        ("improvement.finding", "key"),
        ("improvement.nonconformity", "source_key"),
        ("improvement.reviewdecision", "input_key"),
        ("improvement.reviewinput", "key"),
        ("improvement.risk", "source_key"),
    }
    harmless |= {("voices.ratingbucket", f"{name}_key") for name in ("survey", "field", "unit")}
    given = {
        (share.model._meta.label_lower, field.name)
        for share in export.shares(0)
        for field in share.fields
        if secret.search(field.name)
    }
    assert given - harmless == set()


def test_nothing_backed_up_refers_to_what_is_left_out() -> None:
    dangling = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in LEFT_OUT
        for field in model._meta.concrete_fields
        if isinstance(field.related_model, type) and field.related_model._meta.label_lower in LEFT_OUT
    ]
    assert dangling == []


def test_an_agency_gets_all_of_its_rows_and_none_of_another_s(taken: zipfile.ZipFile, people: People) -> None:
    for share in export.shares(people.agency.pk):
        found = rows(taken, share.name)
        assert len(found) == share.model._base_manager.filter(share.condition).count()
        if any(field.name == "agency" for field in share.model._meta.concrete_fields):
            assert {row["agency_id"] for row in found} <= {people.agency.pk}
    assert [row["code"] for row in rows(taken, "org_agency")] == [people.agency.code]
    assert {row["login"] for row in rows(taken, "org_person")} == {"an", "binh", "chau", "dung"}
    assert len(rows(taken, "objectives_target")) > 3
    everything = b"".join(taken.read(name) for name in taken.namelist())
    assert "Tổ của Suối Xa".encode() not in everything
    assert "Hoàng Thị Chi".encode() not in everything


def test_no_secret_is_in_it(taken: zipfile.ZipFile, people: People) -> None:
    everything = b"".join(taken.read(name) for name in taken.namelist())
    for person in Person.objects.all():
        assert person.password.encode() not in everything
    assert not {"password", "feed_key"} & rows(taken, "org_person")[0].keys()
    apart = re.compile(r"(^|/)(django_session|sessions|usersessions|mfa)")
    assert not any(apart.search(name) for name in taken.namelist())


def test_spreadsheets_compute_nothing_and_lines_keep_the_value(taken: zipfile.ZipFile) -> None:
    text = taken.read("bang/org_unit.csv").decode("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(text))]
    assert """'=HYPERLINK("http://x")""" in names
    assert '=HYPERLINK("http://x")' in [row["name"] for row in rows(taken, "org_unit")]
    assert len(names) == len(rows(taken, "org_unit"))


def test_files_plans_and_the_journal_can_be_read_without_the_product(
    taken: zipfile.ZipFile, people: People
) -> None:
    file = StoredFile.objects.get(name="Biên bản.pdf")
    assert taken.read(f"tep/{file.pk:06d} Biên bản.pdf") == PDF
    (name,) = [name for name in taken.namelist() if name.startswith("ke-hoach/")]
    assert Plan.from_json(json.loads(taken.read(name))).objectives
    lines = [json.loads(line) for line in taken.read("nhat-ky.jsonl").splitlines()]
    hashes = [line["entry"]["hash"] for line in lines if "entry" in line]
    own = Entry.objects.filter(agency=people.agency).order_by("sequence")
    assert hashes == [entry.hash for entry in own]


def test_the_description_names_every_file_with_its_hash(taken: zipfile.ZipFile) -> None:
    package = json.loads(taken.read("datapackage.json"))
    described = {resource["path"]: resource for resource in package["resources"]}
    assert set(described) == set(taken.namelist()) - {"datapackage.json", "DOC-TOI.txt"}
    for path, resource in described.items():
        data = taken.read(path)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
        if resource.get("profile") == "tabular-data-resource":
            header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
            assert [field["name"] for field in resource["schema"]["fields"]] == header
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names))
    readme = taken.read("DOC-TOI.txt").decode("utf-8-sig")
    assert "UBND xã Bình Yên".replace("UBND", "Ủy ban nhân dân") in readme
    assert "TỆP THIẾU" not in readme


def test_files_that_are_gone_are_named(taken: zipfile.ZipFile, people: People) -> None:
    for path in Path(live.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.unlink()
    poorer = zipped(people)
    assert "Biên bản.pdf" in poorer.read("DOC-TOI.txt").decode("utf-8-sig").split("TỆP THIẾU")[1]
    assert poorer.testzip() is None


def test_taking_the_data_out_is_recorded_and_only_for_those_who_may(people: People) -> None:
    for actor in (people.binh, people.dung):
        with pytest.raises(NotAllowed):
            operations.take_out(actor=actor, today=TODAY, now=NOW)
    assert not Entry.objects.filter(verb="agency.exported").exists()
    operations.take_out(actor=people.chau, today=TODAY, now=NOW)
    entry = Entry.objects.get(verb="agency.exported")
    assert (entry.agency_id, entry.by_id, entry.subject_type) == (
        people.agency.pk, people.chau.person_id, "org.agency",
    )  # fmt: skip


def test_an_unknown_agency_has_nothing_to_take_out(people: People) -> None:
    with pytest.raises(Agency.DoesNotExist):
        operations.take_out_as_operator(code="H00.404", today=TODAY, now=datetime.now())
