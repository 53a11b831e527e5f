//! Job definitions: the raw fields in their order, the namespace, the parameters, the origin.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use session_state::{EngineError, FieldRef, FieldValue, JobDefinition, Origin, Renderings};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::value::checked;
use super::whole::{self, Fields, MadeTexts, Told};
use super::wire::{self, Filling};
use crate::error::Corruption;

impl<'s> Encoder<'s, '_> {
    pub(super) fn put_definition(&mut self, definition: &'s JobDefinition) -> io::Result<()> {
        let definition = self.definition(definition)?;
        self.put(definition)
    }

    /// A definition as it is written; its id has a number then.
    pub(super) fn definition(
        &mut self,
        definition: &'s JobDefinition,
    ) -> io::Result<whole::Definition<'s>> {
        let namespace = definition.namespace().map(|text| self.name(text));
        let origin = definition.origin().map(|origin| self.origin(origin));
        let filling = filling(definition);
        let whole = whole::Definition {
            head: wire::Definition {
                namespace,
                origin,
                filling,
            },
            fields: self.fields(definition.fields())?,
            parameters: Told(match definition.parameters() {
                Some(parameters) => Some(self.entries(parameters)?),
                None => None,
            }),
            renderings: Told(definition.renderings().map(MadeTexts)),
        };
        self.remember(definition.id().as_str());
        Ok(whole)
    }

    pub(super) fn origin(&mut self, origin: &'s Origin) -> wire::Origin<'s> {
        wire::Origin {
            source: self.name(&origin.source),
            line_start: origin.line_start,
            line_end: origin.line_end,
        }
    }

    /// Fields as they are written.
    pub(super) fn fields(
        &mut self,
        fields: impl ExactSizeIterator<Item = (&'s str, FieldRef<'s>)>,
    ) -> io::Result<Fields<'s>> {
        let mut whole = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            whole.push((self.name(name), checked(value)?));
        }
        Ok(Fields(whole))
    }

    /// Values by name, as they are written.
    pub(super) fn entries(
        &mut self,
        entries: &'s BTreeMap<Box<str>, FieldValue>,
    ) -> io::Result<Fields<'s>> {
        self.fields(entries.iter().map(|(name, value)| (&**name, value.into())))
    }
}

impl Decoder<'_> {
    pub(super) fn take_definition(&mut self) -> Result<JobDefinition, Corruption> {
        let head: wire::Definition<'_> = self.take()?;
        let namespace = head.namespace.map(|name| self.name(name)).transpose()?;
        let origin = self.owned_origin(head.origin)?;
        let fields = self.take_fields()?;
        let parameters = match head.filling {
            Filling::Parameters | Filling::Both => Some(self.take_entries("parameter")?),
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

    pub(super) fn owned_origin(
        &mut self,
        origin: Option<wire::Origin<'_>>,
    ) -> Result<Option<Origin>, Corruption> {
        origin.map(|origin| self.taken_origin(origin)).transpose()
    }

    pub(super) fn taken_origin(&mut self, origin: wire::Origin<'_>) -> Result<Origin, Corruption> {
        Ok(Origin {
            source: self.name(origin.source)?,
            line_start: origin.line_start,
            line_end: origin.line_end,
        })
    }

    pub(super) fn take_fields(&mut self) -> Result<Vec<(Arc<str>, FieldValue)>, Corruption> {
        self.list(|decoder| {
            let name = decoder.take()?;
            let name = decoder.name(name)?;
            Ok((name, decoder.take_value()?))
        })
    }

    /// Reads values by name; `what` says what one of them is.
    pub(super) fn take_entries(
        &mut self,
        what: &str,
    ) -> Result<BTreeMap<Box<str>, FieldValue>, Corruption> {
        let mut entries = BTreeMap::new();
        for (name, value) in self.take_fields()? {
            if entries.insert(Box::from(&*name), value).is_some() {
                return Err(self.corrupted(format!("{what} '{name}' twice")));
            }
        }
        Ok(entries)
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
