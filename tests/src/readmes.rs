//! The examples in the READMEs, compiled and run as doc tests.

#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Project;

#[doc = include_str!("../../crates/job-runner/README.md")]
#[derive(Debug)]
pub struct JobRunner;

#[doc = include_str!("../../crates/job-units/README.md")]
#[derive(Debug)]
pub struct JobUnits;

#[doc = include_str!("../../crates/session-cli/README.md")]
#[derive(Debug)]
pub struct SessionCli;

#[doc = include_str!("../../crates/session-manager/README.md")]
#[derive(Debug)]
pub struct SessionManager;

#[doc = include_str!("../../crates/session-state/README.md")]
#[derive(Debug)]
pub struct SessionState;

#[doc = include_str!("../../crates/session-storage/README.md")]
#[derive(Debug)]
pub struct SessionStorage;

#[doc = include_str!("../../crates/suspend-resume/README.md")]
#[derive(Debug)]
pub struct SuspendResume;
