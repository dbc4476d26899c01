"""Error pages in the house style: what happened, and what to do now."""

import sys

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from jobcenter_crm.frame.reach import is_out_of_reach

# Seconds after which a program may ask again.
RETRY_AFTER = "30"


def bad_request(request, exception):
    """The request makes no sense to us; nothing of it is trusted, so the page knows neither person nor organisation."""
    return _bare("400.html", request, status=400)


@requires_csrf_token
def forbidden(request, exception):
    """Logged in, and not allowed here."""
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    """The page was too old, or cookies are off: say so, and how to go on without losing what was typed."""
    page = render(request, "403_csrf.html", status=403)
    if request.htmx:
        # The sheet keeps its draft and loads the page under it anew, which brings a fresh token, or the log-in.
        page["HX-Redirect"] = request.htmx.current_url_abs_path or "/"
    return page


@requires_csrf_token
def not_found(request, exception):
    return render(request, "404.html", status=404)


@requires_csrf_token
def broken(request):
    """Our own mistake, or a database that can't be asked just now, for which waiting helps.

    The page asks nothing of database, session or context processors: they may be what broke.
    """
    # Django calls this while it handles the error, and hands it over in no other way.
    if is_out_of_reach(sys.exception()):
        page = _bare("503.html", request, status=503)
        page["Retry-After"] = RETRY_AFTER
        return page
    return _bare("500.html", request, status=500)


def _bare(template, request, status):
    page = loader.render_to_string(template, {"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=status)
