"""Numbered papers of audits: the decision on a team, the report, the year's programme; entered, replaced, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from camket.core.numbering import NumberNotPossible
from camket.core.workflow import NotPossible
from camket.documents.queries import read_file
from camket.improvement.given import AuditIncomplete, DayNotPossible
from camket.improvement.models import Audit, AuditPaper, AuditProgrammePaper, Finding, Nonconformity
from camket.improvement.operations import audit_papers, audit_programmes, nonconformities
from camket.improvement.operations import audits as operations
from camket.improvement.operations.audits import NewAudit
from camket.improvement.queries import audits as queries
from camket.improvement.queries.audits_programme import papers_of
from camket.journal.models import Entry as JournalEntry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Role
from camket.org.policy import Actor, NotAllowed
from camket.registers import operations as registers
from camket.registers.models import Entry
from camket.registers.operations.issued import PaperNotInForce
from improvement.test_audits import ON_SITE, SITE, answered, planned, prepared, report, units, words
from people import People, actor_of, make_person
from work import NOW, TODAY

pytestmark = pytest.mark.django_db


def decide(people: People, row: Audit, number: str = "7/QĐ-UBND", **said: object) -> AuditPaper:
    """Issue the decision on an audit's team."""
    given = {"actor": people.an, "decided_on": TODAY, "now": NOW, **said}
    return audit_papers.issue_decision(audit_id=row.pk, number=number, **given)  # type: ignore[arg-type]


def next_number(people: People) -> str:
    """The number that a decision is proposed."""
    return queries.next_decision_number(people.an, TODAY, issuer=people.agency.full_name)


def withdraw(actor: Actor, paper: AuditPaper, reason: str = "Ghi sai điều khoản") -> AuditPaper:
    """Withdraw a paper of an audit."""
    return audit_papers.withdraw_audit_paper(actor=actor, paper_id=paper.pk, reason=reason, now=ON_SITE)


def of_agency(people: People, number: str = "31/BC-UBND") -> tuple[Audit, AuditPaper, Finding]:
    """A report with a number of the agency's own series."""
    row, em, found = answered(people)
    operations.write_report(
        actor=em, audit_id=row.pk, strengths="", conclusion="Phù hợp", proposals="", now=ON_SITE
    )
    row = operations.issue_report(
        actor=people.an, audit_id=row.pk, number=number, reported_on=SITE, now=ON_SITE
    )
    return row, row.papers.get(kind="report"), found


