"""Signatures, as `help` and IPython print them, show types: no private alias and no quotation marks."""

import ast
import copy
import importlib
import inspect
import pickle
import pydoc
import re
import types
from pathlib import Path
from typing import NamedTuple

import pytest

import riskresearch
from riskresearch.core.importing._signatures import Shown, show_types
from riskresearch.core.importing._spelled_out import spelled_out

ROOT = Path(riskresearch.__file__).parent
DATA = "Series | DataFrame | ndarray | list | pl.Series | pl.DataFrame"
TAIL = "riskresearch.metrics._tail_risk"


def aliases():
    """Find the names of all type aliases in the package that no class has: `X: TypeAlias = ...`, `X = Literal[...]`."""
    found, classes = set(), set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
                found.add(ast.unparse(node.target))
            if isinstance(node, ast.Assign) and re.match(r"Literal\[|npt\.NDArray\[", ast.unparse(node.value)):
                found.add(ast.unparse(node.targets[0]))
            if isinstance(node, ast.ClassDef):
                classes.add(node.name)
    return found - classes


def callables():
    """Find every public function and class, every method and property of these classes, with its address."""
    for stub in sorted(ROOT.rglob("__init__.pyi")):
        package = importlib.import_module(".".join(stub.parent.relative_to(ROOT.parent).parts))
        for name in package.__all__:
            value = getattr(package, name)
            if isinstance(value, types.ModuleType):
                continue
            found = value if inspect.isroutine(value) or inspect.isclass(value) else type(value)
            yield f"{package.__name__}.{name}", found
            if inspect.isclass(found):
                members = {each: inspect.getattr_static(found, each) for each in dir(found) if each[0] != "_"}
                for each, member in members.items():
                    plain = getattr(member, "fget", None) or getattr(member, "__func__", None) or member
                    if inspect.isfunction(plain) and plain.__module__.startswith("riskresearch"):
                        yield f"{package.__name__}.{name}.{each}", plain


def signatures():
    for address, value in callables():
        if inspect.isclass(value) and issubclass(value, BaseException):
            continue  # errors and warnings have the constructor of Python's
        yield address, str(inspect.signature(value))


SIGNATURES = dict(signatures())


def test_no_public_signature_shows_an_alias():
    private = aliases()
    assert {"Data", "FloatVector", "FloatMatrix", "NanPolicy", "PerColumn", "OverTime", "IntVector"} <= private
    assert len(SIGNATURES) > 700
    for address, text in SIGNATURES.items():
        words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", text)))
        assert not words & private, (address, text)


def test_no_public_signature_shows_an_annotation_in_quotation_marks_or_a_reference():
    for address, text in SIGNATURES.items():
        assert not re.search(r"(: |-> |ForwardRef\()['\"]", text), (address, text)


def test_a_signature_reads_as_types(run_python):
    printed = run_python("""
import inspect, riskresearch as rr
print(inspect.signature(rr.max_drawdown))
print(inspect.signature(rr.metrics.drawdown))
print(inspect.signature(rr.breakers.GapBreaker).parameters["cooldown"])
print("polars" in sys.modules, "pandas" in sys.modules)
""").splitlines()
    assert printed[0].startswith(f"(returns: {DATA}, *, ")
    assert printed[0].endswith(
        "nan_policy: Literal['raise', 'omit'] = 'raise') -> float | Series | ndarray | pl.DataFrame | Interval"
    )
    assert printed[1].endswith("-> Series | DataFrame | ndarray | pl.Series | pl.DataFrame")
    assert printed[2].startswith("cooldown: int | timedelta | ")  # annotated in a base class, in another module
    assert printed[3] == "False False"


def test_results_that_a_function_names_show_types_too(run_python):
    code = """
import inspect, riskresearch as rr
summary = rr.summary([0.01, -0.02, 0.03, 0.0])
print(inspect.signature(summary.to_frame), inspect.signature(summary.plot))
"""
    assert run_python(code) == "() -> DataFrame (ax: Axes | None = None) -> Axes"


def test_help_shows_types():
    text = pydoc.plain(pydoc.render_doc(riskresearch.value_at_risk))
    assert f"value_at_risk(returns: {DATA}, *, level: float = 0.95, " in text


def test_methods_that_wrap_a_function_show_its_types():
    method = inspect.signature(riskresearch.RiskMetricsCalculator.alpha)
    assert str(method).startswith(f"(benchmark: {DATA}, *, ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Data", DATA),
        ("Data | None", f"{DATA} | None"),
        ("Mapping[str, float] | Data | None", f"Mapping[str, float] | {DATA} | None"),
        ("Sequence[Data]", f"Sequence[{DATA}]"),
        ("Callable[[FloatMatrix], FloatVector]", "Callable[[ndarray], ndarray]"),
        ("npt.NDArray[np.bool_] | npt.ArrayLike", "ndarray | list"),
        ("TailMethod", "Literal['historical', 'normal', 'student_t', 'cornish_fisher']"),
        ("Literal['Data', 'a b']", "Literal['Data', 'a b']"),
        ("'NanPolicy'", "Literal['raise', 'omit']"),
        ("pd.DataFrame | pl.DataFrame | np.random.Generator", "DataFrame | pl.DataFrame | np.random.Generator"),
        ("int | float | int", "int | float"),
        ("dict[str, tuple[int, ...]]", "dict[str, tuple[int, ...]]"),
        ("None", "None"),
        ("Unheard", "Unheard"),
    ],
)
def test_an_annotation_is_spelled_out(text, shown):
    assert spelled_out(text, TAIL) == shown
    assert repr(Shown(text, TAIL)) == shown


@pytest.mark.parametrize(
    ("text", "module"),
    [("Data", "riskresearch.no_such_module"), ("Data", "json"), ("Data", ""), ("no type at all", TAIL)],
)
def test_what_cannot_be_read_stays_as_it_is_written(text, module):
    assert spelled_out(text, module) == text


def test_a_shown_annotation_is_the_text_of_the_source():
    annotations = riskresearch.value_at_risk.__annotations__
    assert annotations["returns"] == "Data"
    assert type(annotations["returns"]) is Shown
    for copied in (copy.deepcopy(annotations["returns"]), pickle.loads(pickle.dumps(annotations["returns"]))):
        assert copied == "Data"
        assert repr(copied) == DATA
    show_types(riskresearch.value_at_risk)
    assert riskresearch.value_at_risk.__annotations__ == annotations


def test_what_is_not_ours_is_not_changed():
    class Foreign(NamedTuple):
        value: "int"

    before = dict(Foreign.__new__.__annotations__)
    for each in (Foreign, inspect.signature, 1, None, str):
        show_types(each)
    assert Foreign.__new__.__annotations__ == before
    assert not any(isinstance(each, Shown) for each in Foreign.__new__.__annotations__.values())
