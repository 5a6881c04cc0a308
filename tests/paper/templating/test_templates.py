"""An agency's own Word templates: fields, check, filling in, and the files that come out."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document as open_docx
from docx.enum.text import WD_BREAK

from camket.paper.conformity import check_document
from camket.paper.templating import (
    FieldKind,
    TemplateRefused,
    check_template,
    fields_of,
    has_office,
    office,
    sample_document,
    starter_template,
    write_docx,
    write_pdf,
)
from camket.paper.templating.fields import DRAWN, values_of
from camket.paper.templating.samples import bare_document
from camket.paper.writing import docx, pdf
from camket.paper.writing.forms import FORMS
from camket.paper.writing.model import Document, Paper
from paper.templating.word_templates import (
    every_paragraph,
    of_starter,
    replaced,
    saved,
    text_of_file,
    with_paragraphs,
)


def made(template: bytes, document: Document | None = None) -> list[str]:
    return text_of_file(write_docx(replace(document or sample_document("report"), template=template)))


def faults(template: bytes, form: str = "report") -> list[str]:
    return [f"{each.place}: {each.message}" for each in check_template(template, form).faults]


def test_every_part_of_a_document_is_said_by_a_field() -> None:
    parts = {each.name for each in dataclasses.fields(Document)}
    assert parts == set(DRAWN)
    known = {each.name for form in FORMS for each in fields_of(form)}
    assert {name for name in DRAWN.values() if name} <= known
    assert known == set(values_of(sample_document("report"))[0])


def test_forms_have_the_fields_of_their_type() -> None:
    names = {
        form: {each.name for each in fields_of(form)} for form in ("report", "plan_decision", "reminder")
    }
    assert "dong_quyet_dinh" in names["plan_decision"]
    assert "dong_quyet_dinh" not in names["report"]
    assert "ve_viec" in names["reminder"]
    assert "ve_viec" not in names["report"]
    assert "dieu_thi_hanh" in names["plan_decision"]
    assert "dieu_thi_hanh" not in names["reminder"]


@pytest.mark.parametrize("form", FORMS)
def test_the_starter_passes_its_check_and_gives_what_the_built_in_form_gives(form: str) -> None:
    template = starter_template(form)
    checked = check_template(template, form)
    assert (checked.faults, checked.warnings, checked.deviations) == ((), (), ())
    documents = [sample_document(form), bare_document(form)]
    if not documents[0].kind:  # a record of an own name
        documents.append(replace(documents[0], kind="Phiếu phát hiện", abstract="Một trích yếu dài " * 6))
    for document in documents:
        own = write_docx(replace(document, template=template))
        wanted = text_of_file(docx.write_docx(document))
        assert sorted(text_of_file(own)) == sorted(wanted)
        assert write_docx(replace(document, template=template)) == own


def test_words_are_set_as_they_are_and_never_read_as_fields() -> None:
    document = replace(sample_document("report"), abstract="A < B & {{ nguoi_ky }} {% for x in y %}")
    assert "A < B & {{ nguoi_ky }} {% for x in y %}" in made(starter_template("report"), document)


def test_the_letters_and_the_fixed_words_of_a_template_stay() -> None:
    def change(file: Any) -> None:
        file.styles["Normal"].font.name = "Arial"
        file.add_paragraph("Khẩu hiệu của xã")

    own = open_docx(io.BytesIO(write_docx(replace(sample_document("report"), template=of_starter(change)))))
    assert own.styles["Normal"].font.name == "Arial"
    assert "Khẩu hiệu của xã" in [each.text for each in own.paragraphs]


def test_the_page_of_the_template_says_how_large_letters_are() -> None:
    slip = replace(sample_document("dossier_letter"), paper=Paper.A5, annexes=())
    own = open_docx(io.BytesIO(write_docx(replace(slip, template=starter_template("dossier_letter")))))
    (paragraph,) = [each for each in own.paragraphs if each.text.startswith("Thực hiện kế hoạch")]
    assert paragraph.runs[0].font.size.pt == 14
    book = open_docx(io.BytesIO(starter_template("risk_book")))
    assert book.sections[0].page_width > book.sections[0].page_height


def test_annexes_follow_on_pages_of_their_own_without_the_template_s_first_page() -> None:
    def change(file: Any) -> None:
        file.sections[0].first_page_header.paragraphs[0].text = "Biểu trưng"

    own = open_docx(io.BytesIO(write_docx(replace(sample_document("report"), template=of_starter(change)))))
    assert [each.first_page_header.paragraphs[0].text for each in own.sections] == ["Biểu trưng", ""]


def test_parts_of_the_content_are_laid_out_one_by_one() -> None:
    template = with_paragraphs(
        "{%p for phan in cac_phan %}",
        "{%p if phan.tieu_de %}",
        "§ {{ loop.index }} {{ phan.tieu_de }}",
        "{%p endif %}",
        "{{ phan.noi_dung }}",
        "{%p endfor %}",
    )
    assert not check_template(template, "report").faults
    words = made(template)
    assert words[:3] == [
        "Thực hiện kế hoạch đã ban hành, cơ quan tổng hợp kết quả như sau:",
        "§ 2 I. Kết quả thực hiện",
        "Tỷ lệ hồ sơ trễ hạn < 2 %, tỷ lệ hài lòng > 95 %; phối hợp A & B đúng quy chế.",
    ]
    assert "98,4 %" in words


def test_rows_of_a_table_and_conditions_are_filled_in() -> None:
    file = open_docx()
    file.add_paragraph("{% if so %}Số {{ so }}{% else %}Chưa có số{% endif %} {{ noi_nhan|join(' / ') }}")
    file.add_paragraph("{{ noi_dung }}")
    table = file.add_table(rows=3, cols=1)
    for row, text in zip(
        table.rows, ("{%tr for nơi in noi_nhan %}", "+ {{ nơi }}", "{%tr endfor %}"), strict=True
    ):
        row.cells[0].text = text
    template = saved(file)
    assert not check_template(template, "report").faults
    words = made(template)
    assert words[0].startswith("Số 05 Sở Khoa học và Công nghệ; / ")
    assert "+ Lưu: VT." in words
    assert made(template, bare_document("report"))[0].startswith("Chưa có số")


def test_a_field_that_word_cut_into_runs_is_whole() -> None:
    def change(file: Any) -> None:
        (found,) = [each for each in every_paragraph(file) if each.text == "{{ nguoi_ky }}"]
        found.runs[0].text = "{"
        for piece in ("{ nguoi", "_k", "y }", "}"):
            found.add_run(piece)

    template = of_starter(change)
    assert not check_template(template, "report").faults
    assert "Nguyễn Thị Lan" in made(template)


@pytest.mark.parametrize(
    ("paragraph", "fault"),
    [
        ("Kính gửi {{ nguoi_kí }}", "There is no field “nguoi_kí”. Did you mean “nguoi_ky”?"),
        ("{{ Số_kí_hiệu_gì }}", "There is no field “Số_kí_hiệu_gì”. Did you mean “ky_hieu”?"),
        ("{{ trich_yếu }}", "Did you mean “trich_yeu”?"),
        ("{{ xyzzy }}", "There is no field “xyzzy” in this form."),
        ("{{ dong_quyet_dinh }}", "There is no field “dong_quyet_dinh”"),  # of decisions alone
        ("{{ nguoi_ky", "A brace stands alone."),
        ("Số { 5 }", "A brace stands alone."),
        ("{{ noi_nhan }}", "holds several lines"),
        ("Nội dung: {{ noi_dung }}", "write it alone in a paragraph"),
        ("{{p noi_dung }}", "without a letter before it"),
        ("{%p for dong in noi_nhan %}", "“for” is begun here and never ended."),
        ("{% for dong in noi_nhan %}", "ends in another paragraph"),
        ("{%p endfor %}", "was not begun"),
        ("Nơi nhận {%p if noi_nhan %}", "takes its whole paragraph away"),
        ("{%tr for dong in noi_nhan %}", "takes its whole row away"),
        ("{% for dong in nguoi_ky %}{{ dong }}{% endfor %}", "Only fields of several lines"),
        ("{% for noi_nhan in noi_nhan %}{% endfor %}", "is the name of a field"),
        ("{{ noi_nhan|upper }}", "does not fit"),
        ("{{ nguoi_ky|tojson }}", "cannot be used"),
        ("{{ anh }}", "There is no field “anh”"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(paragraph: str, fault: str) -> None:
    (told, *_) = faults(with_paragraphs("Đầu", paragraph, "{{ noi_dung }}"))
    assert told.startswith("Paragraph 2: ")
    assert fault in told


def test_all_faults_are_told_at_once_and_headers_are_read() -> None:
    def change(file: Any) -> None:
        file.sections[0].header.paragraphs[0].add_run("{{ ten_co_qan }}")
        file.add_paragraph("{{ ngay_ky }}")

    told = faults(of_starter(change))
    assert len(told) == 2
    assert any(each.startswith("Header, paragraph 1") and "“ten_co_quan”" in each for each in told)


def test_a_template_without_the_content_is_refused() -> None:
    (told,) = faults(with_paragraphs("{{ nguoi_ky }}"))
    assert "{{ noi_dung }}" in told


def test_parts_that_stay_the_same_are_warned_of() -> None:
    checked = check_template(replaced("{{ dong_so }}", "Số: 01/BC-UBND"), "report")
    assert not checked.faults
    assert [each.params["name"] for each in checked.warnings] == ["dong_so"]


def test_deviations_from_official_form_are_listed() -> None:
    def change(file: Any) -> None:
        file.sections[0].left_margin = file.sections[0].left_margin // 3

    checked = check_template(of_starter(change), "report")
    assert not checked.faults
    assert "page" in {each.part for each in checked.deviations}


def test_without_libreoffice_the_pdf_is_in_the_built_in_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    document = sample_document("report")
    assert not has_office()
    assert write_pdf(replace(document, template=starter_template("report"))) == pdf.write_pdf(document)


def test_a_template_that_fails_gives_the_built_in_form(caplog: pytest.LogCaptureFixture) -> None:
    document = sample_document("report")
    assert write_docx(replace(document, template=with_paragraphs("{{ a() }}"))) == docx.write_docx(document)
    assert "failed" in caplog.text


@pytest.mark.office
def test_the_pdf_looks_as_the_word_file() -> None:
    if not has_office():
        pytest.skip("LibreOffice is not installed")
    import pdfplumber

    def change(file: Any) -> None:
        file.add_paragraph("Khẩu hiệu của xã").add_run().add_break(WD_BREAK.LINE)

    data = write_pdf(replace(sample_document("report"), template=of_starter(change)))
    with pdfplumber.open(io.BytesIO(data)) as file:
        text = "\n".join(page.extract_text() for page in file.pages)
    assert "Khẩu hiệu của xã" in text
    assert "KẾT QUẢ" not in text
    assert "Số liệu chi tiết".upper() in text
    assert b"pdfaid" in data


def test_papers_of_the_starter_are_conform_by_the_checker() -> None:
    own = write_docx(replace(sample_document("plan_decision"), template=starter_template("plan_decision")))
    assert check_document(own).is_conform


def test_kinds_of_fields_have_a_way_to_write_them() -> None:
    for each in fields_of("report"):
        paragraph = each.tag.replace(" … ", " ")
        if each.kind in (FieldKind.TEXT, FieldKind.CONTENT):
            template = with_paragraphs(paragraph, "{{ noi_dung }}")
        else:
            begin, _, rest = each.tag.partition(" … ")
            middle, _, end = rest.partition(" … ")
            template = with_paragraphs(begin, middle, end, "{{ noi_dung }}")
        assert not check_template(template, "report").faults, each.name


def test_no_form_is_no_template() -> None:
    with pytest.raises(KeyError):
        check_template(starter_template("report"), "no-form")
    with pytest.raises(TemplateRefused):
        check_template(b"", "report")
