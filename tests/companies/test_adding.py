"""A workplace written by hand: what looks the same is shown, and what is written is kept until the register brings it."""

import re
from datetime import date
from unittest import mock

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import actions, by_hand, likeness, merging
from companies.models import Branch, Company, Postcode, RegisterChange, Workplace
from tests.companies.register.conftest import *  # noqa: F403
from tests.factories import CompanyFactory, MunicipalityFactory, WorkplaceFactory, cvr_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CVR = cvr_number(900)
TYPED = {
    "cvr": CVR, "name": "Ny Café ApS", "p_number": "", "street": "Torvet 1", "postcode": "4600", "town": "", "phone": "",
    "email": "", "branch": "", "employees": "", "municipality": "", "sector": "private",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _koege(db):
    Postcode.objects.get_or_create(code="4600", defaults={"town": "Køge"})


@pytest.fixture
def add(client_for, owner):
    """Sends the form as the owner, with these answers instead of the usual ones."""
    client = client_for(owner)
    return lambda **typed: client.post(reverse("companies:add"), TYPED | typed)


def errors(answer):
    assert answer.status_code == 422
    return {name: said[0] for name, said in answer.context["form"].errors.items()}


def confirmed(answer, **typed):
    """What a person sends who has seen the warning of `answer`."""
    return {"another": "on", "seen": re.search(r'name="seen" value="([0-9,]+)"', answer.text)[1]} | typed


# --- Adding ----------------------------------------------------------------------------------


def test_a_new_firm_is_added_with_its_company_and_says_by_whom(add, owner, client_for):
    branch = Branch.objects.filter(scheme="DB25", level=4).first()
    town = MunicipalityFactory()

    answer = add(
        cvr=f"DK {CVR[:4]} {CVR[4:]}", phone="+45 10 33 20 41", email="post@cafe.example", branch=f"DB25:{branch.code}",
        employees="10-19", municipality=town.pk, sector="public", mine="on",
    )  # fmt: skip

    place = Workplace.objects.get()
    assert answer.status_code == 302
    assert answer.url == place.get_absolute_url()
    assert (place.company.cvr_number, place.company.name) == (CVR, "Ny Café ApS")
    assert (place.p_number, place.town, place.municipality, place.branch) == (None, "Køge", town, branch)
    assert (place.employees_min, place.employees_max, place.sector) == (10, 19, "public")
    assert (place.owner, place.register_date) == (owner, None)
    assert (place.address_key, place.phone_key) == ("torvet 1|4600", "10332041")
    change = place.register_changes.get()
    assert (change.kind, change.by, change.register_import) == ("new", owner, None)
    assert (change.after["branch"], change.after["municipality"]) == (str(branch), "Køge")
    assert place.history.get().history_user == owner
    client = client_for(owner)
    card = client.get(place.get_absolute_url()).text
    assert "Added by hand" in card
    assert "Olga Owner" in card
    assert "Written by hand" in client.get(reverse("desk:about", args=[place.pk])).text


def test_by_hand_and_by_file_mean_the_same(add):
    add(cvr=f"{CVR}.0", name="  Ny   Café ApS ", postcode="4600 Køge", employees="ANTAL_5_9", phone="10332041.0")

    place = Workplace.objects.select_related("company").get()
    assert (place.company.cvr_number, place.name) == (CVR, "Ny Café ApS")
    assert (place.postcode, place.town) == ("4600", "Køge")
    assert (place.employees_min, place.employees_max, place.phone) == (5, 9, "10332041")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"cvr": ""}, "cvr", "Fill this in"),
        ({"cvr": "-"}, "cvr", "cvr.dk"),
        ({"cvr": "1234567"}, "cvr", "you wrote 7"),
        ({"p_number": "123"}, "p_number", "you wrote 3"),
        ({"name": "-"}, "name", "Fill this in"),
        ({"street": ""}, "street", "Without P-number"),
        ({"postcode": ""}, "postcode", "Fill this in"),
        ({"postcode": "-"}, "postcode", "Fill this in"),
        ({"postcode": "a very long one"}, "postcode", "4 digits"),
        ({"postcode": "5010"}, "town", "Write the town"),
        ({"phone": "ask Anna"}, "phone", "digits"),
        ({"email": "anna at home"}, "email", "valid email"),
        ({"employees": "a few"}, "employees", "10-19"),
        ({"employees": "9" * 30}, "employees", "10-19"),
        ({"branch": "no such trade"}, "branch", "No branch"),
        ({"branch": "dyrkning"}, "branch", "Several"),
        ({"municipality": "9999"}, "municipality", "valid choice"),
        ({"name": "Anna 010190-1234"}, "name", "CPR"),
        ({"p_number": "010190-1234"}, "p_number", "CPR"),
        ({"street": "Vej 0101901234"}, "street", "may be a CPR"),
    ],
)
def test_an_error_stands_at_its_field_says_what_to_do_and_keeps_what_was_typed(add, typed, field, said):
    Postcode.objects.filter(code="5010").delete()
    for code in ("011100", "011200"):
        Branch.objects.get_or_create(
            scheme="DB25", code=code, defaults={"title": f"Dyrkning af {code}", "level": 4, "section": "A"}
        )

    answer = add(**typed)

    assert said in errors(answer)[field]
    assert 'value="Torvet 1"' in answer.text or "street" in typed
    assert not Company.objects.exists()


