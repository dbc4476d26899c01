"""The dashboard as the tests read it: what an address asks for, the numbers of a page and the rows behind each."""

import html
import re
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from jobcenter_crm.desk.dashboard.asked import DashboardForm

TODAY = date(2026, 11, 24)


def asked(query, user):
    """What the dashboard at that address asks for."""
    form = DashboardForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid()
    return form.asked()


def numbers(page):
    """Each link of the page that shows a number, as `(address, number)`; a percentage is looked up beside the number."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>([\d.,]+)</a>', page.text)
    return [(html.unescape(url), int(re.sub(r"\D", "", n))) for url, n in found]


def rows_behind(client, url):
    """How many rows, or places where places are counted, the list at `url` has."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    if url.startswith(reverse("placements:slots")):
        places = answer.context["places"]
        if "free=some" in url:
            return places["had"]
        return places["today"] + places["later"] if "free=yes" in url or "owed=yes" in url else places["in_all"]
    return answer.context["page_obj"].paginator.count
