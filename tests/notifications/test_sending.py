"""Letters on their way: a server that is down, slow, refuses, hangs up; a sender that dies; two at once; clocks."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from camket.core.messages import Message
from camket.notifications import operations, sending
from camket.notifications.models import Mail
from camket.notifications.sending import RETRIES, Postman, ServerGone, send_now
from camket.org.models import Delegation, Membership, Person, Role
from notifications.conftest import reachable
from notifications.smtp import HANG_UP, Office, post_office
from people import People
from work import NOW


class Killed(BaseException):
    """The sender's process is gone: nothing after this moment happens."""


class Clock:
    """A clock that tests set, and a steady one that only goes forward."""

    def __init__(self) -> None:
        self.now, self.steady = NOW, 0.0

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)
        self.steady += timedelta(**by).total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def postman(clock: Clock) -> Callable[[], Postman]:
    return lambda: Postman(clock=clock, steady=lambda: clock.steady)


def post(people: People, *, count: int = 1, topic: str = "overdue") -> None:
    """Tell Bình so many things, each by a letter of its own."""
    for number in range(count):
        operations.tell(
            agency_id=people.agency.pk,
            people=[people.binh.person_id],
            topic=topic,
            key=f"việc:{number}:{Mail.objects.count()}",
            message=Message("%(work)s", {"work": f"Rà soát quy trình số {number}"}),
            link="/cong-viec/1/",
            now=NOW,
        )


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def waiting(people: People, office: Office) -> People:
    """A letter waits for Bình."""
    reachable(people.binh)
    post(people)
    return people


