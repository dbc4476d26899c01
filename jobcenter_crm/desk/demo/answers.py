"""What employers say when it comes to nothing for now, what they ask, and what is written when nobody answers.

The same marks are filled in as in `topics.py`.
"""

# Barrier -> notes to "not now".
NOT_NOW = {
    "no_time": (
        "Ingen har tid til oplæring før {busy} er overstået.",
        "De er bemandet til grænsen og kan ikke tage imod nu.",
        "{Boss} er alene om det hele i øjeblikket.",
        "Dårligt tidspunkt: {busy}. De vil gerne tale igen bagefter.",
        "{who} har to nye i oplæring og vil ikke have flere samtidig.",
        "Vil gerne, men ikke før der er ansat en ny leder.",
    ),
    "no_tasks": (
        "Ingen opgaver før {month}, siger {who}.",
        "Der er for lidt at lave {area} lige nu.",
        "De har sendt to hjem på grund af ordremangel.",
        "De kan ikke finde nok til en hel dag. Tænker over halve dage.",
        "Ingen opgaver før {busy}, men gerne derefter.",
        "{task_} er lagt ud til et andet firma året ud.",
    ),
    "staff_unwilling": (
        "Holdet er imod lige nu, for der har været fyringer. {who} vil tage det op igen.",
        "Tillidsrepræsentanten vil have en snak først.",
        "De andre {area} er trætte af nye ansigter. Vi venter.",
    ),
    "candidates": (
        "De har brug for en med kørekort, og det havde vi ikke.",
        "De skal bruge {jobs} og ikke ufaglærte for tiden.",
        "{who} synes ikke, de to seneste passede til stedet. Vil gerne prøve igen senere.",
        "De kræver mere dansk, end vi kunne finde denne gang.",
    ),
    "rules": (
        "Forholdstallet er brugt op, indtil den nuværende er færdig.",
        "Hovedkontoret skal godkende, og det tager en måned.",
        "De synes, der er for meget papir. Tilbød at udfylde sammen med dem.",
    ),
    "unknown_candidate": (
        "De vil vide, hvem det er, før de siger ja. Vi finder en og vender tilbage.",
        "{who} vil ikke sige ja til en, vi ikke selv har mødt. Fair nok.",
    ),
    "bad_experience": (
        "Sidste forløb stoppede uden besked til dem. Beklagede. De vil have lidt luft først.",
        "De ventede forgæves på en, der ikke kom. Det har vi et ansvar for.",
        "{who} fik ikke svar i foråret. Gav mit direkte nummer.",
    ),
    "other": (
        "De flytter til nye lokaler og vil have ro på først.",
        "Ejerskifte på vej, så intet nyt før {month}.",
        "De afventer svar på et stort tilbud.",
        "{who} er ny i stillingen og vil se sig om et par måneder.",
    ),
}
AFTERWARDS = (
    ("phone", "Ring igen efter {busy}"),
    ("phone", "Hør, om det passer bedre nu"),
    ("phone", "Ring til {who} igen i {month}"),
    ("phone", "Spørg igen til en plads {area}"),
    ("visit", "Kig forbi, når {busy} er overstået"),
    ("phone", "Ring til {who}, og spørg til {month}"),
    ("phone", "Hør, om der er kommet luft i kalenderen"),
    ("phone", "Hør nyt, og tilbyd et besøg"),
)

