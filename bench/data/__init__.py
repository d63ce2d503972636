"""What is delivered and where it stands: mixes of orders, their making and copying, databases, and what is seen in them."""
