"""Equipment and tools (Rule W21): the register, services and calibrations, what an overdue one blocks, tools that are lent."""
