"""The admin: every model is in it, each page opens for those who may, and a long list costs no more than a short one."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from simple_history.models import registered_models

from companies import duplicates, merging
from companies.models import (
    Branch,
    ColumnMapping,
    Company,
    CompanyForm,
    Export,
    Figure,
    KnownDifferent,
    Merge,
    Municipality,
    Postcode,
    RegisterChange,
    RegisterImport,
    RejectedRow,
    SegmentationRule,
    Selection,
    TargetGroup,
    TierChange,
    TierPlan,
    Workplace,
    WorkplaceFigure,
)
from contacts.models import (
    Amendment,
    BarrierAnswer,
    ContactPlan,
    Digest,
    FollowUp,
    Interaction,
    OtherJobCentre,
    Person,
    Service,
)
from jobcenter_crm.backstage.models import ClockRun, Job, Message, StoredFile
from jobcenter_crm.frame.admin import AdminPaginator
from jobcenter_crm.staff.models import Organisation, Team, User
from jobcenter_crm.staff.roles import MANAGER, STEWARD, permissions_of
from partnerships.models import Agreement, Review
from placements.models import Consideration, Measure
from tests.factories import (
    AgreementFactory,
    CompanyFactory,
    ContactPlanFactory,
    FollowUpFactory,
    InteractionFactory,
    JobFactory,
    MessageFactory,
    OtherJobCentreFactory,
    PersonFactory,
    RegisterChangeFactory,
    ServiceFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplaceFigureFactory,
    active_agreement,
)

pytestmark = pytest.mark.django_db

OURS = ("staff", "backstage", "companies", "contacts", "partnerships", "placements")
# Read only together with something else, which shows it.
NOT_BY_ITSELF = {
    "contacts.ContactPlanTarget": "on the page of its plan",
    "contacts.ColleagueRole": "on the card of its workplace",
    "contacts.Handover": "among the hand-overs, with what goes along",
    "contacts.HandoverItem": "on the page of its hand-over",
    "contacts.Invitation": "what of it was mailed is among the messages",
    "contacts.ServiceUse": "on the card of its workplace",
    "contacts.Amendment": "under the contact whose note it adds to",
    "backstage.DocumentTemplate": "among the templates of documents, the earlier ones too",
    "backstage.JobTarget": "behind its job, by the thousand",
    "companies.BulkDraft": "for a day, for whoever chose its rows",
    "companies.BulkDraftRow": "behind its draft, by the thousand",
    "backstage.LastTick": "on the page of operations",
    "backstage.Pulse": "on /health/",
    "companies.Selection": "among the selections, each with what it finds",
    "companies.TierMove": "behind its job, by the thousand",
    "partnerships.AbsenceFigure": "on the card of its agreement, for the few who may see it",
    "partnerships.AgreementContact": "on the card of its agreement",
    "partnerships.AgreementGoal": "on the card of its agreement",
    "partnerships.AgreementPlace": "on the card of its agreement",
    "partnerships.AgreementStep": "on the card of its agreement",
    "partnerships.AgreementVersion": "on the card of its agreement",
    "partnerships.CentreMember": "on the card of its agreement",
    "partnerships.CompanyCentre": "on the card of its agreement",
    "partnerships.Document": "on the card of its agreement, for those who may see it",
    "partnerships.Filing": "on the card of its agreement",
    "partnerships.Mentor": "on the card of its agreement",
    "partnerships.Punch": "on the card of its agreement",
    "partnerships.PunchCard": "on the card of its agreement",
    "partnerships.ServiceTerms": "on the card of its agreement",
    "placements.Effect": "on the page of its placement",
    "placements.Extension": "on the page of its placement",
    "placements.HostingProfile": "on the card of its workplace",
    "placements.JobOrder": "among the job orders",
    "placements.OfficialFigure": "on the page of employers with placements",
    "placements.Placement": "among the placements",
    "placements.Referral": "on the page of its job order",
    "placements.Reservation": "on the page of its slot",
    "placements.Slot": "among the slots",
    "placements.Stay": "on the page of its placement",
}
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def our_models():
    return [
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "history_object") and not model.__name__.startswith("Historical")
    ]


SHOWN = [model for model in our_models() if model._meta.label not in NOT_BY_ITSELF]


def page(model, kind, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def name_of(model):
    return model._meta.label


@pytest.fixture
def it_officer(db):
    return UserFactory(username="it", is_staff=True, is_superuser=True)


@pytest.fixture
def steward(person_in):
    return let_in(person_in(STEWARD))


def let_in(user):
    """Give `user` the key to the admin; what they find there is up to their role."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def make(model, count):
    """So many rows, each about things of its own."""
    for at in range(count):
        MAKERS[model](at)


