//! Writing beside the texts Checkbox writes for the same state.

use session_state::{IoLog, JobState, SessionState};
use sha2::{Digest, Sha256};

use super::corpus::Case;
use super::deviation::{Answer, Deviation, listed, wrong};
use crate::Limits;
use crate::checkbox::write::session::write_text;
use crate::checkbox::{Extra, system_information};

/// Whether our texts are those Checkbox wrote for the state of a case, version by version.
pub(super) fn compare_texts(case: &Case, state: &SessionState) -> Vec<Answer> {
    let resuspend = &case.expected["resuspend"];
    let Some(hashes) = resuspend["sha256"].as_object() else {
        return Vec::new();
    };
    let information = system_information(&case.session, &Limits::default());
    let information = information.expect("the session was resumed");
    let extra = Extra {
        session_dir: resuspend["session_dir"].as_str(),
        system_information: information.as_ref(),
    };
    let compare = |(version, hash): (&String, &serde_json::Value)| {
        let version = version.parse().expect("a version");
        let text = match write_text(state, version, extra) {
            Ok(text) => text,
            Err(_) if hash.get("error").is_some() => return Ok(()),
            Err(error) => return wrong(format!("version {version}: ours {error}")),
        };
        let ours: String = Sha256::digest(&text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if *hash == ours {
            return Ok(());
        }
        differing(state, case, version, &text)
    };
    hashes.iter().map(compare).collect()
}

/// Why a text may be another one.
fn differing(state: &SessionState, case: &Case, version: u8, text: &str) -> Answer {
    let mut results = state.jobs().flat_map(JobState::history);
    let relative = results.any(|result| match &result.io_log {
        IoLog::Stored(log) => !log.path.starts_with('/'),
        IoLog::Memory(_) => false,
    });
    if relative {
        return listed(Deviation::RelativeLogName);
    }
    if case.expected["job_states"]
        .to_string()
        .contains("\"return_code\":true")
    {
        return listed(Deviation::TrueReturnCode);
    }
    wrong(format!("version {version}: ours {text}"))
}
