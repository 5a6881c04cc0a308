import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("new", "Received"),
    ("assigned", "Being handled"),
    ("drafted", "Answer waiting for approval"),
    ("answered", "Answered"),
    ("passed_on", "Passed on to the competent body"),
    ("routed", "Routed as a complaint or denunciation"),
    ("set_aside", "Not taken up"),
    ("merged", "Answered with another one"),
]


def keep_whom(apps, schema_editor):
    """Write down for each feedback the one person it was about among the several it may be about now."""
    feedback = apps.get_model("voices", "Feedback")
    link = feedback.about.through
    link.objects.bulk_create(
        [
            link(feedback_id=pk, person_id=person_id)
            for pk, person_id in feedback.objects.exclude(concerns=None).values_list("pk", "concerns_id")
        ],
        batch_size=500,
    )


def keep_first(apps, schema_editor):
    """Go back to one person each: the first."""
    feedback = apps.get_model("voices", "Feedback")
    for row in feedback.about.through.objects.order_by("-pk"):
        feedback.objects.filter(pk=row.feedback_id).update(concerns_id=row.person_id)


class Migration(migrations.Migration):
    dependencies = [
        ("voices", "0005_late_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="about",
            field=models.ManyToManyField(
                blank=True,
                help_text="Whose conduct it is about: none of them ever sees it",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(keep_whom, keep_first),
        migrations.RemoveField(model_name="feedback", name="concerns"),
        migrations.RenameField(model_name="feedback", old_name="about", new_name="concerns"),
        migrations.AddField(
            model_name="feedback",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                help_text="The feedback on the same matter with which this one is answered",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="voices.feedback",
            ),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="state",
            field=models.CharField(choices=STATES, default="new", max_length=10),
        ),
    ]
