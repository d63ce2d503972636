"""From samples to verdicts, tables and charts; nothing here starts or asks anything."""
