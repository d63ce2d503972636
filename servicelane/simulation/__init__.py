"""Simulated days: dealers from morning to evening through the public API, under a clock that passes a day in seconds.

Each module is a part of the day and names the rules it lives: `booking` the desk's calls, `reception` the lane and walk-arounds,
`agreement`, `shop_floor`, `parts_desk`, `checking`, `handing_over`, `cashier`, `call_backs`, `customer_care`, `management`.
`stories` joins them to whole visits, `running` to days. `rules` has every rule there is to live.
"""
