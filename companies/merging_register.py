"""Merging workplaces, and merging companies: what of them is chosen, what forbids it, and what follows."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from companies import merging
from companies.merging import BATCH, NAMED, Fact, Kind, Moves, Problem, Relation, kind_named, names, url_of
from companies.models import Company, RegisterChange, Workplace
from companies.models.register import Derived
from companies.register import news
from jobcenter_crm.backstage.bulk import as_json


class WorkplaceKind(Kind):
    """Places of work. What the register says is shown; it is chosen only where no number of the register stands for it."""

    name = "workplace"
    model = Workplace
    label = gettext_lazy("Workplaces")
    derived = Derived._fields
    related = ("company", "owner", "branch", "secondary_branch", "municipality")
    facts = (
        Fact("tier", gettext_lazy("Group"), ("tier", "tier_since", "tier_by_hand")),
        Fact("owner", gettext_lazy("Responsible consultant"), ("owner_id",)),
        Fact("do_not_contact", gettext_lazy("Do not contact"), ("do_not_contact", "do_not_contact_why")),
        Fact("labour_conflict", gettext_lazy("Labour conflict"), ("labour_conflict",)),
        Fact("name", gettext_lazy("Name"), ("name",), is_ours=False),
        Fact(
            "address",
            gettext_lazy("Address"),
            ("street", "co_name", "place", "postcode", "town", "municipality_id", "latitude", "longitude"),
            is_ours=False,
        ),
        Fact("branch", gettext_lazy("Branch"), ("branch_id",), is_ours=False),
        Fact("secondary_branch", gettext_lazy("Secondary branch"), ("secondary_branch_id",), is_ours=False),
        Fact(
            "employees",
            gettext_lazy("Employees"),
            ("employees_min", "employees_max", "employees_period", "employees_source"),
            is_ours=False,
        ),
        Fact("phone", gettext_lazy("Telephone"), ("phone",), is_ours=False),
        Fact("email", gettext_lazy("E-mail"), ("email",), is_ours=False),
        Fact("sector", gettext_lazy("Sector"), ("sector",), is_ours=False),
        Fact("advertising_protected", gettext_lazy("Advertising-protected"), ("advertising_protected",), is_ours=False),
        Fact("started_on", gettext_lazy("Started"), ("started_on",), is_ours=False),
        Fact("ceased_on", gettext_lazy("Ceased"), ("ceased_on",), is_ours=False, empty_wins=True),
    )

    def order(self, first, second):
        """The one that the register knows by its number is kept: what comes from it is written there."""
        return (second, first) if second.p_number and not first.p_number else (first, second)

    def choosable(self, fact, kept):
        return fact.is_ours or not kept.p_number

    def problems(self, kept, merged):
        if merged.p_number and not kept.p_number:
            return [Problem(_("Keep the one that has a P-number: the register knows it."))]
        return []

    def warnings(self, kept, merged):
        said = []
        if kept.company_id != merged.company_id:
            one, other = names(kept.company, merged.company)
            said.append(
                _(
                    "They belong to two companies, %(one)s and %(other)s. What is known of the workplace moves to the "
                    "first; the companies stay two. If they are one, merge the companies as well."
                )
                % {"one": one, "other": other}
            )
        if kept.p_number and merged.p_number:
            said.append(_("The register knows both by a P-number of their own, so to it they are two workplaces."))
        return said

    def told(self, fact, row):
        if fact.name == "address":
            return row.address
        if fact.name == "employees":
            return row.employees
        if fact.name == "do_not_contact" and row.do_not_contact_why:
            return f"{_('yes')}: »{row.do_not_contact_why}«"
        return super().told(fact, row)

    def line(self, row):
        return " · ".join(filter(None, (row.short_address, _p_number(row))))

    def marks(self, row):
        return row.short_address, _p_number(row), f"CVR {row.company.cvr_number}"

    def near(self, row):
        """The company's other ones, and those of the same name or telephone."""
        alike = models.Q(company=row.company_id)
        if row.name_key:
            alike |= models.Q(postcode=row.postcode, name_key=row.name_key)
        if row.phone_key:
            alike |= models.Q(phone_key=row.phone_key)
        return self.rows().filter(alike)


def _p_number(workplace):
    return f"P {workplace.p_number}" if workplace.p_number else _("without P-number")


