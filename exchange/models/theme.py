"""What a practice or a session is about: one theme each, and the Sustainable Development Goals."""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    """The themes of practices.csv (exchange/data/README.md)."""

    LEARNING = "learning", _("learning")
    CULTURE = "culture", _("culture")
    INCLUSION = "inclusion", _("inclusion")
    HEALTH = "health", _("health")
    ECONOMY = "economy", _("economy")
    GOVERNANCE = "governance", _("governance")
    MOBILITY = "mobility", _("mobility")
    FOOD = "food", _("food")
    CLIMATE = "climate", _("climate")


# The names the United Nations use (resolution 70/1 of 2015), in German those of the German government.
GOALS: Mapping[int, Promise] = {
    1: _("No poverty"),
    2: _("Zero hunger"),
    3: _("Good health and well-being"),
    4: _("Quality education"),
    5: _("Gender equality"),
    6: _("Clean water and sanitation"),
    7: _("Affordable and clean energy"),
    8: _("Decent work and economic growth"),
    9: _("Industry, innovation and infrastructure"),
    10: _("Reduced inequalities"),
    11: _("Sustainable cities and communities"),
    12: _("Responsible consumption and production"),
    13: _("Climate action"),
    14: _("Life below water"),
    15: _("Life on land"),
    16: _("Peace, justice and strong institutions"),
    17: _("Partnerships for the goals"),
}
