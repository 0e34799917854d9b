"""The demonstration's jams, out of one installation and into another."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from jam.models import Jam, Message
from ratings.models import Results

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_demonstration_moves_house(tmp_path, capsys):
    call_command("seed_demo")
    # What builds on another jam comes after it.
    slugs = list(Jam.objects.order_by("starts_at").values_list("slug", flat=True))
    with_results = set(Results.objects.values_list("jam__slug", flat=True))
    assert len(slugs) == 4
    assert with_results
    before = {}
    for slug in slugs:
        call_command("export_jam", slug, tmp_path / f"{slug}.zip")
        before[slug] = (tmp_path / f"{slug}.zip").read_bytes()
    call_command("flush", interactive=False, reset_sequences=False, verbosity=0)
    assert not Jam.objects.exists()
    for slug in slugs:
        call_command("import_jam", tmp_path / f"{slug}.zip")
    assert "left out" not in capsys.readouterr().out
    for slug in slugs:
        (tmp_path / f"{slug}.zip").unlink()
        call_command("export_jam", slug, tmp_path / f"{slug}.zip")
        assert (tmp_path / f"{slug}.zip").read_bytes() == before[slug]
    for slug in with_results:
        call_command("verify_results", slug)
    assert capsys.readouterr().out.count("all equal") == len(with_results)
    assert not Message.objects.exists()
