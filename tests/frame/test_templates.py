"""What every template must keep: nothing inline, one way in for scripts and styles, no dead templates."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

TEMPLATES = settings.BASE_DIR / "templates"
ALL = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))
CODE = [settings.BASE_DIR / app for app in ("jobcenter_crm", "companies", "contacts", "partnerships", "placements")]
# Named by Django and by the log-in library themselves.
NAMED_ELSEWHERE = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
OVERRIDES = {"account", "admin"}

INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style in the page": re.compile(r"<style|\sstyle\s*=", re.I),
    "a handler in an attribute": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "a script for a link": re.compile(r"javascript:", re.I),
    "htmx that needs eval": re.compile(r"hx-(vals|headers)\s*=\s*['\"]\s*js:|hx-trigger=\"[^\"]*\[", re.I),
    "another host": re.compile(r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//", re.I),
}


@pytest.mark.parametrize("template", ALL, ids=str)
def test_a_template_has_nothing_that_a_strict_policy_would_stop(template):
    text = (TEMPLATES / template).read_text()

    found = [what for what, pattern in INLINE.items() if pattern.search(text)]

    # A mail comes without stylesheets, and no policy of ours goes with it.
    assert found == (["a style in the page"] if template.parent.name == "mail" else [])


@pytest.mark.parametrize("template", ALL, ids=str)
def test_a_key_is_never_written_as_a_figure(template):
    """ "1.943" is no number of a row; figures are grouped by thousands wherever nothing says otherwise."""
    text = (TEMPLATES / template).read_text()

    assert (
        re.findall(r"\{\{ (?:\w+\.)+(?:pk|id|[a-z]+(?<!auto)_id)(?! ?\|[^}]*(?:unlocalize|stringformat)) ?[|}]", text)
        == []
    )


@pytest.mark.parametrize("template", ALL, ids=str)
def test_a_template_can_be_read(template):
    get_template(str(template))


def test_no_template_is_left_that_nobody_uses():
    text = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    text += "".join(path.read_text() for app in CODE for path in app.rglob("*.py"))
    ours = [path for path in ALL if path.name not in NAMED_ELSEWHERE and path.parts[0] not in OVERRIDES]

    # A mail is named without its ending: it comes as text as well.
    names = [str(path.with_suffix("") if path.parent.name == "mail" else path) for path in ours]

    assert [name for name in names if name not in text] == []


def test_the_policy_lets_nothing_in_from_elsewhere(client_for, owner):
    policy = client_for(owner).get(reverse("staff:profile"))["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_every_page_says_its_language_and_whose_it_is(client_for, owner):
    page = client_for(owner).get(reverse("staff:profile")).text

    assert '<html lang="en">' in page
    assert re.search(r"<title>Profile · .+</title>", page)
    assert page.count("<h1") == 1


def test_the_frame_asks_the_database_for_no_more_than_the_person_and_the_place(
    client_for, owner, django_assert_num_queries
):
    client = client_for(owner)

    # Session, person, their own permissions, those of their roles, the organisation.
    with django_assert_num_queries(5):
        client.get("/no/such/page/")


def test_the_words_that_scripts_show_come_from_the_page():
    base = (TEMPLATES / "base.html").read_text()
    scripts = "".join(path.read_text() for path in (settings.BASE_DIR / "static" / "js").glob("*.js"))

    wanted = set(re.findall(r"\bbody\.(\w+)", scripts)) - {"dataset"}
    given = {re.sub(r"-(\w)", lambda part: part[1].upper(), name) for name in re.findall(r"data-([a-z-]+)=", base)}

    assert wanted <= given
