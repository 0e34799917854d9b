"""The jam that Peerjam grew from: its page, programme, criteria and local sites."""

JAM = dict(
    slug="interpretability-hackathon-2-0",
    title="Interpretability Hackathon 2.0",
    tagline=(
        "One weekend to look inside neural networks, say what you see, "
        "and have it checked by the people who looked beside you."
    ),
    description=r"""
🧑‍🔬 **You are invited.** For one weekend, people in a dozen time zones open up small neural
networks and try to say, in plain words and with evidence, what goes on inside them. You do not
need a laboratory. You need a question, a notebook, and some patience with your own first idea.

## Neuroscience, with better instruments

A neuroscientist may listen to a few hundred cells. We can read every activation of a network,
change any one of them, and run the same thought twice. What is missing is not data but
understanding: which parts of a model do what, and how would we know if we were wrong?

Most of this weekend's questions begin with the residual stream, the shared notebook of a
transformer, into which every layer $\ell$ adds what its heads $h$ and its MLP have found:

$$
x_{\ell+1} \;=\; x_\ell \;+\; \sum_{h} A_{\ell,h}(x_\ell)
  \;+\; M_\ell\Bigl(x_\ell + \sum_{h} A_{\ell,h}(x_\ell)\Bigr)
$$

Because everything is a sum, you may take it apart: knock out one term, swap one in from another
prompt, or read $x_\ell$ through the unembedding $W_U$ and watch a guess take shape.

Never done this before? Here is one paper, read aloud from its first line to its last:

https://www.youtube.com/watch?v=KV5gbOmHbjU

## What to expect

The keynote opens the weekend on Friday. After it you have until Sunday night, wherever your
night falls. Mentors hold office hours in between, and there is time to find a team, eat, and sleep.

| If you have … | … a good aim is | Start from |
|---|---|---|
| an evening | repeat one published figure on another model | the demo notebook |
| a day | one head, one behaviour, one causal test | the list of open problems |
| the weekend | a claim that could have failed on three models, and did not | a surprise of your own |

## Taking part

1. **Join** with the button on this page, and cancel with the same button if you cannot come after
   all: somebody is waiting for your chair.
2. **Choose a local site**, or stay online. Both are full places.
3. **Find a team** of one to six people. Alone is fine; three is pleasant.
4. **Do the work here.** Bring ideas and tools that you like, but begin the research during the jam.
5. **Hand in** a report, and everything one needs to run it again. A draft that is complete
   at the deadline counts as handed in.

## Rating

When the last submissions are in, everyone rates for two weeks, not just those who took part. Each
rating gives one to five stars on five criteria, and a few sentences if you have them. Ask for the
next submission and you are handed one that needs raters, so nobody has to beg for attention. No
one sees a score, not even of their own work, before the results are out.

A negative result, honestly tested, is welcome. A pretty picture of one prompt is a beginning.

## Inspirations

- The collection of [AI safety ideas](https://aisafetyideas.com/), sorted by how far you can get
- [The Distill journal's thread on circuits](https://distill.pub/2020/circuits/), where curves and
  cars were first traced through a vision model
- [Transformer Circuits](https://transformer-circuits.pub/), the same spirit for language models
""".strip(),
    hashtag="#alignmentjam",
    hue=262,
    starts_at="2023-04-14T17:00:00Z",
    submissions_close_at="2023-04-17T05:00:00Z",
    ratings_open_at="2023-04-17T06:00:00Z",
    ratings_close_at="2023-05-01T06:00:00Z",
    results_at="2023-05-01T12:00:00Z",
)

HOSTS = [
    dict(name="Zaki", url=""),
    dict(name="Apart Research", url="https://www.apartresearch.com/"),
    dict(name="Esben Kran", url="https://kran.ai/"),
    dict(name="StefanHex", url=""),
    dict(name="calcan", url=""),
    dict(name="Neel Nanda", url="https://www.neelnanda.io/"),
]

