"""An internal audit from the year's programme to its report and the nonconformities that follow."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
from docx import Document as read_docx

from camket.core.numbering import NumberNotPossible
from camket.core.workflow import AUDIT, AUDIT_PROGRAMME, NotPossible
from camket.documents.models import OwnRecipients, StoredFile
from camket.documents.queries import read_file
from camket.documents.queries.formalities import set_out
from camket.improvement import catalogue, readiness
from camket.improvement.audit_paper import programme_document, report_document
from camket.improvement.given import (
    AuditIncomplete,
    DayNotPossible,
    StrangerNamed,
    TextMissing,
)
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    AuditPaper,
    AuditProgramme,
    AuditProgrammePaper,
    AuditQuestion,
    CycleRules,
    Finding,
    Nonconformity,
    Risk,
)
from camket.improvement.operations import audit_papers, audit_programmes, nonconformities
from camket.improvement.operations import audits as operations
from camket.improvement.operations.audits import NewAudit, NewFinding, NewSession
from camket.improvement.queries import audits as queries
from camket.improvement.queries.audits_programme import papers_of
from camket.improvement.telling import of_audit
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Membership, Person, Role, Unit
from camket.org.policy import Actor, NotAllowed
from camket.paper.writing.docx import write_docx
from camket.paper.writing.pdf import write_pdf
from camket.registers.models import Entry as Outgoing
from people import People, actor_of, make_person
from work import NOW, TODAY, at

SITE = TODAY + timedelta(days=20)
ON_SITE = at(SITE)
MINOR = NewFinding("minor", "Ba hồ sơ không có phiếu kiểm soát", clause="8.5", proof="Hồ sơ 12, 15, 21")


def units(people: People) -> tuple[Unit, Unit]:
    office, economy = people.agency.units.order_by("order")[:2]
    return office, economy


def planned(people: People, *, programme_id: int | None = None) -> Audit:
    """An's audit of the economy unit, where Bình and Dũng work."""
    _, economy = units(people)
    audit = NewAudit("Đánh giá nội bộ lần 1", SITE, SITE, unit_ids=(economy.pk,))
    return operations.plan_audit(actor=people.an, audit=audit, now=NOW, programme_id=programme_id)


def prepared(people: People) -> tuple[Audit, Actor]:
    """With a team led by Em of the office, a plan, and the questions of one clause."""
    office, economy = units(people)
    row = planned(people)
    em = actor_of(make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, office), people.agency)
    operations.set_team(actor=people.an, audit_id=row.pk, team=[(em.person_id, "lead")], now=NOW)
    operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=[hour(em, economy)], now=NOW)
    AuditedUnit.objects.filter(audit=row).update(clauses=["8.5", "10"])
    operations.lay_questions(actor=people.an, audit_id=row.pk, libraries=["iso9001-2015"], now=NOW)
    return row, em


def hour(actor: Actor, unit: Unit | None, starts: int = 8) -> NewSession:
    return NewSession(
        SITE,
        time(starts),
        time(starts + 1),
        "Giải quyết hồ sơ",
        None if unit is None else unit.pk,
        (actor.person_id,),
    )


def opened(people: People) -> tuple[Audit, Actor]:
    row, em = prepared(people)
    operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
    operations.open_audit(actor=em, audit_id=row.pk, now=ON_SITE)
    row.refresh_from_db()
    return row, em


def answered(people: People) -> tuple[Audit, Actor, Finding]:
    """All questions answered, the first by a finding; finished on site."""
    row, em = opened(people)
    _, economy = units(people)
    first, *others = AuditQuestion.objects.filter(audited__audit=row)
    found = operations.find(
        actor=em,
        audit_id=row.pk,
        unit_id=economy.pk,
        finding=replace(MINOR, question_id=first.pk),
        now=ON_SITE,
    )
    for each in others:
        operations.answer(
            actor=em, question_id=each.pk, answer="conforms", note="Đã xem", version=0, now=ON_SITE
        )
    operations.finish(actor=em, audit_id=row.pk, now=ON_SITE)
    return row, em, found


def words(docx: bytes) -> str:
    """All text of a DOCX, of its tables too."""
    file = read_docx(io.BytesIO(docx))
    cells = [cell.text for table in file.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(each.text for each in file.paragraphs), *cells])


def report(people: People, row: Audit, actor: Actor, conclusion: str = "Hệ thống phù hợp") -> Audit:
    operations.write_report(
        actor=actor, audit_id=row.pk, strengths="", conclusion=conclusion, proposals="", now=ON_SITE
    )
    return operations.issue_report(
        actor=actor,
        audit_id=row.pk,
        number="15/BC-ĐGNB",
        reported_on=SITE,
        now=ON_SITE,
    )


