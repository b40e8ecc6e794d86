//! Giving memory back to the system.

/// From this size on, in bytes, glibc takes a block from the system for itself alone, unless it has learned otherwise.
const LARGE: usize = 128 * 1024;

/// Empties `bytes` and gives what they took back to the system. A large block that is freed as it is teaches glibc to
/// keep blocks of its size from then on, and twice as much of what is free: in a large room more than all its members
/// take. One that has been made small teaches it nothing.
pub fn release_memory(bytes: &mut Vec<u8>) {
    let is_large = bytes.capacity() >= LARGE;
    bytes.clear();
    if is_large {
        // To nothing would be to free it as it is.
        bytes.shrink_to(1);
    }
    *bytes = Vec::new();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_it() {
        for length in [0, 1, LARGE - 1, LARGE, 10 * LARGE] {
            let mut bytes = vec![7; length];
            release_memory(&mut bytes);
            assert_eq!((bytes.len(), bytes.capacity()), (0, 0));
        }
    }
}
