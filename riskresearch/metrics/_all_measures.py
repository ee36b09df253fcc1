"""Every public measure of returns, by name; the calculator, `rolling`, `Online` and `summary` use this table."""

from __future__ import annotations

from riskresearch.metrics import (
    _coherent_tail,
    _downside,
    _drawdown_ratios,
    _drawdowns,
    _gain_loss_ratios,
    _ratios,
    _returns,
    _shape,
    _stability,
    _tail_ratios,
    _tail_risk,
)
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.benchmark import (
    _comoment_betas,
    _comovement,
    _drawdown_beta,
    _relative,
    _relative_ratios,
    _risk_split,
    _timing,
)
from riskresearch.metrics.inference import _sharpe_difference, _sharpe_inference

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for module in (
        _returns, _shape, _ratios, _tail_ratios, _downside, _gain_loss_ratios, _drawdowns, _drawdown_ratios, _stability,
        _tail_risk, _coherent_tail, _relative, _relative_ratios, _risk_split, _comovement, _comoment_betas,
        _drawdown_beta, _timing, _sharpe_inference, _sharpe_difference,
    )
    for measure in module.MEASURES
}  # fmt: skip


def declared(function: object) -> Measure | None:
    """Return the measure of a public function, or None for any other object."""
    found = MEASURES.get(getattr(function, "__name__", ""))
    return found if found is not None and found.function is function else None
