"""What the sample commune keeps of internal audits: the year's programme, one audit with two findings, one that is planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.improvement.models import AuditedUnit, AuditQuestion
from camket.improvement.operations import audit_papers, audit_programmes, audits
from camket.improvement.operations.audits import NewAudit, NewFinding, NewSession
from camket.org.policy import Actor

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ECONOMY, CENTRE = "Phòng Kinh tế", "Trung tâm Phục vụ hành chính công"
CULTURE = "Phòng Văn hóa - Xã hội"
ON_SITE = date(2026, 5, 14)
CRITERIA = (
    "TCVN ISO 9001:2015\nSổ tay chất lượng, các quy trình của Ủy ban nhân dân xã\n"
    "Nghị định số 118/2025/NĐ-CP và các quyết định công bố thủ tục hành chính"
)


def keep_audits(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Keep the year's programme with an audit in May, and plan one for the autumn."""
    lan, mai, khoa, duyen = people["lan"], people["mai"], people["khoa"], people["duyen"]
    programme = audit_programmes.make_programme(
        actor=lan,
        year=2026,
        purpose="Đánh giá mọi bộ phận ít nhất một lần trong năm; ưu tiên nơi tiếp nhận, giải quyết nhiều hồ sơ.",
        now=_at(date(2026, 1, 20)),
    )
    spring, autumn = (
        audits.plan_audit(
            actor=lan,
            audit=NewAudit(
                title, first, last, criteria=CRITERIA, unit_ids=tuple(units[each] for each in names)
            ),
            now=_at(date(2026, 1, 21)),
            programme_id=programme.pk,
        )
        for title, first, last, names in (
            ("Đánh giá nội bộ đợt 1 năm 2026", ON_SITE, ON_SITE, (CENTRE, ECONOMY)),
            ("Đánh giá nội bộ đợt 2 năm 2026", date(2026, 10, 15), date(2026, 10, 16), (CULTURE,)),
        )
    )
    audit_programmes.turn_programme(
        actor=lan, programme_id=programme.pk, act="submit", now=_at(date(2026, 1, 22))
    )
    audit_programmes.turn_programme(
        actor=mai,
        programme_id=programme.pk,
        act="approve",
        number="06/KH-UBND",
        signed_on=date(2026, 1, 26),
        now=_at(date(2026, 1, 26)),
    )
    team = [(khoa.person_id, "lead"), (duyen.person_id, "member")]
    audits.set_team(
        actor=lan,
        audit_id=spring.pk,
        team=team,
        now=_at(date(2026, 4, 22)),
    )
    audit_papers.issue_decision(
        actor=lan,
        audit_id=spring.pk,
        number="48/QĐ-UBND",
        decided_on=date(2026, 4, 22),
        now=_at(date(2026, 4, 22)),
    )
    both = (khoa.person_id, duyen.person_id)
    audits.set_sessions(
        actor=lan,
        audit_id=spring.pk,
        sessions=[
            NewSession(ON_SITE, time(7, 30), time(8), "Họp khai mạc", None, both, "Phòng họp số 1"),
            NewSession(
                ON_SITE, time(8), time(10), "Tiếp nhận, trả kết quả hồ sơ", units[CENTRE], (duyen.person_id,)
            ),
            NewSession(
                ON_SITE, time(8), time(10), "Giải quyết hồ sơ đất đai", units[ECONOMY], (khoa.person_id,)
            ),
            NewSession(ON_SITE, time(16), time(16, 30), "Họp kết thúc", None, both, "Phòng họp số 1"),
        ],
        now=_at(date(2026, 4, 23)),
    )
    AuditedUnit.objects.filter(audit=spring).update(clauses=["7.5", "8.2", "8.5", "8.6", "10.2"])
    audits.lay_questions(
        actor=lan, audit_id=spring.pk, libraries=["iso9001-2015"], now=_at(date(2026, 4, 23))
    )
    audits.announce(actor=lan, audit_id=spring.pk, now=_at(date(2026, 4, 24)))
    audits.open_audit(actor=khoa, audit_id=spring.pk, now=_at(ON_SITE))
    _answer(duyen, units[CENTRE], spring.pk, NewFinding(
        "minor",
        "Phiếu kiểm soát quá trình giải quyết hồ sơ chưa ghi đủ giờ bàn giao ở bước chuyển bộ phận chuyên môn.",
        proof="Xem 15 hồ sơ tháng 4/2026: 04 phiếu thiếu giờ bàn giao.",
    ), "8.5")  # fmt: skip
    _answer(khoa, units[ECONOMY], spring.pk, NewFinding(
        "observation",
        "Tệp quy trình dùng chung còn một bản cũ cạnh bản đang có hiệu lực; nên chuyển vào thư mục lưu trữ.",
        proof="Thư mục dùng chung của Phòng, mở lúc 9 giờ 10.",
    ), "7.5")  # fmt: skip
    audits.finish(actor=khoa, audit_id=spring.pk, now=_at(ON_SITE, 17))
    audits.receive(
        actor=people["phuc"], audit_id=spring.pk, unit_id=units[CENTRE], remark="Thống nhất.", now=_at(date(2026, 5, 15))
    )  # fmt: skip
    audits.write_report(
        actor=khoa,
        audit_id=spring.pk,
        strengths="Hồ sơ được số hóa ngay khi tiếp nhận; niêm yết công khai đầy đủ, đúng nơi.",
        conclusion="Hệ thống quản lý chất lượng cơ bản phù hợp yêu cầu của tiêu chuẩn, được thực hiện và duy trì; một điểm "
        "không phù hợp nhẹ cần khắc phục.",
        proposals="Bổ sung nội dung ghi phiếu kiểm soát vào buổi tập huấn quý III.",
        now=_at(date(2026, 5, 18)),
    )
    audits.issue_report(
        actor=khoa,
        audit_id=spring.pk,
        number="02/BC-ĐĐG",
        reported_on=date(2026, 5, 19),
        now=_at(date(2026, 5, 19)),
    )
    audits.set_team(
        actor=lan, audit_id=autumn.pk, team=[(duyen.person_id, "lead")], now=_at(date(2026, 6, 20))
    )


def _answer(actor: Actor, unit_id: int, audit_id: int, finding: NewFinding, clause: str) -> None:
    """Answer a unit's questions: the first of a clause by a finding, the others as conforming."""
    asked = AuditQuestion.objects.filter(audited__audit_id=audit_id, audited__unit_id=unit_id)
    bad = asked.filter(clause__startswith=clause).order_by("order").first()
    for each in asked.order_by("order"):
        is_bad = bad is not None and each.pk == bad.pk
        audits.answer(
            actor=actor,
            question_id=each.pk,
            answer="finding" if is_bad else "conforms",
            note="" if is_bad else "Đã xem hồ sơ, hỏi người phụ trách; phù hợp.",
            version=0,
            finding=NewFinding(finding.grade, finding.text, each.clause, finding.proof) if is_bad else None,
            now=_at(ON_SITE, 9),
        )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=VIETNAM)
