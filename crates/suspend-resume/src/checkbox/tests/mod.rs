//! Promises of the Checkbox formats about any bytes and texts. What Checkbox itself answers is compared in the
//! package of the tests.

mod damage;
mod json;
