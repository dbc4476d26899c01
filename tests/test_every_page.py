"""Every page for every role: who gets in, that reading never writes, and that no page was forgotten here."""

import re
from datetime import date

import pytest
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from companies import duplicates, merging
from companies.models import (
    BulkDraft,
    ColumnMapping,
    Export,
    RegisterImport,
    RejectedRow,
    SegmentationRule,
    Selection,
    TierPlan,
)
from contacts.models import BarrierAnswer, ColleagueRole, Service
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CONSULTANT, MANAGER, ROLES, STEWARD, permissions_of
from partnerships import steps
from partnerships.models import Review
from tests.backstage.letters import LETTER
from tests.conftest import member
from tests.factories import (
    AbsenceFigureFactory,
    AgreementContactFactory,
    AgreementFactory,
    AgreementGoalFactory,
    CentreMemberFactory,
    CompanyCentreFactory,
    ContactPlanFactory,
    ContactPlanTargetFactory,
    DocumentTemplateFactory,
    FollowUpFactory,
    HandoverFactory,
    InteractionFactory,
    JobOrderFactory,
    MentorFactory,
    MessageFactory,
    OfficialFigureFactory,
    OtherJobCentreFactory,
    PersonFactory,
    PlacementFactory,
    PunchCardFactory,
    PunchFactory,
    ReferralFactory,
    RegisterChangeFactory,
    ReservationFactory,
    ServiceUseFactory,
    SlotFactory,
    StayFactory,
    TargetFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

# Whoever may bring in one kind of file gets the way in, and of each kind only those who may bring in that one.
IMPORTERS = "companies.import_register or placements.import_placements"
# Name -> (permission, several with "and" or "or" between them, or "log-in", "open" or "its maker", who is none of those that come; what the URL names). A page without its line here fails.
PAGES = {
    "account_login": ("open", None),
    "account_logout": ("open", None),
    "account_change_password": ("log-in", None),
    "backstage:clock": ("backstage.view_clockrun", None),
    "backstage:health": ("open", None),
    "backstage:job": ("backstage.view_every_job", "job"),
    "backstage:resend": ("backstage.resend_message", "message"),
    "backstage:retry": ("backstage.view_every_job", "job"),
    "backstage:template": ("backstage.change_documenttemplate", "letter"),
    "backstage:template_earlier": ("backstage.change_documenttemplate", "template"),
    "backstage:template_example": ("backstage.change_documenttemplate", "letter"),
    "backstage:template_file": ("backstage.change_documenttemplate", "letter"),
    "backstage:template_go_back": ("backstage.change_documenttemplate", "letter"),
    "backstage:templates": ("backstage.change_documenttemplate", None),
    "backstage:undo": ("backstage.view_every_job", "job"),
    "backstage:unsettled_mail": ("backstage.resend_message", None),
    "companies:add": ("companies.add_workplace", None),
    "companies:branches": ("companies.view_workplace", None),
    "companies:bulk": ("companies.view_workplace", None),
    "companies:bulk_draft": ("its maker", "draft"),
    "companies:bulk_undo": ("backstage.view_every_job", "job"),
    "companies:central": ("companies.agree_centrally", "workplace"),
    "companies:column_mapping": ("companies.import_register", "mapping"),
    "companies:column_mappings": (IMPORTERS, None),
    "companies:change_seen": ("companies.change_registerchange", "change"),
    "companies:change_unseen": ("companies.change_registerchange", "change"),
    "companies:changes": ("companies.view_workplace", None),
    "companies:export": ("its maker", "export"),
    "companies:exports": ("companies.view_export", None),
    "companies:facts": ("companies.add_workplace", "workplace"),
    "companies:duplicates": ("companies.merge_records", None),
    "companies:duplicates_again": ("companies.merge_records", "pair"),
    "companies:duplicates_two": ("companies.merge_records", None),
    "companies:flags": ("companies.set_flags", "workplace"),
    "companies:import": ("companies.import_register", "import"),
    "companies:forget_mapping": ("companies.import_register", "mapping"),
    "companies:import_again": ("companies.import_register", "import"),
    "companies:import_apply": ("companies.import_register", "import"),
    "companies:import_cancel": ("companies.import_register", "import"),
    "companies:import_columns": ("companies.import_register", "import"),
    "companies:import_changes": ("companies.import_register", "import"),
    "companies:import_rejects": ("companies.import_register", "import"),
    "companies:import_row": ("companies.import_register", "rejected"),
    "companies:imports": (IMPORTERS, None),
    "companies:look_up": ("companies.add_workplace", None),
    "companies:merge": ("companies.merge_records", None),
    "companies:merge_undo": ("companies.merge_records", "merge"),
    "companies:merges": ("companies.merge_records", None),
    "companies:owner": ("companies.set_owner", "workplace"),
    "companies:quality": ("companies.change_workplace", None),
    "companies:register": ("companies.view_workplace", None),
    "companies:selection": ("companies.change_selection", "selection"),
    "companies:selection_add": ("companies.add_selection", None),
    "companies:selection_delete": ("companies.change_selection", "selection"),
    "companies:selection_keep": ("companies.change_selection", "selection"),
    "companies:selections": ("companies.view_selection", None),
    "companies:tier": ("companies.set_tier", "workplace"),
    "contacts:accept_handovers": ("contacts.change_handover", None),
    "contacts:add_colleague": ("contacts.add_colleaguerole", "workplace"),
    "contacts:add_contact_plan": ("contacts.add_contactplan", None),
    "contacts:add_follow_up": ("contacts.add_followup", None),
    "contacts:add_job_centre": ("contacts.add_otherjobcentre", "workplace"),
    "contacts:add_person": ("contacts.add_person", "workplace"),
    "contacts:barrier": ("contacts.change_barrieranswer", "answer"),
    "contacts:calendar_file": ("contacts.view_interaction", "contact"),
    "contacts:cancel": ("contacts.change_interaction", "contact"),
    "contacts:change_contact_plan": ("contacts.change_contactplan", "draft_plan"),
    "contacts:change_follow_up": ("contacts.change_followup", "follow_up"),
    "contacts:close": ("contacts.change_interaction", "ceased"),
    "contacts:close_undo": ("contacts.change_interaction", "ceased"),
    "contacts:colleague_again": ("contacts.change_colleaguerole", "colleague_role"),
    "contacts:contacts": ("contacts.view_interaction", None),
    "contacts:contacts_excel": ("companies.export_workplaces and contacts.view_interaction", None),
    "contacts:contact_plan": ("contacts.view_contactplan", "contact_plan"),
    "contacts:contact_plans": ("contacts.view_contactplan", None),
    "contacts:decline_handover": ("contacts.change_handover", "handover"),
    "contacts:earlier_contact_plan": ("contacts.change_contactplan", "draft_plan"),
    "contacts:end_colleague": ("contacts.change_colleaguerole", "colleague_role"),
    "contacts:end_contact_plan": ("contacts.change_contactplan", "contact_plan"),
    "contacts:feed": ("open", "feed"),
    "contacts:fill_contact_plan": ("contacts.change_contactplan", "draft_plan"),
    "contacts:due": ("contacts.view_interaction", None),
    "contacts:finish": ("contacts.change_followup", "follow_up"),
    "contacts:hand_over": ("contacts.add_handover", None),
    "contacts:hand_over_follow_up": ("contacts.add_handover", "follow_up"),
    "contacts:handover": ("contacts.view_handover", "handover"),
    "contacts:handovers": ("contacts.view_handover", None),
    "contacts:follow_ups": ("contacts.view_followup", None),
    "contacts:follow_ups_excel": ("companies.export_workplaces and contacts.view_followup", None),
    "contacts:give": ("contacts.change_followup", "follow_up"),
    "contacts:inbound": ("contacts.add_interaction", None),
    "contacts:job_centre": ("contacts.change_otherjobcentre", "job_centre"),
    "contacts:leave_out": ("contacts.add_interaction", "plan_target"),
    "contacts:log": ("contacts.add_interaction", None),
    "contacts:move": ("contacts.change_interaction", "contact"),
    "contacts:put_back": ("contacts.change_interaction", None),
    "contacts:note": ("contacts.change_interaction", "contact"),
    "contacts:past_template": ("companies.import_register", None),
    "contacts:person": ("contacts.change_person", "person"),
    "contacts:plan": ("contacts.add_interaction", None),
    "contacts:plan_several": ("contacts.add_interaction", None),
    "contacts:plan_several_undo": ("contacts.change_interaction", None),
    "contacts:postpone": ("contacts.change_followup", "follow_up"),
    "contacts:reopen": ("contacts.change_followup", "follow_up"),
    "contacts:settle_handover": ("contacts.assign_handover", "handover"),
    "contacts:several_follow_ups": ("contacts.change_followup", None),
    "contacts:end_service_use": ("contacts.change_serviceuse", "service_use"),
    "contacts:print_services": ("contacts.view_service", None),
    "contacts:service": ("contacts.view_service", "service"),
    "contacts:service_use_again": ("contacts.change_serviceuse", "service_use"),
    "contacts:services": ("contacts.view_service", None),
    "contacts:take_back_service_use": ("contacts.change_serviceuse", "service_use"),
    "contacts:use_service": ("contacts.add_serviceuse", "workplace"),
    "contacts:share_contact_plan": ("contacts.change_contactplan", "contact_plan"),
    "contacts:release": ("companies.set_owner", None),
    "contacts:take": ("companies.set_owner", None),
    "contacts:take_left": ("companies.set_owner", None),
    "contacts:take_undo": ("companies.set_owner", None),
    "contacts:undo_follow_ups": ("contacts.change_followup", None),
    "contacts:week": ("contacts.view_followup", None),
    "contacts:take_back": ("contacts.change_interaction", "contact"),
    "contacts:waiting": ("log-in", None),
    "contacts:waiting_count": ("log-in", None),
    "contacts:undo_handovers": ("contacts.change_handover", None),
    "contacts:withdraw_handover": ("contacts.add_handover", "handover"),
    "contacts:without_responsible": ("companies.set_owner", None),
    "desk:barriers": ("contacts.view_barrieranswer", None),
    "desk:about": ("companies.view_workplace", "workplace"),
    "desk:by_colleague": ("desk.view_dashboard", None),
    "desk:brief": ("companies.view_workplace", "workplace"),
    "desk:card": ("companies.view_workplace", "workplace"),
    "desk:committee": ("desk.view_dashboard", None),
    "desk:dashboard": ("desk.view_dashboard", None),
    "desk:dashboard_part": ("desk.view_dashboard", "part"),
    "desk:committee_pdf": ("desk.view_dashboard", None),
    "desk:home": ("log-in", None),
    "desk:mine": ("log-in", None),
    "desk:movement": ("companies.view_tierplan", None),
    "desk:movement_rows": ("companies.view_tierplan", None),
    "desk:rule": ("companies.change_segmentationrule", "rule"),
    "desk:rule_add": ("companies.change_segmentationrule", None),
    "desk:rule_move": ("companies.change_segmentationrule", "rule"),
    "desk:rule_remove": ("companies.change_segmentationrule", "rule"),
    "desk:search": ("companies.view_workplace", None),
    "desk:target": ("desk.view_target", "target"),
    "desk:target_add": ("desk.add_target", None),
    "desk:target_change": ("desk.change_target", "target"),
    "desk:target_end": ("desk.change_target", "target"),
    "desk:targets_here": ("desk.view_target", None),
    "desk:targets": ("desk.view_target", None),
    "desk:segment_moves": ("companies.view_tierplan", None),
    "desk:segments": ("companies.view_tierplan", None),
    "desk:segments_apply": ("companies.change_segmentationrule", None),
    "desk:suggestions": ("companies.view_workplace", None),
    "segments:hours": ("staff.set_hours", None),
    "segments:plan": ("companies.change_tierplan", "plan"),
    "partnerships:add_agreement": ("partnerships.add_agreement", None),
    "partnerships:add_contact": ("partnerships.change_agreement", "agreement"),
    "partnerships:add_goal": ("partnerships.change_agreement", "agreement"),
    "partnerships:absence": ("partnerships.view_every_absencefigure", "absence"),
    "partnerships:add_absence": ("partnerships.view_every_absencefigure", "service_agreement"),
    "partnerships:add_member": ("partnerships.change_agreement", "centre"),
    "partnerships:add_mentor": ("partnerships.change_agreement", "centre"),
    "partnerships:add_punch_card": ("partnerships.change_punchcard", "service_agreement"),
    "partnerships:centre": ("partnerships.change_agreement", "centre"),
    "partnerships:member": ("partnerships.change_agreement", "member"),
    "partnerships:mentor": ("partnerships.change_agreement", "mentor"),
    "partnerships:punch": ("partnerships.change_punchcard", "punch_card"),
    "partnerships:punch_card": ("partnerships.change_punchcard", "punch_card"),
    "partnerships:take_back_punch": ("partnerships.change_punchcard", "punch"),
    "partnerships:terms": ("partnerships.change_agreement", "service_agreement"),
    "partnerships:agreement": ("partnerships.view_agreement", "agreement"),
    "partnerships:add_document": ("partnerships.add_document", "agreement"),
    "partnerships:agreement_pdf": ("partnerships.view_agreement", "agreement"),
    "partnerships:agreement_word": ("partnerships.view_agreement", "agreement"),
    "partnerships:agreements": ("partnerships.view_agreement", None),
    "partnerships:change_agreement": ("partnerships.change_agreement", "agreement"),
    "partnerships:contact": ("partnerships.change_agreement", "agreement_contact"),
    "partnerships:decline": ("partnerships.change_agreement", "draft_agreement"),
    "partnerships:end": ("partnerships.change_agreement", "agreement"),
    "partnerships:end_goal": ("partnerships.change_agreement", "goal"),
    "partnerships:excel": ("companies.export_workplaces", None),
    "partnerships:goal": ("partnerships.change_agreement", "goal"),
    "partnerships:propose": ("partnerships.change_agreement", "draft_agreement"),
    "partnerships:remove_contact": ("partnerships.change_agreement", "agreement_contact"),
    "partnerships:sign": ("partnerships.change_agreement", "proposed_agreement"),
    "partnerships:take_back_proposal": ("partnerships.change_agreement", "proposed_agreement"),
    "partnerships:undo_step": ("partnerships.change_agreement", "proposed_agreement"),
    "partnerships:versions": ("partnerships.view_agreement", "agreement"),
    "partnerships:arrange_review": ("partnerships.change_review", "review"),
    "partnerships:call_review": ("partnerships.change_review", "agreement"),
    "partnerships:change_review": ("partnerships.change_review", "review"),
    "partnerships:hold_review": ("partnerships.change_review", "review"),
    "partnerships:move_review": ("partnerships.change_review", "review"),
    "partnerships:review": ("partnerships.view_review", "review"),
    "partnerships:take_back_review": ("partnerships.change_review", "review"),
    "placements:add_official_figure": ("placements.add_officialfigure", None),
    "placements:change_official_figure": ("placements.change_officialfigure", "official_figure"),
    "placements:cooperation": ("placements.view_placement", None),
    "placements:cooperation_excel": ("companies.export_workplaces and placements.view_placement", None),
    "placements:find": ("placements.view_slot", None),
    "placements:give_back": ("placements.change_reservation", "reservation"),
    "placements:meet": ("placements.change_reservation", "reservation"),
    "placements:renew": ("placements.add_placement or placements.change_reservation", "reservation"),
    "placements:reserve": ("placements.add_reservation", "slot"),
    "partnerships:document": ("partnerships.view_document", "document"),
    "partnerships:erase_document": ("partnerships.change_document", "document"),
    "partnerships:file": ("partnerships.add_filing", "agreement"),
    "partnerships:review_pdf": ("partnerships.view_review", "held_review"),
    "placements:add_slot": ("placements.add_slot", None),
    "placements:change_slot": ("placements.change_slot", "slot"),
    "placements:close_slot": ("placements.change_slot", "slot"),
    "placements:hosting": ("placements.change_hostingprofile", "workplace"),
    "placements:open_slot": ("placements.change_slot", "paused_slot"),
    "placements:pause_slot": ("placements.change_slot", "slot"),
    "placements:slot": ("placements.view_slot", "slot"),
    "placements:slots": ("placements.view_slot", None),
    "placements:slots_excel": ("companies.export_workplaces", None),
    "placements:undo_slot": ("placements.change_slot", "slot"),
    "placements:add_job_order": ("placements.add_joborder", None),
    "placements:change_job_order": ("placements.change_joborder", "job_order"),
    "placements:declined": ("placements.change_joborder", "referral"),
    "placements:fill_job_order": ("placements.change_joborder", "job_order"),
    "placements:correct_found": ("placements.change_joborder", "job_order"),
    "placements:hired": ("placements.change_joborder", "referral"),
    "placements:job_order": ("placements.view_joborder", "job_order"),
    "placements:job_orders": ("placements.view_joborder", None),
    "placements:job_orders_excel": ("companies.export_workplaces and placements.view_joborder", None),
    "placements:refer": ("placements.add_referral", "job_order"),
    "placements:reopen_job_order": ("placements.change_joborder", "withdrawn_job_order"),
    "placements:take_back_answer": ("placements.change_joborder", "referral"),
    "placements:undo_job_order": ("placements.change_joborder", "job_order"),
    "placements:undo_referral": ("placements.add_referral", "referral"),
    "placements:withdraw_job_order": ("placements.change_joborder", "job_order"),
    "placements:add_stay": ("placements.change_placement", "placement"),
    "placements:effect": ("placements.add_effect", "ended_placement"),
    "placements:end": ("placements.change_placement", "placement"),
    "placements:extend": ("placements.change_placement", "placement"),
    "placements:placement": ("placements.view_placement", "placement"),
    "placements:placements": ("placements.view_placement", None),
    "placements:placements_excel": ("companies.export_workplaces and placements.view_placement", None),
    "placements:reopen": ("placements.change_placement", "placement"),
    "placements:withdraw": ("placements.change_placement", "coming_placement"),
    "placements:start": ("placements.add_placement", "slot"),
    "placements:stay": ("placements.change_placement", "stay"),
    "placements:undo_effect": ("placements.add_effect", "ended_placement"),
    "staff:colleagues": ("log-in", None),
    "staff:deactivate": ("staff.deactivate_user", "colleague"),
    "staff:close_feed": ("log-in", None),
    "staff:open_feed": ("log-in", None),
    "staff:profile": ("log-in", None),
    "desk:staff_figures": ("staff.switch_staff_figures", None),
    "staff:reactivate": ("staff.deactivate_user", "colleague"),
}


def all_names(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from all_names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_page_has_its_line():
    assert set(all_names()) == set(PAGES)


@pytest.fixture(scope="module")
def _things(django_db_setup, django_db_blocker):
    """Made once: each test of this file begins with them, and what it writes is rolled back to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made(member(CONSULTANT, "owner"))
        transaction.set_rollback(True)


@pytest.fixture
def things(_things, db):
    """One of everything that a page is about, by what PAGES calls it."""
    return _things


def made(owner):
    workplace = WorkplaceFactory(owner=owner, tier=1)
    # Until then the page by colleague is refused to managers too.
    switch_staff_figures_on(since=date(2026, 11, 1), reference="Works committee", by=owner)
    read = RegisterImport.objects.create(
        name="file.csv", sha256="0" * 64, state="previewed", by=owner, headings=["cvr", "navn"], rows_read=1,
        rows_rejected=1,
    )  # fmt: skip
    return {
        "workplace": workplace,
        "person": PersonFactory(workplace=workplace),
        "job_centre": OtherJobCentreFactory(workplace=workplace),
        "contact": InteractionFactory(workplace=workplace, state="planned", on=date(2026, 11, 26), created_by=owner),
        "follow_up": FollowUpFactory(workplace=workplace, owner=owner),
        "import": read,
        "mapping": ColumnMapping.objects.create(name="Our list", columns={"nr": "cvr"}),
        "rejected": RejectedRow.objects.create(register_import=read, line=2, reason="cvr_missing", raw=["", "Shop"]),
        "ceased": WorkplaceFactory(ceased_on=date(2026, 11, 1)),
        "change": RegisterChangeFactory(workplace=workplace),
        "merge": merging.merge(
            kept=workplace, merged=WorkplaceFactory(company=workplace.company), choices=set(), by=owner
        ),
        "pair": duplicates.say_two(
            kind=merging.kind_named("workplace"), first=workplace, second=WorkplaceFactory(), by=owner
        ),
        "selection": Selection.objects.create(name="Ours", query="tier=1", is_shared=True, created_by=owner),
        "rule": SegmentationRule.objects.create(
            position=1,
            tier=2,
            selection=Selection.objects.create(
                name="Ten and up", query="employees_from=10", created_by=owner, is_shared=True
            ),
        ),
        "plan": TierPlan.objects.get(tier=1),
        "answer": BarrierAnswer.objects.get(barrier="no_time"),
        "agreement": (agreement := active_agreement(owner=owner, workplace=workplace)),
        "agreement_contact": AgreementContactFactory(agreement=agreement),
        "goal": AgreementGoalFactory(agreement=agreement),
        "draft_agreement": AgreementFactory(kind="intent"),
        "proposed_agreement": steps.propose(agreement=AgreementFactory(owner=owner), by=owner, on=date(2026, 11, 1)),
        "centre": (centre := CompanyCentreFactory(agreement__owner=owner, agreement__workplace=workplace)).agreement,
        "member": CentreMemberFactory(centre=centre),
        "mentor": MentorFactory(centre=centre, person__workplace=workplace),
        "service_agreement": (service := active_agreement(kind="service", owner=owner, workplace=workplace)),
        "punch_card": (card := PunchCardFactory(agreement=service)),
        "punch": PunchFactory(card=card),
        "absence": AbsenceFigureFactory(agreement=service, workplace=workplace),
        "review": agreement.reviews.get(),
        "document": agreement.signed_document,
        "held_review": Review.objects.create(
            agreement=agreement,
            due_on=date(2026, 11, 1),
            held_on=date(2026, 11, 2),
            held_by=owner,
            decision="continue",
            written_at=timezone.now(),
        ),
        "slot": (slot := SlotFactory(workplace=workplace, owner=owner, agreement=centre.agreement)),
        "reservation": ReservationFactory(slot=slot),
        "paused_slot": SlotFactory(workplace=workplace, owner=owner, state="paused"),
        "placement": (placement := PlacementFactory(slot=slot)),
        "coming_placement": PlacementFactory(slot=slot, starts_on=date(2027, 3, 1), planned_end=date(2027, 4, 1)),
        "ended_placement": PlacementFactory(slot=slot, ended_on=date(2026, 10, 20), end_reason="candidate"),
        "target": TargetFactory(responsible=owner),
        "official_figure": OfficialFigureFactory(by=owner),
        "job_order": (order := JobOrderFactory(workplace=workplace, owner=owner, positions=3)),
        "withdrawn_job_order": JobOrderFactory(
            workplace=workplace,
            owner=owner,
            state="withdrawn",
            closed_on=date(2026, 11, 1),
            closed_why="Closed",
        ),
        "referral": ReferralFactory(job_order=order),
        "stay": StayFactory(placement=placement, workplace=workplace),
        "contact_plan": (target := ContactPlanTargetFactory(plan__participants=[owner], workplace=workplace)).plan,
        "plan_target": target,
        "draft_plan": ContactPlanFactory(state="draft"),
        "draft": BulkDraft.objects.create(act="owner", by=owner),
        "export": Export.objects.create(by=owner, rows=1, left_out=0),
        "handover": HandoverFactory(giver=owner, workplaces=[workplace]),
        "colleague_role": ColleagueRole.objects.create(workplace=workplace, colleague=owner, role="daily"),
        "service": Service.objects.get(code="mentor"),
        "service_use": ServiceUseFactory(workplace=workplace, created_by=owner),
        "colleague": UserFactory(),
        "job": Job.objects.create(kind="tests.nothing", created_by=owner),
        "message": MessageFactory(),
        "feed": owner.open_feed(),
        "letter": [LETTER.name, "da"],
        "template": DocumentTemplateFactory(kind=LETTER.name, language="en", uploaded_by=owner),
    }


def address(name, things):
    thing = PAGES[name][1]
    if not thing:
        return reverse(name)
    if thing == "part":
        return reverse(name, args=["trend"])
    if thing == "feed":
        return reverse(name, args=[things["feed"]])
    if thing == "letter":
        return reverse(name, args=things["letter"])
    return reverse(name, args=[things[thing].key if thing == "draft" else things[thing].pk])


class Written(AssertionError):
    """A request that may only read has written to the database."""


# A statement that begins with WITH reads or writes by what comes behind it.
READING = re.compile(
    r"[( ]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))\b", re.S
)


def only_reading(execute, sql, params, many, context):
    if not READING.match(sql):
        raise Written(sql)
    return execute(sql, params, many, context)


def test_what_only_reads_is_told_from_what_writes():
    assert READING.match("SELECT 1")
    assert READING.match("(SELECT 1) UNION (SELECT 2)")
    assert READING.match('WITH found(updated_at) AS (SELECT "updated_at" FROM t) SELECT * FROM found')
    assert not READING.match("WITH found AS (SELECT 1) UPDATE t SET a = 1")
    assert not READING.match("WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone")
    assert not READING.match('INSERT INTO "t" SELECT 1')


@pytest.mark.parametrize("role", [*ROLES, "nobody", "no role"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_role_gets_exactly_the_pages_it_may_have(client, client_for, person_in, stranger, things, role, name):
    needed, url = PAGES[name][0], address(name, things)
    if role == "nobody":
        allowed = needed == "open"
    else:
        client = client_for(stranger if role == "no role" else person_in(role))
        granted = permissions_of().get(role, set())
        allowed = needed in ("open", "log-in") or any(
            set(some.split(" and ")) <= granted for some in needed.split(" or ")
        )

    with connection.execute_wrapper(only_reading):
        read = client.get(url)
        head = client.head(url)
    for answer in (read, head):
        # A file that is handed out is closed by whoever has read it.
        list(answer.streaming_content if answer.streaming else ())
    written = client.post(url, {})
    other = client.delete(url)
    for answer in (read, head, written, other):
        # Files that are handed out. Ending the whole answer would end the database's connection with it.
        for close in answer._resource_closers:
            close()

    if role == "nobody" and not allowed:
        assert {answer.status_code for answer in (read, head, written, other)} == {302}
        assert read.url.startswith(reverse("account_login"))
    elif allowed:
        assert read.status_code in (200, 302, 405, 503)
        assert head.status_code == read.status_code
        assert written.status_code in (200, 302, 405, 422)
        assert other.status_code == 405 or name == "account_login"  # sends those on who are logged in
    else:
        assert read.status_code in (403, 404, 405)
        assert written.status_code in (403, 404, 405)
        assert other.status_code in (403, 404, 405)


# The pages of one import are those of its kind.
OF_ONE_IMPORT = {
    "companies:import": "import",
    "companies:import_again": "import",
    "companies:import_apply": "import",
    "companies:import_cancel": "import",
    "companies:import_columns": "import",
    "companies:import_rejects": "import",
    "companies:import_row": "rejected",
    "companies:column_mapping": "mapping",
    "companies:forget_mapping": "mapping",
}


@pytest.fixture
def of_placements(things):
    """An import of the case system's list, one of its rows, and a mapping of such a list."""
    read = RegisterImport.objects.create(
        kind="placements", name="list.csv", sha256="0" * 64, state="previewed", rows_read=1, rows_rejected=1,
        headings=["cvr", "tilbud", "start", "slut", "sag"],
    )  # fmt: skip
    return {
        "import": read,
        "rejected": RejectedRow.objects.create(
            register_import=read,
            line=2,
            reason="measure_missing",
            raw=["25052943", "", "01-11-2026", "31-12-2026", "26/1"],
        ),
        "mapping": ColumnMapping.objects.create(kind="placements", name="Their list", columns={"nr": "cvr"}),
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(OF_ONE_IMPORT))
def test_whoever_may_import_placements_gets_the_pages_of_such_an_import(
    client_for, person_in, of_placements, role, name
):
    client = client_for(person_in(role))
    url = reverse(name, args=[of_placements[OF_ONE_IMPORT[name]].pk])
    allowed = "placements.import_placements" in permissions_of()[role]

    read = client.get(url)
    list(read.streaming_content if read.streaming else ())

    assert allowed == (role in (MANAGER, STEWARD))
    assert read.status_code in ((200, 405) if allowed else (403, 405))
    written = client.post(url, {}).status_code
    assert written in ((302, 405, 422) if allowed else (403, 405))
    of_placements["import"].refresh_from_db()
    assert allowed or of_placements["import"].state == "previewed"


def test_a_manager_brings_in_placements_and_never_the_register(client_for, person_in, things, of_placements):
    client = client_for(person_in(MANAGER))
    page = client.get(reverse("companies:imports"))

    assert [kind.name for kind in page.context["kinds"]] == ["placements"]
    assert list(page.context["page_obj"]) == [of_placements["import"]]
    assert client.get(reverse("companies:imports"), {"kind": "register"}).status_code == 404
    assert client.post(f"{reverse('companies:imports')}?kind=register", {}).status_code == 404
    remembered = client.get(reverse("companies:column_mappings")).context["remembered"]
    assert [known for known, _kind, _columns in remembered] == [of_placements["mapping"]]
    client.post(reverse("companies:import_apply", args=[things["import"].pk]))
    client.post(reverse("companies:forget_mapping", args=[things["mapping"].pk]))
    things["import"].refresh_from_db()
    assert things["import"].state == "previewed"
    assert ColumnMapping.objects.count() == 2


def test_the_rail_has_import_for_whoever_may_bring_in_something(client_for, each_role):
    granted = permissions_of()[each_role.groups.get().name]
    way_in = f'href="{reverse("companies:imports")}"'

    may = bool({"companies.import_register", "placements.import_placements"} & granted)
    assert (way_in in client_for(each_role).get(reverse("contacts:waiting")).text) == may
