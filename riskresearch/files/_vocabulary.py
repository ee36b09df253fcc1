"""Names of columns as vendors and programs write them, in the languages of the larger exchanges."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

Role = Literal[
    "adjusted", "close", "equity", "open", "high", "low", "quote", "volume", "return", "beside", "part of a date", ""
]
"""What a name says about a column of numbers; "" is a name of its own, such as a ticker."""

# Each word is written as `plain` leaves it: small letters and digits without accents, blanks or punctuation.
_WORDS: dict[Role, str] = {
    "adjusted": "adjclose adjustedclose adjusted closeadj closeadjusted adjcloseprice adjustedprice adjustedcloseprice "
        "adjprice adjlast adjustedlast adjc totalreturnindex pxlastadj adjustedclosingprice splitadjustedclose",
    "close": "laatste ostatnio simdi цена закрытие 終値 收盘 收盘价 收盤價 收盤 종가 prccd prccm "
        "close clot closelast closeprice closingprice last lastprice lasttrade lasttradeprice pxlast pxclose "
        "price settle settlement settlementprice settleprice schluss schlusskurs schlussstand kurs letzter zuletzt "
        "cloture fermeture cours coursdecloture dernier chiusura ultimo prezzo prezzodichiusura ultimoprezzo "
        "cierre preciodecierre precio fechamento preco slot slotkoers koers stangning stangningskurs "
        "kursfixing senast zamkniecie kurszamkniecia closeprc prc midprice mid mittelkurs fixing "
        "rucknahmepreis closeusd priceusd closebid priceclose tradeclose closingvalue",
    "equity": "equity balance nav netassetvalue navpershare portfoliovalue totalvalue accountvalue accountbalance "
        "netliq netliquidation netliquidationvalue networth wealth totalequity equitycurve strategyequity "
        "portfoliototal endingvalue endvalue cumulativevalue valoreportafoglio depotwert vermogen "
        "valeurliquidative vl anteilwert marketvalue portfolioequity equityusd portfolio capitalcurve "
        "accountequity",
    "open": "acilis откр открытие 始値 开盘 开盘价 開盤 開盤價 시가 prcod openprc "
        "open ouv opening openprice openingprice pxopen eroffnung eroffnungskurs ouverture apertura abertura "
        "openingskoers oppning otwarcie eroffnet openbid",
    "high": "hoog yuksek макс максимум 高値 最高 最高价 最高價 고가 prchd prchm askhi "
        "high highprice dayhigh pxhigh hoch tageshoch hochst haut plushaut massimo maximo max maxima hoogste "
        "hogst najwyzszy highbid hoechst",
    "low": "laag dusuk мин минимум 安値 最低 最低价 最低價 저가 prcld prclm bidlo "
        "low lowprice daylow pxlow tief tagestief tiefst bas plusbas minimo min minima laagste lagst najnizszy "
        "lowbid",
    "quote": "bid ask offer bidprice askprice bidclose askclose geld brief",
    "volume": "wol hac hacim объем 出来高 成交量 成交额 成交額 거래량 cshtrd cshtrm cshoc "
        "aum fundsize netassets totalnetassets fundassets units unitsoutstanding "
        "volume vol volumes volumeusd volumefrom volumeto tickvol tickvolume realvolume totalvolume basevolume "
        "quotevolume quoteassetvolume turnover turnoverrs umsatz volumen volumestk menge stuck wolumen volymer "
        "volym omsattning marketcap marketcapitalization mktcap openinterest openint oi trades numberoftrades "
        "numtrades tradecount count takerbuybaseassetvolume takerbuyquoteassetvolume unadjustedvolume "
        "adjvolume volumebtc volumeeth volumebase volumecurrency sharesoutstanding tottrdqty tottrdval "
        "totaltrades volumetraded deliverableqty noofshares nooftrades totalturnover dollarvolume pxvolume "
        "takerbase takerquote takerbuybase takerbuyquote shrout numtrd",
    "return": "return returns ret rets dailyreturn dailyreturns pctreturn returnpct strategyreturn strategyreturns "
        "portfolioreturn portfolioreturns netreturn grossreturn totalreturn monthlyreturn monthlyreturns "
        "logreturn logreturns logret simplereturn pnl pl profitloss profitandloss dailypnl netpnl rendite "
        "performance",
    "beside": "verschil fark изм изменение 変化率 前日比 涨跌幅 涨跌额 涨跌 換手率 换手率 "
        "昨收 前收盘 변동 등락률 전일비 ajexdi ajexm trfd trfm cfacpr cfacshr "
        "change changepct changepercent pctchange percentchange changep chg chgpct netchange diff differenz "
        "veranderung variation variazione variacion variacao var varpct zmiana utveckling drawdown drawdownpct "
        "maxdrawdown drawdownduration dd ddpct underwater peak highwatermark hwm cash exposure grossexposure "
        "netexposure leverage margin positions position signal trade fees fee commission commissions slippage "
        "deposits withdrawals deposit withdrawal cashflow volatility vol20 rollingvol rollingsharpe sharpe "
        "sortino beta alpha rsi macd macdsignal ema sma sma20 sma50 sma200 ema12 ema20 ema26 ema50 ema200 "
        "bbupper bblower bbmiddle atr adx obv vwap average averageprice weightedaverage mavwap dividends "
        "dividend dividendamount divcash divcashamt splits stocksplits splitfactor splitratio splitcoefficient "
        "exdividend capitalgains spread pe peratio eps yield dividendyield cumulativereturn cumulativereturns "
        "cumreturn cumret cumpnl cumulativepnl numberofpositions turnoverrate duration tradesopen cumulative "
        "previousclose prevclose prevclosing prevcloseprice yesterdayclose changeabsolute unadjustedclose "
        "rawclose trailingpe closetime ignore spreadpoints adjopen adjhigh adjlow adjustedopen adjustedhigh "
        "adjustedlow factor adjfactor adjustmentfactor bidsize asksize benchmarkdrawdown highwater label "
        "weight",
    "part of a date": "year month day weekday dayofweek week weekofyear quarter hour minute jahr monat tag annee mois "
        "yr mo",
}  # fmt: skip
_ROLE_OF: dict[str, Role] = {word: role for role, words in _WORDS.items() for word in words.split()}
PRICE_FIELDS: tuple[Role, ...] = ("adjusted", "close", "open", "high", "low", "quote")
_SINGLE_LETTERS: dict[str, Role] = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}

DATES = frozenset(
    "date datetime timestamp time day month period dates datum tag zeit zeitstempel fecha data giorno mese "
    "jour mois observationdate timeperiod tradedate tradingdate asofdate asof businessdate valuationdate "
    "pricedate navdate refdate quotedate dateutc datetimeutc utc opentime dt ymd yyyymmdd yyyymm caldt mcaldt "
    "caldate unix unixtimestamp epoch snappedat localtime gmttime index week quarter year datadate perioddate "
    "periodend enddate monthend kurstag dataquote exchangedate stichtag dag termin pubdate datedecotation "
    "seance timestampms timestamputc begins beginsat tradingday sessiondate session reportdate effectivedate "
    "createdat executedat filledat transactiondate rundate".split()
)
"""Names of the column of dates."""
TIMES = frozenset("time times hour timeofday zeit uhrzeit heure hora ora tijd".split())
"""Names of a column of the time of day, beside one of dates."""
TICKERS = frozenset(
    "ticker tickers symbol symbols name asset instrument security securityid permno isin cusip sedol wkn ric "
    "figi code id gvkey tic stock fund variable series seriesid factor currency pair market underlying product "
    "contract assetid stockcode tradingsymbol bezeichnung titel valeur variablename indexname indicator secid "
    "exchangesymbol coin country portfolio strategy instrumentid assetname entity act_symbol actsymbol "
    "fundname shareclass key column companyname company base basecurrency item tradingpair".split()
)
"""Names of the column that says whose row it is."""
CORPORATE_EVENTS = frozenset("split splits stocksplit dividend dividends cashdividend spinoff".split())
IDENTIFIERS = frozenset("permno permco gvkey isin cusip sedol wkn figi ticker symbol secid instrumentid".split())
"""Names of columns whose numbers, if they are numbers, name an instrument."""
NUMERIC_KEYS = IDENTIFIERS | frozenset("id code assetid stockcode tic entity key".split())
"""Names of columns that tell instruments apart even where they hold numbers."""
FIELD_COLUMNS = frozenset("field attribute measure variable item metric type fieldname datatype".split())
BENCHMARKS = frozenset("benchmark bench bm benchmarkreturn benchmarkreturns benchmarkprice benchmarkclose".split())
SIDES = frozenset("side buysell action bs transactiontype ordertype direction trantype tradetype".split())
QUANTITIES = frozenset(
    "quantity qty shares units size filled filledqty filledquantity amount contracts lots stuck menge quantite "
    "cantidad quantita lastqty cumqty execqty volumefilled noofshares".split()
)
FILL_WORDS = frozenset(
    "side buysell action commission commissions fee fees tradeid orderid fillid execid fillprice avgprice "
    "averageprice executionprice tradeprice proceeds realizedpnl tprice ibcommission commfee filledat "
    "executedat transactiontype trantype tradetype".split()
)
HOLDINGS = frozenset("position positions marketvalue holding holdings".split())
POSITION_WORDS = frozenset(
    "position positions marketvalue holding holdings weight costbasis averagecost avgcost unrealizedpnl "
    "bookvalue averageprice closeprice currentvalue positionvalue unrealizedpl assetclass".split()
)
_STARRED = re.compile(r"^\s*\d+[a-z]?[.):]\s+")  # "4. close", as one vendor numbers its fields
_PARTS = re.compile(r"[^\s_./|:\-()\[\]'\",]+")
MOST_WORDS_OF_A_FIELD = 5
LONGEST_KEPT = 60
"""Characters of names that are compared again and again, so that their plain form is kept."""
_OTHERS = re.compile(r"[\W_]+")
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "l", "ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "ı": "i", "đ": "d", "%": " pct "}
)


def plain(name: str) -> str:
    """Return a name in small letters and digits alone, without accents, to compare with the words of this file."""
    return _plain(name) if len(name) <= LONGEST_KEPT else _plain.__wrapped__(name)


@lru_cache(maxsize=32_768)
def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", _STARRED.sub("", name.strip().lower()).translate(_LETTERS))
    return unicodedata.normalize("NFC", _OTHERS.sub("", text))


def role_of(name: str) -> Role:
    """Return what a name says about the column, "" if nothing."""
    word = plain(name)
    return _ROLE_OF.get(word) or _ROLE_OF.get(word.removesuffix("pct")) or _ROLE_OF.get(_without_currency(word), "")


def roles_of(names: Sequence[str]) -> tuple[Role, ...]:
    """Return the role of each name; single letters are fields only together: o, h, l and c."""
    letters = [name.strip().lower() for name in names]
    together = {"o", "h", "l", "c"} <= set(letters)
    return tuple(
        _SINGLE_LETTERS.get(letter, role_of(name)) if together else role_of(name)
        for letter, name in zip(letters, names, strict=True)
    )


def is_benchmark(name: str) -> bool:
    """Return whether a name is that of a benchmark: "Benchmark", "bm", "Benchmark (%)", "Benchmark: S&P 500"."""
    word = plain(name)
    is_statistic = role_of(word.removeprefix("benchmark")) == "beside"
    return word.removesuffix("pct") in BENCHMARKS or (word.startswith("benchmark") and not is_statistic)


def split_field(name: str) -> tuple[str, str] | None:
    """Return the instrument and the field of a name such as "AAPL_Close" or "Adj Close AAPL"; None for another name."""
    parts = list(_PARTS.finditer(name))
    cuts = list(range(1, len(parts)))
    if len(parts) > 2 * MOST_WORDS_OF_A_FIELD:
        cuts = [*cuts[:MOST_WORDS_OF_A_FIELD], *cuts[-MOST_WORDS_OF_A_FIELD:]]
    for cut in cuts:
        before, after = _span(name, parts[:cut]), _span(name, parts[cut:])
        if _is_field(after):
            return before, after
        if _is_field(before):
            return after, before
    return None


def _span(name: str, parts: Sequence[re.Match[str]]) -> str:
    """Return the text from the first to the last part with the punctuation between: "BRK.B" stays so."""
    return name[parts[0].start() : parts[-1].end()]


def _is_field(text: str) -> bool:
    return role_of(text) in PRICE_FIELDS or role_of(text) in ("volume", "return", "equity") or plain(text) in (
        "dividends", "stocksplits", "splits", "change", "changepct", "vwap",
    )  # fmt: skip


def _without_currency(word: str) -> str:
    for code in ("usd", "eur", "gbp", "chf", "jpy", "inr", "rs"):
        if word.endswith(code) and len(word) > len(code) + 2:
            return word.removesuffix(code)
    return word
