"""The declarative base of billing's tables. All of them belong to a dealer; the group shares none of them."""

from chassis import ModelBase, model_base


class Base(ModelBase):
    """What billing's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("billing").metadata
