//! Any tables of buildings, energy, feeder and money that go together.

use proptest::prelude::*;

use super::round_trip::path;
use super::solar_round_trip::{OfSun, buildings, economy, weather, without_energy};
use crate::buildings::Usage;
use crate::scenario::*;

/// The tables of `sun` with energy of buildings beside them.
pub(super) fn with_energy(sun: impl Strategy<Value = OfSun> + 'static) -> BoxedStrategy<OfSun> {
    // Boxed, because what strategies are made of is too large for the stack of a test otherwise.
    let tables = (weather().boxed(), buildings().boxed(), of_buildings().boxed(), energy().boxed()).boxed();
    let feeder = proptest::option::of(feeder()).boxed();
    (sun.boxed(), tables, (economy(), money()).boxed(), feeder)
        .prop_map(|(sun, (weather, models, own, mut energy), (economy, (costs, carriers)), feeder)| {
            let weather = sun.weather.unwrap_or(weather);
            if matches!(weather.file, WeatherFile::Tmy3(_)) {
                energy.sky_temperature = SkyTemperature::Fixed;
            }
            let with_surfaces = match (sun.buildings, &own.table) {
                (Some(models), _) => Some(models),
                (None, Some(_)) => None,
                (None, None) => Some(models),
            };
            let buildings = match with_surfaces {
                Some(Buildings { cityjson, lod, .. }) => Buildings { cityjson, lod, table: None, ..own },
                None => {
                    let attributes = AttributeNames { usages: own.attributes.usages, ..AttributeNames::default() };
                    Buildings { attributes, ..own }
                }
            };
            let costs = costs.filter(|_| !energy.retrofit.is_empty());
            energy.budget = energy.budget.filter(|_| costs.is_some());
            let carriers = completed(carriers, &energy, costs.is_some());
            let asks = costs.is_some() || !carriers.is_empty();
            let economy = sun.economy.or(asks.then_some(economy));
            let economy = economy.map(|economy| Economy { measure_costs: costs, carriers, ..economy });
            let (weather, buildings) = (Some(weather), Some(buildings));
            OfSun { weather, buildings, solar: sun.solar, energy: Some(energy), feeder, economy }
        })
        .boxed()
}

/// Carriers in use have what any of them has, and prices where measures have costs.
fn completed(
    mut carriers: Vec<(Carrier, CarrierFactors)>,
    energy: &Energy,
    needs_prices: bool,
) -> Vec<(Carrier, CarrierFactors)> {
    let in_use = [Carrier::Electricity, energy.heating_system.carrier()];
    let is_used = |carrier: &Carrier| in_use.contains(carrier);
    let own = carriers.iter().filter(|(carrier, _)| is_used(carrier));
    let mut all = CarrierFactors { price_per_kwh: None, kg_co2_per_kwh: None, primary_energy_factor: None };
    for (_, factors) in own {
        all.price_per_kwh = all.price_per_kwh.or(factors.price_per_kwh);
        all.kg_co2_per_kwh = all.kg_co2_per_kwh.or(factors.kg_co2_per_kwh);
        all.primary_energy_factor = all.primary_energy_factor.or(factors.primary_energy_factor);
    }
    all.price_per_kwh = all.price_per_kwh.or(needs_prices.then_some(0.25));
    carriers.retain(|(carrier, _)| !is_used(carrier));
    let asks = all.price_per_kwh.or(all.kg_co2_per_kwh).or(all.primary_energy_factor).is_some();
    carriers.extend(Carrier::ALL.into_iter().filter(|carrier| asks && is_used(carrier)).map(|carrier| (carrier, all)));
    carriers.sort_by_key(|(carrier, _)| *carrier);
    carriers
}

fn of_buildings() -> impl Strategy<Value = Buildings> {
    let source = prop_oneof![
        proptest::sample::select(Country::ALL.to_vec()).prop_map(ArchetypeSource::Country),
        path(".csv").prop_map(ArchetypeSource::Table),
        (path(""), "[A-Z]{2}").prop_map(|(folder, country)| ArchetypeSource::Tabula { folder, country }),
        ("TABULA_(NL|DE|x)", "[A-Z]{2}").prop_map(|(name, country)| {
            ArchetypeSource::Tabula { folder: PathBuf::from("town").join(name), country }
        }),
    ];
    let files = (proptest::option::of(path(".csv.gz")), source, proptest::option::of(path("")));
    let usage = || proptest::sample::select(Usage::ALL.to_vec());
    (files, attributes(), 1000..=2100, usage(), 2.0..=10.0).prop_map(
        |((table, archetypes, layers), attributes, default_year, default_use, storey_height_m)| Buildings {
            table,
            archetypes: Some(archetypes),
            layers,
            attributes,
            default_year,
            default_use,
            storey_height_m,
            ..without_energy()
        },
    )
}

fn attributes() -> impl Strategy<Value = AttributeNames> {
    let name = || proptest::option::of("[ -~äß€\"\\\\]{0,12}[a-z\"\\\\#=]");
    let usage = proptest::sample::select(Usage::ALL.to_vec());
    let usages = proptest::collection::btree_map("[ -~äß€\"\\\\]{0,12}[a-z\"\\\\#=]", usage, 0..4);
    (name(), name(), name(), name(), usages).prop_map(|(id, year, usage, storeys, usages)| AttributeNames {
        id,
        year,
        usage,
        storeys,
        usages: usages.into_iter().rev().collect(),
    })
}

