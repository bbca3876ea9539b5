"""`python -m trainer` is the command `trainer`."""

import gc

gc.disable()  # nothing of what is loaded is garbage, and to look for some takes a sixth of the start
from trainer.cli import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
