//! What zones need hour by hour.

/// Zones that are computed side by side.
pub const LANES: usize = 8;

/// A value for each lane.
pub type Lanes = [f64; LANES];

/// Results of some consecutive hours, an entry for each hour.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hourly {
    /// Heat that heating gave (W, mean of the hour, ≥ 0).
    pub heating: Vec<Lanes>,
    /// Heat that cooling took (W, mean of the hour, ≥ 0).
    pub cooling: Vec<Lanes>,
    /// Air temperature (°C).
    pub temp_air: Vec<Lanes>,
    /// Operative temperature, the mean of air and mean radiant temperature (°C).
    pub temp_operative: Vec<Lanes>,
    /// Solar heat that came in through windows, before any of it leaves again as light (W).
    pub solar_gains: Vec<Lanes>,
}

impl Hourly {
    /// Room for so many hours.
    pub fn with_hours(n_hours: usize) -> Self {
        let hours = || vec![[0.0; LANES]; n_hours];
        Hourly { heating: hours(), cooling: hours(), temp_air: hours(), temp_operative: hours(), solar_gains: hours() }
    }

    /// Makes room for so many hours; allocates only for more than ever before.
    pub fn resize(&mut self, n_hours: usize) {
        let Hourly { heating, cooling, temp_air, temp_operative, solar_gains } = self;
        for hours in [heating, cooling, temp_air, temp_operative, solar_gains] {
            hours.resize(n_hours, [0.0; LANES]);
        }
    }

    /// Copies an hour of other results.
    pub(crate) fn copy_hour(&mut self, hour: usize, from: &Hourly, from_hour: usize) {
        self.heating[hour] = from.heating[from_hour];
        self.cooling[hour] = from.cooling[from_hour];
        self.temp_air[hour] = from.temp_air[from_hour];
        self.temp_operative[hour] = from.temp_operative[from_hour];
        self.solar_gains[hour] = from.solar_gains[from_hour];
    }
}
