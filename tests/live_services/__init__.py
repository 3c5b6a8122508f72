"""What the fakes assume of the services, checked against the services themselves."""
