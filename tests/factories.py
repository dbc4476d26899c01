"""Made-up rows for tests. Numbers come from ranges that the register does not use."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

import factory
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from factory.django import DjangoModelFactory

from companies.models import (
    Company,
    Figure,
    Municipality,
    RegisterChange,
    RegisterImport,
    Selection,
    Workplace,
    WorkplaceFigure,
)
from companies.register import news
from contacts.models import (
    Channel,
    ContactPlan,
    ContactPlanTarget,
    FollowUp,
    Handover,
    HandoverItem,
    Interaction,
    OtherJobCentre,
    Person,
    Service,
    ServiceUse,
)
from jobcenter_crm.backstage.models import DocumentTemplate, Job, Message, StoredFile
from jobcenter_crm.desk.dashboard.realism import Grounds, Verdict
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff.models import Team, User
from partnerships import steps
from partnerships.models import (
    AbsenceFigure,
    Agreement,
    AgreementContact,
    AgreementGoal,
    AgreementPlace,
    CentreMember,
    CompanyCentre,
    Document,
    Mentor,
    Punch,
    PunchCard,
)
from placements.models import Effect, JobOrder, OfficialFigure, Placement, Referral, Reservation, Slot, Stay

PASSWORD = "a long and dull password"
_HASHED = make_password(PASSWORD)
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def _valid_numbers():
    for stem in range(9900000, 10000000):
        check = -sum(int(digit) * weight for digit, weight in zip(str(stem), _WEIGHTS, strict=True)) % 11
        if check < 10:
            yield f"{stem}{check}"


_numbers, _numbers_so_far = _valid_numbers(), []


def cvr_number(serial):
    """The valid CVR number that follows from `serial`, in the unused range 99......; skips what has no check digit."""
    _numbers_so_far.extend(islice(_numbers, max(0, serial + 1 - len(_numbers_so_far))))
    return _numbers_so_far[serial]


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ["name"]

    name = "Team North"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"colleague{n}")
    first_name = "Cora"
    last_name = factory.Sequence(lambda n: f"Colleague {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@municipality.example")
    phone = "10 20 30 40"
    password = _HASHED


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    cvr_number = factory.Sequence(cvr_number)
    name = factory.Sequence(lambda n: f"Example {n} ApS")


class WorkplaceFactory(DjangoModelFactory):
    """An active place of work of its own company, without group, owner or contact."""

    class Meta:
        model = Workplace

    company = factory.SubFactory(CompanyFactory)
    p_number = factory.Sequence(lambda n: f"{9900000000 + n}")
    name = factory.LazyAttribute(lambda workplace: workplace.company.name)
    street = factory.Sequence(lambda n: f"Prøvevej {n}")
    postcode = "4600"
    town = "Køge"
    tier = None
    tier_since = factory.LazyAttribute(lambda workplace: date(2026, 1, 5) if workplace.tier else None)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    workplace = factory.SubFactory(WorkplaceFactory)
    company = factory.LazyAttribute(lambda person: person.workplace.company)
    name = factory.Sequence(lambda n: f"Person {n}")
    phone = "10 11 12 13"


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ["code"]

    code = "0259"
    name = "Køge"
    region = "Sjælland"


class OtherJobCentreFactory(DjangoModelFactory):
    """Køge's job centre, which talks with the workplace too."""

    class Meta:
        model = OtherJobCentre

    workplace = factory.SubFactory(WorkplaceFactory)
    company = factory.LazyAttribute(lambda other: other.workplace.company)
    municipality = factory.SubFactory(MunicipalityFactory)
    name = "Anna Riis"
    phone = "10 12 34 56"


class InteractionFactory(DjangoModelFactory):
    """A held call by its author, unless `state` says otherwise."""

    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    workplace = factory.SubFactory(WorkplaceFactory)
    state = Interaction.State.HELD
    channel = Channel.PHONE
    on = date(2026, 11, 17)
    purpose = "Hear how things are"
    created_by = factory.SubFactory(UserFactory)
    logged_at = factory.LazyAttribute(
        lambda contact: datetime(2026, 11, 17, 10, tzinfo=UTC) if contact.state == Interaction.State.HELD else None
    )

    @factory.post_generation
    def staff(self, create, extracted, **kwargs):
        self.staff.set(extracted or [self.created_by])


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    kind = FollowUp.Kind.BY_HAND
    workplace = factory.SubFactory(WorkplaceFactory)
    title = "Call about the places"
    due_on = date(2026, 11, 30)
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")


class SelectionFactory(DjangoModelFactory):
    """Everything that is active, shared with all."""

    class Meta:
        model = Selection

    name = factory.Sequence(lambda n: f"Selection {n}")
    is_shared = True
    created_by = factory.SubFactory(UserFactory)


