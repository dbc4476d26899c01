"""What every request passes: a number of its own, and how a form in the sheet is told where to go."""

import uuid

import structlog
from django.http import HttpResponse


class RequestId:
    """Gives each request an id, in the log lines and in the answer's `X-Request-ID`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class FragmentRedirect:
    """Answers a fragment's request with `HX-Redirect` where a page would be redirected.

    The browser would follow a plain redirect unseen, and swap a whole page, with the line that says what
    was saved, into a fragment.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.htmx or response.status_code not in (301, 302, 303):
            return response
        answer = HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        answer.cookies = response.cookies
        return answer
