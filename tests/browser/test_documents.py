"""The pages of templates: read by everybody's eyes and ears, and a wrong template is told where one looks for it."""

from tests.backstage.documents.test_text import word_with
from tests.backstage.letters import LETTER
from tests.browser.conftest import each_look
from tests.conftest import member


@each_look
def test_the_pages_of_templates_have_nothing_to_complain_about(visitor, tmp_path, width, theme, language):
    wrong = tmp_path / "wrong.docx"
    wrong.write_bytes(word_with(lambda document: document.add_paragraph("Til {{ letter.two }} " + "og " * 90)))
    looker = visitor(width=width, theme=theme, language=language)
    page = looker.log_in(member("Data steward", "lone", first_name="Lone", last_name="Krogh"))
    complaints = []
    for where in ("/documents/", f"/documents/{LETTER.name}/da/"):
        looker.open(where)
        complaints += [*looker.axe(), *looker.heard]
        assert looker.overflow() <= 0

    page.set_input_files("input[type=file]", wrong)
    page.locator("main form .btn-primary").click()
    page.wait_for_selector(".problem-list")

    # The answer to a form that was not taken has the status 422, which the browser mentions.
    complaints += [*looker.axe(), *[said for said in looker.heard if "422" not in said]]
    assert complaints == []
    assert looker.overflow() <= 0
    assert "letter.two" in page.locator(".problem-list").inner_text()
