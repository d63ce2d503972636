"""What advisor and customer agree on: estimates with frozen prices, approvals, declined work, the authorisation ledger.

Nothing is worked on, issued or billed that was not agreed here (Rule W8); who works on it, and when, is not decided here.
"""
