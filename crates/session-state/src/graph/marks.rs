//! Marks on nodes that are wiped in constant time, for walks that touch a small part of a large session.

use super::names::Node;

/// What a walk knows of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Not visited.
    White,
    /// On the path.
    Grey,
    /// Finished.
    Black,
}

const GREY: u32 = 1;
const BLACK: u32 = 2;

/// One mark per node. A mark made before the last wipe counts as white.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    marks: Vec<u32>,
    base: u32,
}

impl Marks {
    /// Makes every node white, and room for the numbers below `count`.
    pub(crate) fn wipe(&mut self, count: usize) {
        match self.base.checked_add(BLACK) {
            Some(base) if base <= u32::MAX - BLACK => self.base = base,
            Some(_) | None => {
                self.marks.fill(0);
                self.base = 0;
            }
        }
        if self.marks.len() < count {
            self.marks.resize(count, 0);
        }
    }

    pub(crate) fn get(&self, node: Node) -> Mark {
        match self.marks[node.index()].checked_sub(self.base) {
            Some(GREY) => Mark::Grey,
            Some(BLACK) => Mark::Black,
            Some(_) | None => Mark::White,
        }
    }

    pub(crate) fn set(&mut self, node: Node, mark: Mark) {
        self.marks[node.index()] = match mark {
            Mark::White => 0,
            Mark::Grey => self.base + GREY,
            Mark::Black => self.base + BLACK,
        };
    }

    /// Marks that were wiped so often that the next time starts over.
    #[cfg(test)]
    pub(super) fn nearly_worn_out(count: usize) -> Self {
        Self {
            marks: vec![0; count],
            base: u32::MAX - 2 * BLACK,
        }
    }
}
