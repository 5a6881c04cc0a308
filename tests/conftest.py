from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import CharField, Model
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.template import Context, Template
from django.test import TransactionTestCase, override_settings
from django.test.signals import template_rendered
from django.utils.safestring import SafeString

from camket.indicators.sources import registers
from camket.journal import guard, memory
from camket.objectives import verdicts
from camket.org.levels import load
from camket.org.models import CalendarYear, Level
from camket.voices.queries import blocks
from camket.web.public import kept
from people import People, make_people
from processes import empty_database, template

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords_and_plain_static_files() -> Iterator[None]:
    """Hash passwords quickly, and give static files as they are, under the names they have in the source.

    Argon2 is slow on purpose: five passwords a test would be most of the suite's time. Which storage gives static files is
    set once and not by test: a page that a browser of the test before still asks for would meet the change halfway.
    """
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], STORAGES=storages
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Let the database of the tests be a copy of one that was built once; to migrate it then finds nothing to do."""
    if connection.vendor == "postgresql":
        own = settings.DATABASES["default"]
        own["TEST"]["TEMPLATE"] = template(os.environ["DATABASE_URL"])
        yield
        return
    # A file, as installations have it: threads of a server for tests, with one database in memory among them, are told
    # that a table is locked, where a file lets them wait.
    creation = connection.creation
    with tempfile.TemporaryDirectory(prefix="camket-tests-") as folder, pytest.MonkeyPatch.context() as patch:
        file = Path(folder) / "camket.sqlite3"
        patch.setitem(settings.DATABASES["default"]["TEST"], "NAME", str(file))
        patch.setattr(
            creation, "_create_test_db", lambda *_, **__: str(shutil.copyfile(empty_database(), file))
        )
        yield


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture(scope="class")
def db_of_class(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Keep what fixtures of a class write until its last test; what a test writes is undone after it as ever.

    For a scene that takes long to make. Tests beside the class do not see it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def _the_journal_may_be_emptied_after_a_test() -> Iterator[None]:
    """Tests in transactions of their own empty every table at their end; the journal's refuse it otherwise.

    What migrations loaded is loaded again, for the tests that come after in the same process; not what Django notes
    after migrations (kinds of content, permissions), which nobody asks for and which took longer than the rest.
    """

    def teardown(self: TransactionTestCase) -> None:
        with guard.lifted():
            call_command(
                "flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True
            )
        load(Level)
        if not CalendarYear.objects.filter(agency=None).exists():
            import_module("camket.org.migrations.0003_official_calendar").load(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_page_tells_of_itself_alone(django_test_environment: None) -> Iterator[None]:
    """Tests ask for the context of a page; Django's copy those of the dozens of templates that it includes, too."""

    def render(self: Template, context: Context) -> SafeString:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@cache
def _limited(model: type[Model]) -> tuple[tuple[str, int], ...]:
    fields = model._meta.concrete_fields
    return tuple(
        (each.attname, each.max_length) for each in fields if isinstance(each, CharField) and each.max_length
    )


@receiver(pre_save, dispatch_uid="what-fits")
def what_is_saved_fits_its_column(sender: type[Model], instance: Model, **_: Any) -> None:
    """SQLite keeps text of any length in a column of twenty letters; PostgreSQL refuses it, in front of the user."""
    for name, longest in _limited(sender):
        value = getattr(instance, name)
        if isinstance(value, str) and len(value) > longest:
            raise AssertionError(f"{sender.__name__}.{name} takes {longest} letters, not {value!r}")


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if "settings" in request.fixturenames or "db" in request.fixturenames or "people" in request.fixturenames:
        request.getfixturevalue("settings").MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _nothing_remembered_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write rows past the journal and start with the same ids, so that its hash cannot tell them apart.

    Public pages are made anew each time: a test's transaction is never committed, so nothing tells of its changes.
    """
    kept.STORE.forget()
    monkeypatch.setattr(kept, "SECONDS", 0.0)
    memory.forget_all()
    registers.CELLS.forget()
    blocks.forget()
    verdicts.forget()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real decisions beside the checkout."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared folder of real decisions is not beside this checkout")
    return SHARED


_LONGEST = (
    "house/test_urls",
    "keeping/test_backup_and_restore",
    "faults/test_killed",
    "web/test_statements",
    "faults/test_full",
    "config/test_running",
    "web/staff/documents/test_document_journey",
    "config/test_cli",
    "faults/test_gone",
    "config/test_papers_in_form",
    "web/test_first_hour",
    "web/staff/test_year_journey",
    "config/test_deployment",
    "web/staff/registers/test_month_in_the_office",
    "web/public/test_answering_browser",
    "house/test_masking",
    "web/staff/organisation/test_people_at_work",
    "web/sent/test_ways",
    "house/test_docs",
    "house/test_security",
    "web/staff/imports/test_import_pages",
    "web/staff/registers/test_register_pages",
    "web/staff/objectives/test_counted_pages",
    "web/staff/tasks/test_browser",
    "web/staff/system/test_agency_pages",
    "web/staff/surveys/test_slips_browser",
    "web/account/test_keys",
    "paper/reading/test_shared_decisions",
)
"""Files that take longest, Chromium counted; each goes to one process as a whole: late, the others wait for it.

Those that wait for processes of their own most of their time stand between those that do not.
"""


def _turn(item: pytest.Item) -> int:
    name = item.nodeid.partition("::")[0].removeprefix("tests/").removesuffix(".py")
    return _LONGEST.index(name) if name in _LONGEST else len(_LONGEST)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this engine, or this machine, cannot be asked: a skip would be a failure under CI. Longest first."""
    vendor = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"

    def is_askable(item: pytest.Item) -> bool:
        only = item.get_closest_marker("only_on")
        if only is not None and vendor not in only.args:
            return False
        if vendor == "postgresql" and not _asks_a_database(item):
            return False
        return item.get_closest_marker("own_disk") is None or _may_mount()

    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if is_askable(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = sorted(kept, key=_turn)


def pytest_collection_finish() -> None:
    """Let Python look for what nobody holds less often, and not among the tests and modules that stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether a test may ask the database of the tests, or makes an installation: others come out alike on each."""
    asking = {"db", "transactional_db", "live_server", "db_of_class", "people", "install"}
    return item.get_closest_marker("django_db") is not None or not asking.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@lru_cache
def _may_mount() -> bool:
    """Whether this process may mount a disk of its own: root outside a container without the right."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            return False
        return subprocess.run(["umount", folder], capture_output=True).returncode == 0


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Say which skips continuous integration does not allow."""
    for reason in _forbidden_skips(terminalreporter):
        terminalreporter.write_line(f"SKIPPED UNDER CI: {reason}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run under CI=true where a test was skipped that had all it needs, or should have had."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _forbidden_skips(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _forbidden_skips(reporter: Any) -> list[str]:
    """Skips under CI, but for the real decisions where these do not stand beside the checkout."""
    if os.environ.get("CI", "").lower() != "true":
        return []
    reasons = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    return [reason for reason in reasons if SHARED.is_dir() or "shared" not in reason]
