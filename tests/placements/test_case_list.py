"""The case system's list: what a row may say, what comes of it, that twice is once, and that no CPR number is kept."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from companies import merging
from companies import tasks as register_tasks
from companies.models import RegisterImport, RejectedRow
from companies.register import corrections, runs
from contacts.models import FollowUp
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from placements.case_list import forgetting
from placements.models import Placement, Slot
from tests.conftest import member
from tests.factories import CompanyFactory, PlacementFactory, SlotFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CVR, P_NUMBER = "25052943", "1002664349"
HEADINGS = "P-nummer;Tilbud;Startdato;Slutdato;Sagsnummer"
RUNNING = f"{P_NUMBER};Virksomhedspraktik;01-11-2026;31-01-2027;26/00001"


@pytest.fixture
def place(owner):
    return WorkplaceFactory(company=CompanyFactory(cvr_number=CVR), p_number=P_NUMBER, owner=owner)


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "list.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def run(colleague):
    def run(*arguments):
        """(exit code, what was printed)"""
        said = StringIO()
        try:
            with zeal_ignore():
                call_command("import_placements", *map(str, arguments), "--consultant", "colleague", stdout=said)
        except SystemExit as end:
            return end.code, said.getvalue()
        return 0, said.getvalue()

    return run


def placements():
    rows = Placement.objects.order_by("pk")
    return list(rows.values_list("slot__measure", "starts_on", "planned_end", "ended_on", "case_reference"))


def reasons():
    return list(RejectedRow.objects.filter(kind="rejected").order_by("line").values_list("line", "reason"))


def test_a_running_one_comes_in_with_its_closed_slot_its_consultant_and_its_follow_ups(place, owner, file, run):
    assert run(file(HEADINGS, RUNNING))[0] == 0

    placement = Placement.objects.get()
    assert placements() == [("work_placement", date(2026, 11, 1), date(2027, 1, 31), None, "26/00001")]
    assert (placement.consultant, placement.slot.workplace, placement.slot.state) == (owner, place, "closed")
    assert FollowUp.objects.open().caused_by(placement).count() == 2


@pytest.mark.parametrize(
    "headings",
    [
        "CVR-nummer;Tilbud;Fra;Til;Sag",
        "CVR number;Measure;From;To;Case reference",
        "cvr;redskab;start;slut;journalnummer",
    ],
)
def test_headings_are_danish_or_english_and_the_cvr_number_will_do(place, file, run, headings):
    assert run(file(headings, f"{CVR};Work placement;2026-11-01;2027-01-31;26/00001"))[0] == 0

    assert len(placements()) == 1


def test_the_same_list_again_changes_nothing(place, file, run):
    lines = [HEADINGS, RUNNING, RUNNING.replace("00001", "00002"), RUNNING.replace("2026;", "2025;", 1)]
    run(file(*lines))
    before = placements(), list(Slot.objects.values()), FollowUp.objects.count()

    code, said = run(file(*lines))

    assert code == 0
    assert "3  unchanged" in said
    assert (placements(), list(Slot.objects.values()), FollowUp.objects.count()) == before
    assert Slot.objects.get().places == 3


def test_places_of_the_lists_slot_are_as_many_as_were_taken_at_once(place, file, run):
    run(file(
        HEADINGS,
        f"{P_NUMBER};Virksomhedspraktik;01-09-2026;30-09-2026;26/1",
        f"{P_NUMBER};Virksomhedspraktik;01-10-2026;31-10-2026;26/2",
        f"{P_NUMBER};Virksomhedspraktik;15-10-2026;30-11-2026;26/3",
        f"{P_NUMBER};Fleksjob;01-10-2026;31-12-2026;26/4",
    ))  # fmt: skip

    assert list(Slot.objects.order_by("pk").values_list("measure", "places")) == [
        ("work_placement", 2),
        ("flex_job", 1),
    ]


def test_one_that_has_ended_is_ended_and_one_long_over_comes_without_its_case(place, file, run):
    run(file(
        HEADINGS,
        f"{P_NUMBER};Virksomhedspraktik;01-09-2026;30-09-2026;26/1",
        f"{P_NUMBER};Virksomhedspraktik;01-02-2026;30-04-2026;26/2",
    ))  # fmt: skip

    assert placements() == [
        ("work_placement", date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30), "26/1"),
        ("work_placement", date(2026, 2, 1), date(2026, 4, 30), date(2026, 4, 30), ""),
    ]
    _code, said = run(file(HEADINGS, f"{P_NUMBER};Virksomhedspraktik;01-02-2026;30-04-2026;26/2"))
    assert "1  unchanged" in said
    assert Placement.objects.count() == 2


def test_a_later_end_extends_and_an_end_that_has_passed_ends(place, file, run):
    run(file(HEADINGS, RUNNING, RUNNING.replace("00001", "00002")))

    _code, said = run(file(
        HEADINGS, RUNNING.replace("31-01-2027", "28-02-2027"),
        RUNNING.replace("00001", "00002").replace("31-01-2027", "20-11-2026"),
    ))  # fmt: skip

    assert "2  changed" in said
    assert [(row[2], row[3]) for row in placements()] == [
        (date(2027, 2, 28), None), (date(2027, 1, 31), date(2026, 11, 20)),
    ]  # fmt: skip
    assert Placement.objects.order_by("pk")[0].extensions.get().granted_in == "case"


def test_one_that_was_written_by_hand_is_the_same(place, file, run):
    by_hand = PlacementFactory(
        slot=SlotFactory(workplace=place), case_reference="26/00001", starts_on=date(2026, 11, 1),
        planned_end=date(2027, 1, 31),
    )  # fmt: skip

    run(file(HEADINGS, RUNNING))

    assert list(Placement.objects.all()) == [by_hand]


LONGER = RUNNING.replace("31-01-2027", "28-02-2027")


@pytest.mark.parametrize(
    ("facts", "row", "said"),
    [
        ({"ended_on": date(2026, 11, 20), "end_reason": "candidate"}, LONGER, ("ended_here", "2026-11-20")),
        ({"ended_on": date(2026, 11, 20), "end_reason": "candidate"}, RUNNING, ("ended_here", "2026-11-20")),
        ({"ended_on": date(2026, 11, 20), "end_reason": "candidate"}, RUNNING.replace("31-01-2027", "20-11-2026"), None),
        ({"withdrawn_on": date(2026, 10, 30), "end_reason": "declined"}, RUNNING, ("withdrawn_here", "2026-10-30")),
    ],
)  # fmt: skip
def test_a_row_of_one_that_is_over_here_changes_nothing_and_says_so_where_the_list_says_otherwise(
    place, file, run, facts, row, said
):
    PlacementFactory(
        slot=SlotFactory(workplace=place), case_reference="26/00001", starts_on=date(2026, 11, 1),
        planned_end=date(2027, 1, 31), **facts,
    )  # fmt: skip
    before = placements()

    code, told = run(file(HEADINGS, row))

    assert (code, placements()) == (0, before)
    assert "1  unchanged" in told
    warned = RejectedRow.objects.filter(kind="warning").values_list("line", "column", "reason", "details__iso_date")
    assert list(warned) == ([(2, "Slutdato", *said)] if said else [])


def test_one_that_came_to_nothing_and_was_written_again_is_the_one_that_the_list_means(place, file, run):
    facts = {"slot": SlotFactory(workplace=place), "case_reference": "26/00001", "starts_on": date(2026, 11, 1)}
    again = PlacementFactory(planned_end=date(2027, 1, 31), **facts)
    PlacementFactory(planned_end=date(2027, 1, 31), withdrawn_on=date(2026, 10, 30), end_reason="mistake", **facts)

    run(file(HEADINGS, LONGER))

    again.refresh_from_db()
    assert again.planned_end == date(2027, 2, 28)


def nameless(place, **facts):
    return PlacementFactory(
        slot=SlotFactory(workplace=place), case_reference="", reference_erased_at=timezone.now(),
        starts_on=date(2026, 11, 1), planned_end=date(2027, 1, 31), **facts,
    )  # fmt: skip


def warnings():
    return list(RejectedRow.objects.filter(kind="warning").values_list("line", "reason", "details__iso_date"))


def test_a_row_like_one_that_came_to_nothing_and_is_forgotten_is_taken_in_and_says_so_once(place, file, run):
    nameless(place, withdrawn_on=date(2026, 8, 20), end_reason="declined")

    _code, said = run(file(HEADINGS, RUNNING))
    _code, again = run(file(HEADINGS, RUNNING))

    assert ("1  new" in said, "1  unchanged" in again) == (True, True)
    assert list(Placement.objects.standing().values_list("case_reference", flat=True)) == ["26/00001"]
    assert warnings() == [(2, "nothing_here", "2026-08-20")]


def test_each_row_that_may_be_the_forgotten_one_says_so(place, file, run):
    nameless(place, withdrawn_on=date(2026, 8, 20), end_reason="declined")

    run(file(HEADINGS, RUNNING, RUNNING.replace("00001", "00002")))

    assert Placement.objects.standing().count() == 2
    assert [line for line, *_more in warnings()] == [2, 3]


def test_one_that_took_place_and_is_forgotten_is_still_the_one_that_the_list_means(place, file, run):
    nameless(place, withdrawn_on=date(2026, 8, 20), end_reason="declined")
    nameless(place, ended_on=date(2026, 11, 10), end_reason="candidate")

    _code, said = run(file(HEADINGS, RUNNING))

    assert "1  unchanged" in said
    assert (Placement.objects.count(), warnings()) == (2, [])


def test_after_a_merge_the_lists_own_slot_still_grows(place, owner, file, run):
    headings = HEADINGS.replace("P-nummer", "CVR-nummer")
    first, second = (
        f"{CVR};Virksomhedspraktik;01-11-2026;30-11-2026;26/1",
        f"{CVR};Virksomhedspraktik;01-12-2026;31-01-2027;26/2",
    )
    run(file(headings, first, second))
    kept = WorkplaceFactory(company=place.company)
    merging.merge(kept=kept, merged=place, choices=set(), by=owner)

    _code, said = run(file(headings, first.replace("30-11-2026", "10-12-2026"), second))

    assert ("1  changed" in said, warnings()) == (True, [])
    assert [row[2] for row in placements()] == [date(2026, 12, 10), date(2027, 1, 31)]
    assert list(Slot.objects.values_list("workplace", "places")) == [(kept.pk, 2)]


def test_that_a_row_is_left_is_said_in_the_preview_and_a_manager_may_look(client_for, place, colleague):
    PlacementFactory(
        slot=SlotFactory(workplace=place), case_reference="26/00001", starts_on=date(2026, 11, 1),
        ended_on=date(2026, 11, 20), end_reason="candidate",
    )  # fmt: skip
    client = client_for(member(MANAGER, "manager"))

    answer = client.post(
        f"{reverse('companies:imports')}?kind=placements",
        {"file": upload([HEADINGS, LONGER]), "consultant": colleague.pk}, follow=True,
    )  # fmt: skip

    assert answer.status_code == 200
    assert "Here it ended on 20 November 2026, and the list says later." in answer.text
    assert "28-02-2027" in answer.text


def test_a_slot_by_hand_that_is_full_is_not_overfilled(place, file, run):
    slot = SlotFactory(workplace=place, places=1)
    PlacementFactory(slot=slot, case_reference="26/00001", starts_on=date(2026, 11, 1), planned_end=date(2027, 1, 31))
    PlacementFactory(slot=slot, starts_on=date(2027, 2, 1), planned_end=date(2027, 3, 1))

    run(file(HEADINGS, RUNNING.replace("31-01-2027", "28-02-2027")))

    assert placements()[0][2] == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{P_NUMBER};Seniorjob;01-11-2026;31-01-2027;26/1", "measure_unknown"),
        (f"{P_NUMBER};;01-11-2026;31-01-2027;26/1", "measure_missing"),
        (f"{P_NUMBER};Fleksjob;i morgen;31-01-2027;26/1", "day_form"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;;26/1", "day_missing"),
        (f"{P_NUMBER};Fleksjob;01-11-1926;01-11-2026;26/1", "day_long_ago"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;31-10-2026;26/1", "ends_before"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;", "reference_missing"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;{'9' * 61}x", "reference_form"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;010190-1234", "cpr_reference"),
        (f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;0101901234", "cpr_reference"),
        (";Fleksjob;01-11-2026;31-01-2027;26/1", "place_missing"),
        ("1000000004;Fleksjob;01-11-2026;31-01-2027;26/1", "place_unknown"),
        (f"{P_NUMBER};Fleksjob;01-11-2026", "cells"),
    ],
)
def test_a_row_that_can_not_be_taken_says_why_and_the_others_are_in(place, file, run, row, reason):
    assert run(file(HEADINGS, row, RUNNING))[0] == 1

    assert reasons() == [(2, reason)]
    assert len(placements()) == 1
    assert "010190" not in str(list(RejectedRow.objects.values()))


def test_columns_with_cpr_numbers_and_names_are_never_kept_and_a_sentence_says_so(place, file, run, tmp_path):
    target = tmp_path / "rejects.csv"
    lines = [
        "Borger;CPR-nr.;" + HEADINGS + ";Bemærkning",
        f"Anna Vang;010190-1234;{RUNNING};ring på 0201851234",
        f"Anna Vang;010190-1234;{P_NUMBER};Ukendt;01-11-2026;31-01-2027;26/2;",
    ]

    code, said = run(file(*lines), "--rejects", target)

    assert code == 1
    assert "So many in each column: CPR-nr. (2), Bemærkning (1)." in said
    kept = str(list(RejectedRow.objects.values())) + str(list(RegisterImport.objects.values())) + target.read_text()
    for secret in ("Anna", "010190", "020185"):
        assert secret not in kept + said
    assert len(placements()) == 1


def test_a_dry_run_writes_nothing(place, file, run):
    code, said = run(file(HEADINGS, RUNNING), "--dry-run")

    assert (code, placements(), Slot.objects.exists()) == (0, [], False)
    assert "1  new" in said


def test_of_two_rows_about_one_case_and_start_the_last_is_taken(place, file, run):
    _code, said = run(file(HEADINGS, RUNNING, RUNNING.replace("31-01-2027", "28-02-2027")))

    assert "1  repeated" in said
    assert [row[2] for row in placements()] == [date(2027, 2, 28)]


@pytest.mark.parametrize("lines", [["Et;To;Tre", "1;2;3"], [HEADINGS], [""]])
def test_a_file_that_is_no_list_is_refused_whole(file, run, lines):
    with pytest.raises(CommandError) as refused:
        run(file(*lines))

    assert refused.value.returncode == 2
    assert not RegisterImport.objects.exists()


def test_the_cells_of_rejected_rows_are_forgotten_after_ninety_days(place, file, run, today):
    run(file(HEADINGS, f"{P_NUMBER};Seniorjob;01-11-2026;31-01-2027;26/00077"))
    assert forgetting.forget_rows(timezone.now()) == 0

    today.shift(timedelta(days=91))

    assert forgetting.forget_rows(timezone.now()) == 1
    assert forgetting.forget_rows(timezone.now()) == 0
    assert "26/00077" not in str(list(RejectedRow.objects.values()))
    assert reasons() == [(2, "measure_unknown")]


def test_of_a_column_without_any_number_nothing_is_said_to_be_deleted(place, run, file):
    _code, said = run(file("Borger;CPR-nr.;" + HEADINGS, f"Anna Vang;;{RUNNING}"))

    assert "CPR numbers were deleted" not in said
    assert "(0)" not in said


def upload(lines):
    return SimpleUploadedFile("list.csv", ("\n".join(lines) + "\n").encode(), content_type="text/csv")


def test_in_the_browser_it_is_kept_without_what_is_not_ours_previewed_and_taken_in(client_for, place, colleague):
    client = client_for(member(STEWARD, "steward"))
    lines = ["Borger;CPR-nr.;" + HEADINGS, f"Anna Vang;010190-1234;{RUNNING}"]
    page = f"{reverse('companies:imports')}?kind=placements"

    client.post(page, {"file": upload(lines), "consultant": colleague.pk}, follow=True)
    answer = client.get(RegisterImport.objects.get().get_absolute_url())

    begun = RegisterImport.objects.get()
    with begun.file.file.open() as stored:
        kept = stored.read().decode()
    assert (begun.state, begun.rows_new) == ("previewed", 1)
    assert "CPR numbers were deleted before anything was kept. So many in each column: CPR-nr. (1)." in answer.text
    assert "26/00001" in kept
    for secret in ("Anna", "010190"):
        assert secret not in kept + answer.text + str(list(RegisterImport.objects.values()))
    with zeal_ignore():
        client.post(reverse("companies:import_apply", args=[begun.pk]))
        jobs.run(RegisterImport.objects.get().job_id)
    assert len(placements()) == 1


def test_in_the_browser_a_row_with_a_cpr_number_for_a_reference_says_that_it_is_one(client_for, place, colleague):
    client = client_for(member(STEWARD, "steward"))
    lines = [HEADINGS, f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;010190-1234"]

    client.post(f"{reverse('companies:imports')}?kind=placements", {"file": upload(lines), "consultant": colleague.pk})
    text = client.get(RegisterImport.objects.get().get_absolute_url()).text

    assert reasons() == [(2, "cpr_reference")]
    assert "It is deleted here; write the case reference instead." in text
    assert "So many in each column: Sagsnummer (1)." in text
    assert "010190" not in text


def test_how_many_cpr_numbers_there_were_is_not_said_again_of_the_corrected_rows(client_for, place, colleague):
    client = client_for(member(STEWARD, "steward"))
    lines = [HEADINGS, f"{P_NUMBER};Fleksjob;01-11-2026;31-01-2027;010190-1234"]
    client.post(f"{reverse('companies:imports')}?kind=placements", {"file": upload(lines), "consultant": colleague.pk})
    row = RejectedRow.objects.get()

    corrections.correct(row, [*row.raw[:4], "26/00001"], by=row.register_import.by)
    again = corrections.bring_again(row.register_import, by=row.register_import.by)
    runs.preview(again, today=date(2026, 11, 24))

    again.refresh_from_db()
    assert (again.rows_new, again.sample.get("left_out")) == (1, None)


@pytest.fixture
def waiting(client_for, place, colleague):
    """A list that somebody has looked at in the browser, and left."""
    client_for(member(STEWARD, "steward")).post(
        f"{reverse('companies:imports')}?kind=placements",
        {"file": upload([HEADINGS, RUNNING]), "consultant": colleague.pk},
    )
    return RegisterImport.objects.get()


def test_a_list_that_nobody_takes_in_waits_for_thirty_days_and_is_deleted_then(
    waiting, client_for, today, django_capture_on_commit_callbacks
):
    stored, manager = waiting.file.file, member(MANAGER, "manager")
    page = waiting.get_absolute_url()
    assert "The file is deleted if it has not been taken in by 24 December 2026." in client_for(manager).get(page).text

    today.shift(timedelta(days=29))
    assert register_tasks.forget_files(date(2026, 12, 23)) == {"files": 0}
    today.shift(timedelta(days=2))

    with django_capture_on_commit_callbacks(execute=True):
        assert register_tasks.forget_files(date(2026, 12, 25)) == {"files": 1}
    assert register_tasks.forget_files(date(2026, 12, 25)) == {"files": 0}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file, StoredFile.objects.exists()) == ("cancelled", None, False)
    assert "26/00001" not in str(list(RegisterImport.objects.values()))
    said = client_for(manager).get(page).text
    assert "Nobody took it in within 30 days, so the file was deleted." in said
    assert "has not been taken in by" not in said
    assert not stored.storage.exists(stored.name)


@pytest.mark.parametrize("state", ["reading", "applying"])
def test_a_list_whose_reading_or_taking_in_failed_is_deleted_as_well_and_can_not_be_tried_again(waiting, today, state):
    RegisterImport.objects.update(state=state)
    Job.objects.update(state="failed", failure="The disk is full.")
    today.shift(timedelta(days=31))

    assert register_tasks.forget_files(date(2026, 12, 25)) == {"files": 1}

    waiting.refresh_from_db()
    assert (waiting.state, waiting.file, StoredFile.objects.exists()) == ("broken_off", None, False)
    jobs.retry(waiting.job, by=waiting.by)
    jobs.run(waiting.job_id)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(("facts", "files"), [({"kind": "register"}, 1), ({"state": "applying"}, 0)])
def test_files_of_the_register_wait_no_longer_and_what_is_under_way_is_left(waiting, today, facts, files):
    RegisterImport.objects.update(**facts)
    Job.objects.update(state="running")
    today.shift(timedelta(days=91))

    assert register_tasks.forget_files(date(2027, 2, 23)) == {"files": files}
    assert StoredFile.objects.exists() == (not files)


@pytest.mark.parametrize("lines", [["Et;To;CPR", "1;2;010190-1234"], [""], ["x"]])
def test_in_the_browser_a_file_that_is_no_list_is_not_even_kept(client_for, colleague, lines):
    client = client_for(member(STEWARD, "steward"))

    answer = client.post(
        f"{reverse('companies:imports')}?kind=placements", {"file": upload(lines), "consultant": colleague.pk}
    )

    assert answer.status_code == 422
    assert not RegisterImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_who_follows_up_must_be_able_to(file, place):
    with pytest.raises(CommandError) as refused:
        call_command("import_placements", str(file(HEADINGS, RUNNING)), "--consultant", "nobody")

    assert refused.value.returncode == 2
