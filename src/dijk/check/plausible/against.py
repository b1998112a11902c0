"""Against what a value is held, in English and Dutch, as the findings say it."""

Words = tuple[str, str]

NORM_BEFORE: Words = ("this norm before", "deze norm ervoor")
COVERAGE_BEFORE: Words = ("its coverage before", "de dekking ervoor")
RULE_BEFORE: Words = ("this rule before", "deze regel ervoor")
SITES_DAY_BEFORE: Words = ("the site's day before", "de dag ervoor van de locatie")
PERIOD_BEFORE: Words = ("the site's period before", "de periode ervoor van de locatie")
DAY_BEFORE: Words = ("the day before", "de dag ervoor")
DELIVERY_BEFORE: Words = ("the delivery before of the same", "de levering ervoor van hetzelfde")
FIGURE_BEFORE: Words = ("this figure before", "dit cijfer ervoor")
EARLIER_ROW: Words = ("its earlier row", "de eerdere regel ervan")
OTHER_SECTORS: Words = (
    "other sectors with the same need and driver",
    "andere sectoren met dezelfde behoefte en drijver",
)
OTHER_STAGES: Words = ("its other stages of reuse", "de andere hergebruikfasen")
OTHER_SECTORS_OF_NEED: Words = ("other sectors with the same need", "andere sectoren met dezelfde behoefte")
SECTOR_BY_SIZE: Words = ("sites of the sector, by size", "locaties van de sector, naar omvang")
SITES_OF_SECTOR: Words = ("sites of the sector", "locaties van de sector")
OTHER_ORDERS: Words = ("other orders of the article", "andere orders van het artikel")
USE_ELSEWHERE: Words = ("use by norm at other sites", "gebruik naar norm op andere locaties")
DELIVERIES_ELSEWHERE: Words = (
    "deliveries to other sites, by norm use",
    "leveringen aan andere locaties, naar normverbruik",
)
OTHER_REQUESTS: Words = ("other requests of the site", "andere aanvragen van de locatie")
STOCK_ELSEWHERE: Words = (
    "other sites of the sector, by norm use",
    "andere locaties van de sector, naar normverbruik",
)
ARTICLES_OF_NEED: Words = ("articles of the need", "artikelen van de behoefte")
DENSITY: Words = ("the density of other articles", "de dichtheid van andere artikelen")
OTHER_ARTICLES: Words = ("other articles", "andere artikelen")
RECORDED_USE: Words = ("use that sites recorded", "gebruik dat locaties opgaven")
NO_CHANGE: Words = ("no change", "geen verandering")
BEFORE_AND_CAME: Words = ("the count before and what came since", "de telling ervoor en wat sindsdien kwam")
HAD_AND_GOT: Words = ("what the site had and got", "wat de locatie had en kreeg")
LOT_COUNTED: Words = (
    "what was counted of the lot where it came from",
    "wat van de partij geteld is waar zij vandaan kwam",
)
ASKED: Words = ("what was asked", "wat gevraagd is")
OUR_COUNTS: Words = ("our own counts", "onze eigen tellingen")
MOST_ORDERED: Words = ("at most what was ordered", "hoogstens wat besteld is")
WHOLE_ORDER: Words = ("all of an order that is received", "alles van een order die ontvangen is")
MOST_ASKED: Words = ("at most what was asked", "hoogstens wat gevraagd is")
ACCEPTING_NEED: Words = ("a need that accepts the article", "een behoefte die het artikel accepteert")
ASKING_SITE: Words = ("the site that asked", "de locatie die vroeg")
ASKED_NEED: Words = ("the need that was asked for", "de behoefte waarom gevraagd is")
REPEATED_SITE: Words = ("the site of the request it repeats", "de locatie van de aanvraag die zij herhaalt")
REPEATED_NEED: Words = ("the need of the request it repeats", "de behoefte van de aanvraag die zij herhaalt")
A_REQUEST: Words = ("a request that there is", "een aanvraag die er is")
A_WAREHOUSE: Words = ("a warehouse or regional hub", "een magazijn of regionaal depot")
ANOTHER_SITE: Words = ("another site than it went to", "een andere locatie dan waar zij heen ging")
ONE_ARTICLE: Words = ("the one article of the lot", "het ene artikel van de partij")
ONE_STATUS: Words = ("the one status of the lot", "de ene status van de partij")
SAME_PIECES: Words = ("the same pieces, counted under", "dezelfde stuks, geteld onder")
SHELF_LIFE: Words = (
    "the day by which goods made that day expire",
    "de dag waarop goederen die toen gemaakt zijn verlopen",
)
THIS_ORDER: Words = ("this order, of the same from the same", "deze order, van hetzelfde bij dezelfde")
THIS_DELIVERY: Words = ("this delivery, of the same", "deze levering, van hetzelfde")
THIS_SITE: Words = ("this site", "deze locatie")
THIS_ORGANISATION: Words = ("this organisation, with the same number", "deze organisatie, met hetzelfde nummer")
NAMED_ORGANISATION: Words = ("this organisation, called nearly the same", "deze organisatie, die bijna zo heet")
THIS_NUMBER: Words = ("this article, with the same number", "dit artikel, met hetzelfde nummer")
THIS_ARTICLE: Words = ("this article", "dit artikel")
THIS_NEED: Words = ("this need, called the same", "deze behoefte, met dezelfde naam")
THIS_REGION: Words = ("this region", "deze regio")
THIS_FENCE: Words = ("this fence, for the same", "dit hek, voor dezelfden")
PERIOD_END: Words = ("the last day of the period before", "de laatste dag van de periode ervoor")
KNOWN_DAY: Words = ("at most the day it became known", "hoogstens de dag waarop het bekend werd")
NEARER_DAY: Words = ("a day nearer to when it became known", "een dag dichter bij wanneer het bekend werd")
CHANGED_ROUND: Words = ("the day with day and month changed round", "de dag met dag en maand omgewisseld")
USUAL_WEEK: Words = ("the week that nearly all others report", "de week die bijna alle anderen opgeven")
AFTER_ORDER: Words = (
    "from the day of the order on, within a year and a half",
    "vanaf de besteldag, binnen anderhalf jaar",
)
AFTER_QUESTION: Words = (
    "from the day of the question on, within two months",
    "vanaf de dag van de vraag, binnen twee maanden",
)
AFTER_HOLDS: Words = ("from the day it holds, within a year", "vanaf de dag dat het geldt, binnen een jaar")
AFTER_REQUEST: Words = ("from the day of the request on", "vanaf de dag van de aanvraag")
AFTER_FIRST: Words = ("not before its first day", "niet voor de eerste dag")
WITHIN_YEAR: Words = ("not a year after it was recorded", "geen jaar nadat het is vastgelegd")
REGIONS_END: Words = ("the last day of its region", "de laatste dag van de regio")
NEEDS_END: Words = ("the last day of its need on the list", "de laatste dag van de behoefte op de lijst")
THE_WHOLE: Words = ("at most the whole; together promised", "hoogstens het geheel; samen beloofd")
ONE_FIRST: Words = ("one need in first place; also", "één behoefte op de eerste plaats; ook")
ONE_SHARE: Words = ("one share for the same", "één deel voor dezelfden")
AN_END: Words = ("an end within twelve weeks", "een einde binnen twaalf weken")
HOLDS_TODAY: Words = ("a row that holds today", "een regel die vandaag geldt")
STATE_BEFORE: Words = ("the state before", "de stand ervoor")
STARTING_VALUE: Words = ("the value that dijk starts from", "de waarde waarmee dijk begint")
THIS_LINE: Words = ("this line of a scenario, of the same", "deze scenarioregel, van hetzelfde")
BEFORE_STILL_OPEN: Words = ("one at a time; not ended, from", "één tegelijk; niet beëindigd, vanaf")
MOST_AT_A_SITE: Words = ("at most so much at one site", "hoogstens zoveel op één locatie")
