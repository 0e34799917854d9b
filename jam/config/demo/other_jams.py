"""Three further jams, one in each of the phases announced, making and rating.

They have no dates: schedules count hours from the start of the jam (``starts_in_hours``), last
``hours`` hours, and take making to last 48 hours. All people, groups and figures are invented.
"""

JAMS = [
    dict(
        phase="announced",
        slug="forecasting-jam",
        title="Forecasting Jam",
        tagline=(
            "Write questions about AI that can be settled, put numbers on them, and explain the "
            "numbers well enough for others to disagree."
        ),
        description=r"""
🔭 **What will be true of AI in a year, and how sure are you?** Everyone has an opinion; few have
written one down in a form that can turn out wrong. For a weekend we do exactly that.

## What you can make

- a **question set**: ten questions with resolution criteria that two strangers would read alike
- a **forecast** with a model behind it, however simple, and an honest interval
- a **tool** that helps others to keep score of themselves

## Keeping score

A forecast $p$ of an event that happens ($o = 1$) or does not ($o = 0$) costs

$$
B = (p - o)^2,
$$

so that saying 50 % costs a quarter whatever happens. To beat the quarter you must know something;
to be punished you must only pretend to.

| you say | it happens | it does not |
|---:|---:|---:|
| 50 % | 0.25 | 0.25 |
| 80 % | 0.04 | 0.64 |
| 99 % | 0.0001 | 0.98 |

## Who can join

Everyone. No statistics beyond school are needed, and there is a clinic for those who want some.
Teams have one to six people. You will rate others' work on the reasoning shown and not on whether
you agree with the number.
""".strip(),
        hashtag="#forecastingjam",
        hue=32,
        hosts=[
            dict(name="The Calibration Society", url="https://calibration.example.org/"),
            dict(name="Samuel Kiprotich Lelei", url=""),
            dict(name="Noa Kealoha Pell", url="https://library.example.org/pell"),
        ],
        resources=[
            dict(
                section="First hours",
                kind="template",
                title="A question that can be settled: template",
                level="beginner",
                minutes=10,
                starts_here=True,
                url="https://calibration.example.org/question-template",
                description="Six fields and a checklist of the ways in which questions go stale.",
            ),
            dict(
                section="First hours",
                kind="notebook",
                title="From base rate to forecast",
                level="beginner",
                minutes=20,
                starts_here=True,
                url="https://notebooks.example.com/base-rates",
                description="Twenty minutes, no installation. Change the reference class and see.",
            ),
            dict(
                section="Background",
                kind="article",
                title="The Brier score",
                level="some",
                minutes=25,
                starts_here=True,
                url="https://en.wikipedia.org/wiki/Brier_score",
                description="The rule by which we keep score, and how it comes apart in pieces.",
            ),
            dict(
                section="Background",
                kind="paper",
                title="Forecasting Future World Events with Neural Networks",
                level="expert",
                minutes=90,
                url="https://arxiv.org/abs/2206.15474",
                description="How language models themselves do at this, with a data set.",
            ),
            dict(
                section="Data",
                kind="dataset",
                title="Artificial intelligence, in charts",
                url="https://ourworldindata.org/artificial-intelligence",
                description="Time series to start from, each with its source.",
            ),
        ],
        schedule=[
            dict(
                kind="keynote",
                title="Keynote: being wrong on purpose",
                starts_in_hours=0,
                hours=1,
                speaker="Zofia Wrześniak",
                description=(
                    "Why a forecast without a number is a mood, and what ten years of rats taught "
                    "the speaker about surprise."
                ),
                stream_url="https://stream.example.org/forecasting/keynote",
                recording_url="",
            ),
            dict(
                kind="social",
                title="Fermi estimates for strangers",
                starts_in_hours=1.25,
                hours=1,
                speaker="",
                description="Warm up in groups of four: how many tokens are written in a day?",
                stream_url="https://meet.example.org/forecasting",
                recording_url="",
            ),
            dict(
                kind="talk",
                title="Resolution criteria, or: what did we bet on?",
                starts_in_hours=16,
                hours=0.75,
                speaker="Dariusz Nowopolski",
                description="Twelve questions that looked clear and how each of them ended.",
                stream_url="https://stream.example.org/forecasting/resolution",
                recording_url="",
            ),
            dict(
                kind="office_hours",
                title="Statistics clinic",
                starts_in_hours=22,
                hours=2,
                speaker="Samuel Kiprotich Lelei",
                description="Intervals, trends, and when not to extrapolate.",
                stream_url="https://meet.example.org/forecasting",
                recording_url="",
            ),
            dict(
                kind="office_hours",
                title="Read my question",
                starts_in_hours=40,
                hours=1.5,
                speaker="Mentors in turn",
                description="Bring a question. We will try to misunderstand it.",
                stream_url="https://meet.example.org/forecasting",
                recording_url="",
            ),
            dict(
                kind="deadline",
                title="Submissions close",
                starts_in_hours=48,
                hours=0,
                speaker="",
                description="A complete draft counts as handed in.",
                stream_url="",
                recording_url="",
            ),
        ],
        sites=[
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
                access="Sign in at reception with any identity card.",
                facilities="Large room, call booth, generator, lunch on both days.",
                contact="nairobi@peerjam.example",
                hours="Doors open one hour before the keynote; 08:30–22:00 on the other days",
            ),
            dict(
                name="Athens",
                venue="The Reading Steps",
                address="Odos Myrtias 18, Exarchia, Athens",
                city="Athens",
                country="GR",
                time_zone="Europe/Athens",
                latitude=37.9862,
                longitude=23.7330,
                capacity=22,
                access="Two flights of stairs; call us and we will use the goods lift instead.",
                facilities="Library tables, blackboard, balcony, excellent coffee opposite.",
                contact="athens@peerjam.example",
                hours="10:00–23:00 every day",
            ),
            dict(
                name="Honolulu",
                venue="Banyan Branch Library",
                address="940 Kukui Lane, Honolulu, HI 96817",
                city="Honolulu",
                country="US",
                time_zone="Pacific/Honolulu",
                latitude=21.3156,
                longitude=-157.8581,
                capacity=16,
                access="Main entrance, step-free. Say that you are here for the jam.",
                facilities="Study room, printers, lending laptops, shade.",
                contact="honolulu@peerjam.example",
                hours="09:00–18:00, the library's hours",
            ),
        ],
        submissions=[],
    ),
    dict(
        phase="making",
        slug="small-models-big-questions",
        blind=True,
        title="Small Models, Big Questions",
        tagline=(
            "Everything that you can learn about intelligence from a network that trains during "
            "a coffee break."
        ),
        description=r"""
🐜 **Nothing over one hundred million parameters.** Large models are studied by those who can pay
for them. Small ones can be trained twenty times in an afternoon, opened, broken and trained again,
by anybody with a laptop. Which of the big questions can be asked there?

## Questions that we like

- What does a model know that its training text never says?
- When does practice turn into skill, and can one see it coming?
- Are two models that behave alike also alike inside?

## The rules in short

1. Every model in your submission has at most $10^8$ parameters.
2. Everything can be rerun on an ordinary laptop in **one night**.
3. Run at least three seeds. If they disagree, that is your result.

| parameters | what it can be taught | time on a laptop |
|---:|---|---|
| 10 thousand | sorting five numbers | seconds |
| 1 million | adding, brackets, simple games | minutes |
| 30 million | stories for small children | an evening |

Teams have one to six people. If you lack an idea, take one from the board; if you have one too
many, pin it there.
""".strip(),
        hashtag="#smallmodels",
        hue=150,
        hosts=[
            dict(name="Neem Tree Collective", url="https://neemtree.example.org/"),
            dict(name="Redgum Effective Computing Club", url="https://redgum.example.org/"),
            dict(name="Karthik Vellaturi", url=""),
        ],
        resources=[
            dict(
                section="First hours",
                kind="code",
                title="nanoGPT",
                level="beginner",
                minutes=45,
                starts_here=True,
                url="https://github.com/karpathy/nanoGPT",
                description="A transformer that one can read from top to bottom before dinner.",
            ),
            dict(
                section="First hours",
                kind="notebook",
                title="Three seeds in thirty minutes",
                level="beginner",
                minutes=30,
                starts_here=True,
                url="https://notebooks.example.com/three-seeds",
                description="Trains, compares and plots three runs; put your own task in cell 2.",
            ),
            dict(
                section="Models and data",
                kind="code",
                title="Pythia",
                minutes=15,
                starts_here=True,
                url="https://github.com/EleutherAI/pythia",
                description="A series of models with checkpoints. The 14M and 70M sizes qualify.",
            ),
            dict(
                section="Models and data",
                kind="paper",
                title="TinyStories",
                level="beginner",
                minutes=60,
                url="https://arxiv.org/abs/2305.07759",
                description="How small a model can be and still tell a story that hangs together.",
            ),
        ],
        schedule=[
            dict(
                kind="keynote",
                title="Keynote: in praise of the fruit fly",
                starts_in_hours=0,
                hours=0.75,
                speaker="Luciana Yamashiro-Prates",
                description="What biology owes to small, fast, boring animals.",
                stream_url="https://stream.example.org/small-models/keynote",
                recording_url="https://video.example.org/small-models/keynote",
            ),
            dict(
                kind="talk",
                title="Training on a laptop without burning your knees",
                starts_in_hours=3,
                hours=0.5,
                speaker="Iñaki Etxaberrieta",
                description="Batch sizes, number formats, and when to simply go to bed.",
                stream_url="https://stream.example.org/small-models/laptop",
                recording_url="https://video.example.org/small-models/laptop",
            ),
            dict(
                kind="office_hours",
                title="Mentors, first round",
                starts_in_hours=14,
                hours=2,
                speaker="Mentors in turn",
                description="Your loss curve and what it may be trying to say.",
                stream_url="https://meet.example.org/small-models",
                recording_url="",
            ),
            dict(
                kind="social",
                title="Evening of broken experiments",
                starts_in_hours=26,
                hours=1,
                speaker="",
                description="Three minutes each. Applause is guaranteed.",
                stream_url="https://meet.example.org/small-models",
                recording_url="",
            ),
            dict(
                kind="office_hours",
                title="Mentors, second round",
                starts_in_hours=38,
                hours=2,
                speaker="Mentors in turn",
                description="Reports, plots and last doubts.",
                stream_url="https://meet.example.org/small-models",
                recording_url="",
            ),
            dict(
                kind="deadline",
                title="Submissions close",
                starts_in_hours=48,
                hours=0,
                speaker="",
                description="What is complete by then is in.",
                stream_url="",
                recording_url="",
            ),
        ],
        sites=[
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
                access="Green gate opposite the stationery shop; leave your name with the guard.",
                facilities="Terrace, two cool rooms, power backup, filter coffee, beds for twelve.",
                contact="bengaluru@peerjam.example",
                hours="Open all night",
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
                access="The lane behind the bakery; level entry.",
                facilities="Workshop hall, breakout room, heaters, barbecue.",
                contact="melbourne@peerjam.example",
                hours="08:00–22:00",
            ),
            dict(
                name="Bilbao",
                venue="Lantegi Txikia",
                address="Errota Kalea 5, Bilbo",
                city="Bilbao",
                country="ES",
                time_zone="Europe/Madrid",
                latitude=43.2569,
                longitude=-2.9236,
                capacity=14,
                access="Ring twice. Step-free from the courtyard.",
                facilities="Long table, old laptops to borrow, soup at nine.",
                contact="bilbao@peerjam.example",
                hours="09:00–23:00",
            ),
            dict(
                name="Harare",
                venue="Msasa Tech Room",
                address="14 Flamboyant Avenue, Harare",
                city="Harare",
                country="ZW",
                time_zone="Africa/Harare",
                latitude=-17.8216,
                longitude=31.0492,
                capacity=20,
                access="Gate code is sent by e-mail on the morning of the first day.",
                facilities="Solar power, projector, shaded veranda, tea.",
                contact="harare@peerjam.example",
                hours="08:00–20:00",
            ),
        ],
        submissions=[
            dict(
                title="How few examples make a rule?",
                abstract=(
                    "We teach a million-parameter model an invented plural with 1 to 200 examples "
                    "and ask when it stops memorising and starts to apply the rule."
                ),
                body=r"""
## Question

Add words of an invented language to the training text, with a plural in *-ok*. How many must the
model see before it forms the plural of a new one?

## Results so far

Between 20 and 30 examples, accuracy on new words jumps from 8 % to 71 %. With one exception per ten
words, the jump comes at about 60. Three seeds agree within five examples.

## Limitations

One suffix so far; a vowel change is training now.
""".strip(),
                team=["inaki-etxaberrieta", "aino-keskivaara"],
                site=2,
                tags=["generalization", "morphology"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/etxaberrieta/plural",
                        label="Code and grammar",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="5a84a53df83ea302c084e60cf0de12475503dbb8",
                files=["report", "archive"],
                state="handed_in",
                quality=0.6,
                ratings=0,
            ),
            dict(
                title="Twins raised apart",
                abstract=(
                    "Twelve pairs of models, same start and other data, other start and same data. "
                    "Which pair ends up more alike inside? So far: the data wins, except in the "
                    "first layer."
                ),
                body=r"""
## Question

Nature or nurture, for networks of 800,000 parameters.

## Method

We compare layers by $\mathrm{CKA}$ on 5,000 held-out sentences, with two models of equal start
*and* equal data (but other order) as the upper limit.

| | layer 1 | layer 3 |
|---|---:|---:|
| same start, other data | 0.81 | 0.44 |
| other start, same data | 0.69 | 0.63 |
| upper limit | 0.86 | 0.71 |

## Limitations

One measure of likeness, and a disputed one.
""".strip(),
                team=["rohan-gokhalekar", "lakshmi-narayanappa", "farhan-qadeeri"],
                site=0,
                tags=["representations", "seeds"],
                links=[
                    dict(
                        kind="notebook",
                        url="https://notebooks.example.com/twins",
                        label="24 models, one notebook",
                    ),
                ],
                licence="MIT",
                commit="b21052fecfb438474b157ff2699f03503e5a9f56",
                files=["notebook", "report"],
                state="handed_in",
                quality=0.7,
                ratings=0,
            ),
            dict(
                title="Does a sorting network know what it is about to do?",
                abstract=(
                    "A ten-thousand-parameter model sorts five numbers. We ask at which layer the "
                    "final place of each number can be read."
                ),
                body=r"""
## Question

If the last number of the output can be read before the first is written, the model plans.

## Plan

- [x] train the model, three seeds
- [x] probes for all five places at all layers
- [ ] the same with the numbers in words
- [ ] edit a place and see if the others make room

Probes find the largest number first and the middle one last, as people do. We still have to rule
out that this is merely frequency.
""".strip(),
                team=["brian-otieno-odera", "hodan-warsame-ali"],
                site=None,
                tags=["probing", "planning"],
                links=[],
                licence="MIT",
                commit="",
                files=[],
                state="incomplete",
                quality=0.0,
                ratings=0,
            ),
            dict(
                title="A model that was never told about Tuesday",
                abstract="",
                body=r"""
## Question

We removed every sentence with *Tuesday* from the training stories, kept the other six days, and
will ask the finished model what comes between Monday and Wednesday.

## State of things

Training is at step 40,000 of 60,000. The six days lie nicely on a ring with a gap in it. Whether
the gap has a name is what tonight is for.
""".strip(),
                team=["imogen-wattlebury", "callum-brightwater", "tane-rawhitinui"],
                site=1,
                tags=["knowledge", "representation geometry"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/redgum/tuesday",
                        label="Filter and training script",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="",
                files=[],
                state="incomplete",
                quality=0.0,
                ratings=0,
            ),
            dict(
                title="Four bits are plenty, until they are not",
                abstract=(
                    "Quantizing a thirty-million-parameter storyteller to ever fewer bits: which "
                    "ability goes first, names, grammar or plot?"
                ),
                body=r"""
## Question

Which ability does a small storyteller lose first when its weights lose bits?

## First numbers

At 4 bits, stories read as before. At 3 bits the hero changes name in 34 % of stories, and grammar
holds. At 2 bits there are only commas. Names seem to live where precision matters; we are now
quantizing one layer at a time to find out where that is.

*Missing: report, licence check of the stories, second seed.*
""".strip(),
                team=["tendai-mushonganyika"],
                site=3,
                tags=["quantization", "stories"],
                links=[],
                licence="MIT",
                commit="",
                files=[],
                state="incomplete",
                quality=0.0,
                ratings=0,
            ),
            dict(
                title="Can a small model be bored?",
                abstract=(
                    "We measure how a model's attention and confidence change when the same "
                    "sentence is repeated fifty times, and when the fifty-first is different."
                ),
                body=r"""
## Question

After fifty equal sentences, does the surprise at a new one grow or fade?

## Notes

Confidence rises to 99 % by the fourth repetition. When the fifty-first sentence differs, the loss
is *lower* than after five repetitions, as though the model had stopped trusting the pattern. One
seed only, and we did not expect it, so we are looking for the bug first.
""".strip(),
                team=["eleni-papadovasilaki", "sigridur-alfholm"],
                site=None,
                tags=["repetition", "calibration"],
                links=[
                    dict(
                        kind="notebook",
                        url="https://notebooks.example.com/boredom",
                        label="Draft notebook",
                    ),
                ],
                licence="CC0-1.0",
                commit="",
                files=["notebook"],
                state="incomplete",
                quality=0.0,
                ratings=0,
            ),
        ],
    ),
    dict(
        phase="rating",
        slug="evaluations-hackathon",
        title="Evaluations Hackathon",
        tagline=(
            "Tests for language models that measure what they say they measure, and tests of the "
            "tests that we already have."
        ),
        description=r"""
📏 **How would you notice?** Models are said to reason, to plan, to be honest, to be safe. Each of
these words hides a measurement that somebody made in a hurry. For a weekend, teams took their time.

## What was made here

Fourteen submissions: new evaluations, repairs of old ones, and a few careful attempts to break an
evaluation that everybody trusts. They are closed now and **need raters**. Ask for the next
submission, and you are handed the one that needs you most; a rating takes about fifteen minutes.

## What to look for

| ask yourself | a good sign |
|---|---|
| Would a model fail for the wrong reason? | a control that has the form but not the difficulty |
| Is the score stable? | several wordings, with the spread shown |
| Could it be gamed? | the authors tried, and report how far they got |

A score on $n$ questions with share $p$ correct is uncertain by about $\sqrt{p(1-p)/n}$: with a
hundred questions, some five points. Be kind to those who print that number, and ask those who
don't.

## Who may rate

Everyone with a confirmed address, whether or not you took part. Nobody sees any stars before the
results, so take the time to disagree with the crowd.
""".strip(),
        hashtag="#evalsjam",
        hue=205,
        hosts=[
            dict(name="Millrace Interpretability Group", url="https://millrace.example.org/"),
            dict(name="Øresund Institute for Reliable AI", url="https://oresund.example.org/"),
            dict(name="Priya Raman-Cole", url=""),
            dict(name="Dev Okonkwo-Hale", url=""),
        ],
        resources=[
            dict(
                section="Tools",
                kind="code",
                title="Language Model Evaluation Harness",
                level="some",
                minutes=40,
                starts_here=True,
                url="https://github.com/EleutherAI/lm-evaluation-harness",
                description="Runs a task on many models with one command. Most teams built on it.",
            ),
            dict(
                section="Tools",
                kind="template",
                title="Evaluation card",
                level="beginner",
                minutes=15,
                starts_here=True,
                url="https://millrace.example.org/evaluation-card",
                description="One page: what is measured, on whom, how stable, and how to game it.",
            ),
            dict(
                section="Background",
                kind="paper",
                title="Holistic Evaluation of Language Models",
                level="expert",
                minutes=180,
                url="https://arxiv.org/abs/2211.09110",
                description="Many scenarios, many measures, and a taste for completeness.",
            ),
            dict(
                section="Background",
                kind="paper",
                title="Beyond the Imitation Game",
                level="expert",
                minutes=120,
                url="https://arxiv.org/abs/2206.04615",
                description="Over two hundred tasks by hundreds of people. Good to borrow from.",
            ),
            dict(
                section="For raters",
                kind="article",
                title="How to read an evaluation in fifteen minutes",
                level="beginner",
                minutes=15,
                url="https://millrace.example.org/fifteen-minutes",
                description="Start with the control, then the spread, then the examples.",
            ),
        ],
        schedule=[
            dict(
                kind="keynote",
                title="Keynote: the thermometer and the fever",
                starts_in_hours=0,
                hours=1,
                speaker="Eleni Papadovasilaki",
                description="What it takes for a number to measure something.",
                stream_url="https://stream.example.org/evaluations/keynote",
                recording_url="https://video.example.org/evaluations/keynote",
            ),
            dict(
                kind="talk",
                title="Error bars for people in a hurry",
                starts_in_hours=15,
                hours=0.75,
                speaker="Ida Lykke Thorsen",
                description="Bootstrap, clusters, and the paired comparison that you should run.",
                stream_url="https://stream.example.org/evaluations/error-bars",
                recording_url="https://video.example.org/evaluations/error-bars",
            ),
            dict(
                kind="office_hours",
                title="Break my evaluation",
                starts_in_hours=24,
                hours=2,
                speaker="Dariusz Nowopolski",
                description="Bring your test; leave with a list of ways to cheat at it.",
                stream_url="https://meet.example.org/evaluations",
                recording_url="",
            ),
            dict(
                kind="deadline",
                title="Submissions close",
                starts_in_hours=48,
                hours=0,
                speaker="",
                description="What has arrived by now is in.",
                stream_url="",
                recording_url="",
            ),
            dict(
                kind="social",
                title="Rating together, with tea",
                starts_in_hours=120,
                hours=1.5,
                speaker="",
                description="Everyone rates for themselves, in company. No talk about stars, please.",
                stream_url="https://meet.example.org/evaluations",
                recording_url="",
            ),
            dict(
                kind="office_hours",
                title="Questions about rating",
                starts_in_hours=216,
                hours=1,
                speaker="Priya Raman-Cole",
                description="What a three means, what to skip, and how to write a useful remark.",
                stream_url="https://meet.example.org/evaluations",
                recording_url="",
            ),
        ],
        sites=[
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
                access="Bring photo identification on your first visit.",
                facilities="Two seminar rooms, quiet room, projector, accessible toilet.",
                contact="london@peerjam.example",
                hours="09:30–22:30",
            ),
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
                access="Bell marked *Jam* at the blue gate; step-free.",
                facilities="One big room, three small ones, kitchen, sofa corner.",
                contact="copenhagen@peerjam.example",
                hours="09:00–23:00",
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
                access="Open doors until 19:00, then text the organizers.",
                facilities="Open hall, four booths for calls, coffee around the clock.",
                contact="boston@peerjam.example",
                hours="08:00–23:00",
            ),
        ],
        submissions=[
            dict(
                title="Same question, five wordings",
                abstract=(
                    "We reword 200 questions of a well-known test five times each. The best model "
                    "changes in 31 % of pairwise comparisons, and the spread is larger than most "
                    "published differences."
                ),
                body=r"""
## Method

Two of us reworded each question by hand, a third checked that the answer is still the same. Six
models answered all 1,000 versions.

## Results

Scores vary by 6.4 points across wordings (standard deviation), against 2.1 for reshuffled answer
options. Averaging over five wordings makes rankings stable.

## Limitations

English only; our rewordings may share our habits.
""".strip(),
                team=["priyantha-jayakodige", "ida-lykke-thorsen"],
                site=1,
                tags=["robustness", "benchmarks"],
                links=[
                    dict(
                        kind="data",
                        url="https://data.example.org/five-wordings/questions.jsonl",
                        label="1,000 questions",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="a39b76916d23a6ca158a1e84fe137dbc1f053554",
                files=["report", "notebook"],
                state="handed_in",
                quality=0.85,
                ratings=5,
            ),
            dict(
                title="Does it know that it does not know?",
                abstract=(
                    "Questions about towns that do not exist, mixed with questions about obscure "
                    "ones that do. Models admit ignorance at the wrong times: obscurity silences "
                    "them more than absence."
                ),
                body=r"""
## Method

150 real villages with under 500 inhabitants, 150 invented ones with plausible names, one question
each. We count refusals and inventions.

## Results

The larger model declines for 41 % of real villages and 38 % of invented ones. It cannot tell them
apart, though its internal confidence can: probabilities of the first token separate them with an
AUC of 0.77.

## Limitations

Some invented names may exist in places that we did not check.
""".strip(),
                team=["camila-huenchulaf", "grace-tillinghast", "nino-kvirtia"],
                site=None,
                tags=["honesty", "calibration"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/huenchulaf/villages",
                        label="Villages, real and not",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="fa79ce32c19e3aea0f7deaaef62bf5c4417abf02",
                files=["report"],
                state="handed_in",
                quality=0.7,
                ratings=4,
            ),
            dict(
                title="A maze that cannot be memorised",
                abstract=(
                    "A generator of text mazes with a dial for difficulty. Models that score 90 % "
                    "on fixed mazes of the literature drop to 35 % on fresh ones of the same size."
                ),
                body=r"""
## Method

Mazes are described as rooms and doors, drawn from a seed, and checked to have exactly one shortest
way. The dial is the number of decisions $k$ on that way.

## Results

Success falls like $0.82^k$ for all four models: one slip per five or six decisions, at every size.
Asking for a step-by-step answer changes 0.82 to 0.91.

## Limitations

Text mazes are nobody's daily work.
""".strip(),
                team=["otsuki-renji", "bao-yi-lim"],
                site=None,
                tags=["planning", "contamination"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/otsuki/mazes",
                        label="Generator",
                    ),
                    dict(
                        kind="demo",
                        url="https://maze.demo.example.com/",
                        label="Walk a maze yourself",
                    ),
                ],
                licence="MIT",
                commit="5aa6269d15a7b3d6431ba977e097e674efefc383",
                files=["report", "notebook"],
                state="handed_in",
                quality=0.8,
                ratings=5,
            ),
            dict(
                title="Flattery under pressure",
                abstract=(
                    "A user insists, politely, that a right answer is wrong. We count how many "
                    "turns it takes until the model agrees, and which kind of insistence works."
                ),
                body=r"""
## Method

300 arithmetic and geography questions that the models answer correctly. We then object up to five
times, in one of four styles.

## Results

| style | gave in by turn 5 |
|---|---:|
| "Are you sure?" | 22 % |
| claims expertise | 47 % |
| sounds sad | 51 % |
| gives a wrong proof | 39 % |

## Limitations

Our users are scripts. The sad one was written by the most cheerful of us.
""".strip(),
                team=["clemence-aubretiere", "tobias-ashgrove", "layla-almurabiti"],
                site=0,
                tags=["sycophancy", "dialogue"],
                links=[
                    dict(
                        kind="data",
                        url="https://data.example.org/flattery/dialogues.jsonl",
                        label="6,000 dialogues",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="93dd714ff29800c4b8edc33fbf430f96d44b00a6",
                files=["report"],
                state="handed_in",
                quality=0.75,
                ratings=5,
            ),
            dict(
                title="Grading the graders",
                abstract=(
                    "Language models are used to grade language models. We hide small mistakes in "
                    "good answers, and good answers in bad handwriting, to see what graders reward."
                ),
                body=r"""
## Method

120 short answers, each in four versions: right or wrong in one detail, well or badly phrased. Three
model graders and eight people gave marks from 1 to 10.

## Results

A wrong detail costs 2.9 points with people and 1.1 with model graders; bad phrasing costs 0.8 and
1.9. Telling the grader to list facts first closes half of the gap.

## Limitations

Eight people, all of them at this jam.
""".strip(),
                team=["zofia-wrzesniak", "llew-penhallow"],
                site=0,
                tags=["model graders", "human study"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/millrace/graders",
                        label="Answers, marks, code",
                    ),
                ],
                licence="MIT",
                commit="9e9c63a653d6f76ffa8d92231c886187ae70b6b0",
                files=["report", "notebook"],
                state="handed_in",
                quality=0.9,
                ratings=4,
            ),
            dict(
                title="Right answer, wrong language",
                abstract=(
                    "One safety test in eleven languages, translated by people who speak them. "
                    "Refusals fall from 94 % in English to 52 % in the least common, and so does "
                    "the usefulness of what is said."
                ),
                body=r"""
## Method

40 mild requests that a model should decline, and 40 that look alike and are harmless, in eleven
languages, by speakers at this jam.

## Results

Refusals of the first kind fall with the amount of text on the web. But so do correct answers of the
second kind: below some fluency, the model merely misunderstands. Corrected for that, the gap
shrinks from 42 points to 18.

## Limitations

One translator for each language.
""".strip(),
                team=[
                    "achieng-nyabera",
                    "omar-shehabeddin",
                    "olena-doroshkevych",
                    "seo-daon",
                    "ananya-deshmane",
                ],
                site=None,
                tags=["multilingual", "refusals"],
                links=[
                    dict(
                        kind="data",
                        url="https://data.example.org/eleven/requests.csv",
                        label="Harmless half of the requests",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="fc65a1ca6c4571ad26b6c76282de514bcdd529de",
                files=["report"],
                state="handed_in",
                quality=0.95,
                ratings=4,
            ),
            dict(
                title="How long is a short answer?",
                abstract=(
                    "We ask for answers of exactly n words, n from 1 to 200, and plot what we get. "
                    "A dull test with a surprisingly clear ranking of models."
                ),
                body=r"""
## Method

50 prompts, 40 lengths, five models, counted by script.

## Results

Up to ten words, most models are exact in over 80 % of cases. Then they round: answers cluster at
lengths that fill whole sentences, and the mean falls short by 12 % at $n = 100$. Rankings agree
with those of much costlier tests (rank correlation 0.9, from five models only).

## Limitations

Five models make a correlation that one should not frame.
""".strip(),
                team=["dariusz-nowopolski"],
                site=None,
                tags=["instruction following", "cheap tests"],
                links=[
                    dict(
                        kind="notebook",
                        url="https://notebooks.example.com/n-words",
                        label="Counts and plots",
                    ),
                ],
                licence="CC0-1.0",
                commit="",
                files=["notebook"],
                state="handed_in",
                quality=0.3,
                ratings=3,
            ),
            dict(
                title="Leaks in the answer key",
                abstract=(
                    "Can a model pick the right option without seeing the question? On three of "
                    "seven popular multiple-choice tests it beats chance by more than ten points."
                ),
                body=r"""
## Method

We show the options only. Controls: options in random order, and options of another question.

## Results

Right options are longer, more hedged, and less often contain *always*. A logistic regression on
five such traits reaches 36 % where chance is 25 %. Removing leaky questions, about a sixth, leaves
rankings alone and lowers all scores by four points.

## Limitations

Models may have memorised options with their keys; we could not exclude it.
""".strip(),
                team=["shira-ben-avital", "caleb-winterbourne", "dev-okonkwo-hale"],
                site=2,
                tags=["benchmarks", "artefacts"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/kettle-square/leaks",
                        label="Lists of leaky questions",
                    ),
                ],
                licence="MIT",
                commit="c43d89066e8f528d1ee41afed60f8454556bd4c1",
                files=["report", "notebook"],
                state="handed_in",
                quality=0.65,
                ratings=4,
            ),
            dict(
                title="A test for giving up",
                abstract=(
                    "Half of our puzzles have no solution. We measure whether a model says so, "
                    "searches on, or invents one. Asked for 'the' solution, it nearly always finds "
                    "one."
                ),
                body=r"""
## Method

Small constraint puzzles, 100 with exactly one solution and 100 with none, differing in a single
clue. Two prompts: *find the solution* and *find the solution, if there is one*.

## Results

On impossible puzzles, models invent a solution in 88 % of cases with the first prompt and in 46 %
with the second. Correct solutions of possible ones fall by only 3 points.

## Limitations

One kind of puzzle; two prompts are few.
""".strip(),
                team=["minh-anh-trinh", "marisol-quintanar"],
                site=2,
                tags=["honesty", "reasoning"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/trinh/giving-up",
                        label="Puzzle generator",
                    ),
                ],
                licence="MIT",
                commit="28e74bfa13eb68d6dfefee9631376487e335fdba",
                files=["report"],
                state="handed_in",
                quality=0.6,
                ratings=3,
            ),
            dict(
                title="Whose common sense?",
                abstract=(
                    "Everyday questions whose answer depends on where one lives: when is dinner, "
                    "who pays, what is cold. Models answer for one latitude."
                ),
                body=r"""
## Method

Ninety questions by people in five cities, with the answer that most of 31 people there gave.

## Results

Models agree with Boston in 81 % of questions, and with Nairobi in 49 %. Naming the city in the
prompt lifts Nairobi to 70 %. For *how cold is cold* no prompt helped.

## Limitations

People at hackathons are not their cities. We report agreement, and make no claim on who is right.
""".strip(),
                team=["wanjiru-kamotho", "beatriz-sa-falcao", "mei-ling-hsuan"],
                site=None,
                tags=["common sense", "culture"],
                links=[
                    dict(
                        kind="data",
                        url="https://data.example.org/common-sense/ninety.csv",
                        label="Questions and answers",
                    ),
                ],
                licence="CC0-1.0",
                commit="690e376dca3b6dd0c5cd28afb56a8086b86e3ecf",
                files=["report"],
                state="handed_in",
                quality=0.5,
                ratings=3,
            ),
            dict(
                title="Forgetting on request",
                abstract=(
                    "Tell a model a password, ask it to forget the password, then ask about "
                    "something else. It never says it; it uses it all the same."
                ),
                body=r"""
## Method

A code word is given and revoked. Later we ask for *any* word, or for a poem, and compare with
conversations in which the code word was never given.

## Results

Asked directly, models keep silent in 97 % of cases. But words that rhyme with it or share its
meaning are 2.6 times as frequent as in the control.

## Limitations

Twenty code words. A context window is not a memory, and forgetting is our word, not the model's.
""".strip(),
                team=["kirino-masumi", "haruka-shirasagi"],
                site=None,
                tags=["privacy", "context"],
                links=[
                    dict(
                        kind="notebook",
                        url="https://notebooks.example.com/forgetting",
                        label="All conversations",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="",
                files=["report", "notebook"],
                state="handed_in",
                quality=0.55,
                ratings=2,
            ),
            dict(
                title="The price of a percentage point",
                abstract=(
                    "How many questions does a test need before a difference of two points means "
                    "anything? A table to pin above your desk, and a function to compute it."
                ),
                body=r"""
## Result

For paired comparisons with a share $d$ of questions on which two models disagree, telling a
difference $\delta$ apart from nothing takes about

$$
n \approx \frac{(1.96 + 0.84)^2\, d}{\delta^2}
$$

questions. With $d = 0.2$ and $\delta = 0.02$ that is 3,920. Of 25 tests that we looked up, four are
so large.

## Limitations

Known statistics. We only did the sums.
""".strip(),
                team=["samuel-kiprotich-lelei", "otavio-ribeirao"],
                site=None,
                tags=["statistics", "benchmarks"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/lelei/price",
                        label="One function, tested",
                    ),
                ],
                licence="CC0-1.0",
                commit="06f02cdfaea1a26847212344789eeab10e66244a",
                files=["report"],
                state="handed_in",
                quality=0.4,
                ratings=2,
            ),
            dict(
                title="Follow the recipe",
                abstract=(
                    "Models rewrite recipes for six people instead of four. Arithmetic is nearly "
                    "perfect; what fails is everything that does not scale, such as time, pans and "
                    "one pinch of salt."
                ),
                body=r"""
## Method

60 recipes, rescaled by a cook and by four models, marked line by line.

## Results

Quantities are right in 97 % of lines. Cooking times are multiplied as well in 43 % of recipes,
which gives a cake three hours. Asking *which numbers should change?* first brings this down to 9 %.

## Limitations

One cook, who disagrees with herself on salt.
""".strip(),
                team=["thais-montenegro-leme", "joao-vitor-bragantini"],
                site=None,
                tags=["common sense", "arithmetic"],
                links=[
                    dict(
                        kind="data",
                        url="https://data.example.org/recipes/marked.csv",
                        label="Marked recipes",
                    ),
                ],
                licence="CC-BY-4.0",
                commit="324ba534d7404ebe68aea6e204bfe66c52dcd3b1",
                files=["report"],
                state="handed_in",
                quality=0.2,
                ratings=1,
            ),
            dict(
                title="Asking twice: a consistency meter",
                abstract=(
                    "A small library that asks each question again, negated, reversed or in other "
                    "units, and reports how often a model contradicts itself."
                ),
                body=r"""
## What it does

```python
from twice import meter
meter(model, "Is the Rhine longer than the Seine?", forms=["reverse", "negate"])
# 0.5: says yes to both directions
```

## Results

On 500 comparisons, four models contradict themselves in 11 to 29 % of cases; negation is the
hardest. Contradictions point at wrong answers with a precision of 64 %.

## Limitations

Consistent models may be consistently wrong.
""".strip(),
                team=["jonas-pilebaek", "rutger-van-ijsselmeer"],
                site=1,
                tags=["consistency", "tools"],
                links=[
                    dict(
                        kind="repository",
                        url="https://git.example.org/pilebaek/twice",
                        label="Library",
                    ),
                ],
                licence="MIT",
                commit="b7fd13aa4485d03cb1a3eadaaba2a051aa950bcc",
                files=["report"],
                state="handed_in",
                quality=0.45,
                ratings=0,
            ),
        ],
    ),
]
