"""How a work order begins: at the desk, from an appointment or for a walk-in. What happens to it afterwards lives elsewhere."""
