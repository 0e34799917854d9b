"""The thirty-two submissions of the Interpretability Hackathon 2.0; all research is invented."""

SUBMISSIONS = [
    dict(
        title="Induction heads survive your typos",
        abstract=(
            "Induction heads copy what followed last time. We misspell the repeated token and find "
            "that they keep copying until about a third of its characters are wrong, helped by "
            "three earlier heads that repair spelling."
        ),
        body=r"""
## Question

An induction head sees `A B … A` and predicts `B`. Human text repeats itself imperfectly. How much
may the second `A` differ before the head gives up, and what decides that?

## Method

We took 400 sentences in which a rare word occurs twice and damaged its second occurrence by
swapping, dropping or doubling characters. A damaged word usually becomes several tokens, so we
measured the copy score from the *last* token of the word:

$$
s = \frac{1}{N}\sum_{i=1}^{N} \mathrm{attn}_i\bigl(\text{end of word}_2 \to
    \text{token after word}_1\bigr)
$$

We ran GPT-2 small and Pythia-160M, with random character strings as a control.

## Results

| characters wrong | GPT-2 small | Pythia-160M | random strings |
|---:|---:|---:|---:|
| 0 % | 0.71 | 0.66 | 0.63 |
| 15 % | 0.64 | 0.52 | 0.21 |
| 30 % | 0.41 | 0.33 | 0.08 |
| 50 % | 0.09 | 0.11 | 0.05 |

Robustness needs *words*: on random strings copying collapses at the first typo. Path patching
traces the repair in GPT-2 to heads 3.0, 3.6 and 4.11, which move information from all pieces of
the misspelt word into its last token. Ablating the three together halves $s$ at 15 % damage and
hardly changes it without damage (0.71 → 0.69).

## Limitations

Two small models, English only. We looked at substitutions inside a word and not at the more common
mistake, a missing space. In Pythia we found the same behaviour, but only one of its repair heads.
""".strip(),
        team=["astrid-holmboe", "mikkel-ravnsgaard", "aino-keskivaara"],
        site=0,
        tags=["induction heads", "robustness", "path patching"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/oresund/typo-induction",
                label="Code and figures",
            ),
            dict(
                kind="data",
                url="https://data.example.org/typo-induction/sentences.csv",
                label="400 damaged sentences",
            ),
        ],
        licence="CC-BY-4.0",
        commit="e5a2f14d70a28b46315d4eb6de974eee1357cba8",
        files=["report", "notebook", "archive"],
        state="handed_in",
        quality=0.85,
        ratings=8,
    ),
    dict(
        title="Correlated features would rather be enemies",
        abstract=(
            "In toy models of superposition, features that tend to occur together are given "
            "orthogonal directions and features that exclude each other share one. We map the "
            "boundary and derive it for the smallest case."
        ),
        body=r"""
## Question

Toy models of superposition usually draw features independently. Real features are not: *smoke*
comes with *fire*. What does correlation do to the geometry?

## Method

We train $\hat{x} = \mathrm{ReLU}(W^\top W x + b)$ with $n = 4$ features and $m = 2$ hidden
dimensions. The features come in two pairs; each is on with probability $p$, and partners are on
together with correlation $\rho$. For 12 values of $p$ and all $\rho$ that are possible there, in
steps of 0.05, we train 40 seeds.

## Results

Where there is room for two lines, the choice is who shares one:

1. $\rho < 0$: partners become **antipodal**. They are rarely on together, so sharing a line is
   cheap.
2. $\rho \approx 0$: both arrangements occur, about equally often.
3. $\rho > 0$: partners become **orthogonal**, and antipodal to a stranger.

With one line for two features, the question is whether sharing pays at all. Let a feature that is
on be uniform in $[0, 1]$. Being antipodal costs $\tfrac13$ whenever both are on; dropping one and
guessing its mean costs its variance. So sharing wins if

$$
\rho \;<\; \frac{1 - \tfrac{7}{4}\,p}{1 - p},
$$

and models trained with $n = 2$, $m = 1$ change sides within 0.05 of this line for all $p \ge 0.3$.

## Why it may matter

If mutually exclusive features share a line, a probe that reads *one* of them looks excellent on
natural text, and is wrong on exactly the input where both are present. Adversarial prompts are such
inputs.

## Limitations

Pairs only, tiny sizes, one nonlinearity. Our bound gives the antipodal model no bias, which would
help it; for $p < 0.3$ the measured border indeed lies higher than the formula says.
""".strip(),
        team=["marisol-quintanar", "callum-brightwater"],
        site=2,
        tags=["superposition", "toy models", "theory"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/quintanar/correlated-toys",
                label="Training code and derivation",
            ),
            dict(
                kind="notebook",
                url="https://notebooks.example.com/correlated-toys",
                label="Phase diagram, runs in 6 minutes",
            ),
        ],
        licence="MIT",
        commit="c7a59422b4304f83d432ef23f27f1ba212e3b29e",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.95,
        ratings=9,
    ),
    dict(
        title="Where does a small transformer keep its carry bit?",
        abstract=(
            "A two-layer transformer that adds three-digit numbers learns short carries first and "
            "long ones last. We find a single direction that says 'carry', steer it, and show why "
            "chains such as 999 + 1 fail."
        ),
        body=r"""
## Question

Adding by hand needs one extra bit: does the column to the right overflow? A transformer that
predicts the leftmost digit first must know it *before* writing anything. Where is it?

## Method

We trained two-layer, four-head transformers on `abc+def=` with 3-digit operands, ten seeds. For
each column we fitted a linear probe for the carry on the residual stream at the `=` token, then
moved activations along the probe's direction and counted how often the digit changed by one.

## Results

- A probe after layer 1 finds the carry out of the units column with 99 % accuracy, and out of the
  tens column with 97 % — except where the carry itself depends on a carry (84 %).
- Adding the direction turns the *next* digit $d$ into $d+1 \bmod 10$ in 91 % of cases, and leaves
  the other digits alone in 88 %.
- Carries that travel through a 9 are resolved in layer 2 by one head, which attends to the column
  of nines. Chains of two nines are outside its reach: accuracy is 38 % on them, 99.6 % elsewhere.

```python
carry = probe.coef_[0] / norm(probe.coef_[0])
with model.hooks([("blocks.0.hook_resid_post", lambda x, hook: x + 4.0 * carry)]):
    print(model("127+251="))   # 388 instead of 378
```

A third layer removes the failure. The model needs depth for each link of the chain.

## Limitations

Seed 7 learned something else altogether, which we could not read: its carry probe works but
steering does nothing. We report all ten seeds, and it is the one that we would study next.
""".strip(),
        team=["minh-anh-trinh", "grace-tillinghast", "dev-okonkwo-hale"],
        site=2,
        tags=["arithmetic", "probing", "steering"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/kettle-square/carry-bit",
                label="Code, ten checkpoints, one command",
            ),
            dict(
                kind="demo",
                url="https://carry.demo.example.com/",
                label="Steer the carry in your browser",
            ),
        ],
        licence="MIT",
        commit="c2f394f55bd4996647336e4a0e075613072736cd",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.7,
        ratings=7,
    ),
    dict(
        title="The logit lens speaks English first",
        abstract=(
            "Reading the middle layers of a multilingual model through its own unembedding, we see "
            "English words where the prompt and the answer are Finnish or Ukrainian. A shuffled "
            "baseline explains half of it."
        ),
        body=r"""
## Question

When a multilingual model continues a Finnish sentence in Finnish, do its middle layers pass through
English on the way? The logit lens seems to say so. Should we believe it?

## Method

We wrote 120 short prompts with one obvious next word (*"The opposite of small is"*), translated
each into Finnish, Ukrainian and Basque ourselves, and ran them through a 560-million-parameter
multilingual model. At every layer we compared the lens's probability of the answer with that of its
English translation.

The control is what matters here: we repeated this with **shuffled answers**, so that the English
word was right for some *other* prompt.

## Results

| layer (of 24) | answer in own language | in English | shuffled English |
|---:|---:|---:|---:|
| 8 | 0.00 | 0.01 | 0.01 |
| 14 | 0.03 | 0.17 | 0.08 |
| 18 | 0.22 | 0.21 | 0.07 |
| 23 | 0.58 | 0.02 | 0.01 |

English does lead between layers 12 and 17. But nearly half of its lead at layer 14 is also there
for wrong words: the lens simply favours short, frequent English tokens. What remains, some nine
points, is meaning.

The effect is strongest for Basque (0.13 after correction) and weakest for Ukrainian (0.06), whose
script shares no tokens with English.

## Limitations

One model. 120 prompts is few, and we wrote them, so they may be the prompts that we expected to
work. The lens assumes that middle layers use the same coordinates as the last; a tuned lens would
be fairer, and we ran out of night.
""".strip(),
        team=["aino-keskivaara", "olena-doroshkevych", "inaki-etxaberrieta"],
        site=None,
        tags=["logit lens", "multilingual", "baselines"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/three-languages/lens",
                label="Prompts and code",
            ),
        ],
        licence="CC-BY-4.0",
        commit="9493fbc8d141176c066346ed67b927767d6dcc48",
        files=["report"],
        state="handed_in",
        quality=0.6,
        ratings=6,
    ),
    dict(
        title="Patching the possessive",
        abstract=(
            "French makes 'son' and 'sa' agree with what is owned, English makes 'his' and 'her' "
            "agree with the owner. In a bilingual model the same four heads serve both rules, and "
            "patching one breaks the other."
        ),
        body=r"""
## Question

*Marie a perdu **son** chapeau* — *Marie lost **her** hat*. The French possessive looks at the hat
and the English one at Marie. Does a bilingual model have two circuits or one?

## Method

We built 600 minimal pairs from 30 names and 20 objects, with French and English versions of each.
Clean and corrupted prompts differ in exactly one token: the owner (English) or the noun to come,
which we gave away by an earlier mention (French). The metric is the difference in logits between
the right and the wrong possessive, scaled so that 1 means fully restored.

## Results

Patching single heads, we found four (5.2, 6.9, 7.1, 9.4) that restore 0.74 of the difference in
English and 0.69 in French. No other head exceeds 0.08 in either. Their *values* carry gender; what
differs is where they look: the query changes with the language of the preceding two tokens.

Swapping only the queries between languages makes the model commit the learner's mistake. It then
writes *sa chapeau* for a woman's hat in 57 % of prompts, against 3 % untouched.

## Limitations

- Human owners and singular objects only.
- Nouns beginning with a vowel take *son* whatever their gender, and we left them out.
- We do not know how the model recognises the language; that part of the circuit is drawn as a
  dashed box in our report.

Negative finding, kept in the appendix: an attempt to find the same for *ser* and *estar*.
""".strip(),
        team=["clemence-aubretiere", "layla-almurabiti"],
        site=None,
        tags=["activation patching", "multilingual", "agreement"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/aubretiere/possessive",
                label="Minimal pairs and patching code",
            ),
            dict(
                kind="notebook",
                url="https://notebooks.example.com/possessive",
                label="All figures",
            ),
        ],
        licence="CC-BY-4.0",
        commit="aff3dfc6268736fc94e2fa7ad98111812fe1d206",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.75,
        ratings=6,
    ),
    dict(
        title="One head to count them: brackets in a one-layer model",
        abstract=(
            "A one-layer transformer judges bracket strings by taking an average over its context. "
            "Its weights show a counter with a tilt, and predict the length at which it starts to "
            "fail: 43 brackets. It fails at 41."
        ),
        body=r"""
## Question

Checking whether brackets balance needs a counter. A head that attends evenly to everything computes
an average, which is nearly a count. Is that really what a small model does?

## Method

One layer, one head, 16 dimensions, trained to say whether a string of up to 40 brackets is
balanced. No probing: we read the weights.

## Results

Attention is uniform within 2 %. The value of `(` is close to minus the value of `)`, so that the
head writes, for a string of length $n$ with $o$ open and $c$ closed,

$$
h \approx \frac{o - c}{n}\, v + \varepsilon(n)\, u .
$$

The MLP then thresholds $|h \cdot v|$. Two consequences follow from the weights alone:

1. One bracket too many moves $h$ by $1/n$, and the threshold sits at 0.023. Hence the model must
   fail at about $n = 43$. Measured: accuracy on near-misses falls from 97 % to below 60 % at 41.
2. An average is blind to order. `))((` should fool it, and it does, until training strings with
   that property are common enough; then a second feature $u$ appears, which marks strings that
   *begin* with `)`.

The model never learns the full rule (no prefix may go negative). It learns "as many of each" plus
"does not begin or end badly", which is right for 96 % of random strings.

## Limitations

It is a very small model doing one thing. We chose it to finish the story instead of starting one.
""".strip(),
        team=["karthik-vellaturi", "farhan-qadeeri", "jonas-pilebaek"],
        site=3,
        tags=["circuits", "algorithmic tasks", "weights"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/neemtree/one-head-brackets",
                label="Model, weights, proofs",
            ),
        ],
        licence="MIT",
        commit="08f7c098cc57846e3a253de8c6adc08415ea3b9d",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.65,
        ratings=7,
    ),
    dict(
        title="Clustering attention heads by what they ignore",
        abstract=(
            "Most heads look at the first token most of the time. We cluster the heads of four "
            "models by where they do not look, and recover known families plus one that we had no "
            "name for: heads that avoid repetition."
        ),
        body=r"""
## Question

Pictures of attention show where a head looks. Averaged over text, they all show the same bright
first column. Does the *absence* of attention tell heads apart better?

## Method

For each head of GPT-2 small, Pythia-70M, Pythia-160M and a 2-layer model, we computed over 2,000
passages the ratio of attention received by each of 24 kinds of token (same word as before, inside
quotation marks, after a comma, …) to a uniform head with the same share on the first token. We
clustered the logarithms of the ratios below one.

## Results

| cluster | heads | what they ignore | known as |
|---|---:|---|---|
| A | 61 | everything but the previous token | previous-token heads |
| B | 38 | tokens without an earlier copy | induction heads |
| C | 112 | punctuation | — |
| D | 19 | earlier copies of the current token | *repetition-avoiding* |
| E | 122 | nothing in particular | the rest |

Cluster D was new to us. Ablating its six members in GPT-2 small raises the rate at which the model
repeats the last word from 1.1 % to 2.6 %. Six random heads of the same layers: 1.2 %.

The adjusted Rand index against labels made by hand on 80 heads is 0.58, and 0.34 if we cluster what
heads *do* look at.

## Limitations

A third of all heads end up in E. Number and kinds of tokens were ours to choose; with 12
kinds C and E merge. We chose the number of clusters by eye, and say so.
""".strip(),
        team=["priyantha-jayakodige", "lien-nguyen-hart", "imogen-wattlebury"],
        site=7,
        tags=["attention heads", "clustering", "tools"],
        links=[
            dict(
                kind="demo",
                url="https://ignored.demo.example.com/",
                label="Browse 352 heads",
            ),
            dict(
                kind="repository",
                url="https://git.example.org/redgum/ignored",
                label="Code",
            ),
        ],
        licence="MIT",
        commit="0b0433b121a7d46e0bf396254874fda76307bfe6",
        files=["report"],
        state="handed_in",
        quality=0.45,
        ratings=6,
    ),
    dict(
        title="How many sparse features survive a new seed?",
        abstract=(
            "We trained sparse dictionaries on one MLP layer with eight seeds. About 41 % of the "
            "features come back every time, and those are the ones that people can name. A cheap "
            "filter for anyone who labels features."
        ),
        body=r"""
## Question

A sparse dictionary splits the activations of a layer into features that look meaningful. If I train
it again, do I get the same ones?

## Method

We collected 4 million activation vectors from the MLP of a one-layer transformer with 512 neurons
and trained autoencoders with 2,048 features and an $L_1$ penalty, minimising

$$
\mathcal{L} = \lVert x - \hat{x} \rVert_2^2 + \lambda \lVert f \rVert_1 .
$$

Two features of different seeds match when the cosine of their decoder directions exceeds 0.9.

## Results

- Of the features that are alive, 41 % have a match in **all** seven other seeds, 22 % in none.
- Three of us named 150 features without knowing their group. We agreed on a name for 68 % of the
  stable ones and for 19 % of the unstable ones.
- Stable features are not simply the frequent ones: within each decile of frequency the gap remains.
- With $\lambda$ doubled, 35 % are stable; halved, 44 %. Reconstruction changes far more than that.

So: before naming a feature, train one more seed. A single second seed already removes 80 % of those
that would turn out unstable.

## Limitations

One layer of one small model. Matching at 0.9 is a choice; at 0.8 the stable share is 49 %.
Splitting (one feature in one seed, two in another) counts as unstable, though it may be harmless;
about a tenth of unstable features look like that.
""".strip(),
        team=["oskar-lindqvarn", "ida-lykke-thorsen", "rutger-van-ijsselmeer"],
        site=0,
        tags=["sparse features", "dictionary learning", "stability"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/malmo-circle/seed-stability",
                label="Training, matching, labels",
            ),
            dict(
                kind="data",
                url="https://data.example.org/seed-stability/labels.csv",
                label="Our blind labels",
            ),
        ],
        licence="CC-BY-4.0",
        commit="b1c9cb66b0757b78b00a9321e5451b9e614ed4fd",
        files=["report", "notebook"],
        state="handed_in",
        quality=1.0,
        ratings=9,
    ),
    dict(
        title="Grokking needs weight decay. Does it need that much?",
        abstract=(
            "We vary weight decay over four orders of magnitude, and in time. Only the last part of "
            "training needs it: switched on just before grokking would happen, it gives the same "
            "circuit in the same number of further steps."
        ),
        body=r"""
## Question

Networks that memorise modular addition generalise suddenly, much later, if trained with weight
decay. Is the decay needed all along, or only at some stage?

## Method

Addition modulo 113, a one-layer transformer, 30 % of pairs for training, six seeds each. We trained
with constant decay from $10^{-3}$ to $10$, and with decay that is zero until step $T$ and 1
afterwards, for $T$ between 0 and 30,000.

## Results

With constant decay, the step at which test accuracy passes 95 % behaves like
$t \approx c\,\lambda^{-0.9}$ over two and a half orders of magnitude. Below $10^{-2}$ we never saw
it within 200,000 steps; above 5, training itself fails.

With delayed decay, grokking comes $9{,}100 \pm 800$ steps after the switch, whatever $T$ is. The
2,000 to 30,000 steps before it, spent memorising, neither help nor hurt. The Fourier frequencies
that the network ends up with cannot be predicted from the state at the switch: re-running the part
after it with another data order picks other frequencies in 10 of 12 cases.

## What we take from it

"Hidden progress before grokking" is real in our runs only *while decay acts*. Without it, the
measures of progress from the literature are flat.

## Limitations

One task, one optimiser. The exponent 0.9 is fitted to eight points and its interval reaches from
0.7 to 1.1, so do not read a law into it.
""".strip(),
        team=["timur-baisalov", "yusuf-demirkaya"],
        site=None,
        tags=["grokking", "weight decay", "training dynamics"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/baisalov/late-decay",
                label="Code and all 216 run logs",
            ),
        ],
        licence="MIT",
        commit="66882b24e532fea273812d90ad6d4859c7abef9a",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.55,
        ratings=7,
    ),
    dict(
        title="A probe is not a circuit: noughts and crosses",
        abstract=(
            "A small model of noughts and crosses has a board that probes read at 98 %. Editing the "
            "board along the probes changes the move only half of the time. We look for the other "
            "half and find a second copy."
        ),
        body=r"""
## Question

If a linear probe can read something from a model, does the model use it?

## Method

We trained an 8-layer transformer on legal games of noughts and crosses, written as lists of moves.
Probes for the nine squares reach 98 % after layer 4. We then *edited* the board: flip a square
along the probe's direction and see whether the model's moves are legal on the edited board. There
are only 5,478 positions, so we tested every one that has a legal single-square edit.

## Results

- Edits change the predicted moves as they should in 51 % of cases. In another 38 %, nothing
  happens.
- Where nothing happens, the square was filled at least three moves ago. A second probe, trained
  only on those cases and at the *position of that move*, finds another copy of the square, and
  editing **both** copies works in 87 %.
- Later layers read recent squares from the current token, and old ones by attending back. One head,
  5.3, does nearly all of the reading back.

The probe was right, and so was the doubt. The information it read was there, and used, but only for
half of the board at a time.

## Limitations

A model with 5,478 possible states may well memorise. We checked that it plays legally on 400 games
held out during training (99.1 %), which is a weak check, as most of their positions were seen.
Edits that produce impossible boards were excluded, and we did not study them.
""".strip(),
        team=["beatriz-sa-falcao", "otavio-ribeirao", "luciana-yamashiro-prates"],
        site=4,
        tags=["probing", "causal tests", "board games"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/jatoba/jogo-da-velha",
                label="Model, probes, edits",
            ),
            dict(
                kind="video",
                url="https://video.example.org/jogo-da-velha",
                label="Four-minute summary",
            ),
        ],
        licence="CC-BY-4.0",
        commit="bb32d90842c169ce579682dfd378844678e292d2",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.8,
        ratings=8,
    ),
    dict(
        title="The neuron that likes years, and ISBNs, and football scores",
        abstract=(
            "A case study of one polysemantic neuron in a two-layer model. Its three meanings can "
            "be separated by a single direction in the layer before, and one of them turns out to "
            "be of no use to the model at all."
        ),
        body=r"""
## Question

Neuron 1.347 of a two-layer model fires for years, for book numbers and for football scores. Is
there a hidden common meaning, or three tenants in one flat?

## Method

We collected the 3,000 strongest activations over 10,000 documents and sorted them by hand into
meanings (years 46 %, scores 27 %, book numbers 14 %, other 13 %). For each meaning we measured what
happens to the loss when the neuron is set to zero on those tokens only.

## Results

| meaning | mean activation | change of loss when ablated |
|---|---:|---:|
| years | 3.1 | +0.118 |
| scores | 2.4 | +0.061 |
| book numbers | 2.2 | −0.003 |
| other | 1.9 | +0.004 |

Years and scores both lead to the neuron promoting hyphens and en dashes (*1914–1918*, *2–1*). That
is a common meaning of sorts: "a number that will be followed by a dash". Book numbers use plain
hyphens, which other neurons promote already, so this part of the activation is idle.

A direction found by logistic regression in the residual stream before the MLP separates years from
scores with 96 % accuracy: the model knows the difference, and this neuron does not care.

## Limitations

One neuron. We picked it because its examples were amusing, and we make no claim about neurons at
large. Sorting was done by two of us; agreement was 0.81 (Cohen's kappa).
""".strip(),
        team=["caleb-winterbourne", "shira-ben-avital"],
        site=2,
        tags=["polysemanticity", "neurons", "case study"],
        links=[
            dict(
                kind="notebook",
                url="https://notebooks.example.com/neuron-347",
                label="Every activation we sorted",
            ),
        ],
        licence="CC0-1.0",
        commit="",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.3,
        ratings=6,
    ),
    dict(
        title="Do heads have accents? Attention in code-switched text",
        abstract=(
            "In Hindi-English text, some heads attend within a language and some across. In a "
            "small multilingual model, nine heads do the crossing; without them, the model's loss "
            "on mixed sentences rises four times as much as on plain ones."
        ),
        body=r"""
## Question

Half of Bengaluru changes language in the middle of a sentence: *"kal meeting hai at ten"*. Do the
heads of a multilingual model notice the border?

## Method

We wrote and collected 900 sentences in three versions: English, Hindi (in Latin script, as people
type it) and mixed. For each head we measured the share of attention that goes to tokens of the
other language, beyond what their number and distance predict.

## Results

Most heads cross borders a little less than expected (median −6 %). Nine of 192 cross *more*, by
over 40 %, in layers 6 to 9. Zeroing these nine:

- raises the loss on mixed text by 0.31 nats,
- raises it on plain English by 0.07 and on plain Hindi by 0.08,
- while nine random heads from the same layers give 0.09 / 0.06 / 0.07.

Where do they look? Nearly always from an English noun to the Hindi verb that governs it. Number
agreement of that verb gets worse by 17 points without them, so they are doing syntax, not merely
being curious.

## Limitations

Our spelling of Hindi in Latin letters is one of many, and the tokenizer splits it badly: 3.1 tokens
per word against 1.4 in English. Some of what we measure may be heads gluing pieces of words
together. We controlled for it by leaving out attention inside words, which is not quite enough.

Two of us wrote most of the sentences. Data from strangers would be better, and we are asking for
it.
""".strip(),
        team=["ananya-deshmane", "meenakshi-sundarraj", "lakshmi-narayanappa"],
        site=3,
        tags=["attention heads", "multilingual", "ablation"],
        links=[
            dict(
                kind="data",
                url="https://data.example.org/code-switch/900.jsonl",
                label="900 sentences, three versions each",
            ),
            dict(
                kind="repository",
                url="https://git.example.org/neemtree/accents",
                label="Code",
            ),
        ],
        licence="CC-BY-4.0",
        commit="9d26875cb32c7eff7482c2706e71ffc10cd8d0a6",
        files=["report"],
        state="handed_in",
        quality=0.5,
        ratings=5,
    ),
    dict(
        title="Ablation order matters more than you would like",
        abstract=(
            "Greedy circuit discovery removes edges one by one. We run it in 100 random orders and "
            "get 100 circuits that agree on 62 % of their edges on average. The core they share is "
            "small, and does less than hoped."
        ),
        body=r"""
## Question

Automatic circuit discovery walks through a model's edges and removes those whose removal hurts
little. It has to walk in *some* order. Does the order matter?

## Method

We ran a greedy pruner on two published behaviours (greater-than, and the docstring task) in a small
model, 100 times each with the order shuffled within layers, at three thresholds.

## Results

| behaviour | edges kept (mean) | pairwise overlap | in all 100 runs | core alone recovers |
|---|---:|---:|---:|---:|
| greater-than | 48 | 0.62 | 17 | 54 % |
| docstring | 71 | 0.55 | 19 | 31 % |

Two edges that back each other up are never removed together; whichever comes first goes, the other
stays. A third of all disagreements are such pairs. Removing pairs when both can be spared reduces
the number of edges by 8 and raises the overlap to 0.70.

We suggest reporting, instead of one circuit, how often each edge is kept. A picture with pale and
dark edges costs twenty runs, or four minutes on our laptop.

## Limitations

Both behaviours were chosen because code for them exists. Our pruner uses zero ablation; with
resampled activations overlap rises to 0.68 on greater-than, and we had no time for docstring. The
order *between* layers was kept from late to early, as is usual.
""".strip(),
        team=["dariusz-nowopolski", "kwabena-osei-darko", "priya-raman-cole"],
        site=1,
        tags=["circuit discovery", "ablation", "method"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/millrace/order-matters",
                label="Pruner, seeds, 600 circuits",
            ),
        ],
        licence="MIT",
        commit="ab3029774c75df0d873d1754c5253176de76c986",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.9,
        ratings=8,
    ),
    dict(
        title="Attribution patching on a laptop: when is the shortcut wrong?",
        abstract=(
            "A gradient estimate of activation patching is hundreds of times faster. We compare the "
            "two on 21,000 pairs of prompt and component, and give a one-line check that catches 9 "
            "of 10 bad estimates."
        ),
        body=r"""
## Question

Patching every head on every prompt is slow. One backward pass estimates all of it at once:

$$
\Delta L \approx (a_{\text{clean}} - a_{\text{corrupt}}) \cdot \nabla_a L .
$$

When is this first-order guess badly off, and can one tell without doing the slow thing?

## Method

We computed both for 144 heads and 12 MLPs on 135 prompts of four tasks in GPT-2 small: 21,060
pairs. An estimate is *bad* when it misses the true effect by more than 0.2 and by more than half.

## Results

- The correlation is 0.93 for heads and 0.61 for MLPs. The first MLP alone makes up 44 % of all bad
  estimates, since it behaves like a second embedding and is changed a lot by every patch.
- Among heads, bad estimates come from saturated attention: a softmax near 0 or 1 has no slope.
- The check: compute the gradient at the clean **and** at the corrupted run. If the two estimates
  differ by more than 0.15, do the real patch. It costs one more pass, flags 11 % of pairs, and
  finds 91 % of the bad ones.

With the check, a full sweep takes 38 seconds on a laptop without a GPU, against 71 minutes.

## Limitations

One model. Thresholds were tuned on two of the tasks and tested on the other two, where the recall
was 86 % and 94 %. Prompts are short (at most 24 tokens).
""".strip(),
        team=["otsuki-renji", "seo-daon"],
        site=6,
        tags=["activation patching", "gradients", "method"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/otsuki/shortcut-check",
                label="Library and benchmark",
            ),
            dict(
                kind="notebook",
                url="https://notebooks.example.com/shortcut-check",
                label="Try it on your prompts",
            ),
        ],
        licence="MIT",
        commit="6959c294dfb312471b27307a3280cd91b0f31894",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.7,
        ratings=6,
    ),
    dict(
        title="Heads that say no",
        abstract=(
            "Some late heads lower the probability of tokens that earlier layers are sure about. We "
            "find five such heads in GPT-2 small and show that they make the model better "
            "calibrated, at almost no cost in accuracy."
        ),
        body=r"""
## Question

Direct logit attribution sometimes shows a head that votes *against* the right answer, on every
prompt. Is it broken, or is it useful?

## Method

On 5,000 passages we measured for each head of GPT-2 small how its output changes the logit of the
token that the logit lens prefers just before that head. Negative on average and on over 80 % of
passages: we call it a *no-head*.

## Results

Five heads qualify: 10.7, 11.10, 10.1, 11.2 and 9.9. What happens without them, with mean ablation:

| | intact | without the five | without five random late heads |
|---|---:|---:|---:|
| next-token accuracy | 39.4 % | 39.1 % | 39.0 % |
| loss (nats) | 3.12 | 3.21 | 3.15 |
| expected calibration error | 1.9 % | 6.8 % | 2.3 % |

Without no-heads the model is nearly as often right, and noticeably too sure of itself. Head 10.7
does it by attending to earlier copies of the favourite token; 11.10 seems to do it to everything.

We like the picture of a committee with a member whose job is doubt. For those who rely on a model's
stated confidence, such members deserve attention before a model is pruned.

## Limitations

Calibration was measured on the same kind of text that the model was trained on. Our definition
leans on the logit lens. And three of the five heads also do other things, so the committee metaphor
should be enjoyed in moderation.
""".strip(),
        team=["hodan-warsame-ali", "samuel-kiprotich-lelei"],
        site=5,
        tags=["attention heads", "calibration", "direct logit attribution"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/acacia/no-heads",
                label="Code and tables",
            ),
        ],
        licence="CC-BY-4.0",
        commit="e29ef9d5e5226f7e8b3f56bbdb8b65f2bd80e09c",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.65,
        ratings=6,
    ),
    dict(
        title="What LayerNorm hides from direct logit attribution",
        abstract=(
            "Treating the final LayerNorm as a constant makes attribution easy and sometimes wrong. "
            "We measure by how much over 10,000 tokens, and show that a handful of large directions "
            "cause most of the error."
        ),
        body=r"""
## Question

To say how much a head contributes to a logit, one freezes the scale of the last LayerNorm. But
removing the head would change that scale. Does anybody need to worry?

## Method

For 10,000 tokens and all heads and MLPs of three models we compared the attribution with a frozen
scale to the true change when a component is removed and the scale recomputed.

## Results

- For 94 % of pairs the two agree within 5 %.
- The remaining 6 % are not random: in GPT-2 small, 81 % of them involve the first MLP or head 11.8,
  which write along two directions of enormous norm. Removing such a component shrinks the scale and
  lifts *everything else*, so it seems to promote a thousand unrelated tokens.
- Projecting out these two directions beforehand brings the share of large errors from 6 % to 1.3 %.

```python
scale = cache["ln_final.hook_scale"]                # frozen: what tutorials do
rest = resid - component
true_scale = rest.sub(rest.mean(-1, keepdim=True)).pow(2).mean(-1, keepdim=True).sqrt()
error = (component @ W_U[:, tok]) * (1 / scale - 1 / true_scale)
```

## Limitations

We measured error against *removal*. Someone who wants to know about small changes should compare
with a derivative instead, and the picture is milder there. This is a note on a tool and not a
discovery; we wrote it because we had been caught by it.
""".strip(),
        team=["jurgen-grossfeldner", "rutger-van-ijsselmeer"],
        site=None,
        tags=["direct logit attribution", "LayerNorm", "method"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/grossfeldner/frozen-scale",
                label="Code",
            ),
        ],
        licence="CC0-1.0",
        commit="b11adbad2e9b3531a951b4f9c408fc746f2da33d",
        files=["report"],
        state="handed_in",
        quality=0.25,
        ratings=5,
    ),
    dict(
        title="Monosemantic by accident: neurons of a chess-opening model",
        abstract=(
            "A tiny model of chess openings has neurons that fire for exactly one opening. They "
            "appear where openings are rarest, not where they are most common: the opposite of what "
            "we had written on the whiteboard."
        ),
        body=r"""
## Question

When does a neuron bother to mean only one thing? We guessed: for common things, because there it
pays. Chess openings have names, frequencies and a clear beginning, so one can check.

## Method

We trained a 3-layer model on the first twelve moves of 300,000 generated games that follow a book
of 210 named openings, with frequencies as in human play. A neuron is monosemantic for an opening if
it fires on over 90 % of that opening's positions and on under 1 % of all others.

## Results

Of 1,536 neurons, 118 are monosemantic, for 74 openings. Against our guess, the openings that have
one are *rarer*: median frequency 0.08 %, against 0.31 % of those without.

Looking closer, common openings overlap. Their positions are reached by several orders of moves and
share plans, and the model describes them by combinations. A rare gambit shares nothing with
anybody; one neuron, and done. When we made a common opening artificially unlike all others, by
changing its first move to 1. h4, it got a neuron of its own in four runs of five.

So it is *isolation*, more than frequency, that predicts monosemantic neurons here: rank correlation
0.66 against −0.21.

## Limitations

Generated games, a small model, and a definition with two thresholds. With 80 % / 5 % there are 203
such neurons and the correlation is 0.57. We are weak players and may have misjudged what counts as
one opening.
""".strip(),
        team=["beatriz-sa-falcao", "joao-vitor-bragantini"],
        site=4,
        tags=["monosemanticity", "neurons", "chess"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/jatoba/openings",
                label="Generator, model, analysis",
            ),
        ],
        licence="MIT",
        commit="d4ab9b8973116a8ceb5d10bdcdc31e904079fa01",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.55,
        ratings=5,
    ),
    dict(
        title="Which key are we in? Reading a model of folk tunes",
        abstract=(
            "A model trained on folk tunes knows the key within four bars, and keeps it on a circle "
            "that looks like the circle of fifths. Moving along the circle transposes what it plays "
            "next. With audio examples."
        ),
        body=r"""
## Question

Tunes have a key, but our data never says which. Does a model of melodies find out, and in what
shape does it keep the answer?

## Method

We trained a 4-layer transformer on 40,000 traditional tunes in letter notation with the key line
removed. We averaged the residual stream after layer 3 over tunes in each of twelve major keys and
looked at the principal components of the twelve means.

## Results

The first two components hold 71 % of the variance, and the keys lie on a circle in the order of
fifths: C, G, D, A … A random order would show such a regular circle once in some 20 million.

Rotating activations by one step of the circle makes the model continue a fifth higher in 63 % of
100 tunes, and in a mixture of keys in the rest. Rotating by six steps, the most distant key, yields
music that we can only call *brave*.

The model is certain of the key after 3.8 bars on average. In the modes it hesitates: tunes in D
dorian lie between C major and D minor, where a musician would put them as well.

## Limitations

- G and D major make up 58 % of the tunes. The means of rare keys (D♭, G♭) rest on under 90 tunes.
- "A fifth higher" was judged by a key-finding program, which is wrong on about one tune in ten.
- Fifths may come out simply because neighbouring keys share notes. A bag-of-notes model also gives
  a circle, though steering that one does nothing.
""".strip(),
        team=["thais-montenegro-leme", "sigridur-alfholm"],
        site=4,
        tags=["music", "representation geometry", "steering"],
        links=[
            dict(
                kind="demo",
                url="https://fifths.demo.example.com/",
                label="Hear the transposed tunes",
            ),
            dict(
                kind="repository",
                url="https://git.example.org/jatoba/fifths",
                label="Code",
            ),
            dict(
                kind="video",
                url="https://video.example.org/fifths",
                label="Two tunes on the flute, before and after",
            ),
        ],
        licence="CC-BY-4.0",
        commit="4581b5162501eeb759ac23092ded02a0e0dc52a0",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.75,
        ratings=7,
    ),
    dict(
        title="Greater-than in Swahili",
        abstract=(
            "The circuit that completes 'from 1732 to 17__' with a later year was found in English. "
            "In a small model trained on Swahili and English, both languages share its MLPs, and "
            "each has attention heads of its own."
        ),
        body=r"""
## Question

GPT-2 small finishes *"The war lasted from 1732 to 17"* with a number above 32. That circuit was
described in English. Is it about language or about numbers?

## Method

We trained a 12-layer model of 90 million parameters on equal amounts of Swahili and English news
(courtesy of a shared GPU, before the jam; the checkpoint is public, the analysis was done here). We
wrote 40 templates such as *"Vita vilidumu kutoka 1732 hadi 17"* and filled them with all centuries
and years: 3,900 prompts a language.

## Results

The model gives later years 86 % of the probability in English and 79 % in Swahili. Path patching:

| part | English | Swahili | shared |
|---|---|---|---|
| heads that move the year | 6.1, 7.10, 8.11 | 6.1, 7.4, 8.2 | 6.1 |
| MLPs that compare | 8, 9, 10 | 8, 9, 10 | all |

MLP 9 activations from a Swahili prompt patched into an English one carry the year over: the model
then completes correctly for the *Swahili* prompt's year in 72 %.

Comparison is shared, then, while the finding of the number is done separately for each grammar, as
one would expect where Swahili puts *kutoka … hadi* at other distances.

## Limitations

Digits are split alike in both languages, which makes sharing easier. Numbers written out in words,
where Swahili is quite different, defeat our small model altogether (12 %).
""".strip(),
        team=["achieng-nyabera", "wanjiru-kamotho", "brian-otieno-odera", "samuel-kiprotich-lelei"],
        site=5,
        tags=["circuits", "Swahili", "path patching"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/acacia/hadi",
                label="Templates, checkpoint, patching",
            ),
            dict(
                kind="data",
                url="https://data.example.org/hadi/prompts.tsv",
                label="7,800 prompts",
            ),
        ],
        licence="CC-BY-4.0",
        commit="4734c3a2c997d02b439cbe6168443afebe4b5c1a",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.85,
        ratings=7,
    ),
    dict(
        title="Tokenization scars",
        abstract=(
            "Japanese characters that a byte-level tokenizer splits in three must be sewn together "
            "by the model. We find the heads that sew, count what they cost, and show what happens "
            "to a character that is cut in the wrong place."
        ),
        body=r"""
## Question

To a tokenizer made for English, 鱚 is three meaningless bytes. Before the model can think about the
fish, it must put the fish together. Which parts of it do that?

## Method

We chose 500 characters that are one token and 500 of similar frequency that are three, in contexts
where either is followed by the same word. We compared the residual streams at the last byte and
patched heads from one run into the other.

## Results

In GPT-2 medium two heads in layer 1 and one in layer 3 attend from the third byte to the first two.
With all three zeroed, a probe that tells which character it is drops from 88 % to 21 % for split
characters, and does not change for whole ones.

The sewing takes layers. For characters that are one token, the kind of thing (fish, tree, tool) can
be read after layer 2; for split ones, after layer 6. In a model with 24 layers that may be
bearable. We wonder about small ones.

If the *middle* byte is changed, the model most often behaves as if it had seen a character that
shares the first two bytes, even if that is a different radical: bytes are neighbours, meanings are
not.

## Limitations

GPT-2 is a poor model of Japanese, and some of our contexts it does not understand at all. We kept
the 380 pairs for which it predicts the following word better than chance. We cannot yet say whether
a model made for Japanese would do the same, since its tokenizer would not split these.
""".strip(),
        team=["kirino-masumi", "mei-ling-hsuan", "seo-daon"],
        site=6,
        tags=["tokenization", "Japanese", "attention heads"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/kirino/scars",
                label="Code and character list",
            ),
        ],
        licence="CC-BY-4.0",
        commit="df9ae09b9d0f10132a3966f42899061081e0ffec",
        files=["report"],
        state="handed_in",
        quality=0.6,
        ratings=5,
    ),
    dict(
        title="Captions for neurons, graded by strangers",
        abstract=(
            "People wrote one-sentence captions for 60 neurons; other people used them to guess "
            "where the neuron fires. Good captions beat chance by little, and the ones that sound "
            "best predict worst."
        ),
        body=r"""
## Question

"This neuron detects legal language." It sounds right. Could a stranger use that sentence to say
where the neuron will fire?

## Method

Five people captioned 60 neurons of GPT-2 small from their twenty strongest examples. Eleven others,
who had never seen those neurons, were given a caption and ten fresh passages, half of them active,
and had to say which. Each caption was used by four of them: 2,400 guesses in all. They also said
how convincing the caption sounded, from 1 to 5, before guessing.

## Results

- Mean accuracy was 63 % (chance 50 %). For a quarter of the neurons it was below 55 %.
- Convincing captions were **not** better: the rank correlation of conviction and accuracy is −0.17.
  Captions with an example in quotation marks were, by 9 points.
- Captions made from *weak* activations as well as strong ones, a change that one of us made by
  mistake, reached 71 %.

The advice that follows is modest. Show the whole range of activations to those who write; forbid
abstract nouns; test with strangers, since friends are too polite.

## Limitations

Eleven people, recruited at two local sites during a hackathon and paid in dumplings. Neurons are
polysemantic, and a single sentence had little chance. The mistake mentioned above touched 12 of the
60 neurons, so its effect (8 points, 95 % interval 1 to 15) needs a proper experiment.
""".strip(),
        team=[
            "tobias-ashgrove",
            "zofia-wrzesniak",
            "grace-tillinghast",
            "eleni-papadovasilaki",
            "noa-kealoha-pell",
        ],
        site=1,
        tags=["neurons", "human study", "explanations"],
        links=[
            dict(
                kind="data",
                url="https://data.example.org/captions/guesses.csv",
                label="2,400 anonymous guesses",
            ),
            dict(
                kind="demo",
                url="https://captions.demo.example.com/",
                label="Take the test yourself",
            ),
        ],
        licence="CC-BY-4.0",
        commit="a80ddeffff207ac986eeb55959236aad5001925d",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.7,
        ratings=7,
    ),
    dict(
        title="Does dropout break superposition?",
        abstract=(
            "Dropout on the hidden layer of a toy model makes it represent fewer features, each of "
            "them several times over. The change is gradual in width and abrupt in rate, at about "
            "0.3 for the sizes that we tried."
        ),
        body=r"""
## Question

If any hidden unit may vanish, packing many features into few units becomes dangerous. Does dropout
therefore make models easier to read?

## Method

The usual toy model, 20 features in 5 hidden units, sparsity 0.95, with dropout of rate $q$ on the
hidden units, $q$ from 0 to 0.6; 30 seeds each. We count the features represented
($\lVert W_i \rVert > 0.5$) and their *dimensionality*
$D_i = \lVert W_i \rVert^2 / \sum_j (\hat{W}_i \cdot W_j)^2$.

## Results

| $q$ | features represented | mean $D_i$ |
|---:|---:|---:|
| 0 | 12.4 | 0.40 |
| 0.2 | 10.9 | 0.45 |
| 0.3 | 6.1 | 0.80 |
| 0.5 | 4.8 | 0.97 |

Between 0.25 and 0.3 the model switches from many entangled features to about as many as it has
units. But the few are now spread over *all* units, as insurance. Neurons therefore became no easier
to read: the share of features aligned with one unit fell from 0.35 to 0.22.

So the answer is: less superposition, more redundancy, and no free lunch for interpretability.

## Limitations

Toy models only. We had planned the same for a one-layer language model and have a single run of it,
with nothing that we would call a result. We do not know why the switch is so abrupt.
""".strip(),
        team=["callum-brightwater"],
        site=7,
        tags=["superposition", "toy models", "dropout"],
        links=[
            dict(
                kind="notebook",
                url="https://notebooks.example.com/dropout-toys",
                label="Everything in one notebook",
            ),
        ],
        licence="CC0-1.0",
        commit="",
        files=["notebook"],
        state="handed_in",
        quality=0.15,
        ratings=4,
    ),
    dict(
        title="Clocks within clocks: addition modulo a composite",
        abstract=(
            "Networks that learn addition modulo a prime use a few Fourier frequencies. Modulo 120 "
            "they prefer frequencies that divide it, and solve the sum in stages: first modulo 8, "
            "then 3, then 5, like a set of clocks."
        ),
        body=r"""
## Question

Grokked networks add modulo a prime by rotating around circles of various frequencies. Primes leave
them no structure to exploit. What happens modulo 120 = 8 · 3 · 5?

## Method

One-layer transformers, moduli 113 (prime), 120 and 128, eight seeds each. We took the discrete
Fourier transform of the embedding and the accuracy *modulo each divisor* during training.

## Results

- Modulo 113, the embedding concentrates on 4–6 frequencies without preference, as known.
- Modulo 120, five of eight networks put 60 % or more of the embedding's norm into frequencies
  15, 40 and 24 and their multiples: circles with 8, 3 and 5 points.
- These networks learn in stages. Test accuracy modulo 8 rises first, modulo 3 some 2,000 steps
  later, modulo 5 last. The three answers are joined as the Chinese remainder theorem would have it:

$$
\mathbb{Z}/120 \;\cong\; \mathbb{Z}/8 \times \mathbb{Z}/3 \times \mathbb{Z}/5 .
$$

- Removing frequency 40 and its multiples costs exactly the part modulo 3: accuracy 34 % in all, and
  99 % for the answer up to that part.
- The other three seeds behaved as if 120 were prime. We see no difference in their first 5,000
  steps.

## Limitations

Eight seeds are few to say *five of eight*: the interval is from 31 % to 86 %. Modulo 128, which has
only one prime, we expected a tower of clocks and saw nothing clear.
""".strip(),
        team=["rohan-gokhalekar", "niamh-o-dalaigh"],
        site=3,
        tags=["grokking", "Fourier features", "modular arithmetic"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/gokhalekar/clocks",
                label="Code, 24 checkpoints",
            ),
            dict(
                kind="notebook",
                url="https://notebooks.example.com/clocks",
                label="Animated spectra",
            ),
        ],
        licence="MIT",
        commit="b353758e9d3ef43ffa728a197f2a8903e94cf271",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.9,
        ratings=8,
    ),
    dict(
        title="Do probing directions stand still during training?",
        abstract=(
            "We trained probes on 20 checkpoints of a public model series. Probes for syntax found "
            "early still work at the end; probes for sentiment have to be retrained every few "
            "thousand steps. Rotation, not growth."
        ),
        body=r"""
## Question

If we find a direction for, say, *sentiment* at step 10,000, may we use it to watch the model at
step 100,000? For monitoring a model while it trains, that would be convenient.

## Method

Pythia-160M publishes its checkpoints. For 20 of them we trained logistic probes on the middle layer
for five properties, 4,000 sentences each, then tested every probe on every checkpoint.

## Results

Accuracy of a probe trained at step 10,000, used at step 143,000, against one retrained there:

| property | old probe | retrained |
|---|---:|---:|
| part of speech | 91 % | 93 % |
| number of the subject | 88 % | 92 % |
| inside quotation marks | 94 % | 97 % |
| sentiment | 61 % | 84 % |
| language | 73 % | 99 % |

Three properties stand still and two wander. The angle between old and new sentiment directions
grows by about 9° between checkpoints at first and by 3° towards the end, while the accuracy of
retrained probes has long been flat. The model is not learning more about sentiment; it is moving
house.

## What follows for monitoring

A probe that is calibrated once may go stale silently. Re-testing it against fifty labelled
sentences at each checkpoint would have caught every failure that we saw.

## Limitations

One model, one layer, five properties. Probes on the last layer wander more, and those on the first
hardly at all; we show the plots without explaining them.
""".strip(),
        team=["aleksandra-vereshchakina", "nino-kvirtia"],
        site=None,
        tags=["probing", "training dynamics", "monitoring"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/vereshchakina/moving-house",
                label="Probes and plots",
            ),
        ],
        licence="CC-BY-4.0",
        commit="96f106e9513c8ae6ea097acb86916b0ea44c2a02",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.5,
        ratings=6,
    ),
    dict(
        title="In search of the full stop",
        abstract=(
            "What makes a language model end a sentence? We look for a feature that says 'enough', "
            "and find a slowly growing signal of length that two heads read. Cutting it makes "
            "sentences half as long again."
        ),
        body=r"""
## Question

A model must decide at every word whether the sentence is over. Syntax says when it *may* end. What
says when it *should*?

## Method

From 6,000 sentences we took all places where a full stop is possible but did not come, and all
where it came. We searched for directions that differ between the two at equal syntax (same last two
parts of speech), and then for heads that write them.

## Results

A single direction in layer 7 separates the two with an accuracy of 71 % (chance 50 %, word count
alone 64 %). It grows with the number of words since the last full stop, then levels off at about
30. Heads 5.5 and 6.0 write it: both attend to the last full stop, and the farther that is, the more
their attention spreads, so that distance becomes strength.

Removing the direction while the model writes lengthens sentences from 17.2 to 25.9 words. They
remain grammatical, in the manner of a politician.

## Limitations

- One model (GPT-2 small), one kind of text (news).
- The effect on length may be a side effect of damage in general; removing a random direction of the
  same norm gave 18.0 words, which we find reassuring and not conclusive.
- We looked for *one* direction and so found one.
""".strip(),
        team=["camila-huenchulaf", "bao-yi-lim"],
        site=None,
        tags=["features", "generation", "GPT-2"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/huenchulaf/full-stop",
                label="Code",
            ),
        ],
        licence="MIT",
        commit="4e43947902cae6c178e9c6898c4e9a87088cc543",
        files=["report"],
        state="handed_in",
        quality=0.2,
        ratings=0,
    ),
    dict(
        title="Writing a goal into a grid-world agent",
        abstract=(
            "An agent that walks to a flag keeps the flag's position on a map in its third layer. "
            "Adding a vector moves the flag in its mind, and the agent walks to a place where there "
            "is nothing. It stays there, content."
        ),
        body=r"""
## Question

Where does an agent write down what it wants, and can we write something else there?

## Method

A small convolutional policy was trained by reinforcement learning to reach a flag in random 15 × 15
grids with walls. We averaged the difference of activations between grids with the flag at $a$ and
at $b$, and added it while the agent walks:

$$
h_3 \leftarrow h_3 + \alpha\,\bigl(\bar{h}_3(b) - \bar{h}_3(a)\bigr)
$$

## Results

With $\alpha = 1$ the agent walks to $b$ in 74 % of 500 grids; with 2, in 83 %; above 3 it bumps
into walls. Of 64 channels, 11 carry the map: editing only those works as well (81 %).

Walls are respected: the agent takes the way around to the imaginary flag, so planning comes *after*
the place where we write. Arrived, it stays there for the rest of the episode in nine cases of ten,
although the real flag is in plain sight.

When both flags exist, the real one and ours, it goes to the nearer. We had hoped for something more
dramatic.

## Why it may matter

To find a goal by looking inside, and to test it by changing it, is a small version of what one
would like to do with systems that have goals worth worrying about.

## Limitations

Goals in this world are places, and a convolution keeps places in place; hardly anything had to be
discovered. An agent that seeks *kinds* of things would be the real test. One architecture, three
seeds.
""".strip(),
        team=["tane-rawhitinui", "imogen-wattlebury"],
        site=7,
        tags=["agents", "steering", "reinforcement learning"],
        links=[
            dict(
                kind="demo",
                url="https://flag.demo.example.com/",
                label="Drag the imaginary flag",
            ),
            dict(
                kind="repository",
                url="https://git.example.org/redgum/flag",
                label="Training and edits",
            ),
        ],
        licence="MIT",
        commit="025e96c6f421cf40afd11d4d4c508cccc21d8cb8",
        files=["report", "notebook"],
        state="handed_in",
        quality=0.8,
        ratings=8,
    ),
    dict(
        title="Curve detectors at 28 by 28",
        abstract=(
            "Large vision models have families of curve detectors. Does a network for handwritten "
            "digits, with 32 channels? It has eleven of them, at eight orientations; and it uses "
            "them mainly to tell a 3 from an 8."
        ),
        body=r"""
## Question

Curve detectors were traced in a model with millions of images behind it. How small can a network be
and still have them?

## Method

We trained two-layer convolutional networks with 8, 16, 32 and 64 channels on handwritten digits,
five seeds each. For every channel of layer 2 we drew synthetic curves of all orientations and radii
and recorded its response. A channel counts if one orientation gives at least three times the mean
response and straight lines give less than half.

## Results

| channels | curve detectors (mean) | accuracy |
|---:|---:|---:|
| 8 | 0.6 | 98.1 % |
| 16 | 3.8 | 98.8 % |
| 32 | 11.2 | 99.1 % |
| 64 | 12.0 | 99.2 % |

From 32 on the number hardly grows. Detectors tile the orientations in steps of about 45°, and are
built from layer 1 as described for large models: edges tangent to the curve excite, the reverse
inhibit.

Silencing all of them costs 2.4 points of accuracy. More than half of the new mistakes are 3 and 8
taken for each other, then 5 and 6. For the digit 1 nothing changes, which pleased us.

## Limitations

The thresholds in our definition were set on seed 0. Handwritten digits are made of curves, so it
would have been strange to find none. We did not test how far it carries over to letters.
""".strip(),
        team=["haruka-shirasagi"],
        site=6,
        tags=["vision", "feature visualisation", "small models"],
        links=[
            dict(
                kind="notebook",
                url="https://notebooks.example.com/curves-28",
                label="Trains in nine minutes",
            ),
        ],
        licence="CC0-1.0",
        commit="",
        files=["notebook"],
        state="handed_in",
        quality=-0.1,
        ratings=0,
    ),
    dict(
        title="Where attention rests: first-token sinks in ten-million-parameter models",
        abstract=(
            "Heads park their attention on the first token when they have nothing to do. We watch "
            "the habit appear during training and find that it comes with the first induction "
            "heads, in five sizes of model."
        ),
        body=r"""
## Question

Softmax makes a head attend *somewhere*. In large models, idle heads attend to the first token. When
does a model pick up that habit, and what brings it about?

## Method

We trained models of 1, 3, 10, 20 and 40 million parameters on the same text and saved 60
checkpoints of each. At each we measured the share of attention on the first token, the norm of its
value vectors, and an induction score on repeated random tokens.

## Results

In all five sizes three things happen within a few hundred steps of each other: induction scores
jump, the share on the first token rises from about 5 % to 30 % or more, and the values at the first
token shrink to a fifth of their size, so that attending there writes next to nothing.

The smallest model, which has one layer and cannot form induction heads, never develops the habit.

Adding a learned *nowhere* slot to the softmax removes it: the share stays at 6 %, and the induction
heads form as before, about 10 % earlier.

## Limitations

Happening together is not causing. We tried to delay induction by shuffling the text beyond a window
of four tokens, and the habit was delayed as well; but so was everything else. One run per size. The
statement on *10 % earlier* comes from a single pair of runs.
""".strip(),
        team=["llew-penhallow", "kwabena-osei-darko"],
        site=1,
        tags=["attention heads", "training dynamics", "small models"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/penhallow/resting-place",
                label="Training scripts, 300 checkpoints",
            ),
        ],
        licence="CC0-1.0",
        commit="ef3f7503bd61218604b748a58d5e03db097b2afa",
        files=["report"],
        state="handed_in",
        quality=0.4,
        ratings=3,
    ),
    dict(
        title="Indirect objects in Portuguese",
        abstract=(
            "A translation of the indirect-object circuit to Portuguese. Withdrawn by the team: the "
            "names in our prompts were split differently in clean and corrupted runs, which made "
            "the effect that we reported."
        ),
        body=r"""
## Question

*"Ana e Bruno foram à feira. Ana deu a cesta a …"* — does a small multilingual model complete it
with the heads known from English?

## Method

We translated fifteen templates, filled them with 60 common Brazilian names, and patched all heads
of a 12-layer model from clean to corrupted prompts.

## Results, and why we withdrew them

On Sunday at noon we had a beautiful picture with three name movers. On Sunday at six, while writing
the appendix, we noticed that *Bruno* is one token after a space and two at the beginning of a
sentence, and that 22 of our 60 names behave like that. For those, the positions of clean and
corrupted prompts are shifted by one, and patching copies the wrong token.

With only the 38 names that are always one token, the effect falls from 0.61 to 0.19 and the three
name movers become a faint smear over seven heads.

We leave the text here, since the mistake is easy to make. The check that would have saved us takes
one line:

```python
assert all(len(model.to_str_tokens(s + n)) == n_tokens for n in names for s in (" ", ""))
```

## Limitations

It is withdrawn; please do not cite the figure. We mean to come back with a cleaner set of names.
""".strip(),
        team=["joao-vitor-bragantini", "luciana-yamashiro-prates"],
        site=4,
        tags=["circuits", "Portuguese", "negative result"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/jatoba/objeto-indireto",
                label="Code, with the bug and the fix",
            ),
        ],
        licence="CC-BY-4.0",
        commit="05bab5f8de3f19c9ee71ce1a1f5dbb94fb9a7d71",
        files=["report"],
        state="withdrawn",
        quality=0.0,
        ratings=2,
    ),
    dict(
        title="Causal scrubbing of a palindrome checker",
        abstract=(
            "We wrote down a full hypothesis for how a two-layer model recognises palindromes and "
            "scrubbed it. It explains 58 % of the loss. Withdrawn, to be continued with a "
            "hypothesis that deserves the name."
        ),
        body=r"""
## Question

Can a weekend suffice to explain *all* of what a two-layer model does, with nothing left over?

## Method

The model says whether a string of 12 letters is a palindrome (99.2 %). Our hypothesis: each
position attends to its mirror image in layer 1 and writes whether the two letters agree; the last
position gathers the twelve answers in layer 2. Causal scrubbing replaces every activation with one
from another input that the hypothesis calls equivalent. If the hypothesis is right, the loss stays.

## Results

| hypothesis | share of the loss explained |
|---|---:|
| mirror heads, gather | 41 % |
| and letters matter in groups of vowels and consonants | 58 % |
| control: random pairs of positions | 3 % |

Position 1 and 12 agree with the story within noise. In the middle of the string the model does
something else: positions 6 and 7 seem to look at *three* letters.

## Why we withdrew

The second line of the table was added after seeing which inputs failed, and tested on the same
inputs. That is fitting, not testing. We noticed too late to draw new data, and we would rather be
absent than generous to ourselves. The repository stays open, and the next version will have a
held-out set from the first hour.

## Limitations

See above.
""".strip(),
        team=["eleni-papadovasilaki", "omar-shehabeddin"],
        site=None,
        tags=["causal scrubbing", "algorithmic tasks"],
        links=[
            dict(
                kind="repository",
                url="https://git.example.org/papadovasilaki/palindromes",
                label="Work in progress",
            ),
        ],
        licence="MIT",
        commit="edc5a0292d6b8e1b4cc511c864ddd3e6b67a822e",
        files=["notebook"],
        state="withdrawn",
        quality=-0.2,
        ratings=1,
    ),
    dict(
        title="Does quantization move the circuit?",
        abstract="",
        body=r"""
## Question

Eight-bit models answer almost like the originals. Do they do so with the same heads?

## Method

Take a behaviour with a known circuit, quantize the model to 8, 6, 5 and 4 bits, and repeat the path
patching each time. Compare the heads found by overlap and by rank.

## Results so far

At 8 bits nothing changes. At 5 bits two of the three name movers are still the strongest, and a
backup head joins them. At 4 bits the behaviour itself is mostly gone, so there is nothing to find.

*TODO: error bars, the second behaviour, abstract, licence of the prompts.*
""".strip(),
        team=["tendai-mushonganyika"],
        site=None,
        tags=["quantization", "circuits"],
        links=[],
        licence="MIT",
        commit="",
        files=[],
        state="incomplete",
        quality=0.0,
        ratings=0,
    ),
    dict(
        title="An atlas of first-layer heads",
        abstract=(
            "A picture book of every first-layer head in six small models, computed from the "
            "weights alone: what each token looks for, and what it copies when it finds it."
        ),
        body="",
        team=["lien-nguyen-hart", "farhan-qadeeri"],
        site=7,
        tags=["attention heads", "visualisation"],
        links=[
            dict(
                kind="demo",
                url="https://atlas.demo.example.com/",
                label="First plates",
            ),
        ],
        licence="CC-BY-4.0",
        commit="",
        files=[],
        state="incomplete",
        quality=0.0,
        ratings=0,
    ),
]
