"""The floor in the admin. Organizers among the staff set up their own jams, superusers all."""

from allauth.account.decorators import secure_admin_login
from allauth.usersessions.admin import UserSessionAdmin
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from . import beginnings, jams, loads, operators, people, rows, schedule, taking
from .base import Listed, OfOwnJams, ReadOnly, Searching
from .operators import EMPTY, PERSON, look_at

__all__ = [
    "EMPTY",
    "PERSON",
    "Listed",
    "OfOwnJams",
    "ReadOnly",
    "Searching",
    "beginnings",
    "jams",
    "loads",
    "look_at",
    "operators",
    "people",
    "rows",
    "schedule",
    "taking",
]

admin.site.site_header = admin.site.site_title = "Peerjam"
admin.site.index_title = _("Administration")
# It searches by a name for signing in, which our people do not have.
UserSessionAdmin.search_fields = ["user__email", "ip"]
# The same door for all: with its limits on attempts, and its second factor.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.unregister(Group)
