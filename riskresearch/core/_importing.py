"""Lazy loading."""

from collections.abc import Callable

import lazy_loader


def attach(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Make `package` load the names of its stub on first use; `file` is the package's `__file__`."""
    return lazy_loader.attach_stub(package, file)  # type: ignore[no-any-return]
