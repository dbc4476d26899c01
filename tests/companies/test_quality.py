"""The page of data quality: its counts are those of the lists behind its links."""

from datetime import date

import pytest
from django.urls import reverse

from companies.models import Branch, Municipality
from companies.quality import CHECKS, counts, share_in_words
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


@pytest.fixture
def steward(person_in):
    user = person_in(STEWARD)
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def whole():
    """What a workplace has that lacks nothing."""
    return {
        "branch": Branch.objects.filter(level=4).first(),
        "municipality": Municipality.objects.first(),
        "employees_min": 0,
        "employees_max": 0,
        "phone": "10203040",
        "owner": UserFactory(),
        "register_date": date(2026, 11, 1),
    }


LACKS = {
    "branch": {"branch": None},
    "employees": {"employees_min": None, "employees_max": None},
    "p_number": {"p_number": None},
    "municipality": {"municipality": None},
    "phone": {"phone": ""},
    "owner": {"owner": None},
    "stale": {"register_date": date(2025, 11, 23)},
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_finds_the_one_that_lacks_it_and_no_other(whole, name):
    WorkplaceFactory(**whole)
    lacking = WorkplaceFactory(**whole | LACKS[name])
    WorkplaceFactory(**whole | LACKS[name], ceased_on=date(2026, 1, 1))

    found = type(lacking).objects.active().filter(CHECKS[name].where(TODAY))

    assert found.get() == lacking
    assert counts(TODAY) == {"all": 2, **dict.fromkeys(CHECKS, 0), name: 1}


def test_a_year_old_is_not_stale_and_unknown_is(whole):
    WorkplaceFactory(**whole | {"register_date": date(2025, 11, 24)})
    WorkplaceFactory(**whole | {"register_date": None})

    assert counts(TODAY)["stale"] == 1


def test_each_link_leads_to_as_many_rows_as_the_page_says(client_for, steward, whole):
    for number, name in enumerate(CHECKS, start=1):
        for _one in range(number):
            WorkplaceFactory(**whole | LACKS[name])
    WorkplaceFactory(ceased_on=date(2026, 1, 1), p_number=None)
    client = client_for(steward)

    page = client.get(reverse("companies:quality"))

    for check, number, _percent in page.context["checks"]:
        assert check.url.replace("&", "&amp;") in page.text
        listed = client.get(check.url).context["cl"]
        assert listed.result_count == number > 0


def test_counting_is_one_statement(django_assert_num_queries, whole):
    WorkplaceFactory.create_batch(3)

    with django_assert_num_queries(1):
        counts(TODAY)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_the_same_questions_however_much_is_wrong(client_for, steward, rows, django_assert_num_queries):
    WorkplaceFactory.create_batch(rows)
    client = client_for(steward)
    client.get(reverse("companies:quality"))

    with django_assert_num_queries(8):
        client.get(reverse("companies:quality"))


def test_what_nothing_is_wrong_with_has_no_link(client_for, steward, whole):
    WorkplaceFactory(**whole)

    page = client_for(steward).get(reverse("companies:quality"))

    assert "wrong=" not in page.text
    assert "none" in page.text


def test_a_register_without_rows_says_what_to_do(client_for, steward):
    assert "There is no workplace yet." in client_for(steward).get(reverse("companies:quality")).text


def test_without_the_key_to_the_admin_there_are_figures_and_no_links(client_for, person_in):
    WorkplaceFactory()

    page = client_for(person_in(STEWARD)).get(reverse("companies:quality"))

    assert "/admin/companies/workplace/" not in page.text
    assert "to which IT gives access" in page.text


@pytest.mark.parametrize(
    ("number", "every", "share"),
    [(0, 5, "0 %"), (0, 0, "0 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (5, 5, "100 %"), (1, 4, "25 %")],
)
def test_a_share_is_nothing_or_all_only_where_it_is(number, every, share):
    assert share_in_words(number, every) == share
