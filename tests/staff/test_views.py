"""Log-in, log-out, password, and what a person may change about themselves."""

import re
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from zeal import zeal_ignore

from jobcenter_crm.staff.models import Organisation, User
from tests.factories import PASSWORD, TeamFactory, UserFactory

LOG_IN, LOG_OUT, CHANGE = reverse("account_login"), reverse("account_logout"), reverse("account_change_password")
PROFILE = reverse("staff:profile")


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet(settings):
    """The limits count from nought; and a guess costs nothing, which is as it should not be outside tests."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]
    cache.clear()


@pytest.fixture
def anybody(client):
    """A browser in which nobody is logged in, with English on screen."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def log_in(anybody, login, password=PASSWORD, **more):
    return anybody.post(LOG_IN, {"login": login, "password": password, **more})


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("login", ["owner", "owner@municipality.example", "Owner@Municipality.Example"])
def test_one_logs_in_with_user_name_or_mail(anybody, owner, login):
    answer = log_in(anybody, login)

    assert answer.status_code == 302
    assert answer.url == "/"
    assert anybody.session["_auth_user_id"] == str(owner.pk)


def test_after_the_log_in_one_comes_to_the_page_one_asked_for(anybody, owner):
    asked = anybody.get("/companies/?tier=1&page=2")
    page = anybody.get(asked.url).text

    answer = log_in(anybody, "owner", next="/companies/?tier=1&page=2")

    assert 'name="next" value="/companies/?tier=1&amp;page=2"' in page
    assert answer.url == "/companies/?tier=1&page=2"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_by_the_log_in(anybody, owner, elsewhere):
    assert log_in(anybody, "owner", next=elsewhere).url == "/"


@pytest.mark.parametrize("login", ["owner", "nobody-of-that-name", "owner@municipality.example"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(anybody, owner, login):
    page = log_in(anybody, login, "a wrong guess").text

    assert "User name or password is wrong. Try again." in page
    assert "a wrong guess" not in page


def test_a_closed_account_does_not_get_in(anybody, owner):
    owner.is_active = False
    owner.save()

    answer = log_in(anybody, "owner")

    assert answer.url == LOG_IN
    assert said(answer) == ["This account is closed. Ask your data steward."]
    assert "_auth_user_id" not in anybody.session


def test_guessing_one_persons_password_is_stopped_even_when_the_next_guess_is_right(anybody, owner):
    for _ in range(5):
        log_in(anybody, "owner", "a wrong guess")

    page = log_in(anybody, "owner").text

    assert "Too many wrong attempts. Wait five minutes, and try again." in page
    assert "_auth_user_id" not in anybody.session


def test_trying_many_names_from_one_place_meets_a_page_of_its_own(anybody, db):
    answers = [log_in(anybody, f"name{n}", "a wrong guess") for n in range(31)]

    assert answers[-1].status_code == 429
    assert "<h1>Too many attempts</h1>" in answers[-1].text


@pytest.mark.parametrize("login", ["", "\0", "ø" * 5000, "' OR 1=1 --", "a@b\r\nc"])
def test_nonsense_in_the_log_in_is_an_error_and_not_a_breakdown(anybody, db, login):
    assert log_in(anybody, login).status_code == 200


def test_who_is_logged_in_already_is_sent_on(client_for, owner):
    assert client_for(owner).get(LOG_IN).url == "/"


def test_the_log_in_page_names_the_place_and_offers_no_account(anybody, db):
    page = anybody.get(LOG_IN).text

    assert "<h1>Log in</h1>" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "signup" not in page


@pytest.mark.parametrize(
    ("browser_language", "words"), [("da-DK,da;q=0.9,en;q=0.8", "Log ind"), ("en-GB", "Log in"), ("fr", "Log ind")]
)
def test_the_log_in_page_follows_the_browser(client, db, browser_language, words):
    assert f"<h1>{words}</h1>" in client.get(LOG_IN, headers={"accept-language": browser_language}).text


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_accounts_are_the_stewards_so_the_librarys_other_pages_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_admin_has_no_log_in_of_its_own_to_guess_at(anybody, owner):
    answer = anybody.post("/admin/login/", {"username": "owner", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer.url.startswith(LOG_IN)
    assert "_auth_user_id" not in anybody.session


def test_logging_out_is_a_deed_and_not_a_link(client_for, owner):
    client = client_for(owner)

    page = client.get(LOG_OUT)
    assert "_auth_user_id" in client.session
    answer = client.post(LOG_OUT)

    assert f'action="{LOG_OUT}"' in page.text
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_after_the_log_out_the_log_in_page_says_so(client_for, owner):
    page = client_for(owner).post(LOG_OUT, follow=True).text

    assert "You are logged out." in page


NEW = "another long and dull password"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": again})


def test_a_new_password_takes_the_place_of_the_old_and_one_stays_logged_in(client_for, owner):
    client = client_for(owner)

    answer = change(client)

    owner.refresh_from_db()
    assert answer.url == PROFILE
    assert said(answer) == ["Your password is changed."]
    assert owner.check_password(NEW)
    assert client.get(PROFILE).status_code == 200


def test_a_new_password_ends_the_sessions_on_other_devices(client_for, owner):
    here, there = client_for(owner), client_for(owner)

    change(here)

    # Django reads a session once more before it deletes it.
    with zeal_ignore():
        assert there.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "a wrong guess"}, "That is not your current password."),
        ({"again": "something else entirely"}, "The two new passwords are not alike. Type the same one twice."),
        ({"new": "short", "again": "short"}, "at least 12"),
        ({"new": "123456789012", "again": "123456789012"}, "numeric"),
        ({"new": "", "again": ""}, "Fill this in."),
    ],
)
def test_a_password_that_will_not_do_says_why(client_for, owner, typed, words):
    page = change(client_for(owner), **typed).text

    owner.refresh_from_db()
    assert words in page
    assert owner.check_password(PASSWORD)


