"""The completion of the command line in a shell: what is offered, and the extra that it needs."""

import shutil
import subprocess
import sys

import pytest

from riskresearch import cli


def completion(shell, capsys):
    pytest.importorskip("shtab", minversion="1.6")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--print-completion", shell])
    assert not stopped.value.code
    return capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="the script is run by bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("re", ["report", "read"]),
        ("do", ["doctor"]),
        ("--print-completion ", ["bash", "zsh", "tcsh"]),
        ("report --bench", ["--benchmark", "--benchmark-kind", "--benchmark-how"]),
        ("report --nan-policy ", ["raise", "omit"]),
        ("report --kind l", ["log-returns"]),
        ("report pri", ["prices.csv"]),
        ("report --weights pri", ["prices.csv"]),
        ("read pri", ["prices.csv"]),
        ("read --nan", []),
    ],
)
def test_bash_offers_commands_options_choices_and_files(typed, offered, capsys, tmp_path):
    (tmp_path / "prices.csv").touch()
    words = ["riskresearch", *typed.split(" ")]
    script = f"""{completion("bash", capsys)}
COMP_WORDS=({" ".join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}
_shtab_riskresearch
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split()) == sorted(offered)
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_the_scripts_of_other_shells_name_the_commands_and_the_options(shell, capsys):
    script = completion(shell, capsys)
    for word in ("riskresearch", "report", "doctor", "benchmark-kind", "log-returns"):
        assert word in script


def test_without_shtab_the_error_names_the_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert cli.main(["--print-completion", "bash"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(
        'riskresearch: error: --print-completion needs shtab: pip install "riskresearch[completion]"'
    )


def test_a_shell_that_is_not_known_is_refused_with_those_that_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["--print-completion", "fish"])
    assert "invalid choice: 'fish' (choose from" in capsys.readouterr().err
