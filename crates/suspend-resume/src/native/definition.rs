//! Job definitions: the raw fields in their order, the namespace, the parameters, the origin.

use std::io;
use std::sync::Arc;

use session_state::{JobDefinition, Origin, Parameters};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::wire;
use crate::error::Corruption;

impl<'s> Encoder<'s, '_> {
    pub(super) fn put_definition(&mut self, definition: &'s JobDefinition) -> io::Result<()> {
        let namespace = definition.namespace().map(|text| self.name(text));
        let origin = definition.origin().map(|origin| wire::Origin {
            source: self.name(&origin.source),
            line_start: origin.line_start,
            line_end: origin.line_end,
        });
        self.put(wire::Definition {
            namespace,
            origin,
            has_parameters: definition.parameters().is_some(),
        })?;
        self.count(definition.fields().len())?;
        for (name, value) in definition.fields() {
            let name = self.name(name);
            self.put(name)?;
            self.put_value(value)?;
        }
        if let Some(parameters) = definition.parameters() {
            self.count(parameters.len())?;
            for (name, value) in parameters {
                let name = self.name(name);
                self.put(name)?;
                self.put_value(value.into())?;
            }
        }
        self.remember(definition.id().as_str());
        Ok(())
    }
}

impl Decoder<'_> {
    pub(super) fn take_definition(&mut self) -> Result<JobDefinition, Corruption> {
        let head: wire::Definition<'_> = self.take()?;
        let namespace = head.namespace.map(|name| self.name(name)).transpose()?;
        let origin = match head.origin {
            Some(origin) => Some(Origin {
                source: self.name(origin.source)?,
                line_start: origin.line_start,
                line_end: origin.line_end,
            }),
            None => None,
        };
        let fields = self.list(|decoder| {
            let name = decoder.take()?;
            let name = decoder.name(name)?;
            Ok((name, decoder.take_value()?))
        })?;
        let parameters = if head.has_parameters {
            Some(self.take_parameters()?)
        } else {
            None
        };
        let definition = JobDefinition::new(namespace, fields, parameters, origin);
        self.remember(definition.id().clone());
        Ok(definition)
    }

    fn take_parameters(&mut self) -> Result<Parameters, Corruption> {
        let mut parameters = Parameters::new();
        for _ in 0..self.count()? {
            let name = self.take()?;
            let name: Arc<str> = self.name(name)?;
            let value = self.take_value()?;
            if parameters.insert(Box::from(&*name), value).is_some() {
                return Err(self.corrupted(format!("parameter '{name}' twice")));
            }
        }
        Ok(parameters)
    }
}
