from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from camket.core.wording.text import login_key


def _ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Return the constraint of a row that holds from a day to a day, either of which may be open."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True)
        | Q(valid_from__isnull=True)
        | Q(valid_to__gte=models.F("valid_from")),
        name=name,
    )


class Level(models.Model):
    """A level of government or kind of body, as data: levels come and go by law.

    The district level ended on 30/6/2025 (Luật Tổ chức chính quyền địa phương 2025); what was decided at it stays.
    """

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    english_name = models.CharField(max_length=100)
    order = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=255, blank=True)
    proposed_units = models.JSONField(
        default=list,
        blank=True,
        help_text="Units that a new agency of this level is offered: name, short_name, kind",
    )

    def __str__(self) -> str:
        return self.name


class Rhythm(models.TextChoices):
    """How often an agency reports on its objectives, and checks work that has no date of its own."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    HALF_YEAR = "half_year", _("Half-yearly")
    YEAR = "year", _("Yearly")


class SecondFactor(models.TextChoices):
    """Whom an agency asks for a second factor at sign-in."""

    OFFERED = "offered", _("Offered to everyone")
    MANAGERS = "managers", _("Required of those who manage, lead and approve")
    EVERYONE = "everyone", _("Required of everyone")


class Agency(models.Model):
    """A People's Committee or one of its bodies; the owner of every other row."""

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=255)
    full_name = models.CharField(max_length=255, help_text="As letterheads write it, in ordinary case")
    place = models.CharField(max_length=100, blank=True)
    superior_name = models.CharField(max_length=255, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, db_column="level", related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    rhythm = models.CharField(max_length=20, choices=Rhythm, default=Rhythm.QUARTER)
    half_year_report_by = models.CharField(max_length=5, default="06-15")
    year_report_by = models.CharField(max_length=5, default="11-30")
    second_factor = models.CharField(
        max_length=20,
        choices=SecondFactor,
        default=SecondFactor.OFFERED,
        help_text="Who must sign in with two factors",
    )
    set_up_on = models.DateField(
        null=True, blank=True, help_text="Day on which the guided set-up was finished; null while it goes on"
    )

    class Meta:
        constraints = [_ends_after_it_begins("agency_valid_period")]

    def __str__(self) -> str:
        return self.name


class AgencyCode(models.Model):
    """A code that an agency has or had, with the days on which it holds; aliases of old exports too.

    Codes are text: administrative units have leading zeros (QĐ 19/2025/QĐ-TTg), electronic identifiers letters
    (QĐ 20/2020/QĐ-TTg). Many changed with the mergers of 2025.
    """

    class Scheme(models.TextChoices):
        IDENTIFIER = "identifier", _("Electronic identifier (Decision 20/2020/QĐ-TTg)")
        ADMINISTRATIVE = "administrative", _("Administrative unit (Decision 19/2025/QĐ-TTg)")
        ALIAS = "alias", _("Other code")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=20, choices=Scheme)
    code = models.CharField(max_length=35)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"], name="agency_code_held_once", condition=Q(valid_to__isnull=True)
            ),
            _ends_after_it_begins("agency_code_valid_period"),
        ]

    def __str__(self) -> str:
        return self.code


