"""Merging: what moves along, what a person chooses, the way back, and that nothing was forgotten."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from companies import merging
from companies.merging import Moves, Refused, kind_named
from companies.models import Company, KnownDifferent, Merge, RegisterChange, RegisterImport, TierChange, Workplace
from contacts import actions
from contacts.models import FollowUp, Interaction, Person
from tests.factories import CompanyFactory, FollowUpFactory, InteractionFactory, PersonFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MODELS = [kind.model for kind in merging.kinds()]


def merge(kept, merged, by, *choices):
    return merging.merge(kept=kept, merged=merged, choices=set(choices), by=by)


def fresh(row):
    return type(row).everything.get(pk=row.pk)


# --- Nothing is forgotten ---------------------------------------------------------------------


def pointing_at(model):
    """What points at `model`, as keys of relations; the history tables point at what was, and stay."""
    for other in apps.get_models(include_auto_created=True):
        if hasattr(other, "history_object"):
            continue
        for field in other._meta.get_fields():
            if field.is_relation and field.concrete and not field.many_to_many and field.related_model is model:
                yield f"{other._meta.label}.{field.name}"


def generic():
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.private_fields
        if type(field) is GenericForeignKey
    }


@pytest.mark.parametrize("kind", merging.kinds(), ids=lambda kind: kind.name)
def test_every_relation_to_what_can_be_merged_is_declared_and_every_declared_one_exists(kind):
    declared = {relation.key for relation in kind.relations}

    assert declared - generic() == set(pointing_at(kind.model))
    assert declared & generic() == generic() - set(merging.WRITTEN_ABOUT)


def test_each_relation_that_does_not_simply_move_says_why():
    for kind in merging.kinds():
        for relation in kind.relations:
            assert relation.moves == Moves.ALWAYS or relation.why, relation.key
            # Where there can only be one, there is no column by which two would be the same.
            only_one = apps.get_model(relation.model)._meta.get_field(relation.name).one_to_one
            assert relation.moves != Moves.UNLESS_SAME or relation.same or only_one, relation.key


@pytest.mark.parametrize("kind", merging.kinds(), ids=lambda kind: kind.name)
def test_all_our_own_facts_can_be_chosen(kind):
    columns = {column for fact in kind.facts for column in fact.columns if fact.is_ours}
    own = {kind.model._meta.get_field(name).attname for name in getattr(kind.model, "OWN_FACTS", [])}

    assert own - columns == ({"last_contact_on", "next_contact_on"} if kind.model is Workplace else set())


# --- A merged record is out of the way ---------------------------------------------------------


def test_a_merged_record_is_left_out_everywhere_but_in_everything(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)

    merge(kept, merged, owner)

    assert list(Workplace.objects.all()) == list(kept.company.workplaces.all()) == [kept]
    assert set(Workplace.everything.all()) == {kept, merged}
    assert fresh(merged).merged_into == kept


@pytest.mark.parametrize("factory", [WorkplaceFactory, CompanyFactory, PersonFactory])
def test_nothing_is_merged_into_itself(factory):
    row = factory()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).everything.filter(pk=row.pk).update(merged_into=row)


def test_the_number_of_a_merged_record_is_still_taken(owner):
    kept, merged = CompanyFactory(name="Kept ApS"), CompanyFactory()
    merge(kept, merged, owner)

    with pytest.raises(ValidationError, match="Kept ApS"):
        Company(cvr_number=merged.cvr_number, name="Again").full_clean()


def test_a_place_without_number_may_stand_where_a_merged_one_stood(owner):
    kept = WorkplaceFactory(p_number=None)
    merged = WorkplaceFactory(company=kept.company, p_number=None)
    merge(kept, merged, owner)

    WorkplaceFactory(company=kept.company, p_number=None, street=merged.street)

    assert kept.company.workplaces.count() == 2


# --- Workplaces ---------------------------------------------------------------------------------


def test_the_history_of_a_workplace_moves_along(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    contact = InteractionFactory(workplace=merged, on=date(2026, 11, 3))
    promise = FollowUpFactory(workplace=merged, due_on=date(2026, 12, 1))
    person = PersonFactory(workplace=merged)
    move = TierChange.objects.create(workplace=merged, to_tier=1, by=owner, at=NOW)
    actions.refresh_contact_dates(Workplace.objects.all())

    done = merge(kept, merged, owner)

    for row in (contact, promise, person, move):
        row.refresh_from_db()
        assert row.workplace_id == kept.pk
    kept.refresh_from_db()
    assert (kept.last_contact_on, kept.next_contact_on) == (date(2026, 11, 3), date(2026, 12, 1))
    assert fresh(merged).last_contact_on is None
    assert done.moved["contacts.Interaction.workplace"] == [contact.pk]


def test_what_both_have_from_one_import_stays_with_each(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    both, one = (RegisterImport.objects.create(name="a.csv", sha256=sign * 64) for sign in "ab")
    for workplace, imports in ((kept, [both]), (merged, [both, one])):
        for each in imports:
            RegisterChange.objects.create(register_import=each, workplace=workplace, kind="changed")

    merge(kept, merged, owner)

    assert set(kept.register_changes.values_list("register_import", flat=True)) == {both.pk, one.pk}
    assert list(merged.register_changes.values_list("register_import", flat=True)) == [both.pk]


def test_the_chosen_facts_are_taken_together_and_tell_who_chose(owner, colleague):
    kept = WorkplaceFactory(tier=3, owner=owner)
    merged = WorkplaceFactory(company=kept.company, tier=1, tier_by_hand=True, owner=colleague)

    merge(kept, merged, colleague, "tier")

    kept.refresh_from_db()
    assert (kept.tier, kept.tier_since, kept.tier_by_hand) == (1, date(2026, 1, 5), True)
    assert kept.owner == owner
    assert kept.history.first().history_user == colleague


def test_register_facts_are_chosen_only_where_no_number_stands_for_them(owner):
    numbered, plain = WorkplaceFactory(name="Numbered", phone="10101010"), WorkplaceFactory(p_number=None, name="Plain")
    one = WorkplaceFactory(company=numbered.company, name="One")
    other = WorkplaceFactory(company=plain.company, p_number=None, name="Other", street="Nyvej 1")

    merge(numbered, one, owner, "name")
    merge(plain, other, owner, "name", "address")

    numbered.refresh_from_db()
    plain.refresh_from_db()
    assert numbered.name == "Numbered"
    assert (plain.name, plain.street, plain.sort_name) == ("Other", "Nyvej 1", "other")


def test_the_one_that_the_register_knows_is_kept(owner):
    plain = WorkplaceFactory(p_number=None)
    numbered = WorkplaceFactory(company=plain.company)
    kind = kind_named("workplace")

    assert kind.order(plain, numbered) == (numbered, plain)
    with pytest.raises(Refused, match="P-number"):
        merge(plain, numbered, owner)


def test_people_of_a_workplace_of_another_company_come_to_the_kept_ones_company(owner):
    kept, merged = WorkplaceFactory(), WorkplaceFactory()
    person = PersonFactory(workplace=merged)

    done = merge(kept, merged, owner)
    person.refresh_from_db()
    moved = person.company_id
    merging.undo_merge(merge=done, by=owner)
    person.refresh_from_db()

    assert (moved, person.company_id) == (kept.company_id, merged.company_id)


@pytest.mark.parametrize("make", [WorkplaceFactory, CompanyFactory, PersonFactory])
def test_a_record_is_merged_neither_with_itself_nor_twice(owner, make):
    kept = make()
    merged = make(workplace=kept.workplace) if make is PersonFactory else make()
    other = make(workplace=kept.workplace) if make is PersonFactory else make()
    merge(kept, merged, owner)

    with pytest.raises(Refused, match="one and the same"):
        merge(kept, kept, owner)
    with pytest.raises(Refused, match="already been merged"):
        merge(other, merged, owner)
    with pytest.raises(Refused, match="already been merged"):
        merge(merged, other, owner)
    assert Merge.objects.count() == 1


def test_what_had_been_merged_goes_along_and_comes_back_in_order(owner):
    first, second, third = WorkplaceFactory.create_batch(3, company=CompanyFactory())
    early = merge(second, third, owner)
    late = merge(first, second, owner)

    assert fresh(third).merged_into == fresh(second).merged_into == first
    with pytest.raises(Refused, match="Undo that merge first"):
        merging.undo_merge(merge=early, by=owner)
    merging.undo_merge(merge=late, by=owner)
    merging.undo_merge(merge=early, by=owner)

    assert Workplace.objects.count() == 3


# --- Companies ----------------------------------------------------------------------------------


def test_workplaces_and_people_come_to_the_company_and_are_found_by_its_name(owner):
    kept, merged = CompanyFactory(name="Kept ApS"), CompanyFactory(name="Gone ApS")
    workplace = WorkplaceFactory(company=merged, name="Shop")
    person = PersonFactory(company=merged, workplace=None)

    done = merge(kept, merged, owner)

    assert list(Workplace.objects.matching("kept")) == [workplace]
    assert not Workplace.objects.matching("gone").exists()
    person.refresh_from_db()
    assert person.company == kept
    merging.undo_merge(merge=done, by=owner)
    assert list(merged.workplaces.matching("gone")) == [workplace]


def test_companies_with_a_place_without_number_at_one_address_are_refused_with_the_way_out(owner):
    one = WorkplaceFactory(p_number=None, street="Torvet 1")
    other = WorkplaceFactory(p_number=None, street="Torvet 1")

    with pytest.raises(Refused, match="Torvet 1") as refused:
        merge(one.company, other.company, owner)
    assert f"a={one.pk}&b={other.pk}" in refused.value.problems[0].url
    merge(one, other, owner)
    merge(one.company, other.company, owner)

    assert list(Workplace.objects.all()) == [one]


def test_a_central_agreement_is_taken_as_a_whole(owner):
    kept = CompanyFactory()
    merged = CompanyFactory(agreed_centrally=True, central_person="Birgit Lauge", central_owner=owner)

    done = merge(kept, merged, owner, "agreed_centrally")
    kept.refresh_from_db()
    taken = (kept.agreed_centrally, kept.central_person, kept.central_owner)
    merging.undo_merge(merge=done, by=owner)
    kept.refresh_from_db()

    assert taken == (True, "Birgit Lauge", owner)
    assert (kept.agreed_centrally, kept.central_person, kept.central_owner) == (False, "", None)


# --- People -------------------------------------------------------------------------------------


def test_a_person_who_was_at_a_meeting_twice_was_there_once(owner):
    kept = PersonFactory()
    merged = PersonFactory(workplace=kept.workplace, phone="99 88 77 66")
    both, one = InteractionFactory.create_batch(2, workplace=kept.workplace)
    both.persons.set([kept, merged])
    one.persons.set([merged])

    done = merge(kept, merged, owner, "phone")

    assert list(both.persons.all()) == list(one.persons.all()) == [kept]
    assert list(Person.objects.matching("99887766")) == [kept]
    merging.undo_merge(merge=done, by=owner)
    assert set(both.persons.all()) == {kept, merged}
    assert list(one.persons.all()) == [merged]


def test_people_at_two_companies_are_refused_with_the_way_out(owner):
    one, other = PersonFactory(), PersonFactory()

    with pytest.raises(Refused, match="two companies") as refused:
        merge(one, other, owner)
    assert "kind=company" in refused.value.problems[0].url


# --- Undo ---------------------------------------------------------------------------------------


def test_undo_leaves_what_somebody_has_changed_since_and_says_how_much(owner, colleague):
    kept = WorkplaceFactory(tier=3)
    merged = WorkplaceFactory(company=kept.company, tier=1, owner=owner)
    elsewhere = WorkplaceFactory(company=kept.company)
    stays, moved_on = FollowUpFactory.create_batch(2, workplace=merged)
    done = merge(kept, merged, owner, "tier", "owner")
    FollowUp.objects.filter(pk=moved_on.pk).update(workplace=elsewhere)
    later = InteractionFactory(workplace=kept)
    Workplace.objects.filter(pk=kept.pk).update(owner=colleague)

    undone = merging.undo_merge(merge=done, by=colleague)

    kept.refresh_from_db()
    stays.refresh_from_db()
    moved_on.refresh_from_db()
    later.refresh_from_db()
    assert undone.left == 2
    assert (kept.tier, kept.owner) == (3, colleague)
    assert (stays.workplace, moved_on.workplace, later.workplace) == (merged, elsewhere, kept)
    done.refresh_from_db()
    assert done.undone_by == colleague


def test_a_merge_is_undone_once(owner):
    kept = WorkplaceFactory()
    done = merge(kept, WorkplaceFactory(company=kept.company), owner)
    merging.undo_merge(merge=done, by=owner)

    with pytest.raises(Refused, match="already been undone"):
        merging.undo_merge(merge=done, by=owner)


def test_undo_is_refused_where_another_has_taken_the_address(owner):
    kept = WorkplaceFactory(p_number=None)
    merged = WorkplaceFactory(company=kept.company, p_number=None)
    done = merge(kept, merged, owner)
    WorkplaceFactory(company=kept.company, p_number=None, street=merged.street)

    with pytest.raises(Refused, match="taken this one's place"):
        merging.undo_merge(merge=done, by=owner)
    assert fresh(merged).merged_into == kept


def test_a_company_that_ceased_while_it_was_merged_ends_with_its_workplaces_when_the_merge_is_undone(owner):
    kept, merged = CompanyFactory(), CompanyFactory()
    here = WorkplaceFactory(company=kept, p_number=None, street="Torvet 1")
    gone = WorkplaceFactory(company=merged, p_number=None, street="Torvet 1")
    stands, ended = (WorkplaceFactory(company=merged, ceased_on=day) for day in (None, date(2025, 3, 1)))
    first = merge(here, gone, owner)
    second = merge(kept, merged, owner)
    Company.everything.filter(pk=merged.pk).update(ceased_on=date(2026, 10, 31))

    merging.undo_merge(merge=second, by=owner)
    merging.undo_merge(merge=first, by=owner)

    last_days = {place.pk: place.ceased_on for place in Workplace.objects.all()}
    assert last_days == {
        here.pk: None,
        gone.pk: date(2026, 10, 31),
        stands.pk: date(2026, 10, 31),
        ended.pk: date(2025, 3, 1),
    }
    told = RegisterChange.objects.get()
    assert (told.workplace, told.kind, told.closed, told.by) == (stands, "ceased", True, owner)
    assert (told.before, told.after) == ({"ceased_on": None}, {"ceased_on": "2026-10-31"})


def test_a_company_that_had_ceased_before_it_was_merged_leaves_its_workplaces_as_they_were(owner):
    kept, merged = CompanyFactory(), CompanyFactory(ceased_on=date(2026, 1, 31))
    place = WorkplaceFactory(company=merged)

    merging.undo_merge(merge=merge(kept, merged, owner), by=owner)

    assert fresh(place).ceased_on is None
    assert not RegisterChange.objects.exists()


def test_a_company_that_began_again_while_it_was_merged_has_its_workplaces_back(owner):
    last = date(2026, 1, 31)
    kept, merged = CompanyFactory(), CompanyFactory(ceased_on=last)
    ended_with_it, ended_before = (WorkplaceFactory(company=merged, ceased_on=day) for day in (last, date(2025, 1, 31)))
    done = merge(kept, merged, owner)
    Company.everything.filter(pk=merged.pk).update(ceased_on=None)

    merging.undo_merge(merge=done, by=owner)

    assert fresh(ended_with_it).ceased_on is None
    assert fresh(ended_before).ceased_on == date(2025, 1, 31)
    assert RegisterChange.objects.get().reopened


def test_a_merge_can_be_done_again_after_it_was_undone(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    merging.undo_merge(merge=merge(kept, merged, owner), by=owner)

    merge(kept, merged, owner)

    assert fresh(merged).merged_into == kept


# --- Meanwhile ----------------------------------------------------------------------------------


def test_a_contact_written_while_its_workplace_was_merged_lands_at_the_kept_one(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    merge(kept, merged, owner)

    contact, _promise = actions.log(workplace=merged, by=owner, channel="phone", on=date(2026, 11, 24), outcome="no")

    assert contact.workplace == kept
    kept.refresh_from_db()
    assert kept.last_contact_on == date(2026, 11, 24)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_the_same_pair_one_wins_and_the_other_is_told(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    FollowUpFactory(workplace=merged)
    start, outcomes = threading.Barrier(2), []

    def try_it(one, other):
        try:
            start.wait()
            with translation.override("en"):
                merge(one, other, owner)
            outcomes.append("merged")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=pair) for pair in ((kept, merged), (merged, kept))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome == "merged" for outcome in outcomes) == [False, True]
    assert any("already been merged" in outcome for outcome in outcomes)
    assert Merge.objects.count() == 1


# --- The pair that is two -----------------------------------------------------------------------


def test_a_pair_that_is_two_is_kept_in_one_order(owner):
    kind = ContentType.objects.get_for_model(Company)

    with pytest.raises(IntegrityError), transaction.atomic():
        KnownDifferent.objects.create(object_type=kind, low_id=2, high_id=1, by=owner)


def test_a_held_contact_keeps_its_place_in_the_log(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    contact = InteractionFactory(workplace=merged)

    merge(kept, merged, owner)

    assert Interaction.objects.get(pk=contact.pk).history.first().workplace_id == merged.pk
