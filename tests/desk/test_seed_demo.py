"""The invented municipality: complete, believable, and alive on every page."""

import re
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from stdnum.dk import cvr

from companies import duplicates, selections
from companies.codes import _rows
from companies.cpr import refuse_cpr
from companies.merging import kind_named
from companies.models import (
    Company,
    Municipality,
    Postcode,
    RegisterChange,
    RegisterImport,
    Selection,
    TierChange,
    Workplace,
    WorkplaceFigure,
)
from contacts import waiting
from contacts.actions import refresh_contact_dates
from contacts.forms import OUTCOMES
from contacts.models import Amendment, FollowUp, Interaction, OtherJobCentre, Person, ServiceUse
from jobcenter_crm.desk.demo.staff import PASSWORD
from jobcenter_crm.desk.my_day import my_day
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import ROLES

# The Monday of the drawings.
MONDAY = date(2026, 11, 23)
SIZE = 600


@pytest.fixture(scope="module")
def _lindevig(django_db_setup, django_db_blocker):
    """The demo, made once for the tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", workplaces=SIZE, today=MONDAY, known_passwords=True, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def lindevig(_lindevig, db):
    pass


@pytest.fixture
def mette(lindevig):
    return User.objects.get(username="mette")


# --- What is there ---------------------------------------------------------------------------


def test_there_are_as_many_workplaces_as_were_asked_for(lindevig):
    assert Workplace.objects.count() == SIZE


def test_most_companies_have_one_workplace_some_a_few_and_the_municipality_many(lindevig):
    sizes = Company.objects.annotate(places=Count("workplaces")).values_list("places", flat=True)

    assert sum(size == 1 for size in sizes) > 0.8 * len(sizes)
    assert sum(2 <= size <= 6 for size in sizes) >= 5
    assert Company.objects.get(name="Lindevig Kommune").workplaces.filter(sector="public").count() > 20


@pytest.mark.parametrize(("tier", "share"), [(1, 0.04), (2, 0.08), (3, 0.30), (4, 0.35)])
def test_the_groups_have_the_shares_of_a_real_town(lindevig, tier, share):
    assert Workplace.objects.filter(tier=tier).count() == pytest.approx(share * SIZE, rel=0.35)


def test_real_life_is_in_it(lindevig):
    workplaces = Workplace.objects.all()

    assert 0.25 < workplaces.filter(advertising_protected=True).count() / SIZE < 0.5
    assert workplaces.filter(do_not_contact=True).exclude(do_not_contact_why="").exists()
    assert workplaces.filter(labour_conflict=True).exists()
    assert workplaces.ceased().exists()
    assert workplaces.filter(p_number=None).exists()
    assert workplaces.filter(branch=None).exists()
    assert Company.objects.filter(agreed_centrally=True).count() == 2
    assert workplaces.filter(municipality="0998").exists()
    assert Interaction.objects.filter(state="cancelled").exists()
    assert Amendment.objects.exists()
    assert TierChange.objects.count() > 10
    assert RegisterImport.objects.filter(kind="register").count() == 2
    assert OtherJobCentre.objects.current().count() == 2
    assert OtherJobCentre.objects.filter(ended_on__isnull=False).exists()
    written = RegisterChange.objects.get(kind="new")
    assert written.by.username == "mette"
    assert written.workplace.facts_are_ours
    assert written.workplace.municipality_id == "0998"


def test_numbers_and_addresses_are_nobodys(lindevig):
    official = {row["code"] for row in _rows("postcodes.csv")}

    for number in Company.objects.values_list("cvr_number", flat=True):
        assert number.startswith("99")
        assert cvr.is_valid(number)
    for workplace in Workplace.objects.all():
        assert workplace.p_number is None or re.fullmatch("99[0-9]{8}", workplace.p_number)
        assert workplace.phone == "" or re.fullmatch("10[0-9]{6}", workplace.phone)
        assert workplace.email == "" or workplace.email.endswith(".example")
        assert workplace.postcode not in official
    for person in Person.objects.all():
        assert person.phone == "" or re.fullmatch("10( [0-9]{2}){3}", person.phone)
        assert person.email == "" or person.email.endswith(".example")


def test_its_postcodes_are_known_by_their_towns(lindevig):
    towns = dict(Postcode.objects.values_list("code", "town"))

    assert set(Workplace.objects.values_list("postcode", "town")) <= set(towns.items())


def test_municipalities_of_its_own_are_outside_the_official_codes(lindevig):
    assert set(Municipality.objects.filter(region="Opdigtet").values_list("code", flat=True)) == {"0998", "0999"}
    assert Municipality.objects.exclude(region="Opdigtet").count() == 98


# --- What was said and done ------------------------------------------------------------------


def test_contact_dates_are_those_of_the_log(lindevig):
    written = list(Workplace.objects.order_by("pk").values_list("last_contact_on", "next_contact_on"))

    refresh_contact_dates(Workplace.objects.all())

    assert written == list(Workplace.objects.order_by("pk").values_list("last_contact_on", "next_contact_on"))


def test_every_contact_could_have_been_logged_in_the_form(lindevig):
    for contact in Interaction.objects.filter(state="held"):
        assert contact.outcome in OUTCOMES[contact.channel]
        assert contact.purpose
        assert contact.on <= MONDAY
        assert bool(contact.barrier) == (contact.outcome in ("not_now", "no"))
        assert contact.meeting_offered is None or contact.direction == "in"
    assert not Interaction.objects.filter(staff=None).exists()


def test_a_first_contact_to_the_advertising_protected_says_on_what_basis(lindevig):
    for workplace in Workplace.objects.filter(advertising_protected=True, last_contact_on__isnull=False):
        assert workplace.interactions.order_by("on", "pk").first().basis


def test_every_next_step_was_kept_or_is_still_open(lindevig):
    assert not FollowUp.objects.filter(kind="next_step", cause_id=None).exists()
    # What was promised for a review or a proposal is done by holding it, or by the employer's answer.
    by_contact = FollowUp.objects.exclude(kind__in=["review", "proposal"])
    assert not by_contact.filter(done_at__isnull=False, done_with=None).exists()
    for follow_up in by_contact.filter(done_at__isnull=False).select_related("done_with"):
        assert follow_up.done_with.workplace_id == follow_up.workplace_id
        assert follow_up.created_at <= follow_up.done_at


def test_the_notes_do_not_read_as_if_a_machine_had_written_them(lindevig):
    notes = Interaction.objects.exclude(note="").exclude(channel__in=["letter", "event"])
    texts = list(notes.values_list("note", flat=True))

    assert len(set(texts)) > 0.9 * len(texts)
    assert not [text for text in texts if "{" in text or "  " in text]


def test_no_text_looks_like_a_cpr_number(lindevig):
    for text in Interaction.objects.values_list("purpose", "note"):
        for words in text:
            refuse_cpr(words)


def test_a_planned_contact_has_a_history_to_go_back_to(lindevig):
    for contact in Interaction.objects.filter(state="planned"):
        assert contact.history.filter(state="planned").exists()


def test_the_latest_import_has_told_something_of_every_kind_but_one(lindevig):
    counts = RegisterChange.objects.news().count_of_each()

    assert {kind for kind in RegisterChange.NEWS if counts[kind]} == {"closed", "moved", "renamed", "grown", "shrunk"}
    assert len(set(RegisterChange.objects.news().values_list("workplace__owner", flat=True))) >= 3
    assert RegisterChange.objects.exclude(seen_at=None).exists()


def test_a_workplace_of_mettes_has_closed_though_something_is_promised_there(mette):
    closed = [change.workplace for change in my_day(mette, MONDAY).news if change.closed]

    assert [workplace.ceased_on < MONDAY and workplace.next_contact_on > MONDAY for workplace in closed] == [True]
    assert closed[0].follow_ups.open().get().owner == mette


# --- The pages -------------------------------------------------------------------------------


def test_mettes_day_is_the_one_of_the_drawing(mette):
    day = my_day(mette, MONDAY)

    assert [task.workplace.name for task in day.overdue.shown] == [
        "Bådværft Ærling A/S",
        "Rengøring Nord ApS",
        "Tømrer Skov og Søn",
    ]
    assert [task.workplace.name for task in day.today.shown][:3] == [
        "Bødker og Væver ApS",
        "Café Fyrtårnet ApS",
        "Lindevig Plejecenter",
    ]
    assert day.today.count == 5
    assert day.this_week.count == 3
    assert day.due_count >= 12
    assert day.due[0].name == "Smedjen i Sønderby"


@pytest.mark.parametrize("name", ["jonas", "sara", "ali", "nanna", "karen", "peter"])
def test_the_colleagues_have_a_day_too(lindevig, name):
    assert not my_day(User.objects.get(username=name), MONDAY).is_empty


def test_everybodys_bell_counts_what_their_page_tells(lindevig):
    for user in User.objects.working():
        sections = waiting.for_reader(user, MONDAY)
        told = sum(found.count for section in sections for part, found in section.parts if part.urgent)
        assert waiting.count_for(user, MONDAY) == told


def test_the_showcase_has_people_a_past_sisters_and_a_warning(lindevig, mette, client_for):
    workplace = Workplace.objects.get(name="Bødker og Væver ApS")

    client = client_for(mette)
    page = client.get(reverse("desk:card", args=[workplace.pk])).text
    page += client.get(reverse("desk:about", args=[workplace.pk])).text

    for words in (
        "Karl Bødker",
        "Anna Riis",
        "Bo Lind",
        "Bødker og Væver, Væveri",
        "Praktikken gik godt.",
        "Karen Dahl",
    ):
        assert words in page
    assert workplace.advertising_protected


@pytest.mark.parametrize("url", ["desk:home", "companies:register", "companies:imports"])
def test_the_pages_open(lindevig, client_for, url):
    assert client_for(User.objects.get(username="admin")).get(reverse(url)).status_code == 200


# --- The people ------------------------------------------------------------------------------


def test_there_is_a_log_in_for_every_role_and_one_for_it(lindevig):
    said = StringIO()

    call_command("seed_demo", logins=True, stdout=said)

    for role in ROLES:
        user = User.objects.filter(groups__name=role).order_by("pk").first()
        assert re.search(rf"{user} +{user.username} +{role} +{PASSWORD}", said.getvalue())
    assert re.search(rf"admin .*superuser.* {PASSWORD}", said.getvalue())


@pytest.mark.parametrize("name", ["mette", "ali", "peter", "karen", "lone", "admin"])
def test_the_password_is_the_documented_one_and_good_enough(lindevig, rf, name):
    user = authenticate(rf.get("/"), username=name, password=PASSWORD)

    assert user.username == name
    try:
        validate_password(PASSWORD, user)
    except ValidationError as error:
        pytest.fail(str(error))


def test_nobody_has_chosen_language_or_colours(lindevig):
    assert not User.objects.exclude(Q(language="") & Q(theme="")).exists()


def test_only_the_steward_and_it_get_into_the_admin(lindevig):
    assert set(User.objects.filter(is_staff=True).values_list("username", flat=True)) == {"lone", "admin"}


# --- Services --------------------------------------------------------------------------------


def test_contacts_tell_of_services_that_were_offered_then_and_some_employers_use_one(lindevig):
    told = Interaction.services.through.objects.select_related("interaction", "service")

    assert told.values("service").distinct().count() >= 8
    assert all(one.service.is_valid(one.interaction.on) for one in told)
    assert not told.filter(interaction__outcome="no_answer").exists()
    assert ServiceUse.objects.current().count() > 10
    assert ServiceUse.objects.filter(until__lt=MONDAY).exists()
    assert not ServiceUse.objects.filter(until__gte=MONDAY).exists()
    assert all(use.created_by and use.history.count() == 1 for use in ServiceUse.objects.all())


# --- What is there twice ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("workplace", {"Cafe Fyrtårnet", "Snedkeriet Kvist & Gren"}),
        ("person", {"Amira Saleh", "Helle Klit"}),
    ],
)
def test_the_steward_finds_what_is_there_twice(lindevig, kind, names):
    kind = kind_named(kind)
    found = duplicates.fill(kind, duplicates.find(kind).pairs)

    assert names <= {pair.merged.name for pair in found}
    assert len(found) < 12


def test_the_shared_selections_find_rows_and_can_be_read(lindevig):
    karen = User.objects.get(username="karen")

    told = selections.tell(Selection.objects.shared(), today=MONDAY, user=karen)

    assert len(told) >= 5
    assert [one.selection.name for one in told if one.problems or not one.count] == []
    assert {"largest_by=sickness_absence", "largest_by=short_education_jobs"} <= {
        part for one in told for part in one.selection.query.split("&")
    }
    assert WorkplaceFigure.objects.filter(register_import__kind="figures").exists()
