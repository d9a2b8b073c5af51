"""This year's public data for any municipality, fetched into a folder and locked."""
