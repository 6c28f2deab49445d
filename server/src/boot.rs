//! Brings a server up: checks, store, key, outside systems, first person, worker, listener; and down again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use lake::Warehouse;
use secrecy::ExposeSecret;

use crate::config::Config;
use crate::http::caller::{hash_of, token};
use crate::outside::Outside;
use crate::outside::engine::Engines;
use crate::outside::engine::embedded::Embedded;
use crate::outside::engine::flink::Tools;
use crate::outside::source::Opener;
use crate::state::{AppState, Clock, Ids};
use crate::store::{Dialect, Store, sqlite_path};
use crate::vault::{StoredPasswords, Vault};
use crate::work::ledger::StoreLedger;
use crate::work::runs::StoreRuns;
use crate::work::{Worker, bell};
use crate::{demo, router};

/// Opens the store that the settings name.
pub async fn open_store(config: &Config) -> Result<Store> {
    private_folder(&config.data)?;
    Ok(Store::open(&config.database_url()?).await?)
}

/// Opens everything that a server or a check needs.
pub async fn open(config: Config) -> Result<AppState> {
    let clock = Clock::system();
    let store = open_store(&config).await?;
    let vault = check_key(&config, &store, &clock).await?;
    let ids = Ids::system();
    let outside = open_outside(&config, &store, &vault, &clock, &ids)?;
    Ok(AppState::new(store, outside, vault, clock, ids, config))
}

fn open_outside(config: &Config, store: &Store, vault: &Vault, clock: &Clock, ids: &Ids) -> Result<Outside> {
    let folder = config.sources();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let passwords = Arc::new(StoredPasswords::new(store.clone(), vault.clone()));
    let sources = Opener::new(folder, own_files(config)?, passwords.clone(), clock.clone());
    let lake = Warehouse::open(&config.warehouse())?;
    let ledger = Arc::new(StoreLedger::new(store.clone(), clock.clone(), ids.task().to_string()));
    let zone = {
        let config = config.clone();
        Arc::new(move |at| config.zone_offset(at))
    };
    let embedded = Embedded::new(lake.clone(), ledger, sources.clone(), clock.clone(), ids.clone(), zone);
    let runs = Arc::new(StoreRuns::new(store.clone(), clock.clone()));
    let tools = Tools { runs, sources: sources.clone(), clock: clock.clone(), ids: ids.clone() };
    let engines = Engines::new(Arc::new(embedded), tools, passwords);
    Ok(Outside { engines, lake, sources })
}

/// Our own files, which are never a source.
fn own_files(config: &Config) -> Result<Vec<PathBuf>> {
    let url = config.database_url()?;
    let mut files = vec![config.key_file()];
    if url.starts_with("sqlite") {
        files.push(sqlite_path(&url));
    }
    Ok(files)
}

/// Makes sure that the key of the settings is the one that sealed the store's secrets; the first start makes one.
async fn check_key(config: &Config, store: &Store, clock: &Clock) -> Result<Vault> {
    let vault = match config.secret_key()? {
        Some(key) => Vault::new(&key)?,
        None => {
            let sealed = store.read().await?.secrets().all().await?;
            if !sealed.is_empty() {
                bail!(
                    "The store holds sealed secrets, but their key is missing: it was in {}. Put it back there, or name \
                     it by LAKEGATE_SECRET_KEY_FILE. Nothing was changed.",
                    config.key_file().display()
                );
            }
            let key = Vault::fresh_key();
            write_private(&config.key_file(), key.expose_secret())?;
            tracing::info!(file = %config.key_file().display(), "made the key that seals secrets; keep a copy of it");
            Vault::new(&key)?
        }
    };
    vault.check(store, clock.now()).await.with_context(|| {
        format!(
            "the secret key is not the one that sealed the store's secrets; if a rotation was interrupted, the right one \
             is {}",
            config.key_file().with_extension("key.next").display()
        )
    })?;
    Ok(vault)
}

fn private_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the data folder {}", folder.display()))
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(file: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    file.write_all(text.as_bytes()).context("cannot write the key")?;
    file.sync_all().context("cannot write the key")
}

/// Serves until SIGINT or SIGTERM, then ends streams, lets calls finish and gives leases back.
pub async fn serve(config: Config) -> Result<()> {
    let app = open(config).await?;
    take_over(&app).await?;
    if app.config.demo {
        demo::prepare(&app).await?;
    }
    let listener = tokio::net::TcpListener::bind(app.config.listen).await.with_context(|| {
        format!("cannot listen on {}: is another server there? Give another address by --listen", app.config.listen)
    })?;
    let address = listener.local_addr()?;
    offer_setup(&app, address).await?;
    let worker = tokio::spawn(Worker::new(app.clone()).run());
    let hearing = tokio::spawn(bell::run(app.clone()));
    let following = tokio::spawn(crate::search::follow::run(app.clone()));
    let tidying = tokio::spawn(tidy(app.clone()));
    let settling = tokio::spawn(settle(app.clone()));
    tracing::info!("listening on http://{address}");
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let stop = app.stop.clone();
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping");
        stop.cancel();
    });
    axum::serve(listener, service).with_graceful_shutdown(app.stop.clone().cancelled_owned()).await?;
    worker.await.context("the worker broke")?;
    hearing.abort();
    following.abort();
    tidying.abort();
    settling.abort();
    app.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// On SQLite nobody else can work, so whoever holds a lease or a task is dead: a restart goes on at once.
async fn take_over(app: &AppState) -> Result<()> {
    if app.store.dialect() == Dialect::Postgres {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    tx.leases().end_all().await?;
    tx.tasks().end_leases().await?;
    tx.commit(app.clock.now()).await?;
    Ok(())
}

/// While nobody exists, the log offers a link that makes the first operator, once.
async fn offer_setup(app: &AppState, address: SocketAddr) -> Result<()> {
    if app.store.read().await?.people().count().await? > 0 {
        return Ok(());
    }
    let token = token();
    *app.setup.lock().expect("nobody panics while holding it") = Some(hash_of(&token));
    let base = app.config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    // After the '#' it is never sent to a server or a proxy.
    tracing::warn!("nobody can sign in yet; make the first operator here, once: {base}/setup#{token}");
    Ok(())
}

async fn tidy(app: AppState) {
    loop {
        tokio::time::sleep(std::time::Duration::from_mins(10)).await;
        app.guard.tidy();
    }
}

/// Keeps the store's log of writes short, so that nobody's write has to.
async fn settle(app: AppState) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        if let Err(problem) = app.store.settle().await {
            tracing::warn!(error = ?problem, "what was committed stays in the log of writes for now");
        }
    }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("the runtime takes signals");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