RESOURCES = [
    dict(
        section="First hours",
        kind="article",
        title="Getting started in mechanistic interpretability",
        level="beginner",
        minutes=40,
        starts_here=True,
        url="https://www.neelnanda.io/mechanistic-interpretability/getting-started",
        description=(
            "Neel Nanda's guide from nothing to a first experiment: what to learn, what to leave "
            "out, and when to stop reading and start coding."
        ),
    ),
    dict(
        section="First hours",
        kind="notebook",
        title="TransformerLens: the main demo",
        level="beginner",
        minutes=30,
        starts_here=True,
        url=(
            "https://colab.research.google.com/github/TransformerLensOrg/TransformerLens"
            "/blob/main/demos/Main_Demo.ipynb"
        ),
        description=(
            "Opens in Colab. Load GPT-2 small, cache every activation, hook any of them. Half an "
            "hour here saves Saturday morning."
        ),
    ),
    dict(
        section="First hours",
        kind="notebook",
        title="Exploratory analysis, worked through",
        level="some",
        minutes=90,
        starts_here=True,
        url=(
            "https://colab.research.google.com/github/TransformerLensOrg/TransformerLens"
            "/blob/main/demos/Exploratory_Analysis_Demo.ipynb"
        ),
        description=(
            "How an unknown behaviour is cornered: direct logit attribution, then patching, then "
            "attention patterns. Copy the order of steps, not the prompt."
        ),
    ),
    dict(
        section="First hours",
        kind="template",
        title="Interpretability starter templates",
        level="beginner",
        minutes=15,
        starts_here=True,
        url="https://github.com/apartresearch/interpretability-starter",
        description=(
            "Small notebooks for transformers, vision models and agents, with data sets that fit "
            "into a weekend."
        ),
    ),
    dict(
        section="Tools",
        kind="code",
        title="TransformerLens",
        url="https://github.com/TransformerLensOrg/TransformerLens",
        description="The library behind most of the notebooks: named hooks on every activation.",
    ),
    dict(
        section="Tools",
        kind="dataset",
        title="The Pile, first ten thousand documents",
        minutes=10,
        url="https://huggingface.co/datasets/NeelNanda/pile-10k",
        description=(
            "Small enough to search on a laptop. Good for the question everyone will ask you: what "
            "else makes this neuron fire?"
        ),
    ),
    dict(
        section="Read and watch",
        kind="video",
        title="A walkthrough of A Mathematical Framework for Transformer Circuits",
        level="expert",
        minutes=180,
        url="https://www.youtube.com/watch?v=KV5gbOmHbjU",
        description="A foundational paper read aloud, with detours wherever it is hard.",
    ),
    dict(
        section="Read and watch",
        kind="article",
        title="An annotated list of favourite papers",
        level="some",
        minutes=20,
        url="https://www.neelnanda.io/mechanistic-interpretability/favourite-papers",
        description="Opinionated in the useful way: what each paper is for, and what to skip.",
    ),
    dict(
        section="Read and watch",
        kind="paper",
        title="Toy Models of Superposition",
        level="some",
        minutes=120,
        url="https://transformer-circuits.pub/2022/toy_model/index.html",
        description=(
            "How a network keeps more features than it has neurons. Its experiments run in minutes "
            "and have dozens of unexplored corners."
        ),
    ),
    dict(
        section="Read and watch",
        kind="article",
        title="Explainer and glossary",
        level="beginner",
        url="https://www.neelnanda.io/mechanistic-interpretability/glossary",
        description="Keep it open in a tab. Every word that a mentor will use is in it.",
    ),
    dict(
        section="Ideas",
        kind="article",
        title="200 concrete open problems in mechanistic interpretability",
        level="some",
        minutes=45,
        url="https://www.alignmentforum.org/s/yivyHaCAmMJ3CqSyj",
        description="Graded by difficulty. Problems marked A suit a first weekend.",
    ),
]

