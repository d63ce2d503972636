"""Tasks for a person: cars that came and were never taken on. They follow from appointments, which know nothing of them."""
