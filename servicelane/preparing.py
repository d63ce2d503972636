"""What services need before they run: the tables of their databases, and their exchanges, queues and bindings on the bus."""

from collections.abc import Iterable

from chassis.amqp import topology
from chassis.process.settings import Settings
from chassis.store.migrations import migrate
from servicelane.failures import reaching
from servicelane.suite import service_class
from servicelane.texts import text


def migrate_all(names: Iterable[str]) -> None:
    """Bring the databases of these services to their newest revision. Raises CannotDo naming the one that is away."""
    urls = {name: Settings.read(name).migration_database_url for name in names}
    for name, url in urls.items():
        with reaching(text("cli.failure.database_of", service=name), url):
            migrate(service_class(name), url)


def declare_all(names: Iterable[str]) -> set[str]:
    """Declare exchanges, queues and bindings of these services; the exchanges of all come first, others bind to them.

    Returns the exchanges of further services that were missing: declare again when those services have theirs. Raises CannotDo
    when the broker is away.
    """
    settings = {name: Settings.read(name) for name in names}
    for name, own in settings.items():
        with reaching(text("cli.failure.broker_of", service=name), own.amqp_uri):
            topology.declare_exchange(own.amqp_uri, name)
    missing = set()
    for name, own in settings.items():
        subscriptions = {one.name: one.events.values() for one in service_class(name).subscriptions()}
        with reaching(text("cli.failure.broker_of", service=name), own.amqp_uri):
            missing |= topology.declare(own.amqp_uri, name, subscriptions)
    return missing
