"""Log-ins for each role: address, name, and what can be seen with it."""

PASSWORD = "look-inside-2023"  # noqa: S105 -- printed on every start of the demonstration

LOGINS = [
    (
        "participant@peerjam.example",
        "Noor Achterberg",
        "has joined the jam that is running, and has no team yet",
    ),
    (
        "contributor@peerjam.example",
        "Célestine Okonjo-Braun",
        "has a draft, a submission that is being rated, and results",
    ),
    ("rater@peerjam.example", "Wen Halloran", "has begun to rate"),
    (
        "judge@peerjam.example",
        "Prof. Ilse Vandermolen",
        "judges the jam that is being rated, and did the one before",
    ),
    ("site@peerjam.example", "Mateus Lindqvist", "organizes a local site in each jam"),
    ("organizer@peerjam.example", "Amara Fjellstad", "organizes all four jams; may use the admin"),
    ("operator@peerjam.example", "Root Operator", "may do everything in the admin"),
]