class TestDecision:
    def test_it_is_frozen_with_its_files_and_enters_the_outgoing_documents(self, people: People) -> None:
        row, _ = prepared(people)
        paper = decide(people, row)
        row.refresh_from_db()
        assert (row.decision_number, row.decision_on) == ("07/QĐ-UBND", TODAY)
        assert (paper.version, paper.state, paper.content["team"][0]["name"]) == (1, "issued", "Vũ Văn Em")
        sent = paper.outgoing
        assert sent is not None
        assert (sent.number, sent.on, sent.series, sent.kind) == ("07/QĐ-UBND", TODAY, "QĐ-UBND", "QĐ")
        assert "Thành lập Đoàn đánh giá nội bộ" in sent.title
        before = [read_file(people.an, each or 0) for each in (paper.docx_id, paper.pdf_id)]
        Audit.objects.filter(pk=row.pk).update(title="Tên khác")
        assert [read_file(people.an, each or 0) for each in (paper.docx_id, paper.pdf_id)] == before
        said = words(before[0])
        assert "07/QĐ-UBND" in said
        assert "Vũ Văn Em" in said
        assert "thay thế" not in said
        assert JournalEntry.objects.filter(verb="audit.decided").count() == 1

    def test_the_next_number_follows_the_series_and_one_taken_is_refused(self, people: People) -> None:
        row, _ = prepared(people)
        assert next_number(people) == "01/QĐ-UBND"
        registers.enter(
            actor=people.an,
            register="outgoing",
            values={
                "number": "07/QĐ-UBND",
                "on": TODAY - timedelta(days=1),
                "kind": "QĐ",
                "title": "Việc khác",
            },
            now=NOW,
        )
        assert next_number(people) == "08/QĐ-UBND"
        with pytest.raises(registers.NumberTaken):
            decide(people, row)
        assert not AuditPaper.objects.exists()
        decide(people, row, "8/QĐ-UBND")
        assert next_number(people) == "09/QĐ-UBND"

    def test_it_takes_the_clerks_entry_of_the_same_day_and_a_committees_number_has_none(
        self, people: People
    ) -> None:
        row, _ = prepared(people)
        by_hand = registers.enter(
            actor=people.an,
            register="outgoing",
            values={"number": "07/QĐ-UBND", "on": TODAY, "kind": "QĐ", "title": "Thành lập đoàn"},
            now=NOW,
        )
        paper = decide(people, row)
        assert paper.outgoing_id == by_hand.pk
        other = planned(people)
        em = actor_of(make_person(people.agency, "Đỗ Thị Gấm", "gam", Role.AUDITOR), people.agency)
        operations.set_team(actor=people.an, audit_id=other.pk, team=[(em.person_id, "lead")], now=NOW)
        assert decide(people, other, "2/QĐ-BCĐ").outgoing is None

    def test_another_team_is_decided_anew_before_the_audit_is_announced(self, people: People) -> None:
        row, em = prepared(people)
        first = decide(people, row)
        office, _ = units(people)
        gam = actor_of(make_person(people.agency, "Đỗ Thị Gấm", "gam", Role.AUDITOR, office), people.agency)
        team = [(em.person_id, "lead"), (gam.person_id, "member")]
        operations.set_team(actor=people.an, audit_id=row.pk, team=team, now=NOW)
        with pytest.raises(AuditIncomplete, match="07/QĐ-UBND"):
            operations.announce(actor=people.an, audit_id=row.pk, now=NOW)
        with pytest.raises(DayNotPossible):
            decide(people, row, "9/QĐ-UBND", decided_on=TODAY - timedelta(days=1))
        second = decide(people, row, "9/QĐ-UBND")
        first.refresh_from_db()
        assert (first.state, second.version, second.supersedes) == ("replaced", 2, first)
        assert "thay thế Quyết định số 07/QĐ-UBND" in words(read_file(people.an, second.docx_id or 0))
        operations.announce(actor=people.an, audit_id=row.pk, now=NOW)

    def test_it_asks_for_a_team_a_unit_who_plans_and_who_gives_numbers(self, people: People) -> None:
        row = planned(people)
        with pytest.raises(AuditIncomplete):
            decide(people, row)
        row, em = prepared(people)
        for actor in (people.binh, em, people.chau):
            with pytest.raises((NotAllowed, NumberNotPossible)):
                decide(people, row, actor=actor)
        with pytest.raises(Audit.DoesNotExist):
            decide(people, row, actor=people.chi)
        with pytest.raises(DayNotPossible):
            decide(people, row, decided_on=TODAY + timedelta(days=1))
        assert not AuditPaper.objects.exists()
        assert not Entry.objects.exists()

    def test_withdrawn_it_stays_with_its_reason_and_its_number_is_not_given_again(
        self, people: People
    ) -> None:
        row, _ = prepared(people)
        paper = decide(people, row)
        withdraw(people.chau, paper, " Sai  họ tên\n")
        row.refresh_from_db()
        paper.refresh_from_db()
        assert (row.decision_number, row.decision_on, row.state) == ("", None, "planned")
        assert (paper.state, paper.withdrawal, paper.outgoing and paper.outgoing.state) == (
            "withdrawn",
            "Sai họ tên",
            "withdrawn",
        )
        with pytest.raises(NumberNotPossible, match="07/QĐ-UBND"):
            decide(people, row)
        new = decide(people, row, "8/QĐ-UBND")
        assert (new.version, new.supersedes, new.state) == (2, None, "issued")
        shown = queries.page(people.an, row.pk)
        assert [(each.number, each.state) for each in shown.decisions] == [
            ("08/QĐ-UBND", "issued"),
            ("07/QĐ-UBND", "withdrawn"),
        ]


