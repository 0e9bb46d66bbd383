"""The word in the corner of a screen: another each minute, signed by the link's key, so nobody can guess the next."""

import hmac

PERIOD_S = 60
WORDS = (
    "acorn", "amber", "anchor", "apple", "arrow", "aspen", "badger", "bamboo", "basil", "beacon", "beaver", "birch",
    "bison", "bramble", "bridge", "bronze", "cactus", "camel", "candle", "canoe", "canyon", "carrot", "castle",
    "cedar", "cherry", "chisel", "cider", "clover", "cobalt", "comet", "copper", "coral", "cotton", "crane",
    "cricket", "dahlia", "daisy", "delta", "desert", "dolphin", "donkey", "eagle", "ebony", "ember", "falcon",
    "fennel", "ferry", "fiddle", "finch", "flint", "forest", "fossil", "garnet", "gecko", "ginger", "glacier",
    "goose", "granite", "grape", "gravel", "hammer", "harbor", "hazel", "heron", "hickory", "honey", "ibis",
    "indigo", "island", "ivory", "jacket", "jaguar", "jasmine", "juniper", "kayak", "kettle", "kitten", "koala",
    "ladder", "lagoon", "lantern", "lemon", "lichen", "lilac", "lizard", "lobster", "lotus", "magnet", "mango",
    "maple", "marble", "meadow", "melon", "meteor", "mirror", "mitten", "moose", "mosaic", "mulberry", "nectar",
    "needle", "nickel", "nutmeg", "oasis", "ocean", "olive", "onyx", "orchid", "osprey", "otter", "oyster", "panda",
    "paprika", "parrot", "pebble", "pepper", "piano", "pigeon", "pillow", "planet", "plum", "poplar", "prairie",
    "pumpkin", "quartz", "quiver", "rabbit", "radish", "raven", "ribbon", "river", "robin", "rocket", "saddle",
    "saffron", "salmon", "sandal", "sapphire", "shadow", "silver", "sparrow", "spruce", "squash", "summit",
    "sunset", "tango", "teapot", "thistle", "thunder", "tiger", "timber", "topaz", "tulip", "turnip", "turtle",
    "umbrella", "valley", "velvet", "violet", "walnut", "walrus", "willow", "window", "yarrow", "zebra",
)  # fmt: skip


def period(epoch_s: float) -> int:
    return int(epoch_s) // PERIOD_S


def word(key: bytes, number: int) -> str:
    """The word of a link in that period."""
    signed = hmac.digest(key, b"word %d" % number, "sha256")
    return WORDS[int.from_bytes(signed[:4]) % len(WORDS)]


def word_at(key: bytes, epoch_s: float) -> str:
    return word(key, period(epoch_s))


def words_around(key: bytes, epoch_s: float) -> tuple[str, str]:
    """The word now and the one before."""
    return word_at(key, epoch_s), word_at(key, epoch_s - PERIOD_S)


def is_word_of(key: bytes, shown: str, epoch_s: float) -> bool:
    """Whether the word is that of the period now, or of the one before or after: messages take a moment."""
    now = period(epoch_s)
    return any(hmac.compare_digest(word(key, number).encode(), shown.encode()) for number in (now - 1, now, now + 1))
