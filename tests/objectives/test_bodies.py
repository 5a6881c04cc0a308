"""Whom the bodies of a plan mean: proposed by likeness, said by a person, remembered."""

from __future__ import annotations

import pytest

from camket.actions.models import ActionBody, Task
from camket.core.workflow import NotPossible
from camket.journal.models import Entry
from camket.objectives import operations, queries
from camket.objectives.bodies import BodyMapper, Candidate
from camket.objectives.models import Plan
from camket.objectives.operations import BodyMapping
from camket.org.models import BodyName, Person, Unit
from camket.org.policy import NotAllowed
from people import TODAY, People

OFFICE = Candidate(1, None, "Văn phòng HĐND và UBND", "section", ("Văn phòng HĐND và UBND", "VP"))
ECONOMY = Candidate(2, None, "Phòng Kinh tế", "section", ("Phòng Kinh tế",))
CULTURE = Candidate(3, None, "Phòng Văn hóa - Xã hội", "section", ("Phòng Văn hóa - Xã hội",))
CENTER = Candidate(4, None, "Trung tâm", "section", ("Trung tâm Phục vụ hành chính công",))
STATISTICS = Candidate(8, None, "Văn phòng - Thống kê", "section", ("Văn phòng - Thống kê",))
EVERYBODY = Candidate(5, None, "Tất cả", "all", ("Các phòng, đơn vị",))
LEADERS = Candidate(6, None, "Lãnh đạo", "leadership", ("Lãnh đạo UBND",))
BOARD = Candidate(7, None, "Ban Chỉ đạo ISO", "committee", ("Ban Chỉ đạo ISO",))
CHAIRMAN = Candidate(None, 1, "Lê Minh Châu", "chairman", ("Lê Minh Châu", "Chủ tịch UBND"))
DEPUTY = Candidate(None, 2, "Võ Thị Hạnh", "person", ("Võ Thị Hạnh", "Phó Chủ tịch UBND"))
SECRETARY = Candidate(None, 3, "Nguyễn Thị An", "secretary", ("Nguyễn Thị An",))
QMR = Candidate(None, 4, "Đỗ Văn Phúc", "representative", ("Đỗ Văn Phúc",))
ALL = (
    OFFICE,
    ECONOMY,
    CULTURE,
    CENTER,
    EVERYBODY,
    LEADERS,
    BOARD,
    CHAIRMAN,
    DEPUTY,
    SECRETARY,
    QMR,
    STATISTICS,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Phòng Kinh tế", ECONOMY),
        ("Trưởng phòng Kinh tế", ECONOMY),
        ("Công chức Phòng Kinh tế phụ trách đất đai", ECONOMY),
        ("Công chức VP-TK", STATISTICS),
        ("Trưởng bộ phận", None),
        ("Phòng VHXH xã", CULTURE),
        ("Trung tâm Phục vụ HCC", CENTER),
        ("VP HĐND&UBND", OFFICE),
        ("Các bộ phận chuyên môn", EVERYBODY),
        ("Thủ trưởng các cơ quan, đơn vị thuộc UBND xã", EVERYBODY),
        ("Toàn thể CBCC", EVERYBODY),
        ("Lãnh đạo UBND xã", LEADERS),
        ("BCĐ ISO", BOARD),
        ("Chủ tịch UBND xã", CHAIRMAN),
        ("Phó Chủ tịch UBND xã", DEPUTY),
        ("Thư ký ISO", SECRETARY),
        ("QMR", QMR),
        ("Đỗ Văn Phúc", QMR),
        ("Hội Làm vườn", None),
        ("Phòng Nội vụ", None),
        ("", None),
    ],
)
def test_name_is_proposed(text: str, meant: Candidate | None) -> None:
    proposal = BodyMapper({}, ALL).propose(text)
    if meant is None:
        assert proposal is None
    else:
        assert proposal is not None
        assert (proposal.unit_id, proposal.person_id) == (meant.unit_id, meant.person_id)
        assert not proposal.is_known


def test_what_a_person_said_wins() -> None:
    proposal = BodyMapper({"phong kinh te": (3, None)}, ALL).propose("Phòng Kinh tế")
    assert proposal is not None
    assert (proposal.unit_id, proposal.is_known) == (3, True)


def test_two_alike_are_left_to_a_person() -> None:
    twins = [
        Candidate(1, None, "Tổ dân phố 1", "section", ("Tổ dân phố 1",)),
        Candidate(2, None, "Tổ dân phố 2", "section", ("Tổ dân phố 2",)),
    ]
    assert BodyMapper({}, twins).propose("Tổ dân phố") is None
    two_secretaries = [SECRETARY, Candidate(None, 9, "Khác", "secretary", ("Khác",))]
    assert BodyMapper({}, two_secretaries).propose("Thư ký ISO") is None


