"""A name as written falls into parts, each taken for what it is."""

import pytest

from search.names.alignment import align, cut, spell
from search.names.families import differ_in_gender, have_one_root, have_other_roots
from search.names.handles import handle_words, is_handle, plain_handles
from search.names.lexicon import are_forms_of_one_name
from search.names.parts import MAX_PARTS, Kind, parse, words


def kinds_of(name):
    return [(part.text, part.kind) for part in parse(name).parts]


def test_titles_particles_initials_and_patronymics_are_told_from_names():
    assert kinds_of("Dr. Rəşad K. Kamil oğlu al-Məmmədov") == [
        ("Dr", Kind.TITLE),
        ("Rəşad", Kind.NAME),
        ("K", Kind.INITIAL),
        ("Kamil", Kind.PATRONYMIC),
        ("oğlu", Kind.PARTICLE),
        ("al", Kind.PARTICLE),
        ("Məmmədov", Kind.NAME),
    ]


@pytest.mark.parametrize(
    ("name", "father"),
    [
        ("Elçin Kamil oğlu Quliyev", "kamil"),
        ("Кулиев Эльчин Камилевич", "камил"),
        ("Ilham Heydarovich Aliyev", "heydar"),
        ("Səfurə Əlibala qızı Quliyeva", "əlibala"),
        ("Ahmad bin Hasan al-Ubaidi", "hasan"),
    ],
)
def test_a_fathers_name_is_a_patronymic_without_its_ending(name, father):
    assert [part.sound for part in parse(name).of(Kind.PATRONYMIC)] == [father]


@pytest.mark.parametrize("name", ["नरेन्द्र मोदी", "শেখ হাসিনা", "ប៉ុល ពត", "தமிழ் செல்வன்"])
def test_vowels_that_are_marks_belong_to_their_word(name):
    assert words(name) == name.split()


@pytest.mark.parametrize("name", ["Mohammed bin Salman", "bin Salman Mohammed"])
def test_all_that_a_short_name_has_is_kept(name):
    assert len(parse(name).of(Kind.NAME, Kind.PATRONYMIC)) == 2


@pytest.mark.parametrize(
    ("name", "count"), [("Hacı Məmmədov", 2), ("Hacı Rəşad Məmmədov", 2), ("Doktor", 1), ("Bin", 1)]
)
def test_a_title_is_a_name_where_there_are_not_two_others(name, count):
    assert len(parse(name).core) == count


def test_the_words_of_a_name():
    assert words("Jean-Claude  O’Neil (alias X)") == ["Jean", "Claude", "O’Neil", "alias", "X"]
    assert words("SergeiLavrov") == ["Sergei", "Lavrov"]
    assert words("习近平") == ["Xi", "Jin", "Ping"]
    assert words("\u200bEsmira\u00a0Xalil") == ["Esmira", "Xalil"]


def test_a_very_long_text_has_no_more_parts_than_a_name():
    assert len(parse("Əli " * 500).parts) == MAX_PARTS


@pytest.mark.parametrize(
    ("word", "spelled"),
    [("Xəlil", "xəlil"), ("Hassan", "hasan"), ("İlham", "ilham"), ("Ba'asyir", "baasyir"), ("Sech1n", "sechin")],
)
def test_spelling_leaves_what_carries_sound(word, spelled):
    assert spell(word) == spelled


def test_alignment_says_which_letters_stand_for_which():
    found = align(spell("Xəlil"), spell("Khalil"))
    assert (found.cost, found.similarity) == (0, 1)
    assert [(left, right) for left, right, _ in found.changes] == [("x", "kh"), ("ə", "a")]
    assert align("ramil", "ramiz").cost == 1
    assert align("esmira", "xalil").similarity == 0


def test_a_handle_is_cut_where_the_parts_of_the_name_meet():
    assert cut("esmirakhahil", ("esmira", "xalil")) == ("esmira", "khahil")
    assert cut("xəlilesmira", ("xalil", "esmira")) == ("xəlil", "esmira")


def test_the_words_of_a_handle():
    assert is_handle("@a_b")
    assert not is_handle("Esmira Xalil")
    assert not is_handle("@Esmira Xalil")
    assert handle_words("@EsmiraKhalil_az") == ["Esmira", "Khalil"]
    assert handle_words("@RTErdogan") == ["RT", "Erdogan"]
    assert handle_words("@esmira.khalil1989@mastodon.social") == ["esmira", "khalil"]
    assert handle_words("@official") == ["official"]
    assert "navalny" in plain_handles("@teamnavalny")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [("Leyla", "Лейла", True), ("Leyla", "Lalə", False), ("Hassan", "Гасан", True), ("Həsən", "Гусейн", False)],
)
def test_known_given_names_are_forms_of_one_name_or_are_not(left, right, same):
    assert are_forms_of_one_name(spell(left), spell(right)) is same
    assert are_forms_of_one_name(spell(left), "qwrtz") is None


def test_family_names_are_compared_by_root_and_ending():
    assert have_other_roots("hasanov", "huseynov")
    assert have_one_root("abaslı", "abasov")
    assert have_one_root("ismailova", "ismail")
    assert differ_in_gender("aliev", "əlieva")
    assert not differ_in_gender("алиева", "əlieva")
