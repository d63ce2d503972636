"""The one image of all processes: built by an engine, labelled with its revision, its bill of materials beside it."""
