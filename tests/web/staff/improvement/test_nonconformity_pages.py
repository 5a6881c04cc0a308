"""The pages of nonconformities: the way of one by its buttons, what is refused, papers, few statements a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.actions import operations as tasks
from camket.actions.models import Task
from camket.improvement.models import CorrectiveStep, EffectCheck, Nonconformity
from camket.improvement.operations import nonconformities as operations
from camket.improvement.operations.nonconformities import NewNonconformity, Proposed
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet
from figures import make_plan_in_force, read, share, targets_of
from people import TODAY, People
from work import NOW, PDF, submitted_task

SignedIn = Callable[[Actor], Client]
LIST = "/khac-phuc/"


def typed(**more: object) -> dict[str, object]:
    return {
        "source": "other",
        "title": "Hồ sơ chuyển muộn",
        "text": "Ba hồ sơ đất đai chuyển chậm hai ngày.",
        "found_on": f"{TODAY:%d/%m/%Y}",
        **more,
    }


def raised(people: People, **more: object) -> Nonconformity:
    what = NewNonconformity(source="other", title="Hồ sơ chuyển muộn", text="Chậm hai ngày", found_on=TODAY)
    return operations.raise_nonconformity(actor=people.binh, what=what, now=NOW)


def page(client: Client, row: Nonconformity) -> str:
    return client.get(f"{LIST}{row.pk}/").content.decode()


def post(client: Client, row: Nonconformity, way: str, **data: object) -> str:
    return client.post(f"{LIST}{row.pk}/{way}/", data, follow=True).content.decode()


def test_it_goes_its_whole_way_by_forms_and_buttons(people: People, signed_in: SignedIn) -> None:
    an, chau, binh = signed_in(people.an), signed_in(people.chau), signed_in(people.binh)
    an.post(f"{LIST}them/", typed(owner_id=people.binh.person_id))
    row = Nonconformity.objects.get()
    assert "KPH 01/2026" in an.get(LIST).content.decode()
    assert "Hồ sơ chuyển muộn" in binh.get(LIST).content.decode()

    assert "Khắc phục tức thời" in post(binh, row, "trinh")
    row.refresh_from_db()
    assert row.state == "open"

    post(binh, row, "khac-phuc-ngay", correction="Chuyển ngay ba hồ sơ", corrected_on=f"{TODAY:%d/%m/%Y}")
    post(
        binh,
        row,
        "nguyen-nhan",
        name_0="Con người",
        causes_0="Không có người thay\n> Phân công không nêu",
        root_cause="Phân công không nêu người thay",
        similar="Đã xem hai bộ phận khác: không có",
    )
    shown = page(binh, row)
    assert "nc-bones" in shown
    assert shown.count("Không có người thay") >= 2  # drawn, and said beside it
    post(
        binh,
        row,
        "viec/them",
        kind="corrective",
        text="Sửa phân công",
        person_id=people.binh.person_id,
        due_on="31/12/2026",
    )
    post(binh, row, "trinh")
    row.refresh_from_db()
    assert row.state == "planned"

    post(chau, row, "phe-duyet")
    task = Task.objects.get(corrective_step__nonconformity=row)
    tasks.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
    tasks.accept_task(actor=people.dung, task_id=task.pk, now=NOW)
    row.refresh_from_db()
    assert row.state == "judging"
    post(an, row, "hieu-luc", **{"hieu-luc-verdict": "no", "hieu-luc-text": "Vẫn còn hồ sơ chậm"})
    row.refresh_from_db()
    assert row.state == "open"
    assert "Vẫn còn hồ sơ chậm" in page(an, row)


def test_nobody_is_offered_to_approve_the_own_plan(people: People, signed_in: SignedIn) -> None:
    row = raised(people)
    Nonconformity.objects.update(state="planned", planned_by_id=people.chau.person_id, planned_at=NOW)
    chau = signed_in(people.chau)
    assert f"{LIST}{row.pk}/phe-duyet/" not in page(chau, row)
    post(chau, row, "phe-duyet")
    row.refresh_from_db()
    assert row.state == "planned"


def test_a_proposal_is_taken_up_or_left_with_a_reason(people: People, signed_in: SignedIn) -> None:
    made = operations.propose(
        agency_id=people.agency.pk,
        proposals=[
            Proposed(
                key=key, source="target", title=f"Không đạt {key}", text="84/100", found_on=TODAY, found={}
            )
            for key in ("a", "b")
        ],
        now=NOW,
    )
    an = signed_in(people.an)
    assert "Không đạt a" in an.get(LIST).content.decode()
    post(an, made[0], "bo-qua")
    made[0].refresh_from_db()
    assert made[0].state == "proposed"
    post(an, made[0], "bo-qua", **{"bo-qua-reason": "Số liệu nhập nhầm"})
    post(an, made[1], "tiep-nhan", owner_id=people.binh.person_id)
    for row in made:
        row.refresh_from_db()
    assert [row.state for row in made] == ["dismissed", "open"]
    assert "Số liệu nhập nhầm" in page(an, made[0])


def test_causes_that_make_no_tree_are_refused_at_their_group(people: People, signed_in: SignedIn) -> None:
    row = raised(people)
    answer = signed_in(people.an).post(
        f"{LIST}{row.pk}/nguyen-nhan/", {"name_1": "Quy trình", "causes_1": ">> Vì sao"}
    )
    assert "causes_1" in answer.context["form"].errors
    assert ">> Vì sao" in answer.content.decode().replace("&gt;", ">")
    row.refresh_from_db()
    assert row.causes == {}


def test_the_book_and_the_request_are_handed_out(people: People, signed_in: SignedIn) -> None:
    row = raised(people)
    an = signed_in(people.an)
    for ending, magic in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        answer = an.get(f"{LIST}so.{ending}")
        assert answer.content.startswith(magic), ending
        assert answer["Content-Disposition"].startswith("attachment")
    for ending in ("docx", "pdf"):
        assert an.get(f"{LIST}{row.pk}/phieu.{ending}").status_code == 200
    assert an.get(f"{LIST}so.exe").status_code == 404
    sheet = read_sheet(an.get(f"{LIST}so.xlsx").content, "so.xlsx")
    assert "KPH 01/2026" in str(sheet)


@pytest.mark.parametrize(
    "query", ["", "?muc=late", "?muc=running&nguon=other&nam=2026", "?tu=muon", "?muc=x"]
)
def test_the_list_narrows_down_with_few_statements(people: People, signed_in: SignedIn, query: str) -> None:
    raised(people)
    an = signed_in(people.an)
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = an.get(LIST + query)
    assert len(found) <= 15
    late = "Hồ sơ chuyển muộn" in answer.content.decode()
    assert late is (query != "?muc=late")


def test_a_page_takes_few_statements_and_another_agencys_is_not_there(
    people: People, signed_in: SignedIn
) -> None:
    row = raised(people)
    an = signed_in(people.an)
    with CaptureQueriesContext(connection) as found:
        assert an.get(reverse("web:nonconformities:page", args=[row.pk])).status_code == 200
    assert len(found) <= 15
    assert signed_in(people.chi).get(f"{LIST}{row.pk}/").status_code in (403, 404)


def test_the_verdict_of_the_target_that_tells_the_effect_stands_on_the_page(
    people: People, signed_in: SignedIn
) -> None:
    target = targets_of(make_plan_in_force(people))[0]
    read(people, target, share(99, 100))
    what = NewNonconformity("target", "Không đạt", "Tỷ lệ thấp", TODAY, target_id=target.pk)
    row = operations.raise_nonconformity(actor=people.an, what=what, now=NOW)
    an = signed_in(people.an)
    with CaptureQueriesContext(connection) as found:
        assert f'href="/muc-tieu/{target.objective_id}/"' in page(an, row)
    assert len(found) <= 15, [each["sql"][:90] for each in found]


def judged_by_its_target(people: People, numerator: int) -> Nonconformity:
    """One that waits for its judgement by a target of which so many in a hundred were in time."""
    target = targets_of(make_plan_in_force(people))[0]
    read(people, target, share(numerator, 100))
    what = NewNonconformity("target", "Không đạt", "Tỷ lệ thấp", TODAY, target_id=target.pk)
    row = operations.raise_nonconformity(actor=people.an, what=what, now=NOW)
    Nonconformity.objects.filter(pk=row.pk).update(state="judging", judge_on=TODAY)
    return row


def test_only_the_head_judges_effective_what_the_target_does_not_bear_out(
    people: People, signed_in: SignedIn
) -> None:
    row = judged_by_its_target(people, 10)
    an, chau = signed_in(people.an), signed_in(people.chau)
    assert "hieu-luc-despite" not in page(an, row)
    typed_in = {"hieu-luc-verdict": "yes", "hieu-luc-text": "Ba tháng không còn hồ sơ trễ"}
    assert "chỉ người đứng đầu" in post(an, row, "hieu-luc", **typed_in)
    assert "Nêu lý do kết luận có hiệu lực" in post(chau, row, "hieu-luc", **typed_in)
    row.refresh_from_db()
    assert (row.state, row.checks.count()) == ("judging", 0)

    said = post(chau, row, "hieu-luc", **typed_in, **{"hieu-luc-despite": "Số liệu còn của quý trước"})
    assert "Số liệu còn của quý trước" in said
    row.refresh_from_db()
    assert row.state == "closed"
    assert row.checks.get().figures["despite"] == "Số liệu còn của quý trước"
    book = read_sheet(an.get(f"{LIST}so.xlsx").content, "so.xlsx")
    assert "dù chỉ tiêu chưa đạt" in str(book)


def test_what_the_target_bears_out_is_judged_by_the_secretary_with_evidence(
    people: People, signed_in: SignedIn
) -> None:
    row = judged_by_its_target(people, 100)
    an = signed_in(people.an)
    typed_in = {"hieu-luc-verdict": "yes", "hieu-luc-text": "Số liệu tháng 6"}
    refused = post(an, row, "hieu-luc", **typed_in, **{"hieu-luc-link": "không phải địa chỉ"})
    assert row.checks.count() == 0
    assert "hieu-luc-link" in refused
    said = post(
        an,
        row,
        "hieu-luc",
        **typed_in,
        **{"hieu-luc-attachments": SimpleUploadedFile("bao-cao.pdf", PDF), "hieu-luc-title": "Báo cáo"},
    )
    assert row.checks.get().evidence.count() == 1
    assert "Báo cáo" in said
    with CaptureQueriesContext(connection) as found:
        page(an, row)
    assert len(found) <= 15, [each["sql"][:90] for each in found]


def test_what_waits_for_whom_stands_on_the_overview(people: People, signed_in: SignedIn) -> None:
    what = NewNonconformity(
        "other", "Hồ sơ chuyển muộn", "Chậm hai ngày", TODAY, owner_id=people.binh.person_id
    )
    operations.raise_nonconformity(actor=people.an, what=what, now=NOW)
    said = signed_in(people.binh).get("/dang-cho/").content.decode()
    assert "Lập kế hoạch khắc phục: Hồ sơ chuyển muộn" in said
    assert "Hồ sơ chuyển muộn" not in signed_in(people.chau).get("/dang-cho/").content.decode()


def test_a_figure_newer_than_the_last_step_decides(people: People, signed_in: SignedIn) -> None:
    """Reached by figures of the half year, the step done later: not borne out before a newer figure is there."""
    row = judged_by_its_target(people, 100)
    task = submitted_task(people)
    CorrectiveStep.objects.create(nonconformity=row, text="Phân công người thay", due_on=TODAY, task=task)
    tasks.accept_task(actor=people.an, task_id=task.pk, now=NOW)
    an = signed_in(people.an)
    with CaptureQueriesContext(connection) as asked:
        said = page(an, row)
    assert len(asked) <= 15, [each["sql"][:90] for each in asked]
    assert "Bước cuối cùng hoàn thành ngày 01/07/2026. Số liệu Quý III/2026 sẽ là căn cứ kết luận" in said
    typed_in = {"hieu-luc-verdict": "yes", "hieu-luc-text": "Chỉ tiêu đạt"}
    assert "chưa có số liệu của thời gian sau ngày" in post(an, row, "hieu-luc", **typed_in)
    row.refresh_from_db()
    assert (row.state, row.checks.count()) == ("judging", 0)
    Task.objects.filter(pk=task.pk).update(done_on=date(2026, 6, 1))
    assert "Bước cuối cùng" not in page(an, row)
    post(an, row, "hieu-luc", **typed_in)
    row.refresh_from_db()
    assert row.state == "closed"
    assert row.checks.get().figures["acted_on"] == "2026-06-01"


@pytest.mark.parametrize("way", ["sua", "khac-phuc-ngay", "nguyen-nhan", "viec/them"])
def test_nobody_fills_in_a_form_that_only_others_may_save(
    people: People, signed_in: SignedIn, way: str
) -> None:
    """An officer raised it; another unit's and another owner's, it is theirs to correct and plan."""
    row = raised(people)
    Nonconformity.objects.filter(pk=row.pk).update(owner_id=people.dung.person_id, unit_id=None)
    assert signed_in(people.dung).get(f"{LIST}{row.pk}/{way}/").status_code == 200
    assert signed_in(people.binh).get(f"{LIST}{row.pk}/{way}/").status_code == 403


def test_what_was_closed_says_why_it_is_open_again(people: People, signed_in: SignedIn) -> None:
    row = raised(people)
    Nonconformity.objects.filter(pk=row.pk).update(state="closed")
    EffectCheck.objects.create(
        nonconformity=row, is_effective=True, text="Đạt", on=TODAY, at=NOW, by_id=people.chau.person_id
    )
    assert "Mở lại" not in page(signed_in(people.binh), row)
    assert "Hãy điền" in post(signed_in(people.chau), row, "mo-lai", **{"mo-lai-reason": " "})
    post(signed_in(people.chau), row, "mo-lai", **{"mo-lai-reason": "Tái diễn ngày 02/07"})
    shown = page(signed_in(people.binh), row)
    assert "Lê Minh Châu mở lại ngày" in shown
    assert "Tái diễn ngày 02/07" in shown
