"""What the columns of a file may be called, in Danish and English, and which of ours each one is.

Gathered from the register's search page and extracts, from open data of other authorities, and from
lists that people keep themselves. A heading is compared without regard to case, blanks, dots, hyphens,
underscores and the spelling of æ, ø and å.
"""

import re

from jobcenter_crm.frame.danish import search_key

# Our column -> the headings that mean it, the surest first. Parts of the register's postal addresses, telefax,
# participants and credit notes have headings of their own and are left out on purpose.
SYNONYMS = {
    "cvr": """
        CVR-nummer; CVR nr.; CVR; CVR-nummer/REG-nummer; CVR/REG-nummer; CVR nummer (8 cifre); virksomhed_cvrnr;
        virksomheds CVR-nummer; virksomhedens CVR-nummer; tilknyttetVirksomhedsCVRNummer; CVR-nr. (juridisk enhed);
        CVR/SE-nummer; CVR-/SE-nr.; CVR number; CVR no.; VAT; VAT number; VAT no.; company registration number;
        organisation number
    """,
    "p_number": """
        P-nummer; P-nr.; Produktionsenhedsnummer; Produktionsenhed; produktionsenhedsnr.; P-enhed; P-enhedsnummer;
        P-enhedsnr.; P number; P no.; production unit number; production unit
    """,
    "name": """
        Navn; navn_tekst; Arbejdsstedets navn; Arbejdssted; Produktionsenhedens navn; Produktionsenhedsnavn;
        P-enhedsnavn; P-enhedens navn; Enhedsnavn; navn1; Name; workplace; workplace name; unit name; production
        unit name
    """,
    "company_name": """
        virksomhed_navn; Virksomhedens navn (juridisk enhed); Juridisk enheds navn; Navn på juridisk enhed; Juridisk
        navn; Hovedvirksomhed; Moderselskab; legal name; legal unit name; parent company
    """,
    "address": """
        Adresse; Vejnavn og nr.; Vejnavn og husnummer; Vej og nr.; Vej og husnummer; Gade og nr.; Gadenavn og
        nummer; Gade og husnummer; Beliggenhedsadresse; Beliggenhed; Besøgsadresse; Forretningsadresse;
        Virksomhedsadresse; Virksomhedens adresse; Adresselinje 1; Adresse 1; Adresselinje; Vejadresse; Gadeadresse;
        Fuld adresse; address; street address; street; address line 1; address 1; visiting address; street and
        number
    """,
    "road": """
        beliggenhedsadresse_vejnavn; Vejnavn; Vej; Gade; Gadenavn; CVRAdresse_vejnavn; road; road name; street name
    """,
    "number": """
        beliggenhedsadresse_husnummerFra; husnummerFra; Husnummer; Husnr.; Vejnummer; Vejnr.; Gadenummer;
        CVRAdresse_husnummerFra; house number; house no.; street number
    """,
    "number_to": "beliggenhedsadresse_husnummerTil; husnummerTil; husnr. til; house number to",
    "letter": "beliggenhedsadresse_bogstavFra; bogstavFra; Husbogstav; Bogstav; house letter; letter",
    "letter_to": "beliggenhedsadresse_bogstavTil; bogstavTil",
    "floor": "beliggenhedsadresse_etage; Etage; Etagebetegnelse; Sal; floor",
    "door": "beliggenhedsadresse_sidedoer; sidedoer; Dør; Dørbetegnelse; door; side door",
    "co_name": "beliggenhedsadresse_coNavn; coNavn; c/o; addressco; c/o name; care of",
    "place": """
        beliggenhedsadresse_bynavn; Lokalitet; Stednavn; Landsby; Supplerende bynavn; village; locality; place
    """,
    "postcode": """
        beliggenhedsadresse_postnr; Postnummer; Postnr.; CVRAdresse_postnummer; Postkode; zip; zip code; postcode;
        postal code; Postnr. og by; Postnummer og by; Postnr./by
    """,
    "town": """
        beliggenhedsadresse_postdistrikt; Postdistrikt; By; Postby; Postnummernavn; CVRAdresse_postdistrikt; town;
        city; postal district; post town
    """,
    "municipality": """
        beliggenhedsadresse_kommune_kode; kommune_kode; Kommunenr.; Kommunenummer; komkode; municipality code;
        CVRAdresse_kommunekode; Kommune; Beliggenhedskommune; beliggenhedsadresse_kommune_tekst; kommune_tekst;
        Kommunenavn; CVRAdresse_kommunenavn; municipality; municipality name
    """,
    "latitude": "Geo_Lat; lat; latitude; Breddegrad; wgs84_lat; wgs84 breddegrad; Bredde; y (WGS84)",
    "longitude": """
        Geo_Lng; Geo_Lon; lng; lon; long; longitude; Længdegrad; wgs84_long; wgs84_lon; wgs84 længdegrad; x (WGS84)
    """,
    "branch": """
        hovedbranche_kode; Branchekode; DB25-kode; Branchekode DB25; DB25; DB07-kode; Branchekode DB07; DB07; Dansk
        branchekode; NACE-kode; NACE; branch code; industry code; main branch; main industry
    """,
    "branch_title": """
        hovedbranche_tekst; Branchetekst; Branchenavn; Branchebetegnelse; Branchebeskrivelse; industrydesc; industry
        description; branch title; branch name
    """,
    "secondary_branch": """
        bibranche1_kode; Bibranchekode; Sekundær branche; secondary branch; secondary
        industry; secondary branch code
    """,
    "secondary_branch_title": "bibranche1_tekst; Bibranchetekst; Bibranchenavn; secondary branch title",
    "form": """
        virksomhedsform_kode; Virksomhedsform; Selskabsform; Selskabstype; Juridisk form; Ejerform;
        virksomhedsform_tekst; companycode; companydesc; company form; company type; legal form; business type
    """,
    "status": """
        Status; Virksomhedsstatus; sammensatStatus; Virksomhedens status; Selskabsstatus; Livsforløb; status_tekst;
        Enhedsstatus; company status
    """,
    "change": "modifikationsstatus; ændringsstatus; modification status",
    "started": """
        livsforloeb_startdato; Startdato; Stiftelsesdato; Startet; Stiftet; Etableringsdato; Oprettet dato;
        Oprettelsesdato; virksomhedStartdato; produktionsenhedStartdato; Livsforløb start; start date; started;
        founded; founding date; established
    """,
    "ceased": """
        livsforloeb_ophoersdato; Ophørsdato; Ophørt dato; Ophørt; Slutdato; Ophør; Ophørt den; virksomhedOphørsdato;
        produktionsenhedOphoersdato; Livsforløb slut; Lukkedato; end date; ceased; ceased on; closed; dissolved;
        termination date
    """,
    "protected": """
        Reklamebeskyttet; Reklamebeskyttelse; protected; advertising protected; advertising protection; ad
        protection
    """,
    "phone": """
        telefonnummer_kontaktoplysning; Telefonnr; Telefonnummer; Telefon; Tlf.; Tlf.nr.; Hovednummer;
        Kontakttelefon; Telefon 1; Mobil; Mobilnummer; phone; telephone; phone number; telephone number; phone no.;
        tel
    """,
    "email": """
        email_kontaktoplysning; Email; E-mailadresse; Mail; Mailadresse; elektroniskPost; E-post; Kontaktmail; mail
        address; email address
    """,
    "employees": """
        Antal ansatte; Ansatte; Antal medarbejdere; Medarbejdere; Medarbejderantal; Personale; Beskæftigede; Antal
        beskæftigede; Antal personer; employees; number of employees; staff; headcount; no. of employees
    """,
    "employees_interval": """
        Ansatte interval; Antal ansatte (interval); intervalKodeAntalAnsatte; Interval for antal ansatte; Interval
        antal ansatte; Medarbejderinterval; employees interval; employee interval; employee range
    """,
    "month_employees": "maanedsbeskaeftigelse_antalAnsatte; erstMaanedsbeskaeftigelse_antalAnsatte",
    "month_interval": "maanedsbeskaeftigelse_antalAnsatteInterval; erstMaanedsbeskaeftigelse_antalAnsatteInterval",
    "month_year": "maanedsbeskaeftigelse_aar; erstMaanedsbeskaeftigelse_aar",
    "month_part": "maanedsbeskaeftigelse_maaned; erstMaanedsbeskaeftigelse_maaned",
    "quarter_employees": "kvartalsbeskaeftigelse_antalAnsatte",
    "quarter_interval": "kvartalsbeskaeftigelse_antalAnsatteInterval",
    "quarter_year": "kvartalsbeskaeftigelse_aar",
    "quarter_part": "kvartalsbeskaeftigelse_kvartal",
    "year_employees": "aarsbeskaeftigelse_antalAnsatte",
    "year_interval": "aarsbeskaeftigelse_antalAnsatteInterval",
    "year_year": "aarsbeskaeftigelse_aar",
    "sector": "Sektor; Offentlig/privat; Offentlig eller privat; Privat/offentlig; sector; public/private",
    "register_date": "ajourfoeringsdato; Ajourført; Sidst opdateret; Opdateret; updated; last updated",
}
# Headings that mean one thing alone and another beside a surer heading: the first column that is still free.
FLEXIBLE = {
    "virksomhedsnavn": ("name", "company_name"),
    "virksomhedensnavn": ("name", "company_name"),
    "virksomhed": ("name", "company_name"),
    "firmanavn": ("name", "company_name"),
    "firma": ("name", "company_name"),
    "selskabsnavn": ("name", "company_name"),
    "selskab": ("name", "company_name"),
    "juridiskenhed": ("name", "company_name"),
    "companyname": ("name", "company_name"),
    "company": ("name", "company_name"),
    "businessname": ("name", "company_name"),
    "bynavn": ("town", "place"),
    "cityname": ("town", "place"),
    "hovedbranche": ("branch", "branch_title"),
    "primaerbranche": ("branch", "branch_title"),
    "branche": ("branch", "branch_title"),
    "branch": ("branch", "branch_title"),
    "industry": ("branch", "branch_title"),
    "bibranche": ("secondary_branch", "secondary_branch_title"),
    "bibranche1": ("secondary_branch", "secondary_branch_title"),
}


