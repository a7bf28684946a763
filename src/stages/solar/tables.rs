//! Sums of surfaces and buildings as fields: irradiation, modules, money.

use conurb_geometry::Kind;

use super::plants::{Plant, Plants, Worth, ranks, specific_yield};
use super::results::SurfaceRow;
use crate::city::City;
use crate::error::Error;
use crate::field::{FieldSpec, solar as field};
use crate::scenario::Photovoltaics;
use crate::stages::FieldSink;
use crate::stages::writing::{write_f64, write_i32};

/// Sums over a whole city.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Exposed area of roofs (m²).
    pub roof_area: f64,
    /// Irradiation of roofs (kWh).
    pub roof_irradiation: f64,
    /// Exposed area of walls (m²).
    pub wall_area: f64,
    /// Irradiation of walls (kWh).
    pub wall_irradiation: f64,
    /// All modules.
    pub plant: Plant,
    /// What they come to, if the scenario has costs.
    pub worth: Option<Worth>,
    /// Emissions they avoid (kg).
    pub avoided_kg: Option<f64>,
    /// Surfaces that carry modules.
    pub n_plants: usize,
}

/// The fields that are written here.
pub fn fields(pv: Option<&Photovoltaics>) -> Vec<FieldSpec> {
    let mut fields = vec![
        field::ANNUAL_IRRADIATION,
        field::ANNUAL_UNSHADED_IRRADIATION,
        field::ANNUAL_BEAM_IRRADIATION,
        field::ANNUAL_SKY_IRRADIATION,
        field::ANNUAL_GROUND_IRRADIATION,
        field::ANNUAL_FACADE_IRRADIATION,
        field::SURFACE_SKY_FACTOR,
        field::SURFACE_HORIZON_FACTOR,
        field::SURFACE_REFLECTED_SHARE,
        field::SURFACE_POINTS,
        field::SURFACE_SAMPLING_CHANGE,
        field::BUILDING_ROOF_AREA,
        field::BUILDING_ROOF_IRRADIATION,
        field::BUILDING_WALL_AREA,
        field::BUILDING_WALL_IRRADIATION,
    ];
    let Some(pv) = pv else { return fields };
    fields.extend([
        field::SURFACE_PV_SUITABLE,
        field::SURFACE_PV_AREA,
        field::BUILDING_PV_AREA,
        field::SURFACE_PV_CAPACITY,
        field::BUILDING_PV_CAPACITY,
        field::SURFACE_PV_YIELD,
        field::BUILDING_PV_YIELD,
        field::SURFACE_PV_SPECIFIC_YIELD,
        field::SURFACE_PV_RANK,
        field::BUILDING_PV_RANK,
    ]);
    if pv.avoided_kg_co2_per_kwh.is_some() {
        fields.extend([field::SURFACE_PV_AVOIDED_EMISSIONS, field::BUILDING_PV_AVOIDED_EMISSIONS]);
    }
    if pv.costs.is_some() {
        fields.extend(OF_SURFACES);
        fields.extend(OF_BUILDINGS);
    }
    fields
}

/// Money of surfaces, in the order of [`Worth`].
const OF_SURFACES: [FieldSpec; 4] = [
    field::SURFACE_PV_INVESTMENT,
    field::SURFACE_PV_LEVELISED_COST,
    field::SURFACE_PV_NET_PRESENT_VALUE,
    field::SURFACE_PV_PAYBACK_TIME,
];
/// Money of buildings, in the order of [`Worth`].
const OF_BUILDINGS: [FieldSpec; 4] = [
    field::BUILDING_PV_INVESTMENT,
    field::BUILDING_PV_LEVELISED_COST,
    field::BUILDING_PV_NET_PRESENT_VALUE,
    field::BUILDING_PV_PAYBACK_TIME,
];

