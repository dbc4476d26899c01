"""The catalogue of services that a job centre begins with; what is there belongs to the stewards.

The services follow the guide on strategy for employer cooperation (2012) and the law as it stands; the words are our
own. Amounts and limits that the rules move are not written here: the employer is asked to ask.
"""

from datetime import date

from contacts.models import Service

# The act on active employment effort, LAB (no. 548 of 7 May 2019), came into force.
LAB = date(2020, 1, 1)
# Act no. 1750 of 29 December 2025 ends job rotation. It came into force on 1 February and 1 July 2026; the later one is
# taken, so that no contact of the spring is refused what it told of.
REFORM = date(2026, 6, 30)


def load_services(using="default"):
    """Write each service that is missing. Harmless twice; what a steward has changed or ended is left as it is."""
    services = Service.objects.using(using)
    known = set(services.values_list("code", flat=True))
    missing = [
        _service(position, facts) for position, facts in enumerate(SERVICES, start=1) if facts["code"] not in known
    ]
    if missing:
        services.bulk_create(missing)


def _service(position, facts):
    texts = {name: words for name, words in facts.items() if isinstance(words, tuple)}
    columns = {name: value for name, value in facts.items() if name not in texts}
    for name, (danish, english) in texts.items():
        columns |= {f"{name}_da": danish, f"{name}_en": english}
    # Tens, so that a steward finds room between two.
    return Service(**{"valid_from": LAB, "position": position * 10} | columns)


_OWN = "Jobcentrets eget tilbud"
_HIRED_SICK = (
    "Medarbejderen er ansat hos jer og følger jeres regler om sygdom. Ring til os, hvis sygdommen trækker ud.",
    "The employee is hired by you and follows your rules about sickness. Call us if it drags on.",
)
_HIRED_INSURED = (
    "Medarbejderen er dækket af jeres forsikringer som alle andre ansatte.",
    "The employee is covered by your insurance like everybody else you employ.",
)
_HIRED_LIABLE = (
    "I har arbejdsgiverens ansvar, som for alle andre ansatte.",
    "You carry the employer's responsibility, as for everybody else you employ.",
)
_TRAINEE_SICK = (
    "Personen melder sig syg hos både jer og os den første dag. Hører I intet, så ring til os samme dag.",
    "The person reports sick to both you and us on the first day. If you hear nothing, call us the same day.",
)
_TRAINEE_INSURED = (
    "Der gælder særlige regler for arbejdsskader og for skader på jeres ting. Vi siger, hvem der dækker hvad, før I skriver under. Meld en skade til os med det samme.",
    "Special rules apply to injuries at work and to damage to your things. We say who covers what before you sign. Report an injury or damage to us at once.",
)
_TRAINEE_LIABLE = (
    "I leder arbejdet og sørger for instruktion og et sikkert arbejdsmiljø. Vi har ansvaret for aftalen og for personens forløb.",
    "You direct the work and see to instruction and safety. We are responsible for the agreement and for the person's course.",
)
_NOTHING_TO_INSURE = (
    "Kræver ingen særlig forsikring.",
    "Needs no insurance of its own.",
)

