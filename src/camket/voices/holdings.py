"""What this package holds on a person of the staff: questionnaires, surveys, slips keyed in, feedback handled.

Senders of feedback are no persons of the installation: what is held on them stands in their feedback, found by code.
Who answers a survey is not known at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.org.personal import Section, said_moment
from camket.voices.models import (
    Comment,
    Feedback,
    FeedbackStep,
    Handout,
    Point,
    Questionnaire,
    QuestionnaireEdition,
    SlipBatch,
    Survey,
)

_TIME = Message(gettext_noop("Time"))
_NAME = Message(gettext_noop("Name"))
_CODE = Message(gettext_noop("Code"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the questionnaires, surveys, slips, comments and feedback that the person dealt with in the agency."""
    made = Questionnaire.objects.filter(agency_id=agency_id, created_by_id=person_id)
    editions = QuestionnaireEdition.objects.filter(
        Q(changed_by_id=person_id) | Q(published_by_id=person_id), questionnaire__agency_id=agency_id
    ).select_related("questionnaire")
    yield Section(
        "questionnaires",
        Message(gettext_noop("Questionnaires the person made, changed or published")),
        (_TIME, _NAME),
        tuple((said_moment(each.created_at), each.title) for each in made.order_by("created_at", "pk"))
        + tuple((said_moment(each.changed_at), str(each)) for each in editions.order_by("changed_at", "pk")),
    )
    surveys = Survey.objects.filter(agency_id=agency_id, created_by_id=person_id)
    points = Point.objects.filter(survey__agency_id=agency_id, created_by_id=person_id)
    yield Section(
        "surveys",
        Message(gettext_noop("Surveys and points of surveys the person set up")),
        (_TIME, _NAME),
        tuple((said_moment(each.created_at), each.title) for each in surveys.order_by("created_at", "pk"))
        + tuple((said_moment(each.created_at), each.name) for each in points.order_by("created_at", "pk")),
    )
    slips = SlipBatch.objects.filter(survey__agency_id=agency_id, begun_by_id=person_id)
    handouts = Handout.objects.filter(survey__agency_id=agency_id, noted_by_id=person_id)
    yield Section(
        "slips",
        Message(gettext_noop("Slips of surveys the person gave out or keyed in")),
        (_TIME, _NAME),
        tuple((said_moment(each.begun_at), each.name) for each in slips.order_by("begun_at", "pk"))
        + tuple((said_moment(each.noted_at), str(each)) for each in handouts.order_by("noted_at", "pk")),
    )
    comments = Comment.objects.filter(agency_id=agency_id, read_by_id=person_id)
    yield Section(
        "survey_comments",
        Message(gettext_noop("Comments of surveys the person read")),
        (_TIME,),
        tuple((said_moment(each.read_at),) for each in comments.order_by("read_at", "pk")),
    )
    feedback = Feedback.objects.filter(
        Q(received_by_id=person_id)
        | Q(officer_id=person_id)
        | Q(drafted_by_id=person_id)
        | Q(settled_by_id=person_id)
        | Q(published_by_id=person_id),
        agency_id=agency_id,
    )
    yield Section(
        "feedback",
        Message(gettext_noop("Feedback of citizens the person received, answered or published")),
        (_TIME, _CODE),
        tuple((said_moment(each.received_at), each.code) for each in feedback.order_by("received_at", "pk")),
    )
    steps = FeedbackStep.objects.filter(feedback__agency_id=agency_id, by_id=person_id)
    yield Section(
        "feedback_steps",
        Message(gettext_noop("What the person did about feedback of citizens")),
        (_TIME, _CODE),
        tuple(
            (said_moment(at), code)
            for at, code in steps.order_by("at", "pk").values_list("at", "feedback__code")
        ),
    )
