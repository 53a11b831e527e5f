//! The primitives of `docs/formats.md`.

/// Bytes that are read from the front. What does not fit the page ends the test.
pub(crate) struct Bytes<'b> {
    rest: &'b [u8],
    /// Texts by their numbers; `None` for a number that is never used.
    names: Vec<Option<String>>,
}

impl<'b> Bytes<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self {
            rest: bytes,
            names: Vec::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn raw(&mut self, count: usize) -> &'b [u8] {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .expect("bytes are missing");
        self.rest = rest;
        taken
    }

    fn fixed(&mut self, count: usize) -> u64 {
        let bytes = self.raw(count).iter().rev();
        bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    pub(crate) fn u8(&mut self) -> u8 {
        self.raw(1)[0]
    }

    pub(crate) fn u64(&mut self) -> u64 {
        let (number, least) = match self.u8() {
            0xfb => (self.fixed(2), 251),
            0xfc => (self.fixed(4), 1 << 16),
            0xfd => (self.fixed(8), 1 << 32),
            byte @ 0..=250 => (u64::from(byte), 0),
            other => panic!("no number begins with {other:#x}"),
        };
        assert!(number >= least, "{number} has a shorter form");
        number
    }

    pub(crate) fn count(&mut self) -> usize {
        usize::try_from(self.u64()).expect("a count")
    }

    pub(crate) fn i64(&mut self) -> i64 {
        let folded = self.u64();
        let half = i64::try_from(folded >> 1).expect("63 bits");
        if folded & 1 == 0 { half } else { -1 - half }
    }

    pub(crate) fn f64(&mut self) -> f64 {
        f64::from_bits(self.fixed(8))
    }

    pub(crate) fn bool(&mut self) -> bool {
        match self.u8() {
            0 => false,
            1 => true,
            other => panic!("{other} is no truth value"),
        }
    }

    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let count = self.count();
        self.raw(count).to_vec()
    }

    pub(crate) fn text(&mut self) -> String {
        String::from_utf8(self.bytes()).expect("UTF-8")
    }

    pub(crate) fn option<T>(&mut self, some: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.bool().then(|| some(self))
    }

    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.count();
        (0..count).map(|_| item(self)).collect()
    }

    pub(crate) fn name(&mut self) -> String {
        match self.u64() {
            0 => {
                let text = self.text();
                let known = self.names.iter().flatten().any(|known| *known == text);
                assert!(!known, "'{text}' has a number");
                self.names.push(Some(text.clone()));
                text
            }
            1 => {
                let number = self.count();
                let name = self.names.get(number).and_then(Option::as_ref);
                name.expect("a number that was given").clone()
            }
            other => panic!("a name has no variant {other}"),
        }
    }

    /// Gives the id of a job the next number, after its definition.
    pub(crate) fn enter(&mut self, id: &str) {
        let known = self.names.iter().flatten().any(|known| known == id);
        self.names.push((!known).then(|| id.to_owned()));
    }
}
