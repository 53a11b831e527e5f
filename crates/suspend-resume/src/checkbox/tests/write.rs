//! Writing beside the texts Checkbox writes for the same state.

use session_state::SessionState;
use sha2::{Digest, Sha256};

use super::corpus::Case;
use super::deviation::{Answer, wrong};
use crate::checkbox::system_information;
use crate::checkbox::write::session::write_text;
use crate::{Limits, SuspendOptions};

/// Whether our texts are those Checkbox wrote for the state of a case, version by version.
pub(super) fn compare_texts(case: &Case, state: &SessionState) -> Vec<Answer> {
    let resuspend = &case.expected["resuspend"];
    let Some(hashes) = resuspend["sha256"].as_object() else {
        return Vec::new();
    };
    let information = system_information(&case.session, &Limits::default());
    let information = information.expect("the session was resumed");
    let options = SuspendOptions {
        session_dir: resuspend["session_dir"].as_str().map(str::to_owned),
        working_dir: Some("/".to_owned()),
        system_information: information,
        ..SuspendOptions::default()
    };
    let compare = |(version, hash): (&String, &serde_json::Value)| {
        let version = version.parse().expect("a version");
        let text = match write_text(state, version, &options) {
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
        wrong(format!("version {version}: ours {text}"))
    };
    hashes.iter().map(compare).collect()
}
