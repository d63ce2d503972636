"""What is owed to customers, put together: the desk's queue, and what is late. It has no tables of its own."""
