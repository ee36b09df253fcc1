"""Errors and warnings. A message gives the parameter, the rule, the received value and the remedy if one is known."""


class RiskResearchError(Exception):
    """Base of every error that riskresearch raises on purpose."""


class InvalidInputError(RiskResearchError, ValueError):
    """An argument breaks a stated rule; the message names it, the rule, the value and the remedy."""


class DataIntegrityError(RiskResearchError):
    """A bundled data file is missing or its checksum differs from the manifest's."""


class AccountingError(RiskResearchError):
    """The books of a simulation or a ledger do not balance: because of an overflow or a fault of this library.

    The message names the first date and the account.
    """


class LookaheadError(RiskResearchError):
    """The results of a function for past rows change with future rows."""


class OptionalDependencyError(RiskResearchError, ImportError):
    """A feature needs a package that is not installed; the message names the extra that installs it."""


class RiskResearchWarning(UserWarning):
    """Base of every warning that riskresearch issues."""


class ConventionWarning(RiskResearchWarning):
    """An argument is legal but unlikely to mean what was intended, such as a yearly rate given as a daily one."""


class DependentRowsWarning(ConventionWarning):
    """Rows depend on one another, so an interval that assumes independence would be too short."""


class UncompiledKernelsWarning(RiskResearchWarning):
    """The kernels run as ordinary Python: with the same results, but about a hundred times slower."""


class WorstLossWarning(RiskResearchWarning):
    """A number depends on the single worst loss of the past, which the future may exceed."""
