"""What the words of one-stop software mean."""

from __future__ import annotations

import pytest

from camket.core.dossier_words import WORDED, choices, meaning, name_of, spellings
from camket.core.dossiers import Channel, OnlineLevel, Outcome, Payment, State


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Mới đăng ký", State.REGISTERED),
        ("Chờ tiếp nhận", State.REGISTERED),
        ("Được tiếp nhận", State.ACCEPTED),
        ("ĐÃ TIẾP NHẬN", State.ACCEPTED),
        ("Không được tiếp nhận", State.REFUSED),
        ("Từ chối", State.REFUSED),
        ("Đang xử lý", State.PROCESSING),
        ("Đang xử lý (trong hạn)", State.PROCESSING),
        ("Đang giải quyết - quá hạn", State.PROCESSING),
        ("Chờ ký duyệt", State.PROCESSING),
        ("Yêu cầu bổ sung giấy tờ", State.SUPPLEMENT),
        ("Chờ bổ sung", State.SUPPLEMENT),
        ("Yêu cầu thực hiện nghĩa vụ tài chính", State.OBLIGATION),
        ("Công dân yêu cầu rút hồ sơ", State.WITHDRAWN),
        ("Rút hồ sơ", State.WITHDRAWN),
        ("Dừng xử lý", State.STOPPED),
        ("Đã xử lý xong", State.DONE),
        ("Đã có kết quả", State.DONE),
        ("Chờ trả kết quả", State.DONE),
        ("Đã trả kết quả", State.RETURNED),
        ("Đã trả kết quả đúng hạn", State.RETURNED),
        ("Đã trả kết quả.", State.RETURNED),
        ("10", State.RETURNED),
        ("10 - Đã trả kết quả", State.RETURNED),
        ("Da tra ket qua", State.RETURNED),
    ],
)
def test_states(word: str, state: State) -> None:
    assert meaning("state", word) == state


@pytest.mark.parametrize("word", ["", "Đã lưu kho", "Trả lại", "11", "Đã hủy", "đúng hạn"])
def test_what_may_mean_several_things_means_none(word: str) -> None:
    assert meaning("state", word) is None


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("channel", "Trực tiếp", Channel.DIRECT),
        ("channel", "Cổng DVCQG", Channel.ONLINE),
        ("channel", "Bưu chính công ích", Channel.POSTAL),
        ("channel", "Qua BCCI", Channel.POSTAL),
        ("level", "Mức độ 4", OnlineLevel.OLD_4),
        ("level", "Toàn trình", OnlineLevel.WHOLE),
        ("level", "Chủ động mức độ 4", OnlineLevel.PROACTIVE_4),
        ("result_given", "Trước hạn", Outcome.EARLY),
        ("result_given", "Trễ hạn", Outcome.LATE),
        ("result_given", "Còn hạn", Outcome.OPEN),
        ("payment", "Thanh toán trực tuyến", Payment.PAID_ONLINE),
        ("is_digitised", "x", 1),
        ("is_digitised", "Chưa", 0),
    ],
)
def test_other_words(field: str, word: str, code: int) -> None:
    assert meaning(field, word) == code


def test_the_offices_own_words_go_first() -> None:
    words = {"Đang xử lý": "done", "Đã lưu kho": "returned", "Lạ": "no_such_state"}
    assert meaning("state", "ĐANG XỬ LÝ", words) == State.DONE
    assert meaning("state", "Đã lưu kho", words) == State.RETURNED
    assert meaning("state", "Lạ", words) is None


@pytest.mark.parametrize("field", WORDED)
def test_every_meaning_has_a_usual_word_a_name_and_a_label(field: str) -> None:
    for word in spellings(field):
        assert meaning(field, word) is not None
    for (name, label), member in zip(choices(field), WORDED[field], strict=True):
        assert (name, bool(label)) == (name_of(field, member.value), True)
        assert meaning(field, "một từ lạ", {"một từ lạ": name}) == member
