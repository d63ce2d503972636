"""What booking keeps of what other services announce. Only received events change it."""
