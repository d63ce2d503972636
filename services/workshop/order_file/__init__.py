"""The order's file (档案, Rule W23): what was signed or is missing, the seal that closes the order; its health record (W32)."""
