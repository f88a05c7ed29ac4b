"""What a public text says about certainty: its sentences, scale terms, confidence terms, hedges, caveats and labels.

Words inside quotation marks are somebody else's and are not judged. English and French are known; a text in another
language is read with both lists, because an unknown word never counts as a caveat or a label.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from cases.enums import LikelihoodScale
from cases.lookalikes import deceiving
from claims.selectors import fold

# Every form that a text may use for a step; the first is the term of the scale itself. "remote" alone also describes
# places, so only "remote likelihood" is understood as the step.
_FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    LikelihoodScale.ICD203_ROW1: (
        ("almost no chance",),
        ("very unlikely",),
        ("unlikely",),
        ("roughly even chance",),
        ("likely",),
        ("very likely",),
        ("almost certain", "almost certainly"),
    ),
    LikelihoodScale.ICD203_ROW2: (
        ("remote likelihood",),
        ("highly improbable", "highly improbably"),
        ("improbable", "improbably"),
        ("roughly even odds",),
        ("probable", "probably"),
        ("highly probable", "highly probably"),
        ("nearly certain", "nearly certainly"),
    ),
    LikelihoodScale.PHIA: (
        ("remote chance",),
        ("highly unlikely",),
        ("unlikely",),
        ("realistic possibility",),
        ("likely or probable", "likely", "probable", "probably"),
        ("highly likely",),
        ("almost certain", "almost certainly"),
    ),
}
# The seven steps in French, whichever scale the case has: each of them means the same bands.
_FRENCH: tuple[tuple[str, ...], ...] = (
    ("presque aucune chance",),
    ("très improbable",),
    ("improbable", "peu probable"),
    ("environ une chance sur deux",),
    ("probable", "probablement"),
    ("très probable", "très probablement"),
    ("presque certain", "presque certaine", "presque certainement"),
)


def _one_of(*scales: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    forms = sorted({form for scale in scales for forms in scale for form in forms}, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(re.escape(form) for form in forms) + r")\b", re.IGNORECASE)


_TERM = _one_of(*_FORMS.values(), _FRENCH)
_CONFIDENCE = re.compile(
    r"\b(?:low|moderate|medium|high)[ -]confidence\b|\bconfiden(?:ce|t|tly)\b|\bconfiance\b", re.IGNORECASE
)

# "may" is matched in lower case only, because of the month; "could not" is a plain statement.
_HEDGES = (
    re.compile(r"\bmay\b(?! \d)|(?<![\w,] )\bMay (?=be\b|have\b|not\b|well\b)"),
    re.compile(
        r"\b(might|possibly|possible|potentially|presumably|arguably|plausibl[ey]|perhaps|maybe|conceivabl[ey]|proves?"
        r"|proven|proved|(?:can(?:not|'t|’t| not) be|is not|isn['’]t) (?:excluded|ruled out)|peut-être|possiblement"
        r"|éventuellement|potentiellement|vraisemblablement|sans doute(?! aucun)|plausibles?|il se peut"
        r"|(?:semble|pour)rai(?:t|ent)|(?:n['’]est pas|ne peut être|ne peut pas être) exclue?|prouvent|prouve)\b",
        re.I,
    ),
    re.compile(r"\bcould\b(?! not\b)(?!n['’]t)", re.I),
)
# The conditional of French newsrooms ("X aurait payé") says so of somebody else's word, and of whose it has to say.
_HEARSAY = re.compile(
    r"\b(reportedly|allegedly|supposedly|apparently|rumou?red"
    r"|(?:is|are|was|were) (?:said|believed|thought|understood|assumed|alleged|reported|rumou?red) (?:to|that)"
    r"|(?:the|an|its|his|her|their) (?:alleged|purported|suspected)"
    r"|prétendument|apparemment|supposément|soi-disant|présumée?s?|serai(?:t|ent)|aurai(?:t|ent)|on dit que)\b",
    re.I,
)
_ATTRIBUTED = re.compile(
    r"\b(according to|reported by|as reported|says?|said|told|found|wrote|states?|stated|alleges?|alleged|counted|named"
    r"|described|reported|calls|called|selon|d['’]après|affirmen?t?|allègue|écrit|indique)\b",
    re.I,
)
# "She is said to" and "the alleged operator" name nobody who says so.
_UNATTRIBUTED = re.compile(
    r"\b(?:is|are|was|were|been|being) (?:\w+ly )?(?:said|told|found|stated|alleged|reported|called)\b(?! (?:by|in)\b)"
    r"|\b(?:the|an|its|his|her|their) alleged\b",
    re.I,
)

SINGLE_SOURCE_LABEL = "single source"
# "Not a single source denies it" says something else.
_LABEL = re.compile(
    r"(?<!not a )(?<!no )\bsingle[ -]source\b|\bone source only\b|\bsource unique\b|(?<!pas )\bune seule source\b"
)
# What says that a role was held then and is not said of today. "At the time of the riots" dates something, and a
# "current role" is a caveat only where its sentence says that it is not known.
_CAVEAT = re.compile(
    r"\bat (?:the|that) time\b(?! of\b)|\bcould not (?:be )?confirm(?:ed)?\b|\bnot known (?:whether|if)\b"
    r"|\bunclear (?:whether|if)\b|\b(?:is|remains) unclear\b|\bno later record\b|\bwhether (?:she|he|they) still\b"
    r"|\bà (?:l'époque|cette date)\b(?! d)|\bn'a pas pu être confirmé"
)
_TODAY = re.compile(
    r"\b(?:current|present) (?:position|role|post|office|function|title)\b|\b(?:fonction|poste) actuel(?:le)?\b"
)
_NOT_KNOWN = re.compile(
    r"\b(?:not (?:been )?(?:known|confirmed|established)|unknown|unclear|unconfirmed)\b"
    r"|\bpas (?:été )?(?:connue?|confirmée?|établie?)\b|\binconnue?\b"
)

# That somebody was asked and kept silent. "No public response found" says no such thing.
_ANSWERED = r"(?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?|comment(?:ed)?)"
_NO_ANSWER = re.compile(
    rf"\b(?:did|do|does|has|have|had) not (?:yet |immediately )?(?:(?:wish|want|care) to )?(?:{_ANSWERED}|return(?:ed)?"
    rf"|(?:get|got|gotten) back)\b|\b(?:didn't|hasn't|haven't|wouldn't|won't|would not) (?:{_ANSWERED}|get back)\b"
    rf"|\b(?:declined|refused|failed|ha(?:s|ve) yet|had yet) (?:to )?(?:{_ANSWERED}|an interview)\b"
    rf"|\b(?:never|nobody|no one) {_ANSWERED}\b"
    r"|\b(?:none|neither)\b[^.;]{0,90}? (?:responded|replied|answered|commented)\b"
    r"|\bcould not be reached\b|\b(?:unavailable|unreachable) for comment\b"
    r"|\b(?:gave|received|with|there was) no (?:response|reply|answer|comment)\b"
    r"|\bno (?:response|reply|answer|comment)s? (?:was|were|has been|had been|came|arrived)\b"
    r"|\b(?:went|stayed|left|remained) unanswered\b|\b(?:remained|stayed|kept) silent (?:when|on|about|despite)\b"
    r"|\bignored (?:\w+ ){0,2}(?:questions|requests?|e-?mails?|messages?|letters?|enquiries|inquiries)\b"
    r"|\bn'(?:a|ont|avait|avaient) (?:toujours )?(?:pas|jamais) (?:encore )?(?:souhaité |voulu )?"
    r"(?:répondu?|répondre|réagi|réagir|donné suite|commenté|commenter)\b|\bsans réponse\b|\binjoignables?\b"
    r"|\baucune?\b[^.;]{0,90}? n'(?:a|ont|avait|avaient) (?:répondu|réagi|commenté|donné suite)\b"
    r"|\b(?:a|ont) (?:refusé de (?:répondre|commenter)|décliné|gardé le silence)\b|\bn'(?:a|ont) pu être joint"
    r"|\b(?:est|sont) restée?s? (?:silencieu(?:x|ses?)|muette?s?)\b"
)
_NO_PUBLIC_RESPONSE = re.compile(r"\bno public (?:response|reply)\b|\baucune réponse publique\b")

_ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "un", "une", "des"})

_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"")
# A sentence may begin with a handle or a hashtag, which are written small.
_SENTENCE_END = re.compile(r"(?<=[.!?…؟۔।])[\"”»’)\]]*\s+(?=[\"“«‘(\[]*(?:[^\W\d_a-zà-ÿ]|[@#]\w)|\d)|\n{2,}")


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def shortened(text: str, longest: int = 60) -> str:
    """The beginning of a text, by which a person knows it again."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def own_words(text: str) -> str:
    """`text` without what stands in quotation marks."""
    return _QUOTED.sub("“”", text)