fn package() -> impl Strategy<Value = Package> {
    let levels = proptest::sample::select(Level::ALL.to_vec());
    let kinds = proptest::sample::subsequence(MeasureKind::ALL.to_vec(), 1..=4).prop_shuffle();
    (kinds, proptest::collection::vec(levels, 4)).prop_map(|(kinds, levels)| {
        let measures: Vec<Measure> =
            kinds.into_iter().zip(levels).map(|(kind, level)| Measure { kind, level }).collect();
        let names: Vec<String> = measures.iter().map(|measure| measure.name()).collect();
        Package { name: names.join("+"), measures }
    })
}

/// Packages of which no two are the same in another order.
fn packages() -> impl Strategy<Value = Vec<Package>> {
    proptest::collection::vec(package(), 0..4).prop_map(|packages| {
        let mut seen: Vec<Vec<Measure>> = Vec::new();
        let is_new = |package: &Package| {
            let mut measures = package.measures.clone();
            measures.sort_unstable();
            let is_new = !seen.contains(&measures);
            seen.push(measures);
            is_new
        };
        packages.into_iter().filter(is_new).collect()
    })
}

fn energy() -> impl Strategy<Value = Energy> {
    let words = (
        proptest::sample::select(Fidelity::ALL.to_vec()),
        proptest::sample::select(ExteriorConvection::ALL.to_vec()),
        proptest::sample::select(SkyTemperature::ALL.to_vec()),
        proptest::sample::select(Control::ALL.to_vec()),
        proptest::sample::select(HeatingSystem::ALL.to_vec()),
        proptest::sample::select(RankBy::ALL.to_vec()),
    );
    let option = |from: f64, to: f64| proptest::option::of(from..=to);
    // Setback below setpoint below cooling setpoint.
    let temperatures = (option(0.0, 15.0), option(15.0, 22.0), option(22.0, 60.0), 20.0..30.0, 30.0..=60.0);
    let powers = (option(1e-3, 1e4), option(1e-3, 1e4), option(0.0, 2000.0));
    let cooled = proptest::sample::subsequence(Usage::ALL.to_vec(), 0..=3).prop_shuffle();
    let numbers = (0.0..=50.0, 0.0..=1.0, 1e-3..=1.0, 1e-3..=20.0, option(1e-3, 2.0), option(0.0, 1e13));
    (words, packages(), temperatures, powers, (cooled, 0usize..=365, any::<bool>()), numbers).prop_map(
        |(words, retrofit, temperatures, powers, (cooled, warm_up_days, hourly), numbers)| Energy {
            fidelity: words.0,
            retrofit,
            exterior_convection: words.1,
            sky_temperature: words.2,
            control: words.3,
            heating_setpoint_c: temperatures.1,
            heating_setback_c: temperatures.0,
            cooling_setpoint_c: temperatures.2.filter(|_| !cooled.is_empty()),
            heating_power_w_m2: powers.0,
            cooling_power_w_m2: powers.1.filter(|_| !cooled.is_empty()),
            cooled,
            night_ventilation_per_h: numbers.0,
            blinds_above_w_m2: powers.2,
            blinds_factor: numbers.1,
            overheating_above_c: [temperatures.3, temperatures.4],
            warm_up_days,
            hourly,
            heating_system: words.4,
            heat_pump_efficiency: numbers.2,
            cooling_efficiency: numbers.3,
            rank_by: words.5,
            expected_per_calculated: numbers.4,
            budget: numbers.5,
        },
    )
}

/// Costs of measures, and any carriers.
fn money() -> impl Strategy<Value = (Option<PathBuf>, Vec<(Carrier, CarrierFactors)>)> {
    let option = |most: f64| proptest::option::of(0.0..=most);
    let factors = (option(1e9), option(10.0), option(10.0)).prop_map(|(price, emissions, primary)| CarrierFactors {
        price_per_kwh: price,
        kg_co2_per_kwh: emissions,
        primary_energy_factor: primary,
    });
    let carriers = proptest::sample::subsequence(Carrier::ALL.to_vec(), 0..=5);
    let carriers = (carriers, proptest::collection::vec(factors, 5))
        .prop_map(|(carriers, factors)| carriers.into_iter().zip(factors).collect());
    (proptest::option::of(path(".csv")), carriers)
}

fn feeder() -> impl Strategy<Value = FeederScenario> {
    let csv = (path(".csv"), proptest::option::of(path(".csv")), 0.5..=1.5, 0.1..=500.0)
        .prop_map(|(lines, loads, slack, base)| (FeederFiles::Csv { lines, loads }, slack, base));
    let network = prop_oneof![csv, path(".json").prop_map(|file| (FeederFiles::Pandapower(file), 1.02, 0.4))];
    let hosting = proptest::sample::subsequence(Technology::ALL.to_vec(), 0..=3).prop_shuffle();
    let powers = (1e-3..=1e4, 1e-3..=1000.0, 1e-3..=1e4, 0.5..=1.0);
    let limits = (0.5..1.0, 1.0..=1.5);
    (network, path(".csv"), limits, (hosting, 1usize..=10_000), powers).prop_map(
        |((network, slack_pu, base_kv), connections, limits, (hosting, hosting_draws), powers)| FeederScenario {
            network,
            connections: Some(connections),
            slack_pu,
            base_kv,
            voltage_limits_pu: [limits.0, limits.1],
            hosting,
            hosting_draws,
            pv_kwp: powers.0,
            ev_kw: powers.1,
            ev_kwh_per_day: powers.2,
            power_factor: powers.3,
        },
    )
}
