from posts.models.analyses import Analysis, PostGroup, Recomputation
from posts.models.datasets import Dataset, RejectedRecord
from posts.models.posts import AuthorSnapshot, Post, SharedObject, Sighting

__all__ = [
    "Analysis",
    "AuthorSnapshot",
    "Dataset",
    "Post",
    "PostGroup",
    "Recomputation",
    "RejectedRecord",
    "SharedObject",
    "Sighting",
]
