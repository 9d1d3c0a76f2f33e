"""The way in as a Django app; its daily duties are told to the daily job."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Applications"

    def ready(self) -> None:
        from applications import duties  # noqa: PLC0415 - models are ready only now
        from applications.personal import PART  # noqa: PLC0415
        from network import personal  # noqa: PLC0415

        duties.register()
        personal.register(PART)