class ContactPlanFactory(DjangoModelFactory):
    """A plan that has been running since 2 November 2026, unless `state` says otherwise; nothing is in it yet."""

    class Meta:
        model = ContactPlan
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Plan {n}")
    selection = factory.SubFactory(SelectionFactory)
    purpose = "Paid hours in the kitchen"
    channel = Channel.VISIT
    position = factory.Sequence(lambda n: n)
    starts_on = date(2026, 11, 2)
    ends_on = date(2026, 12, 18)
    state = ContactPlan.State.RUNNING
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def participants(self, create, extracted, **kwargs):
        self.participants.set(extracted or [])


class ContactPlanTargetFactory(DjangoModelFactory):
    class Meta:
        model = ContactPlanTarget

    plan = factory.SubFactory(ContactPlanFactory)
    workplace = factory.SubFactory(WorkplaceFactory)
    added_by = factory.SelfAttribute("plan.created_by")


class ServiceFactory(DjangoModelFactory):
    """A service that has been offered since 2020, beside those that the app is loaded with."""

    class Meta:
        model = Service

    code = factory.Sequence(lambda n: f"service-{n}")
    name_da = factory.Sequence(lambda n: f"Ydelse {n}")
    what_da = "Hjælp til det hele."
    valid_from = date(2020, 1, 1)
    source = "LAB"


class ServiceUseFactory(DjangoModelFactory):
    """A service that a workplace has used since September, and still does."""

    class Meta:
        model = ServiceUse

    workplace = factory.SubFactory(WorkplaceFactory)
    service = factory.LazyAttribute(lambda use: Service.objects.get(code="mentor"))
    since = date(2026, 9, 1)
    created_by = factory.SubFactory(UserFactory)


class HandoverFactory(DjangoModelFactory):
    """An open offer of `workplaces` from their responsible consultant."""

    class Meta:
        model = Handover
        skip_postgeneration_save = True

    giver = factory.SubFactory(UserFactory)
    to = factory.SubFactory(UserFactory)
    offered_by = factory.SelfAttribute("giver")

    @factory.post_generation
    def workplaces(self, create, extracted, **kwargs):
        for workplace in extracted or []:
            HandoverItem.objects.create(handover=self, workplace=workplace)


class JobFactory(DjangoModelFactory):
    """A waiting job of a kind that no app has registered, unless `kind` says otherwise."""

    class Meta:
        model = Job

    kind = "tests.unknown"
    created_by = factory.SubFactory(UserFactory)


class MessageFactory(DjangoModelFactory):
    """A mail that waits, and is due."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"tests:{n}")
    to = factory.Sequence(lambda n: f"reader{n}@municipality.example")
    subject = "Three follow-ups today"
    text = "Call Example ApS."
    message_id = factory.Sequence(lambda n: f"<{n}@jobcenter.example>")
    next_try_at = datetime(2026, 11, 24, 8, tzinfo=UTC)


class RegisterChangeFactory(DjangoModelFactory):
    """A change that an import of its own has brought; what of it is news follows from its two sides."""

    class Meta:
        model = RegisterChange

    workplace = factory.SubFactory(WorkplaceFactory)
    register_import = factory.LazyFunction(
        lambda: RegisterImport.objects.create(
            name="file.csv", sha256="0" * 64, state="applied", applied_at=datetime(2026, 11, 23, 5, tzinfo=UTC)
        )
    )
    kind = RegisterChange.Kind.CHANGED
    before = factory.LazyFunction(lambda: {"employees_min": 12, "employees_max": 12})
    after = factory.LazyFunction(lambda: {"employees_min": 40, "employees_max": 40})

    class Params:
        ended = factory.Trait(
            kind=RegisterChange.Kind.CEASED, before={"ceased_on": None}, after={"ceased_on": "2026-11-01"}
        )

    @classmethod
    def _create(cls, model_class, *args, at=None, **facts):
        change = news.mark(model_class(*args, **facts))
        change.save()
        if at is not None:
            model_class.objects.filter(pk=change.pk).update(at=at)
            change.at = at
        return change


class WorkplaceFigureFactory(DjangoModelFactory):
    """Days of sickness absence, counted by ourselves."""

    class Meta:
        model = WorkplaceFigure

    workplace = factory.SubFactory(WorkplaceFactory)
    figure = factory.LazyFunction(lambda: Figure.objects.get(code="sickness_absence"))
    value = 8
    counted_on = date(2026, 6, 30)
    source = "Our own count"


class AgreementFactory(DjangoModelFactory):
    """A draft at its one workplace; `active_agreement` gives one that holds."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    kind = Agreement.Kind.PARTNERSHIP
    workplace = factory.SubFactory(WorkplaceFactory)
    company = factory.LazyAttribute(lambda one: one.workplace.company)
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")
    purpose = "A way into the kitchen"
    we_give = "One number to call"
    they_give = "Two places"

    @factory.post_generation
    def where(agreement, create, extracted, **kwargs):
        AgreementPlace.objects.get_or_create(agreement=agreement, workplace=agreement.workplace)
        for place in extracted or ():
            AgreementPlace.objects.get_or_create(agreement=agreement, workplace=place)


