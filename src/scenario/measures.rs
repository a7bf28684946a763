//! What a scenario says of measures on buildings.

/// Measures that are taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name in results: its measures joined by `+`.
    pub name: String,
    /// The measures.
    pub measures: Vec<Measure>,
}

impl Package {
    /// The package of a text such as `wall_standard+roof_ambitious`.
    ///
    /// # Errors
    /// What is wrong with the first part that is.
    pub fn parse(text: &str) -> Result<Self, PackageFault> {
        let mut measures: Vec<Measure> = Vec::new();
        for part in text.split('+').map(str::trim) {
            let measure = Measure::parse(part).ok_or_else(|| PackageFault::Unknown(part.to_owned()))?;
            if measures.iter().any(|other| other.kind == measure.kind) {
                return Err(PackageFault::Repeated(measure.kind));
            }
            measures.push(measure);
        }
        let names: Vec<String> = measures.iter().map(|measure| measure.name()).collect();
        Ok(Package { name: names.join("+"), measures })
    }
}

/// Why a text is no package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageFault {
    /// A part is no measure.
    Unknown(String),
    /// A kind of measure stands there twice.
    Repeated(MeasureKind),
}

/// A measure and how far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// What is done.
    pub kind: MeasureKind,
    /// How far.
    pub level: Level,
}

impl Measure {
    /// All of them, by kind.
    pub fn all() -> impl Iterator<Item = Measure> {
        let of_kind = |kind| Level::ALL.into_iter().map(move |level| Measure { kind, level });
        MeasureKind::ALL.into_iter().flat_map(of_kind)
    }
    /// Name in a scenario file and in results, `wall_standard`.
    pub fn name(self) -> String {
        format!("{}_{}", self.kind.name(), self.level.name())
    }

    /// The measure of that name; `pv` stands for `photovoltaics`.
    fn parse(name: &str) -> Option<Self> {
        let (kind, level) = name.rsplit_once('_')?;
        Some(Measure { kind: MeasureKind::named(kind)?, level: Level::named(level)? })
    }
}

/// What is done to a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasureKind {
    /// Insulation of walls.
    Wall,
    /// Insulation of roofs.
    Roof,
    /// Insulation of the floor.
    Floor,
    /// New windows.
    Window,
    /// Sealing of leaks.
    Airtightness,
    /// Ventilation with heat recovery.
    HeatRecovery,
    /// Heat pump instead of the heating system.
    HeatPump,
    /// Photovoltaics on the roof.
    Photovoltaics,
}

impl MeasureKind {
    /// All of them.
    pub const ALL: [MeasureKind; 8] = [
        MeasureKind::Wall,
        MeasureKind::Roof,
        MeasureKind::Floor,
        MeasureKind::Window,
        MeasureKind::Airtightness,
        MeasureKind::HeatRecovery,
        MeasureKind::HeatPump,
        MeasureKind::Photovoltaics,
    ];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            MeasureKind::Wall => "wall",
            MeasureKind::Roof => "roof",
            MeasureKind::Floor => "floor",
            MeasureKind::Window => "window",
            MeasureKind::Airtightness => "airtightness",
            MeasureKind::HeatRecovery => "heat_recovery",
            MeasureKind::HeatPump => "heat_pump",
            MeasureKind::Photovoltaics => "photovoltaics",
        }
    }
    /// The kind of that name; `pv` stands for `photovoltaics`.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "pv" { MeasureKind::Photovoltaics.name() } else { name };
        MeasureKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How far a measure goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Usual refurbishment.
    Standard,
    /// As good as is worth doing.
    Ambitious,
}

impl Level {
    /// All of them.
    pub const ALL: [Level; 2] = [Level::Standard, Level::Ambitious];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Level::Standard => "standard",
            Level::Ambitious => "ambitious",
        }
    }
    /// The level of that name.
    pub fn named(name: &str) -> Option<Self> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_measures_in_the_order_they_are_written() {
        let package = Package::parse("window_ambitious + wall_standard+pv_standard").unwrap();
        assert_eq!(package.name, "window_ambitious+wall_standard+photovoltaics_standard");
        let measure = |kind, level| Measure { kind, level };
        let expected = [
            measure(MeasureKind::Window, Level::Ambitious),
            measure(MeasureKind::Wall, Level::Standard),
            measure(MeasureKind::Photovoltaics, Level::Standard),
        ];
        assert_eq!(package.measures, expected);
        assert_eq!(Package::parse(&package.name), Ok(package));
    }

    #[test]
    fn every_measure_has_a_name_of_its_own() {
        let names: Vec<String> = Measure::all().map(Measure::name).collect();
        assert_eq!(names.len(), 16);
        assert_eq!(
            (&*names[0], &*names[11], &*names[13]),
            ("wall_standard", "heat_recovery_ambitious", "heat_pump_ambitious")
        );
        for (measure, name) in Measure::all().zip(&names) {
            assert_eq!(Measure::parse(name), Some(measure));
        }
    }

    #[test]
    fn what_is_no_package_is_told() {
        for (text, part) in [
            ("", ""),
            ("wall", "wall"),
            ("wall_standard+", ""),
            ("wall_standard,roof_standard", "wall_standard,roof_standard"),
            ("roof_standard+wall_best", "wall_best"),
            ("Wall_standard", "Wall_standard"),
        ] {
            assert_eq!(Package::parse(text), Err(PackageFault::Unknown(part.to_owned())), "{text}");
        }
        let twice = Package::parse("wall_standard+roof_standard+wall_ambitious");
        assert_eq!(twice, Err(PackageFault::Repeated(MeasureKind::Wall)));
    }
}
