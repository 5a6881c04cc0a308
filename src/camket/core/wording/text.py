"""Text as Vietnamese offices type it, made uniform: folding, legacy encodings, search and sort keys."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = [
    "FoldedText",
    "bare_words",
    "decode_legacy",
    "fold",
    "fold_mapped",
    "legacy_encoding",
    "lower",
    "search_key",
    "sort_key",
]

_ZERO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text and, for each of its characters, where that character began in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's offsets of the folded text's ``[start:end]``."""
        if not self.text or start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    r"""Return the text in NFC with one plain space for each run of white space.

    No-break and thin spaces become spaces; soft hyphens and zero-width signs go.

    >>> fold(" Tỷ\u00a0lệ \n hồ\u00ad sơ ")
    'Tỷ lệ hồ sơ'
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c not in _ZERO_WIDTH)
    return " ".join(kept.split())


def login_key(text: str) -> str:
    """Return a sign-in name as it is kept and compared: nothing around it, in small letters.

    >>> login_key(" Nguyen.Van.An ")
    'nguyen.van.an'
    """
    return text.strip().casefold()


def one_line(text: str) -> str:
    """Return a text that somebody typed in one line and one Unicode form; its signs stay, unlike :func:`fold`'s.

    >>> one_line("  Văn phòng\\n HĐND ")
    'Văn phòng HĐND'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def paragraphs(text: str) -> str:
    """Return a text that somebody typed with its lines, each as :func:`one_line` gives it; empty ones are left out.

    >>> paragraphs(" Một  dòng\\r\\n\\n hai ")
    'Một dòng\\nhai'
    """
    return "\n".join(line for each in text.splitlines() if (line := one_line(each)))


