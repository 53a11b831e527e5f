//! What must hold for any text.

use proptest::prelude::*;
use session_state::record::{LineRule, dump, parse};

use super::kit::read;
use crate::files;

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn any_bytes_are_text_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let text = files::into_text(bytes.clone());
        prop_assert_eq!(text.is_ok(), std::str::from_utf8(&bytes).is_ok() && !bytes.contains(&0));
    }

    #[test]
    fn jobs_written_out_are_read_back(
        jobs in prop::collection::vec(("[a-z][a-z0-9/_-]{0,8}", "[a-zé$ '\n]{1,20}", any::<bool>()), 1..6)
    ) {
        let mut text = String::new();
        let mut wanted = Vec::new();
        for (id, command, comment) in &jobs {
            if *comment {
                text.push_str("# a comment\n");
            }
            let command = session_state::record::normalise(&format!("{command}\n\nx"));
            text.push_str(&dump([("id", id.as_str()), ("plugin", "shell"), ("command", &command)]));
            wanted.push((id.clone(), command));
        }
        let distinct: std::collections::BTreeSet<_> = jobs.iter().map(|(id, ..)| id).collect();
        match read(&text) {
            Ok(units) => {
                let found: Vec<_> = units.jobs.iter()
                    .map(|job| (job.id().to_string(), job.command().unwrap_or_default().into_owned()))
                    .collect();
                prop_assert_eq!(found, wanted);
            }
            Err(errors) => prop_assert_eq!(errors.len(), jobs.len() - distinct.len()),
        }
        prop_assert_eq!(parse(&text, LineRule::File).records.len(), jobs.len());
    }
}
