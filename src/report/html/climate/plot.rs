//! A drawing of yearly values: lines that differ by dashes as well as by colour, and ranges around them.

use super::super::markup::Html;
use crate::report::numbers;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;
/// Steps that an axis has at most.
const MOST_STEPS: f64 = 7.0;
/// Looks of lines; further ones begin again.
const LOOKS: usize = 4;

/// Axes around values and years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    years: Axis,
    values: Axis,
}

/// A line over years, with the range around it where it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// Years with their value, and with the ends of their range; ascending.
    pub points: Vec<(i32, f64, [f64; 2])>,
}

/// Round ticks that hold all values.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    first: f64,
    step: f64,
    n_steps: usize,
}

impl Axis {
    /// Steps of 1, 2 or 5 times a power of ten, of at least `least_step`.
    fn around(low: f64, high: f64, least_step: f64) -> Axis {
        let span = (high - low).max(least_step);
        let power = 10_f64.powf((span / MOST_STEPS).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
        let n_steps = |step: f64| (high / step).ceil() - (low / step).floor();
        let fits = |step: &f64| *step >= least_step && n_steps(*step) <= MOST_STEPS;
        let step = steps.into_iter().find(fits).unwrap_or(20.0 * power);
        Axis { first: (low / step).floor() * step, step, n_steps: n_steps(step).max(1.0) as usize }
    }

    /// Where a value lies, 0 at the first tick and 1 at the last.
    fn place(self, value: f64) -> f64 {
        ((value - self.first) / (self.step * self.n_steps as f64)).clamp(0.0, 1.0)
    }

    fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.n_steps).map(move |tick| self.first + tick as f64 * self.step)
    }
}

impl Plot {
    /// Axes that hold all lines and ranges; none where no line has a value.
    pub fn around(lines: &[Line]) -> Option<Plot> {
        let values =
            || lines.iter().flat_map(|line| &line.points).flat_map(|(_, value, [low, high])| [value, low, high]);
        let finite = || values().copied().filter(|value| value.is_finite());
        let years = || lines.iter().flat_map(|line| &line.points).map(|(year, ..)| f64::from(*year));
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            let start = (f64::INFINITY, f64::NEG_INFINITY);
            values.fold(start, |(low, high), value| (low.min(value), high.max(value)))
        };
        let (low, high) = ends(&mut finite());
        let (first, last) = ends(&mut years());
        let least_step = 1e-6 * high.abs().max(low.abs()).max(1e-6);
        // Beyond this there are no round steps.
        let is_drawable = low.is_finite() && low.abs().max(high.abs()) < 1e12;
        is_drawable.then(|| Plot { years: Axis::around(first, last, 1.0), values: Axis::around(low, high, least_step) })
    }

    fn x(&self, year: i32) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * self.years.place(f64::from(year))
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - self.values.place(value))
    }

    /// The whole drawing: what it shows in words, the name of the upright axis, and the lines.
    pub fn drawing(&self, summary: &str, y_name: &str, lines: &[Line]) -> Html {
        let mut svg = Html::new().raw("<svg viewBox=\"0 0 720 300\" role=\"img\" aria-label=\"").text(summary);
        svg = svg.raw("\">\n<title>").text(summary).raw("</title>\n");
        for tick in self.values.ticks() {
            let y = self.y(tick);
            svg = svg.raw("<line class=\"grid\" x1=\"64\" x2=\"704\" y1=\"").coordinate(y);
            svg = svg.raw("\" y2=\"").coordinate(y).raw("\"/><text class=\"end\" x=\"56\" y=\"").coordinate(y + 4.0);
            // A sum of steps may miss zero by its last bit.
            let tick = if tick.abs() < 1e-9 * self.values.step { 0.0 } else { tick };
            svg = svg.raw("\">").text(&numbers::number(tick)).raw("</text>\n");
        }
        for tick in self.years.ticks() {
            let x = LEFT + (WIDTH - LEFT - RIGHT) * self.years.place(tick);
            svg = svg.raw("<text class=\"middle\" y=\"274\" x=\"").coordinate(x).raw("\">");
            svg = svg.text(&format!("{tick:.0}")).raw("</text>\n");
        }
        svg =
            svg.raw("<text class=\"middle\" x=\"384\" y=\"294\">year</text>\n<text class=\"start\" x=\"8\" y=\"14\">");
        svg = svg.text(y_name).raw("</text>\n");
        for (number, line) in lines.iter().enumerate() {
            for part in line.parts() {
                svg = svg.with(self.range(number, part));
            }
        }
        for (number, line) in lines.iter().enumerate() {
            for part in line.parts() {
                svg = svg.with(self.line(number, &line.name, part));
            }
        }
        svg.raw("</svg>\n")
    }

    fn range(&self, number: usize, part: &[(i32, f64, [f64; 2])]) -> Html {
        let has_range = part.iter().all(|(.., [low, high])| low.is_finite() && high.is_finite());
        if !has_range || part.len() < 2 {
            return Html::new();
        }
        let upper = part.iter().map(|(year, _, [_, high])| (*year, *high));
        let lower = part.iter().rev().map(|(year, _, [low, _])| (*year, *low));
        let svg = Html::new().raw(RANGES[number % LOOKS]);
        upper.chain(lower).fold(svg, |svg, place| self.corner(svg, place)).raw("\"/>\n")
    }

    fn line(&self, number: usize, name: &str, part: &[(i32, f64, [f64; 2])]) -> Html {
        let svg = Html::new().raw(LINES[number % LOOKS]);
        let points = part.iter().map(|(year, value, _)| (*year, *value));
        // A year alone has no line, and its dash shows it.
        let alone = (part.len() == 1).then(|| (part[0].0, part[0].1));
        let mut svg = points.fold(svg, |svg, place| self.corner(svg, place));
        if let Some((year, value)) = alone {
            svg = svg.coordinate(self.x(year) + 3.0).raw(",").coordinate(self.y(value));
        }
        svg.raw("\"><title>").text(name).raw("</title></polyline>\n")
    }

    fn corner(&self, svg: Html, (year, value): (i32, f64)) -> Html {
        svg.coordinate(self.x(year)).raw(",").coordinate(self.y(value)).raw(" ")
    }
}

