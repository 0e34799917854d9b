from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SiteRefusal(TextChoices):
    """Why someone may not do something at a local site."""

    NOT_IN = "not_in", _("Join the jam first.")
    CLOSED = "closed", _("Submissions have closed, so nothing can change at local sites.")
    OVER = "over", _("This site is over.")
    NOT_APPROVED = "not_approved", _("The organizers have not approved this site.")
    NOT_OPEN = "not_open", _("This site is not open for joining yet.")
    FULL = "full", _("This site is full.")
    NOT_FULL = "not_full", _("There is a place left: take it, there is nothing to wait for.")
    ALREADY_HERE = "already_here", _("You have a place here already.")
    ALREADY_WAITING = "already_waiting", _("You wait for a place here already.")
    NOT_WAITING = "not_waiting", _("You do not wait for a place here.")
    NO_PLACE = "no_place", _("You have no place here.")
    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")
    NO_REASON = "no_reason", _("Say why: the person who proposed the site is told.")
    HAS_PEOPLE = "has_people", _("People have a place here. Close the site instead.")
    TOO_SMALL = "too_small", _("More people than that have a place here, or are offered one.")
    TOO_EARLY = "too_early", _("People are checked in from a day before the jam starts.")
    PLACE_GONE = "place_gone", _("This person has no place here any more.")
    GIVEN_ON = (
        "given_on",
        _("The hour for those who do not come has passed: undone, the place would be gone."),
    )
    HOUR_PAST = "hour_past", _("This hour has passed. Choose one that is still to come.")
    END_PAST = "end_past", _("This end has passed. Choose one that is still to come.")
    NOT_DECLINED = "not_declined", _("Only what was declined is proposed again.")
    NOTHING_SAID = "nothing_said", _("Write something first.")
    TOO_MANY = "too_many", _("Those were many messages in a day. Go on tomorrow.")
    ALREADY_ORGANIZER = "already_organizer", _("This person organizes the site already.")
    ALREADY_INVITED = "already_invited", _("This person is invited already.")
    UNKNOWN_ADDRESS = (
        "unknown_address",
        _("Nobody here has this address. Ask them to sign up first, then ask them once more."),
    )
    TOO_MANY_ASKED = "too_many_asked", _("Those were many people in a day. Go on tomorrow.")
    NOT_INVITED = "not_invited", _("There is no invitation for you here any more.")
    LAST_ORGANIZER = (
        "last_organizer",
        _("You are the only one who organizes this site. Hand it over to somebody first."),
    )
    TOO_MANY_PICTURES = "too_many_pictures", _("A site has six pictures at most. Remove one first.")
    OTHER_NOT_IN = "other_not_in", _("This person does not take part.")
    OTHER_NO_REASON = "other_no_reason", _("Say why: the person is told.")
    NO_PICTURE = "no_picture", _("This picture is not there any more.")