SERVICES = [
    {
        "code": "recruitment",
        "name": ("Gratis rekruttering", "Free recruitment"),
        "what": (
            "Vi finder kandidater til jeres ledige job.\nI får nogle få at vælge imellem, ikke en bunke ansøgninger.",
            "We find candidates for your vacancies.\nYou get a few to choose between, not a pile of applications.",
        ),
        "ours": (
            "Vi spørger ind til jobbet, slår det op, leder blandt de ledige og foreslår dem, der passer. Har vi ingen, siger vi det.",
            "We ask about the job, advertise it, look among the unemployed and suggest those who fit. If we have nobody, we say so.",
        ),
        "theirs": (
            "I fortæller, hvad jobbet kræver, holder samtaler og giver os besked om, hvem I vælger.",
            "You tell us what the job takes, hold the interviews and let us know whom you choose.",
        ),
        "economy": (
            "Det er gratis. I ansætter på almindelige vilkår og betaler almindelig løn.",
            "It is free. You hire on ordinary terms and pay ordinary wages.",
        ),
        "sickness": _HIRED_SICK,
        "insurance": _HIRED_INSURED,
        "liability": (
            "I vælger selv, hvem I ansætter, og har arbejdsgiverens ansvar fra første dag.",
            "You choose whom to hire, and carry the employer's responsibility from the first day.",
        ),
        "source": "Lov om en aktiv beskæftigelsesindsats (LAB)",
    },
    {
        "code": "job-fairs",
        "name": ("Jobmesser", "Job fairs"),
        "what": (
            "Mød mange jobsøgende på én dag.\nVi samler virksomheder og ledige til messer og mindre træf.",
            "Meet many job seekers in one day.\nWe bring employers and the unemployed together at fairs and smaller events.",
        ),
        "ours": (
            "Vi finder sted og tid, inviterer de ledige og hjælper dem med at forberede sig.",
            "We find place and time, invite the unemployed and help them prepare.",
        ),
        "theirs": (
            "I stiller med en, der kender jobbene, og fortæller os bagefter, hvem I vil tale videre med.",
            "You send somebody who knows the jobs, and tell us afterwards whom you want to talk with again.",
        ),
        "economy": ("Det er gratis at være med.", "Taking part is free."),
        "insurance": _NOTHING_TO_INSURE,
        "liability": (
            "Det er uforpligtende. Først en ansættelse binder jer.",
            "It binds you to nothing. Only hiring does.",
        ),
        "source": _OWN,
    },
    {
        "code": "network",
        "name": ("Virksomhedsnetværk", "Employer network"),
        "what": (
            "Mød andre arbejdsgivere om det, I selv har brug for.\nEt netværk har et formål, få møder og en, der holder i trådene.",
            "Meet other employers about what you need.\nA network has a purpose, few meetings and somebody who runs it.",
        ),
        "ours": (
            "Vi indkalder, finder oplæg, skriver ned, hvad der blev aftalt, og følger op.",
            "We invite, find speakers, write down what was agreed, and follow it up.",
        ),
        "theirs": (
            "I kommer til møderne og deler jeres egne erfaringer. En gang imellem lægger I hus til.",
            "You come to the meetings and share your own experience. Now and then you host one.",
        ),
        "economy": ("Det er gratis at være med.", "Taking part is free."),
        "insurance": _NOTHING_TO_INSURE,
        "liability": (
            "I kan træde ud, når I vil. Det, der siges på møderne, bliver i netværket.",
            "You may leave when you like. What is said at the meetings stays in the network.",
        ),
        "source": _OWN,
    },
    {
        "code": "placement",
        "name": ("Virksomhedspraktik", "Work placement"),
        "what": (
            "Prøv en medarbejder af i en aftalt tid, uden at ansætte.\nPraktikken har et klart formål: at lære et fag, at komme i gang eller at finde ud af, hvad der kan lade sig gøre.",
            "Try somebody for an agreed time, without hiring.\nThe placement has a clear purpose: to learn a trade, to get going, or to find out what is possible.",
        ),
        "ours": (
            "Vi finder en, der passer, klarer papirerne sammen med jer, følger op undervejs og taler med jer, når den slutter.",
            "We find somebody who fits, do the paperwork with you, follow up along the way and talk with you when it ends.",
        ),
        "theirs": (
            "I giver rigtige opgaver, en fast person at spørge og tid til at lære op. Medarbejdernes repræsentant høres, før I skriver under.",
            "You give real tasks, one person to ask, and time for training. The employees' representative is heard before you sign.",
        ),
        "economy": (
            "I betaler ingen løn; personen får sin ydelse. Reglerne sætter en grænse for, hvor længe en praktik kan vare, og for, hvor mange I kan have. Spørg os.",
            "You pay no wages; the person keeps the benefit. The rules set a limit on how long a placement may last and on how many you may have. Ask us.",
        ),
        "sickness": _TRAINEE_SICK,
        "insurance": _TRAINEE_INSURED,
        "liability": _TRAINEE_LIABLE,
        "source": "LAB kapitel 11, §§ 57-65",
    },
    {
        "code": "wage-subsidy",
        "name": ("Løntilskud", "Wage subsidy"),
        "what": (
            "Ansæt en ledig i en aftalt periode, og få tilskud til lønnen.\nPersonen lærer jobbet, mens I ser, om det holder.",
            "Hire somebody unemployed for an agreed time, with a subsidy to the wage.\nThe person learns the job while you see whether it works.",
        ),
        "ours": (
            "Vi finder en, der passer, undersøger, om reglerne er opfyldt, bevilger tilskuddet og følger op.",
            "We find somebody who fits, check that the rules are met, grant the subsidy and follow up.",
        ),
        "theirs": (
            "I søger, før ansættelsen begynder, oplyser, hvor mange ordinært ansatte I har, og hører medarbejdernes repræsentant.",
            "You apply before the job begins, state how many ordinary employees you have, and hear the employees' representative.",
        ),
        "economy": (
            "I betaler løn og får et tilskud pr. time. Ansættelsen skal være en ekstra plads, og reglerne sætter grænser for satser, varighed og antal. Spørg os om dem, der gælder nu.",
            "You pay wages and get a subsidy for each hour. The job must be one more than you had, and the rules set limits on rates, length and number. Ask us for those that hold now.",
        ),
        "sickness": _HIRED_SICK,
        "insurance": _HIRED_INSURED,
        "liability": _HIRED_LIABLE,
        "source": "LAB kapitel 12",
    },
    {
        "code": "paid-hours",
        "name": ("Lønnede timer", "Paid hours"),
        "what": (
            "Ansæt i få timer om ugen, og lad timerne vokse.\nEt småjob kan også begynde ved siden af en praktik.",
            "Hire for a few hours a week, and let the hours grow.\nA small job may also begin beside a placement.",
        ),
        "ours": (
            "Vi hjælper jer med at finde opgaver, der kan samles til et job, og foreslår en, der passer.",
            "We help you find tasks that can make up a job, and suggest somebody who fits.",
        ),
        "theirs": (
            "I ansætter på almindelige vilkår og siger til os, når der kan blive flere timer.",
            "You hire on ordinary terms, and tell us when there may be more hours.",
        ),
        "economy": (
            "I betaler almindelig løn for de timer, der arbejdes.",
            "You pay ordinary wages for the hours worked.",
        ),
        "sickness": _HIRED_SICK,
        "insurance": _HIRED_INSURED,
        "liability": _HIRED_LIABLE,
        "source": _OWN,
    },
    {
        "code": "flex-job",
        "name": ("Fleksjob", "Flex job"),
        "what": (
            "Ansæt en, der varigt kan arbejde mindre end andre.\nTimer, tempo og opgaver aftales, så de passer til den, der skal udføre dem.",
            "Hire somebody who can lastingly work less than others.\nHours, pace and tasks are agreed to suit whoever does them.",
        ),
        "ours": (
            "Vi finder en, der er visiteret til fleksjob, vurderer sammen med jer, hvor meget der arbejdes, og følger op.",
            "We find somebody entitled to a flex job, judge with you how much work is done, and follow up.",
        ),
        "theirs": (
            "I aftaler løn og timer med den ansatte og tager de hensyn, der er aftalt.",
            "You agree wages and hours with the employee, and take the considerations that were agreed.",
        ),
        "economy": (
            "I betaler for det arbejde, der udføres. Kommunen supplerer op efter egne regler. Spørg os.",
            "You pay for the work that is done. The municipality adds to it by rules of its own. Ask us.",
        ),
        "sickness": (
            "Den ansatte følger jeres regler om sygdom. Spørg os, hvad I kan få refunderet.",
            "The employee follows your rules about sickness. Ask us what can be refunded to you.",
        ),
        "insurance": _HIRED_INSURED,
        "liability": _HIRED_LIABLE,
        "source": "Lov om en aktiv beskæftigelsesindsats (LAB)",
    },
    {
        "code": "mentor",
        "name": ("Tilskud til mentor", "Mentor grant"),
        "what": (
            "Få dækket timer, hvor en kollega hjælper en ny godt i gang.\nMentoren er den, man spørger, og den, der ser, når noget er ved at gå skævt.",
            "Have the hours covered in which a colleague helps a newcomer get going.\nThe mentor is the one to ask, and the one who notices when something is going wrong.",
        ),
        "ours": (
            "Vi vurderer, om der kan gives tilskud, og er til at få fat i, når mentoren har brug for det.",
            "We judge whether a grant can be given, and can be reached when the mentor needs it.",
        ),
        "theirs": (
            "I vælger en mentor, der har lyst, giver tid til opgaven og fører regnskab med timerne.",
            "You choose a mentor who wants to, give time for it and keep account of the hours.",
        ),
        "economy": (
            "Vi kan købe et aftalt antal timer. Siden 1. januar 2026 er mulighederne færre: spørg, før I regner med det.",
            "We may buy an agreed number of hours. Since 1 January 2026 there are fewer openings: ask before you count on it.",
        ),
        "sickness": (
            "Er mentoren syg, så sig det til os; vi aftaler, hvem der træder til.",
            "If the mentor is ill, tell us; we agree who steps in.",
        ),
        "insurance": (
            "Mentoren er jeres ansatte og dækket af jeres forsikringer.",
            "The mentor is your employee and covered by your insurance.",
        ),
        "liability": (
            "Mentoren er kollega, ikke sagsbehandler. Personens sag er vores.",
            "The mentor is a colleague, not a case worker. The person's case is ours.",
        ),
        "source": "LAB; strammere regler fra 1. januar 2026",
    },
    {
        "code": "mentor-training",
        "name": ("Mentorkursus", "Mentor training"),
        "what": (
            "Et kort kursus for dem, der tager imod nye.\nDe lærer at tage imod, stille krav og sige fra i tide.",
            "A short course for those who receive newcomers.\nThey learn to welcome, to make demands and to speak up in time.",
        ),
        "ours": (
            "Vi holder kurset, giver et par gode redskaber med hjem og samler mentorerne igen senere.",
            "We hold the course, give them a few good tools and bring the mentors together again later.",
        ),
        "theirs": (
            "I giver medarbejderen fri til at deltage og tid til at bruge det bagefter.",
            "You give the employee time off to take part, and time to use it afterwards.",
        ),
        "economy": ("Kurset er gratis. I betaler lønnen imens.", "The course is free. You pay the wages meanwhile."),
        "insurance": (
            "Deltageren er dækket af jeres forsikringer som på andre kurser.",
            "Whoever takes part is covered by your insurance as on other courses.",
        ),
        "liability": (
            "Det forpligter jer ikke til at tage imod nogen.",
            "It does not bind you to receive anybody.",
        ),
        "source": _OWN,
    },
    {
        "code": "company-centre",
        "name": ("Virksomhedscenter", "Company centre"),
        "what": (
            "Faste pladser hos jer, som vi holder besat.\nFlere er i praktik ad gangen, med de samme opgaver, den samme mentor og den samme konsulent.",
            "Standing places with you, which we keep filled.\nSeveral are in placement at a time, with the same tasks, the same mentor and the same consultant.",
        ),
        "ours": (
            "Vi finder dem, der skal have pladserne, kommer fast, tager os af fravær og måler, hvad der kommer ud af det.",
            "We find those who are to have the places, come regularly, deal with absence and measure what comes of it.",
        ),
        "theirs": (
            "I stiller et aftalt antal pladser, en mentor og opgaver, man kan vokse med.",
            "You provide an agreed number of places, a mentor and tasks to grow with.",
        ),
        "economy": (
            "I betaler ingen løn til dem, der er i praktik. Hvad der ellers betales for, står i kontrakten.",
            "You pay no wages to those in placement. Whatever else is paid for stands in the contract.",
        ),
        "sickness": (
            "Fravær meldes til jer og til os. Hvem der ringer hvornår, står i kontrakten.",
            "Absence is reported to you and to us. Who calls when stands in the contract.",
        ),
        "insurance": _TRAINEE_INSURED,
        "liability": _TRAINEE_LIABLE,
        "source": "LAB kapitel 11 (virksomhedspraktik); kontrakten",
    },
    {
        "code": "adult-apprentice",
        "name": ("Voksenlærling", "Adult apprentice"),
        "what": (
            "Uddan en voksen til faglært, og få tilskud imens.\nFor jer, der mangler faglærte, og for den, der vil skifte spor.",
            "Train an adult to be skilled, with a subsidy meanwhile.\nFor you who lack skilled staff, and for whoever wants to change track.",
        ),
        "ours": (
            "Vi finder en, der vil, undersøger, om I kan få tilskud, og bevilger det.",
            "We find somebody who wants to, check whether you can have the subsidy, and grant it.",
        ),
        "theirs": (
            "I skriver uddannelsesaftale, betaler voksenløn efter overenskomsten og søger tilskuddet i tide.",
            "You sign the training agreement, pay adult wages by the collective agreement, and apply for the subsidy in time.",
        ),
        "economy": (
            "I får et tilskud for hver time i praktikperioden. Reglerne afgør, hvem der kan få det, satsen og hvor længe. Spørg os om dem, der gælder nu.",
            "You get a subsidy for each hour of practical training. The rules decide who may have it, the rate and for how long. Ask us for those that hold now.",
        ),
        "sickness": _HIRED_SICK,
        "insurance": _HIRED_INSURED,
        "liability": (
            "I har arbejdsgiverens ansvar og ansvaret for oplæringen sammen med skolen.",
            "You carry the employer's responsibility, and that for the training together with the school.",
        ),
        "source": "LAB §§ 154-160",
    },
    {
        "code": "upskilling",
        "name": ("Opkvalificering", "Upskilling"),
        "what": (
            "Kurser, der gør en kandidat eller en medarbejder klar til jobbet.\nFør ansættelsen, ved siden af den eller når opgaverne ændrer sig.",
            "Courses that make a candidate or an employee ready for the job.\nBefore hiring, beside it, or when the tasks change.",
        ),
        "ours": (
            "Vi finder kurset sammen med jer, undersøger, hvem der kan betale, og samler et hold, hvis flere mangler det samme.",
            "We find the course with you, check who can pay, and gather a class if several lack the same.",
        ),
        "theirs": (
            "I siger, hvad man skal kunne, og holder jobbet åbent til den, der tager kurset, hvis det er aftalt.",
            "You say what is needed, and keep the job open for whoever takes the course, if that is agreed.",
        ),
        "economy": (
            "Hvem der betaler, afhænger af kurset og af, om personen er ledig eller ansat. Spørg os først.",
            "Who pays depends on the course, and on whether the person is unemployed or employed. Ask us first.",
        ),
        "sickness": (
            "En ledig på kursus melder sig syg hos os og på skolen, en ansat hos jer.",
            "An unemployed person on a course reports sick to us and the school, an employee to you.",
        ),
        "insurance": (
            "På et kursus gælder skolens regler, hos jer jeres egne. Spørg, hvis kurset foregår hos jer.",
            "On a course the school's rules apply, with you your own. Ask if the course takes place with you.",
        ),
        "liability": (
            "Aftalen siger, hvad I lover bagefter. Uden aftale er I ikke bundet.",
            "The agreement says what you promise afterwards. Without one you are not bound.",
        ),
        "source": "Lov om en aktiv beskæftigelsesindsats (LAB)",
    },
    {
        "code": "retention",
        "name": ("Hjælp til at fastholde sygemeldte", "Help with retaining sick staff"),
        "what": (
            "Få hjælp tidligt, når en medarbejder er eller er ved at blive syg.\nMålet er, at jobbet holder.",
            "Get help early when an employee is ill or about to be.\nThe aim is that the job lasts.",
        ),
        "ours": (
            "Vi holder en rundbordssamtale med jer og medarbejderen, hjælper med en plan og med at vende delvist tilbage.",
            "We hold a round-table talk with you and the employee, and help with a plan and a partial return.",
        ),
        "theirs": (
            "I ringer, før det er for sent, holder sygefraværssamtalen og ser på, hvilke opgaver der kan ændres.",
            "You call before it is too late, hold the talk about sickness absence, and see which tasks can be changed.",
        ),
        "economy": (
            "Rådgivningen er gratis. I søger selv sygedagpengerefusion efter de almindelige regler.",
            "The advice is free. You apply for refund of sickness benefit by the ordinary rules.",
        ),
        "sickness": (
            "Medarbejderen bestemmer selv, hvad I skal vide om sygdommen. Tal om, hvad der kan lade sig gøre, ikke om diagnosen.",
            "The employee decides what you are to know of the illness. Talk about what is possible, not about the diagnosis.",
        ),
        "insurance": _HIRED_INSURED,
        "liability": (
            "I er arbejdsgiver hele vejen. Afgørelser om sygedagpenge er vores.",
            "You are the employer all the way. Decisions on sickness benefit are ours.",
        ),
        "source": "Sygedagpengeloven; jobcentrets eget tilbud",
    },
    {
        "code": "section-56",
        "name": ("§ 56-aftale", "§ 56 agreement"),
        "what": (
            "Få refusion fra første sygedag for en medarbejder med en langvarig eller kronisk lidelse.\nAftalen gælder kun fravær på grund af den lidelse.",
            "Be refunded from the first day of sickness for an employee with a long-term or chronic illness.\nThe agreement covers only absence because of that illness.",
        ),
        "ours": (
            "Vi vejleder, behandler ansøgningen og godkender aftalen, hvis reglerne er opfyldt.",
            "We advise, deal with the application and approve the agreement if the rules are met.",
        ),
        "theirs": (
            "I søger sammen med medarbejderen, melder fraværet til tiden og siger til, når aftalen skal fornys.",
            "You apply together with the employee, report the absence in time, and say when the agreement is to be renewed.",
        ),
        "economy": (
            "Det er gratis. I får refusion svarende til sygedagpenge fra første dag. En aftale gælder i en afgrænset tid; spørg os hvor længe.",
            "It is free. You are refunded the sickness benefit from the first day. An agreement holds for a limited time; ask us how long.",
        ),
        "sickness": (
            "Anden sygdom end den, aftalen gælder, følger de almindelige regler.",
            "Other illness than that of the agreement follows the ordinary rules.",
        ),
        "insurance": _HIRED_INSURED,
        "liability": _HIRED_LIABLE,
        "source": "Sygedagpengeloven § 56",
    },
    {
        "code": "service-agreement",
        "name": ("Serviceaftale om sygefravær", "Service agreement on sickness absence"),
        "what": (
            "Et klippekort til hjælp, når sygefraværet skal ned.\nI trækker på vores fagfolk, når I har brug for det, og vi ser på tallene sammen.",
            "A punch card for help when sickness absence is to come down.\nYou draw on our specialists when you need them, and we look at the figures together.",
        ),
        "ours": (
            "Vi stiller et aftalt antal klip til rådighed, har et nummer at ringe til og kan sidde hos jer på faste dage.",
            "We provide an agreed number of clips, have a number to call, and can sit with you on fixed days.",
        ),
        "theirs": (
            "I deler jeres tal for sygefravær og stiller pladser til rådighed, hvor andre kan prøve deres arbejdsevne af.",
            "You share your figures on sickness absence, and provide places where others can test their capacity for work.",
        ),
        "economy": (
            "Klippene er gratis inden for aftalen.",
            "The clips are free within the agreement.",
        ),
        "sickness": (
            "Vi taler om fraværet i tal og om den enkelte kun, når medarbejderen er med.",
            "We talk of absence in figures, and of one person only when the employee takes part.",
        ),
        "insurance": (
            "Pladser til afprøvning følger reglerne for virksomhedspraktik.",
            "Places for testing follow the rules for work placements.",
        ),
        "liability": (
            "Aftalen er gensidig, men ikke juridisk bindende. Begge kan sige den op.",
            "The agreement is mutual but not legally binding. Either may end it.",
        ),
        "source": _OWN,
    },
    {
        "code": "personal-assistance",
        "name": ("Personlig assistance og hjælpemidler", "Personal assistance and workplace aids"),
        "what": (
            "Hjælp, så en medarbejder med en funktionsnedsættelse kan passe sit job.\nEn kollega eller en anden hjælper nogle timer om ugen, eller arbejdspladsen indrettes.",
            "Help so that an employee with a disability can do the job.\nA colleague or somebody else helps some hours a week, or the place of work is adapted.",
        ),
        "ours": (
            "Vi undersøger behovet, behandler ansøgningen og bevilger det, der er brug for efter reglerne.",
            "We look into the need, deal with the application, and grant what is needed by the rules.",
        ),
        "theirs": (
            "I søger sammen med medarbejderen, finder den, der skal assistere, og giver plads til hjælpemidlet.",
            "You apply together with the employee, find whoever is to assist, and make room for the aid.",
        ),
        "economy": (
            "Der kan gives tilskud til løn for assistancen og til hjælpemidler. Reglerne sætter grænser for timer og beløb. Spørg, før I køber.",
            "There may be a grant for the assistant's wages and for aids. The rules set limits on hours and amounts. Ask before you buy.",
        ),
        "sickness": (
            "Er medarbejderen eller assistenten syg i længere tid, så sig det til os.",
            "If the employee or the assistant is ill for long, tell us.",
        ),
        "insurance": (
            "Assistenten er ansat hos jer og dækket af jeres forsikringer.",
            "The assistant is employed by you and covered by your insurance.",
        ),
        "liability": _HIRED_LIABLE,
        "source": "Lov om kompensation til handicappede i erhverv",
    },
    {
        "code": "job-rotation",
        "name": ("Jobrotation", "Job rotation"),
        "what": (
            "En ledig vikar, mens jeres egne var på kursus.\nOrdningen er afskaffet og tilbydes ikke længere.",
            "An unemployed substitute while your own staff were on a course.\nThe scheme has been abolished and is offered no longer.",
        ),
        "ours": (
            "Vi fandt vikaren og bevilgede ydelsen.",
            "We found the substitute and granted the benefit.",
        ),
        "theirs": (
            "I sendte medarbejdere på kursus og ansatte vikaren imens.",
            "You sent staff on a course and hired the substitute meanwhile.",
        ),
        "economy": (
            "I fik en ydelse pr. time. Spørg os, hvis I har et forløb, der ikke er gjort op.",
            "You got a benefit for each hour. Ask us if you have a course that has not been settled.",
        ),
        "sickness": _HIRED_SICK,
        "insurance": _HIRED_INSURED,
        "liability": _HIRED_LIABLE,
        "valid_to": REFORM,
        "source": "LAB; afskaffet ved lov nr. 1750 af 29. december 2025",
    },
]
