//! conurb: a scenario simulation engine for cities. Start reading at `run`.

pub mod archetypes;
pub mod bench;
pub mod buildings;
pub mod city;
pub mod cli;
pub mod compare;
pub mod doctor;
pub mod error;
pub mod export;
pub mod field;
pub mod formats;
pub mod inputs;
pub mod parallel;
pub mod plan;
pub mod progress;
pub mod report;
pub mod run;
pub mod scenario;
pub mod stages;
pub mod store;
pub mod validate;
