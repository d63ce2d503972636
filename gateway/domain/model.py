"""What the group's aggregates are built of: like a dealer's, with a version, but owned by no dealer."""

from chassis import ModelBase, model_base


class Base(ModelBase):
    """What the gateway's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("gateway").metadata
