"""The ground as Django apps: the network app, and the admin as the coordinators' and operators' desk."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "Networks"


class DeskConfig(AdminConfig):
    """The admin whose door opens for coordinators and operators (network.desk)."""

    default_site = "network.desk.Desk"
