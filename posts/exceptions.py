"""What can go wrong with a file of posts or with an analysis, in words for the person who asked."""

from cases.exceptions import InvalidInput


class NotPosts(InvalidInput):
    """The file is recognised, or empty, and holds no posts."""


class NotAList(InvalidInput):
    """The file lists no accounts, or those of several lists."""


class UnknownFormat(InvalidInput):
    """No known export looks like this; `examination` has the columns and a proposal where a mapping can read it."""

    def __init__(self, message: str, *, examination: object = None):
        super().__init__(message, field="format")
        self.examination = examination


class UnreadableFile(InvalidInput):
    """The file cannot be read at all: damaged, too large inside, or in no encoding that we know."""


class BadMapping(InvalidInput):
    """The mapping names columns that are not there, or leaves out one that is needed."""


class UnknownZone(InvalidInput):
    """No such time zone."""


class TooManyPairs(InvalidInput):
    """The co-sharing pairs were counted and exceed the cap; `pairs` is their number."""

    def __init__(self, pairs: int, cap: int):
        super().__init__(
            f"These settings give {pairs:,} pairs of posts, and at most {cap:,} are looked at. "
            "Choose a shorter window, a shorter period or another object.",
            field="window",
        )
        self.pairs = pairs


class TooManyTexts(InvalidInput):
    """More posts than one analysis may hold; `posts` is their number."""

    def __init__(self, posts: int, cap: int):
        super().__init__(f"There are {posts:,} posts; near-duplicates are searched among at most {cap:,}.")
        self.posts = posts


class TooManyAlike(InvalidInput):
    """More texts, or pairs of them, than one list of alike texts holds."""

    def __init__(self, number: int, what: str, cap: int):
        super().__init__(
            f"There are {number:,} {what}, and at most {cap:,} are compared one by one. Choose a shorter period, a "
            "hashtag, or a higher threshold.",
            field="threshold",
        )


class InvalidSettings(InvalidInput):
    """A setting of an analysis that means nothing; `field` names it."""
