"""The nightly refresh: each delivery once, whatever breaks, and the stewards told of it."""

import os
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from companies.models import RegisterImport, Workplace
from companies.register import feed, importer, nightly
from jobcenter_crm.backstage import clock, jobs
from jobcenter_crm.backstage.models import ClockRun, Job, Message, StoredFile
from jobcenter_crm.staff.models import Organisation
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

OLD = 1_700_000_000
DAY = date(2026, 11, 24)
FILE = "cvr;pnr;navn\n99000007;9911111111;Smedjen\n99000015;9911111112;Bageriet\n"


@pytest.fixture
def folder(tmp_path, settings):
    feed._sha256.cache_clear()
    settings.REGISTER_FEED_DIR = str(tmp_path)
    settings.SITE_URL = "https://crm.example.dk"
    return tmp_path


@pytest.fixture
def steward(person_in):
    user = person_in(STEWARD)
    user.language = "en"
    user.save()
    return user


def drop(folder, name="register.csv", content=FILE, changed=OLD):
    (folder / name).write_text(content)
    os.utime(folder / name, (changed, changed))


def run_waiting():
    for pk in Job.objects.waiting().values_list("pk", flat=True):
        jobs.run(pk)


def night():
    """What a night comes to, with a worker that does its jobs."""
    counts = nightly.order_new()
    run_waiting()
    nightly.report(timezone.now())
    return counts


def ceasing(count):
    """A file that ends so many workplaces, which are there."""
    lines = ["cvr;pnr;navn;ophørsdato"]
    for at in range(count):
        workplace = WorkplaceFactory(name=f"Place {at}")
        lines.append(f"{workplace.company.cvr_number};{workplace.p_number};Place {at};2026-11-01")
    return "\n".join(lines)


def test_a_new_file_is_taken_in_and_told_of(folder, steward):
    drop(folder)

    counts = night()

    taken = RegisterImport.objects.get()
    assert counts == {"found": 1, "new": 1}
    assert (taken.state, taken.rows_new, taken.by, taken.name) == ("applied", 2, None, "register.csv")
    assert Workplace.objects.count() == 2
    assert not StoredFile.objects.exists()
    mail = Message.objects.get()
    assert mail.to == steward.email
    assert mail.subject == "The register: 1 delivery came in"
    assert "Rows read: 2. New: 2, changed: 0, ceased: 0." in mail.text
    assert f"https://crm.example.dk{taken.get_absolute_url()}" in mail.text


def test_the_same_file_is_taken_once_under_whatever_name(folder, steward):
    drop(folder)
    night()
    drop(folder, "again.csv", changed=OLD + 5)

    counts = night()

    assert counts == {"found": 2, "new": 0}
    assert RegisterImport.objects.count() == Message.objects.count() == 1


def test_nothing_new_is_no_mail(folder, steward):
    assert night() == {"found": 0, "new": 0}
    assert not Message.objects.exists()


def test_several_files_of_a_night_are_one_mail(folder, steward):
    drop(folder)
    drop(folder, "later.csv", "cvr;pnr;navn\n99000023;9911111113;Kroen\n", OLD + 5)

    night()

    mail = Message.objects.get()
    assert mail.subject == "The register: 2 deliveries came in"
    assert mail.text.index("register.csv") < mail.text.index("later.csv")
    assert Workplace.objects.count() == 3


def test_two_clocks_at_once_take_a_delivery_once(folder, monkeypatch):
    drop(folder)
    nightly.order_new()
    # The other clock looked before the first had written.
    monkeypatch.setattr(RegisterImport.objects, "filter", lambda **what: RegisterImport.objects.none())

    assert nightly.order_new()["new"] == 0

    monkeypatch.undo()
    assert RegisterImport.objects.count() == Job.objects.count() == 1


def test_two_reports_at_once_tell_once(folder, steward):
    drop(folder)
    nightly.order_new()
    run_waiting()

    first, second = nightly.report(timezone.now()), nightly.report(timezone.now())

    assert first == {"told_of": 1, "stewards": 1}
    assert second == {}


def test_an_unusable_file_is_told_once_and_not_tried_again(folder, steward):
    drop(folder, content="navn\nSmedjen\n")

    night()
    night()

    taken = RegisterImport.objects.get()
    assert taken.state == "unusable"
    mail = Message.objects.get()
    assert "Unusable, nothing was changed." in mail.text
    assert "No column has a heading for the CVR number" in mail.text
    assert Job.objects.count() == 1


def test_a_file_that_is_taken_away_meanwhile_is_told_so(folder, steward):
    drop(folder)
    nightly.order_new()
    (folder / "register.csv").unlink()
    run_waiting()
    nightly.report(timezone.now())

    assert RegisterImport.objects.get().state == "unusable"
    assert "The delivery was taken away before it was read." in Message.objects.get().text


def test_a_delivery_that_is_too_large_is_told_so(folder, steward, monkeypatch):
    monkeypatch.setattr(nightly, "LARGEST", 10)
    drop(folder)

    night()

    assert RegisterImport.objects.get().problem == "delivery_large"
    assert not StoredFile.objects.exists()


def test_a_delivery_that_would_end_many_workplaces_waits_for_a_person(folder, steward):
    drop(folder, content=ceasing(nightly.FEW_CEASED + 1))

    night()

    taken = RegisterImport.objects.get()
    assert taken.state == "previewed"
    assert not Workplace.objects.ceased().exists()
    mail = Message.objects.get()
    assert mail.subject == "The register: 1 delivery waits for you"
    assert "it would mark 21 workplaces as ceased" in mail.text


