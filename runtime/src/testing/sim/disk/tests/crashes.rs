//! What crashes leave, and disks that stop.

use super::*;

/// What is left of file `a` in `wal`, over many seeds: after these requests and a crash.
async fn left(crash: Crash, requests: &[FileRequest]) -> BTreeSet<Option<String>> {
    let mut all_left = BTreeSet::new();
    for seed in 0..300 {
        let (sim, mut directory) = opened(seed).await;
        all(&mut directory, requests).await;
        sim.crash_disk(crash);
        all_left.insert(text(&sim, "a"));
        if crash == Crash::Power {
            // What has survived one is safe.
            let left = text(&sim, "a");
            sim.crash_disk(Crash::Power);
            assert_eq!(text(&sim, "a"), left, "seed {seed}");
        }
    }
    all_left
}

fn texts<const N: usize>(texts: [&str; N]) -> BTreeSet<Option<String>> {
    texts.map(|text| Some(text.to_owned())).into()
}

#[tokio::test(start_paused = true)]
async fn a_crash_of_the_process_leaves_all_that_was_written() {
    let requests = [append("a", "one"), append("a", "two")];
    assert_eq!(left(Crash::Process, &requests).await, texts(["onetwo"]));
}

#[tokio::test(start_paused = true)]
async fn what_is_synced_survives_a_power_failure() {
    let requests = [append("a", "one"), sync("a"), FileRequest::SyncDirectory];
    assert_eq!(left(Crash::Power, &requests).await, texts(["one"]));
}

#[tokio::test(start_paused = true)]
async fn of_what_is_not_synced_any_part_survives_a_power_failure() {
    let requests = [append("a", "1"), sync("a"), FileRequest::SyncDirectory, append("a", "23")];
    let expected = texts(["1", "12", "123", "1\0", "1\0\0", "12\0"]);
    assert_eq!(left(Crash::Power, &requests).await, expected);
}

