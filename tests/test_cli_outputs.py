"""What a report is written to beside its page, what is said of it, and the exit codes."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import cli, options
from riskresearch.cli._terminal import EXIT_CODES

pytestmark = pytest.mark.usefixtures("few_draws", "folder")
REPORT = ("report", "prices.csv", "--sections", "growth")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    rng = np.random.default_rng(5)
    dates = pd.bdate_range("2021-01-01", periods=300, name="date")
    returns = pd.DataFrame(rng.normal(0.001, 0.01, (300, 2)), index=dates, columns=["AAA", "=1+1"])
    (100.0 * (1.0 + returns).cumprod()).to_csv(tmp_path / "prices.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys, *arguments: str) -> str:
    before = sorted(Path().iterdir())
    assert cli.main([*REPORT, *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert sorted(Path().iterdir()) == before
    return err


def test_json_is_written_beside_the_page_and_both_are_named(capsys):
    assert cli.main([*REPORT, "--json", "numbers.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["report.html", "numbers.json"]
    found = json.loads(Path("numbers.json").read_text(encoding="utf-8"))
    assert found["schema"] == "riskresearch.report"
    assert set(found["tables"]) == {"returns", "headline", "intervals", "growth"}


def test_json_on_standard_output_is_alone_there(capsys):
    assert cli.main([*REPORT, "--json", "-"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["title"] == "prices"
    assert re.search(r"^riskresearch: report\.html \(\d+ kB\)$", err, re.MULTILINE)
    assert cli.main([*REPORT, "--json", "-", "--quiet"]) == 0
    assert capsys.readouterr() == (out, "")


def test_the_same_command_writes_the_same_json():
    for name in ("one.json", "two.json"):
        assert cli.main([*REPORT, "--json", name, "--quiet"]) == 0
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_excel_is_written(capsys):
    pytest.importorskip("xlsxwriter", minversion="3.1")
    assert cli.main([*REPORT, "--excel", "numbers.xlsx"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("numbers.xlsx (")
    assert Path("numbers.xlsx").read_bytes().startswith(b"PK")


def test_without_its_package_excel_is_refused_before_the_work(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setattr("riskresearch.cli._report._build", lambda *given: pytest.fail("worked"))
    assert 'error: --excel needs xlsxwriter: pip install "riskresearch[excel]"' in refused(capsys, "--excel", "a.xlsx")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "-", "--out", "-"], "--out and --json must not be the same, got standard output for both."),
        (["--json", "report.html"], "--out and --json must not be the same, got report.html for both."),
        (["--out", "a.html", "--json", "./a.html"], "--out and --json must not be the same"),
        (["--excel", "-"], "--excel must be the name of a file, got -"),
        (["--json", "prices.csv"], "--json must not overwrite an input, got prices.csv."),
        (["--json", "absent/numbers.json"], "--json must be in a folder that exists"),
        (["--json", "/dev/stdout"], "--json must be a regular file"),
        (["--excel", "."], "--excel must be a regular file, got '.', which is a folder."),
        (["--risk-free", "0.02"], "0.02 at 252 periods a year is 504% a year. A yearly rate y is (1 + y)"),
        (["--risk-free", "-0.02"], "-0.02 at 252 periods a year is -504% a year."),
        (["--capital", "0"], "capital (--capital) must be positive, got 0.0."),
        (["--logo", "prices.csv"], "logo must be a PNG, JPEG or SVG picture by its content, which prices.csv is not."),
    ],
)  # fmt: skip
def test_what_cannot_be_written_or_be_is_refused_in_one_line_and_nothing_is_written(arguments, message, capsys):
    assert message in refused(capsys, *arguments)


def test_a_rate_that_is_refused_leaves_the_old_page(capsys):
    Path("report.html").write_text("old")
    assert "7.86e-05. Pass the rate of one period." in refused(capsys, "--risk-free", "0.02")
    assert Path("report.html").read_text() == "old"


def test_a_disk_that_fills_up_between_two_files_leaves_whole_ones(capsys, monkeypatch):
    from riskresearch.cli import _outputs  # noqa: PLC0415 (what is replaced)

    write = _outputs.write_whole

    def full(path, content, *, name):
        if name == "--json":
            raise OSError(28, "No space left on device")
        return write(path, content, name=name)

    monkeypatch.setattr(_outputs, "write_whole", full)
    assert cli.main([*REPORT, "--json", "numbers.json", "--quiet"]) == 2
    assert capsys.readouterr().err == "riskresearch: error: cannot write numbers.json: No space left on device.\n"
    assert Path("report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert not Path("numbers.json").exists()


def test_capital_shows_money_on_the_page_and_in_the_numbers():
    assert cli.main([*REPORT, "--capital", "1_000_000", "--json", "numbers.json", "--quiet"]) == 0
    assert " of 1,000,000</span>" in Path("report.html").read_text(encoding="utf-8")
    assert json.loads(Path("numbers.json").read_text(encoding="utf-8"))["parameters"]["capital"] == 1_000_000.0
    with pytest.raises(SystemExit, match="2"):
        cli.main([*REPORT, "--capital", "1,000,000"])


def test_stages_are_lines_and_quiet_has_none(capsys):
    assert cli.main(["report", "prices.csv", "--sections", "growth,underwater"]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == [
        "riskresearch: report: growth (1 of 2)",
        "riskresearch: report: underwater (2 of 2)",
    ]
    assert cli.main([*REPORT, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    with options.context(progress=False):
        assert cli.main([*REPORT]) == 0
    assert "growth" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["report", "--help"], ["report", "compare", "--help"]])
def test_help_states_the_exit_codes_that_the_document_states(words, capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(words)
    assert EXIT_CODES in capsys.readouterr().out
    document = (Path(__file__).parents[1] / "docs" / "report.md").read_text(encoding="utf-8")
    table = document.partition("## Exit codes")[2].partition("## ")[0]
    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == re.findall(r"^  (\d+) ", EXIT_CODES, re.MULTILINE)
    assert re.findall(r"^  (\d+) ", EXIT_CODES, re.MULTILINE) == ["0", "1", "2", "130", "141"]
