PASSWORD = "look-inside-2023"

LOGINS = [
    ("participant@peerjam.example", "has joined the jam that is running, and has no team yet"),
    ("contributor@peerjam.example", "has a draft, a submission being rated, and results"),
    ("rater@peerjam.example", "has begun to rate"),
    ("judge@peerjam.example", "judges the jam that is being rated"),
    ("site@peerjam.example", "organizes a local site"),
    ("organizer@peerjam.example", "organizes all four jams; may use the admin"),
    ("operator@peerjam.example", "runs this installation; may do everything in the admin"),
]