class FormerName(models.Model):
    """What an agency was called until a day; documents of that time keep it, and it is still searched for."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=255)
    full_name = models.CharField(max_length=255)
    valid_to = models.DateField(help_text="Last day on which the name held")
    decision = models.CharField(max_length=255, blank=True, help_text="The text of the renaming, as written")

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One agency took over from another on a day, as on 1 July 2025; records stay with the old one."""

    class Kind(models.TextChoices):
        MERGER = "merger", _("Merged into")
        SPLIT = "split", _("Split")
        RENAMING = "renaming", _("Renamed")
        TRANSFER = "transfer", _("Tasks handed over")

    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="inheritances")
    kind = models.CharField(max_length=20, choices=Kind)
    on = models.DateField(help_text="First day of the successor")
    decision = models.CharField(max_length=255, blank=True, help_text="The text it rests on, as written")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_unique"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class PersonManager(BaseUserManager["Person"]):
    """Creates people with hashed passwords."""

    def create_user(self, login: str, password: str | None = None, **fields: object) -> Person:
        person = self.model(login=login_key(login), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """One who signs in, or is named as owner of work."""

    login = models.CharField(max_length=150, unique=True)
    full_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="vi")
    feed_key = models.CharField(max_length=64, blank=True, db_index=True)
    must_change_password = models.BooleanField(
        default=False, help_text="Set while the password is a one-time one"
    )
    anonymised_on = models.DateField(
        null=True,
        blank=True,
        help_text="Day on which the personal data were taken out; the row stays for the records",
    )

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["full_name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.full_name


class FailedSignIns(models.Model):
    """How often signing in failed lately for one name, address or both, kept as a hash of the two."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    latest_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.count)


class AccountEvent(models.Model):
    """Something that happened to an account, for its owner to see: a sign-in, guesses, a means of signing in lost.

    Kept for ``org.operations.EVENTS_KEPT`` and then cleared; what is a record of the agency stands in the journal.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        GUESSED = "guessed", _("Wrong entries, several times in a row")
        FACTOR_LOST = "factor_lost", _("Second factor taken off by a colleague")
        SESSIONS_ENDED = "sessions_ended", _("Signed out everywhere by a colleague")

    class How(models.TextChoices):
        PASSWORD = "password", _("Password")
        CODE = "code", _("Password and code")
        RECOVERY_CODE = "recovery_code", _("Password and recovery code")
        KEY = "key", _("Password and security key")
        PASSKEY = "passkey", _("Passkey")
        SINGLE_SIGN_ON = "single_sign_on", _("Single sign-on")
        INVITATION = "invitation", _("Invitation")

    person = models.ForeignKey(Person, models.PROTECT, related_name="account_events")
    kind = models.CharField(max_length=20, choices=Kind)
    how = models.CharField(max_length=20, choices=How, blank=True)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=100, blank=True, help_text="In words, as Chrome · Windows")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When its owner was told")

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="account_event_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%d/%m/%Y}"


