import gzip
import io
import tarfile

import pytest

from jobcenter_crm.backstage.backup import archive
from jobcenter_crm.backstage.backup.archive import Unusable

DUMP, LETTER = b"\x00rows" * 50_000, "Brev til Bødker".encode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "backup.tar.gz"


def pack(path, **facts):
    """A whole archive with one file and one database; `facts` change its manifest."""
    folder = path.parent
    (folder / "dump").write_bytes(DUMP)
    (folder / "letter").write_bytes(LETTER)
    with path.open("wb") as file, archive.packing(file) as writer:
        with (folder / "letter").open("rb") as content:
            letter = writer.add("files/kept/brev å", content)
        with (folder / "dump").open("rb") as content:
            database = writer.add("database", content)
        manifest = dict.fromkeys(archive.TOLD, "") | {"format": archive.FORMAT, "tables": {}, "database": database}
        writer.end(manifest | {"files": {"kept/brev å": letter}} | facts)
    return path


def pack_plainly(path, *members):
    """A tar of our own making, of `(TarInfo, content)`."""
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_what_was_packed_is_read_again(path):
    manifest = archive.prove(pack(path))

    assert manifest["files"]["kept/brev å"]["size"] == len(LETTER)
    with archive.members(path) as members:
        assert [(name, content.read()) for name, _mtime, content in members][:2] == [
            ("files/kept/brev å", LETTER),
            ("database", DUMP),
        ]


def test_an_archive_that_was_broken_off_is_refused_wherever_it_broke(path):
    whole = pack(path).read_bytes()

    for length in (0, 1, 15, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(Unusable, match="is damaged"):
            archive.prove(path)


def test_one_changed_byte_is_found_wherever_it_changes_what_was_packed(path):
    whole = pack(path).read_bytes()
    unpacked, refused = gzip.decompress(whole), 0

    for position in range(0, len(whole), max(1, len(whole) // 60)):
        changed = whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :]
        path.write_bytes(changed)
        try:
            archive.prove(path)
        except Unusable:
            refused += 1
        else:
            # The time in gzip's head, or bits that only fill the last byte up.
            assert gzip.decompress(changed) == unpacked
    assert refused > 45


def test_a_changed_content_is_found_where_the_packing_is_whole(path):
    unpacked = gzip.decompress(pack(path).read_bytes())
    path.write_bytes(gzip.compress(unpacked.replace(LETTER, LETTER.upper())))

    with pytest.raises(Unusable, match="not what its manifest tells"):
        archive.prove(path)


def test_a_file_that_is_left_out_is_missed(path):
    absent = {"size": 1, "sha256": "0" * 64}

    with pytest.raises(Unusable, match="not what its manifest tells"):
        archive.prove(pack(path, files={"kept/brev å": absent, "kept/gone": absent}))


@pytest.mark.parametrize(
    "name", ["files/../../etc/passwd", "/etc/passwd", "files//etc/passwd", "files/./a", "files/", "../a", "other"]
)
def test_a_name_that_leads_elsewhere_is_refused(path, name):
    with pytest.raises(Unusable, match="something that no backup"):
        archive.prove(pack_plainly(path, (tarfile.TarInfo(name), b"x")))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_plain_file_is_refused(path, kind):
    member = tarfile.TarInfo("files/a")
    member.type, member.linkname = kind, "/etc/passwd"

    with pytest.raises(Unusable, match="something that no backup"):
        archive.prove(pack_plainly(path, (member, b"")))


def test_the_same_name_twice_is_refused(path):
    with pytest.raises(Unusable, match="twice"):
        archive.prove(pack_plainly(path, (tarfile.TarInfo("files/a"), b"1"), (tarfile.TarInfo("files/a"), b"2")))


@pytest.mark.parametrize("manifest", [b"{", b"[]", b"{}", b'{"format": 1}', b"\xff"])
def test_another_manifest_than_ours_is_refused(path, manifest):
    with pytest.raises(Unusable):
        archive.prove(pack_plainly(path, (tarfile.TarInfo("manifest.json"), manifest)))


def test_a_newer_form_of_archive_is_refused(path):
    with pytest.raises(Unusable, match="newer version"):
        archive.prove(pack(path, format=archive.FORMAT + 1))


def test_a_file_that_is_no_archive_is_refused(path):
    path.write_text("Kære kommune")

    with pytest.raises(Unusable, match="no backup"):
        archive.prove(path)


def test_what_is_written_at_the_end_of_a_file_meanwhile_is_left_out(tmp_path, path):
    class Growing(io.FileIO):
        def read(self, size=-1):
            with (tmp_path / "log").open("ab") as more:
                more.write(b"more")
            return super().read(size)

    (tmp_path / "log").write_bytes(b"first")

    with path.open("wb") as file, archive.packing(file) as writer, Growing(tmp_path / "log") as content:
        measures = writer.add("files/log", content)

    assert measures["size"] == len(b"first")
