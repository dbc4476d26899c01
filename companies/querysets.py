"""Questions the job centre asks of the register, each one chainable; today is an argument."""

import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Sqrt

from companies.places import Point
from jobcenter_crm.frame.danish import search_key, sort_key

# What the groups' plans are about, of what is active: in a group, and not asking to be left alone.
IN_PLANS = Q(do_not_contact=False, tier__isnull=False)


def has_no_owner(to=""):
    """That nobody who works here is responsible; `to` is the way to the workplace from where it is asked.

    Nothing is rewritten when a colleague leaves: what was theirs is nobody's for as long as they can't log in.
    """
    return Q(**{f"{to}owner": None}) | Q(**{f"{to}owner__is_active": False})


def contacted_in_time(today, cadences):
    """That a workplace's last contact is no older than its group's plan allows; `cadences` is `{tier: days}`.

    In a group without a cadence that is twelve months. One in no group is never "in time": no plan speaks of it.
    """
    within = Q(tier__isnull=False, last_contact_on__gte=today - relativedelta(months=12)) & ~Q(tier__in=list(cadences))
    for tier, days in cadences.items():
        within |= Q(tier=tier, last_contact_on__gte=today - timedelta(days=days))
    return within


class BranchQuerySet(models.QuerySet):
    """Questions about the code lists."""

    def below(self, *branches):
        """`branches` and everything under them, each in its own scheme."""
        found = Q(pk__in=[])
        for branch in branches:
            under = Q(section=branch.section) if branch.level == 0 else Q(code__startswith=branch.code, level__gt=0)
            found |= Q(scheme=branch.scheme) & under
        return self.filter(found)


class PostcodeQuerySet(models.QuerySet):
    """Questions about where things are."""

    def with_position(self):
        return self.filter(latitude__isnull=False)

    def point_called(self, text):
        """The `Point` that a postcode, a town, or both ("4600", "Køge", "4600 Køge") names; None for what is not known.

        A town with several postcodes lies in the middle of them.
        """
        first = text.strip().partition(" ")[0]
        if first.isdigit():
            found = self.with_position().filter(code=first).first()
            return found and Point.amid(str(found), [found])
        wanted = search_key(text)
        # Folded here, because a database can't be trusted with Danish letters.
        towns = [(search_key(postcode.town), postcode) for postcode in self.with_position()] if wanted else []
        found = [postcode for town, postcode in towns if town == wanted]
        found = found or [postcode for town, postcode in towns if f"{town} ".startswith(f"{wanted} ")]
        return Point.amid(min((postcode.town for postcode in found), key=len), found) if found else None

    def within_km(self, km, *, of):
        """The codes of those at most so far from the `Point`."""
        known = self.with_position().values_list("code", "latitude", "longitude")
        return [code for code, latitude, longitude in known if of.km_to(latitude, longitude) <= km]


def _postcodes():
    return apps.get_model("companies", "Postcode").objects


def position(of=""):
    """Latitude and longitude of a workplace, of its postcode where nobody knows better.

    `of` leads to the workplace from what is asked about: "workplace__".
    """
    at = _postcodes().filter(code=OuterRef(f"{of}postcode"))
    return tuple(Coalesce(f"{of}{column}", Subquery(at.values(column))) for column in ("latitude", "longitude"))