def test_workplaces_that_end_with_their_company_count_as_well(folder, steward):
    company = WorkplaceFactory().company
    WorkplaceFactory.create_batch(30, company=company)
    drop(folder, content=f"cvr;navn;ophørsdato\n{company.cvr_number};{company.name};2026-11-01\n")

    night()

    assert RegisterImport.objects.get().state == "previewed"
    assert Workplace.objects.active().count() == 31
    assert "it would mark 31 workplaces as ceased" in Message.objects.get().text


def test_a_few_closures_are_taken_in_however_small_the_register_is(folder):
    drop(folder, content=ceasing(nightly.FEW_CEASED))

    night()

    assert Workplace.objects.ceased().count() == nightly.FEW_CEASED


def test_many_closures_are_few_in_a_large_register(folder, monkeypatch):
    monkeypatch.setattr(nightly, "MOST_CEASED", 0.5)
    text = ceasing(nightly.FEW_CEASED + 1)
    WorkplaceFactory.create_batch(nightly.FEW_CEASED + 1)
    drop(folder, content=text)

    night()

    assert Workplace.objects.ceased().count() == nightly.FEW_CEASED + 1


@pytest.mark.parametrize("step", ["fetch", "preview", "apply"])
def test_a_worker_that_dies_is_followed_by_one_that_goes_on(folder, steward, monkeypatch, step):
    drop(folder)
    nightly.order_new()
    job = Job.objects.get()
    place, name = {
        "fetch": (nightly.StoredFile, "keep"),
        "preview": (importer, "compare"),
        "apply": (importer, "take_in"),
    }[step]

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        if step == "fetch":
            broken.setattr(place, name, die)
        else:
            broken.setattr(nightly.runs, "kind_of", lambda kind: _KindThat(name, die))
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state="waiting")
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == "done"
    assert RegisterImport.objects.get().state == "applied"
    assert Workplace.objects.count() == 2
    assert not StoredFile.objects.exists()


class _KindThat:
    """The register's kind of file, with one deed that dies."""

    reading = staticmethod(importer.Reading)

    def __init__(self, name, die):
        self.compare, self.take_in = importer.compare, importer.take_in
        setattr(self, name, die)


def test_a_job_that_broke_is_told_of_and_can_be_tried_again(folder, steward, monkeypatch):
    drop(folder)
    with monkeypatch.context() as broken:
        broken.setattr(nightly, "find", lambda *args: 1 / 0)
        night()
    told = Message.objects.get().text
    jobs.retry(Job.objects.get(), by=steward)
    run_waiting()

    assert "Broken off:" in told
    assert Workplace.objects.count() == 2


def test_the_report_waits_for_what_is_under_way_but_not_for_ever(folder, steward, today):
    drop(folder)
    nightly.order_new()

    early = nightly.report(timezone.now())
    late = nightly.report(timezone.now() + nightly.TOLD_AFTER + timedelta(minutes=1))

    assert early == {}
    assert late == {"told_of": 1, "stewards": 1}
    assert "Not finished yet." in Message.objects.get().text


def test_only_working_stewards_with_an_address_are_told_in_their_language(folder, steward, person_in):
    drop(folder)
    Organisation(name="Erhvervsindgangen").save()
    person_in(MANAGER)
    steward.language = "da"
    steward.save()
    for username, facts in {"left": {"is_active": False}, "silent": {"email": ""}}.items():
        other = type(steward).objects.create(username=username, **{"email": "x@example.dk"} | facts)
        other.groups.set(steward.groups.all())

    night()

    mail = Message.objects.get()
    assert (mail.to, mail.language) == (steward.email, "da")
    assert "Læste rækker: 2. Nye: 2" in mail.text
    assert "Erhvervsindgangen" in mail.text
    assert "&" not in mail.text


def test_the_clock_does_it_after_half_past_two_and_keeps_the_figures(folder, steward):
    drop(folder)

    done = {one.name: one for one in clock.tick(timezone.now())}

    assert done["companies.feed"].result == {"found": 1, "new": 1}
    assert ClockRun.objects.get(name="companies.feed").result == {"found": 1, "new": 1}
    assert RegisterImport.objects.get().state == "reading"


@pytest.mark.django_db(transaction=True)
def test_a_day_done_by_hand_needs_no_worker(folder, steward):
    drop(folder)

    done = {one.name: one for one in clock.run_day(DAY, timezone.now())}

    assert done["companies.feed"].result == {"found": 1, "new": 1, "told_of": 1, "stewards": 1}
    assert RegisterImport.objects.get().state == "applied"
    assert Message.objects.get().state == "sent"


def test_a_folder_that_is_gone_is_a_failure_that_the_clock_keeps(folder, settings):
    settings.REGISTER_FEED_DIR = str(folder / "nowhere")

    done = {one.name: one for one in clock.tick(timezone.now())}

    assert "FileNotFoundError" in done["companies.feed"].failure


def test_no_name_of_a_file_is_in_the_log(folder, steward, caplog, capsys):
    drop(folder, "Anna Riis 010190-1234.csv")

    night()

    logged = caplog.text + "".join(capsys.readouterr())
    assert "Anna" not in logged
    assert "0101" not in logged


def test_the_page_says_that_it_came_from_the_feed(folder, client_for, steward):
    drop(folder)
    night()

    assert "from the feed" in client_for(steward).get(reverse("companies:imports")).text


def test_one_delivery_is_one_import():
    RegisterImport.objects.create(name="a", delivery="folder:1")

    with pytest.raises(IntegrityError):
        RegisterImport.objects.create(name="b", delivery="folder:1")
