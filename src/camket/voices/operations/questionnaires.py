"""Keeping questionnaires: begun from a shipped one or empty, edited as a draft edition, put in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.questionnaire import (
    LANGUAGE_NAMES,
    LONGEST_TITLE,
    OVERALL,
    VIETNAMESE,
    Content,
    ContentUnreadable,
    Factor,
    Kind,
    Option,
    Question,
    asks_the_same,
    free_key,
    moved,
    options_of,
    parse,
    stem_of,
    text_of,
    to_json,
    with_question,
    without_question,
)
from camket.core.wording.text import one_line
from camket.journal.meanwhile import overtaken_or
from camket.journal.operations import record
from camket.org.policy import Actor, require
from camket.voices.editions import content_of
from camket.voices.models import Questionnaire, QuestionnaireEdition
from camket.voices.shipped import shipped

_State = QuestionnaireEdition.State
OWN = "own"
"""Beginning of the codes of questionnaires that an agency made itself."""


class TitleMissing(Refusal):
    """A questionnaire or survey has no title."""


class ShippedUnknown(Refusal):
    """There is no such questionnaire to begin with."""


class TextMissing(Refusal):
    """A question or factor has no Vietnamese text."""


class ContentNotPossible(Refusal):
    """The questionnaire would not be whole so; the message says what is the matter."""


class QuestionUnknown(Refusal):
    """The draft no longer has the question."""


class MeaningUnclear(Refusal):
    """The wording of a question in use changed so far that it has to be said whether it still asks the same."""


class WholeStaysTheSame(Refusal):
    """The question on the whole cannot come to ask something else."""


class DraftExists(Refusal):
    """The questionnaire has a draft already."""


class NoDraft(Refusal):
    """The questionnaire has no draft; what is in use is changed by a new edition."""


class NothingChanged(Refusal):
    """The draft asks just what the edition in use asks."""


@dataclass(frozen=True, slots=True)
class WantedQuestion:
    """A question as typed. ``options`` are its answers by language, line by line, for a question of choice."""

    kind: Kind
    text: Mapping[str, str]
    factor: str = ""
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_required: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words around the questions, by language; ``scale`` are the names of the five steps."""

    title: Mapping[str, str]
    introduction: Mapping[str, str]
    thanks: Mapping[str, str]
    scale: Sequence[Mapping[str, str]]


def make_questionnaire(*, actor: Actor, title: str, code: str, today: date, now: datetime) -> int:
    """Begin a questionnaire with a draft: from the shipped one of ``code``, or for an empty code with one question.

    A ``title`` replaces that of the shipped one in Vietnamese. Returns its id. Raises TitleMissing, ShippedUnknown.
    """
    require(actor, "survey.manage")
    origin = shipped(code) if code else None
    if code and origin is None:
        raise ShippedUnknown(Message(gettext_noop("There is no such questionnaire to begin with.")))
    name = one_line(title)[:LONGEST_TITLE] or (origin.content.title[VIETNAMESE] if origin else "")
    if not name:
        raise TitleMissing(Message(gettext_noop("Write a title.")))
    content = (
        replace(origin.content, title={**origin.content.title, VIETNAMESE: name}) if origin else _empty(name)
    )
    with transaction.atomic():
        made = Questionnaire.objects.create(
            agency_id=actor.agency_id,
            code=_free_code(actor.agency_id, code or OWN),
            title=name,
            created_at=now,
            created_by_id=actor.person_id,
        )
        QuestionnaireEdition.objects.create(
            questionnaire=made,
            number=1,
            content=to_json(content),
            source=origin.source if origin else "",
            changed_at=now,
            changed_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="questionnaire.made",
            subject=made,
            on=today,
            after={"title": made.title, "code": made.code, "questions": len(content.questions)},
        )
        return made.pk


def begin_edition(*, actor: Actor, questionnaire_id: int, today: date, now: datetime) -> None:
    """Begin a draft from the edition in use. Raises DraftExists."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, questionnaire_id)
        if held.editions.filter(state=_State.DRAFT).exists():
            raise overtaken_or(
                actor,
                held,
                DraftExists(
                    Message(gettext_noop("A draft of this questionnaire is begun already. Go on with it."))
                ),
            )
        latest = held.editions.order_by("-number").first()
        if latest is None:
            raise NoDraft(Message(gettext_noop("This questionnaire has no edition.")))
        current = held.editions.filter(state=_State.PUBLISHED).first() or latest
        QuestionnaireEdition.objects.create(
            questionnaire=held,
            number=latest.number + 1,
            content=current.content,
            source=current.source,
            changed_at=now,
            changed_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="questionnaire.edition_begun",
            subject=held,
            on=today,
            after={"edition": latest.number + 1},
        )


def change_words(*, actor: Actor, questionnaire_id: int, words: Words, today: date, now: datetime) -> None:
    """Change the draft's title, introduction, thanks and the names of the steps. Raises NoDraft, ContentNotPossible."""

    def change(content: Content) -> Content:
        return replace(
            content,
            title=words.title,
            introduction=words.introduction,
            thanks=words.thanks,
            scale=tuple(words.scale),
        )

    _change(actor, questionnaire_id, change, today, now)


