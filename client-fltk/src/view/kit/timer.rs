//! A timer that is used again and again: FLTK never frees the closure of one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fltk::app;
use fltk::app::TimeoutHandle;

/// Runs one action some time after each start. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Timer(Rc<Inner>);

struct Inner {
    handle: Cell<Option<TimeoutHandle>>,
    action: RefCell<Box<dyn FnMut()>>,
}

impl Timer {
    /// A timer that does `action`. It costs nothing before its first start, and lives as long as the program after it.
    pub(crate) fn new(action: impl FnMut() + 'static) -> Timer {
        Timer(Rc::new(Inner { handle: Cell::default(), action: RefCell::new(Box::new(action)) }))
    }

    /// Does the action after so many seconds; once, however often it is started before.
    pub(crate) fn start(&self, seconds: f64) {
        match self.0.handle.get() {
            Some(handle) if app::has_timeout3(handle) => {}
            Some(handle) => app::repeat_timeout3(seconds, handle),
            None => {
                let inner = Rc::clone(&self.0);
                let run = move |_| (inner.action.borrow_mut())();
                self.0.handle.set(Some(app::add_timeout3(seconds, run)));
            }
        }
    }
}