SCHEDULE = [
    dict(
        kind="social",
        title="Doors open and hello",
        starts_at="2023-04-14T16:00:00Z",
        ends_at="2023-04-14T17:00:00Z",
        speaker="",
        description=(
            "Local sites open where it is already evening; everyone else meets in the stream's "
            "chat. Say where you are and what you would like to take apart."
        ),
        stream_url="https://stream.example.org/interpretability-2/hello",
        recording_url="",
    ),
    dict(
        kind="keynote",
        title="Keynote: looking inside, and not fooling yourself",
        starts_at="2023-04-14T17:00:00Z",
        ends_at="2023-04-14T18:00:00Z",
        speaker="Neel Nanda",
        description=(
            "What mechanistic interpretability is after, which problems are ripe for a weekend, "
            "and how to test a story about a model before you grow fond of it.\n\n"
            "Live, with the last twenty minutes for questions. **Recorded** for those who sleep."
        ),
        stream_url="https://stream.example.org/interpretability-2/keynote",
        recording_url="https://video.example.org/interpretability-2/keynote",
    ),
    dict(
        kind="social",
        title="Find a team in forty-five minutes",
        starts_at="2023-04-14T18:15:00Z",
        ends_at="2023-04-14T19:00:00Z",
        speaker="",
        description=(
            "One minute each: an idea that you want hands for, or hands that want an idea. "
            "Nobody leaves with a team they did not choose."
        ),
        stream_url="https://meet.example.org/interpretability-2",
        recording_url="",
    ),
    dict(
        kind="talk",
        title="Activation patching without tears",
        starts_at="2023-04-15T09:00:00Z",
        ends_at="2023-04-15T09:45:00Z",
        speaker="Astrid Holmbøe",
        description=(
            "Clean run, corrupted run, and what belongs in between. Ends with the three mistakes "
            "that make every patching plot look convincing:\n\n"
            "- prompts of unequal length\n"
            "- a metric that saturates\n"
            "- one prompt"
        ),
        stream_url="https://stream.example.org/interpretability-2/patching",
        recording_url="https://video.example.org/interpretability-2/patching",
    ),
    dict(
        kind="office_hours",
        title="Office hours: Asia, Europe, Africa",
        starts_at="2023-04-15T10:00:00Z",
        ends_at="2023-04-15T11:30:00Z",
        speaker="Mentors in turn",
        description=(
            "Ten minutes a team. Bring a plot and the sentence that you hope it supports."
        ),
        stream_url="https://meet.example.org/interpretability-2",
        recording_url="",
    ),
    dict(
        kind="talk",
        title="Superposition: seeing features that share neurons",
        starts_at="2023-04-15T16:00:00Z",
        ends_at="2023-04-15T16:45:00Z",
        speaker="Marisol Quintanar",
        description=(
            "Why two hidden units may hold five features, and what sparsity has to do with it: "
            "when $p$ is the chance that a feature is on, interference costs about $p^2$. "
            "With a notebook that trains while you listen."
        ),
        stream_url="https://stream.example.org/interpretability-2/superposition",
        recording_url="https://video.example.org/interpretability-2/superposition",
    ),
    dict(
        kind="office_hours",
        title="Office hours: the Americas",
        starts_at="2023-04-15T20:00:00Z",
        ends_at="2023-04-15T21:30:00Z",
        speaker="Mentors in turn",
        description="The same, for those who are awake now. Half-broken notebooks are welcome.",
        stream_url="https://meet.example.org/interpretability-2",
        recording_url="",
    ),
    dict(
        kind="social",
        title="Show what broke",
        starts_at="2023-04-16T12:00:00Z",
        ends_at="2023-04-16T12:45:00Z",
        speaker="",
        description=(
            "Three minutes a team on the experiment that did not work. The most useful meeting of "
            "the weekend, and the merriest."
        ),
        stream_url="https://meet.example.org/interpretability-2",
        recording_url="",
    ),
    dict(
        kind="talk",
        title="From notebook to report in four hours",
        starts_at="2023-04-16T16:00:00Z",
        ends_at="2023-04-16T16:30:00Z",
        speaker="Tobias Ashgrove",
        description=(
            "What raters look for first, how to write limitations that help you, and why your "
            "repository should be tried by somebody who has never seen it."
        ),
        stream_url="https://stream.example.org/interpretability-2/writing",
        recording_url="https://video.example.org/interpretability-2/writing",
    ),
    dict(
        kind="office_hours",
        title="Last office hours",
        starts_at="2023-04-16T20:00:00Z",
        ends_at="2023-04-16T21:30:00Z",
        speaker="Mentors in turn",
        description="For reports, checklists, uploads and nerves.",
        stream_url="https://meet.example.org/interpretability-2",
        recording_url="",
    ),
    dict(
        kind="deadline",
        title="Submissions close",
        starts_at="2023-04-17T05:00:00Z",
        ends_at=None,
        speaker="",
        description=(
            "What has arrived by now is in. A complete draft counts as handed in, without a click."
        ),
        stream_url="",
        recording_url="",
    ),
    dict(
        kind="deadline",
        title="Rating closes",
        starts_at="2023-05-01T06:00:00Z",
        ends_at=None,
        speaker="",
        description="Ratings with stars on every criterion count; half-filled ones do not.",
        stream_url="",
        recording_url="",
    ),
    dict(
        kind="social",
        title="Results and short talks by the teams",
        starts_at="2023-05-01T12:00:00Z",
        ends_at="2023-05-01T13:00:00Z",
        speaker="",
        description=(
            "The results go up while we watch. Then five minutes each from teams that the judges "
            "would like to hear from, whatever their rank."
        ),
        stream_url="https://stream.example.org/interpretability-2/results",
        recording_url="https://video.example.org/interpretability-2/results",
    ),
]

