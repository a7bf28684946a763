//! A run of the assignment, period by period.

use std::time::Instant;

use super::metrics::{self, PeriodOutcome};
use super::problem::AssignmentProblem;
use super::results::observed::Observed;
use super::results::output::{Output, put_i32, put_text};
use super::results::paths::PathTable;
use super::results::select::Selected;
use super::results::trip_lengths;
use super::results::turning::TurnList;
use super::results::{Groupings, Results, period_fields, write_convergence, write_network};
use super::solution::Solution;
use super::stage::AssignmentStage;
use super::{LogEntry, Start, Target, Watch, braess, distribution, known, solve, system_optimum};
use crate::error::{Error, Warning};
use crate::field::{Dim, traffic as field};
use crate::parallel::Runtime;
use crate::scenario::Solver;
use crate::stages::{Context, Stage};

/// A run of the stage: what is kept from period to period.
pub(super) struct Run<'s, 'c> {
    stage: &'s AssignmentStage,
    context: &'s mut Context<'c>,
    groupings: Groupings,
    turns: Option<TurnList>,
    selections: Vec<Selected>,
    /// What is modelled where there are counts.
    pub(super) observed: Option<Observed<'s>>,
    /// Links whose closing is tried, chosen in the first period.
    closed: Option<Vec<usize>>,
    /// Problem and solution of the period before, to start from.
    last: Option<(AssignmentProblem, Solution)>,
    logs: Vec<Vec<LogEntry>>,
    paths: PathTable,
    pub(super) outcomes: Vec<PeriodOutcome>,
    pub(super) warnings: Vec<Warning>,
    pub(super) write_seconds: f64,
}

impl<'s, 'c> Run<'s, 'c> {
    /// Announces all fields and writes those that do not depend on volumes.
    pub(super) fn start(stage: &'s AssignmentStage, context: &'s mut Context<'c>) -> Result<Self, Error> {
        let (traffic, inputs, problem) = (&stage.traffic, &stage.inputs, &stage.problem);
        let writing = Writing::start(context.runtime);
        let sink = &mut *context.sink;
        write_network(sink, inputs, traffic, problem)?;
        let groupings = Groupings::new(inputs);
        groupings.write(sink)?;
        let turns = traffic.turning_volumes.then(|| TurnList::new(problem));
        if let Some(turns) = &turns {
            turns.write(sink, traffic)?;
        }
        let names: Vec<String> = traffic.selections.iter().map(|selection| selection.name.clone()).collect();
        if !names.is_empty() {
            put_text(sink, &field::SELECTION_NAME, &names)?;
        }
        trip_lengths::write_bins(sink, traffic)?;
        let mut run = Run {
            stage,
            groupings,
            turns,
            selections: Selected::new(inputs, traffic, problem)?,
            observed: Observed::new(inputs, traffic),
            closed: None,
            last: None,
            logs: Vec::new(),
            paths: PathTable::default(),
            outcomes: Vec::new(),
            warnings: Vec::new(),
            write_seconds: 0.0,
            context,
        };
        run.create_fields()?;
        run.write_seconds += writing.seconds(run.context.runtime);
        Ok(run)
    }

