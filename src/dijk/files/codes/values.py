"""Findings on cells, numbers, dates and rows."""

from dijk.files.codes.code import Code

CELL = {
    "CELL-01": Code("error", "Empty cell", "Lege cel", "A value: {meaning}", "Een waarde: {meaning}"),
    "CELL-02": Code(
        "note",
        "Spaces around a text",
        "Spaties rond een tekst",
        "Spaces before and after were taken off.",
        "Spaties ervoor en erna zijn weggehaald.",
    ),
    "CELL-03": Code(
        "warning",
        "Text that is too long",
        "Te lange tekst",
        "At most {most} characters; the rest was cut off.",
        "Hoogstens {most} tekens; de rest is afgekapt.",
    ),
    "CELL-04": Code(
        "error",
        "Code that is too long",
        "Te lange code",
        "A code of at most {most} characters.",
        "Een code van hoogstens {most} tekens.",
    ),
    "CELL-05": Code(
        "warning",
        "Number where a code belongs",
        "Getal waar een code hoort",
        "A code as text; stored as a number it may have lost zeros at the front. Set the column to Text and type "
        "it again.",
        "Een code als tekst; als getal kan zij voorloopnullen zijn kwijtgeraakt. Zet de kolom op Tekst en typ "
        "haar opnieuw.",
    ),
    "CELL-06": Code(
        "note",
        "Codes stored as numbers",
        "Codes opgeslagen als getal",
        "Read as they are shown; zeros at the front would be lost.",
        "Gelezen zoals ze er staan; voorloopnullen zouden verloren zijn.",
    ),
    "CELL-07": Code(
        "error",
        "Code in scientific notation",
        "Code in wetenschappelijke notatie",
        "The whole code; the spreadsheet has rounded it and digits are lost. Set the column to Text and type the "
        "code again.",
        "De hele code; het rekenblad heeft haar afgerond en er zijn cijfers verloren. Zet de kolom op Tekst en "
        "typ de code opnieuw.",
    ),
    "CELL-08": Code(
        "error",
        "Formula with an error",
        "Formule met een fout",
        "A value; the formula in this cell ends in an error. Repair it, or type the value.",
        "Een waarde; de formule in deze cel geeft een fout. Herstel haar, of typ de waarde.",
    ),
    "CELL-09": Code(
        "error",
        "Formula that was never calculated",
        "Formule die nooit is uitgerekend",
        "A value; open the file in a spreadsheet program and save it, so that the formula is calculated.",
        "Een waarde; open het bestand in een rekenprogramma en sla het op, zodat de formule wordt uitgerekend.",
    ),
    "CELL-10": Code(
        "error",
        "Word that is not in the list",
        "Woord dat niet in de lijst staat",
        "One of: {options}.",
        "Een van: {options}.",
    ),
    "CELL-11": Code("error", "Neither yes nor no", "Geen ja en geen nee", "yes or no.", "ja of nee."),
    "CELL-12": Code(
        "warning",
        "Article number that does not add up",
        "Artikelnummer dat niet klopt",
        "A GTIN of 8, 12, 13 or 14 digits whose last digit checks the others; compare it with the package.",
        "Een GTIN van 8, 12, 13 of 14 cijfers waarvan het laatste de andere controleert; vergelijk met de verpakking.",
    ),
    "CELL-13": Code(
        "note",
        "Empty cell that was filled in",
        "Lege cel die is aangevuld",
        "Taken where nothing was given: {value}.",
        "Genomen waar niets stond: {value}.",
    ),
    "CELL-14": Code(
        "note",
        "Word for nothing in a cell that may be empty",
        "Woord voor niets in een cel die leeg mag zijn",
        "Kept as empty: not known, or not applicable.",
        "Bewaard als leeg: niet bekend, of niet van toepassing.",
    ),
}

