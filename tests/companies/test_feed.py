"""The seam of the nightly refresh, and the folder that files are dropped in."""

import io
import json
import os
from datetime import date
from pathlib import Path

import pytest

from companies.register import feed
from companies.register.feed import Delivery, DeliveryGone, FolderFeed, find, spool

OLD = 1_700_000_000


@pytest.fixture(autouse=True)
def _nothing_remembered():
    feed._sha256.cache_clear()


def drop(folder, name, content="cvr;navn\n99000007;Smedjen\n", changed=OLD):
    path = folder / name
    path.write_text(content)
    os.utime(path, (changed, changed))
    return path


def names(folder):
    return [delivery.name for delivery in FolderFeed(folder).deliveries()]


def content(delivery):
    target = io.BytesIO()
    delivery.write(target)
    return target.getvalue().decode()


def test_the_oldest_file_comes_first(tmp_path):
    drop(tmp_path, "a.csv", "second", OLD + 10)
    drop(tmp_path, "b.csv", "first", OLD)
    drop(tmp_path, "c.csv", "third", OLD + 20)

    assert names(tmp_path) == ["b.csv", "a.csv", "c.csv"]


@pytest.mark.parametrize(
    "name", [".hidden.csv", "a.csv.part", "a.TMP", "a.partial", "a.csv~", "a.csv.filepart", "a.crdownload"]
)
def test_a_file_under_a_name_of_unfinished_ones_is_passed_over(tmp_path, name):
    drop(tmp_path, name)

    assert names(tmp_path) == []


def test_a_file_is_finished_when_it_has_rested_for_a_minute(tmp_path, today):
    now = today.move_to
    today.move_to(OLD + 59)
    drop(tmp_path, "a.csv")
    early = names(tmp_path)
    now(OLD + 61)

    assert early == []
    assert names(tmp_path) == ["a.csv"]


def test_nothing_outside_the_folder_is_read(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    secret = drop(outside, "secret.csv")
    (inside / "link.csv").symlink_to(secret)
    (inside / "folder").mkdir()
    drop(inside / "folder", "deep.csv")

    assert names(inside) == []


def test_a_link_put_in_the_place_of_a_file_is_not_followed(tmp_path):
    secret = drop(tmp_path, ".secret", "secret")
    path = drop(tmp_path, "a.csv")
    (delivery,) = FolderFeed(tmp_path).deliveries()
    path.unlink()
    path.symlink_to(secret)

    with pytest.raises(OSError, match="symbolic"):
        content(delivery)


def test_a_folder_that_may_only_be_read_is_left_as_it_is(tmp_path):
    drop(tmp_path, "a.csv", "cvr;navn\n")
    tmp_path.chmod(0o555)
    try:
        (delivery,) = FolderFeed(tmp_path).deliveries()
        assert content(delivery) == "cvr;navn\n"
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    finally:
        tmp_path.chmod(0o755)


def test_the_key_is_the_content(tmp_path):
    drop(tmp_path, "a.csv", "same")
    drop(tmp_path, "b.csv", "same", OLD + 1)
    drop(tmp_path, "c.csv", "other", OLD + 2)

    keys = [delivery.key for delivery in FolderFeed(tmp_path).deliveries()]

    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith("folder:") and len(key) == 71 for key in keys)


@pytest.mark.parametrize("change", [lambda path: path.write_text("other"), Path.unlink])
def test_a_file_that_is_not_what_it_was_is_not_delivered(tmp_path, change):
    path = drop(tmp_path, "a.csv")
    (delivery,) = FolderFeed(tmp_path).deliveries()
    change(path)

    with pytest.raises(DeliveryGone):
        content(delivery)


def test_a_file_that_nobody_may_read_keeps_no_other_from_coming(tmp_path, monkeypatch):
    drop(tmp_path, "a.csv", "a")
    drop(tmp_path, "b.csv", "b", OLD + 1)
    whole = feed._open

    def closed(path):
        if path.name == "a.csv":
            raise PermissionError
        return whole(path)

    monkeypatch.setattr(feed, "_open", closed)

    assert names(tmp_path) == ["b.csv"]


def test_without_the_setting_there_is_no_feed(settings):
    settings.REGISTER_FEED_DIR = ""

    assert feed.all_feeds() == []


def test_documents_are_spooled_one_a_line():
    target = io.BytesIO()

    spool([{"navn": "Ærø\nBådværft", "fra": date(2026, 1, 2)}, {"navn": "B"}], target)

    lines = target.getvalue().decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"navn": "Ærø\nBådværft", "fra": "2026-01-02"}, {"navn": "B"}]


def test_a_feed_of_ones_own_is_found_by_its_name(monkeypatch):
    class Service:
        name = "service"

        def deliveries(self):
            yield Delivery("service:1", "one.jsonl", lambda target: spool([{"cvrNummer": 99000007}], target))

    monkeypatch.setattr(feed, "_feeds", {})
    feed.register(Service())

    assert content(find("service", "service:1")) == '{"cvrNummer": 99000007}\n'
    with pytest.raises(DeliveryGone):
        find("service", "service:2")
