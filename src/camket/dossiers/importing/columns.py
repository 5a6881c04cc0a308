"""Columns of text made into moments, meanings and a mark of their content, a whole column at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from camket.core.dossier_words import meaning
from camket.core.wording.moments import parse_moment

__all__ = ["UNREADABLE", "content_hash", "meanings", "moments", "tidied"]

_UNTIDY = (
    r"[\p{Mn}\x00-\x1f\x7f-\x{a0}\x{ad}\x{2000}-\x{200f}\x{2028}\x{2029}\x{202f}\x{205f}"
    r"\x{2060}\x{3000}\x{feff}\x{fffd}]|  "
)
_NOTHING = r"[\x{ad}\x{200b}-\x{200f}\x{2060}\x{feff}]"
_CONTROL = r"[\x00-\x08\x0e-\x1f\x7f-\x{84}\x{86}-\x{9f}]"
_SPACE = r"\s+"
_GUARD = r"^='?\"([^\"]*)\"$|^'([=+\-@\d].*)$"
UNREADABLE = "\ufffd"
"""Stands for a sign that could not be read, or that no text has."""


def tidied(column: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Return texts in NFC with one plain space for each run of white space, and where signs are :data:`UNREADABLE`.

    "" where there is nothing. An apostrophe or ``="…"`` that keeps a spreadsheet from taking text for a figure goes.
    """
    column = column.fill_null("")
    if not _is_varied(column):
        return _by_kind(column)
    return _tidied(column)


def _is_varied(column: pl.Series) -> bool:
    """Tell whether hardly two cells are alike, by a few of them."""
    looked_at = column.head(_LOOKED_AT * 5)
    return looked_at.n_unique() * 2 > looked_at.len()


