//! Limits that a process sets itself.
#![allow(unsafe_code)]

use std::io;

use libc::{RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, rlimit, setrlimit};

/// Bounds processor time and memory of this process for good, and lets it leave no core file.
pub(super) fn set(cpu_seconds: u64, memory_bytes: u64) -> io::Result<()> {
    for (resource, most) in [(RLIMIT_CPU, cpu_seconds), (RLIMIT_AS, memory_bytes), (RLIMIT_CORE, 0)] {
        let limit = rlimit { rlim_cur: most, rlim_max: most };
        // SAFETY: the call reads one struct that outlives it.
        if unsafe { setrlimit(resource, &raw const limit) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}
