"""The pages of an import: choose a file, see what would happen, take it in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies import importing
from companies.models import RegisterImport, RejectedRow, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FILE = """cvrnr;pnr;navn;adresse;postnr;by;farve
99000007;9911111111;Smedjen ApS;Smedevej 1;4600;Køge;rød
9900000;9911111112;Uden nummer ApS;Smedevej 2;4600;Køge;
99000015;9911111113;Bageriet ApS;Smedevej 3;4600;Køge;
99000015;9911111113;Bageriet ApS;Smedevej 3;4600;Køge;
"""


@pytest.fixture
def steward(client_for, person_in):
    return client_for(person_in(STEWARD))


def upload(client, text=FILE, name="register.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(reverse("companies:imports"), {"file": SimpleUploadedFile(name, content)})


def test_a_small_file_is_read_at_once_and_changes_nothing(steward):
    answer = upload(steward)

    shown = RegisterImport.objects.get()
    page = steward.get(answer.url)
    assert shown.state == "previewed"
    assert (shown.rows_read, shown.rows_new, shown.rows_repeated, shown.rows_rejected) == (4, 2, 1, 1)
    assert "Nothing has changed yet." in page.text
    assert "Take in 2 rows" in page.text
    assert "The CVR number must have 8 digits; this has 7." in page.text
    assert "farve" in page.text
    assert not Workplace.objects.exists()


def test_taking_it_in_is_ordered_once_and_done_by_a_job(steward, django_capture_on_commit_callbacks):
    upload(steward)
    shown = RegisterImport.objects.get()

    for _press in range(2):
        steward.post(reverse("companies:import_apply", args=[shown.pk]))
    job = Job.objects.get(kind="companies.import_register")
    under_way = steward.get(shown.get_absolute_url())
    jobs.run(job.pk)

    shown.refresh_from_db()
    job.refresh_from_db()
    assert "Waiting" in under_way.text
    assert (shown.state, job.state) == ("applied", "done")
    assert set(Workplace.objects.values_list("name", flat=True)) == {"Smedjen ApS", "Bageriet ApS"}
    assert not StoredFile.objects.exists()
    assert steward.get(shown.get_absolute_url()).status_code == 200


def test_our_own_facts_stay_as_they_are(steward, owner):
    workplace = WorkplaceFactory(
        p_number="9911111111", company__cvr_number="99000007", name="Old name", owner=owner, tier=1
    )
    upload(steward)
    shown = RegisterImport.objects.get()

    page = steward.get(f"{shown.get_absolute_url()}?change=changed")
    steward.post(reverse("companies:import_apply", args=[shown.pk]))
    jobs.run(Job.objects.get(kind="companies.import_register").pk)

    workplace.refresh_from_db()
    assert "Old name" in page.text
    assert (workplace.name, workplace.owner, workplace.tier) == ("Smedjen ApS", owner, 1)


def test_a_file_can_be_forgotten(steward):
    upload(steward)
    shown = RegisterImport.objects.get()

    steward.post(reverse("companies:import_cancel", args=[shown.pk]))
    steward.post(reverse("companies:import_apply", args=[shown.pk]))

    shown.refresh_from_db()
    assert shown.state == "cancelled"
    assert not Job.objects.filter(kind="companies.import_register").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("navn\nSmedjen\n", "No column has a heading for the CVR number"),
        ("PK\x03\x04 not a whole file", "cut off or damaged"),
        ("cvrnr;navn\n", "headings but no rows"),
        (b"\x00\xff\x00\xff" * 50, "file"),
    ],
)
def test_an_unusable_file_is_one_sentence_and_no_figures(steward, content, said):
    answer = upload(steward, content)

    page = steward.get(answer.url)
    assert said in page.text
    assert "Nothing was changed." in page.text
    assert "Take in" not in page.text


def test_an_empty_or_missing_file_is_asked_for_again(steward):
    empty = upload(steward, b"")
    missing = steward.post(reverse("companies:imports"), {})

    assert (empty.status_code, missing.status_code) == (422, 422)
    assert not RegisterImport.objects.exists()


def test_a_file_that_is_too_large_is_refused_in_words(steward, monkeypatch):
    monkeypatch.setattr(importing, "LARGEST", 10)

    answer = upload(steward)

    assert answer.status_code == 422
    assert "too large" in answer.text


def test_a_large_file_is_read_in_the_background(steward, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 10)

    answer = upload(steward)
    waiting = steward.get(answer.url)
    jobs.run(Job.objects.get().pk)

    assert "Waiting" in waiting.text
    assert RegisterImport.objects.get().state == "previewed"


def test_the_rejected_rows_can_be_downloaded_corrected_and_chosen_again(steward):
    upload(steward)
    shown = RegisterImport.objects.get()

    answer = steward.get(reverse("companies:import_rejects", args=[shown.pk]))

    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"] == 'attachment; filename="rejected-register.csv"'
    corrected = content.decode("utf-8-sig").replace("9900000;", "99000023;")
    again = upload(steward, corrected, name="corrected.csv")
    assert RegisterImport.objects.first().rows_new == 1
    assert steward.get(again.url).status_code == 200


@pytest.mark.parametrize("query", ["?rows=junk", "?rows=repeated&page=9", "?change=junk", "?change=new&page=x"])
def test_whatever_the_url_says_the_page_opens(steward, query):
    answer = upload(steward)

    assert steward.get(answer.url + query).status_code == 200


@pytest.mark.parametrize("rows", [1, 60])
def test_the_pages_ask_the_same_questions_however_much_is_wrong(steward, rows, django_assert_max_num_queries):
    shown = RegisterImport.objects.create(name="file.csv", sha256="0" * 64, state="previewed")
    RejectedRow.objects.bulk_create(
        RejectedRow(register_import=shown, line=line, reason="cvr_missing") for line in range(rows)
    )

    with django_assert_max_num_queries(10):
        steward.get(shown.get_absolute_url())
    with django_assert_max_num_queries(10):
        steward.get(reverse("companies:imports"))


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_remarks_that_are_read_in_pieces_are_all_there_once_in_the_order_of_their_lines(at_once):
    shown = RegisterImport.objects.create(name="file.csv", sha256="0" * 64, state="previewed")
    for line in (7, 3, 3, 5, 3, 7):
        RejectedRow.objects.create(register_import=shown, line=line, kind="rejected", reason="cvr_missing")
    in_order = list(shown.remarks.rejected())

    assert list(shown.remarks.rejected().in_pieces(at_once)) == in_order
    assert [remark.line for remark in in_order] == [3, 3, 3, 5, 7, 7]


def previewed(steward, *lines):
    answer = upload(steward, "\n".join(lines))
    return answer.url, RegisterImport.objects.first()


def test_warnings_are_shown_ten_at_a_time(steward):
    rows = [f"9900000{number % 10};991111{number:04};Place {number};Vej {number};4699;Nowhere" for number in range(25)]
    url, shown = previewed(steward, "cvrnr;pnr;navn;adresse;postnr;by", *rows)

    page = steward.get(f"{url}?rows=warning&page=2")

    assert shown.rows_warned == 25
    assert (
        page.text.count("No such postcode is known.") + page.text.count("The check digit of the CVR number is wrong.")
        == 10
    )


def test_one_field_can_be_looked_at_alone(steward):
    for number in (1, 2):
        WorkplaceFactory(
            p_number=f"991111111{number}",
            company__cvr_number=f"9900000{number}",
            name=f"Place {number}",
            phone="10203040",
        )
    url, _shown = previewed(
        steward, "cvr;pnr;navn;telefon", "99000001;9911111111;New name;10203040", "99000002;9911111112;Place 2;50607080"
    )

    both, phones = steward.get(url), steward.get(f"{url}?change=changed&field=phone")

    assert "New name" in both.text
    assert "50607080" in both.text
    assert "New name" not in phones.text
    assert "50607080" in phones.text


def test_a_value_that_looks_like_a_cpr_number_is_not_shown(steward):
    url, _shown = previewed(steward, "cvr;navn;note", "99000007;Shop;010190-1234", "99000015;Bakery 0202921234;")

    pages = steward.get(url).text + steward.get(f"{url}?rows=warning").text

    assert "not shown" in pages
    assert "010190" not in pages


def test_what_the_register_has_become_since_the_preview_is_told(steward):
    _url, shown = previewed(steward, "cvr;pnr;navn", "99000007;9911111111;Shop", "99000015;9911111112;Bakery")
    WorkplaceFactory(p_number="9911111111", company__cvr_number="99000007", name="Shop")

    steward.post(reverse("companies:import_apply", args=[shown.pk]))
    jobs.run(Job.objects.get(kind="companies.import_register").pk)

    page = steward.get(shown.get_absolute_url())
    assert "The register has changed since the preview, which told of 2 new, 0 changed and 0 ceased." in page.text


def test_an_import_that_a_command_left_behind_says_what_to_do(steward):
    shown = RegisterImport.objects.create(name="file.csv", state="broken_off")

    page = steward.get(shown.get_absolute_url())

    assert "Take the file in again for the rest." in page.text


def test_a_name_out_of_a_file_is_never_markup(steward):
    url, _shown = previewed(steward, "cvr;navn;<b>x</b>", "99000007;<script>alert(1)</script>;y", "1;<i>;z")

    page = steward.get(f"{url}?change=new")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<b>x</b>" not in page.text


def test_the_preview_tells_how_many_of_the_new_rows_have_ceased_and_which_companies_they_are(steward):
    text = "cvrnr;pnr;navn;adresse;postnr;by;ophørsdato\n"
    text += "99000007;9911111111;Smedjen ApS;;4600;Køge;2020-01-31\n"
    text += "99000015;9911111112;Bageriet ApS;Smedevej 2;4600;Køge;\n"

    page = steward.get(upload(steward, text).url)

    assert "come in without group and responsible consultant; 1 of them ceased already" in page.text
    assert "CVR 99000007<" in page.text
    told = {row["name"]: {label: new for label, _old, new in row["lines"]} for row in page.context["rows"]}
    assert told["Smedjen ApS"]["Town"] == "4600 Køge"
    assert told["Bageriet ApS"]["Address"] == "Smedevej 2, 4600 Køge"
