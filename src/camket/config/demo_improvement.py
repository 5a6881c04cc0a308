"""What the sample commune keeps of nonconformities and risks: a few, invented, each in another state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.actions import operations as tasks
from camket.actions.models import Task
from camket.actions.operations import NewTask
from camket.config import SAMPLE_DAY
from camket.core.causes import read_branch
from camket.improvement.operations import nonconformities, proposals, risks
from camket.improvement.operations.nonconformities import NewNonconformity, NewStep
from camket.improvement.operations.risks import NewIssue, NewRisk
from camket.org.policy import Actor

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CENTRE = "Trung tâm Phục vụ hành chính công"


def keep_nonconformities(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Raise three nonconformities between March and the sample day and propose what the figures show."""
    lan, mai, centre = people["lan"], people["mai"], units[CENTRE]
    first = nonconformities.raise_nonconformity(
        actor=lan,
        what=NewNonconformity(
            "other",
            "Hồ sơ chuyển cho bộ phận chuyên môn muộn hơn giờ quy định",
            "Trong tuần từ 09/03 đến 13/03/2026 có 03 hồ sơ đất đai tiếp nhận buổi sáng nhưng hôm sau mới chuyển.",
            date(2026, 3, 16),
            clause="8.5.1",
            requirement="Hồ sơ tiếp nhận được chuyển ngay trong buổi làm việc.",
            unit_id=centre,
            owner_id=people["hanh"].person_id,
        ),
        now=_at(date(2026, 3, 16)),
    )
    _plan(people["hanh"], first.pk, people["hanh"].person_id, date(2026, 3, 20), date(2026, 4, 15))
    nonconformities.approve_plan(actor=mai, nonconformity_id=first.pk, now=_at(date(2026, 3, 23)))
    for task in Task.objects.filter(corrective_step__nonconformity=first):
        tasks.submit_task(
            actor=people["hanh"],
            task_id=task.pk,
            result="Đã niêm yết phân công có người thay.",
            now=_at(date(2026, 4, 10)),
        )
        tasks.accept_task(actor=mai, task_id=task.pk, now=_at(date(2026, 4, 13)))
    nonconformities.raise_nonconformity(
        actor=lan,
        what=NewNonconformity(
            "inspection",
            "Quy trình nội bộ niêm yết chưa cập nhật theo văn bản mới",
            "Đoàn kiểm tra của tỉnh ghi nhận 02 quy trình nội bộ còn viện dẫn văn bản hết hiệu lực.",
            date(2026, 6, 18),
            clause="7.5.3",
            requirement="Tài liệu bên ngoài được nhận biết và kiểm soát.",
            unit_id=units["Văn phòng HĐND và UBND"],
            inspected_on=date(2026, 6, 18),
        ),
        now=_at(date(2026, 6, 19)),
    )
    proposals.propose_nonconformities(agency_id=lan.agency_id, today=SAMPLE_DAY, now=_at(SAMPLE_DAY))


