"""Words that stand in names and are no names, in the languages that the sound tables know."""

_TITLES = """
mr mrs ms miss dr prof professor sir dame lord lady baron count hon rev fr president prime minister senator general
gen colonel col major maj captain capt lt sgt sheikh shaikh sheik shaykh sheykh cheikh imam mullah mulla mollah maulvi
maulana mawlawi ayatollah hojjatoleslam haji hajji hadji hajj seyid sayyid sayyed seyed syed said-i emir prince
princess king queen engr eng ing dipl phd md jr sr herr frau monsieur m. mme mlle madame señor senor don doña dona
präsident präsidentin cənab xanım bəy müəllim hacı prezident doktor kərbəlayı məşədi general-mayor polkovnik akademik
deputat şeyx mirzə bay bayan sayın bey hanım hoca hodja paşa efendi г-н г-жа господин госпожа президент генерал
полковник профессор доктор академик депутат шейх хаджи гаджи пан пані պարոն տիկին ბატონი ქალბატონი آقای خانم دکتر حاج
حاجی سید شیخ السيد الشيخ الدكتور جناب
"""
_PARTICLES = """
al el ul ad ar as ash an at ed es il bin ben ibn bint b. bent bn ould wuld van von der den de del della di da das dos
du des la le lo y e i und of the af av zu zur ter ten te st ap ab ou ال بن ابن بنت آل فان фон де ван аль эль ибн бин
бен дер
"""
_CHILD = """
oğlu oglu oghlu ogly oğli ogli ogluy оглы оглу оглі ogloe oghly ughli ugli o'g'li оғлу اوغلو اوغلی օղլու օղլի ოღლუ
ოღლი qızı qizi gizi kizi kızı kyzy gyzy qyzy gizy ghizi gizı gızı кызы гызы гызи кизи ҝызы қызы قیزی قزی կըզը քըզի
գըզը ყიზი გიზი
"""
_ADDED = """
official real the its im iam i_am mr mrs ms dr prof az azerbaijan azerbaycan baku ru tr am ge ua fr uk us eu tv news
press  page fan fc resmi rəsmi offical org com blog writes tweets x insta team
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(_TITLES)
# Parts that join others; they are written or left out at will.
PARTICLES = _words(_PARTICLES)
# "Son of" and "daughter of", which follow the father's name.
CHILD = _words(_CHILD)
# What people add to a handle when their name is taken, or to say that they are the real one.
ADDED_TO_HANDLES = _words(_ADDED)
