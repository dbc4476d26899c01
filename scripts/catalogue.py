"""The Danish catalogue: `compile` it (needs no gettext), `update` it from the code (needs gettext), or `check` it."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import polib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
# Placeholders that a translation must keep, in either style.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{? ?\w+ ?\}?\}")


def main():
    sys.exit({"compile": compile_catalogues, "update": update, "check": check}[sys.argv[1]]())


def compile_catalogues():
    """Write the `.mo` beside each `.po` that is newer."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            # Under its name only when it is whole: a server that starts meanwhile reads it.
            unfinished = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)


def extracted():
    """The texts that code and templates use, as GNU gettext finds them; None where it is not installed."""
    if not shutil.which("xgettext"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        tracked = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.html", "*.txt"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for name in tracked:
            if not name.startswith(("tests/", "requirements/", "bench/", "scripts/")) and (ROOT / name).exists():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
        (copy / "locale" / "da" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        program = (
            "import django; from django.conf import settings; settings.configure(USE_I18N=True); django.setup();"
            "from django.core.management import call_command;"
            "call_command('makemessages', locale=['da'], no_location=True, no_obsolete=True, no_wrap=True, verbosity=0,"
            " extensions=['html', 'txt', 'py'])"
        )
        subprocess.run([sys.executable, "-c", program], cwd=copy, check=True)
        return polib.pofile(str(copy / "locale" / "da" / "LC_MESSAGES" / "django.po"))


def update():
    """Take in new texts without a translation, and drop those that nothing uses."""
    found = extracted()
    if found is None:
        print("GNU gettext is not installed (on Debian: apt-get install gettext).")
        return 1
    known = (
        {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    )
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "da",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for entry in sorted(found, key=lambda entry: entry.msgid):
        old = known.get((entry.msgctxt, entry.msgid))
        fresh.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=old.msgstr if old and not entry.msgid_plural else "",
                msgstr_plural=(old.msgstr_plural if old and old.msgid_plural else {0: "", 1: ""})
                if entry.msgid_plural
                else {},
                flags=[flag for flag in entry.flags if flag.endswith("-format")],
            )
        )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(CATALOGUE))
    print(f"{len(fresh)} texts, {len(fresh.untranslated_entries())} without Danish")
    return 0


def check():
    """Say what is missing, fuzzy, unused, or has lost a placeholder. Exit 1 for any of it."""
    catalogue = polib.pofile(str(CATALOGUE))
    wrong = [f"without Danish: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    wrong += [f"fuzzy: {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    wrong += [f"unused: {entry.msgid}" for entry in catalogue.obsolete_entries()]
    wrong += [
        f"other placeholders: {entry.msgid}" for entry in catalogue.translated_entries() if not keeps_places(entry)
    ]
    found = extracted()
    if found is None:
        print("(xgettext is not installed: the texts in the code were not compared with the catalogue)")
    else:
        used, known = set(map(name, found)), set(map(name, catalogue))
        wrong += [f"not in the catalogue: {text}" for text, _context, _plural in sorted(used - known)]
        wrong += [f"in the catalogue, used nowhere: {text}" for text, _context, _plural in sorted(known - used)]
    print("\n".join(wrong))
    return 1 if wrong else 0


def name(entry):
    """What tells one text from another; one that has a plural here and none there is not found by Django."""
    return entry.msgid, entry.msgctxt or "", entry.msgid_plural


def keeps_places(entry):
    """Whether the translation has the placeholders of its text; a singular ("one company") may do without."""
    places = [set(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural)]
    if not entry.msgid_plural:
        return set(PLACEHOLDER.findall(entry.msgstr)) == places[0]
    one, many = (set(PLACEHOLDER.findall(entry.msgstr_plural[number])) for number in (0, 1))
    return one <= places[0] | places[1] and many == places[1]


if __name__ == "__main__":
    main()
