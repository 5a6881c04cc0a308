"""The list of fields as a page of the manual."""

from __future__ import annotations

from camket.paper.templating.fields import Field, fields_of
from camket.paper.writing.forms import FORMS

_HEAD = """# Các trường của mẫu Word riêng

Trang này do lệnh `camket template fields` in ra. Cách dùng: [mau-word.md](../howto/mau-word.md).
Giá trị của mỗi trường lấy từ chính nội dung mà mẫu có sẵn in ra, nên hai mẫu luôn nói như nhau.

Bộ lọc dùng được sau dấu `|`: `upper`, `lower`, `trim` với trường một dòng; `join(", ")`, `first`, `last`, `length` với trường
nhiều dòng. Trong `for` có `loop.index`, `loop.first`, `loop.last`, `loop.length`.

"""


def as_markdown() -> str:
    """Return the fields of all forms, then what single forms have besides, and the keys of the forms."""
    of_form = {form: fields_of(form) for form in FORMS}
    everywhere = set.intersection(*({each.name for each in fields} for fields in of_form.values()))
    lines = [
        "## Trường của mọi biểu mẫu",
        "",
        *_table([each for each in of_form["report"] if each.name in everywhere]),
    ]
    lines += [
        "",
        "## Trường của một số biểu mẫu",
        "",
        "| trường | ý nghĩa | biểu mẫu |",
        "| --- | --- | --- |",
    ]
    others = {
        each.name: each for fields in of_form.values() for each in fields if each.name not in everywhere
    }
    for name, each in others.items():
        forms = ", ".join(
            f"`{form}`" for form, fields in of_form.items() if name in {field.name for field in fields}
        )
        lines.append(f"| `{name}` | {each.meaning} | {forms} |")
    lines += ["", "## Biểu mẫu", "", "| khóa | tên |", "| --- | --- |"]
    lines += [f"| `{form.key}` | {form.name} |" for form in FORMS.values()]
    return _HEAD + "\n".join(lines) + "\n"


def _table(fields: list[Field]) -> list[str]:
    lines = ["| trường | ý nghĩa | viết trong mẫu |", "| --- | --- | --- |"]
    for each in fields:
        lines.append(f"| `{each.name}` | {each.meaning} | `{each.tag}` |")
        lines += [
            f"| `phan.{part.name}` | {part.meaning} | `{{{{ phan.{part.name} }}}}` |" for part in each.parts
        ]
    return lines
