import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('voices', '0002_whom_feedback_is_about'),
    ]

    operations = [
        migrations.CreateModel(
            name='TurnedAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('number', models.PositiveIntegerField(default=0)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turned_away', to='voices.survey')),
            ],
            options={
                'verbose_name_plural': 'turned away',
                'constraints': [models.UniqueConstraint(fields=('survey', 'on'), name='turned_away_unique')],
            },
        ),
    ]
