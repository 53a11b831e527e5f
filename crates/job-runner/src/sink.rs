//! Where the news of a running job goes.

use session_state::IoStream;

use crate::process::ProcessIdentity;

/// Why a sink can take nothing more.
pub type SinkError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Takes what a job says, as it says it. An error ends the job, and [`run`](crate::run) reports it.
pub trait JobSink {
    /// Told once, right after the process was made and before any output.
    fn started(&mut self, process: &ProcessIdentity) -> Result<(), SinkError>;

    /// Takes a line with its newline (0x0A). The last line of a stream may lack it, and so does a
    /// piece of a line that was cut for its length. Never empty. `delay` is the time since the piece
    /// before it, of either stream, in seconds by the monotonic clock; for the first one, since start.
    /// The order within a stream is kept; between the streams it is as good as two pipes allow.
    fn output(&mut self, stream: IoStream, delay: f64, line: &[u8]) -> Result<(), SinkError>;
}
