import zoneinfo
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jam import orcid as orcids

# By RFC 2606 no mail ever goes there.
NOWHERE = "account.invalid"


@cache
def time_zones() -> frozenset[str]:
    """The names in the time zone database, which takes 20 ms to look through."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database."""
    if name not in time_zones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write it like “Europe/Copenhagen”."),
            params={"name": name},
        )


def validate_links(text: str) -> None:
    """Refuse a text whose lines are not all web addresses."""
    check = URLValidator(schemes=["http", "https"])
    for line in text.split():
        try:
            check(line)
        except ValidationError:
            raise ValidationError(
                _("“%(line)s” is not a web address. Write one address a line, with https://."),
                params={"line": line},
            ) from None


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address. Who leaves is anonymized, never deleted."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        _("name"), max_length=80, help_text=_("As others see it, in any script.")
    )
    affiliation = models.CharField(_("affiliation"), max_length=120, blank=True)
    # As they say themselves: nobody has asked orcid.org.
    orcid = models.CharField(
        _("ORCID iD"),
        max_length=19,
        blank=True,
        validators=[orcids.validate],
        help_text=_("Shown beside your name on what you hand in."),
    )
    bio = models.TextField(_("about you"), max_length=2000, blank=True)
    links = models.TextField(
        _("links"),
        max_length=2000,
        blank=True,
        validators=[validate_links],
        help_text=_("One web address a line."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Mails are written in this zone. Pages follow your browser."),
    )
    # Empty: as the browser asks. Which there are is a setting, so it may name one that is gone.
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        default="",
        help_text=_("Pages and mails are in this language."),
    )
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    date_joined = models.DateTimeField(_("signed up"), auto_now_add=True)
    # The account that is left of the two. What is kept as it was goes on naming this one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("There is an account with this e-mail address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or str(_("Someone"))

    def get_absolute_url(self) -> str:
        return reverse("jam:person", args=[self.pk])

    @property
    def name_in_log(self) -> str:
        return f"person {self.pk}"

    @cached_property
    def merged_keys(self) -> frozenset[int]:
        """The keys of accounts that were merged into this one."""
        return frozenset(self.merged.values_list("pk", flat=True))

    @property
    def closed_address(self) -> str:
        """What stands for their address once their account is closed."""
        return self.unreachable_address(f"closed-{self.pk}")

    @property
    def is_closed(self) -> bool:
        """Whether they have left for good."""
        return self.email == self.closed_address

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @staticmethod
    def unreachable_address(name: str) -> str:
        """What stands for an address where there is none."""
        return f"{name}@{NOWHERE}"

    @property
    def is_reachable(self) -> bool:
        """Whether a mail could reach them."""
        return not self.email.endswith(f"@{NOWHERE}")

    @property
    def link_list(self) -> list[str]:
        return self.links.split()
