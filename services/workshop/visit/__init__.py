"""What a customer sees of their order by its link (Rule W17): made of what the capabilities below know, in the customer's words.

Questions only; what they decide is agreement's.
"""
