"""Agreements at the named employers, in every state; made by the acts that people make them by, as of their own days."""

import hashlib
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.utils import timezone

from companies.attachments import Scanned
from contacts.models import Person
from jobcenter_crm.desk.demo import agreement_parts
from jobcenter_crm.desk.demo.calendar import moment, working_day
from partnerships import documents, drafting, papers, review_days, steps, year_figures
from partnerships.models import Agreement, AgreementContact, AgreementGoal, Document

Kind = Agreement.Kind


def make(showcase, people, today):
    """A partnership that is to be reviewed, others that hold, proposals, drafts, one declined and one ended."""
    at = {name: place.workplace for name, place in showcase.by_name.items()}
    _boedker(at, people, today)
    _kitchen(at, people, today)
    _care_home(at, people, today)
    _smithy(at, people, today)
    _others(at, people, today)


def _back(today, months, days=0):
    return working_day(today - relativedelta(months=months) - timedelta(days=days))


def _draft(workplace, kind, owner, *, written_on, **facts):
    """A draft as of the day it was written on."""
    agreement = drafting.make(kind=kind, workplace=workplace, owner=owner, by=owner, **facts)
    written_at = moment(working_day(written_on), time(10, 20))
    Agreement.objects.filter(pk=agreement.pk).update(created_at=written_at)
    agreement.steps.update(on=written_at.date(), at=written_at)
    agreement.refresh_from_db()
    return agreement


def _signed(agreement, *, signed_on, by, review_on=None, ends_on=None, daily=None):
    """Propose and sign it as of that day."""
    agreement = steps.propose(agreement=agreement, by=by, on=working_day(signed_on - timedelta(days=12)))
    them = Person.objects.filter(workplace=agreement.workplace).order_by("pk").first()
    document = documents.add(
        agreement=agreement, upload=_paper(agreement, signed_on, by, them, ends_on), kind=Document.Kind.SIGNED, by=by
    )
    return steps.activate(
        agreement=agreement, by=by, signed_on=signed_on, signed_by_us=by, signed_by_them=them,
        document=document, starts_on=signed_on, ends_on=ends_on, review_on=review_on, daily=daily,
    )  # fmt: skip


def _paper(agreement, signed_on, us, them, ends_on):
    made_at = timezone.make_aware(datetime.combine(signed_on, time(12)))
    paper = papers.as_signed(agreement, on=signed_on, us=us, them=them, made_at=made_at, ends_on=ends_on)
    name = papers.named(f"Underskrevet aftale {agreement.workplace.name}")
    upload = ContentFile(papers.pdf_of(paper, "da"), name=f"{name}.pdf")
    upload.scanned = Scanned.CLEAN
    return upload


def _file(agreement, *, on, number, by):
    """Note that its first version is in the case system."""
    version = agreement.versions.get(number=1)
    made = papers.pdf_of(papers.of_version(version), "da")
    documents.note_filing(
        agreement=agreement, version=version, filed_on=on, number=number, sha256=hashlib.sha256(made).hexdigest(), by=by
    )


def _reviewed(agreement, people, *, held_on, next_on, **found):
    """A review as of the day on which it was held, with the first two people of theirs."""
    review = agreement.reviews.open().get()
    review.agreement, review.due_on, review.held_on, review.held_by = agreement, held_on, held_on, agreement.owner
    review.written_at = moment(held_on, time(15, 30))
    review.figures = year_figures.collect(year_figures.year_of(agreement, held_on))
    for name, value in found.items():
        setattr(review, name, value)
    review.save()
    review.staff.set([agreement.owner, people["ali"]])
    review.persons.set(Person.objects.filter(workplace=agreement.workplace).order_by("pk")[:2])
    review_days.close(review, by=agreement.owner)
    agreement.next_review_on = next_on
    agreement.save()
    review_days.plan(agreement)


def _call(agreement, people, *, theirs=(), ours=()):
    """Whom to call: (name of the person, about, answers within) and (log-in, about, answers within)."""
    for position, (name, about, answers) in enumerate(theirs):
        person = Person.objects.get(name=name, workplace=agreement.workplace)
        AgreementContact.objects.create(
            agreement=agreement, side="theirs", person=person, about=about, answers_within=answers, position=position
        )
    for position, (who, about, answers) in enumerate(ours):
        AgreementContact.objects.create(
            agreement=agreement,
            side="ours",
            colleague=people[who],
            about=about,
            answers_within=answers,
            position=position,
        )


def _goal(agreement, measure, target, deadline, since, **facts):
    AgreementGoal.objects.create(
        agreement=agreement, measure=measure, target=target, deadline=deadline, counted_from=since,
        created_by=agreement.owner, **facts,
    )  # fmt: skip


