from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AgencyLevel(models.TextChoices):
    """Levels of government and their bodies; ``district`` is historical (until 30/6/2025)."""

    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District (until 30/6/2025)")
    COMMUNE = "commune", _("Commune")
    WARD = "ward", _("Ward")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    DEPARTMENT = "department", _("Department")


class Rhythm(models.TextChoices):
    """How often an agency reports on its objectives, and checks work that has no date of its own."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    HALF_YEAR = "half_year", _("Half-yearly")
    YEAR = "year", _("Yearly")


class Agency(models.Model):
    """A People's Committee or one of its bodies; the owner of every other row."""

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=255)
    full_name = models.CharField(max_length=255, help_text="As letterheads write it, in ordinary case")
    place = models.CharField(max_length=100, blank=True)
    superior_name = models.CharField(max_length=255, blank=True)
    level = models.CharField(max_length=20, choices=AgencyLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    rhythm = models.CharField(max_length=20, choices=Rhythm, default=Rhythm.QUARTER)
    half_year_report_by = models.CharField(max_length=5, default="06-15")
    year_report_by = models.CharField(max_length=5, default="11-30")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="agency_valid_period",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Creates people with hashed passwords."""

    def create_user(self, login: str, password: str | None = None, **fields: object) -> Person:
        person = self.model(login=login.strip().casefold(), **fields)
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="unit_name_unique")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Roles of an agency; what each may do stands in ``policy``."""

    SECRETARY = "secretary", _("ISO secretary")
    CHAIRMAN = "chairman", _("Chairman")
    REPRESENTATIVE = "representative", _("Management representative (QMR)")
    HEAD = "head", _("Head of unit")
    OFFICER = "officer", _("Officer")
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