#[tokio::test(start_paused = true)]
async fn blocks_are_written_in_any_order() {
    let blocks = "x".repeat(1024);
    let requests = [append("a", &blocks), FileRequest::SyncDirectory];
    let all_left = left(Crash::Power, &requests).await;
    let (there, missing) = ("x".repeat(512), "\0".repeat(512));
    assert!(all_left.contains(&Some(format!("{missing}{there}"))), "the second before the first");
    assert!(all_left.contains(&Some(format!("{there}{missing}"))), "the first before the second");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_not_synced_may_be_lost_or_the_old_one() {
    let made = [append("a", "1"), sync("a")];
    assert_eq!(left(Crash::Power, &made).await, BTreeSet::from([None, Some("1".to_owned())]));
    let removed = [&made[..], &[FileRequest::SyncDirectory, remove("a")]].concat();
    assert_eq!(left(Crash::Power, &removed).await, BTreeSet::from([None, Some("1".to_owned())]));
    let removed = [&removed[..], &[FileRequest::SyncDirectory]].concat();
    assert_eq!(left(Crash::Power, &removed).await, BTreeSet::from([None]));
    assert_eq!(left(Crash::Process, &made).await, texts(["1"]));

    let renamed = [append("b", "1"), sync("b"), FileRequest::SyncDirectory, rename("b", "a")];
    let mut names = BTreeSet::new();
    for seed in 0..100 {
        let (sim, mut directory) = opened(seed).await;
        all(&mut directory, renamed.clone()).await;
        sim.crash_disk(Crash::Power);
        let listed: Vec<String> = sim.disk().list("wal").into_iter().map(|(name, _)| name).collect();
        names.insert(listed.join(" "));
    }
    assert_eq!(names, BTreeSet::from(["a always".to_owned(), "always b".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_sync_was_to_write_is_not_safe_though_a_later_one_succeeds() {
    let mut all_left = BTreeSet::new();
    for seed in 0..100 {
        let (sim, mut directory) = opened(seed).await;
        let requests = [append("a", "1"), sync("a"), FileRequest::SyncDirectory, append("a", "2")];
        all(&mut directory, requests).await;
        sim.disk().fail_next(RequestKind::Sync, 1);
        assert!(one(&mut directory, sync("a")).await.starts_with("Failed: "));
        check(&mut directory, [append("a", "3"), sync("a"), read("a")], &["ok", "ok", "123"]).await;
        sim.crash_disk(Crash::Power);
        all_left.insert(text(&sim, "a"));
    }
    assert_eq!(all_left, texts(["123", "1\u{0}3"]));
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_is_done_in_any_part_and_those_behind_it_are_not() {
    let mut all_left = BTreeSet::new();
    for seed in 0..200 {
        let (sim, mut directory) = opened(seed).await;
        let ms = Duration::from_millis;
        sim.disk().set_latency(ms(10), ms(10));
        let requests = [append("a", "12"), append("a", "34"), remove("always"), append("b", "x")];
        let under_way = timeout(ms(seed % 40), directory.carry_out(requests.into())).await;
        assert!(under_way.is_err());
        sim.crash_disk(Crash::Process);
        all_left.insert((text(&sim, "a").unwrap_or_default(), text(&sim, "always").is_some()));
        assert_ne!(text(&sim, "b").as_deref(), Some("x!"), "what is dropped is over");
    }
    for expected in [("1", true), ("12", true), ("123", true), ("1234", true), ("1234", false)] {
        assert!(all_left.contains(&(expected.0.to_owned(), expected.1)), "{expected:?}: {all_left:?}");
    }
    assert!(all_left.iter().all(|(text, removed)| "1234".starts_with(text) && (*removed || text == "1234")));
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_in_the_middle_lets_others_in() {
    let (sim, mut directory) = opened(3).await;
    sim.disk().set_latency(Duration::from_millis(10), Duration::from_millis(10));
    let mut append = Box::pin(directory.carry_out(vec![append("a", "1234")]));
    assert!(append.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(append);
    drop(directory);
    let left = text(&sim, "a").expect("it was made");
    let mut next = sim.directory("wal");
    check(&mut next, [FileRequest::Open, read("a")], &[&format!("a {}, always 0", left.len()), &left]).await;
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_the_request_that_a_test_wants() {
    for stops_after in 0..3 {
        let (sim, mut directory) = opened(5).await;
        sim.disk().freeze_after_requests(stops_after);
        let requests = [append("a", "1"), append("b", "2"), remove("always")];
        let replies = directory.carry_out(requests.into());
        let frozen = timeout(HOUR, async {
            tokio::select! {
                biased;
                _ = replies => panic!("it has stopped"),
                () = sim.disk().frozen() => {}
            }
        });
        frozen.await.expect("it stops");
        assert_eq!(text(&sim, "a").is_some(), stops_after > 0);
        assert_eq!(text(&sim, "b").is_some(), stops_after > 1);
        assert!(text(&sim, "always").is_some());
        // Others wait, too.
        let mut other = sim.directory("other");
        assert!(timeout(HOUR, other.carry_out(vec![FileRequest::Open])).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_the_kind_of_request_that_a_test_wants() {
    for (kind, after, expected) in [
        (RequestKind::Remove, 0, [true, false]),
        (RequestKind::Append, 1, [false, false]),
        (RequestKind::Remove, 1, [false, true]),
    ] {
        let (sim, mut directory) = opened(5).await;
        sim.disk().write("wal", "other", "");
        sim.disk().freeze_at(kind, after);
        let requests = [append("a", "1"), remove("always"), append("b", "2"), remove("other")];
        assert!(timeout(HOUR, directory.carry_out(requests.into())).await.is_err(), "it stops");
        assert_eq!(["always", "b"].map(|name| text(&sim, name).is_some()), expected, "{kind:?} {after}");
        assert!(text(&sim, "other").is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_the_byte_that_a_test_wants() {
    for stops_after in 0..6 {
        let (sim, mut directory) = opened(5).await;
        sim.disk().freeze_after_bytes(stops_after);
        let requests = [append("a", "012"), append("a", "345")];
        assert!(timeout(HOUR, directory.carry_out(requests.into())).await.is_err());
        assert_eq!(sim.disk().appended(), stops_after);
        sim.crash_disk(Crash::Process);
        let expected = &"012345"[..usize::try_from(stops_after).expect("it is small")];
        assert_eq!(text(&sim, "a").unwrap_or_default(), expected);
        assert!(timeout(HOUR, directory.carry_out(vec![append("a", "6")])).await.is_err(), "for ever");
        let mut next = sim.directory("wal");
        let requests = [FileRequest::Open, append("z", "a long one, which does not stop")];
        assert_eq!(all(&mut next, requests).await[1], "ok");
    }
    let (sim, mut directory) = opened(5).await;
    sim.disk().freeze_after_bytes(6);
    check(&mut directory, [append("a", "012345"), sync("a")], &["ok", "ok"]).await;
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_where_it_has_stopped() {
    for freeze in [SimDisk::freeze_after_bytes, SimDisk::freeze_after_requests] {
        let (sim, mut directory) = opened(5).await;
        freeze(sim.disk(), 1);
        let mut replies = pin!(all(&mut directory, [append("a", "012"), append("a", "345"), read("a")]));
        assert!(timeout(HOUR, replies.as_mut()).await.is_err());
        sim.disk().thaw();
        assert_eq!(timeout(HOUR, replies).await.expect("it goes on"), ["ok", "ok", "012345"]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_leaves_the_same() {
    let run = async |seed| {
        let (sim, mut directory) = opened(seed).await;
        let mut texts = Vec::new();
        for round in 0..20 {
            all(&mut directory, [append("a", &"0123456789".repeat(100)), append("b", "x"), sync("b")]).await;
            sim.crash_disk(Crash::Power);
            texts.push((text(&sim, "a"), text(&sim, "b"), round));
            directory = sim.directory("wal");
            all(&mut directory, [FileRequest::Open]).await;
        }
        texts
    };
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}
