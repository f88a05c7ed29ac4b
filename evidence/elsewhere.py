"""Search engines of pictures elsewhere. We send nothing: a person follows the link and gives the picture there."""

from typing import NamedTuple


class Place(NamedTuple):
    """A search engine: its name, its page, and whom looking there tells."""

    name: str
    url: str
    told: str


PLACES = (
    Place("Google Lens", "https://lens.google.com/", "Google, and where the picture is given by address its host"),
    Place("Yandex Images", "https://yandex.com/images/", "Yandex, a Russian company"),
    Place("TinEye", "https://tineye.com/", "TinEye"),
    Place("Bing Visual Search", "https://www.bing.com/visualsearch", "Microsoft"),
)
