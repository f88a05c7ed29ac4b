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
official real the its im iam i_am mr mrs ms dr prof az azerbaijan azerbaycan baku ru tr am ge ua fr uk us eu en tv news
press  page fan fc resmi rəsmi offical org com blog writes tweets x insta team
"""
_ORGANISATION = """
company corporation corp inc ltd limited llc plc gmbh bank holding holdings group university institute academy ministry
department government fund trust foundation association federation union party committee council commission agency
organization organisation society center centre company's church mosque brigade battalion army navy airlines press
newspaper studio services solutions systems industries enterprises international committee embassy bureau partners
mmc asc qsc qapalı açıq cəmiyyəti şirkəti bankı universiteti institutu akademiyası nazirliyi agentliyi fondu birliyi
partiyası komitəsi şurası mərkəzi komissiyası təşkilatı ittifaqı federasiyası idarəsi holdinq qrupu xidməti
şirketi bankası üniversitesi bakanlığı vakfı derneği partisi merkezi kurumu anonim holding
ооо оао зао пао ао чп тоо банк компания корпорация холдинг группа университет институт академия министерство фонд
ассоциация федерация союз партия комитет совет комиссия агентство организация общество центр товарищество служба
тов ат банку міністерство університет спілка рада société banque université ministère association fédération
gesellschaft verein universität ministerium stiftung verband bundesamt
"""
_SHARED = """
smith johnson williams jones brown davis miller wilson moore taylor anderson jackson white harris thompson clark walker
schmidt schneider fischer weber meyer wagner becker schulz hoffmann müller dubois durand leroy moreau lefebvre girard
bonnet fournier garcia fernandez rodriguez gonzalez lopez martinez sanchez silva santos yılmaz yıldız yıldırım öztürk
aydın özdemir arslan doğan çelik şahin kuznetsov popov smirnov sokolov lebedev kozlov novikov morozov volkov solovyov
melnyk shevchenko kovalenko kovalchuk bondarenko tkachenko kravchenko oliynyk nguyen
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(_TITLES) | {"мирза", "mirza", "сеид", "хан"}
# Parts that join others; they are written or left out at will.
PARTICLES = _words(_PARTICLES)
# Particles after which the father's name follows.
SON_OF = frozenset({"bin", "ben", "ibn", "bint", "bn", "ould", "wuld", "بن", "ابن", "بنت", "ибн", "бин", "бен"})
# Titles that are given names too.
NAMES_TOO = frozenset(
    {
        "hacı",
        "haji",
        "гаджи",
        "хаджи",
        "мирза",
        "mirza",
        "hajji",
        "mirzə",
        "seyid",
        "sayyid",
        "şeyx",
        "sheikh",
        "prince",
        "major",
        "don",
        "king",
    }
)
# "Son of" and "daughter of", which follow the father's name.
CHILD = _words(_CHILD)
# What people add to a handle when their name is taken, or to say that they are the real one.
ADDED_TO_HANDLES = _words(_ADDED)
# Words that name an organisation and never a person.
ORGANISATION_WORDS = _words(_ORGANISATION)
# Words that come and go in an organisation's name.
LEFT_OUT_AT_WILL = _words(
    "group holding holdings company corporation corp co qrupu holdinq grup группа холдинг компания"
)
# Family names that so many bear that one alone names nobody; those made of a given name (Aliyev) are known by that.
SHARED_FAMILY_NAMES = _words(_SHARED)
