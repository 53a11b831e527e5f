//! Walks every wire type as serde sees it: none is recursive, none holds a list or a map, none is empty.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor,
};

use crate::native::wire;

/// How deep a wire type may hold others.
const DEPTH_MAX: usize = 6;

#[derive(Debug)]
struct Breach(String);

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Breach {}

impl Error for Breach {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// What was seen, and which variant of each enum comes next.
#[derive(Default)]
struct Trace {
    open: Vec<&'static str>,
    seen: BTreeSet<&'static str>,
    variants: BTreeMap<&'static str, (u32, u32)>,
    scalars: usize,
}

impl Trace {
    fn inside<T>(
        &mut self,
        name: &'static str,
        then: impl FnOnce(&mut Self) -> Result<T, Breach>,
    ) -> Result<T, Breach> {
        if self.open.contains(&name) {
            return Err(Breach(format!("{name} holds itself")));
        }
        self.open.push(name);
        self.seen.insert(name);
        if self.open.len() > DEPTH_MAX {
            return Err(Breach(format!("nested too deep: {:?}", self.open)));
        }
        let value = then(self)?;
        self.open.pop();
        Ok(value)
    }

    /// Walks a type once for each choice of variants that shows something new.
    fn walk<T: Deserialize<'static>>(&mut self) -> Result<(), Breach> {
        loop {
            let (before, scalars) = (self.variants.clone(), self.scalars);
            T::deserialize(Walker(self))?;
            if self.scalars == scalars {
                return Err(Breach("a type of no bytes".to_owned()));
            }
            let done = |(next, all): &(u32, u32)| next >= all;
            if self.variants.values().all(done) && before.len() == self.variants.len() {
                return Ok(());
            }
        }
    }
}

struct Walker<'w>(&'w mut Trace);

struct Items<'w>(&'w mut Trace, usize);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Breach;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Breach> {
        if self.1 == 0 {
            return Ok(None);
        }
        self.1 -= 1;
        seed.deserialize(Walker(self.0)).map(Some)
    }
}

macro_rules! scalars {
    ($($method:ident => $visit:ident($value:expr)),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Breach> {
            self.0.scalars += 1;
            visitor.$visit($value)
        }
    )*};
}

macro_rules! refused {
    ($($method:ident($($arg:ident: $kind:ty),*)),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $kind,)* _: V) -> Result<V::Value, Breach> {
            $(let _ = $arg;)*
            Err(Breach(format!("{} in {:?}", stringify!($method), self.0.open)))
        }
    )*};
}

impl<'de> Deserializer<'de> for Walker<'_> {
    type Error = Breach;

    scalars! {
        deserialize_bool => visit_bool(false),
        deserialize_i32 => visit_i32(0),
        deserialize_i64 => visit_i64(0),
        deserialize_u8 => visit_u8(0),
        deserialize_u32 => visit_u32(0),
        deserialize_u64 => visit_u64(0),
        deserialize_f64 => visit_f64(0.0),
        deserialize_str => visit_borrowed_str(""),
        deserialize_bytes => visit_borrowed_bytes(&[]),
    }

    refused! {
        deserialize_any(), deserialize_i8(), deserialize_i16(), deserialize_u16(),
        deserialize_f32(), deserialize_char(), deserialize_string(), deserialize_byte_buf(),
        deserialize_unit(), deserialize_unit_struct(name: &'static str), deserialize_seq(),
        deserialize_tuple_struct(name: &'static str, length: usize), deserialize_map(),
        deserialize_identifier(), deserialize_ignored_any(),
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Breach> {
        self.0.scalars += 1;
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Breach> {
        self.0
            .inside(name, |trace| visitor.visit_newtype_struct(Walker(trace)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Breach> {
        visitor.visit_seq(Items(self.0, length))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Breach> {
        self.0
            .inside(name, |trace| visitor.visit_seq(Items(trace, fields.len())))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Breach> {
        self.0.scalars += 1;
        self.0.inside(name, |trace| {
            let all = u32::try_from(variants.len()).expect("few variants");
            let (next, _) = trace.variants.entry(name).or_insert((0, all));
            let chosen = *next % all;
            *next += 1;
            visitor.visit_enum(Chosen(trace, chosen))
        })
    }
}

struct Chosen<'w>(&'w mut Trace, u32);

impl<'de, 'w> EnumAccess<'de> for Chosen<'w> {
    type Error = Breach;
    type Variant = Walker<'w>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Walker<'w>), Breach> {
        let index: U32Deserializer<Breach> = self.1.into_deserializer();
        Ok((seed.deserialize(index)?, Walker(self.0)))
    }
}

impl<'de> VariantAccess<'de> for Walker<'_> {
    type Error = Breach;

    fn unit_variant(self) -> Result<(), Breach> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Breach> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Breach> {
        visitor.visit_seq(Items(self.0, length))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Breach> {
        visitor.visit_seq(Items(self.0, fields.len()))
    }
}

#[test]
fn no_wire_type_is_recursive_or_holds_a_list() {
    let mut trace = Trace::default();
    trace.walk::<wire::Count>().unwrap();
    trace.walk::<wire::Node<'_>>().unwrap();
    trace.walk::<wire::Field>().unwrap();
    trace.walk::<wire::Template<'_>>().unwrap();
    trace.walk::<wire::Rendering<'_>>().unwrap();
    trace.walk::<wire::Definition<'_>>().unwrap();
    trace.walk::<wire::Job<'_>>().unwrap();
    trace.walk::<wire::JobResult<'_>>().unwrap();
    trace.walk::<wire::LogRecord<'_>>().unwrap();
    trace.walk::<wire::ResourceField<'_>>().unwrap();
    trace.walk::<wire::Metadata<'_>>().unwrap();
    trace.walk::<wire::Change<'_>>().unwrap();
    trace.walk::<wire::Summary<'_>>().unwrap();
    let declared: BTreeSet<&str> = include_str!("../wire.rs")
        .lines()
        .filter_map(|line| {
            line.strip_prefix("pub(super) ")?
                .split([' ', '<', '('])
                .nth(1)
        })
        .filter(|name| *name != "Bytes")
        .collect();
    assert_eq!(trace.seen, declared);
}

#[test]
fn the_walk_sees_what_it_looks_for() {
    #[derive(Deserialize)]
    struct Recursive {
        #[expect(dead_code, reason = "only its type is looked at")]
        next: Option<Box<Recursive>>,
    }
    #[derive(Deserialize)]
    struct Listing {
        #[expect(dead_code, reason = "only its type is looked at")]
        items: Vec<u64>,
    }
    #[derive(Deserialize)]
    struct Nothing {}
    let breach = |result: Result<(), Breach>| result.unwrap_err().0;
    assert_eq!(
        breach(Trace::default().walk::<Recursive>()),
        "Recursive holds itself"
    );
    assert_eq!(
        breach(Trace::default().walk::<Listing>()),
        r#"deserialize_seq in ["Listing"]"#
    );
    assert_eq!(
        breach(Trace::default().walk::<Nothing>()),
        "a type of no bytes"
    );
}
