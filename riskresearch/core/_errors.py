"""What can go wrong, by kind. Messages give the parameter, the rule, the value, then the remedy if one is known."""


class RiskResearchError(Exception):
    """Base of every error that riskresearch raises on purpose."""


class InvalidInputError(RiskResearchError, ValueError):
    """An argument breaks a stated rule; the message names it, the rule, the value and the remedy."""


class DataIntegrityError(RiskResearchError):
    """A bundled data file is missing or its checksum differs from the manifest's."""


class AccountingError(RiskResearchError):
    """The books of a simulation do not balance on some bar: an overflow, or a fault of this library."""


class LookaheadError(RiskResearchError):
    """What a function says about the past changes with the future."""


class OptionalDependencyError(RiskResearchError, ImportError):
    """A feature needs a package that is not installed; the message names the extra that installs it."""


class RiskResearchWarning(UserWarning):
    """Base of every warning that riskresearch issues."""


class ConventionWarning(RiskResearchWarning):
    """An argument is legal but unlikely to mean what was intended, such as a yearly rate given as a daily one."""


class DependentRowsWarning(ConventionWarning):
    """Rows depend on one another, so that an interval made for independent ones would be too short."""


class UncompiledKernelsWarning(RiskResearchWarning):
    """The kernels run as ordinary Python: right, but about a hundred times slower."""


class WorstLossWarning(RiskResearchWarning):
    """A number hangs on the single worst loss of the past, which the future need not keep to."""
