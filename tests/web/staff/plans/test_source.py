from __future__ import annotations

from camket.paper.reading import Block, Cell, Span
from camket.web.staff.plans.source import Mark, marked, source_blocks


def mark(name: str, start: int, end: int, **more: bool) -> Mark:
    return Mark(f"nguon-{name}", name, Span(0, None, None, start, end), **more)


def test_words_link_to_the_innermost_item() -> None:
    html = marked("Tỷ lệ đạt 95% trở lên", [mark("a", 0, 21), mark("b", 10, 13)])
    assert html == (
        '<span id="nguon-a" class="source-mark source-read" data-camket-item="a">'
        '<a href="#a" tabindex="-1">Tỷ lệ đạt </a>'
        '<span id="nguon-b" class="source-mark source-read" data-camket-item="b">'
        '<a href="#b" tabindex="-1">95%</a></span>'
        '<a href="#a" tabindex="-1"> trở lên</a></span>'
    )


def test_a_mark_that_ends_outside_another_is_cut_at_its_end() -> None:
    html = marked("abcdef", [mark("a", 0, 4), mark("b", 2, 6)])
    assert html.count("<span") == html.count("</span>") == 2
    assert ">ab</a>" in html
    assert ">cd</a>" in html
    assert html.endswith("ef")


def test_every_item_of_one_stretch_has_its_anchor() -> None:
    html = marked("Quý I", [mark("a", 0, 5), mark("b", 0, 5), mark("c", 0, 5, is_doubtful=True)])
    assert [name for name in "abc" if f'id="nguon-{name}"' in html] == ["a", "b", "c"]
    assert "source-doubtful" in html


def test_text_of_the_document_is_escaped() -> None:
    assert marked("<script>x</script>", []) == "&lt;script&gt;x&lt;/script&gt;"
    assert "<script>" not in marked("<script>x</script>", [mark("a", 0, 18)])


def test_marks_outside_the_text_are_left_out() -> None:
    assert marked("abc", [mark("a", 5, 9), mark("b", 2, 2), mark("c", -1, 2)]) == "abc"


def test_a_merged_cell_is_shown_once_with_its_span() -> None:
    wide = Cell("Chung", col_span=2)
    table = Block(4, "table", rows=((wide, Cell("Chung", origin=(0, 0))), (Cell("a"), Cell("b"))))
    (shown,) = source_blocks([table], [Mark("nguon-b", "b", Span(4, 1, 1, 0, 1))])
    assert [len(row) for row in shown.rows] == [1, 2]
    assert shown.rows[0][0].col_span == "2"
    assert 'id="nguon-b"' in shown.rows[1][1].content


def test_a_new_page_is_told_once() -> None:
    blocks = [Block(number, "paragraph", text="x", page=page) for number, page in enumerate([1, 1, 2])]
    assert [block.new_page for block in source_blocks(blocks, [])] == [1, None, 2]
