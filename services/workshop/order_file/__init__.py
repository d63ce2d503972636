"""The order's file (档案, Rule W23): what was signed, what is missing, and the seal that closes the order."""
