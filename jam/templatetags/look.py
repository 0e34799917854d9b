"""What templates need to look like Peerjam: icons, covers, and times."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jam import covers

register = template.Library()


@register.simple_tag
def kept(template: str, **values: Any) -> SafeString:
    """A template that depends on nothing but `values`, rendered once for them by each process.

    They are strings, numbers, instants, and tuples of such: what is kept is found again by
    comparing them, and rows of the database compare equal when only their keys are.
    """
    if settings.DEBUG:
        return render_to_string(template, values)
    return _kept(template, get_language(), timezone.get_current_timezone_name(), *values.items())


# Up to 50 kB each.
@lru_cache(maxsize=1024)
def _kept(template: str, language: str, zone: str, *values: tuple[str, Any]) -> SafeString:
    return render_to_string(template, dict(values))


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """An icon; always with a word beside it, so it is hidden from screen readers. One that points
    along the line is turned where lines run from right to left."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon-along" if name.endswith(("-left", "-right")) else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def cover(seed: object, hue: int) -> SafeString:
    """A generated cover."""
    return mark_safe(covers.cover(seed, hue))  # noqa: S308 -- drawn by us, from numbers


@register.simple_tag
def avatar(user) -> SafeString:
    """The picture of a person."""
    return mark_safe(covers.avatar(user.pk, user.display_name))  # noqa: S308 -- an initial, alone


@register.filter
def provider_name(provider) -> str:
    """What another site to sign in with calls itself."""
    return "ORCID" if provider.id == "orcid" else provider.name


@register.simple_tag
def instant(at: datetime | None, utc: bool = False, short: bool = False) -> SafeString | str:
    """A time with weekday and zone, turned to the reader's own zone by times.js.

    `utc` sets the same time in UTC beside it; `short` leaves the year out.
    """
    if at is None:
        return ""
    local = timezone.localtime(at)
    style = _("D j M, H:i") if short else _("D j M Y, H:i")
    shown = format_html(
        '<time datetime="{}" data-local="{}">{} {}</time>',
        at.isoformat(),
        "short" if short else "long",
        date_format(local, style),
        local.tzname(),
    )
    if not utc:
        return shown
    universal = timezone.localtime(at, UTC)
    return format_html(
        # Where the reader's zone is UTC once is enough; times.js knows the reader's zone better.
        '{} <span class="utc"{}>{}</span>',
        shown,
        mark_safe(" hidden") if local.utcoffset() == universal.utcoffset() else "",
        _("%(time)s UTC") % {"time": date_format(universal, _("D j M, H:i"))},
    )


@register.simple_tag
def period(start: datetime, end: datetime | None) -> SafeString | str:
    """From a time to another."""
    if end is None:
        return instant(start)
    return format_html("{} – {}", instant(start), instant(end))
