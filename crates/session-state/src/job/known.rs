//! The names nearly every field has, and fields of these names told apart when the program is compiled.

/// The names nearly every field has; a field of another name keeps its name beside the texts.
pub(super) const KNOWN: &[&str] = &[
    "id",
    "unit",
    "plugin",
    "summary",
    "_summary",
    "description",
    "_description",
    "command",
    "depends",
    "after",
    "before",
    "salvages",
    "requires",
    "imports",
    "user",
    "environ",
    "estimated_duration",
    "flags",
    "category_id",
    "group",
    "shell",
    "siblings",
    "_siblings",
    "name",
    "_name",
    "certification-status",
    "auto-retry",
    "purpose",
    "_purpose",
    "steps",
    "_steps",
    "verification",
    "_verification",
    "template-id",
    "template-engine",
    "requires_manifest",
    "qml_file",
    "priority",
];

/// For each known name the place of the same name with `_` before it, or that of no name.
const MARKED: [usize; KNOWN.len()] = {
    let mut marked = [KNOWN.len(); KNOWN.len()];
    let mut plain = 0;
    while plain < KNOWN.len() {
        let mut other = 0;
        while other < KNOWN.len() {
            if is_marked(KNOWN[other].as_bytes(), KNOWN[plain].as_bytes()) {
                marked[plain] = other;
            }
            other += 1;
        }
        plain += 1;
    }
    marked
};

/// One bit for each known name; more names than bits would not compile.
pub(super) const BITS: [u64; KNOWN.len()] = {
    let mut bits = [0; KNOWN.len()];
    let mut at = 0;
    while at < KNOWN.len() {
        bits[at] = 1 << at;
        at += 1;
    }
    bits
};

/// How many known names there may be of one length, and how long they may be; more would not compile.
const SAME_LENGTH: usize = 8;
const LENGTHS: usize = 24;

/// The places of the known names of each length, then places beyond the list.
const BY_LENGTH: [[u8; SAME_LENGTH]; LENGTHS] = {
    let mut table = [[KNOWN.len() as u8; SAME_LENGTH]; LENGTHS];
    let mut filled = [0; LENGTHS];
    let mut place = 0;
    while place < KNOWN.len() {
        let length = KNOWN[place].len();
        table[length][filled[length]] = place as u8;
        filled[length] += 1;
        place += 1;
    }
    table
};

/// A field of a known name, for which no name has to be looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownField(usize);

impl KnownField {
    pub(crate) const PLUGIN: Self = Self::named("plugin");
    pub(crate) const UNIT: Self = Self::named("unit");
    pub(crate) const DEPENDS: Self = Self::named("depends");
    pub(crate) const AFTER: Self = Self::named("after");
    pub(crate) const BEFORE: Self = Self::named("before");
    pub(crate) const SALVAGES: Self = Self::named("salvages");
    pub(crate) const REQUIRES: Self = Self::named("requires");
    pub(crate) const FLAGS: Self = Self::named("flags");
    pub(crate) const SIBLINGS: Self = Self::named("siblings");
    pub(crate) const GROUP: Self = Self::named("group");

    /// A name that is not known does not compile.
    const fn named(name: &str) -> Self {
        let mut place = 0;
        while !is_same(KNOWN[place].as_bytes(), name.as_bytes()) {
            place += 1;
        }
        Self(place)
    }

    /// The field whose name is at that place of the list.
    pub(super) fn at(place: usize) -> Option<Self> {
        (place < KNOWN.len()).then_some(Self(place))
    }

    /// The place of its name.
    pub(super) const fn plain(self) -> usize {
        self.0
    }

    /// The place of its name with `_` before it, where that is known too.
    pub(super) const fn marked(self) -> Option<usize> {
        let place = MARKED[self.0];
        if place < KNOWN.len() {
            Some(place)
        } else {
            None
        }
    }

    pub(super) const fn name(self) -> &'static str {
        KNOWN[self.0]
    }
}

/// The place of a known name. Only names of the same length and beginning are looked at.
pub(super) fn known(name: &str) -> Option<usize> {
    let same_length = BY_LENGTH.get(name.len())?;
    same_length
        .iter()
        .map(|place| usize::from(*place))
        .take_while(|place| *place < KNOWN.len())
        .find(|place| {
            KNOWN.get(*place).is_some_and(|known| {
                known.as_bytes().first() == name.as_bytes().first() && *known == name
            })
        })
}

const fn is_marked(name: &[u8], plain: &[u8]) -> bool {
    match name.split_first() {
        Some((b'_', rest)) => is_same(rest, plain),
        Some(_) | None => false,
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
