"""The inspector's pack: every clause, what is missing said, applicants hidden, whole or not at all, taken on record."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from django.conf import settings

from announced import announced, ready
from camket.documents.models import ControlledDocument, DocumentEdition, StoredFile
from camket.documents.operations.files import keep_made
from camket.documents.queries.files import open_file
from camket.improvement import catalogue
from camket.improvement.operations import nonconformities
from camket.improvement.operations.nonconformities import NewNonconformity
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.packing import evidence, operations, queries
from camket.packing.content import Attached, Grid, Pack, Part, Section
from camket.packing.hiding import Hiding
from camket.packing.models import Pack as Row
from camket.packing.operations import PackNotPossible
from camket.packing.writing import PackNotWritten, book_of, points, unpack, write_folder
from camket.paper.writing.book import write_book
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from camket.publishing.models import Publication
from camket.registers.operations import enter
from people import TODAY, People
from records import add_fields, add_procedures, dossier_of, random_facts
from work import NOW

APPLICANT = "Lò Thị Sương"


def clock() -> datetime:
    return NOW


def dossier(people: People, applicant: str) -> None:
    fields = add_fields(people.agency)
    procedures = add_procedures(people.agency, fields, people.an.person_id)
    facts = random_facts(
        1, 1, fields=[fields[0].pk], procedures=[procedures[0].pk], units=[people.agency.units.all()[0].pk]
    )
    row = dossier_of(people.agency, "D-1", facts[0])
    row.applicant = applicant
    row.save()


def add_paper(people: People) -> StoredFile:
    return keep_made(
        agency_id=people.agency.pk, actor=people.an, data=b"%PDF-1.4", name="qt.pdf", content_type="application/pdf", now=NOW
    )  # fmt: skip


def small(read: Callable[[], bytes] = lambda: b"x" * 10) -> Pack:
    parts = (
        Part(
            "Có",
            ("Một <dòng>",),
            Grid(("A", "B"), (("1", "2"),), (50, 50)),
            (Attached("t.pdf", "Tệp", read),),
        ),
        Part("Không", missing="Chưa ghi gì."),
    )
    sections = (Section("4", "Bối cảnh"), Section("4.1", "Vấn đề", "Danh mục", parts))
    return Pack("UBND xã", "", 2026, date(2026, 1, 1), TODAY, TODAY, "TCVN ISO 9001:2015", sections)


def test_no_clause_of_the_standard_is_left_out() -> None:
    for edition in catalogue.editions():
        clauses = {each.code for each in edition.clauses if not each.is_chapter}
        assert clauses == set(evidence.CLAUSES)
    named = {each for _, _, clauses in points() for each in clauses.split(", ")}
    assert named <= set(evidence.CLAUSES)


def test_each_clause_says_what_there_is_or_what_is_missing(people: People) -> None:
    pack = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    for section in pack.sections:
        if not section.is_chapter:
            assert section.parts, section.code
        for part in section.parts:
            assert bool(part.missing) != bool(part.lines or part.grid or part.files), (section.code, part)
    missing = len(pack.missing)
    ready(people)
    announced(people)
    fuller = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    assert len(fuller.missing) < missing
    names = {f"{section.code}/{each.name}" for section, each in fuller.files()}
    assert any(each.startswith("4.3/cong-bo") for each in names)
    assert any(each.startswith("9.2/bao-cao") for each in names)
    assert any(each.startswith("9.3/bien-ban") for each in names)
    assert len(names) == sum(1 for _ in fuller.files())


def test_the_folder_holds_what_its_index_and_sums_name(people: People, tmp_path: Path) -> None:
    ready(people)
    announced(people)
    pack = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    book = write_book(book_of(pack))
    target = tmp_path / "goi.zip"
    heard: list[int] = []
    write_folder(pack, book, target, NOW, lambda done, _all: heard.append(done))
    assert heard == list(range(1, sum(1 for _ in pack.files()) + 1))
    with zipfile.ZipFile(target) as packed:
        sums = dict(
            reversed(line.split("  ", 1)) for line in packed.read("SHA256SUMS.txt").decode().splitlines()
        )
        assert set(sums) == set(packed.namelist()) - {"SHA256SUMS.txt"}
        for name, digest in sums.items():
            assert hashlib.sha256(packed.read(name)).hexdigest() == digest
        index = packed.read("index.html").decode()
        links = set(re.findall(r'href="([^"#]+)"', index))
        assert links == set(packed.namelist()) - {"index.html"}
        assert not re.search(r"https?://", index)
    with pdfplumber.open(io.BytesIO(book)) as pdf:
        texts = [page.extract_text() for page in pdf.pages]
    assert b"pdfaid:part" in book
    contents = next(each for each in texts if "Mục lục" in each)
    assert re.search(r"9\.2 Đánh giá nội bộ.*\d+", contents)
    assert texts[2].strip().endswith("3")


def test_words_of_people_are_no_markup(tmp_path: Path) -> None:
    target = tmp_path / "goi.zip"
    write_folder(small(), b"%PDF", target, NOW)
    with zipfile.ZipFile(target) as packed:
        index = packed.read("index.html").decode()
    assert "Một &lt;dòng&gt;" in index
    assert "Chưa ghi gì." in index


def test_a_pack_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        write_folder(small(fails), b"%PDF", tmp_path / "goi.zip", NOW)
    assert list(tmp_path.iterdir()) == []
    write_folder(small(), b"%PDF", tmp_path / "goi.zip", NOW)
    unpack(tmp_path / "goi.zip", tmp_path / "ra")
    assert (tmp_path / "ra" / "4.1" / "t.pdf").read_bytes() == b"x" * 10
    with pytest.raises(PackNotWritten):
        unpack(tmp_path / "goi.zip", tmp_path / "ra")


def test_applicants_are_hidden_and_staff_are_not(people: People) -> None:
    dossier(people, APPLICANT)
    hide = Hiding(people.agency.pk)
    said = hide.words(f"Bà {APPLICANT} (0912 345 678) gặp Lê Minh Châu theo Quyết định số 12")
    assert APPLICANT not in said
    assert "0912" not in said
    assert "Lê Minh Châu" in said
    assert "số 12" in said
    paper = Document(
        Letterhead("Ủy ban nhân dân xã", "BB-UBND", 2026), "Biên bản", "Họp",
        (Paragraph(plain(f"Hồ sơ của {APPLICANT} trễ hạn")),), Signature(()), (),
    )  # fmt: skip
    hidden = hide.document(paper).body[0]
    assert isinstance(hidden, Paragraph)
    assert hidden.line[0].text == "Hồ sơ của […] trễ hạn"


def test_no_applicant_stands_in_a_pack(people: People, tmp_path: Path) -> None:
    dossier(people, APPLICANT)
    nonconformities.raise_nonconformity(
        actor=people.an,
        what=NewNonconformity("other", f"Hồ sơ của {APPLICANT} trễ", f"{APPLICANT}, 0912345678", TODAY),
        now=NOW,
    )
    pack = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    target = tmp_path / "goi.zip"
    write_folder(pack, write_book(book_of(pack)), target, NOW)
    with zipfile.ZipFile(target) as packed:
        assert any(each.startswith("10.2/phieu-") for each in packed.namelist())
        for name in packed.namelist():
            data = packed.read(name)
            if name.endswith(".pdf"):
                with pdfplumber.open(io.BytesIO(data)) as pdf:
                    text = "\n".join(page.extract_text() for page in pdf.pages)
            else:
                text = data.decode()
            assert "Sương" not in text, name
            assert "0912345678" not in text, name


def test_documents_whose_codes_differ_by_signs_alone_each_have_a_file(people: People) -> None:
    file = add_paper(people)
    for code in ("QT/01", "QT-01", "qt-01", "../../QT 01"):
        document = ControlledDocument.objects.create(
            agency=people.agency, code=code, kind="system", title="Kiểm soát", made_at=NOW
        )
        DocumentEdition.objects.create(
            document=document, issue=1, state="effective", issued_file=file, effective_on=TODAY,
            written_by_id=people.an.person_id, written_at=NOW,
        )  # fmt: skip
    pack = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    names = [each.name.casefold() for section, each in pack.files() if section.code == "7.5"]
    assert len(set(names)) == len(names) == 4
    assert not any("/" in each or "\\" in each for each in names)


def test_a_document_that_was_sent_as_a_word_file_lies_there_as_one(people: People) -> None:
    paper = b"PK word"
    word = keep_made(
        agency_id=people.agency.pk,
        actor=people.an,
        data=paper,
        name="STCL.docx",
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        now=NOW,
    )
    document = ControlledDocument.objects.create(
        agency=people.agency, code="STCL", kind="manual", title="Sổ tay", made_at=NOW
    )
    DocumentEdition.objects.create(
        document=document, issue=1, state="effective", file=word, issued_file=word, effective_on=TODAY,
        written_by_id=people.an.person_id, written_at=NOW,
    )  # fmt: skip
    pack = evidence.evidence_of(people.agency.pk, 2026, TODAY)
    (file,) = [each for section, each in pack.files() if section.code == "7.5"]
    assert file.name.endswith(".docx")
    assert file.read() == paper


def test_it_is_put_together_kept_taken_on_record_and_removed(people: People) -> None:
    row = operations.ask(actor=people.an, year=2026, now=NOW)
    assert operations.ask(actor=people.chau, year=2026, now=NOW).pk == row.pk
    assert operations.put_together_waiting(clock=clock) == 1
    row.refresh_from_db()
    assert (row.state, row.remove_on) == ("ready", TODAY + timedelta(days=operations.KEPT_DAYS))
    assert row.missing
    file = operations.note_taken(actor=people.an, pack_id=row.pk, what="folder", now=NOW)
    place = operations.path_of_file(file=file)
    assert hashlib.sha256(place.read_bytes()).hexdigest() == file.sha256
    assert Entry.objects.filter(verb="pack.taken", agency=people.agency).count() == 1
    with pytest.raises(StoredFile.DoesNotExist):
        open_file(people.an, file.pk)
    assert operations.remove_old(today=TODAY + timedelta(days=operations.KEPT_DAYS)) == 0
    assert operations.remove_old(today=TODAY + timedelta(days=operations.KEPT_DAYS + 1)) == 1
    row.refresh_from_db()
    assert (row.state, row.book_id, row.folder_id) == ("removed", None, None)
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    with pytest.raises(Row.DoesNotExist):
        operations.note_taken(actor=people.an, pack_id=row.pk, what="folder", now=NOW)


def test_one_cut_off_is_begun_again_and_leaves_nothing_half(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = operations.ask(actor=people.an, year=2026, now=NOW)

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operations, "write_book", killed)
        with pytest.raises(KeyboardInterrupt):
            operations.put_together_waiting(clock=clock)
    row.refresh_from_db()
    assert (row.state, row.book_id) == ("building", None)
    assert operations.put_together_waiting(clock=clock) == 1
    row.refresh_from_db()
    assert row.state == "ready"
    assert list((Path(settings.MEDIA_ROOT) / "den").iterdir()) == []


def test_who_may_not_and_what_cannot_be(people: People) -> None:
    for year in (2013, 2027):
        with pytest.raises(PackNotPossible):
            operations.ask(actor=people.an, year=year, now=NOW)
    with pytest.raises(NotAllowed):
        operations.ask(actor=people.binh, year=2026, now=NOW)
    with pytest.raises(NotAllowed):
        queries.packs(people.binh)
    row = operations.ask(actor=people.an, year=2026, now=NOW)
    operations.put_together_waiting(clock=clock)
    with pytest.raises(Row.DoesNotExist):
        operations.note_taken(actor=people.chi, pack_id=row.pk, what="book", now=NOW)
    assert queries.packs(people.chi) == ()


def test_at_the_command_line_the_folder_is_there_whole(people: People, tmp_path: Path) -> None:
    folder, missing = operations.write_as_operator(code="H00.1", year=2026, to=tmp_path, now=NOW)
    assert missing > 0
    assert {each.name for each in folder.iterdir()} >= {"index.html", "ho-so.pdf", "SHA256SUMS.txt"}
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]
    with pytest.raises(PackNotWritten):
        operations.write_as_operator(code="H00.1", year=2026, to=tmp_path, now=NOW)
    assert Entry.objects.filter(verb="pack.written").count() == 1


def test_what_is_broken_in_one_does_not_keep_others_waiting(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = operations.ask(actor=people.an, year=2025, now=NOW)
    second = operations.ask(actor=people.an, year=2026, now=NOW)
    made = operations.evidence_of

    def breaks(agency_id: int, year: int, *rest: Any) -> Pack:
        if year == 2025:
            raise ZeroDivisionError("chia cho không")
        return made(agency_id, year, *rest)

    monkeypatch.setattr(operations, "evidence_of", breaks)
    with pytest.raises(ZeroDivisionError):
        operations.put_together_waiting(clock=clock)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "ready")
    assert "chia cho không" in str(first.error)


def test_training_is_told_by_course_with_who_was_sent_and_who_came(people: People) -> None:
    for person, title, outcome in (
        (people.binh, "An toàn thông tin", "attended"),
        (people.an, "An toàn  thông tin", "completed"),
        (people.dung, "An toàn thông tin", "absent"),
        (people.binh, "Kỹ năng số", "planned"),
    ):
        enter(
            actor=people.an,
            register="training",
            values={"person": person.person_id, "title": title, "on": "15/06/2026", "outcome": outcome},
            now=NOW,
        )
    (section,) = (
        each for each in evidence.evidence_of(people.agency.pk, 2026, TODAY).sections if each.code == "7.2"
    )
    (part,) = (each for each in section.parts if each.title == "Đào tạo, bồi dưỡng trong năm")
    assert part.lines == ("1 lớp đã tổ chức; 2 người đã tham gia ít nhất một lớp.",)
    assert part.grid is not None
    assert part.grid.rows == (
        ("15/06/2026", "An toàn thông tin", "–", "3", "2"),
        ("15/06/2026", "Kỹ năng số", "–", "1", "0"),
    )


def test_what_was_made_public_before_seven_in_the_morning_bears_the_day_of_this_country(
    people: People,
) -> None:
    night = datetime(2026, 6, 30, 18, 30, tzinfo=UTC)  # 01:30 of 1 July here
    Publication.objects.create(
        agency=people.agency,
        kind="other",
        title="Danh mục công khai",
        content={},
        state="published",
        as_of=TODAY,
        prepared_at=night,
        prepared_by_id=people.an.person_id,
        published_at=night,
    )
    sections = evidence.evidence_of(people.agency.pk, 2026, TODAY).sections
    grids = [part.grid for each in sections if each.code == "7.4" for part in each.parts if part.grid]
    assert [row[0] for grid in grids for row in grid.rows if "Danh mục công khai" in row] == ["01/07/2026"]
