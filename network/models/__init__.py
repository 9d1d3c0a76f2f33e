"""The ground: people, networks, who holds which office, news, reports of barriers, the version of public content."""

from network.models.barrier import BarrierReport
from network.models.network import Field, Figure, Network, Passage
from network.models.news import News
from network.models.office import Office
from network.models.people import User
from network.models.version import ContentVersion

__all__ = ["BarrierReport", "ContentVersion", "Field", "Figure", "Network", "News", "Office", "Passage", "User"]
