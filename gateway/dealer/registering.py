"""Taking dealers into the group; every service learns of them from DealerRecorded."""

from chassis import Refused, Work
from contracts.gateway.dealer import ChangeDealer, RegisterDealer
from gateway.dealer.dealer import Dealer


def register(work: Work, command: RegisterDealer) -> Dealer:
    """Refused when the code is taken."""
    taken = Refused("dealer_registered", dealer=command.dealer)
    if work.find(Dealer, command.dealer) is not None:
        raise taken
    dealer = Dealer.registered(command)
    work.add(dealer)
    work.flush(unique="dealer", otherwise=taken)
    return dealer


def change(work: Work, command: ChangeDealer) -> Dealer:
    """The whole registration is announced again."""
    dealer = work.edit(Dealer, command.dealer)
    dealer.record(command)
    return dealer
