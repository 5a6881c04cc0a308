"""What the targets of an objective measure, in the words of its wording."""

from __future__ import annotations

import re
from collections.abc import Sequence

from camket.core.wording.text import fold, lower

# What a measure is made of beside its figure: comparisons, money, grades and ranks, the year it is of.
_MEASURE = frozenset(
    lower(
        "đạt là phải từ tối thiểu đa ít nhiều nhất trên dưới trở lên xuống không quá hơn bằng lớn nhỏ khoảng đến "
        "tăng giảm thêm so với cùng kỳ năm trước trong mỗi phấn đấu và hoặc tỷ triệu nghìn ngàn đồng phần trăm "
        "xếp loại hạng thứ bậc tốt khá giỏi xuất sắc trung bình yếu kém"
    ).split()
)
_GOES_ON = re.compile(r"(trong đó|nằm trong|riêng)\b")


def measured_words(objective: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return, for each target of an objective, the words that say what it measures.

    That is the target's own clause where the clause says so. One that goes on from another ("trong đó …") has that
    one before it. A bare measure, as tables hold it in a column of its own, measures what the objective is of.

    >>> measured_words("Thu ngân sách đạt 12 tỷ đồng; giảm 0,3% hộ nghèo", ["Thu ngân sách đạt 12 tỷ đồng"])
    ('Thu ngân sách đạt 12 tỷ đồng',)
    >>> measured_words("Mức độ hài lòng trên 90%, trong đó đất đai 85%", ["Mức độ hài lòng trên 90%", "trong đó đất đai 85%"])
    ('Mức độ hài lòng trên 90%', 'Mức độ hài lòng trên 90%, trong đó đất đai 85%')
    >>> measured_words("Hồ sơ trực tuyến", ["Tối thiểu 45%"])
    ('Hồ sơ trực tuyến',)
    """
    whole = fold(objective)
    found: list[str] = []
    reach, leading = 0, -1
    for text in targets:
        clause = fold(text)
        start = whole.find(clause, reach)
        stands = start >= 0
        if stands:
            reach = start + len(clause)
        if stands and leading >= 0 and _GOES_ON.match(lower(clause)):
            found.append(whole[leading:reach])
        elif _subject_length(clause) >= (2 if stands else 4):
            # A cell beside the objective may count in some thing ("01 hồ sơ"); a clause of its own says more.
            found.append(clause)
            leading = start if stands else leading
        else:
            found.append(whole if len(targets) == 1 else f"{whole}: {clause}")
    return tuple(found)


def _subject_length(clause: str) -> int:
    """Return how many words of a clause are not of its measure."""
    words = re.findall(r"[^\W\d_]+", lower(clause))
    return sum(word not in _MEASURE for word in words)
