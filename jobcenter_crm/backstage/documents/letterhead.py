"""Who sends a document: the organisation's name, address and logo as they are now."""

from dataclasses import dataclass

from jobcenter_crm.staff.models import Organisation


@dataclass(frozen=True)
class Letterhead:
    """What stands at the head of a document. `logo` is a PNG or JPEG, or empty."""

    name: str
    street: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    logo: bytes = b""

    @classmethod
    def of(cls, organisation):
        """Of that organisation; a logo whose file is gone is left out."""
        town = f"{organisation.postcode} {organisation.town}".strip()
        return cls(
            organisation.name,
            organisation.street,
            town,
            organisation.phone,
            organisation.email,
            organisation.logo_bytes(),
        )

    @classmethod
    def ours(cls):
        return cls.of(Organisation.get())

    @property
    def address(self):
        """Street, postcode and town on one line."""
        return ", ".join(part for part in (self.street, self.town) if part)
