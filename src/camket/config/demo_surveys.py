"""What the sample's citizens answer: a standing survey since January 2025, slips keyed in, comments read and acted on.

Everything is drawn from one seed: the same answers on every machine. People, places and words are invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from camket.actions.operations import NewTask
from camket.config import SAMPLE_DAY
from camket.config.demo_dossiers import BUILDING, BUSINESS, CERTIFY, CIVIL, LAND, WELFARE
from camket.core.wording.text import search_key
from camket.org.policy import Actor
from camket.org.queries import unit_choices
from camket.voices.models import Channel, QuestionnaireEdition, Survey
from camket.voices.operations import comments, questionnaires, slips, surveys
from camket.voices.operations.answers import NewResponse, store_responses
from camket.voices.operations.slips import KeyedSlip
from camket.voices.operations.surveys import PointData, SurveyData
from camket.voices.queries.comments import CommentFilter, comment_page
from camket.voices.queries.results import names_of

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 20_260_706
ASKED_SINCE = date(2025, 1, 2)
SET_UP_ON = date(2026, 1, 7)
DESK = "Trung tâm Phục vụ hành chính công"
_SPACE = uuid.UUID("0c6b5b2e-6a9d-4b8e-9a52-7a2f9a3c11d4")


@dataclass(frozen=True, slots=True)
class _Manner:
    """How people of a field answer: their share among all, and how many of a hundred are satisfied in each year."""

    weight: int
    satisfied: Mapping[int, int]


_FIELDS: Mapping[str, _Manner] = {
    CIVIL: _Manner(30, {2025: 94, 2026: 97}),
    CERTIFY: _Manner(28, {2025: 95, 2026: 97}),
    LAND: _Manner(20, {2025: 82, 2026: 88}),
    BUILDING: _Manner(7, {2025: 84, 2026: 87}),
    WELFARE: _Manner(9, {2025: 91, 2026: 95}),
    BUSINESS: _Manner(6, {2025: 92, 2026: 94}),
}
_CHANNELS = ((Channel.PAPER, 45), (Channel.QR, 25), (Channel.KIOSK, 22), (Channel.LINK, 8))
_A_MONTH = (48, 62)
_REMARKS = 0.014
_ANSWERED = 0.82
"""Share of the single questions that people answer at all."""

_COMMENTS: tuple[tuple[str, str], ...] = (
    (CIVIL, "Làm khai sinh cho cháu xong ngay trong buổi sáng, cảm ơn các cô ở quầy số 2."),
    (LAND, "Hồ sơ đất phải bổ sung hai lần, lần sau xin hướng dẫn một lần cho đủ."),
    (LAND, "Chờ đo đạc lâu quá, gọi điện hỏi thì không ai biết bao giờ có người xuống."),
    (CERTIFY, "Thứ Hai đông người, nên có thêm một bàn chứng thực."),
    (CERTIFY, "Chỗ để xe không có mái che, trời mưa rất bất tiện."),
    (WELFARE, "Cán bộ ân cần với người già, tôi rất hài lòng."),
    (BUSINESS, "Nộp qua mạng được nhưng ảnh chụp giấy tờ bị báo lỗi mấy lần."),
    (BUILDING, "Đề nghị niêm yết mức phí cho dễ nhìn hơn."),
    (CIVIL, "Máy lấy số hay hỏng."),
    (LAND, "Lần này nhanh hơn năm ngoái nhiều."),
    (CERTIFY, "Ghế chờ ít, người già phải đứng."),
    (WELFARE, "Giấy hẹn ghi rõ ngày, đến là có kết quả."),
)


def ask_citizens(secretary: Actor, one_stop: Actor) -> None:
    """Tell of the sample's surveys: set up in January, the year before taken in from sheets, asked ever since."""
    survey = _set_up(secretary)
    _hand_out(one_stop, survey.pk)
    _answer(survey)
    _key_in(one_stop, survey)
    _read_comments(secretary)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 40), VIETNAM)


