//! Where the heat of a zone comes from and goes to, hour by hour.

/// Heat flows of a zone in an hour (W), each positive into the zone with all its elements.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Balance {
    /// Rise of the heat that air and elements store.
    pub stored: f64,
    /// Heating.
    pub heating: f64,
    /// Cooling, ≤ 0.
    pub cooling: f64,
    /// People, appliances and light.
    pub internal: f64,
    /// Sun through windows, without what leaves again as light.
    pub solar: f64,
    /// Sun on the outside of walls and roofs.
    pub absorbed: f64,
    /// Through the outer surfaces of elements, to air and sky, apart from the sun.
    pub elements: f64,
    /// Through windows, to air and sky, apart from the sun.
    pub windows: f64,
    /// Through the ground.
    pub ground: f64,
    /// Exchange of air.
    pub exchange: f64,
}

impl Balance {
    /// What is stored and did not come from anywhere (W); 0 but for rounding.
    pub fn residual(&self) -> f64 {
        self.stored - self.flows().iter().sum::<f64>()
    }

    /// Magnitude of the largest flow (W).
    pub fn largest(&self) -> f64 {
        self.flows().iter().fold(self.stored.abs(), |largest, flow| largest.max(flow.abs()))
    }

    fn flows(&self) -> [f64; 9] {
        let Balance { stored: _, heating, cooling, internal, solar, absorbed, elements, windows, ground, exchange } =
            *self;
        [heating, cooling, internal, solar, absorbed, elements, windows, ground, exchange]
    }
}
