"""What a contributor did: the fourteen roles of CRediT (ANSI/NISO Z39.104-2022)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A contributor role, by its name in the addresses of CRediT."""

    CONCEPTUALIZATION = "conceptualization", _("Conceptualization")
    DATA_CURATION = "data-curation", _("Data curation")
    FORMAL_ANALYSIS = "formal-analysis", _("Formal analysis")
    FUNDING_ACQUISITION = "funding-acquisition", _("Funding acquisition")
    INVESTIGATION = "investigation", _("Investigation")
    METHODOLOGY = "methodology", _("Methodology")
    PROJECT_ADMINISTRATION = "project-administration", _("Project administration")
    RESOURCES = "resources", _("Resources")
    SOFTWARE = "software", _("Software")
    SUPERVISION = "supervision", _("Supervision")
    VALIDATION = "validation", _("Validation")
    VISUALIZATION = "visualization", _("Visualization")
    DRAFT = "writing-original-draft", _("Writing – original draft")
    REVIEW = "writing-review-editing", _("Writing – review and editing")


MEANINGS = {
    Role.CONCEPTUALIZATION: _("Had the idea, or gave the question its shape."),
    Role.DATA_CURATION: _("Collected, cleaned or described the data."),
    Role.FORMAL_ANALYSIS: _("Did the statistics or the mathematics."),
    Role.FUNDING_ACQUISITION: _("Found the money."),
    Role.INVESTIGATION: _("Ran the experiments."),
    Role.METHODOLOGY: _("Worked out how to find an answer."),
    Role.PROJECT_ADMINISTRATION: _("Kept plan, people and deadline together."),
    Role.RESOURCES: _("Brought models, machines or material."),
    Role.SOFTWARE: _("Wrote or tested the code."),
    Role.SUPERVISION: _("Guided the others."),
    Role.VALIDATION: _("Checked that the results hold when they are made again."),
    Role.VISUALIZATION: _("Made the figures or the demo."),
    Role.DRAFT: _("Wrote the first version of the text."),
    Role.REVIEW: _("Read the text critically, and improved it."),
}


def named(roles: list[str]) -> list[str]:
    """What the roles of a contributor are called."""
    return [str(Role(role).label) for role in roles if role in Role.values]


def validate_roles(roles: list[str]) -> None:
    """Refuse what is no list of roles, each of them once and in the order of CRediT."""
    if roles != [role for role in Role.values if role in roles]:
        raise ValidationError(_("Choose roles from the list."))