def set_languages(
    *, actor: Actor, questionnaire_id: int, languages: Sequence[str], today: date, now: datetime
) -> None:
    """Say in which languages the draft is asked; texts of one that is taken out go. Raises NoDraft, ContentNotPossible."""
    wanted = (VIETNAMESE, *(each for each in LANGUAGE_NAMES if each in languages and each != VIETNAMESE))
    _change(actor, questionnaire_id, lambda content: replace(content, languages=wanted), today, now)


def set_factors(
    *,
    actor: Actor,
    questionnaire_id: int,
    labels: Sequence[tuple[str, Mapping[str, str]]],
    today: date,
    now: datetime,
) -> None:
    """Say which factors the draft has, as (key, label by language); a blank key is a new one, a blank label takes one out.

    Questions of a factor taken out belong to none. Raises NoDraft, ContentNotPossible.
    """

    def change(content: Content) -> Content:
        taken = {key for key, _label in labels if key} | {each.key for each in content.factors}
        factors: list[Factor] = []
        for key, label in labels:
            if not text_of(label.get(VIETNAMESE, "")):
                continue
            made = key or free_key(taken, stem_of(label[VIETNAMESE]))
            taken.add(made)
            factors.append(Factor(made, dict(label)))
        kept = {each.key for each in factors}
        return replace(
            content,
            factors=tuple(factors),
            questions=tuple(
                each if each.factor in kept else replace(each, factor="") for each in content.questions
            ),
        )

    _change(actor, questionnaire_id, change, today, now)


def add_question(
    *, actor: Actor, questionnaire_id: int, wanted: WantedQuestion, today: date, now: datetime
) -> str:
    """Add a question to the draft, behind the last of its factor or before the free words at the end; return its key.

    Raises NoDraft, TextMissing, ContentNotPossible.
    """
    made: list[str] = []

    def change(content: Content) -> Content:
        key = free_key(_keys_ever(questionnaire_id), stem_of(_vietnamese(wanted)))
        made.append(key)
        before = content.questions
        alike = [
            place for place, each in enumerate(before, 1) if wanted.factor and each.factor == wanted.factor
        ]
        ends_in_words = bool(before) and before[-1].kind is Kind.TEXT and wanted.kind is not Kind.TEXT
        place = alike[-1] if alike else len(before) - ends_in_words
        return moved(with_question(content, _question(key, wanted, ())), key, place - len(before))

    _change(actor, questionnaire_id, change, today, now)
    return made[0]


def change_question(
    *,
    actor: Actor,
    questionnaire_id: int,
    key: str,
    wanted: WantedQuestion,
    asks_same: bool | None,
    today: date,
    now: datetime,
) -> str:
    """Change a question of the draft; return the key it has now.

    A question that was in use keeps its key, and so its answers stay comparable, where ``asks_same`` says so, or where it
    is None and the wording changed but lightly; one that asks something else, or is answered in another way, gets a new
    key. Raises NoDraft, QuestionUnknown, TextMissing, MeaningUnclear, WholeStaysTheSame, ContentNotPossible.
    """
    made: list[str] = []

    def change(content: Content) -> Content:
        before = _asked(content, key)
        keeps = _keeps_key(questionnaire_id, before, wanted, asks_same=asks_same)
        if not keeps and key == OVERALL:
            raise WholeStaysTheSame(
                Message(
                    gettext_noop(
                        "The question on the whole asks for satisfaction on the whole, on the scale. "
                        "Add a new question for what else you want to know."
                    )
                )
            )
        made.append(key if keeps else free_key(_keys_ever(questionnaire_id), stem_of(_vietnamese(wanted))))
        return with_question(content, _question(made[0], wanted, before.options), instead_of=key)

    _change(actor, questionnaire_id, change, today, now)
    return made[0]


def move_question(
    *, actor: Actor, questionnaire_id: int, key: str, by: int, today: date, now: datetime
) -> None:
    """Move a question of the draft up (``by`` below 0) or down. Raises NoDraft, QuestionUnknown."""

    def change(content: Content) -> Content:
        _asked(content, key)
        return moved(content, key, by)

    _change(actor, questionnaire_id, change, today, now)


