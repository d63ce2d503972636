"""What a delivery takes off stock, once per revision, and how its reversal gives it back (Rules P3, W15).

A delivered line is a fact: the part is on the car. It is never refused; what the records cannot explain is a discrepancy and a
task.
"""