def paper_of(row: Audit, kind: str = "report") -> AuditPaper:
    """The paper of an audit that is in force."""
    return row.papers.get(kind=kind, state="issued")


class TestProgramme:
    def made(self, people: People) -> AuditProgramme:
        return audit_programmes.make_programme(actor=people.an, year=2026, purpose="Duy trì", now=NOW)

    def test_it_is_submitted_with_an_audit_and_approved_by_a_leader(self, people: People) -> None:
        row = self.made(people)
        turn: dict[str, Any] = {"programme_id": row.pk, "now": NOW}
        with pytest.raises(AuditIncomplete):
            audit_programmes.turn_programme(actor=people.an, act="submit", **turn)
        planned(people, programme_id=row.pk)
        audit_programmes.turn_programme(actor=people.an, act="submit", **turn)
        with pytest.raises(NotAllowed):
            audit_programmes.turn_programme(actor=people.an, act="approve", **turn)
        with pytest.raises(ReasonMissing):
            audit_programmes.turn_programme(actor=people.chau, act="return", **turn)
        audit_programmes.turn_programme(
            actor=people.chau, act="approve", number="3/KH-UBND", signed_on=TODAY, **turn
        )
        row.refresh_from_db()
        assert (row.state, row.number, row.edition) == ("approved", "3/KH-UBND", "iso9001-2015")

    def test_a_year_has_one_until_it_is_discarded(self, people: People) -> None:
        row = self.made(people)
        with pytest.raises(audit_programmes.ProgrammeThere):
            self.made(people)
        audit_programmes.turn_programme(actor=people.an, programme_id=row.pk, act="discard", now=NOW)
        assert self.made(people).pk != row.pk

    def test_an_audit_of_an_approved_programme_changes_with_a_reason(self, people: People) -> None:
        programme = self.made(people)
        row = planned(people, programme_id=programme.pk)
        for actor, act in ((people.an, "submit"), (people.chau, "approve")):
            audit_programmes.turn_programme(actor=actor, programme_id=programme.pk, act=act, now=NOW)
        _, economy = units(people)
        later = NewAudit(
            row.title, SITE + timedelta(days=7), SITE + timedelta(days=8), unit_ids=(economy.pk,)
        )
        with pytest.raises(ReasonMissing):
            operations.change_audit(actor=people.an, audit_id=row.pk, audit=later, now=NOW)
        operations.change_audit(actor=people.an, audit_id=row.pk, audit=later, now=NOW, reason="Trùng bầu cử")
        assert Entry.objects.get(verb="audit.changed").reason == "Trùng bầu cử"

    def approved(self, people: People) -> tuple[AuditProgramme, Audit]:
        row = self.made(people)
        audit = planned(people, programme_id=row.pk)
        turn: dict[str, Any] = {"programme_id": row.pk, "now": NOW}
        audit_programmes.turn_programme(actor=people.an, act="submit", **turn)
        audit_programmes.turn_programme(
            actor=people.chau, act="approve", number="3/KH-UBND", signed_on=TODAY, **turn
        )
        row.refresh_from_db()
        return row, audit

    def test_what_was_approved_is_frozen_with_its_files(self, people: People) -> None:
        row, audit = self.approved(people)
        paper = row.papers.get()
        kept = {each: read_file(people.an, each) for each in (paper.docx_id, paper.pdf_id)}
        _, economy = units(people)
        later = NewAudit("Đánh giá dời ngày", SITE + timedelta(days=30), SITE + timedelta(days=30))
        operations.change_audit(
            actor=people.an,
            audit_id=audit.pk,
            audit=replace(later, unit_ids=(economy.pk,)),
            now=NOW,
            reason="Bầu cử",
        )
        paper.refresh_from_db()
        assert paper.content["audits"][0]["title"] == "Đánh giá nội bộ lần 1"
        assert {each: read_file(people.an, each) for each in kept} == kept
        said = programme_document(paper.content, number=paper.number, signed_on=paper.signed_on)
        assert (write_docx(said), write_pdf(said)) == (kept[paper.docx_id], kept[paper.pdf_id])

    def test_adjustments_are_signed_as_a_version_that_names_the_one_before(self, people: People) -> None:
        row, audit = self.approved(people)
        first = row.papers.get()
        turn: dict[str, Any] = {"programme_id": row.pk, "now": NOW}
        with pytest.raises(AuditIncomplete):
            audit_programmes.turn_programme(actor=people.chau, act="reissue", **turn)
        with pytest.raises(ReasonMissing):
            planned(people, programme_id=row.pk)
        added = operations.plan_audit(
            actor=people.an,
            audit=NewAudit("Đánh giá bổ sung", SITE, SITE),
            now=NOW,
            programme_id=row.pk,
            reason="Nhiều hồ sơ trễ",
        )
        operations.cancel_audit(actor=people.an, audit_id=audit.pk, reason="Gộp vào đợt sau", now=NOW)
        row.refresh_from_db()
        assert [(each["what"], each["audit"]) for each in row.adjustments] == [
            ("added", added.pk),
            ("cancelled", audit.pk),
        ]
        told = Notification.objects.filter(
            person_id=people.chau.person_id, message__params__reason="Nhiều hồ sơ trễ"
        )
        assert told.exists()
        with pytest.raises(AuditIncomplete, match="wait for the leader"):
            audit_programmes.turn_programme(actor=people.an, act="close", **turn)
        with pytest.raises(NotAllowed):
            audit_programmes.turn_programme(actor=people.an, act="reissue", **turn)
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
            with pytest.raises(DayNotPossible):
                audit_programmes.turn_programme(actor=people.chau, act="reissue", signed_on=day, **turn)
        audit_programmes.turn_programme(
            actor=people.chau, act="reissue", number="9/KH-UBND", signed_on=TODAY, **turn
        )
        row.refresh_from_db()
        second = row.papers.get(version=2)
        assert (row.state, row.number, row.adjustments) == ("approved", "9/KH-UBND", [])
        assert (second.supersedes, second.content["replaces"]["number"]) == (first, "3/KH-UBND")
        assert [each["id"] for each in second.content["audits"]] == [added.pk]
        assert [(each.version, each.is_in_force) for each in papers_of(people.an, row.pk)] == [
            (2, True),
            (1, False),
        ]
        text = words(read_file(people.an, second.docx_id))
        assert "thay thế Kế hoạch số 3/KH-UBND" in text
        assert "Nhiều hồ sơ trễ" in text
        assert "Gộp vào đợt sau" in text
        assert "Lê Minh Châu" in text
        audit_programmes.turn_programme(actor=people.an, act="close", **turn)

    def test_audits_of_a_programme_that_waits_for_approval_stay(self, people: People) -> None:
        row = self.made(people)
        audit = planned(people, programme_id=row.pk)
        audit_programmes.turn_programme(actor=people.an, programme_id=row.pk, act="submit", now=NOW)
        moved = NewAudit("Dời", SITE, SITE)
        with pytest.raises(NotPossible):
            operations.change_audit(actor=people.an, audit_id=audit.pk, audit=moved, now=NOW, reason="Bầu cử")
        with pytest.raises(NotPossible):
            operations.cancel_audit(actor=people.an, audit_id=audit.pk, reason="Bầu cử", now=NOW)

    def test_another_agencys_does_not_exist(self, people: People) -> None:
        row, audit = self.made(people), planned(people)
        with pytest.raises(AuditProgramme.DoesNotExist):
            audit_programmes.turn_programme(actor=people.chi, programme_id=row.pk, act="submit", now=NOW)
        for act in (operations.announce, operations.open_audit, operations.finish):
            with pytest.raises(Audit.DoesNotExist):
                act(actor=people.chi, audit_id=audit.pk, now=NOW)
        stranger = people.other_agency.units.first()
        assert stranger is not None
        with pytest.raises(Unit.DoesNotExist):
            operations.plan_audit(
                actor=people.an, audit=NewAudit("x", SITE, SITE, unit_ids=(stranger.pk,)), now=NOW
            )


