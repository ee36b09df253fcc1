from ._bars import plot_bars as plot_bars
from ._canvas import blank_axes as blank_axes
from ._distribution import plot_distribution as plot_distribution
from ._exceedances import plot_exceedances as plot_exceedances
from ._excursions import plot_excursions as plot_excursions
from ._grids import (
    plot_correlation as plot_correlation,
    plot_heat_map as plot_heat_map,
    plot_monthly_table as plot_monthly_table,
)
from ._histogram import plot_histogram as plot_histogram
from ._intervals import plot_intervals as plot_intervals
from ._limits import plot_counts as plot_counts, plot_used as plot_used
from ._lines import plot_growth as plot_growth, plot_rolling as plot_rolling, plot_underwater as plot_underwater
from ._scatter import plot_risk_return as plot_risk_return
from ._splits import plot_splits as plot_splits
from ._style import plot_style as plot_style
from ._svg import figure_to_svg as figure_to_svg
from ._years import plot_calendar_years as plot_calendar_years
