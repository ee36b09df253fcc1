"""The command line and the world around it: pipes, closed streams, devices, links, memory, and what names may hold."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import riskresearch
from riskresearch import cli

COMMAND = f"{sys.executable} -m riskresearch"
ROOT = str(Path(riskresearch.__file__).parents[1])


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    dates = pd.bdate_range("2021-01-01", periods=30, name="date")
    pd.DataFrame({"AAA": [(-1) ** row * 0.01 for row in range(30)]}, index=dates).to_csv(tmp_path / "returns.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": ROOT}
    return subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("module", ["riskresearch", "riskresearch.cli"])
def test_the_package_and_its_command_line_run_as_modules(module):
    found = shell(f"{sys.executable} -m {module} --version")
    assert (found.returncode, found.stdout.decode().split()[0], found.stderr) == (0, "riskresearch", b"")


def refused(capsys, *arguments: str) -> str:
    before = sorted(path.name for path in Path().iterdir())
    assert cli.main(["report", "returns.csv", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert sorted(path.name for path in Path().iterdir()) == before
    return err


HEADLINE = ("--sections", "headline", "--quiet")


@pytest.mark.parametrize("words", ["doctor", "report --help"])
def test_a_reader_that_leaves_is_no_error(words):
    done = shell(f"{COMMAND} {words} | true; echo ${{PIPESTATUS[0]}}")
    assert done.stdout in (b"141\n", b"0\n")  # 0 where all was written before the reader left
    assert done.stderr == b""


def test_a_reader_that_is_gone_gives_141(folder):
    done = shell(f"(sleep 0.1; {COMMAND} report returns.csv --sections headline --out -; echo $? >code) | exec 0<&-")
    assert b"Traceback" not in done.stderr
    assert b"Broken pipe" not in done.stderr
    assert (folder / "code").read_text() == "141\n"


def test_the_page_goes_to_standard_output(folder, capfdbinary):
    assert cli.main(["report", "returns.csv", "--sections", "headline", "--out", "page.html"]) == 0
    capfdbinary.readouterr()
    assert cli.main(["report", "returns.csv", "--sections", "headline", "--out", "-"]) == 0
    out, err = capfdbinary.readouterr()
    assert out == (folder / "page.html").read_bytes()
    assert b"riskresearch: data: returns.csv" in err
    assert sorted(path.name for path in folder.iterdir()) == ["page.html", "returns.csv"]


def test_a_disk_that_is_full_is_one_line(folder):
    done = shell(f"{COMMAND} report returns.csv --sections headline --quiet --out - > /dev/full; echo $?")
    assert done.stdout == b"2\n"
    assert done.stderr == b"riskresearch: error: cannot write standard output: No space left on device.\n"


def test_closed_streams_are_no_traceback(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["report", "returns.csv", *HEADLINE, "--out", "-"]) == 2
    assert "it is closed" in capsys.readouterr().err
    assert cli.main(["report", "returns.csv", "--sections", "headline"]) == 0
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["report", "absent.csv"]) == 2
    assert cli.main(["report", "returns.csv", "--sections", "headline"]) == 0


def test_the_page_goes_through_a_link_and_keeps_the_mode(folder):
    Path("real.html").write_text("old")
    Path("real.html").chmod(0o600)
    Path("link.html").symlink_to("real.html")
    assert cli.main(["report", "returns.csv", *HEADLINE, "--out", "link.html"]) == 0
    assert Path("link.html").is_symlink()
    assert stat.S_IMODE(Path("real.html").stat().st_mode) == 0o600
    assert Path("real.html").read_text().startswith("<!DOCTYPE html>")


def test_what_is_no_regular_file_is_refused_before_the_work(folder, capsys, monkeypatch):
    monkeypatch.setattr("riskresearch.cli._report._build", lambda *given: pytest.fail("worked"))
    os.mkfifo("pipe")
    Path("same.csv").symlink_to("returns.csv")
    for out, message in {
        "/dev/null": "is a device", "/dev/stdout": "a stream of a process", "pipe": "is a pipe",
        "same.csv": "must not overwrite an input", "a" * 300: "File name too long",
    }.items():  # fmt: skip
        assert message in refused(capsys, "--out", out)
    Path("report.html").write_text("old")
    with pytest.raises(pytest.fail.Exception, match="worked"):  # weights longer than any file's name are no file
        cli.main(["report", "returns.csv", "--weights", ",".join(f"A{number}=0.01" for number in range(100))])


def test_too_little_memory_is_one_line(folder, capsys, monkeypatch):
    def greedy(*given):
        raise MemoryError

    monkeypatch.setattr("riskresearch.cli._report._build", greedy)
    assert "not enough memory" in refused(capsys)


def test_a_line_of_error_is_one_short_line_without_control_characters(folder, capsys):
    Path("returns.csv").write_text(f"date,\x1b[31mA\n2020-01-01,{'x' * 100_000}\n")
    err = refused(capsys)
    assert len(err) < 1_100
    assert "\x1b" not in err
    assert "\x1b" not in refused(capsys, "--sections", "\x1b[2J")


def test_standard_output_of_another_encoding_is_no_traceback(folder):
    line = f"PYTHONUTF8=0 PYTHONIOENCODING=ascii:strict {COMMAND} report returns.csv --sections headline --out é.html"
    done = shell(line)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert done.stdout.startswith(b"\\xe9.html (")
