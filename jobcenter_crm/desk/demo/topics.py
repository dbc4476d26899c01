"""What the demo's consultants talk with employers about, and what they write down afterwards.

The sentences are filled in by `story.py`. `{area}`, `{task}`, `{task2}`, `{boss}` and `{busy}` come from the trade's
vocabulary, `{job}` and `{jobs}` from the trade, `{who}` is the person talked to; a sentence with `{who}` is only used
where somebody is known. `{Boss}` begins a sentence.
"""

from typing import NamedTuple


class Topic(NamedTuple):
    """One subject, from the first word to the check afterwards.

    `first` are purposes of a contact that opens it. `warm`, `agreed` and `check` are notes: when they are interested,
    when something is agreed, and when we ask how it went; a plus before one of the last says that more was agreed.
    `steps` and `checks` are next steps as (channel, words).
    """

    first: tuple
    warm: tuple
    steps: tuple
    agreed: tuple
    checks: tuple
    check: tuple


PLACE = Topic(
    first=(
        "Hør, om de kan tage en i praktik {area}",
        "Tal om en plads {area}",
        "Find opgaver, en ny kan begynde med",
        "Hør, om de vil prøve en kandidat {area}",
        "Se stedet, og tal om en praktikplads",
        "Tal om praktik med udsigt til timer",
        "Hør, om de har brug for hænder til {task}",
    ),
    warm=(
        "Der er brug for hænder {area}, og {boss} kan tage imod.",
        "De vil gerne prøve en {area}, hvis det er en, der møder stabilt.",
        "{who} ser for sig en, der kan begynde med {task}.",
        "Opgaverne kunne være {task} og {task2}.",
        "De har plads til en {area}, men vil møde vedkommende først.",
        "{who} taler med {boss} og giver besked inden {weekday}.",
        "De kan godt se idéen, men spurgte til forsikring og papirer. Forklarede begge dele.",
        "De vil gerne have noget kort på skrift, som de kan vise de andre.",
        "{who} er med, så længe det højst er {weeks} i første omgang.",
        "De har tid til at lære op fra {month}.",
        "Hellere en i {weeks} end en, der kun lige er der.",
        "Enige om, at {boss} bliver kontaktperson, hvis det bliver til noget.",
        "Fik set rundt. {task_} er det, de selv nævner først.",
        "{who} vil helst have en, der selv har valgt branchen.",
        "De spurgte, hvor meget tid det tager. Svarede, at vi kommer hver fjortende dag i starten.",
        "De er åbne, bare vi ikke sender tre på én gang.",
    ),
    steps=(
        ("email", "Send varedeklaration for virksomhedspraktik"),
        ("email", "Send et kort oplæg om praktik"),
        ("phone", "Ring til {who} om pladsen {area}"),
        ("phone", "Hør, hvad {boss} siger til en praktikant"),
        ("visit", "Aftal opgaver og mentor {area}"),
        ("visit", "Vis en kandidat stedet"),
        ("phone", "Ring med forslag til startdato"),
        ("meeting", "Møde her om praktikaftalen"),
    ),
    agreed=(
        "Aftalt {places} {area} fra {date}. {Boss} er kontaktperson.",
        "De tager en {area} i {weeks} fra {date}, {hours}.",
        "Det bliver {places} {area}. De vil se varedeklarationen, før de skriver under.",
        "{who} sagde ja på stedet. Start {date}, og {boss} lærer op.",
        "Ja til {places}. Begynder med {task}, senere {task2}.",
        "Aftalt start {date}. {who} siger det til holdet på mødet {weekday}.",
        "De prøver en i {weeks}. Går det godt, er der timer bagefter.",
        "Plads aftalt {area}. De vil have samme kontaktperson hos os hele vejen.",
        "Fik ja til {places} fra {month}. Tillidsrepræsentanten er spurgt.",
        "En plads {area} fra {date}. Arbejdstøj får man udleveret, sko skal man selv have.",
        "{who} tager selv imod den første dag kl. {clock}.",
        "Aftalt {hours} i {weeks}. Vi taler sammen efter to uger.",
    ),
    checks=(
        ("phone", "Hør, hvordan praktikken går"),
        ("phone", "Ring til {who} om de første uger"),
        ("visit", "Følg op på pladsen {area}"),
        ("phone", "Hør, om pladsen skal forlænges"),
        ("visit", "Midtvejssnak med {boss}"),
    ),
    check=(
        "Det går godt. {Boss} roser indsatsen.",
        "De første uger tog mere tid end ventet, men nu er de glade for det.",
        "+{who} vil gerne forlænge med fire uger.",
        "+Forløbet slutter som aftalt, og de vil gerne have en ny fra {month}.",
        "{Boss} har lagt {task} over til pladsen, og det letter holdet.",
        "De er begyndt at tale om timer bagefter.",
        "Godt tilfredse. Eneste ønske er besked i god tid, når planen ændres.",
        "{who} bad om, at vi kommer fast den første torsdag i måneden.",
        "Det var den rigtige opgave, men det forkerte hold. De bytter om fra mandag.",
        "Mentoren har brug for at kunne ringe til os. Gav nummeret en gang til.",
        "Praktikken er slut. De siger ja til at være reference.",
        "+Det blev til {hours} på almindelige vilkår fra {date}.",
        "+De vil gerne tage to næste gang, så de kan følges ad.",
        "{who} synes, papirerne er blevet færre. Det sagde vi tak for.",
    ),
)