def test_mapping_holds_for_all_of_the_name_and_is_remembered(people: People, draft: int) -> None:
    action = queries.plan_detail(people.an, draft).objectives[2].actions[0]
    operations.update_action(
        actor=people.an, action_id=action.id, today=TODAY, support=["TRUNG TÂM Phục vụ HCC."]
    )
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    changed = operations.map_bodies(
        actor=people.an, plan_id=draft, mappings=[BodyMapping("Trung tâm Phục vụ HCC", unit.pk)], today=TODAY
    )
    assert changed == 2
    rows = ActionBody.objects.filter(text__icontains="Phục vụ HCC")
    assert {row.unit_id for row in rows} == {unit.pk}
    assert BodyName.objects.get(agency=people.agency).unit_id == unit.pk
    found = queries.bodies(queries.plan_detail(people.an, draft))
    named = next(body for body in found if body.key == "trung tam phuc vu hcc")
    assert (named.actions, named.parts, named.unit_id) == (2, frozenset({"lead", "support"}), unit.pk)
    assert named.proposal is not None
    assert named.proposal.is_known
    assert Entry.objects.order_by("-pk")[0].verb == "plan.bodies_mapped"


def test_mapping_is_taken_away(people: People, draft: int) -> None:
    assert queries.unmapped_count(queries.plan_detail(people.an, draft)) == 0
    operations.map_bodies(
        actor=people.an, plan_id=draft, mappings=[BodyMapping("Phòng Kinh tế")], today=TODAY
    )
    plan = queries.plan_detail(people.an, draft)
    (body,) = (body for body in queries.bodies(plan) if body.unit_id is None and body.person_id is None)
    assert (body.text, queries.unmapped_count(plan)) == ("Phòng Kinh tế", 1)
    assert not BodyName.objects.exists()


def test_next_document_knows_the_name(people: People, draft: int) -> None:
    action = queries.plan_detail(people.an, draft).objectives[0].actions[0]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, lead=["Tổ Một cửa lưu động"])
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    operations.map_bodies(
        actor=people.an, plan_id=draft, mappings=[BodyMapping("Tổ Một cửa lưu động", unit.pk)], today=TODAY
    )
    other = operations.create_plan(actor=people.an, year=2027, today=TODAY)
    objective = operations.add_objective(actor=people.an, plan_id=other, today=TODAY, text="Đúng hẹn")
    operations.add_action(
        actor=people.an, objective_id=objective, today=TODAY, text="Trực", lead=["tổ một cửa lưu động"]
    )
    (body,) = queries.plan_detail(people.an, other).objectives[0].actions[0].lead
    assert body.unit_id == unit.pk


def test_mapping_is_refused(people: People, draft: int) -> None:
    theirs = Unit.objects.filter(agency=people.other_agency)[0]
    entries = Entry.objects.count()
    for mapping, refusal in (
        (BodyMapping("Không có tên này", None, people.an.person_id), operations.BodyUnknown),
        (BodyMapping("Phòng Kinh tế", theirs.pk), Unit.DoesNotExist),
        (BodyMapping("Phòng Kinh tế", None, people.chi.person_id), Person.DoesNotExist),
    ):
        good = BodyMapping("Thư ký ISO", None, people.binh.person_id)
        with pytest.raises(refusal):
            operations.map_bodies(actor=people.an, plan_id=draft, mappings=[good, mapping], today=TODAY)
    assert ActionBody.objects.get(text="Thư ký ISO").person_id == people.an.person_id
    assert not BodyName.objects.exists()
    assert Entry.objects.count() == entries


def test_mapping_in_force_gives_the_tasks_that_nobody_had(people: People, complete_draft: int) -> None:
    action = queries.plan_detail(people.an, complete_draft).objectives[1].actions[0]
    operations.update_action(
        actor=people.an, action_id=action.id, today=TODAY, lead=["Tổ khảo sát", "Hội Làm vườn"]
    )
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    mapping = BodyMapping("Tổ khảo sát", None, people.binh.person_id)
    with pytest.raises(NotPossible):
        operations.map_bodies(actor=people.an, plan_id=complete_draft, mappings=[mapping], today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=complete_draft, today=TODAY)
    operations.promulgate_plan(
        actor=people.an,
        plan_id=complete_draft,
        number="12/QĐ-UBND",
        decided_on=TODAY,
        signed_by="Lê Minh Châu",
        today=TODAY,
    )
    assert Task.objects.get(action_id=action.id).assignee_id is None
    operations.map_bodies(actor=people.an, plan_id=complete_draft, mappings=[mapping], today=TODAY)
    assert Task.objects.get(action_id=action.id).assignee_id == people.binh.person_id
    others = Task.objects.exclude(action_id=action.id)
    assert not others.filter(assignee_id=people.binh.person_id).exists()


def test_nobody_else_maps(people: People, draft: int) -> None:
    mapping = BodyMapping("Phòng Kinh tế", None, people.binh.person_id)
    with pytest.raises(Plan.DoesNotExist):
        operations.map_bodies(actor=people.chi, plan_id=draft, mappings=[mapping], today=TODAY)
    with pytest.raises(NotAllowed):
        operations.map_bodies(actor=people.binh, plan_id=draft, mappings=[mapping], today=TODAY)
    assert not BodyName.objects.exists()


def test_choices_are_the_agencys_own(people: People) -> None:
    choices = queries.body_choices(people.an)
    assert len(choices.units) == 4
    assert people.chi.person_id not in dict(choices.people)
    assert dict(choices.people)[people.an.person_id].startswith("Nguyễn Thị An")