def remove_question(*, actor: Actor, questionnaire_id: int, key: str, today: date, now: datetime) -> None:
    """Take a question out of the draft. Raises NoDraft, QuestionUnknown, ContentNotPossible for that on the whole."""

    def change(content: Content) -> Content:
        _asked(content, key)
        return without_question(content, key)

    _change(actor, questionnaire_id, change, today, now)


def bring_back_question(
    *, actor: Actor, questionnaire_id: int, number: int, key: str, today: date, now: datetime
) -> None:
    """Ask a question of an older edition again, as it was asked there: it keeps its key, so that answers stay comparable.

    Its factor comes along where the draft has it. Nothing happens to one that the draft asks already. Raises NoDraft,
    QuestionUnknown, ContentNotPossible; QuestionnaireEdition.DoesNotExist for an edition that there is not.
    """

    def change(content: Content) -> Content:
        older = QuestionnaireEdition.objects.exclude(state=_State.DRAFT).get(
            questionnaire_id=questionnaire_id, number=number
        )
        question = _asked(content_of(older), key)
        if any(each.key == key for each in content.questions):
            return content
        factor = question.factor if question.factor in {each.key for each in content.factors} else ""
        before = content.questions
        alike = [place for place, each in enumerate(before, 1) if factor and each.factor == factor]
        ends_in_words = bool(before) and before[-1].kind is Kind.TEXT and question.kind is not Kind.TEXT
        place = alike[-1] if alike else len(before) - ends_in_words
        return moved(with_question(content, replace(question, factor=factor)), key, place - len(before))

    _change(actor, questionnaire_id, change, today, now)


def publish_edition(*, actor: Actor, questionnaire_id: int, today: date, now: datetime) -> int:
    """Put the draft in use; the edition before is replaced, answers keep the edition they answered. Returns its number.

    Running surveys go on with it. Raises NoDraft, NothingChanged, ContentNotPossible.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, questionnaire_id)
        draft = _draft(actor, held)
        content = _whole(lambda: parse(draft.content))
        current = held.editions.filter(state=_State.PUBLISHED).first()
        if current is not None and parse(current.content) == content:
            raise NothingChanged(
                Message(
                    gettext_noop(
                        "Nothing has changed: the edition in use asks just the same. Discard the draft."
                    )
                )
            )
        if current is not None:
            current.state = _State.RETIRED
            current.save(update_fields=["state"])
        draft.state = _State.PUBLISHED
        draft.published_at, draft.published_by_id = now, actor.person_id
        draft.save(update_fields=["state", "published_at", "published_by"])
        held.title = content.title[VIETNAMESE]
        held.save(update_fields=["title"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="questionnaire.published",
            subject=held,
            on=today,
            before={"edition": current.number} if current else {},
            after={"edition": draft.number, "questions": len(content.questions)},
            settles=True,
        )
        return draft.number


def discard_draft(*, actor: Actor, questionnaire_id: int, today: date) -> None:
    """Throw a draft away; a questionnaire that was never in use goes with it. Raises NoDraft."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, questionnaire_id)
        draft = _draft(actor, held)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="questionnaire.draft_discarded",
            subject=held,
            on=today,
            before={"edition": draft.number},
            settles=True,
        )
        draft.delete()  # a draft nobody has answered is no record
        if not held.editions.exists() and not held.surveys.exists():
            held.delete()


