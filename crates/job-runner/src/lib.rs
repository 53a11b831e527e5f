//! Runs one job: process group, timeout, output as events to a sink; finds and ends orphans.
