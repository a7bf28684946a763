//! A drawing with two linear axes from 0, for scatters and bars.

use super::markup::Html;
use crate::report::numbers;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;
/// Steps that an axis has at most.
const MOST_STEPS: f64 = 6.0;

/// The drawing's size and its axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    height: f64,
    x: Axis,
    y: Axis,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    step: f64,
    n_steps: usize,
}

impl Axis {
    /// Steps of 1, 2 or 5 times a power of ten up to the first at or beyond `greatest`.
    fn up_to(greatest: f64) -> Axis {
        let greatest = if greatest.is_finite() && greatest > 0.0 { greatest } else { 1.0 };
        let power = 10_f64.powf((greatest / MOST_STEPS).log10().floor());
        let fits = |step: &f64| greatest <= step * MOST_STEPS * (1.0 + f64::EPSILON);
        let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(fits).unwrap_or(10.0 * power);
        // Below the smallest normal number there is no power of ten to step by.
        if !(step.is_normal() && (greatest / step).is_finite()) {
            return Axis { step: greatest, n_steps: 1 };
        }
        Axis { step, n_steps: (greatest / step * (1.0 - f64::EPSILON)).ceil().max(1.0) as usize }
    }

    fn greatest(self) -> f64 {
        self.step * self.n_steps as f64
    }

    fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.n_steps).map(move |tick| tick as f64 * self.step)
    }
}

impl Frame {
    /// A drawing of a height with axes up to the greatest values, or a little beyond.
    pub fn new(height: f64, greatest_x: f64, greatest_y: f64) -> Frame {
        Frame { height, x: Axis::up_to(greatest_x), y: Axis::up_to(greatest_y) }
    }

    /// Where a value lies from left to right.
    pub fn x(&self, value: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (value / self.x.greatest()).clamp(0.0, 1.0)
    }

    /// Where a value lies from top to bottom.
    pub fn y(&self, value: f64) -> f64 {
        TOP + (self.height - TOP - BOTTOM) * (1.0 - (value / self.y.greatest()).clamp(0.0, 1.0))
    }

    /// The whole drawing: what it shows in words, names of the axes, and what is drawn within them.
    pub fn drawing(&self, summary: &str, (x_name, y_name): (&str, &str), drawn: Html) -> Html {
        let mut svg = Html::new().raw("<svg viewBox=\"0 0 720 ").coordinate(self.height);
        svg =
            svg.raw("\" role=\"img\" aria-label=\"").text(summary).raw("\">\n<title>").text(summary).raw("</title>\n");
        for tick in self.y.ticks() {
            let y = self.y(tick);
            svg =
                svg.raw("<line class=\"grid\" x1=\"64\" x2=\"704\" y1=\"").coordinate(y).raw("\" y2=\"").coordinate(y);
            svg = svg.raw("\"/><text class=\"end\" x=\"56\" y=\"").coordinate(y + 4.0).raw("\">");
            svg = svg.text(&numbers::number(tick)).raw("</text>\n");
        }
        for tick in self.x.ticks() {
            svg = svg.raw("<text class=\"middle\" y=\"").coordinate(self.height - BOTTOM + 18.0).raw("\" x=\"");
            svg = svg.coordinate(self.x(tick)).raw("\">").text(&numbers::number(tick)).raw("</text>\n");
        }
        svg = svg.raw("<text class=\"middle\" x=\"384\" y=\"").coordinate(self.height - 6.0).raw("\">").text(x_name);
        svg = svg.raw("</text>\n<text class=\"start\" x=\"8\" y=\"14\">").text(y_name).raw("</text>\n");
        svg.with(drawn).raw("</svg>\n")
    }

    /// A bar from the axis up to a value, with words for those who point at it.
    pub fn bar(&self, (from, to): (f64, f64), value: f64, words: &str) -> Html {
        let (left, right, top) = (self.x(from), self.x(to), self.y(value));
        let html = Html::new().raw("<rect class=\"bar\" x=\"").coordinate(left).raw("\" y=\"").coordinate(top);
        let html = html.raw("\" width=\"").coordinate((right - left - 1.0).max(0.5)).raw("\" height=\"");
        html.coordinate(self.y(0.0) - top).raw("\"><title>").text(words).raw("</title></rect>\n")
    }

    /// A point with words for those who point at it.
    pub fn point(&self, (x, y): (f64, f64), words: &str) -> Html {
        let html = Html::new().raw("<circle r=\"3\" cx=\"").coordinate(self.x(x)).raw("\" cy=\"").coordinate(self.y(y));
        html.raw("\"><title>").text(words).raw("</title></circle>\n")
    }

    /// The line on which both values are the same.
    pub fn diagonal(&self) -> Html {
        let end = self.x.greatest().min(self.y.greatest());
        let html = Html::new().raw("<line class=\"wanted\" x1=\"").coordinate(self.x(0.0)).raw("\" y1=\"");
        let html = html.coordinate(self.y(0.0)).raw("\" x2=\"").coordinate(self.x(end)).raw("\" y2=\"");
        html.coordinate(self.y(end)).raw("\"/>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_few_round_steps() {
        let axis = |greatest| {
            let axis = Axis::up_to(greatest);
            (axis.step, axis.n_steps)
        };
        assert_eq!([axis(6.0), axis(6.1), axis(87.0), axis(1234.0)], [(1.0, 6), (2.0, 4), (20.0, 5), (500.0, 3)]);
        assert_eq!([axis(0.0), axis(f64::NAN), axis(-3.0)], [axis(1.0); 3]);
        for greatest in [f64::MIN_POSITIVE / 8.0, 1e-300, 1e300, f64::MAX] {
            let axis = Axis::up_to(greatest);
            assert!(axis.n_steps >= 1 && axis.n_steps <= 6 && axis.greatest() >= greatest, "{greatest:e}: {axis:?}");
        }
    }

    #[test]
    fn values_lie_between_the_corners() {
        let frame = Frame::new(300.0, 10.0, 5.0);
        assert_eq!([frame.x(0.0), frame.x(10.0), frame.y(0.0), frame.y(5.0)], [64.0, 704.0, 256.0, 30.0]);
        assert_eq!([frame.x(5.0), frame.y(2.5)], [384.0, 143.0]);
    }
}
