"""The bytes of a file: what is unpacked, what is refused, and in how much memory."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import sys
import threading
import tracemalloc
import zipfile

import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files._source import read_source

TEXT = "Date,A\n2022-01-03,100\n2022-01-04,101\n"


def zipped(members=None, **named):
    """Return a zip archive; in a keyword "_dot_" stands for a point."""
    members = {name.replace("_dot_", "."): content for name, content in (members or named).items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def content_of(source):
    with source.open() as stream:
        return stream.read()


PACKED = {
    "plain": (TEXT.encode(), ""),
    "gzip": (gzip.compress(TEXT.encode()), "gzip"),
    "two gzip members": (gzip.compress(TEXT[:9].encode()) + gzip.compress(TEXT[9:].encode()), "gzip"),
    "bz2": (bz2.compress(TEXT.encode()), "bz2"),
    "xz": (lzma.compress(TEXT.encode()), "xz"),
    "zip": (zipped(prices_dot_csv=TEXT), "prices.csv of a zip archive"),
    "zip with a readme": (
        zipped({"README.txt": "hello", "a/b.csv": TEXT, "__MACOSX/a/._b.csv": "x"}), "a/b.csv of a zip archive",
    ),
    "gzip in zip": (zipped(a_dot_gz=gzip.compress(TEXT.encode())), "gzip in a.gz of a zip archive"),
}  # fmt: skip


@pytest.mark.parametrize("case", PACKED)
@pytest.mark.parametrize("way", ["file", "stream", "wrong suffix"])
def test_packed_and_plain_files_give_the_same_bytes(write, case, way):
    content, container = PACKED[case]
    path = write(content, "data.pdf" if way == "wrong suffix" else "data.csv")
    source = read_source(io.BytesIO(content) if way == "stream" else path)
    assert content_of(source) == content_of(source) == TEXT.encode()
    assert source.container == container
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.name == ("the stream" if way == "stream" else path.name)
    assert repr(source).startswith("Source(")


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "is empty"),
    "empty gzip": (gzip.compress(b""), "is empty"),
    "broken gzip": (gzip.compress(TEXT.encode())[:-9], "is a damaged gzip file"),
    "damaged gzip": (gzip.compress(TEXT.encode())[:12] + b"\xff" * 30, "is a damaged gzip file"),
    "broken zip": (zipped(a_dot_csv=TEXT)[:-20], "is a damaged zip archive"),
    "two tables": (zipped(a_dot_csv=TEXT, b_dot_csv=TEXT), r"must hold one table, but has 2: a\.csv, b\.csv\. Un"),
    "no table": (zipped(README="x"), "is a zip archive without a table"),
    "nested": (gzip.compress(gzip.compress(gzip.compress(b"x"))), "is packed more than 2 times"),
    "page": (b"<!DOCTYPE html>\n<html>", "is a web page .* the download failed"),
    "commented page": (b"\n<!-- x -->\n<html lang=en>", "is a web page"),
    "xml": (b"<?xml version='1.0'?><a/>", "is an XML document"),
    "pdf": (b"%PDF-1.7 ...", "is a PDF document"),
    "image": (b"\x89PNG\r\n\x1a\n", "is an image"),
    "hdf5": (b"\x89HDF\r\n\x1a\n...", r"is an HDF5 file.*pandas\.read_hdf"),
    "sqlite": (b"SQLite format 3\0...", r"is an SQLite database.*pandas\.read_sql"),
    "pickle": (b"\x80\x04\x95\x10\0\0\0", r"is a pickle.*pandas\.read_pickle"),
    "numpy": (b"\x93NUMPY\x01", r"is an array of NumPy.*numpy\.load"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
    "old Feather": (b"FEA1....", "Feather file of version 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_by_name_with_the_way_out(write, case):
    content, message = REFUSED[case]
    path = write(content)
    with pytest.raises(InvalidInputError, match=message) as refusal:
        read_source(path)
    assert "\n" not in str(refusal.value)


def test_an_archive_with_a_password_is_refused(write):
    content = bytearray(zipped(a_dot_csv=TEXT))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + place] |= 1
    with pytest.raises(InvalidInputError, match="is a zip archive with a password"):
        read_source(write(bytes(content)))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PAR1....", "parquet"), (b"ARROW1\0\0", "arrow"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
        (b'[{"a": 1}]', "json"), (b'{"a": 1}\n{"a": 2}', "json"), (b"[[1, 2]]", "json"), (b"[Header]\n1,2", "text"),
        (b"<DATE>\t<OPEN>\n", "text"), (zipped({"xl/workbook.xml": "x"}), "excel"),
        (zipped(content_dot_xml="x"), "excel"),
    ],
)  # fmt: skip
def test_the_first_bytes_decide_what_a_file_is(write, start, kind):
    assert read_source(write(start, "data.txt")).format == kind


def test_directories_absent_files_and_devices_are_refused(tmp_path):
    for path, message in (
        (tmp_path, "Is a directory"), (tmp_path / "absent.csv", "No such file"), ("a\0b", "null byte"),
        ("/dev/zero", "is a device or a socket"), ("/dev/null", "is a device or a socket"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError, match=message):
            read_source(path)
    with pytest.raises(InvalidInputError, match=r"path must be a path, .* got int"):
        read_source(3)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(write):
    path = write(TEXT)
    path.chmod(0)
    with pytest.raises(InvalidInputError, match="Permission denied"):
        read_source(path)


def test_pipes_and_standard_input_are_read(tmp_path, monkeypatch):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(TEXT,))
    writer.start()
    assert content_of(read_source(pipe)) == TEXT.encode()
    writer.join()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    source = read_source("-")
    assert (source.name, content_of(source)) == ("standard input", TEXT.encode())
    assert content_of(read_source(io.StringIO(TEXT))) == TEXT.encode()


def test_nothing_is_unpacked_beyond_the_bound(write, monkeypatch):
    monkeypatch.setattr("riskresearch.files._limits.MOST_BYTES", 3_000_000)
    bomb = b"date,AAA\n" + b"0" * 20_000_000
    packed = [
        gzip.compress(bomb),
        bz2.compress(bomb),
        lzma.compress(bomb),
        zipped(a_dot_csv=bomb),
        TEXT.encode() * 90_000,
    ]
    tracemalloc.start()
    for content in packed:
        for file in (write(content), io.BytesIO(content)):
            with pytest.raises(InvalidInputError, match=r"must hold at most 3 MB, unpacked\. Leave out columns"):
                read_source(file)
    assert tracemalloc.get_traced_memory()[1] < 25_000_000
    tracemalloc.stop()


def test_a_stream_without_end_is_refused_in_bounded_memory(monkeypatch):
    monkeypatch.setattr("riskresearch.files._limits.MOST_BYTES", 3_000_000)
    with open("/dev/zero", "rb") as endless, pytest.raises(InvalidInputError, match="zero must hold at most 3 MB"):
        read_source(endless)
