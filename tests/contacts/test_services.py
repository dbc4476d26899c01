"""The catalogue of services: what is offered when, what a contact tells of, and who uses what."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import translation

from companies import merging
from companies.cpr import Reading, read
from companies.filters import BrokenSelection, WorkplaceFilter
from companies.models import Workplace
from contacts import actions, catalogue
from contacts.actions import NotNow
from contacts.declarations import SERVICES, load_services
from contacts.forms import LogForm, PlanForm
from contacts.models import Interaction, Service, ServiceUse
from tests.factories import InteractionFactory, ServiceFactory, ServiceUseFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def called(code):
    return Service.objects.get(code=code)


def told(workplace, *services, **facts):
    """A contact with `workplace` in which services were presented."""
    contact = InteractionFactory(workplace=workplace, **facts)
    contact.services.set(services)
    return contact


# --- The catalogue ---------------------------------------------------------------------------


def test_every_service_of_the_guide_is_there_with_its_declaration_in_both_languages():
    wanted = {
        "recruitment", "network", "retention", "placement", "mentor", "mentor-training", "company-centre",
        "adult-apprentice", "job-rotation", "upskilling", "job-fairs",
    }  # fmt: skip

    assert wanted <= set(Service.objects.values_list("code", flat=True))
    for service in Service.objects.all():
        assert service.source
        assert min(map(len, (service.ours_da, service.theirs_da, service.economy_da)))
        for part in ("name", "what", "ours", "theirs", "economy", "sickness", "insurance", "liability"):
            assert bool(getattr(service, f"{part}_da")) == bool(getattr(service, f"{part}_en")), (service, part)
        with translation.override("en"):
            english = service.name
        with translation.override("da"):
            assert (english, service.name) == (service.name_en, service.name_da)


def test_no_declaration_holds_what_looks_like_a_cpr_number():
    for facts in SERVICES:
        texts = [text for words in facts.values() if isinstance(words, tuple) for text in words]
        assert {read(text) for text in texts} == {Reading.CLEAN}


def test_job_rotation_has_ended_and_is_not_offered():
    offered = set(Service.objects.valid(TODAY).values_list("code", flat=True))

    assert "placement" in offered
    assert "job-rotation" not in offered
    assert [service.code for service in Service.objects.filter(valid_to__lt=TODAY)] == ["job-rotation"]


def test_the_last_day_counts():
    service = ServiceFactory(valid_from=date(2026, 3, 1), valid_to=date(2026, 11, 24))

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 11, 24), date(2026, 11, 25)]

    assert [service.is_valid(day) for day in days] == [False, True, True, False]
    assert [Service.objects.valid(day).filter(pk=service.pk).exists() for day in days] == [False, True, True, False]


def test_what_a_steward_wrote_is_never_overwritten_and_what_is_missing_comes_back():
    Service.objects.filter(code="mentor").update(name_da="Vores mentor", valid_to=date(2026, 12, 31))
    Service.objects.filter(code="network").delete()
    count = Service.objects.count()

    load_services()
    load_services()

    assert called("mentor").name_da == "Vores mentor"
    assert called("mentor").valid_to == date(2026, 12, 31)
    assert Service.objects.count() == count + 1
    assert called("network").position == 30


def test_migrating_loads_the_catalogue():
    Service.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert Service.objects.count() == len(SERVICES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_da": ""}, {"what_da": ""}, {"source": ""}, {"code": ""},
        {"valid_to": date(2019, 12, 31)},
    ],
)  # fmt: skip
def test_the_database_refuses_a_service_that_says_nothing_or_ends_before_it_begins(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceFactory(**wrong)


def test_a_declaration_leaves_out_what_nobody_wrote_and_its_first_line_stands_for_it():
    service = ServiceFactory(what_da="Kort sagt.\nOg lidt mere.", economy_da="Gratis.", sickness_da=" ")

    assert service.one_line == "Kort sagt."
    assert [text for _heading, text in service.declaration()] == ["Kort sagt.\nOg lidt mere.", "Gratis."]


# --- What a contact tells of -----------------------------------------------------------------


def log_form(workplace, user, contact=None, **answers):
    asked = {"channel": "phone", "outcome": "interested", "next_when": "none", "on": "2026-11-24", "staff": [user.pk]}
    form = LogForm(asked | answers, workplace=workplace, user=user, today=TODAY, contact=contact)
    form.is_valid()
    return form


def offered(form):
    return {service.code for service in form.fields["services"].offered.values()}


def test_a_log_offers_what_is_valid_and_keeps_what_was_presented(owner):
    workplace = WorkplaceFactory()

    form = log_form(workplace, owner, services=[called("mentor").pk, called("placement").pk])
    contact, _promised = actions.log(workplace=workplace, by=owner, **form.facts())

    assert "job-rotation" not in offered(form)
    assert {service.code for service in contact.services.all()} == {"mentor", "placement"}


def test_no_service_need_be_ticked(owner):
    form = log_form(WorkplaceFactory(), owner)

    assert not form.errors
    assert form.cleaned_data["services"] == []


def test_what_was_offered_on_the_contacts_own_day_counts(owner):
    rotation = called("job-rotation")

    then = log_form(WorkplaceFactory(), owner, on="2026-06-30", services=[rotation.pk])
    now = log_form(WorkplaceFactory(), owner, on="2026-07-01", services=[rotation.pk])

    assert then.cleaned_data["services"] == [rotation]
    assert now.errors["services"] == ["Not offered on that day: Job rotation. Take the tick off, or check the day."]
    assert "job-rotation" in offered(now)


@pytest.mark.parametrize("nonsense", ["x", "0", "999999999999999999999", "\0", "-1"])
def test_what_is_no_service_is_refused_in_words(owner, nonsense):
    assert log_form(WorkplaceFactory(), owner, services=[nonsense]).errors["services"]


@pytest.mark.parametrize("day", ["", "x", "0000-00-00", "\0"])
def test_a_day_that_cannot_be_read_offers_what_is_valid_today(owner, day):
    form = log_form(WorkplaceFactory(), owner, on=day, services=[called("mentor").pk])

    assert set(form.errors) == {"on"}
    assert "mentor" in offered(form)


def test_nobody_who_was_not_reached_was_told_of_anything(owner):
    form = log_form(WorkplaceFactory(), owner, outcome="no_answer", services=[called("mentor").pk])

    assert form.cleaned_data["services"] == []


def test_what_was_planned_to_be_presented_is_ticked_when_it_is_logged_also_where_it_has_ended_since(owner):
    workplace = WorkplaceFactory()
    planned = told(workplace, called("mentor"), called("job-rotation"), state="planned", on=TODAY, created_by=owner)

    empty = LogForm(workplace=workplace, user=owner, today=TODAY, contact=planned)
    form = log_form(workplace, owner, contact=planned, services=[called("job-rotation").pk])
    contact, _promised = actions.log(workplace=workplace, by=owner, planned=planned, **form.facts())

    assert set(empty["services"].value()) == {str(called("mentor").pk), str(called("job-rotation").pk)}
    assert {service.code for service in contact.services.all()} == {"job-rotation"}


def test_a_plan_says_what_is_to_be_presented(owner):
    workplace = WorkplaceFactory()
    asked = {"channel": "visit", "purpose": "Agree two places", "on": "2026-11-26", "staff": [owner.pk]}
    form = PlanForm(asked | {"services": [called("network").pk]}, workplace=workplace, user=owner, today=TODAY)

    assert form.is_valid(), form.errors
    contact = actions.plan(workplace=workplace, by=owner, **form.facts())

    assert list(contact.services.all()) == [called("network")]


# --- A workplace and the catalogue -----------------------------------------------------------


def test_a_workplace_has_what_it_uses_and_what_it_was_last_told_of_by_whom(owner, colleague):
    workplace = WorkplaceFactory()
    told(workplace, called("mentor"), on=date(2026, 3, 2), created_by=owner)
    last = told(workplace, called("mentor"), called("network"), on=date(2026, 9, 8), staff=[owner, colleague])
    told(workplace, called("job-rotation"), on=date(2026, 4, 1), created_by=owner)
    coming = told(workplace, called("flex-job"), on=date(2026, 12, 1), state="planned", created_by=owner)
    told(workplace, called("upskilling"), on=date(2026, 10, 1), state="cancelled", created_by=owner,
         cancelled_at="2026-09-30T08:00Z", cancelled_by=owner)  # fmt: skip
    told(WorkplaceFactory(), called("section-56"), created_by=owner)
    use = ServiceUseFactory(workplace=workplace, service=called("network"))
    ServiceUseFactory(workplace=workplace, service=called("placement"), until=date(2026, 10, 1))

    found = catalogue.at(workplace, TODAY)

    assert [(line.pk, line.service, line.since, line.is_offered) for line in found.in_use] == [
        (use.pk, called("network"), date(2026, 9, 1), True)
    ]
    assert [(line.service.code if line.service.code else line.service.pk, line.on) for line in found.told] == [
        (called("mentor").pk, date(2026, 9, 8)), (called("job-rotation").pk, date(2026, 4, 1)),
    ]  # fmt: skip
    assert [line.is_offered for line in found.told] == [True, False]
    assert found.told[0].staff == sorted([owner, colleague], key=str)
    assert found.by_contact[last.pk] == [called("network"), called("mentor")]
    assert found.by_contact[coming.pk] == [called("flex-job")]


def test_a_contact_of_a_file_that_nobody_held_is_told_of_all_the_same():
    workplace = WorkplaceFactory()
    contact = told(workplace, called("mentor"))
    contact.staff.clear()

    assert [(line.service, line.staff) for line in catalogue.at(workplace, TODAY).told] == [(called("mentor"), [])]


@pytest.mark.parametrize("rows", [1, 12])
def test_a_workplace_is_asked_for_in_one_statement(owner, rows, django_assert_num_queries):
    workplace = WorkplaceFactory()
    for service in Service.objects.all()[:rows]:
        told(workplace, service, called("mentor"), created_by=owner)
        ServiceUseFactory(workplace=workplace, service=service)

    with django_assert_num_queries(1):
        catalogue.at(workplace, TODAY)


def test_a_use_is_noted_once_and_ends_and_goes_on(owner):
    workplace, mentor = WorkplaceFactory(), called("mentor")

    use, is_new = catalogue.begin(workplace=workplace, service=mentor, since=TODAY, by=owner)
    again, is_new_too = catalogue.begin(workplace=workplace, service=mentor, since=TODAY - timedelta(9), by=owner)
    ended = catalogue.end(use=use, by=owner)

    assert (again, is_new, is_new_too) == (use, True, False)
    assert (ended.until, again.since) == (TODAY, TODAY)
    assert catalogue.resume(use=use, by=owner).until is None
    assert [record.history_user for record in use.history.all()] == [owner] * 3


def test_a_use_that_was_noted_anew_cannot_be_resumed(owner):
    use = ServiceUseFactory(until=date(2026, 10, 1))
    catalogue.begin(workplace=use.workplace, service=use.service, since=TODAY, by=owner)

    with pytest.raises(NotNow):
        catalogue.resume(use=use, by=owner)


def test_one_open_use_for_each_workplace_and_service():
    use = ServiceUseFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceUseFactory(workplace=use.workplace)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceUseFactory(until=date(2026, 8, 31))


def test_only_its_author_takes_a_use_back_and_only_while_it_is_new(owner, colleague):
    use, _new = catalogue.begin(workplace=WorkplaceFactory(), service=called("mentor"), since=TODAY, by=owner)
    old = ServiceUseFactory(created_by=owner)
    ServiceUse.objects.filter(pk=old.pk).update(created_at="2026-11-24T08:00Z")

    for one, by in ((use, colleague), (old, owner)):
        with pytest.raises(NotNow):
            catalogue.take_back(use=one, by=by)
    catalogue.take_back(use=use, by=owner)

    assert not ServiceUse.objects.filter(pk=use.pk).exists()
    assert ServiceUse.history.filter(id=use.pk, history_type="-").get().history_user == owner


def test_a_merge_takes_uses_along_and_an_ended_one_stands_in_nobodys_way(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    both = ServiceUseFactory(workplace=kept, service=called("mentor"))
    stays = ServiceUseFactory(workplace=merged, service=called("mentor"))
    ServiceUseFactory(workplace=kept, service=called("network"), until=date(2026, 10, 1))
    moves = ServiceUseFactory(workplace=merged, service=called("network"))
    past = ServiceUseFactory(workplace=merged, service=called("mentor"), since=date(2025, 1, 1), until=date(2025, 9, 1))

    done = merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    assert set(kept.service_uses.current()) == {both, moves}
    assert past in kept.service_uses.all()
    assert list(merged.service_uses.all()) == [stays]

    merging.undo_merge(merge=done, by=owner)

    assert set(merged.service_uses.all()) == {stays, moves, past}


# --- In the register's filter ----------------------------------------------------------------


def found(query, user=None):
    return set(WorkplaceFilter(QueryDict(query), Workplace.objects.all(), today=TODAY, user=user).rows())


def test_the_register_finds_who_was_told_who_never_was_and_who_uses(owner):
    heard, planned, uses, used, nothing = WorkplaceFactory.create_batch(5)
    told(heard, called("mentor"), created_by=owner)
    told(heard, called("mentor"), called("network"), created_by=owner)
    told(planned, called("mentor"), state="planned", created_by=owner)
    ServiceUseFactory(workplace=uses)
    ServiceUseFactory(workplace=used, until=date(2026, 10, 1))

    assert found("told_of=mentor") == {heard}
    assert found("never_told_of=mentor") == {planned, uses, used, nothing}
    assert found("uses=mentor") == {uses}
    assert found("told_of=any") == {heard}
    assert found("never_told_of=any") == {planned, uses, used, nothing}
    assert found("uses=any") == {uses}
    assert found("told_of=network&never_told_of=section-56") == {heard}
    assert found("told_of=mentor&uses=mentor") == set()


@pytest.mark.parametrize("part", ["told_of", "never_told_of", "uses"])
@pytest.mark.parametrize("value", ["x", "%00", "7", "mentor&{part}=network", "&told_months=3", "any&told_months=0"])
def test_a_search_for_no_service_is_broken_and_finds_nothing(part, value):
    with pytest.raises(BrokenSelection):
        found(f"{part}={value.format(part=part)}")


def test_a_search_says_itself_in_words_and_asks_for_the_catalogue_once(owner, django_assert_num_queries):
    query = QueryDict("told_of=job-rotation&told_months=6&never_told_of=mentor&uses=any")
    search = WorkplaceFilter(query, Workplace.objects.all(), today=TODAY, user=owner)

    with django_assert_num_queries(1):
        words = search.in_words()

    assert words == "Was told of: Job rotation (ended), 6 months · Never told of: Mentor grant · Uses: Any service"
    assert not search.rule_problems()


def test_the_counts_are_those_that_the_register_finds(owner):
    workplace, ceased = WorkplaceFactory(), WorkplaceFactory(ceased_on=date(2026, 11, 1))
    for place in (workplace, workplace, ceased):
        told(place, called("mentor"), created_by=owner)
    ServiceUseFactory(workplace=workplace)
    ServiceUseFactory(workplace=ceased)
    told(WorkplaceFactory(), called("mentor"), state="planned", created_by=owner)

    told(WorkplaceFactory(), called("mentor"), on=date(2025, 11, 23), created_by=owner)
    uses, heard = catalogue.counts(TODAY, 12)

    key = called("mentor").pk
    assert (uses, heard) == ({key: 1}, {key: 1})
    assert len(found("uses=mentor")) == len(found("told_of=mentor&told_months=12")) == 1
    assert len(found("told_of=mentor")) == len(found("told_of=mentor&told_months=13")) == 2


def test_interactions_told_of_are_held_ones(owner):
    contact = told(WorkplaceFactory(), called("mentor"), created_by=owner)
    told(WorkplaceFactory(), called("mentor"), state="planned", created_by=owner)

    assert list(Interaction.objects.told_of(Service.objects.filter(code="mentor"))) == [contact]
