//! [`CrashFs`]: the handle to a simulated machine, and everything a test may do to it.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rustix::io::Errno;

use super::super::error::{FsError, Operation};
use super::super::filesystem::{Dir, Fs};
use super::disk::{Ino, Node, ROOT, SECTOR};
use super::handles::CrashDir;
use super::images::{CrashImages, Exploration, Schedule};
use super::world::{Crashed, FailedSync, Process, USER, World};

const LINKS_MAX: u32 = 40;

/// An in-memory file system that can lose power.
///
/// A handle is one process on the simulated machine; clones of it are the same process, and
/// [`CrashFs::new_process`] starts another. The disk model:
///
/// * The unit of writing is a sector of 512 bytes, old or new, never mixed; lengths and directory entries are
///   units of their own; a rename is one unit.
/// * What no sync covered may be on the disk or not, each unit by itself, in any order.
/// * Syncing a file covers its bytes and its length, not its directory entry. Syncing a directory covers the
///   entries made, renamed and removed in it; a move between directories needs both.
/// * A sync that is planned to fail leaves the text that it should have written beyond the reach of later
///   syncs, see [`FailedSync`].
/// * Space is given out in blocks of 4,096 bytes at the first write into them; writing where something was
///   written before needs none, nor does a rename.
#[derive(Clone)]
pub struct CrashFs {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) process: Process,
}

impl Default for CrashFs {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CrashFs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrashFs")
            .field("process", &self.process)
            .field("operations", &self.world().operations)
            .finish_non_exhaustive()
    }
}

impl CrashFs {
    /// An empty disk: one directory, `/`.
    pub fn new() -> Self {
        Self::over(World::new())
    }

    pub(super) fn over(world: World) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            process: 0,
        }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another process on the same machine: it sees the same files, and its locks are its own.
    #[must_use]
    pub fn new_process(&self) -> Self {
        let process = self.world().next_number();
        Self {
            world: Arc::clone(&self.world),
            process,
        }
    }

    /// Ends this process: its locks are free at once, its calls fail from now on.
    pub fn kill(&self) {
        let mut world = self.world();
        world.dead.insert(self.process);
        world
            .locks
            .retain(|_, (process, _)| *process != self.process);
    }

    /// How many operations that change or sync something were begun, refused ones included.
    pub fn operations(&self) -> u64 {
        self.world().operations
    }

    /// Lets the machine crash instead of beginning operation number `count + 1`; every later call fails.
    pub fn crash_after(&self, count: u64) {
        self.world().crash_after = Some(count);
    }

    /// Whether the planned crash has happened.
    pub fn crashed(&self) -> bool {
        self.world().crashed
    }

    /// Whether an error says that the simulated machine or process is dead.
    pub fn is_crash(error: &FsError) -> bool {
        error
            .source
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Crashed>)
    }

    /// Lets the sync with this operation number (the first operation is 1) fail with EIO.
    pub fn fail_sync_at(&self, operation: u64, how: FailedSync) {
        self.world().failing_syncs.insert(operation, how);
    }

    /// Lets another program use up the space but for this many bytes; `None` gives it all back.
    pub fn set_free_space(&self, bytes: Option<u64>) {
        let mut world = self.world();
        let used = world.space_used();
        world.space_max = bytes.map(|bytes| used.saturating_add(bytes));
    }

    /// Lets another program use up the inodes but for this many; `None` gives them all back.
    pub fn set_free_inodes(&self, count: Option<u64>) {
        let mut world = self.world();
        let used = world.inodes_used();
        world.inodes_max = count.map(|count| used.saturating_add(count));
    }

    /// Lets what does not fit be refused as beyond a quota (EDQUOT), not as on a full disk (ENOSPC).
    pub fn refuse_by_quota(&self, quota: bool) {
        self.world().quota = quota;
    }

    /// Ends every shortage of space, inodes and quota.
    pub fn give_room_back(&self) {
        let mut world = self.world();
        (world.space_max, world.inodes_max, world.quota) = (None, None, false);
    }

    /// Every operation begun so far, in the words of a person.
    pub fn trace(&self) -> Vec<String> {
        self.world().trace.iter().map(ToString::to_string).collect()
    }

    /// Every effect that no sync has covered, in the words of a person.
    pub fn unsynced(&self) -> Vec<String> {
        self.world()
            .log
            .iter()
            .filter(|pending| !pending.is_durable())
            .map(super::effect::Pending::describe)
            .collect()
    }

    /// A hash over everything that programs can see: names, kinds, lengths, contents.
    pub fn fingerprint(&self) -> u128 {
        self.world().live.fingerprint()
    }

    /// The machine after `kill -9` of every program: everything stands as it was seen, still unsynced.
    #[must_use]
    pub fn after_kill(&self) -> Self {
        Self::over(self.world().after_kill())
    }

    /// The machine after a power cut that left only what was synced.
    #[must_use]
    pub fn after_power_cut(&self) -> Self {
        self.image(&Schedule::nothing_kept())
    }

    /// The machine after the power cut that a schedule describes.
    #[must_use]
    pub fn image(&self, schedule: &Schedule) -> Self {
        let world = self.world();
        let mut disk = world.base.clone();
        let mut optional = 0;
        for pending in &world.log {
            if pending.is_durable() {
                pending.effect.apply(&mut disk);
            } else {
                if schedule.kept.contains(&optional) {
                    pending.effect.apply(&mut disk);
                }
                optional += 1;
            }
        }
        disk.settle();
        Self::over(world.after_power_cut(disk))
    }

    /// Every machine that a power cut now may leave, see [`Exploration`].
    pub fn crash_images(&self, exploration: &Exploration) -> CrashImages {
        CrashImages::new(self.world().clone(), exploration)
    }

    /// Makes a directory and its missing parents, durable, as the test's preparation.
    ///
    /// # Errors
    /// A cause as from the kernel.
    pub fn plant_dir(&self, path: &Utf8Path) -> io::Result<()> {
        let mut world = self.world();
        let mut at = ROOT;
        for component in path.components() {
            if let Utf8Component::Normal(name) = component {
                let name = OsStr::new(name);
                at = match world.live.lookup(at, name) {
                    Some(_) => world.find_dir(at, name)?,
                    None => plant(&mut world, at, name, Node::empty_dir(), 0o700),
                };
            }
        }
        Ok(())
    }

    /// Puts a FIFO under a name, durable.
    ///
    /// # Errors
    /// A cause as from the kernel.
    pub fn plant_fifo(&self, dir: &Utf8Path, name: &OsStr) -> io::Result<()> {
        let mut world = self.world();
        let dir = resolve(&world, dir)?;
        plant(&mut world, dir, name, Node::Other, 0o600);
        Ok(())
    }

    /// Gives a file a second name in the same directory, durable.
    ///
    /// # Errors
    /// A cause as from the kernel.
    pub fn plant_hard_link(&self, dir: &Utf8Path, file: &OsStr, name: &OsStr) -> io::Result<()> {
        let mut world = self.world();
        let dir = resolve(&world, dir)?;
        let ino = world.live.lookup(dir, file).ok_or(Errno::NOENT)?;
        world.live.put_entry(dir, &name.to_owned(), Some(ino));
        world.base.put_entry(dir, &name.to_owned(), Some(ino));
        Ok(())
    }

    /// Lets the medium change one byte of a file, on the disk as in the cache.
    ///
    /// # Errors
    /// A cause as from the kernel.
    pub fn plant_damage(&self, dir: &Utf8Path, name: &OsStr, offset: u64) -> io::Result<()> {
        let mut world = self.world();
        let dir = resolve(&world, dir)?;
        let ino = world.live.lookup(dir, name).ok_or(Errno::NOENT)?;
        let (index, inside) = (offset / SECTOR, usize::try_from(offset % SECTOR));
        let sector = world.live.sector(ino, index).ok_or(Errno::NXIO)?;
        let mut content = *sector.bytes();
        if let Some(byte) = inside.ok().and_then(|inside| content.get_mut(inside)) {
            *byte ^= 0x40;
        }
        world.damage(ino, index, content);
        Ok(())
    }

    /// Changes owner and mode bits of a directory, durable.
    ///
    /// # Errors
    /// A cause as from the kernel.
    pub fn plant_owner(&self, dir: &Utf8Path, uid: u32, mode: u32) -> io::Result<()> {
        let mut world = self.world();
        let ino = resolve(&world, dir)?;
        let World { live, base, .. } = &mut *world;
        for disk in [live, base] {
            if let Some(inode) = disk.inodes.get_mut(&ino) {
                inode.uid = uid;
                inode.mode = mode;
            }
        }
        Ok(())
    }
}