def _set_up(secretary: Actor) -> Survey:
    questionnaire_id = questionnaires.make_questionnaire(
        actor=secretary, title="", code="satisfaction", today=SET_UP_ON, now=_at(SET_UP_ON)
    )
    questionnaires.publish_edition(
        actor=secretary, questionnaire_id=questionnaire_id, today=SET_UP_ON, now=_at(SET_UP_ON)
    )
    survey_id = surveys.create_survey(
        actor=secretary,
        data=SurveyData(
            "Khảo sát thường xuyên tại Trung tâm", questionnaire_id, ASKED_SINCE, None, asks_field=True
        ),
        today=SET_UP_ON,
        now=_at(SET_UP_ON),
    )
    desk = next(pk for pk, name in unit_choices(secretary) if name == DESK)
    for channel, name, unit_id in (
        (Channel.QR, "Bảng tin phòng chờ", desk),
        (Channel.QR, "Trang công khai, tờ rơi ở nhà văn hóa", None),  # for everybody: asks the field itself
        (Channel.KIOSK, "Máy tính bảng quầy 1", desk),
        (Channel.PAPER, "Hòm phiếu cửa ra vào", desk),
        (Channel.PHONE, "Gọi điện hỏi ý kiến", desk),
    ):
        surveys.add_point(
            actor=secretary,
            survey_id=survey_id,
            data=PointData(channel.value, name, unit_id=unit_id),
            today=SET_UP_ON,
            now=_at(SET_UP_ON, 10),
        )
    surveys.open_survey(actor=secretary, survey_id=survey_id, today=SET_UP_ON, now=_at(SET_UP_ON, 11))
    return Survey.objects.get(pk=survey_id)


def _hand_out(one_stop: Actor, survey_id: int) -> None:
    for month in _months():
        day = max(month.replace(day=3), ASKED_SINCE)
        noted = max(day, SET_UP_ON)
        surveys.note_handout(
            actor=one_stop,
            survey_id=survey_id,
            channel=Channel.PAPER.value,
            on=day,
            number=90 + month.month % 3 * 10,
            unit_id=None,
            field_id=None,
            today=noted,
            now=_at(noted, 16),
        )


def _months() -> Iterator[date]:
    month = ASKED_SINCE.replace(day=1)
    while month <= SAMPLE_DAY:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _answer(survey: Survey) -> None:
    chance = Random(SEED)  # noqa: S311 - a sample, no secret
    edition = QuestionnaireEdition.objects.get(
        questionnaire_id=survey.questionnaire_id, state=QuestionnaireEdition.State.PUBLISHED
    )
    fields = _named(survey.agency_id, "field")
    units = _named(survey.agency_id, "unit")
    keys = [each["key"] for each in edition.content["questions"] if each["kind"] == "scale"]
    names = list(_FIELDS)
    weights = [_FIELDS[name].weight for name in names]
    remarks = list(_COMMENTS)
    rows: list[NewResponse] = []
    for month in _months():
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        days = [
            day
            for day in (month + timedelta(days=number) for number in range((last - month).days + 1))
            if day.weekday() < 5 and ASKED_SINCE <= day < SAMPLE_DAY
        ]
        if not days:
            continue
        whole = chance.randint(*_A_MONTH) * len(days) // 21
        for _ in range(whole):
            name = chance.choices(names, weights)[0]
            channel = chance.choices([each for each, _ in _CHANNELS], [each for _, each in _CHANNELS])[0]
            day = chance.choice(days)
            rows.append(
                NewResponse(
                    id=uuid.uuid5(_SPACE, f"{survey.pk}/{len(rows)}"),
                    on=day,
                    channel=(Channel.FILE if day < SET_UP_ON else channel).value,
                    ratings=_ratings(chance, keys, _FIELDS[name].satisfied[day.year], channel),
                    comments=_remark(chance, remarks, name),
                    field_id=fields.get(search_key(name)),
                    unit_id=units.get(search_key(DESK)),
                )
            )
    store_responses(survey=survey, edition=edition, rows=rows, now=_at(SAMPLE_DAY))