/// Writes one value per surface and per building, and gives the sums of the city.
///
/// # Errors
/// The store cannot take them.
pub fn write_tables(
    sink: &mut dyn FieldSink,
    city: &City,
    rows: &[Option<SurfaceRow>],
    plants: Option<&Plants<'_>>,
) -> Result<Totals, Error> {
    let of = |value: &dyn Fn(&SurfaceRow) -> f64| -> Vec<f64> {
        rows.iter().map(|row| row.as_ref().map_or(f64::NAN, value)).collect()
    };
    write_f64(sink, &field::ANNUAL_IRRADIATION, &of(&|row| row.annual.total()))?;
    write_f64(sink, &field::ANNUAL_UNSHADED_IRRADIATION, &of(&|row| row.unshaded))?;
    write_f64(sink, &field::ANNUAL_BEAM_IRRADIATION, &of(&|row| row.annual.beam))?;
    write_f64(sink, &field::ANNUAL_SKY_IRRADIATION, &of(&|row| row.annual.sky))?;
    write_f64(sink, &field::ANNUAL_GROUND_IRRADIATION, &of(&|row| row.annual.ground))?;
    write_f64(sink, &field::ANNUAL_FACADE_IRRADIATION, &of(&|row| row.annual.facade))?;
    write_f64(sink, &field::SURFACE_SKY_FACTOR, &of(&|row| row.sky_share))?;
    write_f64(sink, &field::SURFACE_HORIZON_FACTOR, &of(&|row| row.horizon_share))?;
    write_f64(sink, &field::SURFACE_REFLECTED_SHARE, &of(&|row| row.reflected))?;
    write_f64(sink, &field::SURFACE_SAMPLING_CHANGE, &of(&|row| row.sampling_change))?;
    let points: Vec<i32> = rows.iter().map(|row| row.as_ref().map_or(0, |row| row.n_points as i32)).collect();
    write_i32(sink, &field::SURFACE_POINTS, &points)?;

    let kinds = [Kind::Roof, Kind::Wall].map(|kind| of_kind(city, rows, kind));
    let [roofs, walls] = &kinds;
    write_f64(sink, &field::BUILDING_ROOF_AREA, &roofs.area)?;
    write_f64(sink, &field::BUILDING_ROOF_IRRADIATION, &roofs.irradiation)?;
    write_f64(sink, &field::BUILDING_WALL_AREA, &walls.area)?;
    write_f64(sink, &field::BUILDING_WALL_IRRADIATION, &walls.irradiation)?;
    let mut totals = Totals {
        roof_area: roofs.area.iter().sum(),
        roof_irradiation: roofs.irradiation.iter().sum(),
        wall_area: walls.area.iter().sum(),
        wall_irradiation: walls.irradiation.iter().sum(),
        ..Totals::default()
    };
    if let Some(plants) = plants {
        write_plants(sink, city, rows, plants, &mut totals)?;
    }
    Ok(totals)
}

/// Sums over the surfaces of a kind, by building.
struct OfKind {
    area: Vec<f64>,
    irradiation: Vec<f64>,
}

fn of_kind(city: &City, rows: &[Option<SurfaceRow>], kind: Kind) -> OfKind {
    let mut sums = OfKind { area: vec![0.0; city.buildings.len()], irradiation: vec![0.0; city.buildings.len()] };
    for (face, row) in city.surfaces.iter().zip(rows) {
        if let Some(row) = row.as_ref().filter(|_| face.shape.kind == kind) {
            sums.area[face.building] += face.shape.exposed_area;
            sums.irradiation[face.building] += row.annual.total() * face.shape.exposed_area;
        }
    }
    sums
}

