"""Find in a text what reaches somebody at home: addresses, numbers, places. For the gate's look at what leaves (G-61).

Kinds, not a judge of them: what is found is described and never repeated. Patterns are narrow, because a rule that
blocks must not stop at a date, a count of accounts or a handle.
"""

import re

_STREET = r"(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Lane|Drive|Close|Crescent|Terrace)"
_RUE = r"(?:rue|avenue|boulevard|bd|chemin|allée|impasse|quai|route)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # A handle with its server, as on Mastodon, begins with "@" and is none.
    ("an e-mail address", re.compile(r"(?<![\w@.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "a telephone number",
        re.compile(
            r"(?<![\w+])(?:\+|00)[1-9](?:[ .()/-]{0,2}\d){7,13}(?!\d)"
            r"|(?<![\d.,])0[1-9](?:[ .-]\d{2}){4}(?![\d.,])"
            r"|\b(?:tel|telephone|phone|mobile|téléphone|portable)\b\W{0,3}\d(?:[ .()/-]{0,2}\d){5,13}",
            re.I,
        ),
    ),
    ("coordinates", re.compile(r"(?<![\d.])-?\d{1,3}\.\d{4,}°?\s*[NS]?\s*[,;/]?\s+?-?\d{1,3}\.\d{4,}")),
    (
        "a street address",
        re.compile(
            rf"\b\d{{1,5}}[a-z]? (?:[A-Z][\w’'-]+ ){{1,3}}{_STREET}(?!\w)"
            rf"|\b\d{{1,4}}(?: ?(?:bis|ter))?,? {_RUE} (?:de |du |des |d’|d'|la |le |les |l’|l')*[A-ZÀ-Ý]"
        ),
    ),
    (
        "the number of an identity document",
        re.compile(
            r"\b(?:passport|passeport|identity card|carte d[’']identité|social security|sécurité sociale)\b"
            r"\W{0,3}(?:no\.?|number|n°|numéro)?\W{0,3}(?=[A-Z\d]*\d)[A-Z\d]{6,}\b",
            re.I,
        ),
    ),
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b")


def kinds_in(text: str) -> list[str]:
    """What of the kind stands in `text`, in words with their article, each once."""
    found = [words for words, pattern in _PATTERNS if pattern.search(text)]
    if any(_is_iban(match[0]) for match in _IBAN.finditer(text)):
        found.append("a bank account number")
    return found


def _is_iban(words: str) -> bool:
    """Whether the check digits hold (ISO 13616: the remainder by 97 is 1)."""
    plain = words.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
