from ._errors import (
    ConventionWarning as ConventionWarning,
    DataIntegrityError as DataIntegrityError,
    InvalidInputError as InvalidInputError,
    OptionalDependencyError as OptionalDependencyError,
    RiskResearchError as RiskResearchError,
    RiskResearchWarning as RiskResearchWarning,
    UncompiledKernelsWarning as UncompiledKernelsWarning,
)
from ._optional import optional_import as optional_import
from ._options import options as options
from ._preload import preload as preload
from ._progress import progress_bar as progress_bar
