"""Which sounds a group of letters can stand for, across scripts and the habits of their transliterations.

A sound is one character: vowels a ä e i ı o ö u ü, consonants as in Azerbaijani spelling except C (ç), J (c), S (ş),
Z (j), G (ğ), T (ts), D (dz), Ş (shch), X (ks) and y for the glide. A spelling lists its sounds, the usual first; a
figure after a sound is what it costs to read the letters so, on the scale of `alignment` (1 is a wrong letter).
"""

from functools import cache

_LATIN = """
a:a aa:a á:a e:e ee:i,e.05 i:i ii:i y:y,i,ı yo:o,ö,e.1 jo:o.05,ö.05,e.1 o:o oo:u,o.05 u:u uu:u ou:u,ü.05,o.1 ə:ä ö:ö
oe:ö,u.25 ő:ö ü:ü ue:ü ű:ü
ı:ı ä:ä,e ae:ä,e.05 æ:ä å:o,a eu:ö,ü.1 ie:i.05,e.1 ea:i.1,e.1 au:o.2 ia:a.03 io:o.1,ö.1,e.15 iu:u.05 ø:ö œ:ö ɛ:e
b:b c:J,k.05,s.12,T.08,C.08,g.25 ck:k ç:C,s.05,J.2 ch:C,S.05,x.05,k.08 tch:C tsch:C tsh:C č:C ć:C cz:C tš:C tsj:C
cs:X,C.15
d:d dh:d,z.05 đ:d,J.1 ð:d dj:J dzh:J dž:J dż:J dsch:J dg:J dz:D,J.2 dzj:J ds:D.1
f:f ph:f,p.1 g:g,J.1,Z.2 gh:G,g gu:g.05 ğ:G ģ:g h:h x:x,X kh:x,k.1,q.1 ḫ:x ḥ:h hr:r.3
j:J.01,Z,y,x.15,h.2 jh:Z.1,J.1 k:k,q.04 ks:X ķ:k kx:X q:q,k.02,x.25,C.2 qu:k,q.02 qh:q.05
l:l ł:l,v.2 lj:l.05 m:m n:n ñ:n ň:n nj:n.05 gn:n.15 p:p r:r ř:r rz:Z.1 rh:r
s:s,S.04,z.06 sh:S,s.15 sch:S,Ş.05,C.2 ş:S,s.1 š:S ș:S ś:S,s.05 sz:S,s.1 ß:s shch:Ş šč:Ş schtsch:Ş chtch:Ş sc:s.1,S.1
sj:S.1 szcz:Ş sx:X.3
t:t th:t,s.15 ţ:T ț:T ts:T tz:T,s.1 tc:T.1 v:v,f.12 w:v,u.15 z:z,T.12,Z.1,s.12 zh:Z ž:Z ż:Z ź:z zz:z
"""
_CYRILLIC = """
а:a б:b в:v г:g,q,G,h.05 ґ:g д:d е:e ё:ö,o,e аа:a.05 ии:i.05 оо:o.05 уу:u.05 ее:e.05 ж:Z,J.02 з:z и:i,ı ы:ı і:i ї:i
й:y ј:y к:k,q.02,g.15 л:l м:m н:n о:o,ö.02
п:p р:r с:s т:t у:u,ü.02 ў:v ф:f х:x,h ц:T ч:C,J.15 ш:S щ:Ş,S.1 э:e,ä ю:u,ü я:a,ä є:e кс:X дж:J дз:D,J.15 тс:T жд:Z.3
ә:ä ө:ö ү:ü ғ:G һ:h ҹ:J ҝ:g қ:q ң:n ұ:u җ:J ђ:J љ:l њ:n ћ:C ѓ:g ќ:k џ:J ѕ:D ҳ:h ӯ:u ҷ:J ӣ:i
"""
_ARMENIAN = """
ա:a բ:b գ:g դ:d ե:e զ:z է:e ը:ı,e.05 թ:t ժ:Z ի:i լ:l խ:x ծ:T,D.1 կ:k հ:h ձ:D,T.1 ղ:G,l.25 ճ:C,J.1 մ:m յ:y,h.1 ն:n շ:S
ո:o չ:C
պ:p ջ:J ռ:r ս:s վ:v տ:t ր:r ց:T ւ:v ու:u փ:p,f.2 ք:k օ:o ֆ:f իւ:u քս:X
"""
_GEORGIAN = """
ა:a ბ:b გ:g დ:d ე:e ვ:v ზ:z თ:t ი:i კ:k ლ:l მ:m ნ:n ო:o პ:p ჟ:Z რ:r ს:s ტ:t უ:u ფ:p,f.02 ქ:k ღ:G ყ:q შ:S ჩ:C ც:T ძ:D
წ:T ჭ:C
ხ:x ჯ:J ჰ:h ქს:X კს:X
"""
_GREEK = """
α:a β:v γ:g,y.1 δ:d ε:e ζ:z η:i θ:t ι:i,y κ:k λ:l μ:m ν:n ξ:X ο:o π:p ρ:r σ:s,S.05 ς:s,S.05 τ:t υ:i,u.15 φ:f χ:x,h ω:o
ου:u μπ:b ντ:d γκ:g τζ:J τσ:T,C.05 αι:e ει:i οι:i ευ:ev αυ:av κσ:X γι:y σι:S.1 ζι:Z.1 ντζ:J
"""
_ARABIC = """
ا:a,ä,i.05,u.05,e,o.1 آ:a أ:a,ä,u.05,o.05,e إ:i,e ٱ:a ب:b,p.02,v.25 پ:p ت:t ث:s,t.02 ج:J,g.05,Z.02,C.1 چ:C ح:h,x.08
خ:x د:d ذ:z,d.02 ر:r ز:z
ژ:Z,J.02 س:s ش:S ص:s ض:z,d.02 ط:t ظ:z غ:G,g,q.02,x.1 ف:f,v.05,p.1 ڤ:v ق:q,g.02,k.02 ک:k,g.05 ك:k,g.05,q.1 گ:g ل:l م:m
ن:n
و:v,u,o,ö,ü ۇ:u ۆ:ö ؤ:u,ö,o ه:h,a.03,ä,e ة:a,ä,e,t.1 ی:y,i,e,ı,a.08 ي:y,i,e,ı,a.08 ى:a,i,y,e ئ:i,y,e ێ:e یی:i کس:X
تس:T
كس:X او:o,u ای:i,e
"""
_HEBREW = """
א:a,e,i,o,u ב:v,b ג:g,J.1 ד:d ה:h,a,e ו:v,o,u ז:z ח:x,h ט:t י:y,i,e כ:k,x ך:k,x ל:l מ:m ם:m נ:n ן:n ס:s ע:a,e,i,o
פ:p,f ף:f,p
צ:T,s.1 ץ:T,s.1 ק:k,q ר:r ש:S,s.02 ת:t
"""
_TABLES = (_LATIN, _CYRILLIC, _ARMENIAN, _GEORGIAN, _GREEK, _ARABIC, _HEBREW)

