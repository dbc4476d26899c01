"""The columns of a file of our own past: what their headings may be, and what each is for."""

from django.utils.translation import gettext_lazy as _

from companies.register.headings import SYNONYMS as REGISTER_SYNONYMS
from companies.register.headings import Layout

# Our column -> the headings that mean it; those of the workbook to fill in come first, in Danish and English.
SYNONYMS = {
    "cvr": REGISTER_SYNONYMS["cvr"],
    "p_number": REGISTER_SYNONYMS["p_number"],
    "name": """
        Virksomhed; Company; Arbejdssted; Virksomhedsnavn; Virksomhedens navn; Navn; Firma; Firmanavn; company name;
        name; workplace; workplace name
    """,
    "address": REGISTER_SYNONYMS["address"],
    "postcode": REGISTER_SYNONYMS["postcode"],
    "owner": """
        Ansvarlig konsulent; Responsible consultant; Ansvarlig; Konsulent; Virksomhedskonsulent; Ansvarlig
        virksomhedskonsulent; Ansvarlig (e-mail); Ansvarlig konsulent (e-mail); Ansvarlig medarbejder; responsible;
        consultant; owner
    """,
    "tier": "Gruppe; Group; Virksomhedsgruppe; Segment; Kategori; tier; category",
    "person": """
        Kontaktperson; Contact person; Kontaktpersonens navn; Kontaktperson navn; Navn på kontaktperson; Kontaktpersoner;
        contact name; name of contact person; contact
    """,
    "role": """
        Rolle; Role; Stilling; Stillingsbetegnelse; Titel; Funktion; Kontaktpersonens rolle; Kontaktpersonens stilling;
        title; job title; position
    """,
    "phone": """
        Telefon; Telephone; Tlf.; Tlf.nr.; Telefonnr.; Telefonnummer; Direkte telefon; Mobil; Mobilnummer; Mobiltelefon;
        Kontaktpersonens telefon; Kontaktperson telefon; phone; phone number; telephone number; mobile; direct telephone
    """,
    "email": """
        E-mail; Mail; Mailadresse; E-mailadresse; E-post; Kontaktpersonens e-mail; Kontaktpersonens mail; Kontaktperson
        e-mail; Kontaktperson mail; e-mail address; mail address
    """,
    "on": """
        Kontaktdato; Contact date; Dato for kontakt; Dato; Seneste kontakt; Sidste kontakt; Sidst kontaktet; Seneste
        kontaktdato; Besøgsdato; Mødedato; date; date of contact; last contact; contacted on; day
    """,
    "channel": """
        Kontaktform; How contact was made; How; Kanal; Hvordan; Kontakttype; Type af kontakt; Kontaktmåde; Type; channel; contact type; type of
        contact
    """,
    "purpose": "Formål; Purpose; Formål med kontakten; Emne; Anledning; subject; occasion; reason for contact",
    "note": """
        Note; Notat; Noter; Notater; Bemærkning; Bemærkninger; Kommentar; Kommentarer; Referat; Beskrivelse; Bemærk; notes;
        remark; remarks; comment; comments; minutes; description
    """,
    "outcome": "Udfald; Outcome; Resultat; Resultat af kontakten; Udbytte; result",
    "staff": """
        Vores deltagere; Our people; Vores folk; Kontakt ved; Kontaktet af; Kontakt af; Udført af; Medarbejder; Medarbejdere; Deltagere fra os;
        Deltagere; staff; contacted by; done by; colleague; colleagues
    """,
    "do_not_contact": """
        Frabedt kontakt; Do not contact; Kontakt frabedt; Har frabedt sig kontakt; Ønsker ikke kontakt; Må ikke kontaktes;
        Ønsker ikke at blive kontaktet; no contact
    """,
    "why": """
        Hvad de sagde; What they said; Hvorfor frabedt; Hvorfor ikke; Årsag til frabedt kontakt; Begrundelse; why not; why do
        not contact; reason for no contact
    """,
    "labour_conflict": "Arbejdskonflikt; Labour conflict; Faglig konflikt; Konflikt; Konflikt på arbejdspladsen; conflict",
    "next_step": """
        Næste skridt; Next step; Opfølgning; Næste handling; Aftalt opfølgning; Aftalt; Hvad skal der ske; follow-up; next
        action; to do; what next
    """,
    "next_on": """
        Næste skridt senest; Next step by; Næste skridt dato; Dato for næste skridt; Opfølgningsdato; Dato for opfølgning;
        Opfølgning den; Næste kontakt; Frist; follow-up date; follow-up on; date of next step; next step date; next
        contact; due; due date; deadline
    """,
}