def with_true_quotes(text: str, cited: Iterable[str]) -> str:
    """`text` without the marks around words that stand in none of the `cited` passages: those are the author's own."""
    passages = [fold(passage).casefold() for passage in cited]

    def judged(match: re.Match[str]) -> str:
        words = fold(match[0][1:-1]).strip(" .,;:!?").casefold()
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        return match[0] if any(whole.search(passage) for passage in passages) else match[0][1:-1]

    return _QUOTED.sub(judged, text)


def masked(text: str, cited: Iterable[str]) -> str:
    """`text`, as long as it was, with blanks for words in quotation marks that stand in one of the `cited` passages."""
    passages = list(cited)

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0]) if with_true_quotes(match[0], passages) == match[0] else match[0]

    return _QUOTED.sub(blank, text)


def term_places(text: str) -> Iterator[re.Match[str]]:
    """Where likelihood terms of any scale stand."""
    return _TERM.finditer(text)


def hedge_places(text: str) -> Iterator[re.Match[str]]:
    """Where hedges stand, and hearsay in sentences that name no source."""
    for pattern in _HEDGES:
        yield from pattern.finditer(text)
    for start, stop in sentence_places(text):
        if not is_attributed(text[start:stop]):
            yield from _HEARSAY.finditer(text, start, stop)


