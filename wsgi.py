"""The door for any WSGI server: `wsgi:app`. `trainer serve` brings its own, which slow visitors cannot stop."""

import gc

from trainer import logs
from trainer.app import create_app
from trainer.settings import Settings

logs.begin("web")
app = create_app(Settings.from_env())
gc.freeze()  # what is loaded by now stays for good: the collector need not walk through it in every large request
