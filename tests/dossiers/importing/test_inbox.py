"""The watched folder: nightly exports come in by themselves, what cannot is put aside with a note."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from camket.core.messages import Message
from camket.dossiers.importing import inbox, operations
from camket.dossiers.models import Batch, Dossier, Software
from dossiers.importing.exports import OPEN, RIGHT, csv
from people import People, make_agency, make_people

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(datetime(2026, 7, 1, 3, 0))
LAST_NIGHT = datetime(2026, 6, 30, 23, 0).timestamp()


def say(message: Message) -> str:
    return str(message)


def take(folder: Path) -> list[tuple[str, str | None]]:
    taken = inbox.take(folder=folder, clock=lambda: NOW, say=say)
    return [(each.name, each.why.template if each.why else None) for each in taken]


@pytest.fixture
def people() -> People:
    people = make_people()
    batch = operations.receive_file(
        actor=people.an, name="mau.csv", data=csv(RIGHT), as_of=date(2026, 6, 1), now=NOW
    )
    operations.set_mapping(
        actor=people.an, batch_id=batch.pk, mapping=batch.reading["mapping"], words={}, save_as="Một cửa", now=NOW
    )  # fmt: skip
    operations.discard_batch(actor=people.an, batch_id=batch.pk, now=NOW)
    return people


@pytest.fixture
def own(people: People, tmp_path: Path) -> Path:
    folder = tmp_path / people.agency.code
    folder.mkdir()
    return folder


def put(path: Path, data: bytes, at: float = LAST_NIGHT) -> Path:
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def test_a_file_at_rest_is_imported_as_of_its_day_and_moved(people: People, own: Path) -> None:
    put(own / "dem-30-6.csv", csv(RIGHT, OPEN))
    assert take(own.parent) == [("dem-30-6.csv", None)]
    batch = Batch.objects.get(origin=Batch.Origin.FOLDER)
    assert (batch.state, batch.added, batch.as_of) == (Batch.State.DONE, 2, date(2026, 6, 30))
    assert batch.software == Software.objects.get()
    assert sorted(path.name for path in own.iterdir()) == ["da-nhap"]
    assert (own / "da-nhap" / "dem-30-6.csv").exists()
    assert take(own.parent) == []


def test_a_file_that_is_still_being_written_is_left_alone(own: Path) -> None:
    put(own / "dem.csv", csv(RIGHT), at=(NOW - timedelta(seconds=30)).timestamp())
    assert take(own.parent) == []
    assert (own / "dem.csv").exists()


def test_files_of_another_kind_and_foreign_headings_are_put_aside_with_a_note(own: Path) -> None:
    put(own / "ghi-chu.docx", b"PK\x03\x04")
    put(own / "la.csv", "Mã HS;Ngày nhận\nA-1;01/06/2026\n".encode())
    assert [name for name, why in take(own.parent) if why] == ["ghi-chu.docx", "la.csv"]
    aside = own / "bi-tu-choi"
    assert sorted(path.name for path in aside.iterdir()) == [
        "ghi-chu.docx", "ghi-chu.docx.ly-do.txt", "la.csv", "la.csv.ly-do.txt",
    ]  # fmt: skip
    assert "No saved way of reading" in (aside / "la.csv.ly-do.txt").read_text("utf-8")
    assert not Dossier.objects.exists()
    assert not Batch.objects.exclude(state=Batch.State.DISCARDED).exists()


def test_links_are_not_followed(people: People, own: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "ngoai"
    elsewhere.mkdir()
    outside = put(elsewhere / "bi-mat.csv", csv(RIGHT))
    (own / "lien-ket.csv").symlink_to(outside)
    os.utime(own / "lien-ket.csv", (LAST_NIGHT, LAST_NIGHT), follow_symlinks=False)
    (tmp_path / people.other_agency.code).symlink_to(elsewhere)
    assert [name for name, why in take(tmp_path) if why] == ["lien-ket.csv"]
    assert outside.exists()
    assert not Dossier.objects.exists()


def test_a_second_file_of_the_same_name_keeps_the_first(own: Path) -> None:
    put(own / "dem.csv", csv(RIGHT))
    take(own.parent)
    put(own / "dem.csv", csv(RIGHT, OPEN))
    take(own.parent)
    assert len(list((own / "da-nhap").iterdir())) == 2


def test_a_folder_in_which_nothing_can_be_put_aside_keeps_no_other_agency_waiting(
    people: People, own: Path
) -> None:
    first = own.parent / "A00.1"
    make_agency("A00.1", "UBND xã Suối Trong")
    first.mkdir()
    (first / "da-nhap").write_bytes(b"")
    os.utime(first / "da-nhap", (LAST_NIGHT + 1, LAST_NIGHT + 1))
    put(first / "dem.csv", csv(RIGHT))
    put(own / "dem.csv", csv(RIGHT))
    assert take(own.parent) == [("dem.csv", None)]
    assert (first / "dem.csv").exists()
    assert not Batch.objects.filter(agency__code="A00.1").exists()


def test_files_are_not_put_aside_through_a_link(own: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "ngoai"
    elsewhere.mkdir()
    (own / "da-nhap").symlink_to(elsewhere)
    put(own / "dem.csv", csv(RIGHT))
    assert take(own.parent) == []
    assert list(elsewhere.iterdir()) == []
    assert not Dossier.objects.exists()


def test_a_file_that_grew_while_it_was_read_is_taken_once_more(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(own / "dem.csv", csv(RIGHT))
    receive = operations.receive_file

    def and_grows(**how: Any) -> Batch:
        batch = receive(**how)
        put(path, csv(RIGHT, OPEN))
        return batch

    with monkeypatch.context() as patch:
        patch.setattr(operations, "receive_file", and_grows)
        assert take(own.parent) == []
    assert path.exists()
    assert take(own.parent) == [("dem.csv", None)]
    assert Dossier.objects.count() == 2
