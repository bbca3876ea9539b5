"""What may become of an attempt to deliver."""


class Undelivered(Exception):
    """A notice did not arrive this time; the text says what the other side, or the network, answered.

    It never repeats the address: what became of an attempt is kept for ever, and a person can be erased.
    """
