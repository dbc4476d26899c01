"""What of people, contacts and follow-ups moves along when a workplace, a company or a person is merged."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from companies import merging
from companies.merging import Fact, Kind, Moves, Problem, Relation
from companies.models import Workplace
from contacts.actions import refresh_contact_dates
from contacts.models import Person

_CONTACTS = ngettext_lazy("%(n)s contact", "%(n)s contacts", "n")
_FOLLOW_UPS = ngettext_lazy("%(n)s follow-up", "%(n)s follow-ups", "n")
_IN_PLANS = ngettext_lazy("in %(n)s contact plan", "in %(n)s contact plans", "n")
_JOB_CENTRES = ngettext_lazy("%(n)s other job centre", "%(n)s other job centres", "n")
_PEOPLE = ngettext_lazy("%(n)s person", "%(n)s people", "n")
_HANDOVERS = ngettext_lazy("in %(n)s hand-over", "in %(n)s hand-overs", "n")
_ROLES = ngettext_lazy("%(n)s colleague to call", "%(n)s colleagues to call", "n")
_SERVICES = ngettext_lazy("%(n)s service in use", "%(n)s services in use", "n")
# Nothing has such a cause today; whoever plans one by it finds it at the kept record.
_CAUSE = Relation(
    "contacts.FollowUp", "cause", Moves.UNLESS_SAME, same=("kind", "occurrence"), words=_FOLLOW_UPS,
    why="A cause plans each occurrence once.",
)  # fmt: skip


class PersonKind(Kind):
    """People at an employer: all that is known of them is ours."""

    name = "person"
    model = Person
    label = gettext_lazy("People")
    derived = ("search_text", "name_key", "phone_key")
    related = ("company", "workplace")
    facts = (
        Fact("name", gettext_lazy("Name"), ("name",)),
        Fact("role", gettext_lazy("Role"), ("role",)),
        Fact("workplace", gettext_lazy("Workplace"), ("workplace_id",)),
        Fact("phone", gettext_lazy("Telephone"), ("phone",)),
        Fact("email", gettext_lazy("E-mail"), ("email",)),
        Fact("preferred_channel", gettext_lazy("Prefers"), ("preferred_channel",)),
        Fact("remark", gettext_lazy("Good to know"), ("remark",)),
        Fact("left_on", gettext_lazy("Left"), ("left_on",), empty_wins=True),
        Fact("retain_until", gettext_lazy("Keep until"), ("retain_until",)),
    )

    def problems(self, kept, merged):
        if kept.company_id == merged.company_id:
            return []
        companies = merging.kind_named("company")
        one, other = merging.names(kept.company, merged.company)
        return [
            Problem(
                _("They are at two companies, %(one)s and %(other)s. If those are one, merge the companies first.")
                % {"one": one, "other": other},
                _("Merge the companies"),
                merging.url_of(companies, kept.company, merged.company),
            )
        ]

    def told(self, fact, row):
        if fact.name == "workplace" and row.workplace_id is None:
            return _("the whole company")
        return super().told(fact, row)

    def line(self, row):
        return " · ".join(filter(None, (*self.marks(row), row.phone, row.email)))

    def marks(self, row):
        """Role and place: the numbers of people stay out of headings."""
        return str(row.get_role_display()), row.workplace.name if row.workplace else row.company.name

    def near(self, row):
        return self.rows().filter(company=row.company_id)


def declare():
    """Add what this app lets point at the register, and its own kind."""
    merging.extend(
        "workplace",
        Relation("contacts.Interaction", "workplace", words=_CONTACTS),
        Relation("contacts.FollowUp", "workplace", words=_FOLLOW_UPS),
        Relation("contacts.Invitation", "workplace"),
        # Somebody is at a workplace of their own company.
        Relation("contacts.Person", "workplace", words=_PEOPLE, also=("company_id",)),
        Relation("contacts.OtherJobCentre", "workplace", words=_JOB_CENTRES, also=("company_id",)),
        Relation(
            "contacts.ContactPlanTarget", "workplace", Moves.UNLESS_SAME, same=("plan_id",), words=_IN_PLANS,
            why="A plan contacts a workplace once.",
        ),
        Relation(
            "contacts.HandoverItem", "workplace", Moves.UNLESS_SAME, same=("state",), words=_HANDOVERS,
            why="A workplace is in one open offer at a time.",
        ),
        Relation(
            "contacts.ColleagueRole", "workplace", Moves.UNLESS_SAME, same=("role", "about"), words=_ROLES,
            why="There is one daily contact, one who opened the door, and one to call about each thing.",
        ),
        Relation(
            "contacts.ServiceUse", "workplace", Moves.UNLESS_SAME, same=("service_id",), among=Q(until=None),
            words=_SERVICES, why="A service is in use once at a time.",
        ),
        _CAUSE,
        after=_refresh,
    )  # fmt: skip
    merging.extend(
        "company",
        Relation("contacts.Person", "company", words=_PEOPLE),
        Relation("contacts.OtherJobCentre", "company", words=_JOB_CENTRES),
        _CAUSE,
    )
    merging.register(
        PersonKind(
            Relation(
                "contacts.Interaction_persons", "person", Moves.UNLESS_SAME, same=("interaction_id",), words=_CONTACTS,
                why="Both were there, and now it is one.",
            ),
            Relation("contacts.FollowUp", "person", words=_FOLLOW_UPS),
            Relation(
                "contacts.Person", "merged_into",
                words=ngettext_lazy("%(n)s earlier merge", "%(n)s earlier merges", "n"),
            ),
            _CAUSE,
        )
    )  # fmt: skip


def _refresh(workplaces):
    refresh_contact_dates(Workplace.everything.filter(pk__in=[workplace.pk for workplace in workplaces]))