class CompanyKind(Kind):
    """Companies. The register knows each by its number, so only our own facts are chosen."""

    name = "company"
    model = Company
    label = gettext_lazy("Companies")
    related = ("form", "central_owner")
    facts = (
        Fact(
            "agreed_centrally",
            gettext_lazy("Agreed centrally"),
            ("agreed_centrally", "central_person", "central_owner_id"),
        ),
        Fact("cvr_number", gettext_lazy("CVR number"), ("cvr_number",), is_ours=False),
        Fact("name", gettext_lazy("Name"), ("name",), is_ours=False),
        Fact("form", gettext_lazy("Form"), ("form_id",), is_ours=False),
        Fact("status", gettext_lazy("Status in the register"), ("status",), is_ours=False),
        Fact("advertising_protected", gettext_lazy("Advertising-protected"), ("advertising_protected",), is_ours=False),
        Fact("started_on", gettext_lazy("Started"), ("started_on",), is_ours=False),
        Fact("ceased_on", gettext_lazy("Ceased"), ("ceased_on",), is_ours=False),
    )

    def problems(self, kept, merged):
        """Two workplaces without P-number at one address would be the same row to every file."""
        own = dict(kept.workplaces.filter(p_number=None).values_list("address_key", "pk"))
        doubled = merged.workplaces.filter(p_number=None, address_key__in=own).order_by("pk")[:NAMED]
        return [
            Problem(
                _("Both companies have a workplace without P-number at %(address)s. Merge these two workplaces first.")
                % {"address": workplace.address or _("no address")},
                _("Merge the workplaces"),
                url_of(kind_named("workplace"), Workplace(pk=own[workplace.address_key]), workplace),
            )
            for workplace in doubled
        ]

    def warnings(self, kept, merged):
        return [
            _(
                "Files from the register will go on naming both CVR numbers. What they say of %(number)s is kept with "
                "the merged company; its workplaces stay with %(name)s."
            )
            % {"number": merged.cvr_number, "name": kept}
        ]

    def told(self, fact, row):
        if fact.name == "agreed_centrally" and row.agreed_centrally:
            return ", ".join(filter(None, (_("yes"), row.central_person, str(row.central_owner or ""))))
        return super().told(fact, row)

    def line(self, row):
        return f"CVR {row.cvr_number}"

    def marks(self, row):
        return (self.line(row),)

    def url(self, row):
        """A company is shown by its workplaces."""
        return f"{reverse('companies:register')}?q={row.cvr_number}"

    def near(self, row):
        """Those that have a workplace of the same name at the same postcode."""
        alike = models.Q(pk__in=[])
        for postcode, name in row.workplaces.values_list("postcode", "name_key")[:NAMED]:
            alike |= models.Q(postcode=postcode, name_key=name)
        return self.rows().filter(pk__in=Workplace.objects.filter(alike).order_by().values("company"))

    def search(self, text):
        return self.rows().filter(pk__in=Workplace.objects.matching(text).order_by().values("company"))

    def last_day(self, row):
        return row.ceased_on

    def told_meanwhile(self, merge, row, by):
        """Its workplaces end with a company, and begin again with it: also those that were away when the register told so.

        Nobody reads on about a workplace that was itself merged into another.
        """
        if (row.ceased_on is None) == (merge.ceased_on is None):
            return
        ended = Workplace.everything.filter(company=row, ceased_on=merge.ceased_on)
        trail = [
            news.mark(
                RegisterChange(
                    workplace_id=pk,
                    kind=RegisterChange.Kind.CEASED if row.ceased_on else RegisterChange.Kind.CHANGED,
                    before=as_json({"ceased_on": merge.ceased_on}),
                    after=as_json({"ceased_on": row.ceased_on}),
                    by=by,
                )
            )
            for pk in ended.filter(merged_into=None).values_list("pk", flat=True)
        ]
        ended.update(ceased_on=row.ceased_on)
        RegisterChange.objects.bulk_create(trail, BATCH)

    def after(self, *rows):
        """What a workplace is found by tells of its company."""
        for company in rows:
            last = 0
            places = Workplace.everything.filter(company=company).order_by("pk")
            while some := list(places.filter(pk__gt=last)[:BATCH]):
                for workplace in some:
                    workplace.company = company
                    workplace.derive()
                Workplace.everything.bulk_update(some, ["search_text"], batch_size=200)
                last = some[-1].pk
        super().after(*rows)


def declare():
    """Say what of the register can be merged; once, when the app is ready."""
    merging.register(
        WorkplaceKind(
            Relation(
                "companies.RegisterChange", "workplace", Moves.UNLESS_SAME, same=("register_import_id",),
                words=ngettext_lazy("%(n)s change in the register", "%(n)s changes in the register", "n"),
                why="Each import tells of a workplace once; what the other one's row said of the same import stays with it.",
            ),
            Relation(
                "companies.TierChange", "workplace",
                words=ngettext_lazy("%(n)s change of group", "%(n)s changes of group", "n"),
            ),
            Relation(
                "companies.WorkplaceFigure", "workplace", Moves.UNLESS_SAME, same=("figure_id", "counted_on"),
                words=ngettext_lazy("%(n)s figure", "%(n)s figures", "n"),
                why="A figure is counted once a day at a workplace; what was counted at the other one stays with it.",
            ),
            Relation(
                "companies.TierMove", "workplace", Moves.NEVER,
                why="A job says which workplace it moved, and its undo has to find that very one.",
            ),
            Relation(
                "companies.Workplace", "merged_into",
                words=ngettext_lazy("%(n)s earlier merge", "%(n)s earlier merges", "n"),
            ),
        )
    )  # fmt: skip
    merging.register(
        CompanyKind(
            Relation("companies.Workplace", "company", words=ngettext_lazy("%(n)s workplace", "%(n)s workplaces", "n")),
            Relation(
                "companies.Company", "merged_into",
                words=ngettext_lazy("%(n)s earlier merge", "%(n)s earlier merges", "n"),
            ),
        )
    )  # fmt: skip
