"""A survey that is open, for tests of answering: its questionnaire, points and what answers come to."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from camket.core.tally import Grain, day_number
from camket.org.models import Agency
from camket.voices import tally
from camket.voices.editions import content_of
from camket.voices.models import (
    Channel,
    Point,
    Questionnaire,
    QuestionnaireEdition,
    RatingBucket,
    Response,
    Survey,
)
from camket.voices.operations.answers import NewResponse
from people import TODAY

NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
KEY = "5f" * 32

CONTENT: dict[str, Any] = {
    "languages": ["vi", "en"],
    "title": {"vi": "Phiếu khảo sát ngắn", "en": "Short survey"},
    "introduction": {"vi": "Xin bạn dành một phút.", "en": "One minute, please."},
    "thanks": {"vi": "Ý kiến của bạn giúp chúng tôi phục vụ tốt hơn.", "en": "Your answer helps us."},
    "factors": [{"key": "officers", "label": {"vi": "Công chức", "en": "Officers"}}],
    "questions": [
        {
            "key": "attitude",
            "factor": "officers",
            "kind": "scale",
            "counts": True,
            "text": {"vi": "Thái độ của công chức khi hướng dẫn bạn?", "en": "How were you treated?"},
        },
        {
            "key": "overall",
            "kind": "scale",
            "is_required": True,
            "text": {"vi": "Nhìn chung, bạn có hài lòng không?", "en": "On the whole, are you satisfied?"},
        },
        {
            "key": "visits",
            "kind": "choice",
            "text": {"vi": "Bạn đã đến mấy lần?", "en": "How often did you come?"},
            "options": [
                {"key": "once", "label": {"vi": "Một lần", "en": "Once"}},
                {"key": "more", "label": {"vi": "Hai lần trở lên", "en": "Twice or more"}},
            ],
        },
        {"key": "wish", "kind": "text", "text": {"vi": "Góp ý thêm", "en": "Anything else"}},
    ],
}


def make_survey(agency: Agency, *, title: str = "Khảo sát một cửa 2026", **fields: Any) -> Survey:
    """An open survey whose questionnaire is in use."""
    made = Questionnaire.objects.create(agency=agency, code=f"{title}"[:60], title=title, created_at=NOW)
    QuestionnaireEdition.objects.create(
        questionnaire=made,
        number=1,
        state=QuestionnaireEdition.State.PUBLISHED,
        content=CONTENT,
        changed_at=NOW,
        published_at=NOW,
    )
    values: dict[str, Any] = {
        "state": Survey.State.OPEN,
        "starts_on": date(2026, 1, 1),
        "asks_field": False,
        "link_key": KEY,
        "created_at": NOW,
    }
    return Survey.objects.create(agency=agency, title=title, questionnaire=made, **{**values, **fields})


def make_point(survey: Survey, channel: Channel = Channel.QR, **fields: Any) -> Point:
    return Point.objects.create(
        survey=survey, channel=channel, created_at=NOW, **{"name": f"Điểm {channel.value}", **fields}
    )


def edition_of(survey: Survey) -> QuestionnaireEdition:
    return survey.questionnaire.editions.get(state=QuestionnaireEdition.State.PUBLISHED)


def answered(overall: int = 5, **fields: Any) -> NewResponse:
    values: dict[str, Any] = {"id": uuid.uuid4(), "on": TODAY, "channel": Channel.QR.value}
    return NewResponse(**{**values, "ratings": {"attitude": overall, "overall": overall}, **fields})


def buckets(agency_id: int) -> dict[tuple[Any, ...], int]:
    """Every count that is not nought, by cell and name."""
    return {
        (
            row.grain,
            row.start,
            row.survey_key,
            row.question,
            row.field_key,
            row.unit_key,
            row.channel,
            name,
        ): count
        for row in RatingBucket.objects.filter(agency_id=agency_id)
        for name in tally.COUNTS
        if (count := getattr(row, name))
    }


def counted_from_rows(agency_id: int) -> dict[tuple[Any, ...], int]:
    """The same, counted plainly over the answers themselves."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in Response.objects.filter(agency_id=agency_id).select_related("edition"):
        keys = {each.key for each in content_of(row.edition).counted}
        for grain, start in ((Grain.DAY, row.on), (Grain.MONTH, row.on.replace(day=1))):
            cell = (grain.value, day_number(start), row.survey_id)
            dimensions = (row.field_id or 0, row.unit_id or 0, row.channel)
            if row.state == Response.State.SET_ASIDE:
                found[(*cell, "", *dimensions, "set_aside")] += 1
                continue
            found[(*cell, "", *dimensions, "responses")] += 1
            for key, step in row.ratings.items():
                if key in keys:
                    found[(*cell, key, *dimensions, f"step_{step}")] += 1
    return dict(found)
