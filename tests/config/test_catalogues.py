"""The catalogues of texts: every language is whole, compiled as it is written, and says with the
same values what the English says."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

LOCALE = settings.BASE_DIR / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
# What a translation has to keep: values, tags, addresses.
KEPT = re.compile(r"%\(\w+\)(?:\.\d)?[sdf]|%%|\{\w*\}|</?[^>]+>|`[^`]+`|https?://\S{4,}")


def test_every_language_but_english_has_a_catalogue():
    assert {path.parts[-3] for path in CATALOGUES} == set(dict(settings.LANGUAGES)) - {"en"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_is_whole(path: Path):
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 2000
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_values_and_tags(path: Path):
    wrong = []
    for entry in polib.pofile(str(path)):
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            one, *more = (text for _, text in sorted(entry.msgstr_plural.items()))
            pairs = [(entry.msgid, one), *((entry.msgid_plural, text) for text in more)]
        for english, text in pairs:
            same_ends = english[:1].isspace() == text[:1].isspace()
            if set(KEPT.findall(english)) != set(KEPT.findall(text)) or not same_ends:
                wrong.append((english, text))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_is_written(path: Path):
    """Else `make messages` was not run after a translation was changed."""
    written = {}
    for entry in polib.pofile(str(path)):
        key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        if entry.msgid_plural:
            written |= {(key, form): text for form, text in entry.msgstr_plural.items()}
        else:
            written[key] = entry.msgstr
    with path.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    catalogue.pop("")
    assert catalogue == written


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_of_the_code_is_in_the_catalogue(path: Path, tmp_path: Path):
    """Else `make messages` was not run after a text was changed."""
    if not shutil.which("xgettext"):
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("There is no xgettext (gettext), and REQUIRE_ALL is set.")
        pytest.skip("needs gettext")
    for name in ("jam", "sites", "submissions", "ratings", "templates", "locale"):
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", path.parts[-3]]
    # Settings of another folder would name the catalogues there.
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "django.conf.global_settings"}
    subprocess.run([*command, "--no-obsolete"], cwd=tmp_path, env=environment, check=True)
    found = polib.pofile(str(tmp_path / path.relative_to(settings.BASE_DIR)))
    known = polib.pofile(str(path))

    def texts(catalogue: polib.POFile) -> set[tuple[str, str, str]]:
        return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue}

    assert texts(found) - texts(known) == set()
    assert texts(known) - texts(found) == set()
