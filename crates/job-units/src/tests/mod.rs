//! What unit files give, and what they are told.

mod kit;

mod files;
mod jinja2;
mod json;
mod plans;
mod properties;
mod units;
mod yaml;
