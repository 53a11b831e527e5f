//! The contents of a simulated disk: inodes, their sectors, their entries.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::hash::Hasher;
use std::sync::{Arc, LazyLock};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::super::filesystem::{EntryKind, Metadata};

pub(super) const SECTOR: u64 = 512;
/// Space is given out in blocks of this many sectors.
const BLOCK_SECTORS: u64 = 8;
pub(super) const ROOT: Ino = 1;

pub(super) type Ino = u64;
pub(super) type Bytes = [u8; SECTOR as usize];

/// The text of a sector with a hash of it, by which disks are told apart without reading them again.
#[derive(Debug)]
pub(super) struct Sector {
    bytes: Bytes,
    /// 0 when there are only zeros.
    hash: u128,
}

static ZEROS: LazyLock<Arc<Sector>> = LazyLock::new(|| {
    Arc::new(Sector {
        bytes: [0; SECTOR as usize],
        hash: 0,
    })
});

impl Sector {
    pub(super) fn of(bytes: Bytes) -> Arc<Self> {
        if bytes == ZEROS.bytes {
            return Arc::clone(&ZEROS);
        }
        let hash = xxh3_128(&bytes);
        Arc::new(Self { bytes, hash })
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(super) fn is_zero(&self) -> bool {
        self.hash == 0
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

/// What an inode is.
#[derive(Clone, Debug)]
pub(super) enum Node {
    File {
        len: u64,
        sectors: Arc<BTreeMap<u64, Arc<Sector>>>,
    },
    Dir {
        entries: Arc<BTreeMap<OsString, Ino>>,
    },
    Symlink(OsString),
    Other,
}

impl Node {
    pub(super) fn empty_file() -> Self {
        Self::File {
            len: 0,
            sectors: Arc::default(),
        }
    }

    pub(super) fn empty_dir() -> Self {
        Self::Dir {
            entries: Arc::default(),
        }
    }

    pub(super) fn kind(&self) -> EntryKind {
        match self {
            Self::File { .. } => EntryKind::File,
            Self::Dir { .. } => EntryKind::Dir,
            Self::Symlink(_) => EntryKind::Symlink,
            Self::Other => EntryKind::Other,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Inode {
    pub(super) node: Node,
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) links: u64,
    pub(super) modified_ns: i128,
}

/// One state of the whole disk.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    pub(super) inodes: BTreeMap<Ino, Inode>,
}

impl Disk {
    pub(super) fn new(uid: u32) -> Self {
        let root = Inode {
            node: Node::empty_dir(),
            mode: 0o755,
            uid,
            links: 1,
            modified_ns: 0,
        };
        Self {
            inodes: BTreeMap::from([(ROOT, root)]),
        }
    }

    pub(super) fn kind(&self, ino: Ino) -> Option<EntryKind> {
        self.inodes.get(&ino).map(|inode| inode.node.kind())
    }

    pub(super) fn lookup(&self, dir: Ino, name: &std::ffi::OsStr) -> Option<Ino> {
        self.entries(dir)?.get(name).copied()
    }

    pub(super) fn entries(&self, dir: Ino) -> Option<&BTreeMap<OsString, Ino>> {
        match &self.inodes.get(&dir)?.node {
            Node::Dir { entries } => Some(entries),
            Node::File { .. } | Node::Symlink(_) | Node::Other => None,
        }
    }

    pub(super) fn metadata(&self, ino: Ino) -> Option<Metadata> {
        let inode = self.inodes.get(&ino)?;
        let len = match &inode.node {
            Node::File { len, .. } => *len,
            Node::Symlink(target) => target.len() as u64,
            Node::Dir { .. } | Node::Other => 0,
        };
        Some(Metadata {
            kind: inode.node.kind(),
            len,
            mode: inode.mode,
            uid: inode.uid,
            links: inode.links,
            inode: (1, ino),
            modified_ns: inode.modified_ns,
        })
    }

    pub(super) fn sector(&self, ino: Ino, index: u64) -> Option<&Arc<Sector>> {
        match &self.inodes.get(&ino)?.node {
            Node::File { sectors, .. } => sectors.get(&index),
            Node::Dir { .. } | Node::Symlink(_) | Node::Other => None,
        }
    }

    pub(super) fn put_sector(&mut self, ino: Ino, index: u64, content: Arc<Sector>) {
        if let Some(Inode {
            node: Node::File { sectors, .. },
            ..
        }) = self.inodes.get_mut(&ino)
        {
            Arc::make_mut(sectors).insert(index, content);
        }
    }

    pub(super) fn put_len(&mut self, ino: Ino, new_len: u64) {
        if let Some(Inode {
            node: Node::File { len, sectors },
            ..
        }) = self.inodes.get_mut(&ino)
        {
            if new_len < *len {
                trim(sectors, new_len);
            }
            *len = new_len;
        }
    }

    pub(super) fn put_entry(&mut self, dir: Ino, name: &OsString, target: Option<Ino>) {
        let Some(Inode {
            node: Node::Dir { entries },
            ..
        }) = self.inodes.get_mut(&dir)
        else {
            return;
        };
        let before = match target {
            Some(ino) => Arc::make_mut(entries).insert(name.clone(), ino),
            None => Arc::make_mut(entries).remove(name),
        };
        if before == target {
            return;
        }
        for (ino, gained) in [(before, false), (target, true)] {
            if let Some(inode) = ino.and_then(|ino| self.inodes.get_mut(&ino)) {
                inode.links = if gained {
                    inode.links + 1
                } else {
                    inode.links.saturating_sub(1)
                };
            }
        }
    }

    /// What a mount after a power cut does: forgets inodes no entry leads to, and bytes beyond the ends of files.
    pub(super) fn settle(&mut self) {
        // Numbers of inodes are small and given out one after the other.
        let last = self.inodes.last_key_value().map_or(ROOT, |(ino, _)| *ino);
        let mut reached = vec![0_u64; usize::try_from(last).unwrap_or(0) + 1];
        let at = |ino: Ino| usize::try_from(ino).unwrap_or(usize::MAX);
        reached[at(ROOT)] = 1;
        let mut open = vec![ROOT];
        while let Some(dir) = open.pop() {
            for &ino in self.entries(dir).into_iter().flat_map(BTreeMap::values) {
                if let Some(links) = reached.get_mut(at(ino)) {
                    *links += 1;
                    if *links == 1 {
                        open.push(ino);
                    }
                }
            }
        }
        self.inodes.retain(|ino, inode| {
            inode.links = reached.get(at(*ino)).copied().unwrap_or(0);
            if let Node::File { len, sectors } = &mut inode.node {
                trim(sectors, *len);
            }
            inode.links > 0
        });
    }

    /// How many bytes of space an inode holds.
    pub(super) fn space_of(&self, ino: Ino) -> u64 {
        match self.inodes.get(&ino).map(|inode| &inode.node) {
            Some(Node::File { sectors, .. }) => {
                let mut blocks = 0;
                let mut last = None;
                for block in sectors.keys().map(|index| index / BLOCK_SECTORS) {
                    if last != Some(block) {
                        blocks += 1;
                        last = Some(block);
                    }
                }
                blocks * BLOCK_SECTORS * SECTOR
            }
            Some(Node::Dir { .. }) => BLOCK_SECTORS * SECTOR,
            Some(Node::Symlink(_) | Node::Other) | None => 0,
        }
    }

    /// Whether writing this sector needs a block that the file does not have yet.
    pub(super) fn has_block(&self, ino: Ino, index: u64) -> bool {
        let first = index / BLOCK_SECTORS * BLOCK_SECTORS;
        match self.inodes.get(&ino).map(|inode| &inode.node) {
            Some(Node::File { sectors, .. }) => {
                sectors.range(first..first + BLOCK_SECTORS).next().is_some()
            }
            Some(Node::Dir { .. } | Node::Symlink(_) | Node::Other) | None => false,
        }
    }

    pub(super) const BLOCK: u64 = BLOCK_SECTORS * SECTOR;

    /// A hash over everything that can be seen from the root: names, kinds, lengths, contents, link targets.
    pub(super) fn fingerprint(&self) -> u128 {
        let mut hasher = Xxh3::new();
        self.feed(ROOT, &mut hasher);
        hasher.digest128()
    }

    fn feed(&self, ino: Ino, hasher: &mut Xxh3) {
        let Some(inode) = self.inodes.get(&ino) else {
            return;
        };
        match &inode.node {
            Node::File { len, sectors } => {
                hasher.write_u8(1);
                hasher.write_u64(*len);
                for (index, content) in sectors.iter() {
                    if !content.is_zero() {
                        hasher.write_u64(*index);
                        hasher.update(&content.hash.to_le_bytes());
                    }
                }
            }
            Node::Dir { entries } => {
                hasher.write_u8(2);
                hasher.write_u64(entries.len() as u64);
                for (name, child) in entries.iter() {
                    hasher.write_u64(name.len() as u64);
                    hasher.update(name.as_encoded_bytes());
                    self.feed(*child, hasher);
                }
            }
            Node::Symlink(target) => {
                hasher.write_u8(3);
                hasher.write_u64(target.len() as u64);
                hasher.update(target.as_encoded_bytes());
            }
            Node::Other => hasher.write_u8(4),
        }
    }
}

/// Drops what lies beyond a length.
fn trim(sectors: &mut Arc<BTreeMap<u64, Arc<Sector>>>, len: u64) {
    let first_beyond = len.div_ceil(SECTOR);
    if sectors
        .last_key_value()
        .is_some_and(|(index, _)| *index >= first_beyond)
    {
        Arc::make_mut(sectors).split_off(&first_beyond);
    }
    let inside = usize::try_from(len % SECTOR).unwrap_or(0);
    if inside == 0 {
        return;
    }
    let last = len / SECTOR;
    if let Some(content) = sectors.get(&last).filter(|content| !content.is_zero()) {
        let mut bytes = *content.bytes();
        if let Some(tail) = bytes.get_mut(inside..) {
            tail.fill(0);
        }
        if bytes != *content.bytes() {
            Arc::make_mut(sectors).insert(last, Sector::of(bytes));
        }
    }
}
