//! Templates: the raw fields in their order, the namespace, the origin.

use std::io;

use session_state::template::Template;

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::whole;
use super::wire;
use crate::error::Corruption;

impl<'s> Encoder<'s, '_> {
    pub(super) fn put_template(&mut self, template: &'s Template) -> io::Result<()> {
        let namespace = template.namespace().map(|text| self.name(text));
        let origin = template.origin().map(|origin| self.origin(origin));
        let fields = template.fields().iter();
        let fields = self.fields(fields.map(|(name, value)| (&**name, value.into())))?;
        self.put(whole::Template {
            head: wire::Template { namespace, origin },
            fields,
        })
    }
}

impl Decoder<'_> {
    pub(super) fn take_template(&mut self) -> Result<Template, Corruption> {
        let head: wire::Template<'_> = self.take()?;
        let namespace = head.namespace.map(|name| self.name(name)).transpose()?;
        let origin = self.owned_origin(head.origin)?;
        let fields = self.take_fields()?;
        Template::new(namespace, fields, origin)
            .map_err(|error| self.corrupted(format!("a template that is none: {error}")))
    }
}
