"""Normalisation, hashtags and addresses: those of the definition for every text, and right for scripts that trip."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posts.texts import links
from posts.texts.forms import digest, forms
from posts.texts.hashtags import folded, tags
from posts.texts.normalisation import core, is_eligible, n1
from tests.posts import reference

PIECES = st.sampled_from(
    [
        *("RT @Foo: ", "rt ＠bar : ", "@name", "＠全角", "a@b.c", "&amp;", "&#39;", "&lt;"),
        *("https://t.co/aB", "www.x.y/z", "t.co/q", "pic.twitter.com/1", "HTTPS://X", "httpſ://x"),
        *("#Tag", "＃全角", "#İlhamƏliyev", "#नमस्ते", "#123", "#a·b", "#وسم", "слово", "كلمة", "ｆｕｌｌ", "word"),
        *("…", "...", ".", " ", "\n", "\x85", "\u3000", "\u200d", "\u202e", "\ufeff", "\u00ad"),
        *("İ", "ı", "I", "ﬁ", "👍🏽", "1️⃣", "ß", "ǅ", "Å", "½", "Ⅳ", "K", "ﷺ"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join)


@given(TEXTS)
@example("RT @Foo: Hello &amp; welcome https://t.co/abc #İlhamƏliyev")
@example("...  ...")
@example("a #tag...")
def test_n1_core_and_tags_are_those_of_the_definition(text):
    normalised = n1(text)
    assert normalised == reference.n1(text)
    assert core(normalised) == reference.core(normalised)
    assert tags(text) == reference.tags(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=60))
def test_the_short_way_for_ascii_gives_the_same(text):
    assert n1(text) == reference.n1(text)


@given(TEXTS)
def test_normalised_text_has_no_space_at_its_ends_nor_two_in_a_row(text):
    normalised = n1(text)
    assert normalised == normalised.strip()
    assert "  " not in normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("İLHAM ƏLİYEV QƏLƏBƏ GÜNÜ", "ilham əliyev qələbə günü", id="dotted capital i"),
        pytest.param("ISTANBUL güzel", "ıstanbul GÜZEL", id="dotless i"),
        pytest.param("ＦＵＬＬ　ｗｉｄｔｈ", "full width", id="full width"),
        pytest.param("good 👍🏽 day", "good 👍 day", id="skin tone"),
        pytest.param("heart ❤️ here", "heart ❤ here", id="variation selector"),
        pytest.param("\u202eabc\u202c def", "abc def", id="bidi override"),
        pytest.param("za\u200bmane\u00ad", "zamane", id="zero width and soft hyphen"),
        pytest.param("cafe\u0301", "café", id="composed and decomposed"),
        pytest.param("ﷺ", "صلى الله عليه وسلم", id="Arabic ligature"),
        pytest.param("RT @x: same words", "same words https://t.co/1", id="repost and link"),
        pytest.param("same words…", "same words...", id="ellipsis"),
        pytest.param("A &amp; B", "a & b", id="entity"),
    ],
)
def test_texts_that_people_call_the_same_have_one_form(one, other):
    assert n1(one) == n1(other) != ""


def test_devanagari_keeps_its_vowel_signs():
    assert n1("नमस्ते दुनिया") == "नमस्ते दुनिया"
    assert tags("#नमस्ते और #हिन्दी_दिवस") == ["नमस्ते", "हिन्दी_दिवस"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#İlhamƏliyev #ilhaməliyev", ["ilhaməliyev"]),
        ("#İLHAM vs #ilham #IĞDIR #ığdır", ["ilham", "iğdir"]),
        ("＃全角 #a·b &#39;x&#39; #123 #1a foo#bar http://x.y/#frag", ["全角", "a·b", "1a"]),
        ("#می‌خواهم", ["می‌خواهم"]),
        ("&num; #x &amp;#y /#z", ["x"]),
        ("no tags", []),
    ],
)
def test_hashtags_are_read_as_platforms_read_them(text, expected):
    assert tags(text) == expected


def test_tags_that_a_platform_lists_are_folded_alike_and_counted_once():
    assert folded(["#Foo", "foo", " ＦＯＯ ", "", "#", "Bar"]) == ["foo", "bar"]


def test_levels_differ_in_what_they_ignore():
    first, second = forms("RT @a: Same words, every time here #one"), forms("same words, every time here #two")
    assert first.raw != second.raw
    assert first.n1 != second.n1
    assert first.core == second.core == "same words, every time here"
    assert first.digests[2] == second.digests[2]
    assert first.digests[1] != second.digests[1]


@pytest.mark.parametrize(("length", "expected"), [(19, False), (20, True)])
def test_a_core_of_twenty_characters_counts(length, expected):
    assert is_eligible("x" * length) is expected
    assert forms("x" * length + " #kochfarms").eligible is expected


def test_digests_take_any_text_and_tell_texts_apart():
    assert digest("\ud800") != digest("\ud801")
    assert len(digest("")) == 16


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTTPS://Example.COM/a?utm_source=x&id=7#top", "https://example.com/a?id=7"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com:443/a/", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("www.example.com/a?fbclid=1", "https://www.example.com/a"),
        ("http://[", "http://["),
    ],
)
def test_an_address_has_one_spelling(written, expected):
    assert links.canonical(written) == expected


@given(st.text(max_size=40))
def test_any_text_can_be_asked_for_its_address(text):
    once = links.canonical(f"https://example.org/{text}")
    assert links.canonical(once) == once
    assert links.domain(f"https://example.org/{text}") in {"example.org", ""}


@pytest.mark.parametrize(("url", "host"), [("https://www.Example.org/a", "example.org"), ("", ""), ("http://[", "")])
def test_a_domain_is_the_host_without_www(url, host):
    assert links.domain(url) == host


def test_addresses_in_a_text_leave_out_the_punctuation_behind_them():
    assert links.found_in("See (https://a.b/c), www.d.e. and https://a.b/c!") == ["https://a.b/c", "www.d.e"]
