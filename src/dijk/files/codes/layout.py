"""Findings on files, sheets and headings."""

from dijk.files.codes.code import Code

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
        "Niet gelezen. Noem het naar een tabel om het te laten lezen, zoals voorraad.xlsx of "
        "voorraad.ziekenhuis-a.xlsx.",
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
        "A workbook that unpacks to at most {most}, and to at most {ratio} times its own size; copy the rows "
        "that matter to a new workbook.",
        "Een werkmap die uitpakt tot hoogstens {most}, en hoogstens {ratio} maal de eigen omvang; kopieer de "
        "regels die ertoe doen naar een nieuwe werkmap.",
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
        "A workbook as a spreadsheet program writes it; this one carries definitions (DTD, entities) that no "
        "such program makes. Copy the rows to a new workbook.",
        "Een werkmap zoals een rekenprogramma die schrijft; deze bevat definities (DTD, entiteiten) die zo'n "
        "programma niet maakt. Kopieer de regels naar een nieuwe werkmap.",
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
        "As many cells as there are headings; values may have shifted. A text or number with the separator in it "
        "belongs in quotes.",
        "Evenveel cellen als koppen; waarden kunnen verschoven zijn. Een tekst of getal met het "
        "scheidingsteken erin hoort tussen aanhalingstekens.",
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
        "Regels op het eerste blad, of bladen die naar tabellen heten; noem dit blad naar zijn tabel om het te "
        "laten lezen.",
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
