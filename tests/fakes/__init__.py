"""What the fake photo services are made of: photos, searches, faults and pictures."""
