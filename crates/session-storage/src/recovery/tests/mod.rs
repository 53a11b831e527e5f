//! The end of a journal, case by case; names; choosing a generation.

mod beside;
mod damage;
mod end;
mod hostile;
mod kit;
mod names;
mod newer;
