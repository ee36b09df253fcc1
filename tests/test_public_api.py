"""What the stubs promise is what can be imported, documented by one standard."""

import ast
import dataclasses
import inspect
import types
from pathlib import Path

import pytest
from numpydoc.validate import validate

import riskresearch

ROOT = Path(riskresearch.__file__).parent
STUBS = sorted(ROOT.rglob("__init__.pyi"))
PROMISED_AT_THE_TOP = (
    "value_at_risk conditional_value_at_risk sharpe_ratio max_drawdown summary options preload preload_async "
    "import_report unload RiskMetricsCalculator PortfolioRiskMetrics reference_check rolling"
).split()
# numpydoc's checks that do not fit: an extended summary and See Also on every function, a blank line style,
# sections of functions without arguments, and punctuation inside choices.
NOT_ASKED = {"ES01", "SA01", "GL01", "GL02", "GL03", "PR08", "PR09", "RT03", "RT04", "RT05", "YD01", "SA04", "RT02"}


def stub_names(stub: Path) -> list[str]:
    names = []
    for node in ast.parse(stub.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            names += [alias.asname or alias.name for alias in node.names]
    return names


def package(stub: Path):
    return __import__(".".join(stub.parent.relative_to(ROOT.parent).parts), fromlist=["_"])


def public_objects():
    seen = {}
    for stub in STUBS:
        for name in stub_names(stub):
            found = getattr(package(stub), name)
            if not isinstance(found, types.ModuleType):
                target = found if inspect.isroutine(found) or inspect.isclass(found) else type(found)
                seen[f"{target.__module__}.{target.__qualname__}"] = target
    return seen


OBJECTS = public_objects()


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.parent.name)
def test_stub_equals_the_importable_names(stub):
    promised = stub_names(stub)
    assert sorted(promised) == sorted(set(promised))
    assert sorted(package(stub).__all__) == sorted(promised)
    assert set(promised) <= set(dir(package(stub)))
    for name in promised:
        assert getattr(package(stub), name) is not None


def test_every_subpackage_stands_at_the_top():
    subpackages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert subpackages <= set(riskresearch.__all__)
    assert set(PROMISED_AT_THE_TOP) <= set(riskresearch.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="value_at_risky"):
        riskresearch.value_at_risky  # noqa: B018


@pytest.mark.parametrize("name", OBJECTS)
def test_docstrings_pass_numpydoc(name):
    found = OBJECTS[name]
    errors = [error for error in validate(name)["errors"] if error[0] not in NOT_ASKED]
    if inspect.isclass(found):  # the fields of a result are documented where they stand
        errors = [error for error in errors if error[0] not in {"PR01", "EX01", "RT01", "PR02", "PR03", "PR04", "PR06"}]
    assert errors == []


@pytest.mark.parametrize("name", [name for name, found in OBJECTS.items() if inspect.isfunction(found)])
def test_functions_are_annotated_take_data_first_and_the_rest_by_keyword(name):
    signature = inspect.signature(OBJECTS[name])
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter
        assert parameter.kind is not inspect.Parameter.VAR_KEYWORD, parameter
        positional = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert not (positional and isinstance(parameter.default, bool)), parameter


RECORDS = {"Fills", "Orders"}  # what passes between rooms, and no result
SETTINGS = (
    RECORDS
    | {"AnalyticInterval", "Bootstrap", "Caps", "Constraints", "Costs"}
    | {  # what goes in, not out
        name for name in riskresearch.breakers.__all__ if hasattr(getattr(riskresearch.breakers, name), "thresholds")
    }
)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, found in OBJECTS.items()
        if dataclasses.is_dataclass(found) and found.__name__ not in SETTINGS and not hasattr(found, "start")
    ],
)
def test_results_are_frozen_and_speak_the_same_language(name):
    found = OBJECTS[name]
    assert found.__dataclass_params__.frozen
    for method in ("to_frame", "summary", "_repr_html_", "__repr__"):
        assert method in vars(found), method
