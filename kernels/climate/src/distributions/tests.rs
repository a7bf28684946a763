//! Values of scipy 1.17.1 where nothing else is said.

use super::special::{gamma_term, incomplete_beta, incomplete_gamma};
use super::*;
use proptest::prelude::*;

const VALUES: [f64; 8] = [0.3, 0.5, 0.9, 1.4, 2.2, 3.1, 4.8, 7.7];
const SHARES: [f64; 8] = [0.05, 0.11, 0.2, 0.3, 0.33, 0.5, 0.62, 0.9];
const UNIT: Support = Support { lower: 0.0, width: 1.0 };

fn near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found:e} instead of {expected:e}");
}

#[test]
fn special_functions_have_their_values() {
    for (x, psi, psi_1) in [
        (0.01, -100.56088545786868, 10001.621213528311),
        (0.5, -1.9635100260214235, 4.93480220054468),
        (1.0, -0.5772156649015329, 1.6449340668482266),
        (3.3, 1.0348224890596216, 0.3535015418410618),
        (50.0, 3.9019896734278925, 0.020201333226697128),
    ] {
        near(digamma(x), psi, 1e-14);
        near(trigamma(x), psi_1, 1e-14);
    }
    for (freedom, t) in [
        (1.0, 12.706204736174694),
        (2.0, 4.302652729749462),
        (5.0, 2.5705818356363146),
        (28.0, 2.0484071417952454),
        (100.0, 1.9839715185235518),
    ] {
        near(student_t_critical(freedom, 0.05), t, 1e-12);
    }
    near(student_t_critical(7.0, 0.1), 1.8945786050900062, 1e-12);
}

#[test]
fn normal_has_its_quantiles() {
    let standard = Normal { mean: 0.0, deviation: 1.0 };
    for (p, x) in [
        (1e-300, -37.0470962993612),
        (1e-10, -6.361340902404056),
        (1e-3, -3.090232306167813),
        (0.07, -1.4757910281791706),
        (0.0750001, -1.4395307645017301),
        (0.3, -0.5244005127080409),
        (0.8, 0.8416212335729143),
        (0.999, 3.090232306167813),
        (1.0 - 1e-10, 6.361340889697422),
    ] {
        near(standard.quantile(p), x, 1e-14);
    }
    for (x, p) in [(-10.0, 7.61985302416047e-24), (-1.0, 0.15865525393145707), (3.0, 0.9986501019683699)] {
        near(standard.cdf(x), p, 1e-14);
    }
    let fit = Normal::fit(&VALUES).unwrap();
    near(fit.mean, 2.6125, 1e-15);
    near(fit.deviation, 2.3793053082780276, 1e-15);
}

#[test]
fn gamma_has_its_probabilities_and_quantiles() {
    // Shape, probabilities of 0.01, 0.5, 1, 1.1 and 3 times it, quantiles of 1e-10, 0.001, 0.3, 0.9 and 1 − 1e-10.
    let cases = [
        (
            0.05,
            [0.7024255533747779, 0.8531887338043609, 0.8822435638856682, 0.8862519683471406, 0.9278324433657922],
            [5.844632057286856e-201, 5.844632057286632e-61, 2.0378971887326733e-11, 0.07631711390918905, 17.29804092],
        ),
        (
            0.3,
            [0.1949016809005046, 0.6097401293823551, 0.7269573437103662, 0.7433967560187013, 0.90225264802967],
            [3.2364402266035603e-34, 6.972699096783344e-11, 0.012726657769948697, 0.8848107733602443, 19.80663676],
        ),
        (
            1.0,
            [0.009950166250831952, 0.3934693402873665, 0.6321205588285577, 0.6671289163019205, 0.950212931632136],
            [1.0000000000499969e-10, 0.001000500333583534, 0.3566749439387324, core::f64::consts::LN_10, 23.02585084],
        ),
        (
            2.5,
            [2.9209539998950114e-05, 0.22350492887667728, 0.584119813004492, 0.642054119149042, 0.9896376620842136],
            [0.00016167785731248483, 0.1051063013146096, 1.4999540663799533, 4.618178449890562, 27.78119917],
        ),
        (
            40.0,
            [1.0029830936152003e-64, 5.320202511246237e-05, 0.5210288610610552, 0.7469219660458599, 1.0],
            [11.81450665184226, 23.259937964583763, 36.45767115693809, 48.28910180763351, 94.17962846],
        ),
        (
            3000.0,
            [0.0, 3.2720081472304937e-254, 0.5024278898940543, 0.9999999453824874, 1.0],
            [2664.6204371718313, 2833.5867204784313, 2971.037527212131, 3070.404111302976, 3361.686404],
        ),
    ];
    for (shape, probabilities, quantiles) in cases {
        let gamma = Gamma::new(shape, 2.0, 7.0);
        for (of_shape, p) in [0.01, 0.5, 1.0, 1.1, 3.0].into_iter().zip(probabilities) {
            let y = of_shape * shape;
            near(
                incomplete_gamma(shape, y, gamma_term(shape, libm::lgamma(shape + 1.0), y)).0,
                p,
                if p < 1e-100 { 1e-11 } else { 2e-12 },
            );
            assert!((gamma.cdf(7.0 + 2.0 * y) - p).abs() <= 1e-12);
        }
        // Next to 1 a probability of 64 bits has six digits.
        for ((p, x), digits) in
            [1e-10, 0.001, 0.3, 0.9, 1.0 - 1e-10].into_iter().zip(quantiles).zip([1e-11, 1e-11, 1e-11, 1e-12, 1e-7])
        {
            near(Gamma::new(shape, 1.0, 0.0).quantile(p), x, digits);
            assert!((gamma.quantile(p) - 7.0 - 2.0 * x).abs() <= 1e-6 * x + 1e-12);
        }
    }
}

