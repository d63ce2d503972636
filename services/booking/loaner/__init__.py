"""The loaner fleet: cars, who has them when, the sheets that customers sign. It knows appointments and orders by id only."""
