//! Flink's REST API (real-stack §3) with a memory of jobs.
