"""What a file must have, and for how long it is kept (Rule W23)."""

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, document
from contracts.workshop import order_file as contract
from contracts.workshop.order_file import KEEP_YEARS, FileDocument
from services.workshop.model import Base


class FileSettings(DealerSettings, Base):
    """One per dealer."""

    __tablename__ = "file_settings"

    mandatory: Mapped[list[FileDocument]] = mapped_column(document)
    keep_years: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "FileSettings":
        """What every order has by the rules that lead it to its end."""
        return cls(mandatory=["decision", "inspection", "settlement", "gate_pass"], keep_years=KEEP_YEARS)

    def replace(self, said: contract.SetFileSettings) -> None:
        """Take new ones."""
        self.mandatory, self.keep_years = sorted(set(said.mandatory)), said.keep_years

    def describe(self) -> contract.FileSettings:
        """The settings as they are answered."""
        return contract.FileSettings(id=self.id, version=self.version, mandatory=self.mandatory, keep_years=self.keep_years)