NUM = {
    "NUM-01": Code(
        "error", "Number that is too low", "Te laag getal", "{kind} of {least} or more.", "{kind} van {least} of meer."
    ),
    "NUM-02": Code(
        "error",
        "Number that is not whole",
        "Getal dat niet heel is",
        "A whole number of {unit}.",
        "Een heel getal ({unit}).",
    ),
    "NUM-03": Code("error", "No number", "Geen getal", "A number: {meaning}", "Een getal: {meaning}"),
    "NUM-04": Code(
        "warning",
        "Number beyond belief",
        "Ongeloofwaardig getal",
        "At most {most}; it was counted as that. Correct it, or say why it holds.",
        "Hoogstens {most}; het telt als dat getal. Verbeter het, of zeg waarom het klopt.",
    ),
    "NUM-05": Code(
        "error",
        "Number that is too high",
        "Te hoog getal",
        "{kind} of at most {most}. {hint}",
        "{kind} van hoogstens {most}. {hint}",
    ),
    "NUM-06": Code(
        "warning",
        "Point or comma that can mean two things",
        "Punt of komma die twee dingen kan betekenen",
        "A number without doubt; nothing in this column shows whether the sign marks thousands or decimals. Read "
        "as {reading}.",
        "Een getal zonder twijfel; niets in deze kolom laat zien of het teken duizendtallen of decimalen scheidt. "
        "Gelezen als {reading}.",
    ),
    "NUM-07": Code(
        "warning",
        "Points and commas used in two ways",
        "Punten en komma's op twee manieren gebruikt",
        "One way of writing in the whole column; this number was read as {reading}.",
        "Eén schrijfwijze in de hele kolom; dit getal is gelezen als {reading}.",
    ),
    "NUM-08": Code(
        "note",
        "Rough number",
        "Rond getal",
        "Read as {reading}, marked as estimated.",
        "Gelezen als {reading}, aangemerkt als geschat.",
    ),
    "NUM-09": Code(
        "note",
        "No number, with a reason",
        "Geen getal, met een reden",
        "Kept as unknown, reason: {reason}. Unknown is not zero.",
        "Bewaard als onbekend, reden: {reason}. Onbekend is niet nul.",
    ),
    "NUM-10": Code(
        "warning",
        "Quantity that cannot be read",
        "Hoeveelheid die niet te lezen is",
        "One number, or a reason for having none (0 if there is truly nothing). Kept as unknown, reason: unreadable.",
        "Eén getal, of een reden waarom er geen is (0 als er echt niets is). Bewaard als onbekend, reden: onleesbaar.",
    ),
    "NUM-11": Code(
        "warning",
        "Empty quantity without a reason",
        "Lege hoeveelheid zonder reden",
        "A number (0 if there is nothing) or a reason. Kept as unknown, reason: not counted.",
        "Een getal (0 als er niets is) of een reden. Bewaard als onbekend, reden: niet geteld.",
    ),
    "NUM-12": Code(
        "note",
        "Packs turned into pieces",
        "Dozen omgerekend naar stuks",
        "Pieces; packs were multiplied by the pieces in a pack of the article.",
        "Stuks; dozen zijn vermenigvuldigd met het aantal stuks in een doos van het artikel.",
    ),
    "NUM-13": Code(
        "error",
        "Packs of unknown size",
        "Dozen van onbekende grootte",
        "Pieces, or an article whose pieces per pack are known (table product). Packs cannot be reckoned here.",
        "Stuks, of een artikel waarvan de stuks per doos bekend zijn (tabel product). Dozen zijn hier niet om te "
        "rekenen.",
    ),
    "NUM-14": Code(
        "note",
        "Pairs and singles reckoned",
        "Paren en losse stuks omgerekend",
        "Pieces as the need counts them ({piece}); the numbers were reckoned.",
        "Stuks zoals de behoefte telt ({piece}); de getallen zijn omgerekend.",
    ),
    "NUM-15": Code(
        "error",
        "Pairs or singles that cannot be reckoned",
        "Paren of losse stuks die niet om te rekenen zijn",
        "Pieces as the need counts them. {why}",
        "Stuks zoals de behoefte telt. {why}",
    ),
    "NUM-16": Code(
        "note",
        "Number in thousands",
        "Getal in duizendtallen",
        "Multiplied by {factor}.",
        "Vermenigvuldigd met {factor}.",
    ),
    "NUM-17": Code(
        "note",
        "Unit beside the number",
        "Eenheid bij het getal",
        "The number alone; the unit was understood ({unit}).",
        "Alleen het getal; de eenheid is begrepen ({unit}).",
    ),
    "NUM-18": Code(
        "note",
        "Percentages turned into shares",
        "Percentages omgerekend naar delen",
        "A share from 0 to 1; percentages were divided by 100.",
        "Een deel van 0 tot 1; percentages zijn door 100 gedeeld.",
    ),
    "NUM-19": Code(
        "error",
        "Unit that does not fit",
        "Eenheid die niet past",
        "A number in {unit}; this unit cannot be reckoned to it.",
        "Een getal in {unit}; deze eenheid is daar niet naar om te rekenen.",
    ),
    "NUM-20": Code(
        "warning",
        "Dozen: boxes or twelve",
        "Dozen: verpakkingen of twaalftallen",
        "A unit without doubt: 'packs' or 'pieces'. In Dutch 'dozen' means packs, and so it was read.",
        "Een eenheid zonder twijfel: 'dozen' is hier gelezen als verpakkingen, niet als twaalftallen.",
    ),
    "NUM-21": Code(
        "error",
        "Both a number and a reason for having none",
        "Een getal én een reden waarom er geen is",
        "Either a number or a reason for having none; clear one of the two.",
        "Een getal of een reden waarom er geen is; wis een van de twee.",
    ),
    "NUM-22": Code(
        "note",
        "Pieces and packs side by side",
        "Stuks en dozen naast elkaar",
        "The column of pieces counts; the packs beside it were left aside.",
        "De kolom met stuks telt; de dozen ernaast zijn buiten beschouwing gelaten.",
    ),
    "NUM-23": Code(
        "error",
        "Date where a number belongs",
        "Datum waar een getal hoort",
        "A number; the spreadsheet has made a date of it. Set the column to Number and type it again.",
        "Een getal; het rekenblad heeft er een datum van gemaakt. Zet de kolom op Getal en typ het opnieuw.",
    ),
    "NUM-24": Code(
        "warning",
        "Pack size that differs from the register",
        "Doosgrootte die afwijkt van het register",
        "The pieces per pack of the product table; the size given in this row was used.",
        "De stuks per doos van de tabel product; de grootte uit deze regel is gebruikt.",
    ),
}

