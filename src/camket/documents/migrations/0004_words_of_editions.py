

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_controlled_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='documentedition',
            name='words',
            field=models.TextField(help_text='Its words folded, for the search; None until they are read from its file', null=True),
        ),
    ]
