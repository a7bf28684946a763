//! What a finished run tells people: `report.json` and `report.html`.

pub mod climate;
pub mod energy;
pub mod html;
pub mod json;
pub mod links;
pub mod machine;
pub mod numbers;
pub mod palette;
pub mod period;
pub mod solar;
pub mod turns;
