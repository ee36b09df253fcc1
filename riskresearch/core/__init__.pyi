from ._errors import (
    AccountingError as AccountingError,
    ConventionWarning as ConventionWarning,
    DataIntegrityError as DataIntegrityError,
    DependentRowsWarning as DependentRowsWarning,
    InvalidInputError as InvalidInputError,
    LookaheadError as LookaheadError,
    OptionalDependencyError as OptionalDependencyError,
    RiskResearchError as RiskResearchError,
    RiskResearchWarning as RiskResearchWarning,
    UncompiledKernelsWarning as UncompiledKernelsWarning,
    WorstLossWarning as WorstLossWarning,
)
from ._options import options as options
from ._records import (
    Account as Account,
    Bar as Bar,
    ClosedTrade as ClosedTrade,
    Decision as Decision,
    Fill as Fill,
    Fills as Fills,
    Order as Order,
    Position as Position,
    TradingState as TradingState,
)
from ._stream import Definition as Definition, Running as Running, over_history as over_history
from .alignment._align import AlignedPair as AlignedPair, align as align
from .dates._gaps import Gaps as Gaps, find_gaps as find_gaps
from .importing._doctor import doctor_report as doctor_report
from .importing._optional import optional_import as optional_import
from .importing._preload import preload as preload, preload_async as preload_async
from .importing._report import import_report as import_report
from .importing._unload import unload as unload
from .output._progress import progress_bar as progress_bar
