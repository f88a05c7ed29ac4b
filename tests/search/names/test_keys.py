"""Spellings of one name share a key; the fold that index and query share is stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names import fold, handle_keys, name_keys

SPELLINGS = [
    ("Esmira Xalil", "Эсмира Халил"),
    ("Esmira Xalil", "Esmira Khalil"),
    ("Rəşədət Xalıqov", "Rasadat Xaliqov"),
    ("Hüseyn Cəfərov", "Гусейн Джафаров"),
    ("Məhəmməd Əliyev", "Магомед Алиев"),
    ("Հակոբ Հակոբյան", "Акоп Акопян"),
    ("მიხეილ სააკაშვილი", "Михаил Саакашвили"),
    ("Yusif Qasımov", "Юсуф Касымов"),
    ("Щербаков", "Shcherbakov"),
    ("Микола Гнатенко", "Mykola Gnatenko"),
    ("Kaveh Rostami", "کاوه رستمی"),
    ("Sevda Yusifova", "سودا یوسیفووا"),
]


@pytest.mark.parametrize(("left", "right"), SPELLINGS)
def test_each_part_of_two_spellings_shares_a_loose_key(left, right):
    for one, other in zip(left.split(), right.split(), strict=True):
        assert name_keys(one).loose & name_keys(other).loose, (one, other)


@pytest.mark.parametrize(("left", "right"), [pair for pair in SPELLINGS if " " in pair[0]])
def test_the_parts_as_one_word_share_a_key_in_either_order(left, right):
    swapped = " ".join(reversed(right.split()))
    assert name_keys(left).joined & name_keys(swapped).joined


@pytest.mark.parametrize(
    "handle", ["@esmirakhahil", "@Esmira_Khalil", "@xalil.esmira1989", "@e_xalil", "@EsmiraKhalil_az"]
)
def test_a_handle_shares_a_key_with_the_name_it_is_made_of(handle):
    keys = handle_keys(handle)
    assert keys.joined & name_keys("Esmira Xəlil").joined


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("@aydanjabiyeva", "Айдан Джабиева"),
        ("@vuqarzulfuqarov", "Зюлфюгаров Вюгар"),
        ("@ramizhuseynov", "Рамиз Гусейнов"),
        ("@nicathasanov", "Ниджат Гасанов"),
        ("@kavehrostami", "کاوه رستمی"),
    ],
)
def test_names_of_a_handle_are_parted_within_a_group_of_letters(handle, name):
    """nj, rz, zh and th are one sound in other words."""
    assert handle_keys(handle).joined & name_keys(name).joined


@pytest.mark.parametrize(("left", "right"), [("خالد الحربي", "Khalid al-Harbi"), ("الهام علی‌اف", "İlham Əliyev")])
def test_arabic_article_is_read_as_one_and_as_the_beginning_of_a_name(left, right):
    assert len(name_keys(left).loose & name_keys(right).loose) >= 2


def test_strict_keys_tell_vowels_apart():
    assert not name_keys("Həsən").strict & name_keys("Hüseyn").strict
    assert name_keys("Həsən").loose & name_keys("Hüseyn").loose


def test_titles_and_words_for_son_have_no_keys():
    assert name_keys("Dr. Rəşad Kamil oğlu Məmmədov").loose == name_keys("Rəşad Kamil Məmmədov").loose


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("İlham ƏLİYEV", "ilham aliyev"),
        ("IŞIQ", "isiq"),
        ("Ёлка", "елка"),
        ("Ağayev", "agayev"),
        ("VÜQAR", "vuqar"),
        ("Xəlil", "xalil"),
        ("Һәсән", "һасан"),
        ("#Qarabağ @Esmira", "#qarabag @esmira"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_any_text_has_keys_and_the_same_each_time(text):
    assert name_keys(text) == name_keys(text)
    assert all(name_keys(text).loose)
    assert all(handle_keys(text).joined)
