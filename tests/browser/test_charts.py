"""Charts in a browser: drawn from their tables, in the colours of the moment, and no page is wider for them."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.urls("tests.chart_pages")

# How many dots of a canvas are painted, and the colours that most of them have.
PAINTED = """canvas => {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const dots = pen.getImageData(0, 0, copy.width, copy.height).data;
  const seen = {};
  for (let at = 0; at < dots.length; at += 4) {
    if (dots[at + 3] < 255) continue;
    const colour = "#" + [...dots.slice(at, at + 3)].map((part) => part.toString(16).padStart(2, "0")).join("");
    seen[colour] = (seen[colour] || 0) + 1;
  }
  return seen;
}"""
LIGHT_ACCENT, DARK_ACCENT = "#1d5aa8", "#82b4f2"


def painted(page, key):
    return page.locator(f"figure[aria-labelledby={key}-head] canvas").evaluate(PAINTED)


@pytest.mark.parametrize(("width", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_every_chart_is_drawn_and_nobody_complains(visitor, mette, width, theme):
    looker = visitor(width=width, theme=theme)
    page = looker.log_in(mette)

    looker.open("/charts/")
    canvases = page.locator("figure[data-chart] canvas")

    expect(canvases).to_have_count(8)
    assert [sum(canvas.evaluate(PAINTED).values()) > 500 for canvas in canvases.all()] == [True] * 8
    assert page.get_by_role("img", name="Contacts by month").is_visible()
    assert looker.axe() == []
    assert looker.overflow() <= 0
    assert looker.heard == []


def test_the_table_opens_beside_the_chart_and_is_no_wider_than_the_telephone(visitor, mette):
    looker = visitor(width="phone")
    page = looker.log_in(mette)
    looker.open("/charts/")
    table = page.locator("#trend-table table")
    expect(table).to_be_hidden()

    page.locator("#trend-table summary", has_text="Show as table").click()

    expect(table).to_be_visible()
    expect(page.locator("#trend-table summary")).to_contain_text("Hide the table")
    assert "November not over yet" in table.inner_text()
    assert looker.overflow() <= 0
    assert looker.axe() == []


def test_without_a_script_the_tables_stand_open(visitor, mette):
    looker = visitor(script=False, width="phone")
    page = looker.log_in(mette)

    looker.open("/charts/")

    assert page.locator("#trend-table table").is_visible()
    assert page.locator("#barriers-table").get_by_role("link", name="31").is_visible()


def test_a_chart_is_drawn_anew_when_the_theme_changes(visitor, mette):
    looker = visitor()
    page = looker.log_in(mette)
    looker.open("/charts/")
    light = painted(page, "branches")

    page.emulate_media(color_scheme="dark")
    page.locator("html[data-bs-theme=dark]").wait_for()
    dark = painted(page, "branches")

    assert light[LIGHT_ACCENT] > 2000
    assert dark[DARK_ACCENT] > 2000
    assert LIGHT_ACCENT not in dark


def test_paper_is_light_and_the_chart_as_wide_as_the_sheet(visitor, mette):
    looker = visitor(theme="dark", width="phone")
    page = looker.log_in(mette)
    looker.open("/charts/")
    narrow = page.locator("#trend-table").evaluate("details => details.closest('figure').querySelector('canvas').width")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    on_paper = painted(page, "branches")
    wide = page.locator("#trend-table").evaluate("details => details.closest('figure').querySelector('canvas').width")
    theme = page.locator("html").get_attribute("data-bs-theme")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    on_screen = painted(page, "branches")

    assert on_paper[LIGHT_ACCENT] > 2000
    assert wide == 2 * 680 > narrow
    assert theme == "dark"
    assert on_screen[DARK_ACCENT] > 1000
    assert LIGHT_ACCENT not in on_screen


def test_print_shows_the_drawing_and_leaves_the_buttons_out(visitor, mette):
    looker = visitor(theme="dark")
    page = looker.log_in(mette)
    looker.open("/charts/")

    page.emulate_media(media="print")

    expect(page.locator("#trend-table summary")).to_be_hidden()
    assert painted(page, "branches")[LIGHT_ACCENT] > 2000
    drawn = page.locator("figure[aria-labelledby=trend-head] .chart-drawn")
    wide = drawn.locator("canvas").bounding_box()["width"]
    assert wide == pytest.approx(drawn.bounding_box()["width"], abs=1)
    assert (
        page.locator(".heat-5").first.evaluate("cell => getComputedStyle(cell).backgroundColor") == "rgb(29, 79, 145)"
    )


def test_a_press_on_a_bar_opens_what_the_table_links_to(visitor, mette):
    looker = visitor()
    page = looker.log_in(mette)
    looker.open("/charts/")
    canvas = page.locator("figure[aria-labelledby=branches-head] canvas")

    canvas.click(position={"x": 200, "y": 20})

    page.wait_for_url("**/charts/part/?opened=")
    assert looker.heard == []


def test_a_part_that_is_fetched_is_drawn_too(visitor, mette):
    looker = visitor()
    page = looker.log_in(mette)
    looker.open("/charts/")

    page.get_by_role("button", name="More").click()
    page.locator("#more canvas").wait_for()

    assert painted(page, "part")[LIGHT_ACCENT] > 500
    expect(page.locator("#part-table table")).to_be_hidden()
    assert looker.heard == []


def test_a_chart_follows_the_width_of_the_window(visitor, mette):
    looker = visitor()
    page = looker.log_in(mette)
    looker.open("/charts/")

    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function("Number(document.querySelector('.chart-drawn').dataset.width) < 340")

    assert painted(page, "branches")[LIGHT_ACCENT] > 500
    assert looker.overflow() <= 0


def test_a_page_without_charts_does_not_load_the_library(visitor, mette):
    looker = visitor()
    page = looker.log_in(mette)

    looker.open("/")

    assert page.locator("script[src*='chart']").count() == 0
