//! MBCn at one cell: two variables, 30 years of 365 days, windows of 31 days, 20 rotations, 20 nodes.

use std::time::Duration;

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;
use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::multivariate::{Interpolation, Plan, Scratch, Settings, Training};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Xorshift (Marsaglia, Journal of Statistical Software 8, 2003): the same weather in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Temperature that one day hands on to the next, and rain on four days of ten.
fn weather(days: &Days, seed: u64) -> [Vec<f32>; 2] {
    let mut noise = Noise(seed);
    let (mut anomaly, mut tas, mut pr) = (0.0, Vec::new(), Vec::new());
    for &day in days.day_of_year() {
        anomaly = 0.7 * anomaly + 6.0 * (noise.next() + noise.next() - 1.0);
        tas.push((285.0 - 9.0 * libm::cos(f64::from(day) / 58.1) + anomaly) as f32);
        let amount = -4.0 * libm::log(1.0 - noise.next()) * (1.0 + 0.05 * anomaly).max(0.1);
        pr.push(if noise.next() < 0.4 { amount as f32 } else { 0.0 });
    }
    [tas, pr]
}

fn multivariate(criterion: &mut Criterion) {
    let days = Days::of_years(Calendar::NoLeap, 1981, 2010);
    let [reference, historical, future] = [3, 5, 7].map(|seed| weather(&days, seed));
    let views = |series: &'static [Vec<f32>; 2]| [series[0].as_slice(), series[1].as_slice()];
    let [reference, historical, future] =
        [reference, historical, future].map(|series| views(Box::leak(Box::new(series))));
    let mut group = criterion.benchmark_group("multivariate");
    group.throughput(Throughput::Elements(1)).sample_size(10).measurement_time(Duration::from_secs(5));
    for (name, step_days) in [("windows of 31 days", 1), ("windows of 31 days, one for five days", 5)] {
        let settings = Settings {
            n_iterations: 20,
            n_nodes: 20,
            interpolation: Interpolation::Linear,
            grouping: Grouping::DayOfYear { window: 31, pool: Pool::Contiguous },
            step_days,
            seed: 1,
        };
        let plan = Plan::new(settings, 2, &days, &days).expect("the settings are in range");
        let groups = plan.groups(&days);
        let (mut training, mut scratch) = (Training::default(), Scratch::default());
        let mut adjusted = future.map(<[f32]>::to_vec);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                plan.train(&reference, &historical, &mut training, &mut scratch);
                let mut views = adjusted.each_mut().map(Vec::as_mut_slice);
                plan.adjust(&training, &groups, &future, &mut views, &mut scratch);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, multivariate);
criterion_main!(benches);
