"""The door for a WSGI server: `gunicorn wsgi:app`."""

import gc

from trainer.app import create_app
from trainer.settings import Settings

app = create_app(Settings.from_env())
gc.freeze()  # what is loaded by now stays for good: the collector need not walk through it in every large request