PEOPLE = Topic(
    first=(
        "De søger {job}: hør, hvad de har brug for",
        "Hjælp til at finde {job}",
        "Tal om rekruttering af {jobs}",
        "Hør, om de stadig søger {job}",
        "Opslag set på deres hjemmeside: tilbyd hjælp",
        "Hør, hvor mange de skal bruge til {busy}",
    ),
    warm=(
        "De mangler {job} nu og en mere til {month}.",
        "De har slået stillingen op to gange uden at få en egnet ansøger.",
        "{who} vil gerne se to-tre, men ikke en bunke.",
        "De ansætter helst {jobs}, men kan bruge en ufaglært, der vil lære.",
        "Vigtigst er, at man kan begynde kl. {clock}.",
        "De vil have folk, der bor tæt på.",
        "{who} sender opslaget til os, før det kommer på nettet.",
        "Lønnen er efter overenskomst, prøvetid tre måneder.",
        "De søger {job} på {hours} til at begynde med.",
        "De vil gerne, at vi taler med ansøgerne først.",
        "Der er gået for lang tid, siden vi sidst hjalp dem. Det skal vi rette op på.",
        "De har brug for {jobs} til {busy}, i alt tre.",
    ),
    steps=(
        ("phone", "Ring med navn på to ansøgere"),
        ("email", "Send stillingen til jobkonsulenterne"),
        ("phone", "Hør, om de har fået svar fra ansøgerne"),
        ("visit", "Gennemgå stillingen med {who}"),
        ("email", "Send bekræftelse på jobordren"),
        ("phone", "Ring til {who} om samtalerne"),
    ),
    agreed=(
        "De ansætter en af dem, vi foreslog, fra {date}.",
        "Aftalt samtaler med to {weekday} kl. {clock}.",
        "De giver en af dem en prøve i {weeks} først, derefter {hours}.",
        "{who} har sagt ja til en samtale her hos os.",
        "Stillingen er besat med en fra os. Start {date}.",
        "Enige om, at de ringer til os først næste gang.",
        "De tager en ind på {hours} fra {date} og en mere efter {busy}.",
        "Aftalt, at vi holder en lille jobdag hos dem i {month}.",
    ),
    checks=(
        ("phone", "Hør, hvordan den nye er kommet i gang"),
        ("phone", "Følg op på ansættelsen"),
        ("phone", "Hør, om de skal bruge flere {jobs}"),
        ("visit", "Besøg: hvordan gik det med den nye?"),
    ),
    check=(
        "Den nye er kommet godt i gang, siger {who}.",
        "De har ansat, men søger allerede den næste.",
        "Det holdt ikke. De vil gerne prøve igen med en anden.",
        "{Boss} er meget tilfreds og har fortalt det videre til naboen.",
        "De har fået besat det hele og ringer, når der er noget.",
        "De fandt selv en til sidst. Husk at spørge tidligere næste gang.",
        "+Prøvetiden er gået godt, og timerne er sat op.",
        "De var glade for, at vi ringede tilbage samme dag.",
        "+Der kommer to stillinger mere op i {month}.",
    ),
)

