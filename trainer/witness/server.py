"""Serve the counter of a witness."""

from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """A WSGI counter, served at one address."""

    def __init__(self, counter: WSGIApplication, bind: str) -> None:
        self._counter = counter
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve: one process, a few threads, and an end to slow requests."""
        choices = {
            "bind": self._bind,
            "worker_class": "gthread",
            "threads": 8,
            "timeout": 30,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Return what is served."""
        return self._counter