impl Line {
    /// Runs of years that follow each other and have values.
    fn parts(&self) -> Vec<&[(i32, f64, [f64; 2])]> {
        let follow = |one: &(i32, f64, [f64; 2]), next: &(i32, f64, [f64; 2])| {
            one.0 + 1 == next.0 && one.1.is_finite() && next.1.is_finite()
        };
        self.points.chunk_by(follow).filter(|part| part[0].1.is_finite()).collect()
    }
}

/// Names of the lines beside how they are drawn.
pub fn key(lines: &[Line]) -> Html {
    let mut html = Html::new().raw("<p>");
    for (number, line) in lines.iter().enumerate() {
        html = html.raw("<svg class=\"key\" viewBox=\"0 0 44 12\" aria-hidden=\"true\">").raw(LINES[number % LOOKS]);
        html = html.raw("2,6 42,6\"/></svg> ").text(&line.name);
        html = html.raw(if number + 1 < lines.len() { "; " } else { "" });
    }
    html.raw("</p>\n")
}

const LINES: [&str; LOOKS] = [
    "<polyline class=\"line-0\" points=\"",
    "<polyline class=\"line-1\" points=\"",
    "<polyline class=\"line-2\" points=\"",
    "<polyline class=\"line-3\" points=\"",
];
const RANGES: [&str; LOOKS] = [
    "<polygon class=\"range-0\" points=\"",
    "<polygon class=\"range-1\" points=\"",
    "<polygon class=\"range-2\" points=\"",
    "<polygon class=\"range-3\" points=\"",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn axes_hold_their_values_between_round_ticks() {
        let axis = |low, high| {
            let axis = Axis::around(low, high, 1e-6);
            (axis.first, axis.step, axis.n_steps)
        };
        assert_eq!([axis(8.3, 13.9), axis(-3.0, 4.0)], [(8.0, 1.0, 6), (-3.0, 1.0, 7)]);
        assert_eq!(Axis::around(1991.0, 2100.0, 1.0), Axis { first: 1980.0, step: 20.0, n_steps: 6 });
    }

    #[test]
    fn lines_break_where_years_are_missing() {
        let none = [f64::NAN; 2];
        let points =
            vec![(1999, 1.0, none), (2000, 2.0, none), (2041, 3.0, none), (2042, f64::NAN, none), (2043, 4.0, none)];
        let line = Line { name: "a".to_owned(), points };
        let years: Vec<Vec<i32>> =
            line.parts().into_iter().map(|part| part.iter().map(|(year, ..)| *year).collect()).collect();
        assert_eq!(years, [vec![1999, 2000], vec![2041], vec![2043]]);
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside(values in prop::collection::vec(prop::num::f64::ANY, 1..20)) {
            let points = values.iter().enumerate().map(|(year, &value)| (2000 + year as i32, value, [value; 2]));
            let line = Line { name: "x".to_owned(), points: points.collect() };
            let lines = [line];
            if let Some(plot) = Plot::around(&lines) {
                let svg = plot.drawing("s", "y", &lines).into_string();
                prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", svg);
                prop_assert!(plot.values.n_steps <= 21 && plot.years.n_steps <= 21);
            }
        }
    }
}
