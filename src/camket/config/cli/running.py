"""Running the product: ``serve``, ``demo``, ``upgrade``, ``check``."""

from __future__ import annotations

import argparse
import os
import sys

from camket.config import SAMPLE_DAY
from camket.config.cli.console import REFUSED, Commands, Translate, print_json
from camket.config.cli.installation import collect, migrate, set_up
from camket.core.messages import Message, gettext_noop


def add(commands: Commands) -> None:
    """Add the commands that serve, upgrade and look over the installation."""
    serve = commands.add_parser("serve", help="serve the product")
    _serving(serve)
    serve.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="fill an empty installation with sample data and serve it")
    _serving(demo)
    demo.add_argument("--no-serve", action="store_true", help="only fill the installation")
    demo.set_defaults(run=_demo)

    upgrade = commands.add_parser("upgrade", help="bring database and static files to this version")
    upgrade.set_defaults(run=_upgrade)

    check = commands.add_parser(
        "check", help="look over the installation; --deploy: is it fit for real work?"
    )
    check.add_argument("--deploy", action="store_true", help="refuse what is unsafe for real work")
    check.add_argument("--workers", type=int, default=1, help="as `camket serve` is started with")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)


def _serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes; more than one wants PostgreSQL")


def _serve(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    migrate(quiet=True)
    collect()
    print(
        translate(
            Message(
                gettext_noop("Cam Kết listens on http://%(host)s:%(port)s (stop with Ctrl+C)."),
                {"host": options.host, "port": str(options.port)},
            )
        ),
        flush=True,
    )
    _listen(options)
    return 0


def _demo(options: argparse.Namespace, translate: Translate) -> int:
    os.environ.setdefault("CAMKET_TODAY", SAMPLE_DAY.isoformat())
    set_up(options.language)
    migrate(quiet=True)
    from camket.config import demo

    signs_in = demo.fill()
    print(translate(Message(gettext_noop("Sample agency: %(agency)s"), {"agency": demo.agency_name()})))
    print(
        translate(
            Message(
                gettext_noop("Address: http://%(host)s:%(port)s"),
                {"host": options.host, "port": str(options.port)},
            )
        )
    )
    width = max(len(translate(person.post)) for person in signs_in)
    for person in signs_in:
        print(
            f"  {translate(person.post):<{width}}  {person.full_name:<18}  {person.login} / {person.password}"
        )
    page, survey = demo.public_paths(SAMPLE_DAY)
    print(translate(Message(gettext_noop("Public page: %(path)s"), {"path": page})))
    if survey:
        print(translate(Message(gettext_noop("Survey for everybody: %(path)s"), {"path": survey})))
    sys.stdout.flush()
    if not options.no_serve:
        collect()
        _listen(options)
    return 0


def _listen(options: argparse.Namespace) -> None:
    from camket.config import serving
    from camket.jobs import worker

    serving.serve(host=options.host, port=options.port, workers=options.workers, background=worker.running())


def _upgrade(options: argparse.Namespace, _translate: Translate) -> int:
    set_up(options.language)
    migrate(quiet=False)
    collect()
    return 0


def _check(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from django.core.management import call_command
    from django.utils import timezone

    from camket.config import deployment

    if not options.deploy:
        call_command("check")
        return 0
    facts = deployment.facts_of_installation(workers=options.workers, now=timezone.now())
    found = deployment.findings(facts)
    refused = [each for each in found if each.level is deployment.Level.REFUSED]
    if options.json:
        listed = [each.to_json(translate(each.message)) for each in found]
        print_json({"fit": not refused, "findings": listed})
        return REFUSED if refused else 0
    for each in found:
        mark = "✗" if each in refused else "–"
        print(f"{mark} {translate(each.message)}", file=sys.stderr if each in refused else sys.stdout)
    if refused:
        verdict = Message(
            gettext_noop("This installation is not fit for real work yet: %(count)s things to mend."),
            {"count": str(len(refused))},
        )
        print(translate(verdict), file=sys.stderr)
        return REFUSED
    print(
        translate(Message(gettext_noop("Nothing unsafe was found: this installation is fit for real work.")))
    )
    return 0
