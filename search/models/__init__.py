from search.models.documents import Document, Noted, Word

__all__ = ["Document", "Noted", "Word"]
