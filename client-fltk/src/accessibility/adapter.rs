//! Screen readers: what stands in the windows goes to the system while one is listening, and costs nothing else.

/// The window that is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// Where people say to which server they want.
    Connect,
    /// Where people talk.
    Chat,
}

#[cfg(all(unix, not(target_os = "macos")))]
mod system {
    use accesskit::{Action, ActionHandler, ActionRequest, ActivationHandler, DeactivationHandler, TreeUpdate};
    use accesskit_unix::Adapter;
    use fltk::app::Sender;

    use crate::accessibility::adapter::Window;
    use crate::core::message::Message;

    /// The way to the screen reader, one for each window.
    pub(crate) struct Reader {
        connect: Adapter,
        chat: Adapter,
        /// The window that has the keys.
        front: Option<Window>,
    }

    impl Reader {
        /// Begins to listen for a screen reader, on a thread of the library.
        pub(crate) fn new(sender: Sender<Message>) -> Reader {
            let adapter = || Adapter::new(Waker(sender), Presser(sender), Presser(sender));
            Reader { connect: adapter(), chat: adapter(), front: None }
        }

        /// Tells what stands in `window`, which has the keys if it `is_in_front`, if somebody listens.
        pub(crate) fn tell(&mut self, window: Window, is_in_front: bool, tree: impl FnOnce() -> TreeUpdate) {
            let front = is_in_front.then_some(window);
            if std::mem::replace(&mut self.front, front) != front {
                self.connect.update_window_focus_state(front == Some(Window::Connect));
                self.chat.update_window_focus_state(front == Some(Window::Chat));
            }
            let adapter = if window == Window::Connect { &mut self.connect } else { &mut self.chat };
            adapter.update_if_active(tree);
        }
    }

    /// A screen reader came: the window shows itself anew, and so is told of.
    struct Waker(Sender<Message>);

    impl ActivationHandler for Waker {
        fn request_initial_tree(&mut self) -> Option<TreeUpdate> {
            self.0.send(Message::ScreenReader);
            None
        }
    }

    /// What a screen reader asks for is done on the window's thread.
    struct Presser(Sender<Message>);

    impl ActionHandler for Presser {
        fn do_action(&mut self, request: ActionRequest) {
            match request.action {
                Action::Click => self.0.send(Message::Press(request.target.0)),
                Action::Focus => self.0.send(Message::TakeFocus(request.target.0)),
                _ => {}
            }
        }
    }

    impl DeactivationHandler for Presser {
        fn deactivate_accessibility(&mut self) {}
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod system {
    use accesskit::TreeUpdate;
    use fltk::app::Sender;

    use crate::accessibility::adapter::Window;
    use crate::core::message::Message;

    /// Nothing is told yet on this system.
    pub(crate) struct Reader;

    impl Reader {
        /// Does nothing.
        pub(crate) fn new(_: Sender<Message>) -> Reader {
            Reader
        }

        /// Does nothing.
        pub(crate) fn tell(&mut self, _: Window, _: bool, _: impl FnOnce() -> TreeUpdate) {}
    }
}

pub(crate) use crate::accessibility::adapter::system::Reader;
