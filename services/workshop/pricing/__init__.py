"""What work costs: the dealer's rates and menu prices, the group's operations and coefficients, the price list.

It knows of no order: whoever prices lines asks for a `PriceBook`.
"""
