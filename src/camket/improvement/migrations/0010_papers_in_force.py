from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('improvement', '0009_reports_as_papers'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='auditprogrammepaper',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'issued')), fields=('programme',), name='audit_programme_paper_in_force'),
        ),
        migrations.RemoveField(
            model_name='audit',
            name='report',
        ),
        migrations.RemoveField(
            model_name='audit',
            name='report_docx',
        ),
        migrations.RemoveField(
            model_name='audit',
            name='report_pdf',
        ),
    ]
