import json
import logging
import os
import subprocess
import sys
import warnings
from io import StringIO
from pathlib import Path

import pytest
import structlog
from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import path, reverse
from structlog.stdlib import ProcessorFormatter

from jobcenter_crm import urls
from jobcenter_crm.backstage import logs, outbox
from jobcenter_crm.backstage.models import Message
from tests.backstage.post_office import PostOffice
from tests.factories import MessageFactory

WHO = "Jens Hansen, 010203-1234"


def _break(request):
    raise ValueError(WHO)


urlpatterns = [path("break/", _break), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def lines():
    """The log lines of production, read back."""
    written = StringIO()
    facts = logs.configure(debug=False)["formatters"]["line"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        ProcessorFormatter(processors=facts["processors"], foreign_pre_chain=facts["foreign_pre_chain"])
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


def broken(number):
    try:
        int(number)
    except ValueError as error:
        raise LookupError(f"nobody has {number}") from error


def test_a_line_is_json_with_what_was_bound_to_it(lines):
    with structlog.contextvars.bound_contextvars(request_id="abc", job=7):
        structlog.get_logger("jobcenter_crm").info("job_taken", attempt=2)
        logging.getLogger("another.library").warning("%s files", 3)

    first, second = lines()
    assert (first["event"], first["attempt"], first["job"], first["request_id"]) == ("job_taken", 2, 7, "abc")
    assert (first["level"], first["logger"]) == ("info", "jobcenter_crm")
    assert (second["event"], second["level"], second["job"]) == ("3 files", "warning", 7)


@pytest.mark.parametrize("log", [structlog.get_logger("ours"), logging.getLogger("another.library")])
def test_an_error_is_its_types_and_places_and_never_its_text(lines, log):
    try:
        broken("Jens Hansen, 010203-1234")
    except LookupError:
        log.exception("row_broke")

    [line] = lines()
    types = [each["type"] for each in line["exception"]]
    assert types == ["builtins.LookupError", "builtins.ValueError"]
    assert "test_logs.py" in line["exception"][0]["at"][-1]
    assert line["exception"][0]["at"][-1].endswith("in broken")
    assert "Hansen" not in json.dumps(line)


def test_an_error_can_be_given_as_itself(lines):
    try:
        broken("Jens Hansen")
    except LookupError as error:
        caught = error
    structlog.get_logger("ours").error("later", exc_info=caught)

    [line] = lines()
    assert line["exception"][0]["type"] == "builtins.LookupError"


def test_a_line_without_an_error_says_nothing_of_one(lines):
    logging.getLogger("another.library").info("All is well", exc_info=(None, None, None))

    [line] = lines()
    assert line["event"] == "All is well"
    assert "exception" not in line


@pytest.mark.parametrize("log", [structlog.get_logger("ours"), logging.getLogger("django.request")])
@pytest.mark.parametrize(
    "address", ["/calendar/sEcr-et_1.ics", "/calendar/sEcr-et_1", "/calendar/sEcr-et_1/?x=sEcr-et_1"]
)
def test_the_secret_address_of_a_calendar_stands_in_no_line(lines, log, address):
    log.warning("%s: %s", "Not Found", address)
    structlog.get_logger("ours").info("asked", path=address.partition("?")[0])

    assert "sEcr-et_1" not in json.dumps(lines())
    assert "Not Found: /calendar/..." in lines()[0]["event"]


@pytest.mark.parametrize(
    "address", ["/search/?q=26-00412", "/search/suggestions/?q=26-00412", "/search/?page=2&q=26-00412"]
)
def test_what_somebody_has_searched_for_stands_in_no_line(lines, address):
    logging.getLogger("django.server").info('"GET %s HTTP/1.1" 200 0', address)

    assert "26-00412" not in json.dumps(lines())
    assert '?... HTTP/1.1" 200 0' in lines()[0]["event"]


def test_what_health_answers_while_something_is_unwell_fills_no_log(lines, client, db):
    assert client.get("/health/").status_code == 503
    assert client.get("/no-such-page/").status_code == 404

    assert [line["event"] for line in lines()] == ["Not Found: /no-such-page/"]


def test_what_django_says_is_written_once_and_mailed_to_nobody():
    django = logging.getLogger("django")

    assert (django.handlers, django.propagate) == ([], True)
    assert [type(handler) for handler in logging.getLogger("django.request").handlers] == []


def test_a_task_that_fails_is_its_type_and_places_and_never_its_text(lines):
    @current_app.task(shared=False, name="tests.breaks", ignore_result=True)
    def breaks():
        raise ValueError(WHO)

    breaks.apply()

    [line] = [line for line in lines() if line["logger"] == "celery.app.trace"]
    assert line["event"].startswith("Task tests.breaks[")
    assert line["event"].endswith("raised unexpected: ValueError")
    assert line["exception"][0]["at"][-1].endswith("in breaks")
    assert "Hansen" not in json.dumps(line)


def test_what_is_wrong_with_the_settings_is_said():
    told = logs.places_only(None, "error", {"exc_info": ImproperlyConfigured("Run manage.py migrate.")})

    assert told["exception"][0]["says"] == "Run manage.py migrate."


def test_a_warning_of_a_library_is_a_line_as_well(lines, monkeypatch):
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(logging, "_warnings_showwarning", None)
    logging.captureWarnings(True)

    warnings.showwarning("This will go away.", DeprecationWarning, "some_library.py", 7)

    [line] = lines()
    assert line["logger"] == "py.warnings"
    assert "This will go away." in line["event"]


def test_a_page_that_breaks_leaves_one_line_with_the_number_that_the_reader_sees(lines, settings, client_for, owner):
    settings.ROOT_URLCONF = __name__
    client = client_for(owner)
    client.raise_request_exception = False

    answer = client.get("/break/?name=Hansen")

    [line] = lines()
    assert (line["event"], line["level"]) == ("Internal Server Error: /break/", "error")
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["exception"][0]["type"] == "builtins.ValueError"
    assert not [word for word in ("Hansen", "010203", "owner") if word in json.dumps(line)]


def test_who_logs_in_or_fails_to_and_what_is_searched_for_stands_in_no_line(lines, owner):
    client = Client()
    log_in = reverse("account_login")

    for password in ("a wrong guess", "also wrong"):
        client.post(log_in, {"login": owner.username, "password": password})
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for where in ("search", "suggestions"):
        assert client.get(reverse(f"desk:{where}"), {"q": "Hansen"}).status_code == 200

    said = json.dumps(lines())
    assert not [word for word in ("wrong", "Hansen", owner.username, owner.email) if word in said]


def test_a_mail_that_fails_is_told_by_its_key(lines, db, settings):
    office = PostOffice()
    office.refusal = "550 no such person: hansen@employer.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 2
    message = MessageFactory(to="hansen@employer.example", subject="To Jens Hansen")

    outbox.sweep(message.created_at)
    office.close()

    message.refresh_from_db()
    assert message.state == Message.State.FAILED
    assert [line["event"] for line in lines()] == ["outbox_swept"]
    assert "ansen" not in json.dumps(lines())


def test_gunicorn_writes_lines_like_the_rest_and_says_what_keeps_it_from_starting(tmp_path):
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "SENTRY_DSN": "", "REDIS_URL": ""}
    command = [sys.executable, "-m", "gunicorn", "jobcenter_crm.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"]

    started = subprocess.run(
        [*command, "--log-level", "warning"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )

    # Nobody is there yet who could write the last words as a line.
    *told, sentence = started.stderr.splitlines()
    assert all(json.loads(line)["event"] for line in told)
    assert sentence.endswith("Run manage.py migrate, and start again.")
    assert started.returncode == 1
