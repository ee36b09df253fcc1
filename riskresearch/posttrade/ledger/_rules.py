"""The definition of a ledger that is told one event after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from riskresearch.core._checks import check_choice
from riskresearch.core._saved_state import read_saved
from riskresearch.posttrade.ledger._book import MATCHING
from riskresearch.posttrade.ledger._fills import ONE_ACCOUNT
from riskresearch.posttrade.ledger._ledger import BASE, Matching
from riskresearch.posttrade.ledger._running import RunningLedger, check_start


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """How a running ledger matches lots; it gives the numbers of `Ledger.from_fills`, bit for bit.

    Parameters
    ----------
    matching : {"fifo", "lifo", "hifo", "average", "specific"}
        Which lot a closing fill closes: see `Ledger.from_fills`.
    base_currency : str
        Name of the currency of all sums.

    Examples
    --------
    >>> from riskresearch.core import Fill
    >>> from riskresearch.posttrade import CashFlow, LedgerRules, Prices
    >>> running = LedgerRules(matching="fifo").start(assets=["A"])
    >>> running.update(CashFlow(100.0, "deposit"))
    100.0
    >>> running.update(Fill("A", "portfolio", None, "order", 10.0, 5.0))
    0.0
    >>> running.update(Fill("A", "portfolio", None, "order", -4.0, 6.0))
    4.0
    >>> running.update(Prices([7.0])).equity
    (116.0,)
    """

    matching: Matching = "fifo"
    base_currency: str = BASE

    inputs: ClassVar[tuple[str, ...]] = ("events",)

    def __post_init__(self) -> None:
        check_choice(self.matching, MATCHING, name="matching")

    def start(
        self,
        *,
        assets: Sequence[str],
        accounts: Sequence[str] = (ONE_ACCOUNT,),
        currencies: Mapping[str, str] | None = None,
        multipliers: Mapping[str, float] | None = None,
    ) -> RunningLedger:
        """Return a running ledger that holds nothing.

        Parameters
        ----------
        assets, accounts : sequence of str
            Names of all assets, and of all accounts.
        currencies : mapping of asset to str, optional
            The currency of each asset that has another one than the base currency.
        multipliers : mapping of asset to float, optional
            Money for one point of the price and one unit, as of futures.
        """
        return RunningLedger(self, check_start(assets, accounts, currencies, multipliers))

    def resume(self, state: Mapping[str, Any], /) -> RunningLedger:
        """Return the running ledger that `to_dict` saved; the state of another definition is refused.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """
        started, carried, _ = read_saved(self, state)
        running = self.start(**started)
        running.restore(carried)
        return running