def mixed_places(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence carries a likelihood and a confidence at once."""
    for start, stop in sentence_places(text):
        if _TERM.search(text, start, stop) and _CONFIDENCE.search(text, start, stop):
            yield start, stop


def sentence_places(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends."""
    breaks = [match.end() for match in _SENTENCE_END.finditer(text)]
    return list(pairwise([0, *breaks, len(text)]))


def deceiving_words(text: str) -> Iterator[tuple[str, str]]:
    """Words with a letter that nobody sees, or that is taken for another one, and what Unicode calls that letter."""
    return ((match[0], code) for match, code in deceiving_places(own_words(text)))


def deceiving_places(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Where such words stand."""
    for match in re.finditer(r"\S+", text):
        if mark := next(deceiving(match[0]), None):
            yield match, mark.code


def likelihood_terms(text: str) -> list[str]:
    """Every likelihood term of any scale in `text`, in lower case, the longest form at each place."""
    return [match[0].lower() for match in _TERM.finditer(own_words(text))]


def forms_of(scale: str, language: str = "en") -> tuple[tuple[str, ...], ...]:
    """By rank the forms in which a text of that language may give a step of `scale`; the first is the term itself."""
    return _FRENCH if is_french(language) else _FORMS[scale]


def term_step(scale: str, term: str, language: str = "en") -> int | None:
    """The rank (0 to 6) that `term` has on `scale`; None when it belongs to another scale."""
    return next((rank for rank, forms in enumerate(forms_of(scale, language)) if term in forms), None)


def is_french(language: str) -> bool:
    """Whether a BCP 47 code says French."""
    return language.partition("-")[0].lower() == "fr"


def hedges(text: str) -> list[str]:
    """Words that hide how sure the text is: off every scale, or hearsay without a source in the same sentence."""
    found = []
    for sentence in sentences(own_words(text)):
        found += [match[0].strip() for pattern in _HEDGES for match in pattern.finditer(sentence)]
        if not is_attributed(sentence):
            found += [match[0] for match in _HEARSAY.finditer(sentence)]
    return found


def is_attributed(sentence: str) -> bool:
    """Whether a sentence says whose word it is."""
    return _ATTRIBUTED.search(_UNATTRIBUTED.sub("", sentence)) is not None


def says_not_known(sentence: str) -> bool:
    """Whether a sentence says that something is not known or not confirmed."""
    return _NOT_KNOWN.search(_plain(sentence)) is not None


def mixed_sentences(text: str) -> list[str]:
    """Sentences that carry a likelihood and a confidence at once, which ICD 203 forbids."""
    return [each for each in sentences(own_words(text)) if _TERM.search(each) and _CONFIDENCE.search(each)]


def has_status_caveat(text: str, year: int) -> bool:
    """Whether a text says that what it tells of a role of `year` is not said of today; words in quotes do not count."""
    as_of = re.compile(rf"\bas of (?:(?:\d{{1,2}} )?[a-z]+ )?{year}\b")
    plain = map(_plain, sentences(own_words(text)))
    return any(
        _CAVEAT.search(each) or as_of.search(each) or (_TODAY.search(each) and _NOT_KNOWN.search(each))
        for each in plain
    )


def has_single_source_label(text: str) -> bool:
    """Whether a text says that it rests on one source."""
    return _LABEL.search(_plain(text)) is not None


def says_no_answer(text: str) -> bool:
    """Whether a text says in its own words that somebody was asked and did not answer."""
    return _NO_ANSWER.search(_plain(own_words(text))) is not None


def who_kept_silent(text: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """For each place where a text says so, of whose key in `names` it does: whom the sentence names last before the
    place, else first after it; "" where it names none of them.
    """
    found = []
    for sentence in map(_plain, sentences(own_words(text))):
        named = sorted((at, key) for key, spelt in names.items() for name in spelt for at in _places(name, sentence))
        for silence in _NO_ANSWER.finditer(sentence):
            before = [key for at, key in named if at < silence.start()]
            after = [key for at, key in named if at >= silence.start()]
            found.append(before[-1] if before else after[0] if after else "")
    return found


def called(label: str, *, is_person: bool) -> list[str]:
    """How a text calls whom a page calls `label`: by the name, a family name, what abbreviates it, or a handle."""
    whole, _, rest = label.partition("(")
    handle = re.findall(r"^@[\w.]+", label)
    last = whole.split()[-1:] if is_person else []
    names = [whole.strip(), *last, *re.findall(r"\b[A-Z]{2,}\b", rest), *handle]
    return list(dict.fromkeys(name for name in names if name))


def _places(name: str, sentence: str) -> list[int]:
    wanted = re.compile(rf"(?<!\w){re.escape(_plain(name))}(?!\w)")
    return [match.start() for match in wanted.finditer(sentence)] if name.strip() else []


def says_no_public_response(text: str) -> bool:
    """Whether a text says that a search found no response."""
    return _NO_PUBLIC_RESPONSE.search(_plain(own_words(text))) is not None


def mentions_year(text: str, year: int) -> bool:
    return re.search(rf"(?<!\d){year}(?!\d)", text) is not None


def handles_named(text: str) -> list[str]:
    """The handles of accounts that a text names, each once, as it is written: @esmirak, not the host of an e-mail."""
    return list(dict.fromkeys(re.findall(r"(?<![\w.@])@\w[\w.]*\w", text)))


def reads_like_a_name(text: str) -> bool:
    """Whether two words with capitals follow one another, as in a person's name; articles are none of them."""
    words = [word for word in re.findall(r"[\w’'-]+", text) if word.casefold() not in _ARTICLES]
    return any(one[0].isupper() and other[0].isupper() for one, other in pairwise(words))


def years_named(text: str) -> set[int]:
    """The years from 1900 to 2099 that a text names."""
    return {int(found) for found in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}


def in_its_sentences(before: str, exact: str, after: str) -> str:
    """A quote with the rest of the sentences in which it begins and ends, as far as `before` and `after` reach."""
    whole, first, last = before + exact + after, len(before), len(before) + len(exact)
    breaks = list(_SENTENCE_END.finditer(whole))
    start = max((one.end() for one in breaks if one.end() <= first), default=0)
    stop = min((one.start() for one in breaks if one.start() >= last), default=len(whole))
    return whole[start:stop]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