def _boedker(at, people, today):
    mette = people["mette"]
    begun = _back(today, 8)
    agreement = _draft(
        at["Bødker og Væver"], Kind.PARTNERSHIP, mette, written_on=_back(today, 9), people=4,
        purpose="Bødker og Væver vil have hænder, de kan oplære selv. Vi vil have et sted, hvor folk kan prøve kræfter med "
        "håndværk og få timer på almindelige vilkår.",
        we_give="Én fast kontaktperson med direkte nummer\nForslag til kandidat inden tre hverdage\n"
        "Mentoruddannelse til to medarbejdere\nOpfølgning i uge 2, 6 og 12",
        they_give="Fire faste pladser i værkstedet\nMentor tre timer om ugen\nBesked samme dag ved fravær\n"
        "Samtale om ordinære timer efter 8 uger",
        course="Kandidaten besøger værkstedet, før nogen binder sig. De første to uger går med at lære stedet at kende; "
        "derefter aftales timer og opgaver uge for uge.",
        measured_by="Antal forløb og ordinære timer efter forløbet. Tallene tages med til hver evaluering.",
        economy="Mentortimer betales af kommunen, højst 36.000 kr. om året. Ellers ingen betaling.",
        afterwards="Ordinære timer i værkstedet eller elevplads fra august.",
        review_every=3,
    )  # fmt: skip
    _call(
        agreement, people,
        theirs=[("Karl Bødker", "aftalens ejer", ""), ("Anna Riis", "det daglige", "samme dag")],
        ours=[("ali", "forløbene", "samme dag")],
    )  # fmt: skip
    year_end = date(today.year, 12, 31)
    _goal(agreement, "contacts", 12, max(year_end, begun), begun)
    _goal(agreement, "meetings", 4, begun + timedelta(days=220), begun, note="på værkstedet")
    agreement = _signed(
        agreement, signed_on=begun, by=mette, ends_on=begun + relativedelta(years=2), daily=people["ali"],
        review_on=working_day(today + timedelta(days=8)),
    )  # fmt: skip
    _file(agreement, on=working_day(begun + timedelta(days=2)), number=f"{begun:%y}/01417", by=mette)
    agreement = drafting.change(
        agreement=agreement, by=mette, followed_up="i uge 2, 6 og 12", note="Opfølgning i uge 2, 6 og 12"
    )
    _reviewed(
        agreement, people, held_on=_back(today, 5), decision="change", our_rating=4, their_rating=3,
        they_found="God start. Opfølgningen kom for sent i gang.", we_found="Pladserne bliver brugt, mentoren er god.",
        decided="Faste datoer for opfølgning ved start.", next_on=working_day(today + timedelta(days=8)),
    )  # fmt: skip
    _reviewed(
        agreement, people, held_on=_back(today, 2), decision="continue", our_rating=4, their_rating=4,
        they_found="Pladserne bruges, men der mangler én mentor mere.", we_found="Tre er kommet videre i timer.",
        decided="Bo Lind på mentorkursus i efteråret.", next_on=working_day(today + timedelta(days=8)),
    )  # fmt: skip
    changed_on = _back(today, 5)
    agreement.versions.filter(number=2).update(on=changed_on, made_at=moment(changed_on, time(14, 5)))


def _kitchen(at, people, today):
    jonas = people["jonas"]
    agreement = _draft(
        at["Centralkøkkenet"], Kind.PARTNERSHIP, jonas, written_on=_back(today, 15), title="køkkenet", people=6,
        purpose="Faste veje ind i kommunens køkkener for folk med kort uddannelse.",
        we_give="Kandidater, der har besøgt køkkenet først\nEn jobkonsulent i huset hver anden tirsdag",
        they_give="Seks pladser på skift\nHygiejnekursus i de første to uger",
        followed_up="hver anden tirsdag",
    )  # fmt: skip
    _call(
        agreement,
        people,
        theirs=[("Merete Vig", "alle praktikker", "næste dag")],
        ours=[("ali", "kandidaterne", "samme dag")],
    )
    begun = _back(today, 14)
    _goal(agreement, "contacts", 10, today + timedelta(days=60), begun)
    _signed(agreement, signed_on=begun, by=jonas, review_on=working_day(today - timedelta(days=6)))


