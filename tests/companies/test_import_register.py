"""The command: exit codes, what it prints, the file of rejected rows, and a process that is killed."""

import csv
import io
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection

from companies.codes import load_codes
from companies.models import ColumnMapping, RegisterImport, RejectedRow, Workplace
from companies.register.importer import Walk
from tests.factories import cvr_number

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "register" / "files"
HEADINGS = "cvrnr;pnr;navn;adresse;postnr;by"
GOOD = "25052943;1002664349;Shop;Vej 1;4600;Køge"
OTHER = "47458714;1007256945;Café;Vej 2;4600;Køge"
BAD = ";;Nobody;;;"

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(*lines, name="register.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def run(*arguments):
    """(exit code, what was printed)"""
    out = io.StringIO()
    try:
        call_command("import_register", *map(str, arguments), stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_all_rows_taken_is_0(file):
    code, told = run(file(HEADINGS, GOOD, OTHER))

    assert code == 0
    assert told.splitlines()[:7] == [
        "register.csv: 2 rows read",
        "            2  new",
        "            0  changed",
        "            0  ceased",
        "            0  unchanged",
        "            0  repeated",
        "            0  rejected",
    ]
    assert Workplace.objects.count() == 2


def test_one_row_is_one_row_and_a_dry_run_tells_how_many_new_ones_have_ceased(file):
    _code, told = run("--dry-run", file(HEADINGS + ";ophørsdato", GOOD + ";2020-01-31"))

    assert told.splitlines()[:3] == [
        "register.csv: 1 row read",
        "            1  new",
        "            0  changed",
    ]
    assert "            1  of the new ones ceased already" in told.splitlines()
    assert "ceased already" not in run("--dry-run", file(HEADINGS, GOOD))[1]


def test_some_rows_rejected_is_1_and_the_good_ones_are_in(file):
    code, told = run(file(HEADINGS, GOOD, BAD))

    assert code == 1
    assert "line 3, cvrnr. There is no CVR number. Write it." in told
    assert Workplace.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is empty"),
        ("navn;by\nShop;Køge", "No column has a heading for the CVR number"),
        ("cvr;by\n25052943;Køge", "Headings found: cvr, by"),
        (HEADINGS, "The file has headings but no rows"),
        ("PK\x03\x04", "The packed file is cut off or damaged"),
    ],
)
def test_an_unusable_file_is_2_with_a_sentence_and_nothing_is_changed(file, content, said):
    code, told = run(file(HEADINGS, GOOD, name="good.csv"), file(content, name="bad.csv"))

    assert code == 2
    assert said in told
    assert "Nothing was changed." in told
    assert not Workplace.objects.exists()
    assert not RegisterImport.objects.exists()


def test_a_file_that_is_not_there_is_2(tmp_path):
    code, told = run(tmp_path / "none.csv")

    assert code == 2
    assert "none.csv: The file can't be read: No such file or directory." in told


def test_a_file_for_rejected_rows_that_can_not_be_written_is_2(file, tmp_path):
    code, _told = run(file(HEADINGS, GOOD), "--rejects", tmp_path / "no such folder" / "rejects.csv")

    assert code == 2
    assert not Workplace.objects.exists()


def test_a_dry_run_tells_the_same_and_writes_nothing_at_all(file, django_assert_max_num_queries):
    path = file(HEADINGS, GOOD, OTHER, OTHER, BAD)
    with django_assert_max_num_queries(20) as asked:
        code, told = run(path, "--dry-run")

    assert code == 1
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert "This was a dry run: nothing was changed." in told
    real = run(path)[1]
    assert told.splitlines()[:7] == real.splitlines()[:7]


def test_rejected_rows_are_written_to_a_file(file, tmp_path):
    rejects = tmp_path / "rejects.csv"

    run(file(HEADINGS, GOOD, BAD, "1;2;;;;"), "--rejects", rejects)

    content = rejects.read_bytes().decode()
    assert content.startswith("\ufeffLine;Column;In the file;")
    first, second = list(csv.reader(content.splitlines()[1:], delimiter=";"))
    assert first == ["3", "cvrnr", "", "There is no CVR number. Write it.", "", "", "Nobody", "", "", ""]
    assert second[:3] == ["4", "cvrnr, pnr, navn", "1, 2"]
    assert second[4:] == ["1", "2", "", "", "", ""]


def test_rejected_rows_of_a_dry_run_and_of_several_files_are_written_too(file, tmp_path):
    rejects = tmp_path / "rejects.csv"
    first, second = file(HEADINGS, BAD, GOOD, name="a.csv"), file("navn;cvr", "x;y", f"Café;{OTHER[:8]}", name="b.csv")

    code, _told = run(first, second, "--dry-run", "--rejects", rejects)

    assert code == 1
    assert [line.split(";")[:2] for line in rejects.read_text(encoding="utf-8-sig").splitlines()[1:]] == [
        ["a.csv", "2"],
        ["b.csv", "2"],
    ]


def test_without_rejected_rows_the_file_has_its_headings(file, tmp_path):
    run(file(HEADINGS, GOOD), "--rejects", tmp_path / "rejects.csv")

    assert len((tmp_path / "rejects.csv").read_text().splitlines()) == 1


