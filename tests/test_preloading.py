import pytest
from django.conf import settings
from django.template import engines

from bench.scratch import in_own_process
from jobcenter_crm.preloading import load_pages
from tests.preloaded import NEEDED, WITH_REDIS


def test_every_template_of_ours_is_at_hand_afterwards():
    [cached] = engines["django"].engine.template_loaders
    cached.reset()

    count = load_pages()

    folder = settings.BASE_DIR / "templates"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names <= cached.get_template_cache.keys()
    assert count == len(names)


@pytest.mark.parametrize(("redis", "needed"), [("", NEEDED), ("redis://127.0.0.1:1/0", [*NEEDED, WITH_REDIS])])
def test_a_process_that_has_loaded_the_pages_brings_in_no_code_with_the_first_one(tmp_path, monkeypatch, redis, needed):
    monkeypatch.setenv("REDIS_URL", redis)

    told = in_own_process("tests.preloaded", f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path)

    assert told == {"before": [], "after": needed}
