"""The app of the directory."""

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "cities"

    def ready(self) -> None:
        from cities.personal import PART  # noqa: PLC0415 - it needs the models, which are there only now
        from network import personal  # noqa: PLC0415

        personal.register(PART)
