"""Words of the command line that mean something elsewhere are answered with what to write instead."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import cli

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    dates = pd.bdate_range("2021-01-01", periods=300, name="date")
    draws = np.random.default_rng(5).normal(0.001, 0.01, (300, 4))
    for number, names in enumerate((["Fund"], ["Rival", "Bench"], ["Benchmark"])):
        pd.DataFrame(draws[:, number : number + len(names)], dates, names).to_csv(tmp_path / f"{'abc'[number]}.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error(capsys, *words: str) -> str:
    try:
        code = cli.main([*words])
    except SystemExit as stopped:
        code = stopped.code
    text = capsys.readouterr().err
    assert (code, text.count("\n")) == (2, 1)
    return text


def test_a_second_file_is_answered_with_the_comparison(capsys):
    assert "Several are compared by `riskresearch report compare FILE FILE`" in error(
        capsys, "report", "a.csv", "b.csv"
    )
    assert "compare is a kind of report" in error(capsys, "compare", "a.csv", "b.csv")
    assert "unrecognized arguments: --nope" in error(capsys, "report", "a.csv", "--nope", "b.csv")


def test_no_section_is_refused(capsys):
    assert "sections must name one section or more" in error(capsys, "report", "a.csv", "--sections", "")


def test_weights_of_a_comparison_are_refused_on_the_line_and_named_as_unused_from_the_file(capsys):
    words = ["report", "compare", "a.csv", "b.csv", "--sections", "growth"]
    assert "--weights belong to one portfolio" in error(capsys, *words, "--weights", "equal")
    Path("riskresearch.toml").write_text("level = 0.99\n[weights]\nFund = 1.0\n")
    assert cli.main(words) == 0
    said = capsys.readouterr().err
    assert "settings: the weights of riskresearch.toml, line 2 are not used in a comparison" in said
    assert cli.main([*words, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_capital_that_no_file_of_a_comparison_needs_is_said_to_be_unused(capsys):
    assert cli.main(["report", "compare", "a.csv", "b.csv", "--sections", "growth", "--capital", "1000"]) == 0
    said = capsys.readouterr().err
    assert said.count("capital (--capital) is the money at the start of profit and loss") == 1


def test_a_file_of_nothing_but_a_benchmark_is_a_portfolio(capsys):
    assert cli.main(["report", "c.csv", "--sections", "growth", "--quiet"]) == 0
    assert cli.main(["report", "compare", "a.csv", "c.csv", "--sections", "growth", "--quiet"]) == 0
    assert "a and c: 300 common returns" in Path("report.html").read_text(encoding="utf-8")


def test_a_benchmark_in_a_later_file_of_a_comparison_is_left_out_of_it_and_named():
    assert cli.main(["report", "compare", "a.csv", "b.csv", "--sections", "growth", "--quiet"]) == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert "b.csv: Bench is called a benchmark and left out of it." in page