def test_who_logs_in_without_a_password_has_none_to_change(client_for, owner):
    owner.set_unusable_password()
    owner.save()

    answer = client_for(owner).get(CHANGE)

    assert answer.url == PROFILE
    assert said(answer) == ["You log in without a password here, so there is none to change."]
    assert CHANGE not in client_for(owner).get(PROFILE).text


@pytest.fixture
def facts():
    """A profile as it may be sent."""
    return {
        "first_name": "Olga", "last_name": "Owner", "title": "Consultant", "phone": "10 60 11 22",
        "language": "", "theme": "", "digest_wanted": "on", "digest_at": "06:45", "absent_until": "", "deputy": "",
        "invitations": "all",
    }  # fmt: skip


def test_a_person_changes_what_is_their_own(today, client_for, owner, colleague, facts):
    facts |= {"title": "Adviser", "absent_until": "2026-12-01", "deputy": colleague.pk}

    answer = client_for(owner).post(PROFILE, facts)

    owner.refresh_from_db()
    assert answer.url == PROFILE
    assert said(answer) == ["Your profile is saved."]
    assert (owner.title, owner.phone, owner.digest_at.hour) == ("Adviser", "10 60 11 22", 6)
    assert (owner.absent_until, owner.deputy) == (date(2026, 12, 1), colleague)
    assert owner.history.latest().history_user == owner


def test_the_morning_overview_comes_unless_one_says_no_and_on_days_off_when_one_says_so(client_for, owner, facts):
    del facts["digest_wanted"]
    before = (owner.digest_wanted, owner.digest_on_days_off)

    client_for(owner).post(PROFILE, facts | {"digest_on_days_off": "on"})

    owner.refresh_from_db()
    assert before == (True, False)
    assert (owner.digest_wanted, owner.digest_on_days_off) == (False, True)


def test_what_the_steward_keeps_is_shown_and_can_not_be_sent(client_for, owner, facts):
    other = TeamFactory(name="Team South")
    before = owner.email

    page = client_for(owner).get(PROFILE).text
    client_for(owner).post(
        PROFILE, facts | {"team": other.pk, "email": "x@y.example", "is_staff": "on", "username": "root"}
    )

    owner.refresh_from_db()
    assert "Team North" in page
    assert "Employer consultant" in page
    assert (owner.team.name, owner.email, owner.is_staff, owner.username) == ("Team North", before, False, "owner")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "call me", "A telephone number has figures only"),
        ("first_name", "", "Fill this in."),
        ("absent_until", "2026-11-23", "That day has passed."),
        ("absent_until", "soon", "Enter a valid date."),
        ("digest_at", "25:00", "Enter a valid time."),
        ("deputy", "999999", "Select a valid choice."),
        ("language", "xx", "Select a valid choice."),
        ("theme", "pink", "Select a valid choice."),
        ("title", "x" * 101, "at most 100 characters"),
        ("first_name", "a\0b", "Null characters are not allowed."),
    ],
)
def test_a_profile_that_will_not_do_says_why_and_keeps_what_was_typed(
    client_for, owner, facts, today, field, value, words
):
    answer = client_for(owner).post(PROFILE, facts | {"last_name": "Typed-anew", field: value})

    owner.refresh_from_db()
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Typed-anew"' in answer.text
    assert owner.last_name == "Owner"
    assert '<span class="person-name">Olga Owner</span>' in answer.text


