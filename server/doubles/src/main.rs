//! `lakegate-doubles flink|streampark --port …`: a double to try Lakegate with by hand.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use doubles::flink::Flink;
use doubles::streampark::{Profile, StreamPark};

/// A double of StreamPark or Flink on this machine.
#[derive(Parser)]
enum Double {
    /// Flink's REST API, before a database server with a few tables.
    Flink {
        /// Where it listens on 127.0.0.1.
        #[arg(long, default_value_t = 8081)]
        port: u16,
        /// How many times as fast as the real clock its time goes.
        #[arg(long, default_value_t = 1)]
        speed: u32,
    },
    /// The console of StreamPark.
    Streampark {
        /// Where it listens on 127.0.0.1.
        #[arg(long, default_value_t = 10000)]
        port: u16,
        /// Where its Flink listens on 127.0.0.1.
        #[arg(long, default_value_t = 8081)]
        flink_port: u16,
        /// How many times as fast as the real clock its time goes.
        #[arg(long, default_value_t = 1)]
        speed: u32,
        /// Behaves as 2.1.7, not as 2.1.6.
        #[arg(long)]
        newer: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Double::parse() {
        Double::Flink { port, speed } => {
            let flink = Flink::start_at(port, speed).await.with_context(|| format!("cannot listen on port {port}"))?;
            sample(&flink);
            tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
        }
        Double::Streampark { port, flink_port, speed, newer } => {
            let flink = Flink::start_at(flink_port, speed)
                .await
                .with_context(|| format!("cannot listen on port {flink_port}"))?;
            sample(&flink);
            let profile = if newer { Profile::V217 } else { Profile::V216 };
            let flink = Arc::new(flink);
            let console = StreamPark::start_at(profile, flink.clone(), port);
            let console = console.await.with_context(|| format!("cannot listen on port {port}"))?;
            let template = console.template("paimon-template", "org.apache.paimon.flink.action.FlinkActions");
            writeln!(
                std::io::stdout(),
                "StreamPark: {} (admin / streampark, template {template}); its Flink: {}",
                console.url(),
                flink.url()
            )?;
            tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
        }
    }
}

/// A shop: a large table, two small ones, one without a key, one that no job can copy.
fn sample(flink: &Flink) {
    let world = &mut flink.memory().world;
    world.add("shop", "orders", 200_000);
    world.add("shop", "customers", 20_000);
    world.add("shop", "products", 5_000);
    world.add("shop", "events_nopk", 1_000).primary_key = false;
    world.add("shop", "uuid_things", 10).unknown_type = true;
}
