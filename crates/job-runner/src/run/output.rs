//! The two pipes of a job, read without ever waiting for one of them alone.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use session_state::IoStream;

use crate::lines::LineSplitter;
use crate::process::wait_readable;
use crate::sink::{JobSink, SinkError};

/// Bytes read at once; after each such piece the job can be stopped.
const READ_BYTES: usize = 64 * 1024;

/// The largest pipe an ordinary user can have, where the kernel does not say how large ours is.
const PIPE_BYTES: usize = 1024 * 1024;

/// Reads the pipes, cuts lines, tells the sink.
pub(super) struct Output<'a> {
    streams: [Stream; 2],
    teller: Teller<'a>,
    buffer: Vec<u8>,
}

struct Stream {
    name: IoStream,
    pipe: Option<OwnedFd>,
    lines: LineSplitter,
}

struct Teller<'a> {
    sink: &'a mut dyn JobSink,
    last: Instant,
    failed: Option<SinkError>,
}

impl<'a> Output<'a> {
    /// Both pipes must be non-blocking.
    pub(super) fn new(
        sink: &'a mut dyn JobSink,
        [stdout, stderr]: [OwnedFd; 2],
        line_bytes_max: usize,
        begun: Instant,
    ) -> Self {
        let stream = |name, pipe| Stream {
            name,
            pipe: Some(pipe),
            lines: LineSplitter::new(line_bytes_max),
        };
        Self {
            streams: [
                stream(IoStream::Stdout, stdout),
                stream(IoStream::Stderr, stderr),
            ],
            teller: Teller {
                sink,
                last: begun,
                failed: None,
            },
            buffer: vec![0; READ_BYTES],
        }
    }

    /// The sink.
    pub(super) fn sink(&mut self) -> &mut dyn JobSink {
        self.teller.sink
    }

    /// Notes that the sink can take nothing more; output is read and dropped from now on.
    pub(super) fn fail(&mut self, error: SinkError) {
        self.teller.failed.get_or_insert(error);
    }

    /// Whether the sink has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.teller.failed.is_some()
    }

    /// Why the sink failed.
    pub(super) fn into_failure(self) -> Option<SinkError> {
        self.teller.failed
    }

    /// Waits for output or for one of these descriptors, at most this long; reads what there is, one
    /// buffer from each pipe; says which of the descriptors are ready.
    pub(super) fn wait(
        &mut self,
        others: &[BorrowedFd<'_>],
        longest: Duration,
    ) -> io::Result<Vec<bool>> {
        let mut fds = others.to_vec();
        fds.extend(
            self.streams
                .iter()
                .filter_map(|stream| stream.pipe.as_ref())
                .map(AsFd::as_fd),
        );
        let mut ready = wait_readable(&fds, longest)?;
        let mut pipes_ready = ready.split_off(others.len()).into_iter();
        for stream in &mut self.streams {
            if stream.pipe.is_some() && pipes_ready.next() == Some(true) {
                stream.read(&mut self.buffer, &mut self.teller);
            }
        }
        Ok(ready)
    }

    /// Reads what is in the pipes now, no more than fits into them: all that was written by processes
    /// that have ended, without waiting for one that keeps a pipe open. Gives unfinished lines, and
    /// closes the pipes.
    pub(super) fn drain(&mut self) {
        for stream in &mut self.streams {
            let mut rest = stream.pipe.as_ref().map_or(0, |pipe| {
                rustix::pipe::fcntl_getpipe_size(pipe).unwrap_or(PIPE_BYTES)
            });
            while rest > 0 && stream.pipe.is_some() {
                match stream.read(&mut self.buffer, &mut self.teller) {
                    0 => break,
                    read => rest = rest.saturating_sub(read),
                }
            }
            stream.pipe = None;
            let name = stream.name;
            let mut delay = self.teller.delay();
            let teller = &mut self.teller;
            let told = stream.lines.finish(|piece| {
                teller.tell(name, std::mem::take(&mut delay), piece);
                Ok::<(), std::convert::Infallible>(())
            });
            let Ok(()) = told;
        }
    }
}

impl Stream {
    /// Reads once; how much. A pipe at its end or broken is closed.
    fn read(&mut self, buffer: &mut [u8], teller: &mut Teller<'_>) -> usize {
        let Some(pipe) = &self.pipe else {
            return 0;
        };
        match rustix::io::read(pipe, &mut *buffer) {
            Ok(read) if read > 0 => {
                let name = self.name;
                let mut delay = teller.delay();
                let bytes = buffer.get(..read).unwrap_or_default();
                let told = self.lines.feed(bytes, |piece| {
                    teller.tell(name, std::mem::take(&mut delay), piece);
                    Ok::<(), std::convert::Infallible>(())
                });
                let Ok(()) = told;
                read
            }
            Err(Errno::AGAIN | Errno::INTR) => 0,
            Ok(_) | Err(_) => {
                self.pipe = None;
                0
            }
        }
    }
}

impl Teller<'_> {
    /// Seconds since the piece before; the pieces of one read share it, the first one taking it all.
    fn delay(&self) -> f64 {
        self.last.elapsed().as_secs_f64()
    }

    fn tell(&mut self, stream: IoStream, delay: f64, piece: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        self.last = Instant::now();
        self.failed = self.sink.output(stream, delay, piece).err();
    }
}
