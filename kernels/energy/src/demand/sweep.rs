//! The hot loop of demand: all lanes by the same arithmetic, whatever heats them.

use super::{BuildingSystems, ElectricityHours};
use crate::dispatch::{Sweep, dispatch};
use crate::heat_pump::{HeatPump, HeatSource};
use crate::heating_curve::OutdoorReset;
use crate::hourly::{LANES, Lanes};

/// 0 °C (K).
const ZERO_CELSIUS: f64 = 273.15;
/// Nothing in any lane.
const NONE: Lanes = [0.0; LANES];
/// Stands for the pump that a lane has not; its capacity of 0 makes the rest of no matter.
const NO_PUMP: HeatPump = HeatPump {
    source: HeatSource::Air,
    carnot_share: 1.0,
    smallest_lift: 1.0,
    capacity: 0.0,
    coldest_source: f64::NEG_INFINITY,
};

/// Systems of a block, one entry per lane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plant {
    heating: Machine,
    hot_water: Machine,
    /// 1 where heating has what hot water leaves of the same pump, 0 where pumps differ.
    shared: Lanes,
    hot_water_daily: Lanes,
    appliances: Lanes,
    per_cooling: Lanes,
}

/// A heat pump with what gives the rest, or the rest alone.
#[derive(Debug, Clone, PartialEq)]
struct Machine {
    /// Whether any lane has a heat pump; without one, its divisions are left out and give what they would.
    pumps: bool,
    /// Source temperature as weights of air and ground and a constant.
    source: [Lanes; 3],
    /// Flow temperature as a constant and weights of φ^(1/n) and φ, and its least.
    flow: [Lanes; 4],
    carnot_share: Lanes,
    smallest_lift: Lanes,
    capacity: Lanes,
    coldest_source: Lanes,
    rest_electricity: Lanes,
    rest_fuel: Lanes,
}

/// Weather and use of an hour.
#[derive(Clone, Copy)]
struct Now {
    temp_air: f64,
    temp_ground: f64,
    load: f64,
    root: f64,
}

/// What a machine did in an hour.
struct Served {
    pump_heat: Lanes,
    pump_electricity: Lanes,
    rest: Lanes,
}

/// Hours of a chunk.
pub(super) struct Hours<'a> {
    pub heating: &'a [Lanes],
    pub cooling: &'a [Lanes],
    pub pv: Option<&'a [Lanes]>,
    pub temp_air: &'a [f64],
    pub temp_ground: &'a [f64],
    pub load: &'a [f64],
    pub root: &'a [f64],
    pub hot_water: &'a [f64],
    pub appliances: &'a [f64],
}

/// Sums over hours (Wh) and peaks (W).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sums {
    pub heat_electricity: Lanes,
    pub heating_fuel: Lanes,
    pub hot_water_fuel: Lanes,
    pub hot_water_need: Lanes,
    pub cooling_electricity: Lanes,
    pub appliances: Lanes,
    pub pump_heat: Lanes,
    pub pump_electricity: Lanes,
    pub pv: Lanes,
    pub pv_used: Lanes,
    pub peak_import: Lanes,
    pub peak_export: Lanes,
}

struct AddDemand<'a> {
    plant: &'a Plant,
    hours: Hours<'a>,
    sums: &'a mut Sums,
    out: Option<&'a mut ElectricityHours>,
}

/// Adds `hours` to `sums` and fills `out`.
pub(super) fn add(plant: &Plant, hours: Hours<'_>, sums: &mut Sums, mut out: Option<&mut ElectricityHours>) {
    let n = hours.heating.len();
    assert!(hours.cooling.len() == n && hours.pv.is_none_or(|pv| pv.len() == n), "series of one length");
    if let Some(out) = &mut out {
        out.net.resize(n, [0.0; LANES]);
        out.heat.resize(n, [0.0; LANES]);
    }
    dispatch(AddDemand { plant, hours, sums, out });
}

impl Plant {
    pub fn new(buildings: &[BuildingSystems], reset: &OutdoorReset) -> Plant {
        let mut plant = Plant {
            heating: Machine::none(),
            hot_water: Machine::none(),
            shared: NONE,
            hot_water_daily: NONE,
            appliances: NONE,
            per_cooling: NONE,
        };
        for (lane, building) in buildings.iter().enumerate() {
            let (pump, hot_pump) = (building.heating.pump(), building.hot_water.pump());
            let [root, load] = building.flow.weights(reset);
            plant.heating.set(lane, pump, [reset.room, root, load, building.flow.lowest_flow], building.heating.rest());
            let flow = [building.hot_water_flow, 0.0, 0.0, building.hot_water_flow];
            plant.hot_water.set(lane, hot_pump, flow, building.hot_water.rest());
            plant.shared[lane] = if pump.is_some() && pump == hot_pump { 1.0 } else { 0.0 };
            plant.hot_water_daily[lane] = building.hot_water_daily;
            plant.appliances[lane] = building.appliances;
            plant.per_cooling[lane] = 1.0 / building.cooling_efficiency;
        }
        plant
    }
}

