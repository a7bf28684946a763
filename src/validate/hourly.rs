//! The hours of every plane as CSV.

use std::io::{self, Write};
use std::path::Path;

use conurb_solar::pv::ac_power;
use conurb_solar::sky::{PlaneIrradiance, poa_components, poa_global};

use crate::error::Error;
use crate::export::file::{Existing, write_file};
use crate::formats::weather::{HOURS, WeatherYear};

use super::instant::DAYS_OF_MONTHS;
use super::plane_irradiance::Chain;
use super::planes::PlaneCase;

const HEADER: &str = "case,start_local,apparent_zenith_deg,solar_azimuth_deg,ghi_W_m2,dni_W_m2,dhi_W_m2,poa_global_W_m2,\
    poa_direct_W_m2,poa_sky_diffuse_W_m2,poa_ground_diffuse_W_m2,poa_isotropic_W_m2,poa_circumsolar_W_m2,\
    poa_horizon_W_m2,cell_temperature_degC,ac_W_per_Wp";
const MINUTES_OF_DAY: usize = 24 * 60;

/// Writes one line per case and hour, in the order of the weather files.
///
/// # Errors
/// The file exists or cannot be written; nothing is then left of it.
pub(super) fn write_hourly(file: &Path, cases: &[PlaneCase], chain: &Chain) -> Result<(), Error> {
    write_file(file, Existing::Refuse, |out| {
        writeln!(out, "{HEADER}")?;
        cases.iter().enumerate().try_for_each(|(index, case)| write_case(out, index + 1, case, chain))
    })
}

fn write_case(out: &mut impl Write, number: usize, case: &PlaneCase, chain: &Chain) -> io::Result<()> {
    let (year, sky) = chain.sky(case);
    let (mut poa, mut ac) = (vec![0.0; HOURS], vec![0.0; HOURS]);
    let mut parts = PlaneIrradiance::default();
    poa_global(sky, &case.plane, &chain.around, &mut poa);
    poa_components(sky, &case.plane, &chain.around, &[1.0; HOURS], &mut parts);
    ac_power(&chain.system, &year.cells, &poa, &mut ac).expect("the system is that of the references");
    for hour in 0..HOURS {
        let sun = &year.solar.sun[hour];
        let sky_diffuse = parts.isotropic[hour] + parts.circumsolar[hour] + parts.horizon[hour];
        let values = [
            sun.apparent_zenith,
            sun.azimuth,
            year.solar.ghi[hour],
            year.solar.dni[hour],
            year.solar.dhi[hour],
            poa[hour],
            parts.direct[hour],
            sky_diffuse,
            parts.ground[hour],
            parts.isotropic[hour],
            parts.circumsolar[hour],
            parts.horizon[hour],
            year.cells.air_temperature[hour] + poa[hour] * year.cells.rise[hour],
            ac[hour],
        ];
        write!(out, "{number},{}", start_local(&year.weather, hour))?;
        values.iter().try_for_each(|value| write!(out, ",{value:.6}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Start of a slot in local standard time, `MM-DDThh:mm`; a year goes round where the file's clock is another.
fn start_local(weather: &WeatherYear, slot: usize) -> String {
    let ahead = ((weather.utc_offset_h - weather.clock_utc_h) * 60.0).round() as i64;
    let of_year = (HOURS * 60) as i64;
    let minute = (slot as i64 * 60 + ahead).rem_euclid(of_year) as usize;
    let (mut day, mut month) = (minute / MINUTES_OF_DAY, 0);
    while day >= DAYS_OF_MONTHS[month] as usize {
        day -= DAYS_OF_MONTHS[month] as usize;
        month += 1;
    }
    let minute = minute % MINUTES_OF_DAY;
    format!("{:02}-{:02}T{:02}:{:02}", month + 1, day + 1, minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(utc_offset_h: f64, clock_utc_h: f64) -> [String; 3] {
        let weather = WeatherYear { utc_offset_h, clock_utc_h, ..WeatherYear::default() };
        [0, 59 * 24, HOURS - 1].map(|slot| start_local(&weather, slot))
    }

    #[test]
    fn hours_start_in_local_standard_time() {
        assert_eq!(starts(1.0, 1.0), ["01-01T00:00", "03-01T00:00", "12-31T23:00"]);
        assert_eq!(starts(1.0, 0.0), ["01-01T01:00", "03-01T01:00", "01-01T00:00"]);
        assert_eq!(starts(-5.0, 0.0), ["12-31T19:00", "02-28T19:00", "12-31T18:00"]);
        assert_eq!(starts(5.5, 0.0), ["01-01T05:30", "03-01T05:30", "01-01T04:30"]);
    }
}