# A column without a heading is called by its place (`readers.places`).
PLACE = re.compile(r"#[1-9][0-9]{0,4}")


def folded(heading):
    """A heading as it is compared: letters and digits only. The place of a column ("#3") stays what it is."""
    if heading[:1] == "#" and PLACE.fullmatch(heading):
        return heading
    return search_key(heading).replace(" ", "")


class Layout:
    """What the columns of one kind of file may be called, and which of them it can't do without.

    `synonyms` is {our column: the headings that mean it, the surest first, with semicolons between}.
    `flexible` are headings that mean one thing alone and another beside a surer heading. Each of
    `essential` is a tuple of columns of which one must be there; `missing(lacking)` names the sentence of
    `reasons.UNUSABLE` that says which were not found. `settle` may put right what was understood.
    """

    def __init__(self, synonyms, *, essential, missing, flexible=None, settle=None):
        self.columns = tuple(synonyms)
        self.essential, self._flexible, self._missing, self._settle = essential, flexible or {}, missing, settle
        ranked = [
            (folded(heading), column, rank)
            for column, listed in synonyms.items()
            for rank, heading in enumerate(re.split(r";\s+", listed.strip()))
        ]
        self._means = {heading: (column, rank) for heading, column, rank in reversed(ranked)}

    def understand(self, headings, mapping=None):
        """Which column of the file is which of ours: `{our column: position}`.

        `mapping` is what a person has said, {folded heading: our column, or empty for none}; it goes before
        what the headings say by themselves. Where two headings mean the same, the surer one is used, of two
        alike the first. A headings row that is none gives an empty or nearly empty answer.
        """
        found, said = {}, set()
        for position, heading in enumerate(headings):
            named = (mapping or {}).get(folded(heading))
            column, rank = (named, -1) if named is not None else self._means.get(folded(heading), (None, 0))
            if named is not None:
                said.add(position)
            if column in self.columns and (column not in found or rank < found[column][1]):
                found[column] = position, rank
        positions = {column: position for column, (position, rank) in found.items()}
        for position, heading in enumerate(headings):
            if position in said:
                continue
            for column in self._flexible.get(folded(heading), ()):
                if column not in positions:
                    positions[column] = position
                    break
        return self._settle(positions) if self._settle else positions

    def lacking(self, columns):
        """Those of `essential` of which none is among `columns`."""
        return [some for some in self.essential if not any(name in columns for name in some)]

    def problem(self, columns):
        """The code of the sentence that says what is missing; empty when nothing is."""
        lacking = self.lacking(columns)
        return self._missing(lacking) if lacking else ""


def _settle(positions):
    """A company's name is the name where there is no other; a whole address goes before its parts."""
    if "name" not in positions and "company_name" in positions:
        positions["name"] = positions.pop("company_name")
    if "address" in positions:
        for part in ("road", "number", "number_to", "letter", "letter_to", "floor", "door"):
            positions.pop(part, None)
    return positions


def _missing(lacking):
    return "no_headings" if len(lacking) == 2 else f"no_{lacking[0][0]}_heading"


REGISTER = Layout(SYNONYMS, essential=(("cvr",), ("name",)), missing=_missing, flexible=FLEXIBLE, settle=_settle)
understand = REGISTER.understand
