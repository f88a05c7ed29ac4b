"""What the same accounts did before, and in other files: matched within a platform, never across two."""

import pytest
from django.urls import reverse

from posts.exceptions import InvalidSettings
from posts.models import Analysis, Post
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


def overlap(room, *datasets, **asked):
    return analyse(room.investigator, room.case, datasets, method="overlap", **asked).result


def test_chance_is_out_of_all_accounts_of_the_case_or_of_a_given_number(room, tmp_path):
    """Two files share 2 of their 2 and 3 accounts; 9 more are in the case: C(10, 1) / C(12, 3)."""
    one = import_posts(room.investigator, room.case, table(tmp_path / "one.csv", POSTS[:3]))
    two = import_posts(room.investigator, room.case, table(tmp_path / "two.csv", POSTS[4:6]))
    others = [row(n, n, f"A post by somebody else, {n}") for n in range(20, 29)]
    import_posts(room.investigator, room.case, table(tmp_path / "others.csv", others))
    alone = overlap(room, one, two)
    assert alone["population"] == {"accounts": 3, "of": "all accounts with posts in these files"}
    assert alone["pairs"][0]["p"] is None
    whole = overlap(room, among=["D-1", "d-2"])
    assert (whole["population"]["accounts"], whole["matrix"]) == (12, [[3, 2], [2, 2]])
    assert whole["pairs"][0]["p"] == pytest.approx(10 / 220)
    given = overlap(room, one, two, population=12)
    assert given["population"] == {"accounts": 12, "of": "as given"}
    assert given["pairs"] == whole["pairs"]


def test_campaigns_within_one_file_are_compared_by_hashtag_and_by_words(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    found = overlap(room, among=["#OLD", "#now", "not there"])
    assert [(one["name"], one["accounts"]) for one in found["campaigns"]] == [
        ("#now", 2),
        ("#old", 2),
        ("not there", 0),
    ]
    assert [one["names"] for one in found["pairs"]] == [["1"], [], []]
    assert [one["p"] for one in found["pairs"]] == [None, pytest.approx(1), pytest.approx(1)]
    assert overlap(room, among=["islands", "#old"], end="2024-05-16")["matrix"] == [[2, 2], [2, 3]]


REFUSED = [
    ({"among": ["#old", "#OLD "]}, "among"),
    ({"among": ["#old", "#now"], "tag": "old"}, "among"),
    ({"among": ["#old", "D-7"]}, "among"),
    ({"population": 2}, "population"),
    ({"population": -1}, "population"),
]


@pytest.mark.parametrize(("asked", "field"), REFUSED)
def test_campaigns_that_cannot_be_compared_are_refused(room, tmp_path, asked, field):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    with pytest.raises(InvalidSettings) as refused:
        overlap(room, **asked)
    assert refused.value.field == field


def test_campaigns_are_asked_for_in_the_form_one_a_line(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "all.csv", POSTS))
    asked = {"method": "overlap", "zone": "UTC", "among": "#old\r\n\r\n#now\r\n", "population": "40"}
    response = browser(room.investigator).post(reverse("posts:analyses", args=["NC-2024"]), asked)
    assert response.status_code == 302
    assert Analysis.objects.get().parameters == {
        "among": ["#old", "#now"],
        "population": 40,
        "zone": "UTC",
    } | dict.fromkeys(("tag", "query", "start", "end"), "")


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
