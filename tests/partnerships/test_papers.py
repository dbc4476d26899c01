"""The agreement and its reviews on paper: all that was agreed, in two languages, and earlier versions as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from companies.models import TargetGroup
from jobcenter_crm.backstage.documents import checking
from jobcenter_crm.staff.models import Organisation
from partnerships import drafting, goals, papers, versions, word_templates
from partnerships.models import (
    Agreement,
    AgreementContact,
    AgreementGoal,
    CentreMember,
    CompanyCentre,
    Filing,
    Mentor,
    Review,
    ServiceTerms,
)
from tests.factories import (
    AgreementFactory,
    CompanyFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ODD = "æøå ÆØÅ é <b>fed</b> & {{ 7 * 7 }} {% if x %} “citat” 100 %"
WORDED = {
    "title": "køkkenet",
    "purpose": "Hænder, som køkkenet kan lære op selv.",
    "we_give": "Én at ringe til\n- Forslag inden tre hverdage",
    "they_give": "Fire pladser\nMentor tre timer",
    "people": 4,
    "course": "Først et besøg, så to uger på prøve.",
    "measured_by": "Antal ordinære timer",
    "followed_up": "i uge 2, 6 og 12",
    "economy": "Højst 36.000 kr. om året",
    "afterwards": "Elevplads fra august",
}


@pytest.fixture(autouse=True)
def _today(db):
    Organisation(
        name="Jobcenter Lindevig", municipality_name="Lindevig Kommune", street="Rådhustorvet 4", postcode="4999",
        town="Lindevig", phone="24 60 00 00", email="erhverv@lindevig.example",
    ).save()  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        yield


def place():
    company = CompanyFactory(name="Bødker & Væver ApS")
    return WorkplaceFactory(
        company=company, name="Værkstedet", street="Ålekistevej 4", postcode="4999", town="Lindevig"
    )


def with_parts(agreement):
    """The agreement, with a goal and somebody to call on both sides."""
    AgreementGoal.objects.create(
        agreement=agreement, measure="contacts", target=12, baseline=3, note="på værkstedet",
        counted_from=date(2026, 3, 1), deadline=date(2027, 12, 31), created_by=agreement.owner,
    )  # fmt: skip
    anna = PersonFactory(
        workplace=agreement.workplace, name="Anna Riis", role="director", phone="24601805", email="anna@b.example"
    )
    AgreementContact.objects.create(
        agreement=agreement, side="theirs", person=anna, about="det daglige", answers_within="samme dag"
    )
    ali = UserFactory(first_name="Ali", last_name="Ødum", title="Jobkonsulent", phone="24601131")
    AgreementContact.objects.create(agreement=agreement, side="ours", colleague=ali, about="forløbene")
    return agreement


def draft(**facts):
    return with_parts(AgreementFactory(**({"workplace": place()} | WORDED | facts)))


def signed(**facts):
    return active_agreement(workplace=place(), ends_on=date(2028, 2, 28), **(WORDED | facts))


def read(made):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())


def in_word(made):
    document = docx.Document(BytesIO(made))
    return " ".join(
        "".join(part.text or "" for part in document.element.body.iter() if part.tag.endswith("}t")).split()
    )


def pdf_of(agreement, language="da"):
    return papers.pdf_of(papers.of_now(agreement, NOW), language)


def word_of(agreement, language="da"):
    return papers.word_of(papers.of_now(agreement, NOW), language)


SAID = [
    "Hænder, som køkkenet kan lære op selv.", "Én at ringe til", "Forslag inden tre hverdage", "Fire pladser",
    "Mentor tre timer", "Først et besøg, så to uger på prøve.", "Antal ordinære timer", "i uge 2, 6 og 12",
    "Højst 36.000 kr. om året", "Elevplads fra august", "Bødker & Væver ApS", "Ålekistevej 4, 4999 Lindevig",
    "Jobcenter Lindevig", "Lindevig Kommune", "Anna Riis", "24601805", "anna@b.example", "samme dag", "Ali Ødum",
    "Jobkonsulent", "24601131", "på værkstedet", "køkkenet",
]  # fmt: skip


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("made_by", [pdf_of, word_of])
def test_the_paper_says_all_that_was_agreed(language, made_by):
    agreement = draft()

    text = (read if made_by is pdf_of else in_word)(made_by(agreement, language))

    assert [said for said in SAID if said not in text] == []
    assert agreement.company.cvr_number in text
    assert text.count("12") >= 1


@pytest.mark.parametrize(("language", "day"), [("da", "31. december 2027"), ("en", "31 December 2027")])
def test_days_are_written_as_the_language_writes_them(language, day):
    agreement = draft()

    assert day in read(pdf_of(agreement, language))
    assert day in in_word(word_of(agreement, language))


def test_the_reader_s_language_does_not_matter_for_a_role_that_was_kept():
    agreement = drafting.change(agreement=with_parts(signed()), by=UserFactory(), people=5, note="Fem")
    version = agreement.versions.first()

    assert "Director" in read(papers.pdf_of(papers.of_version(version), "en"))
    assert "Direktør" in read(papers.pdf_of(papers.of_version(version), "da"))


@pytest.mark.parametrize(
    ("kind", "title", "binds"),
    [
        ("intent", "Letter of intent: køkkenet", "binds neither"),
        ("partnership", "Partnership agreement: køkkenet", "not legally binding"),
        ("service", "Service agreement: køkkenet", "not legally binding"),
        ("centre", "Company-centre contract: køkkenet", "binds both parties"),
    ],
)
def test_the_kind_is_its_title_and_says_how_far_it_binds(kind, title, binds):
    agreement = draft(kind=kind)

    for text in (read(pdf_of(agreement, "en")), in_word(word_of(agreement, "en"))):
        assert title in text
        assert binds in text


def test_a_draft_and_a_proposal_say_that_they_are_not_signed_and_have_lines_to_sign_on():
    agreement = draft()
    assert "Draft, printed 24 November 2026. Not signed" in read(pdf_of(agreement, "en"))

    agreement.state = Agreement.State.PROPOSED
    text = read(pdf_of(agreement, "en"))

    assert "Proposal, printed 24 November 2026. Not signed" in text
    assert text.count("Date and signature") == 2
    assert "Date and signature" in in_word(word_of(agreement, "en"))


def test_a_signed_one_names_who_signed_and_when():
    agreement = signed(owner=UserFactory(first_name="Mette", last_name="Holm", title="Virksomhedskonsulent"))

    for text in (read(pdf_of(agreement, "en")), in_word(word_of(agreement, "en"))):
        assert "Version 1, holds from 1 March 2026" in text
        assert "1 March 2026 to 28 February 2028" in text
        assert "Mette Holm" in text
        assert "Virksomhedskonsulent" in text
        assert str(agreement.signed_by_them) in text
        assert "Date and signature" not in text


def test_an_earlier_version_prints_as_it_was_to_the_byte():
    agreement = with_parts(signed())
    first = agreement.versions.get(number=1)
    before = papers.pdf_of(papers.of_version(first), "da")

    drafting.change(agreement=agreement, by=agreement.owner, purpose="Noget helt andet", note="Nyt formål")
    agreement.company.name = "Et andet navn"
    agreement.company.save()
    agreement.signed_by_them.name = "En anden"
    agreement.signed_by_them.save()
    Organisation.objects.update(name="Et nyt navn", street="En anden vej")

    again = papers.pdf_of(papers.of_version(type(first).objects.get(pk=first.pk)), "da")
    second = read(papers.pdf_of(papers.of_version(agreement.versions.get(number=2)), "da"))
    assert again == before
    assert "Hænder, som køkkenet" in read(again)
    assert "Noget helt andet" in second
    assert "Nyt formål" in second
    assert "Hænder, som køkkenet" not in second


def test_what_holds_is_printed_and_not_what_is_being_changed():
    agreement = signed()
    Agreement.objects.filter(pk=agreement.pk).update(purpose="Ikke aftalt")
    agreement.refresh_from_db()

    assert "Ikke aftalt" not in read(pdf_of(agreement))


def test_a_version_from_before_the_paper_kept_its_parties_is_printed_all_the_same():
    agreement = signed()
    version = agreement.versions.get()
    for name in ("made_at", "us", "signed"):
        del version.wording[name]

    text = read(papers.pdf_of(papers.of_version(version), "en"))

    assert "Jobcenter Lindevig" in text
    assert "Ålekistevej 4" in text
    assert papers.word_of(papers.of_version(version), "en")


def test_the_facts_of_the_file_name_the_agreement_the_employer_and_the_case():
    agreement = signed()
    Filing.objects.create(
        agreement=agreement, version=agreement.versions.get(), filed_on=date(2026, 11, 20), number="26/01417",
        by=agreement.owner,
    )  # fmt: skip

    facts = PdfReader(BytesIO(pdf_of(agreement, "en"))).metadata

    assert facts.title == "Partnership agreement: køkkenet"
    assert facts.author == "Jobcenter Lindevig"
    assert facts.subject == "Partnership agreement, Bødker & Væver ApS. Version 1, holds from 1 March 2026"
    assert facts["/Keywords"] == (
        f"Agreement no. {agreement.pk}, Version 1, CVR no. {agreement.company.cvr_number}, Case no. 26/01417"
    )


def test_where_a_figure_is_for_few_eyes_the_paper_leaves_out_where_it_began(monkeypatch):
    secret = goals.Measure("secret", "Secret", lambda goals, today: {}, may_see=lambda user, agreement: False)
    monkeypatch.setitem(goals._measures, "secret", secret)
    said = {"goals": [{"measure": "secret", "baseline": "7.3", "target": "4.0", "deadline": "2027-01-01"}]}

    (row,) = papers.goal_rows(said)

    assert row["baseline"] == ""
    assert row["target"] == "4"


def centre():
    agreement = draft(kind="centre")
    centre = CompanyCentre.objects.create(
        agreement=agreement, form="side", places=8, side_production="Fuglekasser", tasks="Opvask", support="Dansk",
        reception="Mentoren viser rundt", absence="Ring før otte", follow_up="Hver torsdag", exit="Sidste samtale",
        payment="Efter regning",
    )  # fmt: skip
    group = TargetGroup.objects.order_by("code").first()
    centre.target_groups.add(group)
    other = WorkplaceFactory(company=agreement.company, name="Café Fyrtårnet")
    CentreMember.objects.create(centre=centre, workplace=other, places=2, since=date(2026, 3, 1))
    tove = PersonFactory(workplace=agreement.workplace, name="Tove Dam", phone="24604416")
    Mentor.objects.create(
        centre=centre, person=tove, hours_a_week="3.5", since=date(2026, 3, 1), created_by=agreement.owner
    )
    return agreement, group


def test_the_contract_of_a_company_centre_tells_its_particulars():
    agreement, group = centre()

    for text in (read(pdf_of(agreement, "en")), in_word(word_of(agreement, "en"))):
        for said in (
            "Open side production", "8", "Fuglekasser", "Opvask", "Dansk", "Mentoren viser rundt", "Ring før otte",
            "Hver torsdag", "Sidste samtale", "Efter regning", "Café Fyrtårnet", "Tove Dam", "3.5", "24604416",
        ):  # fmt: skip
            assert said in text
        assert group.name_en in text or group.name in text


def test_a_company_centre_without_its_particulars_is_printed_all_the_same():
    agreement = draft(kind="centre")

    assert "Company-centre contract" in read(pdf_of(agreement, "en"))
    assert "Company-centre contract" in in_word(word_of(agreement, "en"))


def test_a_service_agreement_tells_its_help():
    agreement = draft(kind="service")
    ServiceTerms.objects.create(
        agreement=agreement, hotline_phone="24601140", hotline_hours="hverdage 8-15", posted_days="hver tirsdag",
        readiness="Samtale inden fem dage", partial_return="Plan på én side", other_municipalities="Vi ringer",
        in_return="To pladser til afklaring", hotline_by=UserFactory(first_name="Sara", last_name="Lund"),
    )  # fmt: skip

    for text in (read(pdf_of(agreement, "en")), in_word(word_of(agreement, "en"))):
        for said in (
            "Sara Lund · 24601140 · hverdage 8-15", "hver tirsdag", "Samtale inden fem dage", "Plan på én side",
            "Vi ringer", "To pladser til afklaring",
        ):  # fmt: skip
            assert said in text


@pytest.mark.parametrize("kind", [word_templates.AGREEMENT, word_templates.CENTRE], ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_built_in_template_has_nothing_wrong_with_it(kind, language):
    assert checking.problems_of(kind.built_in(language), kind.all_fields) == []


@pytest.mark.parametrize("kind", ["partnership", "centre"])
def test_every_field_that_a_template_may_use_is_filled_in(kind):
    agreement, _group = centre() if kind == "centre" else (draft(), None)
    paper = papers.of_now(agreement, NOW)
    offered = {"centre": word_templates.CENTRE, "partnership": word_templates.AGREEMENT}[kind].fields
    context = papers.context_of(paper)

    assert {one.name for one in offered} == set(context)
    for one in offered:
        for inner in getattr(one, "fields", ()):
            rows = context[one.name] if isinstance(context[one.name], list) else [context[one.name]]
            assert all(set(row) == {field.name for field in one.fields} for row in rows), one.name
            assert all(inner.name in row for row in rows)


def test_what_has_no_field_of_its_own_stands_in_word_all_the_same(monkeypatch):
    more = versions.Line("terms.cards", "Klippekort", ("Ti klip", "Seks tilbage"))
    lines = versions.lines
    monkeypatch.setattr(versions, "lines", lambda said: [*lines(said), more])

    for text in (in_word(word_of(draft())), read(pdf_of(draft()))):
        assert "Klippekort" in text
        assert "Seks tilbage" in text


def test_what_was_declined_has_no_lines_to_sign_on():
    text = read(pdf_of(draft(state="declined"), "en"))

    assert "Declined, printed 24 November 2026. Never signed" in text
    assert "Date and signature" not in text


def test_signs_of_markup_come_out_as_they_were_typed():
    agreement = draft(purpose=ODD, we_give=ODD, economy=f"{ODD}\nanden linje", title=ODD[:60])

    text = in_word(word_of(agreement))

    assert text.count(" ".join(ODD.split())) >= 3
    assert "& 49" not in text
    assert " ".join(ODD.split()) in read(pdf_of(agreement))


TEXTS = st.text(max_size=300) | st.text(alphabet="\r\n\t <>&{}%#æøå\x00\x0b\x0c\ufffe\u202e😀", max_size=60)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.fixed_dictionaries(dict.fromkeys(["purpose", "we_give", "course", "economy", "title"], TEXTS)), who=TEXTS
)
def test_any_text_makes_papers_that_open(texts, who):
    agreement = Agreement(pk=1, kind="partnership")
    said = {"kind": "partnership", "company": who, "cvr": "99000012", "places": [who], **texts}
    said["made_at"], said["us"] = {"name": who, "address": who}, {"name": who, "municipality": who}
    said["contacts"] = [
        {"side": "ours", "name": who, "title": who, "phone": who, "email": who, "about": who, "answers_within": who}
    ]
    said["goals"] = [{"measure": "contacts", "note": who, "baseline": None, "target": "3", "deadline": "2027-01-01"}]
    paper = papers.Paper(agreement, said, NOW)

    assert PdfReader(BytesIO(papers.pdf_of(paper, "da"))).pages
    assert docx.Document(BytesIO(papers.word_of(paper, "en"))).paragraphs
    signed_one = replace(paper, number=1, on=date(2026, 1, 1), note=who)
    assert PdfReader(BytesIO(papers.pdf_of(signed_one, "en"))).pages


def test_a_very_long_text_goes_on_over_pages():
    agreement = draft(course="Ord og atter ord. " * 220, purpose="Formål. " * 480, we_give="Punkt\n" * 600)

    assert len(PdfReader(BytesIO(pdf_of(agreement))).pages) > 8


def held(agreement, **facts):
    return Review.objects.create(
        agreement=agreement,
        **{
            "due_on": date(2026, 9, 1), "held_on": date(2026, 9, 3), "held_by": agreement.owner, "decision": "change",
            "decided": "Bo på kursus i efteråret", "we_found": "Der mangler én mentor", "our_rating": 4,
            "they_found": "Opfølgningen kom sent", "figures": [{"name": "contacts", "since": "2026-03-01", "value": 14}], "written_at": NOW,
        } | facts,
    )  # fmt: skip


@pytest.mark.parametrize(("language", "day"), [("da", "3. september 2026"), ("en", "3 September 2026")])
def test_a_held_review_tells_what_was_found_and_decided_by_whom(language, day):
    agreement = signed()
    review = held(agreement, called_why="Mentoren er stoppet", called_by=agreement.owner)
    review.staff.add(UserFactory(first_name="Ali", last_name="Ødum"))
    review.persons.add(PersonFactory(name="Anna Riis"))
    Review.objects.filter(agreement=agreement, held_on=None).delete()
    Review.objects.create(agreement=agreement, due_on=date(2027, 9, 1))

    made = papers.review_pdf(review, language)

    text = read(made)
    for said in (
        day, "Bo på kursus i efteråret", "Der mangler én mentor", "Opfølgningen kom sent", "14", "Ali Ødum",
        "Anna Riis", "Mentoren er stoppet", "Bødker & Væver ApS", str(agreement.owner), "2027",
    ):  # fmt: skip
        assert said in text
    assert papers.review_pdf(review, language) == made


@pytest.mark.parametrize(
    "figures", [[], [{"name": "nobody knows", "since": "2026-03-01", "value": {"a": [1]}}]], ids=["none", "unknown"]
)
def test_a_review_without_figures_that_can_be_told_is_readable(figures):
    review = held(signed(), figures=figures, our_rating=None)

    text = read(papers.review_pdf(review, "en"))

    assert "Der mangler én mentor" in text
    assert "Not given" in text


def test_a_rating_is_written_with_its_word():
    assert "4 of 5, well" in read(papers.review_pdf(held(signed()), "en"))


def test_a_review_held_of_a_yearly_agreement_is_the_yearly_one():
    assert "Yearly review" in read(papers.review_pdf(held(signed()), "en"))
    assert "Yearly review" not in read(papers.review_pdf(held(signed(review_every=3)), "en"))


def test_comparing_versions_does_not_speak_of_what_only_the_paper_keeps():
    said = versions.wording(draft())

    assert versions.compare(said, said | {"us": {"name": "x"}, "signed": {}, "made_at": {}}) == []
