"""Pages of surveys and feedback at 100,000 answers over 18 months, 20,000 comments and 5,000 pieces of feedback.

Time is the processor's, of the page and its statements on SQLite. Aims: at most 15 SQL statements a page; p95 under
100 ms; under 300 ms "cold", which is the first look of a process, or the first after the figures of closed months
changed. "after one" is the look that follows an answer of today. The province looks at 300 communes with their answers.
``CAMKET_BENCH_ANSWERS`` says how many answers there are.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

ANSWERS = int(os.environ.get("CAMKET_BENCH_ANSWERS", "100000"))
FEEDBACK = ANSWERS // 20
COMMUNES = 300
TODAY = date(2026, 11, 20)
FIRST = date(2025, 6, 1)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
RUNS = 20
FIELDS = (
    "Đất đai", "Hộ tịch", "Chứng thực", "Xây dựng", "Bảo trợ xã hội", "Người có công", "Đăng ký kinh doanh",
    "Giáo dục", "Y tế", "Môi trường", "Nông nghiệp", "Tôn giáo",
)  # fmt: skip
WISHES = (
    "Chờ lâu ở quầy số 2, mong có thêm ghế ngồi", "Công chức hướng dẫn tận tình, cảm ơn",
    "Hồ sơ đất đai phải đi lại nhiều lần", "Nên có chỗ để xe cho người khuyết tật", "Mạng hay bị chậm vào buổi sáng",
)  # fmt: skip


def run() -> None:
    """Print a table: each page, cold, warm, and after one more answer."""
    os.environ["CAMKET_TODAY"] = TODAY.isoformat()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.process_time()
    commune, province, survey_id, add = _scene()
    print(
        f"{ANSWERS:,} answers, {FEEDBACK:,} pieces of feedback written in {time.process_time() - began:.0f} s"
    )
    _table(commune, province, survey_id, add)


def _table(commune: Any, province: Any, survey_id: int, add: Callable[[], None]) -> None:
    print(
        f"{'page':<34}{'SQL':>5}{'cold ms':>9}{'p50 ms':>8}{'p95 ms':>8}{'after one ms':>14}{'kB':>6}",
        flush=True,
    )
    for title, path in (
        ("surveys", "/khao-sat/"),
        ("one survey", f"/khao-sat/{survey_id}/"),
        ("results of the year", "/khao-sat/ket-qua/?nam=2026"),
        ("results of one survey", f"/khao-sat/ket-qua/?nam=2026&khao_sat={survey_id}"),
        ("results as a file", "/khao-sat/ket-qua/tai-ve.xlsx?nam=2026"),
        ("slips keyed in", "/khao-sat/phieu-nhap/"),
        ("comments", "/khao-sat/gop-y/"),
        ("comments, page 600", "/khao-sat/gop-y/?trang=600"),
        ("comments that hold words", "/khao-sat/gop-y/?tim=ghe+ngoi"),
        ("comments with a tag", "/khao-sat/gop-y/?nhan=chờ+lâu"),
        ("feedback to do", "/phan-anh/"),
        ("feedback, all", "/phan-anh/danh-sach/"),
        ("feedback, page 100", "/phan-anh/danh-sach/?page=100"),
        ("feedback that holds words", "/phan-anh/danh-sach/?tu=den+duong"),
        ("waiting", "/dang-cho/"),
        ("published answers", "/cong-khai/xa-do/hoi-dap/"),
        ("published answers with words", "/cong-khai/xa-do/hoi-dap/?tu=den+duong"),
        ("register of feedback, a year", "/phan-anh/so/tai/xlsx/?tu=2026-01-01&den=2026-11-20"),
    ):
        _measure(commune, title, path, add)
    for title, path in (
        ("province: communes", "/cap-duoi/"),
        ("province: citizens", "/cap-duoi/nguoi-dan/"),
        ("province: least satisfied", "/cap-duoi/nguoi-dan/?sap_xep=satisfaction"),
    ):
        _measure(province, title, path, add)


def _measure(client: Any, title: str, path: str, add: Callable[[], None]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)  # templates and words are read in
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        statements = len(captured)
    if response.status_code != 200:
        print(f"{title:<34} answered {response.status_code} at {path}")
        return
    size = len(b"".join(response.streaming_content) if response.streaming else response.content)
    _forget()
    cold = _spent(client, path)
    times = [_spent(client, path) for _ in range(RUNS)]
    after = []
    for _ in range(3):
        add()
        after.append(_spent(client, path))
    print(
        f"{title:<34}{statements:>5}{cold:>9.0f}{statistics.median(times):>8.0f}"
        f"{sorted(times)[int(RUNS * 0.95) - 1]:>8.0f}{max(after):>14.0f}{size / 1024:>6.0f}",
        flush=True,
    )


def _spent(client: Any, path: str) -> float:
    began = time.process_time()
    client.get(path)
    return (time.process_time() - began) * 1000


def _forget() -> None:
    from camket.journal import memory
    from camket.objectives import verdicts
    from camket.voices.queries import blocks

    blocks.forget()
    memory.forget_all()
    verdicts._remembered.clear()


def _scene() -> tuple[Any, Any, int, Callable[[], None]]:
    """Make a province, its communes and their answers; return who looks, a survey, and how one more is answered."""
    from django.db import transaction
    from django.test import Client

    from camket.org.models import Agency, Membership, Person, Role, Unit
    from camket.publishing.models import PublicPage
    from camket.voices import tally

    chance = random.Random(18)
    above = Agency.objects.create(
        code="H00", name="UBND tỉnh Đo", full_name="Ủy ban nhân dân tỉnh Đo", level_id="province"
    )
    communes = [
        Agency.objects.create(
            code=f"H00.{number}", name=f"UBND xã Đo {number}", full_name=f"Ủy ban nhân dân xã Đo {number}",
            level_id="commune", parent=above, valid_from=date(2025, 1, 1),
        )
        for number in range(1, COMMUNES + 1)
    ]  # fmt: skip
    clients = []
    for agency, role in ((communes[0], Role.SECRETARY), (above, Role.VIEWER)):
        person = Person.objects.create_user(f"do-{agency.pk}", "Mat-khau-2026", full_name="Nguyễn Thị Đo")
        unit = Unit.objects.create(agency=agency, name="Văn phòng", order=0)
        Membership.objects.create(agency=agency, person=person, unit=unit, role=role)
        client = Client(SERVER_NAME="localhost")
        client.force_login(person)
        clients.append(client)
    PublicPage.objects.create(agency=communes[0], slug="xa-do", is_open=True, changed_at=NOW)
    with transaction.atomic():
        survey_id = _answers(communes[0], chance)
        _feedback(communes[0], chance)
        for agency in communes[1:]:
            rows = [
                tally.Counted(
                    survey=survey_id, on=_day(chance), channel=chance.choice((1, 5)),
                    ratings={"overall": chance.choice((3, 4, 4, 5, 5))},
                )
                for _ in range(150)
            ]  # fmt: skip
            tally.change(agency_id=agency.pk, before=(), after=rows)

    def add() -> None:
        one = tally.Counted(survey=survey_id, on=TODAY, channel=1, ratings={"overall": 5})
        with transaction.atomic():
            tally.change(agency_id=communes[0].pk, before=(), after=[one])

    return clients[0], clients[1], survey_id, add


def _day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((TODAY - FIRST).days))


def _answers(agency: Any, chance: random.Random) -> int:
    """Write answers of two surveys with their comments and counts, as its operations do; return one of the two."""
    from camket.core.questionnaire import to_json
    from camket.core.wording.text import search_key
    from camket.dossiers.models import Field
    from camket.org.models import Unit
    from camket.voices import tally
    from camket.voices.editions import content_of
    from camket.voices.models import Channel, Comment, Questionnaire, QuestionnaireEdition, Response, Survey
    from camket.voices.shipped import shipped_questionnaires

    shipped = shipped_questionnaires()[0]
    held = Questionnaire.objects.create(agency=agency, code="do", title="Khảo sát", created_at=NOW)
    edition = QuestionnaireEdition.objects.create(
        questionnaire=held, number=1, state="published", content=to_json(shipped.content), changed_at=NOW, published_at=NOW
    )  # fmt: skip
    content = content_of(edition)
    surveys = [
        Survey.objects.create(
            agency=agency, title=f"Khảo sát {number}", questionnaire=held, state="open", starts_on=FIRST,
            link_key="5a" * 32, created_at=NOW,
        )
        for number in range(2)
    ]  # fmt: skip
    fields = [Field.objects.create(agency=agency, key=name.casefold(), name=name).pk for name in FIELDS]
    units = [
        Unit.objects.create(agency=agency, name=f"Quầy {number}", order=number).pk for number in range(1, 5)
    ]
    keys = [question.key for question in content.counted]
    for _ in range(0, ANSWERS, 5000):
        rows: list[Response] = []
        comments: list[Comment] = []
        for _ in range(5000):
            row = Response(
                pk=uuid.UUID(int=chance.getrandbits(128)), agency=agency, survey=surveys[chance.random() < 0.1],
                edition=edition, on=_day(chance), channel=chance.choices(list(Channel), (40, 5, 25, 5, 20, 5))[0],
                **_place(chance, fields, units),
                ratings={key: chance.choice((2, 3, 4, 4, 4, 5, 5, 5)) for key in keys if chance.random() < 0.95},
            )  # fmt: skip
            rows.append(row)
            if chance.random() < 0.2:
                text = f"{chance.choice(WISHES)}, lần {len(comments)}"
                comments.append(
                    Comment(
                        agency=agency, survey=row.survey, month=row.on.replace(day=1), question=content.questions[-1].key,
                        field_id=row.field_id, unit_id=row.unit_id, text=text, search=search_key(text),
                        state=chance.choice(("new", "read", "read", "read")),
                        tags=["chờ lâu"] if chance.random() < 0.05 else [],
                    )
                )  # fmt: skip
        Response.objects.bulk_create(rows, batch_size=500)
        Comment.objects.bulk_create(comments, batch_size=500)
        counted = [tally.counted_of(row, content) for row in rows]
        tally.change(agency_id=agency.pk, before=(), after=counted)
    return surveys[0].pk


def _place(chance: random.Random, fields: list[int], units: list[int]) -> dict[str, int | None]:
    """Return a field and the counter that deals with it; one in ten says neither."""
    if chance.random() < 0.1:
        return {"field_id": None, "unit_id": None}
    at = chance.choices(range(len(fields)), (30, 30, 20, *[3] * 9))[0]
    return {"field_id": fields[at], "unit_id": units[at % len(units)]}


def _feedback(agency: Any, chance: random.Random) -> None:
    """Write feedback of all kinds, nine in ten settled, some of it published, with its steps."""
    from camket.voices.models import Feedback, FeedbackStep

    fields = [None, *agency.procedure_fields.values_list("pk", flat=True)]
    units = list(agency.units.values_list("pk", flat=True))
    rows = []
    for number in range(FEEDBACK):
        day = _day(chance)
        at = datetime(day.year, day.month, day.day, 3, number % 60, tzinfo=UTC)
        is_open = chance.random() < 0.1
        state = chance.choice(("new", "assigned", "drafted")) if is_open else "answered"
        settled = None if is_open else at + timedelta(days=chance.randrange(1, 20))
        is_public = settled is not None and chance.random() < 0.5
        text = (
            f"Đèn đường trước số nhà {number}, đường Trần Phú hỏng đã hai tuần, buổi tối rất tối và nguy hiểm. "
            * 3
        )
        rows.append(
            Feedback(
                agency=agency, code=f"DO{number:07}", kind=chance.choice(("rules", "conduct", "other", "other")),
                is_classified=True, way=chance.choice(Feedback.Way.values), state=state, received_at=at,
                subject=f"Đèn đường số {number}", text=text, sender_name="Trần Văn Dân", sender_phone="0912000000",
                field_id=chance.choice(fields), unit_id=chance.choice(units), pass_on_by=day + timedelta(days=7),
                due_on=day + timedelta(days=14), limit_days=10, answer="Đã sửa." if settled else "", settled_at=settled,
                public_text=text if is_public else "", public_answer="Đã sửa xong." if is_public else "",
                published_at=settled if is_public else None,
            )
        )  # fmt: skip
    Feedback.objects.bulk_create(rows, batch_size=500)
    FeedbackStep.objects.bulk_create(
        (
            FeedbackStep(feedback=row, kind=kind, at=row.received_at, is_public=True)
            for row in rows
            for kind in ("received", "assigned", "answered")
        ),
        batch_size=500,
    )
