"""How a parser declines a file that it understood."""


class Refused(Exception):
    """Carries the sentence that a person will read."""
