//! `lakegate-doubles flink|streampark --port …`: a double to try Lakegate with by hand.

use clap::Parser;

/// A double of StreamPark or Flink on this machine.
#[derive(Parser)]
enum Double {
    /// Flink's REST API.
    Flink {
        /// Where it listens on 127.0.0.1.
        #[arg(long, default_value_t = 8081)]
        port: u16,
    },
    /// The console of StreamPark.
    Streampark {
        /// Where it listens on 127.0.0.1.
        #[arg(long, default_value_t = 10000)]
        port: u16,
    },
}

fn main() {
    match Double::parse() {
        Double::Flink { port: _ } | Double::Streampark { port: _ } => {}
    }
}
