"""Who reads what waits for somebody who is absent."""

from jobcenter_crm.staff.models import NAME, User

# What is asked of somebody to tell who reads for them, and to name them.
_OF_ONE = (*NAME, "is_active", "absent_until", "deputy_id", "team_id")
_OF_ALL = [*_OF_ONE, "team__leader_id", *(f"{way}__{name}" for way in ("deputy", "team__leader") for name in _OF_ONE)]


class Readers:
    """Who is there on a day, and who reads what waits for whom; one statement, however many colleagues."""

    def __init__(self, today, people=None):
        """`people` are those who work here, where not all are wanted."""
        if people is None:
            people = User.objects.working().select_related("team").in_order()
        self.today, self.people = today, {user.pk: user for user in people}

    def reader_of(self, person):
        """`person`, when they are there; else the deputy, that one's deputy if absent too, or the leader of the team.

        None when nobody is left: all are away, or the deputies lead round in a circle.
        """
        if not person.is_absent(self.today):
            return person
        asked = {person.pk}
        return self._first_there(person.deputy_id, asked) or self._first_there(
            person.team and person.team.leader_id, asked
        )

    def _first_there(self, key, asked):
        while key in self.people and key not in asked:
            asked.add(key)
            if not self.people[key].is_absent(self.today):
                return self.people[key]
            key = self.people[key].deputy_id
        return None


def stood_in_for(reader, today):
    """Those who are absent and whose part `reader` takes, in order; in one statement.

    Of all colleagues only the absent are asked for, and whom they name: the bell wants to know it after every page.
    """
    absent = User.objects.working().absent(today).select_related("deputy", "team__leader").only(*_OF_ALL)
    absent = list(absent.in_order())
    named = [one for person in absent for one in (person.deputy, person.team and person.team.leader)]
    readers = Readers(today, [*absent, *(one for one in named if one and one.is_active)])
    return [
        person
        for person in absent
        if person.pk != reader.pk and (found := readers.reader_of(person)) and found.pk == reader.pk
    ]
