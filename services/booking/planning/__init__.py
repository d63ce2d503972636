"""The calendar together with what is booked in it: which slots to offer, what is free, and what a new calendar would not take."""
