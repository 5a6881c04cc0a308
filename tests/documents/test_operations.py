from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camket.documents import operations, queries
from camket.documents.models import Evidence, StoredFile
from camket.documents.operations import NewEvidence
from camket.journal.models import Entry
from camket.org.policy import Actor, NotAllowed
from paper.containers_made import changed, ole, pdf, word
from people import People
from work import NOW, PDF


def store(
    actor: Actor, data: bytes = PDF, name: str = "Báo cáo.pdf", content_type: str = "application/pdf"
) -> StoredFile:
    return operations.store_file(actor=actor, data=data, name=name, content_type=content_type, now=NOW)


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def folder(settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT)


def test_bytes_are_kept_under_a_random_name(people: People, folder: Path) -> None:
    file = store(people.binh)
    digest = hashlib.sha256(PDF).hexdigest()
    assert (file.sha256, file.size, file.content_type) == (digest, len(PDF), "application/pdf")
    assert re.fullmatch("[0-9a-f]{32}", file.storage_name)
    assert file.storage_name != digest[:32]
    assert queries.path_of(file.storage_name).read_bytes() == PDF
    assert queries.read_file(people.an, file.pk) == PDF
    assert Entry.objects.get(verb="file.stored").after["sha256"] == digest


def test_an_agency_keeps_the_same_bytes_once(people: People, folder: Path) -> None:
    first, again = store(people.binh), store(people.an, name="Tên khác.pdf")
    assert first.storage_name == again.storage_name
    assert len(kept_files(folder)) == 1
    elsewhere = store(people.chi)
    assert elsewhere.storage_name != first.storage_name
    assert len(kept_files(folder)) == 2


@pytest.mark.parametrize("damage", [b"", PDF + b"x", PDF[:-1], None], ids=["empty", "more", "cut", "gone"])
def test_damaged_bytes_are_not_handed_out(
    people: People, folder: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    file = store(people.an)
    path = queries.path_of(file.storage_name)
    path.write_bytes(damage) if damage is not None else path.unlink()
    with pytest.raises(queries.FileDamaged) as refusal:
        queries.open_file(people.an, file.pk)
    assert refusal.value.message.params == {"name": "Báo cáo.pdf"}
    assert file.storage_name in caplog.text


def test_damaged_bytes_that_are_sent_again_are_put_right(people: People, folder: Path) -> None:
    file = store(people.an)
    queries.path_of(file.storage_name).write_bytes(b"x")
    assert store(people.binh).pk == file.pk
    assert queries.read_file(people.an, file.pk) == PDF
    assert len(kept_files(folder)) == 1


def test_files_of_the_first_version_are_still_found(people: People, folder: Path) -> None:
    """They lie under their SHA-256 and stay there."""
    digest = hashlib.sha256(PDF).hexdigest()
    old = folder / digest[:2] / digest
    old.parent.mkdir(parents=True)
    old.write_bytes(PDF)
    file = StoredFile.objects.create(
        agency_id=people.an.agency_id,
        sha256=digest,
        storage_name=digest,
        name="Cũ.pdf",
        content_type="application/pdf",
        size=len(PDF),
        stored_at=NOW,
    )
    assert queries.read_file(people.an, file.pk) == PDF
    assert store(people.an, name="Mới.pdf").storage_name == digest


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_may_read_the_bytes(people: People, folder: Path) -> None:
    path = queries.path_of(store(people.an).storage_name)
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_file_again_is_the_same_row(people: People) -> None:
    assert store(people.binh).pk == store(people.an).pk
    assert store(people.an, name="Tên khác.pdf").pk != store(people.an).pk
    assert Entry.objects.filter(verb="file.stored").count() == 2


def test_each_agency_has_its_own_row_of_the_same_bytes(people: People) -> None:
    assert store(people.an).pk != store(people.chi).pk


def test_what_the_bytes_are_decides_the_type_and_name(people: People) -> None:
    file = store(people.an, name="trang.html.docx", content_type="application/msword")
    assert (file.name, file.content_type) == ("trang.html.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (b"", "a.pdf", "application/pdf"),
        (b"MZ\x90", "a.pdf", "application/pdf"),
        (PDF, "a.pdf", "text/html; charset=utf-8"),
        (b"%PDF-" + b"0" * operations.MAX_FILE_BYTES, "a.pdf", "application/pdf"),
        (pdf(b"<</OpenAction<</S/JavaScript>>>>"), "a.pdf", "application/pdf"),
        (changed(word(), {"word/vbaProject.bin": b"x"}), "a.docx", ""),
        (b"GIF89a" + word(), "a.docx", ""),
        (changed(word(), {"x": b"x" * 11_000_000}), "a.docx", ""),
        (ole({"EncryptedPackage": b"x"}), "a.docx", ""),
    ],
    ids=[
        "empty",
        "program",
        "claims to be a page",
        "too large",
        "script",
        "macros",
        "two files",
        "bomb",
        "locked",
    ],
)
def test_files_are_refused(people: People, folder: Path, data: bytes, name: str, content_type: str) -> None:
    with pytest.raises(operations.FileRefused) as refusal:
        store(people.an, data, name, content_type)
    assert refusal.value.message.template
    assert not StoredFile.objects.exists()
    assert not kept_files(folder)


