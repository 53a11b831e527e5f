//! Whatever mixture of two attempts a file holds, what is read of it is of one attempt, and what that one wrote.

use proptest::collection::vec;
use proptest::prelude::*;

use super::content::Content;
use super::head::{LAYOUT, PartHead, ProcessRecord};
use super::line::{Seal, begun};
use crate::faults::{Fault, Faults};

/// What an attempt writes, line by line.
fn written(run: u64, job: &str, texts: &[String], faults: Faults) -> Vec<u8> {
    let head = PartHead {
        part: LAYOUT,
        run,
        session: "s".into(),
        job: job.into(),
        attempt: 1,
    };
    let mut bytes = begun();
    head.put(&mut bytes).unwrap();
    let seal = Seal::of_head(Seal::HEAD.end(&mut bytes), faults);
    for text in texts {
        let mut line = begun();
        line.extend(text.as_bytes());
        seal.end(&mut line);
        bytes.extend(line);
    }
    bytes
}

/// The file after two attempts, of which the second was cut after so many bytes, with units of it new or old.
fn mixed(old: &[u8], new: &[u8], cut: usize, unit: usize, is_new: &[bool]) -> Vec<u8> {
    let mut bytes = old.to_vec();
    let new = new.get(..cut.min(new.len())).unwrap();
    bytes.resize(old.len().max(new.len()), 0);
    for (number, unit_bytes) in new.chunks(unit).enumerate() {
        if is_new[number % is_new.len()] {
            let at = number * unit;
            bytes[at..at + unit_bytes.len()].copy_from_slice(unit_bytes);
        }
    }
    bytes
}

/// What is read, if it is no prefix of what its attempt wrote.
fn foreign(bytes: &[u8], texts: [&[String]; 2], faults: Faults) -> Option<String> {
    let content = Content::of(bytes, faults)?;
    let own = match (content.head.run, &*content.head.job) {
        (1, "a") => texts[0],
        (2, "b") => texts[1],
        (run, job) => return Some(format!("the head of {run} {job}")),
    };
    let lines: Vec<&str> = content.collect();
    let is_prefix = own.len() >= lines.len() && own.iter().zip(&lines).all(|(a, b)| a == b);
    (!is_prefix).then(|| format!("{lines:?}"))
}

proptest! {
    #[test]
    fn no_mixture_of_two_attempts_is_taken_for_either(
        old in vec("[ab{}\" ]{0,9}", 0..6),
        new in vec("[ab{}\" ]{0,9}", 0..6),
        cut in 0..400_usize,
        unit in 1..40_usize,
        is_new in vec(any::<bool>(), 1..24),
    ) {
        let faults = Faults::default();
        let (a, b) = (written(1, "a", &old, faults), written(2, "b", &new, faults));
        let bytes = mixed(&a, &b, cut, unit, &is_new);
        prop_assert_eq!(foreign(&bytes, [&old, &new], faults), None);
    }

    /// Written by hand, and the same as serde writes it.
    #[test]
    fn head_and_process_are_written_as_serde_writes_them(
        (run, job, attempt) in any::<(u64, String, u32)>(),
        (pid, start_time, pid_namespace) in any::<(u32, u64, u64)>(),
        boot_id in any::<Box<str>>(),
    ) {
        let head = PartHead {
            part: LAYOUT,
            run,
            session: "0123456789abcdef".into(),
            job: job.into(),
            attempt,
        };
        let mut line = Vec::new();
        head.put(&mut line).unwrap();
        prop_assert_eq!(&line, &serde_json::to_vec(&head).unwrap());
        prop_assert_eq!(&serde_json::from_slice::<PartHead<'_>>(&line).unwrap(), &head);
        let process = ProcessRecord { pid, start_time, pid_namespace, boot_id };
        let mut line = Vec::new();
        process.put(&mut line).unwrap();
        prop_assert_eq!(line, serde_json::to_vec(&process).unwrap());
    }

    #[test]
    fn arbitrary_bytes_are_read_without_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        let end = Content::of(&bytes, Faults::default()).map_or(0, Content::end);
        prop_assert!(end <= bytes.len());
    }
}

#[test]
fn what_was_written_is_read_to_its_end() {
    let texts = ["{}", "one", ""].map(ToOwned::to_owned);
    let bytes = written(1, "a", &texts, Faults::default());
    let lines: Vec<&str> = Content::of(&bytes, Faults::default()).unwrap().collect();
    assert_eq!(lines, texts);
    let content = Content::of(&bytes, Faults::default()).unwrap();
    assert_eq!(content.end(), bytes.len());
}

/// The property is worth something: without the binding to its head a line of the attempt before is taken.
#[test]
fn finds_lines_that_do_not_say_whose_they_are() {
    let faults = Faults::only(Fault::LinesOfAnyHead);
    let old = ["process 1".to_owned()];
    let (a, b) = (written(1, "a", &old, faults), written(2, "b", &[], faults));
    let bytes = mixed(&a, &b, b.len(), 512, &[true]);
    assert!(foreign(&bytes, [&old, &[]], faults).is_some());
}
