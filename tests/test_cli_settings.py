"""The settings file: where it is found, what outranks it, and what it may not hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import cli
from riskresearch.cli._options import HOWS, KINDS, SHAPES
from riskresearch.cli._settings import KEYS, read_settings
from riskresearch.core import InvalidInputError

pytestmark = [
    pytest.mark.usefixtures("few_draws", "folder"),
    pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year"),
]
REPORT = ("report", "prices.csv", "--sections", "headline")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    rng = np.random.default_rng(5)
    dates = pd.bdate_range("2021-01-01", periods=300, name="date")
    returns = pd.DataFrame(rng.normal(0.001, 0.01, (300, 3)), index=dates, columns=["AAA", "BBB", "SPY"])
    (100.0 * (1.0 + returns).cumprod()).to_csv(tmp_path / "prices.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(text: str, name: str = "riskresearch.toml") -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def page() -> str:
    return Path("report.html").read_text(encoding="utf-8")


def refused(capsys, *arguments: str) -> str:
    assert cli.main([*REPORT, *arguments]) == 2
    err = capsys.readouterr().err
    assert not Path("report.html").exists()
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("head", ["", "[report]\n"])
def test_the_file_beside_is_read_and_named_on_the_page(head, capsys):
    settings(f'{head}title = "Ours & theirs"\nlevel = 0.99\nbenchmark = "SPY"\nrisk-free = 0.0001\n')
    assert cli.main([*REPORT]) == 0
    assert "<h1>Ours &amp; theirs</h1>" in page()
    assert "VaR, level 99%" in page()
    assert "<dt>Settings</dt><dd>riskresearch.toml: title, level, benchmark, risk_free</dd>" in page()
    assert "riskresearch: settings: riskresearch.toml: title, level, benchmark, risk_free\n" in capsys.readouterr().err


def test_the_command_line_outranks_the_file():
    settings('title = "File"\nlevel = 0.99\nwindow = 20\n')
    assert cli.main([*REPORT, "--level", "0.975", "--title", "Words"]) == 0
    assert "<h1>Words</h1>" in page()
    assert "VaR, level 97.5%" in page()
    assert "<dt>Settings</dt><dd>riskresearch.toml: window</dd>" in page()


def test_without_settings_nothing_is_said_of_them(capsys):
    settings('title = "File"\n')
    assert cli.main([*REPORT, "--no-config"]) == 0
    assert "<dt>Settings</dt>" not in page()
    assert "<h1>prices</h1>" in page()
    assert "settings" not in capsys.readouterr().err


def test_files_are_named_as_seen_from_the_file_of_settings():
    settings('weights = "weights.csv"\nbenchmark = "SPY"\nsections = "growth, headline"\n', "house/rules.toml")
    Path("house/weights.csv").write_text("name,weight\nAAA,0.75\nBBB,0.25\n")
    assert cli.main(["report", "prices.csv", "--config", "house/rules.toml", "--json", "numbers.json"]) == 0
    text = Path("numbers.json").read_text(encoding="utf-8")
    assert '"Portfolio": "given weights in 2 assets' in text
    assert 'id="growth"' in page()
    assert 'id="drawdowns"' not in page()


def test_weights_may_be_a_table():
    settings("[weights]\nAAA = 0.75\nBBB = 0.25\n")
    assert cli.main([*REPORT, "--quiet"]) == 0
    assert "given weights in 2 assets" in page()


BAD = {
    "a key that is not known": ("title = 'x'\nlevle = 0.99\n", "line 2: levle is no setting. Did you mean level? The"),
    "far from any key": ("zzz = 1\n", "line 1: zzz is no setting. The settings are title, logo"),
    "a table that is not known": ("level = 0.99\n\n[portfolio]\nlevel = 0.9\n", "line 3: portfolio is no setting"),
    "text for a number": (
        "# mine\n\nlevel = '0.99'\n",
        'riskresearch.toml, line 3: level must be a number, such as 0.99, got "0.99".',
    ),
    "true for a number": ("capital = true\n", "line 1: capital must be a number, such as 1_000_000, got true."),
    "a number for text": ("title = 2024\n", "line 1: title must be text, such as 'Global equity', got 2024."),
    "a date for text": ("title = 2024-01-02\n", "line 1: title must be text, such as 'Global equity', got 2024-01-02."),
    "a fraction of a window": ("window = 2.5\n", "line 1: window must be a whole number, such as 252, got 2.5."),
    "numbers for names": ("sections = [1, 2]\n", "line 1: sections must be a list of names"),
    "text for weights": (
        "weights = {AAA = 'half'}\n",
        'line 1: weights must be text, such as "AAPL=0.6,MSFT=0.4", or a',
    ),
    "a choice": ("nan_policy = 'drop'\n", "line 1: nan_policy must be one of 'raise', 'omit', got \"drop\"."),
    "a key that a text shows before": ('title = """\nlevle = 1\n"""\nlevle = 2\n', "line 4: levle is no setting"),
    "in a table on one line": ("title = 'x'\nreport = {window = 2, levle = 1}\n", "line 2: levle is no setting"),
    "no TOML": ("title = Fund\n", "is no valid TOML: Invalid value (at line 1, column 9). Text has"),
    "twice": ("level = 0.9\n[report]\nlevel = 0.99\n", "level is there twice"),
    "no table": ("report = 3\n", "line 1: report must be a table, [report], got 3."),
    "a value out of range": ("level = 95\n", "Write level=0.95. It is from riskresearch.toml, line 1."),
    "a yearly rate": ("risk_free = 0.02\n", "a rate per period; 0.02 at 252 periods a year is 504%"),
    "no capital": ("capital = -1\n", "must be positive, got -1. It is from riskresearch.toml, line 1."),
    "no such picture": ("logo = 'logo.png'\n", "PNG, JPEG or SVG, got 'logo.png', which is no file. It is"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_named_with_its_line(case, capsys):
    text, message = BAD[case]
    settings(text)
    assert message in refused(capsys)


def test_settings_that_cannot_be_read_are_one_line(capsys):
    assert "cannot read absent.toml: No such file or directory" in refused(capsys, "--config", "absent.toml")
    Path("latin.toml").write_bytes("title = 'Überblick'".encode("latin-1"))
    assert "latin.toml must be UTF-8" in refused(capsys, "--config", "latin.toml")
    with pytest.raises(SystemExit, match="2"):
        cli.main([*REPORT, "--config", "a.toml", "--no-config"])
    assert "not allowed with argument" in capsys.readouterr().err


def test_settings_of_files_are_refused_for_the_bundled_data(capsys):
    settings("level = 0.99\nbenchmark = 'SPY'\n")
    assert cli.main(["report"]) == 2
    assert "--benchmark (riskresearch.toml, line 2) needs FILE" in capsys.readouterr().err
    assert cli.main(["report", "--kind", "returns", "--no-config"]) == 2
    assert "--kind needs FILE" in capsys.readouterr().err


def test_an_output_must_not_be_the_file_of_settings(capsys):
    settings("level = 0.99\n")
    assert "--out must not overwrite an input" in refused(capsys, "--out", "riskresearch.toml")


def test_a_folder_of_that_name_is_no_file_of_settings():
    Path("riskresearch.toml").mkdir()
    assert cli.main([*REPORT, "--quiet"]) == 0


def test_every_setting_is_an_option_of_the_report(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["report", "--help"])
    text = capsys.readouterr().out
    assert [name for name in KEYS if f"--{name.replace('_', '-')}" not in text] == []


@pytest.mark.parametrize(
    ("key", "choices"), [("kind", KINDS), ("benchmark_kind", KINDS), ("shape", SHAPES), ("benchmark_how", HOWS)]
)
def test_choices_are_those_of_the_command_line(key, choices, folder):
    for choice in choices:
        settings(f"{key} = '{choice}'\n")
        assert read_settings(folder / "riskresearch.toml") == ({key: choice}, {key: "riskresearch.toml, line 1"})
    settings("#" * 1_000_001)
    with pytest.raises(InvalidInputError, match="too large for a file of settings"):
        read_settings(folder / "riskresearch.toml")
