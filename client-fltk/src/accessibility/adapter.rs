//! Screen readers: what stands in the windows goes to the system while one is listening, and costs nothing else.

#[cfg(all(unix, not(target_os = "macos")))]
mod system {
    use accesskit::{Action, ActionHandler, ActionRequest, ActivationHandler, DeactivationHandler, TreeUpdate};
    use accesskit_unix::Adapter;
    use fltk::app::Sender;

    use crate::accessibility::tree;
    use crate::accessibility::tree::Focus;
    use crate::core::message::Message;
    use crate::core::{ConversationId, Phase, State};

    /// The way to the screen reader, one for each window.
    pub(crate) struct Reader {
        entering: Adapter,
        talking: Adapter,
        place: Option<ConversationId>,
        is_in_front: bool,
    }

    impl Reader {
        /// Begins to listen for a screen reader, on a thread of the library.
        pub(crate) fn new(sender: Sender<Message>) -> Reader {
            let adapter = || Adapter::new(Waker(sender), Presser(sender), Presser(sender));
            Reader { entering: adapter(), talking: adapter(), place: None, is_in_front: false }
        }

        /// Tells what changed, if somebody listens.
        pub(crate) fn tell(&mut self, state: &State, focus: Option<Focus>) {
            let is_entering = matches!(state.phase, Phase::Entering | Phase::Connecting);
            let is_in_front = focus.is_some();
            if std::mem::replace(&mut self.is_in_front, is_in_front) != is_in_front {
                self.entering.update_window_focus_state(is_in_front && is_entering);
                self.talking.update_window_focus_state(is_in_front && !is_entering);
            }
            let focus = focus.unwrap_or_default();
            if is_entering {
                return self.entering.update_if_active(|| tree::entering(state, focus));
            }
            let is_same_place = self.place.as_ref() == Some(&state.place);
            self.place = Some(state.place.clone());
            self.talking.update_if_active(|| tree::talking(state, focus, is_same_place));
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

    /// What a screen reader presses is pressed; where the keys go it leaves to the keys.
    struct Presser(Sender<Message>);

    impl ActionHandler for Presser {
        fn do_action(&mut self, request: ActionRequest) {
            if request.action == Action::Click {
                self.0.send(Message::Press(request.target.0));
            }
        }
    }

    impl DeactivationHandler for Presser {
        fn deactivate_accessibility(&mut self) {}
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod system {
    use fltk::app::Sender;

    use crate::accessibility::tree::Focus;
    use crate::core::State;
    use crate::core::message::Message;

    /// Nothing is told yet on this system.
    pub(crate) struct Reader;

    impl Reader {
        /// Does nothing.
        pub(crate) fn new(_: Sender<Message>) -> Reader {
            Reader
        }

        /// Does nothing.
        pub(crate) fn tell(&mut self, _: &State, _: Option<Focus>) {}
    }
}

pub(crate) use crate::accessibility::adapter::system::Reader;
