//! Making the process of a job.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::command::{JobCommand, JobInput, MARK_VARIABLE};
use crate::error::RunError;
use crate::process::{Host, ProcessHandle, ProcessIdentity};

/// A job that was just started.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) identity: ProcessIdentity,
    pub(super) handle: ProcessHandle,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

/// Starts the shell. After an error nothing of it is left.
pub(super) fn start(command: &JobCommand, host: &Host) -> Result<Started, RunError> {
    let mut shell = Command::new(command.shell.as_str());
    shell
        .arg("-c")
        .arg(&command.script)
        .envs(
            command
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if command.mark.is_empty() {
        shell.env_remove(MARK_VARIABLE);
    } else {
        shell.env(MARK_VARIABLE, &command.mark);
    }
    if let Some(directory) = &command.working_directory {
        shell.current_dir(directory);
    }
    match command.input {
        JobInput::Null => shell.stdin(Stdio::null()).process_group(0),
        JobInput::Inherited => shell.stdin(Stdio::inherit()),
    };
    let mut child = shell.spawn().map_err(|source| why_not(command, source))?;
    let pid = child.id();
    watch(&mut child, host)
        .map_err(|source| RunError::Watch { pid, source })
        .map(|(identity, handle, stdout, stderr)| Started {
            child,
            identity,
            handle,
            stdout,
            stderr,
        })
}

type Watched = (ProcessIdentity, ProcessHandle, OwnedFd, OwnedFd);

/// Takes hold of the process and of its output; kills it when that cannot be done.
fn watch(child: &mut Child, host: &Host) -> io::Result<Watched> {
    let watched = take_hold(child, host);
    if watched.is_err() {
        // It is gone already, or it goes now; there is nobody else to tell.
        let _ = child.kill();
        let _ = child.wait();
    }
    watched
}

fn take_hold(child: &mut Child, host: &Host) -> io::Result<Watched> {
    let handle = ProcessHandle::of_child(child.id())?;
    let identity = host
        .identify(child.id())
        .ok_or_else(|| io::Error::other("/proc does not show it"))?;
    let no_pipe = || io::Error::other("its output is not a pipe");
    let stdout = OwnedFd::from(child.stdout.take().ok_or_else(no_pipe)?);
    let stderr = OwnedFd::from(child.stderr.take().ok_or_else(no_pipe)?);
    rustix::io::ioctl_fionbio(&stdout, true)?;
    rustix::io::ioctl_fionbio(&stderr, true)?;
    Ok((identity, handle, stdout, stderr))
}

/// A missing shell and a missing directory give the same error code.
fn why_not(command: &JobCommand, source: io::Error) -> RunError {
    match &command.working_directory {
        Some(path) if !path.is_dir() => RunError::WorkingDirectory { path: path.clone() },
        _ => RunError::Start {
            shell: command.shell.as_str(),
            source,
        },
    }
}