class TestPreparing:
    def test_an_audit_is_announced_when_nothing_lacks(self, people: People) -> None:
        row = planned(people)
        with pytest.raises(AuditIncomplete) as refused:
            operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        assert len(refused.value.lacks) == 2
        row, em = prepared(people)
        operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        for actor in (em, people.dung):
            (said,) = Notification.objects.filter(person_id=actor.person_id, topic="improvement")
            assert "Internal audit on" in said.message["template"]
            assert said.message["params"]["days"] == f"{SITE:%d/%m/%Y}"

    def test_days_of_an_audit_are_told_as_one_or_from_to(self, people: People) -> None:
        row = planned(people)
        row.starts_on, row.ends_on = date(2026, 12, 15), date(2026, 12, 15)
        assert of_audit(row=row, what="announced").params["days"] == "15/12/2026"
        row.ends_on = date(2026, 12, 17)
        assert of_audit(row=row, what="announced").params["days"] == "15/12/2026 – 17/12/2026"

    def test_one_announced_later_than_the_rhythm_has_it_says_why(self, people: People) -> None:
        row, _ = prepared(people)
        assert readiness.announce_by(row) == SITE - timedelta(days=14)
        shown = queries.page(people.an, row.pk)
        assert shown.announce_by == SITE - timedelta(days=14)
        late = at(SITE - timedelta(days=13))
        with pytest.raises(ReasonMissing):
            operations.announce(actor=people.an, audit_id=row.pk, now=late)
        operations.announce(actor=people.an, audit_id=row.pk, now=late, reason="Đoàn vừa được lập")
        assert Entry.objects.get(verb="audit.announced").reason == "Đoàn vừa được lập"

    def test_one_out_of_turn_comes_as_soon_as_it_is_called_for(self, people: People) -> None:
        row, _ = prepared(people)
        Audit.objects.filter(pk=row.pk).update(kind=Audit.Kind.EXTRA)
        assert queries.page(people.an, row.pk).announce_by is None
        operations.announce(actor=people.an, audit_id=row.pk, now=at(SITE - timedelta(days=1)))
        assert Entry.objects.get(verb="audit.announced").reason == ""

    def test_the_agencys_own_rhythm_says_by_when(self, people: People) -> None:
        row, _ = prepared(people)
        CycleRules.objects.create(agency=people.agency, announced_days=30, changed_at=NOW)
        with pytest.raises(ReasonMissing):
            operations.announce(actor=people.an, audit_id=row.pk, now=NOW)

    def test_who_has_no_tie_to_a_unit_is_proposed_for_it(self, people: People) -> None:
        office, economy = units(people)
        audit = NewAudit("Đánh giá chéo", SITE, SITE, unit_ids=(office.pk, economy.pk))
        row = operations.plan_audit(actor=people.an, audit=audit, now=NOW)
        em = actor_of(make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, office), people.agency)
        giang = make_person(people.agency, "Ngô Thị Giang", "giang", Role.AUDITOR, economy)
        team = [(em.person_id, "lead"), (giang.pk, "member")]
        operations.set_team(actor=people.an, audit_id=row.pk, team=team, now=NOW)
        tied = queries.tied_people(people.an, queries.page(people.an, row.pk))
        assert (tied[em.person_id], tied[giang.pk]) == ({office.pk}, {economy.pk})
        lines = queries.proposed_sessions(queries.page(people.an, row.pk), tied)
        proposed = {each.unit_id: [one.person_id for one in each.auditors] for each in lines}
        assert proposed == {
            None: [em.person_id, giang.pk],
            office.pk: [giang.pk],
            economy.pk: [em.person_id],
        }
        operations.set_team(actor=people.an, audit_id=row.pk, team=team[:1], now=NOW)
        alone = queries.proposed_sessions(queries.page(people.an, row.pk), tied)
        assert [each.auditors for each in alone if each.unit_id == office.pk] == [()]

    def test_auditors_without_a_tie_make_the_proposed_team(self, people: People) -> None:
        office, economy = units(people)
        row = planned(people)
        em = make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, office)
        make_person(people.agency, "Ngô Thị Giang", "giang", Role.AUDITOR, economy)
        tied = queries.tied_people(people.an, queries.page(people.an, row.pk))
        team = queries.proposed_team(people.an, tied, SITE)
        assert [(each.person_id, each.part) for each in team] == [(em.pk, "lead")]

    def test_nobody_audits_the_unit_that_one_works_in(self, people: People) -> None:
        row, em = prepared(people)
        _, economy = units(people)
        team = [(em.person_id, "lead"), (people.binh.person_id, "member")]
        operations.set_team(actor=people.an, audit_id=row.pk, team=team, now=NOW)
        operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        Audit.objects.filter(pk=row.pk).update(state="planned")
        lines = [hour(em, economy), hour(people.binh, economy, 9)]
        operations.set_sessions(actor=people.an, audit_id=row.pk, sessions=lines, now=NOW)
        with pytest.raises(operations.NotIndependent) as refused:
            operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        assert [each.params["person"] for each in refused.value.lacks] == ["Trần Văn Bình"]
        row.refresh_from_db()
        assert row.state == "planned"

    def test_a_post_that_ended_within_the_year_counts_too(self, people: People) -> None:
        row, em = prepared(people)
        _, economy = units(people)
        ended = Membership.objects.create(
            agency=people.agency,
            person_id=em.person_id,
            unit=economy,
            role=Role.OFFICER,
            valid_to=SITE - timedelta(days=300),
        )
        assert len(readiness.dependence(row)) == 1
        Membership.objects.filter(pk=ended.pk).update(valid_to=SITE - timedelta(days=400))
        assert readiness.dependence(row) == ()

    def test_a_plan_without_clashes_within_the_days_of_the_audit(self, people: People) -> None:
        row, em = prepared(people)
        office, economy = units(people)
        same: dict[str, Any] = {"actor": people.an, "audit_id": row.pk, "now": NOW}
        operations.set_sessions(sessions=[hour(em, economy), hour(em, None)], **same)
        with pytest.raises(AuditIncomplete):
            operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        for wrong, error in (
            (replace(hour(em, economy), day=SITE + timedelta(days=1)), DayNotPossible),
            (replace(hour(em, economy), ends=time(8)), DayNotPossible),
            (hour(em, office), AuditIncomplete),
            (hour(people.binh, economy), AuditIncomplete),
            (replace(hour(em, economy), topic=" "), TextMissing),
        ):
            with pytest.raises(error):
                operations.set_sessions(sessions=[wrong], **same)
        assert row.sessions.count() == 2

    def test_a_team_has_one_leader_and_nobody_twice_or_from_outside(self, people: People) -> None:
        row = planned(people)
        an, binh = people.an.person_id, people.binh.person_id
        for team, error in (
            ([(an, "lead"), (binh, "lead")], AuditIncomplete),
            ([(an, "lead"), (an, "member")], AuditIncomplete),
            ([(people.chi.person_id, "lead")], StrangerNamed),
        ):
            with pytest.raises(error):
                operations.set_team(actor=people.an, audit_id=row.pk, team=team, now=NOW)
        for lead in (an, binh):
            other = binh if lead == an else an
            operations.set_team(
                actor=people.an, audit_id=row.pk, team=[(lead, "lead"), (other, "member")], now=NOW
            )
        assert row.team.get(part="lead").person_id == binh

    def test_questions_come_from_the_library_once_and_in_the_agencys_words(self, people: People) -> None:
        shipped = catalogue.shipped()[0].questions[0]
        keep: dict[str, Any] = {"actor": people.an, "look_at": "", "now": NOW}
        operations.keep_own_question(source=shipped.key, text="Câu riêng", clause="4.1", **keep)
        operations.keep_own_question(source="own", text="Câu thêm", clause="8.5", **keep)
        row = planned(people)
        lay: dict[str, Any] = {"actor": people.an, "audit_id": row.pk, "now": NOW}
        libraries = [each.key for each in catalogue.shipped()]
        count = operations.lay_questions(libraries=[*libraries, "own"], **lay)
        assert count == sum(len(each.questions) for each in catalogue.shipped()) + 1
        assert operations.lay_questions(libraries=libraries, **lay) == 0
        texts = set(AuditQuestion.objects.values_list("text", flat=True))
        assert {"Câu riêng", "Câu thêm"} <= texts
        assert shipped.text not in texts

    def test_a_unit_that_leaves_the_scope_takes_its_plan_along(self, people: People) -> None:
        row, _ = prepared(people)
        office, _ = units(people)
        changed = NewAudit("Khác", SITE, SITE, unit_ids=(office.pk,))
        operations.change_audit(actor=people.an, audit_id=row.pk, audit=changed, now=NOW)
        assert not row.sessions.exists()
        assert not AuditQuestion.objects.exists()


