"""How often one network may ask; counted anew in each process, and kept nowhere."""

from flask import Flask, Response, request
from flask_limiter import Limiter

limiter = Limiter(lambda: request.remote_addr or "", storage_uri="memory://")


def init_app(app: Flask) -> None:
    """Let the limiter know the application."""
    limiter.init_app(app)


def found_nothing(response: Response) -> bool:
    """Say whether an answer counts against whoever tries addresses at random: looking at what is there does not."""
    return response.status_code == 404
