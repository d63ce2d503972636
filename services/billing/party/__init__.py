"""The parties that stand behind payers: whom an invoice is made out to when the order does not say."""
