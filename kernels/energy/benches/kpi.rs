//! Cost of key figures and demand per hour and building, and of a city's budget: `cargo bench -p conurb-energy --bench kpi`.

use std::hint::black_box;

use conurb_energy::budget::{Choice, exact, greedy};
use conurb_energy::climate::Climate;
use conurb_energy::demand::{Backup, BuildingSystems, Demand, DemandYear, ElectricityHours, HeatSystem};
use conurb_energy::heat_pump::{HeatPump, HeatSource};
use conurb_energy::heating_curve::{FlowTemperatures, OutdoorReset, PartLoads};
use conurb_energy::hourly::{Hourly, LANES, Lanes};
use conurb_energy::kpi::{Controls, Kpi, Limits, MONTH_STARTS};
use conurb_energy::load_duration::LoadDuration;
use conurb_energy::profile::Profile;
use conurb_energy::zone::Supply;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A month, which stays in cache as it does behind the zone model.
const HOURS: usize = 744;

criterion_group!(benches, of_key_figures, of_demand, of_budgets);
criterion_main!(benches);

fn of_key_figures(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("key figures");
    group.throughput(Throughput::Elements((HOURS * LANES) as u64));
    let hourly = Hourly {
        heating: series(|x| 4000.0 * x),
        cooling: series(|x| 900.0 * (0.5 - x).max(0.0)),
        temp_air: series(|x| 18.0 + 9.0 * x),
        temp_operative: series(|x| 18.0 + 10.0 * x),
        solar_gains: series(|x| 500.0 * x),
    };
    let supply = Supply { setpoint: 20.0, setback: 18.0, max_power: 3000.0, convective_share: 1.0 };
    let controls = [Controls { heating: supply, cooling: supply, radiant_share: 0.5 }; LANES];
    let limits = Limits { month_starts: MONTH_STARTS, overheating: [26.0, 27.0], tolerance: 0.5 };
    let mut kpi = Kpi::new(&controls, limits);
    group.bench_function("sums, peaks, temperatures, unmet", |b| b.iter(|| kpi.add(black_box(&hourly), 0)));
    group.bench_function("load duration", |b| {
        b.iter(|| {
            let mut duration = LoadDuration::default();
            duration.add(black_box(&hourly.heating));
            duration
        });
    });
    group.finish();
}

fn of_demand(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("demand");
    group.throughput(Throughput::Elements((HOURS * LANES) as u64));
    let weather: Vec<f64> = (0..HOURS).map(|hour| (hour % 31) as f64 - 10.0).collect();
    let climate = Climate { temp_ground: vec![9.0; HOURS], temp_air: weather, ..Climate::default() };
    let profile = Profile { hot_water: vec![1.0 / 24.0; HOURS], appliances: vec![0.5; HOURS], ..Profile::default() };
    let reset = OutdoorReset { design_outdoor: -10.0, room: 20.0, exponent: 1.3 };
    let loads = PartLoads::new(reset, &climate.temp_air).expect("valid weather");
    let year = DemandYear::new(&climate, &profile, &loads).expect("series of one length");
    let pump = HeatPump {
        source: HeatSource::Air,
        carnot_share: 0.4,
        smallest_lift: 15.0,
        capacity: 5000.0,
        coldest_source: -8.0,
    };
    let systems = BuildingSystems {
        heating: HeatSystem::HeatPump { pump, backup: Backup::Electric },
        flow: FlowTemperatures { design_flow: 50.0, design_return: 40.0, lowest_flow: 25.0 },
        hot_water: HeatSystem::HeatPump { pump, backup: Backup::Electric },
        hot_water_flow: 50.0,
        hot_water_daily: 4000.0,
        appliances: 500.0,
        cooling_efficiency: 3.0,
    };
    let mut demand = Demand::new(&[systems; LANES], &year).expect("valid systems");
    let (heating, cooling, pv) = (series(|x| 6000.0 * x), series(|x| 100.0 * x), series(|x| 900.0 * x));
    let hourly = Hourly { heating, cooling, ..Hourly::default() };
    let mut out = ElectricityHours::default();
    group.bench_function("sums", |b| b.iter(|| demand.add(&year, black_box(&hourly), 0, Some(&pv), None)));
    group.bench_function("sums and series", |b| {
        b.iter(|| demand.add(&year, black_box(&hourly), 0, Some(&pv), Some(&mut out)));
    });
    group.finish();
}

fn of_budgets(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("budget");
    let city = options(100_000, 8);
    group.throughput(Throughput::Elements(800_000));
    group.bench_function("greedy, 100 000 buildings of 8 options", |b| {
        b.iter(|| greedy(black_box(&city), 1e9).expect("valid options"));
    });
    let street = options(100, 8);
    group.throughput(Throughput::Elements(800));
    group.bench_function("exact, 100 buildings of 8 options", |b| {
        b.iter(|| exact(black_box(&street), 1e6).expect("a small case"));
    });
    group.finish();
}

/// Packages that bring ever less for ever more, each building of another size.
fn options(buildings: usize, packages: usize) -> Vec<Vec<Choice>> {
    let option = |building: usize, package: usize| {
        let (size, noise) = ((1 + building * 37 % 23) as f64, (building * package * 7919 % 997) as f64);
        Choice { cost: package as f64 * size * 1000.0 + noise, value: size * (package as f64 * 900.0 + noise).sqrt() }
    };
    (0..buildings).map(|building| (1..=packages).map(|package| option(building, package)).collect()).collect()
}

/// Values that look like weather but need none.
fn series(of: impl Fn(f64) -> f64) -> Vec<Lanes> {
    (0..HOURS).map(|hour| std::array::from_fn(|lane| of(((hour * 7 + lane * 13) % 101) as f64 / 101.0))).collect()
}
