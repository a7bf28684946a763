//! Irradiance of many surfaces through many times: coefficients × sky matrix.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Surfaces that are multiplied at once: enough for the product to run at full speed, few enough for the cache.
const BLOCK: usize = 128;

/// Diffuse irradiance (W/m²) of each surface and time: `coefficients` in sr, a row of patches for each surface, times
/// `radiances` in W/m²/sr, a row of times for each patch, to `irradiances`, a row of times for each surface.
///
/// Whatever surfaces stand together in a call, each row has the same bits: its sums run over the patches in their order.
///
/// # Panics
/// If the lengths are not multiples of `n_patches`, or do not agree.
pub fn irradiance_of_blocks(coefficients: &[f32], n_patches: usize, radiances: &[f32], irradiances: &mut [f32]) {
    assert!(n_patches > 0, "a sky without patches");
    let (n_surfaces, n_times) = (coefficients.len() / n_patches, radiances.len() / n_patches);
    assert_eq!(coefficients.len(), n_surfaces * n_patches, "whole rows of coefficients");
    assert_eq!(radiances.len(), n_times * n_patches, "a row of radiances for each patch");
    assert_eq!(irradiances.len(), n_surfaces * n_times, "an irradiance for each surface and time");
    if n_times == 0 {
        return;
    }
    let blocks = coefficients.chunks(BLOCK * n_patches).zip(irradiances.chunks_mut(BLOCK * n_times));
    for (coefficients, irradiances) in blocks {
        let rows = coefficients.len() / n_patches;
        let (patches, times) = (n_patches, n_times);
        let coefficients = ArrayView2::from_shape((rows, patches), coefficients).expect("chunks hold whole rows");
        let radiances = ArrayView2::from_shape((patches, times), radiances).expect("its length was checked");
        let mut product = ArrayViewMut2::from_shape((rows, times), irradiances).expect("chunks hold whole rows");
        general_mat_mul(1.0, &coefficients, &radiances, 0.0, &mut product);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f32 / (1_u64 << 24) as f32
            })
            .collect()
    }

    #[test]
    fn products_agree_with_sums_in_f64() {
        let (n_surfaces, n_patches, n_times) = (3, 577, 50);
        let (coefficients, radiances) = (made(n_surfaces * n_patches, 1), made(n_patches * n_times, 2));
        let mut irradiances = vec![f32::NAN; n_surfaces * n_times];
        irradiance_of_blocks(&coefficients, n_patches, &radiances, &mut irradiances);
        for surface in 0..n_surfaces {
            for time in 0..n_times {
                let exact: f64 = (0..n_patches)
                    .map(|patch| {
                        f64::from(coefficients[surface * n_patches + patch])
                            * f64::from(radiances[patch * n_times + time])
                    })
                    .sum();
                let ours = f64::from(irradiances[surface * n_times + time]);
                assert!((ours / exact - 1.0).abs() < 1e-5, "{ours} instead of {exact}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_row_has_the_same_bits_in_any_company(
            n_surfaces in 1_usize..300,
            from in 0_usize..300,
            n_patches in prop::sample::select(vec![1_usize, 145, 577]),
            n_times in 1_usize..70,
        ) {
            let (coefficients, radiances) = (made(n_surfaces * n_patches, 3), made(n_patches * n_times, 4));
            let mut together = vec![0.0; n_surfaces * n_times];
            irradiance_of_blocks(&coefficients, n_patches, &radiances, &mut together);
            let from = from % n_surfaces;
            for end in [from + 1, n_surfaces] {
                let mut alone = vec![0.0; (end - from) * n_times];
                irradiance_of_blocks(&coefficients[from * n_patches..end * n_patches], n_patches, &radiances, &mut alone);
                let same = alone.iter().zip(&together[from * n_times..]).all(|(a, b)| a.to_bits() == b.to_bits());
                prop_assert!(same, "rows {from}..{end} of {n_surfaces}");
            }
        }
    }
}