class TestALetter:
    def test_reaches_the_server_whole(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        assert postman().run().sent == 1
        (taken,) = office.letters
        assert (taken.sender, taken.to) == ("iso@binhyen.example", "binh@binhyen.example")
        message = taken.message
        kept = Mail.objects.get()
        assert message["Message-ID"] == kept.message_id
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"] == "<https://iso.binhyen.example/tai-khoan/thong-bao/>"
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        for part in (text, html):
            assert "Rà soát quy trình số 0" in part.get_content()
            assert "https://iso.binhyen.example/cong-viec/1/" in part.get_content()
        assert "Rà soát" not in message["Subject"]
        assert (kept.state, kept.sent_at, kept.attempts) == ("sent", NOW, 1)
        assert postman().run().sent == 0
        assert len(office.letters) == 1

    def test_many_go_over_one_connection(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        post(waiting, count=4)
        assert postman().run().sent == 5
        assert office.connections == 1
        assert len({each.message["Message-ID"] for each in office.letters}) == 5

    def test_is_dropped_where_its_reader_has_left_or_has_another_address(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        Person.objects.filter(pk=waiting.binh.person_id).update(is_active=False)
        assert postman().run().dropped == 1
        assert states() == ["dropped"]
        assert office.letters == []

    def test_is_dropped_where_its_reader_holds_no_post_there_any_more(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        held = Membership.objects.filter(person_id=waiting.binh.person_id)
        held.update(valid_to=NOW.date() - timedelta(days=1))
        Membership.objects.create(
            agency=waiting.other_agency, person_id=waiting.binh.person_id, role=Role.OFFICER
        )
        assert postman().run().dropped == 1
        assert (states(), office.letters) == (["dropped"], [])

    def test_reaches_who_stands_in_for_somebody(
        self, people: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        reachable(people.chi)
        Delegation.objects.create(
            agency=people.agency,
            post=Membership.objects.get(person_id=people.binh.person_id),
            deputy_id=people.chi.person_id,
            valid_from=NOW.date(),
            valid_to=NOW.date(),
            reason="Nghỉ phép",
        )
        post(people)
        assert postman().run().sent == 1

    def test_that_cannot_be_written_does_not_hold_up_the_others(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        Mail.objects.update(subject="một\nhai")
        post(waiting)
        found = postman().run()
        assert (found.sent, found.failed) == (1, 1)
        assert states() == ["failed", "sent"]


class TestTheServer:
    def test_that_is_down_is_waited_for_and_no_letter_is_to_blame(
        self, waiting: People, settings: Any, postman: Callable[[], Postman], clock: Clock
    ) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            free = closed.getsockname()[1]
        right, settings.EMAIL_PORT = settings.EMAIL_PORT, free
        sender = postman()
        for _ in range(len(RETRIES) + 3):
            assert sender.run().unreachable is not None
            clock.on(hours=30)
        assert Mail.objects.get().attempts == 0
        settings.EMAIL_PORT = right
        assert sender.run().sent == 1

    def test_that_puts_a_letter_off_is_asked_again_later_and_later_and_at_last_no_more(
        self, waiting: People, office: Office, postman: Callable[[], Postman], clock: Clock
    ) -> None:
        office.scene = lambda step, _: "451 try later" if step == "rcpt" else None
        sender = postman()
        for wait in RETRIES:
            assert sender.run().put_off == 1
            assert sender.run().put_off == 0
            clock.on(seconds=wait.total_seconds())
        assert sender.run().failed == 1
        mail = Mail.objects.get()
        assert (mail.state, mail.attempts) == ("failed", len(RETRIES) + 1)
        assert mail.error["params"] == {"code": "451", "words": "try later"}
        office.scene = lambda *_: None
        assert operations.send_again(now=clock.now) == 1
        assert sender.run().sent == 1

    def test_that_refuses_an_address_for_good_is_not_asked_again(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        office.scene = lambda step, _: "550 no such mailbox" if step == "rcpt" else None
        assert postman().run().failed == 1
        assert states() == ["failed"]

    @pytest.mark.parametrize(
        ("answer", "state"), [("554 content refused", "failed"), ("452 full", "waiting")]
    )
    def test_that_refuses_a_text(
        self, waiting: People, office: Office, postman: Callable[[], Postman], answer: str, state: str
    ) -> None:
        office.scene = lambda step, _: answer if step == "data" else None
        postman().run()
        assert states() == [state]
        assert office.letters == []

    def test_that_refuses_the_sender_blames_no_letter(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        post(waiting, count=2)
        office.scene = lambda step, _: "550 sender not allowed" if step == "mail" else None
        found = postman().run()
        assert found.unreachable is not None
        assert "sender not allowed" in str(found.unreachable)
        assert states() == ["waiting"] * 3
        assert set(Mail.objects.values_list("attempts", flat=True)) == {0}

    def test_that_hangs_up_between_letters_is_called_again_at_once(
        self, waiting: People, office: Office, postman: Callable[[], Postman]
    ) -> None:
        post(waiting, count=3)
        calls: list[str] = []

        def at_most_two(step: str, _: str) -> str | None:
            calls.append(step)
            return "421 enough for one call" if step == "mail" and calls.count("mail") == 3 else None

        office.scene = at_most_two
        assert postman().run().sent == 4
        assert office.connections == 2

    def test_that_hangs_up_after_a_letter_gets_it_again_under_its_first_name(
        self, waiting: People, office: Office, postman: Callable[[], Postman], clock: Clock
    ) -> None:
        office.scene = lambda step, _: HANG_UP if step == "data" else None
        assert postman().run().put_off == 1
        office.scene = lambda *_: None
        clock.on(minutes=1)
        assert postman().run().sent == 1
        assert len(office.letters) == 2
        assert len({each.message["Message-ID"] for each in office.letters}) == 1

    def test_that_is_too_slow_is_left(
        self, waiting: People, office: Office, settings: Any, postman: Callable[[], Postman]
    ) -> None:
        settings.EMAIL_TIMEOUT, office.slow = 0.05, 0.2
        assert postman().run().put_off == 1
        assert states() == ["waiting"]


class TestASenderThatDies:
    @pytest.fixture
    def dies(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        """Let the next letter's sender die before it hands the letter over, or before it marks it."""

        def at(place: str) -> None:
            name = {"before": "_Line", "after": "Postman"}[place]
            kind = getattr(sending, name)
            method = {"before": "send", "after": "_end"}[place]
            kept = getattr(kind, method)

            def die(*args: Any, **kwargs: Any) -> None:
                monkeypatch.setattr(kind, method, kept)
                raise Killed

            monkeypatch.setattr(kind, method, die)

        return at

    @pytest.mark.parametrize(("moment", "copies"), [("before", 1), ("after", 2)])
    def test_leaves_its_letter_to_the_next_one(
        self,
        waiting: People,
        office: Office,
        postman: Callable[[], Postman],
        clock: Clock,
        dies: Callable[[str], None],
        moment: str,
        copies: int,
    ) -> None:
        dies(moment)
        with pytest.raises(Killed):
            postman().run()
        assert states() == ["sending"]
        heir = postman()
        assert heir.run().sent == 0  # the first may live and be slow
        clock.on(seconds=sending.LEASE + 1)
        assert heir.run().sent == 1
        assert len(office.letters) == copies
        assert {each.message["Message-ID"] for each in office.letters} == {Mail.objects.get().message_id}
        assert states() == ["sent"]

    @pytest.mark.parametrize("hours", [-48, -5, 5])
    def test_is_found_out_when_the_clock_was_set(
        self,
        waiting: People,
        office: Office,
        postman: Callable[[], Postman],
        clock: Clock,
        dies: Callable[[str], None],
        hours: int,
    ) -> None:
        dies("before")
        with pytest.raises(Killed):
            postman().run()
        clock.now += timedelta(hours=hours)
        Mail.objects.update(not_before=clock.now)
        heir = postman()
        sent = heir.run().sent
        clock.on(seconds=sending.LEASE + 1)
        assert sent + heir.run().sent == 1
        assert len(office.letters) == 1

    def test_is_not_taken_for_dead_while_it_only_waits(
        self, waiting: People, office: Office, postman: Callable[[], Postman], clock: Clock
    ) -> None:
        Mail.objects.update(state="sending", claimed_by="another", claimed_at=clock.now, attempts=1)
        other = postman()
        other.run()
        clock.now -= timedelta(hours=3)  # set back: no time has passed
        assert other.run().sent == 0
        assert office.letters == []


class TestTwoSendersAtOnce:
    def test_send_each_letter_once(
        self,
        waiting: People,
        office: Office,
        postman: Callable[[], Postman],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        post(waiting, count=5)
        first, second = postman(), postman()
        claim = Postman._claim

        def interrupted(self: Postman, mail: Mail) -> bool:
            monkeypatch.setattr(Postman, "_claim", claim)
            assert second.run(most=3).sent == 3  # between what the first one read and what it takes
            return claim(self, mail)

        monkeypatch.setattr(Postman, "_claim", interrupted)
        assert first.run().sent == 3
        assert len(office.letters) == 6
        assert len({each.message["Message-ID"] for each in office.letters}) == 6

    @pytest.mark.only_on("postgresql")
    @pytest.mark.django_db(transaction=True)
    def test_in_threads_of_their_own(self, waiting: People, office: Office) -> None:
        post(waiting, count=19)

        def work() -> None:
            try:
                Postman(clock=lambda: NOW).run()
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(office.letters) == 20
        assert len({each.message["Message-ID"] for each in office.letters}) == 20
        assert set(states()) == {"sent"}


@pytest.mark.only_on("sqlite")
class TestAnEncryptedLine:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        """A certificate of 127.0.0.1 that signs itself, with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(datetime(2020, 1, 1))
            .not_valid_after(datetime(2120, 1, 1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "may-chu.pem"
        file.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return file

    @pytest.fixture
    def sealed(self, certificate: Path, waiting: People, settings: Any) -> Iterator[Office]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", True
        with post_office(Office(tls=context)) as found:
            settings.EMAIL_PORT = found.port
            yield found

    def test_is_used_where_the_certificate_is_trusted(
        self,
        sealed: Office,
        certificate: Path,
        postman: Callable[[], Postman],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert postman().run().sent == 1
        assert len(sealed.letters) == 1

    def test_is_not_used_where_it_is_not(self, sealed: Office, postman: Callable[[], Postman]) -> None:
        found = postman().run()
        assert found.unreachable is not None
        assert "certificate" in str(found.unreachable).lower()
        assert sealed.letters == []
        assert states() == ["waiting"]

    def test_is_asked_for_and_nothing_goes_without(
        self, sealed: Office, settings: Any, office: Office, postman: Callable[[], Postman]
    ) -> None:
        settings.EMAIL_PORT = office.port  # a server without encryption
        assert postman().run().unreachable is not None
        assert office.letters == []


def test_a_letter_of_the_command_line_goes_at_once_or_says_why_not(people: People, office: Office) -> None:
    send_now(to="thu@binhyen.example", subject="Thử", text="Thử gửi thư.\n")
    assert [each.to for each in office.letters] == ["thu@binhyen.example"]
    office.scene = lambda step, _: "550 relay denied" if step == "rcpt" else None
    with pytest.raises(ServerGone, match="relay denied"):
        send_now(to="thu@binhyen.example", subject="Thử", text="Thử gửi thư.\n")


def test_what_the_server_says_is_kept_without_its_line_breaks() -> None:
    error = smtplib.SMTPDataError(550, b"one\r\n two")
    assert (
        str(sending._answered(error.smtp_code, error.smtp_error)) == "The mail server answered 550: one two"
    )