class WorkplaceQuerySet(models.QuerySet):
    """Questions about places of work."""

    def active(self):
        return self.filter(ceased_on=None)

    def ceased(self):
        return self.filter(ceased_on__isnull=False)

    def without_owner(self):
        """Those that nobody is responsible for: nobody was named, or the one who was can no longer log in."""
        return self.filter(has_no_owner())

    def never_contacted(self):
        return self.filter(last_contact_on=None)

    def quiet_since(self, day):
        """Never contacted, or last contacted before `day`."""
        return self.filter(Q(last_contact_on=None) | Q(last_contact_on__lt=day))

    def contacted_since(self, day):
        """Last contacted on `day` or later."""
        return self.filter(last_contact_on__gte=day)

    def within_km(self, km, *, of):
        """At most so far from the `places.Point`; one without a position is where its postcode is."""
        near = of.km_squared_to(F("latitude"), F("longitude"))
        codes = _postcodes().within_km(km, of=of)
        return self.alias(km_squared=near).filter(
            Q(km_squared__lte=float(km * km)) | Q(latitude=None, postcode__in=codes)
        )

    def annotate_km_from(self, point):
        """`km_away`: kilometres from the `places.Point`, NULL for a place whose position nobody knows."""
        return self.annotate(km_away=Sqrt(point.km_squared_to(*position())))

    def nearest_first(self, point):
        """From the `places.Point`; those whose position nobody knows come last."""
        near = self.alias(km_from_there=point.km_squared_to(*position()))
        return near.order_by(F("km_from_there").asc(nulls_last=True), "sort_name", "pk")

    def annotate_position(self):
        """`lies_north` and `lies_east`: where it is in degrees, its postcode's position where its own is not known."""
        latitude, longitude = position()
        return self.annotate(lies_north=latitude, lies_east=longitude)

    def in_time(self, today, cadences):
        """Contacted within what their group's plan allows, as `contacted_in_time` has it."""
        return self.filter(contacted_in_time(today, cadences))

    def open_to_outreach(self):
        """Those that bulk contact may reach: active, not advertising-protected, and not asking to be left alone.

        A company's protection covers its workplaces (CVR act § 19).
        """
        return self.active().filter(
            do_not_contact=False, advertising_protected=False, company__advertising_protected=False
        )

    def counted_in_plans(self):
        """Those that the groups' plans are about: active, in a group, and not asking to be left alone."""
        return self.active().filter(IN_PLANS)

    def in_branches(self, branches):
        """Whose main or secondary branch is one of `branches` or lies under it."""
        codes = branches[0]._meta.model.objects.below(*branches).values("pk") if branches else []
        return self.filter(Q(branch__in=codes) | Q(secondary_branch__in=codes))

    def inside(self, municipality):
        """In the municipality with that code."""
        return self.filter(municipality=municipality)

    def outside(self, municipality):
        """In another municipality than the one with that code; those of which nobody knows where are in none."""
        return self.exclude(municipality=None).exclude(municipality=municipality)

    def nowhere(self):
        """Of which nobody knows in which municipality they are."""
        return self.filter(municipality=None)

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

    def of_company(self, cvr_number):
        return self.filter(company__cvr_number=cvr_number)

    def at_address_of(self, cvr_number, address_key):
        """At an address of the company, as `address_key` knows it again."""
        return self.of_company(cvr_number).filter(address_key=address_key)

    def called_up_on(self, phone_key):
        """With this telephone, however it is written; none for an empty key."""
        # Said twice, because SQLite looks into the index of those that have one only when it is told so.
        return self.filter(phone_key=phone_key).exclude(phone_key="") if phone_key else self.none()

    def named_like(self, postcode, name_key, *, beginning):
        """At the postcode, with a name that begins with the same so many letters."""
        return self.filter(postcode=postcode, name_key__startswith=name_key[:beginning])

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

    def waiting(self, today, cadences):
        """Due for contact, as every page calls it: due, and nobody has promised a next step.

        Where one is promised, it stands on that person's day, also when its day has passed.
        """
        return self.without_next_step().due(today, cadences)

    def annotate_waiting(self):
        """`waiting_since`: the day of the last contact, or the day it came into its group."""
        return self.annotate(waiting_since=Coalesce("last_contact_on", "tier_since"))

    def largest(self, number, figure=""):
        """Those `number` of them that have the most employees, or the most of a figure, by its code.

        Where nothing was counted there is nothing to compare. Of two alike the one that was here first is taken, so
        that the answer is the same each time. They are cut out for good: what is asked afterwards is asked of them.
        """
        if figure:
            counted = apps.get_model("companies", "WorkplaceFigure").objects.newest(figure)
            counted = counted.filter(workplace__in=self.order_by().values("pk"))
            ranked = counted.order_by("-value", "workplace").values("workplace")
        else:
            ranked = self.filter(employees_min__isnull=False).order_by("-employees_min", "pk").values("pk")
        return self.model._default_manager.filter(pk__in=ranked[:number])

    def for_register_page(self):
        """All that one row of the register shows, in one query."""
        return self.select_related("company", "owner", "branch")


class WorkplaceFigureQuerySet(models.QuerySet):
    """Questions about figures that files have brought."""

    def newest(self, figure=""):
        """The latest count of each figure at each workplace; of one figure where its code is given."""
        later = self.model._default_manager.filter(
            workplace=OuterRef("workplace"), figure=OuterRef("figure"), counted_on__gt=OuterRef("counted_on")
        )
        found = self.filter(~Exists(later))
        return found.filter(figure__code=figure) if figure else found

    def for_card(self, workplace):
        """What a workplace's card shows, in one query."""
        return self.filter(workplace=workplace).newest().select_related("figure").order_by("figure__name_da", "figure")


