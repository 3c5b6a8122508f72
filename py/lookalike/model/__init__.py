"""Networks: what one is, and what runs it outside a browser."""
