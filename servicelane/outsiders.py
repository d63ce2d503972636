"""Outsiders: programs of somebody else's that listen to the events and can do nothing else to the bus. See docs/events.md.

An outsider has a user of its own on the broker and no database. Its own is what is called `<name>.…`, and the queues that a plain
nameko service of that name declares. It may bind them to any service's `.events` exchange, which takes the permission to read
that. It may not declare such an exchange, not even as it is: who may do that may delete it, too.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import structlog

from chassis.process.settings import FILE, Source, broker_addresses
from chassis.wire.errors import SettingsError
from servicelane.failures import reaching
from servicelane.provision import SERVICE_NAME, create_user, expect_url, put
from servicelane.suite import SERVICES
from servicelane.texts import text

log = structlog.get_logger(__name__)

QUEUED_AT_MOST = 100_000
"""So many messages wait in a queue of an outsider; then the oldest go, or one that stays away would fill the broker's disk."""


def provision_outsider(name: str, environ: Mapping[str, str]) -> str:
    """Create the broker's user of an outsider, or bring it to this state; the AMQP URI it is to connect with.

    `AMQP_URI` names the server and the virtual host, and with `{service}` in it also the user and the password, as it does for
    services; otherwise the user is called as the outsider is, and gets a new password. Raises SettingsError naming the variable
    that is wrong, CannotDo when the broker is away or refuses.
    """
    if not SERVICE_NAME.fullmatch(name) or name in SERVICES:
        raise SettingsError(text("cli.provision.no_outsider", name=repr(name)))
    # Where the URI has a place for the password of whoever connects, it is a new one unless one is named.
    new = {} if environ.get(f"PASSWORD{FILE}") else {"PASSWORD": secrets.token_urlsafe(24)}
    source, anybody = Source(name, {**new, **environ}), Source("", {**new, **environ})
    management = source.text("RABBITMQ_MANAGEMENT_URL", "")
    expect_url("RABBITMQ_MANAGEMENT_URL", management, "http")
    named_for = source.text("AMQP_URI", "")
    expect_url("AMQP_URI", named_for, "amqp")
    nodes = [urlsplit(one) for one in broker_addresses(named_for)]
    parts = nodes[0]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if named_for == anybody.text("AMQP_URI", "") or not (user and password):
        user, password = name, secrets.token_urlsafe(24)
    vhost = unquote(parts.path[1:]) or "/"
    with reaching(text("cli.provision.management"), management):
        create_user(management, outsider_permissions(name), user=user, password=password, vhost=vhost)
        put(management, {f"policies/{quote(vhost, safe='')}/outsider-{name}": _policy(name)})
    log.info("outsider_provisioned", outsider=name, user=user, vhost=vhost)
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return ";".join(urlunsplit(one._replace(netloc=f"{credentials}@{one.netloc.rpartition('@')[2]}")) for one in nodes)


def outsider_permissions(name: str) -> dict[str, str]:
    """What an outsider may configure, write and read, as the broker's regular expressions over names."""
    own = _own(name)
    return {"configure": f"^({own})$", "write": f"^({own})$", "read": rf"^({own}|{SERVICE_NAME.pattern}\.events)$"}


def _own(name: str) -> str:
    # nameko names a queue "evt-<publisher>-<routing key>--<service>.<method>".
    return rf"{name}\..+|evt-[a-z0-9_]+-[a-z0-9_.]+--{name}\..+"


def _policy(name: str) -> dict[str, Any]:
    limits = {"max-length": QUEUED_AT_MOST, "overflow": "drop-head"}
    return {"pattern": f"^({_own(name)})$", "definition": limits, "apply-to": "queues"}
