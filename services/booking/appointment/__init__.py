"""The appointment, from booking to arrival, no-show or work order. It reserves places; how many there are is not its business."""
