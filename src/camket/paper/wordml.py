"""What every reader of WordprocessingML needs: its names, its flags, and its parts as trees.

Source: ISO/IEC 29500-1 (transitional); a strict file is read by the same names.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"))


def tree_of(archive: zipfile.ZipFile, name: str) -> Element:
    """Return a part of a package as a tree. Raises KeyError, or ParseError of ElementTree where it is damaged."""
    element: Element = fromstring(archive.read(name).replace(_STRICT, _TRANSITIONAL))
    return element


def value_of(element: Element | None) -> str | None:
    """Return the ``w:val`` of a property."""
    return None if element is None else element.get(W + "val")


def flag_of(element: Element | None) -> bool | None:
    """Return whether a property is switched on; None where it is not said."""
    if element is None:
        return None
    return element.get(W + "val", "1").lower() not in ("0", "false", "off", "none")


def whole_of(text: str | None, default: int) -> int:
    """Return a whole number, or the default where the text is none."""
    try:
        return default if text is None else int(text)
    except ValueError:
        return default


def direct(parent: Element, name: str) -> Iterator[Element]:
    """Yield children of a name, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from direct(child, name)
