//! Writers and readers of one session in processes of their own: this test program starts itself again.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;

use super::kit::{UUID, options, writes};
use crate::entropy::SystemEntropy;
use crate::fs::{OpenMode, RealFs};
use crate::journal::{CreateOptions, Journal, JournalOptions};
use crate::lock::{Holder, LockPolicy};
use crate::recovery::{Limits, Recovered};
use crate::repository::Repository;
use crate::storage::SessionStorage;
use crate::test_kit::{new_session, os};
use crate::trust::Trust;
use crate::well_known::WellKnownDirs;

/// Tells a started process what to do, and where.
const ROLE: &str = "SESSION_STORAGE_PROCESS_ROLE";
const PLACE: &str = "SESSION_STORAGE_PROCESS_PLACE";
const NAME: &str = "journal::tests::processes::writers_take_turns_and_readers_see_only_good_states";

const WRITERS: usize = 3;
const READERS: usize = 2;
const TURNS: u32 = 8;
const LOOKS: u32 = 150;

fn me() -> Holder {
    Holder::of_process(&RealFs, std::process::id(), "a test", 0)
}

fn only_session(location: &Utf8Path) -> SessionStorage {
    let repository = Repository::open(Arc::new(RealFs), location).unwrap();
    repository.entries().unwrap()[0].open().unwrap()
}

/// As the tests have them, with nonces that no other process draws.
fn journal_options() -> JournalOptions {
    JournalOptions {
        entropy: Arc::new(SystemEntropy::new().unwrap()),
        ..options()
    }
}

/// A snapshot holds the number of frames folded into it; a frame holds its own.
fn frames_in(recovered: &Recovered) -> u64 {
    let mut count = u64::from_le_bytes(*recovered.snapshot.first_chunk().unwrap());
    for frame in &recovered.frames {
        count += 1;
        let number = *frame.parts[0].first_chunk().unwrap();
        assert_eq!(u64::from_le_bytes(number), count, "numbers run on");
    }
    assert_eq!(count, recovered.position.seq);
    count
}

fn append(journal: &mut Journal) {
    let next = journal.position().seq + 1;
    let filler = vec![7; usize::try_from(next * 131 % 1500).unwrap()];
    journal
        .append(&[&next.to_le_bytes(), &filler], false)
        .unwrap();
    writeln!(std::io::stdout(), "acknowledged {next}").unwrap();
}

fn fold(journal: &mut Journal) {
    let state = journal.position().seq.to_le_bytes();
    journal.fold(&mut writes(&state)).unwrap();
}

/// Takes its turns; nobody else may be at work meanwhile.
fn write_in_turns(location: &Utf8Path) {
    let storage = only_session(location);
    let share = WellKnownDirs::new(&storage).session_share().unwrap();
    for turn in 0..TURNS {
        let wait = LockPolicy::WaitUpTo(Duration::from_secs(100));
        let lock = storage.lock(&me(), wait).unwrap();
        let (mut journal, recovered) = lock.open_journal(&journal_options()).unwrap();
        frames_in(&recovered);
        drop(share.open_file(os("at work"), OpenMode::CreateNew).unwrap());
        for _ in 0..3 {
            append(&mut journal);
        }
        if turn % 3 == 1 {
            fold(&mut journal);
        }
        share.remove_file(os("at work")).unwrap();
        if turn % 2 == 0 {
            journal.close().unwrap();
        }
    }
}

/// Looks again and again: what is there never shrinks and is never called damaged.
fn look_on(location: &Utf8Path) {
    let storage = only_session(location);
    let mut least = 0;
    for _ in 0..LOOKS {
        let recovered = storage.recover_beside(&me(), Limits::default()).unwrap();
        let verdict = &recovered.verdict;
        assert!(verdict.damage.is_empty(), "{verdict}");
        assert!(verdict.lost.is_none(), "{verdict}");
        let seen = frames_in(&recovered);
        assert!(seen >= least, "{seen} after {least}");
        least = seen;
        assert!(storage.peek().unwrap().position.seq >= least);
    }
}

/// Writes until it is killed.
fn write_on(location: &Utf8Path) {
    let lock = only_session(location)
        .lock(&me(), LockPolicy::FailNow)
        .unwrap();
    let (mut journal, _) = lock.open_journal(&journal_options()).unwrap();
    loop {
        append(&mut journal);
        if journal.should_fold() {
            fold(&mut journal);
        }
    }
}

fn start(role: &str, location: &Utf8Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", NAME])
        .env(ROLE, role)
        .env(PLACE, location)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers that a writer said were acknowledged.
fn acknowledged(output: &str) -> impl Iterator<Item = u64> {
    output
        .lines()
        .filter_map(|line| line.rsplit_once("acknowledged ")?.1.parse().ok())
}

fn output(child: &mut Child) -> BufReader<ChildStdout> {
    BufReader::new(child.stdout.take().unwrap())
}

#[test]
fn writers_take_turns_and_readers_see_only_good_states() {
    if let (Ok(role), Ok(place)) = (std::env::var(ROLE), std::env::var(PLACE)) {
        let place = Utf8Path::new(&place);
        return match role.as_str() {
            "turns" => write_in_turns(place),
            "looks" => look_on(place),
            _ => write_on(place),
        };
    }
    let root = tempfile::tempdir().unwrap();
    let location = Utf8Path::from_path(root.path()).unwrap().join("r");
    let repository =
        Repository::create(Arc::new(RealFs), &location, Trust::OwnDirectories).unwrap();
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let mut create = CreateOptions::new(UUID, journal_options().entropy);
    create.journal = journal_options();
    let lock = storage.lock(&me(), LockPolicy::FailNow).unwrap();
    drop(
        lock.create_journal(&create, &mut writes(&0_u64.to_le_bytes()))
            .unwrap(),
    );

    let roles = [("turns", WRITERS), ("looks", READERS)];
    let started = roles
        .into_iter()
        .flat_map(|(role, count)| std::iter::repeat_n(role, count));
    let mut others: Vec<Child> = started.map(|role| start(role, &location)).collect();
    let mut numbers = Vec::new();
    for other in &mut others {
        let mut said = String::new();
        output(other).read_to_string(&mut said).unwrap();
        assert!(other.wait().unwrap().success(), "{said}");
        numbers.extend(acknowledged(&said));
    }
    numbers.sort_unstable();
    let all = u64::from(TURNS) * 3 * WRITERS as u64;
    assert!(numbers.into_iter().eq(1..=all), "each number once");
    assert_eq!(frames_in(&storage.recover().unwrap()), all);

    kill_while_it_writes(&location, &storage);
}

/// A writer killed in the middle of its work: its lock is free at once, and what it acknowledged is there.
fn kill_while_it_writes(location: &Utf8Path, storage: &SessionStorage) {
    for frames in [1, 7, 40] {
        let mut writer = start("on", location);
        let mut lines = output(&mut writer).lines();
        let mut last = 0;
        for _ in 0..frames {
            let said = lines.by_ref().map(Result::unwrap);
            let number = said
                .map(|line| acknowledged(&line).next())
                .find_map(|it| it);
            last = number.expect("it writes on");
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let lock = storage.lock(&me(), LockPolicy::FailNow).unwrap();
        let (journal, recovered) = lock.open_journal(&journal_options()).unwrap();
        assert!(frames_in(&recovered) >= last, "{last} was acknowledged");
        drop(journal);
    }
}
