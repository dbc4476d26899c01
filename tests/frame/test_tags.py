"""How dates, numbers, links and forms are written on a page."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from jobcenter_crm.frame.templatetags import frame


def rendered(source, language="en", **context):
    with translation.override(language):
        return Template(source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("day", "english", "danish"),
    [
        (date(2026, 11, 24), "today", "i dag"),
        (date(2026, 11, 25), "tomorrow", "i morgen"),
        (date(2026, 11, 23), "yesterday", "i går"),
        (date(2026, 11, 18), "6 days ago", "for 6 dage siden"),
        (date(2026, 11, 16), "16 Nov.", "16. nov."),
        (date(2026, 12, 2), "2 Dec.", "2. dec."),
        (date(2025, 6, 29), "29 June 2025", "29. juni 2025"),
    ],
)
def test_a_day_near_today_is_said_in_words(today, day, english, danish):
    assert f">{english}</time>" in rendered("{% day day %}", day=day)
    assert f">{danish}</time>" in rendered("{% day day %}", "da", day=day)


def test_a_day_in_words_has_the_whole_date_behind_it(today):
    html = rendered("{% day day %}", "da", day=date(2026, 11, 23))

    assert 'datetime="2026-11-23"' in html
    assert 'title="mandag 23. november 2026"' in html


@pytest.mark.parametrize(("words", "shown"), [("all", "6 days ago"), ("near", "18 Nov."), ("none", "18 Nov.")])
def test_a_day_is_said_in_as_many_words_as_asked_for(today, words, shown):
    assert f">{shown}<" in rendered(f'{{% day day words="{words}" %}}', day=date(2026, 11, 18))


@pytest.mark.parametrize(("at", "danish"), [(time(9, 30), "9.30"), (time(14, 5), "14.05"), (time(0, 15), "0.15")])
def test_a_time_of_day_is_written_as_danes_write_it(at, danish):
    assert rendered("{% clock at %}", "da", at=at).endswith(danish)


@pytest.mark.parametrize(("hour", "words"), [(7, "Good morning"), (12, "Hello"), (19, "Good evening")])
def test_the_greeting_follows_the_hour(hour, words):
    assert rendered('{% greeting now "Mette" %}', now=datetime(2026, 11, 24, hour)) == f"{words}, Mette"


@pytest.mark.parametrize(
    ("due", "words"),
    [(date(2026, 11, 23), "1 day over"), (date(2026, 11, 19), "5 days over"), (date(2026, 6, 24), "5 months over")],
)
def test_how_late_something_is_is_said_in_the_unit_people_use(due, words):
    assert rendered("{% late_by due today %}", due=due, today=date(2026, 11, 24)) == words


@pytest.mark.parametrize(
    ("written", "shown", "link"),
    [
        ("25380569", "25 38 05 69", "tel:25380569"),
        ("+45 25 38 05 69", "25 38 05 69", "tel:+4525380569"),
        ("004525380569", "25 38 05 69", "tel:004525380569"),
        ("+46 8 123 456", "+46 8 123 456", "tel:+468123456"),
        ("internal 12", "internal 12", "tel:12"),
    ],
)
def test_a_telephone_number_is_read_in_pairs_and_pressed(written, shown, link):
    assert rendered("{% telephone number %}", number=written) == f'<a class="tel" href="{link}">{shown}</a>'


def test_a_number_with_markup_in_it_stays_a_text():
    assert "<b>" not in rendered("{% telephone number %}", number="<b>12345678")


def test_a_long_count_stops_at_what_was_counted():
    assert rendered("{% counted n %}", "da", n=1000) == "1.000"
    assert rendered("{% counted n %}", "en", n=1_001) == "over 1,000"


@pytest.mark.parametrize(("text", "inside"), [("Visit", "visit"), ("CVR number", "CVR number"), ("", "")])
def test_a_word_inside_a_sentence_begins_small_but_an_abbreviation_does_not(text, inside):
    assert frame.lowerfirst(text) == inside


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in rendered('{% icon "telephone" %}')
    named = rendered('{% icon "x-lg" label %}', label="Close <it>")
    assert 'role="img" aria-label="Close &lt;it&gt;"' in named
    with pytest.raises(FileNotFoundError):
        rendered('{% icon "no-such-icon" %}')


class AskedForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    how = forms.ChoiceField(label="How?", choices=[("visit", "Visit"), ("call", "Call")], widget=forms.RadioSelect)
    where = forms.ChoiceField(label="Where", choices=[("a", "A")], required=False)
    sure = forms.BooleanField(label="Sure", required=False)


def test_a_field_is_joined_to_its_label_and_its_help():
    html = rendered("{% field form.name %}", form=AskedForm())

    assert '<label for="id_name">Name</label>' in html
    assert 'class="form-control"' in html
    assert 'aria-describedby="id_name-help"' in html
    assert 'id="id_name-help">As on the door.</p>' in html
    assert "aria-invalid" not in html


def test_a_field_with_an_error_says_so_where_it_is():
    html = rendered("{% field form.name %}", form=AskedForm({}))

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert 'class="error" id="id_name-error"' in html


def test_choices_are_radios_in_a_group_that_may_be_drawn_as_buttons():
    html = rendered("{% field form.how as_buttons=True icons=icons %}", form=AskedForm(), icons={"visit": "geo-alt"})

    assert "<fieldset" in html
    assert "<legend>How?</legend>" in html
    assert html.count('type="radio"') == 2
    assert 'class="choices"' in html
    assert html.count("<svg") == 1


def test_the_summary_of_errors_leads_to_each_control():
    html = rendered("{% form_errors form %}", form=AskedForm({}))

    assert 'role="alert"' in html
    assert '<a href="#id_name">Name: Fill this in.</a>' in html
    # A question needs no colon, and of a group some radios may be hidden: the link leads to all of it.
    assert '<a href="#id_how-field">How? Choose one.</a>' in html


def test_a_form_without_errors_has_no_summary():
    assert rendered("{% form_errors form %}", form=AskedForm()) == ""


def test_a_chip_takes_only_its_own_part_out_of_the_url(rf):
    request = rf.get("/companies/?tier=1&tier=2&owner=me&page=3&filter=1")

    assert frame.without({"request": request}, "owner") == "?tier=1&tier=2"
    assert frame.without({"request": request}, "tier", "1") == "?tier=2&owner=me"


def test_a_column_head_sorts_and_turns_round(rf):
    unsorted = rendered('{% sort_link "last" "Last" %}', request=rf.get("/companies/?page=2"))
    sorted_by_it = rendered('{% sort_link "last" "Last" %}', request=rf.get("/companies/?sort=last"))

    assert "aria-sort" not in unsorted
    assert 'href="?sort=last"' in unsorted
    assert 'aria-sort="ascending"' in sorted_by_it
    assert 'href="?sort=-last"' in sorted_by_it
