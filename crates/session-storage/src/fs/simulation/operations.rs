//! What each call does to the simulated machine, with the answers a Linux kernel gives.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;

use rustix::io::Errno;

use super::super::filesystem::{EntryKind, OpenMode};
use super::super::name::{check_name, hard_linked, not_a_regular_file};
use super::disk::{Disk, Ino, Node, SECTOR, Sector};
use super::effect::{Effect, EntryChange};
use super::world::{Process, World};

const NAME_MAX: usize = 255;

impl World {
    fn checked(name: &OsStr) -> io::Result<()> {
        check_name(name)?;
        if name.len() > NAME_MAX {
            return Err(Errno::NAMETOOLONG.into());
        }
        Ok(())
    }

    fn existing(&self, dir: Ino, name: &OsStr) -> io::Result<Ino> {
        Self::checked(name)?;
        self.live
            .lookup(dir, name)
            .ok_or_else(|| Errno::NOENT.into())
    }

    fn absent(&self, dir: Ino, name: &OsStr) -> io::Result<()> {
        Self::checked(name)?;
        if self
            .live
            .inodes
            .get(&dir)
            .is_none_or(|inode| inode.links == 0)
        {
            return Err(Errno::NOENT.into());
        }
        match self.live.lookup(dir, name) {
            Some(_) => Err(Errno::EXIST.into()),
            None => Ok(()),
        }
    }

    fn note_entries(&mut self, changes: Vec<EntryChange>, text: &Arc<str>) {
        let dirs: BTreeSet<Ino> = changes.iter().map(|change| change.dir).collect();
        self.note(Effect::Entries(changes), dirs.clone(), text);
        for dir in dirs {
            self.touch(dir);
        }
    }

    fn note_entry(&mut self, dir: Ino, name: &OsStr, target: Option<Ino>, text: &Arc<str>) {
        let change = EntryChange {
            dir,
            name: name.to_owned(),
            target,
        };
        self.note_entries(vec![change], text);
    }

    pub(super) fn find_dir(&self, dir: Ino, name: &OsStr) -> io::Result<Ino> {
        let ino = self.existing(dir, name)?;
        match self.live.kind(ino) {
            Some(EntryKind::Dir) => Ok(ino),
            Some(EntryKind::File | EntryKind::Symlink | EntryKind::Other) | None => {
                Err(Errno::NOTDIR.into())
            }
        }
    }

    pub(super) fn open_file(
        &mut self,
        process: Process,
        dir: Ino,
        name: &OsStr,
        mode: OpenMode,
        text: impl FnOnce() -> String,
    ) -> io::Result<Ino> {
        self.enter(process)?;
        let ino = match mode {
            OpenMode::CreateNew => {
                let text = self.begin(process, text)?;
                self.absent(dir, name)?;
                self.may_make_inode(0)?;
                let ino = self.new_inode(Node::empty_file(), 0o600);
                self.note_entry(dir, name, Some(ino), &text);
                ino
            }
            OpenMode::Read | OpenMode::ReadWrite => {
                let ino = self.existing(dir, name)?;
                match self.live.kind(ino) {
                    Some(EntryKind::File) => {}
                    Some(EntryKind::Dir) => return Err(Errno::ISDIR.into()),
                    Some(EntryKind::Symlink) => return Err(Errno::LOOP.into()),
                    Some(EntryKind::Other) | None => return Err(not_a_regular_file()),
                }
                let links = self.live.metadata(ino).map_or(0, |metadata| metadata.links);
                if mode == OpenMode::ReadWrite && links > 1 {
                    return Err(hard_linked());
                }
                ino
            }
        };
        *self.open.entry(ino).or_insert(0) += 1;
        Ok(ino)
    }