class AgreementContactFactory(DjangoModelFactory):
    class Meta:
        model = AgreementContact

    agreement = factory.SubFactory(AgreementFactory)
    side = AgreementContact.Side.OURS
    colleague = factory.SelfAttribute("agreement.owner")
    about = "the daily matters"


class AgreementGoalFactory(DjangoModelFactory):
    class Meta:
        model = AgreementGoal

    agreement = factory.SubFactory(AgreementFactory)
    measure = "contacts"
    target = 4
    counted_from = date(2026, 1, 1)
    deadline = date(2026, 12, 31)
    created_by = factory.SelfAttribute("agreement.owner")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    agreement = factory.SubFactory(AgreementFactory)
    kind = Document.Kind.SIGNED
    name = "aftale.pdf"
    sha256 = "0" * 64
    added_by = factory.SelfAttribute("agreement.owner")
    stored = factory.LazyAttribute(
        lambda one: StoredFile.keep(ContentFile(b"%PDF-1.4 signed", name=one.name), by=one.added_by)
    )


def active_agreement(*, signed_on=date(2026, 3, 1), **facts):
    """An agreement that holds, signed as `partnerships.steps.activate` does it."""
    ends_on, review_on = facts.pop("ends_on", None), facts.pop("review_on", None)
    starts_on = facts.pop("starts_on", signed_on)
    agreement = AgreementFactory(**facts)
    if agreement.is_centre:
        CompanyCentre.objects.create(agreement=agreement, form=CompanyCentre.Form.NETWORK, places=4)
    signer = PersonFactory(company=agreement.company, workplace=agreement.workplace)
    agreement = steps.propose(agreement=agreement, by=agreement.owner, on=signed_on)
    return steps.activate(
        agreement=agreement, by=agreement.owner, signed_on=signed_on, signed_by_us=agreement.owner,
        signed_by_them=signer, document=DocumentFactory(agreement=agreement), starts_on=starts_on, ends_on=ends_on,
        review_on=review_on,
    )  # fmt: skip


class DocumentTemplateFactory(DjangoModelFactory):
    """A template in use; `content` are the bytes of its file, which need be no Word document."""

    class Meta:
        model = DocumentTemplate

    kind = "tests.letter"
    language = "da"
    uploaded_by = factory.SubFactory(UserFactory)
    stored = factory.LazyAttribute(
        lambda made: StoredFile.keep(ContentFile(made.content, name=made.name), by=made.uploaded_by)
    )

    class Params:
        content = b"a template"
        name = "Our letter.docx"


class SlotFactory(DjangoModelFactory):
    """An open slot of two places from New Year 2026 on."""

    class Meta:
        model = Slot

    workplace = factory.SubFactory(WorkplaceFactory)
    measure_id = "work_placement"
    places = 2
    tasks = "Kitchen and serving"
    starts_on = date(2026, 1, 1)
    confirmed_on = date(2026, 11, 1)
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")


def made_on(slot, day):
    """Let a slot have been made on `day`."""
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
    Slot.objects.filter(pk=slot.pk).update(created_at=at)
    slot.history.update(history_date=at)
    return slot


class ReservationFactory(DjangoModelFactory):
    class Meta:
        model = Reservation

    slot = factory.SubFactory(SlotFactory)
    case_reference = factory.Sequence(lambda n: f"26/{n + 1:05}")
    consultant = factory.SelfAttribute("slot.owner")
    starts_on = date(2026, 12, 1)
    planned_end = date(2027, 2, 28)
    held_until = date(2026, 12, 1)
    created_by = factory.SelfAttribute("consultant")


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    slot = factory.SubFactory(SlotFactory)
    case_reference = factory.Sequence(lambda n: f"26/{n + 1:05}")
    consultant = factory.SelfAttribute("slot.owner")
    starts_on = date(2026, 10, 1)
    planned_end = date(2026, 12, 31)
    created_by = factory.SelfAttribute("consultant")


class StayFactory(DjangoModelFactory):
    class Meta:
        model = Stay

    placement = factory.SubFactory(PlacementFactory)
    workplace = factory.SelfAttribute("placement.slot.workplace")
    starts_on = factory.SelfAttribute("placement.starts_on")


