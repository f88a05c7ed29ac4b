from search.models.documents import Document, Noted, Word, Wording
from search.models.likeness import Likeness
from search.models.saved import SavedSearch

__all__ = ["Document", "Likeness", "Noted", "SavedSearch", "Word", "Wording"]
