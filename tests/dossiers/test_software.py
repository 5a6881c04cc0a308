"""Saved ways of reading exports: corrected, set aside, taken up again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from camket.dossiers.importing import queries as importing
from camket.dossiers.importing import software as operations
from camket.dossiers.importing.operations import NameMissing
from camket.dossiers.models import Batch, Software
from camket.dossiers.queries import software as queries
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from people import TODAY, People

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
MAPPING = {"code": "Số hồ sơ", "received_at": "Ngày nhận", "state": "Tình trạng"}


@pytest.fixture
def saved(people: People) -> Software:
    return Software.objects.create(
        agency=people.agency, name="Một cửa", mapping=MAPPING, changed_at=NOW,
        words={"state": {"xong rồi": "done"}},
    )  # fmt: skip


def batch(saved: Software, state: str = "done", at: datetime = NOW) -> Batch:
    return Batch.objects.create(
        agency=saved.agency, software=saved, origin="page", state=state, file_name="hs.xlsx", sha256="ab" * 32,
        as_of=TODAY, created_at=at,
    )  # fmt: skip


def change(people: People, saved: Software, **other: Any) -> Software:
    given = {"name": saved.name, "mapping": saved.mapping, "words": saved.words, **other}
    return operations.change_software(actor=people.an, software_id=saved.pk, now=NOW, **given)


def test_name_headings_and_words_are_corrected(people: People, saved: Software) -> None:
    change(
        people, saved, name="  iGate  ", mapping={**MAPPING, "state": " ", "due_given": "Ngày hẹn trả "},
        words={"state": {"xong rồi": "returned", "lạ": "không có"}, "code": {"a": "b"}},
    )  # fmt: skip
    saved.refresh_from_db()
    assert saved.name == "iGate"
    assert saved.mapping == {"code": "Số hồ sơ", "received_at": "Ngày nhận", "due_given": "Ngày hẹn trả"}
    assert saved.words == {"state": {"xong rồi": "returned"}}
    assert saved.changed_by_id == people.an.person_id
    entry = Entry.objects.get(verb="dossiers.software_changed")
    assert (entry.before["name"], entry.after["name"]) == ("Một cửa", "iGate")


def test_what_does_not_change_is_not_noted(people: People, saved: Software) -> None:
    change(people, saved)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, NameMissing),
        ({"name": "MỘT  CỬA 2"}, operations.SoftwareExists),
        ({"mapping": {"code": "Số hồ sơ"}}, operations.ColumnsUnfit),
        ({"mapping": {**MAPPING, "state": "Ngày nhận"}}, operations.ColumnsUnfit),
    ],
    ids=["no name", "a name that is there", "a column is missing", "a column twice"],
)
def test_what_cannot_be_read_by_is_refused(
    people: People, saved: Software, given: dict[str, Any], refusal: type[Exception]
) -> None:
    Software.objects.create(agency=people.agency, name="Một cửa 2", changed_at=NOW)
    with pytest.raises(refusal):
        change(people, saved, **given)
    saved.refresh_from_db()
    assert (saved.name, saved.mapping) == ("Một cửa", MAPPING)


def test_one_set_aside_is_offered_no_more_until_it_is_taken_up(people: People, saved: Software) -> None:
    batch(saved)
    operations.set_software_aside(actor=people.an, software_id=saved.pk, now=NOW)
    assert not importing.software(people.an).exists()
    [row] = queries.all_software(people.an)
    assert (row.is_offered, row.uses, row.used_at) == (False, 1, NOW)
    operations.take_software_up(actor=people.an, software_id=saved.pk, now=NOW)
    assert importing.software(people.an).get() == saved
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "dossiers.software_set_aside",
        "dossiers.software_taken_up",
    ]


@pytest.mark.parametrize("state", ["mapping", "checked", "running"])
def test_one_that_a_waiting_file_is_read_by_is_not_set_aside(
    people: People, saved: Software, state: str
) -> None:
    batch(saved, state)
    with pytest.raises(operations.SoftwareInUse, match=r"hs\.xlsx"):
        operations.set_software_aside(actor=people.an, software_id=saved.pk, now=NOW)
    saved.refresh_from_db()
    assert saved.is_offered


def test_it_is_nobody_elses(people: People, saved: Software) -> None:
    with pytest.raises(Software.DoesNotExist):
        operations.set_software_aside(actor=people.chi, software_id=saved.pk, now=NOW)
    with pytest.raises(Software.DoesNotExist):
        queries.one_software(people.chi, saved.pk)
    with pytest.raises(NotAllowed):
        operations.set_software_aside(actor=people.dung, software_id=saved.pk, now=NOW)
    saved.refresh_from_db()
    assert saved.is_offered
