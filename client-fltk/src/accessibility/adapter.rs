//! The adapter to the system's screen readers. A window's tree is built and passed on only while one is listening.

/// The window that a tree describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// The connect window, in which people enter a server and a name.
    Connect,
    /// The chat window.
    Chat,
}

#[cfg(all(unix, not(target_os = "macos")))]
mod system {
    use accesskit::{ActionHandler, ActionRequest, ActivationHandler, DeactivationHandler, TreeUpdate};
    use accesskit_unix::Adapter;
    use fltk::app::Sender;

    use crate::accessibility::adapter::Window;
    use crate::core::message::Message;

    /// The system's accessibility adapters, one for each window.
    pub(crate) struct Reader {
        connect: Adapter,
        chat: Adapter,
        /// The window that has the keyboard focus.
        front: Option<Window>,
    }

    impl Reader {
        /// Begins to listen for a screen reader, on a thread of the library.
        pub(crate) fn new(sender: Sender<Message>) -> Reader {
            let adapter = || Adapter::new(Bridge(sender), Bridge(sender), Bridge(sender));
            Reader { connect: adapter(), chat: adapter(), front: None }
        }

        /// Passes on the tree of `window` if a screen reader is listening. `is_in_front` says that this window has the
        /// keyboard focus.
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

    /// Actions of a screen reader go to the window's thread, as messages.
    struct Bridge(Sender<Message>);

    impl ActivationHandler for Bridge {
        /// The arrival of a screen reader: the window is rendered again, after which its tree is passed on.
        fn request_initial_tree(&mut self) -> Option<TreeUpdate> {
            self.0.send(Message::ScreenReader);
            None
        }
    }

    impl ActionHandler for Bridge {
        fn do_action(&mut self, request: ActionRequest) {
            self.0.send(Message::ScreenReaderAction(request));
        }
    }

    impl DeactivationHandler for Bridge {
        fn deactivate_accessibility(&mut self) {}
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod system {
    use accesskit::TreeUpdate;
    use fltk::app::Sender;

    use crate::accessibility::adapter::Window;
    use crate::core::message::Message;

    /// Placeholder: trees are not passed on yet on this system.
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
