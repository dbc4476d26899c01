"""Whatever is merged, and whatever is chosen: undoing it at once leaves every row of every table as it was."""

from datetime import date

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import merging
from companies.models import Merge, RegisterChange, RegisterImport, TierChange, Workplace
from contacts.actions import refresh_contact_dates
from tests.factories import (
    CompanyFactory,
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
TIMES = st.integers(0, 2)
SIDE = st.fixed_dictionaries(
    {
        "p_number": st.booleans(),
        "tier": st.sampled_from([None, 1, 4]),
        "do_not_contact": st.booleans(),
        "phone": st.sampled_from(["", "10 20 30 40"]),
        "name": st.sampled_from(["Smedjen", "Ærø & Søn ApS"]),
        "contacts": st.lists(DAYS, max_size=2),
        "promises": st.lists(DAYS, max_size=2),
        "people": TIMES,
        "changes": TIMES,
        "imports": st.sets(st.integers(0, 1)),
        "central": st.booleans(),
    }
)


def tables():
    """Every row of every table that is not the trail of the merge itself."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for app in ("companies", "contacts", "backstage")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model is not Merge and not hasattr(model, "history_object")
    }


def make(side, company, owner, imports):
    place = WorkplaceFactory(
        company=company, name=side["name"], tier=side["tier"], phone=side["phone"], do_not_contact=side["do_not_contact"],
        do_not_contact_why="Busy" if side["do_not_contact"] else "", **({} if side["p_number"] else {"p_number": None}),
    )  # fmt: skip
    people = PersonFactory.create_batch(side["people"], workplace=place)
    for day in side["contacts"]:
        InteractionFactory(workplace=place, on=day, created_by=owner).persons.set(people)
    for day in side["promises"]:
        FollowUpFactory(workplace=place, due_on=day, owner=owner, person=people[0] if people else None)
    for _time in range(side["changes"]):
        TierChange.objects.create(workplace=place, to_tier=1, by=owner, at="2026-11-01T08:00:00Z")
    for at in side["imports"]:
        RegisterChange.objects.create(register_import=imports[at], workplace=place, kind="changed")
    return place


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sides=st.tuples(SIDE, SIDE),
    same_company=st.booleans(),
    kind=st.sampled_from(["workplace", "company", "person"]),
    data=st.data(),
)
def test_a_merge_that_is_undone_at_once_never_was(sides, same_company, kind, data):
    owner = UserFactory()
    imports = [RegisterImport.objects.create(name="a.csv", sha256=sign * 64) for sign in "ab"]
    first, second = (
        CompanyFactory(agreed_centrally=side["central"], central_owner=owner if side["central"] else None)
        for side in sides
    )
    one, other = (
        make(sides[0], first, owner, imports),
        make(sides[1], first if same_company else second, owner, imports),
    )
    people = PersonFactory(workplace=one), PersonFactory(workplace=one, name="Anna Riis", phone="")
    InteractionFactory(workplace=one, created_by=owner).persons.set(people)
    refresh_contact_dates(Workplace.objects.all())
    kind = merging.kind_named(kind)
    pair = {"workplace": (one, other), "company": (first, second), "person": people}[kind.name]
    kept, merged = kind.order(*pair)
    choices = data.draw(st.sets(st.sampled_from([fact.name for fact in kind.facts])))
    before = tables()

    done = merging.merge(kept=kept, merged=merged, choices=choices, by=owner)
    during = tables()
    undone = merging.undo_merge(merge=done, by=owner)

    assert during != before
    assert tables() == before
    assert undone.left == 0