CRITERIA = [
    dict(
        name="ML Safety",
        question=(
            "How well does the submission argue that its result helps us understand and align "
            "neural networks in the long run, and what does it tell ML and AI safety at large?"
        ),
        weight=1,
        guidance=[
            "Safety is not mentioned, or only in the first sentence.",
            "A link to safety is asserted, but nothing in the result depends on it.",
            "A reasonable argument that the result would help someone working on safety.",
            "A specific safety problem becomes clearer, and the argument survives an objection.",
            "People working on safety would change what they do on Monday because of this.",
        ],
    ),
    dict(
        name="Interpretability",
        question=(
            "How much does the field of interpretability learn from it: a new method, a new tool, "
            "or a result that changes how we picture the inside of a model?"
        ),
        weight=1,
        guidance=[
            "The model is treated as a black box throughout.",
            "Known tools shown on a known example; we see activations but learn no mechanism.",
            "A sound look at one part of a model, with a claim that others could build on.",
            "A mechanism is identified and tested by intervention, or a method clearly improved.",
            "A method or mechanism that the field lacked, and that you would want to use yourself.",
        ],
    ),
    dict(
        name="Novelty",
        question=(
            "Have these results not been seen before, and do they surprise you against what you "
            "would have expected?"
        ),
        weight=1,
        guidance=[
            "Repeats a tutorial or a published result without adding to it.",
            "A familiar result with small changes, and it comes out as expected.",
            "A new setting or question; the outcome was not obvious beforehand.",
            "A new finding or approach, and I would have bet against part of it.",
            "I have seen nothing like it, and it changes what I expect next.",
        ],
    ),
    dict(
        name="Generality",
        question=(
            "Do the results show that the hypothesis generalizes? Is more than a prompt or two "
            "tested, and is the network itself analysed properly?"
        ),
        weight=1,
        guidance=[
            "One prompt, one picture, one model.",
            "A handful of examples, chosen by hand and with no baseline.",
            "A proper data set on one model, with a baseline or a control.",
            "Several data sets, seeds or models, and the cases where it fails are reported.",
            "The claim is tested where it could have broken, and the model's weights explain why.",
        ],
    ),
    dict(
        name="Reproducibility",
        question=(
            "Could you reproduce the research easily, and would you get the same results? Is there "
            "a well-documented repository that reruns every experiment?"
        ),
        weight=1,
        guidance=[
            "No code, and the text does not say enough to write it.",
            "Some code is linked, but it is incomplete or depends on files that are missing.",
            "Code is there and the main result could be rerun with some guesswork.",
            "Documented code with seeds and versions; one command or notebook per figure.",
            "I reran it, or could at once, and every number in the report comes out of it.",
        ],
    ),
]

