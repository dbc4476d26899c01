"""The floor of every page: somebody who is logged in, the frame around it, and nothing else asked of the database."""

from bench import timing

FLOOR = "/bench/floor/"
STATEMENTS = "X-Statements"


class Statements:
    """Says in each answer how many statements it took."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timing.Statements() as statements:
            response = self.get_response(request)
        response[STATEMENTS] = str(statements.number)
        return response


def floor(request):
    from django.http import HttpResponse
    from django.template import engines

    template = engines["django"].from_string(
        '{% extends "base.html" %}{% block title %}Floor{% endblock %}{% block content %}<h1>Floor</h1>{% endblock %}'
    )
    return HttpResponse(template.render({}, request))
