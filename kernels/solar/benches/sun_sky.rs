//! Sun positions and transposition.

use std::hint::black_box;

use conurb_solar::pv::{CellTemperature, PvHours, PvSystem, ac_energy};
use conurb_solar::sky::{
    Plane, SkyHours, SkySeries, Surroundings, Transposition, clear_sky_ineichen, poa_global, poa_totals,
};
use conurb_solar::sun::{Ephemeris, Site, SunPosition, julian_day, position, positions};
use criterion::{Criterion, Throughput};

const HOURS: usize = 8760;
const SITE: Site =
    Site { latitude: 51.92, longitude: 4.48, elevation_m: 0.0, pressure_pa: 101_325.0, temperature_c: 12.0 };
const DELTA_T: f64 = 67.0;

/// Registers the benches of this file.
pub fn benches(bench: &mut Criterion) {
    of_the_sun(bench);
    of_planes(bench);
}

fn of_the_sun(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("sun");
    let instants = hours_of_a_year();
    let mut out = vec![SunPosition::default(); HOURS];
    group.throughput(Throughput::Elements(1));
    group.bench_function("position, plain", |b| b.iter(|| position(black_box(instants[4000]), &SITE, DELTA_T)));
    group.throughput(Throughput::Elements(HOURS as u64));
    group.bench_function("positions, one site, hours of a year", |b| {
        b.iter(|| positions(black_box(&instants), &SITE, DELTA_T, &mut out).expect("a valid site"));
    });
    let ephemeris = Ephemeris::new(&instants, DELTA_T).expect("valid instants");
    group.bench_function("positions, each further site, hours of a year", |b| {
        b.iter(|| black_box(&ephemeris).positions(&SITE, &mut out).expect("a valid site"));
    });
    group.finish();
}

fn of_planes(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("planes");
    let hours = clear_year(Transposition::Perez);
    let (plane, around) = (Plane::new(35.0, 180.0), Surroundings::open(0.2));
    let (sun_share, mut out) = (vec![1.0; HOURS], vec![0.0; HOURS]);
    group.throughput(Throughput::Elements(HOURS as u64));
    group.bench_function("perez, hourly global", |b| {
        b.iter(|| poa_global(black_box(&hours), &plane, &around, &mut out));
    });
    group.bench_function("perez, sums by origin with shadows", |b| {
        b.iter(|| poa_totals(black_box(&hours), &plane, &around, &sun_share));
    });
    let weather = PvHours::new(&CellTemperature::OPEN_RACK_GLASS_POLYMER, &vec![12.0; HOURS], &vec![3.0; HOURS])
        .expect("valid weather");
    let system = PvSystem {
        temperature_coefficient: -0.0035,
        lost_share: 0.140_757,
        dc_ac_ratio: 1.2,
        inverter_efficiency: 0.96,
    };
    group.bench_function("perez and pvwatts, energy of a year", |b| {
        b.iter(|| {
            poa_global(black_box(&hours), &plane, &around, &mut out);
            ac_energy(&system, &weather, &out)
        });
    });
    group.bench_function("sky of a year, perez", |b| b.iter(|| clear_year(Transposition::Perez)));
    group.finish();
}

fn hours_of_a_year() -> Vec<f64> {
    let first = julian_day(2023, 1, 1, 0.5);
    (0..HOURS).map(|hour| first + hour as f64 / 24.0).collect()
}

fn clear_year(model: Transposition) -> SkyHours {
    let mut sun = vec![SunPosition::default(); HOURS];
    positions(&hours_of_a_year(), &SITE, DELTA_T, &mut sun).expect("a valid site");
    let sky: Vec<_> = sun
        .iter()
        .map(|sun| clear_sky_ineichen(sun.apparent_zenith, 3.0, SITE.elevation_m, SITE.pressure_pa, 1366.1))
        .collect();
    let (ghi, dni): (Vec<_>, Vec<_>) = sky.iter().map(|sky| (sky.ghi, sky.dni)).unzip();
    let dhi: Vec<_> = sky.iter().map(|sky| sky.dhi).collect();
    SkyHours::new(&SkySeries { sun: &sun, ghi: &ghi, dni: &dni, dhi: &dhi }, model).expect("a valid sky")
}
