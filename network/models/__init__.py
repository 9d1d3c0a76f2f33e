"""The ground: people, networks, who holds which office, news, barriers, letters, the version of public content."""

from network.models.barrier import BarrierReport
from network.models.letter import DailyRun, Letter
from network.models.network import Field, Figure, Network, Passage
from network.models.news import News
from network.models.office import Office
from network.models.people import User
from network.models.version import ContentVersion

__all__ = [
    "BarrierReport",
    "ContentVersion",
    "DailyRun",
    "Field",
    "Figure",
    "Letter",
    "Network",
    "News",
    "Office",
    "Passage",
    "User",
]