#[test]
fn gamma_is_fitted_by_likelihood() {
    let fit = Gamma::fit(&VALUES, 0.0).unwrap();
    near(fit.shape, 1.186380033747951, 1e-10);
    near(fit.scale, 2.2020768435782956, 1e-10);
    let fit = Gamma::fit(&VALUES, 0.1).unwrap();
    near(fit.shape, 1.0356903288735513, 1e-10);
    near(fit.scale, 2.4259181822549913, 1e-10);
    assert_eq!(Gamma::fit(&VALUES, 0.3), None);
}

#[test]
fn weibull_has_its_values_and_fit() {
    let weibull = Weibull { shape: 1.7, scale: 2.0, lower: 0.0 };
    for (x, p) in [(0.1, 0.006122321871089365), (1.0, 0.26492746924321325), (5.0, 0.9913297807991475)] {
        near(weibull.cdf(x), p, 1e-14);
    }
    for (p, x) in [(0.1, 0.5322732433934927), (0.5, 1.6121220343718417), (0.999, 6.233868106754881)] {
        near(weibull.quantile(p), x, 1e-14);
    }
    // Root of the likelihood equation by scipy.optimize.brentq to 1e-15; weibull_min.fit itself stops at four digits.
    let fit = Weibull::fit(&VALUES, 0.1).unwrap();
    near(fit.shape, 1.014052083646695, 1e-12);
    near(fit.scale, 2.527408694414137, 1e-12);
}

#[test]
fn beta_has_its_values_and_fit() {
    for (a, b, probabilities, quantiles) in [
        (
            0.3,
            0.4,
            [0.16401508567774753, 0.47639999113875525, 0.8012109394657579],
            [4.159739860874263e-20, 8.961884150910773e-07, 0.3431703984215374, 0.9999998109196362],
        ),
        (
            2.0,
            5.0,
            [0.0014604476049999997, 0.5798250000000003, 0.999945],
            [0.00025828782935406356, 0.026763191142755053, 0.26444998329566005, 0.818613866919134],
        ),
        (
            30.0,
            4.0,
            [5.299129540000005e-57, 4.0172036456383207e-13, 0.5769436641256929],
            [0.5065932006126107, 0.7265132635612903, 0.8898512644844134, 0.9864780979481593],
        ),
    ] {
        for (x, p) in [0.01, 0.3, 0.9].into_iter().zip(probabilities) {
            near(incomplete_beta(a, b, x), p, 1e-11);
        }
        for (p, x) in [1e-6, 0.01, 0.5, 0.999].into_iter().zip(quantiles) {
            near(Beta { a, b, support: UNIT }.quantile(p), x, 1e-9);
        }
    }
    let fit = Beta::fit(&SHARES, UNIT).unwrap();
    near(fit.a, 1.0192428800907052, 1e-9);
    near(fit.b, 1.5875131608911417, 1e-9);
    let moved: Vec<f64> = SHARES.iter().map(|share| 10.0 * share + 5.0).collect();
    let fit = Beta::fit(&moved, Support { lower: 5.0, width: 10.0 }).unwrap();
    near(fit.a, 1.0192428800907052, 1e-9);
    assert_eq!(Beta::fit(&moved, Support { lower: 6.0, width: 10.0 }), None);
}

