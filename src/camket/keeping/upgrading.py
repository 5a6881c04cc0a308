"""Bringing the database to this version, in seconds.

Django keeps the models of every moment between two migrations as classes, and after each step makes all of those anew
that are related to what was changed. Nearly all of ours are related to the agency and the people, so that an empty
database took most of a minute, more than nine tenths of it for classes that nobody looked at. What a step does to
tables it reads off the model that it changes and those that this one refers to. So only the changed one is made anew,
until a migration asks for all of them: Python of its own, or a change of a key that other tables may refer to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import migrations
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import RECURSIVE_RELATIONSHIP_CONSTANT, resolve_relation

_OF_ONE_MODEL = (
    migrations.CreateModel,
    migrations.AddField,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.RunPython,  # Django makes all models anew before it
    migrations.RunSQL,
)


def upgrade(*, quiet: bool) -> None:
    """Do all migrations that the database does not have."""
    with only_changed_models_anew():
        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)


@contextmanager
def only_changed_models_anew() -> Iterator[None]:
    """Let migrations inside the block make one model anew after a step where that is enough, not all around it.

    Not for use by several threads at once: it holds for the process.
    """
    find, apply = ProjectState._find_reload_model, Migration.apply  # type: ignore[attr-defined]
    is_enough = False

    def apply_one(self: Migration, project_state: ProjectState, *arguments: Any) -> ProjectState:
        nonlocal is_enough
        is_enough = all(_is_of_one_model(each, self.app_label, project_state) for each in self.operations)
        if not is_enough:
            project_state.clear_delayed_apps_cache()
        try:
            return apply(self, project_state, *arguments)
        finally:
            is_enough = False

    def find_one(self: ProjectState, app_label: str, model_name: str, *delay: bool) -> set[tuple[str, str]]:
        if is_enough and _stands_alone(self, app_label, self.models[app_label, model_name]):
            # As after Django's own shorter way: all models are made anew before anybody's Python sees them.
            self.is_delayed = True
            return {(app_label, model_name)}
        found: set[tuple[str, str]] = find(self, app_label, model_name, *delay)
        return found

    ProjectState._find_reload_model = find_one  # type: ignore[attr-defined]
    Migration.apply = apply_one  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        ProjectState._find_reload_model = find  # type: ignore[attr-defined]
        Migration.apply = apply  # type: ignore[method-assign]


def _is_of_one_model(operation: Operation, app_label: str, state: ProjectState) -> bool:
    """Whether a step changes one table, and no column that a key of another table may refer to."""
    if isinstance(operation, _OF_ONE_MODEL):
        return True
    if isinstance(operation, migrations.AlterField | migrations.RemoveField):
        model = state.models.get((app_label, operation.model_name_lower))
        fields = [model.fields.get(operation.name)] if model else [None]
        if isinstance(operation, migrations.AlterField):
            fields.append(operation.field)
        return not any(field is None or field.primary_key or field.unique for field in fields)
    return False


def _stands_alone(state: ProjectState, app_label: str, model: ModelState) -> bool:
    """Whether a model is built on no other model's table, and all that it refers to are there as classes."""
    if any(isinstance(base, str) for base in model.bases):
        return False
    there = state.apps.all_models
    own = app_label, model.name_lower
    for field in model.fields.values():
        related: Any = field.related_model  # a class only once a model has it
        if field.is_relation and related != RECURSIVE_RELATIONSHIP_CONSTANT:
            to = resolve_relation(related, app_label, model.name_lower)
            if to != own and to[1] not in there.get(to[0], {}):
                return False
    return True