def fold_mapped(text: str, *, keep_lines: bool = False) -> FoldedText:
    r"""Return :func:`fold` of the text with the way back to the original's offsets.

    With ``keep_lines`` a run of white space that holds a line end becomes one ``"\n"``.

    >>> folded = fold_mapped("Tỷ\u00a0\u00a0lệ  100%")
    >>> folded.text, folded.span(6, 10)
    ('Tỷ lệ 100%', (8, 12))
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gap: str | None = None
    at, length = 0, len(text)
    while at < length:
        character = text[at]
        if character in _ZERO_WIDTH:
            at += 1
            continue
        if character.isspace():
            if keep_lines and character in _LINE_ENDS:
                gap = "\n"
            elif gap is None:
                gap = " "
            at += 1
            continue
        # A letter and the marks typed after it are one letter of NFC text.
        end = at + 1
        while end < length and unicodedata.combining(text[end]):
            end += 1
        if gap is not None and characters:
            characters.append(gap)
            starts.append(ends[-1])
            ends.append(at)
        gap = None
        for composed in unicodedata.normalize("NFC", text[at:end]):
            characters.append(composed)
            starts.append(at)
            ends.append(end)
        at = end
    return FoldedText("".join(characters), tuple(starts), tuple(ends))


def begun(text: str) -> str:
    """Return a text as it stands at the head of a line; the rest keeps its case.

    >>> begun("hồ sơ của UBND")
    'Hồ sơ của UBND'
    """
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Return the text in lower case, character for character, so that offsets stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


# TCVN 5712:1993 (VN3, "ABC" fonts): one byte per lower-case letter; capitals with tones come from
# separate all-capital fonts.
_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)

# VNI: the bare letter, then a sign for its marks; the sign's case follows the letter's.
_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS |= {k.upper(): v.upper() for k, v in _VNI_LETTERS.items()}
_VNI_BASES = {
    "a": "ùøûõïâáàåãäêéèúüë",
    "e": "ùøûõïâáàåãä",
    "o": "ùøûõïâáàåãä",
    "u": "ùøûõï",
    "y": "ùøûõ",
    "ö": "ùøûõï",
    "ô": "ùøûõï",
}
_VNI_PAIR = re.compile(
    "|".join(f"[{base}{base.upper()}][{marks}{marks.upper()}]" for base, marks in _VNI_BASES.items())
)
# Signs inside words, which no Unicode text has there; "oà", "oá", "oã" are Unicode Vietnamese too ("hoà", "xoá").
_TCVN3_TELLTALE = re.compile("[^\\W\\d_][\u00ad¨©ª«¬®§µ¶·¸¹»¼½¾]|[\u00ad¨©ª«¬®§µ¶·¸¹»¼½¾][^\\W\\d_]")
_ALSO_UNICODE = frozenset(("oà", "oá", "oã"))
# Letters of Unicode Vietnamese that neither legacy encoding can hold.
_UNICODE_VIETNAMESE = re.compile("[ăĂđĐơƠưƯĩĨũŨ\u1ea0-\u1ef9]")


def legacy_encoding(text: str, font: str | None = None) -> str | None:
    """Return ``"tcvn3"`` or ``"vni"`` where the text is of that legacy encoding, else None.

    A font's name decides (.VnTime is TCVN3, VNI-Times is VNI) unless the text holds letters that only
    Unicode has; without one, tell-tale characters do.

    >>> legacy_encoding("Uû ban nhaân daân xaõ")
    'vni'
    >>> legacy_encoding("Uû ban nh©n d©n x·")
    'tcvn3'
    >>> legacy_encoding("Ủy ban nhân dân xã") is None
    True
    """
    composed = unicodedata.normalize("NFC", text)
    if _UNICODE_VIETNAMESE.search(composed):
        return None
    name = (font or "").strip().lower()
    if name.startswith(".vn"):
        return "tcvn3"
    if name.startswith("vni"):
        return "vni"
    words = max(1, len(composed.split()))
    tcvn3 = len(_TCVN3_TELLTALE.findall(composed))
    vni = sum(pair.lower() not in _ALSO_UNICODE for pair in _VNI_PAIR.findall(composed))
    if max(tcvn3, vni) < max(1, words / 10):
        return None
    return "tcvn3" if tcvn3 >= vni else "vni"


def decode_legacy(text: str, encoding: str, font: str | None = None) -> str:
    """Return text typed in TCVN3 or VNI as Unicode.

    ``font`` is its font where known: the all-capital TCVN3 fonts (.VnTimeH) show capitals.
    Raises ValueError for another encoding.

    >>> decode_legacy("Uû ban nh©n d©n x·", "tcvn3")
    'Uỷ ban nhân dân xã'
    >>> decode_legacy("UÛY BAN NHAÂN DAÂN", "vni")
    'ỦY BAN NHÂN DÂN'
    """
    if encoding == "tcvn3":
        decoded = "".join(_TCVN3.get(c, c) for c in text)
        return decoded.upper() if re.match(r"\.vn\w*h\b", (font or "").strip().lower()) else decoded
    if encoding != "vni":
        raise ValueError(f"unknown legacy encoding {encoding!r}")

    def pair(match: re.Match[str]) -> str:
        base, mark = match[0][0], match[0][1]
        return unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + _VNI_MARKS[mark.lower()])

    out: list[str] = []
    at = 0
    for match in _VNI_PAIR.finditer(text):
        out.extend(_VNI_LETTERS.get(c, c) for c in text[at : match.start()])
        out.append(pair(match))
        at = match.end()
    out.extend(_VNI_LETTERS.get(c, c) for c in text[at:])
    return "".join(out)


def search_key(text: str) -> str:
    """Return the key under which a text is found however its marks are typed.

    >>> search_key("Ủy ban nhân dân xã  Đông Hà")
    'uy ban nhan dan xa dong ha'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFD", fold(text).casefold())
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("đ", "d")


def bare_words(text: str) -> list[str]:
    """Return the words of a text without marks and signs, for addresses, keys and headings.

    >>> bare_words("Xã An Bình (mới)")
    ['xa', 'an', 'binh', 'moi']
    """
    return re.findall(r"[a-z0-9]+", search_key(text))


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEY = {letter: chr(0x41 + index) for index, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """Return a key whose byte order is the Vietnamese dictionary's: letters first, then tones, then case.

    The alphabet runs a ă â b c d đ e ê … o ô ơ … u ư …; the tones level, huyền, hỏi, ngã, sắc, nặng.

    >>> sorted(["Đức", "Bình", "Ánh", "Đạt", "An", "Ạn", "Dũng", "Ân"], key=sort_key)
    ['An', 'Ạn', 'Ánh', 'Ân', 'Bình', 'Dũng', 'Đạt', 'Đức']
    """
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for character in fold(text):
        base, tone = "", "0"
        for part in unicodedata.normalize("NFD", character.lower()):
            if part in _TONES:
                tone = _TONES[part]
            else:
                base += part
        letter = unicodedata.normalize("NFC", base)
        letters.append(_LETTER_KEY.get(letter, letter))
        tones.append(tone)
        cases.append("1" if character.isupper() else "0")
    return "\t".join(("".join(letters), "".join(tones), "".join(cases)))
