"""What people read is marked for translation, wholly translated, and set as French newsrooms set it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils.translation import override

from audit.models import Event
from caseapp.badges import badge_for
from caseapp.management.commands.messages import FRENCH, untranslated
from cases.actions.users import choose_language
from cases.exceptions import InvalidInput
from tests.factories.users import make_user

TEMPLATES = settings.BASE_DIR / "templates"
# A page for who writes pages: it shows the parts they are made of.
ENGLISH_ONLY = {"gallery.html", "gallery_panel.html"}
_TAG = re.compile(r"<(script|style|code|kbd|pre)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_KNOWN = {"caseapp", "· caseapp", "SHA-256"}


def parts_of(path: Path) -> list[str]:
    """The words of a template that stand outside every tag of Django, with their HTML tags taken out."""
    source, is_marked = [], False
    for token in Lexer(path.read_text()).tokenize():
        if token.token_type == TokenType.TEXT:
            source.append("" if is_marked else token.contents)
        elif token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            is_marked = name in ("blocktranslate", "comment", "plural") or (is_marked and not name.startswith("end"))
            source.append("§")
        else:
            source.append("§")
    text = _TAG.sub("§", "".join(source))
    return [part.strip() for part in re.sub(r"&\w+;", " ", text).split("§") if _LETTERS.search(part)]


def all_templates() -> list[Path]:
    return sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.svg")])


def test_every_visible_word_of_a_page_is_marked_for_translation():
    found = {
        path.relative_to(TEMPLATES).as_posix(): words
        for path in all_templates()
        if path.name not in ENGLISH_ONLY and (words := [part for part in parts_of(path) if part not in _KNOWN])
    }
    assert found == {}


@pytest.fixture(scope="module")
def catalogue():
    with (settings.BASE_DIR / FRENCH).open("rb") as file:
        return read_po(file, locale="fr")


def test_catalogue_fits_the_code_and_is_compiled(capsys):
    call_command("messages", "--check")
    assert ", 0 of them not translated" in capsys.readouterr().out


def test_every_message_is_translated_with_its_placeholders_and_plurals(catalogue):
    assert untranslated(catalogue) == []
    assert [(message.id, error) for message, errors in catalogue.check() for error in errors] == []


def test_french_is_set_as_newsrooms_set_it(catalogue):
    """No space that breaks before a high sign or within guillemets, no straight apostrophe, no quotes of English."""
    wrong = re.compile(r"(?<![\u00a0\u202f ]) [;!?»]| [;:!?»]|« |[“”]|\w'\w")
    strings = [string for message in catalogue if message.id for string in _strings(message.string)]
    assert [string for string in strings if wrong.search(string)] == []


def _strings(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def test_anonymous_reader_is_answered_in_the_language_of_the_browser(db):
    page = Client().get("/accounts/login/", headers={"Accept-Language": "fr-CA,fr;q=0.8,en;q=0.5"})
    assert (page["Content-Language"], "Accept-Language" in page["Vary"]) == ("fr", True)
    assert '<html lang="fr">' in page.content.decode()
    assert "Se connecter" in page.content.decode()
    for other in ("en-US", "de", "fr;q=0, en", "*", ""):
        assert Client().get("/accounts/login/", headers={"Accept-Language": other})["Content-Language"] == "en-gb"


def test_person_chooses_a_language_and_it_is_on_record(db):
    user, client = make_user("claire"), Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    answer = client.post("/account/language/", {"language": "fr", "next": "/cases/"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    page = client.get("/cases/")
    assert page["Content-Language"] == "fr"
    assert "Vos enquêtes" in page.content.decode() or "Enquêtes" in page.content.decode()
    assert "Les pages sont désormais en français." in page.content.decode()
    event = Event.objects.get(action="user_language_changed")
    assert (event.actor, event.object) == (f"user:{user.pk}", f"user:{user.pk}")
    assert client.post("/account/language/", {"language": "fr", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/account/language/", {"language": "xx"}).status_code == 400
    with pytest.raises(InvalidInput, match="language is one of"):
        choose_language(actor=user, language="xx")


def test_programs_are_answered_in_english(db):
    answer = Client().get("/api/v1/cases/", headers={"Accept-Language": "fr"})
    assert "Sign in, or send a token" in answer.content.decode()


def test_badges_speak_the_language_of_the_page():
    with override("fr"):
        assert badge_for("claim_state", "retracted").label == "Retirée"
    assert badge_for("claim_state", "retracted").label == "Retracted"
