from django.db import migrations, models


class Migration(migrations.Migration):
    """What was found out about feedback (kết luận đúng, đúng một phần, không đúng); of what was answered before, nothing."""

    dependencies = [("voices", "0008_comments_found_by_words")]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("justified", "Found justified"),
                    ("partly_justified", "Found justified in part"),
                    ("unjustified", "Found not justified"),
                ],
                help_text="Whether it was found justified, as drafted",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="outcome_on",
            field=models.DateField(
                blank=True,
                help_text="Day on which the outcome was approved; none while it is a draft",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="outcome_reason",
            field=models.TextField(blank=True, help_text="What that rests on, for the agency alone"),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome_on__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                name="feedback_dated_outcome",
            ),
        ),
    ]
