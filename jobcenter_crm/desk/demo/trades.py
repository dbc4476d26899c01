"""The trades of the demo's employers: branch code, how common, how big, what such firms are called.

In a pattern of names `{s}` and `{t}` are family names, `{f}` a whole name, `{town}` the town, `{genitive}` the town's
genitive and `{w}` one of the trade's own words.
"""

from typing import NamedTuple

# Employees: (least, most, chance in a hundred) for each size of firm a trade has.
TINY = ((0, 1, 35), (2, 4, 50), (5, 9, 15))
SMALL = ((0, 1, 12), (2, 4, 34), (5, 9, 30), (10, 19, 18), (20, 34, 6))
MIDDLE = ((2, 4, 14), (5, 9, 24), (10, 19, 30), (20, 49, 24), (50, 99, 8))
LARGE = ((10, 19, 20), (20, 49, 36), (50, 99, 26), (100, 199, 13), (200, 480, 5))


class Trade(NamedTuple):
    """A trade: its DB25 code, how common it is, the vocabulary it speaks (`vocabulary.py`), sizes and names.

    `job` and `jobs` are whom it looks for when it hires, one and several. `weight` is relative.
    """

    code: str
    weight: int
    kind: str
    sizes: tuple
    job: str
    jobs: str
    names: tuple
    words: tuple = ()
    personal: int = 20  # so many of a hundred are owned by a natural person


