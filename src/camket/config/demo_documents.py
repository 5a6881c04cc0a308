"""What the sample commune keeps of documents: manual, procedures, a form, texts they rest on, one change of the law to answer.

All of it is invented but for the numbers of the legal texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY
from camket.core.controlled import Amendment, Component, FormOf, ProcedureContent, proposed_procedure
from camket.documents.content import WORD
from camket.documents.models import DocumentEdition
from camket.documents.operations import controlled, editions, legal, readers
from camket.documents.operations.editions import DocumentData, Draft, Upload
from camket.documents.operations.legal import Cited, TextData
from camket.org.policy import Actor
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, bold, plain

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ISSUED = date(2026, 1, 16)
REVISED = date(2026, 5, 18)
CENTRE = "Trung tâm Phục vụ hành chính công"

TEXTS = (
    TextData("118/2025/NĐ-CP", "Về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông tại Bộ phận Một cửa "
             "và Cổng Dịch vụ công quốc gia", issuer="Chính phủ", effective_on=date(2025, 7, 1)),
    TextData("19/2014/QĐ-TTg", "Về việc áp dụng Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2008 vào "
             "hoạt động của các cơ quan, tổ chức thuộc hệ thống hành chính nhà nước", kind="Quyết định",
             issuer="Thủ tướng Chính phủ", issued_on=date(2014, 3, 5), effective_on=date(2014, 5, 18)),
    # Sources differ on the day that it came into force: 25/11/2014 or 01/12/2014; the agency can mend it on the page.
    TextData("26/2014/TT-BKHCN", "Quy định chi tiết thi hành Quyết định số 19/2014/QĐ-TTg", issuer="Bộ Khoa học và Công nghệ",
             issued_on=date(2014, 10, 10), effective_on=date(2014, 11, 25)),
    TextData("367/2025/NĐ-CP", "Sửa đổi, bổ sung một số điều của Nghị định số 118/2025/NĐ-CP", issuer="Chính phủ"),
)  # fmt: skip
MANUAL = (
    "Phạm vi áp dụng: toàn bộ thủ tục hành chính thuộc thẩm quyền giải quyết của Ủy ban nhân dân xã.",
    "Bối cảnh của tổ chức, các bên quan tâm và yêu cầu của họ được xem xét ít nhất mỗi năm một lần.",
    "Lãnh đạo Ủy ban nhân dân xã trực tiếp chỉ đạo việc xây dựng, áp dụng và cải tiến hệ thống quản lý chất lượng.",
)
CONTROL = (
    "Tài liệu được soạn thảo, xem xét, phê duyệt trước khi ban hành; người soạn thảo không tự phê duyệt.",
    "Mỗi tài liệu có mã hiệu, lần ban hành, ngày hiệu lực; tài liệu hết hiệu lực được thu hồi.",
    "Tài liệu được rà soát ít nhất mười hai tháng một lần.",
)


def keep_documents(people: Mapping[str, Actor], units: Mapping[str, int], agency: str) -> None:
    """Keep the commune's documents from January to the sample day, each act by the person who would do it."""
    lan, mai = people["lan"], people["mai"]
    texts = {text.number: legal.save_text(actor=lan, data=text, now=_at(ISSUED, 8)).pk for text in TEXTS}
    office = units["Văn phòng HĐND và UBND"]
    manual = _from_file(
        lan, DocumentData("manual", "Sổ tay chất lượng", unit_id=office, review_months=12), MANUAL, agency
    )
    control = _from_file(
        lan,
        DocumentData("system", "Kiểm soát thông tin dạng văn bản", unit_id=office, review_months=12),
        CONTROL,
        agency,
    )
    form = _from_file(
        lan,
        DocumentData(
            "form",
            "Phiếu đề nghị sửa đổi tài liệu",
            unit_id=office,
            parent_id=control.document_id,
            kept_years="02 năm",
        ),
        ("Tên tài liệu; trang, phần đề nghị sửa đổi; nội dung; lý do; người đề nghị.",),
        agency,
    )
    civil = controlled.create_document(
        actor=lan,
        data=DocumentData(
            "internal",
            "Xác nhận tình trạng hôn nhân",
            unit_id=units[CENTRE],
            procedure_code="1.004873",
            review_months=12,
            user_ids=frozenset({units[CENTRE], office}),
        ),
        draft=Draft(procedure=_civil(agency)),
        now=_at(ISSUED),
    )
    for edition in (manual, control, form, civil):
        _issue(people, edition, "14/QĐ-UBND", ISSUED)
    for document_id, number, part in (
        (manual.document_id, "19/2014/QĐ-TTg", "Điều 4"),
        (control.document_id, "26/2014/TT-BKHCN", ""),
        (civil.document_id, "118/2025/NĐ-CP", "Điều 15"),
    ):
        legal.cite(actor=lan, document_id=document_id, cited=[Cited(texts[number], part)], today=ISSUED)
    readers.distribute(
        actor=lan, edition_id=control.pk, unit_ids=(), read_by=date(2026, 1, 30), now=_at(ISSUED, 14)
    )
    for person in ("khoa", "duyen", "son", "hanh", "phuc"):
        readers.confirm_read(actor=people[person], edition_id=control.pk, now=_at(date(2026, 1, 22)))
    revised = editions.begin_edition(
        actor=lan, document_id=civil.document_id, is_new_issue=False, now=_at(REVISED, 8)
    )
    faster = _civil(agency)
    editions.write_edition(
        actor=lan,
        edition_id=revised.pk,
        draft=Draft(
            procedure=replace(
                faster,
                limit="02 ngày làm việc",
                steps=tuple(
                    replace(each, time="01 ngày") if each.time == "02 ngày" else each for each in faster.steps
                ),
            ),
            amendments=(
                Amendment(
                    "Mục 5, mục 10",
                    "Giảm thời hạn giải quyết từ 03 ngày còn 02 ngày làm việc",
                    "Bộ phận Một cửa",
                ),
            ),
        ),
        now=_at(REVISED, 10),
    )
    _issue(people, revised, "77/QĐ-UBND", REVISED)
    readers.distribute(
        actor=lan,
        edition_id=revised.pk,
        unit_ids=(units[CENTRE], office),
        read_by=date(2026, 7, 17),
        now=_at(date(2026, 7, 3)),
    )
    readers.confirm_read(actor=people["phuc"], edition_id=revised.pk, now=_at(SAMPLE_DAY, 7))
    audit = _from_file(
        people["khoa"],
        DocumentData("system", "Đánh giá nội bộ", unit_id=office, review_months=12),
        ("Đánh giá nội bộ ít nhất mỗi năm một lần; đánh giá viên không đánh giá công việc của chính mình.",),
        agency,
        date(2026, 7, 2),
    )
    editions.submit_edition(actor=people["khoa"], edition_id=audit.pk, now=_at(date(2026, 7, 3)))
    editions.pass_on_edition(actor=mai, edition_id=audit.pk, now=_at(date(2026, 7, 3), 15))
    legal.note_change(
        actor=lan,
        text_id=texts["118/2025/NĐ-CP"],
        kind="amends",
        by_id=texts["367/2025/NĐ-CP"],
        on=date(2026, 5, 4),
        text="Sửa đổi một số bước tiếp nhận, trả kết quả.",
        now=_at(date(2026, 6, 15)),
    )


