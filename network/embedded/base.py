"""Django's PostgreSQL backend, with the server started when the first connection is made."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from network.embedded import server


class DatabaseWrapper(base.DatabaseWrapper):
    """HOST is the cluster's folder instead of a host name."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        durable = params.pop("durable", True)
        params["host"] = str(server.ensure(Path(self.settings_dict["HOST"]), durable=durable))
        return params
