//! Signing in and out: guessing, sessions that end, the first operator.

use api::me::{Gate, Me, SessionView};
use api::problem::Code;
use api::{Read, paths};
use axum::http::header;
use domain::time::{DAY, MINUTE};
use lakegate::http::caller::hash_of;
use lakegate::http::guard::TRIES;
use serde_json::json;

use crate::client::Client;
use crate::harness::{PASSWORD, TestApp};

async fn login(client: &Client) -> String {
    client.get(paths::ME).await.read::<Read<Me>>().thing.login
}

async fn sessions(client: &Client) -> Vec<SessionView> {
    client.get(paths::SESSIONS).await.read()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let app = TestApp::new().await;
    let said = |problem: api::problem::Problem| (problem.code, problem.detail, problem.errors);
    let known = app.anonymous().try_sign_in("bo", "a wrong password").await.problem(Code::WrongPassword);
    let unknown = app.anonymous().try_sign_in("nobody", "a wrong password").await.problem(Code::WrongPassword);
    assert_eq!(said(known), said(unknown));
    for odd in ["", "x", "no name at all", "bo'--", "\u{0}"] {
        app.anonymous().try_sign_in(odd, PASSWORD).await.problem(Code::WrongPassword);
    }
    app.anonymous().try_sign_in("bo", &"x".repeat(10_000)).await.problem(Code::WrongPassword);
}

#[tokio::test]
async fn who_guesses_ten_times_must_wait_even_with_the_right_password() {
    let app = TestApp::new().await;
    for _ in 0..TRIES {
        app.anonymous().try_sign_in("bo", "a wrong password").await.problem(Code::WrongPassword);
    }
    let answer = app.anonymous().try_sign_in(" BO ", PASSWORD).await;
    let wait = answer.headers.get(header::RETRY_AFTER).expect("it says how long").to_str().expect("text").to_owned();
    assert!((1..=31).contains(&wait.parse::<u64>().expect("seconds")), "{wait}");
    answer.problem(Code::TooMany);
    app.requester("ana").await;
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    app.disable("ana").await;
    ana.get(paths::ME).await.problem(Code::SignInFirst);
    app.anonymous().try_sign_in("ana", PASSWORD).await.problem(Code::WrongPassword);
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_ends_when_it_lies_idle() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    for _ in 0..3 {
        app.state.clock.advance(6 * DAY);
        assert_eq!(login(&ana).await, "ana");
    }
    app.state.clock.advance(7 * DAY + 1);
    ana.get(paths::ME).await.problem(Code::SignInFirst);
    app.settle().await;
}

#[tokio::test]
async fn ones_sessions_are_listed_and_can_be_ended_one_by_one() {
    let app = TestApp::new().await;
    let laptop = app.requester("ana").await;
    app.state.clock.advance(MINUTE);
    let phone = app.requester("ana").await;
    let seen = sessions(&phone).await;
    assert_eq!(seen.iter().map(|session| session.this).collect::<Vec<_>>(), [true, false]);
    let one = |id: &str| paths::fill(paths::SESSION_ONE, &[id]);
    app.requester("tom").await.delete(&one(seen[1].id.as_str())).await.problem(Code::NotFound);
    assert_eq!(login(&laptop).await, "ana");
    assert_eq!(phone.delete(&one(seen[1].id.as_str())).await.status, 204);
    laptop.get(paths::ME).await.problem(Code::SignInFirst);
    phone.delete(&one(seen[1].id.as_str())).await.problem(Code::NotFound);
    assert_eq!(sessions(&phone).await.len(), 1);
}

#[tokio::test]
async fn signing_out_takes_the_cookie_and_the_session_away() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let answer = ana.delete(paths::SESSION).await;
    assert_eq!((answer.status, answer.cookie().as_str()), (204, "session="));
    ana.get(paths::ME).await.problem(Code::SignInFirst);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::new().await;
    let answer = app.anonymous().try_sign_in("bo", PASSWORD).await;
    let set = answer.headers.get(header::SET_COOKIE).expect("a cookie").to_str().expect("text").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!answer.json.to_string().contains(&answer.cookie()["session=".len()..]));
}

#[tokio::test]
async fn the_setup_link_makes_the_first_operator_once() {
    let app = TestApp::empty().await;
    let nobody = app.anonymous();
    assert!(nobody.get(paths::SESSION).await.read::<Gate>().empty);
    let form = |token: &str| json!({ "token": token, "login": "Ops", "name": "Ops", "password": PASSWORD });
    nobody.post(paths::SETUP, form("guessed")).await.problem(Code::SetupLink);
    *app.state.setup.lock().expect("nobody holds it") = Some(hash_of("the token"));
    nobody.post(paths::SETUP, form("guessed")).await.problem(Code::SetupLink);
    let bad = json!({ "token": "the token", "login": "not a name", "name": " ", "password": "short" });
    let wrong = nobody.post(paths::SETUP, bad).await.fields();
    assert_eq!(wrong, [("login", "bad"), ("name", "missing"), ("password", "short")].map(owned));
    assert!(nobody.get(paths::SESSION).await.read::<Gate>().empty);
    let answer = nobody.post(paths::SETUP, form("the token")).await;
    let ops = nobody.with_cookie(answer.cookie());
    let me: Me = answer.read();
    assert_eq!((me.login.as_str(), me.operator), ("ops", true));
    assert_eq!(login(&ops).await, "ops");
    nobody.post(paths::SETUP, form("the token")).await.problem(Code::SetupLink);
    assert!(!nobody.get(paths::SESSION).await.read::<Gate>().empty);
}

fn owned((field, code): (&str, &str)) -> (String, String) {
    (field.into(), code.into())
}