# Barrier -> notes to "no thanks".
NO = {
    "no_time": (
        "Nej tak. De kan ikke afse nogen til at lære op.",
        "De siger nej: to mand i alt og fyldt kalender.",
        "Nej. {who} vil ikke love noget, de ikke kan holde.",
        "Nej tak, travlhed. De tror ikke, det bliver anderledes næste år.",
        "{who} sagde nej, venligt, men bestemt: oplæring tager for lang tid.",
        "Nej. De har prøvet at lære op ved siden af driften og nåede hverken det ene eller det andet.",
    ),
    "no_tasks": (
        "Nej tak, der er ingen opgaver, som andre kan tage.",
        "De har skåret ned og tager ingen ind i år.",
        "Nej. Arbejdet kræver papirer, som ingen kan få på få uger.",
        "Nej. Det meste køber de nu udefra.",
        "De har det antal folk, de skal have, og ser ingen opgaver ud over det.",
        "{who} kunne ikke komme i tanker om en opgave, der ikke kræver en fagperson.",
        "Nej tak. De har solgt den del af forretningen, hvor der var noget at lave.",
    ),
    "staff_unwilling": (
        "Nej. De har spurgt medarbejderne, og de vil ikke.",
        "Nej tak. Personalet har nok i sig selv efter omstruktureringen.",
        "Nej. Holdet har sagt fra, og det retter {who} sig efter.",
    ),
    "candidates": (
        "Nej. De ansætter kun {jobs}.",
        "De vil selv finde folk gennem bekendte.",
        "Nej tak, de bruger et bureau og er tilfredse med det.",
        "Nej. De vil have nogen, der kan det hele fra første dag.",
        "{who} har fem uopfordrede ansøgninger liggende og vil begynde der.",
    ),
    "rules": (
        "Nej. Kæden har forbudt praktik i butikkerne.",
        "De vil ikke have offentlige ordninger ind i firmaet.",
        "Nej. Revisoren fraråder dem ordninger med tilskud.",
        "Nej tak, {who} synes, der følger for meget papir med.",
    ),
    "unknown_candidate": (
        "Nej, de vil kun have folk, de kender i forvejen.",
        "Nej tak. De ansætter ad anbefalinger og har altid gjort det.",
        "{who} vil ikke tage imod nogen uden at have hørt fra en, de stoler på.",
    ),
    "bad_experience": (
        "Nej tak. De har prøvet to gange og er færdige med det.",
        "Nej. De følte sig løbet over ende af tre jobcentre på en måned.",
        "Nej. Sidst hørte de aldrig fra os igen. Sagde undskyld.",
        "{who} husker et forløb for tre år siden og vil ikke have et til.",
    ),
    "other": (
        "Nej tak. De drejer nøglen om, når kontrakten udløber.",
        "Nej. {who} går på pension og har ingen planer.",
        "De sagde pænt nej og ville ikke sige hvorfor.",
        "Nej tak. Alt går gennem hovedkontoret, og det siger nej.",
        "Nej. De lukker afdelingen her i byen.",
        "{who} mente, at vi skulle bruge tiden på nogen, der har brug for det.",
    ),
}

NO_ANSWER = (
    "Ingen svarede. Prøver igen.",
    "Telefonsvarer. Lagde besked om, hvem jeg er.",
    "{who} var til møde. Bad dem sige, at jeg har ringet.",
    "Optaget to gange.",
    "Lukket i dag, stod der på svareren.",
    "{who} er på ferie til {weekday}.",
    "Nummeret i registret gælder ikke. Fandt et andet på hjemmesiden.",
    "Fik fat i lageret, som ikke kunne stille om.",
    "Receptionen ville ikke stille ind. Prøver tidligere på dagen.",
    "Ringede ud. Sendte en sms i stedet.",
    "{who} stod midt i noget og bad mig ringe en anden dag.",
    "Ingen tog den hverken før eller efter frokost.",
    "Blev stillet om tre gange og endte på en svarer.",
    "Den, der tog den, vidste ikke, hvornår {who} kom.",
    "Lagde besked om, hvad det drejer sig om, og mit nummer.",
    "{who} sidder i møder hele dagen.",
    "Ringede {weekday} og igen i dag. Ingen svar.",
    "De holder lukket for tiden ifølge svareren.",
    "{who} er taget hjem. Ringer i morgen tidlig.",
    "Nåede kun at sige goddag, så var der kunder.",
)
TRY_AGAIN = (
    ("phone", "Prøv igen"),
    ("phone", "Ring igen om formiddagen"),
    ("phone", "Få fat i {who}"),
    ("phone", "Ring igen, helst før kl. 10"),
    ("phone", "Ring igen {weekday}"),
)

