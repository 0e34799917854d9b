"""What templates are given to look like Peerjam."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from jam.templatetags import look
from tests.factories import START


def drawn(source: str, **values) -> str:
    return Template("{% load look %}" + source).render(Context(values))


@pytest.fixture
def rendered(monkeypatch) -> list[dict]:
    """What was rendered, beside what was found again."""
    times = []

    def render(template, values):
        times.append(values)
        return drawn("{{ words }}{% if at %}{% instant at %}{% endif %}", **values)

    look._kept.cache_clear()
    monkeypatch.setattr(look, "render_to_string", render)
    yield times
    look._kept.cache_clear()


def test_a_kept_template_is_rendered_once_for_the_same_values(rendered):
    source = '{% kept "any.html" words=words at=at %}'
    for words in ("one", "two", "one"):
        assert words in drawn(source, words=words, at=START)
    assert len(rendered) == 2


def test_a_kept_template_is_rendered_in_the_readers_zone(rendered):
    source = '{% kept "any.html" at=at %}'
    assert "17:00 UTC" in drawn(source, at=START)
    with timezone.override(ZoneInfo("Europe/Copenhagen")):
        assert "19:00 CEST" in drawn(source, at=START)


def test_a_kept_template_sees_nothing_else(rendered):
    drawn('{% kept "any.html" words=words %}', words="one", user="secret")
    assert rendered == [{"words": "one"}]


def test_while_one_writes_templates_nothing_is_kept(rendered, settings):
    settings.DEBUG = True
    for _time in range(2):
        drawn('{% kept "any.html" words="one" %}')
    assert len(rendered) == 2
