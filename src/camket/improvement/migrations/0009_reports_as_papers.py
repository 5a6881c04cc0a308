"""Reports of audits that were issued become papers of their own; of a programme's versions the last is in force."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import migrations
from django.utils import timezone


def keep_reports(apps: Any, schema_editor: Any) -> None:
    """Keep each report that was issued, with its files and its entry among the outgoing documents where it has them."""
    audits = apps.get_model("improvement", "Audit").objects
    entries = apps.get_model("registers", "Entry").objects
    papers = apps.get_model("improvement", "AuditPaper").objects
    issued = audits.filter(state__in=("reported", "closed"), reported_on__isnull=False, report__isnull=False)
    for each in issued.order_by("pk").iterator():
        sent = entries.filter(
            agency_id=each.agency_id, register="outgoing", number=each.report_number, on=each.reported_on
        ).exclude(number="")
        papers.create(
            agency_id=each.agency_id,
            audit_id=each.pk,
            kind="report",
            version=1,
            number=each.report_number,
            issued_on=each.reported_on,
            content=each.report,
            docx_id=each.report_docx_id,
            pdf_id=each.report_pdf_id,
            outgoing=sent.order_by("pk").first(),
            issued_at=timezone.make_aware(datetime.combine(each.reported_on, time(0))),
        )
    programmes = apps.get_model("improvement", "AuditProgrammePaper").objects
    programmes.filter(superseded_by__isnull=False).update(state="replaced")


def put_back(apps: Any, schema_editor: Any) -> None:
    """Put the reports in force back to their audits."""
    audits = apps.get_model("improvement", "Audit").objects
    papers = apps.get_model("improvement", "AuditPaper").objects
    for each in papers.filter(kind="report", state="issued").order_by("pk").iterator():
        audits.filter(pk=each.audit_id).update(
            report=each.content, report_docx_id=each.docx_id, report_pdf_id=each.pdf_id
        )


class Migration(migrations.Migration):

    dependencies = [
        ('improvement', '0008_papers_of_audits'),
    ]

    operations = [migrations.RunPython(keep_reports, put_back)]