class TestOnSite:
    def test_only_the_team_answers_and_the_same_answer_twice_is_one(self, people: People) -> None:
        row, em = opened(people)
        question = AuditQuestion.objects.filter(audited__audit=row)[0]
        said: dict[str, Any] = {"question_id": question.pk, "now": ON_SITE}
        for _ in range(2):
            answered = operations.answer(
                actor=em, answer="conforms", note="Đã xem 5 hồ sơ", version=0, **said
            )
        assert answered.version == 1
        assert Entry.objects.filter(verb="audit.answered").count() == 1
        for stranger in (people.an, people.binh):
            with pytest.raises(NotAllowed):
                operations.answer(actor=stranger, answer="conforms", note="", version=1, **said)

    def test_what_somebody_else_answered_meanwhile_is_not_overwritten(self, people: People) -> None:
        row, em = opened(people)
        question = AuditQuestion.objects.filter(audited__audit=row)[0]
        said: dict[str, Any] = {"actor": em, "question_id": question.pk, "now": ON_SITE}
        operations.answer(answer="conforms", note="", version=0, **said)
        with pytest.raises(operations.AnsweredMeanwhile) as refused:
            operations.answer(answer="none", note="", version=0, **said)
        assert refused.value.question.answer == "conforms"
        operations.answer(answer="none", note="", version=1, **said)

    def test_a_finding_from_a_question_comes_once_by_its_key(self, people: People) -> None:
        row, em = opened(people)
        _, economy = units(people)
        question = AuditQuestion.objects.filter(audited__audit=row)[0]
        finding = replace(MINOR, question_id=question.pk, key="a1b2")
        write: dict[str, Any] = {"actor": em, "audit_id": row.pk, "unit_id": economy.pk, "now": ON_SITE}
        first = operations.find(finding=finding, **write)
        assert operations.find(finding=finding, **write).pk == first.pk
        assert operations.find(finding=MINOR, **write).serial == 2
        question.refresh_from_db()
        assert question.answer == "finding"
        with pytest.raises(TextMissing):
            operations.find(finding=replace(MINOR, text=" "), **write)

    def test_the_head_confirms_the_findings_of_the_own_unit_until_they_change(self, people: People) -> None:
        row, em, found = answered(people)
        office, economy = units(people)
        with pytest.raises(NotAllowed):
            operations.receive(actor=people.binh, audit_id=row.pk, unit_id=economy.pk, remark="", now=ON_SITE)
        operations.receive(
            actor=people.dung, audit_id=row.pk, unit_id=economy.pk, remark="Đồng ý", now=ON_SITE
        )
        audited = AuditedUnit.objects.get(audit=row)
        assert (audited.received_by_id, audited.remark) == (people.dung.person_id, "Đồng ý")
        operations.change_finding(
            actor=em, finding_id=found.pk, finding=replace(MINOR, grade="major"), now=ON_SITE
        )
        audited.refresh_from_db()
        assert audited.received_at is None


