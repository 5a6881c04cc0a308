"""The columns of a bucket are the counts that the core names."""

from __future__ import annotations

from camket.core.tally import COUNTS
from camket.dossiers.models import Bucket


def test_a_bucket_has_a_column_for_each_count() -> None:
    columns = [field.name for field in Bucket._meta.get_fields()]
    assert tuple(columns[-len(COUNTS) :]) == COUNTS
