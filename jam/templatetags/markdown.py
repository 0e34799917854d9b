from django import template
from django.utils.safestring import SafeString

from jam import markdown as pipeline

register = template.Library()


@register.filter
def markdown(text: str | None) -> SafeString:
    """Text that people wrote, as safe HTML."""
    return pipeline.render(text or "")