fn write_plants(
    sink: &mut dyn FieldSink,
    city: &City,
    rows: &[Option<SurfaceRow>],
    plants: &Plants<'_>,
    totals: &mut Totals,
) -> Result<(), Error> {
    let of_surfaces: Vec<Plant> = rows.iter().map(|row| row.map_or_else(Plant::default, |row| row.plant)).collect();
    let mut of_buildings = vec![Plant::default(); city.buildings.len()];
    for (face, plant) in city.surfaces.iter().zip(&of_surfaces) {
        of_buildings[face.building].add(plant);
    }
    of_surfaces.iter().for_each(|plant| totals.plant.add(plant));
    totals.n_plants = of_surfaces.iter().filter(|plant| plant.area > 0.0).count();
    totals.worth = plants.worth(&totals.plant)?;
    totals.avoided_kg = plants.avoided_kg(&totals.plant)?;
    let suitable: Vec<i32> = of_surfaces.iter().map(|plant| i32::from(plant.area > 0.0)).collect();
    write_i32(sink, &field::SURFACE_PV_SUITABLE, &suitable)?;
    write_f64(sink, &field::SURFACE_PV_SPECIFIC_YIELD, &of_surfaces.iter().map(specific_yield).collect::<Vec<_>>())?;
    let specs = [
        [
            field::SURFACE_PV_AREA,
            field::SURFACE_PV_CAPACITY,
            field::SURFACE_PV_YIELD,
            field::SURFACE_PV_AVOIDED_EMISSIONS,
        ],
        [
            field::BUILDING_PV_AREA,
            field::BUILDING_PV_CAPACITY,
            field::BUILDING_PV_YIELD,
            field::BUILDING_PV_AVOIDED_EMISSIONS,
        ],
    ];
    let money = [OF_SURFACES, OF_BUILDINGS];
    let rank = [field::SURFACE_PV_RANK, field::BUILDING_PV_RANK];
    for (index, some) in [&of_surfaces, &of_buildings].into_iter().enumerate() {
        let [area, capacity, yield_kwh, avoided] = &specs[index];
        write_f64(sink, area, &some.iter().map(|plant| plant.area).collect::<Vec<_>>())?;
        write_f64(sink, capacity, &some.iter().map(|plant| plant.capacity).collect::<Vec<_>>())?;
        write_f64(sink, yield_kwh, &some.iter().map(|plant| plant.yield_kwh).collect::<Vec<_>>())?;
        let saved: Vec<Option<f64>> = some.iter().map(|plant| plants.avoided_kg(plant)).collect::<Result<_, _>>()?;
        if let Some(saved) = saved.into_iter().collect::<Option<Vec<f64>>>() {
            write_f64(sink, avoided, &saved)?;
        }
        let worth: Vec<Option<Worth>> = some.iter().map(|plant| plants.worth(plant)).collect::<Result<_, _>>()?;
        if plants.has_costs() {
            write_worth(sink, &money[index], &worth)?;
        }
        write_i32(sink, &rank[index], &ranks(&measures(some, &worth, plants.has_costs())))?;
    }
    Ok(())
}

fn write_worth(sink: &mut dyn FieldSink, specs: &[FieldSpec; 4], worth: &[Option<Worth>]) -> Result<(), Error> {
    let values: [&dyn Fn(&Worth) -> f64; 4] =
        [&|worth| worth.investment, &|worth| worth.levelised_cost, &|worth| worth.net_present_value, &|worth| {
            worth.payback_years
        }];
    for (spec, value) in specs.iter().zip(values) {
        write_f64(sink, spec, &worth.iter().map(|worth| worth.as_ref().map_or(f64::NAN, value)).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// What plants are ranked by: net present value per investment, or without costs specific yield.
fn measures(plants: &[Plant], worth: &[Option<Worth>], has_costs: bool) -> Vec<f64> {
    let measure = |(plant, worth): (&Plant, &Option<Worth>)| match worth {
        Some(worth) if worth.investment > 0.0 => worth.net_present_value / worth.investment,
        Some(worth) => worth.net_present_value,
        None if has_costs => f64::NAN,
        None => specific_yield(plant),
    };
    plants.iter().zip(worth).map(measure).collect()
}
