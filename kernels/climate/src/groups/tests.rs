//! Who is with whom in all calendars.

use super::*;

const CONTIGUOUS: Grouping = Grouping::DayOfYear { window: 31, pool: Pool::Contiguous };
const CIRCULAR: Grouping = Grouping::DayOfYear { window: 31, pool: Pool::Circular };
const ALL_CALENDARS: [Calendar; 6] = [
    Calendar::Standard,
    Calendar::ProlepticGregorian,
    Calendar::Julian,
    Calendar::NoLeap,
    Calendar::AllLeap,
    Calendar::Day360,
];

#[test]
fn every_day_belongs_to_one_group_and_its_pool() {
    for calendar in ALL_CALENDARS {
        let days = Days::of_years(calendar, 1999, 2004);
        for grouping in [Grouping::All, Grouping::Month, CONTIGUOUS, CIRCULAR] {
            let groups = Groups::new(&days, grouping);
            let mut seen = vec![0; days.len()];
            for group in 0..groups.len() {
                let pool = groups.pool(group);
                assert!(pool.windows(2).all(|pair| pair[0] < pair[1]), "{calendar:?} {grouping:?} {group}");
                for day in groups.own(group) {
                    seen[*day as usize] += 1;
                    assert!(pool.binary_search(day).is_ok());
                }
            }
            assert!(seen.iter().all(|&times| times == 1), "{calendar:?} {grouping:?}");
        }
    }
}

#[test]
fn contiguous_windows_end_with_the_series_and_circular_ones_do_not() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2030);
    let contiguous = Groups::new(&days, CONTIGUOUS);
    let circular = Groups::new(&days, CIRCULAR);
    // 1 January: no days before the first year.
    assert_eq!(contiguous.pool(0).len(), 30 * 31 - 15);
    assert_eq!(contiguous.pool(0)[..17], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 350]);
    assert_eq!(contiguous.pool(180).len(), 30 * 31);
    for group in 0..365 {
        assert_eq!(circular.pool(group).len(), 30 * 31);
    }
    assert_eq!(circular.pool(0)[15..17], [15, 350]);
    assert_eq!(circular.pool(0).last(), Some(&(30 * 365 - 1)));
    assert_eq!(circular.pool(180), contiguous.pool(180));
}

#[test]
fn first_of_march_is_one_group_in_all_years() {
    let days = Days::of_years(Calendar::Standard, 2003, 2004);
    let groups = Groups::new(&days, CIRCULAR);
    assert_eq!(groups.len(), 366);
    assert_eq!(groups.own(59), [365 + 59]);
    assert_eq!(groups.own(60), [59, 365 + 60]);
    assert_eq!(groups.own(365), [364, 365 + 365]);
    // 15 days on either side of 29 February, in both years, itself in the leap year.
    assert_eq!(groups.pool(59).len(), 30 + 31);
    assert_eq!(Groups::new(&days, CONTIGUOUS).pool(59).len(), 31);
}

#[test]
fn windows_wider_than_a_year_hold_each_day_once() {
    let days = Days::of_years(Calendar::Day360, 2001, 2003);
    for pool in [Pool::Circular, Pool::Contiguous] {
        let groups = Groups::new(&days, Grouping::DayOfYear { window: 999, pool });
        assert_eq!(groups.pool(7).len(), 3 * 360, "{pool:?}");
    }
}

#[test]
fn steps_share_a_pool() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
    for pool in [Pool::Contiguous, Pool::Circular] {
        let groups = Groups::stepped(&days, Grouping::DayOfYear { window: 5, pool }, 5).unwrap();
        assert_eq!((groups.len(), groups.own(1)), (73, &[5, 6, 7, 8, 9][..]));
        assert_eq!(groups.pool(1), (3..12).collect::<Vec<_>>());
    }
    // 360 days by seven: the last three stand alone, and go round.
    let days = Days::of_years(Calendar::Day360, 2001, 2001);
    let groups = Groups::stepped(&days, Grouping::DayOfYear { window: 7, pool: Pool::Circular }, 7).unwrap();
    assert_eq!((groups.len(), groups.own(51)), (52, &[357, 358, 359][..]));
    assert_eq!(groups.pool(51), [0, 1, 2, 354, 355, 356, 357, 358, 359]);
    assert_eq!(groups.pool(0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 357, 358, 359]);
}

#[test]
fn windows_that_are_none_are_refused() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
    let of = |window, step| Groups::stepped(&days, Grouping::DayOfYear { window, pool: Pool::Circular }, step);
    assert_eq!(of(30, 1), Err(GroupError::Window(30)));
    assert_eq!(of(0, 1), Err(GroupError::Window(0)));
    assert_eq!(of(5, 0), Err(GroupError::Step { window: 5, step: 0 }));
    assert_eq!(of(5, 6), Err(GroupError::Step { window: 5, step: 6 }));
    let widest = of(65535, 400).unwrap();
    assert_eq!((widest.len(), widest.pool(0).len()), (1, 365));
}

#[test]
fn gaps_do_not_widen_windows() {
    let numbers: Vec<i64> = (0..40).chain(100..140).collect();
    let days = Days::new(Calendar::NoLeap, numbers).unwrap();
    let groups = Groups::new(&days, CONTIGUOUS);
    assert_eq!(groups.pool(39).len(), 16);
    assert_eq!(groups.own(50), []);
    assert_eq!(groups.pool(50), []);
}