# They called us: (purpose, note).
QUESTIONS = (
    ("Spurgte, hvor længe en praktik kan vare", "Svarede, at det afhænger af, hvem det er. Ofte fire eller 13 uger."),
    ("Spurgte til tilskud til voksenlærlinge", "Forklarede reglerne og sendte satserne bagefter."),
    ("Ville vide, hvem der er deres kontaktperson", "Det er mig. Gav direkte nummer og træffetid."),
    ("Spurgte til forsikring af praktikanter", "Staten dækker arbejdsskade. Sendte siden, hvor det står."),
    ("Spurgte, hvordan man laver en aftale i VITAS", "Gennemgik skærmbillederne sammen i telefonen."),
    ("Ville vide, hvor mange de må have i praktik", "Regnede forholdstallet ud sammen. Systemet afgør det til sidst."),
    ("Spurgte, om vi kender kurser i truckcertifikat", "Henviste til AMU og lovede at høre om ledige pladser."),
    ("Ville aflyse et møde og finde et nyt", "Fandt en ny dag med det samme."),
    ("Spurgte, om man kan få hjælp til et hjælpemiddel", "Ja. Satte dem i forbindelse med den rette afdeling."),
    ("Spurgte til reglerne for en fritidsjobber", "Forklarede alder, timer og opgaver."),
    ("Ville vide, hvornår næste jobmesse er", "Sendte dato og tilmelding."),
    ("Spurgte, om vi kan finde afløsere med kort varsel", "Vi kan prøve. De skal ringe før kl. 9."),
    ("Spurgte om mentorstøtte", "Forklarede, hvad der er muligt efter de nye regler."),
    ("Ville rette et navn i vores papirer", "Rettet. Beklagede fejlen."),
)
CALLED_US = (
    ("Ringede selv: søger {job}", "De skal bruge {job} hurtigst muligt, {hours}."),
    ("Ringede selv: søger {job}", "To er stoppet samme uge. De håber på en fra os inden {weekday}."),
    ("Ringede selv: vil gerne have en i praktik", "De har hørt om det fra en anden i branchen. Plads {area}."),
    ("Ringede selv: mangler hænder til {busy}", "Det drejer sig om {task} i {weeks}."),
    ("Skrev til os om en ledig plads {area}", "De kan begynde når som helst. {Boss} tager imod."),
    ("Ringede selv: vil høre om småjob", "De har {hours}, som ingen af deres egne vil have."),
    ("Ringede selv: ved ikke, hvem man spørger", "De havde ringet rundt i kommunen. Nu har de mit nummer."),
)