class Unit(models.Model):
    """A section of an agency, or a committee (Ban Chỉ đạo ISO) that can own or monitor work."""

    class Kind(models.TextChoices):
        SECTION = "section", _("Section")
        COMMITTEE = "committee", _("Committee")
        LEADERSHIP = "leadership", _("Leadership")
        ALL = "all", _("All sections")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.SECTION)
    order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    decision_number = models.CharField(
        max_length=100, blank=True, help_text="Of a committee: the decision that set it up, as 45/QĐ-UBND"
    )
    decision_date = models.DateField(null=True, blank=True)
    series = models.CharField(
        max_length=30, blank=True, help_text="Of a committee: the mark of its own series of documents, as BCĐ"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="unit_name_unique")]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """One unit of an agency took over from another by a decision; what was done before stays with the former unit."""

    class Kind(models.TextChoices):
        MERGER = "merger", _("Merged into another unit")
        SPLIT = "split", _("Split")
        RENAMING = "renaming", _("Renamed")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="unit_successions")
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="inheritances")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField(help_text="First day of the successor")
    decision_number = models.CharField(max_length=100, help_text="Number and symbol, as 12/QĐ-UBND")
    decided_on = models.DateField()
    reason = models.CharField(max_length=500)
    moved = models.JSONField(default=dict, help_text="How many open rows of each kind went along")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="unit_succession_unique"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="unit_succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class PlannedSuccession(models.Model):
    """That a unit is to be merged, split or renamed on a day to come: what was decided, until it is carried out.

    ``into`` is who takes over, of a split who takes the rest; ``people`` says of a split to which unit each person goes.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="planned_successions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="planned_successions")
    kind = models.CharField(max_length=10, choices=UnitSuccession.Kind)
    on = models.DateField(help_text="First day of the successor")
    into = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.JSONField(default=dict, help_text="Of a split: id of the person to id of the unit")
    name = models.CharField(max_length=255, blank=True, help_text="Of a renaming: the new name")
    short_name = models.CharField(max_length=60, blank=True)
    decision_number = models.CharField(max_length=100, help_text="Number and symbol, as 12/QĐ-UBND")
    decided_on = models.DateField()
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    carried_out_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    trouble = models.JSONField(
        default=dict, help_text="Why it could not be carried out on its day: a message"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(carried_out_at__isnull=True, withdrawn_at__isnull=True),
                name="planned_succession_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.on:%d/%m/%Y}"


class Role(models.TextChoices):
    """Roles of an agency; what each may do stands in ``policy``."""

    SECRETARY = "secretary", _("ISO secretary")
    CHAIRMAN = "chairman", _("Chairman")
    REPRESENTATIVE = "representative", _("Management representative (QMR)")
    HEAD = "head", _("Head of unit")
    OFFICER = "officer", _("Officer")
    ONE_STOP = "one_stop", _("One-stop shop officer")
    AUDITOR = "auditor", _("Internal auditor")
    PRIVACY = "privacy", _("Personal data officer")
    VIEWER = "viewer", _("Viewer of the agencies below")
    INSPECTOR = "inspector", _("Inspector of the agencies below")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """A person's post in an agency, dated, with the role it gives."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    position = models.CharField(max_length=150, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person", "role", "unit"],
                name="membership_of_unit_unique",
                condition=Q(valid_to__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["agency", "person", "role"],
                name="membership_without_unit_unique",
                condition=Q(valid_to__isnull=True, unit__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class Seat(models.Model):
    """A person's seat in a committee (a unit of kind ``committee``), dated; it gives no role of its own."""

    class Duty(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy head")
        SECRETARY = "secretary", _("Secretary")
        MEMBER = "member", _("Member")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    duty = models.CharField(max_length=20, choices=Duty, default=Duty.MEMBER)
    order = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person"], name="seat_held_once", condition=Q(valid_to__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_duty_display()}"


class Delegation(models.Model):
    """A post that another person fills during an absence, from a day to a day (ủy quyền, giao phụ trách)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations")
    post = models.ForeignKey(Membership, models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputyships")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=500)
    document_number = models.CharField(max_length=100, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, help_text="First day on which it holds no more")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="delegation_valid_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.post}"


class Invitation(models.Model):
    """A link by which a person chooses a first password; only the hash of its key is kept."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} · {self.made_at:%d/%m/%Y}"


class BodyName(models.Model):
    """How an agency's documents name a unit or person; learnt when a plan is accepted, proposed the next year."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="body_names")
    text = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="body_name_unique")]

    def __str__(self) -> str:
        return self.text


class CalendarYear(models.Model):
    """A year of the official calendar and the decision it rests on; unconfirmed until one is issued.

    A row with an agency says what that agency has recorded, and overrides the national row of the year.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="calendar_years")
    year = models.PositiveIntegerField()
    is_confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year"],
                name="calendar_year_of_agency_unique",
                condition=Q(agency__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["year"], name="calendar_year_national_unique", condition=Q(agency__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not what its weekday says; a row with an agency overrides the national row of that day."""

    class Kind(models.TextChoices):
        OFF = "off", _("Day off")
        WORKING = "working", _("Working day")

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="calendar_days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=150)
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"],
                name="calendar_day_of_agency_unique",
                condition=Q(agency__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["day"], name="calendar_day_national_unique", condition=Q(agency__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class PersonalDataKind(models.Model):
    """One line of an agency's register of personal data, dated: what is held, of whom, why, how long, and then what.

    The product proposes the register (``personal_data.json``); the agency's own row of a code takes the place of
    the proposal from ``valid_from`` on, the newest one counting.
    """

    class After(models.TextChoices):
        LEFT = "left", _("The person's last post ended")
        USED = "used", _("It was last used")
        DONE = "done", _("The matter was closed")
        NEVER = "never", _("No limit: the record is kept")

    class Then(models.TextChoices):
        ANONYMISE = "anonymise", _("Take the personal data out, keep the record")
        DELETE = "delete", _("Delete")
        KEEP = "keep", _("Keep with the record")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="personal_data_kinds")
    code = models.CharField(max_length=30)
    valid_from = models.DateField()
    purpose = models.TextField()
    legal_basis = models.TextField()
    retention_months = models.PositiveIntegerField(null=True, blank=True)
    retention_after = models.CharField(max_length=10, choices=After, default=After.NEVER)
    then = models.CharField(max_length=10, choices=Then, default=Then.KEEP)
    is_masked = models.BooleanField(default=True, help_text="Shown masked to those who need not know it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code", "valid_from"], name="personal_data_kind_unique")
        ]

    def __str__(self) -> str:
        return self.code


class SubjectRequest(models.Model):
    """What a person asked about the own data, and what was answered (yêu cầu của chủ thể dữ liệu)."""

    class Kind(models.TextChoices):
        SEE = "see", _("See the data or get a copy")
        CORRECT = "correct", _("Correct the data")
        DELETE = "delete", _("Delete the data")
        RESTRICT = "restrict", _("Restrict what is done with the data")
        OBJECT = "object", _("Object to what is done with the data")
        WITHDRAW = "withdraw", _("Withdraw consent")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Granted in part")
        REFUSED = "refused", _("Refused, with the reason")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="subject_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="subject_requests")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    received_on = models.DateField()
    due_on = models.DateField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("received_on")), name="subject_request_due_later"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, outcome="")
                | Q(answered_on__isnull=False) & ~Q(outcome=""),
                name="subject_request_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "answered_on", "due_on"], name="subject_request_open")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class Erasure(models.Model):
    """That a person's data be taken out: one proposes it, another decides; done, it cannot be undone."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="erasures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures")
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person"], name="erasure_proposed_once", condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="erasure_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_state_display()}"
