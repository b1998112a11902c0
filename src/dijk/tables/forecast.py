"""Results of the forecast: what drives care, what care will need, and how earlier forecasts did."""

import dataframely as dy

from dijk.tables import columns as c
from dijk.tables.facts import MEASURES


class DriverForecast(dy.Schema):
    """Forecast of an indicator: quantiles per region and week."""

    known_at = c.of_run()
    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = c.cell_region()
    week = dy.Date(
        primary_key=True, description="Monday that starts the week.", metadata=c.words("week: maandag", "day")
    )
    quantile_level = c.quantile_level()
    value = c.number(
        "units/week",
        "Sum over the days of that week; for beds that is patient-days.",
        "waarde: som over de dagen van die week; bij bedden patiëntdagen",
    )
    cold_start = c.yes("True where published priors stand in for a past.", "koude_start: zonder eigen verleden")


class IndicatorSeen(dy.Schema):
    """An indicator behind the number, with its last value and the day of it."""

    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = c.cell_region()
    day = c.day("Day of the last value.", "dag: dag van de laatste waarde", optional=True)
    value = c.number("units/day", "Last value.", "waarde: laatste waarde", optional=True)
    week_value = c.number(
        "see measure",
        "The seven days up to the last day that is used: their sum, made up to seven, if measure is flow; else their "
        "mean. Empty with fewer than five days known.",
        "weekwaarde: de zeven dagen tot en met de laatste dag die meetelt: de som, aangevuld tot zeven, als de maat "
        "stroom is; anders het gemiddelde; leeg bij minder dan vijf bekende dagen",
        optional=True,
    )
    measure = c.choice(
        MEASURES,
        "What its values count, as table indicator tells; empty: not told, or not the same of every row.",
        "maat: wat de waarden tellen, zoals tabel indicator zegt; leeg: niet verteld, of niet overal gelijk",
        optional=True,
    )
    growth = c.number(
        "factor/week", "This week over the week before.", "groei: deze week op de vorige", optional=True, most=1e6
    )
    missing_days = c.whole(
        "days", "Days without a value in the last four weeks.", "ontbrekend: dagen zonder waarde in vier weken", most=28
    )
    nowcast = c.number(
        "factor",
        "By which the forecast corrected the newest week, because the source nearly always does so later; empty: "
        "left as it is.",
        "correctie: waarmee de prognose de nieuwste week corrigeert, omdat de bron dat later bijna altijd doet; "
        "leeg: onveranderd",
        optional=True,
        most=1e6,
    )


class ForecastScore(dy.Schema):
    """How the forecasts that earlier runs published of an indicator did, per region and week ahead, beside the random
    walk.
    """

    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = c.cell_region()
    horizon = c.whole(
        "weeks",
        "Calendar weeks ahead; 1 is the week of the run, 0 all weeks together.",
        "weken_vooruit: kalenderweken vooruit; 1 is de week van de berekening, 0 alle weken samen",
        most=26,
        key=True,
    )
    sector = c.code(
        "Group of sectors whose demand rests on it; all where several do.",
        "sector: groep waarvan de vraag erop rust; all bij meer dan een",
    )
    forecasts = c.whole(
        "forecasts",
        "How many could be scored: their week is over and known.",
        "prognoses: aantal waarvan de week voorbij en bekend is",
        least=1,
    )
    wis = c.number(
        "units/week",
        "Weighted interval score; lower is better.",
        "wis: gewogen intervalscore; lager is beter",
        most=1e15,
    )
    log_wis = c.number("none", "The same of log(1 + y).", "log_wis: hetzelfde van log(1 + y)")
    relative = c.number(
        "factor",
        "Its log score over that of the log random walk; above 1 the forecast lost. Empty where the walk had no past.",
        "verhouding: logscore gedeeld door die van de toevalswandeling; boven 1 verloor de prognose",
        optional=True,
    )
    coverage_50 = c.share(
        "Share of truths inside the central half.", "dekking_50: deel van de uitkomsten in de middelste helft"
    )
    coverage_95 = c.share(
        "Share of truths inside the 95 % interval.", "dekking_95: deel van de uitkomsten in het 95 %-interval"
    )
    bias = c.number(
        "none",
        "-1 always too high, +1 always too low.",
        "afwijking: -1 altijd te hoog, +1 altijd te laag",
        least=-1,
        most=1,
    )


class UsageFactor(dy.Schema):
    """How much of the norm is really used, learnt from use, deliveries and orders.

    The forecast multiplies norms by it. The division does not: no order steers a share.
    """

    need = c.cell_need()
    sector = c.cell_sector()
    factor = c.number("factor", "Median: 1 is as the norm says.", "factor: mediaan; 1 is zoals de norm zegt", most=1e4)
    low = c.number(
        "factor", "10 % quantile; the norm's low end where nothing was told.", "laag: 10 %-kwantiel", most=1e6
    )
    high = c.number(
        "factor", "90 % quantile; the norm's high end where nothing was told.", "hoog: 90 %-kwantiel", most=1e6
    )
    range_kept = c.share(
        "What is left of the norm's stated range, as a share of its logarithm; 1 where nothing was learnt.",
        "bandbreedte_over: deel van de bandbreedte van de norm dat over is (logaritmisch); 1 als niets geleerd is",
    )
    use_weeks = c.whole(
        "weeks", "Weeks of recorded use behind it.", "weken_verbruik: weken geregistreerd verbruik erachter"
    )
    delivery_weeks = c.whole("weeks", "Weeks of deliveries behind it.", "weken_levering: weken leveringen erachter")
    request_weeks = c.whole("weeks", "Weeks of orders behind it.", "weken_aanvraag: weken bestellingen erachter")
    raising_weeks = c.whole(
        "weeks",
        "Of these three together, those that could only raise it: the need was scarce, or nobody knows.",
        "weken_alleen_omhoog: waarvan samen alleen omhoog: de behoefte was schaars, of dat is onbekend",
    )
    how = c.choice(
        c.HOW,
        "Estimated from what was told, or assumed as the norm says because nothing moved it.",
        "hoe: geschat uit meldingen, of aangenomen zoals de norm zegt omdat niets hem verschoof",
    )


class Demand(dy.Schema):
    """Forecast demand as quantiles. ``curve`` is low, base, max or the code of a scenario. Totals come from joint
    samples.
    """

    known_at = c.of_run()
    curve = c.code("Curve or scenario.", "curve: laag, basis, max of scenario", key=True)
    need = c.cell_need()
    sector = c.cell_sector()
    region = c.cell_region()
    week = dy.Date(
        primary_key=True, description="Monday that starts the week.", metadata=c.words("week: maandag", "day")
    )
    quantile_level = c.quantile_level()
    pieces = c.number("pieces/week", "Pieces needed that week.", "stuks: stuks nodig in die week")
