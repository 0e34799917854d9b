from django import template

from submissions.models.credit import named

register = template.Library()


@register.filter
def role_names(roles: list[str]) -> str:
    """What the roles of a contributor are called."""
    return ", ".join(named(roles))


@register.filter
def any_roles(contributors: list[dict]) -> bool:
    """Whether any contributor said what they did."""
    return any(person.get("roles") for person in contributors or [])
