//! The console of StreamPark 2.1 (streampark-api) with a memory of applications, over a Flink of its own.
