"""The broker of the embedded size: Celery's file-system transport, made safe against half-written files.

Kombu's own creates a message under its final name before it writes it. A worker that reads it in between, or
after the writer was killed there, stops with a JSON error; an exchange file cut short makes every later
message fail. Here a message gets its name when it is whole, and an exchange file that can't be read is made anew.
"""

import os
import uuid
from pathlib import Path
from time import time_ns

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Puts and binds as its parent does, whole or not at all."""

    def _put(self, queue, payload, **kwargs):
        # The wall clock, so that the order survives a restart of the machine; kombu's monotonic one begins at zero.
        name = f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.part"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        os.replace(unfinished, folder / name)

    def get_table(self, exchange):
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange, *names):
        try:
            super()._queue_bind(exchange, *names)
        except ValueError:
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, *names)


class Transport(filesystem.Transport):
    Channel = Channel
    # Seconds between two looks into the folder; and for how long Celery, which waits here, can't see that it should stop.
    polling_interval = 0.2
    patience = 0.5

    def drain_events(self, connection, timeout=None):
        return super().drain_events(connection, min(timeout or self.patience, self.patience))


def register():
    """Make `embedded://` a broker's URL."""
    TRANSPORT_ALIASES["embedded"] = f"{__name__}:Transport"
