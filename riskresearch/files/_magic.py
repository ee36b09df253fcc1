"""What a file is by its first bytes, whatever its suffix says."""

import re
from typing import Literal

from riskresearch.core import InvalidInputError

Format = Literal["text", "excel", "parquet", "arrow", "json"]

_LOAD = "Load it yourself and write a CSV:"
_REFUSED = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", f"{_LOAD} pandas.read_hdf(path).to_csv('data.csv')."),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        f"{_LOAD} pandas.read_sql('select * from TABLE', sqlite3.connect(path)).to_csv('data.csv').",
    ),
    (b"%PDF", "a PDF document", "Download the table as CSV or Excel instead."),
    (b"\x93NUMPY", "an array of NumPy", f"{_LOAD} pandas.DataFrame(numpy.load(path)).to_csv('data.csv')."),
    (b"\x89PNG", "an image", "Download the table as CSV or Excel instead."),
    (b"\xff\xd8\xff", "an image", "Download the table as CSV or Excel instead."),
    (b"GIF8", "an image", "Download the table as CSV or Excel instead."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "Unpack it first, or compress it by gzip."),
    (b"RDX", "a file of R", "Write a CSV in R: write.csv(data, 'data.csv')."),
    (b"RDA", "a file of R", "Write a CSV in R: write.csv(data, 'data.csv')."),
    (b"X\n\0\0", "a file of R", "Write a CSV in R: write.csv(data, 'data.csv')."),
    (b"MATLAB 5.0 MAT-file", "a MAT-file", "Write a CSV in MATLAB: writetable(data, 'data.csv')."),
    (b"Obj\x01", "an Avro file", "Write it as CSV or Parquet."),
    (b"ORC", "an ORC file", f"{_LOAD} pandas.read_orc(path).to_csv('data.csv')."),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05](\x95|c|\x8c|\}|\])")
_PAGE = re.compile(rb"\s*(<!--.{0,200}?-->\s*)?<(!doctype\s+html|html|head|body|table|div|script|meta)\b", re.I | re.S)
_XML = re.compile(rb"\s*<\?xml\b", re.I)
_JSON = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\]\"\d-])")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(start: bytes, name: str) -> Format:
    """Return what a file of these first bytes is, or raise `InvalidInputError` for one that is not read."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return "arrow"
    if start.startswith(_OLE):
        return "excel"
    for magic, what, remedy in _REFUSED:
        if start.startswith(magic):
            raise InvalidInputError(f"{name} is {what}, which is not read. {remedy}")
    if _PICKLE.match(start):
        raise InvalidInputError(
            f"{name} is a pickle, which may run any code when it is loaded, so it is not read. "
            f"If you trust it: pandas.read_pickle(path).to_csv('data.csv')."
        )
    bare = start.removeprefix(b"\xef\xbb\xbf")
    if bare.startswith(b"FEA1"):
        raise InvalidInputError(
            f"{name} is a Feather file of version 1, which is not read. "
            f"{_LOAD} pandas.read_feather(path).to_csv('data.csv')."
        )
    if _PAGE.match(bare):
        raise InvalidInputError(
            f"{name} is a web page (HTML), not a table: the download failed or needs a login, or the file was "
            "exported as HTML. Download it again as CSV, or open it in a spreadsheet and save it as CSV or xlsx."
        )
    if _XML.match(bare):
        raise InvalidInputError(f"{name} is an XML document, which is not read. Save it as CSV or xlsx.")
    return "json" if _JSON.match(bare) else "text"
