"""Documentation and messages use the words of the field, and every convention has its four parts."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PHRASES = {
    r"\b(take|takes|taken|took) in\b": "process",
    r"\b(say|says|said|tell|tells) whether\b": "return whether",
    r"\bwhere the answers? go(es)?\b": "output array",
    r"\banew\b": "again",
    r"\bheld against\b": "checked against",
    r"\bfrom memory\b": "look it up or leave the claim out",
    r"\bthe very\b(?! (last|first)\b)": "exactly the",
    r"\bwhat (it|they) knows?\b": "name the data",
    r"\bwhose risk\b": "contributions to risk",
    r"\bcomes? to rest\b": "converge",
    r"\bgo(es)? on (from|with)\b": "continue",
    r"\bhangs? on\b": "depend on",
    r"\bis good for\b": "the accuracy",
    r"\bthe words and the checks\b": "what the module holds",
    r"\bhears? of\b": "receive",
}
NAMES_OF_OTHERS = {
    "ATR", "CombinatorialPurgedCV", "FixedRiskSizer", "MeanRisk", "RiskBudgeting", "TargetVol", "compounded", "cutoff",
    "embargo_size", "ewm", "from_order_func", "kelly_criterion", "lm", "maType", "perf_stats_bootstrap",
    "probabilistic_ratio", "purged_size", "resolution", "simulate_paths",
}  # fmt: skip
PARTS = ["Definition", "Estimator", "Source", "What others do"]


def texts():
    """Return the files that users read, by path from the root."""
    paths = [*ROOT.glob("riskresearch/**/*.py"), *ROOT.glob("riskresearch/**/*.pyi"), *ROOT.glob("docs/*.md")]
    paths += [*ROOT.glob("data/*.md"), *ROOT.glob("data/*.toml"), *ROOT.glob("notebooks/*.ipynb")]
    paths += [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "build.py"]
    return sorted(path for path in paths if path.resolve().is_relative_to(ROOT.resolve()))


def content(path):
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def translated(text):
    """Return each phrase of `text` that should not return, with its line and what to write instead."""
    return [
        f"line {text.count(chr(10), 0, found.start()) + 1}: {found[0]!r}, rather: {instead}"
        for phrase, instead in PHRASES.items()
        for found in re.finditer(phrase, text.lower())
    ]


def test_no_text_has_a_translated_phrase():
    found = {str(path.relative_to(ROOT)): translated(content(path)) for path in texts()}
    assert len(found) > 300
    assert not any(found.values()), "\n".join(f"{path}, {line}" for path, lines in found.items() for line in lines)


@pytest.mark.parametrize("text", ["Take in a row.", "Say whether it is.", "This is from\nmemory: from memory."])
def test_a_translated_phrase_is_found_with_its_line(text):
    assert len(translated(text)) == 1
    assert translated("The first value, checked again, and the very last one.") == []


def test_every_convention_has_its_four_parts():
    sections = re.split(r"^## ", (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(sections) > 40
    for section in sections[1:]:
        title = section.partition("\n")[0]
        assert re.findall(r"^\*([A-Z][a-z ]+)\.\*", section, flags=re.MULTILINE) == PARTS, title


def test_the_conventions_name_only_code_that_exists():
    text = (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")
    text = re.sub(r"`(\w+/[\w/.]+|\w+\.(R|py)|python -m [\w.]+)`", "", text)  # files and commands
    named = {part for name in re.findall(r"`([A-Za-z_][\w.]*)", text) for part in name.split(".")}
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("riskresearch/**/*.py"))
    assert named - set(re.findall(r"\w+", code)) - NAMES_OF_OTHERS == set()


def test_documents_link_only_to_what_exists():
    for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("data/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            assert target.startswith("http") or (path.parent / target).exists(), f"{path.name} links to {target}"
