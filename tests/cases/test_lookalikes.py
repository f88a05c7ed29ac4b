import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lookalikes import marks, skeleton


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Esmira Xalil", []),
        ("Эсмира Халил", []),
        ("Esmira Халил", []),
        ("Hüseynov Əli", []),
        ("сotton", ["homoglyph"]),
        ("a\u200bb", ["zero_width"]),
        ("a\u202eb", ["bidi"]),
        ("\ufeffname", ["zero_width"]),
        ("Лatin", ["homoglyph"]),
        ("می‌خواهم", []),
        ("\u200c", ["zero_width"]),
        ("👩‍💻", []),
        ("", []),
    ],
)
def test_text_is_marked_where_it_deceives(text, kinds):
    assert [mark.kind for mark in marks(text)] == kinds


def test_mark_tells_what_the_letter_is_and_what_it_resembles():
    (mark,) = marks("page pаge")
    assert mark.position == 6
    assert mark.code == "U+0430 CYRILLIC SMALL LETTER A"
    assert mark.reason == "looks like the Latin letter a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "раураl"),
        ("Ilham", "1lham"),
        ("ABC", "АВС"),
        ("name", "na\u200bme"),
        ("wide", "ｗide"),
        ("zoë", "zoe"),
    ],
)
def test_lookalikes_share_a_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_different_words_have_different_skeletons():
    assert skeleton("esmirakhahil") != skeleton("esmiraxalil")


@given(st.text(max_size=60))
def test_skeleton_is_idempotent_and_marks_point_into_the_text(text):
    assert skeleton(skeleton(text)) == skeleton(text)
    assert all(text[mark.position] == mark.character and mark.reason for mark in marks(text))
