"""Phrases in texts, with the words that they are found as: what Python and the database both have to find."""

FOUND = [
    ("software update arrived", "war", []),
    ("War, and war_time and war2", "war", ["War"]),
    ("the war  goes on", "the war goes on", ["the war  goes on"]),
    ("the war began\nthat day", "war began that", ["war began\nthat"]),
    ("w\u200bar hidden", "war", ["w\u200bar"]),
    ("soft\u200bware", "ware", []),
    ("the \u202ewar", "THE WAR", ["the \u202ewar"]),
    ("रामायण पाठक", "राम", []),
    ("जय राम जी", "राम", ["राम"]),
    ("Cafe\u0301 lover", "Cafe", []),
    ("Cafe\u0301 lover", "Café", ["Cafe\u0301"]),
    ("Café lover", "Cafe\u0301", ["Café"]),
    ("Y\u200bAP member", "YAP", ["Y\u200bAP"]),
    ("İLHAM ｗｉｄｅ", "ilham wide", ["İLHAM ｗｉｄｅ"]),
    ("我爱北京天安门", "北京", ["北京"]),
    ("👍🏽war", "war", ["war"]),
    ("a#islands #islands", "#islands", ["#islands", "#islands"]),
    ("50% off, 500 left", "50%", ["50%"]),
    (r"a.b a_b [x] \d", "a_b [x] \\d", [r"a_b [x] \d"]),
    ("axb", "a.b", []),
]
