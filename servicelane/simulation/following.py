"""The customer follows their order by its link, and decides there on what they are asked (W17, W8)."""

from hashlib import sha256

from servicelane.client import Client
from servicelane.simulation.visit import Visit


def invite(visit: Visit) -> None:
    """Some customers get a link to their order; one of them was sent to somebody else, who sees nothing of it any more."""
    house = visit.house
    if not house.one_in(3, "follows"):
        return
    follower = _send(visit)
    if house.one_in(4, "astray"):
        [link] = house.advisor.get(f"{visit.path}/visit-links")["items"]
        house.advisor.post(f"{visit.path}/visit-links/{link['id']}/withdraw", {"reason": "发错了号码"})
        signature = {"means": "typed", "name": "陌生人", "document_hash": "0" * 64}
        nothing = {"line_ids": [link["id"]], "signature": signature}
        house.saw("W17", house.refused("link_withdrawn", follower, "/linked/approve", nothing))
        _send(visit)


def _send(visit: Visit) -> Client:
    house, token = visit.house, f"{visit.house.random.getrandbits(256):064x}"
    house.advisor.post(f"{visit.path}/visit-links", {"token_hash": sha256(token.encode()).hexdigest()})
    visit.follower = house.by_link(token)
    return visit.follower


def look(visit: Visit, stage: str) -> None:
    """They look where their car is."""
    if visit.follower is not None:
        visit.house.saw("W17", visit.follower.get("/linked/visit")["stage"] == stage)


def decide(visit: Visit, reason: str = "") -> bool:
    """They approve what waits, or decline it for this reason; False for who has no link, and decides in another way."""
    if visit.follower is None:
        return False
    seen = visit.follower.get("/linked/visit")
    [asked] = [one for one in seen["requests"] if one["waiting_line_ids"]]
    signature = {"means": "typed", "name": visit.car.name, "document_hash": asked["document_hash"]}
    decision = {"line_ids": asked["waiting_line_ids"], "signature": signature}
    verb, more = ("decline", {"reason": reason}) if reason else ("approve", {})
    receipt = visit.follower.post(f"/linked/{verb}", {**decision, **more})
    visit.house.saw("W17", receipt["verified"] and asked["kind"] == "additional_work")
    visit.look()
    return True
