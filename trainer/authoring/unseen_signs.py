"""Signs that no author means to write: nobody sees them, and a page or a database may stumble over them."""

import re

from trainer.authoring.messages import Message
from trainer.authoring.release import Files

_TEXTS = (".md", ".yaml")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")


def unseen_signs(files: Files) -> tuple[Message, ...]:
    """Name every line of a text file with a control character, or one that turns the line around (Unicode TR 36)."""
    found = []
    for path, content in files.items():
        if path.endswith(_TEXTS):
            for number, line in enumerate(content.decode(errors="replace").split("\n"), start=1):
                if sign := _UNSEEN.search(line):
                    text = f"Remove the sign U+{ord(sign[0]):04X} from this line: nobody can see it."
                    found.append(Message(path, number, text))
    return tuple(found)
