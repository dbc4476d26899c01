"""The logo of the organisation: a small picture, shown in documents."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jobcenter_crm.backstage.documents.letterhead import Letterhead
from jobcenter_crm.staff import logos
from jobcenter_crm.staff.models import Organisation
from jobcenter_crm.staff.roles import STEWARD

pytestmark = pytest.mark.django_db
ADMIN = "/admin/staff/organisation/1/change/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An empty folder for private files."""
    default = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def steward(person_in):
    """May maintain data in the admin."""
    person = person_in(STEWARD)
    person.is_staff = True
    person.save()
    return person


def picture(kind="PNG", size=(40, 20)):
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def posted(**more):
    return {"name": "Jobcenter Ærø", **more}


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_steward_gives_the_organisation_its_logo(client_for, steward, kind):
    Organisation(name="Jobcenter Ærø").save()
    client = client_for(steward)

    answer = client.post(ADMIN, posted(logo=SimpleUploadedFile("logo", picture(kind))))

    assert answer.status_code == 302
    assert Letterhead.ours().logo == picture(kind)
    assert f"data:image/{kind.lower()};base64," in client.get(ADMIN).text


def test_the_logo_stays_when_something_else_is_saved_and_goes_when_it_is_taken_away(client_for, steward):
    Organisation(name="Jobcenter Ærø").save()
    client = client_for(steward)
    client.post(ADMIN, posted(logo=SimpleUploadedFile("logo.png", picture())))

    client.post(ADMIN, posted(town="Ærøskøbing"))
    kept = Letterhead.ours().logo
    client.post(ADMIN, posted(remove_logo="on"))

    assert kept == picture()
    assert Letterhead.ours().logo == b""


def test_a_logo_whose_file_is_gone_breaks_nothing(client_for, steward, folder):
    Organisation(name="Jobcenter Ærø").save()
    client = client_for(steward)
    client.post(ADMIN, posted(logo=SimpleUploadedFile("logo.png", picture())))
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()

    assert Letterhead.ours().logo == b""
    assert client.get(ADMIN).status_code == 200
    assert client.post(ADMIN, posted(town="Ærøskøbing")).status_code == 302


def test_whoever_may_only_look_at_the_organisation_sees_its_logo(client_for, stranger, steward):
    Organisation(name="Jobcenter Ærø").save()
    client_for(steward).post(ADMIN, posted(logo=SimpleUploadedFile("logo.png", picture())))
    stranger.is_staff = True
    stranger.save()
    stranger.user_permissions.set(Permission.objects.filter(codename="view_organisation"))

    answer = client_for(stranger).get(ADMIN)

    assert answer.status_code == 200
    assert "data:image/png;base64," in answer.text
    assert "remove_logo" not in answer.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"nonsense", "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "broken"),
        (picture("GIF"), "broken"),
        (picture()[:60], "broken"),
        (b"\0" * (logos.LIMIT + 1), "too_large"),
        (picture(size=(logos.LARGEST + 1, 1)), "too_many_pixels"),
    ],
)
def test_what_is_no_small_picture_is_refused(data, code):
    with pytest.raises(ValidationError) as refused:
        logos.check(SimpleUploadedFile("logo.png", data))

    assert refused.value.code == code
