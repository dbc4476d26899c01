"""Taking a list out as Excel, and reading what came."""

import io

import python_calamine
from django.urls import reverse


def ask(client, query="", rows=None, **of):
    """The page that says what comes along; `list` names another list than the register."""
    chosen = {"all": "1"} if rows is None else {"row": [row.pk for row in rows]}
    return client.post(reverse("companies:bulk"), {"act": "export", "query": query} | chosen | of).url


def download(client, query="", rows=None, *, of=None, **answer):
    return client.post(ask(client, query, rows, **({"list": of} if of else {})), answer)


def sheets(content):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(answer):
    """The rows, each as heading -> value."""
    heading, *rows = next(iter(sheets(b"".join(answer.streaming_content)).values()))
    return [dict(zip(heading, row, strict=True)) for row in rows]
