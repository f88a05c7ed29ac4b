"""Why one record is not taken. A reader turns it into a Rejection with the record's place."""


class Refused(ValueError):
    """One record cannot be taken; `code` is for counting, the message for a person."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
