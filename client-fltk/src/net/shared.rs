//! State shared by the window's thread and the connection's own: the waker, flags, and the permits of batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use mio::Waker;

/// Limit of batches of events that the window has not handled; at it reading stops as soon as one more batch is full,
/// and the server's own limits apply.
pub(super) const MAX_OUTSTANDING: usize = 4;

/// The right to have one batch of events outstanding. A connection has few permits, and stops reading while all of them
/// are given out; dropping the last clone gives a permit back.
#[derive(Clone, Debug, Default)]
pub struct Permit {
    /// `None` where the batch counts against no limit.
    _outstanding: Option<Arc<Outstanding>>,
}

/// State shared by the window's thread and the connection's own.
#[derive(Debug)]
pub(super) struct Shared {
    waker: Waker,
    /// The number of batches that the window has not handled.
    outstanding: AtomicUsize,
    /// Set when a request did not fit into the queue.
    pub(super) is_overrun: AtomicBool,
    /// Set by [`Connection::close`]: queued requests still go out, and nothing more is reported.
    pub(super) is_closing: AtomicBool,
    /// Set when the [`Connection`] is dropped: the thread ends at once.
    pub(super) is_dropped: AtomicBool,
}

impl Shared {
    pub(super) fn new(waker: Waker) -> Shared {
        let [is_overrun, is_closing, is_dropped] = [(); 3].map(|()| AtomicBool::new(false));
        Shared { waker, outstanding: AtomicUsize::new(0), is_overrun, is_closing, is_dropped }
    }

    /// Wakes the connection's thread, which then looks at its queue and at these flags.
    pub(super) fn wake(&self) {
        // Waking fails only where the system has no memory left; then the next timeout wakes the thread.
        let _ = self.waker.wake();
    }

    pub(super) fn is_overrun(&self) -> bool {
        self.is_overrun.load(Ordering::Acquire)
    }

    /// Whether the window wants no more reports: it has closed or dropped the connection.
    pub(super) fn is_left(&self) -> bool {
        self.is_dropped() || self.is_closing.load(Ordering::Acquire)
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.is_dropped.load(Ordering::Acquire)
    }

    /// A permit for one more batch; `None` while too many are outstanding. The thread is woken when there is one again.
    pub(super) fn permit(self: &Arc<Shared>) -> Option<Permit> {
        // Only this thread takes permits, so that the number cannot rise in between.
        (self.outstanding.load(Ordering::Acquire) < MAX_OUTSTANDING).then(|| {
            self.outstanding.fetch_add(1, Ordering::AcqRel);
            Permit { _outstanding: Some(Arc::new(Outstanding(Arc::clone(self)))) }
        })
    }
}

/// Counts one batch as outstanding until it is dropped, and wakes the thread if that ends a shortage of permits.
#[derive(Debug)]
struct Outstanding(Arc<Shared>);

impl Drop for Outstanding {
    fn drop(&mut self) {
        if self.0.outstanding.fetch_sub(1, Ordering::AcqRel) == MAX_OUTSTANDING {
            self.0.wake();
        }
    }
}