TRADES = (
    # Building.
    Trade("433200", 44, "site", SMALL, "en tømrersvend", "tømrersvende",
          ("Tømrer {s} og Søn", "Tømrerfirmaet {s}", "{s} & {t} Tømrer og Snedker", "Tømrermester {f}",
           "Snedkeriet {s} og {t}", "{town} Tømrerforretning", "{s} Byg"), personal=35),
    Trade("439100", 22, "site", SMALL, "en murersvend", "murersvende",
          ("Murerfirmaet {s}", "Murermester {f}", "{s} Mur og Puds", "{town} Murerforretning", "{s} & {t} Murere"),
          personal=35),
    Trade("433410", 22, "site", SMALL, "en malersvend", "malersvende",
          ("Malerfirmaet {s}", "Malermester {f}", "{town} Farve og Malerfirma", "{s} & {t} Malere"), personal=35),
    Trade("432200", 24, "site", SMALL, "en vvs-montør", "vvs-montører",
          ("VVS {s} og {t}", "{s} VVS", "{town} Vand og Varme", "Blikkenslager {s}", "{s} Varme og Bad"), personal=22),
    Trade("432100", 24, "site", MIDDLE, "en elektriker", "elektrikere",
          ("Elinstallatør {s}", "{s} El-teknik", "{town} El", "{s} & {t} Elinstallation", "El-firmaet {s}")),
    Trade("433420", 7, "site", TINY, "en glarmestersvend", "glarmestersvende",
          ("Glarmester {s}", "{town} Glas", "Glarmester {f}"), personal=40),
    Trade("433300", 7, "site", TINY, "en gulvlægger", "gulvlæggere",
          ("Gulvfirmaet {s}", "{s} Gulve", "{town} Gulvservice"), personal=35),
    Trade("434100", 8, "site", SMALL, "en tagdækker", "tagdækkere",
          ("Tagdækker {s}", "{s} Tag og Facade", "{town} Tagservice"), personal=25),
    Trade("431200", 14, "site", MIDDLE, "en maskinfører", "maskinførere",
          ("Entreprenør {s}", "{s} Jord og Kloak", "Kloakmester {s}", "{genitive} Entreprenørforretning",
           "{s} & {t} Anlæg")),
    Trade("410000", 12, "site", MIDDLE, "en byggetekniker", "byggeteknikere",
          ("{s} Boliger", "Byggefirmaet {s}", "{town} Byg", "{s} & {t} Totalbyg")),
    # Making.
    Trade("251100", 12, "workshop", MIDDLE, "en smed", "smede",
          ("Smedjen i {town}", "{s} Stål", "{genitive} Maskinværksted", "{s} Smede- og Maskinfabrik")),
    Trade("255300", 8, "factory", LARGE, "en cnc-operatør", "cnc-operatører",
          ("{s} Spåntagning", "{town} Finmekanik", "{s} Metal"), personal=4),
    Trade("310000", 9, "workshop", MIDDLE, "en møbelsnedker", "møbelsnedkere",
          ("{town} Møbelfabrik", "Snedkeriet {s}", "{s} Møbler", "{w} Møbelsnedkeri"),
          ("Egetræet", "Lindeskab", "Bordben", "Høvlspånen"), 12),
    Trade("301200", 4, "workshop", SMALL, "en bådebygger", "bådebyggere",
          ("{s} Bådværft", "{town} Bådebyggeri", "Bådværftet {w}"), ("Kølen", "Ankeret", "Tovværket")),
    Trade("222600", 6, "factory", LARGE, "en maskinoperatør", "maskinoperatører",
          ("{s} Plast", "{town} Plastteknik", "{w} Plast"), ("Fjord", "Lindeplast", "Ravnbæk"), 2),
    Trade("265100", 4, "factory", LARGE, "en elektronikmontør", "elektronikmontører",
          ("{s} Instruments", "{w} Måleteknik", "{town} Elektronik"), ("Fjordlys", "Nordpejl", "Kvadrant"), 0),
    Trade("271100", 3, "factory", LARGE, "en industritekniker", "industriteknikere",
          ("{s} Motor", "{w} Generator"), ("Vestvind", "Strømkær", "Ankervind"), 0),
    Trade("108500", 5, "factory", LARGE, "en produktionsmedarbejder", "produktionsmedarbejdere",
          ("{w} Færdigretter", "{genitive} Køkkenfabrik", "{s} Måltider"), ("Gryden", "Dagens Ret", "Madkassen"), 0),
    Trade("102020", 4, "factory", LARGE, "en filetskærer", "filetskærere",
          ("{town} Fiskeindustri", "{s} Røgeri", "{w} Seafood"), ("Strandkær", "Fjordens", "Nordgrund"), 4),
    Trade("110500", 2, "factory", SMALL, "en bryggerimedarbejder", "bryggerimedarbejdere",
          ("{town} Bryghus", "Bryggeriet {w}"), ("Fadet", "Gærkælderen"), 8),
    Trade("181200", 6, "workshop", SMALL, "en grafisk trykker", "grafiske trykkere",
          ("{town} Bogtryk", "{s} Tryk", "Trykkeriet {w}"), ("Ark og Ramme", "Sortkridt", "Falsen"), 15),
    Trade("107120", 14, "kitchen", SMALL, "en bagersvend", "bagersvende",
          ("Bageren i {town}", "{s} Bageri", "Bageriet {w}", "Konditori {s}"),
          ("Kringlen", "Surdejen", "Rugkernen", "Fuldkorn"), 30),
    # Shops.
    Trade("471120", 14, "shop", MIDDLE, "en butiksassistent", "butiksassistenter",
          ("Købmand {s}", "{town} Dagligvarer", "Købmanden på {w}", "{genitive} Brugs"),
          ("Torvet", "Bakken", "Hjørnet", "Havnen"), 16),
    Trade("477110", 20, "shop", SMALL, "en salgsassistent", "salgsassistenter",
          ("{w} Tøj", "Modehuset {s}", "Butik {w}", "{s} Herremode", "{town} Jeans"),
          ("Knappenålen", "Silketråd", "Rødkridt", "Lommen", "Havblå", "Skabet"), 35),
    Trade("477210", 7, "shop", SMALL, "en salgsassistent", "salgsassistenter",
          ("{s} Sko", "Skohuset i {town}", "Sko og {w}"), ("Såle", "Snøre"), 22),
    Trade("477610", 12, "shop", TINY, "en blomsterdekoratør", "blomsterdekoratører",
          ("Blomster hos {s}", "{town} Blomster", "Buketten i {town}", "Blomsterhuset {w}"),
          ("Anemonen", "Valmuen", "Lavendel", "Kløver"), 50),
    Trade("476100", 4, "shop", TINY, "en boghandlermedhjælper", "boghandlermedhjælpere",
          ("Boghandler {f}", "{genitive} Boghandel", "Bogladen i {town}"), personal=55),
    Trade("476320", 9, "shop", TINY, "en cykelmekaniker", "cykelmekanikere",
          ("{s} Cykler", "Cykelsmeden i {town}", "{town} Cykler"), personal=45),
    Trade("475220", 7, "shop", MIDDLE, "en trælastassistent", "trælastassistenter",
          ("{town} Trælast", "Byggecenter {s}", "{s} Tømmerhandel"), personal=4),
    Trade("475510", 8, "shop", SMALL, "en salgsassistent", "salgsassistenter",
          ("{s} Bolighus", "{town} Møbelhus", "Hjemstavn {w}"), ("Interiør", "Møbler"), 14),
    Trade("477410", 4, "shop", SMALL, "en optikerassistent", "optikerassistenter",
          ("{s} Optik", "Brillehuset i {town}"), personal=15),
    Trade("477900", 8, "shop", TINY, "en butiksleder", "butiksledere",
          ("Genbrugsen {w}", "{town} Genbrug", "Loppen i {town}", "{s} Antik"), ("Skatten", "Rundgang", "Igen"), 40),
    Trade("473000", 6, "shop", SMALL, "en stationsmedarbejder", "stationsmedarbejdere",
          ("{town} Tank og Kiosk", "{s} Servicestation"), personal=14),
    Trade("463800", 6, "stock", MIDDLE, "en lagermedarbejder", "lagermedarbejdere",
          ("{s} Engros", "{town} Fødevareengros", "{w} Import"), ("Lindevang", "Sydhavn", "Nordkaj"), 4),
    Trade("468300", 6, "stock", MIDDLE, "en lagermedarbejder", "lagermedarbejdere",
          ("{s} Byggevareengros", "{town} Stål og Sanitet"), personal=2),
    # Cars and transport.
    Trade("953190", 26, "garage", SMALL, "en mekaniker", "mekanikere",
          ("{s} Auto", "{genitive} Autoværksted", "Autogården i {town}", "{s} & {t} Biler", "Mekaniker {f}"),
          personal=35),
    Trade("478100", 10, "garage", MIDDLE, "en mekaniker", "mekanikere",
          ("{s} Bilhus", "{town} Bilcenter", "{s} & {t} Automobiler"), personal=6),
    Trade("953110", 5, "garage", TINY, "en dækmontør", "dækmontører",
          ("{town} Dækservice", "{s} Dæk"), personal=25),
    Trade("953120", 5, "garage", SMALL, "en autolakerer", "autolakerere",
          ("{s} Karosseri", "{town} Autolakering"), personal=18),
    Trade("494100", 20, "transport", MIDDLE, "en chauffør", "chauffører",
          ("Vognmand {s}", "{s} Transport", "{town} Fragt", "{s} & Sønner Vognmandsforretning"), personal=28),
    Trade("493300", 9, "transport", SMALL, "en chauffør", "chauffører",
          ("{town} Taxi", "{s} Busser", "{s} Turistfart"), personal=30),
    Trade("521000", 5, "stock", LARGE, "en truckfører", "truckførere",
          ("{town} Lagerhotel", "{s} Logistik", "{w} Lager"), ("Ringvejens", "Transportcentrets"), 0),
    Trade("494200", 4, "transport", SMALL, "en flyttemand", "flyttefolk",
          ("{s} Flytteforretning", "Flyttefolkene i {town}"), personal=22),
    # Food, bed and leisure.
    Trade("561110", 40, "kitchen", SMALL, "en kok", "kokke",
          ("Café {w}", "Restaurant {w}", "Spisehuset {w}", "{genitive} Kro", "Ristorante {w}", "Bistro {s}"),
          ("Fyrtårnet", "Havblik", "Kajen", "Lygten", "Måneskin", "Vinden", "Tre Ål", "Krydderiet", "Skoven",
           "Solsiden", "Perronen", "Pakhuset", "Lanternen", "Søstjernen", "Oliventræet", "Hjertet", "Kastanjen"), 25),
    Trade("561190", 18, "kitchen", TINY, "en køkkenmedhjælper", "køkkenmedhjælpere",
          ("{town} Grill", "Pizzeria {w}", "Pølsekrogen {town}", "Sushi {w}", "Shawarma {w}"),
          ("Napoli Nord", "Bella Luna", "Ved Kirken", "Hjørnet", "Anatolien", "Fjorden", "Perlen"), 50),
    Trade("562200", 6, "kitchen", MIDDLE, "en køkkenassistent", "køkkenassistenter",
          ("{s} Catering", "Kantinen {w}", "{genitive} Diner Transportable"), ("Salt", "Buffet", "Frikadellen"), 14),
    Trade("563020", 8, "kitchen", TINY, "en bartender", "bartendere",
          ("Værtshuset {w}", "Vinbaren {w}", "{town} Bodega"), ("Tønden", "Proppen", "Skibet", "Den Sidste"), 45),
    Trade("551000", 7, "hotel", MIDDLE, "en stuepige", "stuepiger",
          ("Hotel {w}", "{town} Badehotel", "Hotel {town}"), ("Vestkysten", "Klitten", "Postgården", "Lindegården"), 8),
    Trade("553000", 4, "hotel", TINY, "en servicemedarbejder", "servicemedarbejdere",
          ("{town} Camping", "{w} Camping"), ("Klitgårdens", "Skovsøens", "Fyrrens"), 40),
    Trade("931300", 5, "culture", SMALL, "en receptionist", "receptionister",
          ("{town} Fitness", "{s} Træning", "Styrkehuset {w}"), ("Kraft", "Puls", "Løft"), 20),
    Trade("931200", 9, "culture", TINY, "en halmedhjælper", "halmedhjælpere",
          ("{town} Idrætsforening", "{town} Boldklub", "{town} Sejlklub", "{town} Rideklub"), personal=0),
    # Cleaning, green and guarding.
    Trade("812100", 20, "cleaning", MIDDLE, "en rengøringsassistent", "rengøringsassistenter",
          ("Rengøring {w}", "{s} Rengøring", "{town} Rengøringsservice", "Rent hos {s}"),
          ("Nord", "Skinnende", "Kost og Spand", "Morgenfrisk", "Vest", "Blank"), 30),
    Trade("812210", 5, "cleaning", TINY, "en vinduespolerer", "vinduespolerere",
          ("{s} Vinduespolering", "{town} Ruder", "Klart Glas {town}"), personal=60),
    Trade("961010", 4, "cleaning", MIDDLE, "en vaskeriassistent", "vaskeriassistenter",
          ("{town} Vask", "{s} Vaskeri", "Vaskeriet {w}"), ("Damp", "Rullen"), 6),
    Trade("811000", 6, "cleaning", MIDDLE, "en ejendomsservicetekniker", "ejendomsserviceteknikere",
          ("{s} Ejendomsservice", "{town} Vicevært"), personal=14),
    Trade("813000", 14, "green", SMALL, "en anlægsgartner", "anlægsgartnere",
          ("Anlægsgartner {s}", "{s} Have og Anlæg", "{town} Anlægsgartnere"), personal=40),
    Trade("011300", 5, "green", MIDDLE, "en gartnerimedarbejder", "gartnerimedarbejdere",
          ("Gartneriet {s}", "{town} Gartneri", "Gartneriet {w}"), ("Grønkålen", "Væksthuset", "Muldjorden"), 35),
    Trade("014620", 9, "green", TINY, "en fodermester", "fodermestre",
          ("{w} v/ {f}", "{w} Svinebrug"), ("Bakkegården", "Østergård", "Lyngholm", "Toftegården", "Kærgården"), 75),
    Trade("014100", 9, "green", TINY, "en fodermester", "fodermestre",
          ("{w} v/ {f}", "{w} Mælk"), ("Engdal", "Mosegården", "Nørremark", "Damholm", "Lindely", "Åvang"), 75),
    Trade("022000", 4, "green", TINY, "en skovarbejder", "skovarbejdere",
          ("{s} Skovservice", "{town} Brænde og Skov"), personal=50),
    Trade("800100", 3, "guard", MIDDLE, "en vagt", "vagter",
          ("{town} Vagt", "{s} Security"), personal=8),
    Trade("782000", 4, "office", MIDDLE, "en vikarkonsulent", "vikarkonsulenter",
          ("{town} Vikar", "{s} Bemanding"), personal=4),
    # Care, health and beauty in private hands.
    Trade("962100", 30, "clinic", TINY, "en frisørsvend", "frisørsvende",
          ("Salon {w}", "Frisør {f}", "{town} Herrefrisør", "Hår hos {s}", "Klip og {w}"),
          ("Krøllen", "Saksen", "Spejlet", "Lokken", "Pandehår", "Føn", "Kammen"), 70),
    Trade("962200", 10, "clinic", TINY, "en kosmetolog", "kosmetologer",
          ("Klinik {w}", "{s} Hudpleje", "{town} Skønhedsklinik"), ("Rosen", "Ro", "Mandel", "Perlemor"), 70),
    Trade("869500", 10, "clinic", SMALL, "en fysioterapeut", "fysioterapeuter",
          ("{town} Fysioterapi", "{s} Fysioterapi", "Fysioterapien på {w}"), ("Havnen", "Torvet", "Bakken"), 35),
    Trade("862300", 8, "clinic", SMALL, "en klinikassistent", "klinikassistenter",
          ("Tandlægerne {s} og {t}", "{town} Tandlægehus", "Tandlæge {f}"), personal=35),
    Trade("862100", 8, "clinic", SMALL, "en lægesekretær", "lægesekretærer",
          ("Lægehuset i {town}", "Lægerne {s} og {t}"), personal=40),
    Trade("750000", 4, "clinic", SMALL, "en veterinærsygeplejerske", "veterinærsygeplejersker",
          ("{town} Dyreklinik", "Dyrlæge {s}"), personal=25),
    # Desks.
    Trade("692000", 14, "office", SMALL, "en bogholder", "bogholdere",
          ("{s} Revision", "Revisorerne {s} og {t}", "{town} Regnskab", "{s} Bogføring"), personal=30),
    Trade("691000", 7, "office", SMALL, "en advokatsekretær", "advokatsekretærer",
          ("Advokat {f}", "Advokaterne {s} og {t}"), personal=25),
    Trade("683110", 8, "office", SMALL, "en sagsbehandler", "sagsbehandlere",
          ("{s} Bolig", "Ejendomsmægler {s}", "{town} Ejendomskontor"), personal=15),
    Trade("711100", 6, "office", SMALL, "en bygningskonstruktør", "bygningskonstruktører",
          ("{s} Arkitekter", "Tegnestuen {w}", "Arkitekt {f}"), ("Vinkel", "Loftet", "Nordlys", "Streg"), 30),
    Trade("711210", 6, "office", MIDDLE, "en ingeniør", "ingeniører",
          ("{s} Ingeniører", "{s} & {t} Rådgivning"), personal=8),
    Trade("621000", 12, "office", SMALL, "en programmør", "programmører",
          ("{w} Software", "{s} IT", "{town} Data"), ("Klipfisk", "Nordkode", "Blåbær", "Kvadrat", "Tråd"), 18),
    Trade("622000", 8, "office", MIDDLE, "en it-supporter", "it-supportere",
          ("{s} Netværk", "{town} IT-support", "{w} Drift"), ("Lindesky", "Fast", "Bundlinje"), 12),
    Trade("731110", 7, "office", TINY, "en grafiker", "grafikere",
          ("Bureauet {w}", "{s} Reklame", "{town} Kommunikation"), ("Gul", "Plakat", "Højttaler", "Tegnsæt"), 30),
    Trade("702000", 9, "office", TINY, "en projektleder", "projektledere",
          ("{s} Rådgivning", "{s} Consult", "{w} Ledelse"), ("Kompas", "Kursen"), 45),
    Trade("381100", 3, "transport", LARGE, "en renovationsmedarbejder", "renovationsmedarbejdere",
          ("{town} Renovation", "{s} Affald"), personal=0),
    Trade("353000", 3, "workshop", SMALL, "en driftstekniker", "driftsteknikere",
          ("{town} Fjernvarme", "{town} Varmeværk"), personal=0),
    Trade("889130", 4, "child", SMALL, "en pædagog", "pædagoger",
          ("Den Selvejende Børnehave {w}", "Skovbørnehaven {w}"), ("Kastanjen", "Myretuen", "Grankoglen"), 0),
    Trade("852010", 4, "school", MIDDLE, "en lærer", "lærere",
          ("{town} Friskole", "{town} Privatskole"), personal=0),
    Trade("949900", 6, "culture", TINY, "en koordinator", "koordinatorer",
          ("Frivilligcenter {town}", "{town} Beboerhus", "{town} Handelsforening"), personal=0),
)  # fmt: skip