SITES = [
    dict(
        name="Copenhagen",
        venue="Nørrevold Science House",
        address="Kanalgangen 14, 2nd floor, 2200 København N",
        city="Copenhagen",
        country="DK",
        time_zone="Europe/Copenhagen",
        latitude=55.6952,
        longitude=12.5561,
        capacity=40,
        access=(
            "Ring the bell marked *Jam* at the blue gate; after 20:00 call the number on the door. "
            "The lift is to the left of the bicycle racks."
        ),
        facilities=(
            "Big room and three small ones, whiteboards, screens, fast Wi-Fi, kitchen, a sofa "
            "corner for naps. Step-free access throughout."
        ),
        contact="copenhagen@peerjam.example",
        hours="Fri 17:30–23:00 · Sat 09:00–23:00 · Sun 09:00–23:59",
    ),
    dict(
        name="London",
        venue="Millrace Workshop",
        address="7 Ropewalk Yard, London E1",
        city="London",
        country="GB",
        time_zone="Europe/London",
        latitude=51.5165,
        longitude=-0.0704,
        capacity=35,
        access=(
            "Bring photo identification for the front desk on your first visit. Entrance through "
            "the yard; the street door is always locked."
        ),
        facilities=(
            "Two seminar rooms, a quiet room, projector, spare monitors, lockers. Accessible "
            "toilet on the same floor. Vegetarian dinners on Friday and Saturday."
        ),
        contact="london@peerjam.example",
        hours="Fri 17:00–22:30 · Sat 09:30–22:30 · Sun 09:30–22:30",
    ),
    dict(
        name="Boston",
        venue="Kettle Square Commons",
        address="210 Tannery Street, Cambridge, MA 02139",
        city="Cambridge",
        country="US",
        time_zone="America/New_York",
        latitude=42.3652,
        longitude=-71.1031,
        capacity=45,
        access=(
            "Doors are open until 19:00; after that, text the organizers and somebody comes down. "
            "Eight minutes on foot from the subway."
        ),
        facilities=(
            "Open hall with long tables, four booths for calls, printer, coffee around the clock. "
            "Ramp at the side entrance."
        ),
        contact="boston@peerjam.example",
        hours="Fri 12:00–23:00 · Sat 08:00–23:00 · Sun 08:00–Mon 01:00",
    ),
    dict(
        name="Bengaluru",
        venue="Neem Tree Collective",
        address="32, 5th Cross, Indiranagar 2nd Stage, Bengaluru 560038",
        city="Bengaluru",
        country="IN",
        time_zone="Asia/Kolkata",
        latitude=12.9784,
        longitude=77.6408,
        capacity=50,
        access=(
            "Green gate opposite the stationery shop. Leave your name with the guard on Friday and "
            "you will have a badge for the weekend."
        ),
        facilities=(
            "Terrace and two air-conditioned rooms, power backup, three shared GPU desktops, "
            "filter coffee. Dormitory beds for twelve: ask early."
        ),
        contact="bengaluru@peerjam.example",
        hours="Fri 20:00–Mon 11:00, open all night",
    ),
    dict(
        name="São Paulo",
        venue="Casa do Jatobá",
        address="Rua das Figueiras Velhas, 88, Butantã, São Paulo",
        city="São Paulo",
        country="BR",
        time_zone="America/Sao_Paulo",
        latitude=-23.5672,
        longitude=-46.7197,
        capacity=30,
        access=(
            "Intercom 3. Tell the doorman that you come for the hackathon; there is room for "
            "bicycles in the courtyard."
        ),
        facilities=(
            "Library room, garden tables, projector, kitchen with a large stove. The keynote is "
            "shown on the wall, with whispered translation into Portuguese."
        ),
        contact="saopaulo@peerjam.example",
        hours="Fri 13:30–22:00 · Sat 09:00–22:00 · Sun 09:00–Mon 02:00",
    ),
    dict(
        name="Nairobi",
        venue="Acacia Loft",
        address="Third floor, Mlima House, Ngara Lane, Nairobi",
        city="Nairobi",
        country="KE",
        time_zone="Africa/Nairobi",
        latitude=-1.2735,
        longitude=36.8229,
        capacity=40,
        access=(
            "Sign in at reception with any identity card. The lift works on weekends; the "
            "staircase at the back is faster."
        ),
        facilities=(
            "One large room, a call booth, generator and battery backup, two independent internet "
            "lines, lunch on Saturday and Sunday."
        ),
        contact="nairobi@peerjam.example",
        hours="Fri 18:00–23:00 · Sat 08:30–22:00 · Sun 08:30–22:00",
    ),
    dict(
        name="Tokyo",
        venue="Hikarigaoka Study Hall",
        address="2-11-5 Nezu-dori, Bunkyo-ku, Tokyo",
        city="Tokyo",
        country="JP",
        time_zone="Asia/Tokyo",
        latitude=35.7181,
        longitude=139.7625,
        capacity=24,
        access=(
            "Please take off your shoes at the entrance. The keynote is at 02:00 on Saturday: we "
            "watch the recording together at 10:00 instead."
        ),
        facilities=(
            "Quiet floor and talking floor, two large displays, tea, a washlet, a small garden. "
            "Japanese and English are both fine."
        ),
        contact="tokyo@peerjam.example",
        hours="Sat 09:30–21:30 · Sun 09:30–21:30 · Mon 09:00–14:30",
    ),
    dict(
        name="Melbourne",
        venue="Redgum Learning Centre",
        address="61 Wattlebird Street, Brunswick VIC 3056",
        city="Melbourne",
        country="AU",
        time_zone="Australia/Melbourne",
        latitude=-37.7667,
        longitude=144.9606,
        capacity=30,
        access=(
            "Tram to the end of the street, then the lane behind the bakery. Level entry; ring if "
            "the roller door is down."
        ),
        facilities=(
            "Workshop hall, breakout room, standing desks, heaters, barbecue on Sunday afternoon. "
            "Assistance dogs welcome."
        ),
        contact="melbourne@peerjam.example",
        hours="Sat 08:00–22:00 · Sun 08:00–22:00 · Mon 08:00–15:30",
    ),
    dict(
        name="Reykjavík",
        venue="Sauna and reading room Lækjarbakki",
        address="Mýrarvegur 3, Reykjavík",
        city="Reykjavík",
        country="IS",
        time_zone="Atlantic/Reykjavik",
        latitude=64.1421,
        longitude=-21.9274,
        capacity=6,
        access="Through the garden.",
        facilities="One table, one power strip, a very good sauna.",
        contact="reykjavik@peerjam.example",
        hours="Sat 10:00–20:00",
        declined=(
            "A lovely place, but it is a private home without a second exit and is open on one "
            "day only. Please find a public room that opens all weekend, and propose it again."
        ),
    ),
    dict(
        name="Tbilisi",
        venue="Mulberry Street Makers' Room",
        address="Tutis Kucha 9, Tbilisi",
        city="Tbilisi",
        country="GE",
        time_zone="Asia/Tbilisi",
        latitude=41.7069,
        longitude=44.7891,
        capacity=18,
        access="Second courtyard, wooden staircase. Not step-free yet; we are building a ramp.",
        facilities="Workbenches, projector, good light, a bakery downstairs.",
        contact="tbilisi@peerjam.example",
        hours="Fri 20:00–24:00 · Sat 10:00–24:00 · Sun 10:00–24:00",
        proposed=True,
    ),
]
