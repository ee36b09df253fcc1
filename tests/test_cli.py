"""The command line: what it writes, what it says, and that bad input costs one line and no file."""

import gc
import os
import pty
import signal
import subprocess
import sys
import termios
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import cli
from riskresearch.core import ConventionWarning
from riskresearch.core.frames._exact_numbers import exact_numbers
from riskresearch.report import build_report
from riskresearch.report._report import SECTION_NAMES

NUMBERED = list(enumerate(SECTION_NAMES, start=1))
COMMAND = [sys.executable, "-m", "riskresearch"]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder to work in, with files of prices, of returns and of an index."""
    rng = np.random.default_rng(5)
    dates = pd.bdate_range("2021-01-01", periods=260, name="date")
    returns = pd.DataFrame(rng.normal(0.001, 0.01, (260, 2)), index=dates, columns=["AAA", "BBB"])
    returns.to_csv(tmp_path / "returns.csv")
    (100.0 * (1.0 + returns).cumprod()).to_csv(tmp_path / "prices.csv")
    (50.0 * (1.0 + returns[["AAA"]]).cumprod()).to_csv(tmp_path / "index.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment(**others: str) -> dict[str, str]:
    paths = os.pathsep.join([str(Path(riskresearch.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": paths, **others}


def run(*arguments: str, folder: Path, **others: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**others),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_page_is_written_and_what_was_read_is_said(folder):
    done = run("report", "prices.csv", "--benchmark", "index.csv", "--weights", "AAA=0.6,BBB=0.4", folder=folder)
    assert done.returncode == 0
    assert done.stdout == f"report.html ({(folder / 'report.html').stat().st_size / 1000:,.0f} kB)\n"
    stages, data = done.stderr.splitlines()[:-2], done.stderr.splitlines()[-2:]
    assert stages == [f"riskresearch: report: {name} ({number} of {len(stages)})" for number, name in NUMBERED]
    assert data[0].startswith("riskresearch: data: prices.csv, read as prices: all its values are positive")
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.usefixtures("few_draws")
def test_quiet_says_nothing(folder, capfd):
    assert cli.main(["report", "returns.csv", "--quiet", "--sections", "headline", "--out", "page.html"]) == 0
    assert capfd.readouterr() == ("", "")
    assert (folder / "page.html").exists()


@pytest.mark.usefixtures("few_draws")
def test_the_bundled_report_needs_no_argument(folder, capsys):
    assert cli.main(["report", "--sections", "headline,growth"]) == 0
    assert "equities_adj_close" in capsys.readouterr().err
    assert "Twenty US stocks" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few_draws")
def test_options_reach_the_page(folder):
    arguments = (
        "--level 0.99 --risk-free 0.0001 --periods-per-year 250 --window 20 --title Ours --sections now,headline"
    )
    assert cli.main(["report", "prices.csv", "--quiet", *arguments.split()]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("VaR, level 99%", "0.01% per day", "250, given", "20 days", "<h1>Ours</h1>"):
        assert words in page.replace("per period", "per day").replace("20 periods", "20 days")
    assert page.index('id="now"') < page.index('id="headline"')
    assert 'id="growth"' not in page


@pytest.mark.usefixtures("few_draws")
def test_the_same_command_writes_the_same_bytes(folder):
    for name in ("one.html", "two.html"):
        assert cli.main(["report", "prices.csv", "--quiet", "--out", name]) == 0
    assert (folder / "one.html").read_bytes() == (folder / "two.html").read_bytes()


@pytest.mark.usefixtures("few_draws")
def test_parquet_is_read(folder):
    exact = exact_numbers(pd.__version__)
    pd.read_csv("prices.csv", index_col=0, parse_dates=True, **exact).to_parquet("prices.parquet")
    for name in ("prices.csv", "prices.parquet"):
        assert cli.main(["report", name, "--quiet", "--title", "same", "--out", f"{name}.html"]) == 0
    checksums = [
        (folder / f"{name}.html").read_text(encoding="utf-8").partition("SHA-256 of returns")[2][:90]
        for name in ("prices.csv", "prices.parquet")
    ]
    assert checksums[0] == checksums[1]


BAD = {
    "not dates": (["bad.csv"], "x,AAA\n0,1\n1,2\n", "has no column of dates"),
    "text in a column": (["bad.csv"], "date,AAA\n2020-01-01,1\n2020-01-02,one\n", "got 'one' on line 3: that is text."),
    "duplicate dates": (["bad.csv"], "date,AAA\n2020-01-01,1\n2020-01-01,2\n", "has the date 2020-01-01 twice"),
    "unsorted dates": (["bad.csv"], "date,AAA\n2020-01-02,1\n2020-01-03,2\n2020-01-01,2\n", "line 4"),
    "prices as returns": (["prices.csv", "--kind", "returns"], "", "was given as returns, but column 'AAA'"),
    "returns as prices": (["returns.csv", "--kind", "prices"], "", "was given as prices, but prices are positive"),
    "ambiguous": (["bad.csv"], "date,AAA\n2020-01-01,1.1\n2020-01-02,1.2\n", "could hold prices or percent"),
    "level of 95": (
        ["prices.csv", "--level", "95"],
        "",
        "level must be in (0.5, 1), got 95.0. It is a confidence level",
    ),
    "level of 0.05": (["prices.csv", "--level", "0.05"], "", "level must be in (0.5, 1), got 0.05"),
    "level in words": (["prices.csv", "--level", "high"], "", "argument --level: invalid float value: 'high'"),
    "empty file": (["bad.csv"], "", "bad.csv is empty"),
    "header only": (["bad.csv"], "date,AAA\n", "has a header but no rows"),
    "binary": (["bad.csv"], "\0\1\2\3", "is no table of a known kind"),
    "missing value": (["bad.csv"], "date,AAA\n2020-01-01,1\n2020-01-02,\n2020-01-03,9\n", "--nan-policy omit"),
    "missing column": (["prices.csv", "--benchmark", "SPY"], "", "must be a column of prices.csv (AAA, BBB) or a file"),
    "weight of no column": (["prices.csv", "--weights", "AAB=1"], "", "'AAB' is in weights only. Did you mean 'AAA'?"),
    "weights over 1": (["prices.csv", "--weights", "AAA=1,BBB=1"], "", "weights must sum to 1, got 2"),
    "no such file": (["absent.csv"], "", "cannot read absent.csv: No such file or directory"),
    "a folder": (["."], "", "Is a directory"),
    "no such section": (["prices.csv", "--sections", "growht"], "", "Did you mean 'growth'?"),
    "window too long": (["prices.csv", "--window", "260"], "", "window must be a whole number from 2 to the 259 dates"),
    "no such option": (["prices.csv", "--colour"], "", "unrecognized arguments: --colour"),
    "out in no folder": (["prices.csv", "--out", "nowhere/report.html"], "", "must be in a folder that exists"),
    "out is a folder": (["prices.csv", "--out", "."], "", "--out must be a regular file, got '.', which is a folder."),
    "out is the input": (["prices.csv", "--out", "prices.csv"], "", "--out must not overwrite an input"),
    "options without a file": (["--weights", "AAA=1"], "", "--weights needs FILE"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("old", [False, True], ids=["new", "old report there"])
def test_bad_input_costs_one_line_and_no_file(folder, capfd, case, old):
    arguments, content, message = BAD[case]
    Path("bad.csv").write_text(content)
    if old:
        Path("report.html").write_text("old")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    try:
        code = cli.main(["report", *arguments])
    except SystemExit as exit_of_argparse:
        code = exit_of_argparse.code
    out, err = capfd.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("riskresearch: error: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert message in err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("case", ["text in a column", "level of 95", "no such option"])
def test_as_a_process_it_is_the_same_one_line(folder, case):
    arguments, content, message = BAD[case]
    (folder / "bad.csv").write_text(content)
    done = run("report", *arguments, folder=folder)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr
    assert not (folder / "report.html").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_what_may_not_be_read_or_written_is_said(folder, capsys):
    Path("prices.csv").chmod(0)
    assert cli.main(["report", "prices.csv"]) == 2
    folder.chmod(0o500)
    assert cli.main(["report", "returns.csv"]) == 2
    folder.chmod(0o700)
    assert capsys.readouterr().err.count("Permission denied") == 2


def test_a_page_that_cannot_be_written_is_said_in_one_line(folder, capsys, monkeypatch):
    def full(path, content, *, name):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("riskresearch.cli._outputs.write_whole", full)
    assert cli.main(["report", "prices.csv", "--sections", "headline", "--quiet"]) == 2
    assert capsys.readouterr().err == "riskresearch: error: cannot write report.html: No space left on device.\n"


def test_an_interrupt_gives_130_and_no_file(folder, capsys, monkeypatch):
    def interrupted(data, settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("riskresearch.cli._report._build", interrupted)
    assert cli.main(["report", "prices.csv"]) == 130
    assert capsys.readouterr().err == "riskresearch: interrupted, nothing written\n"
    assert not Path("report.html").exists()


@pytest.mark.usefixtures("few_draws")
def test_an_interrupt_while_saving_leaves_the_old_page_alone(folder, monkeypatch):
    Path("report.html").write_text("old")

    def interrupted(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    assert cli.main(["report", "prices.csv", "--sections", "headline", "--quiet"]) == 130
    assert Path("report.html").read_text() == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["index.csv", "prices.csv", "report.html", "returns.csv"]


def test_a_signal_from_the_keyboard_gives_130(folder):
    script = (
        "import os, signal, sys\nfrom riskresearch import cli\nfrom riskresearch.cli import _report\n"
        "_report._build = lambda *given: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(cli.main(['report', 'prices.csv']))"
    )
    paths = str(Path(riskresearch.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, b"riskresearch: interrupted, nothing written\n")


def test_a_fault_of_the_program_is_not_hidden(folder, monkeypatch):
    def broken(data, settings):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("riskresearch.cli._report._build", broken)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        cli.main(["report", "prices.csv"])


@pytest.mark.usefixtures("few_draws")
def test_warnings_are_one_line_each_after_the_work(folder, capsys):
    assert cli.main(["report", "prices.csv", "--periods-per-year", "12", "--sections", "headline"]) == 0
    err = capsys.readouterr().err
    assert err.count("riskresearch: warning: periods_per_year=12 was given, but the dates show 252") >= 1
    assert "ConventionWarning" not in err
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConventionWarning)
        assert cli.main(["report", "prices.csv", "--sections", "headline", "--quiet"]) == 0


@pytest.mark.usefixtures("few_draws")
def test_the_progress_bar_is_shown_when_asked_for(folder, capfd):
    assert cli.main(["report", "prices.csv", "--sections", "headline", "--progress"]) == 0
    assert "100%|" in capfd.readouterr().err


def test_the_progress_bar_is_shown_on_a_terminal_and_nowhere_else(folder):
    words = ("report", "prices.csv", "--sections", "headline")
    assert "%|" not in run(*words, folder=folder).stderr
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    paths = str(Path(riskresearch.__file__).parents[1])
    with subprocess.Popen(
        [*COMMAND, *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.DEVNULL, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while chunk := read_or_nothing(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"100%|" in shown


def read_or_nothing(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_help_and_version_load_no_numpy(folder):
    for words in (["--help"], ["report", "--help"], ["--version"]):
        script = (
            "import sys\nfrom riskresearch.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit as done:\n"
            "    assert done.code == 0\nassert not {'numpy', 'pandas', 'matplotlib'} & set(sys.modules), 'loaded'"
        )
        paths = str(Path(riskresearch.__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "riskresearch" in done.stdout


def test_the_doctor_reports(capsys, monkeypatch):
    monkeypatch.setattr("riskresearch.core.importing._doctor._cost_lines", list)
    assert cli.main(["doctor"]) == 0
    assert riskresearch.__version__ in capsys.readouterr().out


def test_no_command_is_one_line(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main([])
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("locale", "name", "title"),
    [
        ({"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "Überblick".encode(), "Überblick"),
        ({"PYTHONIOENCODING": "ascii:strict"}, b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
    ],
    ids=["no UTF-8 at all", "an ASCII terminal and a name in Latin-1"],
)
def test_accents_in_names_are_read_under_any_locale(folder, locale, name, title):
    """A column with an accent is the benchmark, the page has an accent, and then the file is lost."""
    path = os.fsencode(folder) + b"/" + name + b".csv"
    with open(path, "wb") as file:
        file.write(pd.read_csv("prices.csv").rename(columns={"BBB": "Übersee"}).to_csv(index=False).encode())
    words = ["report", path, "--benchmark", "Übersee".encode(), "--out", path + b".html", "--sections", "headline"]
    options = {"cwd": folder, "env": environment(LC_ALL="C", **locale), "capture_output": True, "check": False}
    done = subprocess.run([*COMMAND, *words], **options)
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 2), done.stderr
    with open(path + b".html", encoding="utf-8") as file:
        text = file.read()
    assert f"<title>{title}</title>" in text
    assert "Übersee" in text
    os.unlink(path)
    done = subprocess.run([*COMMAND, *words], **options)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"No such file" in done.stderr


def test_a_page_of_names_that_no_text_can_hold(folder):
    frame = pd.read_csv("returns.csv", index_col=0, parse_dates=True)
    frame = frame.set_axis(pd.Index(["A\udce9", "B"], dtype=object), axis=1)
    page = build_report(frame, title="half \ud83d", source="\udcc3\udc9c", sections=["headline", "assets"])
    page.save("page.html")
    assert page.title == "half �"
    assert "A\N{REPLACEMENT CHARACTER}" in Path("page.html").read_text(encoding="utf-8")


def test_the_garbage_collector_is_left_as_it_was():
    before = gc.get_threshold()
    assert cli.main(["report", "no-such-file.csv", "--quiet"]) == 2
    assert gc.get_threshold() == before
