from search.models.documents import Document, Noted, Word
from search.models.likeness import Likeness

__all__ = ["Document", "Likeness", "Noted", "Word"]
