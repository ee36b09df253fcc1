"""`riskresearch limits`: tests of policies, their limits, and what changes between two of them."""

from pathlib import Path

import pytest

from riskresearch import cli

POLICY = """\
name = "desk"

[[limit]]
type = "PositionWeight"
deny = 0.10
warn = 0.08

[[limit]]
type = "Leverage"
deny = 1.5

[[test]]
name = "a large order"
book = {units = {A = 700}, prices = {A = 10.0}, nav = 100_000}
order = {asset = "A", units = 301}
expect = "deny"
codes = ["WEIGHT"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text(POLICY)
    return tmp_path


def run(capsys, *words):
    try:
        code = cli.main(["limits", *words])
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_policy_whose_tests_pass_exits_with_0(capsys):
    assert run(capsys, "test", "desk.toml") == (0, "1 test: passed\n", "")


def test_a_failed_test_is_a_line_with_its_place_and_both_outcomes_and_exits_with_1(capsys, folder):
    more = POLICY.replace('codes = ["WEIGHT"]', 'codes = ["LEVERAGE"]') + (
        "\n[[test]]\nbook = {units = {}, prices = {A = 10.0}, nav = 100_000}\nexpect = ['pass', 'warn']\n"
        "order = [{asset = 'A', units = 1001}, {asset = 'A', units = 1}]\n"
    )
    (folder / "desk.toml").write_text(more)
    assert run(capsys, "test", "desk.toml") == (
        1,
        "FAILED desk.toml, line 12 (a large order): order 1 (A 301): expected deny, LEVERAGE, found deny, WEIGHT\n"
        "FAILED desk.toml, line 19: order 1 (A 1001): expected pass, found deny, WEIGHT\n"
        "FAILED desk.toml, line 19: order 2 (A 1): expected warn, found pass, no code\n"
        "2 tests: 2 failed\n",
        "",
    )


def test_a_policy_without_tests_is_no_policy_that_passed_them(capsys, folder):
    (folder / "desk.toml").write_text(POLICY.partition("[[test]]")[0])
    code, out, err = run(capsys, "test", "desk.toml")
    assert (code, err) == (1, "")
    assert out == "no tests: the policy has no [[test]] table\n"


def test_a_policy_is_shown(capsys, folder):
    (folder / "child.toml").write_text('extends = "desk.toml"\n[[limit]]\ntype = "OrderNotional"\ndeny = "1e6"\n')
    assert run(capsys, "show", "child.toml") == (
        0,
        "policy without a name, on a breach: deny\nderived from desk.toml\n"
        "limit           field      value  warn  others\n"
        "PositionWeight  deny         0.1  0.08\n"
        "Leverage        deny         1.5\n"
        "OrderNotional   deny   1,000,000\n",
        "",
    )


def test_what_gets_looser_is_said_and_exits_with_1(capsys, folder):
    (folder / "new.toml").write_text(POLICY.replace("1.5", "1.6").replace("0.08", "0.07"))
    code, out, err = run(capsys, "diff", "desk.toml", "new.toml")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "policy desk -> desk: 1 loosened, 1 tightened",
        "limit           change     looser  field   old   new",
        "Leverage        loosened   LOOSER  deny    1.5   1.6",
        "PositionWeight  tightened          warn   0.08  0.07",
        "LOOSER: 1 change",
    ]
    code, out, err = run(capsys, "diff", "new.toml", "desk.toml")
    assert code == 1
    (folder / "new.toml").write_text(POLICY.replace("1.5", "1.4"))
    code, out, err = run(capsys, "diff", "desk.toml", "new.toml")
    assert (code, err) == (0, "")
    assert out.endswith("\nnothing is looser\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("test", "absent.toml"), "error: cannot read absent.toml: No such file or directory."),
        (("show", "bad.toml"), "error: bad.toml, line 3: denny is no field of Leverage. Did you mean deny?"),
        (("diff", "desk.toml", "bad.toml"), "error: bad.toml, line 3: denny is no field of Leverage."),
        (("diff", "desk.toml"), "error: the following arguments are required: NEW_FILE"),
        (("tset", "desk.toml"), "error: argument COMMAND: invalid choice: 'tset'"),
        ((), "error: the following arguments are required: COMMAND"),
    ],
)
def test_bad_input_is_one_line_and_exits_with_2(words, message, capsys, folder):
    (folder / "bad.toml").write_text('[[limit]]\ntype = "Leverage"\ndenny = 1\n')
    code, out, err = run(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"riskresearch: {message}")


def test_help_names_the_commands_and_the_exit_codes(capsys):
    code, out, _ = run(capsys, "--help")
    assert not code
    for word in ("test", "show", "diff", "riskresearch limits diff desk.toml proposed.toml", "or something is looser"):
        assert word in out


def test_names_of_a_file_cannot_disguise_a_line(capsys, folder):
    (folder / "desk.toml").write_text(
        POLICY.replace('"a large order"', '"\\u001b[2K\\nok"').replace('"deny"', '"pass"')
    )
    code, out, _ = run(capsys, "test", "desk.toml")
    assert code == 1
    assert "\x1b" not in out
    assert out.count("\n") == 2