APPRENTICE = Topic(
    first=(
        "Fortæl om voksenlærlinge",
        "Hør, om de har tænkt på en voksenlærling",
        "Tal om elevplads fra sommer",
        "Første snak om at lære en ufaglært op",
    ),
    warm=(
        "De vidste ikke, at tilskuddet også gælder ufaglærte i job.",
        "{who} har en medarbejder, der kunne blive voksenlærling.",
        "De vil regne på det og har bedt om satserne på skrift.",
        "De er godkendt som lærested, men har ikke haft nogen i to år.",
        "Godkendelsen som praktiksted er udløbet. De vil søge igen.",
        "{Boss} er klar til at have en i lære, hvis skolen ligger inden for rækkevidde.",
        "De vil helst begynde med en praktik på {weeks} og så skrive kontrakt.",
        "De har et godt øje til en, der er i huset i forvejen.",
    ),
    steps=(
        ("email", "Send satser og regler for voksenlærlinge"),
        ("phone", "Hør, om de har regnet på voksenlærlingen"),
        ("visit", "Gennemgå ansøgningen med {who}"),
        ("phone", "Ring om godkendelse som lærested"),
    ),
    agreed=(
        "De opretter en plads som voksenlærling fra {date}.",
        "Aftale om voksenlærling på plads. {who} søger tilskuddet selv.",
        "De skriver kontrakt med en voksenlærling efter {weeks} på prøve.",
        "Ja til en lærling fra {month}. {Boss} bliver oplæringsansvarlig.",
    ),
    checks=(
        ("phone", "Hør, hvordan det går med lærlingen"),
        ("phone", "Hør, om tilskuddet er gået igennem"),
        ("visit", "Besøg efter første skoleophold"),
    ),
    check=(
        "Tilskuddet er gået igennem, og de er i gang.",
        "Første skoleophold er klaret, og {boss} er tilfreds.",
        "De overvejer en mere til næste år.",
        "Papirerne var lette nok, da de først kendte dem.",
        "Skolen har flyttet opstarten en måned. Det generer ikke.",
    ),
)

HOURS = Topic(
    first=(
        "Hør, om de har få timer til en i et småjob",
        "Tal om timer {area}",
        "Hør, hvilke opgaver der aldrig bliver nået",
        "Spørg til timer om formiddagen",
    ),
    warm=(
        "De kunne godt bruge nogen {hours} til {task}.",
        "{task_} bliver ofte liggende. Det kunne blive til et småjob.",
        "{who} vil skrive en liste over det, de ikke når.",
        "De havde ikke tænkt på, at man kan ansætte i så få timer.",
        "Det skal være faste dage, ellers hænger planen ikke sammen.",
        "De har timer nok til en, men ikke penge til en hel stilling.",
        "{who} spurgte, om to kan deles om timerne. Det kan de godt.",
    ),
    steps=(
        ("phone", "Hør, om de har fundet timerne"),
        ("email", "Send eksempel på et småjob"),
        ("visit", "Gå opgaverne igennem {area}"),
        ("phone", "Ring med en, der søger få timer"),
    ),
    agreed=(
        "Aftalt {hours} til {task} på almindelig løn fra {date}.",
        "De begynder med {hours} og ser, om det kan vokse.",
        "Ja til et småjob {area}. {Boss} viser til rette.",
        "Fra {date} bliver det {hours}, tirsdag og torsdag.",
    ),
    checks=(
        ("phone", "Hør, om timerne passer"),
        ("phone", "Hør, om timerne kan sættes op"),
        ("visit", "Se, hvordan det går {area}"),
    ),
    check=(
        "+Timerne er sat op fra {date}.",
        "Det passer fint med de faste dage.",
        "{Boss} siger, at {task} aldrig har kørt bedre.",
        "De holder fast i timerne, men kan ikke give flere lige nu.",
        "De har anbefalet det til en kollega i samme branche.",
    ),
)