    fn output(&mut self) -> Output<'_> {
        Output::new(self.context.runtime, self.context.sink, self.stage.traffic.periods.len())
    }

    /// Announces the fields of periods, but for those of links whose closing is tried, which are not known yet.
    fn create_fields(&mut self) -> Result<(), Error> {
        let (n_zones, n_links) = (self.stage.problem.network.n_zones(), self.stage.problem.network.n_links());
        let (n_classes, n_selections) = (self.stage.problem.classes.len(), self.selections.len());
        let n_turns = self.turns.as_ref().map_or(0, TurnList::len);
        for spec in period_fields(&self.stage.inputs, &self.stage.traffic) {
            let length = |dim: &Dim| match dim {
                Dim::Link => n_links,
                Dim::Class => n_classes,
                Dim::Turn => n_turns,
                Dim::Selection => n_selections,
                Dim::Origin | Dim::Destination => n_zones,
                Dim::LengthBin => trip_lengths::N_BINS[0],
                Dim::TimeBin => trip_lengths::N_BINS[1],
                _ => self.groupings.len_of(&spec),
            };
            if spec != field::BRAESS_CHANGE {
                let shape: Vec<usize> = spec.dims.iter().map(length).collect();
                self.output().create(&spec, &shape)?;
            }
        }
        Ok(())
    }

    /// Solves a period and writes all that follows from it.
    pub(super) fn period(&mut self, period: usize) -> Result<(), Error> {
        let stage = self.stage;
        let mut problem = match period {
            0 => stage.problem.clone(),
            _ => AssignmentProblem::new(&stage.inputs, &stage.traffic, period)?,
        };
        let (solution, consistency) = self.solve(period, &mut problem)?;
        let runtime = self.context.runtime;
        let results =
            Results { inputs: &stage.inputs, traffic: &stage.traffic, problem: &problem, solution: &solution, period };
        let groupings = self.groupings.clone();
        let writing = Writing::start(runtime);
        let mut output = self.output();
        results.write_links(&mut output)?;
        results.write_groups(&mut output, &groupings)?;
        let computing = results.write_matrices(runtime, &mut output)?;
        self.write_seconds += (writing.seconds(runtime) - computing).max(0.0);
        if let Some(turns) = self.turns.take() {
            results.write_turning_volumes(runtime, &mut self.output(), &turns)?;
            self.turns = Some(turns);
        }
        if !self.selections.is_empty() {
            let selections = std::mem::take(&mut self.selections);
            results.write_selections(runtime, &mut self.output(), &selections)?;
            self.selections = selections;
        }
        if stage.traffic.path_flows {
            self.paths = std::mem::take(&mut self.paths).joined(results.paths(runtime));
        }
        if let Some(observed) = &mut self.observed {
            observed.add_period(&results);
        }
        let mut outcome = PeriodOutcome::new(&results, consistency);
        outcome.trip_lengths = results.write_trip_lengths(runtime, &mut self.output())?;
        self.optimum(&results, &mut outcome)?;
        self.closings(&results, &mut outcome)?;
        self.warnings.extend(metrics::outcome_warnings(&results, &outcome));
        self.outcomes.push(outcome);
        self.logs.push(solution.log.clone());
        let is_needed = period + 1 < stage.traffic.periods.len();
        self.last = is_needed.then_some((problem, solution));
        Ok(())
    }

    fn solve(
        &mut self,
        period: usize,
        problem: &mut AssignmentProblem,
    ) -> Result<(Solution, Option<distribution::Consistency>), Error> {
        let (traffic, inputs, runtime) = (&self.stage.traffic, &self.stage.inputs, self.context.runtime);
        let keeps_paths = traffic.assignment.solver == Solver::GradientProjection;
        let earlier = inputs.earlier.as_ref().filter(|earlier| earlier.has(period));
        let start = match (&self.last, earlier) {
            _ if !keeps_paths => Start::Cold,
            (_, Some(earlier)) => {
                let (start, n_dropped) = known::first_start(runtime, Some(earlier), problem, period)?;
                self.warnings.extend(dropped(n_dropped, &self.name_of(period)));
                start
            }
            (Some((before, solution)), None) => Start::Known(known::carry_over(runtime, (before, solution), problem)),
            (None, None) => Start::Cold,
        };
        if inputs.earlier.is_some() && earlier.is_none() {
            let message = format!("the earlier run has no paths of this period{}", self.name_of(period));
            self.warnings.push(Warning::new("no_earlier_paths", 1, message));
        }
        let target = &traffic.assignment;
        let watch = |iteration: usize, entry: &LogEntry| self.tell(target, iteration, entry);
        match &traffic.distribution {
            None => Ok((solve(runtime, problem, target, start, &watch)?, None)),
            Some(distribution) => {
                let with = (target, start, &watch as Watch<'_>);
                let (solution, consistency) =
                    distribution::solve_together(runtime, (inputs, traffic), distribution, (problem, period), with)?;
                Ok((solution, Some(consistency)))
            }
        }
    }

    /// `, period NAME` where periods have names.
    fn name_of(&self, period: usize) -> String {
        self.stage.traffic.periods.get(period).map_or(String::new(), |period| format!(", period {}", period.name))
    }

    fn tell(&self, target: &Target, iteration: usize, entry: &LogEntry) {
        let gap = entry.gaps.relative_gap();
        // Gaps fall by about the same factor each iteration, so progress is told on their logarithm.
        let done = if gap > target.relative_gap { gap.ln() / target.relative_gap.ln() } else { 1.0 };
        let text = format!("iteration {iteration}, relative gap {gap:.2e}");
        self.context.progress.update(self.stage.name(), done, &text);
    }

    fn optimum(&mut self, results: &Results<'_>, outcome: &mut PeriodOutcome) -> Result<(), Error> {
        let Some(wanted) = &self.stage.traffic.system_optimum else { return Ok(()) };
        let runtime = self.context.runtime;
        let target = Target { relative_gap: wanted.relative_gap, ..self.stage.traffic.assignment.clone() };
        let mut output = Output::new(runtime, self.context.sink, self.stage.traffic.periods.len());
        let silent = |_: usize, _: &LogEntry| {};
        let (optimum, solution) = system_optimum::solve_and_write(runtime, results, &target, &mut output, &silent)?;
        outcome.trees += solution.trees;
        outcome.optimum = Some(optimum);
        Ok(())
    }

    fn closings(&mut self, results: &Results<'_>, outcome: &mut PeriodOutcome) -> Result<(), Error> {
        let Some(wanted) = &self.stage.traffic.braess else { return Ok(()) };
        let (runtime, solved) = (self.context.runtime, (results.problem, results.solution));
        let candidates = match self.closed.take() {
            Some(candidates) => candidates,
            None => {
                let candidates = braess::candidates(results.inputs, results.traffic, solved, wanted)?;
                let links: Vec<i32> = candidates.iter().map(|&link| link as i32).collect();
                put_i32(self.context.sink, &field::BRAESS_LINK, &[links.len()], &links)?;
                self.output().create(&field::BRAESS_CHANGE, &[links.len()])?;
                candidates
            }
        };
        let target = &self.stage.traffic.assignment;
        let silent = |_: usize, _: &LogEntry| {};
        let closings = braess::close_each(runtime, solved, target, &candidates, &silent)?;
        let changes = closings.iter().map(|closing| closing.change).collect();
        self.output().put(results.period, &field::BRAESS_CHANGE, &[candidates.len()], changes)?;
        outcome.set_closings(&candidates, &closings, &results.inputs.roads.link_id);
        self.closed = Some(candidates);
        Ok(())
    }

    /// Writes what all periods share.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        let writing = Writing::start(self.context.runtime);
        let traffic = &self.stage.traffic;
        write_convergence(self.context.sink, &self.logs)?;
        if let Some(observed) = &self.observed {
            observed.write(self.context.sink)?;
        }
        if traffic.path_flows {
            self.paths.write(self.context.runtime, self.context.sink, traffic.periods.len())?;
        }
        self.write_seconds += writing.seconds(self.context.runtime);
        Ok(())
    }
}

/// A word on paths of an earlier run that do not hold any more.
fn dropped(n_dropped: usize, of_period: &str) -> Option<Warning> {
    let message = format!("{n_dropped} paths of the earlier run do not hold for this one{of_period}");
    (n_dropped > 0).then(|| Warning::new("dropped_paths", n_dropped, message))
}

/// Time spent writing, that of waiting for other ranks left out.
struct Writing {
    start: Instant,
    waited: f64,
}

impl Writing {
    fn start(runtime: &Runtime) -> Self {
        Writing { start: Instant::now(), waited: runtime.communication_seconds() }
    }
    fn seconds(&self, runtime: &Runtime) -> f64 {
        (self.start.elapsed().as_secs_f64() - (runtime.communication_seconds() - self.waited)).max(0.0)
    }
}
