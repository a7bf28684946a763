//! The tables below `[traffic]` that say how it is computed and what is asked of it.

use super::traffic::link_type;
use super::view::View;
use crate::scenario::{
    Assignment, Braess, DelayFunction, Deterrence, Distribution, Selection, Solver, VolumeDelayRule,
};

/// `[traffic.assignment]`.
pub(super) fn assignment(view: &View<'_>) -> Assignment {
    Assignment {
        solver: view.known_choice("solver", &Solver::ALL, Solver::name),
        relative_gap: view.known_number("relative_gap"),
        max_iterations: view.integer("max_iterations") as usize,
        group_size: view.integer("group_size") as usize,
        warm_start: view.path("warm_start"),
    }
}

/// One `[[traffic.volume_delay]]`.
pub(super) fn volume_delay(view: &View<'_>) -> VolumeDelayRule {
    let function = match view.text("function").as_deref() {
        Some("bpr") => DelayFunction::Bpr { b: view.number("b"), power: view.number("power") },
        Some("bpr2") => DelayFunction::Bpr2 { b: view.number("b"), power: view.number("power") },
        Some("conical") => DelayFunction::Conical { alpha: view.number("alpha") },
        Some("akcelik") => DelayFunction::Akcelik {
            delay_parameter: view.known_number("delay_parameter"),
            analysis_period_h: view.number("analysis_period_h"),
        },
        other => unreachable!("functions are checked, found {other:?}"),
    };
    VolumeDelayRule { link_types: view.integers("link_types").into_iter().map(link_type).collect(), function }
}

/// `[traffic.distribution]`.
pub(super) fn distribution(view: &View<'_>) -> Distribution {
    let deterrence = match view.text("deterrence").as_deref() {
        Some("exponential") => Deterrence::Exponential { beta_per_min: view.known_number("beta_per_min") },
        Some("power") => Deterrence::Power { alpha: view.known_number("alpha") },
        Some("combined") => {
            Deterrence::Combined { alpha: view.known_number("alpha"), beta_per_min: view.known_number("beta_per_min") }
        }
        other => unreachable!("functions are checked, found {other:?}"),
    };
    Distribution {
        deterrence,
        totals: view.path("totals"),
        tolerance: view.known_number("tolerance"),
        max_rounds: view.integer("max_rounds") as usize,
    }
}

/// `[traffic.braess]`.
pub(super) fn braess(view: &View<'_>) -> Braess {
    Braess { links: view.links("links"), most_loaded: view.integer("most_loaded") as usize }
}

/// One `[[traffic.select]]`.
pub(super) fn selection(view: &View<'_>) -> Selection {
    Selection {
        name: view.text("name").expect("a required key is there"),
        links: view.links("links"),
        all_links: view.text("require").as_deref() == Some("all"),
        origins: view.integers("origins"),
        destinations: view.integers("destinations"),
    }
}