class TestReport:
    def test_it_is_issued_when_all_is_answered_and_raises_nonconformities(self, people: People) -> None:
        row, em, found = answered(people)
        with pytest.raises(AuditIncomplete):
            report(people, row, em, conclusion="")
        row = report(people, row, em)
        assert (row.state, row.report_number) == ("reported", "15/BC-ĐGNB")
        raised = Nonconformity.objects.get(finding=found)
        assert (raised.source, raised.serial, raised.unit_id) == ("audit", 1, found.audited.unit_id)
        with pytest.raises(AuditIncomplete):
            operations.close_settled(actor=em, audit_id=row.pk, now=ON_SITE)
        nonconformities.cancel(actor=people.an, nonconformity_id=raised.pk, reason="Nhầm", now=ON_SITE)
        assert operations.close_settled(actor=em, audit_id=row.pk, now=ON_SITE).state == "closed"

    def test_what_it_observed_is_proposed_for_the_book_of_risks(self, people: People) -> None:
        row, em, found = answered(people)
        operations.change_finding(
            actor=em, finding_id=found.pk, finding=replace(MINOR, grade="observation"), now=ON_SITE
        )
        report(people, row, em)
        risk = Risk.objects.get()
        assert (risk.state, risk.finding_id, risk.unit_id) == ("proposed", found.pk, found.audited.unit_id)
        assert risk.title == MINOR.text

    def test_one_without_nonconformities_is_closed_at_once(self, people: People) -> None:
        row, em, found = answered(people)
        with pytest.raises(ReasonMissing):
            operations.withdraw_finding(actor=em, finding_id=found.pk, reason="", now=ON_SITE)
        operations.withdraw_finding(actor=em, finding_id=found.pk, reason="Đã có phiếu", now=ON_SITE)
        assert report(people, row, em).state == "closed"
        assert not Nonconformity.objects.exists()

    def test_an_audit_finished_with_open_questions_says_why_and_so_does_its_report(
        self, people: People
    ) -> None:
        row, em = opened(people)
        first, *others = AuditQuestion.objects.filter(audited__audit=row)
        operations.answer(
            actor=em, question_id=first.pk, answer="conforms", note="Đã xem", version=0, now=ON_SITE
        )
        with pytest.raises(ReasonMissing):
            operations.finish(actor=em, audit_id=row.pk, now=ON_SITE)
        operations.finish(actor=em, audit_id=row.pk, now=ON_SITE, reason="Hết giờ làm việc")
        shown = queries.page(people.an, row.pk)
        assert (shown.open_questions, shown.asked) == (len(others), len(others) + 1)
        facts = queries.report_facts(shown)
        paper = report_document(
            heading=queries.heading(people.an), facts=facts, number="", reported_on=None, on=SITE
        )
        said = f"Còn {len(others)} trong số {len(others) + 1} câu hỏi chưa được trả lời. Lý do: Hết giờ làm việc."
        assert said in words(write_docx(paper))
        assert report(people, row, em).state == "closed"

    def test_its_number_is_well_formed_and_no_other_reports_of_the_year(self, people: People) -> None:
        row, em, _ = answered(people)
        given = {"audit_id": row.pk, "reported_on": SITE, "now": ON_SITE}
        operations.write_report(
            actor=em, audit_id=row.pk, strengths="", conclusion="Đạt", proposals="", now=ON_SITE
        )
        for wrong in ("abc", "", "15", "/BC-ĐĐG"):
            with pytest.raises(NumberNotPossible, match="05/BC-ĐĐG"):
                operations.issue_report(actor=em, number=wrong, **given)  # type: ignore[arg-type]
        other = planned(people)
        AuditPaper.objects.create(
            agency=people.agency, audit=other, kind="report", version=1, number="07/BC-ĐĐG", issued_on=SITE,
            content={}, issued_at=NOW,
        )  # fmt: skip
        with pytest.raises(NumberNotPossible, match="7/BC-ĐĐG"):
            operations.issue_report(actor=em, number="7/BC-ĐĐG", **given)  # type: ignore[arg-type]
        assert queries.next_report_number(people.an, SITE) == "08/BC-ĐĐG"
        assert queries.next_report_number(people.an, SITE.replace(year=SITE.year + 1)) == "01/BC-ĐĐG"
        made = operations.issue_report(actor=em, number="Số: 8/BC-ĐĐG", **given)  # type: ignore[arg-type]
        assert made.report_number == "08/BC-ĐĐG"
        assert not Outgoing.objects.exists()

    def test_a_number_of_the_agencys_series_enters_it_among_the_outgoing_documents(
        self, people: People
    ) -> None:
        row, em, _ = answered(people)
        given = {"audit_id": row.pk, "number": "31/BC-UBND", "reported_on": SITE, "now": ON_SITE}
        operations.write_report(
            actor=em, audit_id=row.pk, strengths="", conclusion="Đạt", proposals="", now=ON_SITE
        )
        with pytest.raises(NumberNotPossible, match="31/BC-UBND"):
            operations.issue_report(actor=em, **given)  # type: ignore[arg-type]
        row.refresh_from_db()
        assert row.state == "reporting"
        operations.issue_report(actor=people.an, **given)  # type: ignore[arg-type]
        entry = Outgoing.objects.get()
        assert (entry.number, entry.on, entry.series) == ("31/BC-UBND", SITE, "BC-UBND")
        assert row.title in entry.title

    def test_the_entry_names_the_recipients_that_its_files_name(self, people: People) -> None:
        row, em, _ = answered(people)
        OwnRecipients.objects.create(
            agency=people.agency, form="audit_report", lines=["Phòng Nội vụ tỉnh"], archive="Lưu: VT, ISO",
            valid_from=SITE - timedelta(days=1), made_at=ON_SITE, made_by_id=people.an.person_id,
        )  # fmt: skip
        operations.write_report(
            actor=em, audit_id=row.pk, strengths="", conclusion="Đạt", proposals="", now=ON_SITE
        )
        made = operations.issue_report(
            actor=people.an, audit_id=row.pk, number="31/BC-UBND", reported_on=SITE, now=ON_SITE
        )
        assert Outgoing.objects.get().values["recipients"] == "Phòng Nội vụ tỉnh"
        assert "Phòng Nội vụ tỉnh" in words(read_file(people.an, paper_of(made).docx_id or 0))

    def test_the_report_is_frozen_with_its_files_as_the_audit_stood(self, people: People) -> None:
        row, em, found = answered(people)
        row = report(people, row, em)
        kept_paper = paper_of(row)
        assert [each["text"] for each in kept_paper.content["findings"]] == [found.text]
        kept = {each: read_file(people.an, each) for each in (kept_paper.docx_id, kept_paper.pdf_id) if each}
        Person.objects.filter(pk=em.person_id).update(full_name="Vũ Văn Khác")
        Audit.objects.filter(pk=row.pk).update(title="Tên khác")
        shown = queries.page(people.an, row.pk).report
        assert shown is not None
        assert {each: read_file(people.an, each) for each in shown.files.values() if each} == kept
        assert len(kept) == 2
        said = words(kept[kept_paper.docx_id])  # type: ignore[index]
        assert "Đánh giá nội bộ lần 1" in said
        assert "Vũ Văn Em" in said
        assert found.text in said
        paper = report_document(
            heading=queries.heading(people.an),
            facts=kept_paper.content,
            number=row.report_number,
            reported_on=row.reported_on,
            on=SITE,
        )
        paper = set_out(row.agency_id, paper, SITE)
        assert write_pdf(paper) == kept[kept_paper.pdf_id]  # type: ignore[index]

    def test_going_back_to_answering_forgets_the_reason(self, people: People) -> None:
        row, em = opened(people)
        operations.finish(actor=em, audit_id=row.pk, now=ON_SITE, reason="Hết giờ làm việc")
        operations.reopen(actor=em, audit_id=row.pk, now=ON_SITE)
        with pytest.raises(ReasonMissing):
            operations.finish(actor=em, audit_id=row.pk, now=ON_SITE)

    def test_an_open_question_holds_it_up_and_its_day_is_no_earlier_than_the_audit(
        self, people: People
    ) -> None:
        row, em, _ = answered(people)
        AuditQuestion.objects.filter(answer="conforms").update(answer="")
        with pytest.raises(AuditIncomplete):
            report(people, row, em)
        AuditQuestion.objects.filter(answer="").update(answer="none")
        operations.write_report(
            actor=em, audit_id=row.pk, strengths="", conclusion="Đạt", proposals="", now=ON_SITE
        )
        for day in (SITE - timedelta(days=1), SITE + timedelta(days=1)):
            with pytest.raises(DayNotPossible):
                operations.issue_report(actor=em, audit_id=row.pk, number="", reported_on=day, now=ON_SITE)


