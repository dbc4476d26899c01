"""A kind of document for the tests: a letter with a list in it."""

from jobcenter_crm.backstage.documents import kinds
from jobcenter_crm.backstage.documents.draft import Draft
from jobcenter_crm.backstage.documents.fields import Field, Group, Rows


def built_in(language):
    draft = Draft(language=language, page_of=("Page ", " of "))
    draft.title("{{ letter.subject }}", "{{ today }}")
    draft.facts([("To", "{{ letter.to }}"), ("Remark", "{{ letter.remark }}", "letter.remark")])
    with draft.when("letter.points"):
        draft.heading("Points")
        draft.table(
            ["What", "How many"], ["{{ point.what }}", "{{ point.many }}"], each="point in letter.points", figures={1}
        )
        with draft.each("point in letter.points"):
            draft.bullet("{{ point.what }}")
    draft.signatures([("{{ organisation.name }}", ""), ("{{ letter.to }}", "")], "Date and signature")
    return draft.as_bytes()


LETTER = kinds.DocumentKind(
    "tests.letter",
    "Letter",
    (
        Group(
            "letter",
            "The letter",
            (
                Field("subject", "What it is about", "Two places"),
                Field("to", "Whom it is to", "Bødker & Væver ApS"),
                Field("remark", "A remark"),
                Rows("points", "Its points", "point", (Field("what", "What"), Field("many", "How many of it", "12"))),
            ),
        ),
    ),
    built_in,
    about="For the tests",
)
kinds.register(LETTER)
