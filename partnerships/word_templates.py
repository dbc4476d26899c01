"""The Word templates of agreements: what they may be filled in with, and the ones they begin with."""

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jobcenter_crm.backstage.documents import kinds
from jobcenter_crm.backstage.documents.draft import Draft
from jobcenter_crm.backstage.documents.fields import Field, Group, Rows
from partnerships import versions
from partnerships.models import Agreement, CompanyCentre, ServiceTerms

_CONTACT = (
    Field("about", gettext_lazy("About what they are called"), "Det daglige"),
    Field("name", gettext_lazy("Name"), "Anna Riis"),
    Field("title", gettext_lazy("Title or role"), "Værkfører"),
    Field("phone", gettext_lazy("Telephone"), "24 60 18 05"),
    Field("email", gettext_lazy("E-mail"), "anna@boedker.example"),
    Field("answers_within", gettext_lazy("How fast they answer"), "samme dag"),
)

_AGREEMENT = Group(
    "agreement",
    gettext_lazy("What the agreement says."),
    (
        Field("heading", gettext_lazy("Its kind, and what it is about"), "Partnerskabsaftale: værkstedet"),
        Field("kind", gettext_lazy("Its kind"), "Partnerskabsaftale"),
        Field("about", gettext_lazy("What it is about, in a few words; may be empty"), "værkstedet"),
        Field("number", gettext_lazy("Its number here"), "17"),
        Field("version", gettext_lazy("Number of the version; empty until it is signed"), "2"),
        Field("status", gettext_lazy("Draft, proposal or version, and from when"), "Version 2, gælder fra 1. marts 2027"),
        Field("changed", gettext_lazy("What this version changed; empty for the first one"), "Opfølgning i uge 2 og 6"),
        Field("purpose", gettext_lazy("Purpose"), "Hænder, som værkstedet kan lære op selv."),
        Rows(
            "we_give", gettext_lazy("What we give, one thing a row"), "point",
            (Field("text", gettext_lazy("The thing"), "Forslag til kandidat inden tre hverdage"),),
        ),
        Rows(
            "they_give", gettext_lazy("What the employer gives, one thing a row"), "point",
            (Field("text", gettext_lazy("The thing"), "Fire pladser i værkstedet"),),
        ),
        Field("people", gettext_lazy("Number of people"), "4"),
        Field("course", gettext_lazy("How it goes, from the first day to the last"), "Først et besøg, så to uger på prøve."),
        Field("measured_by", gettext_lazy("How progress is measured"), "Antal forløb og ordinære timer"),
        Field("followed_up", gettext_lazy("How often we follow up"), "i uge 2, 6 og 12"),
        Field("economy", gettext_lazy("Economy"), "Mentortimer betales efter regning."),
        Field("afterwards", gettext_lazy("Possibilities afterwards"), "Ordinære timer eller elevplads"),
        Field("period", gettext_lazy("Its period in words"), "1. marts 2027 til 28. februar 2029"),
        Field("starts_on", gettext_lazy("First day; may be empty"), "1. marts 2027"),
        Field("ends_on", gettext_lazy("Last day; may be empty"), "28. februar 2029"),
        Field("review_every", gettext_lazy("How often it is reviewed"), "hvert år"),
        Field("binds", gettext_lazy("A sentence on how far it binds, by its kind"), "Aftalen er ikke juridisk bindende."),
    ),
)  # fmt: skip

_EMPLOYER = Group(
    "employer",
    gettext_lazy("The other party."),
    (
        Field("name", gettext_lazy("Name of the company"), "Bødker og Væver ApS"),
        Field("cvr_number", gettext_lazy("CVR number"), "99000012"),
        Field("workplace", gettext_lazy("The workplace at which it was made"), "Bødker og Væver, værkstedet"),
        Field("address", gettext_lazy("Address of that workplace"), "Ålekistevej 4, 4999 Lindevig"),
    ),
)

_SIGNED = Group(
    "signed",
    gettext_lazy("Who has signed; all empty until it is signed."),
    (
        Field("on", gettext_lazy("On which day"), "24. februar 2027"),
        Field("us", gettext_lazy("Who signed for us"), "Mette Holm"),
        Field("us_title", gettext_lazy("Their title"), "Virksomhedskonsulent"),
        Field("them", gettext_lazy("Who signed for the employer"), "Karl Bødker"),
        Field("them_title", gettext_lazy("Their role"), "Direktør"),
    ),
)