def _by_kind(column: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    kinds = column.unique()
    tidy, unreadable = _tidied(kinds)
    odd = column.is_in(kinds.filter(unreadable).implode()) if unreadable is not None else None
    if (tidy == kinds).all():
        return column, odd
    return column.replace_strict(kinds, tidy, return_dtype=pl.String), odd


def _tidied(column: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    text = column.str.strip_chars()
    unreadable: pl.Series | None = None
    if text.str.contains(_UNTIDY).any():
        text = text.str.normalize("NFC").str.replace_all(_NOTHING, "").str.replace_all(_CONTROL, UNREADABLE)
        text = text.str.replace_all(_SPACE, " ").str.strip_chars()
        is_odd = text.str.contains(UNREADABLE, literal=True)
        unreadable = is_odd if is_odd.any() else None
    is_guarded = text.str.contains(r"^['=]")
    if is_guarded.any():
        bare = text.str.replace(_GUARD, "$1$2").str.strip_chars()
        text = pl.select(pl.when(is_guarded).then(bare).otherwise(text)).to_series()
    return text.rename(column.name), unreadable


# Moments

_DAY_FIRST: tuple[tuple[str, str], ...] = (
    (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    (r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}", "%d/%m/%Y %H:%M"),
    (r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}", "%d/%m/%Y %H:%M:%S"),
    (r"\d{1,2}:\d{2} \d{1,2}/\d{1,2}/\d{4}", "%H:%M %d/%m/%Y"),
    (r"\d{1,2}:\d{2}:\d{2} \d{1,2}/\d{1,2}/\d{4}", "%H:%M:%S %d/%m/%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}", "%d-%m-%Y %H:%M"),
    (r"\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}:\d{2}", "%d-%m-%Y %H:%M:%S"),
)
_YEAR_FIRST: tuple[tuple[str, str], ...] = (
    (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
    (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", "%Y-%m-%d %H:%M"),
    (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", "%Y-%m-%dT%H:%M"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", "%Y-%m-%dT%H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{1,6}", "%Y-%m-%d %H:%M:%S%.f"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,6}", "%Y-%m-%dT%H:%M:%S%.f"),
)
_MOMENT = pl.Datetime("us")
_LOOKED_AT = 40


def moments(texts: pl.Series, *, is_month_first: bool = False) -> pl.Series:
    """Return the moments that tidied texts say (:func:`parse_moment`), null where a text says none.

    The forms of dates that software writes are read a column at a time, all others a text at a time.
    """
    is_open = texts != ""
    form = _usual_form(texts.filter(is_open).head(_LOOKED_AT), (), is_month_first=is_month_first)
    if form is not None and not form.endswith("%.f"):
        read = texts.str.to_datetime(form, time_unit="us", strict=False, exact=True)
        if read.len() - read.null_count() == is_open.sum() and int(read.dt.year().min() or 0) >= 1000:  # type: ignore[arg-type]
            return read
    found = pl.Series(texts.name, [None], dtype=_MOMENT).new_from_index(0, texts.len())
    tried: set[str] = set()
    while form := _usual_form(texts.filter(is_open).head(_LOOKED_AT), tried, is_month_first=is_month_first):
        tried.add(form)
        read = texts.str.to_datetime(form, time_unit="us", strict=False, exact=True)
        if form.endswith("%.f"):
            read = read.dt.offset_by("500ms").dt.truncate("1s")
        # A year of two figures is read as one of the first century.
        fits = is_open & (read.dt.year() >= 1000).fill_null(value=False)
        found = pl.select(pl.when(fits).then(read).otherwise(found)).to_series().rename(texts.name)
        is_open = is_open & ~fits
    rest = texts.filter(is_open).unique()
    if not rest.len():
        return found
    read_rest = [parse_moment(text, is_month_first=is_month_first) for text in rest]
    by_text = texts.replace_strict(
        rest, pl.Series(read_rest, dtype=_MOMENT), default=None, return_dtype=_MOMENT
    )
    return pl.select(pl.when(is_open).then(by_text).otherwise(found)).to_series().rename(texts.name)


def _usual_form(texts: pl.Series, tried: Collection[str], *, is_month_first: bool) -> str | None:
    """Return the form that most of the texts have, other than those tried."""
    forms = Counter(_form_of(text, is_month_first=is_month_first) for text in texts)
    return next((form for form, _ in forms.most_common() if form and form not in tried), None)


def _form_of(text: str, *, is_month_first: bool) -> str | None:
    for pattern, form in (*_DAY_FIRST, *_YEAR_FIRST):
        if re.fullmatch(pattern, text, re.ASCII):
            is_turned = is_month_first and not form.startswith("%Y")
            return form.translate(str.maketrans("dm", "md")) if is_turned else form
    return None


# Words


def meanings(
    field: str, texts: pl.Series, words: Mapping[str, str], known: dict[str, int | None]
) -> tuple[pl.Series, pl.Series]:
    """Return what the texts of a field mean, null where blank or not known, and where one is not known.

    ``known`` keeps what was looked up from one part of an export to the next.
    """
    kinds = texts.unique()
    for kind in kinds:
        if kind not in known:
            known[kind] = meaning(field, kind, words) if kind else None
    codes = pl.Series([known[kind] for kind in kinds], dtype=pl.UInt8)
    found = texts.replace_strict(kinds, codes, return_dtype=pl.UInt8)
    return found, found.is_null() & (texts != "")


# Content

_SEPARATOR = "\x1f"
_WORD_BYTES = 8
_FILL = "\0" * _WORD_BYTES
_AT_ONCE = 32
"""Words of a text that are cut together."""
_MANY = 50_000
"""Rows whose marks are worth two threads."""


def _u64(number: int) -> pl.Expr:
    return pl.lit(number % 2**64, dtype=pl.UInt64)


_GOLDEN = 0x9E3779B97F4A7C15
_MIX = 0xFF51AFD7ED558CCD
_LAST = 0xC4CEB9FE1A85EC53
_NOTHING_WORD = 0x7FF3A5C9E1B24D68
_LONGEST_PLACES = 1_000
_OF_ONE_DOSSIER = ("code", "applicant", "address", "phone")
"""Texts that hardly two dossiers share: taken together. Any other is taken once for each of its kinds."""


def content_hash(rows: pl.DataFrame) -> pl.Series:
    """Return for each row a whole number of 64 bits that says what it holds, the same on every machine for ever.

    Polars' own hash changes from one version to the next, and a hash of the standard library takes a call a row. So:
    each value is cut into words of eight bytes (a moment is one word, all meanings and truths together are one), each
    word is multiplied by an odd number of its place, folded, multiplied by another, and all are added; twice more the sum is
    folded and multiplied. Two contents of one dossier that differ fall together once in some billions; nobody gains
    by making them so.
    """
    if rows.is_empty():
        return pl.Series("content_hash", [], dtype=pl.Int64)
    if rows.height < _MANY:
        return _marks(rows)
    # Two halves side by side: a workbook comes in a piece, and nothing else is done meanwhile.
    halves = rows.iter_slices(-(-rows.height // 2))
    with ThreadPoolExecutor(2, thread_name_prefix="marks") as beside:
        return pl.concat(beside.map(_marks, halves))


def _marks(rows: pl.DataFrame) -> pl.Series:
    total = _u64(0)
    same = 0
    """What columns add in which all rows are alike."""
    frame = pl.Series("none", [0], dtype=pl.UInt8).new_from_index(0, rows.height).to_frame()
    small: list[str] = []
    for place, (name, kind) in enumerate(rows.schema.items(), 1):
        column = rows[name]
        if kind == _MOMENT:
            if column.null_count() == rows.height:
                same += _mixed_int(_NOTHING_WORD, place * _LONGEST_PLACES)
                continue
            # Nothing is a word too, other than 0.
            word = column.dt.epoch("us").cast(pl.UInt64, wrap_numerical=True).fill_null(_NOTHING_WORD)
            frame = frame.with_columns(word)
            total = total + _mixed(pl.col(name), place * _LONGEST_PLACES)
        elif kind != pl.String:
            small.append(name)
        elif name not in _OF_ONE_DOSSIER:
            kinds = column.unique()
            if kinds.len() == 1 and not kinds[0]:
                continue
            words = _of_bytes(pl.select(pl.lit(kinds) + _FILL).to_series(), place * _LONGEST_PLACES)
            frame = frame.with_columns(column.replace_strict(kinds, words, return_dtype=pl.UInt64))
            total = total + pl.col(name)
    if small:
        # Numbers below 255 and truths, one byte each.
        packed = pl.sum_horizontal(
            pl.col(name).cast(pl.UInt64).fill_null(255) * _u64(256**at) for at, name in enumerate(small)
        )
        frame = frame.with_columns(rows.select(packed.alias("small")).to_series())
        total = total + _mixed(pl.col("small"), 0)
    own = [name for name in rows.columns if name in _OF_ONE_DOSSIER]
    if own:
        joined = rows.select(pl.concat_str(*own, pl.lit(_FILL), separator=_SEPARATOR)).to_series()
        frame = frame.with_columns(_of_bytes(joined, 1).alias("own"))
        total = total + pl.col("own")
    total = total + _u64(same)
    total = (total ^ (total // _u64(1 << 33))) * _u64(_LAST)
    total = total ^ (total // _u64(1 << 29))
    return frame.select(total.cast(pl.Int64, wrap_numerical=True).alias("content_hash")).to_series()


def _mixed(word: pl.Expr, place: int) -> pl.Expr:
    """Return a word multiplied by its place and folded; 0 stays 0, so that a text's end adds nothing."""
    spread = word * _u64(_GOLDEN * (2 * place + 1) | 1)
    return (spread ^ (spread // _u64(1 << 32))) * _u64(_second(place))


def _second(place: int) -> int:
    """Return the second multiplier of a place: were it the same for all, what two words add might cancel out."""
    return (_MIX * (4 * place + 1) | 1) % 2**64


def _mixed_int(word: int, place: int) -> int:
    """Return what :func:`_mixed` gives for one word."""
    spread = word * (_GOLDEN * (2 * place + 1) | 1) % 2**64
    return (spread ^ (spread >> 32)) * _second(place) % 2**64


def _of_bytes(filled: pl.Series, place: int) -> pl.Series:
    """Return the sum of the words of each text in UTF-8, eight bytes at a time; behind each text stands :data:`_FILL`."""
    sizes = filled.to_frame("text").select(pl.col("text").str.len_bytes().max())
    words = int(sizes.item() or 0) // _WORD_BYTES
    # The first words of all texts are cut at once, those of long texts one after the other: words of zeros add nothing.
    first = min(words, _AT_ONCE)
    padded = pl.select(pl.lit(filled) + _FILL * first).to_series().cast(pl.Binary)
    cut = padded.bin.slice(0, _WORD_BYTES * first).bin.reinterpret(dtype=pl.Array(pl.UInt64, first))
    frame = cut.arr.to_struct(fields=[f"w{at}" for at in range(first)]).struct.unnest()
    frame = frame.with_columns(padded.alias("text"))
    total = _u64(0)
    for at in range(first):
        total = total + _mixed(pl.col(f"w{at}"), place + at)
    for at in range(first, words):
        part = pl.col("text").bin.slice(at * _WORD_BYTES, _WORD_BYTES)
        total = total + _mixed(part.bin.reinterpret(dtype=pl.UInt64).fill_null(0), place + at)
    return frame.select(total.alias("words")).to_series()
