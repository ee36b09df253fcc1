"""`riskresearch limits`: policies of pre-trade limits, tested, shown and compared."""

import argparse
import sys

from riskresearch.cli._parser import Commands, Parser
from riskresearch.cli._terminal import one_line
from riskresearch.core.output._formats import counted
from riskresearch.core.output._text import write_line
from riskresearch.core.output._visible_text import visible_text

EXIT_NOT_AS_WANTED = 1
_EXIT_CODES = """\
exit codes:
  0  every test passed; nothing is looser
  1  a test failed, a line each with what was expected and found, or there is none; or something is looser
  2  bad input or options: one line on standard error names the line of the file
"""
_EXAMPLES = """\
examples:
  riskresearch limits test desk.toml
      the [[test]] tables of a policy, as a check before it is put to use
  riskresearch limits show desk.toml
      its limits, those of the policy that it extends included
  riskresearch limits diff desk.toml proposed.toml
      what changes; with exit code 1 where anything gets looser

"""


def add_limits(commands: Commands) -> None:
    """Add the command and its own commands."""
    command = commands.add_parser(
        "limits",
        help="test, show and compare policies of pre-trade limits",
        description="Policies of pre-trade limits, in TOML files.",
        epilog=_EXAMPLES + _EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    test = _kind(kinds, "test", "run the tests of a policy", "policy")
    test.set_defaults(run=_test)
    show = _kind(kinds, "show", "show the limits of a policy", "policy")
    show.set_defaults(run=_show)
    diff = _kind(kinds, "diff", "show what changes from one policy to another, and what gets looser", "old", "new")
    diff.set_defaults(run=_diff)


def _kind(kinds: Commands, name: str, what: str, *files: str) -> Parser:
    command = kinds.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for each in files:
        command.add_argument(each, metavar="FILE" if len(files) == 1 else f"{each.upper()}_FILE", help="a policy, TOML")
    return command


def _test(arguments: argparse.Namespace) -> int:
    from riskresearch.pretrade import read_policy  # noqa: PLC0415 (not for --help)

    results = read_policy(arguments.policy).run_tests()
    failures = [
        f"FAILED {each.test.place}{f' ({each.test.name})' if each.test.name else ''}: {line}"
        for each in results
        for line in each.failures()
    ]
    failed = sum(not each.passed for each in results)
    for line in failures:
        _print(one_line(line))
    if not results:
        _print("no tests: the policy has no [[test]] table")
    else:
        _print(f"{counted(len(results), 'test')}: {f'{failed} failed' if failed else 'passed'}")
    return 0 if results and not failed else EXIT_NOT_AS_WANTED


def _show(arguments: argparse.Namespace) -> int:
    from riskresearch.pretrade import read_policy  # noqa: PLC0415 (not for --help)

    _print(read_policy(arguments.policy).summary())
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from riskresearch.pretrade import diff_policies, read_policy  # noqa: PLC0415 (not for --help)

    found = diff_policies(read_policy(arguments.old), read_policy(arguments.new))
    _print(found.summary())
    return EXIT_NOT_AS_WANTED if found.is_looser else 0


def _print(text: str) -> None:
    for line in text.splitlines():
        write_line(visible_text(line), sys.stdout)
