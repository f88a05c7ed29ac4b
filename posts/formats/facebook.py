"""Facebook and Instagram in tables: Meta's Content Library, and CrowdTangle, which closed in August 2024."""

from posts.enums import Kind, Relation
from posts.formats.building import Context, instant, post, reference, utc
from posts.formats.values import count, identifier, json_list, metrics, parts, text
from posts.records import AuthorSnapshot, Media, PostRecord

_MCL = (
    ("reactions", "reaction_count"),
    ("likes", "like_count"),
    ("loves", "love_count"),
    ("hahas", "haha_count"),
    ("wows", "wow_count"),
    ("sads", "sad_count"),
    ("angries", "angry_count"),
    ("cares", "care_count"),
    ("replies", "comment_count"),
    ("reposts", "share_count"),
    ("views", "views"),
)
_CROWDTANGLE = (
    ("interactions", "Total Interactions"),
    ("likes", "Likes"),
    ("replies", "Comments"),
    ("reposts", "Shares"),
    ("loves", "Love"),
    ("wows", "Wow"),
    ("hahas", "Haha"),
    ("sads", "Sad"),
    ("angries", "Angry"),
    ("cares", "Care"),
    ("views", "Post Views"),
)


def convert_library(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of the Content Library: by its owner, whatever page or group it stands on.

    Its ids are of the library only, and the addresses of its media expire.
    """
    shared = identifier(row.get("shared_post_id"), "the shared post's id")
    surface = row.get("surface.id") or ""
    elsewhere = surface and surface != row.get("post_owner.id")
    text_of_owner = row.get("text") or ""
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="facebook" if "facebook" in (row.get("mcl_url") or "") else "instagram",
            author_id=identifier(row.get("post_owner.id"), "the owner's id"),
            handle=row.get("post_owner.username") or "",
            display_name=row.get("post_owner.name") or "",
        ),
        native_id=identifier(row["id"], "the post's id"),
        claimed=utc(row.get("creation_time")),
        collected=instant(row.get("statistics.views_date_last_refreshed")),
        text=text_of_owner,
        refs=[reference(_relation(text_of_owner), shared)],
        urls=[row["link_attachment.link"]] if row.get("link_attachment.link") else None,
        media=[Media(text(one.get("type")), text(one.get("url"))) for one in json_list(row.get("multimedia") or "")],
        metrics=metrics((ours, row.get(f"statistics.{theirs}")) for ours, theirs in _MCL),
        lang=row.get("lang") or "",
        url=row.get("mcl_url") or "",
        notes=(f"on {row.get('surface.name') or surface}",) if elsewhere else (),
    )


def _relation(text_of_owner: str) -> Relation:
    """Sharing with words of one's own is what others call quoting; the shared text itself is not in the table."""
    return Relation.QUOTED if text_of_owner else Relation.REPOSTED


def convert_crowdtangle(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of CrowdTangle's export; the post's id is the last part of its address."""
    name = row.get("Page Name") or row.get("Group Name") or row.get("Page Name or Group Name") or row.get("Account")
    facebook_id = identifier(row.get("Facebook Id"), "the page's id")
    url = row.get("URL") or ""
    text_of_owner = row.get("Message") or row.get("Description") or ""
    shares = (row.get("Type") or "").strip().lower() == "share"
    link = row.get("Final Link") or row.get("Link") or ""
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="facebook" if "Facebook Id" in row else "instagram",
            author_id=facebook_id,
            handle=row.get("User Name") or "",
            display_name=name or "",
            bio=row.get("Page Description") or "",
            location=row.get("Page Admin Top Country") or "",
            location_source="vendor:Facebook",
            followers=count(row.get("Followers at Posting")),
            created_at=context.clock(row.get("Page Created")).moment,
        ),
        native_id=_post_id(url, facebook_id),
        claimed=context.clock(row.get("Post Created")),
        text=text_of_owner,
        kind=(Kind.QUOTE if text_of_owner else Kind.REPOST) if shares else None,
        urls=[link] if link else None,
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _CROWDTANGLE),
        url=url,
    )


def _post_id(url: str, page: str) -> str:
    steps = [step for step in parts(url.partition("?")[0], "/") if step]
    number = steps[-1] if steps and any(c.isdigit() for c in steps[-1]) else ""
    return f"{page}_{number}" if page and number else identifier(number or url, "the post's address")
