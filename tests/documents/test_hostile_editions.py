"""Files that must not become a controlled document, acts in the wrong state, the same act twice, other agencies."""

from __future__ import annotations

import io
import zipfile

import pytest

from camket.core.workflow import NotPossible
from camket.documents.models import ControlledDocument, DocumentEdition, StoredFile
from camket.documents.operations import FileRefused, editions, readers
from camket.documents.operations.editions import Draft, OwnEdition, Upload
from camket.org.policy import NotAllowed
from controlled_documents import add, approve, docx, in_effect, issue
from people import People
from work import NOW

SCRIPT = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n"


def with_macro() -> bytes:
    data = io.BytesIO(docx("Điều 1"))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("quy-trinh.docx", b"MZ\x90\x00"),
        ("quy-trinh.pdf", SCRIPT),
        ("quy-trinh.html", b"<script>alert(1)</script>"),
        ("quy-trinh.docx", b""),
    ],
)
def test_a_hostile_file_leaves_nothing_behind(people: People, name: str, data: bytes) -> None:
    with pytest.raises(FileRefused):
        add(people, draft=Draft(upload=Upload(data, name)))
    assert not ControlledDocument.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_word_file_with_a_program_is_refused(people: People) -> None:
    with pytest.raises(FileRefused):
        add(people, draft=Draft(upload=Upload(with_macro(), "quy-trinh.docx")))


def test_a_file_of_thirty_megabytes_is_refused_in_words(people: People) -> None:
    data = b"%PDF-1.7\n" + b"0" * (30 * 1024 * 1024)
    with pytest.raises(FileRefused) as refused:
        add(people, draft=Draft(upload=Upload(data, "so-tay.pdf")))
    assert "size" in refused.value.message.template.casefold() or refused.value.message.params


def test_each_act_is_refused_in_every_state_that_is_not_its_own(people: People) -> None:
    edition = add(people)
    an: dict[str, object] = {"actor": people.an, "edition_id": edition.pk, "now": NOW}
    chau: dict[str, object] = {**an, "actor": people.chau}
    acts = {
        "submit": lambda: editions.submit_edition(**an),  # type: ignore[arg-type]
        "approve": lambda: editions.approve_edition(**chau),  # type: ignore[arg-type]
        "return": lambda: editions.return_edition(reason="Sai", **chau),  # type: ignore[arg-type]
        "issue": lambda: issue(people, edition),
        "distribute": lambda: readers.distribute(unit_ids=(), read_by=None, **an),  # type: ignore[arg-type]
        "read": lambda: readers.confirm_read(**an),  # type: ignore[arg-type]
        "discard": lambda: editions.discard_edition(**an),  # type: ignore[arg-type]
    }
    allowed = {
        "draft": {"submit", "discard"},
        "review": {"approve", "return"},
        "approved": {"return", "issue"},
        "effective": {"distribute", "read"},
    }
    for state, possible in allowed.items():
        DocumentEdition.objects.filter(pk=edition.pk).update(state=state)
        for name in acts.keys() - possible:
            with pytest.raises((NotPossible, editions.DocumentRefused)):
                acts[name]()
        edition.refresh_from_db()
        assert edition.state == state


def test_nothing_is_approved_twice_by_its_writer_or_by_strangers(people: People) -> None:
    edition = add(people)
    approve(people, edition)
    with pytest.raises(NotPossible):
        editions.approve_edition(actor=people.chau, edition_id=edition.pk, now=NOW)
    other = add(people, title="Chính sách", kind="policy")
    editions.submit_edition(actor=people.an, edition_id=other.pk, now=NOW)
    for stranger in (people.an, people.binh, people.chi):
        with pytest.raises((NotAllowed, OwnEdition, DocumentEdition.DoesNotExist)):
            editions.approve_edition(actor=stranger, edition_id=other.pk, now=NOW)
    issued = in_effect(people, title="Sổ tay")
    with pytest.raises((DocumentEdition.DoesNotExist, NotAllowed)):
        readers.confirm_read(actor=people.chi, edition_id=issued.pk, now=NOW)
