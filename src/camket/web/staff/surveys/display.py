"""Surveys and questionnaires as pages show them: labels, tones, figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from camket.core.questionnaire import (
    LANGUAGE_NAMES,
    OVERALL,
    STEPS,
    VIETNAMESE,
    Change,
    ChangeKind,
    Content,
    Kind,
    Question,
    said,
)
from camket.voices.queries.surveys import (
    EditionRow,
    HandoutRow,
    PointRow,
    QuestionnaireRow,
    SurveyPage,
    SurveyRow,
)
from camket.voices.shipped import ShippedQuestionnaire
from camket.web.staff.badge import Badge
from camket.web.staff.surveys.words import CHANGES, CHANNELS, EDITION_STATES, KINDS, QR, SURVEY_STATES


def survey_row(row: SurveyRow) -> dict[str, Any]:
    """Return a survey of the list."""
    return {"row": row, "state": state_badge(row.state)}


def state_badge(state: str) -> Badge:
    """Return the label of a survey's state."""
    label, tone = SURVEY_STATES[state]
    return Badge(str(label), tone)


def questionnaire_row(row: QuestionnaireRow) -> dict[str, Any]:
    """Return a questionnaire of the list."""
    return {"row": row, "languages": ", ".join(language_names(row.languages).values())}


def shipped_row(each: ShippedQuestionnaire) -> dict[str, Any]:
    """Return a shipped questionnaire to begin with."""
    return {
        "code": each.code,
        "title": each.content.title[VIETNAMESE],
        "questions": len(each.content.questions),
        "languages": ", ".join(language_names(each.content.languages).values()),
        "source": each.source,
    }


def language_names(languages: Sequence[str]) -> dict[str, str]:
    """Return languages by code, each as its speakers know it."""
    return {code: LANGUAGE_NAMES.get(code, code) for code in languages}


def edition_row(row: EditionRow) -> dict[str, Any]:
    """Return an edition of the list."""
    label, tone = EDITION_STATES[row.state]
    return {"row": row, "state": Badge(str(label), tone)}


def question_rows(content: Content, used: frozenset[str]) -> list[dict[str, Any]]:
    """Return the questions in their order, each with its number and whether it can be moved or taken out."""
    labels = {factor.key: factor.label[VIETNAMESE] for factor in content.factors}
    last = len(content.questions)
    return [
        {
            "number": number,
            "key": question.key,
            "text": question.text[VIETNAMESE],
            "kind": str(KINDS[question.kind]),
            "factor": labels.get(question.factor, ""),
            "options": [option.label[VIETNAMESE] for option in question.options],
            "others": [(LANGUAGE_NAMES[code], question.text.get(code, "")) for code in content.languages[1:]],
            "is_overall": question.key == OVERALL,
            "counts": question.counts,
            "is_required": question.is_required,
            "is_new": bool(used) and question.key not in used,
            "is_first": number == 1,
            "is_last": number == last,
        }
        for number, question in enumerate(content.questions, start=1)
    ]


def step_rows(content: Content) -> list[tuple[int, str]]:
    """Return the steps of the scale with their names."""
    return [(step, texts[VIETNAMESE]) for step, texts in zip(STEPS, content.scale, strict=True)]


def change_rows(changes: Sequence[Change], content: Content) -> list[dict[str, Any]]:
    """Return what became of questions, as it was and as it is."""
    labels = {factor.key: factor.label[VIETNAMESE] for factor in content.factors}
    rows = []
    for change in changes:
        label, tone = CHANGES[change.kind]
        rows.append(
            {
                "badge": Badge(str(label), tone),
                "text": (change.after or change.before or _NONE).text[VIETNAMESE],
                "before": change.before.text[VIETNAMESE]
                if change.before and change.kind is ChangeKind.REWORDED
                else "",
                "details": _details(change, labels) if change.kind is ChangeKind.ALTERED else [],
            }
        )
    return rows


_NONE = Question("", Kind.TEXT, {VIETNAMESE: ""})


def _details(change: Change, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what of a question changed besides its words, as it was and as it is."""
    before, after = change.before or _NONE, change.after or _NONE
    pairs = [
        (labels.get(before.factor, "–"), labels.get(after.factor, "–")),
        (_listed(before), _listed(after)),
    ]
    return [(old or "–", new or "–") for old, new in pairs if old != new]


def _listed(question: Question) -> str:
    return "; ".join(option.label[VIETNAMESE] for option in question.options)


def lacking_rows(lacking: Mapping[str, tuple[str, ...]]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return languages with how many texts they lack, and the first of these."""
    return [(LANGUAGE_NAMES[code], len(texts), texts[:5]) for code, texts in lacking.items()]


def preview(content: Content, language: str) -> dict[str, Any]:
    """Return a questionnaire in one language as the citizen reads it."""
    labels = {factor.key: said(factor.label, language) for factor in content.factors}
    groups: list[dict[str, Any]] = []
    for number, question in enumerate(content.questions, start=1):
        heading = labels.get(question.factor, "")
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "questions": []})
        groups[-1]["questions"].append(
            {
                "number": number,
                "key": question.key,
                "text": said(question.text, language),
                "is_scale": question.kind is Kind.SCALE,
                "is_text": question.kind is Kind.TEXT,
                "options": [said(option.label, language) for option in question.options],
            }
        )
    return {
        "language": language,
        "title": said(content.title, language),
        "introduction": said(content.introduction, language),
        "thanks": said(content.thanks, language),
        "steps": [said(texts, language) for texts in content.scale],
        "groups": groups,
    }


def point_row(row: PointRow) -> dict[str, Any]:
    """Return a point of a survey."""
    about = " · ".join(part for part in (row.unit, row.field) if part)
    return {
        "row": row,
        "channel": str(CHANNELS[row.channel]),
        "about": about,
        "has_poster": row.channel == QR,
    }


def handout_row(row: HandoutRow) -> dict[str, Any]:
    """Return what was given out."""
    about = " · ".join(part for part in (row.unit, row.field) if part)
    return {"row": row, "channel": str(CHANNELS[row.channel]), "about": about}


def channel_rows(page: SurveyPage) -> list[dict[str, Any]]:
    """Return, by way, how many were asked and how many answered."""
    answered, asked = dict(page.by_channel), dict(page.asked_by_channel)
    return [
        {"channel": str(CHANNELS[key]), "asked": asked.get(key), "answered": answered.get(key, 0)}
        for key in CHANNELS
        if key in answered or key in asked
    ]
