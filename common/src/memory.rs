//! Releasing memory to the system.

/// The size, in bytes, from which on glibc maps each block on its own, and unmaps it when it is freed.
const LARGE: usize = 128 * 1024;

/// Empties `bytes` and releases their memory to the system. Freeing a mapped block raises glibc's threshold to the size
/// of that block, and its limit for keeping free memory to twice that: in a large room more than all members take.
/// Shrinking the block first avoids it.
pub fn release_memory(bytes: &mut Vec<u8>) {
    let is_large = bytes.capacity() >= LARGE;
    bytes.clear();
    if is_large {
        // Shrinking to nothing would free the block at its full size.
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
