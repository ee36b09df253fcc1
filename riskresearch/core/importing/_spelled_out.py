"""The types that an annotation means: each alias spelled out, each module but polars left out.

The source is read and nothing is imported, because most of these names are imported for type checkers only.
"""

import ast
from functools import cache, reduce
from importlib.util import find_spec

from riskresearch.core.importing._record import ROOT

PLAIN = {"NDArray": "ndarray", "ArrayLike": "ndarray | list"}
"""Types of numpy.typing, as a reader calls them."""
KEPT = ("np", "pl")
"""Modules that stay in front of a name: polars has a Series and a DataFrame as well."""


def spelled_out(text: str, module: str) -> str:
    """Return the annotation `text` of `module` as types."""
    try:
        return ast.unparse(_Spelling(module).visit(_parsed(text)))
    except (ImportError, SyntaxError):  # an installation without its source
        return text


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _Spelling(ast.NodeTransformer):
    """Replace what stands in a module by what it means."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in PLAIN:
            return _parsed(PLAIN[node.id])
        found = _meaning(node.id, self._module)
        return node if found is None else _Spelling(found[1]).visit(found[0])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.attr not in PLAIN and isinstance(root := _root(node), ast.Name) and root.id in KEPT:
            return node
        return self.visit_Name(ast.Name(node.attr))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self.visit(_parsed(node.value)) if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if name == "Literal":
            return node
        if name in PLAIN:
            return self.visit_Name(ast.Name(name))
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        parts = {ast.unparse(part): part for side in (node.left, node.right) for part in _parts(self.visit(side))}
        return reduce(lambda left, right: ast.BinOp(left, ast.BitOr(), right), parts.values())


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the parts of a union."""
    return [*_parts(node.left), *_parts(node.right)] if isinstance(node, ast.BinOp) else [node]


def _root(node: ast.expr) -> ast.expr:
    return _root(node.value) if isinstance(node, ast.Attribute) else node


def _meaning(name: str, module: str) -> tuple[ast.expr, str] | None:
    """Return what an alias of `module` stands for, with the module where that is written; None for other names."""
    found = _names(module).get(name)
    if isinstance(found, ast.ImportFrom):
        original = next(each.name for each in found.names if (each.asname or each.name) == name)
        return _meaning(original, str(found.module))
    return None if found is None else (found, module)


@cache
def _names(module: str) -> dict[str, ast.expr | ast.ImportFrom]:
    """Return the aliases that a module of ours defines, and its imports from others of ours."""
    spec = find_spec(module) if module.partition(".")[0] == ROOT else None
    source = getattr(spec and spec.loader, "get_source", lambda name: None)(module)
    found: dict[str, ast.expr | ast.ImportFrom] = {}
    for node in _statements(ast.parse(source or "").body):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == ROOT:
            found |= {each.asname or each.name: node for each in node.names}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            if ast.unparse(node.annotation) == "TypeAlias":
                found[node.target.id] = node.value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            found[ast.unparse(node.targets[0])] = node.value
    return found


def _statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a module, with those under a condition, such as `if TYPE_CHECKING`."""
    inner = [[*node.body, *node.orelse] if isinstance(node, ast.If) else [node] for node in body]
    return [each for statements in inner for each in statements]
