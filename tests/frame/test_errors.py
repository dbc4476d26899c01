"""The pages nobody wants to see: in the house style, in the reader's language, and standing without the database."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path, reverse

from jobcenter_crm import urls


def _break(request):
    raise RuntimeError("secret detail")


def _forbid(request):
    raise PermissionDenied("secret detail")


def _suspect(request):
    raise SuspiciousOperation("secret detail")


def _wait(request):
    raise OperationalError("secret detail")


urlpatterns = [
    path("break/", _break),
    path("forbid/", _forbid),
    path("suspect/", _suspect),
    path("wait/", _wait),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

ERRORS = [
    ("/suspect/", 400, "We can't read what the browser sent", "Vi kan ikke læse det, browseren sendte"),
    ("/forbid/", 403, "Your role does not open this page", "Din rolle giver ikke adgang til siden"),
    ("/no/such/page/", 404, "There is nothing here", "Her er ingenting"),
    ("/break/", 500, "Something broke on our side", "Noget gik i stykker hos os"),
    ("/wait/", 503, "The system can't answer just now", "Systemet kan ikke svare lige nu"),
]


@pytest.fixture(autouse=True)
def broken_pages(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def reader(client_for, owner):
    """The owner's browser, which gets error pages and not the exceptions of tests."""

    def make(language):
        client = client_for(owner)
        client.raise_request_exception = False
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return make


@pytest.mark.parametrize(("where", "status", "english", "danish"), ERRORS)
def test_each_error_speaks_the_readers_language(reader, where, status, english, danish):
    in_english, in_danish = reader("en").get(where), reader("da").get(where)

    assert (in_english.status_code, in_danish.status_code) == (status, status)
    assert f"<h1>{english}</h1>" in in_english.text
    assert '<html lang="en"' in in_english.text
    assert f"<h1>{danish}</h1>" in in_danish.text
    assert '<html lang="da"' in in_danish.text


@pytest.mark.parametrize(("where", "status", "english", "danish"), ERRORS)
def test_no_error_tells_what_went_wrong_inside(reader, where, status, english, danish):
    assert "secret detail" not in reader("en").get(where).text


def test_who_is_logged_in_keeps_the_rail_around_what_is_missing_or_forbidden(reader):
    for where in ("/no/such/page/", "/forbid/"):
        assert 'class="rail"' in reader("en").get(where).text


def test_who_is_not_logged_in_learns_nothing_from_a_page_that_is_missing(db):
    answer = Client(headers={"accept-language": "en"}).get("/no/such/page/")

    assert answer.status_code == 404
    assert 'class="rail"' not in answer.text


def test_a_broken_page_stands_without_the_database_and_names_the_request():
    # No database in this test: whoever asks it gets an exception, and the session asks first.
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.cookies["sessionid"] = "x" * 32

    answer = client.get(reverse("staff:profile"))

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert answer["X-Request-ID"] in answer.text


def test_a_program_is_told_when_to_ask_again(reader):
    assert reader("en").get("/wait/")["Retry-After"] == "30"


def test_a_form_from_an_old_page_says_how_to_go_on(owner):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(reverse("staff:profile"), {"first_name": "Olga"})

    assert answer.status_code == 403
    assert "It was not sent: the page is too old" in answer.text


def test_the_sheet_is_told_to_load_its_page_anew_when_its_form_was_too_old(db):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        reverse("contacts:log"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/companies/7/?show=changes"},
    )

    assert answer.status_code == 403
    assert answer["HX-Redirect"] == "/companies/7/?show=changes"


def test_an_ended_session_comes_back_to_the_very_page(db, client):
    answer = client.post(
        reverse("contacts:log"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/companies/?tier=1&page=2"},
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fcompanies%2F%3Ftier%3D1%26page%3D2"
