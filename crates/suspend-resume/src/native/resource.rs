//! The records of resources.

use std::io;

use session_state::Resource;

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::wire;
use crate::error::Corruption;

impl<'s> Encoder<'s, '_> {
    pub(super) fn put_resources(&mut self, records: &'s [Resource]) -> io::Result<()> {
        self.count(records.len())?;
        for record in records {
            self.count(record.iter().len())?;
            for (name, value) in record.iter() {
                let name = self.name(name);
                self.put(wire::ResourceField { name, value })?;
            }
        }
        Ok(())
    }
}

impl Decoder<'_> {
    pub(super) fn take_resources(&mut self) -> Result<Vec<Resource>, Corruption> {
        self.list(|decoder| {
            let fields = decoder.list(|decoder| {
                let field: wire::ResourceField<'_> = decoder.take()?;
                let name = decoder.name(field.name)?;
                let value = decoder.text(field.value)?;
                Ok((Box::<str>::from(&*name), Box::<str>::from(value)))
            })?;
            let count = fields.len();
            let record = Resource::new(fields);
            if record.iter().len() != count {
                return Err(decoder.corrupted("a record with a field twice"));
            }
            Ok(record)
        })
    }
}
