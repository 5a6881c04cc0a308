from __future__ import annotations

from pathlib import Path

import pytest

import camket
from camket.core.passwords import Weakness, folded, weakness

LIST = Path(camket.__file__).with_name("org") / "common_passwords.txt"
WORDS = {line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")}
OWN = {"binhyen", "xabinhyen", "ubndxabinhyen", "nguyenthian", "an.nguyen"}


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123456",
        "M@tKh4u2026",
        "mật khẩu 2026",
        "m.a.t.k.h.a.u.123",
        "123456a@",
        "1234567890",
        "0987654321",
        "iloveyou2026",
        "Vietnam@2026",
        "ViệtNam2026!",
        "chutich2026!",
        "ChuTichUBND1",
        "ubndxa@2026",
        "Ubnd#Phuong123",
        "qwertyuiop1",
        "Qwerty@12345",
        "1qaz2wsx3edc",
        "asdfghjkl;12",
        "aaaaaaaaaaaa",
        "Xu4nM0i2026",
        "anhyeuem1990",
        "hanoi@123456",
        "20262026abc",
        "Password2026",
        "P@ssw0rd2026",
        "iso9001camket",
        "nguyenvana1990",
    ],
)
def test_what_guessers_in_vietnam_try_first_is_common(password: str) -> None:
    assert weakness(password, WORDS) is Weakness.COMMON


@pytest.mark.parametrize(
    "password", ["binhyen@2026", "UBND xã Bình Yên", "Binh.Yen.2026", "NguyenThiAn1990", "an.nguyen12345"]
)
def test_names_of_the_person_and_the_agency_are_their_own(password: str) -> None:
    assert weakness(password, WORDS, OWN) is Weakness.OWN


@pytest.mark.parametrize(
    "password",
    [
        "Một câu dễ nhớ 26",
        "con mèo nhảy qua hàng rào",
        "Tháng 7 đi chợ mua cá",
        "k7Jq-92ms-xx",
        "ch0n2fZmR8qL",
        "A7B9-K2M4-PQRS",
        "mot-gio-dau-tien",
        "Cam-ket-2026-thu",
        "bốn con ngựa sắt và cục pin",
    ],
)
def test_sentences_and_random_signs_are_good(password: str) -> None:
    assert weakness(password, WORDS, OWN) is None


def test_folding_takes_marks_capitals_and_spaces_and_keeps_signs() -> None:
    assert folded("  Đặng  Ứng Hòe@2026 ") == "dangunghoe@2026"


def test_the_longest_password_is_looked_at_in_no_time_that_matters() -> None:
    assert weakness("ab1!" * 32, WORDS, OWN) is None


def test_the_list_is_folded() -> None:
    assert len(WORDS) > 350
    assert {word for word in WORDS if word != folded(word)} == set()
