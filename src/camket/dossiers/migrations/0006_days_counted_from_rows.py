from django.db import migrations, models


class Migration(migrations.Migration):
    """Counts of single days by every dimension at once are no longer kept: they are counted from the days' rows."""

    dependencies = [("dossiers", "0005_dates_promised_before")]

    operations = [
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("waiting_from_day__isnull", False)),
                fields=["agency", "waiting_from_day"],
                name="dossier_waiting_from",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("waiting_until_day__isnull", False)),
                fields=["agency", "waiting_until_day"],
                name="dossier_waiting_until",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("reappointed_day__isnull", False)),
                fields=["agency", "reappointed_day"],
                name="dossier_reappointed",
            ),
        ),
        # Shape 9 is that of every dimension, grain 1 the day. Software of before that goes back to this table counts single
        # days by several dimensions anew only as their dossiers change.
        migrations.RunSQL(
            "DELETE FROM dossiers_bucket WHERE shape = 9 AND grain = 1", migrations.RunSQL.noop
        ),
    ]
