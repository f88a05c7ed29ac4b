from posts.models.analyses import Analysis, PostGroup, Recomputation
from posts.models.datasets import Dataset, RejectedRecord
from posts.models.follows import FollowEntry, FollowList
from posts.models.posts import AuthorSnapshot, Post, SharedObject, Sighting

__all__ = [
    "Analysis",
    "AuthorSnapshot",
    "Dataset",
    "FollowEntry",
    "FollowList",
    "Post",
    "PostGroup",
    "Recomputation",
    "RejectedRecord",
    "SharedObject",
    "Sighting",
]
