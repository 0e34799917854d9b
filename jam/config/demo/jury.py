"""Who judged the hackathon that is over, and three who signed up to praise their friends."""

# Beside the judge who can log in.
JURY = [
    dict(key="ottoline", name="Dr. Ottoline Farquharson-Reyes", affiliation="Fenwick Institute"),
    dict(key="zbigniew", name="Zbigniew Okoro-Lind", affiliation="a bakery, formerly a laboratory"),
]

# They signed up within one hour, gave one submission five stars throughout, and were not seen
# again: what organizers find on the page on integrity.
FRIENDS = [
    dict(key="friend-one", name="Pelle Snåsa", affiliation=""),
    dict(key="friend-two", name="Ximena Brandt", affiliation=""),
    dict(key="friend-three", name="Odalys Pettigrew", affiliation=""),
]
PRAISED = "Does dropout break superposition?"
