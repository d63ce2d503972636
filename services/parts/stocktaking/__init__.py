"""Stocktakes (盘点): what lies in the bins is counted blind, and the ledger corrected once by what differs (Rule P6).

That nothing moves in a frozen bin is seen to by `stock`. Work in progress is not counted: it lies in no bin.
"""
