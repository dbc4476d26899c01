"""Who reads what waits for somebody who is absent."""

from jobcenter_crm.staff.models import User


class Readers:
    """Who is there on a day, and who stands in for whom; one statement, however many colleagues."""

    def __init__(self, today):
        self.today = today
        self.people = {user.pk: user for user in User.objects.working().select_related("team").in_order()}

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

    def stood_in_for(self, reader):
        """Those who are absent and whose part `reader` takes, in order."""
        return [
            person
            for person in self.people.values()
            if person.pk != reader.pk and (found := self.reader_of(person)) and found.pk == reader.pk
        ]

    def _first_there(self, key, asked):
        while key in self.people and key not in asked:
            asked.add(key)
            if not self.people[key].is_absent(self.today):
                return self.people[key]
            key = self.people[key].deputy_id
        return None