DATE = {
    "DATE-01": Code("error", "No date", "Geen datum", "A date such as 27-04-2020.", "Een datum, zoals 27-04-2020."),
    "DATE-02": Code(
        "error",
        "Date out of bounds",
        "Datum buiten de grenzen",
        "A date from {first} to {last}; look at the year.",
        "Een datum van {first} tot en met {last}; kijk naar het jaar.",
    ),
    "DATE-03": Code(
        "note",
        "Date shown as a number",
        "Datum als getal",
        "Read as the day that the spreadsheet means by it ({reading}); set the column to Date to see it.",
        "Gelezen als de dag die het rekenblad ermee bedoelt ({reading}); zet de kolom op Datum om het te zien.",
    ),
    "DATE-04": Code(
        "warning",
        "Month before day",
        "Maand voor de dag",
        "Day before month; in this column the month comes first, and so it was read ({reading}).",
        "Dag voor maand; in deze kolom staat de maand voorop, en zo is zij gelezen ({reading}).",
    ),
    "DATE-05": Code(
        "error",
        "Day and month in two orders",
        "Dag en maand in twee volgordes",
        "One order in the whole column, day before month; this date fits only the other order.",
        "Eén volgorde in de hele kolom, dag voor maand; deze datum past alleen in de andere volgorde.",
    ),
    "DATE-06": Code(
        "note", "Year of two digits", "Jaartal van twee cijfers", "Read as {reading}.", "Gelezen als {reading}."
    ),
    "DATE-07": Code(
        "note",
        "Moment without a time",
        "Moment zonder tijd",
        "A moment in UTC; taken as {value}.",
        "Een moment in UTC; genomen als {value}.",
    ),
    "DATE-08": Code(
        "error",
        "No moment",
        "Geen moment",
        "A moment in UTC such as 2020-04-27 10:00.",
        "Een moment in UTC, zoals 2020-04-27 10:00.",
    ),
}

ROW = {
    "ROW-01": Code(
        "note",
        "The same row more than once",
        "Dezelfde regel meermaals",
        "Counted once: these rows are the same in every column.",
        "Eén keer geteld: deze regels zijn in elke kolom gelijk.",
    ),
    "ROW-02": Code(
        "error",
        "Rows that contradict each other",
        "Regels die elkaar tegenspreken",
        "One row for each {key}; these rows say different things of the same. Keep the right one.",
        "Eén regel per {key}; deze regels zeggen iets anders over hetzelfde. Bewaar de juiste.",
    ),
    "ROW-04": Code(
        "warning",
        "Expired goods that are said to be approved",
        "Verlopen goederen die goedgekeurd heten",
        "Status 'expired' for goods past their last day of use, or the right day.",
        "Status 'verlopen' voor goederen na hun laatste dag van gebruik, of de juiste dag.",
    ),
    "ROW-05": Code(
        "error",
        "A code that no register has",
        "Een code die in geen register staat",
        "A code that stands in the table {register}. Add it there, or mend it here.",
        "Een code die in de tabel {register} staat. Voeg hem daar toe, of verbeter hem hier.",
    ),
    "ROW-03": Code(
        "error", "Rule of the table that is broken", "Regel van de tabel die niet klopt", "{rule}", "{rule}"
    ),
}
