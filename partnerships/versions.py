"""The wording of an agreement: what the paper says, kept for each version, told in words and compared."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.models import TargetGroup
from contacts.models import Person
from jobcenter_crm.staff.models import Organisation
from partnerships import goals
from partnerships.models import (
    Agreement,
    AgreementContact,
    AgreementVersion,
    CentreMember,
    CompanyCentre,
    Mentor,
    ServiceTerms,
    lines_of,
)

# What a company centre and a service agreement hold besides, in the order in which the paper tells it.
CENTRE = (
    "form", "places", "side_production", "agency", "tasks", "support", "reception", "absence", "follow_up", "exit",
    "payment",
)  # fmt: skip
TERMS = ("hotline_hours", "posted_days", "readiness", "partial_return", "other_municipalities", "in_return")
POINTS = {"we_give", "they_give"}
DAYS = {"starts_on", "ends_on"}
# What the paper says of a field where a form asks for something else.
LABELS = {"review_every": gettext_lazy("Reviewed")}


@dataclass(frozen=True)
class Line:
    """One thing that the paper says: `name`, its `label`, and the `words`, an entry for each line; empty where it says nothing."""

    name: str
    label: object
    words: tuple

    @property
    def text(self):
        return "\n".join(self.words)


@dataclass(frozen=True)
class Change:
    """One thing that two versions say differently."""

    label: object
    before: tuple
    after: tuple


def wording(agreement):
    """All that the paper of `agreement` says now, as JSON in no language: codes, dates as ISO, texts as written.

    Names and numbers of people are written down as they are, since that is what is signed.
    """
    said = {"kind": agreement.kind, "company": agreement.company.name, "cvr": agreement.company.cvr_number}
    said["made_at"] = {"name": agreement.workplace.name, "address": agreement.workplace.address}
    said["us"] = _us()
    said["signed"] = _signed(agreement)
    said["covers_all"] = agreement.covers_all
    places = agreement.places.order_by("sort_name", "pk")
    said["places"] = [f"{place.name}, {place.address}" for place in places]
    for name in Agreement.WORDING:
        said[name] = plain(getattr(agreement, name))
    said["contacts"] = [_contact(one) for one in _contacts(agreement)]
    said["goals"] = [
        {
            "measure": goal.measure,
            "note": goal.note,
            "baseline": plain(goal.baseline),
            "target": plain(goal.target),
            "deadline": plain(goal.deadline),
        }
        for goal in agreement.goals.filter(ended_on=None)
    ]
    if agreement.is_centre:
        said["centre"] = _centre(agreement)
    if agreement.is_service:
        said["terms"] = _terms(agreement)
    return said


def _us():
    """Our side as it is called now: the paper of an earlier version goes on saying what it said."""
    ours = Organisation.get()
    town = f"{ours.postcode} {ours.town}".strip()
    return {
        "name": ours.name,
        "municipality": ours.municipality_name,
        "street": ours.street,
        "town": town,
        "phone": ours.phone,
        "email": ours.email,
    }


def _signed(agreement):
    if not agreement.signed_on:
        return {}
    us, them = agreement.signed_by_us, agreement.signed_by_them
    return {
        "on": plain(agreement.signed_on),
        "us": str(us),
        "us_title": us.title,
        "them": str(them),
        "them_role": them.role,
    }


def plain(value):
    """A value as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str | bool) else str(value)


def _contacts(agreement):
    return AgreementContact.objects.filter(agreement=agreement).select_related("colleague", "person")


def _contact(one):
    who = one.who
    is_ours = one.side == AgreementContact.Side.OURS
    return {
        "side": one.side,
        "name": str(who),
        "title": who.title if is_ours else "",
        "role": "" if is_ours else who.role,
        "phone": who.phone,
        "email": who.email,
        "about": one.about,
        "answers_within": one.answers_within,
    }


def _centre(agreement):
    centre = CompanyCentre.objects.filter(agreement=agreement).first()
    if centre is None:
        return {}
    said = {name: plain(getattr(centre, name)) for name in CENTRE}
    said["target_groups"] = list(centre.target_groups.order_by("code").values_list("code", flat=True))
    members = CentreMember.objects.filter(centre=centre, until=None).select_related("workplace")
    said["members"] = [
        f"{one.workplace.name}, {one.workplace.address}" + (f": {one.places}" if one.places else "") for one in members
    ]
    mentors = Mentor.objects.filter(centre=centre, until=None).select_related("person")
    said["mentors"] = [
        {"name": str(one.person), "phone": one.person.phone, "hours": plain(one.hours_a_week)} for one in mentors
    ]
    return said


def _terms(agreement):
    terms = ServiceTerms.objects.filter(agreement=agreement).select_related("hotline_by", "posted_by").first()
    if terms is None:
        return {}
    said = {name: plain(getattr(terms, name)) for name in TERMS}
    said["hotline"] = terms.hotline
    said["hotline_by"] = str(terms.hotline_by or "")
    said["posted_by"] = str(terms.posted_by or "")
    return said


def record(agreement, *, by, on, note="", document=None):
    """Keep what the agreement says now as its next version, and return it. The caller has locked the agreement, and saves it."""
    agreement.version += 1
    return AgreementVersion.objects.create(
        agreement=agreement,
        number=agreement.version,
        wording=wording(agreement),
        note=note,
        on=on,
        document=document,
        made_at=timezone.now(),
        made_by=by,
    )


