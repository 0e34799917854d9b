"""What people do with local sites, in the words of the log of acts (see `jam/verbs.py`)."""

from django.utils.translation import gettext_noop as _

VERBS = (
    _("accepted"),
    _("added a picture"),
    _("approved"),
    _("changed"),
    _("checked in"),
    _("closed"),
    _("declined"),
    _("handed over"),
    _("hid their name"),
    _("invited"),
    _("joined"),
    _("left"),
    _("left the line"),
    _("left the organizers"),
    _("let an offer lapse"),
    _("moved"),
    _("named organizers"),
    _("offered a place"),
    _("opened"),
    _("proposed"),
    _("proposed again"),
    _("released a no-show"),
    _("removed a picture"),
    _("showed their name"),
    _("stood in line"),
    _("undid the check-in"),
    _("withdrew"),
    _("wrote"),
)
