"""Run notebooks in place, so that equal code and data give equal bytes.

    python notebooks/execute.py                         # every notebook of this folder
    python notebooks/execute.py 01_value_at_risk.ipynb  # ... or those named, by path or by name in this folder

Each runs in a fresh kernel of this interpreter. A notebook is written only if all its cells ran.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

from riskresearch.core.output._whole_file import write_whole

FOLDER = Path(__file__).resolve().parent
CELL_TIMEOUT_SECONDS = 300
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def main(names: list[str]) -> None:
    os.environ["PYTHONHASHSEED"] = "0"  # kernels inherit it: sets of strings keep their order
    paths = [find(name) for name in names] or sorted(FOLDER.glob("*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        try:
            execute(notebook)
        except CellExecutionError as error:
            sys.exit(f"{path.name} is left as it was: {error}")
        tidy(notebook)
        write_whole(path, f"{nbformat.writes(notebook).rstrip()}\n".encode(), name="notebook")
        print(f"executed {path.name}")


def find(name: str) -> Path:
    path = Path(name) if Path(name).exists() else FOLDER / name
    if path.suffix != ".ipynb" or not path.exists():
        sys.exit(f"{name} is not a notebook, neither here nor in {FOLDER.name}/")
    return path


def execute(notebook: NotebookNode) -> None:
    config = Config()
    # ipykernel 7 writes a line about unencrypted connections to stderr unless it may encrypt them.
    config.KernelManager.transport_encryption = config.AsyncKernelManager.transport_encryption = "auto"
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(FOLDER)}},
        config=config,
    )
    client.execute()


def tidy(notebook: NotebookNode) -> None:
    """Drop what differs between two runs or two machines: ids, timings, widget states, the Python version."""
    notebook.nbformat_minor = 5
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNELSPEC))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03d}"
        cell.metadata = NotebookNode()


if __name__ == "__main__":
    main(sys.argv[1:])
