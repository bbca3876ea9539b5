"""The whole house, loaded: what a process has in memory from which others are forked."""

import gc

gc.disable()  # as in trainer.__main__

import trainer.app  # noqa: E402
import trainer.certificates.paper.layout_engine  # noqa: E402
import trainer.serving.server  # noqa: E402, F401
from trainer.cli import COMMANDS, cli  # noqa: E402

for name in COMMANDS:
    cli.get_command(None, name)  # the first one lets the collector look again
gc.freeze()
