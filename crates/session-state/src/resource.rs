//! One record a resource job printed.

use std::collections::HashMap;

/// A record: field names and texts, in the order they were printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    fields: Vec<(Box<str>, Box<str>)>,
}

impl Resource {
    /// Makes a record; a later field of a name replaces an earlier one.
    pub fn new<K: Into<Box<str>>, V: Into<Box<str>>>(
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut record = Self::default();
        let mut places: HashMap<Box<str>, usize> = HashMap::new();
        for (name, value) in fields {
            let (name, value) = (name.into(), value.into());
            match places.get(&name).and_then(|at| record.fields.get_mut(*at)) {
                Some((_, old)) => *old = value,
                None => {
                    places.insert(name.clone(), record.fields.len());
                    record.fields.push((name, value));
                }
            }
        }
        record
    }

    /// The text of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| &**value)
    }

    /// All fields in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (&**name, &**value))
    }
}