RETENTION = Topic(
    first=(
        "Tal om fastholdelse og fravær",
        "Fortæl, hvad vi kan hjælpe med ved fravær",
        "Tal om delvis tilbagevenden og mentor",
        "Hør, hvordan de arbejder med trivsel",
    ),
    warm=(
        "De vidste ikke, at de kan ringe til os, før et fravær bliver langt.",
        "{who} vil have os ud og fortælle lederne om mulighederne.",
        "De arbejder selv med en fraværspolitik og vil gerne have sparring.",
        "De har brug for én at ringe til, når det brænder på. Det blev mig.",
        "De vil gerne se, hvad andre i branchen gør.",
        "Arbejdsmiljøgruppen mødes i {month}. Vi må komme i en halv time.",
        "De mangler især viden om hjælpemidler og arbejdspladsindretning.",
    ),
    steps=(
        ("email", "Send folder om fastholdelse"),
        ("phone", "Aftal oplæg for lederne"),
        ("meeting", "Møde her med personaleafdelingen"),
        ("visit", "Oplæg for arbejdsmiljøgruppen"),
    ),
    agreed=(
        "Aftalt fast kontakt ved fravær. De ringer efter to uger, ikke efter otte.",
        "De vil prøve en ordning, hvor vi kommer en gang i kvartalet.",
        "Oplæg for lederne aftalt til {date}.",
        "Enige om en fast mentor {area} til dem, der vender tilbage på nedsat tid.",
    ),
    checks=(
        ("phone", "Hør, om de har brugt hotlinen"),
        ("phone", "Følg op på oplægget"),
        ("visit", "Kvartalssnak om fravær og fastholdelse"),
    ),
    check=(
        "De har ringet to gange siden sidst og er glade for svarene.",
        "Oplægget blev godt modtaget. Lederne vil have det igen til næste år.",
        "{who} fortæller, at lederne tager snakken tidligere nu.",
        "Fraværet er uændret, men de holder flere i gang.",
        "De ønsker et skema, der kan udfyldes på fem minutter.",
    ),
)

CENTRE = Topic(
    first=(
        "Tal om et virksomhedscenter {area}",
        "Gennemgå idéen om faste pladser",
        "Hør, om de vil have faste pladser i stedet for enkelte",
    ),
    warm=(
        "De ser fordelen i faste pladser og samme kontaktperson.",
        "{who} vil begynde med to pladser {area} og se an.",
        "De spurgte til mentortimer og til, hvem der tager samtalerne.",
        "{Boss} har gode folk, der kan være mentorer, men de skal have tid til det.",
        "De vil have aftalen for et år ad gangen.",
        "Udkastet er gennemgået. To punkter om fravær skal skrives tydeligere.",
    ),
    steps=(
        ("email", "Send udkast til kontrakt om virksomhedscenter"),
        ("meeting", "Gennemgå kontrakt om virksomhedscenter"),
        ("phone", "Hør, hvad ledelsen siger til kontrakten"),
        ("visit", "Mød de to mentorer"),
    ),
    agreed=(
        "De går med: {places} fra {date}, mentor er {boss}.",
        "Kontrakten er aftalt. Underskrives på mødet i {month}.",
        "Enige om {places} og evaluering efter et halvt år.",
        "De vil begynde i det små med {places} {area}.",
    ),
    checks=(
        ("visit", "Status på de faste pladser"),
        ("phone", "Ring til mentoren"),
        ("meeting", "Halvårsmøde om virksomhedscentret"),
        ("phone", "Hør, om pladserne er fyldt"),
    ),
    check=(
        "Begge pladser er besat, og mentoren har styr på det.",
        "En plads har stået tom i tre uger. Den skylder vi dem.",
        "Mentoren ønsker et kursus. Vi undersøger datoer.",
        "{who} er tilfreds, men vil kende de næste navne lidt før.",
        "+De udvider gerne med en plads {area} fra {month}.",
        "To af de første fire har fået timer bagefter.",
    ),
)

