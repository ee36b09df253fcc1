"""The picture at the head of the page: what it may be, by its content, and that it runs and fetches nothing."""

import base64
import io
import struct
import zlib

import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_report
from riskresearch.report._logo import logo_uri

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


def picture(kind: str) -> bytes:
    from PIL import Image  # noqa: PLC0415 (it comes with matplotlib)

    content = io.BytesIO()
    Image.effect_noise((20, 10), 90.0).convert("RGB").save(content, kind)
    return content.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (SVG.format('<g fill="#036"><path d="M0 0h9v9z"/><text x="1" y="2">R</text></g>').encode(), "image/svg+xml"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">\n'
            + SVG.format('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use xlink:href="#a"/>').encode(),
            "image/svg+xml",
        ),
    ],
    ids=["png", "jpeg", "svg", "svg of an editor"],
)
def test_pictures_are_embedded_as_their_content_says(tmp_path, content, kind):
    path = tmp_path / "logo.bin"  # the name does not matter
    path.write_bytes(content)
    assert logo_uri(path) == f"data:{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", '<g onload="alert(1)"/>', '<a href="https://example.org"><path/></a>',
        "<foreignObject/>", '<image href="https://example.org/a.png"/>', '<use href="https://example.org/a.svg#b"/>',
        "<style>@import 'https://example.org/a.css';</style>", '<rect fill="url(https://example.org/a)"/>',
        '<rect style="background:url(//example.org/a)"/>', '<animate attributeName="x"/>', "<set/>",
        '<use xlink:href="data:image/svg+xml;base64,AAAA"/>', '<rect fill="javascript:alert(1)"/>', "<iframe/>",
    ],
)  # fmt: skip
def test_an_svg_that_does_more_than_draw_is_refused(tmp_path, inside):
    path = tmp_path / "logo.svg"
    path.write_text(SVG.format(inside))
    with pytest.raises(InvalidInputError, match=r"logo must be an SVG that only draws, but logo\.svg has "):
        logo_uri(path)


BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG.format("<text>&b;</text>")
HUGE = (
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")
    + chunk(b"IEND", b"")
)  # fmt: skip
REFUSED = {
    "entities": (BOMB.encode(), "has entities or a style sheet"),
    "a page": (b"<html></html>", "must be a PNG, JPEG or SVG picture by its content, which logo.png is not"),
    "another root": (b"<?xml version='1.0'?><html/>", "which logo.png is not"),
    "half an SVG": (SVG[:40].encode(), "logo.png is no valid SVG"),
    "text": (b"not a picture", "which logo.png is not"),
    "nothing": (b"", "which logo.png is not"),
    "a GIF": (b"GIF89a", "which logo.png is not"),
    "half a PNG": (picture("PNG")[:60], "must be a whole picture, but logo.png is damaged"),
    "half a JPEG": (picture("JPEG")[:200], "must be a whole picture, but logo.png is damaged"),
    "a PNG that unpacks to gigabytes": (HUGE, "logo.png"),
    "too large": (b"\x89PNG\r\n\x1a\n" + bytes(500_000), "must have at most 500 kB, .* got logo.png of 500 kB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_small_whole_picture_is_refused(tmp_path, case):
    content, message = REFUSED[case]
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=message):
        logo_uri(path)


def test_a_logo_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="which is no file"):
        logo_uri(tmp_path / "absent.png")
    with pytest.raises(InvalidInputError, match="which is no file"):
        logo_uri(tmp_path)


@pytest.mark.usefixtures("few_draws")
@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_the_page_holds_the_picture_itself(tmp_path):
    path = tmp_path / "logo.png"
    path.write_bytes(picture("PNG"))
    fund = pd.Series([0.01, -0.02, 0.03], index=pd.bdate_range("2024-01-01", periods=3))
    page = build_report(fund, logo=path, sections=["growth"]).html
    head = page.partition("<header>")[2].partition("</header>")[0]
    assert f'<img class="logo" src="{logo_uri(path)}" alt="">' in head
    assert "<img" not in build_report(fund, sections=["growth"]).html
