"""The papers of agreements: the agreement in each of its versions and a held review as PDF, and the agreement as Word.

What people typed stays as they typed it; labels, days and figures are in the language that is asked for.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from reportlab.lib.units import mm

from jobcenter_crm.backstage import document_templates
from jobcenter_crm.backstage.documents import pdf
from jobcenter_crm.backstage.documents.letterhead import Letterhead
from partnerships import goals, versions, year_figures
from partnerships.models import Agreement, AgreementContact, Review
from partnerships.review_forms import rating_in_words

Kind, State, Side = Agreement.Kind, Agreement.State, AgreementContact.Side

TITLES = {
    Kind.INTENT: gettext_lazy("Letter of intent"),
    Kind.PARTNERSHIP: gettext_lazy("Partnership agreement"),
    Kind.SERVICE: gettext_lazy("Service agreement"),
    Kind.CENTRE: gettext_lazy("Company-centre contract"),
}
BINDS = {
    Kind.INTENT: gettext_lazy("This letter says what both parties want to do. It binds neither of them."),
    Kind.PARTNERSHIP: gettext_lazy(
        "This agreement commits both parties to each other, but it is not legally binding. A contract is made only where money is involved."
    ),
    Kind.SERVICE: gettext_lazy(
        "This agreement commits both parties to each other, but it is not legally binding. A contract is made only where money is involved."
    ),
    Kind.CENTRE: gettext_lazy("This is a contract, because money is involved. It binds both parties."),
}
# Of the letterhead, what a wording keeps.
SENDER = ("name", "street", "town", "phone", "email")
# Told in places of their own.
APART = {"title", "purpose", "we_give", "they_give", "goals", "contacts.ours", "contacts.theirs"}
HELP = ("hotline", "posted", "readiness", "partial_return", "other_municipalities", "in_return")
# What the Word templates have a field for.
NAMED = (
    APART
    | {"places", "people", "course", "measured_by", "followed_up", "economy", "afterwards", "period", "review_every"}
    | {f"centre.{name}" for name in (*versions.CENTRE, "target_groups", "members", "mentors")}
    | {f"terms.{name}" for name in HELP}
)


@dataclass(frozen=True)
class Paper:
    """One wording of an agreement, to be printed.

    `number` is that of the version, 0 for a draft or a proposal; `on` is the day from which it holds, and `note` what
    it changed. `case_numbers` are those under which it has been filed until now.
    """

    agreement: Agreement
    said: dict
    made_at: datetime
    number: int = 0
    on: date | None = None
    note: str = ""
    case_numbers: tuple = ()

    @property
    def kind(self):
        return self.said["kind"]

    @property
    def is_signed(self):
        return self.number > 0

    @property
    def title(self):
        """What is written over it, in the language that is active."""
        about = self.said.get("title")
        return f"{TITLES[self.kind]}: {about}" if about else str(TITLES[self.kind])

    @property
    def status(self):
        """Where it stands, in words: a draft, a proposal, or which version, and from when."""
        if self.is_signed:
            return _("Version %(number)s, holds from %(day)s") % {"number": self.number, "day": _day(self.on)}
        day = _day(timezone.localdate(self.made_at))
        if self.agreement.is_proposed:
            return _("Proposal, printed %(day)s. Not signed") % {"day": day}
        if self.agreement.state == State.DECLINED:
            return _("Declined, printed %(day)s. Never signed") % {"day": day}
        return _("Draft, printed %(day)s. Not signed") % {"day": day}

    @property
    def us(self):
        return self.said.get("us") or {"name": Letterhead.ours().name}

    @property
    def signed(self):
        return (self.said.get("signed") or {}) if self.is_signed else {}


def of_version(version, case_numbers=()):
    """The paper of one version, as it was when it began to hold: always the same, whatever has changed since."""
    return Paper(
        version.agreement, version.wording, version.made_at, version.number, version.on, version.note,
        tuple(case_numbers),
    )  # fmt: skip


def of_now(agreement, now):
    """The paper of what holds, or held last; of what is written `now` where it has not been signed."""
    if latest := agreement.versions.first():
        latest.agreement = agreement
        return of_version(latest, numbers_of(latest))
    return Paper(agreement, versions.wording(agreement), now)


def as_signed(agreement, *, on, us, them, made_at, ends_on=None):
    """The paper that the two, `us` (a colleague) and `them` (a person), put their names to on that day."""
    said = versions.wording(agreement) | {
        "starts_on": on.isoformat(),
        "ends_on": versions.plain(ends_on),
        "signed": {
            "on": on.isoformat(), "us": str(us), "us_title": us.title, "them": str(them), "them_role": them.role,
        },
    }  # fmt: skip
    return Paper(agreement, said, made_at, 1, on)


def numbers_of(paper):
    """Under which numbers a version, review or document has been filed, the first one first."""
    return tuple(paper.filings.order_by("pk").values_list("number", flat=True))


def pdf_of(paper, language):
    """The agreement as PDF. The same version gives the same bytes."""
    with translation.override(language):
        return _Written(paper, language).made()


def word_of(paper, language):
    """The agreement as Word, by the template in use for its kind.

    Raises what `document_templates.make` does.
    """
    name = "centre" if paper.kind == Kind.CENTRE else "agreement"
    with translation.override(language):
        context, title = context_of(paper), paper.title
    on = timezone.localdate(paper.made_at)
    return document_templates.make(name, context, language=language, on=on, title=title)


def name_of(paper, language):
    """What the file is called, without its ending."""
    with translation.override(language):
        parts = [str(TITLES[paper.kind]), paper.said.get("title"), paper.said["company"]]
        if paper.is_signed:
            parts.append(_("version %(number)s") % {"number": paper.number})
        else:
            parts.append(str(paper.agreement.get_state_display()).lower())
        return named(", ".join(filter(None, parts)))


def name_of_review(review, language):
    """What the file of a held review is called, without its ending."""
    with translation.override(language):
        return named(f"{_review_title(review)}, {review.agreement.company.name}, {review.held_on.isoformat()}")


def named(text):
    """The text as the name of a file: "A/S" is no folder."""
    return text.replace("/", "-").replace("\\", "-")


class _Written:
    """Writes the PDF of one paper, from top to bottom, in the language that is active."""

    def __init__(self, paper, language):
        self.paper, self.said = paper, paper.said
        self.lines = {line.name: line for line in versions.lines(paper.said)}
        ours = Letterhead.ours()
        # The logo is today's; it is no part of what was signed.
        letterhead = replace(ours, **{name: paper.us[name] for name in SENDER if name in paper.us})
        keywords = [_("Agreement no. %(number)s") % {"number": paper.agreement.pk}]
        if paper.is_signed:
            keywords.append(_("Version %(number)s") % {"number": paper.number})
        keywords.append(_("CVR no. %(number)s") % {"number": self.said["cvr"]})
        keywords += [_("Case no. %(number)s") % {"number": number} for number in paper.case_numbers]
        self.document = pdf.Document(
            letterhead=letterhead,
            title=paper.title,
            language=language,
            made_at=paper.made_at,
            subject=f"{TITLES[paper.kind]}, {self.said['company']}. {paper.status}",
            keywords=keywords,
        )

    def made(self):
        document = self.document
        document.heading_of_page(self.paper.status)
        if self.paper.note:
            document.note(_("Changed: %(what)s") % {"what": self.paper.note})
        document.blocks([_our_side(self.paper), _their_side(self.paper)])
        self._text("purpose")
        self._points("we_give")
        self._points("they_give")
        self._rest()
        self._goals()
        self._contacts(Side.OURS, _("Whom the employer calls"))
        self._contacts(Side.THEIRS, _("Whom we call"))
        # Nobody is to sign on a page that says nothing else.
        with document.together():
            document.heading(_("How far it binds"))
            document.paragraph(BINDS[self.paper.kind])
            self._signatures()
        return document.made()

    def _text(self, name):
        if line := self.lines.get(name):
            self.document.heading(line.label)
            self.document.paragraph("\n\n".join(line.words))

    def _points(self, name):
        if line := self.lines.get(name):
            self.document.heading(line.label)
            self.document.bullets(line.words)

    def _rest(self):
        rest = [line for line in self.lines.values() if line.name not in APART]
        for heading, of_this in (
            (_("What else is agreed"), lambda name: "." not in name),
            (_("The company centre"), lambda name: name.startswith("centre.")),
            (_("Help with sickness absence"), lambda name: name.startswith("terms.")),
        ):
            if rows := [(line.label, line.text) for line in rest if of_this(line.name)]:
                self.document.heading(heading)
                self.document.facts(rows)

    def _goals(self):
        rows = goal_rows(self.said)
        if not rows:
            return
        self.document.heading(_("Goals"))
        with_start = any(row["baseline"] for row in rows)
        headings = [_("What is counted"), _("Goal"), pgettext("a goal", "By")]
        if with_start:
            headings.insert(1, _("At the start"))
        table = [
            [_with_note(row), *([row["baseline"]] if with_start else []), row["target"], row["deadline"]]
            for row in rows
        ]
        figures = {1, 2} if with_start else {1}
        widths = [6, 2, 2, 3] if with_start else [8, 2, 3]
        self.document.table(headings, table, figures=figures, widths=widths)

    def _contacts(self, side, heading):
        rows = contact_rows(self.said, side)
        if not rows:
            return
        self.document.heading(heading)
        table = [
            [
                row["about"],
                "\n".join(filter(None, (row["name"], row["title"]))),
                "\n".join(filter(None, (row["phone"], row["email"]))),
                row["answers_within"],
            ]
            for row in rows
        ]
        headings = [_("About what"), _("Who"), _("Telephone and e-mail"), _("Answers within")]
        self.document.table(headings, table, widths=[3, 4, 6, 3])

    def _signatures(self):
        paper, signed = self.paper, self.paper.signed
        parties = [(paper.us["name"], paper.us.get("municipality", "")), (self.said["company"], "")]
        if not signed:
            if not paper.is_signed and paper.agreement.state != State.DECLINED:
                self.document.signatures(parties)
            return
        self.document.heading(_("Signed"))
        day = _signed_on(signed)
        self.document.blocks(
            [
                (_("For %(party)s") % {"party": parties[0][0]}, signed["us"], [signed["us_title"], day]),
                (
                    _("For %(party)s") % {"party": parties[1][0]},
                    signed["them"],
                    [versions.role_in_words(signed["them_role"]), day],
                ),
            ]
        )


def _day(day):
    return date_format(day, "DATE_FORMAT") if day else ""


def _signed_on(signed):
    return _("Signed on %(day)s") % {"day": _day(parse_date(signed["on"]))}


def _our_side(paper):
    us = paper.us
    address = ", ".join(filter(None, (us.get("street"), us.get("town"))))
    lines = [us.get("municipality", ""), address, us.get("phone", ""), us.get("email", "")]
    return pgettext("a party of an agreement", "We"), us["name"], lines


def _their_side(paper):
    company, made_at = paper.said["company"], made_at_of(paper)
    lines = [] if made_at["name"].casefold() == company.casefold() else [made_at["name"]]
    return _("The employer"), company, [*lines, made_at["address"], _cvr(paper)]


def _cvr(paper):
    return _("CVR no. %(number)s") % {"number": paper.said["cvr"]}


def made_at_of(paper):
    """Name and address of the workplace at which it was made."""
    if kept := paper.said.get("made_at"):
        return kept
    workplace = paper.agreement.workplace
    return {"name": workplace.name, "address": workplace.address}


def goal_rows(said):
    """The goals of a wording in words. Where a figure is for few eyes, where it began is left out: it tells the figure."""
    rows = []
    for one in said.get("goals", ()):
        measure = goals.measure_named(one["measure"])
        is_open = measure.may_see is None and one.get("baseline") is not None
        rows.append(
            {
                "what": str(measure.label),
                "note": one.get("note") or "",
                "baseline": goals.figure(one["baseline"]) if is_open else "",
                "target": goals.figure(one["target"]),
                "deadline": _day(parse_date(one["deadline"])),
            }
        )
    return rows


def _with_note(row):
    return f"{row['what']}, {row['note']}" if row["note"] else row["what"]


def contact_rows(said, side):
    """Whom to call on one side, in words."""
    return [
        {
            "about": capfirst(one["about"]),
            "name": one["name"],
            "title": versions.title_of(one),
            "phone": one["phone"],
            "email": one["email"],
            "answers_within": one.get("answers_within") or "",
        }
        for one in said.get("contacts", ())
        if one["side"] == side
    ]


def context_of(paper):
    """What the fields of the Word templates hold (`word_templates`), in the language that is active."""
    said, signed = paper.said, paper.signed
    lines = {line.name: line for line in versions.lines(said)}
    made_at = made_at_of(paper)

    def text(name):
        return lines[name].text if name in lines else ""

    def rows(name, field):
        return [{field: words} for words in lines[name].words] if name in lines else []

    also = [{"label": str(line.label), "text": line.text} for line in lines.values() if line.name not in NAMED]
    agreement = {name: text(name) for name in ("purpose", "people", "course", "measured_by", "followed_up")}
    agreement |= {name: text(name) for name in ("economy", "afterwards", "period", "review_every")}
    agreement |= {
        "number": str(paper.agreement.pk),
        "version": str(paper.number) if paper.is_signed else "",
        "status": paper.status,
        "kind": str(TITLES[paper.kind]),
        "about": said.get("title") or "",
        "heading": paper.title,
        "changed": paper.note,
        "binds": str(BINDS[paper.kind]),
        "we_give": rows("we_give", "text"),
        "they_give": rows("they_give", "text"),
        "starts_on": _day(parse_date(said.get("starts_on") or "")),
        "ends_on": _day(parse_date(said.get("ends_on") or "")),
    }
    context = {
        "agreement": agreement,
        "employer": {"name": said["company"], "cvr_number": said["cvr"], "workplace": made_at["name"]}
        | {"address": made_at["address"]},
        "signed": {
            "on": _day(parse_date(signed["on"])) if signed else "",
            "us": signed.get("us", ""),
            "us_title": signed.get("us_title", ""),
            "them": signed.get("them", ""),
            "them_title": versions.role_in_words(signed.get("them_role", "")),
        },
        "municipality": paper.us.get("municipality", ""),
        "places": rows("places", "name"),
        "goals": goal_rows(said),
        "contacts_ours": contact_rows(said, Side.OURS),
        "contacts_theirs": contact_rows(said, Side.THEIRS),
        "also": also,
    }
    if paper.kind == Kind.CENTRE:
        context["centre"] = {name: text(f"centre.{name}") for name in versions.CENTRE} | {
            "target_groups": rows("centre.target_groups", "name"),
            "members": rows("centre.members", "name"),
            "mentors": rows("centre.mentors", "text"),
        }
    else:
        context["help"] = {name: text(f"terms.{name}") for name in HELP}
    return context


def review_pdf(review, language):
    """A held review as PDF: what the data said, what both found, and what was decided."""
    with translation.override(language):
        return _review(review, language).made()


def _review_title(review):
    return _("Yearly review") if review.agreement.is_yearly else _("Review")


def _review(review, language):
    agreement = review.agreement
    title = _review_title(review)
    about = f"{TITLES[agreement.kind]}: {agreement.title}" if agreement.title else str(TITLES[agreement.kind])
    held = _("held on %(day)s") % {"day": _day(review.held_on)}
    keywords = [
        _("Agreement no. %(number)s") % {"number": agreement.pk},
        _("CVR no. %(number)s") % {"number": agreement.company.cvr_number},
        *(_("Case no. %(number)s") % {"number": number} for number in numbers_of(review)),
    ]
    ours = Letterhead.ours()
    document = pdf.Document(
        letterhead=ours,
        title=title,
        language=language,
        made_at=review.written_at,
        subject=f"{about}, {agreement.company.name}: {title}, {held}",
        keywords=keywords,
    )
    document.heading_of_page(f"{about}, {held}")
    document.blocks(
        [
            (pgettext("a party of an agreement", "We"), ours.name, [_people(review.staff.all())]),
            (
                _("The employer"),
                agreement.company.name,
                [_cvr_of(agreement), _people(review.persons.order_by("name", "pk"))],
            ),
        ]
    )
    if review.called_why:
        document.facts([(_("Called because"), review.called_why)])
    if told := year_figures.told(review.figures):
        document.heading(
            _("What the data says since %(day)s") % {"day": _day(year_figures.first_day_of(review.figures))}
        )
        document.facts([(one.label, one.words) for one in told], label_width=70 * mm)
    for heading, text in ((_("What we found"), review.we_found), (_("What the employer found"), review.they_found)):
        if text.strip():
            document.heading(heading)
            document.paragraph(text)
    document.heading(_("Ratings"))
    document.facts([(_("Ours"), _rating(review.our_rating)), (_("The employer's"), _rating(review.their_rating))])
    document.heading(_("Decided"))
    document.facts(
        [
            (_("Decision"), review.get_decision_display()),
            (_("What was decided"), review.decided),
            (_("Next review"), _next_day(review)),
            (_("Written by"), review.held_by),
        ]
    )
    return document


def _cvr_of(agreement):
    return _("CVR no. %(number)s") % {"number": agreement.company.cvr_number}


def _people(people):
    return ", ".join(str(one) for one in people)


def _rating(rating):
    if not rating:
        return _("Not given")
    said = _("%(rating)s of 5") % {"rating": rating}
    return f"{said}, {str(rating_in_words(rating)).lower()}"


def _next_day(review):
    later = Review.objects.filter(agreement=review.agreement_id, pk__gt=review.pk).order_by("pk").first()
    return _("By %(day)s") % {"day": _day(later.due_on)} if later else ""
