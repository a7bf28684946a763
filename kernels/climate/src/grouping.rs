//! Which days are corrected together.

/// Days that share their quantiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// All days.
    All,
    /// The days of each month of the year.
    Month,
    /// For each day of the year those around it.
    DayOfYear {
        /// Days of the window, odd: the day itself and as many on either side.
        window: u16,
        /// What is around a day.
        pool: Pool,
    },
}

/// What is around a day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pool {
    /// Time steps of the series around each occurrence of the day, cut off at both ends of the series.
    Contiguous,
    /// Days of the calendar, the last of December beside the first of January, of all years alike.
    Circular,
}
