"""Invented register rows, the same for the same number of them.

As many companies as rows, less the sisters: one company in ten has a few workplaces. CVR numbers pass
modulus 11 and begin with 9, P-numbers with 99, which the register does not use.
"""

import csv
import json
import random

HEADINGS = [
    "CVR-nummer", "P-nummer", "Navn", "Adresse", "Postnr.", "By", "Kommunekode", "Hovedbranche", "Antal ansatte",
    "Telefon", "E-mail", "Reklamebeskyttet", "Virksomhedsform", "Startdato",
]  # fmt: skip
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_FIRST = ["Bøge", "Ege", "Ål", "Sø", "Strand", "Kær", "Mølle", "Øster", "Vester", "Nørre", "Birke", "Tranum", "Ærø"]
_SECOND = ["gaard", "bjerg", "dal", "vang", "toft", "holm", "lund", "bæk", "skov", "høj", "rup", "by", "næs"]
_TRADES = ["Tømrer", "El", "VVS", "Rengøring", "Transport", "Køkken", "Handel", "Revision", "Gartneri", "Bageri"]
_FORMS = [("Anpartsselskab", "ApS"), ("Aktieselskab", "A/S"), ("Interessentskab", "I/S")]
_TOWNS = [("4600", "Køge", "259"), ("2670", "Greve", "253"), ("4000", "Roskilde", "265"), ("8000", "Aarhus C", "751")]
_BRANCHES = ["433200", "561110", "011100", "620200", "812100", "478100"]
# One per cent of the rows differ the next time.
CHANGED_EVERY = 100
_EMPLOYEES = ["", "1", "2-4", "5-9", "12", "20-49", "143", "ANTAL_1000_999999"]


def cvr_numbers():
    """Valid CVR numbers from 90000000 up."""
    for stem in range(9_000_000, 10_000_000):
        check = -sum(int(digit) * weight for digit, weight in zip(str(stem), _WEIGHTS, strict=True)) % 11
        if check < 10:
            yield f"{stem}{check}"


def generate(number):
    """Yields `number` rows as lists of cells, in the order of `HEADINGS`."""
    chance = random.Random(20261124)
    numbers = cvr_numbers()
    left = 0
    for serial in range(number):
        if not left:
            left = chance.randint(2, 8) if chance.random() < 0.1 else 1
            cvr = next(numbers)
            form, suffix = chance.choice(_FORMS)
            name = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)} {chance.choice(_TRADES)} {serial} {suffix}"
        left -= 1
        postcode, town, municipality = chance.choice(_TOWNS)
        street = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)}vej {chance.randint(1, 300)}"
        yield [
            cvr, f"{9_900_000_000 + serial}", name, street, postcode, town, municipality, chance.choice(_BRANCHES),
            chance.choice(_EMPLOYEES), f"{chance.randint(20, 99)}{serial:06}", f"post{serial}@example.dk",
            chance.choice(["Ja", "Nej"]), form, f"{chance.randint(1980, 2025)}-{chance.randint(1, 12):02}-01",
        ]  # fmt: skip


def write(path, number):
    """The rows as a file of the kind its name says, in an order that helps nobody."""
    rows = list(generate(number))
    random.Random(11).shuffle(rows)
    {".csv": _as_csv, ".ndjson": _as_documents, ".xlsx": _as_workbook}[path.suffix](path, rows)


def write_next(path, number):
    """The CSV file of the next night: one row in a hundred has another telephone number."""
    rows = list(generate(number))
    for row in rows[::CHANGED_EVERY]:
        row[9] = f"99{row[9][2:]}"
    random.Random(12).shuffle(rows)
    _as_csv(path, rows)


def changed(number):
    """How many rows `write_next` changes."""
    return len(range(0, number, CHANGED_EVERY))


def _as_csv(path, rows):
    with open(path, "w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(rows)


def _as_workbook(path, rows):
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Register")
        for number, cells in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, cells)


def _as_documents(path, rows):
    """One document a line, as the register's search gives them: what is true now beside what has been."""
    with open(path, "w", encoding="utf-8") as target:
        for row in rows:
            target.write(json.dumps({"_source": {"VrproduktionsEnhed": _unit(dict(zip(HEADINGS, row, strict=True)))}}))
            target.write("\n")


def _unit(told):
    began = told["Startdato"]

    def history(**facts):
        before = {"gyldigFra": began, "gyldigTil": "2019-12-31"}
        now = {"gyldigFra": "2020-01-01", "gyldigTil": None}
        old = dict.fromkeys(facts, "1") | {"hemmelig": False}
        return [old | {"periode": before}, facts | {"periode": now, "sidstOpdateret": "2020-01-01T10:00:00.000+01:00"}]

    road, _blank, house = told["Adresse"].rpartition(" ")
    count = told["Antal ansatte"]
    interval = count if count.startswith("ANTAL") else f"ANTAL_{count.replace('-', '_')}" if "-" in count else None
    return {
        "pNummer": int(told["P-nummer"]),
        "virksomhedsrelation": [
            {"cvrNummer": int(told["CVR-nummer"]), "periode": {"gyldigFra": began, "gyldigTil": None}}
        ],
        "reklamebeskyttet": told["Reklamebeskyttet"] == "Ja",
        "navne": history(navn=told["Navn"]),
        "beliggenhedsadresse": history(
            vejnavn=road,
            husnummerFra=int(house),
            postnummer=int(told["Postnr."]),
            postdistrikt=told["By"],
            kommune={"kommuneKode": int(told["Kommunekode"])},
        ),
        "telefonNummer": history(kontaktoplysning=told["Telefon"]),
        "elektroniskPost": history(kontaktoplysning=told["E-mail"]),
        "livsforloeb": [{"periode": {"gyldigFra": began, "gyldigTil": None}}],
        "hovedbranche": history(branchekode=told["Hovedbranche"], branchetekst=""),
        "kvartalsbeskaeftigelse": [
            {
                "aar": 2026,
                "kvartal": 2,
                "antalAnsatte": None if interval or not count else int(count),
                "intervalKodeAntalAnsatte": interval,
            }
        ],
        "produktionsEnhedMetadata": {"sammensatStatus": "Aktiv"},
        "sidstOpdateret": "2026-10-01T10:00:00.000+02:00",
    }
