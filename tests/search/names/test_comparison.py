"""What two names of persons, and an organisation's, are told to be, and the reasons given."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.names import Verdict, compare
from search.names.organisations import is_organisation

MATCHES = [
    ("Esmira Xalil", "Esmira Khalil", "x = kh"),
    ("Esmira Xalil", "Xəlil, Esmira", "order swapped"),
    ("Esmira Xəlil", "Эсмира Халил", "Xəlil = Халил"),
    ("Rasadat Xaliqov", "Rəşədət Xalıqov", "same spelling but for a = ə, s = ş, i = ı"),
    ("Nərgiz  Əliyarova", "Nargiz Aliyarova", "same spelling but for ə = a"),
    ("Jürgen Weiß", "Jurgen Weiss", "same letters, some with other marks"),
    ("Rəşədət Xalıqov", "Рашадат Халыгов", "q = г"),
    ("İlham Heydər oğlu Əliyev", "Ильхам Алиев", "patronymic only on one side"),
    ("İlham Heydər oğlu Əliyev", "Алиев Ильхам Гейдарович", "same patronymic"),
    ("R. Kərimov", "Rəşad Kərimov", "initial"),
    ("Dr. Rəşad Kərimov", "Rəşad Kərimov", ""),
    ("Hüseyn Cavid", "Гусейн Джавид", "h = г"),
    ("Hakob Hakobyan", "Hagop Hagopian", "k = g"),
    ("Mikayıl Müşfiq", "MİKAYIL MÜŞFİQ", "same spelling"),
    ("Alisher Usmanov", "AlisherUsmanov", "same"),
    ("Sergey Lavrov", "Сергій Лавров", ""),
    ("Nikol Pashinyan", "نیکول پاشینیان", ""),
    ("الهام علی‌اف", "İlham Əliyev", ""),
    ("محمدوف رشاد", "Rəşad Məmmədov", "order swapped"),
    ("آفاق تاغییوا", "Afaq Tağıyeva", ""),
    ("خالد الحربي", "Khaled Al Harbi", ""),
    ("Bill Gates", "William Gates", "forms of one name"),
    ("Ig0r Sech1n", "Igor Sechin", ""),
    ("Xi Jinping", "习近平", ""),
    ("JC Juncker", "Jean-Claude Juncker", "initial"),
    ("Abdul Rahman Khan", "Abdulrahman Khan", "same letters"),
]
DIFFERENT = [
    ("İlham Əliyev", "İlham Əliyeva", "Əliyev is not Əliyeva"),
    ("Алиев Рашад", "Rəşad Əliyeva", "is not"),
    ("Hacıyev Elnur", "Hacıyeva Elnur", "Hacıyev is not Hacıyeva"),
    ("لیلا علی‌یوا", "Leyla Əliyev", "is not"),
    ("Həsən Əliyev", "Гусейн Алиев", "Həsən is not Гусейн"),
    ("Rəşad Həsənov", "Rəşad Hüseynov", "Həsənov is not Hüseynov"),
    ("Ramil Hüseynov", "Ramiz Hüseynov", "Ramil is not Ramiz"),
    ("Leyla Əliyeva", "Lalə Əliyeva", "Leyla is not Lalə"),
    ("Heydər Əliyev", "İlham Heydər oğlu Əliyev", "is not"),
    ("Rəşad Kamil oğlu Məmmədov", "Rəşad Tofiq oğlu Məmmədov", "patronymic Kamil is not Tofiq"),
    ("Рашад Камилевич Мамедов", "Rəşad Tofiq oğlu Məmmədov", "patronymic"),
    ("Ahmad bin Hasan al-Ubaidi", "Hasan bin Ahmad al-Ubaidi", "patronymic"),
    ("R. Kərimov", "T. Kərimov", "is not"),
    ("Samir Cəfərli", "Samirə Cəfərli", "is not"),
    ("Rəşad Əsgərov", "Rəşad Səfərov", "is not"),
    ("Anna Starmer", "Keir Starkey", "no part in common"),
]
POSSIBLE = [
    ("Xədicə İsmayıl", "Xədicə İsmayılova", "same root, another ending"),
    ("Tural Abbaslı", "Tural Abbasov", "same root, another ending"),
    ("علی شریفوف", "Əli Şərifzadə", "same root, another ending"),
    ("Jeff Brezos", "Jeff Bezos", "r = -"),
    ("Erdoğan", "Recep Tayyip Erdoğan", "only one part in common"),
    ("Narmin Guliyeva", "Nərmin Quliyeva-Şahin", "only on one side"),
    ("Keir Starmer", "Keir Starkey", "Starmer is near Starkey"),
]
ORGANISATIONS = [
    ("Siemens Aktiengesellschaft", "Siemens AG", Verdict.MATCH, ""),
    ("OAO Gazprom", "Open Joint Stock Company Gazprom", Verdict.MATCH, ""),
    ("1st International Bank", "First Bank Int'l", Verdict.MATCH, ""),
    ("Brigade 44", "Brigade Forty-Four", Verdict.MATCH, ""),
    ("Azərsu ASC", "Açıq Səhmdar Cəmiyyəti Azərsu", Verdict.MATCH, ""),
    ("ООО Байкал", "Baikal LLC", Verdict.MATCH, ""),
    ("Goodwill Company", "Good Will Company", Verdict.MATCH, ""),
    ("Banco Santander S.A.", "Banco Santander Chile S.A.", Verdict.POSSIBLE, "chile only on one side"),
    ("Deutsche Bank AG", "Deutsche Bank GmbH", Verdict.POSSIBLE, "legal form"),
    ("Apollo Fund VIII LP", "Apollo Fund IX LP", Verdict.POSSIBLE, "number 8 is not 9"),
    ("Apollo Fund LP", "Apollo Fund IX LP", Verdict.POSSIBLE, "number only on one side"),
    ("Stellaris N.V.", "Stellantis N.V.", Verdict.POSSIBLE, ""),
    ("Bank of Chima Limited", "Bank of China Limited", Verdict.POSSIBLE, ""),
    ("Bank of Oman", "Bank of Iran", Verdict.DIFFERENT, ""),
    ("PLA Group", "People's Liberation Army", Verdict.DIFFERENT, ""),
    ("Volkswagen AG", "Siemens AG", Verdict.DIFFERENT, "volkswagen is not siemens"),
    ("Saudi Arabian Gas Company", "Saudi Arabian Oil Company", Verdict.DIFFERENT, "is not"),
    ("Construction Ltd", "Construction Dredging Company LLC", Verdict.DIFFERENT, "common"),
]


def assert_compared(left, right, verdict, reason):
    found = compare(left, right)
    assert found.verdict == verdict, found
    assert reason in found.why
    assert compare(right, left).score == pytest.approx(found.score)


@pytest.mark.parametrize(("left", "right", "reason"), MATCHES)
def test_spellings_of_one_name_match_and_say_by_which_letters(left, right, reason):
    assert_compared(left, right, Verdict.MATCH, reason)


@pytest.mark.parametrize(("left", "right", "reason"), DIFFERENT)
def test_names_that_are_taken_for_one_another_are_different(left, right, reason):
    assert_compared(left, right, Verdict.DIFFERENT, reason)


@pytest.mark.parametrize(("left", "right", "reason"), POSSIBLE)
def test_what_spelling_cannot_decide_is_possible(left, right, reason):
    assert_compared(left, right, Verdict.POSSIBLE, reason)


@pytest.mark.parametrize(("left", "right", "verdict", "reason"), ORGANISATIONS)
def test_organisations(left, right, verdict, reason):
    assert_compared(left, right, verdict, reason)


@pytest.mark.parametrize("name", ["Moon Jae-in", "Moon Jae In", "MOON JAE-IN", "Yu Hua", "Nguyen Cao Ky"])
def test_two_letters_that_are_a_legal_form_elsewhere_make_no_organisation(name):
    assert not is_organisation(name)


@pytest.mark.parametrize("name", ["Siemens AG", "SIEMENS AG", "Banco Santander S.A.", "Bayer A.G.", "BD p.l.c."])
def test_legal_form_makes_an_organisation(name):
    assert is_organisation(name)


@pytest.mark.parametrize("text", ["", " ", "!!!", "@", "—"])
def test_a_text_without_letters_matches_nothing(text):
    assert compare(text, "Esmira Xalil").verdict == Verdict.DIFFERENT
    assert compare(text, text).verdict == Verdict.DIFFERENT


@given(st.text(max_size=40), st.text(max_size=40))
@example("Əliyev", "\u0301")
@example("@a", "@")
@example("ლლ ل", "1 2")
def test_any_two_texts_compare_within_bounds_and_alike_from_both_sides(left, right):
    found = compare(left, right)
    assert 0 <= found.score <= 1
    assert found.why
    assert compare(right, left).verdict == found.verdict


@given(st.text(alphabet="Əəliyevxalılşçğ -.", min_size=3, max_size=20).filter(str.strip))
def test_every_name_with_letters_is_itself(name):
    expected = Verdict.MATCH if any(c.isalpha() for c in name) else Verdict.DIFFERENT
    assert compare(name, name).verdict == expected


@pytest.mark.parametrize(
    ("handle", "name", "verdict"),
    [
        ("@navalny", "Алексей Навальный", Verdict.MATCH),
        ("@khodorkovsky_en", "Михаил Ходорковский", Verdict.MATCH),
        ("@aliyev", "İlham Əliyev", Verdict.POSSIBLE),
        ("@esmira", "Esmira Xəlil", Verdict.POSSIBLE),
        ("@schneider", "Anna Schneider", Verdict.POSSIBLE),
        ("@petrosyan", "Արամ Պետրոսյան", Verdict.POSSIBLE),
    ],
)
def test_family_name_alone_is_a_match_only_where_few_bear_it(handle, name, verdict):
    assert compare(handle, name).verdict == verdict


def test_handle_of_a_man_is_not_that_of_a_woman_cut_short():
    assert compare("@ilhamaliyev", "İlham Əliyeva").verdict == Verdict.DIFFERENT