# What a municipality runs: code, vocabulary, sizes, whom it hires, and how its places are called.
PUBLIC = (
    Trade("841100", 2, "office", LARGE, "en administrativ medarbejder", "administrative medarbejdere",
          ("Rådhuset", "Borgerservice", "Teknik og Miljø", "Skoleforvaltningen", "Løn og Personale")),
    Trade("852010", 9, "school", LARGE, "en lærer", "lærere",
          ("{town} Skole", "{w}skolen"), ("Fjord", "Eng", "Møllebakke", "Åboulevard", "Nørre")),
    Trade("889140", 6, "child", MIDDLE, "en pædagogmedhjælper", "pædagogmedhjælpere",
          ("SFO'en {w}", "{town} SFO"), ("Labyrinten", "Trædehusene", "Fristedet", "Hulen")),
    Trade("889150", 16, "child", MIDDLE, "en pædagog", "pædagoger",
          ("Børnehuset {w}",),
          ("Mælkebøtten", "Spirrevippen", "Solsikken", "Regnbuen", "Egernet", "Søhesten", "Guldsmeden", "Pilehytten",
           "Mariehønen", "Havtornen", "Blåklokken", "Svalereden", "Kornblomsten", "Frøen", "Rævestuen", "Fjordkatten")),
    Trade("871010", 6, "care", LARGE, "en social- og sundhedshjælper", "social- og sundhedshjælpere",
          ("Plejecenter {w}", "{town} Plejecenter"), ("Engen", "Lindehøj", "Fjordparken", "Solgården", "Åbrinken")),
    Trade("881010", 4, "care", LARGE, "en social- og sundhedsassistent", "social- og sundhedsassistenter",
          ("Hjemmeplejen {w}",), ("Nord", "Syd", "Vest", "Øst", "Aften og nat")),
    Trade("881020", 2, "care", MIDDLE, "en aktivitetsmedarbejder", "aktivitetsmedarbejdere",
          ("Aktivitetscenter {w}", "Dagcenter {w}"), ("Åhuset", "Havnen", "Kernehuset")),
    Trade("873020", 2, "care", MIDDLE, "en pædagog", "pædagoger",
          ("Bofællesskabet {w}",), ("Skovbrynet", "Bakken", "Stjernehuset")),
    Trade("562200", 2, "kitchen", MIDDLE, "en ernæringsassistent", "ernæringsassistenter",
          ("Centralkøkkenet", "Køkkenet på {town} Plejecenter", "Rådhuskantinen")),
    Trade("911100", 2, "culture", SMALL, "en biblioteksassistent", "biblioteksassistenter", ("{town} Bibliotek",)),
    Trade("912100", 1, "culture", SMALL, "en museumsmedarbejder", "museumsmedarbejdere", ("{town} Museum",)),
    Trade("931100", 2, "culture", MIDDLE, "en idrætsassistent", "idrætsassistenter",
          ("{town} Svømmehal", "{town}hallen")),
    Trade("421100", 2, "green", MIDDLE, "en vejmand", "vejmænd", ("Materielgården i {town}", "Park og Vej")),
    Trade("842500", 1, "guard", MIDDLE, "en beredskabsassistent", "beredskabsassistenter", ("{town} Brandstation",)),
    Trade("862300", 1, "clinic", MIDDLE, "en klinikassistent", "klinikassistenter", ("Den Kommunale Tandpleje",)),
    Trade("889160", 2, "child", SMALL, "en klubmedarbejder", "klubmedarbejdere",
          ("Ungdomsklubben {w}",), ("Garagen", "Loftet", "Perron 2")),
    Trade("382100", 1, "green", SMALL, "en genbrugsvejleder", "genbrugsvejledere", ("Genbrugsstationen i {town}",)),
)  # fmt: skip
DISCOUNT = Trade("471130", 0, "shop", MIDDLE, "en butiksmedarbejder", "butiksmedarbejdere", ("Nærkøb {town}",))


def employees(rng, sizes):
    """How many work there: a count, as the trade's sizes have it."""
    least, most, _chance = rng.choices(sizes, [chance for _least, _most, chance in sizes])[0]
    return rng.randint(least, most)


def genitive(town):
    """ "Lindevigs", "Mosehuses"; Danish takes an apostrophe only after s, x and z."""
    return f"{town}'" if town[-1] in "sxz" else f"{town}s"
