"""Findings on public series and lists, read from their sources."""

from dijk.check.findings import Code

SERIES = (
    Code(
        "SERIES-01",
        "note",
        "Regions below the nation",
        "Regio's onder het land",
        "regions that add up to the nation; what no region knows is kept under the region 'unknown'",
        "regio's die optellen tot het land; wat geen regio kent staat onder de regio 'unknown'",
    ),
    Code(
        "SERIES-02",
        "warning",
        "Days that catch up",
        "Inhaaldagen",
        "figures by the day itself; on these days arrears were reported, so the figures are no use as a course",
        "cijfers naar de dag zelf; op deze dagen is achterstand ingehaald, dus de cijfers zijn niet als verloop "
        "te gebruiken",
    ),
    Code(
        "SERIES-03",
        "warning",
        "Missing days",
        "Ontbrekende dagen",
        "a value for each day; these are missing and are not zero",
        "een waarde voor elke dag; deze ontbreken en zijn geen nul",
    ),
    Code(
        "SERIES-04",
        "note",
        "Weekends without values",
        "Weekenden zonder waarden",
        "values at weekends too; this series has none then",
        "ook waarden in het weekend; deze reeks heeft ze dan niet",
    ),
    Code(
        "SERIES-05",
        "note",
        "Final extraction",
        "Eindstand",
        "what was known then; this is a final extraction, and the day on which a figure became known is assumed",
        "wat toen bekend was; dit is een eindstand, en de dag waarop een cijfer bekend werd is aangenomen",
    ),
    Code(
        "SERIES-06",
        "note",
        "Infected residents that were not tested",
        "Besmette bewoners die niet getest zijn",
        "every infected resident; in spring 2020 hardly any were tested, so the true number was far higher",
        "elke besmette bewoner; in het voorjaar van 2020 werd nauwelijks getest, dus het ware aantal lag veel hoger",
    ),
    Code(
        "SERIES-07",
        "note",
        "Assumed crosswalk",
        "Aangenomen sleutel",
        "the share of each region in another division, counted; this crosswalk is assumed, and borders cut "
        "through these",
        "het deel van elke regio in een andere indeling, geteld; deze sleutel is aangenomen, en grenzen lopen "
        "dwars door deze",
    ),
    Code(
        "SERIES-08",
        "note",
        "Region of the patient's home",
        "Woonregio van de patiënt",
        "the region of the hospital; this is the patient's home, and patients were moved between regions",
        "de regio van het ziekenhuis; dit is de woonregio, en patiënten zijn tussen regio's verplaatst",
    ),
    Code(
        "SERIES-09",
        "warning",
        "Regions above the nation",
        "Regio's boven het land",
        "regions that add up to no more than the nation; on these days they exceed it and 'unknown' is left empty",
        "regio's die optellen tot hoogstens het land; op deze dagen is het meer en blijft 'unknown' leeg",
    ),
    Code(
        "SERIES-10",
        "warning",
        "Zero that is silence",
        "Nul die zwijgen is",
        "a count of each day; zero while the same events by their own day are many means not yet reported",
        "een telling van elke dag; nul terwijl er naar eigen dag veel waren betekent nog niet gemeld",
    ),
    Code(
        "SERIES-11",
        "warning",
        "Negative number",
        "Negatief getal",
        "a number of 0 or more; these are not, and are left empty",
        "een getal van 0 of meer; deze zijn dat niet en zijn leeg gelaten",
    ),
    Code(
        "SERIES-12",
        "warning",
        "Totals where the number of the day belongs",
        "Totalen waar het aantal van de dag hoort",
        "the number of each day; this series hardly ever falls, as a total so far does. Publish what each day brought.",
        "het aantal van elke dag; deze reeks daalt vrijwel nooit, zoals een totaal tot nu toe. Geef het dagcijfer.",
    ),
    Code(
        "SERIES-13",
        "warning",
        "Last days that are not complete",
        "Laatste dagen die niet volledig zijn",
        "days that are complete; from this day on there is nothing, or next to nothing, against the week before: most "
        "likely not yet reported. Leave such days out, or empty with a reason.",
        "dagen die volledig zijn; vanaf deze dag is er niets of bijna niets, tegen de week ervoor: waarschijnlijk nog "
        "niet gemeld. Laat zulke dagen weg, of leeg met een reden.",
    ),
    Code(
        "SERIES-14",
        "warning",
        "Nation that is not the sum of its regions",
        "Land dat niet de som van zijn regio's is",
        "a nation that its regions add up to; on these days they do not (nation / regions, and on how many days). One "
        "of the two counts something twice, or not at all.",
        "een land waartoe de regio's optellen; op deze dagen doen ze dat niet (land / regio's, en op hoeveel dagen). "
        "Een van de twee telt iets dubbel, of niet.",
    ),
    Code(
        "SERIES-15",
        "warning",
        "Series that counts otherwise from a day on",
        "Reeks die vanaf een dag anders telt",
        "the same unit on all days; from this day on the series stays so many times higher or lower",
        "dezelfde eenheid op alle dagen; vanaf deze dag blijft de reeks zo veel maal hoger of lager",
    ),
    Code(
        "REQUEST-11",
        "warning",
        "Quantity beyond belief",
        "Onwaarschijnlijke hoeveelheid",
        "a believable quantity; these are over a thousand times what is asked for as a rule, kept as asked",
        "een geloofwaardige hoeveelheid; deze zijn ruim duizend maal wat doorgaans wordt gevraagd, zo bewaard",
    ),
    Code(
        "REQUEST-12",
        "warning",
        "Broken number of pieces",
        "Gebroken aantal stuks",
        "a whole number of pieces; these are not, and are kept without one",
        "een heel aantal stuks; deze zijn dat niet en staan er zonder",
    ),
)
