"""Measure a page in a browser: a copy of it in a frame of a given width, and a script beside it that reports."""

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), "")
needs_browser = pytest.mark.skipif(not BROWSER, reason="needs Chromium or Chrome")

SCRIPT = """
addEventListener("load", () => {
  const frame = document.querySelector("iframe"), page = frame.contentDocument;
  const box = each => each.getBoundingClientRect();
  const seen = each => { const b = box(each); return b.width > 0 && b.height > 0; };
  const width = page.documentElement.clientWidth;
  const scrolls = each => each.closest(".scroll, figure.grid") !== null;
  const beyond = [...page.querySelectorAll("body *")].filter(
    each => seen(each) && !each.closest("svg") && !scrolls(each)
      && (box(each).right > width + 1 || box(each).left < -1));
  const cut = [...page.querySelectorAll("li, p, dd, dt, td, th, figcaption, h1, h2, a")].filter(
    each => seen(each) && !scrolls(each) && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1);
  const figure = page.querySelector("figure svg");
  const found = {
    order: [...page.querySelectorAll("header, .cards, aside, nav, section")].map(
      each => each.id || each.className || each.localName),
    fetched: [window, frame.contentWindow].flatMap(each => each.performance.getEntriesByType("resource")).map(
      each => each.name),
    width: page.documentElement.scrollWidth,
    beyond: beyond.map(each => each.outerHTML.slice(0, 120)),
    cut: cut.map(each => each.outerHTML.slice(0, 120)),
    figure: figure ? [box(figure).top, box(figure).bottom] : null,
    scrolling: [...page.querySelectorAll(".scroll")].filter(each => each.scrollWidth > each.clientWidth + 1).length,
    sticky: [...page.querySelectorAll("tbody th")].map(each => getComputedStyle(each).position),
  };
  const out = document.createElement("pre");
  out.id = "found";
  out.textContent = JSON.stringify(found);
  document.body.append(out);
});
"""


def _run(folder: Path, *arguments: str) -> str:
    """Return what the browser writes to its standard output."""
    return subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={folder / 'profile'}", *arguments,
        ],
        capture_output=True, text=True, encoding="utf-8", check=True, timeout=300,
    ).stdout  # fmt: skip


def measured(html: str, folder: Path, *, width: int, height: int = 900) -> dict:
    """Return what the script finds on a page in a frame of this size, in pixels."""
    frame = f'<iframe srcdoc="{escape(html)}" width="{width}" height="{height}" style="border: 0"></iframe>'
    wrapper = folder / "frame.html"
    wrapper.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>body {{ margin: 0 }}</style>{frame}<script>{SCRIPT}</script>',
        encoding="utf-8",
    )
    shown = _run(folder, "--virtual-time-budget=5000", "--dump-dom", wrapper.as_uri())
    return json.loads(unescape(re.search(r'<pre id="found">(.*?)</pre>', shown, re.S)[1]))


def printed_pages(html: str, folder: Path) -> int:
    """Return how many sheets of paper a page takes."""
    page, printed = folder / "page.html", folder / "page.pdf"
    page.write_text(html, encoding="utf-8")
    _run(folder, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
