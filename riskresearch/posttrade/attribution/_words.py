"""What an attribution says about itself: its conventions, and whether an effect differs from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core.output._formats import counted, p_value

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.metrics.inference._bootstrap import Bootstrap

MODELS = {
    "fachler": "Brinson and Fachler: allocation is active weight times the group's benchmark return less the total's",
    "hood_beebower": "Brinson, Hood and Beebower: allocation is active weight times the group's benchmark return",
}
INTERACTIONS = {
    "own": "interaction on its own",
    "selection": "interaction in selection",
    "allocation": "interaction in allocation",
}
LINKINGS = {
    "carino": "Linked by Cariño's logarithmic factors",
    "menchero": "Linked by Menchero's factors",
    "grap": "Linked by GRAP: the portfolio's growth before a row, the benchmark's after it",
    "frongello": "Linked by Frongello's recursion, in which later rows never restate earlier ones",
    "davies_laker": "Linked by Davies and Laker: differences of compounded notional funds",
    "geometric": (
        "Geometric (Bacon): one plus each effect multiply to the ratio of both growths, and compounding is what that "
        "has beyond their sum"
    ),
    "none": "Logarithms add over rows",
}
ENOUGH = 0.05


def method_lines(
    model: str, interaction: str, linking: str, effects: tuple[str, ...], levels: tuple[str, ...], rows: int
) -> list[str]:
    """Return what was computed, a sentence or two each; the last of `levels` are the columns of the returns."""
    lines = [
        f"{MODELS[model]}; {INTERACTIONS[interaction]}.",
        f"{LINKINGS[linking]}; {counted(rows, 'row')}. Effects sum to the excess return within 1e-12, relative to "
        "sizes above 1.",
    ]
    if len(levels) > 1:
        lines.append(
            f"Assets: selection within their {levels[-2]} is against the benchmark's weights there, scaled to the "
            "portfolio's weight of it."
        )
    else:
        lines.append("No groups: each column is a group of its own.")
    if "trading" in effects:
        lines.append("Trading is the return from transactions less that of the holdings.")
    return lines


def verdict(tested: pd.DataFrame, settings: Bootstrap, rows: int) -> str:
    """Return whether selection differs from zero, and how that was found."""
    how = (
        f"{settings.describe().rpartition(',')[0].capitalize()} of the {rows:,} linked rows, factors of linking as "
        f"they are; Student-t with a degree of freedom for each block but one; seed {settings.seed()}."
    )
    chance = float(tested["p_value"]["selection"])
    if chance != chance:
        return f"Selection is the same on each row: there is nothing to test. {how}"
    differs = "differs" if chance < ENOUGH else "does not differ"
    return f"Selection {differs} from zero at 5% (p = {p_value(chance)}). {how}"
