"""The declarative base of the gateway's tables. They are the group's: none belongs to a dealer."""

from chassis import ModelBase, model_base


class Base(ModelBase):
    """What the gateway's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("gateway").metadata
