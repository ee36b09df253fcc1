"""`riskresearch doctor`."""

import argparse
import sys

from riskresearch.cli._parser import Commands
from riskresearch.core.output._text import write_line


def add_doctor(commands: Commands) -> None:
    """Add the command."""
    doctor = commands.add_parser("doctor", help="versions, compiled kernels, optional parts, import cost")
    doctor.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    from riskresearch.core import doctor_report  # noqa: PLC0415 (not for --help)

    write_line(doctor_report(), sys.stdout)
    return 0