def _register_import():
    return RegisterImport.objects.create(name="register.csv", sha256="0" * 64)


def _tier_change(at):
    TierChange.objects.create(workplace=WorkplaceFactory(tier=1), to_tier=1, by=UserFactory(), at=NOW)


def _contact(at):
    contact = InteractionFactory()
    contact.persons.add(PersonFactory(workplace=contact.workplace))
    Amendment.objects.create(interaction=contact, text="They called back.", by=contact.created_by, at=NOW)


MAKERS = {
    Consideration: lambda at: Consideration.objects.create(code=f"x{at}", name_da="Et andet"),
    Measure: lambda at: Measure.objects.create(
        code=f"x{at}", name_da="Et andet", valid_from=NOW.date(), source="Our own"
    ),
    Agreement: lambda at: AgreementFactory(),
    Review: lambda at: active_agreement(),
    Branch: lambda at: Branch.objects.create(scheme="DB25", code=f"x{at}", title="Another", level=4, section="A"),
    ColumnMapping: lambda at: ColumnMapping.objects.create(name=f"List {at}", columns={"a": ""}),
    ClockRun: lambda at: ClockRun.objects.create(name=f"work {at}", date=NOW.date(), started_at=NOW),
    Company: lambda at: WorkplaceFactory(company=CompanyFactory(form=CompanyForm.objects.first())),
    CompanyForm: lambda at: CompanyForm.objects.create(code=f"x{at}", name="Another"),
    Figure: lambda at: Figure.objects.create(code=f"x{at}", name_da="Et andet", most_da="mest af det"),
    ContactPlan: lambda at: ContactPlanFactory(participants=[UserFactory()]),
    Digest: lambda at: Digest.objects.create(user=UserFactory(), reader=UserFactory(), date=NOW.date()),
    Export: lambda at: Export.objects.create(by=UserFactory(), rows=1, left_out=0),
    FollowUp: lambda at: FollowUpFactory(),
    Interaction: _contact,
    Job: lambda at: JobFactory(),
    KnownDifferent: lambda at: duplicates.say_two(
        kind=merging.kind_named("workplace"), first=WorkplaceFactory(), second=WorkplaceFactory(), by=UserFactory()
    ),
    Merge: lambda at: merging.merge(kept=CompanyFactory(), merged=CompanyFactory(), choices=set(), by=UserFactory()),
    Message: lambda at: MessageFactory(),
    Municipality: lambda at: Municipality.objects.create(code=f"x{at}", name="Elsewhere"),
    Organisation: lambda at: Organisation(name="Business entrance").save(),
    OtherJobCentre: lambda at: OtherJobCentreFactory(),
    Person: lambda at: PersonFactory(),
    Postcode: lambda at: Postcode.objects.create(code=f"x{at}", town="Elsewhere"),
    RegisterChange: lambda at: RegisterChange.objects.create(
        register_import=_register_import(), workplace=WorkplaceFactory(), kind="changed", after={"town": "Køge"}
    ),
    RegisterImport: lambda at: RegisterImport.objects.create(name="a.csv", sha256=f"{at}", by=UserFactory()),
    RejectedRow: lambda at: RejectedRow.objects.create(
        register_import=_register_import(), line=at, reason="cvr_missing"
    ),
    SegmentationRule: lambda at: SegmentationRule.objects.create(
        position=at + 1,
        tier=1,
        selection=Selection.objects.create(name=f"List {at}", created_by=UserFactory(), is_shared=True),
    ),
    Service: lambda at: ServiceFactory(),
    StoredFile: lambda at: StoredFile.objects.create(
        file="x", name="a.csv", size=1, sha256="0", created_by=UserFactory()
    ),
    TargetGroup: lambda at: TargetGroup.objects.create(
        code=f"x{at}", name_da="Andre", valid_from=NOW.date(), source="LAB"
    ),
    Team: lambda at: TeamFactory(name=f"Team {at}", leader=UserFactory()),
    TierChange: _tier_change,
    TierPlan: lambda at: None,
    BarrierAnswer: lambda at: None,
    User: lambda at: UserFactory(team=TeamFactory(name=f"Team {at}")),
    WorkplaceFigure: lambda at: WorkplaceFigureFactory(register_import=_register_import()),
    Workplace: lambda at: WorkplaceFactory(
        tier=1, owner=UserFactory(), branch=Branch.objects.first(), municipality=Municipality.objects.first()
    ),
}