_REST = (
    Field("municipality", gettext_lazy("Your municipality, as written under Data"), "Lindevig Kommune"),
    Rows(
        "places", gettext_lazy("The workplaces at which it holds"), "place",
        (Field("name", gettext_lazy("Name and address"), "Bødker og Væver, Ålekistevej 4, 4999 Lindevig"),),
    ),
    Rows(
        "goals",
        gettext_lazy("Its goals"),
        "goal",
        (
            Field("what", gettext_lazy("What is counted"), "Afholdte kontakter"),
            Field("note", gettext_lazy("More precisely; may be empty"), "på værkstedet"),
            Field("baseline", gettext_lazy("The figure it began with; may be empty"), "5,1"),
            Field("target", gettext_lazy("The goal"), "12"),
            Field("deadline", gettext_lazy("By which day"), "31. december 2027"),
        ),
    ),
    Rows("contacts_ours", gettext_lazy("Whom the employer calls"), "contact", _CONTACT),
    Rows("contacts_theirs", gettext_lazy("Whom we call"), "contact", _CONTACT),
    Rows(
        "also",
        gettext_lazy("What the agreement says that has no field of its own"),
        "line",
        (
            Field("label", gettext_lazy("What it is about"), "Klippekort"),
            Field("text", gettext_lazy("What it says"), "Ti klip til og med 31. december 2027"),
        ),
    ),
)  # fmt: skip

_HELP = Group(
    "help",
    gettext_lazy("What a service agreement on sickness absence says besides; all empty in the other kinds."),
    (
        Field("hotline", gettext_lazy("Hotline: who answers, the number, when it is open"), "Sara Lund · 24 60 11 40"),
        Field("posted", gettext_lazy("Posted case worker, and on which days"), "Peter Krogh · hver anden tirsdag"),
        Field("readiness", gettext_lazy("Readiness plan"), "Samtale inden fem dage"),
        Field("partial_return", gettext_lazy("Partial return and § 56 agreements"), "Plan på en side inden 14 dage"),
        Field("other_municipalities", gettext_lazy("Help with other municipalities"), "Vi ringer for virksomheden"),
        Field("in_return", gettext_lazy("What the employer gives in return"), "To pladser til afklaring"),
    ),
)

_CENTRE = Group(
    "centre",
    gettext_lazy("What the contract of a company centre says besides."),
    (
        Field("form", gettext_lazy("Its form"), "Netværksbaseret"),
        Field("places", gettext_lazy("Number of places"), "8"),
        Rows(
            "target_groups", gettext_lazy("Target groups"), "group",
            (Field("name", gettext_lazy("Name of the target group"), "Aktivitetsparate"),),
        ),
        Field("side_production", gettext_lazy("The side production; may be empty"), "Fuglekasser"),
        Field("agency", gettext_lazy("The agency; may be empty"), "Sender ud til tre hoteller"),
        Field("tasks", gettext_lazy("Tasks"), "Anretning og opvask"),
        Field("support", gettext_lazy("Support activities"), "Dansk på arbejdspladsen"),
        Field("reception", gettext_lazy("Reception"), "Mentoren viser rundt"),
        Field("absence", gettext_lazy("Absence"), "Mentoren ringer samme dag"),
        Field("follow_up", gettext_lazy("Follow-up"), "Hver torsdag på stedet"),
        Field("exit", gettext_lazy("Exit"), "Samtale i sidste uge"),
        Field("payment", gettext_lazy("Payment"), "Mentortimer efter regning"),
        Rows(
            "members", gettext_lazy("Other employers that take part"), "member",
            (Field("name", gettext_lazy("Name and address"), "Café Fyrtårnet, Havnen 2, 4999 Lindevig"),),
        ),
        Rows(
            "mentors", gettext_lazy("Mentors"), "mentor",
            (Field("text", gettext_lazy("Name, hours a week and telephone"), "Tove Dam, 3 timer om ugen"),),
        ),
    ),
)  # fmt: skip


def _agreement(language):
    return _written(language, _service_rows, gettext_lazy("Help with sickness absence"))


def _centre(language):
    return _written(language, _centre_rows, gettext_lazy("The company centre"))


def _written(language, more_rows, heading):
    """The template of an agreement; what only its kind holds stands under `heading`."""
    with translation.override(language):
        draft = Draft(language=language, page_of=_page_of())
        draft.title("{{ agreement.heading }}", "{{ agreement.status }}")
        with draft.when("agreement.changed"):
            draft.paragraph(_("Changed: %(what)s") % {"what": "{{ agreement.changed }}"})
        _parties(draft)
        with draft.when("agreement.purpose"):
            draft.heading(_label(Agreement, "purpose"))
            draft.paragraph("{{ agreement.purpose }}")
        for name in ("we_give", "they_give"):
            with draft.when(f"agreement.{name}"):
                draft.heading(_label(Agreement, name))
                with draft.each(f"point in agreement.{name}"):
                    draft.bullet("{{ point.text }}")
        draft.heading(_("What else is agreed"))
        draft.facts(_agreed_rows())
        rows = more_rows()
        with draft.when(" or ".join(condition for *_said, condition in rows)):
            draft.heading(heading)
            draft.facts(rows)
        with draft.each("line in also"):
            draft.paragraph("{{ line.label }}: {{ line.text }}")
        _goals(draft)
        _contacts(draft, "contacts_ours", _("Whom the employer calls"))
        _contacts(draft, "contacts_theirs", _("Whom we call"))
        draft.heading(_("How far it binds"))
        draft.paragraph("{{ agreement.binds }}")
        _signatures(draft)
        return draft.as_bytes()


