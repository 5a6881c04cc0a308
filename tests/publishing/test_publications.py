"""What becomes public: prepared, published by a leader, frozen; corrected by a new one, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from camket.core.workflow import PUBLICATION, NotPossible
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.objectives.models import Plan
from camket.org.models import Person, Role
from camket.org.policy import NotAllowed
from camket.publishing import changes
from camket.publishing.content import checksum
from camket.publishing.models import Publication, PublicPage
from camket.publishing.operations import page as pages
from camket.publishing.operations import publications as operations
from camket.publishing.preparing import NothingToPublish
from camket.publishing.queries import publications as queries
from camket.reporting import operations as reports
from figures import SPRING, SUMMER, make_plan_in_force, read, share, targets_of
from people import TODAY, People, actor_of, make_person
from procedures import make_procedure
from reporting.test_reports import issue
from reporting.year import HALF, make_year
from work import NOW, at

LATER = at(date(2026, 10, 5))


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


def prepare(people: People, kind: str = "results", correction: str = "") -> Publication:
    return operations.prepare_publication(actor=people.an, kind=kind, correction=correction, now=NOW)


def publish(people: People, kind: str = "results", correction: str = "") -> Publication:
    made = prepare(people, kind, correction)
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    return operations.publish(actor=people.chau, publication_id=made.pk, now=NOW)


def verbs(people: People) -> list[str]:
    return list(
        Entry.objects.filter(agency=people.agency, verb__startswith="publication.")
        .order_by("sequence")
        .values_list("verb", flat=True)
    )


def test_results_are_published_frozen_as_they_were_reviewed(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    read(people, target, share(492, 500, SPRING))
    made = publish(people)
    line = made.content["objectives"][0]["targets"][0]
    assert line["result"].replace("\N{NO-BREAK SPACE}", " ") == "98,4 % (492/500)"
    assert (line["numerator"], line["denominator"]) == ("492", "500")
    assert made.sha256 == checksum(made.content)
    read(people, target, share(100, 500, SUMMER))
    assert Publication.objects.get(pk=made.pk).content == made.content
    changed = queries.changed_since(people.an, made.pk, TODAY)
    assert [each.label[:4] for each in changed] == ["1.1."]
    assert "98,4" in changed[0].then
    assert verbs(people) == ["publication.prepared", "publication.submitted", "publication.published"]


def test_who_prepared_it_does_not_publish_it(people: People, plan: Plan) -> None:
    both = make_person(people.agency, "Phạm Văn Em", "em", Role.SECRETARY)
    make_post = people.agency.memberships.create(person=both, role=Role.REPRESENTATIVE)
    assert make_post.pk
    actor = actor_of(both, people.agency)
    made = operations.prepare_publication(actor=actor, kind="policy", now=NOW)
    operations.submit_publication(actor=actor, publication_id=made.pk, is_checked=True, today=TODAY)
    with pytest.raises(operations.OwnPreparation):
        operations.publish(actor=actor, publication_id=made.pk, now=NOW)
    assert Publication.objects.get(pk=made.pk).state == "review"
    assert operations.publish(actor=people.chau, publication_id=made.pk, now=NOW).state == "published"


def test_what_is_public_does_not_change(people: People, plan: Plan) -> None:
    made = publish(people, "policy")
    with pytest.raises(NotPossible):
        operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    with pytest.raises(NotPossible):
        operations.prepare_again(actor=people.an, publication_id=made.pk, title="x", correction="", now=NOW)
    with pytest.raises(NotPossible):
        operations.discard_publication(actor=people.an, publication_id=made.pk, today=TODAY)
    assert Publication.objects.get(pk=made.pk).state == "published"


def test_a_correction_replaces_the_older_one_and_keeps_it(people: People, plan: Plan) -> None:
    old = publish(people)
    new = publish(people, correction="Chỉ tiêu 1.1 ghi nhầm mẫu số.")
    old.refresh_from_db()
    assert (old.state, old.ended_at, new.replaces_id) == ("replaced", NOW, old.pk)
    assert queries.publication(people.an, old.pk).row.replaced_by_id == new.pk
    assert Publication.objects.filter(agency=people.agency, kind="results", state="published").count() == 1


def test_one_matter_is_prepared_once_at_a_time(people: People, plan: Plan) -> None:
    first = prepare(people)
    with pytest.raises(operations.AlreadyPrepared) as refused:
        prepare(people)
    assert refused.value.publication_id == first.pk
    operations.discard_publication(actor=people.an, publication_id=first.pk, today=TODAY)
    assert prepare(people).pk != first.pk


def test_a_leader_returns_with_a_reason_that_the_secretary_reads(people: People, plan: Plan) -> None:
    made = prepare(people)
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    with pytest.raises(ReasonMissing):
        operations.return_publication(actor=people.chau, publication_id=made.pk, reason="  ", today=TODAY)
    operations.return_publication(
        actor=people.chau, publication_id=made.pk, reason="Chờ số liệu quý II.", today=TODAY
    )
    assert queries.publication(people.an, made.pk).row.returned == "Chờ số liệu quý II."
    again = operations.prepare_again(
        actor=people.an, publication_id=made.pk, title=made.title, correction="", now=LATER
    )
    assert (again.state, again.as_of) == ("draft", date(2026, 10, 5))


@pytest.mark.parametrize("moment", ["before it is submitted", "before it is published"])
def test_a_report_corrected_after_its_publication_was_prepared_is_not_made_public(
    people: People, moment: str
) -> None:
    report = reports.draft_report(
        actor=people.an, plan_id=make_year(people).plan.pk, kind="half_year", period=HALF, now=NOW
    )
    made = operations.prepare_publication(
        actor=people.an, kind="report", subject_id=issue(people, report).pk, now=NOW
    )
    is_submitted = moment == "before it is published"
    if is_submitted:
        operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    newer = reports.correct_report(actor=people.an, report_id=report.pk, reason="Sai số hồ sơ", now=NOW)
    issue(people, newer, number="13/BC-UBND")
    if is_submitted:
        with pytest.raises(operations.Outdated):
            operations.publish(actor=people.chau, publication_id=made.pk, now=NOW)
        operations.return_publication(
            actor=people.chau, publication_id=made.pk, reason="Đã có bản đính chính.", today=TODAY
        )
    with pytest.raises(operations.Outdated):
        operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    again = operations.prepare_again(
        actor=people.an, publication_id=made.pk, title=made.title, correction="", now=NOW
    )
    assert (again.report_id, again.content["report"]["number"]) == (newer.pk, "13/BC-UBND")
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    assert operations.publish(actor=people.chau, publication_id=made.pk, now=NOW).state == "published"


def test_withdrawn_with_a_reason_it_is_public_no_more(people: People, plan: Plan) -> None:
    made = publish(people, "policy")
    with pytest.raises(ReasonMissing):
        operations.withdraw_publication(actor=people.chau, publication_id=made.pk, reason="", now=NOW)
    number = changes.number()
    operations.withdraw_publication(
        actor=people.chau, publication_id=made.pk, reason="Nêu nhầm tên đơn vị.", now=NOW
    )
    made.refresh_from_db()
    assert (made.state, made.withdrawal) == ("withdrawn", "Nêu nhầm tên đơn vị.")
    assert changes.number() == number  # the test's transaction is not committed: others would see nothing yet


def test_personal_data_is_looked_at_before_review(people: People, plan: Plan) -> None:
    made = prepare(people, "policy")
    made.content = {**made.content, "motto": "Gọi ông Trần Văn Bé, 0912 345 678"}
    made.sha256 = checksum(made.content)
    made.save()
    shown = queries.publication(people.an, made.pk).doubts
    assert {each.text for each in shown} == {"Trần Văn Bé", "0912 345 678"}
    with pytest.raises(operations.NotChecked):
        operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=False, today=TODAY)
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)


def test_the_offices_own_telephone_is_no_personal_data(people: People, plan: Plan) -> None:
    PublicPage.objects.create(agency=people.agency, slug="xa-an-binh", phone="0203 3999 111", changed_at=NOW)
    made = prepare(people, "policy")
    made.content = {**made.content, "motto": "Gọi 0203.3999.111"}
    made.sha256 = checksum(made.content)
    made.save()
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=False, today=TODAY)


def test_content_changed_behind_the_review_is_not_published(people: People, plan: Plan) -> None:
    made = prepare(people, "policy")
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    Publication.objects.filter(pk=made.pk).update(content={**made.content, "motto": "Khác"})
    with pytest.raises(operations.ContentDamaged):
        operations.publish(actor=people.chau, publication_id=made.pk, now=NOW)
    assert Publication.objects.get(pk=made.pk).published_at is None


def test_without_a_plan_there_is_nothing_to_publish(people: People) -> None:
    for kind in ("policy", "objectives", "results", "procedures"):
        with pytest.raises(NothingToPublish):
            prepare(people, kind)
    assert not Publication.objects.exists()


def test_the_catalogue_goes_out_with_its_limits_in_words(people: People) -> None:
    make_procedure(people.agency)
    row = publish(people, "procedures").content["procedures"][0]
    assert row["limit"].endswith("ngày làm việc")
    assert row["code"]


def test_a_plan_goes_out_without_the_names_of_those_who_do_the_work(people: People, plan: Plan) -> None:
    made = publish(people, "objectives")
    assert made.content["plan"]["format"] == "camket-plan/1"
    names = set(Person.objects.exclude(full_name="Lê Minh Châu").values_list("full_name", flat=True))
    assert not [name for name in names if name in str(made.content)]


def test_officers_and_strangers_publish_nothing(people: People, plan: Plan) -> None:
    made = prepare(people)
    with pytest.raises(NotAllowed):
        operations.prepare_publication(actor=people.binh, kind="policy", now=NOW)
    with pytest.raises(NotAllowed):
        operations.publish(actor=people.an, publication_id=made.pk, now=NOW)
    with pytest.raises(Publication.DoesNotExist):
        operations.submit_publication(actor=people.chi, publication_id=made.pk, is_checked=True, today=TODAY)
    with pytest.raises(Publication.DoesNotExist):
        queries.publication(people.chi, made.pk)
    assert Publication.objects.get().state == "draft"


def test_the_page_gets_an_address_made_of_the_agencys_name(people: People) -> None:
    assert queries.page(people.an).slug == "xa-binh-yen"
    PublicPage.objects.create(agency=people.other_agency, slug="xa-binh-yen", changed_at=NOW)
    assert queries.page(people.an).slug == "xa-binh-yen-h00-1"
    with pytest.raises(pages.SlugNotPossible):
        pages.save_page(actor=people.an, data=pages.PageData("xa-binh-yen"), now=NOW)
    with pytest.raises(pages.SlugNotPossible):
        pages.save_page(actor=people.an, data=pages.PageData("Xã Bình Yên"), now=NOW)
    assert not PublicPage.objects.filter(agency=people.agency).exists()


def test_an_open_page_keeps_its_address(people: People) -> None:
    pages.save_page(actor=people.an, data=pages.PageData("xa-binh-yen"), now=NOW)
    pages.open_page(actor=people.an, now=NOW)
    with pytest.raises(pages.SlugNotPossible):
        pages.save_page(actor=people.an, data=pages.PageData("xa-moi"), now=NOW)
    with pytest.raises(pages.PageStateNotPossible):
        pages.open_page(actor=people.an, now=NOW)
    pages.close_page(actor=people.an, now=NOW)
    pages.save_page(actor=people.an, data=pages.PageData("xa-moi", hours="Thứ Hai đến thứ Sáu"), now=NOW)
    assert PublicPage.objects.get(agency=people.agency).slug == "xa-moi"
    with pytest.raises(NotAllowed):
        pages.close_page(actor=people.binh, now=NOW)


@pytest.mark.parametrize("state", PUBLICATION.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, plan: Plan, state: str) -> None:
    made = prepare(people)
    Publication.objects.filter(pk=made.pk).update(state=state)
    acts: dict[str, Callable[[], object]] = {
        "prepare": lambda: operations.prepare_again(
            actor=people.an, publication_id=made.pk, title="Kết quả", correction="", now=NOW
        ),
        "submit": lambda: operations.submit_publication(
            actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY
        ),
        "return": lambda: operations.return_publication(
            actor=people.chau, publication_id=made.pk, reason="Sai", today=TODAY
        ),
        "publish": lambda: operations.publish(actor=people.chau, publication_id=made.pk, now=NOW),
        "withdraw": lambda: operations.withdraw_publication(
            actor=people.chau, publication_id=made.pk, reason="Sai", now=NOW
        ),
        "discard": lambda: operations.discard_publication(
            actor=people.an, publication_id=made.pk, today=TODAY
        ),
    }
    # What is replaced, is so by the next one that is published.
    assert set(acts) | {"replace"} == {act for each in PUBLICATION.states for act in PUBLICATION.acts(each)}
    before = Entry.objects.count()
    for act in set(acts) - PUBLICATION.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()
    made.refresh_from_db()
    assert (made.state, Entry.objects.count()) == (state, before)


def test_results_after_the_year_end_are_dated_by_its_last_day(people: People, plan: Plan) -> None:
    closed = at(date(2027, 1, 12))
    made = operations.prepare_publication(actor=people.an, kind="results", subject_id=None, now=closed)
    assert made.title.endswith("đến ngày 31/12/2026")
    assert (made.as_of, made.period_end) == (date(2026, 12, 31), date(2026, 12, 31))
    assert made.content["as_of"] == "2026-12-31"
