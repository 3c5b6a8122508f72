"""What the fake photo service is made of: its photos, its search, its faults and its pictures."""
