"""The ground as Django apps: the network app, and the admin as the coordinators' and operators' desk."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "Networks"

    def ready(self) -> None:
        # they need the models, which are there only now
        from network import account_data, daily, delivery, digest, ending, personal, tidying, waking  # noqa: PLC0415

        personal.register(account_data.PART)
        waking.register(delivery.heal)
        ending.register("digest", digest.ENDING)
        daily.register("digest", digest.gather, last=True)
        daily.register("outbox", tidying.heal_outbox, last=True)
        daily.register("tidy", tidying.tidy, last=True)
        daily.register("forget", account_data.forget_what_has_ended, last=True)


class DeskConfig(AdminConfig):
    """The admin whose door opens for coordinators and operators (network.desk)."""

    default_site = "network.desk.Desk"
