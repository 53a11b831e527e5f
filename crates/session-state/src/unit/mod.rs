//! Units of any kind: what a provider defines.

mod any;
mod other;
mod set;

pub use any::Unit;
pub use other::OtherUnit;
pub(crate) use set::UnitSet;
