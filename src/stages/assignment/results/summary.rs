//! Vehicle kilometres, vehicle hours and delay by link type and by district.

use super::output::{Output, put_i32, put_text};
use super::{Results, Traffic, TrafficInputs};
use crate::error::Error;
use crate::field::{FieldSpec, traffic as field};
use crate::stages::FieldSink;

/// Which links belong together, in file order.
#[derive(Debug, Clone)]
pub struct Groupings {
    types: Vec<i32>,
    type_of: Vec<usize>,
    /// Names of districts, the last for what lies outside all of them.
    districts: Vec<String>,
    district_of: Vec<usize>,
}

/// Name of the district of links that lie in none.
const OUTSIDE: &str = "outside";

impl Groupings {
    /// Groups the links of a network by type, and by the district that holds the middle between their ends.
    pub fn new(inputs: &TrafficInputs) -> Self {
        let roads = &inputs.roads;
        let mut types = roads.link_type.clone();
        types.sort_unstable();
        types.dedup();
        let type_of = roads.link_type.iter().map(|code| types.partition_point(|known| known < code)).collect();
        let (mut districts, mut district_of) = (Vec::new(), Vec::new());
        if let (Some(xy), false) = (&roads.node_xy, inputs.districts.is_empty()) {
            districts.extend(inputs.districts.iter().map(|district| district.name.clone()));
            districts.push(OUTSIDE.to_owned());
            district_of.extend(roads.tail.iter().zip(&roads.head).map(|(&tail, &head)| {
                let (tail, head) = (xy[tail as usize], xy[head as usize]);
                let middle = [0.5 * (tail[0] + head[0]), 0.5 * (tail[1] + head[1])];
                let found = inputs.districts.iter().position(|district| district.contains(middle));
                found.unwrap_or(inputs.districts.len())
            }));
        }
        Groupings { types, type_of, districts, district_of }
    }

    /// The fields by group.
    pub(super) fn fields(inputs: &TrafficInputs, traffic: &Traffic) -> Vec<FieldSpec> {
        let mut fields = vec![field::TYPE_VHT, field::TYPE_DELAY];
        let has_lengths = traffic.length_unit.is_some();
        fields.extend(has_lengths.then_some(field::TYPE_VKT));
        if !inputs.districts.is_empty() {
            fields.extend([field::DISTRICT_VHT, field::DISTRICT_DELAY]);
            fields.extend(has_lengths.then_some(field::DISTRICT_VKT));
        }
        fields
    }

    /// Writes what the groups are.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        put_i32(sink, &field::TYPE_CODE, &[self.types.len()], &self.types)?;
        if self.districts.is_empty() { Ok(()) } else { put_text(sink, &field::DISTRICT_NAME, &self.districts) }
    }

    /// Number of entries of a field by group.
    pub fn len_of(&self, spec: &FieldSpec) -> usize {
        if spec.dims == field::TYPE_VHT.dims { self.types.len() } else { self.districts.len() }
    }
}

impl Results<'_> {
    /// Writes vehicle kilometres, hours and delay by group; time of turns is left out, because no link has it.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_groups(&self, output: &mut Output<'_>, groupings: &Groupings) -> Result<(), Error> {
        let (problem, traffic) = (self.problem, self.traffic);
        let per_hour = 1.0 / traffic.period_h;
        let hours = traffic.time_unit.seconds() / 3600.0;
        let (vehicles, times) = (self.vehicles(), self.travel_times());
        let source = problem.graph.source_link();
        let km = traffic.length_unit.map_or(0.0, |unit| unit.metres() / 1000.0);
        let vkt = |link: usize| vehicles[link] * per_hour * self.inputs.roads.length[source[link] as usize] * km;
        let vht = |link: usize| vehicles[link] * per_hour * times[link] * hours;
        let delay =
            |link: usize| vehicles[link] * per_hour * (times[link] - problem.travel_times.cost(link, 0.0)) * hours;
        for spec in Groupings::fields(self.inputs, traffic) {
            let of_link: &dyn Fn(usize) -> f64 = match spec.name {
                "type_vkt" | "district_vkt" => &vkt,
                "type_vht" | "district_vht" => &vht,
                _ => &delay,
            };
            let n_groups = groupings.len_of(&spec);
            let group_of = if spec.dims == field::TYPE_VHT.dims { &groupings.type_of } else { &groupings.district_of };
            let mut sums = vec![0.0; n_groups];
            (0..source.len()).for_each(|link| sums[group_of[source[link] as usize]] += of_link(link));
            output.put(self.period, &spec, &[n_groups], sums)?;
        }
        Ok(())
    }
}