def _care_home(at, people, today):
    mette, begun = people["mette"], _back(today, 11)
    agreement = _draft(
        at["Lindevig Plejecenter"], Kind.SERVICE, mette, written_on=_back(today, 12), starts_on=begun,
        purpose="Færre lange sygemeldinger, og hurtig hjælp til dem, der er på vej tilbage.",
        we_give="Tolv klip med hjælp fra vores fagfolk\nSvar på hotlinen inden en time\n"
        "En udstationeret sagsbehandler hver anden tirsdag",
        they_give="Tallene for fravær hvert kvartal\nPladser til at prøve arbejdsevnen af",
        followed_up="hvert kvartal",
    )  # fmt: skip
    agreement_parts.terms_for(agreement, people)
    _call(
        agreement, people,
        theirs=[("Birgit Lauge", "fravær og fastholdelse", "samme dag"), ("Tove Dam", "pladserne", "samme dag")],
        ours=[("nanna", "hotlinen", "inden en time")],
    )  # fmt: skip
    _goal(agreement, "absence", "5.0", today + timedelta(days=60), begun, baseline="6.6")
    agreement = _signed(agreement, signed_on=begun, by=mette, review_on=working_day(today + timedelta(days=25)))
    agreement_parts.service_for(agreement, people, today)


def _smithy(at, people, today):
    mette, begun = people["mette"], _back(today, 10)
    agreement = _draft(
        at["Smedjen i Sønderby"], Kind.CENTRE, mette, written_on=_back(today, 11), starts_on=begun, people=6,
        title="håndværkerne i Sønderby",
        purpose="Seks pladser i små værksteder til folk, der skal have tid og en mentor for at finde fodfæste.",
        we_give="Kandidater hver måned\nMentoruddannelse\nEn fast jobkonsulent på stedet hver anden torsdag",
        they_give="Seks pladser året rundt\nMentorer, der er der hver dag\nModtagelse hver første mandag i måneden",
        economy="Kommunen betaler mentorernes timer efter regning.",
        followed_up="i uge 2, 6 og 12",
    )  # fmt: skip
    agreement_parts.centre_for(agreement, mette, today)
    _call(
        agreement, people, theirs=[("Verner Smed", "aftalen og det daglige", "samme dag")],
        ours=[("ali", "forløbene", "samme dag")],
    )  # fmt: skip
    _goal(agreement, "mentors", 2, today + timedelta(days=90), begun)
    _signed(
        agreement, signed_on=begun, by=mette, ends_on=begun + relativedelta(years=3),
        review_on=working_day(today + timedelta(days=40)),
    )  # fmt: skip


def _others(at, people, today):
    mette, sara, jonas = people["mette"], people["sara"], people["jonas"]
    both = {
        "we_give": "Én at ringe til\nKandidater, der har sagt ja",
        "they_give": "To pladser ad gangen\nSvar inden en uge",
    }
    proposal = _draft(
        at["Café Fyrtårnet"], Kind.PARTNERSHIP, mette, written_on=_back(today, 1), title="sæsonen", people=3,
        purpose="Hænder til sæsonen, og timer der bliver ved efter den.", **both,
    )  # fmt: skip
    steps.propose(
        agreement=proposal, by=mette, on=working_day(today - timedelta(days=9)),
        follow_up_on=working_day(today + timedelta(days=16)),
    )  # fmt: skip
    _draft(
        at["Rengøring Nord"],
        Kind.CENTRE,
        mette,
        written_on=_back(today, 0, 6),
        purpose="Faste pladser på tværs af de steder, hvor der gøres rent.",
    )
    _draft(
        at["Hotel Vestkysten"],
        Kind.SERVICE,
        mette,
        written_on=_back(today, 0, 15),
        purpose="Overblik over sygefraværet i sæsonen.",
    )
    intent = _draft(
        at["Elinstallatør Strømberg"],
        Kind.INTENT,
        sara,
        written_on=_back(today, 4),
        purpose="Begge parter vil finde to voksenlærlinge inden sommer.",
    )
    _signed(intent, signed_on=_back(today, 3), by=sara, ends_on=working_day(today + timedelta(days=20)))
    declined = _draft(
        at["Malerfirmaet Toft"],
        Kind.PARTNERSHIP,
        jonas,
        written_on=_back(today, 3),
        purpose="Faste pladser i vintersæsonen.",
        **both,
    )
    steps.propose(agreement=declined, by=jonas, on=_back(today, 2))
    steps.decline(
        agreement=declined,
        by=jonas,
        on=working_day(today - timedelta(days=35)),
        why="Vil se, hvordan foråret bliver, først",
    )
    ended = _draft(
        at["Bådværft Ærling"],
        Kind.PARTNERSHIP,
        mette,
        written_on=_back(today, 27),
        title="værftet",
        purpose="Prøveforløb på værftet om vinteren.",
        **both,
    )
    ended = _signed(ended, signed_on=_back(today, 26), by=mette)
    steps.end(
        agreement=ended,
        by=mette,
        on=_back(today, 2),
        why="Værftet har ansat de tre, der var i forløb, og har nok for nu",
    )