impl Fs for CrashFs {
    fn open_dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError> {
        let failed = |cause| FsError::new(Operation::OpenDir, path.as_std_path(), cause);
        let ino = {
            let world = self.world();
            world.enter(self.process).map_err(failed)?;
            resolve(&world, path).map_err(failed)?
        };
        let shown = path.as_std_path().components().collect();
        Ok(Arc::new(CrashDir::new(self.clone(), ino, shown)))
    }

    fn effective_uid(&self) -> u32 {
        USER
    }
}

/// Puts an inode under a name on both the cache and the disk.
fn plant(world: &mut World, dir: Ino, name: &OsStr, node: Node, mode: u32) -> Ino {
    let ino = world.new_inode(node, mode);
    world.live.put_entry(dir, &name.to_owned(), Some(ino));
    world.base.put_entry(dir, &name.to_owned(), Some(ino));
    ino
}

/// Walks an absolute path to a directory; links are followed, but not in the last component.
fn resolve(world: &World, path: &Utf8Path) -> io::Result<Ino> {
    let text = path.as_str();
    let follow_last = text.ends_with('/') || text.ends_with("/.");
    let mut walked: Vec<Ino> = vec![ROOT];
    let mut left: Vec<Utf8PathBuf> = components_reversed(path);
    let mut links = 0;
    while let Some(component) = left.pop() {
        let at = walked.last().copied().unwrap_or(ROOT);
        match component.as_str() {
            "/" => walked.truncate(1),
            "." => {}
            ".." => {
                if walked.len() > 1 {
                    walked.pop();
                }
            }
            name => {
                let ino = world
                    .live
                    .lookup(at, OsStr::new(name))
                    .ok_or(Errno::NOENT)?;
                match world.live.inodes.get(&ino).map(|inode| &inode.node) {
                    Some(Node::Dir { .. }) => walked.push(ino),
                    Some(Node::Symlink(target)) if follow_last || !left.is_empty() => {
                        links += 1;
                        if links > LINKS_MAX {
                            return Err(Errno::LOOP.into());
                        }
                        let target = target.to_str().ok_or(Errno::NOENT)?;
                        left.extend(components_reversed(Utf8Path::new(target)));
                    }
                    Some(Node::Symlink(_) | Node::File { .. } | Node::Other) | None => {
                        return Err(Errno::NOTDIR.into());
                    }
                }
            }
        }
    }
    Ok(walked.last().copied().unwrap_or(ROOT))
}

fn components_reversed(path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut components: Vec<Utf8PathBuf> = path
        .components()
        .map(|component| Utf8PathBuf::from(component.as_str()))
        .collect();
    components.reverse();
    components
}