def _civil(agency: str) -> ProcedureContent:
    begun = proposed_procedure(
        agency=agency, unit=CENTRE, limit="03 ngày làm việc", name="Cấp Giấy xác nhận tình trạng hôn nhân"
    )
    times = ("Giờ hành chính", "0,25 ngày", "02 ngày", "0,5 ngày", "0,25 ngày", "Giờ hành chính")
    return replace(
        begun,
        conditions="Người yêu cầu thường trú tại xã.",
        who="Công dân Việt Nam",
        result="Giấy xác nhận tình trạng hôn nhân",
        components=(
            Component("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", "01", ""),
            Component("Giấy tờ chứng minh việc ly hôn hoặc vợ, chồng đã chết (nếu có)", "", "01"),
        ),
        steps=tuple(replace(each, time=times[place]) for place, each in enumerate(begun.steps)),
        forms=(FormOf("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Mẫu 01"),),
    )


def _from_file(
    writer: Actor, data: DocumentData, paragraphs: tuple[str, ...], agency: str, on: date = ISSUED
) -> DocumentEdition:
    paper = Document(
        letterhead=Letterhead(issuer=agency, symbol="QĐ-UBND", year=2026),
        kind="Tài liệu",
        abstract=data.title,
        body=(
            Paragraph(bold(data.title), level=1),
            *(Paragraph(plain(f"{number}. {text}")) for number, text in enumerate(paragraphs, 1)),
        ),
        signature=Signature(lines=("Thủ trưởng cơ quan",)),
        recipients=("Lưu: VT",),
    )
    upload = Upload(write_docx(paper), f"{data.title}.docx", WORD)
    return controlled.create_document(actor=writer, data=data, draft=Draft(upload=upload), now=_at(on))


def _issue(people: Mapping[str, Actor], edition: DocumentEdition, number: str, on: date) -> None:
    editions.submit_edition(actor=people["lan"], edition_id=edition.pk, now=_at(on, 10))
    editions.pass_on_edition(actor=people["mai"], edition_id=edition.pk, now=_at(on, 11))
    editions.approve_edition(actor=people["tho"], edition_id=edition.pk, now=_at(on, 13))
    editions.issue_edition(
        actor=people["lan"],
        edition_id=edition.pk,
        number=number,
        decided_on=on,
        effective_on=on,
        now=_at(on, 14),
    )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 20), VIETNAM)
