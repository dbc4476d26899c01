"""Which column of a file is which of ours."""

import pytest

from companies.register.headings import FLEXIBLE, SYNONYMS, folded, understand
from companies.register.rows import Rules


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("cvr", "cvr"), ("cvrnr", "cvr"), ("CVR-nummer", "cvr"), ("CVR nr.", "cvr"), ("CVR-nummer/REG-nummer", "cvr"),
        ("cvrNummer", "cvr"), (" CVR_NUMMER ", "cvr"), ("virksomhed_cvrnr", "cvr"), ("VAT number", "cvr"),
        ("pnr", "p_number"), ("P-nummer", "p_number"), ("pNummer", "p_number"), ("P nr.", "p_number"), ("p_number", "p_number"),
        ("navn", "name"), ("Virksomhedsnavn", "name"), ("navn_tekst", "name"), ("Firmanavn", "name"), ("Company name", "name"),
        ("adresse", "address"), ("Vejnavn og nr", "address"), ("Vejnavn og nr.", "address"), ("Street address", "address"),
        ("postnr", "postcode"), ("Postnr.", "postcode"), ("Postnummer", "postcode"), ("ZIP", "postcode"),
        ("by", "town"), ("Postdistrikt", "town"), ("Bynavn", "town"), ("City", "town"),
        ("Antal ansatte", "employees"), ("Ansatte", "employees"), ("Antal ansatte (interval)", "employees_interval"),
        ("Hovedbranche", "branch"), ("Branchekode", "branch"), ("hovedbranche_kode", "branch"), ("Industry code", "branch"),
        ("Telefonnr", "phone"), ("Tlf.", "phone"), ("E-mail", "email"), ("email_kontaktoplysning", "email"),
        ("Reklamebeskyttet", "protected"), ("reklame_beskyttelse", "protected"), ("Ophørsdato", "ceased"),
        ("OPHOERSDATO", "ceased"), ("livsforloeb_ophoersdato", "ceased"), ("Kommunekode", "municipality"),
        ("Kommune", "municipality"), ("Virksomhedsform", "form"), ("Startdato", "started"),
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_written(heading, column):
    assert understand([heading]) == {column: 0}


def test_a_heading_that_nobody_knows_means_nothing():
    assert understand(["navnelbnr", "", "Bemærkning", "postadresse_vejnavn", "telefax_kontaktoplysning"]) == {}


def test_no_heading_means_two_things():
    listed = [folded(heading) for text in SYNONYMS.values() for heading in text.split(";")]

    assert len(listed) == len(set(listed))
    assert not set(listed) & set(FLEXIBLE)


def test_every_column_is_one_that_the_rules_know():
    class Everything(dict):
        def __missing__(self, key):
            return 0

    rules = Rules(headings=[], columns=Everything(dict.fromkeys(SYNONYMS, 0)), known=None, today=None)

    used = set().union(*(wanted for _step, wanted in rules._all_steps()))
    parts = {"cvr", "p_number", "number", "number_to", "letter", "letter_to", "floor", "door"}
    periods = {f"{series}_{part}" for series in ("month", "quarter", "year") for part in ("year", "part")} - {
        "year_part"
    }
    assert used | parts | periods == set(SYNONYMS)


def test_the_surer_of_two_headings_is_used():
    assert understand(["Kommune", "Kommunekode"]) == {"municipality": 1}
    assert understand(["Mobil", "Telefon"]) == {"phone": 1}


def test_of_two_equal_headings_the_first_is_used():
    assert understand(["Navn", "Navn"]) == {"name": 0}


def test_a_company_name_beside_a_name_is_the_company_s():
    assert understand(["Virksomhedsnavn", "Navn"]) == {"name": 1, "company_name": 0}
    assert understand(["Juridisk navn"]) == {"name": 0}


def test_a_village_beside_a_town_is_a_place():
    assert understand(["Bynavn", "Postdistrikt"]) == {"place": 0, "town": 1}


def test_a_branch_beside_its_code_is_its_title():
    assert understand(["Hovedbranche", "Branchekode"]) == {"branch_title": 0, "branch": 1}


def test_an_address_in_one_cell_is_preferred_to_its_parts():
    assert understand(["Vejnavn", "Husnr.", "Adresse"]) == {"address": 2}
    assert understand(["Vejnavn", "Husnr.", "Etage"]) == {"road": 0, "number": 1, "floor": 2}


def test_the_register_s_extract_is_understood():
    extract = [
        "modifikationsstatus", "cvrnr", "livsforloeb_startdato", "livsforloeb_ophoersdato", "ajourfoeringsdato",
        "reklamebeskyttelse", "navn_gyldigFra", "navn_tekst", "beliggenhedsadresse_gyldigFra",
        "beliggenhedsadresse_vejnavn", "beliggenhedsadresse_vejkode", "beliggenhedsadresse_husnummerFra",
        "beliggenhedsadresse_postnr", "beliggenhedsadresse_postdistrikt", "beliggenhedsadresse_bynavn",
        "beliggenhedsadresse_kommune_kode", "beliggenhedsadresse_kommune_tekst", "postadresse_vejnavn",
        "postadresse_postnr", "virksomhedsform_kode", "virksomhedsform_tekst", "hovedbranche_kode",
        "hovedbranche_tekst", "bibranche1_kode", "telefonnummer_kontaktoplysning", "telefax_kontaktoplysning",
        "email_kontaktoplysning", "aarsbeskaeftigelse_aar", "aarsbeskaeftigelse_antalAnsatte",
        "aarsbeskaeftigelse_antalAnsatteInterval", "produktionsenheder", "deltagere",
    ]  # fmt: skip

    columns = {extract[position]: column for column, position in understand(extract).items()}

    assert columns == {
        "modifikationsstatus": "change", "cvrnr": "cvr", "livsforloeb_startdato": "started",
        "livsforloeb_ophoersdato": "ceased", "ajourfoeringsdato": "register_date", "reklamebeskyttelse": "protected",
        "navn_tekst": "name", "beliggenhedsadresse_vejnavn": "road", "beliggenhedsadresse_husnummerFra": "number",
        "beliggenhedsadresse_postnr": "postcode", "beliggenhedsadresse_postdistrikt": "town",
        "beliggenhedsadresse_bynavn": "place", "beliggenhedsadresse_kommune_kode": "municipality",
        "virksomhedsform_kode": "form", "hovedbranche_kode": "branch", "hovedbranche_tekst": "branch_title",
        "bibranche1_kode": "secondary_branch", "telefonnummer_kontaktoplysning": "phone", "email_kontaktoplysning": "email",
        "aarsbeskaeftigelse_aar": "year_year", "aarsbeskaeftigelse_antalAnsatte": "year_employees",
        "aarsbeskaeftigelse_antalAnsatteInterval": "year_interval",
    }  # fmt: skip
