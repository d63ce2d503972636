"""What to order (Rule P4): demand, its forecast, reorder points, proposals by supplier. Nothing is kept: all is worked out."""