#[test]
fn values_that_cannot_be_fitted_are_refused() {
    let constant = [3.5; 40];
    for family in [Family::Normal, Family::Gamma, Family::Weibull, Family::Beta] {
        let support = Support { lower: 0.0, width: 10.0 };
        assert_eq!(Distribution::fit(family, &constant, support), None, "{family:?}");
        assert_eq!(Distribution::fit(family, &[1.0], support), None, "{family:?}");
        assert_eq!(Distribution::fit(family, &[], support), None, "{family:?}");
        assert!(Distribution::fit(family, &VALUES, support).is_some(), "{family:?}");
    }
}

#[test]
fn distance_of_kolmogorov_and_smirnov_is_decided() {
    // scipy.stats.kstest: 0.19483502378240308 of the normal, 0.11996490079943017 of the gamma distribution.
    let normal = Normal::fit(&VALUES).unwrap();
    assert!(!fits_within(&VALUES, 0.194835, |x| normal.cdf(x)));
    assert!(fits_within(&VALUES, 0.194836, |x| normal.cdf(x)));
    let gamma = Gamma::fit(&VALUES, 0.0).unwrap();
    assert!(!fits_within(&VALUES, 0.119964, |x| gamma.cdf(x)));
    assert!(fits_within(&VALUES, 0.119966, |x| gamma.cdf(x)));
    assert!(!fits_within(&VALUES, 1.0, |_| f64::NAN));
}

proptest! {
    #[test]
    fn quantiles_are_the_inverse_of_probabilities(
        shape in 0.05_f64..80.0, other in 0.1_f64..60.0, p in 1e-9_f64..0.999_999_9, scale in 0.01_f64..50.0,
    ) {
        for distribution in [
            Distribution::Normal(Normal { mean: shape, deviation: scale }),
            Distribution::Gamma(Gamma::new(shape, scale, 0.0)),
            Distribution::Weibull(Weibull { shape, scale, lower: 0.0 }),
            Distribution::Beta(Beta { a: shape, b: other, support: UNIT }),
        ] {
            let x = distribution.quantile(p);
            prop_assert!(x.is_finite());
            // Where the upper end of a beta distribution is steep, the next number of 64 bits is another probability.
            let steep = matches!(distribution, Distribution::Beta(_)) && x > 1.0 - 1e-9;
            prop_assert!(steep || (distribution.cdf(x) - p).abs() <= 1e-9 * p.max(1e-3), "{distribution:?} {p} {x}");
            prop_assert!((distribution.map(&distribution, x) - x).abs() <= 1e-8 * x.abs() || steep, "{distribution:?} {p} {x}");
        }
    }

    #[test]
    fn distance_is_that_of_all_values(
        values in prop::collection::vec(-3.0_f64..3.0, 1..200), distance in 0.0_f64..0.6, turn in 0_usize..200,
    ) {
        let mut values = values;
        values.sort_by(f64::total_cmp);
        let normal = Normal { mean: 0.3, deviation: 1.4 };
        let n = values.len() as f64;
        let largest = values.iter().enumerate().fold(0.0_f64, |largest, (index, &x)| {
            largest.max((index + 1) as f64 / n - normal.cdf(x)).max(normal.cdf(x) - index as f64 / n)
        });
        prop_assume!((largest - distance).abs() > 1e-12);
        prop_assert_eq!(fits_within(&values, distance, |x| normal.cdf(x)), largest <= distance);
        // Certain of it only where it is true, however they lie; and not blind where they ascend.
        prop_assert!(!fits_within_unsorted(&values, distance, |x| normal.cdf(x)) || largest <= distance);
        prop_assert!(fits_within_unsorted(&values, distance, |x| normal.cdf(x)) || largest + 1.0 / 16.0 + 1.0 / n > distance);
        let turn = turn % values.len();
        values.rotate_left(turn);
        prop_assert!(!fits_within_unsorted(&values, distance, |x| normal.cdf(x)) || largest <= distance);
    }
}
