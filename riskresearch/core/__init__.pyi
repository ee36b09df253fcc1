from ._errors import (
    ConventionWarning as ConventionWarning,
    DataIntegrityError as DataIntegrityError,
    InvalidInputError as InvalidInputError,
    OptionalDependencyError as OptionalDependencyError,
    RiskResearchError as RiskResearchError,
    RiskResearchWarning as RiskResearchWarning,
    UncompiledKernelsWarning as UncompiledKernelsWarning,
)