class TestReportWithdrawn:
    def test_it_keeps_its_files_and_a_corrected_one_is_issued_anew(self, people: People) -> None:
        row, paper, found = of_agency(people)
        kept = [read_file(people.an, each or 0) for each in (paper.docx_id, paper.pdf_id)]
        raised = Nonconformity.objects.get(finding=found)
        withdraw(people.chau, paper)
        row.refresh_from_db()
        paper.refresh_from_db()
        assert (row.state, row.report_number, row.reported_on) == ("reporting", "", None)
        assert (paper.state, paper.withdrawal, paper.withdrawn_by_id) == (
            "withdrawn",
            "Ghi sai điều khoản",
            people.chau.person_id,
        )
        assert paper.outgoing is not None
        assert (paper.outgoing.state, paper.outgoing.withdrawal) == ("withdrawn", "Ghi sai điều khoản")
        assert [read_file(people.an, each or 0) for each in (paper.docx_id, paper.pdf_id)] == kept
        noted = JournalEntry.objects.get(verb="audit.paper_withdrawn")
        assert (noted.reason, noted.after) == (
            "Ghi sai điều khoản",
            {"state": "withdrawn", "number": "31/BC-UBND"},
        )
        told = [each.message["template"] for each in Notification.objects.filter(topic="improvement")]
        assert any("is withdrawn" in each for each in told)
        operations.change_finding(
            actor=actor_of_lead(row, people),
            finding_id=found.pk,
            finding=operations.NewFinding("minor", found.text, clause="8.5.1"),
            now=ON_SITE,
        )
        given = {"audit_id": row.pk, "reported_on": SITE, "now": ON_SITE}
        with pytest.raises(NumberNotPossible, match="31/BC-UBND"):
            operations.issue_report(actor=people.an, number="31/BC-UBND", **given)  # type: ignore[arg-type]
        again = operations.issue_report(actor=people.an, number="32/BC-UBND", **given)  # type: ignore[arg-type]
        assert (again.state, again.report_number) == ("reported", "32/BC-UBND")
        new = again.papers.get(kind="report", state="issued")
        assert (new.version, new.content["findings"][0]["clause"]) == (2, "8.5.1")
        assert list(Nonconformity.objects.all()) == [raised]
        assert [each.number for each in queries.page(people.an, row.pk).reports] == [
            "32/BC-UBND",
            "31/BC-UBND",
        ]

    def test_one_of_a_closed_audit_too_and_the_audit_closes_with_the_corrected_one(
        self, people: People
    ) -> None:
        row, paper, found = of_agency(people)
        raised = Nonconformity.objects.get(finding=found)
        nonconformities.cancel(actor=people.an, nonconformity_id=raised.pk, reason="Nhầm", now=ON_SITE)
        operations.close_settled(actor=people.an, audit_id=row.pk, now=ON_SITE)
        withdraw(people.chau, paper)
        operations.withdraw_finding(
            actor=actor_of_lead(row, people), finding_id=found.pk, reason="Không có căn cứ", now=ON_SITE
        )
        again = operations.issue_report(
            actor=people.an, audit_id=row.pk, number="32/BC-UBND", reported_on=SITE, now=ON_SITE
        )
        assert again.state == "closed"

    def test_a_finding_that_a_nonconformity_rests_on_is_not_taken_back_before_it(
        self, people: People
    ) -> None:
        row, paper, found = of_agency(people)
        em = actor_of_lead(row, people)
        withdraw(people.chau, paper)
        with pytest.raises(AuditIncomplete, match="KPH 01/"):
            operations.withdraw_finding(actor=em, finding_id=found.pk, reason="Nhầm", now=ON_SITE)
        with pytest.raises(AuditIncomplete, match="KPH 01/"):
            operations.change_finding(
                actor=em,
                finding_id=found.pk,
                finding=operations.NewFinding("observation", found.text),
                now=ON_SITE,
            )
        raised = Nonconformity.objects.get(finding=found)
        nonconformities.cancel(actor=people.an, nonconformity_id=raised.pk, reason="Nhầm", now=ON_SITE)
        operations.withdraw_finding(actor=em, finding_id=found.pk, reason="Nhầm", now=ON_SITE)

    def test_one_of_the_teams_own_series_has_no_entry(self, people: People) -> None:
        row, em, _ = answered(people)
        report(people, row, em)
        paper = AuditPaper.objects.get()
        withdraw(people.chau, paper)
        assert not Entry.objects.exists()
        with pytest.raises(NumberNotPossible):
            report(people, row, em)

    def test_it_asks_for_a_reason_a_leader_the_own_agency_and_once(self, people: People) -> None:
        row, paper, _ = of_agency(people)
        for actor, reason, refusal in (
            (people.chau, " \n", ReasonMissing),
            (people.an, "Nhầm", NotAllowed),
            (people.binh, "Nhầm", NotAllowed),
            (people.chi, "Nhầm", (NotAllowed, AuditPaper.DoesNotExist)),
        ):
            with pytest.raises(refusal):
                withdraw(actor, paper, reason)
        sent = paper.outgoing
        assert sent is not None
        with pytest.raises(registers.StateNotFitting):
            registers.withdraw(actor=people.an, entry_id=sent.pk, reason="Nhầm", now=ON_SITE)
        row.refresh_from_db()
        sent.refresh_from_db()
        assert (row.state, sent.state) == ("reported", "noted")
        assert not JournalEntry.objects.filter(verb="audit.paper_withdrawn").exists()
        withdraw(people.chau, paper)
        with pytest.raises(PaperNotInForce):
            withdraw(people.chau, paper)
        assert JournalEntry.objects.filter(verb="audit.paper_withdrawn").count() == 1
        with pytest.raises(registers.StateNotFitting):
            registers.reopen(actor=people.an, entry_id=sent.pk, reason="Nhầm", now=ON_SITE)


