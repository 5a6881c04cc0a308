"""Letters by e-mail: ``mail test``, ``mail list``, ``mail retry``."""

from __future__ import annotations

import argparse
import sys

from camket.config.cli.console import REFUSED, Commands, Translate, print_json
from camket.config.cli.installation import now, set_up
from camket.core.messages import Message, gettext_noop


def add(commands: Commands) -> None:
    """Add the commands on letters."""
    mail = commands.add_parser("mail", help="letters by e-mail")
    mail_commands = mail.add_subparsers(required=True, metavar="COMMAND")
    test = mail_commands.add_parser("test", help="send one letter now, to see whether letters leave")
    test.add_argument("address", help="where to")
    test.set_defaults(run=_test)
    listed = mail_commands.add_parser("list", help="print how letters stand, and those in trouble")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_list)
    retry = mail_commands.add_parser("retry", help="put letters that were given up back into the queue")
    retry.set_defaults(run=_retry)


def _test(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.notifications import letters
    from camket.notifications.sending import ServerGone, send_now

    if not letters.is_set_up():
        print(translate(_NOT_SET_UP), file=sys.stderr)
        return REFUSED
    try:
        send_now(
            to=options.address,
            subject=translate(Message(gettext_noop("[Cam Kết] Test letter"))),
            text=translate(Message(gettext_noop("Letters of Cam Kết reach this address."))) + "\n",
        )
    except ServerGone as gone:
        print(translate(gone.message), file=sys.stderr)
        return REFUSED
    print(
        translate(
            Message(
                gettext_noop("The mail server has taken a letter to %(address)s."),
                {"address": options.address},
            )
        )
    )
    if not letters.origin():
        print(
            translate(
                Message(
                    gettext_noop(
                        "Letters hold no links yet: set CAMKET_ORIGINS to the address of this installation."
                    )
                )
            )
        )
    return 0


def _list(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.notifications.queries import outbox

    found = outbox()
    counts = {name: getattr(found, name) for name in ("waiting", "sending", "sent", "failed", "dropped")}
    if options.json:
        troubled = [
            {
                "id": each.id,
                "to": each.to,
                "attempts": each.attempts,
                "next_at": each.next_at.isoformat(timespec="seconds") if each.next_at else None,
                "error": str(each.error) if each.error else None,
            }
            for each in found.troubled
        ]
        print_json({"is_set_up": found.is_set_up, **counts, "troubled": troubled})
        return 0
    if not found.is_set_up:
        print(translate(_NOT_SET_UP))
    for name, number in counts.items():
        print(f"{name:<9} {number:>8}")
    zone = now().tzinfo
    for each in found.troubled:
        again = each.next_at.astimezone(zone).strftime("%d/%m/%Y %H:%M") if each.next_at else "-"
        print(f"{each.to:<32} {again:<17} {translate(each.error) if each.error else ''}".rstrip())
    return 0


def _retry(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.notifications.operations import send_again

    count = send_again(now=now())
    print(
        translate(
            Message(gettext_noop("Letters that wait to be sent again: %(count)s."), {"count": str(count)})
        )
    )
    return 0


_NOT_SET_UP = Message(
    gettext_noop("This installation sends no mail. Set CAMKET_MAIL_URL and CAMKET_MAIL_FROM and start again.")
)
