"""What a soak works with: an installation, whole visits as load, and what its processes take, seen from outside."""
