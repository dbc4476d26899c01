"""The register's documents of made-up units, with as much of their build as the tests need."""


def period(begin="2010-01-01", end=None):
    return {"periode": {"gyldigFra": begin, "gyldigTil": end}}


def address(street="Prøvevej", number=1, postcode=4600, **more):
    return {
        "vejnavn": street,
        "husnummerFra": number,
        "postnummer": postcode,
        "postdistrikt": "Køge",
        "kommune": {"kommuneKode": 259, "kommuneNavn": "KØGE"},
    } | (more or period())


def company(cvr=99000007, **more):
    unit = {
        "cvrNummer": cvr,
        "reklamebeskyttet": True,
        "navne": [{"navn": "Prøve ApS"} | period()],
        "beliggenhedsadresse": [address()],
        "telefonNummer": [],
        "elektroniskPost": [],
        "livsforloeb": [period()],
        "hovedbranche": [{"branchekode": "433200", "branchetekst": "Tømrer"} | period()],
        "bibranche1": [],
        "virksomhedsform": [{"virksomhedsformkode": 80} | period()],
        "virksomhedMetadata": {"sammensatStatus": "NORMAL"},
        "sidstOpdateret": "2026-10-01T11:44:42.000+02:00",
    }
    return {"Vrvirksomhed": unit | more}


def workplace(p_number=9900000001, cvr=99000007, **more):
    unit = {
        "pNummer": p_number,
        "virksomhedsrelation": [{"cvrNummer": cvr} | period()],
        "reklamebeskyttet": False,
        "navne": [{"navn": "Prøve, Køge"} | period()],
        "beliggenhedsadresse": [address()],
        "telefonNummer": [],
        "elektroniskPost": [],
        "livsforloeb": [period()],
        "hovedbranche": [{"branchekode": "433200", "branchetekst": "Tømrer"} | period()],
        "produktionsEnhedMetadata": {"sammensatStatus": "Aktiv"},
        "sidstOpdateret": "2026-10-01T11:44:42.000+02:00",
    }
    return {"VrproduktionsEnhed": unit | more}


def person():
    return {"Vrdeltagerperson": {"navne": [{"navn": "Nobody"} | period()]}}


def hit(document):
    return {"_index": "cvr", "_source": document}


def answer(*documents):
    return {"took": 1, "hits": {"total": len(documents), "hits": [hit(document) for document in documents]}}
