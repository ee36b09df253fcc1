"""Atomic writing of regular files, through links and with the mode that the file had.

The content is written to a hidden file beside the target, named after the writing process, which is then renamed. If a
process is killed before that, the next one that writes into the folder removes its hidden file.
"""

import os
import platform
import stat
import time
from contextlib import suppress
from pathlib import Path

from riskresearch.core._errors import InvalidInputError

SUFFIX = ".riskresearch-part"
OLDEST_SECONDS = 86_400.0
"""Age at which an unfinished file is removed if its process cannot be checked, as on another machine."""
OF_THIS_PROCESS = ("/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def check_file_target(path: str | os.PathLike[str], *, name: str) -> Path:
    """Return the file that `path` leads to, if it may be written.

    Parameters
    ----------
    path : str or path
        A file, a link to one, or an unused name, in an existing folder.
    name : str
        The name of the argument in errors.

    Returns
    -------
    pathlib.Path
        The file at the end of all links.

    Raises
    ------
    InvalidInputError
        If it is not a regular file, its links are circular, its folder does not exist, or it may not be written.

    Examples
    --------
    >>> from riskresearch.core.output._whole_file import check_file_target
    >>> check_file_target("/dev/null", name="--out")
    Traceback (most recent call last):
    ...
    riskresearch.core._errors.InvalidInputError: --out must be a regular file, got '/dev/null', which is a device.
    """
    text = os.fspath(path)
    if not text or "\0" in text:
        raise InvalidInputError(f"{name} must be the name of a file, got {text!r}.")
    if os.path.abspath(text).startswith(OF_THIS_PROCESS):
        raise InvalidInputError(f"{name} must be a regular file, got {text!r}, which is a stream of a process.")
    try:
        target = Path(text).resolve(strict=False)
        mode = target.stat().st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, RuntimeError) as error:  # circular links are a RuntimeError before Python 3.13
        reason = getattr(error, "strerror", None) or "its links are circular"
        raise InvalidInputError(f"{name} cannot be {text!r}: {reason}.") from error
    if text.endswith(("/", os.sep)) or (mode is not None and not stat.S_ISREG(mode)):
        kind = "a folder" if mode is None else KINDS.get(stat.S_IFMT(mode), "none")
        raise InvalidInputError(f"{name} must be a regular file, got {text!r}, which is {kind}.")
    if not target.parent.is_dir():
        raise InvalidInputError(f"{name} must be in a folder that exists, got {text!r}.")
    if mode is not None and not os.access(target, os.W_OK):
        raise InvalidInputError(f"{name} must be a file that may be written, got {text!r}: Permission denied.")
    return target


def write_whole(path: str | os.PathLike[str], content: bytes, *, name: str = "path", tidy: bool = True) -> Path:
    """Write `content` to a file, all of it or nothing, and return the file that was written.

    Parameters
    ----------
    path : str or path
        A link is followed. An existing file keeps its mode; a new one gets that of the process (umask).
    content : bytes
    name : str
        The name of `path` in errors.
    tidy : bool
        Whether to remove unfinished files of killed processes from the folder.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InvalidInputError
        As `check_file_target`.
    OSError
        If the disk is full or the folder may not be written. The previous file is then kept.
    """
    target = check_file_target(path, name=name)
    if tidy:
        collect(target.parent)
    before = target.stat() if target.exists() else None
    unfinished = _unfinished(target)
    try:
        _write(unfinished, content, before)
        if before is not None and before.st_nlink > 1:
            _copy_into(target, content)
        else:
            os.replace(unfinished, target)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return target


def create_whole(path: str | os.PathLike[str], content: bytes, *, name: str = "path") -> None:
    """Write a new file, all of it or nothing; raise `FileExistsError` if it exists, so that only one process succeeds.

    On a file system without hard links, the file exists for a moment before its content.
    """
    target = check_file_target(path, name=name)
    unfinished = _unfinished(target)
    try:
        _write(unfinished, content, None)
        try:
            os.link(unfinished, target)
        except FileExistsError:
            raise
        except (OSError, AttributeError, NotImplementedError):
            _create(target, content)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def collect(folder: Path) -> None:
    """Remove the unfinished files of processes that have ended from a folder."""
    for path in folder.glob(f".*{SUFFIX}"):
        with suppress(OSError):
            if _is_left(path):
                path.unlink()


def _is_left(path: Path) -> bool:
    parts = path.name.removesuffix(SUFFIX).rsplit(".", 2)
    if os.name == "posix" and len(parts) == 3 and parts[0].endswith(f".{platform.node()}") and parts[1].isdecimal():
        try:
            os.kill(int(parts[1]), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
    return time.time() - path.stat().st_mtime > OLDEST_SECONDS


def _unfinished(target: Path) -> Path:
    return target.with_name(f"{_short(target.name)}.{platform.node()}.{os.getpid()}.{time.monotonic_ns()}{SUFFIX}")


def _short(name: str) -> str:
    """Return a hidden name, cut to leave room for the suffix within the longest name of a file."""
    return "." + os.fsdecode(os.fsencode(name)[:100])


def _write(unfinished: Path, content: bytes, before: os.stat_result | None) -> None:
    """Write the unfinished file; its mode is set before its content is written."""
    mode = 0o666 if before is None else 0o600
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        if before is not None:
            _keep(unfinished, before)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _create(target: Path, content: bytes) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        _copy_into(target, content)
    except OSError:
        target.unlink()
        raise


def _keep(unfinished: Path, before: os.stat_result) -> None:
    with suppress(OSError, AttributeError):  # only root may give a file away, and not every system has owners
        os.chown(unfinished, before.st_uid, before.st_gid)
    unfinished.chmod(stat.S_IMODE(before.st_mode))


def _copy_into(target: Path, content: bytes) -> None:
    """Overwrite a file that has other hard links, which a rename would separate."""
    with target.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
