"""The answers to barriers that a job centre begins with; what is there belongs to the managers.

The barriers follow the guide on strategy for employer cooperation (2012); the words are our own.
"""

from contacts.models import BarrierAnswer, Interaction

Barrier = Interaction.Barrier


def load_answers(using="default"):
    """Write each answer that is missing. Harmless twice."""
    known = set(BarrierAnswer.objects.using(using).values_list("barrier", flat=True))
    for barrier, (danish, english) in ANSWERS.items():
        if barrier not in known:
            BarrierAnswer.objects.using(using).create(barrier=barrier, answer_da=danish, answer_en=english)


ANSWERS = {
    Barrier.NO_TIME: (
        "Vi tager papirerne og kommer på et tidspunkt, der passer dem. Begynd småt: én person, få timer, en dato at slutte på.\n"
        "Spørg, hvornår der er mere luft, og aftal, hvornår du må ringe igen.",
        "We do the paperwork and come when it suits them. Begin small: one person, few hours, a date on which it ends.\n"
        "Ask when there will be more room, and agree when you may call again.",
    ),
    Barrier.NO_TASKS: (
        "Spørg efter det, ingen når: oprydning, lager, pakning, kørsel, hjælp til dem med specialet.\n"
        "Bed om at se stedet. Små opgaver fra flere kolleger kan ofte samles til én plads.",
        "Ask for what nobody gets round to: tidying, stock, packing, errands, a hand for the skilled.\n"
        "Ask to see the place. Small tasks from several colleagues can often make up one place.",
    ),
    Barrier.STAFF_UNWILLING: (
        "Foreslå, at tillidsrepræsentanten er med fra begyndelsen, og at kollegerne hører, hvad pladsen er, og hvad den ikke er: "
        "ingen mister timer.\nTilbyd at vi kommer og svarer på spørgsmål, og spørg, hvem der kunne have lyst til at være mentor.",
        "Suggest that the shop steward takes part from the start, and that colleagues hear what the place is and is not: "
        "nobody loses hours.\nOffer that we come and answer questions, and ask who might like to be a mentor.",
    ),
    Barrier.CANDIDATES: (
        "Spørg, hvad der skal til, og skriv det ned: opgaver, tider, krav. Send kun nogen, der passer, og sig det, når vi ingen har.\n"
        "Tilbyd, at de møder personen, før de siger ja, og at vi ringer efter den første dag.",
        "Ask what it takes, and write it down: tasks, hours, demands. Send only somebody who fits, and say so when we have nobody.\n"
        "Offer that they meet the person before they say yes, and that we call after the first day.",
    ),
    Barrier.RULES: (
        "Sig, hvad de skal gøre, og hvad vi gør: det meste af papiret er vores.\n"
        "Har de aftaler med andre jobcentre også, så spørg, hvad der er forskelligt, og lov at finde ud af det.",
        "Say what they have to do and what we do: most of the paper is ours.\n"
        "If they have agreements with other job centres too, ask what differs, and promise to find out.",
    ),
    Barrier.UNKNOWN_CANDIDATE: (
        "Indrøm det, hvis det er sandt. Aftal, at du taler med den, der kender personen, og ringer tilbage med en dato.\n"
        "Tilbyd et møde, hvor de selv kan se hinanden an, uden at nogen har bundet sig.",
        "Admit it if it is true. Agree that you talk with whoever knows the person, and call back by a date.\n"
        "Offer a meeting at which they can size each other up before anybody is bound.",
    ),
    Barrier.BAD_EXPERIENCE: (
        "Lyt først, og forsvar ikke. Skriv, hvad der skete, så ingen kollega spørger igen.\n"
        "Sig, hvad vi gør anderledes: én fast person at ringe til, og svar samme dag, når noget går skævt. Foreslå en kort prøve.",
        "Listen first, and do not defend. Write down what happened, so that no colleague asks again.\n"
        "Say what we do differently: one person to call, and an answer the same day when something goes wrong. Suggest a short trial.",
    ),
    Barrier.OTHER: (
        "Spørg ind, til du kan sige det med deres egne ord, og skriv det i noten.\n"
        "Lov ikke noget på stedet, du er i tvivl om; aftal, hvornår du vender tilbage.",
        "Ask on until you can say it in their own words, and put it in the note.\n"
        "Promise nothing on the spot that you are unsure of; agree when you will be back.",
    ),
}
