"""The app of what cities give each other."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        from cities.sitemaps import SITEMAPS  # noqa: PLC0415 - it needs the models, which are there only now
        from exchange import duties, personal  # noqa: PLC0415
        from exchange.sitemaps import PARTS  # noqa: PLC0415
        from network import daily, ending  # noqa: PLC0415
        from network.personal import register  # noqa: PLC0415

        SITEMAPS.update(PARTS)
        register(personal.PART)
        for name, duty in duties.DUTIES.items():
            daily.register(name, duty)
        for name, end in duties.ENDINGS.items():
            ending.register(name, end)