def _change(
    actor: Actor, questionnaire_id: int, change: Callable[[Content], Content], today: date, now: datetime
) -> None:
    """Change the draft's content: lock, authority, rule, write, journal."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, questionnaire_id)
        draft = _draft(actor, held)
        before = parse(draft.content)
        after = _whole(lambda: parse(to_json(change(before))))
        if after == before:
            return
        draft.content = to_json(after)
        draft.changed_at, draft.changed_by_id = now, actor.person_id
        draft.save(update_fields=["content", "changed_at", "changed_by"])
        if not held.editions.exclude(
            pk=draft.pk
        ).exists():  # the staff find it by the title it is going to have
            held.title = after.title[VIETNAMESE]
            held.save(update_fields=["title"])
        was, becomes = _differing(_described(before), _described(after))
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="questionnaire.changed",
            subject=held,
            on=today,
            before=was,
            after=becomes,
        )


def _own(actor: Actor, questionnaire_id: int) -> Questionnaire:
    return Questionnaire.objects.select_for_update().get(pk=questionnaire_id, agency_id=actor.agency_id)


def _draft(actor: Actor, held: Questionnaire) -> QuestionnaireEdition:
    draft = held.editions.filter(state=_State.DRAFT).first()
    if draft is None:
        raise overtaken_or(
            actor,
            held,
            NoDraft(
                Message(gettext_noop("This questionnaire has no draft. Begin a new edition to change it."))
            ),
        )
    return draft


def _whole(make: Callable[[], Content]) -> Content:
    """Return a content that is whole. Raises ContentNotPossible."""
    try:
        return make()
    except ContentUnreadable as refusal:
        raise ContentNotPossible(refusal.message) from refusal


def _empty(title: str) -> Content:
    texts = {VIETNAMESE: title}
    overall = Question(
        OVERALL, Kind.SCALE, {VIETNAMESE: "Nhìn chung, ông/bà hài lòng ở mức nào về lần phục vụ này?"}
    )
    return Content((VIETNAMESE,), texts, {VIETNAMESE: ""}, {VIETNAMESE: ""}, (), (overall,))


def _free_code(agency_id: int, stem: str) -> str:
    taken = set(Questionnaire.objects.filter(agency_id=agency_id).values_list("code", flat=True))
    return free_key(taken, stem)


def _asked(content: Content, key: str) -> Question:
    try:
        return content.question(key)
    except KeyError as error:
        raise QuestionUnknown(
            Message(
                gettext_noop(
                    "The draft has this question no more: somebody took it out or gave it a new key."
                )
            )
        ) from error


def _vietnamese(wanted: WantedQuestion) -> str:
    text = text_of(wanted.text.get(VIETNAMESE, ""))
    if not text:
        raise TextMissing(Message(gettext_noop("Write the question in Vietnamese.")))
    return text


def _question(key: str, wanted: WantedQuestion, former: tuple[Option, ...]) -> Question:
    _vietnamese(wanted)
    is_scale = wanted.kind is Kind.SCALE
    return Question(
        key=key,
        kind=wanted.kind,
        text=dict(wanted.text),
        factor=wanted.factor,
        options=options_of(wanted.options, former) if wanted.kind is Kind.CHOICE else (),
        is_required=wanted.is_required,
        counts=wanted.counts and is_scale and key != OVERALL,
    )


def _keeps_key(
    questionnaire_id: int, before: Question, wanted: WantedQuestion, *, asks_same: bool | None
) -> bool:
    """Return whether a changed question keeps its key. Raises MeaningUnclear where a person has to say."""
    was_in_use = _was_in_use(questionnaire_id, before.key)
    if before.kind is not wanted.kind and (was_in_use or before.key == OVERALL):
        return False
    text = _vietnamese(wanted)
    if text == before.text[VIETNAMESE] or not was_in_use:
        return True
    if asks_same is not None:
        return asks_same
    if asks_the_same(before.text[VIETNAMESE], text):
        return True
    raise MeaningUnclear(
        Message(
            gettext_noop(
                "The wording has changed a good deal. Say whether the question still asks the same: if so, its answers "
                "are counted on; if not, it is counted as a new question."
            )
        )
    )


def _was_in_use(questionnaire_id: int, key: str) -> bool:
    used = QuestionnaireEdition.objects.filter(questionnaire_id=questionnaire_id).exclude(state=_State.DRAFT)
    return any(question["key"] == key for each in used for question in each.content["questions"])


def _keys_ever(questionnaire_id: int) -> set[str]:
    """Return the keys that questions of any edition have or had."""
    editions = QuestionnaireEdition.objects.filter(questionnaire_id=questionnaire_id)
    return {question["key"] for each in editions for question in each.content["questions"]} | {OVERALL}


def _described(content: Content) -> dict[str, Any]:
    """Return a content as the journal keeps it: questions by key, so that two people may change two of them."""
    data = to_json(content)
    return {
        "languages": data["languages"],
        "title": data["title"],
        "introduction": data["introduction"],
        "thanks": data["thanks"],
        "scale": {str(step): each for step, each in enumerate(data["scale"], start=1)},
        "factors": {each["key"]: each["label"] for each in data["factors"]},
        "questions": {
            each["key"]: {k: v for k, v in each.items() if k != "key"} for each in data["questions"]
        },
        "order": [each["key"] for each in data["questions"]],
    }


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of two descriptions differs, part by part."""
    was: dict[str, Any] = {}
    becomes: dict[str, Any] = {}
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            was[name], becomes[name] = _differing(old, new)
            continue
        if old is not None:
            was[name] = old
        if new is not None:
            becomes[name] = new
    return was, becomes