def test_a_file_is_never_found_by_another_agency(people: People) -> None:
    file = store(people.an)
    with pytest.raises(StoredFile.DoesNotExist):
        queries.open_file(people.chi, file.pk)
    with pytest.raises(StoredFile.DoesNotExist):
        queries.read_file(people.chi, file.pk)


def test_an_administrator_stores_nothing(people: People) -> None:
    administrator = Actor(people.an.person_id, "x", people.agency.pk, frozenset({"administrator"}))
    with pytest.raises(NotAllowed):
        store(administrator)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("evidence", "title"),
    [
        (NewEvidence(kind="file", data=PDF, name="bien-ban.pdf"), "bien-ban.pdf"),
        (NewEvidence(kind="link", url=" https://example.gov.vn/a "), "https://example.gov.vn/a"),
        (
            NewEvidence(kind="document", document_number=" 12/BC-UBND ", document_date=date(2026, 6, 30)),
            "12/BC-UBND",
        ),
        (NewEvidence(kind="link", url="http://example.gov.vn", title=" Trang   tin "), "Trang tin"),
    ],
)
def test_evidence_is_kept_with_a_title(people: People, evidence: NewEvidence, title: str) -> None:
    kept = operations.add_evidence(actor=people.binh, evidence=evidence, now=NOW)
    assert (kept.title, kept.added_by_id, kept.agency_id) == (title, people.binh.person_id, people.agency.pk)
    row = queries.evidence_rows(people.an, [kept])[0]
    assert (row.title, row.is_withdrawn) == (title, False)
    assert Entry.objects.filter(verb="evidence.added").count() == 1


@pytest.mark.parametrize(
    "evidence",
    [
        NewEvidence(kind="file"),
        NewEvidence(kind="link", url="javascript:alert(1)"),
        NewEvidence(kind="link", url="https://"),
        NewEvidence(kind="link", url="https://[x"),
        NewEvidence(kind="link", url="https://a b"),
        NewEvidence(kind="link", url="https://a/" + "x" * 1000),
        NewEvidence(kind="document", document_number=" "),
        NewEvidence(kind="document", document_number="1" * 101),
        NewEvidence(kind="other"),
    ],
)
def test_evidence_without_its_proof_is_refused(people: People, evidence: NewEvidence) -> None:
    with pytest.raises(operations.EvidenceRefused):
        operations.add_evidence(actor=people.binh, evidence=evidence, now=NOW)
    assert not Evidence.objects.exists()


def added(people: People) -> Evidence:
    evidence = NewEvidence(kind="document", document_number="12/BC-UBND")
    return operations.add_evidence(actor=people.binh, evidence=evidence, now=NOW)


@pytest.mark.parametrize("who", ["binh", "an"])
def test_who_added_it_or_the_secretary_withdraws_with_a_reason(people: People, who: str) -> None:
    evidence = added(people)
    actor = getattr(people, who)
    for _again in range(2):
        operations.withdraw_evidence(actor=actor, evidence_id=evidence.pk, reason="Nhầm tệp", now=NOW)
    evidence.refresh_from_db()
    assert evidence.is_withdrawn
    assert Entry.objects.get(verb="evidence.withdrawn").reason == "Nhầm tệp"


def test_withdrawing_is_refused(people: People) -> None:
    evidence = added(people)
    with pytest.raises(operations.ReasonMissing):
        operations.withdraw_evidence(actor=people.binh, evidence_id=evidence.pk, reason=" ", now=NOW)
    with pytest.raises(NotAllowed):
        operations.withdraw_evidence(actor=people.dung, evidence_id=evidence.pk, reason="x", now=NOW)
    with pytest.raises(Evidence.DoesNotExist):
        operations.withdraw_evidence(actor=people.chi, evidence_id=evidence.pk, reason="x", now=NOW)
    evidence.refresh_from_db()
    assert not evidence.is_withdrawn
