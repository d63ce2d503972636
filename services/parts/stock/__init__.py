"""How much of a part lies where: the ledger of moves, balances, and what may be promised of them (Rule P2).

Use cases that touch stock begin with `stock.open_stock`, which lets one transaction at a time have the dealer's stock. Who waits
for parts is not known here.
"""
