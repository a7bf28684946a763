//! The sun: its position at any place and time.
