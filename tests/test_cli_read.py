"""The command line and files: what `read` shows, the options that choose, and `--explain`."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import riskresearch as rr
from riskresearch import cli
from riskresearch.cli import _options
from riskresearch.files._kind import KINDS
from riskresearch.files._shape import SHAPES as SHAPES_OF_TABLES
from tests.files.shapes import SHAPES, day

AMBIGUOUS = "day;Open;Close\n" + "".join(f"0{n + 1}/02/2021;{n + 1},5;{100 + n % 3},0\n" for n in range(8))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("bars", "long", "gzip", "percent signs"):
        Path(f"{name.replace(' ', '_')}{'.csv.gz' if name == 'gzip' else '.csv'}").write_bytes(SHAPES[name].content)
    Path("ambiguous.csv").write_text(AMBIGUOUS)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["bars.csv", "long.csv", "gzip.csv.gz", "percent_signs.csv"])
def test_read_shows_the_summary_of_the_file(name, capsys):
    assert cli.main(["read", name]) == 0
    shown = capsys.readouterr()
    assert shown.out == rr.read(name).summary() + "\n"
    assert f"rr.read('{name}')" in shown.out
    assert day(0) in shown.out or name == "percent_signs.csv"
    assert shown.err == ""


@pytest.mark.usefixtures("folder")
def test_read_refuses_in_one_line_with_the_option_that_chooses(capsys):
    assert cli.main(["read", "ambiguous.csv"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert '--date-format "%d/%m/%Y"' in said.err
    assert cli.main(["read", "ambiguous.csv", "--date-format", "%d/%m/%Y", "--columns", "Close"]) == 0
    shown = capsys.readouterr().out
    assert "2021-02-01" in shown
    assert "rr.read('ambiguous.csv', columns=('Close',), date_format='%d/%m/%Y')" in shown


@pytest.mark.usefixtures("folder")
def test_read_takes_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SHAPES["bars"].content)))
    assert cli.main(["read", "-"]) == 0
    assert "the level is 'Close', the close" in capsys.readouterr().out


@pytest.mark.usefixtures("few_draws", "folder")
def test_explain_prints_every_decision_of_each_file(capsys):
    assert cli.main(["report", "bars.csv", "--explain", "--sections", "headline"]) == 0
    said = capsys.readouterr().err
    for step in rr.read("bars.csv").steps:
        assert f"riskresearch: bars.csv: {step}" in said
    assert cli.main(["report", "bars.csv", "--quiet", "--explain", "--sections", "headline"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("few_draws")
def test_the_options_of_reading_reach_the_report(folder):
    options = ["--columns", "Open,Close", "--drop", "nothing"]
    assert cli.main(["report", "ambiguous.csv", "--quiet", "--date-format", "%d/%m/%Y", *options]) == 2
    options = ["--columns", "Open", "--columns", "Close", "--kind", "prices", "--decimal", ",", "--shape", "wide"]
    arguments = ["--date-format", "%d/%m/%Y", "--sections", "headline,assets", "--out", "page.html"]
    assert cli.main(["report", "ambiguous.csv", "--quiet", *options, *arguments]) == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "equal weights in 2 assets" in page
    assert "1 Feb 2021" in page or "2021-02-02" in page


@pytest.mark.usefixtures("few_draws", "folder")
def test_profit_and_loss_needs_capital(capsys):
    dates = pd.bdate_range("2024-01-01", periods=40)
    money = pd.Series([1250.5, -830.25, 410.0, -95.75] * 10, index=dates, name="PnL")
    money.to_csv("pnl.csv", index_label="date")
    assert cli.main(["report", "pnl.csv", "--quiet", "--sections", "headline"]) == 2
    assert "--capital" in capsys.readouterr().err
    arguments = ["--capital", "100000", "--sections", "headline"]
    assert cli.main(["report", "pnl.csv", "--quiet", *arguments]) == 0


@pytest.mark.parametrize("command", ["read", "report"])
@pytest.mark.parametrize("step", ["scan_lines", "choose"])
def test_an_interrupt_while_reading_gives_130_one_line_and_no_file(command, step, folder, capsys, monkeypatch):
    def interrupted(*given, **options):
        raise KeyboardInterrupt

    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr(f"riskresearch.files.text._dialect.{step}", interrupted)
    assert cli.main([command, "bars.csv"]) == 130
    assert capsys.readouterr() == ("", "riskresearch: interrupted, nothing written\n")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.skipif(
    pd.__version__ < "3",
    reason="older pandas turns an interrupt while it reads into an error of parsing, and the exit is 2",
)
@pytest.mark.parametrize("command", ["read", "report"])
def test_a_signal_while_a_large_file_is_read_gives_130(command, folder):
    """The signal comes from a thread while pandas parses, in a process of its own."""
    Path("large.csv").write_text("date,A,B\n" + "".join(f"{n},{n}.5,{n}.25\n" for n in range(200_000)))
    script = (
        "import os, signal, sys, threading, pandas\nfrom riskresearch import cli\nimport riskresearch.files._read\n"
        "read = pandas.read_csv\n"
        "def parse(*given, **options):\n"
        "    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "    while True:\n"
        "        read('large.csv')\n"
        "pandas.read_csv = parse\n"
        f"sys.exit(cli.main(['{command}', 'large.csv']))"
    )
    before = sorted(path.name for path in folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(Path(rr.__file__).parents[1])}, capture_output=True,
        check=False, timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"riskresearch: interrupted, nothing written\n")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.usefixtures("folder")
def test_a_large_file_shows_its_progress(capsys, monkeypatch):
    monkeypatch.setattr("riskresearch.files.text._cells.SLOW_BYTES", 1_000)
    monkeypatch.setattr("riskresearch.files.text._lines.SLOW_BYTES", 1_000)
    with rr.options.context(progress=True):
        assert cli.main(["read", "bars.csv"]) == 0
    said = capsys.readouterr().err
    assert "lines of bars.csv" in said
    assert "reading bars.csv: 100%" in said


def test_the_choices_of_the_command_line_are_those_of_the_reader():
    """They stand in both, so that --help imports no pandas."""
    assert _options.KINDS == KINDS
    assert _options.SHAPES == SHAPES_OF_TABLES