PAST = Layout(SYNONYMS, essential=(("cvr", "p_number"),), missing=lambda lacking: "no_place_heading")

# In the groups and the order of the workbook, and of the page where a person names the columns.
COLUMNS = {
    _("The workplace"): {
        "cvr": _("CVR number"),
        "p_number": _("P-number"),
        "name": _("Company"),
        "address": _("Address"),
        "postcode": _("Postcode"),
    },
    _("What we have decided"): {
        "owner": _("Responsible consultant"),
        "tier": _("Group"),
        "do_not_contact": _("Do not contact"),
        "why": _("What they said"),
        "labour_conflict": _("Labour conflict"),
    },
    _("Contact person"): {
        "person": _("Contact person"),
        "role": _("Role"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
    },
    _("A contact that was held"): {
        "on": _("Contact date"),
        "channel": _("How contact was made"),
        "purpose": _("Purpose"),
        "note": _("Note"),
        "outcome": _("Outcome"),
        "staff": _("Our people"),
    },
    _("What comes next"): {
        "next_step": _("Next step"),
        "next_on": _("Next step by"),
    },
}
LABELS = {column: label for group in COLUMNS.values() for column, label in group.items()}

# Our column -> what to write there, an example, and when it is needed.
_ONE_OF_TWO = _("One of the two")
_OPTIONAL = _("May be empty")
_FOR_A_CONTACT = _("With a contact")
EXPLAINED = {
    "cvr": (
        _("The eight digits of the company. Enough where the company has one workplace."),
        "25052943",
        _ONE_OF_TWO,
    ),
    "p_number": (
        _("The ten digits of the workplace. Needed where the company has several workplaces."),
        "1002664349",
        _ONE_OF_TWO,
    ),
    "name": (
        _("For you who fill it in. It is not taken in: names come from the register."),
        "Prøve Byg ApS",
        _OPTIONAL,
    ),
    "address": (
        _("Street and number. Only used to tell several workplaces of a company apart."),
        "Prøvevej 1",
        _OPTIONAL,
    ),
    "postcode": (_("Only used to tell several workplaces of a company apart."), "4600", _OPTIONAL),
    "owner": (
        _("The e-mail of the colleague who is responsible for the workplace; the log-in or the full name will do."),
        "mette@kommune.example",
        _OPTIONAL,
    ),
    "tier": (_("1, 2, 3 or 4."), "2", _OPTIONAL),
    "do_not_contact": (_("Yes, if the employer has asked us not to make contact."), "", _OPTIONAL),
    "why": (_("What the employer said, in a few words."), "", _OPTIONAL),
    "labour_conflict": (_("Yes, if there is a labour conflict at the workplace now."), "", _OPTIONAL),
    "person": (
        _("The name of somebody we talk to there. One person a row; write more rows for more people."),
        "Anna Prøve",
        _OPTIONAL,
    ),
    "role": (_("What the person does there: one of the words in the list."), "", _OPTIONAL),
    "phone": (_("The person's own number."), "10 20 30 40", _OPTIONAL),
    "email": (_("The person's own e-mail."), "anna@firma.example", _OPTIONAL),
    "on": (
        _("The day of one contact that has been. One contact a row; write more rows for more contacts."),
        "24-11-2025",
        _FOR_A_CONTACT,
    ),
    "channel": (_("One of the words in the list."), "", _FOR_A_CONTACT),
    "purpose": (_("Why contact was made, at most 200 characters."), "", _OPTIONAL),
    "note": (_("What was said. About the employer only, never about a citizen."), "", _OPTIONAL),
    "outcome": (_("What came of it: one of the words in the list."), "", _OPTIONAL),
    "staff": (
        _("The e-mail of each colleague who took part, with commas between. Empty: the responsible consultant."),
        "mette@kommune.example",
        _OPTIONAL,
    ),
    "next_step": (_("What somebody has promised to do. Leave it empty if it is done."), "", _OPTIONAL),
    "next_on": (_("The day by which it is to be done."), "15-01-2027", _("With a next step")),
}
