"""The pages of agreements over HTTP."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from reportlab.pdfgen.canvas import Canvas
from zeal import zeal_ignore

from contacts.models import ColleagueRole, Person
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from partnerships import steps
from partnerships.models import Agreement
from tests.conftest import member
from tests.excel import table
from tests.factories import (
    AgreementContactFactory,
    AgreementFactory,
    AgreementGoalFactory,
    InteractionFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def page(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def proposed(owner, **facts):
    agreement = AgreementFactory(owner=owner, **facts)
    return steps.propose(agreement=agreement, by=owner, on=date(2026, 11, 2))


def pdf(text="Signed"):
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, text)
    canvas.save()
    return SimpleUploadedFile("aftale.pdf", out.getvalue(), content_type="application/pdf")


# Writing.


def test_a_consultant_begins_a_draft_at_a_workplace(client_for, owner):
    workplace = WorkplaceFactory()
    WorkplaceFactory(company=workplace.company)

    answer = client_for(owner).post(
        page("add_agreement"),
        {"workplace": workplace.pk, "kind": "partnership", "title": "the kitchen", "scope": "all", "owner": owner.pk},
    )

    agreement = Agreement.objects.get()
    assert answer.url == agreement.get_absolute_url()
    assert (agreement.workplace, agreement.covers_all, agreement.title) == (workplace, True, "the kitchen")


def test_the_form_tells_what_there_is_with_the_company_already(client_for, owner):
    agreement = active_agreement(owner=owner)
    sister = WorkplaceFactory(company=agreement.company)

    text = client_for(owner).get(page("add_agreement"), {"workplace": sister.pk}).text

    assert "There is one already" in text
    assert agreement.get_absolute_url() in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Choose one."),
        ({"purpose": "Ask for 010190-1234"}, "The text holds a CPR number"),
        ({"scope": "some"}, "Tick the other workplaces"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_and_what_was_typed_is_kept(client_for, owner, changed, words):
    workplace = WorkplaceFactory()
    WorkplaceFactory(company=workplace.company)
    facts = {"workplace": workplace.pk, "kind": "intent", "title": "the kitchen", "owner": owner.pk}

    answer = client_for(owner).post(page("add_agreement"), facts | changed)

    assert answer.status_code == 422
    assert words in answer.text
    assert "the kitchen" in answer.text
    assert not Agreement.objects.exists()


def written(agreement, **changed):
    """What the form sends."""
    return {
        "title": agreement.title,
        "purpose": agreement.purpose,
        "we_give": agreement.we_give,
        "they_give": agreement.they_give,
        "owner": agreement.owner_id,
        "review_every": agreement.review_every,
        "starts_on": agreement.starts_on or "",
        "ends_on": agreement.ends_on or "",
    } | changed


def test_one_that_holds_is_changed_with_a_word_and_told_as_a_version(client_for, owner):
    agreement = active_agreement(owner=owner)
    client = client_for(owner)

    answer = client.post(
        page("change_agreement", agreement.pk), written(agreement, they_give="Three places", note="A place more")
    )

    assert answer.url == agreement.get_absolute_url()
    told = client.get(answer.url).text
    assert "version 2" in told
    assert "A place more" in told
    compared = client.get(page("versions", agreement.pk)).text
    assert "Two places" in compared
    assert "Three places" in compared


def test_one_that_holds_asks_what_has_changed_beside_the_field(client_for, owner):
    agreement = active_agreement(owner=owner)

    answer = client_for(owner).post(
        page("change_agreement", agreement.pk), written(agreement, they_give="Three places")
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["note"] == [
        "Say in a few words what has changed. The earlier wording is kept."
    ]
    assert "Three places" in answer.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": "2026-02-01"}, "ends_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"people": "0"}, "people"),
        ({"people": "99999999999999999999"}, "people"),
        ({"review_every": "61"}, "review_every"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"purpose": "x" * 4001}, "purpose"),
        ({"course": "010190-1234"}, "course"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(client_for, owner, changed, field):
    agreement = active_agreement(owner=owner)

    answer = client_for(owner).post(page("change_agreement", agreement.pk), written(agreement, note="So", **changed))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


# Steps.


def test_a_draft_that_lacks_something_says_what_and_can_not_be_proposed(client_for, owner):
    agreement = AgreementFactory(owner=owner, purpose="", we_give="")
    client = client_for(owner)

    assert "Before it can be proposed, write: purpose, what we give." in client.get(agreement.get_absolute_url()).text
    answer = client.post(page("propose", agreement.pk), {"on": "2026-11-24"})

    assert answer.status_code == 422
    agreement.refresh_from_db()
    assert agreement.is_draft


def test_the_card_of_a_proposal_says_who_should_sit_at_the_table(client_for, owner):
    manager = member(MANAGER, "manager", first_name="Karen", last_name="Dahl")
    owner.manager = manager
    owner.save()
    agreement = proposed(owner)
    director = PersonFactory(workplace=agreement.workplace, role=Person.Role.DIRECTOR, name="Karl Bødker")
    client = client_for(owner)

    text = client.get(agreement.get_absolute_url()).text

    assert "Worth having at the table: Karen Dahl (our manager) and Karl Bødker (director)." in text
    url = client.get(agreement.get_absolute_url()).context["table"].plan_url
    form = client.get(url).context["form"]
    assert set(form.initial["staff"]) == {owner.pk, manager.pk}
    assert form.initial["persons"] == [director.pk]
    assert form.initial["purpose"] == "Agree on: Partnership"


def signed(agreement, owner, **changed):
    """What the form sends."""
    return {
        "signed_on": "2026-11-20",
        "signed_by_us": owner.pk,
        "new_person": "Karl Bødker",
        "starts_on": "2026-12-01",
        "file": pdf(),
    } | changed


def test_signing_makes_it_active_with_its_file_its_signer_and_the_daily_contact(client_for, owner, colleague):
    agreement = proposed(owner)
    InteractionFactory(workplace=agreement.workplace, channel="visit", on=date(2026, 11, 10))

    # Two fields that each read one colleague look like a loop.
    with zeal_ignore():
        answer = client_for(owner).post(page("sign", agreement.pk), signed(agreement, owner, daily=colleague.pk))

    assert answer.status_code == 302, answer.context["form"].errors
    agreement.refresh_from_db()
    assert (agreement.state, agreement.next_review_on) == ("active", date(2027, 12, 1))
    assert agreement.signed_by_them.name == "Karl Bødker"
    assert (agreement.signed_document.name, agreement.signed_document.scanned) == ("aftale.pdf", "clean")
    assert ColleagueRole.objects.current().daily_contacts().get().colleague == colleague


def test_signing_without_a_meeting_warns_and_takes_a_tick(client_for, owner):
    agreement = proposed(owner)
    client = client_for(owner)

    answer = client.post(page("sign", agreement.pk), signed(agreement, owner))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"without_meeting": ["Log the meeting first, or tick that there was none."]}

    answer = client.post(page("sign", agreement.pk), signed(agreement, owner, without_meeting="on", file=pdf()))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"file": ""}, "file"),
        ({"file": SimpleUploadedFile("a.pdf", b"no pdf at all")}, "file"),
        ({"signed_on": "2026-11-25"}, "signed_on"),
        ({"new_person": ""}, "signed_by_them"),
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"review_on": "2026-11-23"}, "review_on"),
        ({"review_on": "2026-11-25", "starts_on": "2026-12-01"}, "review_on"),
    ],
)
def test_signing_with_something_wrong_says_so_and_keeps_the_proposal(client_for, owner, changed, field):
    agreement = proposed(owner)

    answer = client_for(owner).post(
        page("sign", agreement.pk), signed(agreement, owner, without_meeting="on") | changed
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    agreement.refresh_from_db()
    assert agreement.is_proposed
    assert not agreement.documents.exists()


def test_a_signed_file_with_a_cpr_number_is_refused_and_the_number_not_repeated(client_for, owner):
    agreement = proposed(owner)

    answer = client_for(owner).post(
        page("sign", agreement.pk), signed(agreement, owner, without_meeting="on", file=pdf("Borger 010190-1234"))
    )

    assert answer.status_code == 422
    assert "The file holds a CPR number" in answer.text
    assert "010190" not in answer.text


def test_an_agreement_is_ended_with_a_reason_and_the_end_can_be_undone(client_for, owner):
    agreement = active_agreement(owner=owner)
    client = client_for(owner)

    client.post(page("end", agreement.pk), {"on": "2026-11-24", "why": "They move"})
    agreement.refresh_from_db()
    assert agreement.state == "ended"
    assert "They move" in client.get(agreement.get_absolute_url()).text

    client.post(page("undo_step", agreement.pk))
    agreement.refresh_from_db()
    assert agreement.is_active


@pytest.mark.parametrize("name", ["propose", "sign", "decline", "end"])
def test_a_step_that_does_not_fit_leads_back_with_the_reason(client_for, owner, name):
    agreement = steps.end(agreement=active_agreement(owner=owner), by=owner, on=TODAY, why="Over")

    answer = client_for(owner).get(page(name, agreement.pk), follow=True)

    assert said(answer) == ["This can't be done with an agreement that is ended."]


# Goals and whom to call.


def test_a_goal_is_added_changed_and_given_up_each_as_a_version(client_for, owner):
    agreement = active_agreement(owner=owner)
    client = client_for(owner)
    facts = {"measure": "contacts", "target": "8", "counted_from": "2026-03-01", "deadline": "2026-12-31"}

    client.post(page("add_goal", agreement.pk), facts)
    goal = agreement.goals.get()
    client.post(page("goal", goal.pk), facts | {"target": "9"})
    client.post(page("end_goal", goal.pk))

    assert [version.note for version in agreement.versions.all()][:3] == [
        "Goal given up: Contacts held: 9 by 31 December 2026",
        "Goal changed: Contacts held: 9 by 31 December 2026",
        "Goal added: Contacts held: 8 by 31 December 2026",
    ]


def test_a_goal_is_read_with_a_danish_comma(client_for, owner):
    agreement = AgreementFactory(owner=owner)
    client = client_for(owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "da"

    client.post(
        page("add_goal", agreement.pk),
        {"measure": "contacts", "target": "7,5", "counted_from": "2026-03-01", "deadline": "31.12.2026"},
    )

    assert str(agreement.goals.get().target) == "7.5"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"deadline": "2026-02-01"}, "__all__"),
        ({"target": "-1"}, "target"),
        ({"target": "1e400"}, "target"),
        ({"measure": "nonsense"}, "measure"),
    ],
)
def test_a_goal_that_can_not_be_is_refused(client_for, owner, changed, field):
    agreement = AgreementFactory(owner=owner)
    facts = {"measure": "contacts", "target": "8", "counted_from": "2026-03-01", "deadline": "2026-12-31"}

    answer = client_for(owner).post(page("add_goal", agreement.pk), facts | changed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_whom_to_call_is_a_person_or_a_colleague_and_can_be_removed(client_for, owner):
    agreement = AgreementFactory(owner=owner)
    person = PersonFactory(workplace=agreement.workplace)
    client = client_for(owner)

    client.post(page("add_contact", agreement.pk), {"who": f"p{person.pk}", "about": "the places"})
    client.post(
        page("add_contact", agreement.pk), {"who": f"u{owner.pk}", "about": "the paper", "answers_within": "a day"}
    )

    theirs, ours = agreement.contacts.all()
    assert (theirs.person, theirs.side, ours.colleague, ours.side) == (person, "theirs", owner, "ours")
    client.post(page("remove_contact", theirs.pk))
    assert list(agreement.contacts.all()) == [ours]


def test_somebody_of_another_company_is_not_to_be_called(client_for, owner):
    agreement, stranger = AgreementFactory(owner=owner), PersonFactory()

    answer = client_for(owner).post(page("add_contact", agreement.pk), {"who": f"p{stranger.pk}", "about": "it"})

    assert answer.status_code == 422
    assert not agreement.contacts.exists()


# The list.


def listed(answer):
    return list(answer.context["page_obj"])


def test_the_list_is_narrowed_by_kind_whose_review_and_group(client_for, owner, colleague):
    late = active_agreement(owner=owner, review_on=date(2026, 11, 1), workplace=WorkplaceFactory(tier=1))
    later = active_agreement(owner=colleague, kind="service", workplace=WorkplaceFactory(tier=2))
    draft = AgreementFactory(owner=owner, workplace=WorkplaceFactory(tier=2))
    client = client_for(owner)

    def ask(**asked):
        return listed(client.get(page("agreements"), asked))

    assert ask() == [late, later, draft]
    assert ask(kind="service") == [later]
    assert ask(whose="me") == [late, draft]
    assert ask(review="overdue") == [late]
    assert ask(tier="2") == [later, draft]
    assert ask(state="draft") == [draft]
    assert ask(q=later.workplace.name) == [later]
    assert ask(q=late.company.cvr_number) == [late]


@pytest.mark.parametrize(
    "asked", [{"kind": "nonsense"}, {"state": "nonsense"}, {"nonsense": "1"}, {"tier": "9"}, {"whose": "999999"}]
)
def test_a_filter_that_can_not_be_read_lists_nothing_and_says_so(client_for, owner, asked):
    active_agreement(owner=owner)

    answer = client_for(owner).get(page("agreements"), asked)

    assert answer.status_code == 200
    assert answer.context["page_obj"] is None
    assert "The filter can't be read." in answer.text


def test_the_list_as_excel_holds_what_the_page_shows(client_for, owner):
    agreement = active_agreement(owner=owner, title="køkkenet")
    AgreementFactory()

    answer = client_for(owner).get(page("excel"), {"state": "active"})

    (row,) = table(answer)
    assert (row["Kind"], row["About"], row["State"]) == ("Partnership", "køkkenet", "Active")
    assert row["Workplace"] == agreement.workplace.name


def test_a_case_worker_reads_and_changes_nothing(client_for, person_in):
    agreement = active_agreement()

    text = client_for(person_in(CASE_WORKER)).get(agreement.get_absolute_url()).text

    assert page("change_agreement", agreement.pk) not in text
    assert page("end", agreement.pk) not in text


# Where else they show.


def test_the_card_and_the_timeline_of_the_workplace_tell_of_it(client_for, owner):
    agreement = active_agreement(owner=owner, title="the kitchen")

    text = client_for(owner).get(agreement.workplace.get_absolute_url()).text

    assert text.count("Partnership, the kitchen") >= 3


@pytest.mark.parametrize("many", [1, 6])
def test_the_pages_ask_the_same_questions_however_much_there_is(client_for, owner, many, django_assert_num_queries):
    agreement = active_agreement(owner=owner)
    for _one in range(many):
        AgreementGoalFactory(agreement=agreement)
        AgreementGoalFactory(agreement=agreement, measure="meetings")
        AgreementContactFactory(agreement=agreement)
        active_agreement(owner=UserFactory())
    client = client_for(owner)

    with django_assert_num_queries(CARD):
        client.get(agreement.get_absolute_url())
    with django_assert_num_queries(LIST):
        client.get(page("agreements"))


CARD, LIST = 16, 10