def keep_risks(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Keep context and risks: one rated twice with what was done between, one that calls for action, an opportunity."""
    lan, centre = people["lan"], units[CENTRE]
    begun, later = date(2026, 1, 20), date(2026, 5, 20)
    issue = risks.keep_issue(
        actor=lan,
        issue=NewIssue(
            "external",
            "Sắp xếp đơn vị hành chính, số hồ sơ tăng",
            "Xã mới nhận thêm nhiều thủ tục, người dân ở xa trụ sở.",
            "Bố trí điểm tiếp nhận lưu động; hướng dẫn nộp trực tuyến.",
        ),
        now=_at(begun),
    )
    risks.keep_issue(
        actor=lan,
        issue=NewIssue(
            "party",
            "Người dân, doanh nghiệp",
            "Kết quả đúng hẹn, hướng dẫn một lần, dễ hiểu.",
            "Khảo sát hài lòng hằng quý.",
        ),
        now=_at(begun),
    )
    rows = [
        risks.enter(actor=lan, risk=each, now=_at(begun))
        for each in (
            NewRisk(
                "risk",
                "Tiếp nhận và trả kết quả",
                "Hồ sơ quá hạn khi số hồ sơ tăng vào cuối quý",
                "Thiếu người thay khi công chức vắng",
                "Người dân phải đi lại nhiều lần",
                "Phân công có người thay; nhắc việc trước hạn",
                centre,
                people["hanh"].person_id,
                issue.pk,
            ),
            NewRisk(
                "risk",
                "Công nghệ thông tin",
                "Mất kết nối với Cổng Dịch vụ công trong giờ làm việc",
                "Đường truyền dùng chung, không có dự phòng",
                "Không tiếp nhận được hồ sơ trực tuyến",
                unit_id=units["Văn phòng HĐND và UBND"],
            ),
            NewRisk(
                "opportunity",
                "Tiếp nhận và trả kết quả",
                "Trả kết quả tại nhà qua bưu chính công ích",
                unit_id=centre,
            ),
        )
    ]
    for row, (likelihood, consequence) in zip(rows, ((4, 4), (3, 4), (3, 3)), strict=True):
        risks.rate(
            actor=lan,
            risk_id=row.pk,
            likelihood=likelihood,
            consequence=consequence,
            reason="Đánh giá đầu năm",
            now=_at(begun),
        )
    risks.treat(
        actor=lan,
        risk_id=rows[0].pk,
        task=NewTask(
            "Lập danh sách người thay thế ở từng vị trí một cửa",
            date(2026, 2, 27),
            centre,
            people["hanh"].person_id,
        ),
        now=_at(begun),
    )
    risks.rate(
        actor=lan,
        risk_id=rows[0].pk,
        likelihood=2,
        consequence=4,
        reason="Đã có người thay ở mọi vị trí",
        now=_at(later),
    )
    proposals.propose_risks(agency_id=lan.agency_id, today=SAMPLE_DAY, now=_at(SAMPLE_DAY))


def _plan(actor: Actor, row_id: int, person_id: int, on: date, due_on: date) -> None:
    now = _at(on)
    nonconformities.correct(
        actor=actor,
        nonconformity_id=row_id,
        correction="Chuyển ngay 03 hồ sơ trong ngày 16/03/2026.",
        corrected_on=date(2026, 3, 16),
        consequences="03 người nộp hồ sơ có thể phải chờ thêm một ngày; đã gọi điện xin lỗi, không hồ sơ nào trễ hẹn.",
        now=now,
    )
    nonconformities.analyse(
        actor=actor,
        nonconformity_id=row_id,
        branches=[
            read_branch(
                "Con người",
                "Không có người thay khi công chức nghỉ\n> Phân công không nêu người thay\nNgười mới chưa thạo phần mềm",
            ),
            read_branch(
                "Quy trình", "Quy trình không nêu giờ chuyển hồ sơ\n> Quy trình viết khi còn nhận hồ sơ giấy"
            ),
            read_branch("Phương tiện", "Phần mềm không báo hồ sơ chưa chuyển"),
            read_branch("Thông tin", "Bộ phận chuyên môn không biết có hồ sơ mới"),
        ],
        root_cause="Phân công ở bộ phận một cửa không nêu người thay.",
        similar="Đã xem các lĩnh vực hộ tịch, chứng thực: không có hồ sơ chuyển muộn.",
        no_action="",
        now=now,
    )
    nonconformities.add_step(
        actor=actor,
        nonconformity_id=row_id,
        step=NewStep(
            "Sửa bảng phân công, nêu người thay ở từng vị trí",
            due_on,
            expected="Bảng phân công mới được niêm yết",
            person_id=person_id,
        ),
        now=now,
    )
    nonconformities.submit_plan(actor=actor, nonconformity_id=row_id, judge_on=date(2026, 6, 15), now=now)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), VIETNAM)
