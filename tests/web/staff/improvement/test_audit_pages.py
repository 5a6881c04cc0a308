"""An internal audit on the screen: from the year's programme over answers on a phone to the issued report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.improvement.models import Audit, AuditedUnit, AuditQuestion, Finding, Nonconformity
from camket.improvement.operations import audits as operations
from camket.org.models import Role
from camket.org.policy import Actor
from people import TODAY, People, actor_of, make_person
from work import NOW, PDF, unit_of

SignedIn = Callable[[Actor], Client]
YEAR = "/danh-gia/"
SITE = TODAY


def planned(people: People, an: Client) -> int:
    """Plan an audit of the economy unit by the page; return its id."""
    answer = an.post(
        f"{YEAR}them/",
        {
            "title": "Đánh giá nội bộ đợt 1",
            "kind": "planned",
            "starts_on": f"{SITE:%d/%m/%Y}",
            "unit_ids": [str(unit_of(people, 1).pk)],
            "criteria": "TCVN ISO 9001:2015",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return Audit.objects.latest("pk").pk


def prepared(people: People, an: Client) -> tuple[int, Actor]:
    """With Em of the office as its leader, a plan, and the questions of two clauses."""
    audit_id = planned(people, an)
    em = actor_of(
        make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, unit_of(people, 0)), people.agency
    )
    page = f"{YEAR}{audit_id}/"
    team = {f"part-{index}": "member" for index in range(4)} | {"person-0": em.person_id, "part-0": "lead"}
    answer = an.post(f"{page}doan/", team)
    assert answer.status_code == 302, answer.content.decode()
    line = {
        "day-0": f"{SITE:%d/%m/%Y}",
        "starts-0": "8h",
        "ends-0": "9h30",
        "unit-0": unit_of(people, 1).pk,
        "topic-0": "Giải quyết hồ sơ",
        "people-0": [em.person_id],
    }
    answer = an.post(f"{page}lich/", line)
    assert answer.status_code == 302, answer.content.decode()
    AuditedUnit.objects.filter(audit_id=audit_id).update(clauses=["8.5", "10"])
    assert an.post(f"{page}phieu/", {"libraries": ["iso9001-2015"]}).status_code == 302
    return audit_id, em


def opened(people: People, an: Client) -> tuple[int, Actor]:
    audit_id, em = prepared(people, an)
    operations.announce(actor=people.an, audit_id=audit_id, now=NOW, reason="Đoàn vừa được lập")
    operations.open_audit(actor=em, audit_id=audit_id, now=NOW)
    return audit_id, em


@pytest.mark.django_db
class TestTheYear:
    def test_a_programme_is_begun_submitted_and_approved(self, people: People, signed_in: SignedIn) -> None:
        an, chau = signed_in(people.an), signed_in(people.chau)
        empty = an.get(YEAR).content.decode()
        assert "Năm này chưa có chương trình" in empty
        assert "chưa được đánh giá" in empty or "chưa đánh giá" in empty
        assert an.post(f"{YEAR}chuong-trinh/them/", {"year": "2026", "purpose": "Duy trì"}).status_code == 302
        again = an.post(f"{YEAR}chuong-trinh/them/", {"year": "2026"})
        assert "2026" in again.content.decode()
        assert again.status_code == 200
        audit_id = planned(people, an)
        row = Audit.objects.get(pk=audit_id)
        assert row.programme is not None
        page = f"{YEAR}chuong-trinh/{row.programme_id}/"
        an.post(f"{page}trinh/")
        assert "Chờ phê duyệt" in an.get(YEAR).content.decode()
        assert an.post(f"{page}phe-duyet/").status_code == 403
        shown = chau.post(f"{page}tra-lai/", {"tra-reason": ""}).content.decode()
        assert "ck-field--error" in shown
        chau.post(f"{page}phe-duyet/", {"duyet-number": "3/KH-UBND", "duyet-signed_on": "01/07/2026"})
        row.programme.refresh_from_db()
        assert (row.programme.state, row.programme.number) == ("approved", "03/KH-UBND")
        for ending in ("docx", "pdf"):
            paper = an.get(f"{YEAR}chuong-trinh/{row.programme_id}.{ending}")
            assert len(paper.content) > 2000

    def test_pages_ask_little_of_the_database(self, people: People, signed_in: SignedIn) -> None:
        an = signed_in(people.an)
        audit_id, em = opened(people, an)
        unit_id = unit_of(people, 1).pk
        question = AuditQuestion.objects.filter(audited__audit_id=audit_id).earliest("pk")
        client = signed_in(em)
        for page in (
            YEAR,
            f"{YEAR}{audit_id}/",
            f"{YEAR}{audit_id}/bo-phan/{unit_id}/",
            f"{YEAR}tra-loi/{question.pk}/",
            f"{YEAR}theo-doi/",
            f"{YEAR}theo-doi/bo-phan/{unit_id}/",
            f"{YEAR}theo-doi/dieu-khoan/8.5/",
        ):
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(page).status_code == 200
            assert len(asked) <= 15, (page, len(asked), [each["sql"][:120] for each in asked])


@pytest.mark.django_db
class TestPreparing:
    def test_what_lacks_and_who_is_not_independent_is_said_by_name(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id = planned(people, an)
        page = f"{YEAR}{audit_id}/"
        shown = an.get(page).content.decode()
        assert "Trước khi thông báo" in shown
        assert f"{page}buoc/thong-bao/" not in shown
        team = {f"part-{index}": "member" for index in range(4)}
        an.post(f"{page}doan/", {**team, "person-0": people.binh.person_id, "part-0": "lead"})
        shown = an.get(page).content.decode()
        assert "Chưa bảo đảm độc lập" in shown
        assert "Trần Văn Bình" in shown
        refused = an.post(f"{page}buoc/thong-bao/", follow=True).content.decode()
        assert "Chưa xếp" in refused or "chưa có thời gian" in refused or "lịch" in refused.lower()
        assert Audit.objects.get(pk=audit_id).state == "planned"

    def test_the_plan_begins_with_a_proposal_and_says_what_is_wrong_in_its_line(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id, _em = prepared(people, an)
        operations.set_sessions(actor=people.an, audit_id=audit_id, sessions=(), now=NOW)
        shown = an.get(f"{YEAR}{audit_id}/lich/").content.decode()
        assert "Họp khai mạc" in shown
        assert "Họp kết thúc" in shown
        wrong = an.post(
            f"{YEAR}{audit_id}/lich/",
            {"day-0": "01/07/2026", "starts-0": "25h", "ends-0": "", "topic-0": "Hồ sơ"},
        ).content.decode()
        assert "Ghi giờ theo dạng 08:30" in wrong
        assert "Ghi đủ ngày và giờ" in wrong

    def test_an_announced_audit_changes_and_is_cancelled_with_a_reason(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id, _em = prepared(people, an)
        page = f"{YEAR}{audit_id}/"
        late = an.post(f"{page}buoc/thong-bao/", {"buoc-reason": ""})
        assert late.status_code == 200
        assert "phải được thông báo chậm nhất ngày" in late.content.decode()
        assert Audit.objects.get(pk=audit_id).state == "planned"
        told = an.post(f"{page}buoc/thong-bao/", {"buoc-reason": "Đoàn vừa được lập"}, follow=True)
        assert "Đã thông báo" in told.content.decode()
        later = f"{SITE + timedelta(days=1):%d/%m/%Y}"
        form = {
            "title": "Đánh giá nội bộ đợt 1",
            "kind": "planned",
            "starts_on": later,
            "unit_ids": [str(unit_of(people, 1).pk)],
        }
        assert an.post(f"{page}sua/", form).status_code == 200
        assert an.post(f"{page}sua/", {**form, "reason": "Trùng họp Hội đồng nhân dân"}).status_code == 302
        assert an.post(f"{page}huy/", {"huy-reason": ""}).status_code == 200
        an.post(f"{page}huy/", {"huy-reason": "Dời sang năm sau"})
        assert "Dời sang năm sau" in an.get(page).content.decode()

    def test_a_strangers_audit_is_not_there(self, people: People, signed_in: SignedIn) -> None:
        an, chi = signed_in(people.an), signed_in(people.chi)
        audit_id = planned(people, an)
        for page in ("", "sua/", "doan/", "lich/", "bao-cao.docx"):
            assert chi.get(f"{YEAR}{audit_id}/{page}").status_code == 404


@pytest.mark.django_db
class TestOnSite:
    def test_a_bad_answer_becomes_a_finding_with_a_photo_in_one_step(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id, em = opened(people, an)
        client = signed_in(em)
        first, second, *_ = AuditQuestion.objects.filter(audited__audit_id=audit_id).order_by("pk")
        page = f"{YEAR}tra-loi/{first.pk}/"
        bad = {"answer": "finding", "note": "Xem 5 hồ sơ", "version": "0", "phat-hien-grade": "minor"}
        refused = client.post(page, bad)
        assert refused.status_code == 200
        first.refresh_from_db()
        assert first.answer == ""
        from django.core.files.uploadedfile import SimpleUploadedFile

        sent = client.post(
            page,
            {
                **bad,
                "phat-hien-text": "Ba hồ sơ không có phiếu kiểm soát",
                "phat-hien-clause": "8.5",
                "anh-attachments": SimpleUploadedFile("ho-so.pdf", PDF, "application/pdf"),
            },
        )
        assert sent.status_code == 302, sent.content.decode()
        assert sent["Location"] == f"{YEAR}tra-loi/{second.pk}/"
        found = Finding.objects.get()
        assert (found.grade, found.question_id, found.evidence.count()) == ("minor", first.pk, 1)
        assert "Ba hồ sơ" in client.get(f"{YEAR}phat-hien/{found.pk}/").content.decode()
        for ending in ("docx", "pdf"):
            assert client.get(f"{YEAR}phat-hien/{found.pk}.{ending}").status_code == 200

    def test_an_answer_given_meanwhile_is_shown_and_what_was_typed_is_kept(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id, em = opened(people, an)
        client = signed_in(em)
        first, second, *_ = AuditQuestion.objects.filter(audited__audit_id=audit_id).order_by("pk")
        page = f"{YEAR}tra-loi/{first.pk}/"
        client.get(page)
        operations.answer(
            actor=em, question_id=second.pk, answer="conforms", note="Câu khác", version=0, now=NOW
        )
        assert client.post(page, {"answer": "conforms", "note": "Đủ", "version": "0"}).status_code == 302
        late = client.post(page, {"answer": "none", "note": "Không có", "version": "0"})
        assert late.status_code == 200
        shown = late.content.decode()
        assert "Vũ Văn Em" in shown
        assert "Không có" in shown
        assert re.search(r'name="version"[^>]*value="1"', shown)
        assert client.post(page, {"answer": "none", "note": "Không có", "version": "1"}).status_code == 302

    def test_who_is_not_of_the_team_answers_nothing(self, people: People, signed_in: SignedIn) -> None:
        audit_id, _em = opened(people, signed_in(people.an))
        first = AuditQuestion.objects.filter(audited__audit_id=audit_id).earliest("pk")
        dung = signed_in(people.dung)
        assert "Chỉ thành viên đoàn" in dung.get(f"{YEAR}tra-loi/{first.pk}/").content.decode()
        sent = dung.post(f"{YEAR}tra-loi/{first.pk}/", {"answer": "conforms", "version": "0"})
        assert sent.status_code == 403

    def test_an_audit_is_not_finished_with_open_questions_unsaid(
        self, people: People, signed_in: SignedIn
    ) -> None:
        audit_id, em = opened(people, signed_in(people.an))
        client, page = signed_in(em), f"{YEAR}{audit_id}/"
        first, *others = AuditQuestion.objects.filter(audited__audit_id=audit_id)
        operations.answer(actor=em, question_id=first.pk, answer="conforms", note="", version=0, now=NOW)
        said = f"Còn {len(others)} trong số {len(others) + 1} câu hỏi chưa được trả lời."
        assert said in client.get(page).content.decode()
        refused = client.post(f"{page}buoc/ket-thuc/", {"buoc-reason": ""})
        assert refused.status_code == 200
        assert "ck-field--error" in refused.content.decode()
        assert Audit.objects.get(pk=audit_id).state == "open"
        client.post(f"{page}buoc/ket-thuc/", {"buoc-reason": "Hết giờ làm việc"})
        assert "Hết giờ làm việc" in client.get(page).content.decode()
        assert Audit.objects.get(pk=audit_id).state == "reporting"

    def test_the_head_confirms_the_report_is_issued_and_findings_go_into_the_book(
        self, people: People, signed_in: SignedIn
    ) -> None:
        an = signed_in(people.an)
        audit_id, em = opened(people, an)
        client, dung = signed_in(em), signed_in(people.dung)
        unit_id = unit_of(people, 1).pk
        page, unit = f"{YEAR}{audit_id}/", f"{YEAR}{audit_id}/bo-phan/{unit_id}/"
        form = {
            "grade": "major",
            "text": "Không kiểm soát tài liệu",
            "clause": "7.5",
            "proof": "Bản cũ tại quầy",
        }
        assert client.post(f"{unit}phat-hien/", form).status_code == 302
        found = Finding.objects.get()
        edited = client.post(f"{YEAR}phat-hien/{found.pk}/sua/", {**form, "grade": "minor"})
        assert edited.status_code == 302
        for each in AuditQuestion.objects.filter(audited__audit_id=audit_id):
            operations.answer(actor=em, question_id=each.pk, answer="conforms", note="", version=0, now=NOW)
        client.post(f"{page}buoc/ket-thuc/")
        assert dung.post(f"{unit}xac-nhan/", {"y-kien-remark": "Đồng ý"}).status_code == 302
        issue = {"phat-hanh-number": "15/BC-ĐGNB", "phat-hanh-reported_on": "01/07/2026"}
        assert "chưa có kết luận" in client.post(f"{page}phat-hanh/", issue).content.decode().lower()
        client.post(f"{page}bao-cao/", {"conclusion": "Hệ thống được duy trì, có hiệu lực"})
        assert "Chưa được đánh giá" in client.get(f"{YEAR}theo-doi/bo-phan/{unit_id}/").content.decode()
        assert client.post(f"{page}phat-hanh/", issue).status_code == 302
        for there in (f"theo-doi/bo-phan/{unit_id}/", "theo-doi/dieu-khoan/7.5/", "theo-doi/dieu-khoan/7/"):
            years = client.get(f"{YEAR}{there}").content.decode()
            assert "Không kiểm soát tài liệu" in years
            assert "Đang phân tích" in years
        assert client.get(f"{YEAR}theo-doi/dieu-khoan/10.2/").status_code == 200
        assert client.get(f"{YEAR}theo-doi/dieu-khoan/99/").status_code == 404
        assert signed_in(people.chi).get(f"{YEAR}theo-doi/bo-phan/{unit_id}/").status_code == 404
        row = Audit.objects.get(pk=audit_id)
        assert row.state == "reported"
        issued = row.papers.get(kind="report")
        assert issued.content["units"][0]["remark"] == "Đồng ý"
        assert Nonconformity.objects.filter(finding=found).count() == 1
        shown = client.get(f"{YEAR}theo-doi/").content.decode()
        assert "Không kiểm soát tài liệu" in shown
        for name in ("quyet-dinh", "ke-hoach", "bao-cao"):
            for ending in ("docx", "pdf"):
                assert len(client.get(f"{page}{name}.{ending}").content) > 2000
        for name in ("phieu", "phieu-trong"):
            assert len(client.get(f"{unit}{name}.docx").content) > 2000
        assert client.get(f"{YEAR}theo-doi.pdf").content.startswith(b"%PDF")
        assert client.get(f"{page}bao-cao.odt").status_code == 404


@pytest.mark.django_db
class TestOwnQuestions:
    def test_one_is_added_changed_and_asked_no_more(self, people: People, signed_in: SignedIn) -> None:
        an = signed_in(people.an)
        page = f"{YEAR}cau-hoi/"
        an.post(f"{page}them/", {"text": "Bảng niêm yết còn đúng không?", "clause": "8.2", "is_active": "on"})
        shown = an.get(page).content.decode()
        (own,) = re.findall(r"/danh-gia/cau-hoi/(\d+)/", shown)
        an.post(f"{page}{own}/", {"text": "Bảng niêm yết đủ không?", "clause": "8.2", "source": "own"})
        assert "Không dùng" in an.get(page).content.decode()