impl Machine {
    fn none() -> Machine {
        let mut machine = Machine {
            pumps: false,
            source: [NONE; 3],
            flow: [NONE; 4],
            carnot_share: NONE,
            smallest_lift: NONE,
            capacity: NONE,
            coldest_source: NONE,
            rest_electricity: NONE,
            rest_fuel: NONE,
        };
        for lane in 0..LANES {
            machine.set(lane, None, [0.0; 4], (0.0, 0.0));
        }
        machine
    }

    fn set(&mut self, lane: usize, pump: Option<HeatPump>, flow: [f64; 4], rest: (f64, f64)) {
        self.pumps |= pump.is_some();
        let pump = pump.unwrap_or(NO_PUMP);
        for (lanes, weight) in self.source.iter_mut().zip(pump.source.weights()) {
            lanes[lane] = weight;
        }
        for (lanes, weight) in self.flow.iter_mut().zip(flow) {
            lanes[lane] = weight;
        }
        self.carnot_share[lane] = pump.carnot_share;
        self.smallest_lift[lane] = pump.smallest_lift;
        self.capacity[lane] = pump.capacity;
        self.coldest_source[lane] = pump.coldest_source;
        (self.rest_electricity[lane], self.rest_fuel[lane]) = rest;
    }

    /// What it does for `need`, of a pump of which `taken` is in use already.
    #[inline(always)]
    fn serve(&self, now: Now, need: &Lanes, taken: &Lanes) -> Served {
        let mut served = Served { pump_heat: NONE, pump_electricity: NONE, rest: *need };
        if !self.pumps {
            return served;
        }
        for lane in 0..LANES {
            let [air, ground, fixed] = [self.source[0][lane], self.source[1][lane], self.source[2][lane]];
            let source = air * now.temp_air + ground * now.temp_ground + fixed;
            let flow = self.flow[0][lane] + self.flow[1][lane] * now.root + self.flow[2][lane] * now.load;
            let flow = if flow > self.flow[3][lane] { flow } else { self.flow[3][lane] };
            let lift = flow - source;
            let lift = if lift > self.smallest_lift[lane] { lift } else { self.smallest_lift[lane] };
            let able = if source >= self.coldest_source[lane] { self.capacity[lane] } else { 0.0 };
            let left = able - taken[lane];
            let left = if left > 0.0 { left } else { 0.0 };
            let heat = if need[lane] < left { need[lane] } else { left };
            served.pump_heat[lane] = heat;
            served.pump_electricity[lane] = heat * lift / (self.carnot_share[lane] * (flow + ZERO_CELSIUS));
            served.rest[lane] = need[lane] - heat;
        }
        served
    }
}

impl Plant {
    /// An hour's energy, added to `sums`; returns electricity drawn from the grid and that for heat.
    #[inline(always)]
    fn take(&self, hours: &Hours<'_>, hour: usize, sums: &mut Sums) -> (Lanes, Lanes) {
        let now = Now {
            temp_air: hours.temp_air[hour],
            temp_ground: hours.temp_ground[hour],
            load: hours.load[hour],
            root: hours.root[hour],
        };
        let (mut need, mut taken) = (self.hot_water_daily, self.shared);
        for need in &mut need {
            *need *= hours.hot_water[hour];
        }
        let hot = self.hot_water.serve(now, &need, &NONE);
        for (taken, heat) in taken.iter_mut().zip(&hot.pump_heat) {
            *taken *= heat;
        }
        let warm = self.heating.serve(now, &hours.heating[hour], &taken);
        let mut heat = NONE;
        for lane in 0..LANES {
            let pumped = hot.pump_electricity[lane] + warm.pump_electricity[lane];
            let elements = hot.rest[lane] * self.hot_water.rest_electricity[lane]
                + warm.rest[lane] * self.heating.rest_electricity[lane];
            heat[lane] = pumped + elements;
            sums.heat_electricity[lane] += heat[lane];
            sums.heating_fuel[lane] += warm.rest[lane] * self.heating.rest_fuel[lane];
            sums.hot_water_fuel[lane] += hot.rest[lane] * self.hot_water.rest_fuel[lane];
            sums.hot_water_need[lane] += need[lane];
            sums.pump_heat[lane] += hot.pump_heat[lane] + warm.pump_heat[lane];
            sums.pump_electricity[lane] += pumped;
        }
        (self.exchange(hours, hour, &heat, sums), heat)
    }

