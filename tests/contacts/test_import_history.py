"""The command and the pages for our own past: exit codes, what they tell, and a rejected row put right."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from companies.models import RegisterImport, RejectedRow
from contacts.models import Interaction, Person
from contacts.past.reading import check_row
from jobcenter_crm.backstage import jobs
from jobcenter_crm.staff.roles import CONSULTANT, STEWARD
from tests.contacts.past.conftest import CVR, P_NUMBER, TODAY
from tests.factories import CompanyFactory, InteractionFactory, WorkplaceFactory

HEADINGS = "P-nummer;Kontaktperson;Dato;Kanal;Note"
GOOD = f"{P_NUMBER};Anna Prøve;05-01-2026;besøg;Vil gerne være med"
UNKNOWN = "1000000001;Bo;05-01-2026;besøg;Hvem er det"


@pytest.fixture
def place(db):
    return WorkplaceFactory(company=CompanyFactory(cvr_number=CVR), p_number=P_NUMBER)


@pytest.fixture
def file(tmp_path):
    def write(*lines, name="past.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def run(*arguments):
    """(exit code, what was printed)"""
    out = io.StringIO()
    try:
        call_command("import_history", *map(str, arguments), stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_all_rows_taken_is_0_and_again_nothing_is_new(place, file):
    first, again = run(file(HEADINGS, GOOD)), run(file(HEADINGS, GOOD))

    assert (first[0], again[0]) == (0, 0)
    assert first[1].splitlines() == [
        "past.csv: 1 row read",
        "            1  new",
        "            0  changed",
        "            0  unchanged",
        "            0  repeated",
        "            0  rejected",
    ]
    assert "            1  unchanged" in again[1]
    assert Interaction.objects.get().created_by is None
    assert RegisterImport.objects.filter(kind="history", state="applied").count() == 2


def test_some_rows_rejected_is_1_and_they_are_written_to_a_file(place, file, tmp_path):
    code, told = run(file(HEADINGS, GOOD, UNKNOWN), "--rejects", tmp_path / "rejects.csv")

    assert code == 1
    assert "line 3, P-nummer: 1000000001. No workplace with this P-number is known here." in told
    rows = list(csv.reader((tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1][4:] == UNKNOWN.split(";")
    assert Interaction.objects.count() == 1


def test_a_corrected_file_of_rejected_rows_can_be_taken_in(place, file, tmp_path):
    rejects = tmp_path / "rejects.csv"
    run(file(HEADINGS, UNKNOWN), "--rejects", rejects)
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("1000000001", P_NUMBER), encoding="utf-8")

    assert run(rejects)[0] == 0
    assert Person.objects.get().name == "Bo"


def test_a_file_without_a_number_is_2_and_nothing_is_changed(place, file):
    code, told = run(file(HEADINGS, GOOD), file("Kontaktperson;Dato", "Anna;05-01-2026", name="bad.csv"))

    assert code == 2
    assert "No column has a heading for the CVR number or the P-number" in told
    assert not Interaction.objects.exists()
    assert not RegisterImport.objects.exists()


def test_a_dry_run_writes_nothing_at_all(place, file):
    code, told = run(file(HEADINGS, GOOD), "--dry-run")

    assert code == 0
    assert "            1  new" in told
    assert "This was a dry run: nothing was changed." in told
    assert not Interaction.objects.exists()
    assert not RegisterImport.objects.exists()


def test_in_the_browser_it_is_previewed_and_then_taken_in(place, client_for, person_in):
    steward = person_in(STEWARD)
    client = client_for(steward)
    content = SimpleUploadedFile("past.csv", f"{HEADINGS}\n{GOOD}\n{UNKNOWN}\n".encode())

    answer = client.post(f"{reverse('companies:imports')}?kind=history", {"file": content}, follow=True)

    page = answer.content.decode()
    assert "Anna Prøve" in page
    assert "No workplace with this P-number is known here." in page
    assert not Interaction.objects.exists()
    begun = RegisterImport.objects.get()
    assert (begun.kind, begun.rows_new, begun.rows_rejected) == ("history", 1, 1)

    client.post(reverse("companies:import_apply", args=[begun.pk]))
    begun.refresh_from_db()
    jobs.run(begun.job_id)

    contact = Interaction.objects.get()
    begun.refresh_from_db()
    assert (begun.state, begun.by, contact.created_by) == ("applied", steward, steward)
    assert "rows" not in begun.sample
    assert "ceased" not in begun.job.counts
    assert "Ceased" not in client.get(begun.job.get_absolute_url()).text.replace("ceased", "Ceased")


def test_a_rejected_row_is_looked_at_by_the_same_rules_when_it_is_corrected(place, file):
    run(file(HEADINGS, UNKNOWN))
    brought, row = RegisterImport.objects.get(), RejectedRow.objects.get()

    assert [remark.reason for remark in check_row(brought, row.raw, TODAY)] == ["place_unknown"]
    assert not check_row(brought, [P_NUMBER, *row.raw[1:]], TODAY)
    assert [remark.reason for remark in check_row(brought, [*row.raw[:3], "x", ""], TODAY)] == ["channel_unknown"]


def test_a_long_note_of_a_rejected_row_is_kept_whole(place, file):
    note = "En lang historie. " * 150

    run(file(HEADINGS, UNKNOWN.replace("Hvem er det", note)))

    assert RejectedRow.objects.get().raw[4] == note


def test_a_contact_of_nobody_is_read_on_the_card(place, client_for, person_in):
    contact = InteractionFactory(workplace=place, note="Fra regnearket")
    contact.staff.clear()
    Interaction.objects.update(created_by=None)

    page = client_for(person_in(CONSULTANT)).get(place.get_absolute_url()).content.decode()

    assert "Fra regnearket" in page
    assert "None" not in page.split('id="contact-')[1].split("</li>")[0]