def test_what_may_be_a_cpr_number_passes_when_somebody_says_that_it_is_not(add):
    assert add(street="Vej 0101901234", not_cpr="on").status_code == 302
    assert add(street="Vej 010190-1234", not_cpr="on").status_code == 422


def test_a_wrong_check_digit_is_asked_about_once_and_never_for_a_company_that_we_have(add):
    wrong = f"{CVR[:7]}{(int(CVR[7]) + 1) % 10}"

    assert "check digit" in errors(add(cvr=wrong))["cvr"]
    assert add(cvr=wrong, sure_of_cvr="on").status_code == 302
    assert "cvr" not in errors(add(cvr=wrong, street="Torvet 2"))


def test_only_those_who_may_set_it_become_responsible(client_for, person_in):
    steward = person_in("Data steward")
    client = client_for(steward)

    shown = client.get(reverse("companies:add"))
    client.post(reverse("companies:add"), TYPED | {"mine": "on"})

    assert 'name="mine"' not in shown.text
    assert Workplace.objects.get().owner is None


@pytest.mark.parametrize(
    ("role", "ticked"), [("Employer consultant", True), ("Job consultant", False), ("Manager", False)]
)
def test_the_tick_is_set_for_those_who_open_doors(client_for, person_in, role, ticked):
    form = client_for(person_in(role)).get(reverse("companies:add")).context["form"]

    assert form["mine"].value() is ticked


# --- What looks the same ---------------------------------------------------------------------


def test_what_looks_the_same_is_shown_with_whose_it_is_and_why(add, colleague):
    known = WorkplaceFactory(name="Ny Cafe", street="Havnen 3", phone="10332041", owner=colleague)

    answer = add(phone="+45 10 33 20 41")

    assert "looks like one that we have" in errors(answer)["__all__"]
    assert known.get_absolute_url() in answer.text
    assert "Havnen 3, 4600 Køge" in answer.text
    assert "Carl Colleague" in answer.text
    assert "tel:10203040" in answer.text
    assert "Same telephone, same name at the same postcode" in answer.text
    assert not RegisterChange.objects.exists()


def test_another_one_is_added_once_somebody_has_said_so(add):
    known = WorkplaceFactory(phone="10332041")
    asked = add(phone="10332041")

    assert asked.text.count('name="another"') == 1
    assert add(**confirmed(asked, phone="10332041")).status_code == 302
    assert Workplace.objects.exclude(pk=known.pk).get().phone_key == known.phone_key


def test_a_tick_without_what_was_shown_confirms_nothing(add):
    WorkplaceFactory(phone="10332041")

    for seen in ("", "0", "x,\0", ",".join(["99999999"] * 60)):
        assert "__all__" in errors(add(phone="10332041", another="on", seen=seen)) or "\0" in seen
    assert Company.objects.count() == 1