    /// What is drawn from the grid (W), photovoltaics taken off.
    #[inline(always)]
    fn exchange(&self, hours: &Hours<'_>, hour: usize, heat: &Lanes, sums: &mut Sums) -> Lanes {
        let pv = hours.pv.map_or(&NONE, |pv| &pv[hour]);
        let mut net = NONE;
        for lane in 0..LANES {
            let cooling = hours.cooling[hour][lane] * self.per_cooling[lane];
            let appliances = self.appliances[lane] * hours.appliances[hour];
            let used = heat[lane] + cooling + appliances;
            let drawn = used - pv[lane];
            net[lane] = drawn;
            sums.cooling_electricity[lane] += cooling;
            sums.appliances[lane] += appliances;
            sums.pv[lane] += pv[lane];
            sums.pv_used[lane] += if used < pv[lane] { used } else { pv[lane] };
            sums.peak_import[lane] = if drawn > sums.peak_import[lane] { drawn } else { sums.peak_import[lane] };
            sums.peak_export[lane] = if -drawn > sums.peak_export[lane] { -drawn } else { sums.peak_export[lane] };
        }
        net
    }
}

impl Sweep for AddDemand<'_> {
    #[inline(always)]
    fn sweep(self) {
        let AddDemand { plant, hours, sums: total, mut out } = self;
        let mut sums = total.clone();
        for hour in 0..hours.heating.len() {
            let (net, heat) = plant.take(&hours, hour, &mut sums);
            if let Some(out) = &mut out {
                for lane in 0..LANES {
                    out.net[hour][lane] = net[lane] as f32;
                    out.heat[hour][lane] = heat[lane] as f32;
                }
            }
        }
        *total = sums;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::run_plainly;

    #[test]
    fn wide_instructions_give_the_bits_of_plain_ones() {
        let lanes = |seed: f64| std::array::from_fn(|lane| 0.1 + (seed * (lane as f64 + 1.7)) % 1.0);
        let machine = |seed: f64| Machine {
            pumps: true,
            source: [lanes(seed), lanes(seed + 0.3), lanes(seed + 0.7)],
            flow: [[20.0; LANES], lanes(seed + 9.1).map(|x: f64| 40.0 * x), lanes(seed + 2.3), [25.0; LANES]],
            carnot_share: lanes(seed + 4.1),
            smallest_lift: [15.0; LANES],
            capacity: lanes(seed + 5.3).map(|x: f64| 5000.0 * x),
            coldest_source: lanes(seed + 6.1).map(|x: f64| 8.0 * x - 8.0),
            rest_electricity: lanes(seed + 7.7),
            rest_fuel: lanes(seed + 8.9),
        };
        let plant = Plant {
            heating: machine(1.31),
            hot_water: machine(2.17),
            shared: [1.0; LANES],
            hot_water_daily: lanes(3.3).map(|x: f64| 9000.0 * x),
            appliances: lanes(4.7),
            per_cooling: lanes(5.9),
        };
        let of_hours = |scale: f64| (0..300).map(|hour| (f64::from(hour) * 0.618).fract() * scale).collect::<Vec<_>>();
        let needs: Vec<Lanes> = of_hours(7.1).into_iter().map(|x| lanes(x).map(|y: f64| 4000.0 * y)).collect();
        let (air, ground, share) = (of_hours(40.0), of_hours(12.0), of_hours(1.0));
        let run = |run: fn(AddDemand<'_>)| {
            let hours = Hours {
                heating: &needs,
                cooling: &needs,
                pv: Some(&needs),
                temp_air: &air,
                temp_ground: &ground,
                load: &share,
                root: &share,
                hot_water: &share,
                appliances: &share,
            };
            let mut sums = Sums::default();
            let mut out = ElectricityHours { net: vec![[0.0; LANES]; 300], heat: vec![[0.0; LANES]; 300] };
            run(AddDemand { plant: &plant, hours, sums: &mut sums, out: Some(&mut out) });
            (sums, out)
        };
        let (wide, plain) = (run(|sweep| dispatch(sweep)), run(|sweep| run_plainly(sweep)));
        assert!(wide.0.pump_electricity.iter().all(|sum| *sum > 0.0));
        assert_eq!(wide, plain);
    }
}
