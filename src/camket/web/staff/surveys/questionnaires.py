"""Questionnaires: what they ask, editing a draft on pages, putting it in use, comparing editions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.core.questionnaire import VIETNAMESE, compare
from camket.org.policy import can
from camket.voices.operations import questionnaires as operations
from camket.voices.queries import surveys as queries
from camket.voices.shipped import shipped_questionnaires
from camket.web.acting import did
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.surveys import display
from camket.web.staff.surveys.forms import (
    FactorsForm,
    LanguagesForm,
    NewQuestionnaireForm,
    QuestionForm,
    WordsForm,
)

_FIELD_OF: dict[type[Refusal], str] = {
    operations.TitleMissing: "title",
    operations.TextMissing: f"text_{VIETNAMESE}",
    operations.MeaningUnclear: "asks_same",
    operations.WholeStaysTheSame: f"text_{VIETNAMESE}",
}


@staff_page("survey.view")
def questionnaire_list(request: StaffRequest) -> HttpResponse:
    """Show the agency's questionnaires."""
    rows = queries.questionnaires(request.actor, request.today)
    context = {"rows": [display.questionnaire_row(each) for each in rows]}
    return render(request, "staff/surveys/questionnaire_list.html", context)


@staff_page("survey.manage", methods=("GET", "POST"))
def questionnaire_add(request: StaffRequest) -> HttpResponse:
    """Begin a questionnaire."""
    ready = [(each.code, each.content.title[VIETNAMESE]) for each in shipped_questionnaires()]
    form = NewQuestionnaireForm(request.POST or None, shipped=ready, initial={"code": ready[0][0]})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.make_questionnaire(
                actor=request.actor, today=request.today, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The draft is ready. Look it over, then put it in use."))
            return redirect("web:surveys:questionnaire", made)
    context = {"form": form, "shipped": [display.shipped_row(each) for each in shipped_questionnaires()]}
    return render(request, "staff/surveys/questionnaire_add.html", context)


@staff_page("survey.view")
def questionnaire(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Show what a questionnaire asks: its draft to edit, else the edition in use."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    context = {
        "page": page,
        "questions": display.question_rows(page.content, page.used_keys),
        "steps": display.step_rows(page.content),
        "editions": [display.edition_row(each) for each in page.editions],
        "changes": display.change_rows(page.changes, page.content),
        "lacking": display.lacking_rows(page.lacking),
        "languages": display.language_names(page.content.languages),
    }
    return render(request, "staff/surveys/questionnaire.html", context)


@staff_page("survey.manage", methods=("POST",))
def edition_begin(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Begin a new edition."""
    return _act(
        request,
        questionnaire_id,
        lambda: operations.begin_edition(
            actor=request.actor,
            questionnaire_id=questionnaire_id,
            today=request.today,
            now=moment(request),
        ),
        gettext(
            "A draft has been begun from what is in use. Running surveys are not touched until you put it in use."
        ),
    )


@staff_page("survey.manage", methods=("POST",))
def edition_publish(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Put the draft in use."""
    return _act(
        request,
        questionnaire_id,
        lambda: operations.publish_edition(
            actor=request.actor,
            questionnaire_id=questionnaire_id,
            today=request.today,
            now=moment(request),
        ),
        gettext("The questionnaire is in use. Answers given before keep the questions they answered."),
    )


@staff_page("survey.manage", methods=("POST",))
def draft_discard(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Throw the draft away."""
    is_gone = did(
        request,
        lambda: operations.discard_draft(
            actor=request.actor, questionnaire_id=questionnaire_id, today=request.today
        ),
        gettext("The draft has been thrown away."),
    )
    if is_gone:
        return redirect("web:surveys:questionnaire_list")
    return redirect("web:surveys:questionnaire", questionnaire_id)


@staff_page("survey.manage", methods=("GET", "POST"))
def words_edit(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Change the words around the questions."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    form = WordsForm(request.POST or None, content=page.content)
    return _edited(
        request,
        page,
        form,
        "staff/surveys/words.html",
        operations.change_words,
        lambda: {"words": form.words()},
    )


@staff_page("survey.manage", methods=("GET", "POST"))
def languages_edit(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Say in which languages the questionnaire is asked."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    form = LanguagesForm(request.POST or None, initial={"languages": list(page.content.languages[1:])})
    return _edited(
        request,
        page,
        form,
        "staff/surveys/languages.html",
        operations.set_languages,
        lambda: form.cleaned_data,
    )


@staff_page("survey.manage", methods=("GET", "POST"))
def factors_edit(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Name the factors."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    form = FactorsForm(request.POST or None, content=page.content)
    return _edited(
        request,
        page,
        form,
        "staff/surveys/factors.html",
        operations.set_factors,
        lambda: {"labels": form.labels()},
    )


@staff_page("survey.manage", methods=("GET", "POST"))
def question_add(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    """Add a question."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    form = QuestionForm(request.POST or None, content=page.content, question=None)
    return _edited(
        request,
        page,
        form,
        "staff/surveys/question.html",
        operations.add_question,
        lambda: {"wanted": form.wanted()},
    )


@staff_page("survey.manage", methods=("GET", "POST"))
def question_edit(request: StaffRequest, questionnaire_id: int, key: str) -> HttpResponse:
    """Change a question."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    question = next((each for each in page.content.questions if each.key == key), None)
    if question is None:
        messages.warning(request, gettext("This question is not in the draft any more."))
        return redirect("web:surveys:questionnaire", questionnaire_id)
    form = QuestionForm(
        request.POST or None, content=page.content, question=question, asks="asks_same" in request.POST
    )
    if request.method == "POST" and form.is_valid():
        try:
            after = operations.change_question(
                actor=request.actor,
                questionnaire_id=questionnaire_id,
                key=key,
                wanted=form.wanted(),
                asks_same=form.asks_same(),
                today=request.today,
                now=moment(request),
            )
        except operations.MeaningUnclear as refusal:
            form = QuestionForm(request.POST, content=page.content, question=question, asks=True)
            form.add_error("asks_same", say(refusal.message))
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            if after != key and key in page.used_keys:
                messages.info(
                    request,
                    gettext(
                        "It is counted as a new question from now on; what was answered before stays apart."
                    ),
                )
            return _saved(request, questionnaire_id)
    context = {"page": page, "form": form, "question": question, "is_used": key in page.used_keys}
    return render(request, "staff/surveys/question.html", context)


@staff_page("survey.manage", methods=("POST",))
def question_move(request: StaffRequest, questionnaire_id: int, key: str) -> HttpResponse:
    """Move a question by one place."""
    return _act(
        request,
        questionnaire_id,
        lambda: operations.move_question(
            actor=request.actor,
            questionnaire_id=questionnaire_id,
            key=key,
            by=-1 if request.POST.get("to") == "up" else 1,
            today=request.today,
            now=moment(request),
        ),
    )


@staff_page("survey.manage", methods=("POST",))
def question_remove(request: StaffRequest, questionnaire_id: int, key: str) -> HttpResponse:
    """Take a question out."""
    return _act(
        request,
        questionnaire_id,
        lambda: operations.remove_question(
            actor=request.actor,
            questionnaire_id=questionnaire_id,
            key=key,
            today=request.today,
            now=moment(request),
        ),
        gettext("The question has been taken out of the draft."),
    )


@staff_page("survey.manage", methods=("POST",))
def question_bring_back(request: StaffRequest, questionnaire_id: int, number: int, key: str) -> HttpResponse:
    """Ask a question of an older edition again."""
    return _act(
        request,
        questionnaire_id,
        lambda: operations.bring_back_question(
            actor=request.actor,
            questionnaire_id=questionnaire_id,
            number=number,
            key=key,
            today=request.today,
            now=moment(request),
        ),
        gettext("The question is in the draft again; its answers go on being counted together."),
    )


@staff_page("survey.view")
def edition(request: StaffRequest, questionnaire_id: int, number: int) -> HttpResponse:
    """Show an edition as the citizen sees it, beside what differs from another."""
    page = queries.questionnaire(request.actor, questionnaire_id, request.today)
    row = page.edition(number)
    content = queries.edition_content(request.actor, questionnaire_id, number)
    language = request.GET.get("tieng", VIETNAMESE)
    language = language if language in content.languages else VIETNAMESE
    asked = request.GET.get("voi", "")
    with_ = int(asked) if asked.isdecimal() and len(asked) < 6 else number - 1
    other = next((each for each in page.editions if each.number == with_ and each.number != number), None)
    changes: list[dict[str, Any]] = []
    if other is not None:
        before = queries.edition_content(request.actor, questionnaire_id, other.number)
        changes = display.change_rows(compare(before, content), content)
    in_draft = {each.key for each in page.content.questions}
    context = {
        "page": page,
        "lacking": [
            (each.key, each.text[VIETNAMESE]) for each in content.questions if each.key not in in_draft
        ]
        if page.is_draft and can(request.actor, "survey.manage")
        else [],
        "edition": display.edition_row(row),
        "preview": display.preview(content, language),
        "languages": [
            (code, name, code == language) for code, name in display.language_names(content.languages).items()
        ],
        "other": other,
        "others": [each for each in page.editions if each.number != number],
        "changes": changes,
    }
    return render(request, "staff/surveys/edition.html", context)


def _edited(
    request: StaffRequest,
    page: queries.QuestionnairePage,
    form: forms.Form,
    template: str,
    act: Callable[..., object],
    typed: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """Show a form on the draft; where it was sent and holds, change the draft by what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act(
                actor=request.actor,
                questionnaire_id=page.id,
                today=request.today,
                now=moment(request),
                **typed(),
            )
        except Refusal as refusal:
            field = _field(refusal)
            form.add_error(field if field in form.fields else None, say(refusal.message))
        else:
            return _saved(request, page.id)
    return render(request, template, {"page": page, "form": form})


def _saved(request: StaffRequest, questionnaire_id: int) -> HttpResponse:
    messages.success(request, gettext("Saved in the draft."))
    return redirect("web:surveys:questionnaire", questionnaire_id)


def _act(
    request: StaffRequest, questionnaire_id: int, act: Callable[[], object], done: str = ""
) -> HttpResponse:
    """Do one thing to a questionnaire and go back to its page, with what became of it."""
    did(request, act, done)
    return redirect("web:surveys:questionnaire", questionnaire_id)


def _field(refusal: Refusal) -> str | None:
    field = _FIELD_OF.get(type(refusal))
    return refused_field(refusal, field) if field else None
