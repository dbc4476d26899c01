"""Names of people, as mixed as those of a Danish town."""

WOMEN = (
    "Anna", "Mette", "Kirsten", "Hanne", "Lene", "Susanne", "Camilla", "Louise", "Charlotte", "Pia", "Tina", "Gitte",
    "Birgit", "Ida", "Maria", "Sofie", "Emma", "Julie", "Line", "Trine", "Dorthe", "Inge", "Karin", "Marianne",
    "Helle", "Lone", "Rikke", "Signe", "Astrid", "Ditte", "Iben", "Maja", "Nanna", "Stine", "Tove", "Ulla", "Vibeke",
    "Amira", "Fatima", "Aisha", "Leyla", "Olga", "Katarzyna", "Thi", "Sanna", "Bodil", "Grethe", "Merete", "Jette",
)  # fmt: skip
MEN = (
    "Karl", "Peter", "Jens", "Lars", "Michael", "Henrik", "Thomas", "Søren", "Jan", "Martin", "Niels", "Jesper",
    "Anders", "Morten", "Rasmus", "Mads", "Kasper", "Bo", "Kim", "Ole", "Poul", "Hans", "Erik", "Finn", "Flemming",
    "Torben", "Steen", "Claus", "Allan", "Brian", "Dennis", "René", "Jakob", "Emil", "Mikkel", "Frederik", "Gustav",
    "Viggo", "Aksel", "Ali", "Mehmet", "Ahmad", "Yusuf", "Piotr", "Andrei", "Ivan", "Tariq", "Verner", "Arne",
)  # fmt: skip
FAMILIES = (
    "Toft", "Munk", "Holst", "Ravn", "Brink", "Falk", "Skov", "Kvist", "Riis", "Lind", "Strøm", "Kragh", "Bruun",
    "Dam", "Friis", "Krogh", "Winther", "Bach", "Juhl", "Lauge", "Thygesen", "Vinding", "Bjerre", "Agerskov",
    "Nygaard", "Kirkeby", "Sommer", "Hedegaard", "Mølgaard", "Vestergaard", "Østerby", "Søndergaard", "Bisgaard",
    "Damgaard", "Kjærgaard", "Overgaard", "Nørgaard", "Lundgaard", "Højgaard", "Ågaard", "Dalsgaard", "Bundgaard",
    "Hjorth", "Ulv", "Due", "Lærke", "Svane", "Spurv", "Grævling", "Birk", "Ask", "Elm", "Pilgaard", "Hassel",
    "Rosenlund", "Løvsal", "Engholm", "Bakholm", "Stenholt", "Åholm", "Kær", "Mose", "Hede", "Klit", "Næs", "Vig",
    "Hansen", "Jensen", "Nielsen", "Pedersen", "Andersen", "Christensen", "Larsen", "Sørensen", "Rasmussen",
    "Petersen", "Madsen", "Kristensen", "Olsen", "Thomsen", "Poulsen", "Johansen", "Knudsen", "Mortensen", "Iversen",
    "Eskildsen", "Frandsen", "Gregersen", "Villadsen", "Bertelsen", "Mathiesen", "Clemmensen", "Dinesen", "Ovesen",
    "Yilmaz", "Hassan", "Nguyen", "Kowalska", "Petrov", "Saleh", "Demir", "Ibrahim", "Hosseini", "Popescu", "Ahmed",
    "Enevoldsen", "Tranberg", "Sandholm", "Fynbo", "Buch", "Wulff", "Kofoed", "Bødker", "Møller", "Smed", "Væver",
    "Skrædder", "Fisker", "Bager", "Jæger", "Rytter", "Skytte", "Degn", "Fog", "Lehn", "Rask", "Vind", "Storm",
)  # fmt: skip


def full_name(rng, family=""):
    """A first name and a family name; `family` where it is given by the firm's name."""
    return f"{rng.choice(rng.choice((WOMEN, MEN)))} {family or rng.choice(FAMILIES)}"
