"""Kept files of issued reports that somebody changed on the disk: refused everywhere, never handed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from camket.documents.models import StoredFile
from camket.documents.queries import FileDamaged, path_of, read_file
from camket.org.models import Person
from camket.org.policy import Actor
from camket.reporting import operations, queries
from camket.reporting.models import Report
from people import People
from reporting.test_kinds import drafted, issued
from reporting.year import HALF, NOW, TODAY, make_year

FORMS = {"docx": "docx", "pdf": "pdf", "xlsx": "workbook", "json": "data"}


def of_unit(people: People) -> Report:
    year = make_year(people)
    unit = people.agency.units.order_by("order")[1]
    draft = operations.draft_report(
        actor=people.dung, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=unit.pk, now=NOW
    )
    return issued(people, draft)


def of_kind(subject: str) -> Callable[[People], Report]:
    return lambda people: issued(people, drafted(people, subject)[0])


REPORTS = {"unit": of_unit, "summary": of_kind("summary"), "feedback": of_kind("feedback")}


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.mark.parametrize("which", list(REPORTS))
def test_a_changed_file_is_never_handed_out_and_the_others_are(people: People, which: str) -> None:
    report = REPORTS[which](people)
    client = signed_in(people.an)
    for ending, field in FORMS.items():
        file: StoredFile = getattr(report, field)
        path = path_of(file.storage_name)
        kept = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(FileDamaged):
            read_file(people.an, file.pk)
        for each in FORMS:
            answer = client.get(f"/bao-cao/{report.pk}/tai-ve.{each}")
            assert (answer.status_code == 200) is (each != ending), (each, ending)
        path.write_bytes(kept)
    # What the report says stands in its snapshot, whatever became of the files.
    assert queries.report_content(people.an, report.pk, TODAY) == queries.content_from(
        Report.objects.get(pk=report.pk)
    )
