"""Keep the words of comments folded beside them, so that the database finds them; fill in those that are there."""

import unicodedata

from django.db import migrations, models

_AT_ONCE = 1_000


def search_key(text):
    """As ``camket.core.wording.text.search_key`` was when this was written."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    bare = unicodedata.normalize("NFD", spaced)
    return "".join(each for each in bare if not unicodedata.combining(each)).replace("đ", "d")


def fold(apps, schema_editor):
    Comment = apps.get_model("voices", "Comment")
    keys = list(Comment.objects.filter(search="").values_list("pk", flat=True))
    for first in range(0, len(keys), _AT_ONCE):
        rows = list(Comment.objects.filter(pk__in=keys[first : first + _AT_ONCE]).only("pk", "text"))
        for row in rows:
            row.search = search_key(row.text)
        Comment.objects.bulk_update(rows, ["search"], batch_size=250)


class Migration(migrations.Migration):
    dependencies = [("voices", "0007_counted_months")]
    operations = [
        migrations.AddField(
            model_name="comment",
            name="search",
            field=models.TextField(blank=True, help_text="Its words folded: what it is found by"),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
