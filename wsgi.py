"""The door for a WSGI server: `gunicorn wsgi:app`."""

from trainer.app import create_app
from trainer.settings import Settings

app = create_app(Settings.from_env())
