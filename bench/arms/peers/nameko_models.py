"""The plain tables as mapped classes, and a session per worker, as nameko's examples have them."""

import os
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import create_engine
from sqlalchemy.ext.declarative import DeferredReflection
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeferredReflection, DeclarativeBase):
    """Columns are read from the database."""

    __abstract__ = True


class WorkOrder(Base):
    __tablename__ = "work_order"


class OrderLine(Base):
    __tablename__ = "order_line"


class Delivery(Base):
    __tablename__ = "delivery"


class NumberSeries(Base):
    __tablename__ = "number_series"


class OrderAccount(Base):
    __tablename__ = "order_account"


class Invoice(Base):
    __tablename__ = "invoice"


class Share(Base):
    __tablename__ = "share"


class Reservation(Base):
    __tablename__ = "reservation"


class ReservationLine(Base):
    __tablename__ = "reservation_line"


class StockBalance(Base):
    __tablename__ = "stock_balance"


class StockMove(Base):
    __tablename__ = "stock_move"


class Deduction(Base):
    __tablename__ = "deduction"


class FollowUp(Base):
    __tablename__ = "follow_up"


class MileageReading(Base):
    __tablename__ = "mileage_reading"


class Database(DependencyProvider):
    """A session for each worker, closed after it."""

    def setup(self) -> None:
        """Connect and read the tables."""
        self._engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://"), pool_size=15)
        self._sessions: dict[Any, Session] = {}
        Base.prepare(self._engine)

    def get_dependency(self, worker_ctx: Any) -> Session:
        """The worker's session."""
        session = self._sessions[worker_ctx] = Session(self._engine)
        return session

    def worker_teardown(self, worker_ctx: Any) -> None:
        """Close it."""
        self._sessions.pop(worker_ctx).close()
