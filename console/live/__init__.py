"""What makes pages live: one stream of the change feed per dealer (line.py), told to every open tab (tabs.py). No HTML here."""