class RegisterChangeQuerySet(models.QuerySet):
    """Questions about what changed in the register, and who has to know."""

    def news(self):
        """What somebody who works with the employer must know, of whatever kind."""
        # The same words as the index of what nobody has seen.
        return self.filter(
            Q(closed=True) | Q(reopened=True) | Q(moved=True) | Q(renamed=True) | Q(grown=True) | Q(shrunk=True)
        )

    def of(self, kind):
        """News of that kind, one of `RegisterChange.NEWS`."""
        return self.filter(**{kind: True})

    def unseen(self):
        return self.filter(seen_at=None)

    def since(self, moment):
        return self.filter(at__gte=moment)

    def for_owner(self, user):
        """What happened at the places that `user` is responsible for, and not by their own hand."""
        return self.standing().filter(workplace__owner=user).exclude(by=user)

    def standing(self):
        """Without those at places that were merged into another one: nobody works with them."""
        return self.filter(workplace__merged_into=None)

    def with_owner(self, has_owner=True):
        """At places that somebody is responsible for, or at those that nobody is."""
        nobody = has_no_owner("workplace__")
        return self.exclude(nobody) if has_owner else self.filter(nobody)

    def count_of_each(self):
        """`{kind: how many}` for each kind of news, and "all" for how many changes there are, in one statement."""
        counts = {kind: models.Count("pk", filter=Q((kind, True))) for kind in self.model.NEWS}
        return self.order_by().aggregate(all=models.Count("pk"), **counts)

    def for_news_page(self):
        """All that one row of a list of news shows, in one query."""
        return self.select_related("workplace__owner", "by", "seen_by")


_NUMBER = re.compile(r"(?:\+45|0045|DK)?((?:[ .-]?\d){8,10})(?!\d)", re.IGNORECASE)


def numbers_joined(text):
    """`text` with each telephone or CVR number in groups of digits as one word, without what may stand before it."""
    return _NUMBER.sub(lambda found: f" {re.sub(r'[^0-9]', '', found[1])} ", text)


def search_words(text):
    """The folded words of a search; a telephone or CVR number in groups of digits is one word."""
    return search_key(numbers_joined(text)).split()


class RegisterImportQuerySet(models.QuerySet):
    """Questions about the files that were brought in."""

    def with_has_news(self):
        """`has_news`: whether it told something that those who work with an employer must know."""
        changes = self.model._meta.get_field("changes").related_model.objects
        return self.annotate(has_news=models.Exists(changes.news().filter(register_import=models.OuterRef("pk"))))


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

    def in_pieces(self, at_once=1000):
        """In the order of their lines, each piece by a statement of its own: a whole file of them need not fit in memory.

        `iterator()` would hold a connection for as long as somebody's browser takes to receive them, or, behind a pool, all rows.
        """
        left = self.order_by("line", "pk")
        while some := list(left[:at_once]):
            yield from some
            last = some[-1]
            left = self.order_by("line", "pk").filter(Q(line__gt=last.line) | Q(line=last.line, pk__gt=last.pk))


class TargetGroupQuerySet(models.QuerySet):
    """Questions about target groups."""

    def valid(self, today):
        """Those that there are on `today`; the last day counts."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)


class SelectionQuerySet(models.QuerySet):
    """Questions about saved searches."""

    def seen_by(self, user):
        """Shared with all, or their own."""
        return self.filter(Q(is_shared=True) | Q(created_by=user))

    def shared(self):
        return self.filter(is_shared=True)


class BulkDraftQuerySet(models.QuerySet):
    """Questions about rows that are put aside."""

    def of(self, user):
        """Nobody else's: what the page says and does is for whoever chose the rows."""
        return self.filter(by=user)

    def forgotten(self, now):
        """Older than a day, and no export waits for its rows."""
        waited_for = models.Q(exports__isnull=False, exports__rows=None, created_at__gte=now - timedelta(days=7))
        return self.filter(created_at__lt=now - timedelta(days=1)).exclude(
            pk__in=self.model.objects.filter(waited_for).values("pk")
        )


class ExportQuerySet(models.QuerySet):
    """Questions about what was taken out as Excel."""

    def written(self):
        return self.filter(rows__isnull=False)

    def visible_to(self, user):
        """One's own; all of them for those who look after exports."""
        return self if user.has_perm("companies.view_export") else self.filter(by=user)

    def for_page(self):
        """All that one row of the list shows, in one query."""
        return self.select_related("by", "file")
