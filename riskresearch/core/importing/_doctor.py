"""Diagnosis of an installation for a bug report: versions, compiled kernels, missing parts and import costs."""

import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._options import options, usable_cpus
from riskresearch.core.importing._optional import is_older
from riskresearch.core.importing._record import ROOT

_IMPORT_EVERYTHING = f"""
import json, {ROOT}
{ROOT}.preload()
from {ROOT}.core.importing._record import records
print(json.dumps(records()))
"""


def doctor_report() -> str:
    """Describe this installation: versions, compiled kernels, optional parts and the cost of imports.

    A fresh interpreter imports every component to measure the cost, which takes a few seconds.

    Returns
    -------
    str
        Several lines of text, to be printed or pasted into a bug report.

    See Also
    --------
    riskresearch.import_report : What imports cost in this process.

    Examples
    --------
    >>> from riskresearch.core import doctor_report
    >>> print(doctor_report().splitlines()[0])  # doctest: +ELLIPSIS
    riskresearch ... in ...
    """
    sections = {
        "Kernels": _kernel_lines(),
        "Required packages": _requirement_lines(""),
        "Optional parts": _extra_lines(),
        "Import cost, everything in a fresh interpreter": _cost_lines(),
    }
    lines = _platform_lines()
    for title, body in sections.items():
        lines += ["", title, *(f"  {line}" for line in body)]
    return "\n".join(lines)


def _package_folder() -> Path:
    return Path(__file__).parents[2]


def _platform_lines() -> list[str]:
    try:
        settings = repr(options)
    except InvalidInputError as error:
        settings = f"Options: {error}"
    return [
        f"{ROOT} {sys.modules[ROOT].__version__} in {_package_folder()}",
        f"Python {platform.python_version()} ({sys.executable}) on {platform.platform()}, {usable_cpus()} CPUs",
        settings,
    ]


def _kernel_lines() -> list[str]:
    folder = _package_folder() / "kernels" / "compiled"
    lines = []
    for source in sorted(folder.glob("_[!_]*.py")):
        compiled = any(source.with_suffix(suffix).exists() for suffix in EXTENSION_SUFFIXES)
        state = "compiled" if compiled else "NOT compiled: right, but slow; reinstall with a C compiler"
        lines.append(f"{source.stem}: {state}")
    return lines


def _requirements() -> dict[str, list[tuple[str, str | None]]]:
    """Return (package, minimum version) by extra; the extra "" is what is always required."""
    try:
        lines = importlib.metadata.requires(ROOT) or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    requirements: dict[str, list[tuple[str, str | None]]] = {}
    for line in lines:
        requirement, _, condition = line.partition(";")
        package = re.match(r"[\w.-]+", requirement)
        minimum = re.search(r">=\s*([\d.]+)", requirement)
        extra = re.search(r"extra == ['\"]([\w-]+)", condition)
        if package and package[0] != ROOT:
            found = requirements.setdefault(extra[1] if extra else "", [])
            found.append((package[0], minimum[1] if minimum else None))
    return requirements


def _requirement_lines(extra: str) -> list[str]:
    found = _requirements()
    if not found:
        return [f"not known: {ROOT} runs from {_package_folder()} without being installed (pip install -e .)"]
    return [_state(package, minimum) for package, minimum in found.get(extra, [])]


def _state(package: str, minimum: str | None) -> str:
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return f"{package} MISSING"
    if minimum and is_older(version, minimum):
        return f"{package} {version} TOO OLD (needs >= {minimum})"
    return f"{package} {version}"


def _extra_lines() -> list[str]:
    lines = []
    for extra in sorted(_requirements().keys() - {""}):
        states = _requirement_lines(extra)
        wrong = [state for state in states if "MISSING" in state or "TOO OLD" in state]
        remedy = f'; to get it: pip install "{ROOT}[{extra}]"' if wrong else ""
        lines.append(f"{extra}: {', '.join(wrong or states)}{remedy}")
    return lines or _requirement_lines("")


def _cost_lines() -> list[str]:
    path = os.pathsep.join(filter(None, [str(_package_folder().parent), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-W", "ignore", "-c", _IMPORT_EVERYTHING]
    run = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    if run.returncode:
        return [f"importing everything FAILED: {(run.stderr.strip() or 'no message').splitlines()[-1]}"]
    costs: dict[str, list[float]] = {}
    packages: dict[str, list[str]] = {}
    for component, _, ms, mb, modules, third_party in json.loads(run.stdout.splitlines()[-1]):
        cost = costs.setdefault(component, [0.0, 0.0, 0.0])
        costs[component] = [total + part for total, part in zip(cost, (ms, mb, modules), strict=True)]
        packages.setdefault(component, []).extend(filter(None, [third_party]))
    lines = [f"{'component':<14}{'ms':>8}{'MB':>8}{'modules':>9}  first to load"]
    for component, (ms, mb, modules) in costs.items():
        loads = ", ".join(packages[component])
        lines.append(f"{component:<14}{ms:>8.1f}{mb:>8.1f}{modules:>9.0f}  {loads}".rstrip())
    return lines
