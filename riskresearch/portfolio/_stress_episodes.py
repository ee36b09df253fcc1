"""Historical episodes of market stress, with dates and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode; `start` and `end` are the first and the last day whose returns count."""

    name: str
    start: str
    end: str
    event: str
    source: str
    also: tuple[str, ...] = ()
    """What it is called elsewhere, in small letters."""


EPISODES = (
    Episode(
        "1987 crash", "1987-10-14", "1987-10-19",
        "Stocks fall for four days, the S&P 500 by a fifth on the last.",
        "Presidential Task Force on Market Mechanisms (Brady), Report, January 1988",
        also=("black monday",),
    ),
    Episode(
        "1994 bond sell-off", "1994-02-04", "1994-11-15",
        "The Federal Reserve begins to raise rates; bonds fall around the world until its 75 basis points of November.",
        "Borio & McCauley, The economics of recent bond yield volatility, BIS Economic Papers 45, 1996",
        also=("bond massacre",),
    ),
    Episode(
        "1997 Asian crisis", "1997-07-02", "1997-10-27",
        "Thailand floats the baht; contagion reaches New York, whose stocks fall 7 % on the last day.",
        "IMF, World Economic Outlook: Interim Assessment, December 1997",
        also=("asia",),
    ),
    Episode(
        "1998 Russia and LTCM", "1998-08-17", "1998-10-15",
        "Russia devalues and stops payment; Long-Term Capital Management fails; an unscheduled cut of rates ends it.",
        "President's Working Group on Financial Markets, Hedge Funds, Leverage, and the Lessons of LTCM, April 1999",
        also=("russian crisis", "russian default",),
    ),
    Episode(
        "2000-02 dot-com bust", "2000-03-27", "2002-10-09",
        "From the highest close of the S&P 500, on 24 March 2000, to its lowest.",
        "Closing levels of the S&P 500, S&P Dow Jones Indices",
        also=("dotcom", "dot-com", "dot com", "tech bubble", "dot-com bubble",),
    ),
    Episode(
        "2008 financial crisis", "2008-09-15", "2009-03-09",
        "From the bankruptcy of Lehman Brothers to the lowest close of the S&P 500.",
        "Financial Crisis Inquiry Commission, Report, January 2011",
        also=("gfc", "lehman", "lehman brothers", "global financial crisis", "subprime", "credit crisis"),
    ),
    Episode(
        "2010 flash crash", "2010-05-06", "2010-05-06",
        "US stocks lose and regain most of 9 % within an hour; daily returns show only the close.",
        "CFTC & SEC, Findings regarding the Market Events of May 6, 2010, 30 September 2010",
    ),
    Episode(
        "2011 US downgrade", "2011-08-01", "2011-08-08",
        "Debt ceiling, euro area debts, and the first trading day after the United States lost AAA.",
        "Standard & Poor's, United States of America Long-Term Rating Lowered to AA+, 5 August 2011",
        also=("debt ceiling", "s&p downgrade",),
    ),
    Episode(
        "2015 Swiss franc", "2015-01-15", "2015-01-15",
        "The Swiss National Bank ends its minimum rate of 1.20 francs a euro.",
        "Swiss National Bank, press release of 15 January 2015",
        also=("snb", "chf", "franc",),
    ),
    Episode(
        "2020 pandemic", "2020-02-20", "2020-03-23",
        "From the highest close of the S&P 500, on 19 February, to its lowest.",
        "Financial Stability Board, Holistic Review of the March Market Turmoil, November 2020",
        also=("covid", "covid-19", "covid19", "corona", "coronavirus",),
    ),
    Episode(
        "2022 inflation", "2022-01-04", "2022-10-12",
        "Rates rise fastest in decades; stocks and bonds fall together, the S&P 500 from 3 January.",
        "IMF, Global Financial Stability Report, October 2022",
        also=("rate shock", "rate hikes",),
    ),
)  # fmt: skip


def stress_episodes() -> pd.DataFrame:
    """Return the historical episodes that `historical_stress` applies.

    Returns
    -------
    pandas.DataFrame
        One row per episode, by name: first and last day whose returns count, event and source.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.portfolio.stress_episodes().loc["1987 crash", "end"]
    Timestamp('1987-10-19 00:00:00')
    """
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    return pd.DataFrame(
        {
            "start": pd.to_datetime([episode.start for episode in EPISODES]),
            "end": pd.to_datetime([episode.end for episode in EPISODES]),
            "event": [episode.event for episode in EPISODES],
            "source": [episode.source for episode in EPISODES],
        },
        index=pd.Index([episode.name for episode in EPISODES], name="episode"),
    )
