//! The settings of a log on disk, as its row and the instance that it belongs to have them.

use foreshock_spec::NodeSettings;

use super::{DiskWalConfig, SyncMode, WalConfig};

impl DiskWalConfig {
    /// Of the log in this instance of its pipeline; each has a directory of its own within that of the settings.
    ///
    /// # Panics
    /// They are not those of a log on disk, or their path is not `pipeline.name.log`.
    pub fn new(settings: &NodeSettings<'_>, instance: &str) -> DiskWalConfig {
        let names = settings.path().strip_prefix("pipeline.").and_then(|path| path.rsplit_once('.'));
        let (pipeline, operator) = names.expect("the path of an operator has these parts");
        // What only the environment knows is not there in a test of the pipeline alone, whose files are in memory.
        let directory = settings.opt_str("dir").unwrap_or_default().trim_end_matches('/');
        let sync = match settings.opt_str("sync") {
            Some("always") => SyncMode::Always,
            Some("interval") => SyncMode::Interval { every_ms: settings.u64("sync_interval") },
            _ => SyncMode::Batch,
        };
        DiskWalConfig {
            wal: WalConfig::from(settings),
            directory: format!("{directory}/{instance}"),
            pipeline,
            operator,
            instance: instance.to_owned(),
            sync,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use foreshock_spec::{Definition, Kind, Literal, Settings};

    static DEFINITIONS: [Definition; 1] = [Definition {
        path: "pipeline.p.log",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(5)), ("dir", Literal::Str("./wal"))],
    }];

    fn check(overrides: &[(&str, &str)], directory: &str, sync: SyncMode) {
        let mut settings = Settings::new(&DEFINITIONS);
        for (key, text) in overrides {
            settings
                .set_text(&format!("pipeline.p.log.{key}"), text)
                .unwrap_or_else(|error| panic!("{error}"));
        }
        let expected = DiskWalConfig {
            wal: WalConfig { read_count: 5, max_elements: None, max_bytes: Some(1 << 30) },
            directory: directory.to_owned(),
            pipeline: "p",
            operator: "log",
            instance: "01".to_owned(),
            sync,
        };
        assert_eq!(DiskWalConfig::new(&settings.of(0), "01"), expected, "{overrides:?}");
    }

    #[test]
    fn settings_say_where_and_how_a_log_is_kept() {
        check(&[], "./wal/01", SyncMode::Batch);
        check(&[("dir", "/data/")], "/data/01", SyncMode::Batch);
        check(&[("dir", "/")], "/01", SyncMode::Batch);
        check(&[("sync", "always")], "./wal/01", SyncMode::Always);
        check(&[("sync", "interval")], "./wal/01", SyncMode::Interval { every_ms: 1000 });
        check(
            &[("sync", "interval"), ("sync_interval", "7")],
            "./wal/01",
            SyncMode::Interval { every_ms: 7 },
        );
    }
}
