//! Repositories: what is made, listed, switched and removed; what crashes, faults and hostile neighbours do.

mod crash;
mod create;
mod entries;
mod faults;
mod legacy;
mod remove;
mod trash;