def test_several_files_are_taken_in_one_after_the_other(file):
    first = file(HEADINGS, GOOD, name="a.csv")
    second = file(HEADINGS, GOOD.replace("Shop", "Store"), name="b.csv")

    code, told = run(first, second)

    assert code == 0
    assert "a.csv: 1 row" in told
    assert Workplace.objects.get().name == "Store"


def test_headings_that_are_not_used_and_warnings_are_told(file):
    _code, told = run(file("cvr;navn;bemærkning;postnr", "25052944;Shop;x;4699"))

    assert "Headings that are not used: bemærkning" in told
    assert "line 2, cvr: 25052944. The check digit of the CVR number is wrong." in told
    assert "1  of those taken with a warning" in told


def test_an_import_is_remembered_with_its_rejected_rows(file):
    run(file(HEADINGS, GOOD, BAD))

    done = RegisterImport.objects.get()
    assert (done.name, done.state, done.rows_new, done.rows_rejected) == ("register.csv", "applied", 1, 1)
    assert RejectedRow.objects.get().line == 3


def test_a_database_that_gives_up_is_3_and_says_what_to_do(file, monkeypatch):
    def gives_up(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(Walk, "write", gives_up)

    code, told = run(file(HEADINGS, GOOD))

    assert code == 3
    assert "run the command again" in told


# A process that is killed.


def start(*arguments):
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{facts['NAME']}"
    else:
        url = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_register", *map(str, arguments)],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def register():
    """All that an import writes, without what differs from run to run."""
    facts = [
        "company__cvr_number",
        "company__name",
        "p_number",
        "name",
        "street",
        "postcode",
        "town",
        "search_text",
        "address_key",
    ]
    return list(Workplace.objects.order_by("p_number").values_list(*facts))


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_whole_batches_and_the_next_run_completes_it(tmp_path):
    load_codes()
    path = tmp_path / "many.csv"
    rows = [f"{cvr_number(n // 50)};{1_009_000_000 + n};Place {n};Vej {n};4600;Køge" for n in range(4_000)]
    path.write_text("\n".join([HEADINGS, *rows]) + "\n")

    process = start(path)
    end = monotonic() + 60
    while not Workplace.objects.exists() and process.poll() is None and monotonic() < end:
        sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    half = Workplace.objects.count()
    assert 0 < half < 4_000
    assert RegisterImport.objects.get().tally["new"] == half
    again = start(path)
    told, _nothing = again.communicate(timeout=120)
    assert again.returncode == 0, told
    assert Workplace.objects.count() == 4_000
    assert sorted(RegisterImport.objects.values_list("state", flat=True)) == ["applied", "broken_off"]
    killed_register = register()
    Workplace.objects.all()._raw_delete(connection.alias)
    call_command("import_register", str(path), stdout=io.StringIO())
    assert register() == killed_register


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_the_same_time_make_one_register(tmp_path):
    load_codes()
    path = tmp_path / "many.csv"
    rows = [f"{cvr_number(n // 3)};{1_009_000_000 + n};Place {n};Vej {n};4600;Køge" for n in range(3_000)]
    path.write_text("\n".join([HEADINGS, *rows]) + "\n")

    processes = [start(path), start(path)]
    told = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], told
    assert Workplace.objects.count() == 3_000
    assert sum(RegisterImport.objects.values_list("rows_new", flat=True)) == 3_000


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_meets_another_import_s_rows_is_looked_at_again(file, monkeypatch):
    load_codes()
    real, calls = Walk.write, []

    def meets_another(walk, *args):
        calls.append(args)
        if len(calls) == 1:
            raise IntegrityError("somebody was first")
        real(walk, *args)

    monkeypatch.setattr(Walk, "write", meets_another)

    code, told = run(file(HEADINGS, GOOD, OTHER))

    assert (code, len(calls)) == (0, 2)
    assert "2  new" in told


def test_columns_are_read_as_they_were_named_once(file):
    ColumnMapping.objects.create(name="Nightly", columns={"nummer": "cvr", "kaldes": "name", "by": ""})
    path = file("Nummer;Kaldes;By", "99000007;Prøve;Køge")

    assert run(path)[0] == 2
    assert run(path, "--columns", "Nightly")[0] == 0

    place = Workplace.objects.get()
    assert (place.name, place.town) == ("Prøve", "")


def test_a_file_without_headings_is_read_as_its_columns_were_named_by_their_places(file):
    ColumnMapping.objects.create(name="Bare", columns={"#1": "cvr", "#2": "name", "#3": ""})

    assert run(file("99000007;Smedjen;1", "99000015;Bageriet;2"), "--columns", "Bare")[0] == 0
    assert set(Workplace.objects.values_list("name", flat=True)) == {"Smedjen", "Bageriet"}


def test_columns_that_nobody_has_named_are_2(file):
    code, told = run(file(HEADINGS, GOOD), "--columns", "Nightly")

    assert code == 2
    assert "No columns are kept under the name Nightly." in told
    assert not Workplace.objects.exists()


def test_what_is_left_out_of_a_file_is_told(tmp_path):
    path = tmp_path / "register.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", f"{HEADINGS}\n{GOOD}\n{BAD}\n")
        archive.writestr("readme.txt", "hello")

    code, told = run(path)

    assert code == 1
    assert "line 3 (a.csv), cvrnr. There is no CVR number. Write it." in told
    assert "line 1 (readme.txt). No heading of readme.txt is known. It is left out." in told
