"""Inspecting a car by values: the group's templates, what was measured, and what follows from it (Rule W3)."""
