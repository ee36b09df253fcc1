from . import (
    core as core,
    datasets as datasets,
    kernels as kernels,
    metrics as metrics,
    plots as plots,
    report as report,
)
from .core import (
    import_report as import_report,
    options as options,
    preload as preload,
    preload_async as preload_async,
    unload as unload,
)
from .metrics import (
    conditional_value_at_risk as conditional_value_at_risk,
    max_drawdown as max_drawdown,
    rolling as rolling,
    sharpe_ratio as sharpe_ratio,
    simple_returns as simple_returns,
    summary as summary,
    value_at_risk as value_at_risk,
)

__version__: str
