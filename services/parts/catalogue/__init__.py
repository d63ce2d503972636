"""The dealer's catalogue: its parts, which number replaces which, price files, and the price list as it is published.

Whether there is any stock of a part is not known here.
"""
