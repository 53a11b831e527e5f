//! The trash from outside: removed, listed, brought back, cleared away.

use serde_json::Value;
use session_tests::disk;

use crate::world::{World, assert_refused};

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_removed_session_is_listed_in_the_trash_and_comes_back() {
    let world = World::new();
    let id = world.good_session();
    let removed = world.run(&["remove", &id]);
    assert_eq!(removed.code(), Some(0), "{removed}");
    assert_eq!(removed.stdout, format!("removed {id}\n"));
    assert!(removed.stderr.contains("session restore"), "{removed}");
    assert!(world.ids().is_empty());
    assert_refused(&world.run(&["show", &id]), 3, &["no session"]);

    let listed = world.run(&["list", "--removed", "--json"]);
    let row = &json(&listed.stdout)["sessions"][0];
    assert_eq!(
        (&row["id"], &row["state"]),
        (&id.as_str().into(), &"finished".into())
    );
    assert!(row["removed"].is_string(), "{listed}");
    let table = world.run(&["list", "--removed"]);
    assert!(
        table.stdout.contains("REMOVED") && table.stdout.contains("2/2"),
        "{table}"
    );

    let beginning = id.get(..id.len() - 4).unwrap_or(&id);
    let restored = world.run(&["restore", beginning]);
    assert_eq!(restored.stdout, format!("restored {id}\n"), "{restored}");
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "pass")]);
    let over = world.run(&["restore", "latest"]);
    assert_refused(
        &over,
        3,
        &["there is no removed session", "the trash is empty"],
    );
}

#[test]
fn sessions_are_purged_by_id_by_age_and_all() {
    let world = World::new();
    let ids = [
        world.good_session(),
        world.good_session(),
        world.good_session(),
    ];
    let removed = world.run(&["remove", &ids[0], &ids[1], &ids[2], "--json"]);
    let rows = json(&removed.stdout);
    assert_eq!(rows["format"], "session.remove");
    assert_eq!(rows["sessions"][2]["removed"], true, "{removed}");

    let young = world.run(&["purge", "--older-than", "1h"]);
    assert!(young.stderr.contains("nothing to clear away"), "{young}");
    let one = world.run(&["purge", &ids[0], "--json"]);
    assert_eq!(json(&one.stdout)["sessions"][0]["purged"], true, "{one}");
    let wrong = world.run(&["restore", &ids[0]]);
    assert_refused(&wrong, 3, &["no session", "the nearest are"]);
    let old = world.run(&["purge", "--older-than", "0s"]);
    assert_eq!(old.stdout.lines().count(), 2, "{old}");
    assert!(
        disk::entries(&world.path("repository"))
            .expect("listed")
            .is_empty()
    );

    let id = world.good_session();
    world.run(&["remove", &id]);
    let all = world.run(&["purge", "--all"]);
    assert_eq!(all.stdout, format!("purged {id}\n"), "{all}");
    let at_once = world.good_session();
    let gone = world.run(&["remove", "latest", "--purge"]);
    assert_eq!(gone.stdout, format!("removed {at_once}\n"), "{gone}");
    assert!(
        disk::entries(&world.path("repository"))
            .expect("listed")
            .is_empty()
    );
}

#[test]
fn by_a_clock_that_is_behind_nothing_is_old() {
    let world = World::new();
    let id = world.good_session();
    world.run(&["remove", &id]);
    let future = format!(".removed-{}-other", i64::MAX);
    disk::create_folder(&world.path("repository").join(&future)).expect("a folder");
    let refused = world.run(&["purge", "--older-than", "0s"]);
    assert_refused(&refused, 8, &["the clock is behind", "set the clock right"]);
    let restored = world.run(&["restore", &id]);
    assert_eq!(restored.code(), Some(0), "{restored}");
}
