"""What raters, judges and organizers do, in the words of the log of acts (see `jam/verbs.py`)."""

from django.utils.translation import gettext_noop as _

VERBS = (
    _("answered an appeal"),
    _("appealed"),
    _("corrected results"),
    _("declared a conflict"),
    _("froze results"),
    _("gave to a judge"),
    _("made a judge’s link"),
    _("named a judge"),
    _("opened a judge’s link"),
    _("placed an award"),
    _("released feedback"),
    _("restored a rating"),
    _("revoked a judge’s link"),
    _("skipped"),
    _("took a judge off"),
    _("took back a conflict"),
    _("took back an award"),
    _("took back skipping"),
    _("took from a judge"),
    _("voided a rating"),
    _("wrote a judges’ note"),
)
# Done by those who have seen what raters gave, or hinting at it: before the results they are there
# for those alone who may look into it.
TELLING = ("voided a rating", "restored a rating", "appealed", "answered an appeal")
# Of one's own work, as much as that.
SKIPPING = ("skipped", "took back skipping")
