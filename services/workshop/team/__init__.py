"""The workshop's people: teams, shifts and absences (Rule W9); what they are certified for, and their trainings (Rule W20).

No work on cars here.
"""
