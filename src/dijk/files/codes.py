"""Every finding that reading files can give: its code, how grave it is, and what was wanted, in English and Dutch.

Codes are stable: a text may improve, a code never changes its meaning. Gaps in braces are filled where the finding is made.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """What a code says. ``title`` and ``titel`` are for the reference page; ``en`` and ``nl`` say what was wanted and what to do."""

    severity: str
    title: str
    titel: str
    en: str
    nl: str


FILE = {
    "FILE-01": Code(
        "error",
        "No folder, or no table in it",
        "Geen map, of geen tabel erin",
        "A folder with files named after the tables, such as stock.xlsx or voorraad.csv.",
        "Een map met bestanden die naar de tabellen heten, zoals voorraad.xlsx of stock.csv.",
    ),
    "FILE-02": Code(
        "note",
        "File that is no table",
        "Bestand dat geen tabel is",
        "Not read. To have it read, name it after a table, such as stock.xlsx or stock.hospital-a.xlsx.",
        "Niet gelezen. Noem het naar een tabel om het te laten lezen, zoals voorraad.xlsx of voorraad.ziekenhuis-a.xlsx.",
    ),
    "FILE-03": Code(
        "error",
        "File that cannot be opened",
        "Bestand dat niet open kan",
        "A file that can be opened; close it in other programs and see who may read it.",
        "Een bestand dat open kan; sluit het in andere programma's en kijk wie het mag lezen.",
    ),
    "FILE-04": Code(
        "error",
        "File that is too large",
        "Te groot bestand",
        "A file of at most {most}; split it into {table}.1.csv, {table}.2.csv and so on.",
        "Een bestand van hoogstens {most}; knip het in {table}.1.csv, {table}.2.csv enzovoort.",
    ),
    "FILE-05": Code(
        "error",
        "Empty file",
        "Leeg bestand",
        "A heading row with rows below it; this file is empty. Save it again, or leave it out.",
        "Een rij met koppen en daaronder regels; dit bestand is leeg. Sla het opnieuw op, of laat het weg.",
    ),
    "FILE-06": Code(
        "note",
        "Table without rows",
        "Tabel zonder regels",
        "Read as a table without rows: nothing is known, which is not the same as zero.",
        "Gelezen als tabel zonder regels: er is niets bekend, en dat is niet hetzelfde als nul.",
    ),
    "FILE-07": Code(
        "error",
        "File of another kind than its name says",
        "Bestand van een andere soort dan de naam zegt",
        "What the name promises; inside it is {kind}. Open it and save it as an Excel workbook (.xlsx) or as CSV.",
        "Wat de naam belooft; het is {kind}. Open het en sla het op als Excel-werkmap (.xlsx) of als CSV.",
    ),
    "FILE-08": Code(
        "error",
        "Old or other kind of spreadsheet",
        "Oud of ander soort rekenblad",
        "An Excel workbook (.xlsx), CSV or Parquet; open this file and save it as .xlsx.",
        "Een Excel-werkmap (.xlsx), CSV of Parquet; open dit bestand en sla het op als .xlsx.",
    ),
    "FILE-09": Code(
        "error",
        "Workbook with a password",
        "Werkmap met een wachtwoord",
        "A workbook without a password; open it and take the password off (File, Info, Protect Workbook).",
        "Een werkmap zonder wachtwoord; open haar en haal het wachtwoord eraf (Bestand, Info, Werkmap beveiligen).",
    ),
    "FILE-10": Code(
        "error",
        "Damaged or incomplete file",
        "Beschadigd of onvolledig bestand",
        "A whole file; this one is damaged or was cut off on its way. Save it or send it again.",
        "Een heel bestand; dit is beschadigd of onderweg afgebroken. Sla het opnieuw op of stuur het opnieuw.",
    ),
    "FILE-11": Code(
        "error",
        "Workbook that unpacks to too much",
        "Werkmap die te groot uitpakt",
        "A workbook that unpacks to at most {most}, and to at most {ratio} times its own size; copy the rows that matter to a new workbook.",
        "Een werkmap die uitpakt tot hoogstens {most}, en hoogstens {ratio} maal de eigen omvang; kopieer de regels die ertoe doen naar een nieuwe werkmap.",
    ),
    "FILE-12": Code(
        "error",
        "Too many rows",
        "Te veel regels",
        "At most {most} rows in one {what}; save a table of this size as CSV or Parquet, or split it.",
        "Hoogstens {most} regels in één {what}; sla een tabel van deze omvang op als CSV of Parquet, of knip haar.",
    ),
    "FILE-13": Code(
        "error",
        "Too many columns, sheets or cells",
        "Te veel kolommen, bladen of cellen",
        "At most {most} {what}; keep only the columns and sheets of the table.",
        "Hoogstens {most} {what}; houd alleen de kolommen en bladen van de tabel.",
    ),
    "FILE-14": Code(
        "error",
        "Workbook with forbidden definitions",
        "Werkmap met verboden definities",
        "A workbook as a spreadsheet program writes it; this one carries definitions (DTD, entities) that no such program makes. Copy the rows to a new workbook.",
        "Een werkmap zoals een rekenprogramma die schrijft; deze bevat definities (DTD, entiteiten) die zo'n programma niet maakt. Kopieer de regels naar een nieuwe werkmap.",
    ),
    "FILE-15": Code(
        "note",
        "Text in an older encoding",
        "Tekst in een oudere codering",
        "Read as {encoding}; look whether names with accents came through. UTF-8 leaves no doubt.",
        "Gelezen als {encoding}; kijk of namen met accenten goed overkwamen. UTF-8 laat geen twijfel.",
    ),
    "FILE-16": Code(
        "error",
        "Row with more cells than headings",
        "Regel met meer cellen dan koppen",
        "As many cells as there are headings; values may have shifted. A text or number with the separator in it belongs in quotes.",
        "Evenveel cellen als koppen; waarden kunnen verschoven zijn. Een tekst of getal met het scheidingsteken erin hoort tussen aanhalingstekens.",
    ),
    "FILE-17": Code(
        "warning",
        "Row with fewer cells than headings",
        "Regel met minder cellen dan koppen",
        "As many cells as there are headings. The missing ones at the end were taken as empty.",
        "Evenveel cellen als koppen. De ontbrekende aan het eind zijn als leeg gelezen.",
    ),
    "FILE-18": Code(
        "error",
        "Quotation mark that is never closed",
        "Aanhalingsteken dat niet wordt gesloten",
        "A closing quotation mark; from this row on everything reads as one cell.",
        "Een sluitend aanhalingsteken; vanaf deze regel wordt alles als één cel gelezen.",
    ),
    "FILE-19": Code(
        "warning",
        "Sheet that was not read",
        "Blad dat niet gelezen is",
        "Rows on the first sheet, or sheets named after tables; name this sheet after its table to have it read.",
        "Regels op het eerste blad, of bladen die naar tabellen heten; noem dit blad naar zijn tabel om het te laten lezen.",
    ),
    "FILE-20": Code(
        "note",
        "Hidden sheet",
        "Verborgen blad",
        "This sheet is hidden, and it was read because it is named after a table.",
        "Dit blad is verborgen, en is gelezen omdat het naar een tabel heet.",
    ),
    "FILE-21": Code(
        "warning",
        "Garbled letters",
        "Verminkte letters",
        "Letters with their accents; this looks like a text that was saved in one encoding and opened in another.",
        "Letters met hun accenten; dit lijkt een tekst die in de ene codering is opgeslagen en in de andere geopend.",
    ),
    "FILE-22": Code(
        "note",
        "Macros left aside",
        "Macro's buiten beschouwing",
        "Only the cells were read; macros are never run.",
        "Alleen de cellen zijn gelezen; macro's worden nooit uitgevoerd.",
    ),
}

SHEET = {
    "SHEET-01": Code(
        "note",
        "Rows above the heading",
        "Regels boven de koppen",
        "The heading was found in row {heading}; the rows above it were left aside.",
        "De koppen staan in rij {heading}; de rijen erboven zijn overgeslagen.",
    ),
    "SHEET-02": Code(
        "note",
        "Hidden rows",
        "Verborgen rijen",
        "Hidden rows count like any other; delete them if they should not.",
        "Verborgen rijen tellen gewoon mee; verwijder ze als dat niet moet.",
    ),
    "SHEET-03": Code(
        "note",
        "Hidden columns",
        "Verborgen kolommen",
        "Hidden columns count like any other; delete them if they should not.",
        "Verborgen kolommen tellen gewoon mee; verwijder ze als dat niet moet.",
    ),
    "SHEET-04": Code(
        "note",
        "Filtered sheet",
        "Gefilterd blad",
        "Rows that the filter hides count like any other; clear the filter to see them.",
        "Rijen die het filter verbergt tellen gewoon mee; wis het filter om ze te zien.",
    ),
    "SHEET-05": Code(
        "note",
        "Merged cells",
        "Samengevoegde cellen",
        "The value of a merged cell was taken for each of its rows.",
        "De waarde van een samengevoegde cel is voor elk van haar rijen genomen.",
    ),
    "SHEET-06": Code(
        "note",
        "Row with a total",
        "Regel met een totaal",
        "Left out: a total is reckoned, never read.",
        "Overgeslagen: een totaal wordt berekend, nooit gelezen.",
    ),
    "SHEET-07": Code(
        "note",
        "Blank rows between rows",
        "Lege regels tussen de regels",
        "Blank rows were left out; the rows below them were read.",
        "Lege regels zijn overgeslagen; de regels eronder zijn gelezen.",
    ),
    "SHEET-08": Code(
        "note",
        "Heading repeated among the rows",
        "Koppen herhaald tussen de regels",
        "Left out: this row repeats the heading.",
        "Overgeslagen: deze regel herhaalt de koppen.",
    ),
    "SHEET-09": Code(
        "warning",
        "Row with a single cell",
        "Regel met één cel",
        "A whole row; this one has only one filled cell and was left out as a remark.",
        "Een hele regel; deze heeft één gevulde cel en is als opmerking overgeslagen.",
    ),
    "SHEET-10": Code(
        "note",
        "Heading over two rows",
        "Koppen over twee rijen",
        "The headings were read from two rows together.",
        "De koppen zijn uit twee rijen samen gelezen.",
    ),
    "SHEET-11": Code(
        "note",
        "Ditto marks",
        "Aanhalingstekens voor hetzelfde",
        "The value of the row above was taken; write it out to be sure.",
        "De waarde van de regel erboven is genomen; schrijf haar uit om zeker te zijn.",
    ),
    "SHEET-12": Code(
        "note",
        "Row of units under the heading",
        "Regel met eenheden onder de koppen",
        "Left out: this row explains the headings.",
        "Overgeslagen: deze regel licht de koppen toe.",
    ),
}

HEAD = {
    "HEAD-01": Code(
        "error",
        "No heading found",
        "Geen koppen gevonden",
        "A row with the headings of this table: {columns}.",
        "Een rij met de koppen van deze tabel: {columns}.",
    ),
    "HEAD-02": Code(
        "error",
        "Column that is missing",
        "Kolom die ontbreekt",
        "A column {column}: {meaning} {hint}",
        "Een kolom {column}: {meaning} {hint}",
    ),
    "HEAD-03": Code(
        "error",
        "The same column twice",
        "Twee keer dezelfde kolom",
        "One column {column}; the second was not read. Delete the one that does not count.",
        "Eén kolom {column}; de tweede is niet gelezen. Verwijder de kolom die niet telt.",
    ),
    "HEAD-04": Code(
        "note",
        "Column that is not in the table",
        "Kolom die niet in de tabel hoort",
        "Left aside: the table has no such column. {hint}",
        "Buiten beschouwing: de tabel kent deze kolom niet. {hint}",
    ),
    "HEAD-05": Code(
        "note",
        "Column that was filled in",
        "Kolom die is aangevuld",
        "The file does not say {column}; taken for each row: {value}.",
        "Het bestand zegt niet {column}; voor elke regel genomen: {value}.",
    ),
    "HEAD-06": Code(
        "warning",
        "Cells under no heading",
        "Cellen zonder kop erboven",
        "A heading above each column; these cells were not read.",
        "Een kop boven elke kolom; deze cellen zijn niet gelezen.",
    ),
    "HEAD-07": Code(
        "warning",
        "Heading with a spelling mistake",
        "Kop met een spelfout",
        "Read as {column}; correct the heading.",
        "Gelezen als {column}; verbeter de kop.",
    ),
}

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
        "error", "Code that is too long", "Te lange code", "A code of at most {most} characters.", "Een code van hoogstens {most} tekens."
    ),
    "CELL-05": Code(
        "warning",
        "Number where a code belongs",
        "Getal waar een code hoort",
        "A code as text; stored as a number it may have lost zeros at the front. Set the column to Text and type it again.",
        "Een code als tekst; als getal kan zij voorloopnullen zijn kwijtgeraakt. Zet de kolom op Tekst en typ haar opnieuw.",
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
        "The whole code; the spreadsheet has rounded it and digits are lost. Set the column to Text and type the code again.",
        "De hele code; het rekenblad heeft haar afgerond en er zijn cijfers verloren. Zet de kolom op Tekst en typ de code opnieuw.",
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
        "error", "Word that is not in the list", "Woord dat niet in de lijst staat", "One of: {options}.", "Een van: {options}."
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
}

NUM = {
    "NUM-01": Code("error", "Number that is too low", "Te laag getal", "{kind} of {least} or more.", "{kind} van {least} of meer."),
    "NUM-02": Code("error", "Number that is not whole", "Getal dat niet heel is", "A whole number of {unit}.", "Een heel getal ({unit})."),
    "NUM-03": Code("error", "No number", "Geen getal", "A number: {meaning}", "Een getal: {meaning}"),
    "NUM-04": Code(
        "warning",
        "Number beyond belief",
        "Ongeloofwaardig getal",
        "At most {most}; it was counted as that. Correct it, or say why it holds.",
        "Hoogstens {most}; het telt als dat getal. Verbeter het, of zeg waarom het klopt.",
    ),
    "NUM-05": Code(
        "error", "Number that is too high", "Te hoog getal", "{kind} of at most {most}. {hint}", "{kind} van hoogstens {most}. {hint}"
    ),
    "NUM-06": Code(
        "warning",
        "Point or comma that can mean two things",
        "Punt of komma die twee dingen kan betekenen",
        "A number without doubt; nothing in this column shows whether the sign marks thousands or decimals. Read as {reading}.",
        "Een getal zonder twijfel; niets in deze kolom laat zien of het teken duizendtallen of decimalen scheidt. Gelezen als {reading}.",
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
        "Stuks, of een artikel waarvan de stuks per doos bekend zijn (tabel product). Dozen zijn hier niet om te rekenen.",
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
    "NUM-16": Code("note", "Number in thousands", "Getal in duizendtallen", "Multiplied by {factor}.", "Vermenigvuldigd met {factor}."),
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
    "DATE-06": Code("note", "Year of two digits", "Jaartal van twee cijfers", "Read as {reading}.", "Gelezen als {reading}."),
    "DATE-07": Code(
        "note",
        "Moment without a time",
        "Moment zonder tijd",
        "A moment in UTC; taken as {value}.",
        "Een moment in UTC; genomen als {value}.",
    ),
    "DATE-08": Code(
        "error", "No moment", "Geen moment", "A moment in UTC such as 2020-04-27 10:00.", "Een moment in UTC, zoals 2020-04-27 10:00."
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
    "ROW-03": Code("error", "Rule of the table that is broken", "Regel van de tabel die niet klopt", "{rule}", "{rule}"),
}

CODES: dict[str, Code] = FILE | SHEET | HEAD | CELL | NUM | DATE | ROW
"""All of them, by code."""
