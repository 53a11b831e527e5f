//! Sessions the storage wrote itself: what scripts begin with, and take files from.

use std::sync::{Arc, OnceLock};

use session_storage::{Align, CreateOptions, Journal, JournalOptions, SeededEntropy};

use super::place::{Files, Place};

/// Small steps and spares, so that few bytes hold a whole session.
pub(super) fn options(seed: u64) -> JournalOptions {
    let mut options = JournalOptions::new(Arc::new(SeededEntropy::new(seed)));
    options.step_bytes = 2_048;
    options.spare_bytes = 2_048;
    options.fold_bytes_min = 512;
    options
}

/// What is done to make a session.
#[derive(Clone, Copy)]
enum Deed {
    /// A frame of so many bytes, with a summary.
    Summary(usize),
    /// A frame of so many bytes.
    Frame(usize),
    Fold,
    /// The program is killed and opens the session again.
    Reopen,
    Close,
}

use Deed::{Close, Fold, Frame, Reopen, Summary};

/// Each a life of a session, with its alignment.
const LIVES: [(Align, &[Deed]); 7] = [
    (Align::Sector, &[]),
    (Align::Sector, &[Summary(20), Frame(30), Frame(40)]),
    (
        Align::Sector,
        &[Frame(20), Fold, Summary(30), Fold, Frame(40), Frame(50)],
    ),
    (Align::Sector, &[Summary(10), Frame(1_500), Close]),
    (
        Align::Sector,
        &[Frame(20), Reopen, Frame(700), Reopen, Summary(10)],
    ),
    (
        Align::Sector,
        &[Frame(20), Fold, Reopen, Frame(10), Fold, Reopen],
    ),
    (Align::Page, &[Frame(20), Summary(20)]),
];

/// The files of each donor.
pub(super) fn donors() -> &'static [Files] {
    static DONORS: OnceLock<Vec<Files>> = OnceLock::new();
    DONORS.get_or_init(|| {
        let lives = LIVES.iter().zip(1..);
        lives
            .map(|((align, deeds), seed)| live(*align, deeds, seed))
            .collect()
    })
}

fn live(align: Align, deeds: &[Deed], seed: u64) -> Files {
    let place = Place::new();
    let mut options = options(seed);
    options.align = align;
    let mut create = CreateOptions::new([seed as u8; 16], Arc::clone(&options.entropy));
    create.journal = options.clone();
    let lock = place.lock().expect("nobody holds it");
    let created = lock.create_journal(&create, &mut |out| out.write_all(b"the first state"));
    let mut journal = created.expect("memory takes it");
    for deed in deeds {
        let part = |bytes: usize| vec![b'a' + seed as u8; bytes];
        match deed {
            Summary(bytes) => append(&mut journal, &[&part(*bytes), b"changes"], true),
            Frame(bytes) => append(&mut journal, &[&part(*bytes)], false),
            Fold => journal
                .fold(&mut |out| out.write_all(b"a later state"))
                .expect("memory takes it"),
            Reopen => {
                drop(journal);
                let lock = place.lock().expect("the holder was dropped");
                journal = lock.open_journal(&options).expect("nothing is damaged").0;
            }
            Close => {
                journal.close().expect("memory takes it");
                return place.files();
            }
        }
    }
    drop(journal);
    place.files()
}

fn append(journal: &mut Journal, parts: &[&[u8]], summary: bool) {
    journal.append(parts, summary).expect("memory takes it");
}