def _remark(chance: Random, remarks: list[tuple[str, str]], name: str) -> dict[str, str]:
    """Return what a person wrote: now and then the next remark about the field."""
    found = next((each for each in remarks if each[0] == name), None)
    if found is None or chance.random() > _REMARKS:
        return {}
    remarks.remove(found)
    return {"comment": found[1]}


def _ratings(chance: Random, keys: list[str], satisfied: int, channel: Channel) -> dict[str, int]:
    """Return the steps of one person, who is content on the whole or is not, and leaves some questions out."""
    is_content = chance.random() * 100 < satisfied
    found: dict[str, int] = {}
    for key in keys:
        is_overall = key == "overall"
        if not is_overall and (
            chance.random() > _ANSWERED or (channel is Channel.KIOSK and chance.random() < 0.6)
        ):
            continue
        agrees = is_overall or chance.random() < 0.93
        if is_content == agrees:
            found[key] = 5 if chance.random() < 0.45 else 4
        else:
            found[key] = chance.choices((3, 2, 1), (7, 3, 1))[0]
    return found


def _named(agency_id: int, by: str) -> dict[str, int]:
    """Return the agency's fields or units by their folded name."""
    return {search_key(name): pk for pk, (_, name) in names_of(agency_id, by).items()}


def _key_in(one_stop: Actor, survey: Survey) -> None:
    """Leave a pile of slips under way on the desk of the one-stop officer."""
    chance = Random(SEED + 1)  # noqa: S311 - a sample, no secret
    edition = QuestionnaireEdition.objects.get(
        questionnaire_id=survey.questionnaire_id, state=QuestionnaireEdition.State.PUBLISHED
    )
    keys = [each["key"] for each in edition.content["questions"] if each["kind"] == "scale"]
    day = SAMPLE_DAY - timedelta(days=3)
    land = _named(survey.agency_id, "field").get(search_key(LAND))
    pile = slips.begin_batch(
        actor=one_stop,
        survey_id=survey.pk,
        name="Hòm phiếu cửa ra vào, đầu tháng 7",
        answered_on=day,
        field_id=land,
        unit_id=None,
        now=_at(SAMPLE_DAY, 8),
    )
    for number in range(6):
        slips.key_slip(
            actor=one_stop,
            batch_id=pile.pk,
            slip_id=uuid.uuid5(_SPACE, f"{survey.pk}/keyed/{number}"),
            slip=KeyedSlip(on=day, field_id=land, ratings=_ratings(chance, keys, 90, Channel.PAPER)),
            now=_at(SAMPLE_DAY, 8),
        )


def _read_comments(secretary: Actor) -> None:
    """Read the older comments, tag some, give out a task for one."""
    comments.let_in(agency_id=secretary.agency_id, today=SAMPLE_DAY)
    page = comment_page(secretary, CommentFilter(), today=SAMPLE_DAY)
    older = [each for each in page.rows if each.month < date(2026, 5, 1)]
    now = _at(SAMPLE_DAY - timedelta(days=4), 15)
    comments.read_comments(actor=secretary, comment_ids=[each.id for each in older], now=now)
    tags = {
        "xe": "bãi xe",
        "Chờ": "thời gian chờ",
        "bổ sung": "hướng dẫn",
        "mạng": "trực tuyến",
        "Ghế": "phòng chờ",
    }
    for each in older:
        found = [tag for word, tag in tags.items() if word in each.text]
        if found:
            comments.tag_comment(actor=secretary, comment_id=each.id, tags=found, seen=(), now=now)
    work = next((each for each in older if "mái che" in each.text), None)
    if work is not None:
        desk = next(pk for pk, name in unit_choices(secretary) if name == DESK)
        comments.make_work(
            actor=secretary,
            comment_id=work.id,
            task=NewTask(
                text="Khảo giá, đề xuất lắp mái che chỗ để xe của người dân",
                due_on=date(2026, 7, 24),
                unit_id=desk,
                origin="Từ góp ý của người dân",
            ),
            now=now,
        )
