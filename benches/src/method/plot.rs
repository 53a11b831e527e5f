//! The answer as a picture: ours, the others and the bar of each row on one logarithmic axis.

use std::fmt::Write as _;

use super::row::{Row, Verdict};

const WIDTH: f64 = 1280.0;
const LEFT: f64 = 600.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 96.0;
const LINE: f64 = 46.0;

/// What the axis reaches at least to both sides of ours.
const DECADES_MIN: f64 = 1.0;

/// A picture of every row that has somebody to stand beside, as SVG. Each row is drawn in shares of its own
/// figure, so that rows of different units stand under one another; left of the line is less, which is better.
#[must_use]
pub fn plot(title: &str, machine: &str, rows: &[Row]) -> String {
    let drawn: Vec<&Row> = rows
        .iter()
        .filter(|row| row.ours.is_some_and(|ours| ours.value > 0.0) && !row.others.is_empty())
        .collect();
    let decades = drawn
        .iter()
        .flat_map(|row| shares(row).map(|(_, share)| share.log10().abs()))
        .filter(|decades| decades.is_finite())
        .fold(DECADES_MIN, f64::max)
        .ceil();
    let height = TOP + LINE * drawn.len() as f64 + 40.0;
    let mut out = String::new();
    let _ = writeln!(
        out,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="{WIDTH}" height="{height}" fill="#fbfbf8"/>
<text x="24" y="34" font-size="20" font-weight="600" fill="#1d2b36">{}</text>
<text x="24" y="56" fill="#66727c">{}</text>"##,
        escaped(title),
        escaped(machine),
    );
    axis(&mut out, decades, height);
    for (number, row) in drawn.iter().enumerate() {
        let middle = TOP + LINE * (number as f64 + 0.5);
        draw_row(&mut out, row, middle, decades);
    }
    out.push_str("</svg>\n");
    out
}

/// Each other as a multiple of ours.
fn shares(row: &Row) -> impl Iterator<Item = (&str, f64)> {
    let ours = row.ours.map_or(1.0, |ours| ours.value);
    row.others
        .iter()
        .map(move |(name, other)| (name.as_str(), other.value / ours))
}

fn place(share: f64, decades: f64) -> f64 {
    let middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
    let half = (WIDTH - LEFT - RIGHT) / 2.0;
    middle + half * (share.log10() / decades).clamp(-1.0, 1.0)
}

fn axis(out: &mut String, decades: f64, height: f64) {
    let bottom = height - 28.0;
    let mut exponent = -decades;
    while exponent <= decades {
        let x = place(10f64.powf(exponent), decades);
        let (colour, words) = if exponent == 0.0 {
            ("#1d2b36", "ours".to_owned())
        } else {
            ("#dfe3e6", format!("{} ×", 10f64.powf(exponent)))
        };
        let _ = writeln!(
            out,
            r##"<line x1="{x:.1}" y1="{TOP}" x2="{x:.1}" y2="{bottom}" stroke="{colour}"/>
<text x="{x:.1}" y="{:.1}" text-anchor="middle" fill="#66727c">{words}</text>"##,
            TOP - 10.0,
        );
        exponent += 1.0;
    }
}

fn draw_row(out: &mut String, row: &Row, middle: f64, decades: f64) {
    let colour = match row.verdict {
        Verdict::Reached => "#1a7f5a",
        Verdict::Missed | Verdict::NotMeasured(_) => "#c0392b",
        Verdict::Told => "#44607a",
    };
    let ours = row.ours.map_or_else(String::new, |ours| ours.to_string());
    let _ = writeln!(
        out,
        r##"<text x="24" y="{:.1}" fill="#1d2b36">{}</text>
<text x="24" y="{:.1}" font-size="11" fill="#66727c">{}</text>"##,
        middle - 2.0,
        escaped(&row.work),
        middle + 13.0,
        escaped(&row.bar),
    );
    let centre = place(1.0, decades);
    // Neighbours stand on different sides of the line, so that their names do not run into each other.
    let mut in_order: Vec<(&str, f64)> = shares(row).collect();
    in_order.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    for (number, (name, share)) in in_order.into_iter().enumerate() {
        let x = place(share, decades);
        let above = if number % 2 == 0 { -9.0 } else { 18.0 };
        let _ = writeln!(
            out,
            r##"<line x1="{centre:.1}" y1="{middle:.1}" x2="{x:.1}" y2="{middle:.1}" stroke="#c9d0d6" stroke-width="2"/>
<circle cx="{x:.1}" cy="{middle:.1}" r="5" fill="#fbfbf8" stroke="#44607a" stroke-width="2"/>
<text x="{x:.1}" y="{:.1}" font-size="11" text-anchor="middle" fill="#44607a">{}</text>"##,
            middle + above,
            escaped(name),
        );
    }
    let _ = writeln!(
        out,
        r#"<circle cx="{centre:.1}" cy="{middle:.1}" r="6" fill="{colour}"><title>{}</title></circle>"#,
        escaped(&ours),
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
