import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jobcenter_crm.backstage import files
from jobcenter_crm.backstage.models import StoredFile
from jobcenter_crm.backstage.tasks import clear_files

CONTENT = "cvr;navn\n99000011;Bødker\n".encode()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An empty folder for private files."""
    default = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    }
    return tmp_path


def on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_size_and_checksum(owner, folder):
    stored = StoredFile.keep(SimpleUploadedFile("register.csv", CONTENT), by=owner)

    assert (stored.name, stored.size, stored.created_by) == ("register.csv", len(CONTENT), owner)
    assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with stored.file.open("rb") as kept:
        assert kept.read() == CONTENT


def test_a_large_upload_that_lies_on_disk_is_kept_too(owner):
    upload = TemporaryUploadedFile("register.csv", "text/csv", 0, "utf-8")
    upload.write(CONTENT)
    upload.seek(0)

    stored = StoredFile.keep(upload, by=owner)
    upload.close()

    with stored.file.open("rb") as kept:
        assert kept.read() == CONTENT


def test_what_a_file_is_called_says_nothing_about_where_it_lies(owner, folder):
    stored = StoredFile.keep(SimpleUploadedFile("Løn Jens Hansen.csv", CONTENT), by=owner)

    [path] = on_disk(folder)
    assert stored.file.name == path.relative_to(folder).as_posix()
    assert "hansen" not in str(path).lower()
    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("register.csv", "register.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lone\\register.csv", "register.csv"),
        ("re\x00gis\nter\u202e.csv", "register.csv"),
        ("bødker\u0308.csv", "bødker\u0308.csv"),
        ("  .htaccess ", "htaccess"),
        ("...", "file"),
        ("/", "file"),
        ("x" * 300 + ".csv", "x" * 251 + ".csv"),
        ("x" * 300, "x" * 255),
    ],
)
def test_the_name_is_shown_without_what_could_do_harm(sent, shown):
    assert files.plain_name(sent) == shown


def test_a_name_can_be_given_to_what_has_none(owner):
    assert StoredFile.keep(ContentFile(CONTENT), by=None, name="rejected rows.csv").name == "rejected rows.csv"


def test_a_file_that_is_too_large_is_refused_in_words_and_not_kept(owner, folder):
    with pytest.raises(files.FileTooLarge) as refused:
        StoredFile.keep(SimpleUploadedFile("register.csv", b"x" * 2049), by=owner, limit=2048)

    assert "2" in refused.value.message
    assert on_disk(folder) == []
    StoredFile.keep(SimpleUploadedFile("register.csv", b"x" * 2048), by=owner, limit=2048)


def test_a_file_is_handed_out_as_a_download_that_no_browser_shows_and_no_cache_keeps(owner):
    stored = StoredFile.keep(SimpleUploadedFile("bødkere.html", b"<script>alert(1)</script>"), by=owner)

    answer = files.hand_out(stored)

    assert answer.getvalue() == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "b%C3%B8dkere.html" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    answer.close()


def test_a_file_that_is_gone_from_the_disk_is_not_found(owner, folder):
    stored = StoredFile.keep(SimpleUploadedFile("register.csv", CONTENT), by=owner)
    on_disk(folder)[0].unlink()

    with pytest.raises(Http404):
        files.hand_out(stored)


def test_the_clock_deletes_what_no_transaction_kept_and_nothing_else(owner, folder):
    kept = StoredFile.keep(SimpleUploadedFile("kept.csv", CONTENT), by=owner)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = StoredFile.keep(SimpleUploadedFile("lost.csv", CONTENT), by=owner)
        raise ZeroDivisionError
    make_old(folder)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        young = StoredFile.keep(SimpleUploadedFile("young.csv", CONTENT), by=owner)
        raise ZeroDivisionError
    (folder / "beside.txt").write_text("Somebody else's.")

    result = clear_files(timezone.localdate())

    left = {path.relative_to(folder).as_posix() for path in on_disk(folder)}
    assert result == {"deleted": 1}
    assert left == {kept.file.name, young.file.name, "beside.txt"}
    assert lost.file.name not in left


def make_old(folder):
    then = (timezone.now() - files.ORPHAN_AGE - timedelta(hours=1)).timestamp()
    for path in on_disk(folder):
        os.utime(path, (then, then))


def test_an_empty_installation_has_nothing_to_clear(folder, db):
    assert not Path(folder / "kept").exists()
    assert clear_files(timezone.localdate()) == {"deleted": 0}
