from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from ratings.models import MOST_STARS
from ratings.showing import shown

register = template.Library()


@register.filter
def score(value: float | None) -> str:
    """A score to three decimals, as results are shown everywhere."""
    return shown(value)


@register.filter
def stars(count: int) -> SafeString:
    """Stars to be seen, and in words to be heard."""
    return format_html(
        '<span class="stars-shown" aria-hidden="true">{}{}</span>'
        '<span class="visually-hidden">{}</span>',
        "★" * count,
        "☆" * (MOST_STARS - count),
        ngettext("%(n)s star", "%(n)s stars", count) % {"n": count},
    )
