"""Where the demo's employers are: two invented municipalities with their towns, postcodes and streets.

The codes 0998 and 0999 and the postcodes are used by no real municipality or town. They exist only in a database
that `seed_demo` has made, and it refuses every other: nobody's register can end up with them.
"""

from typing import NamedTuple

HOME = "0999"
NEIGHBOUR = "0998"
REGION = "Opdigtet"
MUNICIPALITIES = {HOME: "Lindevig", NEIGHBOUR: "Havreby"}


class Town(NamedTuple):
    """A town with its postcode; `weight` is how many of a hundred employers it has."""

    name: str
    postcode: str
    municipality: str
    weight: int
    streets: tuple


LINDEVIG = Town(
    "Lindevig",
    "5010",
    HOME,
    46,
    (
        "Ålekistevej", "Havnegade", "Torvegade", "Torvet", "Rådhuspladsen", "Strandpromenaden", "Møllebakken",
        "Engvej", "Skolegade", "Algade", "Nørregade", "Søndergade", "Østre Ringvej", "Vestre Ringvej", "Bødkergade",
        "Fjordvej", "Stationsvej", "Industrivej", "Værftsvej", "Smedestræde", "Fabriksvej", "Rebslagervej",
        "Kornmarken", "Lindealle", "Toldbodgade", "Sømarksvej", "Håndværkervej", "Teglværksvej",
    ),
)  # fmt: skip
VESTERLUND = Town(
    "Vesterlund",
    "5030",
    HOME,
    20,
    (
        "Industrivej", "Kirkevej", "Åvej", "Bakkegårdsvej", "Hovedgaden", "Skovvej", "Transportvej", "Erhvervsparken",
        "Mejerivej", "Plantagevej", "Stadionvej", "Lundevej", "Brogade", "Vesterlundvej",
    ),
)  # fmt: skip
SOENDERBY = Town(
    "Sønderby",
    "5040",
    HOME,
    14,
    ("Smedevej", "Skolevej", "Sønderbyvej", "Kirkebakken", "Hovedgaden", "Markvej", "Bygaden", "Damvej", "Mosevej"),
)
MOSEHUSE = Town("Mosehuse", "5050", HOME, 7, ("Mosehusevej", "Grønnevej", "Tørvevej", "Landevejen", "Hedevej"))
STRANDKAER = Town("Strandkær", "5070", HOME, 6, ("Strandvej", "Klitvej", "Havnevej", "Badevej", "Fyrvej", "Sandvej"))
HAVREBY = Town(
    "Havreby",
    "5080",
    NEIGHBOUR,
    7,
    ("Havrebyvej", "Møllevej", "Storegade", "Banevej", "Nygade", "Kærvej", "Østergade"),
)
TOWNS = (LINDEVIG, VESTERLUND, SOENDERBY, MOSEHUSE, STRANDKAER, HAVREBY)
BY_NAME = {town.name: town for town in TOWNS}
# Where the towns would lie, degrees north and east: in the sea south of Funen, some kilometres from each other.
POSITIONS = {
    "Lindevig": (54.94, 10.62),
    "Vesterlund": (54.93, 10.50),
    "Sønderby": (54.88, 10.60),
    "Mosehuse": (54.98, 10.55),
    "Strandkær": (54.90, 10.72),
    "Havreby": (54.97, 10.80),
}
