//! Job definitions: the raw fields in their order, the namespace, the parameters, the origin.

use std::io;
use std::sync::Arc;

use session_state::{EngineError, JobDefinition, Origin, Parameters, Renderings};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::wire::{self, Filling};
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
            filling: filling(definition),
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
        if let Some(renderings) = definition.renderings() {
            self.count(renderings.len())?;
            for (text, made) in renderings {
                self.put(&**text)?;
                self.put(match made {
                    Ok(made) => wire::Rendering::Text(made),
                    Err(error) => wire::Rendering::Fault(&error.message),
                })?;
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
        let parameters = match head.filling {
            Filling::Parameters | Filling::Both => Some(self.take_parameters()?),
            Filling::Nothing | Filling::Renderings => None,
        };
        let mut definition = JobDefinition::new(namespace, fields, parameters, origin);
        match head.filling {
            Filling::Renderings | Filling::Both => {
                definition = definition.with_renderings(self.take_renderings()?);
            }
            Filling::Nothing | Filling::Parameters => {}
        }
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

    fn take_renderings(&mut self) -> Result<Renderings, Corruption> {
        let mut renderings = Renderings::new();
        for _ in 0..self.count()? {
            let text: &str = self.take()?;
            let text = self.text(text)?;
            let made = match self.take()? {
                wire::Rendering::Text(made) => Ok(self.text(made)?.into()),
                wire::Rendering::Fault(message) => Err(EngineError {
                    message: self.text(message)?.into(),
                }),
            };
            if renderings.insert(text.into(), made).is_some() {
                return Err(self.corrupted("one text rendered twice"));
            }
        }
        Ok(renderings)
    }
}

fn filling(definition: &JobDefinition) -> Filling {
    match (definition.parameters(), definition.renderings()) {
        (None, None) => Filling::Nothing,
        (Some(_), None) => Filling::Parameters,
        (None, Some(_)) => Filling::Renderings,
        (Some(_), Some(_)) => Filling::Both,
    }
}
