"""Every form of the editor without JavaScript: what it changes, and that a refusal changes nothing and keeps the text."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from camket.core.plan import ScheduleKind
from camket.objectives import operations, queries
from camket.objectives.details import PlanDetail
from people import TODAY, People


def now(secretary: Any, plan: PlanDetail) -> PlanDetail:
    return queries.plan_detail(secretary.actor, plan.id)


def address(plan: PlanDetail, tail: str) -> str:
    first = plan.objectives[0]
    return f"/ke-hoach/{plan.id}/soan/" + tail.format(
        o=first.id, t=first.targets[0].id, a=first.actions[0].id
    )


def test_source_stands_beside_the_reading_and_fields_link_to_it(reading: PlanDetail, secretary: Any) -> None:
    page = secretary.get(f"/ke-hoach/{reading.id}/soan/")
    action = reading.objectives[0].actions[0]
    assert f'href="#nguon-bien-phap-{action.id}-when"' in page
    assert f'id="nguon-bien-phap-{action.id}-when"' in page
    assert f'href="#bien-phap-{action.id}"' in page
    assert "Rà soát hồ sơ chờ giải quyết mỗi tuần" in page
    assert page.index("Văn bản gốc") < page.index("Mục tiêu, chỉ tiêu và biện pháp")


def test_a_typed_plan_has_the_same_editor_without_a_source(draft: PlanDetail, secretary: Any) -> None:
    page = secretary.get(f"/ke-hoach/{draft.id}/soan/")
    assert "van-ban-goc" not in page
    assert "từ 95% trở lên" in page


def test_lines_take_no_character_that_no_database_holds(draft: PlanDetail, secretary: Any) -> None:
    """PostgreSQL keeps no NUL, neither in a text nor within JSON."""
    page = secretary.post(
        address(draft, "chinh-sach/"), 200, motto="Đúng hẹn", commitments="Nghe\x00dân"
    ).content.decode()
    assert "Không được có ký tự rỗng" in page
    assert now(secretary, draft) == draft


def test_head_is_changed(draft: PlanDetail, secretary: Any) -> None:
    form = {
        "title": "Ban hành Mục tiêu chất lượng", "kind": "QĐ", "number": "09/QĐ-UBND", "decided_on": "05/01/2026",
        "year": "2026", "period_start": "15/12/2025", "period_end": "14/12/2026", "resources": draft.resources,
        "evaluation": draft.evaluation, "revision": str(draft.revision),
    }  # fmt: skip
    secretary.post(address(draft, "quyet-dinh/"), **form)
    plan = now(secretary, draft)
    assert (plan.number, plan.decided_on) == ("09/QĐ-UBND", datetime.date(2026, 1, 5))
    assert plan.period.start == datetime.date(2025, 12, 15)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("decided_on", "31/02/2026", "31/02/2026"),
        ("decided_on", "tháng giêng", "dd/mm/yyyy"),
        ("period_end", "01/01/2020", "Ngày kết thúc phải sau ngày bắt đầu"),
        ("year", "26", "26"),
    ],
)
def test_head_refuses_what_cannot_be(
    field: str, typed: str, said: str, draft: PlanDetail, secretary: Any
) -> None:
    form = {
        "kind": "QĐ",
        "year": "2026",
        "period_start": "01/01/2026",
        "period_end": "31/12/2026",
        "title": "Chữ đã gõ",
    }
    page = secretary.post(address(draft, "quyet-dinh/"), 200, **(form | {field: typed})).content.decode()
    assert said in page
    assert "Chữ đã gõ" in page
    assert now(secretary, draft) == draft


def test_policy_is_changed_one_commitment_a_line(draft: PlanDetail, secretary: Any) -> None:
    secretary.post(
        address(draft, "chinh-sach/"),
        motto="Đúng hẹn, đúng luật",
        commitments="Nghe dân\n\n Làm đúng hẹn \n",
        revision=str(draft.revision),
    )
    plan = now(secretary, draft)
    assert (plan.motto, plan.commitments) == ("Đúng hẹn, đúng luật", ("Nghe dân", "Làm đúng hẹn"))


def test_objective_is_changed(draft: PlanDetail, secretary: Any) -> None:
    row = draft.objectives[0]
    response = secretary.post(
        address(draft, "muc-tieu/{o}/"),
        number="1",
        text="Lời văn mới",
        method="Đếm hồ sơ",
        revision=str(row.revision),
    )
    assert response.url.endswith(f"/soan/#muc-tieu-{row.id}")
    assert now(secretary, draft).objectives[0].text == "Lời văn mới"


@pytest.mark.parametrize(
    ("tail", "form", "kept"),
    [
        ("muc-tieu/{o}/", {"text": "", "method": "Cách đo đã gõ"}, "Cách đo đã gõ"),
        ("muc-tieu/them/", {"text": "", "method": "Cách đo đã gõ"}, "Cách đo đã gõ"),
        ("muc-tieu/{o}/tach/", {"first": "Phần đầu đã gõ", "second": ""}, "Phần đầu đã gõ"),
        ("muc-tieu/{o}/gop/", {"into_id": "999999"}, ""),
        ("muc-tieu/{o}/chuyen/", {"into_id": "77"}, ""),
        ("muc-tieu/{o}/them-chi-tieu/", {"text": "cố gắng nhiều hơn nữa"}, "cố gắng nhiều hơn nữa"),
        ("muc-tieu/{o}/them-bien-phap/", {"text": "", "when": "Cuối mỗi tháng"}, "Cuối mỗi tháng"),
        (
            "muc-tieu/{o}/them-bien-phap/",
            {"text": "Việc", "schedule_words": "bao giờ xong thì xong"},
            "bao giờ xong thì xong",
        ),
        ("chi-tieu/{t}/", {"text": ""}, ""),
        ("chi-tieu/{t}/", {"text": "Chỉ tiêu đã gõ", "kind": "at_least", "value": "98.5"}, "Chỉ tiêu đã gõ"),
        ("chi-tieu/{t}/", {"text": "Chỉ tiêu đã gõ", "kind": "between", "value": "90"}, "Chỉ tiêu đã gõ"),
        ("chi-tieu/{t}/", {"text": "Chỉ tiêu đã gõ", "kind": "grade_at_least"}, "Chỉ tiêu đã gõ"),
        (
            "chi-tieu/{t}/",
            {"text": "Đạt 90%", "kind": "at_least", "value": "90", "period_start": "01/01/2026"},
            "01/01/2026",
        ),
        ("chi-tieu/{t}/chuyen/", {"objective_id": "999999"}, ""),
        ("bien-phap/{a}/", {"text": "", "lead": "Phòng đã gõ"}, "Phòng đã gõ"),
        ("bien-phap/{a}/tach/", {"first": "", "second": "Phần sau đã gõ"}, "Phần sau đã gõ"),
        ("bien-phap/{a}/gop/", {"into_id": ""}, ""),
        ("bien-phap/{a}/chuyen/", {"objective_id": "0"}, ""),
    ],
)
def test_a_refused_form_says_why_changes_nothing_and_keeps_the_text(
    tail: str, form: dict[str, str], kept: str, draft: PlanDetail, secretary: Any
) -> None:
    page = secretary.post(address(draft, tail), 200, **form).content.decode()
    assert 'role="alert"' in page
    assert kept in page
    assert now(secretary, draft) == draft
    part = secretary.post_htmx(address(draft, tail), **form).content.decode()
    assert 'role="alert"' in part
    assert "<html" not in part
    assert now(secretary, draft) == draft


def test_objective_is_added_with_its_targets(draft: PlanDetail, secretary: Any) -> None:
    secretary.post(address(draft, "muc-tieu/them/"), text="Tỷ lệ số hóa hồ sơ đạt trên 80%", method="")
    added = now(secretary, draft).objectives[-1]
    assert [target.kind for target in added.targets] == ["above"]


def test_add_and_go_on_opens_the_form_again(draft: PlanDetail, secretary: Any) -> None:
    response = secretary.post(
        address(draft, "muc-tieu/them/"), text="Không để hồ sơ thất lạc", method="", them_tiep="1"
    )
    assert response.url.endswith("/soan/muc-tieu/them/#them-muc-tieu")


def test_looking_at_what_is_understood_saves_nothing(draft: PlanDetail, secretary: Any) -> None:
    page = secretary.post(
        address(draft, "muc-tieu/{o}/them-chi-tieu/"), 200, text="trả kết quả trước hạn trên 85%", xem="1"
    ).content.decode()
    assert "trên 85%" in page
    assert "Hiểu là:" in page
    form = {"text": "Việc", "when": "trước 15/6 hằng năm", "xem": "1"}
    page = secretary.post(address(draft, "bien-phap/{a}/"), 200, **form).content.decode()
    assert "15/06/2026" in page
    assert now(secretary, draft) == draft


def test_objective_is_moved_split_joined_and_deleted(draft: PlanDetail, secretary: Any) -> None:
    first, second = (row.id for row in draft.objectives)
    secretary.post(address(draft, "muc-tieu/{o}/chuyen/"), into_id="1")
    assert [row.id for row in now(secretary, draft).objectives] == [second, first]
    action = draft.objectives[0].actions[1].id
    secretary.post(
        address(draft, "muc-tieu/{o}/tach/"), first="Phần một", second="Phần hai", action_ids=[str(action)]
    )
    plan = now(secretary, draft)
    assert [row.text for row in plan.objectives][1:] == ["Phần một", "Phần hai"]
    assert [row.id for row in plan.objectives[2].actions] == [action]
    secretary.post(address(draft, "muc-tieu/{o}/gop/"), into_id=str(second))
    assert first not in [row.id for row in now(secretary, draft).objectives]
    secretary.post(f"/ke-hoach/{draft.id}/soan/muc-tieu/{second}/xoa/")
    assert len(now(secretary, draft).objectives) == 1


def test_target_is_changed_by_words_and_by_hand(draft: PlanDetail, secretary: Any) -> None:
    target = draft.objectives[0].targets[0]
    shown = {"kind": "at_least", "value": "95", "unit": "%", "change": "points"}
    secretary.post(
        address(draft, "chi-tieu/{t}/"), text="không quá 2%", **shown, revision=str(target.revision)
    )
    read = now(secretary, draft).objectives[0].targets[0]
    assert (read.kind, read.value) == ("at_most", Decimal(2))
    by_hand = {"kind": "below", "value": "2,5", "unit": "%", "change": "points", "expected_volume": "1.200"}
    secretary.post(
        address(draft, "chi-tieu/{t}/"), text="không quá 2%", **by_hand, revision=str(read.revision)
    )
    read = now(secretary, draft).objectives[0].targets[0]
    assert (read.kind, read.value, read.expected_volume) == ("below", Decimal("2.5"), Decimal(1200))


def test_target_is_moved_and_deleted(draft: PlanDetail, secretary: Any) -> None:
    target = draft.objectives[0].targets[0]
    secretary.post(address(draft, "chi-tieu/{t}/chuyen/"), objective_id=str(draft.objectives[1].id))
    assert [row.id for row in now(secretary, draft).objectives[1].targets][-1] == target.id
    secretary.post(address(draft, "chi-tieu/{t}/xoa/"))
    assert target.id not in [row.id for row in now(secretary, draft).objectives[1].targets]


def test_action_is_changed_and_its_time_understood_anew(draft: PlanDetail, secretary: Any) -> None:
    action = draft.objectives[0].actions[0]
    form = {
        "number": action.number, "text": action.text, "lead": "Phòng Kinh tế\nVăn phòng HĐND và UBND",
        "monitors": "Thư ký ISO", "when": "Trước ngày 30/6/2026", "evidence": "Biên bản\nBáo cáo",
    }  # fmt: skip
    secretary.post(address(draft, "bien-phap/{a}/"), **form, revision=str(action.revision))
    read = now(secretary, draft).objectives[0].actions[0]
    assert [body.text for body in read.lead] == ["Phòng Kinh tế", "Văn phòng HĐND và UBND"]
    assert [entry.kind for entry in read.schedule] == [ScheduleKind.BY]
    assert read.evidence == ("Biên bản", "Báo cáo")


def test_dates_said_apart_from_the_decisions_words_hold(draft: PlanDetail, secretary: Any) -> None:
    action = draft.objectives[0].actions[0]
    form = {"text": action.text, "lead": "Phòng Kinh tế", "monitors": "Thư ký ISO", "number": action.number}
    secretary.post(
        address(draft, "bien-phap/{a}/"),
        **form,
        when="Theo chương trình công tác",
        schedule_words="trước 30/6/2026",
    )
    read = now(secretary, draft).objectives[0].actions[0]
    assert read.when == "Theo chương trình công tác"
    assert [(entry.kind, entry.date) for entry in read.schedule] == [
        (ScheduleKind.BY, datetime.date(2026, 6, 30))
    ]
    assert "30/6/2026" in secretary.get(address(draft, "bien-phap/{a}/"))
    secretary.post(
        address(draft, "bien-phap/{a}/"), **form, when="Theo chương trình công tác", schedule_words=""
    )
    assert [entry.kind for entry in now(secretary, draft).objectives[0].actions[0].schedule] == [
        ScheduleKind.AS_PLANNED
    ]


def test_action_is_added_moved_split_joined_and_deleted(draft: PlanDetail, secretary: Any) -> None:
    first, second = draft.objectives
    secretary.post(
        address(draft, "muc-tieu/{o}/them-bien-phap/"),
        text="Việc thêm",
        when="Thường xuyên",
        lead="Phòng Kinh tế",
    )
    added = now(secretary, draft).objectives[0].actions[-1]
    assert added.text == "Việc thêm"
    base = f"/ke-hoach/{draft.id}/soan/bien-phap/{added.id}"
    secretary.post(f"{base}/chuyen/", position="0")
    assert now(secretary, draft).objectives[0].actions[0].id == added.id
    secretary.post(f"{base}/chuyen/", objective_id=str(second.id))
    assert now(secretary, draft).objectives[1].actions[-1].id == added.id
    secretary.post(f"{base}/tach/", first="Nửa đầu", second="Nửa sau")
    assert [row.text for row in now(secretary, draft).objectives[1].actions][-2:] == ["Nửa đầu", "Nửa sau"]
    secretary.post(f"{base}/gop/", into_id=str(second.actions[0].id))
    assert added.id not in [row.id for row in now(secretary, draft).objectives[1].actions]
    secretary.post(f"/ke-hoach/{draft.id}/soan/bien-phap/{first.actions[0].id}/xoa/")
    assert len(now(secretary, draft).objectives[0].actions) == 1


def test_objectives_are_numbered_anew(draft: PlanDetail, secretary: Any) -> None:
    secretary.post(address(draft, "muc-tieu/{o}/xoa/"))
    secretary.post(f"/ke-hoach/{draft.id}/soan/danh-so-lai/")
    assert [row.number for row in now(secretary, draft).objectives] == ["1"]


def test_what_somebody_else_saved_is_shown_and_not_overwritten_unasked(
    draft: PlanDetail, secretary: Any, people: People
) -> None:
    row = draft.objectives[0]
    operations.update_objective(actor=people.an, objective_id=row.id, today=TODAY, text="Bản của người khác")
    mine = {"number": row.number, "text": "Bản của tôi", "method": "", "revision": str(row.revision)}
    page = secretary.post(address(draft, "muc-tieu/{o}/"), 200, **mine).content.decode()
    assert "Bản của tôi" in page
    assert "Bản của người khác" in page
    read = now(secretary, draft).objectives[0]
    assert read.text == "Bản của người khác"
    assert f'name="revision" value="{read.revision}"' in page
    secretary.post(address(draft, "muc-tieu/{o}/"), **(mine | {"revision": str(read.revision)}))
    assert now(secretary, draft).objectives[0].text == "Bản của tôi"


def test_a_submitted_plan_is_not_edited(draft: PlanDetail, secretary: Any) -> None:
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    response = secretary.post(address(draft, "muc-tieu/{o}/"), text="Muộn rồi")
    assert response.url == f"/ke-hoach/{draft.id}/"
    assert now(secretary, draft).objectives[0].text == draft.objectives[0].text
    assert (
        secretary.post_htmx(address(draft, "muc-tieu/{o}/"), text="x").headers["HX-Redirect"]
        == f"/ke-hoach/{draft.id}/"
    )


def test_names_are_mapped_once_for_all(draft: PlanDetail, secretary: Any) -> None:
    page = secretary.get(f"/ke-hoach/{draft.id}/soan/don-vi/")
    assert page.count("Bộ phận lạ</strong>") == 1
    names = [body.text for body in queries.bodies(queries.plan_detail(secretary.actor, draft.id))]
    unit_id = queries.body_choices(secretary.actor).units[2][0]
    secretary.post(
        f"/ke-hoach/{draft.id}/soan/don-vi/", **{f"body-{names.index('Bộ phận lạ')}": f"unit:{unit_id}"}
    )
    bodies = {body.text: body for body in queries.bodies(queries.plan_detail(secretary.actor, draft.id))}
    assert bodies["Bộ phận lạ"].unit_id == unit_id


def test_a_unit_of_another_agency_cannot_be_meant(draft: PlanDetail, secretary: Any, people: People) -> None:
    foreign = people.other_agency.units.order_by("pk").first()
    assert foreign is not None
    secretary.post(f"/ke-hoach/{draft.id}/soan/don-vi/", 200, **{"body-0": f"unit:{foreign.pk}"})
    assert now(secretary, draft) == draft