VOWELS = frozenset("aäeiıoöuü")
# Letters of alphabets that leave most vowels out.
ABJAD = frozenset(entry.split(":")[0] for table in (_ARABIC, _HEBREW) for entry in table.split())


def _read_sound(text: str) -> tuple[str, float]:
    sound, dot, cost = text.partition(".")
    return sound, float(f"0.{cost}") if dot else 0.0


def _read_tables() -> dict[str, dict[str, float]]:
    spellings: dict[str, dict[str, float]] = {}
    for entry in " ".join(_TABLES).split():
        letters, _, sounds = entry.partition(":")
        spellings[letters] = dict(_read_sound(sound) for sound in sounds.split(","))
    return spellings


# letters -> {sound or sounds: cost}
SPELLINGS = _read_tables()
LONGEST = max(map(len, SPELLINGS))

# What it costs to take one sound for another; pairs that are not listed are different sounds (1).
_NEAR = """
äa0 äe0 ae.1 iı0 oö0 uü0 ei.25 eı.3 ıu.25 üi.25 ıa.4 öe.25 ou.15 öu.15 oü.2 öü.4 ao.35 äo.45 ai.8 äi.5 äı.4 üe.5 iu.6
öi.5 eo.6
qg0 gG0 qG.03 qk.05 kg.13 kG.3 xh.05 xk.15 gh.1 Gh.1 qh.2 xq.25 xg.3 xG.2 bp.13 dt.13 zs.25 vf.12 JC.2 ZS.35 ZJ.03
ZC.3 ZD.3 JD.15 DT.15 Dz.1
Ts.2 TC.25 SC.25 SŞ.08 ŞC.25 sS.2 zZ.25 yi0 yı0 Xx.3 Xs.3 Xk.4 mn.6 bv.35 zJ.3 sC.4 zD.1 Cs.4
"""


def _read_near() -> dict[tuple[str, str], float]:
    near: dict[tuple[str, str], float] = {}
    for entry in _NEAR.split():
        cost = float(entry[2:])
        near[entry[0], entry[1]] = near[entry[1], entry[0]] = cost
    return near


_NEAR_COSTS = _read_near()


@cache
def between(left: str, right: str) -> float:
    """Return what it costs to take one sound for another, 0 (the same) to 1 (different)."""
    if left == right:
        return 0.0
    return _NEAR_COSTS.get((left, right), 0.9 if left in VOWELS and right in VOWELS else 1.0)