class EffectFactory(DjangoModelFactory):
    """An ordinary job, of a placement that ended at the end of September."""

    class Meta:
        model = Effect

    placement = factory.SubFactory(
        PlacementFactory, starts_on=date(2026, 7, 1), ended_on=date(2026, 9, 30), planned_end=date(2026, 9, 30),
        end_reason="as_planned",
    )  # fmt: skip
    outcome = "job"
    recorded_on = date(2026, 11, 1)
    recorded_by = factory.SelfAttribute("placement.consultant")


class OfficialFigureFactory(DjangoModelFactory):
    class Meta:
        model = OfficialFigure

    percent = factory.LazyFunction(lambda: Decimal("24.6"))
    period = "2025"
    source = "jobindsats.dk, our own"
    read_on = date(2026, 11, 2)
    by = factory.SubFactory(UserFactory)


class JobOrderFactory(DjangoModelFactory):
    class Meta:
        model = JobOrder

    workplace = factory.SubFactory(WorkplaceFactory)
    title = "Cook"
    deadline = date(2026, 12, 15)
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    job_order = factory.SubFactory(JobOrderFactory)
    case_reference = factory.Sequence(lambda n: f"26/{n + 1:05}")
    on = date(2026, 11, 20)
    by = factory.SelfAttribute("job_order.owner")


class CompanyCentreFactory(DjangoModelFactory):
    """A network with six places, of a draft; of one that holds, the one that `active_agreement` gave it."""

    class Meta:
        model = CompanyCentre
        django_get_or_create = ["agreement"]

    agreement = factory.SubFactory(AgreementFactory, kind=Agreement.Kind.CENTRE)
    form = CompanyCentre.Form.NETWORK
    places = 6


class CentreMemberFactory(DjangoModelFactory):
    class Meta:
        model = CentreMember

    centre = factory.SubFactory(CompanyCentreFactory)
    workplace = factory.SubFactory(WorkplaceFactory)
    since = date(2026, 3, 1)


class MentorFactory(DjangoModelFactory):
    """Somebody at the workplace where the centre was made."""

    class Meta:
        model = Mentor

    centre = factory.SubFactory(CompanyCentreFactory)
    person = factory.SubFactory(PersonFactory, workplace=factory.SelfAttribute("..centre.agreement.workplace"))
    hours_a_week = factory.LazyFunction(lambda: Decimal("2.5"))
    since = date(2026, 3, 1)
    created_by = factory.SelfAttribute("centre.agreement.owner")


class PunchCardFactory(DjangoModelFactory):
    """Ten clips of help from two kinds of expert, for a year; `punches` says how many of them are used."""

    class Meta:
        model = PunchCard

    agreement = factory.LazyFunction(lambda: active_agreement(kind=Agreement.Kind.SERVICE))
    clips = 10
    experts = ["therapist", "job"]
    issued_on = date(2026, 3, 1)
    expires_on = date(2027, 2, 28)
    created_by = factory.SelfAttribute("agreement.owner")


class PunchFactory(DjangoModelFactory):
    """One clip used of its card, which counts it."""

    class Meta:
        model = Punch

    card = factory.SubFactory(PunchCardFactory)
    expert = "therapist"
    on = date(2026, 11, 20)
    used_for = "Lifting in the laundry"
    by = factory.SelfAttribute("card.created_by")

    @classmethod
    def _create(cls, model_class, *args, **facts):
        punch = model_class.objects.create(**facts)
        PunchCard.objects.filter(pk=punch.card_id).update(used=models.F("used") + 1)
        punch.card.refresh_from_db()
        return punch


class AbsenceFigureFactory(DjangoModelFactory):
    class Meta:
        model = AbsenceFigure

    agreement = factory.LazyFunction(lambda: active_agreement(kind=Agreement.Kind.SERVICE))
    workplace = factory.SelfAttribute("agreement.workplace")
    year = 2026
    quarter = 2
    percent = factory.LazyFunction(lambda: Decimal("5.4"))
    employees = 118
    source = "Their own statistics, August"
    by = factory.SelfAttribute("agreement.owner")


class TargetFactory(DjangoModelFactory):
    """240 placements begun in the two years from November 2026 on, set without a check; nothing is known to reckon by."""

    class Meta:
        model = Target

    measure = "started"
    starts_on = date(2026, 11, 1)
    baseline = Decimal(100)
    goal = Decimal(240)
    deadline = date(2028, 10, 31)
    responsible = factory.SubFactory(UserFactory)
    verdict = Verdict.UNKNOWN
    grounds = factory.LazyFunction(lambda: {"way": None, "grounds": asdict(Grounds())})
    reckoned_on = date(2026, 11, 1)
    set_on = date(2026, 11, 1)
    set_by = factory.SelfAttribute("responsible")