def test_a_record_that_came_meanwhile_asks_again_without_the_old_tick(add):
    WorkplaceFactory(phone="10332041")
    asked = add(phone="10332041")
    newer = WorkplaceFactory(phone="10332041", name="The newer")

    again = add(**confirmed(asked, phone="10332041"))

    assert "__all__" in errors(again)
    assert not again.context["form"]["another"].value()
    assert str(newer.pk) in re.search(r'name="seen" value="([0-9,]+)"', again.text)[1].split(",")
    assert add(**confirmed(again, phone="10332041")).status_code == 302


def test_a_known_p_number_is_an_error_with_the_way_to_it(add):
    known = WorkplaceFactory(name="Known one")

    answer = add(p_number=known.p_number, another="on", seen=str(known.pk))

    assert "Known one" in errors(answer)["p_number"]
    assert known.get_absolute_url() in answer.text
    assert 'name="another"' not in answer.text
    assert Workplace.objects.count() == 1


def test_the_number_of_one_that_was_merged_leads_to_the_one_that_was_kept(add, owner):
    kept = WorkplaceFactory(name="Kept one")
    merged = WorkplaceFactory(company=kept.company)
    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    answer = add(p_number=merged.p_number)

    assert "Kept one" in errors(answer)["p_number"]
    assert kept.get_absolute_url() in answer.text


def test_one_added_to_a_company_that_was_merged_comes_to_the_one_that_was_kept(add, owner, client_for):
    kept, merged = WorkplaceFactory(company__name="Kept company"), WorkplaceFactory()
    merging.merge(kept=kept.company, merged=merged.company, choices=set(), by=owner)
    number = merged.company.cvr_number

    shown = client_for(owner).get(reverse("companies:look_up"), {"cvr": number})
    first = add(cvr=number)
    answer = add(cvr=number, **confirmed(first)) if first.status_code == 422 else first

    assert "Kept company" in shown.text
    assert answer.status_code == 302
    assert Workplace.objects.get(name="Ny Café ApS").company == kept.company


def test_the_same_form_sent_twice_adds_one(add):
    assert add().status_code == 302

    assert "at this address" in errors(add())["street"]
    assert add(p_number="9912345678", street="Torvet 2", another="on", seen=str(Workplace.objects.get().pk)).url
    assert "P-number" in errors(add(p_number="9912345678", street="Torvet 2"))["p_number"]
    assert Workplace.objects.count() == 2


@pytest.mark.parametrize(("p_number", "field"), [("9912345678", "p_number"), ("", "street")])
def test_two_people_who_save_at_once_are_told_so(add, owner, p_number, field):
    """Nothing was there when the second one looked."""
    company = CompanyFactory(cvr_number=CVR)
    first = WorkplaceFactory(company=company, p_number=p_number or None, name="The first", street="Torvet 1")

    with (
        mock.patch.object(by_hand.FactsForm, "_refuse_what_is_there"),
        mock.patch.object(likeness, "hits", return_value=[]),
    ):
        answer = add(p_number=p_number)

    assert "The first" in errors(answer)[field]
    assert Workplace.objects.get() == first


def test_what_was_refused_leaves_no_company_behind(owner):
    known = WorkplaceFactory()

    with pytest.raises(actions.AlreadyThere):
        actions.add_workplace(cvr_number=CVR, name="Ny Café", by=owner, p_number=known.p_number)

    assert not Company.objects.filter(cvr_number=CVR).exists()


# --- The look-up -----------------------------------------------------------------------------


def test_a_cvr_number_shows_the_company_and_who_talks_with_its_workplaces(client_for, owner, colleague):
    place = WorkplaceFactory(owner=colleague, company=CompanyFactory(name="Kendt A/S"))

    shown = client_for(owner).get(reverse("companies:look_up"), {"cvr": f"DK{place.company.cvr_number}"}).text

    assert "We have Kendt A/S" in shown
    assert 'data-value="Kendt A/S"' in shown
    assert place.get_absolute_url() in shown
    assert "Carl Colleague" in shown


