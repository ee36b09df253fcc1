"""What the stubs promise is what can be imported, documented by one standard."""

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pandas as pd
import pytest
from numpydoc.validate import validate

import riskresearch

ROOT = Path(riskresearch.__file__).parent
STUBS = sorted(ROOT.rglob("__init__.pyi"))
PROMISED_AT_THE_TOP = (
    "value_at_risk conditional_value_at_risk sharpe_ratio max_drawdown summary options preload preload_async "
    "import_report unload RiskMetricsCalculator PortfolioRiskMetrics reference_check rolling risk_contributions "
    "historical_stress VaRPositionSizer KellyPositionSizer VolatilityPositionSizer simulate sweep check_no_lookahead "
    "backtest_breakers LiquidityChecker"
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


def test_names_that_readme_lists_bare_stand_at_the_top():
    readme = (ROOT.parent / "README.md").read_text()
    bare = {word.partition("(")[0] for word in re.findall(r"`(\w+(?:\([^`]*\)(?:\.\w+\([^`]*\))?)?)`", readme)}
    public = {name for stub in STUBS for name in stub_names(stub)}
    assert len(bare & public) > 15
    assert bare & public <= set(riskresearch.__all__)


@pytest.mark.parametrize(
    ("module", "name", "meant"),
    [
        (riskresearch, "value_at_risky", "riskresearch.value_at_risk"),
        (riskresearch, "stress_episodes", "riskresearch.portfolio.stress_episodes"),
        (riskresearch, "omega_ratios", "riskresearch.metrics.omega_ratio"),
        (riskresearch.metrics, "historical_stress", "riskresearch.historical_stress"),
        (riskresearch.metrics, "calc_sharpe", "riskresearch.sharpe_ratio"),
        (riskresearch.metrics, "DRatio", "riskresearch.metrics.d_ratio"),
        (riskresearch.breakers, "StoplossGuard", "riskresearch.breakers.ClosedTradesBreaker"),
        (riskresearch.metrics, "stability_of_timeseries", "riskresearch.metrics.stability"),
        (riskresearch.metrics, "beta_covariance", "riskresearch.metrics.beta"),
        (riskresearch, "read_csv", "riskresearch.read"),
    ],
)
def test_an_unknown_name_is_an_attribute_error_that_names_what_may_be_meant(module, name, meant):
    with pytest.raises(AttributeError, match=rf"has no attribute '{name}'\. Did you mean {meant}\?"):
        getattr(module, name)


def test_a_name_like_no_other_and_private_ones_are_refused_without_a_suggestion():
    for name in ("_repr_png_", "__wrapped__", "zzz"):
        with pytest.raises(AttributeError, match=rf"has no attribute '{name}'$"):
            getattr(riskresearch, name)


def test_a_suggestion_imports_nothing_of_ours():
    command = (
        "import sys, riskresearch\nbefore = set(sys.modules)\n"
        "try: riskresearch.stress_episodes\nexcept AttributeError as error: text = str(error)\n"
        "print('Did you mean' in text, sorted(n for n in set(sys.modules) - before if n.startswith('riskresearch')))\n"
        "print('numpy' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(ROOT.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "True ['riskresearch.core.importing._peer_names', 'riskresearch.core.importing._suggest']",
        "False",
    ]


@pytest.mark.parametrize("name", OBJECTS)
def test_docstrings_pass_numpydoc(name):
    found = OBJECTS[name]
    errors = [error for error in validate(name)["errors"] if error[0] not in NOT_ASKED]
    if inspect.isclass(found):  # the fields of a result are documented where they stand
        errors = [error for error in errors if error[0] not in {"PR01", "EX01", "RT01", "PR02", "PR03", "PR04", "PR06"}]
    assert errors == []


FUNCTIONS = [name for name, found in OBJECTS.items() if inspect.isfunction(found)]
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def positional_names(found):
    return [each.name for each in inspect.signature(found).parameters.values() if each.kind in POSITIONAL]


# What a function may take by position after its data: further data, and the one thing that is done with them.
DONE_WITH_DATA = {"breakers", "caps", "function", "grid", "make", "measure", "sizer"}
COMPANIONS = {
    "annual_return",
    "benchmark",
    "benchmark_weights",
    "covariance",
    "exposure",
    "factors",
    "fills",
    "flows",
    "forecast",
    "limits",
    "new",
    "path",
    "prices",
    "returns",
    "test",
    "weights",
} | DONE_WITH_DATA


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_annotated_and_have_no_open_keywords_nor_bare_flags(name):
    signature = inspect.signature(OBJECTS[name])
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter
        assert parameter.kind is not inspect.Parameter.VAR_KEYWORD, parameter
        assert not (parameter.kind in POSITIONAL and isinstance(parameter.default, bool)), parameter


@pytest.mark.parametrize("name", FUNCTIONS)
def test_data_come_first_and_all_but_data_and_what_is_done_with_them_is_by_keyword(name):
    first, *others = positional_names(OBJECTS[name]) or [""]
    if name.endswith((".over_history", ".limits_of")):  # a definition is what it is about
        return
    assert first not in DONE_WITH_DATA, name
    assert set(others) <= COMPANIONS, name


def is_made_by_users(found):
    """Whether a class is a definition, settings or what holds returns, and no result or type of our own making."""
    if found in (riskresearch.RiskMetricsCalculator, riskresearch.PortfolioRiskMetrics):
        return True
    rooms = ("metrics", "sizing", "accounts", "models")
    return (
        dataclasses.is_dataclass(found) and not hasattr(found, "to_frame") and found.__module__.split(".")[1] in rooms
    )


@pytest.mark.parametrize("name", [name for name, found in OBJECTS.items() if is_made_by_users(found)])
def test_a_constructor_takes_one_thing_by_position_and_its_companion_at_most(name):
    _, *others = positional_names(OBJECTS[name]) or [""]
    assert set(others) <= {"benchmark", "weights"}, name


RECORDS = {"Fills", "Orders", "Book"}  # what passes between rooms, and no result
SETTINGS = (
    RECORDS
    | {"AnalyticInterval", "Bootstrap", "Caps", "Constraints", "Costs", "CurrencyLegs", "LiquidityChecker"}
    | {"PolicyTest", "UnifiedLimitChecker"}
    | {name for name in riskresearch.pretrade.__all__ if hasattr(getattr(riskresearch.pretrade, name), "rules")}
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


PANDAS = str(pd.DataFrame).removeprefix("<class '")
RESULTS = [name for name, found in OBJECTS.items() if dataclasses.is_dataclass(found) and hasattr(found, "to_frame")]


@pytest.mark.parametrize("name", RESULTS)
def test_a_summary_is_text_and_a_table_is_a_frame_of_pandas(name):
    found = OBJECTS[name]
    if hasattr(found, "summary"):
        assert inspect.signature(found.summary).return_annotation in ("str", str)
    assert str(inspect.signature(found.to_frame).return_annotation).removeprefix("<class '") in ("pd.DataFrame", PANDAS)