PARTNERSHIP = Topic(
    first=(
        "Tal om en samarbejdsaftale",
        "Møde med ledelsen om et fast samarbejde",
        "Gennemgå, hvad vi hver især kan bidrage med",
    ),
    warm=(
        "{who} vil gerne have det samlet i én aftale: pladser, rekruttering og fastholdelse.",
        "De lægger vægt på, at det måles, og at vi mødes hvert halve år.",
        "Ledelsen bakker op, men HR skal se teksten først.",
        "De vil selv fortælle om det til deres netværk, når det er på plads.",
        "De foreslår mål for både pladser og fast ansatte.",
        "De vil vide, hvad vi gør, når vi ikke kan finde folk. Godt spørgsmål.",
    ),
    steps=(
        ("email", "Send forslag til samarbejdsaftale"),
        ("meeting", "Gennemgå forslag til samarbejdsaftale"),
        ("phone", "Hør, hvad HR siger til forslaget"),
        ("visit", "Aftal mål for det kommende år"),
    ),
    agreed=(
        "Enige om aftalen. Den skrives under i {month}.",
        "{places_} om året og et møde hvert halve år. {who} er tovholder.",
        "De siger ja til målene og vil have en god historie i avisen med.",
        "Aftalen forlænges et år med samme mål.",
    ),
    checks=(
        ("meeting", "Halvårsmøde om samarbejdsaftalen"),
        ("phone", "Status på målene i aftalen"),
        ("visit", "Mød den nye personalechef"),
        ("phone", "Aftal dato for årsmødet"),
    ),
    check=(
        "De er foran målet for pladser og bagud med ansættelser.",
        "{who} ønsker flere kandidater til {task}.",
        "Samarbejdet kører. De vil have en fast dag om måneden, hvor vi er på stedet.",
        "Den nye personalechef er sat ind i aftalen og vil fortsætte.",
        "De fortalte om aftalen på erhvervsmødet, og to andre spurgte til den.",
        "Gennemgik tallene. De passer med deres egne.",
    ),
)

STATUS = Topic(
    first=(
        "Hold kontakten ved lige",
        "Status: hvad sker der hos dem?",
        "Hør, om der er noget, vi kan hjælpe med",
        "Kvartalets snak",
        "Hør, hvordan året er begyndt",
        "Hils på, og aflever nyt kontaktkort",
        "Hør, hvad de skal bruge til {busy}",
    ),
    warm=(
        "De er tilfredse med samarbejdet og ringer, når der er noget.",
        "Intet akut, men de vil gerne høre fra os efter {busy}.",
        "{who} spurgte til vores jobmesse og vil gerne have en stand.",
        "De ville gerne vide, hvem der er deres kontaktperson. Gav kort og nummer.",
        "God snak om, hvad der kommer i {month}.",
        "De har det godt og planlægger uden at mangle nogen.",
        "{who} lovede at tænke på os, når de slår noget op.",
        "De har fået ny i ledelsen. Skal hilses på ved lejlighed.",
        "Fik vist det nye værksted og hilst på holdet.",
        "De er nysgerrige på, hvad nabovirksomheden gør.",
    ),
    steps=(
        ("phone", "Ring igen efter {busy}"),
        ("email", "Send invitation til jobmessen"),
        ("phone", "Hør, om der er brug for folk"),
        ("visit", "Hils på den nye leder"),
        ("visit", "Kom forbi, og tal om {month}"),
    ),
    agreed=(
        "De vil gerne tage en {area} fra {date}, nu vi spurgte.",
        "Endte med {places} {area} fra {month}.",
        "{who} tilbød selv en plads {area}.",
    ),
    checks=PLACE.checks,
    check=PLACE.check,
)

# Which subjects come up with which group, and how often.
BY_TIER = {
    1: ((PARTNERSHIP, 4), (PLACE, 3), (PEOPLE, 2), (RETENTION, 3), (STATUS, 2)),
    2: ((CENTRE, 4), (PLACE, 4), (PEOPLE, 2), (HOURS, 2), (RETENTION, 1), (STATUS, 1)),
    3: ((PLACE, 5), (PEOPLE, 3), (HOURS, 3), (APPRENTICE, 2), (RETENTION, 1), (STATUS, 3)),
    4: ((STATUS, 2), (PEOPLE, 1)),
    None: ((PEOPLE, 2), (STATUS, 1)),
}
TRADES_WITH_APPRENTICES = {"site", "workshop", "factory", "kitchen", "garage", "green", "clinic", "shop", "office"}