# Sent by us: (purpose, note).
SENT = (
    ("Send det aftalte materiale", "Sendt til {who} med tak for snakken."),
    ("Kort om, hvad vi kan hjælpe med", "Sendte folder og mit direkte nummer."),
    ("Nyt om voksenlærlinge", "Sendte de nye satser."),
    ("Invitation til jobmesse", "Indbudt til jobmessen i Lindevighallen. Svar inden {weekday}."),
    ("Tak for samarbejdet i år", "Julehilsen med telefonnumre for det nye år."),
    ("Nye regler fra juli", "Sendte en side om, hvad der er ændret for arbejdsgivere."),
    ("Fortæl om de nye telefonnumre", "Sendt til alle i gruppen."),
)
# What was promised was sent; the purpose is the promise.
EMAILED = (
    "Sendt til {who} med mit nummer.",
    "Sendt. Bad om svar inden {weekday}.",
    "Sendt sammen med to eksempler fra branchen.",
    "Afsted. Jeg ringer i uge {week}.",
    "{who} kvitterede med det samme.",
    "Sendt, og kopi til jobkonsulenterne.",
    "Sendt til {who}, som viser det til {boss}.",
    "Sendt i en kort udgave, som de bad om.",
    "Svar samme dag: det ser fint ud.",
    "Sendt. {who} er væk til {weekday}.",
    "Sendt som aftalt.",
    "Sendt. Nævnte igen {task} som en mulighed.",
    "{who} skrev tak og ville vende tilbage i uge {week}.",
    "Sendt til {who} og i kopi til {boss}.",
    "Sendt med et forslag til tidspunkt: {weekday} kl. {clock}.",
    "Autosvar: tilbage {date}.",
    "Sendt. De spurgte straks til timetallet, og jeg svarede {hours}.",
    "Sendt på dansk og engelsk.",
    "{who} har sendt det videre til hovedkontoret.",
)
AFTER_EMAIL = (
    ("phone", "Ring og hør, om {who} har læst det"),
    ("phone", "Ring om det, vi sendte"),
    ("phone", "Hør, om der var spørgsmål til materialet"),
    ("visit", "Kom forbi, og gennemgå materialet"),
    ("phone", "Få svar fra {who}"),
)
LETTERS = (
    ("Kort om Virksomhedsindgangen", ""),
    ("Brev om hjælp til rekruttering", "Sendt sammen med kontaktkort."),
    ("Velkommen som ny virksomhed", "Brev med kontaktperson og de vigtigste numre."),
    ("Brev om de nye regler", ""),
    ("Brev om jobmesse i foråret", "Sendt i uge {week}."),
)
EVENTS = (
    ("Jobmesse i Lindevighallen", "Havde stand. Talte med omkring tyve ansøgere."),
    ("Morgenmøde om rekruttering", "Mødte {who}. De vil gerne høre mere."),
    ("Erhvervsforeningens høstmøde", "Hilste på og byttede kort."),
    ("Åbent hus på erhvervsskolen", "De stod ved siden af os hele dagen. God snak."),
)

AMENDMENTS = (
    "De ringede bagefter: startdatoen er flyttet en uge.",
    "Rettelse: det er {boss}, der er kontaktperson.",
    "Aftalen er nu også bekræftet på mail.",
    "De har efterfølgende sagt ja til en plads mere.",
    "Kandidaten takkede nej, så pladsen er ledig igen.",
)
WHY_NOT = (
    "Ringede 3. marts og bad om fred",
    "Har bedt om ikke at blive kontaktet på grund af dårlig erfaring",
    "Vil kun kontaktes på eget initiativ",
    "Ejeren ønsker ingen henvendelser fra kommunen",
    "Under afvikling, ønsker ro",
    "Har bedt om at blive slettet fra alle lister",
)
WHY_MOVED = {
    (None, 3): ("Ny i byen og ansætter", "Spurgte selv om hjælp til rekruttering", "Anbefalet af naboen"),
    (None, 4): ("Lille, men bør kende os", "Startede virksomhed i år"),
    (4, 3): ("Ringede selv og vil gerne høre mere", "Har udvidet og mangler folk", "Ny leder er interesseret"),
    (3, 2): ("Har haft flere forløb og vil have faste pladser", "Vil prøve et virksomhedscenter", "Gode mentorer"),
    (3, 1): ("Håndværk, 2–20 ansatte, har haft forløb", "Ønsker en samlet aftale"),
    (2, 1): ("Klar til en samarbejdsaftale", "Ledelsen har meldt sig", "Stor arbejdsplads med fast samarbejde"),
    (2, 3): ("Centret lukkede ved årsskiftet", "Har ikke tid til faste pladser i år"),
    (3, 4): ("Har sagt nej to gange", "Kun ejeren tilbage"),
    (1, 2): ("Aftalen blev ikke fornyet",),
}
GOOD_TO_KNOW = (
    "helst telefon før kl. 10", "ring efter kl. 14", "siger ja eller nej til praktik", "svarer hurtigst på mail",
    "træffes ikke om fredagen", "vil have tingene på skrift", "ny siden i foråret", "taler helst engelsk",
    "læg altid en besked", "koordinerer alle praktikker", "bestemmer timetallet", "er i butikken om formiddagen",
    "skal have besked en uge før", "deler kontor med souschefen", "bedst på mobilen", "holder fri om onsdagen",
)  # fmt: skip
