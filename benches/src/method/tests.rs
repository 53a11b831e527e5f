//! The method itself: ratios, intervals, tables, pictures.

use super::interval::{median, quantile};
use super::{Contender, Figure, Interval, Row, Unit, Verdict, json, plot, table, time_rounds};

#[test]
fn the_interval_of_equal_samples_is_their_value() {
    let interval = Interval::of(&[2.0; 30]);
    assert_eq!(
        (interval.low, interval.median, interval.high),
        (2.0, 2.0, 2.0)
    );
}

#[test]
fn the_interval_lies_around_the_median_and_within_the_samples() {
    let samples: Vec<f64> = (1..=41).map(f64::from).collect();
    let interval = Interval::of(&samples);
    assert_eq!(interval.median, 21.0);
    assert!(1.0 < interval.low && interval.low < 21.0, "{interval}");
    assert!(21.0 < interval.high && interval.high < 41.0, "{interval}");
}

#[test]
fn one_outlier_does_not_move_the_median() {
    let mut samples = vec![1.0; 29];
    samples.push(1_000.0);
    assert_eq!(median(&mut samples.clone()), 1.0);
    assert!(Interval::of(&samples).high < 2.0);
}

#[test]
fn quantiles_lie_between_neighbours() {
    assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 0.25), 1.5);
    assert_eq!(quantile(&mut [], 0.5), 0.0);
}

#[test]
fn everybody_has_a_turn_in_each_round_and_one_uncounted() {
    let (mut ours, mut prepared) = (0, 0);
    let mut contenders = [
        Contender::new("ours", || {
            ours += 1;
            Ok(())
        })
        .prepared(|| {
            prepared += 1;
            Ok(())
        }),
        Contender::new("other", || Ok(())),
    ];
    let rounds = time_rounds(5, &mut contenders).unwrap();
    assert!(rounds.ratio("ours", "other").median.is_finite());
    drop(contenders);
    assert_eq!((ours, prepared), (6, 6));
}

#[test]
fn a_ratio_is_judged_by_its_lower_end() {
    let ratio = Interval {
        median: 1.2,
        low: 1.05,
        high: 1.4,
    };
    let row = || Row::new("work", 1.2, Unit::Nanoseconds).beside("floor", 1.0);
    assert_eq!(
        row().ratio_at_most(ratio, "floor", 1.1).verdict,
        Verdict::Reached
    );
    assert_eq!(
        row().ratio_at_most(ratio, "floor", 1.0).verdict,
        Verdict::Missed
    );
}

#[test]
fn all_bars_of_a_row_have_to_hold() {
    let row = Row::new("work", 5.0, Unit::Bytes).beside("peer", 4.0);
    assert!(row.clone().at_most(5.0).holds());
    assert!(!row.clone().at_most(5.0).at_most_times("peer", 1.0).holds());
    assert!(
        !row.clone().at_most_times("nobody", 9.0).holds(),
        "nobody to compare with"
    );
    assert!(!row.clone().at_most_times("peer", 1.0).at_most(5.0).holds());
}

#[test]
fn what_was_not_measured_does_not_count_as_reached() {
    let row = Row::not_measured("work", "flat", "no valgrind here");
    assert!(!row.holds());
    assert!(!row.judged("more", true).holds());
}

#[test]
fn every_row_and_every_other_is_in_each_form_of_the_answer() {
    let rows = [
        Row::new("device <bytes>", 512.0, Unit::Bytes)
            .beside("floor", 4096.0)
            .beside("peer", 20_000.0)
            .at_most(4_400.0),
        Row::not_measured("calls", "flat", "no strace here"),
    ];
    let text = table(&rows);
    let value = json("storage", false, 40, "a machine", &rows);
    let picture = plot("title", "a machine", &rows);
    for word in [
        "device <bytes>",
        "512 B",
        "floor 4096 B",
        "peer 19.53 KiB",
        "reached",
        "NOT MEASURED: no strace here",
    ] {
        assert!(text.contains(word), "{word} is missing in:\n{text}");
    }
    assert_eq!(value["version"], 1);
    assert_eq!(value["reached"], false);
    assert_eq!(value["rows"][0]["others"][1]["name"], "peer");
    assert_eq!(value["rows"][1]["why"], "no strace here");
    assert!(picture.contains("device &lt;bytes&gt;") && picture.contains("peer"));
}

#[test]
fn figures_are_short_and_keep_their_unit() {
    for (value, unit, text) in [
        (4_608.0, Unit::Bytes, "4608 B"),
        (1_048_576.0, Unit::Bytes, "1024 KiB"),
        (12.345, Unit::Nanoseconds, "12.35 ns"),
        (123_456.0, Unit::Nanoseconds, "123 µs"),
        (2.0, Unit::Count, "2"),
        (1.0064, Unit::Count, "1.006"),
    ] {
        assert_eq!(Figure::new(value, unit).to_string(), text);
    }
}
