"""Questions the job centre asks of the register, each one chainable; today is an argument."""

import re
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from jobcenter_crm.frame.danish import search_key, sort_key


class BranchQuerySet(models.QuerySet):
    """Questions about the code lists."""

    def below(self, *branches):
        """`branches` and everything under them, each in its own scheme."""
        found = Q(pk__in=[])
        for branch in branches:
            under = Q(section=branch.section) if branch.level == 0 else Q(code__startswith=branch.code, level__gt=0)
            found |= Q(scheme=branch.scheme) & under
        return self.filter(found)


class WorkplaceQuerySet(models.QuerySet):
    """Questions about places of work."""

    def active(self):
        return self.filter(ceased_on=None)

    def ceased(self):
        return self.filter(ceased_on__isnull=False)

    def never_contacted(self):
        return self.filter(last_contact_on=None)

    def quiet_since(self, day):
        """Never contacted, or last contacted before `day`."""
        return self.filter(Q(last_contact_on=None) | Q(last_contact_on__lt=day))

    def in_branches(self, branches):
        """Whose main or secondary branch is one of `branches` or lies under it."""
        codes = branches[0]._meta.model.objects.below(*branches).values("pk") if branches else []
        return self.filter(Q(branch__in=codes) | Q(secondary_branch__in=codes))

    def employing(self, least=None, most=None):
        """Whose count of employees may lie between `least` and `most`; the uncounted never do."""
        found = self.filter(employees_min__isnull=False) if least is not None or most is not None else self
        if least is not None:
            found = found.filter(Q(employees_max__gte=least) | Q(employees_max=None))
        if most is not None:
            found = found.filter(employees_min__lte=most)
        return found

    def matching(self, text):
        """Where every word of `text` is found in name, company, CVR, P-number, telephone, street or town.

        A number may be written with blanks, "+45" or "DK" before it.
        """
        found = self
        for word in search_words(text):
            found = found.filter(search_text__contains=word)
        return found

    def called(self, text):
        """Whose name begins with `text`; quick on a large register, since it follows the order of names."""
        key = sort_key(text)
        return self.filter(sort_name__gte=key, sort_name__lt=f"{key}\x7f") if key else self.none()

    def due(self, today, cadences):
        """Whose group's plan says that it is time: `cadences` is `{tier: days}`.

        A next step that somebody has promised replaces the cadence by its own date. Tier 4 and the
        ungrouped are never due, and neither are those who have asked not to be contacted.
        """
        overdue = Q(pk__in=[])
        for tier, days in cadences.items():
            overdue |= Q(tier=tier, waits_since__lt=today - timedelta(days=days))
        return (
            self.active()
            .filter(do_not_contact=False, tier__in=list(cadences))
            .alias(waits_since=Coalesce("last_contact_on", "tier_since"))
            .filter(Q(next_contact_on__lt=today) | (Q(next_contact_on=None) & overdue))
        )

    def without_next_step(self):
        return self.filter(next_contact_on=None)

    def annotate_waiting(self):
        """`waiting_since`: the day of the last contact, or the day it came into its group."""
        return self.annotate(waiting_since=Coalesce("last_contact_on", "tier_since"))

    def for_register_page(self):
        """All that one row of the register shows, in one query."""
        return self.select_related("company", "owner", "branch")


_NUMBER = re.compile(r"(?:\+45|0045|DK)?((?:[ .-]?\d){8,10})(?!\d)", re.IGNORECASE)


def search_words(text):
    """The folded words of a search; a telephone or CVR number in groups of digits is one word."""
    joined = _NUMBER.sub(lambda found: f" {re.sub(r'[^0-9]', '', found[1])} ", text)
    return search_key(joined).split()


class RejectedRowQuerySet(models.QuerySet):
    """Questions about what was wrong in a file."""

    def rejected(self):
        """All that is wrong with rejected rows; a row may have several remarks."""
        return self.filter(kind="rejected")

    def rows(self):
        """Each rejected row once: the remark that has its cells."""
        return self.rejected().exclude(raw=[])

    def corrected(self):
        return self.rejected().filter(corrected__isnull=False)

    def waiting(self):
        """Put right and not yet brought again."""
        return self.corrected().filter(taken_with=None)

    def uncorrected(self):
        return self.rows().filter(corrected__isnull=True)