@pytest.mark.parametrize("typed", ["", "123", "\0", "9" * 5000, "²²²²²²²²", "00000000"])
def test_what_is_no_number_shows_nothing(client_for, owner, typed):
    answer = client_for(owner).get(reverse("companies:look_up"), {"cvr": typed})

    assert (answer.status_code, answer.text.strip()) == (200, "")


@pytest.mark.parametrize("rows", [1, 30])
def test_a_look_up_costs_the_same_however_many_workplaces_there_are(
    client_for, owner, colleague, rows, django_assert_num_queries
):
    company = CompanyFactory()
    WorkplaceFactory.create_batch(rows, company=company, owner=colleague)
    client = client_for(owner)

    with django_assert_num_queries(6):
        client.get(reverse("companies:look_up"), {"cvr": company.cvr_number})


def test_without_a_script_the_button_shows_it_and_keeps_what_was_typed(client_for, owner):
    place = WorkplaceFactory(company=CompanyFactory(name="Kendt A/S"))

    answer = client_for(owner).post(
        reverse("companies:add"),
        {"cvr": place.company.cvr_number, "name": "", "street": "Torvet 9", "look_up": "1", "sector": "private"},
    )

    assert answer.status_code == 200
    assert place.get_absolute_url() in answer.text
    assert 'value="Kendt A/S"' in answer.text
    assert 'value="Torvet 9"' in answer.text
    assert Workplace.objects.count() == 1


@pytest.mark.parametrize(
    ("q", "begun"), [(CVR, {"cvr": CVR}), ("Ny Café", {"name": "Ny Café"}), ("12 34", {}), ("\0", {}), ("", {})]
)
def test_a_search_that_found_nothing_begins_the_form(client_for, owner, q, begun):
    assert client_for(owner).get(reverse("companies:add"), {"q": q}).context["form"].initial == begun


@pytest.mark.parametrize(("name", "query"), [("companies:register", "q"), ("desk:search", "q"), ("contacts:log", "q")])
def test_the_way_to_it_stands_where_nothing_was_found(client_for, owner, person_in, name, query):
    link = f"{reverse('companies:add')}?q=Ukendt"

    assert link in client_for(owner).get(reverse(name), {query: "Ukendt"}).text
    if name != "contacts:log":
        assert link not in client_for(person_in("Case worker")).get(reverse(name), {query: "Ukendt"}).text


# --- Correcting ------------------------------------------------------------------------------


@pytest.fixture
def ours(owner):
    return actions.add_workplace(
        cvr_number=CVR, name="Ny Café", by=owner, owner=owner, p_number=None, street="Torvet 1", postcode="4600",
        town="Køge", phone="10332041", employees_min=3, employees_max=3,
    )  # fmt: skip


def correct(client, workplace, **typed):
    url = reverse("companies:facts", args=[workplace.pk])
    form = client.get(url).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    return client.post(url, answers | typed)


def test_facts_that_are_ours_are_corrected_with_a_trail(client_for, colleague, ours):
    client = client_for(colleague)

    answer = correct(client, ours, name="Nyere Café", street="Torvet 2", employees="4")

    ours.refresh_from_db()
    assert answer.url == ours.get_absolute_url()
    assert (ours.name, ours.company.name, ours.address_key) == ("Nyere Café", "Nyere Café", "torvet 2|4600")
    assert (ours.employees_min, ours.phone, ours.owner.username) == (4, "10332041", "owner")
    change = ours.register_changes.get(kind="changed")
    assert change.by == colleague
    assert (change.before["street"], change.after["street"]) == ("Torvet 1", "Torvet 2")
    card = client.get(ours.get_absolute_url()).text
    assert "Facts corrected" in card
    assert "from Ny Café to Nyere Café" in card


def test_saving_what_was_there_tells_nothing(client_for, owner, ours):
    assert correct(client_for(owner), ours).status_code == 302

    assert ours.register_changes.get().kind == "new"


def test_a_company_with_other_workplaces_keeps_its_name(client_for, owner, ours):
    WorkplaceFactory(company=ours.company)

    correct(client_for(owner), ours, name="Nyere Café")

    ours.company.refresh_from_db()
    assert ours.company.name == "Ny Café"


