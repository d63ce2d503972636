"""Parts set aside for appointments and work orders, and who waits for the rest (Rules B6, P3).

What is handed out on slips or deducted is recorded here line by line, but decided above.
"""
