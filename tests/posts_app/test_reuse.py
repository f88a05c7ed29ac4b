"""What the same accounts did before, and in other files: matched within a platform, never across two."""

import pytest
from django.urls import reverse

from posts.models import Post
from tests.factories.posts import PASTED, analyse, import_posts, row, table
from tests.posts_app.test_pages import browser, words

pytestmark = pytest.mark.django_db
DAY = 24 * 60
# Before: two of the campaign's accounts and a stranger to it paste one text; then the campaign, and one more paste.
POSTS = [
    row(1, 1, f"{PASTED} #old"),
    row(2, 2, f"{PASTED} #older", minutes=5),
    row(3, 9, f"{PASTED} #old", minutes=6),
    row(4, 1, "RT @user9: something else that is long enough #old", minutes=7, retweet_id="77"),
    row(5, 1, "Now the islands are everything that we speak of #now", minutes=DAY),
    row(6, 2, "And everybody says of the islands what they want #now", minutes=DAY + 1),
    row(7, 1, f"{PASTED} #later", minutes=2 * DAY),
]


def of_platform(room, path, rows, platform):
    return import_posts(room.investigator, room.case, table(path, rows), platform=platform)


def ids_of(group):
    return list(Post.objects.filter(pk__in=group.posts).order_by("at").values_list("native_id", flat=True))


def check_what_they_did_before(found):
    assert [(one["tag"], one["posts"], one["accounts"]) for one in found.result["hashtags"]] == [
        ("old", 2, 1), ("older", 1, 1),
    ]  # fmt: skip
    (pasted,) = found.result["clusters"]
    assert (pasted["posts"], pasted["accounts"]) == (2, 2)
    assert (pasted["first"]["at"], pasted["last"]) == ("2024-05-15T21:30:00+00:00", "2024-05-15T21:35:00+00:00")
    behind = {(one.name, one.place): ids_of(one) for one in found.groups.all()}
    assert behind == {("earlier", 0): ["1", "2"], ("earlier_tags", 0): ["1", "4"], ("earlier_tags", 1): ["2"]}


def test_tags_and_texts_of_the_same_accounts_before_a_campaign(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    check_what_they_did_before(analyse(room.investigator, room.case, method="earlier_tags", tag="now"))


def test_posts_of_another_platform_in_the_case_hide_nothing_and_add_nothing(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    of_platform(room, tmp_path / "vk.csv", [row(1, 1, f"{PASTED} #elsewhere"), row(2, 3, PASTED)], "vk")
    check_what_they_did_before(analyse(room.investigator, room.case, method="earlier_tags", tag="now"))


def test_same_id_on_two_platforms_is_two_accounts(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "one.csv", POSTS[:3]))
    import_posts(room.investigator, room.case, table(tmp_path / "two.csv", POSTS[4:6]))
    of_platform(room, tmp_path / "vk.csv", [row(1, 1, PASTED), row(2, 3, PASTED)], "vk")
    found = analyse(room.investigator, room.case, method="overlap").result
    assert found["matrix"] == [[3, 2, 0], [2, 2, 0], [0, 0, 2]]
    assert found["pairs"][0]["names"] == ["x:1", "x:2"]


def test_page_shows_what_they_pasted_before_and_leads_to_the_posts(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    page = browser(room.investigator)
    asked = {"tag": "now", "coshare": "text", "zone": "UTC"}
    shown = page.get(reverse("posts:campaign", args=["NC-2024"]), asked)
    assert "2 posts of 2 of these accounts" in words(shown)
    behind = words(page.get(reverse("posts:behind", args=["NC-2024", "earlier", 0]), asked))
    assert "A text that several of these accounts posted before" in behind
    assert PASTED in behind
    tagged = words(page.get(reverse("posts:behind", args=["NC-2024", "earlier_tags", 0]), asked))
    assert "something else that is long enough" in tagged
    assert "@user9" not in tagged.replace("RT @user9", "")


def test_profiles_of_one_handle_on_two_platforms_are_two_accounts_with_their_posts(room, tmp_path):
    """Where an export has no ids, the handle with its platform is all that tells accounts apart."""
    for platform, place in (("x", "Bordo"), ("vk", "Paris")):
        rows = [["1", "", "ana", f"{PASTED} {platform}", "2024-05-16T10:00:00Z", "", "", place, 1, 1]]
        of_platform(room, tmp_path / f"{platform}.csv", rows, platform)
    found = analyse(room.investigator, room.case, method="locations")
    assert (found.result["accounts"], found.result["changed"]) == (2, 0)
    assert [len(group.posts) for group in found.groups.filter(name="locations")] == [1, 1]
