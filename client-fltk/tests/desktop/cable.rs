//! What lies between a window and its server, and can be pulled.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Passes on what is sent to `addr`, while it is plugged in.
pub struct Cable {
    pub addr: SocketAddr,
    /// Both ends of each connection; `None` while it is pulled.
    ends: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Cable {
    /// One to a server.
    pub fn to(server: SocketAddr) -> Cable {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let ends = Arc::new(Mutex::new(Some(Vec::new())));
        let cable = Cable { addr, ends: Arc::clone(&ends) };
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if let Some(ends) = &mut *ends.lock().unwrap() {
                    let far = TcpStream::connect(server).unwrap();
                    pass_on(&near, &far);
                    pass_on(&far, &near);
                    ends.extend([near, far]);
                }
            }
        });
        cable
    }

    /// Plugs it in or pulls it.
    pub fn plug(&self, is_in: bool) {
        let next = is_in.then(Vec::new);
        let ends = std::mem::replace(&mut *self.ends.lock().unwrap(), next);
        for end in ends.into_iter().flatten() {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

fn pass_on(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}