def test_a_p_number_that_was_typed_wrong_is_corrected(client_for, owner, ours):
    client = client_for(owner)

    correct(client, ours, p_number="9912345687")
    correct(client, ours, p_number="9912345678")

    ours.refresh_from_db()
    assert ours.p_number == "9912345678"


def test_once_a_file_has_brought_it_it_is_the_registers(client_for, owner, ours):
    client = client_for(owner)
    Workplace.objects.filter(pk=ours.pk).update(p_number="9912345678", register_date=date(2026, 11, 24))

    shown = client.get(reverse("companies:facts", args=[ours.pk]))
    refused = client.post(reverse("companies:facts", args=[ours.pk]), TYPED | {"name": "Mine"})

    ours.refresh_from_db()
    assert "owns its facts" in shown.text
    assert refused.status_code == 422
    assert (ours.p_number, ours.name) == ("9912345678", "Ny Café")
    with pytest.raises(actions.TheRegisters):
        actions.correct_facts(workplace=ours, by=owner, name="Mine")


def test_another_ones_p_number_or_address_is_refused_with_the_way_to_it(client_for, owner, ours):
    other = WorkplaceFactory(company=ours.company, p_number=None, street="Torvet 5", name="The other")
    numbered = WorkplaceFactory(name="The numbered")
    client = client_for(owner)

    assert "The other" in errors(correct(client, ours, street="Torvet 5"))["street"]
    assert "The numbered" in errors(correct(client, ours, p_number=numbered.p_number))["p_number"]
    assert other.get_absolute_url() in correct(client, ours, street="Torvet 5").text


# --- The register brings it ------------------------------------------------------------------


def test_a_file_that_brings_it_adopts_it_and_keeps_our_own_facts(add, take_in, owner):
    add(mine="on")

    done = take_in("cvrnr;pnr;navn;adresse;postnr;by", f"{CVR};1002664349;Ny Café ApS;TORVET 1;4600;Køge")

    place = Workplace.objects.get()
    assert (done.rows_new, done.rows_changed) == (0, 1)
    assert (place.p_number, place.owner, place.register_date.isoformat()) == ("1002664349", owner, "2026-11-24")
    assert place.register_changes.count() == 2


def test_one_outside_the_municipality_says_so_and_is_found_by_it(add, client_for, owner):
    from jobcenter_crm.staff.models import Organisation

    Organisation(name="Indgangen", municipality_name="Lindevig Kommune", municipality_code="0999").save()
    add(municipality=MunicipalityFactory().pk)
    place, client = Workplace.objects.get(), client_for(owner)
    WorkplaceFactory(name="Elsewhere")

    assert "Outside Lindevig Kommune" in client.get(place.get_absolute_url()).text
    assert list(client.get(reverse("companies:register"), {"municipality": "0259"}).context["workplaces"]) == [place]
    Organisation(name="Indgangen", municipality_name="Køge Kommune", municipality_code="0259").save()
    assert "Outside" not in client.get(place.get_absolute_url()).text


# --- Whatever is typed -----------------------------------------------------------------------

WEIRD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\0", "9" * 40, "²³", "٣" * 8, "-1", "1e9", "<b>", "0101901234", "4600 ", "DB07:", "DB25:011100", "\u202e"]
    ),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([*TYPED, "seen", "another", "not_cpr", "sure_of_cvr"]), WEIRD, max_size=8))
def test_whatever_is_typed_is_saved_or_explained(add, typed):
    before = Workplace.objects.count()

    answer = add(**typed)

    assert answer.status_code in (302, 422)
    assert Workplace.objects.count() - before == (answer.status_code == 302)


def test_a_very_long_text_is_refused(add):
    assert errors(add(name="x" * 2_000_000)).keys() == {"name"}


@pytest.mark.parametrize("rows", [1, 25])
def test_the_form_costs_the_same_however_much_looks_the_same(
    client_for, owner, colleague, rows, django_assert_num_queries
):
    WorkplaceFactory.create_batch(rows, phone="10332041", owner=colleague)
    client = client_for(owner)

    with django_assert_num_queries(16):
        assert client.post(reverse("companies:add"), TYPED | {"phone": "10332041"}).status_code == 422
