"""What holds of every file of our own past, whatever is in it and whatever came before it."""

from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Company, TierChange, Workplace
from companies.register import runs
from contacts.models import FollowUp, Interaction, Person
from contacts.past.reading import PastReading
from contacts.past.taking_in import compare
from tests.contacts.past.conftest import CVR, P_NUMBER, TODAY, outcomes
from tests.factories import PersonFactory, UserFactory, WorkplaceFactory

SISTER = "1007256945"
CELLS = {
    "P-nummer": st.sampled_from([P_NUMBER, P_NUMBER, P_NUMBER, SISTER, SISTER, "", "12"]),
    "CVR": st.sampled_from([CVR, "", "47458714"]),
    "Ansvarlig": st.sampled_from(["mette", "ali", "", "nobody", "gone"]),
    "Gruppe": st.sampled_from(["1", "Gruppe 2", "", "9"]),
    "Kontaktperson": st.sampled_from(
        ["Anna", "Anna Holm", "anna HOLM", "Holm", "Bo", "", "?!", "Anna", "Anna Holm", "0101901234"]
    ),
    "Rolle": st.sampled_from(["HR", "direktør", "andet", "klovn", ""]),
    "Telefon": st.sampled_from(["10203040", "+45 10 20 30 40", "50607080", ""]),
    "E-mail": st.sampled_from(["anna@firma.example", "bo@firma.example", "no mail", ""]),
    "Kontaktdato": st.sampled_from(["05-01-2026"] * 5 + ["2026-02-06", "", "01-01-2030"]),
    "Kontaktform": st.sampled_from(["besøg", "mail", "mail", "mail", "mail", ""]),
    "Note": st.sampled_from(["Hej", "Hej", "", "", "", "010190-1234"]),
    "Vores deltagere": st.sampled_from(["mette, ali", "gone", ""]),
    "Frabedt kontakt": st.sampled_from(["ja", "nej", "lad være", ""]),
    "Arbejdskonflikt": st.sampled_from(["ja", "nej", ""]),
    "Næste skridt": st.sampled_from(["Ring", "Skriv", ""]),
    "Frist": st.sampled_from(["01-12-2026", "01-12-2025", "", "snart"]),
}


@st.composite
def files(draw):
    """A file with some of the columns and a few rows, as text."""
    headings = ["P-nummer", *(heading for heading in CELLS if heading != "P-nummer" and draw(st.booleans()))]
    rows = draw(st.lists(st.tuples(*(CELLS[heading] for heading in headings)), min_size=1, max_size=7))
    return "\n".join(";".join(row) for row in [[*headings, "Egen"], *([*row, "x"] for row in rows)])


class Undone(Exception):
    """Takes an example's rows out of the database again."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(files(), min_size=1, max_size=2), st.booleans())
def test_every_file_does_what_the_look_said_and_the_second_time_nothing(
    place, tmp_path, monkeypatch, sequence, is_small
):
    monkeypatch.setattr("companies.register.importer.BATCH", 1 if is_small else 1000)
    path = tmp_path / "any.csv"
    with suppress(Undone), transaction.atomic():
        for username in ("mette", "ali", "gone"):
            UserFactory(username=username, is_active=username != "gone")
        PersonFactory(workplace=place, name="Anna", phone="", email="")
        WorkplaceFactory(company=place.company, p_number=SISTER)
        WorkplaceFactory(company__cvr_number="47458714")
        for content in sequence:
            path.write_text(content)
            _holds_of(path)
        raise Undone


def _holds_of(path):
    register = _register()
    first, looked = _look_and_take_in(path)
    rows = _rows()
    again, _looked = _look_and_take_in(path)
    assert outcomes(first) == looked
    assert sum(looked) == first.rows_read
    assert outcomes(again)[:2] == (0, 0)
    assert again.rows_repeated == first.rows_repeated
    assert again.rows_rejected == first.rows_rejected
    assert _rows() == rows
    assert _register() == register
    assert not Interaction.objects.filter(note__contains="1234").exists()
    assert not Person.objects.filter(name__contains="1234").exists()
    _dates_are_those_of_the_log()


def _look_and_take_in(path):
    with PastReading(path, today=TODAY) as reading:
        counts, _sample = compare(reading)
    looked = (counts.new, counts.changed, counts.unchanged, counts.repeated, counts.rejected)
    with PastReading(path, today=TODAY) as reading:
        return runs.take_in_at_once(reading, name="any.csv", kind="history"), looked


def _rows():
    return [
        list(model.objects.order_by("pk").values()) for model in (Workplace, Person, Interaction, FollowUp, TierChange)
    ]


def _register():
    places = [
        {column: value for column, value in row.items() if column.removesuffix("_id") not in Workplace.OWN_FACTS}
        for row in Workplace.objects.order_by("pk").values()
    ]
    return places, list(Company.objects.order_by("pk").values())


def _dates_are_those_of_the_log():
    for place in Workplace.objects.all():
        held = place.interactions.order_by("on").values_list("on", flat=True).last()
        promised = place.follow_ups.order_by("due_on").values_list("due_on", flat=True).first()
        assert (place.last_contact_on, place.next_contact_on) == (held, promised)