def test_an_absence_that_has_ended_does_not_stop_other_changes(client_for, owner, facts, today):
    User.objects.filter(pk=owner.pk).update(absent_until=date(2026, 11, 1))

    answer = client_for(owner).post(PROFILE, facts | {"absent_until": "2026-11-01", "title": "Adviser"})

    assert answer.status_code == 302


def test_nobody_is_their_own_deputy_and_nobody_who_left_is_one(client_for, owner):
    left = UserFactory(is_active=False, first_name="Gone")

    page = client_for(owner).get(PROFILE).text

    assert f'<option value="{owner.pk}"' not in page
    assert f'<option value="{left.pk}"' not in page


def test_the_chosen_language_wins_over_the_browsers(client_for, owner, facts):
    client = client_for(owner)

    answer = client.post(PROFILE, facts | {"language": "da"})
    page = client.get(PROFILE).text

    assert said(answer) == ["Din profil er gemt."]
    assert '<html lang="da"' in page
    assert "<h1>Profil</h1>" in page


def test_without_a_choice_language_and_colours_follow_browser_and_device(client_for, owner):
    page = client_for(owner).get(PROFILE).text

    assert '<html lang="en">' in page
    assert "data-bs-theme" not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_colours_are_there_before_any_script(client_for, owner, facts, theme):
    client = client_for(owner)

    client.post(PROFILE, facts | {"theme": theme})

    assert f'<html lang="en" data-bs-theme="{theme}">' in client.get(PROFILE).text


@pytest.mark.parametrize("colleagues", [1, 40])
def test_the_profile_asks_the_same_questions_however_many_colleagues(
    client_for, owner, colleagues, django_assert_num_queries
):
    UserFactory.create_batch(colleagues)
    client = client_for(owner)

    # The frame's five, the person, their roles twice (names, and whether any), the possible deputies.
    with django_assert_num_queries(8):
        client.get(PROFILE)


def test_a_person_says_which_invitations_come_by_mail(today, client_for, owner, facts):
    client_for(owner).post(PROFILE, facts | {"invitations": "others"})

    owner.refresh_from_db()
    assert owner.invitations == User.Invitations.OTHERS


def shown(answer):
    return re.search(r'value="(https?://[^"]+/calendar/([^"/]+)\.ics)"', answer.text)


def test_the_secret_address_is_shown_once_and_only_its_hash_is_kept(client_for, owner):
    client = client_for(owner)

    answer = client.post(reverse("staff:open_feed"))

    address, token = shown(answer).groups()
    owner.refresh_from_db()
    assert "no-store" in answer["Cache-Control"]
    assert token not in client.get(PROFILE).text
    assert owner.feed_hash not in ("", None, token)
    assert list(User.objects.with_feed(token)) == [owner]
    assert f"webcal://{address.partition('://')[2]}" in answer.text
    assert not any(token in str(row) for row in owner.history.values())


def test_a_new_address_shuts_the_old_one_and_removing_it_shuts_it_too(client_for, owner):
    client = client_for(owner)
    first, second = (shown(client.post(reverse("staff:open_feed")))[2] for _one in range(2))

    assert not User.objects.with_feed(first).exists()
    assert User.objects.with_feed(second).exists()
    client.post(reverse("staff:close_feed"))
    assert not User.objects.with_feed(second).exists()


def test_where_addresses_are_switched_off_none_is_made_and_the_profile_says_so(client_for, owner):
    Organisation.objects.create(name="Lindevig", calendar_feeds=False)
    client = client_for(owner)

    answer = client.post(reverse("staff:open_feed"))

    owner.refresh_from_db()
    assert (answer.status_code, owner.feed_hash) == (302, None)
    page = client.get(PROFILE).text
    assert "switched calendar addresses off" in page
    assert reverse("staff:open_feed") not in page