class TestProgramme:
    def signed(self, people: People, number: str = "3/KH-UBND") -> AuditProgrammePaper:
        row = audit_programmes.make_programme(actor=people.an, year=2026, purpose="Duy trì", now=NOW)
        planned(people, programme_id=row.pk)
        return self.approve(people, row.pk, number)

    def approve(self, people: People, programme_id: int, number: str) -> AuditProgrammePaper:
        audit_programmes.turn_programme(actor=people.an, programme_id=programme_id, act="submit", now=NOW)
        audit_programmes.turn_programme(
            actor=people.chau,
            programme_id=programme_id,
            act="approve",
            number=number,
            signed_on=TODAY,
            now=NOW,
        )
        return AuditProgrammePaper.objects.latest("version")

    def test_signed_it_stands_among_the_outgoing_documents(self, people: People) -> None:
        paper = self.signed(people)
        assert paper.outgoing is not None
        assert (paper.outgoing.number, paper.outgoing.series) == ("03/KH-UBND", "KH-UBND")
        assert paper.outgoing.values["signer"] == "Lê Minh Châu"

    def test_withdrawn_it_is_a_draft_that_is_signed_anew_under_another_number(self, people: People) -> None:
        paper = self.signed(people)
        audit_papers.withdraw_programme(actor=people.chau, paper_id=paper.pk, reason="Sót bộ phận", now=NOW)
        paper.refresh_from_db()
        row = paper.programme
        assert (row.state, row.number, row.approved_at) == ("draft", "", None)
        assert (paper.state, paper.outgoing and paper.outgoing.state) == ("withdrawn", "withdrawn")
        planned(people, programme_id=row.pk)
        audit_programmes.turn_programme(actor=people.an, programme_id=row.pk, act="submit", now=NOW)
        with pytest.raises(registers.NumberTaken):
            audit_programmes.turn_programme(
                actor=people.chau,
                programme_id=row.pk,
                act="approve",
                number="3/KH-UBND",
                signed_on=TODAY,
                now=NOW,
            )
        audit_programmes.turn_programme(
            actor=people.chau,
            programme_id=row.pk,
            act="approve",
            number="4/KH-UBND",
            signed_on=TODAY,
            now=NOW,
        )
        assert [(each.version, each.state, each.withdrawal) for each in papers_of(people.an, row.pk)] == [
            (2, "issued", ""),
            (1, "withdrawn", "Sót bộ phận"),
        ]
        new = row.papers.get(version=2)
        assert (new.supersedes, new.content["replaces"], len(new.content["audits"])) == (None, None, 2)

    def test_it_asks_for_a_reason_a_leader_and_a_programme_that_is_not_closed(self, people: People) -> None:
        paper = self.signed(people)
        for actor, reason, refusal in (
            (people.chau, " ", ReasonMissing),
            (people.an, "Nhầm", NotAllowed),
            (people.chi, "Nhầm", (NotAllowed, AuditProgrammePaper.DoesNotExist)),
        ):
            with pytest.raises(refusal):
                audit_papers.withdraw_programme(actor=actor, paper_id=paper.pk, reason=reason, now=NOW)
        audit_programmes.turn_programme(
            actor=people.an, programme_id=paper.programme_id, act="close", now=NOW
        )
        with pytest.raises(NotPossible):
            audit_papers.withdraw_programme(actor=people.chau, paper_id=paper.pk, reason="Nhầm", now=NOW)
        paper.refresh_from_db()
        assert paper.state == "issued"

    def test_a_version_that_it_had_replaced_stays_replaced(self, people: People) -> None:
        first = self.signed(people)
        operations.plan_audit(
            actor=people.an,
            audit=NewAudit("Đánh giá bổ sung", SITE, SITE),
            now=NOW,
            programme_id=first.programme_id,
            reason="Nhiều hồ sơ trễ",
        )
        audit_programmes.turn_programme(
            actor=people.chau, programme_id=first.programme_id, act="reissue", number="4/KH-UBND",
            signed_on=TODAY, now=NOW,
        )  # fmt: skip
        second = AuditProgrammePaper.objects.get(version=2)
        assert second.supersedes == first
        audit_papers.withdraw_programme(actor=people.chau, paper_id=second.pk, reason="Nhầm", now=NOW)
        first.refresh_from_db()
        assert first.state == "replaced"
        third = self.approve(people, first.programme_id, "5/KH-UBND")
        assert (third.version, third.supersedes) == (3, None)
        with pytest.raises(PaperNotInForce):
            audit_papers.withdraw_programme(actor=people.chau, paper_id=first.pk, reason="Nhầm", now=NOW)


def actor_of_lead(row: Audit, people: People) -> Actor:
    """The leader of an audit's team."""
    return actor_of(row.team.get(part="lead").person, people.agency)
