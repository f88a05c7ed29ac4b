"""Quotes are found where they stand, by true offsets, or not at all."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.exceptions import InvalidInput
from claims import selectors
from claims.selectors import find, fold, nearest, page_of, parse_region, says_something

TEXT = (
    "Turkan Quliyeva, another member of YAP, also had her X account suspended for the same offense, according to her "
    "Facebook account.\n\nAmong the suspended X accounts is one belonging to Vuqar Agayev, who campaigned for YAP in "
    "Baku’s Garadagh district.\nHe said: “I did.” The account was suspended. The account was suspended."
)
# What parsers and keyboards really produce: ligatures, combining marks, spaces of many widths, emoji, Cyrillic.
LETTERS = st.sampled_from(list("aB ıəŞ\u0301e\u0301ﬁ“”’\"'–-\u00a0\u2009\n\t😀Яй\u0306한\u1112\u1161\u200bz"))
TEXTS = st.text(LETTERS, max_size=200)


@given(TEXTS, st.data())
def test_every_slice_is_found_where_its_surroundings_say(text, data):
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    exact = text[start:end]
    if not says_something(exact):
        return
    found = find(text, exact, prefix=text[max(0, start - 64) : start], suffix=text[end : end + 64])
    assert (found.exact, text[found.start : found.end]) == (exact, exact)
    assert not found.tolerant
    assert found.prefix == text[max(0, found.start - 64) : found.start]
    assert found.suffix == text[found.end : found.end + 64]


@given(TEXTS, st.data())
def test_position_selector_wins_where_it_is_true(text, data):
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    exact = text[start : start + 5]
    if says_something(exact):
        assert find(text, exact, start=start).start == start


@given(TEXTS, TEXTS)
def test_found_passage_is_always_the_text_at_its_offsets(text, exact):
    if not says_something(exact):
        return
    found = find(text, exact)
    if found is not None:
        assert text[found.start : found.end] == found.exact
        assert fold(exact).strip() in fold(found.exact)


@example("a\u200b\u0301")
@given(TEXTS)
def test_folding_is_stable(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.sampled_from("abc ДЯ"), min_size=3, max_size=60).filter(lambda text: text.strip()))
def test_quote_typed_with_other_forms_is_found_at_true_offsets(words):
    text = f"Before. «{words}» After."
    typed = unicodedata.normalize("NFD", words.replace(" ", "\u00a0"))
    found = find(text, f'"{typed}"')
    assert (found.start, found.end, found.tolerant) == (8, 10 + len(words), True)
    assert found.exact == f"«{words}»"


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("Baku's Garadagh district", "Baku’s Garadagh district"),
        ('He said: "I did."', "He said: “I did.”"),
        ("her Facebook account. Among the", "her Facebook account.\n\nAmong the"),
        ("another  member\nof YAP", "another member of YAP"),
        ("Vuqar\u00a0Agayev", "Vuqar Agayev"),
        ("sus\u00adpended X accounts", "suspended X accounts"),
    ],
)
def test_quote_is_found_despite_its_typing(typed, stands):
    found = find(TEXT, typed)
    assert found.exact == stands
    assert TEXT[found.start : found.end] == stands
    assert found.tolerant


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("He wrote \u2067الحساب موقوف\u2069 twice.", "الحساب موقوف twice"),
        ("He wrote الحساب موقوف twice.", "\u202bالحساب\u202c\u061c موقوف"),
        ("The name is Re\u0301se\u0301da.", "R\u00e9s\u00e9da"),
        ("The name is R\u00e9s\u00e9da.", "Re\u0301se\u0301da"),
        ("שָׁלוֹם לכם", "שָׁלוֹם"),
        ("an e\ufb03cient o\ufb03ce", "efficient office"),
        ("the sus\u00adpend\u00aded account", "suspended account"),
    ],
)
def test_quote_in_any_script_is_found_at_true_offsets(text, typed):
    found = find(text, typed)
    assert found is not None
    assert found.exact == text[found.start : found.end]
    assert fold(found.exact) == fold(typed)


def test_ligature_is_taken_whole():
    found = find("The of\ufb01ce was closed.", "the office"[4:])
    assert found.exact == "of\ufb01ce"


@pytest.mark.parametrize(("prefix", "suffix", "which"), [("“I did.” ", "", 0), ("", "", 0), ("suspended. ", "", 1)])
def test_repeated_quote_is_told_apart_by_its_surroundings(prefix, suffix, which):
    places = [TEXT.index("The account was"), TEXT.rindex("The account was")]
    found = find(TEXT, "The account was suspended.", prefix=prefix, suffix=suffix)
    assert found.start == places[which]
    assert found.ambiguous == (not prefix)


@pytest.mark.parametrize("exact", ["", "   ", "\n", ".", "…", " – ", "\u200b", "“”", "__", "\u0301"])
def test_quote_that_stands_in_every_copy_is_refused(exact):
    with pytest.raises(InvalidInput, match="at least one word"):
        find(TEXT, exact)


@pytest.mark.parametrize("exact", ["I", "7", "Я", "🇦🇿", "한", "№ 5"])
def test_shortest_quotes_are_found(exact):
    assert find(f"Bio: {exact}, Baku.", exact).exact == exact


def test_endless_quote_is_refused():
    with pytest.raises(InvalidInput, match="at most"):
        find(TEXT, "x" * (selectors.MAX_QUOTE + 1))


@pytest.mark.parametrize("exact", ["words that nobody wrote", "TURKAN QULIYEVA", "Turkan Quliyev is"])
def test_quote_that_is_not_there_is_not_found(exact):
    assert find(TEXT, exact) is None


def test_nearest_passage_is_offered_with_whole_words():
    near = nearest(TEXT, "Vuqar Agayev, who campaigned for the YAP in Baku")
    assert TEXT[near.start : near.end] == near.text
    assert "Agayev, who campaigned for YAP" in near.text
    assert near.score > 80


def test_nothing_is_offered_where_nothing_is_near():
    assert nearest("0123456789 " * 50, "Vuqar Agayev campaigned") is None
    assert nearest("", "Vuqar Agayev campaigned") is None


def test_nearest_passage_is_found_in_a_megabyte_with_little_aligned(monkeypatch):
    """The work is bounded by what is aligned, whatever the length of the text."""
    aligned = []
    original = selectors.fuzz.partial_ratio_alignment
    monkeypatch.setattr(
        selectors.fuzz, "partial_ratio_alignment", lambda one, two: aligned.append(len(two)) or original(one, two)
    )
    filler = "The party and the account and the district were named again and again. " * 14_000
    near = nearest(filler + TEXT + filler, "Vuqar Agayev, who campaigned for the YAP in Baku's Garadagh")
    assert "Vuqar Agayev" in near.text
    assert sum(aligned) < 10_000


def test_quote_is_found_in_a_megabyte_of_foreign_letters():
    text = "Партия сообщила о счёте. " * 40_000 + "Рядом стоит «Бехбуд»."
    found = find(text, 'стоит "Бехбуд"')
    assert found.exact == "стоит «Бехбуд»"


@pytest.mark.parametrize(
    ("pages", "start", "page"),
    [
        ([], 5, None),
        ([[0, 100]], 5, None),
        ([[0, 10], [10, 20]], 0, 1),
        ([[0, 10], [10, 20]], 10, 2),
        ([[0, 9], [10, 20]], 99, 2),
    ],
)
def test_page_is_known_from_the_offset(pages, start, page):
    assert page_of(pages, start) == page


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("xywh=percent:0,0,100,100", "xywh=percent:0,0,100,100"),
        (" xywh=percent:10.50,20.25,30,40.125 ", "xywh=percent:10.5,20.25,30,40.125"),
    ],
)
def test_region_is_kept_in_one_form(value, kept):
    assert str(parse_region(value)) == kept
    assert str(parse_region(kept)) == kept


@pytest.mark.parametrize(
    "value",
    [
        "",
        "xywh=1,2,3,4",
        "xywh=pixel:1,2,3,4",
        "xywh=percent:1,2,3",
        "xywh=percent:-1,2,3,4",
        "xywh=percent:1,2,0,4",
        "xywh=percent:90,2,20,4",
        "xywh=percent:1e1,2,3,4",
        "xywh=percent:nan,2,3,4",
        "xywh=percent:1,2,3,4;t=5",
    ],
)
def test_region_outside_the_image_is_refused(value):
    with pytest.raises(InvalidInput):
        parse_region(value)
