"""Invented register rows, the same for the same number of them.

As many companies as rows, less the sisters: one company in ten has a few workplaces. CVR numbers pass
modulus 11 and begin with 9, P-numbers with 99, which the register does not use.
"""

import csv
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
    """The rows as a CSV file in an order that helps nobody."""
    rows = list(generate(number))
    random.Random(11).shuffle(rows)
    with open(path, "w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(rows)
