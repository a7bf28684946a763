//! What can be wrong with a feeder, its loads or what is asked of them.

/// Why there is no such feeder, or why it cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FeederError {
    /// There are no buses, or more than can be numbered.
    #[error("a feeder of {0} buses; expected 1 to 1000000")]
    Size(usize),
    /// A base voltage or a slack voltage that none has.
    #[error("{what} is {value}; expected {expected}")]
    Voltage {
        /// Which voltage.
        what: &'static str,
        /// The value.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// The slack is none of the buses.
    #[error("the slack is bus {slack} of {n_buses}")]
    UnknownSlack {
        /// The bus named as slack.
        slack: usize,
        /// Number of buses.
        n_buses: usize,
    },
    /// A line ends at a bus that there is not.
    #[error("line {line} ends at bus {bus} of {n_buses}")]
    UnknownBus {
        /// Index of the line.
        line: usize,
        /// The bus that it names.
        bus: usize,
        /// Number of buses.
        n_buses: usize,
    },
    /// A line starts and ends at the same bus.
    #[error("line {line} starts and ends at bus {bus}")]
    Loop {
        /// Index of the line.
        line: usize,
        /// Its only bus.
        bus: usize,
    },
    /// Two lines join the same buses.
    #[error("lines {first} and {line} join the same buses")]
    Duplicate {
        /// Index of the line that comes first.
        first: usize,
        /// Index of the other.
        line: usize,
    },
    /// A line closes a ring: the feeder is not radial.
    #[error("line {line} closes a ring")]
    Ring {
        /// Index of the line.
        line: usize,
    },
    /// No way leads from the slack to a bus.
    #[error("no line leads from the slack to bus {bus}")]
    Island {
        /// The first such bus.
        bus: usize,
    },
    /// A value of a line is not a number or out of its range.
    #[error("{what} of line {line} is {value}; expected {expected}")]
    Line {
        /// Index of the line.
        line: usize,
        /// Which of its values.
        what: &'static str,
        /// The value.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// Loads do not fit the feeder.
    #[error("{what} have {found} values; expected {expected}")]
    Length {
        /// Which loads.
        what: &'static str,
        /// Number of values.
        found: usize,
        /// Number that fits.
        expected: usize,
    },
    /// A load is not a number or beyond what a feeder carries.
    #[error("{what} is {value} at index {index}; expected -1e9 to 1e9")]
    Load {
        /// Which load.
        what: &'static str,
        /// Index in the series.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A candidate of the hosting capacity is the slack, no bus, or named twice.
    #[error("candidate {index} is bus {bus}, which is the slack, no bus or a candidate already")]
    Candidate {
        /// Index in the list of candidates.
        index: usize,
        /// The bus that it names.
        bus: usize,
    },
    /// A setting of a computation is out of its range.
    #[error("{what} is {value}; expected {expected}")]
    Setting {
        /// Which setting.
        what: &'static str,
        /// The value.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
}
