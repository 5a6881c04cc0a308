"""What the words of one-stop software mean: states, channels, online levels, results, payment, truths.

Words are compared without marks, case and punctuation; what is added in brackets or after the state about time
("Đã trả kết quả (đúng hạn)") is left aside. A word that stands here or that the office explained has one meaning;
any other has none, and is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache

from camket.core.dossiers import (
    CHANNEL_NAMES,
    LEVEL_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    Channel,
    OnlineLevel,
    Outcome,
    Payment,
    State,
)
from camket.core.messages import gettext_noop
from camket.core.wording.text import search_key

__all__ = ["WORDED", "choices", "meaning", "name_of", "spellings", "word_key"]

PAYMENT_NAMES: dict[Payment, str] = {
    Payment.UNKNOWN: gettext_noop("Payment not stated"),
    Payment.NOTHING_DUE: gettext_noop("No fee due"),
    Payment.PAID_AT_COUNTER: gettext_noop("Paid at the counter"),
    Payment.PAID_ONLINE: gettext_noop("Paid online"),
}


class Truth(IntEnum):
    """Yes or no, as an export says it."""

    NO = 0
    YES = 1


TRUTH_NAMES: dict[Truth, str] = {Truth.NO: gettext_noop("No"), Truth.YES: gettext_noop("Yes")}

WORDED: dict[str, type[IntEnum]] = {
    "state": State,
    "channel": Channel,
    "level": OnlineLevel,
    "result_given": Outcome,
    "payment": Payment,
    "is_digitised": Truth,
    "is_result_digitised": Truth,
}
"""Fields of a dossier that an export says in words of its own, with what these may mean."""

_NAMES: dict[type[IntEnum], Mapping[IntEnum, str]] = {
    State: STATE_NAMES,  # type: ignore[dict-item]
    Channel: CHANNEL_NAMES,  # type: ignore[dict-item]
    OnlineLevel: LEVEL_NAMES,  # type: ignore[dict-item]
    Outcome: OUTCOME_NAMES,  # type: ignore[dict-item]
    Payment: PAYMENT_NAMES,  # type: ignore[dict-item]
    Truth: TRUTH_NAMES,  # type: ignore[dict-item]
}

_STATES: dict[State, tuple[str, ...]] = {
    State.REGISTERED: (
        "1", "mới đăng ký", "đăng ký mới", "mới nộp", "chờ tiếp nhận", "chờ tiếp nhận hồ sơ", "chưa tiếp nhận", "đã gửi",
        "chờ xác nhận", "chờ duyệt tiếp nhận", "hồ sơ mới đăng ký", "mới gửi", "đã nộp",
    ),
    State.ACCEPTED: (
        "2", "được tiếp nhận", "đã tiếp nhận", "mới tiếp nhận", "tiếp nhận", "đã nhận", "đã nhận hồ sơ", "tiếp nhận mới",
        "đã tiếp nhận hồ sơ", "hồ sơ mới tiếp nhận", "chờ phân công", "đã phân công", "chờ chuyển xử lý", "mới nhận",
    ),
    State.REFUSED: (
        "3", "không được tiếp nhận", "không tiếp nhận", "từ chối tiếp nhận", "từ chối", "bị từ chối", "đã từ chối",
        "không đủ điều kiện tiếp nhận", "từ chối hồ sơ", "không tiếp nhận hồ sơ",
    ),
    State.PROCESSING: (
        "4", "đang xử lý", "đang giải quyết", "đang thụ lý", "chờ xử lý", "chờ giải quyết", "đang thẩm định", "chờ thẩm định",
        "đang trình ký", "trình ký", "chờ ký", "chờ ký duyệt", "chờ duyệt", "chờ phê duyệt", "chờ văn thư", "chờ đóng dấu",
        "đã chuyển xử lý", "chuyển xử lý", "đang thực hiện", "đang trình lãnh đạo", "trình lãnh đạo", "chưa giải quyết",
        "đang luân chuyển", "đang chờ xử lý", "đã bổ sung", "đã bổ sung hồ sơ", "chưa xử lý", "chưa xử lý xong",
        "đang lấy ý kiến", "chờ ban hành", "đang giải quyết hồ sơ",
    ),
    State.SUPPLEMENT: (
        "5", "yêu cầu bổ sung giấy tờ", "yêu cầu bổ sung", "yêu cầu bổ sung hồ sơ", "chờ bổ sung", "chờ bổ sung hồ sơ",
        "chờ bổ sung giấy tờ", "bổ sung", "bổ sung hồ sơ", "đang bổ sung", "đang chờ bổ sung", "chờ công dân bổ sung",
        "chờ người dân bổ sung", "tạm dừng chờ bổ sung", "đang bổ sung hồ sơ", "cần bổ sung", "chưa bổ sung",
        "công dân bổ sung hồ sơ", "tạm dừng bổ sung",
    ),
    State.OBLIGATION: (
        "6", "yêu cầu thực hiện nghĩa vụ tài chính", "chờ thực hiện nghĩa vụ tài chính", "thực hiện nghĩa vụ tài chính",
        "nghĩa vụ tài chính", "chờ nộp thuế", "chờ nộp phí", "chờ nộp phí, lệ phí", "chờ nộp lệ phí", "chờ thanh toán",
        "chờ thuế", "chờ thông báo thuế", "chờ xác nhận nghĩa vụ tài chính", "đang thực hiện nghĩa vụ tài chính",
    ),
    State.WITHDRAWN: (
        "7", "công dân yêu cầu rút hồ sơ", "yêu cầu rút hồ sơ", "rút hồ sơ", "đã rút", "đã rút hồ sơ", "công dân rút hồ sơ",
        "công dân rút", "xin rút", "xin rút hồ sơ", "hồ sơ rút", "người dân rút hồ sơ", "rút",
    ),
    State.STOPPED: (
        "8", "dừng xử lý", "đã dừng xử lý", "tạm dừng", "tạm dừng xử lý", "tạm dừng giải quyết", "dừng giải quyết",
        "dừng thực hiện", "dừng thực hiện tthc", "đã dừng", "tạm dừng hồ sơ", "dừng hồ sơ",
    ),
    State.DONE: (
        "9", "đã xử lý xong", "xử lý xong", "đã xử lý", "đã giải quyết", "đã giải quyết xong", "giải quyết xong", "có kết quả",
        "đã có kết quả", "hoàn thành", "đã hoàn thành", "đã hoàn tất", "hoàn tất", "chờ trả kết quả", "chờ trả", "đã duyệt",
        "đã phê duyệt", "đã ký", "đã ban hành", "đã kết thúc", "kết thúc", "kết thúc xử lý", "chưa trả kết quả",
        "đã xong", "đã có kết quả giải quyết", "đã giải quyết chờ trả", "đã có kết quả chờ trả", "đã kết thúc xử lý",
        "chờ công dân nhận kết quả",
    ),
    State.RETURNED: (
        "10", "đã trả kết quả", "đã trả", "trả kết quả", "đã trả kq", "đã trả kết quả cho công dân", "đã trả kết quả cho dân",
        "đã trả cho công dân", "đã nhận kết quả", "công dân đã nhận kết quả", "đã giao kết quả", "đã trả hồ sơ",
        "đã trả kết quả hồ sơ", "đã trả qua bưu điện", "đã trả dân",
    ),
}  # fmt: skip
"""Source: the numbers and names of the National Public Service Portal; the rest are the usual words of one-stop software."""

_CHANNELS: dict[Channel, tuple[str, ...]] = {
    Channel.DIRECT: (
        "1", "trực tiếp", "nộp trực tiếp", "tại quầy", "một cửa", "tại một cửa", "tại bộ phận một cửa", "tiếp nhận trực tiếp",
        "nhận trực tiếp", "tại chỗ", "tại trung tâm", "tại trung tâm phục vụ hành chính công", "nộp tại quầy", "offline",
        "tại bộ phận tiếp nhận và trả kết quả", "hồ sơ trực tiếp",
    ),
    Channel.ONLINE: (
        "2", "trực tuyến", "nộp trực tuyến", "qua mạng", "online", "nộp qua mạng", "cổng dịch vụ công", "cổng dvc",
        "cổng dvcqg", "cổng dịch vụ công quốc gia", "dịch vụ công trực tuyến", "dvc trực tuyến", "dvctt", "dvcqg",
        "tiếp nhận trực tuyến", "nộp hồ sơ trực tuyến", "hồ sơ trực tuyến", "vneid", "dvc quốc gia", "internet",
        "cổng dịch vụ công tỉnh", "trực tuyến toàn trình", "trực tuyến một phần", "liên thông", "qua cổng dịch vụ công",
    ),
    Channel.POSTAL: (
        "3", "bưu chính", "bưu chính công ích", "bcci", "qua bcci", "bưu điện", "qua bưu điện", "qua bưu chính",
        "dịch vụ bcci", "qua dịch vụ bcci", "nộp qua bcci", "dịch vụ bưu chính công ích",
        "qua dịch vụ bưu chính công ích", "qua bưu chính công ích", "qua dịch vụ bưu chính", "nộp qua bưu chính",
        "nộp qua bưu chính công ích", "nộp qua bưu điện",
    ),
    Channel.UNKNOWN: ("khác", "không rõ", "không xác định"),
}  # fmt: skip

_LEVELS: dict[OnlineLevel, tuple[str, ...]] = {
    OnlineLevel.NONE: (
        "0", "không", "không trực tuyến", "chưa cung cấp", "không cung cấp", "cung cấp thông tin", "không phải dvctt",
        "dịch vụ cung cấp thông tin trực tuyến", "cung cấp thông tin trực tuyến", "trực tiếp", "chưa cung cấp trực tuyến",
        "không cung cấp trực tuyến",
    ),
    OnlineLevel.OLD_1: ("1", "mức 1", "mức độ 1", "mức độ i"),
    OnlineLevel.OLD_2: ("2", "mức 2", "mức độ 2", "mức độ ii"),
    OnlineLevel.OLD_3: ("3", "mức 3", "mức độ 3", "mức độ iii", "dvctt mức độ 3", "dịch vụ công mức độ 3", "dvc mức độ 3"),
    OnlineLevel.OLD_4: ("4", "mức 4", "mức độ 4", "mức độ iv", "dvctt mức độ 4", "dịch vụ công mức độ 4", "dvc mức độ 4"),
    OnlineLevel.PARTIAL: (
        "một phần", "dvctt một phần", "trực tuyến một phần", "dịch vụ công trực tuyến một phần", "dvc trực tuyến một phần",
        "dvc một phần", "1 phần",
    ),
    OnlineLevel.WHOLE: (
        "toàn trình", "dvctt toàn trình", "trực tuyến toàn trình", "dịch vụ công trực tuyến toàn trình", "dvc toàn trình",
        "dvc trực tuyến toàn trình", "toàn phần",
    ),
    OnlineLevel.PROACTIVE_1: ("chủ động mức độ 1", "dịch vụ công trực tuyến chủ động mức độ 1"),
    OnlineLevel.PROACTIVE_2: ("chủ động mức độ 2", "dịch vụ công trực tuyến chủ động mức độ 2"),
    OnlineLevel.PROACTIVE_3: ("chủ động mức độ 3", "dịch vụ công trực tuyến chủ động mức độ 3"),
    OnlineLevel.PROACTIVE_4: ("chủ động mức độ 4", "dịch vụ công trực tuyến chủ động mức độ 4"),
}  # fmt: skip

_RESULTS: dict[Outcome, tuple[str, ...]] = {
    Outcome.EARLY: (
        "trước hạn", "sớm hạn", "trước thời hạn", "giải quyết trước hạn", "xử lý trước hạn", "đã giải quyết trước hạn", "sớm",
        "sớm hẹn", "trước hẹn",
    ),
    Outcome.ON_TIME: (
        "đúng hạn", "đúng thời hạn", "giải quyết đúng hạn", "xử lý đúng hạn", "đã giải quyết đúng hạn", "đúng hẹn",
    ),
    Outcome.LATE: (
        "quá hạn", "trễ hạn", "trễ", "muộn", "quá thời hạn", "giải quyết quá hạn", "xử lý quá hạn", "trễ hẹn", "quá hẹn",
        "đã giải quyết quá hạn", "chậm", "chậm hạn", "sau hạn", "giải quyết trễ hạn", "xử lý trễ hạn",
    ),
    Outcome.OPEN: (
        "trong hạn", "còn hạn", "chưa đến hạn", "đang xử lý", "chưa giải quyết", "sắp đến hạn", "sắp hết hạn", "đang giải quyết",
        "chưa có kết quả", "đến hạn", "đang giải quyết trong hạn", "đang xử lý trong hạn", "đang giải quyết quá hạn",
        "chưa xác định", "tạm dừng", "đang xử lý quá hạn",
    ),
}  # fmt: skip

_PAYMENTS: dict[Payment, tuple[str, ...]] = {
    Payment.NOTHING_DUE: (
        "không", "miễn phí", "không thu phí", "không phát sinh", "không phải nộp", "0", "không có phí", "không phí",
        "không có lệ phí", "không phát sinh nghĩa vụ tài chính",
    ),
    Payment.PAID_AT_COUNTER: (
        "trực tiếp", "tiền mặt", "tại quầy", "thanh toán trực tiếp", "nộp trực tiếp", "tại một cửa", "thanh toán tiền mặt",
        "nộp tiền mặt", "nộp tại quầy",
    ),
    Payment.PAID_ONLINE: (
        "trực tuyến", "thanh toán trực tuyến", "online", "payment platform", "đã thanh toán trực tuyến", "chuyển khoản",
        "nộp trực tuyến",
        "qua cổng thanh toán", "cổng thanh toán", "thanh toán qua cổng dvcqg", "qr code", "qr", "ví điện tử",
        "không dùng tiền mặt",
    ),
    Payment.UNKNOWN: ("chưa thanh toán", "chờ thanh toán", "không rõ", "chưa nộp"),
}  # fmt: skip

_TRUTHS: dict[Truth, tuple[str, ...]] = {
    Truth.YES: (
        "có", "x", "1", "true", "đúng", "rồi", "đã số hóa", "đã số hoá", "v", "yes", "co", "đã", "đã cấp", "y", "hoàn thành",
        "đã hoàn thành", "đầy đủ", "t", "✓", "✔", "☑",
    ),
    Truth.NO: (
        "không", "0", "false", "sai", "chưa", "chưa số hóa", "chưa số hoá", "no", "chưa cấp", "n", "không số hóa", "f",
        "chưa hoàn thành", "✗", "☐",
    ),
}  # fmt: skip

_TIMELY = re.compile(
    r" (?:truoc|som|dung|qua|tre|trong|con|chua den|sap den|sap het|cham) (?:thoi )?(?:han|hen)$"
)
_SIGNS = re.compile(r"[^a-z0-9✓✔☑✗☐]+")


@lru_cache(maxsize=20_000)
def word_key(word: str) -> str:
    """Return a word of an export as it is compared.

    >>> word_key(" Đã trả  kết quả. "), word_key("5 - Yêu cầu bổ sung")
    ('da tra ket qua', '5 yeu cau bo sung')
    """
    return " ".join(_SIGNS.sub(" ", search_key(word)).split())


def _known(field: str, words: Mapping[IntEnum, tuple[str, ...]]) -> dict[str, IntEnum]:
    known: dict[str, IntEnum] = {}
    for code, spellings in words.items():
        for spelling in spellings:
            key = word_key(spelling)
            if known.setdefault(key, code) is not code:
                raise ValueError(f"{field}: {spelling!r} would mean two things")
    for code, name in _NAMES[WORDED[field]].items():
        known.setdefault(word_key(name), code)
    return known


_SPELLED: dict[str, Mapping[IntEnum, tuple[str, ...]]] = {
    "state": _STATES,  # type: ignore[dict-item]
    "channel": _CHANNELS,  # type: ignore[dict-item]
    "level": _LEVELS,  # type: ignore[dict-item]
    "result_given": _RESULTS,  # type: ignore[dict-item]
    "payment": _PAYMENTS,  # type: ignore[dict-item]
    "is_digitised": _TRUTHS,  # type: ignore[dict-item]
    "is_result_digitised": _TRUTHS,  # type: ignore[dict-item]
}
_KNOWN: dict[str, dict[str, IntEnum]] = {field: _known(field, spelled) for field, spelled in _SPELLED.items()}


def meaning(field: str, word: str, words: Mapping[str, str] | None = None) -> int | None:
    """Return what a word of an export means in a field, as a number of :data:`WORDED`; None where it is not known.

    ``words`` are the office's own: the word to the name of its meaning in lower case; they go before ours.

    >>> meaning("state", "Đã trả kết quả (đúng hạn)"), meaning("channel", "Qua mạng"), meaning("state", "Đã lưu kho")
    (10, 2, None)
    >>> meaning("state", "Đã lưu kho", {"đã lưu kho": "returned"})
    10
    """
    key = word_key(word)
    kind = WORDED[field]
    for own, name in (words or {}).items():
        if word_key(own) == key:
            return kind[name.upper()].value if name.upper() in kind.__members__ else None
    known = _KNOWN[field]
    if key in known:
        return known[key].value
    if field == "state":
        bare = _TIMELY.sub("", key)
        # "10 - Đã trả kết quả": the number of the national portal before its name.
        named = re.sub(r"^(?:10|[1-9]) (?=[a-z])", "", bare)
        return known[named].value if named in known else None
    return None


def choices(field: str) -> tuple[tuple[str, str], ...]:
    """Return what the words of a field may mean: the name to store, and the message id that says it."""
    return tuple((each.name.lower(), _NAMES[WORDED[field]][each]) for each in WORDED[field])


def name_of(field: str, code: int) -> str:
    """Return the name to store of a meaning: ``returned``."""
    return WORDED[field](code).name.lower()


def spellings(field: str) -> tuple[str, ...]:
    """Return one usual word for each meaning of a field, as an export may say it.

    >>> spellings("result_given")
    ('trước hạn', 'đúng hạn', 'quá hạn', 'trong hạn')
    """
    return tuple(
        next(spelling for spelling in spelled if not spelling.isdecimal())
        for spelled in _SPELLED[field].values()
    )
