"""Findings of the steps: on what follows from the tables, on the forecast, on the division and on changes to it."""

from dijk.check.findings import Code

STEPS = (
    Code(
        "STOCK-02",
        "warning",
        "Count below the ledger",
        "Telling onder de boekvoorraad",
        "a count no lower than the ledger; these are lower and raise no award until a second count confirms them",
        "een telling niet onder de boekvoorraad; deze liggen eronder en verhogen geen toewijzing tot een tweede "
        "telling ze bevestigt",
    ),
    Code(
        "ACTIVITY-01",
        "warning",
        "Activity beyond what explains it",
        "Activiteit boven wat haar verklaart",
        "activity that the site's own past or its peers bear out, or that another checked; these count for less",
        "activiteit die past bij het eigen verleden of bij vergelijkbare locaties, of die een ander controleerde; deze "
        "telt voor minder",
    ),
    Code(
        "ACTIVITY-02",
        "warning",
        "Activity no longer told",
        "Activiteit die niet meer gemeld wordt",
        "activity of the last seven days; older values fade to what quiet peers have",
        "activiteit van de laatste zeven dagen; oudere waarden zakken naar wat rustige vergelijkbare locaties hebben",
    ),
    Code(
        "ACTIVITY-03",
        "warning",
        "Question about activity without an answer",
        "Vraag naar activiteit zonder antwoord",
        "an answer by the due day; these sites count as holding stock for silent_cover_days",
        "een antwoord op de uiterste dag; deze locaties tellen alsof zij voorraad voor silent_cover_days hebben",
    ),
    Code(
        "ACTIVITY-04",
        "warning",
        "Site that counts as another",
        "Locatie die als een andere telt",
        "a size that a register or the region confirmed: these stand on their own word beside a confirmed site "
        "of their organisation in the region, or tell the activity of another; until then they count as that one "
        "and claim nothing",
        "een omvang die een register of de regio bevestigde: deze staan op eigen woord naast een bevestigde locatie "
        "van hun organisatie in de regio, of melden de activiteit van een andere; tot dan tellen zij als die ene en "
        "krijgen niets",
    ),
    Code(
        "AWARD-01",
        "warning",
        "Award that never came",
        "Toekenning die nooit kwam",
        "a delivery within promised_days of an award; these no longer count as there: ask who has the goods",
        "een levering binnen promised_days na een toekenning; deze tellen niet meer alsof zij er zijn: vraag wie de "
        "goederen heeft",
    ),
    Code(
        "AWARD-02",
        "note",
        "Single pack beyond the cap",
        "Eén verpakking boven het plafond",
        "packs of {need} that fit under the cap; one pack is more than all days of the cap for these, so many pieces "
        "lie beyond it: a smaller pack, or goods shared between sites, would spare them",
        "verpakkingen van {need} die onder het plafond passen; één verpakking is hier meer dan alle dagen van het "
        "plafond, zoveel stuks liggen erboven: een kleinere verpakking, of samen delen, zou die sparen",
    ),
    Code(
        "DELIVERY-01",
        "note",
        "Goods that a care site passed on",
        "Goederen die een zorglocatie doorgaf",
        "a count of the receiver that has them; they left this site's stock since its last count, on somebody's word",
        "een telling van de ontvanger waar ze in zitten; sinds de laatste telling van deze locatie tellen ze daar niet "
        "meer mee, op iemands woord",
    ),
    Code(
        "REQUEST-01",
        "warning",
        "Quantity beyond belief",
        "Onwaarschijnlijke hoeveelheid",
        "a believable quantity; these count as the cap",
        "een geloofwaardige hoeveelheid; deze tellen als het plafond",
    ),
    Code(
        "REQUEST-02",
        "note",
        "Request made twice",
        "Dubbele aanvraag",
        "one request once; these are doubles and count once",
        "elke aanvraag één keer; deze zijn dubbel en tellen één keer",
    ),
    Code(
        "REQUEST-03",
        "warning",
        "Request without norm use",
        "Aanvraag zonder normverbruik",
        "a norm and activity for each site that asks; these ask for what they have no norm use of, and get nothing",
        "een norm en activiteit voor elke locatie die vraagt; deze vragen iets waarvoor zij geen normverbruik "
        "hebben, en krijgen niets",
    ),
    Code(
        "REGION-01",
        "note",
        "Goods that a region's own rules leave unused",
        "Goederen die eigen regels van een regio ongebruikt laten",
        "rules of a region that use up what it gets; these leave so many pieces of it in the warehouse",
        "regels van een regio die opmaken wat zij krijgt; deze laten zoveel stuks ervan in het magazijn",
    ),
    Code(
        "FENCE-01",
        "warning",
        "Fences that cannot be met together",
        "Hekken die niet samen te halen zijn",
        "fences that can be met together; these fall short by so many pieces",
        "hekken die samen te halen zijn; deze komen zoveel stuks tekort",
    ),
    Code(
        "CHANGE-01",
        "error",
        "Change to no claim of this run",
        "Wijziging van wat geen aanspraak is",
        "a claim of this run: site, need, class, and on whose goods",
        "een aanspraak van deze berekening: locatie, behoefte, klasse, en op wiens goederen",
    ),
    Code(
        "CHANGE-02",
        "error",
        "Change without a reason",
        "Wijziging zonder reden",
        "a reason for each change",
        "een reden bij elke wijziging",
    ),
    Code(
        "CHANGE-03",
        "error",
        "Change to fewer than no packs",
        "Wijziging naar minder dan niets",
        "0 packs or more",
        "0 dozen of meer",
    ),
    Code(
        "CHANGE-04",
        "error",
        "Changes that move the region's total",
        "Wijzigingen die het totaal van de regio verschuiven",
        "changes of a need that leave the region the same packs of each article in each fence; over (+) or short (-): "
        "{off}; none of this need and region is made",
        "wijzigingen per behoefte die de regio evenveel dozen van elk artikel binnen elk hek laten; te veel (+) of te "
        "weinig (-): {off}; voor deze behoefte en regio gaat er geen door",
    ),
    Code(
        "CHANGE-05",
        "warning",
        "Change above the most that a claim may be",
        "Wijziging boven het maximum",
        "packs up to the most this site may claim; these are {packs} packs over, and bring it {days} days of cover",
        "dozen tot het maximum van deze locatie; dit zijn {packs} dozen te veel, en de dekking wordt {days} dagen",
    ),
    Code(
        "CHANGE-06",
        "warning",
        "Change below the least for everyone",
        "Wijziging onder het minimum voor iedereen",
        "packs down to the least this site gets first; these are {packs} packs short, and leave it {days} days of "
        "cover",
        "dozen vanaf het minimum van deze locatie; dit zijn {packs} dozen te weinig, en de dekking wordt {days} dagen",
    ),
    Code(
        "CHANGE-07",
        "warning",
        "Change of another article",
        "Wijziging van een ander artikel",
        "the article in which this claim is divided, {product}; the packs were taken as packs of that",
        "het artikel waarin deze aanspraak verdeeld is, {product}; de dozen zijn als dozen daarvan genomen",
    ),
    Code(
        "FORECAST-01",
        "warning",
        "Forecast out of proportion",
        "Prognose buiten verhouding",
        "a forecast in proportion to what other countries published per head; these lie far outside it",
        "een prognose in verhouding tot wat andere landen per hoofd publiceerden; deze vallen er ver buiten",
    ),
    Code(
        "FORECAST-02",
        "note",
        "Series without a past",
        "Reeks zonder verleden",
        "a past of its own; for these series published experience stands in",
        "een eigen verleden; bij deze reeksen staat gepubliceerde ervaring daarvoor in de plaats",
    ),
    Code(
        "FORECAST-03",
        "warning",
        "Silent indicator",
        "Zwijgende indicator",
        "figures of the indicator a driver follows; nothing was known of these lately, so the driver stays level, "
        "with a wide range",
        "cijfers van de indicator die een drijver volgt; deze zwegen de laatste tijd, dus blijft de drijver vlak, "
        "met een ruime marge",
    ),
    Code(
        "FORECAST-04",
        "warning",
        "Days that catch up",
        "Inhaaldagen",
        "figures by the day itself; on these days arrears seem to have been added",
        "cijfers van de dag zelf; op deze dagen lijken achterstanden te zijn bijgeteld",
    ),
    Code(
        "FORECAST-05",
        "warning",
        "Forecasts that lost to the random walk",
        "Prognoses die van de toevalswandeling verloren",
        "forecasts that beat the random walk; the earlier ones of these series did not",
        "prognoses die het van de toevalswandeling winnen; de eerdere van deze reeksen deden dat niet",
    ),
    Code(
        "FORECAST-06",
        "note",
        "Newest week that its source will correct",
        "Nieuwste week die de bron nog corrigeert",
        "figures that are final; the source nearly always corrects its newest week the same way, so the forecast "
        "already did",
        "definitieve cijfers; de bron corrigeert de nieuwste week bijna altijd dezelfde kant op, dus deed de "
        "prognose dat al",
    ),
    Code(
        "FORECAST-07",
        "note",
        "Use while there was nothing",
        "Verbruik terwijl er niets was",
        "use of a time in which the site is known to have had stock; it counted none then, or never any: a use below "
        "its norm then says nothing of its need, and is not learnt from",
        "verbruik uit een tijd waarin de locatie zeker voorraad had; zij telde toen niets, of nooit iets, dus zegt een "
        "verbruik onder haar norm niets over haar behoefte en wordt er niet van geleerd",
    ),
)