    pub(super) fn close_file(&mut self, ino: Ino) {
        if let Some(count) = self.open.get_mut(&ino) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.open.remove(&ino);
            }
        }
    }

    pub(super) fn make_dir(
        &mut self,
        process: Process,
        dir: Ino,
        name: &OsStr,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        self.absent(dir, name)?;
        self.may_make_inode(Disk::BLOCK)?;
        let ino = self.new_inode(Node::empty_dir(), 0o700);
        self.note_entry(dir, name, Some(ino), &text);
        Ok(())
    }

    pub(super) fn make_symlink(
        &mut self,
        process: Process,
        target: &OsStr,
        dir: Ino,
        name: &OsStr,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        self.absent(dir, name)?;
        if target.is_empty() {
            return Err(Errno::NOENT.into());
        }
        self.may_make_inode(0)?;
        let ino = self.new_inode(Node::Symlink(target.to_owned()), 0o777);
        self.note_entry(dir, name, Some(ino), &text);
        Ok(())
    }

    pub(super) fn read_symlink(
        &self,
        process: Process,
        dir: Ino,
        name: &OsStr,
    ) -> io::Result<OsString> {
        self.enter(process)?;
        let ino = self.existing(dir, name)?;
        match self.live.inodes.get(&ino).map(|inode| &inode.node) {
            Some(Node::Symlink(target)) => Ok(target.clone()),
            Some(Node::File { .. } | Node::Dir { .. } | Node::Other) | None => {
                Err(Errno::INVAL.into())
            }
        }
    }

    pub(super) fn remove_file(
        &mut self,
        process: Process,
        dir: Ino,
        name: &OsStr,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        let ino = self.existing(dir, name)?;
        if self.live.kind(ino) == Some(EntryKind::Dir) {
            return Err(Errno::ISDIR.into());
        }
        self.note_entry(dir, name, None, &text);
        Ok(())
    }

    pub(super) fn remove_dir(
        &mut self,
        process: Process,
        dir: Ino,
        name: &OsStr,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        let ino = self.find_dir(dir, name)?;
        if self
            .live
            .entries(ino)
            .is_some_and(|entries| !entries.is_empty())
        {
            return Err(Errno::NOTEMPTY.into());
        }
        self.note_entry(dir, name, None, &text);
        Ok(())
    }

    pub(super) fn rename(
        &mut self,
        process: Process,
        (from_dir, from): (Ino, &OsStr),
        (to_dir, to): (Ino, &OsStr),
        replace: bool,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        Self::checked(to)?;
        let moved = self.existing(from_dir, from)?;
        if let Some(there) = self.live.lookup(to_dir, to) {
            if !replace {
                return Err(Errno::EXIST.into());
            }
            if there == moved {
                return Ok(());
            }
            let is_dir = |ino| self.live.kind(ino) == Some(EntryKind::Dir);
            match (is_dir(moved), is_dir(there)) {
                (true, false) => return Err(Errno::NOTDIR.into()),
                (false, true) => return Err(Errno::ISDIR.into()),
                (true, true)
                    if self
                        .live
                        .entries(there)
                        .is_some_and(|entries| !entries.is_empty()) =>
                {
                    return Err(Errno::NOTEMPTY.into());
                }
                (true, true) | (false, false) => {}
            }
        }
        let changes = vec![
            EntryChange {
                dir: from_dir,
                name: from.to_owned(),
                target: None,
            },
            EntryChange {
                dir: to_dir,
                name: to.to_owned(),
                target: Some(moved),
            },
        ];
        self.note_entries(changes, &text);
        Ok(())
    }

    pub(super) fn read(
        &self,
        process: Process,
        ino: Ino,
        buffer: &mut [u8],
        offset: u64,
    ) -> io::Result<usize> {
        self.enter(process)?;
        let len = self.live.metadata(ino).map_or(0, |metadata| metadata.len);
        let left = usize::try_from(len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let count = left.min(buffer.len());
        let mut done = 0;
        while done < count {
            let at = offset + done as u64;
            let inside = usize::try_from(at % SECTOR).unwrap_or(0);
            let step = (count - done).min(SECTOR as usize - inside);
            if let Some(part) = buffer.get_mut(done..done + step) {
                match self.live.sector(ino, at / SECTOR) {
                    Some(sector) => part.copy_from_slice(&sector.bytes()[inside..inside + step]),
                    None => part.fill(0),
                }
            }
            done += step;
        }
        Ok(count)
    }

    /// Writes as much as there is space for; a full disk refuses only when not a byte fits.
    pub(super) fn write(
        &mut self,
        process: Process,
        ino: Ino,
        bytes: &[u8],
        offset: u64,
        text: impl FnOnce() -> String,
    ) -> io::Result<usize> {
        let text = self.begin(process, text)?;
        let mut done = 0;
        let mut free = self.space_free();
        while done < bytes.len() {
            let at = offset + done as u64;
            let index = at / SECTOR;
            let inside = usize::try_from(at % SECTOR).unwrap_or(0);
            let step = (bytes.len() - done).min(SECTOR as usize - inside);
            if !self.live.has_block(ino, index) {
                if free < Disk::BLOCK {
                    break;
                }
                free -= Disk::BLOCK;
            }
            let mut sector = self
                .live
                .sector(ino, index)
                .map_or([0; SECTOR as usize], |old| *old.bytes());
            sector[inside..inside + step].copy_from_slice(&bytes[done..done + step]);
            let effect = Effect::Sector {
                ino,
                index,
                content: Sector::of(sector),
            };
            self.note(effect, BTreeSet::new(), &text);
            done += step;
        }
        if done == 0 && !bytes.is_empty() {
            return Err(self.does_not_fit());
        }
        let end = offset + done as u64;
        if self
            .live
            .metadata(ino)
            .is_some_and(|metadata| metadata.len < end)
        {
            self.note(Effect::Length { ino, len: end }, BTreeSet::new(), &text);
        }
        self.touch(ino);
        Ok(done)
    }

    pub(super) fn set_len(
        &mut self,
        process: Process,
        ino: Ino,
        len: u64,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let text = self.begin(process, text)?;
        if self
            .live
            .metadata(ino)
            .is_some_and(|metadata| metadata.len != len)
        {
            self.note(Effect::Length { ino, len }, BTreeSet::new(), &text);
        }
        self.touch(ino);
        Ok(())
    }

    pub(super) fn try_lock(&mut self, process: Process, ino: Ino, handle: u64) -> io::Result<bool> {
        self.enter(process)?;
        match self.locks.get(&ino) {
            Some(holder) => Ok(*holder == (process, handle)),
            None => {
                self.locks.insert(ino, (process, handle));
                Ok(true)
            }
        }
    }

    pub(super) fn unlock(&mut self, ino: Ino, handle: u64) {
        if self
            .locks
            .get(&ino)
            .is_some_and(|(_, holder)| *holder == handle)
        {
            self.locks.remove(&ino);
        }
    }
}