def lines(said):
    """What a wording says, as `Line`s in the order of the paper, in the language that is active; what is empty is left out."""
    found = [
        Line("places", gettext_lazy("Holds at"), _places(said)),
        *(_field_line(Agreement, name, said.get(name)) for name in Agreement.WORDING if name not in DAYS),
        Line("period", gettext_lazy("Period"), _period(said)),
    ]
    centre, terms = said.get("centre") or {}, said.get("terms") or {}
    found += [_field_line(CompanyCentre, name, centre.get(name), "centre.") for name in CENTRE]
    found.append(Line("centre.target_groups", gettext_lazy("Target groups"), _groups(centre.get("target_groups"))))
    found.append(Line("centre.members", gettext_lazy("Also takes part"), tuple(centre.get("members", ()))))
    found.append(
        Line("centre.mentors", gettext_lazy("Mentors"), tuple(_mentor(one) for one in centre.get("mentors", ())))
    )
    hotline = " · ".join(filter(None, (terms.get("hotline_by"), terms.get("hotline"), terms.get("hotline_hours"))))
    posted = " · ".join(filter(None, (terms.get("posted_by"), terms.get("posted_days"))))
    found.append(Line("terms.hotline", gettext_lazy("Hotline"), _lines(hotline)))
    found.append(Line("terms.posted", gettext_lazy("Posted case worker"), _lines(posted)))
    found += [
        _field_line(ServiceTerms, name, terms.get(name), "terms.")
        for name in TERMS
        if not name.startswith(("hotline", "posted"))
    ]
    found.append(Line("goals", gettext_lazy("Goals"), tuple(_goal(one) for one in said.get("goals", ()))))
    found += [
        Line(f"contacts.{side}", label, tuple(_call(one) for one in said.get("contacts", ()) if one["side"] == side))
        for side, label in (
            (AgreementContact.Side.OURS, gettext_lazy("Whom the employer calls")),
            (AgreementContact.Side.THEIRS, gettext_lazy("Whom we call")),
        )
    ]
    return [line for line in found if line.words]


def compare(before, after):
    """What two wordings say differently, as `Change`s in the order of the paper."""
    old, new = ({line.name: line for line in lines(said)} for said in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change((new.get(name) or old[name]).label, _words(old, name), _words(new, name))
        for name in names
        if _words(old, name) != _words(new, name)
    ]


def _words(found, name):
    return found[name].words if name in found else ()


def _lines(text):
    return tuple(line for line in text.splitlines() if line.strip())


def _field_line(model, name, value, prefix=""):
    field = model._meta.get_field(name)
    label = LABELS.get(name) or capfirst(str(field.verbose_name))
    if value in (None, ""):
        words = ()
    elif name in POINTS:
        words = tuple(lines_of(value))
    elif name == "review_every":
        words = (every(value),)
    elif field.choices:
        words = (str(dict(field.flatchoices).get(value, value)),)
    else:
        words = _lines(str(value))
    return Line(f"{prefix}{name}", label, words)


def every(months):
    """How often it is reviewed, in words."""
    if months == 12:
        return _("every year")
    return ngettext("every month", "every %(n)s months", months) % {"n": months}


def _places(said):
    if said.get("covers_all"):
        return (_("All workplaces of %(company)s") % {"company": said["company"]},)
    return tuple(said.get("places", ()))


def _period(said):
    starts_on, ends_on = (parse_date(said.get(name) or "") for name in ("starts_on", "ends_on"))
    start, end = (date_format(day, "DATE_FORMAT") if day else "" for day in (starts_on, ends_on))
    if start and end:
        return (_("%(start)s to %(end)s") % {"start": start, "end": end},)
    if start:
        return (_("From %(start)s, until one of the parties ends it") % {"start": start},)
    return (_("Until %(end)s") % {"end": end},) if end else ()


def _groups(codes):
    if not codes:
        return ()
    known = TargetGroup.objects.in_bulk(codes)
    return tuple(known[code].name if code in known else code for code in codes)


def _mentor(one):
    hours = number_format(one["hours"].rstrip("0").rstrip("."), use_l10n=True) if one.get("hours") else "0"
    said = _("%(name)s, %(hours)s hours a week") % {"name": one["name"], "hours": hours}
    return f"{said} · {one['phone']}" if one.get("phone") else said


def _goal(one):
    measure = goals.measure_named(one["measure"])
    deadline = parse_date(one["deadline"])
    said = _("%(what)s: %(target)s by %(day)s") % {
        "what": measure.label,
        "target": goals.figure(one["target"]),
        "day": date_format(deadline, "DATE_FORMAT"),
    }
    return f"{said} ({one['note']})" if one.get("note") else said


def title_of(contact):
    """What somebody to call is: a colleague's title as it was written, a person's role in the language that is active."""
    return contact["title"] or role_in_words(contact.get("role", ""))


def role_in_words(role):
    return str(dict(Person.Role.choices).get(role, ""))


def _call(one):
    said = ", ".join(filter(None, (one["name"], title_of(one))))
    reach = " · ".join(filter(None, (one["phone"], one["email"])))
    answers = _("answers within: %(time)s") % {"time": one["answers_within"]} if one.get("answers_within") else ""
    return " · ".join(filter(None, (f"{one['about']}: {said}", reach, answers)))
