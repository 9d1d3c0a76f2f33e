"""People who sign in: the e-mail address is the name."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are kept in small letters."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An operator: may do everything but decide on applications. Whoever gets this far at the server need not
        confirm the address by e-mail, which may not work yet."""
        user = self.create_user(email, password, is_superuser=True, **fields)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What somebody may do follows from offices (networks) and city teams, never from a flag here."""

    class Letters(models.TextChoices):
        """When letters about cases arrive; those about deadlines and the account always do, and at once."""

        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day, gathered in one letter")
        NEVER = "never", _("never: I read them in the portal")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("preferred language"), max_length=2, choices=settings.LANGUAGES, default="de")
    letters = models.CharField(
        _("letters by e-mail"), max_length=8, choices=Letters, default=Letters.AT_ONCE, db_default="at_once"
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)
    # The row stays where an account has ended, without name and address: logs refer to it (network.accounts).
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    @cached_property
    def kept(self) -> dict[str, object]:
        """What was asked about the person already. As long as this object: for one request."""
        return {}

    def __str__(self) -> str:
        return gettext("deleted person") if self.deleted_at else self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Addresses in small letters, as sign-in looks for them."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)
