"""A file is written as a whole or not at all: through links, with the mode it had, and nothing but a regular file."""

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from riskresearch.core import InvalidInputError
from riskresearch.core.output._whole_file import SUFFIX, write_whole


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(SUFFIX))


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o700])
def test_a_file_keeps_its_mode(tmp_path, mode):
    target = tmp_path / "page.html"
    target.write_text("old and longer")
    target.chmod(mode)
    write_whole(target, b"new")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", mode)


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_file_has_the_mode_of_the_process(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "page.html", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("there", [True, False], ids=["file there", "dangling"])
@pytest.mark.parametrize("absolute", [True, False])
def test_links_are_followed_and_stay_links(tmp_path, there, absolute):
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    real, first, second = tmp_path / "real" / "page.html", tmp_path / "links" / "one", tmp_path / "two"
    if there:
        real.write_text("old")
    first.symlink_to(real if absolute else Path("..", "real", "page.html"))
    second.symlink_to(first if absolute else Path("links", "one"))
    write_whole(second, b"new")
    assert real.read_bytes() == b"new"
    assert first.is_symlink()
    assert second.is_symlink()


def test_hard_links_stay_one_file(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("old and longer")
    os.link(one, other)
    write_whole(one, b"new")
    assert other.read_bytes() == b"new"
    assert one.samefile(other)


def test_what_is_no_regular_file_is_refused_and_left_alone(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "to folder").symlink_to("folder")
    (tmp_path / "to null").symlink_to("/dev/null")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    wrong = {
        "folder": "is a folder", "to folder": "is a folder", "to null": "is a device",
        "circle": "circular|symbolic links",
        "pipe": "is a pipe", "absent/page.html": "in a folder that exists", "new/": "is a folder",
        "/dev/null": "is a device", "/dev/full": "is a device", "/dev/stdout": "a stream of a process", "": "name of a",
        "a\0b": "name of a file", "x" * 300: "File name too long",
    }  # fmt: skip
    before = sorted((path.name, path.lstat().st_mode) for path in tmp_path.iterdir())
    for name, message in wrong.items():
        path = os.path.join(tmp_path, name) if name else name
        with pytest.raises(InvalidInputError, match=message):
            write_whole(path, b"new", name="--out")
    assert sorted((path.name, path.lstat().st_mode) for path in tmp_path.iterdir()) == before
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    "name", ["Bericht für März.html", "two\nlines.html", " ", "-", "x" * 255, "é" * 127, ".hidden"]
)
def test_odd_names_are_names(tmp_path, name):
    write_whole(tmp_path / name, b"new")
    write_whole(tmp_path / name, b"newer")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"newer")]


@pytest.mark.parametrize("old", [None, "old"])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, old):
    target = tmp_path / "page.html"
    if old:
        target.write_text(old)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, b"new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ([old] if old else [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_or_folder_that_may_not_be_written_is_refused(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")
    target.chmod(0o444)
    with pytest.raises(InvalidInputError, match="may be written"):
        write_whole(target, b"new")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match="Permission denied"):
            write_whole(tmp_path / "other.html", b"new")
    finally:
        tmp_path.chmod(0o700)
    assert target.read_text() == "old"


def test_what_a_killed_writer_left_goes_with_the_next_write_and_that_of_a_living_one_stays(tmp_path):
    code = (
        "import os, signal, sys\nfrom riskresearch.core.output._whole_file import write_whole\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_whole(sys.argv[1], b'half')"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "page.html")], env=environment, check=False)
    (dead,) = left_in(tmp_path)
    living = dead.replace(dead.split(".")[-3], str(os.getpid()))
    (tmp_path / living).write_text("half")
    write_whole(tmp_path / "page.html", b"new")
    assert left_in(tmp_path) == [living]


def test_writers_at_once_leave_one_whole_file(tmp_path):
    target, contents = tmp_path / "page.html", [bytes([65 + number]) * 200_000 for number in range(4)]
    writers = [
        threading.Thread(target=lambda content=content: [write_whole(target, content) for _ in range(5)])
        for content in contents
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert target.read_bytes() in contents
    assert left_in(tmp_path) == []
