"""Several portfolios on one page: common dates, measures side by side, and Sharpe ratios tested with their number."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import cli, metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.report import build_comparison, build_file_comparison, build_report
from riskresearch.report.comparison._build import NAMES
from riskresearch.report.comparison._sections import holm
from tests.examples import examples
from tests.report.browser import measured, needs_browser
from tests.report.pages import section_of
from tests.report.test_json import check_schema, strict

DAYS = pd.bdate_range("2018-01-01", periods=700, name="date")
RNG = np.random.default_rng(3)
FUNDS = pd.DataFrame(RNG.normal([0.0012, 0.0002, -0.0002], 0.01, (700, 3)), index=DAYS, columns=["A", "B", "C"])


@pytest.fixture(scope="module")
def comparison():
    return build_comparison(FUNDS, benchmark=(FUNDS.mean(axis=1) + 0.0001).rename("World"))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    prices = 100.0 * (1.0 + FUNDS).cumprod()
    for name in prices:
        prices[[name]].to_csv(tmp_path / f"{name.lower()}.csv")
    prices.to_csv(tmp_path / "all.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_portfolio_has_the_measures_of_a_report_on_it(comparison):
    for name in FUNDS:
        alone = build_report(FUNDS[name], benchmark=comparison.tables.returns["World"], sections=["growth"])
        own, ours = alone.tables.headline[name], comparison.tables.headline[name]
        pd.testing.assert_series_equal(own, ours)
        bounds = alone.tables.intervals.loc["Sharpe ratio"]
        there = comparison.tables.intervals.loc["Sharpe ratio", [f"{name} lower", f"{name} upper"]]
        assert there.tolist() == bounds.tolist()
    assert list(comparison.to_frame().columns) == ["A", "B", "C", "World"]


def test_every_section_is_on_the_page_in_order(comparison):
    places = [comparison.html.index(f'<section id="{name}"') for name in (*NAMES, "conventions")]
    assert places == sorted(places)
    assert "A, B and C against World: 700 common returns, one per day, 2018-01-01 to 2020-09-04" in comparison.html
    assert "Holm" in section_of(comparison.html, "conventions")
    assert "A: a single series; B: a single series" in comparison.tables.conventions.loc["Portfolios", "Value"]
    assert comparison.tables.conventions.loc["Benchmark", "Value"] == "World"


def test_differences_are_those_of_the_pairs_and_corrected_for_their_number(comparison):
    frame = comparison.tables.differences
    assert list(frame.index) == ["B", "C"]
    how = metrics.Bootstrap(0.95, draws=500, rng=0, resampling="circular")
    found = metrics.sharpe_ratio_difference(FUNDS["B"], FUNDS["A"], interval=how)
    assert frame.loc["B", "difference"] == pytest.approx(
        metrics.sharpe_ratio(FUNDS["B"]) - metrics.sharpe_ratio(FUNDS["A"]), rel=1e-9
    )
    assert frame.loc["B", "p_value"] == found.p_value
    assert frame["p_adjusted"].tolist() == holm(frame["p_value"].to_numpy())
    assert "correction for 2 tests" in section_of(comparison.html, "differences")
    assert comparison.verdict.startswith("A has the highest Sharpe ratio, ")
    assert "of the other 2 Sharpe ratios can be told from that of A, all tests counted (Holm)" in comparison.verdict


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_nothing_is_fetched_or_overflows_and_the_first_figure_is_on_the_first_screen(
    comparison, tmp_path, width
):
    found = measured(comparison.html, tmp_path, width=width)
    assert (found["fetched"], found["beyond"], found["cut"]) == ([], [], [])
    assert found["figure"][0] < 900


def test_holm_by_hand():
    # Sorted 0.01, 0.03, 0.04: times 3, 2 and 1 is 0.03, 0.06, 0.04, and none may be below the one before.
    assert holm(np.array([0.04, 0.01, np.nan, 0.03])) == pytest.approx([0.06, 0.03, np.nan, 0.06], nan_ok=True)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
@examples(50)
def test_holm_lies_between_the_p_value_and_bonferroni_and_keeps_the_order(p_values):
    adjusted = np.array(holm(np.array(p_values)))
    assert (adjusted >= np.array(p_values)).all()
    assert (adjusted <= np.minimum(1.0, len(p_values) * np.array(p_values))).all()
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0.0).all()


def test_years_and_drawdowns_are_those_of_each(comparison):
    growth = (1.0 + FUNDS).groupby(FUNDS.index.year).prod() - 1.0
    np.testing.assert_allclose(comparison.tables.years[["A", "B", "C"]], growth, rtol=1e-12)
    worst = comparison.tables.drawdowns.query("rank == 1")["depth"]
    np.testing.assert_allclose(worst[["A", "B", "C"]], metrics.max_drawdown(FUNDS), rtol=1e-12)


def test_it_is_exported_as_a_report_is(comparison):
    found = strict(comparison.to_json())
    check_schema(found)
    assert found["parameters"]["portfolios"] == ["A", "B", "C"]
    assert {"differences", "years", "headline", "correlation"} <= set(found["tables"])


@pytest.mark.usefixtures("few_draws")
def test_only_common_dates_count_and_what_was_left_out_is_said():
    late = FUNDS["B"][100:]
    report = build_comparison({"A": FUNDS["A"], "late": late}, sections=["growth"])
    assert report.tables.returns.index[0] == DAYS[100]
    assert len(report.tables.returns) == 600
    assert "100 before" in report.tables.conventions.loc["Dates left out", "Value"]
    monthly = (1.0 + FUNDS["C"]).resample("ME").prod() - 1.0
    mixed = build_comparison({"A": FUNDS["A"], "B": FUNDS["B"], "months": monthly}, sections=["growth"])
    assert len(mixed.tables.returns) == 31  # where January began is not known, and September is not over
    whole = (1.0 + FUNDS["A"]["2018-03"]).prod() - 1.0
    assert mixed.tables.returns["A"]["2018-03"].iloc[0] == pytest.approx(whole)


@pytest.mark.usefixtures("few_draws")
@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_two_portfolios_are_one_test_and_few_returns_none():
    two = build_comparison(FUNDS[["A", "B"]], sections=["differences"])
    assert two.verdict.endswith(f"(p {two.tables.differences['p_value'].iloc[0]:.3f}).")
    assert "the Sharpe ratios of A and B" in two.verdict
    few = build_comparison(FUNDS[:20], sections=["differences"])
    assert few.tables.differences.empty
    assert "too few returns to tell them apart" in few.verdict
    assert "Not shown: fewer than 30 common returns." in section_of(few.html, "differences")


@pytest.mark.usefixtures("few_draws")
def test_the_same_portfolio_twice_is_not_told_apart():
    report = build_comparison({"A": FUNDS["A"], "again": FUNDS["A"]}, sections=["differences", "correlation"])
    assert not report.tables.differences["p_adjusted"].iloc[0] < 1.0
    assert report.tables.correlation.to_numpy() == pytest.approx(np.ones((2, 2)))


@pytest.mark.parametrize(
    ("portfolios", "message"),
    [
        ({"A": FUNDS["A"]}, "portfolios must be 2 to 12 to be compared, got 1"),
        ({f"F{number}": FUNDS["A"] for number in range(13)}, "portfolios must be 2 to 12 to be compared, got 13"),
        ([FUNDS["A"], FUNDS["B"]], "portfolios must be a mapping of names to returns, or a DataFrame .* got list"),
        ({"A": FUNDS["A"], "B": FUNDS["B"].to_numpy()}, "portfolio 'B' must be"),
        ({"A": FUNDS["A"][:50], "B": FUNDS["B"][400:]}, "share no span of time"),
        ({"A": FUNDS["A"], "B": FUNDS["B"].mask(FUNDS["B"] > 0.02)}, "portfolio 'B' has 20 non-finite"),
    ],
)
def test_what_cannot_be_compared_is_refused(portfolios, message):
    with pytest.raises(InvalidInputError, match=message):
        build_comparison(portfolios)


def test_arguments_are_checked_as_those_of_a_report():
    with pytest.raises(InvalidInputError, match="Did you mean 'differences'"):
        build_comparison(FUNDS, sections=["diferences"])
    with pytest.raises(InvalidInputError, match="is 504% a year"):
        build_comparison(FUNDS, risk_free=0.02)
    with pytest.raises(InvalidInputError, match="window must be a whole number from 2 to the 700 dates"):
        build_comparison(FUNDS, window=701)


@pytest.mark.usefixtures("few_draws")
def test_each_portfolio_in_doubt_is_warned_of_once_by_its_name():
    with pytest.warns(ConventionWarning) as caught:
        report = build_comparison({"A": FUNDS["A"] * 20.0, "B": FUNDS["B"], "C": FUNDS["C"] * 20.0})
    assert [str(warning.message).partition(" looks like percent")[0] for warning in caught] == [
        "portfolio 'A'", "portfolio 'C'",
    ]  # fmt: skip
    assert report.notes == tuple(str(warning.message) for warning in caught)
    with pytest.warns(ConventionWarning, match="periods_per_year=12 was given") as caught:
        build_comparison(FUNDS, periods_per_year=12)
    assert len(caught) == 1


@pytest.mark.usefixtures("few_draws")
def test_the_command_line_compares_files(folder, capsys):
    words = ["report", "compare", "a.csv", "all.csv", "--benchmark", "c.csv", "--json", "numbers.json"]
    assert cli.main([*words, "--title", "Ours", "--sections", "growth,differences"]) == 0
    done = capsys.readouterr()
    assert [line.partition(" ")[0] for line in done.out.splitlines()] == ["report.html", "numbers.json"]
    assert "riskresearch: comparison: growth (1 of 2)\n" in done.err
    assert done.err.count("riskresearch: data: ") == 3
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "a and all against C: 699 common returns" in page
    found = strict((folder / "numbers.json").read_text(encoding="utf-8"))
    check_schema(found)
    assert [file["name"] for file in found["checksums"]["files"]] == ["a.csv", "all.csv", "c.csv"]


@pytest.mark.usefixtures("few_draws", "folder")
def test_settings_are_those_of_a_report_that_make_sense(capsys):
    Path("riskresearch.toml").write_text('title = "Ours"\nlevel = 0.99\n[weights]\nA = 1.0\n')
    assert cli.main(["report", "compare", "a.csv", "b.csv", "--sections", "headline"]) == 0
    assert "settings: riskresearch.toml: title, level\n" in capsys.readouterr().err
    assert "VaR 99%" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.csv"], "a comparison needs two files or more, got 1."),
        ([], "a comparison needs two files or more, got 0."),
        (["a.csv", "absent.csv"], "cannot read absent.csv"),
        (["a.csv", "b.csv", "--out", "b.csv"], "--out must not overwrite an input"),
        (["a.csv", "b.csv", "--weights", "A=1"], "--weights belong to one portfolio"),
        (["a.csv", "b.csv", "--benchmark", "SPY"], "benchmark must be a column of a.csv (A) or a file"),
    ],
)
def test_bad_input_is_one_line(words, message, capsys):
    try:
        code = cli.main(["report", "compare", *words])
    except SystemExit as stopped:
        code = stopped.code
    err = capsys.readouterr().err
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


@pytest.mark.usefixtures("few_draws", "folder")
def test_options_may_stand_before_compare():
    words = ["report", "--quiet", "--sections", "growth", "compare", "a.csv", "b.csv", "--title", "Ours"]
    assert cli.main(words) == 0
    assert "a and b: 699 common returns" in Path("report.html").read_text(encoding="utf-8")
    assert cli.main(["report", "--title", "compare", "a.csv", "--sections", "growth", "--quiet"]) == 0
    assert "<h1>compare</h1>" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few_draws")
def test_profit_and_loss_has_its_capital(folder):
    (100_000.0 * FUNDS["A"]).round(2).rename("PnL").to_csv("pnl.csv")
    assert cli.main(["report", "compare", "pnl.csv", "b.csv", "--sections", "growth"]) == 2
    assert cli.main(["report", "compare", "pnl.csv", "b.csv", "--sections", "growth", "--capital", "1e6"]) == 0
    report = build_file_comparison(["pnl.csv", "b.csv"], capital=1e6, sections=["growth"])
    assert [file.kind for file in report.files] == ["pnl", "prices"]
    assert report.parameters["capital"] is None


@pytest.mark.usefixtures("few_draws")
def test_a_file_called_compare_has_its_report(folder):
    (folder / "compare").write_bytes((folder / "a.csv").read_bytes())
    assert cli.main(["report", "./compare", "--sections", "growth", "--quiet"]) == 0
    assert "<h1>compare</h1>" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few_draws")
def test_files_of_one_name_keep_apart(folder):
    for name in ("x", "y"):
        (folder / name).mkdir()
        (folder / name / "fund.csv").write_bytes((folder / ("a.csv" if name == "x" else "b.csv")).read_bytes())
    paths = [folder / "x" / "fund.csv", folder / "y" / "fund.csv", folder / "y" / "fund.csv"]
    report = build_file_comparison(paths, sections=["growth"])
    assert list(report.tables.returns.columns) == ["fund", "y/fund", "fund (2)"]
