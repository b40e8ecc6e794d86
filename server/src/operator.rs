//! The person at the console: commands, answers and the log.

pub mod console;
pub mod file_name;
pub mod log;
pub mod log_file;
pub mod output_buffer;
