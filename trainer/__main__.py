"""`python -m trainer` is the command `trainer`."""

import gc

gc.disable()  # until the command is loaded: nothing of that is garbage, and to look for some takes a sixth of the start
from trainer.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
