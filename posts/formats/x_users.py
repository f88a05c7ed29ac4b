"""X's user object through its generations: where name, bio, location and counts stand has moved twice since 2025."""

from collections.abc import Iterable

from posts.formats.building import instant
from posts.formats.values import count, dig, digs, flag, identifier, text
from posts.records import AuthorSnapshot

# Each field with the places it stood in, newest generation first (fa0311/twitter-openapi #95, OpenCLI #2188).
_PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "handle": (("core", "screen_name"), ("legacy", "screen_name")),
    "display_name": (("core", "name"), ("legacy", "name")),
    "bio": (("profile_bio", "description"), ("legacy", "description")),
    "location": (("location", "location"), ("legacy", "location")),
    "followers": (
        ("relationship_counts", "followers"),
        ("relationship_counts", "followers_count"),
        ("legacy", "followers_count"),
    ),
    "following": (
        ("relationship_counts", "following"),
        ("relationship_counts", "friends_count"),
        ("legacy", "friends_count"),
    ),
    "posts": (("tweet_counts", "tweets"), ("legacy", "statuses_count")),
    "created_at": (("core", "created_at"), ("legacy", "created_at")),
    "verified": (("verification", "verified"), ("legacy", "verified"), ("is_blue_verified",)),
    "protected": (("privacy", "protected"), ("legacy", "protected")),
    "avatar": (("avatar", "image_url"), ("legacy", "profile_image_url_https")),
    "url": (("website", "url"), ("legacy", "url")),
}


def of_graphql(user: object) -> AuthorSnapshot:
    """Return the profile in a `user_results.result`, whichever generation it is of; an empty one gives an empty one."""
    found = {name: _first(user, places) for name, places in _PLACES.items()}
    return _snapshot(identifier(dig(user, "rest_id"), "the author's id"), found)


def of_classic(user: object) -> AuthorSnapshot:
    """Return the profile in the `user` of API v1.1 and of older captures."""
    own = user if isinstance(user, dict) else {}
    found = {name: _first({"legacy": own}, places) for name, places in _PLACES.items()}
    user_id = own.get("id_str") or own.get("rest_id") or own.get("id")
    return _snapshot(identifier(user_id, "the author's id"), found)


def of_api2(user: object) -> AuthorSnapshot:
    """Return the profile in a user of API v2."""
    own = user if isinstance(user, dict) else {}
    found = {
        "handle": own.get("username"),
        "display_name": own.get("name"),
        "bio": own.get("description"),
        "followers": dig(own, "public_metrics", "followers_count"),
        "following": dig(own, "public_metrics", "following_count"),
        "posts": dig(own, "public_metrics", "tweet_count"),
        "avatar": own.get("profile_image_url"),
    }
    found |= {name: own.get(name) for name in ("location", "created_at", "verified", "protected", "url")}
    return _snapshot(identifier(own.get("id"), "the author's id"), found)


def _first(user: object, places: Iterable[tuple[str, ...]]) -> object:
    for place in places:
        value = dig(user, *place)
        if value is not None and value != "":
            return value
    return None


def _snapshot(user_id: str, found: dict[str, object]) -> AuthorSnapshot:
    return AuthorSnapshot(
        platform="x",
        author_id=user_id,
        handle=text(found.get("handle")),
        display_name=text(found.get("display_name")),
        bio=text(found.get("bio")),
        location=text(found.get("location")),
        followers=count(found.get("followers")),
        following=count(found.get("following")),
        posts=count(found.get("posts")),
        created_at=instant(found.get("created_at")),
        verified=flag(found.get("verified")),
        protected=flag(found.get("protected")),
        url=text(found.get("url")),
        avatar=text(found.get("avatar")),
    )


def handle_in_media(media: Iterable[dict]) -> str:
    """Return the screen name in the address of a post's own picture, where the profile itself is missing."""
    for one in media:
        steps = digs(one, "expanded_url").split("/")
        if len(steps) > 4 and steps[4] == "status":
            return steps[3]
    return ""
