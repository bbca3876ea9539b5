"""What can stop the work. Each message is one whole sentence for the person who meets it."""


class TrainerError(Exception):
    """Something stops the work; the text says what, where and how to mend it."""


class Missing(TrainerError):
    """The thing does not exist, or it is not this person's."""


class Refused(TrainerError):
    """The thing exists, and a rule says no: too early, too often, already done."""


class Stale(Refused):
    """Something was decided after the page had been opened, and the page does not know of it."""


class Broken(TrainerError):
    """The installation or its content is at fault; the visitor can do nothing about it."""


class Busy(TrainerError):
    """It cannot be afforded at this moment; the same thing works a little later.

    Attributes:
        seconds: when to come again.
    """

    def __init__(self, sentence: str, *, seconds: int = 5) -> None:
        super().__init__(sentence)
        self.seconds = seconds
