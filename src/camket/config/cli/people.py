"""Who may do what, and the way back in for who can no longer sign in: ``policy``, ``person reset``."""

from __future__ import annotations

import argparse

from camket.config.cli.console import Commands, Translate, print_json
from camket.config.cli.installation import now, set_up, today
from camket.core.messages import Message, Refusal, gettext_noop


def add(commands: Commands) -> None:
    """Add the commands on people and what they may do."""
    policy = commands.add_parser("policy", help="print who may do what: acts, roles, how far")
    policy.add_argument("--json", action="store_true")
    policy.set_defaults(run=_policy)

    person = commands.add_parser("person", help="people of this installation")
    person_commands = person.add_subparsers(required=True, metavar="COMMAND")
    person_reset = person_commands.add_parser("reset", help="give somebody a new one-time password")
    person_reset.add_argument("login", help="the name the person signs in with")
    person_reset.add_argument(
        "--second-step", action="store_true", help="take off the second step of signing in instead"
    )
    person_reset.set_defaults(run=_person_reset)


def _policy(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.org import policy

    rows = policy.table()
    if options.json:
        print_json(
            [
                {
                    "act": row.act,
                    "about": translate(Message(row.about)),
                    "roles": {scope.value: list(roles) for scope, roles in row.roles.items()},
                }
                for row in rows
            ]
        )
    else:
        print(policy_markdown(translate))
    return 0


def policy_markdown(translate: Translate) -> str:
    """Return the table of who may do what as Markdown; the page docs/reference/authority.md holds it."""
    from camket.org import policy

    lines: list[str] = []
    area = ""
    for row in policy.table():
        if row.area != area:
            area = row.area
            lines += ["", f"### {translate(Message(area))}", ""]
            lines += [
                "| act | what it is | the whole agency | the own unit's work | agencies below | predecessors |"
            ]
            lines += ["| --- | --- | --- | --- | --- | --- |"]
        cells = [", ".join(row.roles[scope]) for scope in policy.Scope]
        unit, whole, below, before = cells
        lines.append(
            f"| `{row.act}` | {translate(Message(row.about))} | {whole} | {unit} | {below} | {before} |"
        )
    return "\n".join(lines).strip()


def _person_reset(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.org import operations

    try:
        if options.second_step:
            operations.recover_second_factor(login=options.login, today=today(), now=now())
            done = Message(
                gettext_noop("%(login)s signs in without a second step now, and is told so."),
                {"login": options.login},
            )
            print(translate(done))
            return 0
        given = operations.recover_password(login=options.login, today=today())
    except ObjectDoesNotExist:
        raise Refusal(
            Message(gettext_noop("Nobody signs in as %(login)s here."), {"login": options.login})
        ) from None
    print(
        translate(
            Message(
                gettext_noop("%(login)s signs in with the one-time password %(password)s"),
                {"login": given.login, "password": given.password},
            )
        )
    )
    return 0
