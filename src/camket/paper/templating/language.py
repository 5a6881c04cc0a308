"""The language of templates: Jinja with fields, ``for`` and ``if`` alone, in its sandbox.

What is compiled is looked at node by node first, wherever it stands in the file: there are no calls, no arithmetic, no
assignments, no macros, no includes, and of an attribute only those that a field has. So nothing in a template can run for
longer than its lists are long, or reach anything that is no field.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset({"upper", "lower", "trim", "join", "first", "last", "length"})
LOOP = frozenset({"index", "index0", "first", "last", "length"})
PARTS = frozenset({"tieu_de", "noi_dung"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Filter,
    nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Keyword,
)  # fmt: skip
_DEEPEST = 4
LONGEST_CONSTANT = 200


class NotAllowedHere(SecurityError):
    """A template says something that its language does not have; ``what`` names the construct."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class FieldEnvironment(ImmutableSandboxedEnvironment):
    """Compiles what has fields, loops and conditions only; raises NotAllowedHere for anything else."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, keep_trailing_newline=True)
        self.filters = {name: each for name, each in self.filters.items() if name in FILTERS}
        self.globals.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _require_plain(tree, 0)
        return tree


def _require_plain(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise NotAllowedHere(type(node).__name__)
    if isinstance(node, nodes.Getattr) and node.attr not in LOOP | PARTS:
        raise NotAllowedHere(node.attr)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise NotAllowedHere(node.name)
    if isinstance(node, nodes.Const) and len(str(node.value)) > LONGEST_CONSTANT:
        raise NotAllowedHere("Const")
    if isinstance(node, nodes.For):
        loops += 1
        if node.recursive or node.test is not None or loops > _DEEPEST:
            raise NotAllowedHere("For")
    for child in node.iter_child_nodes():
        _require_plain(child, loops)


def parsed(environment: FieldEnvironment, source: str) -> Any:
    """Return the one node that a piece of template is. Raises TemplateError, RecursionError."""
    tree = environment.parse(source)
    return tree.body[0] if tree.body else nodes.Output([])
