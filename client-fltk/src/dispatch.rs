//! Run to completion: a message is handled to its end and shown before the next key is delivered.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use crate::core::message::Message;

/// The program as a [`Dispatch`] drives it.
pub trait Program {
    /// Takes a message.
    fn handle(&mut self, message: Message);
    /// Updates the screen after messages were handled. Messages that it dispatches itself are handled after it.
    fn render(&mut self);
    /// Takes out the next modal that waits to be run.
    fn modal(&mut self) -> Option<Modal>;
}

/// A modal dialog, which runs an event loop of its own.
pub type Modal = Box<dyn FnOnce()>;

/// The handle by which widgets' callbacks send messages to the program. A clone is another handle of the same one.
#[derive(Clone, Default)]
pub struct Dispatch(Rc<Inner>);

#[derive(Default)]
struct Inner {
    queue: RefCell<VecDeque<Message>>,
    is_running: Cell<bool>,
    program: OnceCell<Weak<RefCell<dyn Program>>>,
}

/// Guard: the dispatcher counts as running while it lives. Its drop ends that even after a panic, which FLTK swallows.
struct Running<'a>(&'a Cell<bool>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Dispatch {
    /// Names the program, once; messages sent before are dropped.
    pub fn attach(&self, program: Weak<RefCell<dyn Program>>) {
        // A second program is never named.
        let _ = self.0.program.set(program);
    }

    /// Handles a message and shows what came of it, before it returns. Called while another one is being handled or
    /// shown it returns at once, and the message comes after that one.
    pub fn send(&self, message: Message) {
        self.send_all([message]);
    }

    /// Handles messages in their order and shows once what came of them.
    pub fn send_all(&self, messages: impl IntoIterator<Item = Message>) {
        self.0.queue.borrow_mut().extend(messages);
        let Some(program) = self.program() else { return self.0.queue.borrow_mut().clear() };
        if self.0.is_running.replace(true) {
            return;
        }
        let _running = Running(&self.0.is_running);
        let mut next = self.next();
        while next.is_some() {
            while let Some(message) = next {
                program.borrow_mut().handle(message);
                next = self.next();
            }
            program.borrow_mut().render();
            next = self.next();
        }
    }

    /// Runs the waiting modals with nothing borrowed. Call it from the main loop, outside of every callback.
    pub fn run_modals(&self) {
        let Some(program) = self.program() else { return };
        let next = || program.borrow_mut().modal();
        while let Some(modal) = next() {
            modal();
        }
    }

    fn program(&self) -> Option<Rc<RefCell<dyn Program>>> {
        self.0.program.get().and_then(Weak::upgrade)
    }

    fn next(&self) -> Option<Message> {
        self.0.queue.borrow_mut().pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes down what happens to it; some messages make it send others.
    struct Notes {
        dispatch: Dispatch,
        log: Vec<String>,
        modals: Vec<Modal>,
    }

    impl Program for Notes {
        fn handle(&mut self, message: Message) {
            self.log.push(format!("{message:?}"));
            match message {
                Message::Older => self.dispatch.send(Message::Newer),
                Message::Leave => {
                    let dispatch = self.dispatch.clone();
                    self.modals.push(Box::new(move || {
                        dispatch.send(Message::Tick);
                        dispatch.send(Message::Quit);
                    }));
                }
                Message::RetryNow => panic!("a message that fails"),
                _ => {}
            }
        }

        fn render(&mut self) {
            self.log.push("render".to_owned());
            if self.log.len() == 2 {
                self.dispatch.send(Message::LookBack);
            }
        }

        fn modal(&mut self) -> Option<Modal> {
            self.modals.pop()
        }
    }

    fn notes() -> (Dispatch, Rc<RefCell<Notes>>) {
        let dispatch = Dispatch::default();
        let notes = Notes { dispatch: dispatch.clone(), log: Vec::new(), modals: Vec::new() };
        let notes = Rc::new(RefCell::new(notes));
        let program: Rc<RefCell<dyn Program>> = Rc::<RefCell<Notes>>::clone(&notes);
        dispatch.attach(Rc::downgrade(&program));
        (dispatch, notes)
    }

    #[test]
    fn a_message_is_handled_and_shown_before_send_returns() {
        let (dispatch, notes) = notes();
        dispatch.send(Message::Tick);
        assert_eq!(notes.borrow().log, ["Tick", "render", "LookBack", "render"]);
        notes.borrow_mut().log = vec![String::new(), String::new()];
        dispatch.send_all([Message::Older, Message::Tick]);
        assert_eq!(notes.borrow().log[2..], ["Older", "Tick", "Newer", "render"]);
    }

    #[test]
    fn a_modal_runs_with_nothing_borrowed() {
        let (dispatch, notes) = notes();
        dispatch.send(Message::Leave);
        notes.borrow_mut().log.clear();
        notes.borrow_mut().log.push("modal".to_owned());
        notes.borrow_mut().log.push("modal".to_owned());
        dispatch.run_modals();
        assert_eq!(notes.borrow().log[2..], ["Tick", "render", "Quit", "render"]);
    }

    #[test]
    fn a_message_that_fails_does_not_stop_those_after_it() {
        let (dispatch, notes) = notes();
        let failing = std::panic::AssertUnwindSafe(|| dispatch.send(Message::RetryNow));
        assert!(std::panic::catch_unwind(failing).is_err());
        dispatch.send(Message::Tick);
        assert_eq!(notes.borrow().log.last().map(String::as_str), Some("render"));
    }

    #[test]
    fn nothing_is_kept_for_a_program_that_has_ended() {
        let (dispatch, notes) = notes();
        drop(notes);
        dispatch.send(Message::Tick);
        assert!(dispatch.next().is_none());
    }
}