# --- Every model, every page -----------------------------------------------------------------


def test_every_model_is_in_the_admin_or_named_as_found_elsewhere():
    missing = {model._meta.label for model in our_models() if not admin.site.is_registered(model)}

    assert missing == set(NOT_BY_ITSELF)


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_each_list_opens_and_is_searched(client_for, it_officer, model):
    make(model, 1)
    client = client_for(it_officer)

    for words in ("", "a", "Ærø bådværft", "99", "\0", "\"'%_"):
        assert client.get(page(model, "changelist"), {"q": words}, follow=True).status_code == 200


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_each_row_and_each_empty_form_opens_for_a_superuser(client_for, it_officer, model):
    make(model, 1)
    client, row = client_for(it_officer), model.objects.first()
    adds = admin.site.get_model_admin(model).has_add_permission(answered(client))

    assert client.get(page(model, "add")).status_code == (200 if adds else 403)
    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "history", row.pk)).status_code == 200


def answered(client):
    """A request of the person who is logged in at `client`."""
    return client.get(reverse("admin:index")).wsgi_request


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_a_steward_gets_what_the_table_of_roles_says(client_for, steward, model):
    make(model, 1)
    client, row, granted = client_for(steward), model.objects.order_by("pk").first(), permissions_of()[STEWARD]
    may = {
        verb: f"{model._meta.app_label}.{verb}_{model._meta.model_name}" in granted
        for verb in ("view", "add", "change")
    }
    adds = may["add"] and admin.site.get_model_admin(model).has_add_permission(answered(client))

    assert client.get(page(model, "changelist")).status_code == (200 if may["view"] else 403)
    assert client.get(page(model, "change", row.pk)).status_code == (200 if may["view"] else 403)
    assert client.get(page(model, "add")).status_code == (200 if adds else 403)
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    if not may["change"]:
        assert client.post(page(model, "change", row.pk), {}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_accounts_are_managed_by_superusers_only(client_for, steward):
    steward.user_permissions.set(Permission.objects.filter(content_type__app_label="staff"))
    client = client_for(steward)

    assert client.get(page(User, "changelist")).status_code == 403
    assert client.post(page(User, "change", steward.pk), {"is_superuser": "on"}).status_code == 403
    assert client.get(page(Team, "add")).status_code == 200


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_a_row_that_there_is_not_is_no_error(client_for, it_officer, model):
    client = client_for(it_officer)

    for kind in ("change", "history"):
        for bad in ("abc", "999999999999999999999999", "-1", "%00"):
            address = page(model, kind, "0").replace("/0/", f"/{bad}/")
            assert client.get(address).status_code in (302, 404)


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_a_filter_that_makes_no_sense_is_no_error(client_for, it_officer, model):
    listed, client = admin.site.get_model_admin(model), client_for(it_officer)
    make(model, 1)
    names = ["o", "p", "all", "e", "_facets"]
    for each in listed.list_filter:
        if isinstance(each, str):
            names += [f"{each}__exact", f"{each}__id__exact", f"{each}__isnull", f"{each}__gte"]
        else:
            names.append(f"{each[0]}__isempty" if isinstance(each, tuple) else each.parameter_name)

    leads_to = set()
    for name in names:
        for value in ("x", "\0", "99999999999999999999", "yes"):
            answer = client.get(page(model, "changelist"), {name: value})
            assert answer.status_code in (200, 302, 400)
            if answer.status_code == 302:
                leads_to.add(answer.url)
    for address in leads_to:
        assert client.get(address, follow=True).status_code in (200, 400), address


def test_somebody_without_the_key_does_not_get_in(client_for, person_in):
    assert client_for(person_in(STEWARD)).get(page(Workplace, "changelist")).status_code == 302


# --- Fast on a large register ----------------------------------------------------------------


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_a_long_list_asks_no_more_than_a_short_one(client_for, it_officer, model, django_assert_max_num_queries):
    client, address = client_for(it_officer), page(model, "changelist")
    make(model, 1)
    client.get(address)
    with django_assert_max_num_queries(9) as few:
        client.get(address)

    if model is not Organisation:
        make_more(model)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def make_more(model):
    """Twelve more rows; the numbers of those made by hand go on."""
    for at in range(1, 13):
        MAKERS[model](at)


@pytest.mark.parametrize("model", SHOWN, ids=name_of)
def test_no_list_is_counted_to_its_end(model):
    listed = admin.site.get_model_admin(model)

    assert listed.show_full_result_count is False
    assert listed.paginator is AdminPaginator
    assert listed.show_facets is admin.ShowFacets.NEVER


@pytest.mark.parametrize("model", [Workplace, Company, Person, Interaction, FollowUp, Team, Organisation], ids=name_of)
def test_a_row_with_much_behind_it_opens_in_few_queries(client_for, it_officer, model, django_assert_max_num_queries):
    make(model, 3 if model is not Organisation else 1)
    row = model.objects.first()
    client = client_for(it_officer)
    client.get(page(model, "change", row.pk))

    with django_assert_max_num_queries(16):
        client.get(page(model, "change", row.pk))


@pytest.mark.parametrize("model", [model for model in SHOWN if model in registered_models.values()], ids=name_of)
def test_a_long_history_asks_no_more_than_a_short_one(client_for, it_officer, model, django_assert_max_num_queries):
    make(model, 1)
    row, client = model.objects.first(), client_for(it_officer)
    row.save()
    address = page(model, "history", row.pk)
    client.get(address)
    with django_assert_max_num_queries(14) as few:
        client.get(address)

    for _time in range(10):
        row.save()
    with django_assert_max_num_queries(len(few)):
        assert client.get(address).status_code == 200


# --- What may be changed, and how ------------------------------------------------------------


@pytest.mark.parametrize("words", ["baadvaerft", "Bådværft ærø", "1040 5060", "DK 99 00 00 13"])
def test_a_workplace_is_found_as_on_the_pages(client_for, steward, words):
    company = CompanyFactory(cvr_number="99000013")
    WorkplaceFactory(company=company, name="Ærø Bådværft", phone="10405060")
    WorkplaceFactory(name="Another place", phone="10998877")
    client = client_for(steward)

    for model in (Workplace, Company):
        found = client.get(page(model, "changelist"), {"q": words}).context["cl"].result_count
        assert found == 1


@pytest.mark.parametrize("model", [TierChange, RegisterChange, Interaction, FollowUp], ids=name_of)
def test_what_is_about_a_workplace_is_found_by_it(client_for, it_officer, model):
    make(model, 2)
    Workplace.objects.first().save()
    workplace = model.objects.first().workplace
    workplace.name = "Ærø Bådværft"
    workplace.save()

    found = client_for(it_officer).get(page(model, "changelist"), {"q": "baadvaerft"}).context["cl"]

    assert [row.workplace for row in found.result_list] == [workplace]


@pytest.mark.parametrize(("asked", "found"), [("", 3), ("all", 2), ("closed", 1), ("moved", 0), ("nothing", 3)])
def test_changes_in_the_register_are_filtered_by_what_is_news(client_for, it_officer, asked, found):
    RegisterChangeFactory(ended=True)
    RegisterChangeFactory()
    RegisterChangeFactory(before={"phone": None}, after={"phone": "10203040"})

    answer = client_for(it_officer).get(page(RegisterChange, "changelist"), {"news": asked}, follow=True)

    assert answer.context["cl"].result_count == found


def test_register_facts_of_a_workplace_with_p_number_are_the_registers(client_for, steward):
    workplace = WorkplaceFactory(town="Køge")
    client = client_for(steward)

    form = client.get(page(Workplace, "change", workplace.pk)).context["adminform"].form
    client.post(page(Workplace, "change", workplace.pk), {"town": "Marstal", "name": "Mine"})

    workplace.refresh_from_db()
    assert not form.fields
    assert workplace.town == "Køge"


def test_a_workplace_without_p_number_is_kept_here_without_losing_our_own_facts(client_for, steward, owner):
    workplace = WorkplaceFactory(name="Ærø Bådværft", p_number=None, owner=owner, tier=1)
    client, address = client_for(steward), page(Workplace, "change", workplace.pk)

    form = client.get(address).context["adminform"].form
    answers = {name: value if value is not None else "" for name, value in form.initial.items()}
    client.post(address, answers | {"town": "Marstal", "tier": "4", "owner": ""})

    workplace.refresh_from_db()
    assert (workplace.town, workplace.owner, workplace.tier) == ("Marstal", owner, 1)
    assert "marstal" in workplace.search_text
    assert not {"tier", "owner", "do_not_contact"} & set(form.fields)


def test_what_is_written_in_the_admin_stands_in_the_trail_too(client_for, steward, owner):
    workplace = WorkplaceFactory(name="Ærø Bådværft", p_number=None, town="Køge", branch=Branch.objects.first())
    client, address = client_for(steward), page(Workplace, "change", workplace.pk)

    form = client.get(address).context["adminform"].form
    answers = {name: value if value is not None else "" for name, value in form.initial.items()}
    client.post(address, answers)
    client.post(address, answers | {"town": "Marstal", "branch": ""})

    change = workplace.register_changes.get()
    assert (change.kind, change.by, change.register_import) == ("changed", steward, None)
    assert (change.before["town"], change.after["town"]) == ("Køge", "Marstal")
    assert (change.before["branch"], change.after["branch"]) == (str(workplace.branch), None)


def test_our_own_facts_are_changed_on_the_card(client_for, steward):
    workplace = WorkplaceFactory()

    for row in (workplace, workplace.company):
        shown = client_for(steward).get(page(type(row), "change", row.pk)).text
        assert f'href="{workplace.get_absolute_url()}"' in shown


def test_a_new_place_is_found_by_the_name_of_its_company(client_for, steward):
    client, company = client_for(steward), CompanyFactory(name="Ærø Bådværft ApS")

    answer = client.post(
        page(Workplace, "add"),
        {"company": company.pk, "p_number": "", "name": "The yard", "street": "Havnen 1", "postcode": "5960",
         "town": "Marstal", "sector": "private"},
    )  # fmt: skip

    assert answer.status_code == 302
    assert Workplace.objects.matching("bådværft marstal").get().address_key == "havnen 1|5960"


def test_a_company_that_is_renamed_is_found_by_its_new_name(client_for, steward):
    workplace = WorkplaceFactory(company=CompanyFactory(name="Old name"), name="The yard", p_number=None)
    client, address = client_for(steward), page(Company, "change", workplace.company.pk)

    form = client.get(address).context["adminform"].form
    answers = {name: value if value is not None else "" for name, value in form.initial.items()}
    client.post(address, answers | {"name": "Ærø Bådværft ApS"})

    assert Workplace.objects.matching("baadvaerft").get() == workplace
    assert not Workplace.objects.matching("old").exists()


@pytest.mark.parametrize("role", [MANAGER, STEWARD])
def test_the_plan_of_a_group_is_changed_by_managers_only(client_for, person_in, role):
    user = let_in(person_in(role))
    address = page(TierPlan, "change", 1)
    answers = {name: getattr(TierPlan.objects.get(tier=1), name) for name in
               ("aim_da", "channel", "whom_da", "guideline_da")} | {"cadence_days": "60"}  # fmt: skip

    answer = client_for(user).post(address, answers)

    assert answer.status_code == (302 if role == MANAGER else 403)
    assert TierPlan.objects.get(tier=1).cadence_days == (60 if role == MANAGER else 90)
    if role == MANAGER:
        assert TierPlan.objects.get(tier=1).history.first().history_user == user


def test_a_person_is_never_given_to_another_company_than_their_workplaces(client_for, steward):
    workplace, elsewhere = WorkplaceFactory(), CompanyFactory()

    answer = client_for(steward).post(
        page(Person, "add"), {"company": elsewhere.pk, "workplace": workplace.pk, "name": "Anna Riis", "role": "hr"}
    )

    assert "belongs to another company" in answer.text
    assert not Person.objects.exists()


@pytest.mark.parametrize("field", ["name", "remark"])
def test_a_cpr_number_is_refused_and_not_repeated(client_for, steward, field):
    company = CompanyFactory()
    facts = {"company": company.pk, "name": "Anna Riis", "role": "hr", "remark": ""} | {field: "Anna 010190-1234"}

    answer = client_for(steward).post(page(Person, "add"), facts)

    assert not Person.objects.exists()
    assert "CPR" in answer.context["adminform"].form.errors[field][0]
    assert "010190" not in str(answer.context["adminform"].form.errors)


def test_whoever_adds_a_person_is_remembered(client_for, steward):
    company = CompanyFactory()

    client_for(steward).post(page(Person, "add"), {"company": company.pk, "name": "Anna Riis", "role": "hr"})

    person = Person.objects.get()
    assert person.created_by == steward
    assert person.history.get().history_user == steward


def test_the_history_tells_who_changed_what_and_there_is_no_way_back(client_for, it_officer, owner):
    workplace = WorkplaceFactory(owner=owner)
    workplace.do_not_contact, workplace._history_user = True, owner
    workplace.save()
    client, first = client_for(it_officer), workplace.history.last()

    shown = client.get(page(Workplace, "history", workplace.pk)).text
    back = client.post(f"{page(Workplace, 'history', workplace.pk)}{first.pk}/", {}, follow=True)

    workplace.refresh_from_db()
    assert "Olga Owner" in shown
    assert "style=" not in shown.partition("<table")[2]
    assert back.request["PATH_INFO"] == reverse("admin:index")
    assert workplace.do_not_contact


def test_the_history_of_what_was_merged_is_read_with_that_of_the_kept_one(client_for, it_officer, owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    merged.labour_conflict, merged._history_user = True, owner
    merged.save()
    merging.merge(kept=kept, merged=merged, choices=set(), by=it_officer)

    assert "Olga Owner" in client_for(it_officer).get(page(Workplace, "history", kept.pk)).text


def test_the_organisation_is_one_row(client_for, steward):
    Organisation(name="Business entrance").save()

    assert client_for(steward).get(page(Organisation, "add")).status_code == 403


def test_a_steward_chooses_a_team_leader_without_seeing_accounts(client_for, steward, owner):
    client = client_for(steward)

    form = client.get(page(Team, "add")).context["adminform"].form
    client.post(page(Team, "add"), {"name": "Team West", "leader": owner.pk})

    assert owner in form.fields["leader"].queryset
    assert Team.objects.get(name="Team West").leader == owner


def test_the_code_of_a_row_is_its_key_and_stays(client_for, steward):
    client = client_for(steward)

    client.post(page(Postcode, "change", "4600"), {"code": "4601", "town": "Køge by"})

    assert Postcode.objects.get(code="4600").town == "Køge by"
    assert not Postcode.objects.filter(code="4601").exists()