def withdraw_report(people: People, row: Audit) -> None:
    """Withdraw a report that is there whatever the state of its audit says."""
    paper, _ = AuditPaper.objects.get_or_create(
        agency=people.agency, audit=row, kind="report", version=1, number="07/BC-ĐĐG", issued_on=SITE,
        content={}, issued_at=NOW,
    )  # fmt: skip
    audit_papers.withdraw_audit_paper(actor=people.chau, paper_id=paper.pk, reason="Nhầm", now=ON_SITE)


@pytest.mark.parametrize("state", AUDIT.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
    row, em = prepared(people)
    Audit.objects.filter(pk=row.pk).update(state=state)
    question = AuditQuestion.objects.filter(audited__audit=row)[0]
    _, economy = units(people)
    same: dict[str, Any] = {"audit_id": row.pk, "now": ON_SITE}
    acts: dict[str, Any] = {
        "prepare": lambda: operations.set_team(actor=people.an, team=[], **same),
        "announce": lambda: operations.announce(actor=people.an, **same),
        "cancel": lambda: operations.cancel_audit(actor=people.an, reason="x", **same),
        "open": lambda: operations.open_audit(actor=em, **same),
        "answer": lambda: operations.answer(
            actor=em, question_id=question.pk, answer="none", note="", version=0, now=ON_SITE
        ),
        "find": lambda: operations.find(actor=em, unit_id=economy.pk, finding=MINOR, **same),
        "finish": lambda: operations.finish(actor=em, **same),
        "reopen": lambda: operations.reopen(actor=em, **same),
        "report": lambda: operations.issue_report(actor=em, number="", reported_on=date(2026, 8, 1), **same),
        "close": lambda: operations.close_settled(actor=em, **same),
        "withdraw": lambda: withdraw_report(people, row),
    }
    for act in set(acts) - AUDIT.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()
    row.refresh_from_db()
    assert row.state == state


def signed(row: AuditProgramme, people: People) -> AuditProgrammePaper:
    """A signed version whatever the state of its programme says."""
    file = StoredFile.objects.create(
        agency=people.agency,
        sha256="0" * 64,
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        stored_at=NOW,
    )
    return AuditProgrammePaper.objects.create(
        programme=row,
        version=1,
        content={},
        docx=file,
        pdf=file,
        issued_at=NOW,
        issued_by_id=people.chau.person_id,
    )


@pytest.mark.parametrize("state", AUDIT_PROGRAMME.states)
def test_every_forbidden_act_of_a_programme_is_refused_in_every_state(people: People, state: str) -> None:
    row = audit_programmes.make_programme(actor=people.an, year=2026, purpose="Cả năm", now=NOW)
    planned(people, programme_id=row.pk)
    AuditProgramme.objects.filter(pk=row.pk).update(state=state)
    acts = {act for each in AUDIT_PROGRAMME.states for act in AUDIT_PROGRAMME.acts(each)} - {"adjust"}
    before = Entry.objects.count()
    same: dict[str, Any] = {"programme_id": row.pk, "now": NOW}
    for act in acts - AUDIT_PROGRAMME.acts(state):
        actor = people.chau if act in ("approve", "reissue", "return") else people.an
        do = partial(audit_programmes.turn_programme, actor=actor, act=act, reason="Sai", number="3/KH-UBND")
        if act == "withdraw":
            paper = signed(row, people)
            do = partial(audit_papers.withdraw_programme, actor=people.chau, paper_id=paper.pk, reason="Sai")
            with pytest.raises(NotPossible):
                do(now=NOW)
            continue
        if act == "edit":
            do = partial(audit_programmes.edit_programme, actor=actor, purpose="Nửa năm")
        with pytest.raises(NotPossible):
            do(**same)
    row.refresh_from_db()
    # A single audit is moved freely in a draft, and with a reason in a programme that is approved.
    if state not in ("draft", "approved"):
        with pytest.raises(NotPossible):
            audit_programmes.may_change(programme=row)
    assert (row.state, Entry.objects.count()) == (state, before)
