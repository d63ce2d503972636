"""What people ask the dealer: answered by a time, handed on with its text."""