def _page_of():
    before, _page, rest = (_("Page %(page)s of %(pages)s") % {"page": "\0", "pages": "\1"}).partition("\0")
    return before, rest.partition("\1")[0]


def _label(model, name):
    return str(versions.LABELS.get(name) or capfirst(str(model._meta.get_field(name).verbose_name)))


def _parties(draft):
    workplace = "{% if employer.workplace != employer.name %}{{ employer.workplace }}, {% endif %}"
    draft.facts(
        [
            (pgettext("a party of an agreement", "We"), "{{ organisation.name }}"),
            ("", "{{ municipality }}", "municipality"),
            ("", "{{ organisation.address }}", "organisation.address"),
            (_("The employer"), "{{ employer.name }}"),
            ("", f"{workplace}{{{{ employer.address }}}}"),
            ("", _("CVR no. %(number)s") % {"number": "{{ employer.cvr_number }}"}),
        ]
    )


def _row(model, prefix, name):
    return _label(model, name), f"{{{{ {prefix}.{name} }}}}", f"{prefix}.{name}"


def _list(one, rows, field):
    """A list within one paragraph."""
    return f"{{% for {one} in {rows} %}}{{{{ {one}.{field} }}}}{{% if not loop.last %}}; {{% endif %}}{{% endfor %}}"


def _agreed_rows():
    names = ("people", "course", "measured_by", "followed_up", "economy", "afterwards", "review_every")
    return [
        (_("Holds at"), _list("place", "places", "name"), "places"),
        *(_row(Agreement, "agreement", name) for name in names),
        (_("Period"), "{{ agreement.period }}", "agreement.period"),
    ]


def _service_rows():
    names = ("readiness", "partial_return", "other_municipalities", "in_return")
    return [
        (_("Hotline"), "{{ help.hotline }}", "help.hotline"),
        (_("Posted case worker"), "{{ help.posted }}", "help.posted"),
        *(_row(ServiceTerms, "help", name) for name in names),
    ]


def _centre_rows():
    return [
        *(_row(CompanyCentre, "centre", name) for name in versions.CENTRE),
        (_("Target groups"), _list("group", "centre.target_groups", "name"), "centre.target_groups"),
        (_("Also takes part"), _list("member", "centre.members", "name"), "centre.members"),
        (_("Mentors"), _list("mentor", "centre.mentors", "text"), "centre.mentors"),
    ]


def _goals(draft):
    with draft.when("goals"):
        draft.heading(_("Goals"))
        draft.table(
            [_("What is counted"), _("At the start"), _("Goal"), pgettext("a goal", "By")],
            [
                "{{ goal.what }}{% if goal.note %}, {{ goal.note }}{% endif %}",
                "{{ goal.baseline }}",
                "{{ goal.target }}",
                "{{ goal.deadline }}",
            ],
            each="goal in goals",
            figures={1, 2},
            widths=[6, 2, 2, 3],
        )


def _contacts(draft, rows, heading):
    with draft.when(rows):
        draft.heading(heading)
        draft.table(
            [_("About what"), _("Who"), _("Telephone and e-mail"), _("Answers within")],
            [
                "{{ contact.about }}",
                "{{ contact.name }}{% if contact.title %}, {{ contact.title }}{% endif %}",
                "{{ contact.phone }}{% if contact.phone and contact.email %}, {% endif %}{{ contact.email }}",
                "{{ contact.answers_within }}",
            ],
            each=f"contact in {rows}",
            widths=[3, 4, 6, 3],
        )


def _signatures(draft):
    with draft.when("signed.on"):
        draft.heading(_("Signed"))
        draft.facts(
            [
                (
                    _("For %(party)s") % {"party": "{{ organisation.name }}"},
                    "{{ signed.us }}{% if signed.us_title %}, {{ signed.us_title }}{% endif %}",
                ),
                (
                    _("For %(party)s") % {"party": "{{ employer.name }}"},
                    "{{ signed.them }}{% if signed.them_title %}, {{ signed.them_title }}{% endif %}",
                ),
                (_("Signed on"), "{{ signed.on }}"),
            ]
        )
    with draft.when("not signed.on"):
        draft.signatures(
            [("{{ organisation.name }}", "{{ municipality }}"), ("{{ employer.name }}", "")], _("Date and signature")
        )


AGREEMENT = kinds.DocumentKind(
    "agreement",
    gettext_lazy("Agreement"),
    (_AGREEMENT, _EMPLOYER, _SIGNED, *_REST, _HELP),
    _agreement,
    about=gettext_lazy("Letters of intent, partnerships and service agreements, when the parties edit them in Word."),
)
CENTRE = kinds.DocumentKind(
    "centre",
    gettext_lazy("Company-centre contract"),
    (_AGREEMENT, _EMPLOYER, _SIGNED, *_REST, _CENTRE),
    _centre,
    about=gettext_lazy("The contract of a company centre, when the parties edit it in Word."),
)


def declare():
    """The kinds of this app; once, when the app is ready."""
    kinds.register(AGREEMENT, CENTRE)
