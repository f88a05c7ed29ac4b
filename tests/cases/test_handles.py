import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.enums import Platform
from cases.exceptions import InvalidInput
from cases.handles import Handle, check_instance, check_user_id, format_url, handle_key, parse
from cases.platforms import RULES

DID = "did:plc:z72i7hdynmk6r22z27h6tvur"
ADDRESSES = [
    ("https://x.com/esmirakhahil", "x", "esmirakhahil", "", ""),
    ("https://twitter.com/EsmiraKhahil/", "x", "EsmiraKhahil", "", ""),
    ("http://mobile.twitter.com/esmirakhahil?s=20&t=abc#top", "x", "esmirakhahil", "", ""),
    ("x.com/esmirakhahil/status/1790000000000000000?ref_src=twsrc", "x", "esmirakhahil", "", "1790000000000000000"),
    ("HTTPS://WWW.X.COM/esmirakhahil/with_replies", "x", "esmirakhahil", "", ""),
    ("//x.com//esmirakhahil//", "x", "esmirakhahil", "", ""),
    ("https://x.com/%65smirakhahil", "x", "esmirakhahil", "", ""),
    ("https://x.com/i/user/783214", "x", "", "783214", ""),
    ("https://www.facebook.com/yap.official", "facebook", "yap.official", "", ""),
    ("https://m.facebook.com/profile.php?id=100064860875397&sk=about", "facebook", "", "100064860875397", ""),
    ("https://fr-fr.facebook.com/people/Turkan-Quliyeva/100064860875397/", "facebook", "", "100064860875397", ""),
    ("https://www.facebook.com/p/Some-Party-61550000000000/", "facebook", "", "61550000000000", ""),
    ("https://www.facebook.com/story.php?story_fbid=123&id=456", "facebook", "", "456", "123"),
    ("https://www.facebook.com/yap.official/posts/pfbid02abc", "facebook", "yap.official", "", "pfbid02abc"),
    ("https://facebook.com/100064860875397", "facebook", "", "100064860875397", ""),
    ("https://www.instagram.com/some.name_/?igshid=x", "instagram", "some.name_", "", ""),
    ("https://www.instagram.com/some.name_/p/Cabc-1_/", "instagram", "some.name_", "", "Cabc-1_"),
    ("https://instagram.com/stories/some.name_/123", "instagram", "some.name_", "", ""),
    ("https://www.tiktok.com/@some.name/video/7100000000?lang=en", "tiktok", "some.name", "", "7100000000"),
    ("https://t.me/some_channel", "telegram", "some_channel", "", ""),
    ("https://telegram.me/s/some_channel/42", "telegram", "some_channel", "", "42"),
    ("https://t.me/c/1234567890/7", "telegram", "", "1234567890", "7"),
    ("https://www.youtube.com/@some-name/videos", "youtube", "some-name", "", ""),
    ("https://youtube.com/%40some-name", "youtube", "some-name", "", ""),
    ("https://www.youtube.com/channel/UC" + "aB3_-" * 4 + "xy", "youtube", "", "UC" + "aB3_-" * 4 + "xy", ""),
    ("https://www.youtube.com/c/SomeName", "youtube", "c/SomeName", "", ""),
    ("https://www.youtube.com/user/SomeName", "youtube", "user/SomeName", "", ""),
    ("https://vk.com/id123", "vk", "id123", "123", ""),
    ("https://m.vk.com/club77", "vk", "club77", "-77", ""),
    ("https://vk.com/public77", "vk", "public77", "-77", ""),
    ("https://vk.com/some_name", "vk", "some_name", "", ""),
    ("https://vk.com/wall-77_5", "vk", "club77", "-77", "5"),
    ("https://mastodon.social/@someone", "mastodon", "someone", "", ""),
    ("https://mastodon.social/users/someone/statuses/109", "mastodon", "someone", "", "109"),
    ("https://mastodon.social/@someone/109", "mastodon", "someone", "", "109"),
    ("https://bsky.app/profile/name.bsky.social", "bluesky", "name.bsky.social", "", ""),
    ("https://bsky.app/profile/" + DID + "/post/3k2", "bluesky", "", DID, "3k2"),
    ("https://www.threads.net/@some.name/post/Cabc", "threads", "some.name", "", "Cabc"),
    ("threads.com/@some.name", "threads", "some.name", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("address", "platform", "handle", "user_id", "post"), ADDRESSES)
def test_address_is_read(address, platform, handle, user_id, post):
    found = parse(address)
    assert (found.platform, found.handle, found.platform_user_id, found.post_id) == (platform, handle, user_id, post)
    assert parse(address, platform=platform) == found


@pytest.mark.parametrize(
    ("text", "platform", "handle", "instance"),
    [
        ("@esmirakhahil", "x", "esmirakhahil", ""),
        ("EsmiraKhahil", "x", "EsmiraKhahil", ""),
        ("  @esmirakhahil\n", "x", "esmirakhahil", ""),
        ("@someone@Mastodon.Social", "", "someone", "mastodon.social"),
        ("someone@mastodon.social", "mastodon", "someone", "mastodon.social"),
        ("name.bsky.social", "", "name.bsky.social", ""),
        ("@name.example.org", "bluesky", "name.example.org", ""),
        ("канал-1", "youtube", "канал-1", ""),
        ("Some Name 1", "other", "Some Name 1", ""),
    ],
)
def test_handle_alone_is_read(text, platform, handle, instance):
    found = parse(text, platform=platform)
    assert (found.handle, found.instance) == (handle, instance)


def test_mastodon_address_of_a_remote_account_keeps_its_own_server():
    assert parse("https://mastodon.social/@someone@example.org/109") == Handle(
        "mastodon", handle="someone", instance="example.org", post_id="109"
    )


def test_people_address_offers_the_name_without_identifying_by_it():
    found = parse("https://www.facebook.com/people/Turkan-Quliyeva/100064860875397/")
    assert found.name == "Turkan Quliyeva"
    assert found == parse("https://www.facebook.com/profile.php?id=100064860875397")


@pytest.mark.parametrize(
    ("text", "platform", "words"),
    [
        ("https://x.com/home", "", "page of X"),
        ("https://x.com/i/flow/login", "", "page of X"),
        ("https://x.com/search?q=a", "", "page of X"),
        ("@home", "x", "page of X"),
        ("https://x.com", "", "add the account's part"),
        ("https://x.com/", "", "add the account's part"),
        ("@sixteen_letters_x", "x", "1 to 15 letters"),
        ("has space", "x", "1 to 15 letters"),
        ("", "x", "Give the address"),
        ("   ", "", "Give the address"),
        ("@someone", "", "Say which platform"),
        ("someone@example.org", "", "Say which platform"),
        ("someone", "mastodon", "with its server"),
        ("@someone", "nowhere", "not a platform"),
        ("https://x.com/someone", "facebook", "not of Facebook"),
        ("https://t.me/+AbCdEf", "", "invitation"),
        ("https://t.me/joinchat/AbCdEf", "", "invitation"),
        ("https://t.me/share/url?url=a", "", "page of Telegram"),
        ("https://t.me/s", "", "names no account"),
        ("https://www.instagram.com/p/Cabc/", "", "page of Instagram"),
        ("https://www.instagram.com/a..b/", "", "single full stops"),
        ("https://www.facebook.com/groups/1", "", "page of Facebook"),
        ("https://www.facebook.com/profile.php", "", "id is missing"),
        ("https://www.facebook.com/profile.php?id=abc", "", "whole number"),
        ("https://www.facebook.com/abcd", "", "5 to 50"),
        ("https://www.tiktok.com/discover", "", "has an @"),
        ("https://vm.tiktok.com/ZM1/", "", "shortens addresses"),
        ("https://www.youtube.com/watch?v=1", "", "names no channel"),
        ("https://www.youtube.com/channel/UCshort", "", "24 characters"),
        ("https://bsky.app/search", "", "begins with bsky.app/profile/"),
        ("https://bsky.app/profile/did:plc:short", "", "DID"),
        ("https://x.com@evil.example/someone", "", "user name"),
        ("https://x.com:8443/someone", "", "port"),
        ("https://x.com:99999/someone", "", "not a web address"),
        ("https://[::1/someone", "", "not a web address"),
        ("https://x.com/%ff", "", "not a web address"),
        ("https://x.com/a%2fb", "", "hidden"),
        ("https://x.com/a%00b", "", "hidden"),
        ("https://x.com/a%E2%80%8Bb", "", "hidden"),
        ("ftp://x.com/someone", "", "https://"),
        ("javascript://x.com/someone", "", "https://"),
        ("https://example.org/someone", "", "not an address of a platform"),
        ("https://nitter.example/someone", "x", "not an address of a platform"),
        ("@user@x.com", "", "not a Mastodon server"),
        ("@user@localhost", "", "domain name"),
        ("esmira\u200bkhahil", "x", "U+200B ZERO WIDTH SPACE"),
        ("\u202elihahkarimse", "x", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("esmira\x00", "x", "U+0000"),
        ("\ud800", "x", "U+D800"),
        ("еsmirakhahil", "x", "U+0435 CYRILLIC SMALL LETTER IE"),
        ("a" * 2_001, "x", "at most 2000"),
        ("a" * 2_000, "other", "1 to 100"),
    ],
)
def test_address_or_handle_is_refused_with_its_rule(text, platform, words):
    with pytest.raises(InvalidInput, match=re.escape(words)) as refusal:
        parse(text, platform=platform)
    assert refusal.value.field in {"handle", "platform", "platform_user_id", "instance"}


@pytest.mark.parametrize(
    ("platform", "one", "other", "same"),
    [
        ("x", "EsmiraKhahil", "esmirakhahil", True),
        ("x", "esmira_khahil", "esmirakhahil", False),
        ("facebook", "yap.official", "YapOfficial", True),
        ("instagram", "a.b", "ab", False),
        ("vk", "club77", "PUBLIC77", True),
        ("vk", "club77", "id77", False),
        ("youtube", "name", "user/name", False),
        ("youtube", "name", "c/name", False),
        ("other", "Name", "name", False),
    ],
)
def test_key_follows_the_platforms_own_rule(platform, one, other, same):
    assert (handle_key(platform, one) == handle_key(platform, other)) is same


def test_lookalike_handles_keep_different_keys_and_share_a_skeleton():
    latin, cyrillic = Handle("youtube", "esmira"), Handle("youtube", "еsmira")
    assert latin.key != cyrillic.key
    assert latin.skeleton == cyrillic.skeleton
    assert [mark.kind for mark in cyrillic.marks] == ["homoglyph"]


@pytest.mark.parametrize(
    ("platform", "value"),
    [
        ("x", "@name"),
        ("x", "0"),
        ("x", "9" * 21),
        ("youtube", "UC1"),
        ("bluesky", "plc:1"),
        ("other", "a b"),
        ("x", ""),
    ],
)
def test_platform_id_of_the_wrong_form_is_refused(platform, value):
    with pytest.raises(InvalidInput) as refusal:
        check_user_id(platform, value)
    assert refusal.value.field == "platform_user_id"


@pytest.mark.parametrize(("platform", "value"), [("mastodon", ""), ("x", "x.com"), ("mastodon", "a b"), ("other", "-")])
def test_server_that_does_not_fit_the_platform_is_refused(platform, value):
    with pytest.raises(InvalidInput) as refusal:
        check_instance(platform, value)
    assert refusal.value.field == "instance"


@given(st.text(max_size=80), st.sampled_from(["", *Platform.values]))
def test_parse_never_raises_anything_but_its_own_refusal(text, platform):
    try:
        found = parse(text, platform=platform)
    except InvalidInput:
        return
    assert found.handle or found.platform_user_id


HOSTS = [host for rule in RULES.values() for host in sorted(rule.hosts)]
ODD_TEXT = st.text(alphabet="@+:.?&=%#_-/aZ09iсé\u200b", max_size=12)


@given(
    st.sampled_from([*HOSTS, "mastodon.social", "[", "é.fr"]),
    st.lists(ODD_TEXT | st.sampled_from(["status", "id", "c", "s", "users", "profile", "@name"]), max_size=4),
)
def test_address_of_any_shape_is_read_or_refused_and_what_is_read_round_trips(host, segments):
    try:
        found = parse(f"https://{host}/{'/'.join(segments)}")
    except InvalidInput:
        return
    assert parse(format_url(found), platform=found.platform) == found


@pytest.mark.parametrize("platform", Platform.values)
@given(data=st.data())
def test_format_then_parse_gives_the_same_handle(platform, data):
    text = data.draw(st.from_regex(RULES[platform].handle, fullmatch=True))
    if platform == Platform.MASTODON:
        text = f"@{text}@{data.draw(st.sampled_from(['mastodon.social', 'a-b.example.org']))}"
    try:
        handle = parse(text, platform=platform)
    except InvalidInput:
        assume(False)
    once = parse(format_url(handle), platform=platform)
    assert once == handle
    assert parse(format_url(once), platform=platform) == once
    assert handle_key(platform, handle.key) == handle.key


@given(st.sampled_from(Platform.values), st.text(min_size=1, max_size=30))
def test_key_is_idempotent_for_any_text(platform, text):
    assert handle_key(platform, handle_key(platform, text)) == handle_key(platform, text)
