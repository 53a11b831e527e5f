//! Layout 1 is frozen: its golden files, good and damaged, never change, and the damaged ones are refused for the
//! reason beside each.

use std::fmt::Write as _;

use super::golden::golden;
use crate::native::{Summary, decode_changes, peek_native, resume_native};
use crate::{Limits, ResumeError};

/// A golden file: its name, its text, the BLAKE3 hash of the text.
type File = (&'static str, &'static str, &'static str);

macro_rules! file {
    ($name:literal, $hash:literal) => {
        ($name, include_str!(concat!("golden/v1/", $name)), $hash)
    };
}

/// What a writer of layout 1 writes.
const GOOD: &[File] = &[
    file!(
        "snapshot.hex",
        "4114d1fdfcb29c7ba97c57ffc172fa5498030ab730e6521a6f72b537ecb13050"
    ),
    file!(
        "changes.hex",
        "17b8726b0e0bb57646131da0c1229972a6cb22798b04d872d32aedd02856d531"
    ),
    file!(
        "selections.hex",
        "c132164a3739e80c1bcd3fc1ca5f43f60926f4d3a9132961fa6db836148d04b3"
    ),
    file!(
        "renderings.hex",
        "05ed6bbd97cf423b6a024453faa1d6c673256cfb726fbf71547a6791a5710024"
    ),
    file!(
        "summary.hex",
        "0cb6e75afa9f623469d3cd96a0c00926c091a9bd3ec6064ecc308e25c4f6451d"
    ),
];

/// Damaged bytes, each with what is said of them; the wording may change, the bytes may not.
const DAMAGED: &[(File, &str)] = &[
    (
        file!(
            "damaged/snapshot-cut-in-head.hex",
            "4d8366c809c5a065c964c9ad2d0fc49ba878b90186cec4b2e3edfb968a7a37e5"
        ),
        include_str!("golden/v1/damaged/snapshot-cut-in-head.txt"),
    ),
    (
        file!(
            "damaged/snapshot-cut-in-body.hex",
            "2f56b8da5e5c2b88315ad9dcfb99dd94e60fffa33e0eee2c90a0a8a435e9b390"
        ),
        include_str!("golden/v1/damaged/snapshot-cut-in-body.txt"),
    ),
    (
        file!(
            "damaged/snapshot-flipped-in-head.hex",
            "134219558a24dbbbc0702449191687daf6c41eda074666aff8337ea1b522ec37"
        ),
        include_str!("golden/v1/damaged/snapshot-flipped-in-head.txt"),
    ),
    (
        file!(
            "damaged/snapshot-flipped-in-summary.hex",
            "ec6ef05d594977512b698c0131dd1ad48539e290306b191e4100f850778118ff"
        ),
        include_str!("golden/v1/damaged/snapshot-flipped-in-summary.txt"),
    ),
    (
        file!(
            "damaged/snapshot-flipped-in-body.hex",
            "98bc32ede5c331ae9638bdb3b84c76ce4320c4a24d31a9b40f4d614f22b159a3"
        ),
        include_str!("golden/v1/damaged/snapshot-flipped-in-body.txt"),
    ),
    (
        file!(
            "damaged/snapshot-longer.hex",
            "412abd9d9769c1dbed1fbdaba621d794ac20d0452a38d8f19271df25277753a9"
        ),
        include_str!("golden/v1/damaged/snapshot-longer.txt"),
    ),
    (
        file!(
            "damaged/snapshot-wrong-length.hex",
            "1dd3ddf09054b96ecf32f177ab28ce1ca2d40caa199740b653e4c83d2786ad62"
        ),
        include_str!("golden/v1/damaged/snapshot-wrong-length.txt"),
    ),
    (
        file!(
            "damaged/snapshot-other-summary.hex",
            "93b9a63906c3b31c38fd792153a3b9856ead70db58c814e01567ede70470b122"
        ),
        include_str!("golden/v1/damaged/snapshot-other-summary.txt"),
    ),
    (
        file!(
            "damaged/snapshot-layout-0.hex",
            "764ec5a76ba17bf29270d632be9238a065630862924047cd36e3bf372dcfcaee"
        ),
        include_str!("golden/v1/damaged/snapshot-layout-0.txt"),
    ),
    (
        file!(
            "damaged/snapshot-layout-2.hex",
            "1d44a7170351bd152e696c95d677ce62a7773ef749a77836f0a1898ce74b6055"
        ),
        include_str!("golden/v1/damaged/snapshot-layout-2.txt"),
    ),
    (
        file!(
            "damaged/changes-cut.hex",
            "65ab2984890f987820ba3ff45fd26209e7a8899178ec0cd179055bdcd7a586e7"
        ),
        include_str!("golden/v1/damaged/changes-cut.txt"),
    ),
    (
        file!(
            "damaged/changes-flipped.hex",
            "25bb64f0cb3ee482cf65b85eafb088441621c8b6250a92cefcd4bec789b007a9"
        ),
        include_str!("golden/v1/damaged/changes-flipped.txt"),
    ),
    (
        file!(
            "damaged/changes-layout-0.hex",
            "9cd61841c53ce167168ad6a88b0477d84115624cb67361bf34c5d454d1e1dffb"
        ),
        include_str!("golden/v1/damaged/changes-layout-0.txt"),
    ),
    (
        file!(
            "damaged/changes-layout-2.hex",
            "2ca8adb4745f58542db329edc9b18cb40effd122ac98b72665d9a00b8b4ef75e"
        ),
        include_str!("golden/v1/damaged/changes-layout-2.txt"),
    ),
    (
        file!(
            "damaged/summary-cut.hex",
            "97f3a63f3e00260909d1ebad3e4d2ea7903ce8d757af8c9648b709b7c1888d5f"
        ),
        include_str!("golden/v1/damaged/summary-cut.txt"),
    ),
    (
        file!(
            "damaged/summary-flipped.hex",
            "4a2260deea838c31c49dbe3af7619888ee95706dfd4b9455d2704ae73aaa7c06"
        ),
        include_str!("golden/v1/damaged/summary-flipped.txt"),
    ),
    (
        file!(
            "damaged/summary-layout-0.hex",
            "3566c91f5c384c706a46b0b4eea4c93b837bd642b9ac63e3cbe1437d8dd01de3"
        ),
        include_str!("golden/v1/damaged/summary-layout-0.txt"),
    ),
    (
        file!(
            "damaged/summary-layout-2.hex",
            "0c36fb01fd36cbf4ac75a456384a91baba6ba032a71d9d77314c49448903aaec"
        ),
        include_str!("golden/v1/damaged/summary-layout-2.txt"),
    ),
];

#[test]
fn golden_bytes_of_version_1_never_change() {
    let damaged = DAMAGED.iter().map(|(file, _)| file);
    for (name, text, pinned) in GOOD.iter().chain(damaged) {
        let hash = blake3::hash(text.as_bytes());
        assert_eq!(hash.to_hex().as_str(), *pinned, "{name}");
    }
}

#[test]
fn damaged_bytes_of_version_1_are_refused_for_the_reason_beside_each() {
    for ((name, bytes, _), verdict) in DAMAGED {
        assert_eq!(verdict_on(name, &golden(bytes)), *verdict, "{name}");
    }
}

/// What readers say of the bytes, which are of the kind that the name begins with.
fn verdict_on(name: &str, bytes: &[u8]) -> String {
    let limits = Limits::default();
    let kind = name.trim_start_matches("damaged/").split('-').next();
    match kind {
        Some("snapshot") => {
            let mut text = told("resume", resume_native(bytes, &limits).map(|_| ""));
            let peek = peek_native(bytes, &limits).map(|peek| {
                if peek.readable {
                    "readable"
                } else {
                    "the summary is readable, the session is not"
                }
            });
            text.push_str(&told("peek", peek));
            text
        }
        Some("changes") => told("changes", decode_changes(bytes, &limits).map(|_| "")),
        Some("summary") => told(
            "summary",
            Summary::decode(bytes, &limits).map(|_| "readable"),
        ),
        _ => panic!("{name}: no kind of bytes"),
    }
}

fn told(reader: &str, result: Result<&str, ResumeError>) -> String {
    match result {
        Ok(said) => format!("{reader}: {said}\n"),
        Err(error) => {
            let mut text = format!("{reader}: {error}\n");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                writeln!(text, "  {cause}").unwrap();
                source = cause.source();
            }
            if let Some(advice) = error.advice() {
                writeln!(text, "  advice: {advice}").unwrap();
            }
            text
        }
    }
}
