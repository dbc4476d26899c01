"""Log-in required everywhere unless a view says otherwise, and the language a person has chosen."""

from urllib.parse import urlencode, urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.utils import translation


class LoginRequired(LoginRequiredMiddleware):
    """Django's own, but a fragment is answered with 401 and `HX-Redirect`.

    A log-in page swapped into a fragment would replace what somebody had typed; the page's script
    keeps the draft before it follows the header.
    """

    def handle_no_permission(self, request, view_func):
        response = super().handle_no_permission(request, view_func)
        if not request.htmx:
            return response
        login = urlsplit(response.url).path
        query = urlencode({REDIRECT_FIELD_NAME: request.htmx.current_url_abs_path or "/"})
        return HttpResponse(status=401, headers={"HX-Redirect": f"{login}?{query}"})


class ChosenLanguage:
    """The language on a person's profile wins over the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.user.language if request.user.is_authenticated else ""
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)
