//! What must hold for any text.

mod behaviour;
mod properties;

use super::*;
use crate::id::JobId;
use crate::resource::Resource;

type Sets = Vec<(JobId, Vec<Resource>)>;

fn find<'a>(sets: &'a Sets, id: &JobId) -> Option<&'a [Resource]> {
    let found = sets.iter().find(|(known, _)| known == id);
    found.map(|(_, records)| &records[..])
}
