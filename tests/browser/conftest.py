"""A real browser on a real server: Debian's Chromium, at both widths, with what it complained about."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from tests.conftest import logged_in, member
from tests.factories import PASSWORD

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# The browser's driver runs an event loop in this thread; Django's guard against that is not meant for it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

AXE = Axe()
# Two browsers and their servers share a machine that may have other work as well.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

# Each width, theme and language once: a colour does not depend on the width, nor where a line breaks on the theme. The
# pages of everybody's day are looked at in all four ways.
each_look = pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "dark", "en"), ("phone", "light", "da")]
)

WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason=f"there is no Chromium at {CHROMIUM}"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


class Visitor:
    """Somebody at a browser: logs in, presses and types; complaints of the browser are kept."""

    def __init__(self, browser, base, *, width="desktop", language="en", theme="light", script=True):
        self.base, self.heard = base, []
        self.context = browser.new_context(
            viewport=WIDTHS[width],
            locale=language,
            color_scheme=theme,
            java_script_enabled=script,
            has_touch=width == "phone",
            # A page that scrolls smoothly still moves when a press lands.
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.page.on(
            "console", lambda said: self.heard.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("request", lambda request: self._note_foreign(request.url))
        self.page.set_default_timeout(PATIENCE)

    def _note_foreign(self, url):
        if url.startswith("http") and not url.startswith(self.base):
            self.heard.append(f"another host: {url}")

    def open(self, path):
        self.page.goto(self.base + path)
        return self.page

    def log_in(self, user):
        """Come in with a session that has begun elsewhere: the page of the log-in is not what most tests are about."""
        session = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.base}])
        return self.open("/")

    def log_in_by_form(self, user):
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: "login" not in url)
        return self.page

    def overflow(self):
        """By how many pixels the page is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def axe(self):
        """What axe finds, as "rule: where"."""
        found = AXE.run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found]


@pytest.fixture
def visitor(browser, live_server):
    """Makes visitors; closes their browsers afterwards."""
    visitors = []

    def make(**how):
        visitors.append(Visitor(browser, live_server.url, **how))
        return visitors[-1]

    yield make
    for one in visitors:
        one.context.close()


@pytest.fixture
def mette(transactional_db):
    """An employer consultant at her own browser."""
    return member("Employer consultant", "mette", first_name="Mette", last_name="Holm")
