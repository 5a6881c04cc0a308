"""What the system holds of a year, clause by clause (ISO 9001:2015, 4–10), as an inspector asks for it.

Figures are counted as everywhere; where the system holds nothing, the part says so. Texts that people wrote pass
through :mod:`camket.packing.hiding`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.actions.models import Task
from camket.core.messages import Message
from camket.core.plan import Period
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.documents.content import ending_of
from camket.documents.models import DocumentEdition, Evidence, LegalChange, Receipt, StoredFile
from camket.documents.queries import controlled
from camket.documents.queries.files import opened
from camket.documents.queries.formalities import set_out
from camket.dossiers.form_06a_paper import form_document
from camket.dossiers.models import Letter
from camket.dossiers.queries.form_06a import form_06a
from camket.improvement import audit_paper, catalogue, gathering
from camket.improvement.announcement_paper import (
    confirmation_document,
    decision_document,
    letter_document,
)
from camket.improvement.announcing import procedures_in_force
from camket.improvement.models import Audit, AuditPaper, AuditProgramme, ContextIssue, Finding, ReviewDecision
from camket.improvement.queries import (
    announcements,
    audits,
    audits_programme,
    nonconformities,
    reviews,
    risks,
    self_assessments,
)
from camket.improvement.review_paper import Signer, minutes_document, notice_document
from camket.improvement.self_assessment_paper import assessment_document
from camket.objectives.models import Plan
from camket.objectives.verdicts import PlanVerdicts, plan_judged, verdicts_of_plan
from camket.org.models import Agency, Membership, Role, Seat, Unit
from camket.org.policy import Actor
from camket.org.queries import held_on
from camket.packing.content import Attached, Grid, Pack, Part, Section
from camket.packing.hiding import Hiding
from camket.paper.templating import write_docx, write_pdf
from camket.paper.writing.model import Document
from camket.publishing.models import Notice, Publication
from camket.registers.models import Entry
from camket.registers.queries import courses_of_year
from camket.reporting.models import Report
from camket.reporting.periods import name_of
from camket.reporting.queries import decision_of, layout_choices

MOST_ROWS = 300
"""So many rows of a table stand in the book; of more, how many more there are."""
MOST_PAPERS = 60
"""So many papers of a kind go into the folder: nobody inspects more, and each takes a second to set."""


@dataclass(slots=True)
class Gathering:
    """What every clause is gathered with: who reads, of which days; plans and sentences are read once."""

    actor: Actor
    agency: Agency
    period: Period
    today: date
    hide: Hiding
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    verdicts: PlanVerdicts | None = None

    @property
    def until(self) -> date:
        """The last day that is looked at: the end of the year, or today while it goes on."""
        return min(self.period.end, self.today)

    def grid(self, heads: str, shares: Iterable[float], rows: Iterable[Iterable[str]]) -> Grid | None:
        """Return a table with its texts hidden where they tell of applicants; None where it has no row."""
        found = [tuple(self.hide.words(str(cell)) for cell in row) for row in rows]
        if not found:
            return None
        names = tuple(heads.split("|"))
        if len(found) > MOST_ROWS:
            rest = (f"… và {len(found) - MOST_ROWS} dòng nữa trên hệ thống",)
            found = [*found[:MOST_ROWS], rest + ("",) * (len(names) - 1)]
        return Grid(names, tuple(found), tuple(shares))

    def _whole(self, document: Document) -> Document:
        return self.hide.document(set_out(self.agency.pk, document, self.today))

    def paper(self, name: str, title: str, made: Callable[[], Document], *, docx: bool = False) -> Attached:
        """Return a paper of the folder, set when it is written, with applicants hidden."""
        ending, write = ("docx", write_docx) if docx else ("pdf", write_pdf)
        return Attached(f"{name}.{ending}", title, lambda: write(self._whole(made())))


def evidence_of(
    agency_id: int, year: int, today: date, told: Callable[[int, int], None] = lambda _done, _all: None
) -> Pack:
    """Return the pack of an agency's year; ``told`` hears after each clause how many are done, of how many.

    It shows what its secretary sees; nobody acts. Raises Agency.DoesNotExist.
    """
    agency = Agency.objects.get(pk=agency_id)
    reader = Actor(person_id=0, name="", agency_id=agency_id, roles=frozenset({Role.SECRETARY}))
    period = Period(date(year, 1, 1), date(year, 12, 31))
    edition = catalogue.edition_on(min(period.end, today))
    with translation.override("vi"):
        own = Gathering(reader, agency, period, today, Hiding(agency_id))
        until = Period(period.start, max(own.until, period.start))
        own.said = {
            key: tuple(each.text for each in lines)
            for key, lines in gathering.said_of(reader, until, today).items()
        }
        plan_id = plan_judged(agency_id, own.until)
        own.verdicts = None if plan_id is None else verdicts_of_plan(reader, plan_id, own.until, today=today)
        sections = []
        for place, clause in enumerate(edition.clauses, 1):
            gather = CLAUSES.get(clause.code)
            parts = tuple(_hidden(own, each) for each in gather(own)) if gather else ()
            sections.append(Section(clause.code, clause.title, clause.holds, parts))
            told(place, len(edition.clauses))
    return Pack(
        agency=agency.full_name,
        superior=agency.superior_name,
        year=year,
        first=period.start,
        last=own.until,
        made_on=today,
        edition=edition.name,
        sections=tuple(sections),
    )


def _day(day: date | None) -> str:
    return format_date(day) if day else "–"


def _part(title: str, lines: Iterable[str] = (), grid: Grid | None = None, missing: str = "",
          files: Iterable[Attached] = ()) -> Part:  # fmt: skip
    """Return a part; ``missing`` is said where it has neither words nor rows nor files."""
    lines, files = tuple(each for each in lines if each), tuple(files)
    has = bool(lines or grid or files)
    return Part(title, lines, grid, files, "" if has else missing)


def _hidden(own: Gathering, part: Part) -> Part:
    """Return a part with applicants hidden in its words too; of its table and papers they are already."""
    return replace(
        part,
        lines=tuple(own.hide.words(each) for each in part.lines),
        files=tuple(replace(each, title=own.hide.words(each.title)) for each in part.files),
    )


def _vi(message: Message) -> str:
    return gettext(message.template) % message.params if message.params else gettext(message.template)


# 4


def _context(own: Gathering) -> Iterable[Part]:
    yield _issues(own, (ContextIssue.Kind.EXTERNAL, ContextIssue.Kind.INTERNAL), "Vấn đề nội bộ và bên ngoài",
                  "Chưa ghi vấn đề nội bộ, bên ngoài nào.")  # fmt: skip


def _parties(own: Gathering) -> Iterable[Part]:
    yield _issues(own, (ContextIssue.Kind.PARTY,), "Bên quan tâm", "Chưa ghi bên quan tâm nào.")


def _issues(own: Gathering, kinds: Iterable[str], title: str, missing: str) -> Part:
    rows = ContextIssue.objects.filter(agency_id=own.agency.pk, kind__in=list(kinds), ended_on=None)
    return _part(
        title,
        grid=own.grid(
            "Nội dung|Ý nghĩa, yêu cầu|Cách đáp ứng|Rà soát ngày",
            (28, 30, 28, 14),
            ((each.title, each.text, each.response, _day(each.reviewed_on)) for each in rows.order_by("order", "pk")),
        ),
        missing=missing,
    )  # fmt: skip


def _scope(own: Gathering) -> Iterable[Part]:
    listed = procedures_in_force(own.agency.pk, own.until)
    fields = Counter(each.field for each in listed)
    yield _part(
        "Thủ tục hành chính thuộc thẩm quyền",
        [f"{len(listed)} thủ tục đang có hiệu lực, thuộc {len(fields)} lĩnh vực."] if listed else (),
        own.grid("Lĩnh vực|Số thủ tục", (80, 20), ((name, str(count)) for name, count in fields.items())),
        "Danh mục chưa có thủ tục hành chính nào.",
    )
    found = announcements.in_year(own.actor, own.period.start, own.until)
    files = []
    for each in found:
        if each.is_from_paper:
            continue
        content = announcements.content_of(own.actor, each.id, Signer(), own.today)
        files += [
            own.paper(f"cong-bo-{each.id}", f"Quyết định công bố {each.number}",
                      partial(decision_document, content)),
            own.paper(f"xac-nhan-hieu-luc-{each.id}", f"Xác nhận hiệu lực ({each.number})",
                      partial(confirmation_document, content)),
            own.paper(f"thong-bao-{each.id}", f"Văn bản thông báo ({each.number})",
                      partial(letter_document, content)),
        ]  # fmt: skip
    states = {"announced": "đang có hiệu lực", "replaced": "đã được thay thế", "withdrawn": "đã rút"}
    yield _part(
        "Công bố hệ thống quản lý chất lượng phù hợp",
        grid=own.grid(
            "Quyết định|Ngày|Tiêu chuẩn|Số thủ tục|Tình trạng",
            (22, 15, 25, 15, 23),
            (
                (each.number, _day(each.signed_on), each.edition, str(each.procedures), states.get(each.state, ""))
                for each in found
            ),
        ),
        missing="Chưa có bản công bố nào trên hệ thống.",
        files=files,
    )  # fmt: skip


def _processes(own: Gathering) -> Iterable[Part]:
    names = risks.processes(own.actor)
    yield _part(
        "Quá trình đã nhận diện trong sổ rủi ro và cơ hội",
        [f"- {each}" for each in names],
        missing="Chưa ghi quá trình nào trong sổ rủi ro và cơ hội.",
    )
    rows = _documents(own, ("system",))
    yield _part("Quy trình hệ thống", grid=rows, missing="Chưa có quy trình hệ thống nào.")


# 5


def _leadership(own: Gathering) -> Iterable[Part]:
    directives = _entries(own, "directives")
    yield _part(
        "Ý kiến chỉ đạo của lãnh đạo",
        [f"{directives} ý kiến chỉ đạo được ghi sổ trong năm."] if directives else (),
        missing="Không có ý kiến chỉ đạo nào được ghi sổ trong năm.",
    )
    held = [
        each for each in reviews.reviews(own.actor) if _within(own, each.held_on) and each.state == "closed"
    ]
    yield _part(
        "Xem xét của lãnh đạo",
        [f"{each.title}, họp ngày {_day(each.held_on)}." for each in held],
        missing="Chưa có cuộc xem xét của lãnh đạo nào kết thúc trong năm.",
    )


def _policy(own: Gathering) -> Iterable[Part]:
    plan = _plan(own)
    lines = []
    if plan is not None:
        lines = [plan.motto, *(f"- {each}" for each in plan.commitments)]
        if any(lines) and plan.number:
            lines.append(f"Theo văn bản số {plan.number} ngày {_day(plan.decided_on)}.")
    yield _part("Chính sách chất lượng", lines if plan and (plan.motto or plan.commitments) else (),
                missing="Chưa có chính sách chất lượng trong kế hoạch của năm.")  # fmt: skip
    rows = _documents(own, ("policy", "manual"))
    yield _part(
        "Sổ tay, chính sách được kiểm soát",
        grid=rows,
        missing="Chưa có sổ tay chất lượng hoặc chính sách được kiểm soát.",
    )
    yield _notices(own, Q(rule="quality"), "Niêm yết chính sách, mục tiêu chất lượng",
                   "Không có lần niêm yết chính sách, mục tiêu chất lượng nào trong năm.")  # fmt: skip


def _roles(own: Gathering) -> Iterable[Part]:
    held = Membership.objects.filter(held_on(own.until), agency_id=own.agency.pk)
    counts = Counter(held.values_list("role", flat=True))
    yield _part(
        "Vai trò trong hệ thống",
        grid=own.grid("Vai trò|Số người", (75, 25),
                      ((str(Role(role).label), str(count)) for role, count in sorted(counts.items()))),
        missing="Chưa phân vai trò.",
    )  # fmt: skip
    seats = (
        Seat.objects.filter(held_on(own.until), unit__agency_id=own.agency.pk, unit__kind=Unit.Kind.COMMITTEE)
        .values_list("unit__name")
        .annotate(count=Count("pk"))
        .order_by("unit__name")
    )
    yield _part("Ban chỉ đạo, tổ giúp việc", [f"{name}: {count} thành viên." for name, count in seats],
                missing="Chưa ghi Ban Chỉ đạo ISO hoặc tổ giúp việc.")  # fmt: skip


# 6


def _risk_book(own: Gathering) -> Iterable[Part]:
    rows = risks.risks(own.actor, risks.Wanted(), own.today)
    yield _part(
        "Sổ rủi ro và cơ hội",
        own.said.get("e", ()),
        own.grid(
            "Số|Quá trình|Rủi ro, cơ hội|Điểm|Biện pháp (xong/tổng)|Đánh giá lại",
            (7, 20, 37, 8, 14, 14),
            (
                (each.number, each.process, each.title, str(each.last.product) if each.last else "–",
                 f"{each.accepted}/{each.tasks}", _day(each.rerate_by))
                for each in rows
            ),
        ),
        "Sổ rủi ro và cơ hội chưa có dòng nào.",
        [own.paper("so-rui-ro-co-hoi", "Sổ rủi ro và cơ hội",
                   lambda: risks.book_paper(own.actor, risks.Wanted(), own.today))] if rows else (),
    )  # fmt: skip


def _objectives(own: Gathering) -> Iterable[Part]:
    plan, files = _plan(own), []
    if plan is not None:
        layout = next((each.layout for each in layout_choices(own.actor, plan.pk) if each.is_best), "")
        files.append(
            own.paper("quyet-dinh-muc-tieu", f"Mục tiêu chất lượng năm {plan.year} {plan.number}".strip(),
                      lambda: decision_of(own.actor, plan.pk, layout, own.today)))  # fmt: skip
    head = ""
    if plan is not None:
        head = f"Văn bản số {plan.number or '–'} ngày {_day(plan.decided_on)}, bản {plan.version}."
    yield _part(
        "Kế hoạch mục tiêu chất lượng của năm",
        [head],
        missing="Không có kế hoạch mục tiêu chất lượng nào có hiệu lực trong năm.",
        files=files,
    )
    grid = None
    if own.verdicts is not None:
        grid = own.grid(
            "Số|Mục tiêu, chỉ tiêu|Phải đạt|Kết quả|Tử số / mẫu số|Đánh giá",
            (7, 37, 14, 14, 14, 14),
            (
                (objective.number, target.target.text or objective.text, str(target.verdict.goal),
                 target.verdict.shown or "–", _counts(target), gathering.VERDICTS[target.state])
                for objective in own.verdicts.objectives
                for target in objective.targets
            ),
        )  # fmt: skip
    yield _part(
        "Kết quả thực hiện mục tiêu",
        own.said.get("c2", ()),
        grid,
        "Chưa có kết quả mục tiêu nào để đánh giá.",
    )
    tasks = (
        Task.objects.filter(agency_id=own.agency.pk, due_on__range=(own.period.start, own.until))
        .exclude(state=Task.State.CANCELLED)
        .values_list("unit__name")
        .annotate(
            all=Count("pk"),
            done=Count("pk", filter=Q(state=Task.State.ACCEPTED)),
            late=Count("pk", filter=~Q(state=Task.State.ACCEPTED) & Q(late_after__lt=own.today)),
        )
        .order_by("unit__name")
    )
    yield _part(
        "Việc theo kế hoạch đến hạn trong năm, theo bộ phận",
        grid=own.grid("Bộ phận|Đến hạn|Hoàn thành|Quá hạn chưa xong", (52, 16, 16, 16),
                      ((name or "–", str(count), str(done), str(late)) for name, count, done, late in tasks)),
        missing="Không có việc nào đến hạn trong năm.",
    )  # fmt: skip
    proofs = (
        Evidence.objects.filter(agency_id=own.agency.pk, is_withdrawn=False, tasks__isnull=False,
                                added_at__date__range=(own.period.start, own.period.end))
        .values_list("title", "document_number", "file__name", "file__sha256", "added_at")
        .order_by("added_at", "pk")
        .distinct()
    )  # fmt: skip
    yield _part(
        "Minh chứng của công việc (tệp lưu trên hệ thống, không kèm theo vì có thể chứa dữ liệu cá nhân)",
        grid=own.grid("Minh chứng|Số văn bản, tệp|Mã SHA-256 (đầu)|Ngày", (42, 28, 16, 14),
                      ((title, number or name or "–", (sha or "–")[:12], _day(timezone.localdate(at)))
                       for title, number, name, sha, at in proofs)),
        missing="Chưa có minh chứng nào được đính kèm trong năm.",
    )  # fmt: skip


def _counts(target: object) -> str:
    verdict = target.verdict  # type: ignore[attr-defined]
    if verdict.numerator is None or verdict.denominator is None:
        return "–"
    return f"{format_number(verdict.numerator)} / {format_number(verdict.denominator)}"


def _changes(own: Gathering) -> Iterable[Part]:
    rows = ReviewDecision.objects.filter(
        review__agency_id=own.agency.pk, review__state="closed", kind="change",
        review__held_on__range=(own.period.start, own.until),
    ).select_related("unit")  # fmt: skip
    yield _part(
        "Thay đổi hệ thống do xem xét của lãnh đạo quyết định",
        grid=own.grid("Nội dung|Bộ phận|Thời hạn", (62, 23, 15),
                      ((each.text, each.unit.name if each.unit else "–", _day(each.due_on)) for each in rows)),
        missing="Không có quyết định thay đổi hệ thống nào trong năm.",
    )  # fmt: skip
    changed = controlled.changed_between(own.agency.pk, own.period.start, own.until)
    words = {"effective": "có hiệu lực", "replaced": "được thay thế", "withdrawn": "thu hồi"}
    yield _part(
        "Thay đổi tài liệu trong năm",
        grid=own.grid("Ngày|Tài liệu|Lần ban hành|Thay đổi", (14, 44, 14, 28),
                      ((_day(each.on), f"{each.code} {each.title}", each.edition,
                        f"{words.get(each.what, each.what)} {each.change}".strip()) for each in changed)),
        missing="Không có tài liệu nào thay đổi trong năm.",
    )  # fmt: skip


# 7


def _resources(own: Gathering) -> Iterable[Part]:
    yield _part("Nguồn lực", own.said.get("d", ()), missing="Không có số liệu về nguồn lực.")


def _competence(own: Gathering) -> Iterable[Part]:
    found = courses_of_year(own.actor, own.period.start.year)
    yield _part(
        "Đào tạo, bồi dưỡng trong năm",
        [f"{found.held} lớp đã tổ chức; {found.people} người đã tham gia ít nhất một lớp."] if found.rows else (),
        own.grid("Ngày|Nội dung|Nơi tổ chức|Được cử|Đã tham gia", (16, 42, 22, 10, 10),
                 ((_day(each.first or each.planned_on), each.name, each.held_by or "–", str(each.registered),
                   str(each.attended)) for each in found.rows)),
        missing="Sổ đào tạo không có dòng nào trong năm.",
    )  # fmt: skip


def _awareness(own: Gathering) -> Iterable[Part]:
    rows = (
        Receipt.objects.filter(
            edition__document__agency_id=own.agency.pk, given_at__date__lte=own.period.end,
            edition__state="effective",
        )
        .values_list("edition__document__code", "edition__document__title")
        .annotate(given=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
        .order_by("edition__document__code")
    )  # fmt: skip
    yield _part(
        "Phổ biến tài liệu đang có hiệu lực: đã đọc và hiểu",
        grid=own.grid("Tài liệu|Phân phối đến|Đã đọc và hiểu", (64, 18, 18),
                      ((f"{code} {title}", f"{given} người", f"{read} người") for code, title, given, read in rows)),
        missing="Chưa có tài liệu nào được phân phối để đọc.",
    )  # fmt: skip


def _communication(own: Gathering) -> Iterable[Part]:
    rows = Publication.objects.filter(
        agency_id=own.agency.pk, published_at__date__range=(own.period.start, own.period.end)
    ).order_by("published_at", "pk")
    yield _part(
        "Nội dung đã công khai trên trang của cơ quan",
        grid=own.grid("Ngày|Loại|Nội dung", (14, 26, 60),
                      ((_day(each.published_at and timezone.localdate(each.published_at)), str(each.get_kind_display()),
                        each.title) for each in rows.defer("content"))),
        missing="Không có nội dung nào được công khai trong năm.",
    )  # fmt: skip
    yield _notices(own, Q(), "Sổ niêm yết", "Sổ niêm yết không có dòng nào trong năm.")


def _controlled(own: Gathering) -> Iterable[Part]:
    files = [
        # Codes such as QT/01 and QT-01 come to the same name: the number keeps one from lying over the other.
        Attached(f"{_safe(each.document.code)}-lan-{each.issue}.{each.revision}-{each.pk}{_ending(each.issued_file)}",
                 f"{each.document.code} {each.document.title}", _reader(each.issued_file_id))
        for each in DocumentEdition.objects.filter(
            document__agency_id=own.agency.pk, state="effective", issued_file__isnull=False
        ).select_related("document", "issued_file").order_by("document__kind", "document__code")
    ]  # fmt: skip
    yield _part("Danh mục tài liệu và lần ban hành đang có hiệu lực", grid=_documents(own, ()),
                missing="Chưa có tài liệu nào của hệ thống.", files=files)  # fmt: skip
    changes = (
        LegalChange.objects.filter(changed__agency_id=own.agency.pk, on__range=(own.period.start, own.until))
        .select_related("changed", "by")
        .annotate(all=Count("reviews"), done=Count("reviews", filter=Q(reviews__done_on__isnull=False)))
        .order_by("on", "pk")
    )
    yield _part(
        "Thay đổi của văn bản pháp luật và việc cập nhật (trong 3 tháng)",
        grid=own.grid("Ngày|Văn bản|Do văn bản|Hạn cập nhật|Đã xử lý", (14, 28, 24, 16, 18),
                      ((_day(each.on), each.changed.number, each.by.number if each.by else "hết hiệu lực",
                        _day(each.due_on), f"{each.done}/{each.all} tài liệu") for each in changes)),
        missing="Không ghi nhận thay đổi nào của văn bản pháp luật trong năm.",
    )  # fmt: skip


def _reader(file_id: int | None) -> Callable[[], bytes]:
    return lambda: opened(StoredFile.objects.get(pk=file_id or 0)).data


def _documents(own: Gathering, kinds: tuple[str, ...]) -> Grid | None:
    rows = controlled.all_documents(own.actor, controlled.Wanted(), own.today)
    return own.grid(
        "Mã hiệu|Tên tài liệu|Lần ban hành|Quyết định|Hiệu lực từ",
        (16, 42, 14, 14, 14),
        (
            (each.code, each.title, each.effective.name if each.effective else "chưa ban hành",
             each.effective.decision_number if each.effective else "–",
             _day(each.effective.effective_on) if each.effective else "–")
            for each in rows
            if not kinds or each.kind in kinds
        ),
    )  # fmt: skip


# 8


def _operation(own: Gathering) -> Iterable[Part]:
    yield _part(
        "Thực hiện quy trình, công việc",
        own.said.get("c3", ()),
        missing="Không có số liệu hồ sơ, công việc trong năm.",
    )


def _service(own: Gathering) -> Iterable[Part]:
    yield _notices(own, Q(rule="procedures"), "Niêm yết thủ tục hành chính",
                   "Không có lần niêm yết thủ tục hành chính nào trong năm.")  # fmt: skip
    lines = [each for each in own.said.get("c1", ()) if each.startswith("Phản ánh")]
    yield _part("Phản ánh, kiến nghị", lines, missing="Không phát sinh phản ánh, kiến nghị nào trong năm.")


def _external(own: Gathering) -> Iterable[Part]:
    yield Part(
        "Bên cung cấp bên ngoài",
        missing="Hệ thống không có số liệu về bên cung cấp bên ngoài; cơ quan bổ sung bản giấy nếu có.",
    )


def _dossiers(own: Gathering) -> Iterable[Part]:
    form = form_06a(own.actor, own.period, own.today)
    rows = [*((line.name, line.figures) for line in form.lines), ("Tổng cộng", form.total)]
    yield _part(
        "Tiếp nhận, giải quyết thủ tục hành chính (Biểu II.06a)",
        grid=own.grid(
            "Lĩnh vực|Tiếp nhận|Đã giải quyết|Trước hạn|Đúng hạn|Quá hạn|Đang giải quyết",
            (34, 11, 11, 11, 11, 11, 11),
            ((name, *_six(figures)) for name, figures in rows),
        ) if form.lines else None,
        missing="Không có hồ sơ thủ tục hành chính nào trong năm.",
        files=[own.paper("bieu-ii-06a", f"Biểu II.06a năm {own.period.start.year}", lambda: form_document(form))]
        if form.lines else (),
    )  # fmt: skip


def _six(figures: object) -> tuple[str, ...]:
    columns = figures.columns  # type: ignore[attr-defined]
    return tuple(str(columns[each]) for each in (0, 4, 5, 6, 7, 8))


def _release(own: Gathering) -> Iterable[Part]:
    lines = [each for each in own.said.get("c3", ()) if each.startswith("Hồ sơ")]
    yield _part("Kết quả đã giải quyết", lines, missing="Không có kết quả nào được giải quyết trong năm.")


def _nonconforming(own: Gathering) -> Iterable[Part]:
    letters = Counter(
        Letter.objects.filter(
            agency_id=own.agency.pk, state="issued", issued_on__range=(own.period.start, own.period.end)
        ).values_list("kind", flat=True)
    )
    names = dict(Letter.Kind.choices)
    yield _part(
        "Thư xin lỗi, hẹn lại khi hồ sơ trễ hạn",
        [f"{names[kind]!s}: {count}." for kind, count in sorted(letters.items())],
        missing="Không có thư xin lỗi nào được lập trong năm.",
    )


# 9


def _measuring(own: Gathering) -> Iterable[Part]:
    lines = [each for each in own.said.get("c1", ()) if each.startswith("Khảo sát")]
    yield _part(
        "Sự hài lòng của tổ chức, công dân", lines, missing="Không có phiếu khảo sát nào được tính trong năm."
    )
    yield _part(
        "Theo dõi, đo lường", own.said.get("c5", ()), missing="Không có số liệu theo dõi, đo lường trong năm."
    )
    rows = list(
        Report.objects.filter(agency_id=own.agency.pk, state__in=(Report.State.ISSUED, Report.State.REPLACED))
        .filter(period_end__range=(own.period.start, own.period.end))
        .order_by("period_end", "kind", "version")
        .defer("snapshot", "gathered")
    )
    files = [
        Attached(f"bao-cao-{each.pk}.pdf", f"Báo cáo {each.number}", _reader(each.pdf_id))
        for each in rows
        if each.pdf_id is not None
    ]
    yield _part(
        "Báo cáo định kỳ đã ban hành",
        grid=own.grid("Số|Kỳ báo cáo|Ngày ban hành|Phiên bản", (26, 42, 18, 14),
                      ((each.number or "–", name_of(each),
                        _day(each.issued_on), str(each.version)) for each in rows)),
        missing="Không có báo cáo nào được ban hành trong năm.",
        files=files,
    )  # fmt: skip


def _audits(own: Gathering) -> Iterable[Part]:
    year = own.period.start.year
    programme = (
        AuditProgramme.objects.filter(agency_id=own.agency.pk, year=year).exclude(state="discarded").first()
    )
    files = []
    if programme is not None:
        signed = programme.papers.order_by("-version").first()
        facts = audits_programme.programme_facts(own.actor, programme.pk, own.today)
        title = f"Kế hoạch đánh giá nội bộ năm {year}"
        files.append(
            Attached("chuong-trinh-nam.pdf", title, _reader(signed.pdf_id))
            if signed
            else own.paper("chuong-trinh-nam", title,
                           lambda: audit_paper.programme_document(facts, number=programme.number,
                                                                  signed_on=programme.signed_on)))  # fmt: skip
    yield _part("Chương trình đánh giá nội bộ của năm",
                [f"Văn bản số {programme.number or '–'} ngày {_day(programme.signed_on)}."] if programme else (),
                missing="Chưa có chương trình đánh giá nội bộ của năm.", files=files)  # fmt: skip
    held = list(
        Audit.objects.filter(agency_id=own.agency.pk, starts_on__range=(own.period.start, own.until))
        .exclude(state__in=("cancelled", "planned"))
        .annotate(
            against=Count("units__findings", filter=Q(units__findings__is_withdrawn=False,
                                                      units__findings__grade__in=("major", "minor"))),
            others=Count("units__findings", filter=Q(units__findings__is_withdrawn=False)),
        )
        .order_by("starts_on", "pk")
    )  # fmt: skip
    papers: list[Attached] = []
    for each in held[:MOST_PAPERS]:
        papers += _audit_papers(own, each)
    yield _part(
        "Các cuộc đánh giá nội bộ",
        own.said.get("c6", ()),
        own.grid("Cuộc đánh giá|Thời gian|Báo cáo|Không phù hợp|Mọi phát hiện", (38, 22, 18, 11, 11),
                 ((each.title, f"{_day(each.starts_on)} – {_day(each.ends_on)}",
                   f"{each.report_number or '–'} {_day(each.reported_on)}", str(each.against), str(each.others))
                  for each in held)),
        "Không có cuộc đánh giá nội bộ nào được tiến hành trong năm.",
        papers,
    )  # fmt: skip


def _audit_papers(own: Gathering, audit: Audit) -> list[Attached]:
    """The papers of an audit; its report as it was issued, where its files were kept."""
    audit_id, title = audit.pk, audit.title
    heading = audits.heading(own.actor)

    def team() -> Document:
        facts = audits.decision_facts(own.actor, audits.page(own.actor, audit_id), own.today)
        return audit_paper.decision_document(heading=heading, facts=facts, on=own.today)

    def plan() -> Document:
        return audit_paper.plan_document(
            heading=heading, found=audits.page(own.actor, audit_id), on=own.today
        )

    def report() -> Document:
        found = audits.page(own.actor, audit_id)
        return audit_paper.report_document(
            heading=heading, facts=found.report.content if found.report else audits.report_facts(found),
            number=found.report_number, reported_on=found.reported_on, on=own.today,
        )  # fmt: skip

    def checklist(unit_id: int) -> Callable[[], Document]:
        def made() -> Document:
            found = audits.checklist(own.actor, audit_id, unit_id)
            return audit_paper.checklist_document(
                heading=heading, found=found.page, unit=found.unit, questions=found.questions, is_empty=False,
                on=own.today,
            )  # fmt: skip

        return made

    units = Unit.objects.filter(audited__audit_id=audit_id).order_by("audited__order", "pk")
    kept = dict(
        AuditPaper.objects.filter(audit=audit, state=AuditPaper.State.ISSUED, pdf__isnull=False)
        .order_by("pk")
        .values_list("kind", "pdf_id")
    )

    def issued(kind: str, key: str, name: str, made: Callable[[], Document]) -> Attached:
        file_id = kept.get(kind)
        if file_id is None:
            return own.paper(f"{key}-{audit_id}", f"{name}: {title}", made)
        return Attached(f"{key}-{audit_id}.pdf", f"{name}: {title}", _reader(file_id))

    return [
        issued(AuditPaper.Kind.DECISION, "doan", "Quyết định đoàn đánh giá", team),
        own.paper(f"chuong-trinh-{audit_id}", f"Chương trình đánh giá: {title}", plan),
        *(
            own.paper(f"phieu-{audit_id}-{each.pk}", f"Phiếu ghi chép: {each.name}", checklist(each.pk))
            for each in units
        ),
        issued(AuditPaper.Kind.REPORT, "bao-cao", "Báo cáo đánh giá", report),
    ]


def _reviews(own: Gathering) -> Iterable[Part]:
    rows = [
        each for each in reviews.reviews(own.actor) if _within(own, each.held_on) and each.state == "closed"
    ]
    files: list[Attached] = []
    for each in rows[:MOST_PAPERS]:
        files += [
            own.paper(f"bien-ban-{each.id}", f"Biên bản: {each.title}",
                      partial(_minutes, own, each.id)),
            own.paper(f"thong-bao-ket-luan-{each.id}", f"Thông báo kết luận: {each.title}",
                      partial(_conclusions, own, each.id)),
        ]  # fmt: skip
    yield _part(
        "Các cuộc xem xét của lãnh đạo",
        grid=own.grid("Cuộc xem xét|Ngày họp|Biên bản|Đầu vào đã xem xét|Quyết định", (40, 15, 17, 14, 14),
                      ((each.title, _day(each.held_on), each.number or "–", str(each.treated), str(each.decisions))
                       for each in rows)),
        missing="Không có cuộc xem xét của lãnh đạo nào kết thúc trong năm.",
        files=files,
    )  # fmt: skip
    decisions = (
        ReviewDecision.objects.filter(review__in=[each.id for each in rows])
        .annotate(task_state=F("task__state"))
        .select_related("unit")
        .order_by("review_id", "order")
    )
    states = dict(Task.State.choices)
    yield _part(
        "Quyết định và tình trạng thực hiện",
        grid=own.grid("Nội dung|Bộ phận|Thời hạn|Tình trạng", (52, 18, 14, 16),
                      ((each.text, each.unit.name if each.unit else "–", _day(each.due_on),
                        str(states.get(each.task_state, "–"))) for each in decisions)),
        missing="Không có quyết định nào của xem xét lãnh đạo trong năm.",
    )  # fmt: skip


# 10


def _improving(own: Gathering) -> Iterable[Part]:
    yield _part(
        "Cơ hội cải tiến", own.said.get("f", ()), missing="Không ghi nhận cơ hội cải tiến nào trong năm."
    )
    found = Finding.objects.filter(
        agency_id=own.agency.pk, grade="opportunity", is_withdrawn=False,
        found_at__date__range=(own.period.start, own.period.end),
    ).order_by("found_at", "pk")  # fmt: skip
    yield _part("Cơ hội cải tiến do đánh giá nội bộ nêu",
                grid=own.grid("Điều khoản|Nội dung", (15, 85), ((each.clause or "–", each.text) for each in found)),
                missing="Đánh giá nội bộ không nêu cơ hội cải tiến nào trong năm.")  # fmt: skip


def _corrective(own: Gathering) -> Iterable[Part]:
    wanted = nonconformities.Wanted(year=own.period.start.year)
    rows = nonconformities.book(own.actor, wanted, own.today)
    states = {
        "open": "lập kế hoạch", "planned": "chờ duyệt", "acting": "đang thực hiện", "judging": "chờ đánh giá hiệu lực",
        "closed": "đã đóng",
    }  # fmt: skip
    files = []
    if rows:
        files.append(own.paper("so-theo-doi", "Sổ theo dõi sự không phù hợp",
                               lambda: nonconformities.book_paper(own.actor, wanted, own.today)))  # fmt: skip
    for each in rows[:MOST_PAPERS]:
        files.append(
            own.paper(f"phieu-{each.id}", f"Phiếu yêu cầu khắc phục {each.number}",
                      partial(nonconformities.request_paper, own.actor, each.id, own.today)))  # fmt: skip
    yield _part(
        "Sự không phù hợp và hành động khắc phục",
        own.said.get("c4", ()),
        own.grid("Số|Nội dung|Bộ phận|Ngày|Việc (xong/tổng)|Tình trạng", (11, 39, 16, 12, 10, 12),
                 ((each.number, each.title, each.unit or "–", _day(each.found_on), f"{each.accepted}/{each.steps}",
                   states.get(each.state, each.state)) for each in rows)),
        "Không ghi nhận sự không phù hợp nào trong năm.",
        files,
    )  # fmt: skip


def _continual(own: Gathering) -> Iterable[Part]:
    rows = [
        each
        for each in self_assessments.assessments(own.actor)
        if each.state == "closed" and _within(own, each.on)
    ]
    files = [
        own.paper(f"tu-danh-gia-{each.id}", f"Tự đánh giá theo ISO 18091 ngày {_day(each.on)}",
                  partial(_assessment, own, each.id))
        for each in rows
    ]  # fmt: skip
    yield _part(
        "Tự đánh giá theo TCVN ISO 18091",
        grid=own.grid("Ngày|Xanh|Vàng|Đỏ|Chưa đánh giá", (28, 18, 18, 18, 18),
                      ((_day(each.on), *(str(each.total.get(key, 0)) for key in ("green", "yellow", "red", "none")))
                       for each in rows)),
        missing="Không có lần tự đánh giá nào kết thúc trong năm.",
        files=files,
    )  # fmt: skip


def _minutes(own: Gathering, review_id: int) -> Document:
    return minutes_document(reviews.paper_of(own.actor, review_id, own.today))


def _conclusions(own: Gathering, review_id: int) -> Document:
    return notice_document(reviews.paper_of(own.actor, review_id, own.today), Signer())


def _assessment(own: Gathering, assessment_id: int) -> Document:
    return assessment_document(self_assessments.assessment(own.actor, assessment_id))


# What several clauses ask for


def _within(own: Gathering, day: date) -> bool:
    return own.period.start <= day <= own.period.end


def _plan(own: Gathering) -> Plan | None:
    plan_id = own.verdicts.plan_id if own.verdicts else None
    return Plan.objects.filter(pk=plan_id, year=own.period.start.year).first() if plan_id else None


def _register(own: Gathering, register: str) -> QuerySet[Entry]:
    return Entry.objects.filter(
        agency_id=own.agency.pk, register=register, on__range=(own.period.start, own.period.end)
    ).exclude(state=Entry.State.WITHDRAWN)


def _entries(own: Gathering, register: str) -> int:
    return _register(own, register).count()


def _notices(own: Gathering, wanted: Q, title: str, missing: str) -> Part:
    rows = (
        Notice.objects.filter(wanted, agency_id=own.agency.pk, is_cancelled=False)
        .filter(posted_on__lte=own.period.end)
        .filter(Q(removed_on=None) | Q(removed_on__gte=own.period.start))
        .select_related("place")
        .order_by("posted_on", "pk")
    )
    return _part(
        title,
        grid=own.grid("Nội dung|Văn bản|Nơi niêm yết|Từ ngày|Đến ngày", (38, 16, 20, 13, 13),
                      ((each.subject, each.document_number or "–", each.place.name, _day(each.posted_on),
                        _day(each.removed_on or each.until)) for each in rows)),
        missing=missing,
    )  # fmt: skip


def _ending(file: StoredFile | None) -> str:
    """Return the ending of a file as it was kept: what came from elsewhere is kept as it was sent, Word files as well."""
    return ending_of(file.name) if file else ""


def _safe(code: str) -> str:
    return "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in code)


CLAUSES: dict[str, Callable[[Gathering], Iterable[Part]]] = {
    "4.1": _context,
    "4.2": _parties,
    "4.3": _scope,
    "4.4": _processes,
    "5.1": _leadership,
    "5.2": _policy,
    "5.3": _roles,
    "6.1": _risk_book,
    "6.2": _objectives,
    "6.3": _changes,
    "7.1": _resources,
    "7.2": _competence,
    "7.3": _awareness,
    "7.4": _communication,
    "7.5": _controlled,
    "8.1": _operation,
    "8.2": _service,
    "8.4": _external,
    "8.5": _dossiers,
    "8.6": _release,
    "8.7": _nonconforming,
    "9.1": _measuring,
    "9.2": _audits,
    "9.3": _reviews,
    "10.1": _improving,
    "10.2": _corrective,
    "10.3": _continual,
}
"""What gathers the evidence of each clause of the edition; a test holds that no clause is left out."""
