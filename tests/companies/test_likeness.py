"""What looks like one and the same place of work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import likeness
from companies.likeness import Marks, Reason, hits, marks_of, reasons_alike, similar
from companies.models import Workplace, name_key
from tests.factories import CompanyFactory, WorkplaceFactory

KEYS = st.text("abcdef0123 ", max_size=12).map(name_key)
MARKS = st.builds(
    Marks,
    cvr_number=st.sampled_from(["99000013", "99000021"]),
    p_number=st.sampled_from([None, "9900000001", "9900000002"]),
    address_key=st.sampled_from(["|", "vej 1|4600", "vej 2|4600"]),
    postcode=st.sampled_from(["", "4600", "4000"]),
    name_key=KEYS,
    phone_key=st.sampled_from(["", "10332041"]),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bødker & Væver ApS", "Bødker og Væver"),
        ("Bødker og Væver A/S", "Boedker & Vaever"),
        ("Rengøring Nord ApS", "Rengørring Nord"),
        ("Tømrer Skov og Søn", "Tømrer Skov & Sønner"),
        ("Café Fyrtårnet", "Cafe Fyrtårnet ApS"),
        ("Hotel Vestkysten", "Hotel Vestkysten Spisested"),
    ],
)
def test_one_name_written_in_two_ways_is_similar(one, other):
    keys = name_key(one), name_key(other)

    assert keys[0] == keys[1] or similar(*keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Skolen, afdeling 1", "Skolen, afdeling 2"),
        ("Lindevig", "Lindevig Plejecenter"),
        ("Murer Hansen", "Murer Jensen"),
        ("Frisør", "Frisøren på torvet"),
        ("Nærkøb Lindevig", "Nærkøb Havreby"),
    ],
)
def test_names_of_two_places_are_not(one, other):
    assert not similar(name_key(one), name_key(other))


@given(MARKS, MARKS)
def test_likeness_is_mutual(one, other):
    assert reasons_alike(one, other) == reasons_alike(other, one)


@given(MARKS)
def test_what_has_a_number_looks_like_itself(marks):
    assert Reason.COMPANY in reasons_alike(marks, marks)


@given(MARKS, MARKS)
def test_nothing_known_is_never_a_likeness(one, other):
    empty = other._replace(cvr_number="", p_number=None, postcode="", phone_key="")

    assert reasons_alike(one, empty) == []


# --- In the register -------------------------------------------------------------------------


@pytest.fixture
def baker(db):
    return WorkplaceFactory(
        company=CompanyFactory(name="Bageri Lindevig ApS"), name="Bageri Lindevig", phone="+45 10 33 20 41",
        street="Torvet 16 A", postcode="4600",
    )  # fmt: skip


def looked_for(baker, **facts):
    known = {"company": CompanyFactory(), "name": "Nothing like it", "p_number": None, "street": "Elsewhere 1"}
    workplace = Workplace(**known | {"postcode": "9999"} | facts)
    workplace.derive()
    return [(hit.workplace, hit.reasons) for hit in hits(marks_of(workplace))]


def test_each_likeness_is_found_and_says_why(baker):
    company = baker.company
    for facts, reason in (
        ({"p_number": baker.p_number}, Reason.P_NUMBER),
        ({"phone": "10332041"}, Reason.PHONE),
        ({"phone": "0045 1033 2041"}, Reason.PHONE),
        ({"name": "BAGERI LINDEVIG A/S", "postcode": "4600"}, Reason.NAME),
        ({"name": "Bageriet Lindevig", "postcode": "4600"}, Reason.SIMILAR_NAME),
        ({"company": company}, Reason.COMPANY),
    ):
        assert looked_for(baker, **facts) == [(baker, [reason])], facts
    assert looked_for(baker, company=company, street="torvet 16a", postcode="4600") == [
        (baker, [Reason.ADDRESS, Reason.COMPANY])
    ]
    assert looked_for(baker) == []
    assert looked_for(baker, name="Bageri Lindevig", postcode="4000") == []


def test_a_place_without_telephone_looks_like_no_other_without(db):
    WorkplaceFactory(phone="")

    assert looked_for(None, phone="") == []


def test_the_likest_comes_first_and_a_place_is_never_its_own_double(baker):
    sister = WorkplaceFactory(company=baker.company, name="The shop", postcode="4000")
    other = WorkplaceFactory(phone=baker.phone)

    assert [hit.workplace for hit in hits(marks_of(baker), but=baker)] == [other, sister]


def test_why_is_said_in_words(baker):
    double = WorkplaceFactory(company=baker.company, phone=baker.phone, name="bageri lindevig")

    (hit,) = hits(marks_of(double), but=double)

    assert hit.why == "same telephone, same name at the same postcode, same CVR number"


@pytest.mark.parametrize("rows", [1, 60])
def test_a_look_costs_the_same_however_much_is_alike(baker, rows, django_assert_num_queries):
    for at in range(rows):
        WorkplaceFactory(company=baker.company, name=f"Bageri Lindevig {'abcdefgh'[at % 8]}", phone=baker.phone)

    with django_assert_num_queries(7):
        found = hits(marks_of(baker), but=baker)
        assert [hit.workplace.owner for hit in found] == [None] * len(found)
    assert len(found) == min(rows, likeness.MOST)
