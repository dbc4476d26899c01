import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from jobcenter_crm.backstage.models import ClockRun, Message, StoredFile
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from tests.factories import JobFactory, MessageFactory

NAMES = ["clockrun", "job", "message", "storedfile"]


@pytest.fixture
def in_admin(client_for, person_in):
    """A browser of somebody in the role, who may enter the admin."""

    def enter(role):
        person = person_in(role)
        person.is_staff = True
        person.save()
        return client_for(person)

    return enter


@pytest.fixture
def rows(owner):
    return {
        "clockrun": ClockRun.objects.create(name="tests.morning", date="2026-11-24", started_at=timezone.now()),
        "job": JobFactory(created_by=owner),
        "message": MessageFactory(),
        "storedfile": StoredFile.keep(ContentFile(b"x", name="register.csv"), by=owner),
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_steward_looks_up_and_changes_nothing(in_admin, rows, name):
    steward = in_admin(STEWARD)
    one = [rows[name].pk]

    assert steward.get(reverse(f"admin:backstage_{name}_changelist"), {"q": "1"}).status_code == 200
    assert steward.get(reverse(f"admin:backstage_{name}_change", args=one)).status_code == 200
    assert steward.post(reverse(f"admin:backstage_{name}_change", args=one), {}).status_code == 403
    assert steward.get(reverse(f"admin:backstage_{name}_add")).status_code == 403
    assert steward.post(reverse(f"admin:backstage_{name}_delete", args=one), {"post": "yes"}).status_code == 403


def test_the_admin_gives_away_no_file(in_admin, rows):
    html = in_admin(STEWARD).get(reverse("admin:backstage_storedfile_change", args=[rows["storedfile"].pk]))

    assert rows["storedfile"].file.name not in html.content.decode()


def resend(client, *messages):
    return client.post(
        reverse("admin:backstage_message_changelist"),
        {"action": "resend", "_selected_action": [message.pk for message in messages]},
        follow=True,
    )


def test_the_steward_sends_unsettled_messages_again_and_it_is_noted(in_admin):
    doubtful = MessageFactory(state=Message.State.IN_DOUBT, claimed_at=timezone.now())
    sent = MessageFactory(state=Message.State.SENT, sent_at=timezone.now())

    html = resend(in_admin(STEWARD), doubtful, sent).content.decode()

    doubtful.refresh_from_db()
    sent.refresh_from_db()
    assert (doubtful.state, doubtful.resent_by.username) == (Message.State.WAITING, "data-steward")
    assert sent.state == Message.State.SENT
    assert "1 message is sent again." in html
    assert "left alone" in html
    assert LogEntry.objects.get().object_id == str(doubtful.pk)


def test_who_may_only_look_sends_nothing_again(in_admin):
    doubtful = MessageFactory(state=Message.State.IN_DOUBT, claimed_at=timezone.now())

    resend(in_admin(MANAGER), doubtful)

    doubtful.refresh_from_db()
    assert doubtful.state == Message.State.IN_DOUBT
