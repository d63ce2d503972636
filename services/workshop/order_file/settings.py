"""What a file must have, and for how long it is kept (Rule W23)."""

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, document
from contracts.workshop import order_file as contract
from contracts.workshop.order_file import KEEP_YEARS, RECORD_HOURS, FileDocument
from services.workshop.model import Base


class FileSettings(DealerSettings, Base):
    """One per dealer."""

    __tablename__ = "file_settings"

    mandatory: Mapped[list[FileDocument]] = mapped_column(document)
    keep_years: Mapped[int]
    record_hours: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "FileSettings":
        """What every order has by the rules that lead it to its end."""
        mandatory: list[FileDocument] = ["decision", "inspection", "settlement", "gate_pass"]
        return cls(mandatory=mandatory, keep_years=KEEP_YEARS, record_hours=RECORD_HOURS)

    def replace(self, said: contract.SetFileSettings) -> None:
        """Take new ones."""
        self.mandatory, self.keep_years = sorted(set(said.mandatory)), said.keep_years
        self.record_hours = said.record_hours

    def describe(self) -> contract.FileSettings:
        """The settings as they are answered."""
        return contract.FileSettings(
            id=self.id,
            version=self.version,
            mandatory=self.mandatory,
            keep_years=self.keep_years,
            record_hours=self.record_hours,
        )
