//! A session directory on a simulated disk, and payloads to put into it.

use std::io::{self, Write};
use std::sync::Arc;

use camino::Utf8Path;

use crate::entropy::SeededEntropy;
use crate::fs::{CrashFs, Dir, Fs};
use crate::journal::{CreateOptions, Journal, JournalOptions};
use crate::recovery::{Depth, Found, RecoverError, Recovered, Rules, read_directory};

pub(crate) const UUID: [u8; 16] = *b"0123456789abcdef";
pub(crate) const PLACE: &str = "/s";

pub(crate) fn options() -> JournalOptions {
    let mut options = JournalOptions::new(Arc::new(SeededEntropy::new(7)));
    options.step_bytes = 4096;
    options.spare_bytes = 4096;
    options.fold_bytes_min = 2048;
    options
}

pub(crate) fn disk() -> CrashFs {
    let fs = CrashFs::new();
    fs.plant_dir(Utf8Path::new(PLACE)).expect("a fresh disk");
    fs
}

pub(crate) fn dir(fs: &dyn Fs) -> Arc<dyn Dir> {
    fs.open_dir(Utf8Path::new(PLACE))
        .expect("the directory was planted")
}

pub(crate) fn writes(bytes: &[u8]) -> impl FnMut(&mut dyn Write) -> io::Result<()> + '_ {
    move |sink| sink.write_all(bytes)
}

pub(crate) fn create(fs: &dyn Fs, options: &JournalOptions, snapshot: &[u8]) -> Journal {
    let options = CreateOptions {
        uuid: UUID,
        journal: options.clone(),
    };
    Journal::create(dir(fs), &options, &mut writes(snapshot)).expect("nothing fails")
}

pub(crate) fn open(fs: &dyn Fs, options: &JournalOptions) -> (Journal, Recovered) {
    Journal::open(dir(fs), options).expect("a sound session opens")
}

pub(crate) fn look(fs: &dyn Fs) -> Result<Found, RecoverError> {
    let rules = rules();
    read_directory(dir(fs).as_ref(), &rules, &|| false)
}

pub(crate) fn rules() -> Rules {
    Rules {
        depth: Depth::Chain,
        ..options().rules(Depth::Chain)
    }
}

pub(crate) fn payloads(recovered: &Recovered) -> Vec<Vec<Vec<u8>>> {
    recovered
        .frames
        .iter()
        .map(|frame| frame.parts.clone())
        .collect()
}
