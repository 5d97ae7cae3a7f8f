//! A machine without a network, whose portal is one of paper: nobody asks it anything but by files.

use std::{fs, path::PathBuf, process::Command};

use ed25519_dalek::VerifyingKey;
use jose::{
    self, Jwk,
    offline::{Held, Request, SETUP, Setup, Update, key_of},
};
use serde_json::Value;

use crate::fake::{CONTAINER, Done, Fake, Running, bare, date, now};

/// What the machines here are known by, because one that runs tests may have no id.
pub const HARDWARE: &str = "H-1";

/// A machine. The portal is one of paper: nobody asks it anything over the network.
pub struct Machine<'a> {
    /// The portal.
    pub fake: &'a Fake,
    /// Its state.
    pub state: PathBuf,
}

impl<'a> Machine<'a> {
    /// It has no state yet.
    pub fn fresh(fake: &'a Fake, name: &str) -> Self {
        let state = fake.write(name, "");
        fs::remove_file(&state).unwrap();
        Self { fake, state }
    }

    /// It has asked once already, with the request that is given back.
    pub fn new(fake: &'a Fake, name: &str) -> (Self, String) {
        let machine = Self::fresh(fake, name);
        let setup = fake.write("setup.json", &serde_json::to_string(&setup(fake)).unwrap());
        let done = machine.run(&[
            "request",
            "--setup",
            setup.to_str().unwrap(),
            "--hardware",
            HARDWARE,
        ]);
        done.ends(0, "this is request 1 of \"Lab\"");
        let pem = machine.read()["private_key"].as_str().unwrap().to_owned();
        let secret = pem.lines().nth(1).unwrap().to_owned();
        fake.state().secrets.push(secret);
        (machine, done.out.trim().to_owned())
    }

    /// One that holds these licences, and the update that brought them.
    pub fn holding(fake: &'a Fake, name: &str, licenses: &[Held]) -> (Self, String) {
        let (machine, request) = Self::new(fake, name);
        let update = machine.signed(&machine.answer(&request, licenses));
        machine.import(&update).ends(0, "the update is imported");
        (machine, update)
    }

    /// The program on it.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut program = bare(arguments);
        program.env("LICENSE_DEVICE", &self.state);
        program
    }

    /// What the program does on it, once it has ended.
    pub fn run(&self, arguments: &[&str]) -> Done {
        self.fake.done(self.program(arguments).output().unwrap())
    }

    /// What comes of an update.
    pub fn import(&self, update: &str) -> Done {
        let file = self.fake.write("update", &format!("{update}\n"));
        self.run(&["update", file.to_str().unwrap()])
    }

    /// What its state says.
    pub fn read(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.state).unwrap()).unwrap()
    }

    /// Tampers with its state.
    pub fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut state = self.read();
        change(&mut state);
        fs::write(&self.state, state.to_string()).unwrap();
    }

    /// The portal's answer to a request.
    pub fn answer(&self, request: &str, licenses: &[Held]) -> Update {
        let request = Request::open(request).unwrap();
        Update {
            iss: request.aud,
            sub: request.sub,
            device: jose::thumbprint(&key_of(&request.key).unwrap()),
            hardware: request.hardware,
            nonce: request.nonce,
            jti: format!("u{}", request.number),
            iat: date(now()),
            exp: date(now() + 600),
            keys: setup(self.fake).portal_keys,
            licenses: licenses.to_vec(),
        }
    }

    /// As the portal signs it.
    pub fn signed(&self, update: &Update) -> String {
        let state = self.fake.state();
        update.sign(&state.kid, &state.key).unwrap()
    }

    /// The claims of its next request, and the request.
    pub fn asks(&self) -> (Request, String) {
        let done = self.run(&["request"]);
        done.ends(0, "this is request");
        let text = done.out.trim().to_owned();
        (Request::open(&text).unwrap(), text)
    }

    /// Starts the program on it, and waits until what it runs has written a line.
    pub fn started(&self, arguments: &[&str]) -> Running {
        Running::wait_for_a_line(self.program(arguments))
    }
}

/// What the portal gives the machine.
pub fn setup(fake: &Fake) -> Setup {
    let state = fake.state();
    Setup {
        format: SETUP.to_owned(),
        portal: fake.address.clone(),
        container: CONTAINER.to_owned(),
        name: "Lab".to_owned(),
        hardware: None,
        portal_keys: vec![Jwk::new(state.kid.as_str(), &state.key.verifying_key())],
    }
}

/// A licence for so many seconds from now.
pub fn license(id: &str, article: &str, seconds: i64) -> Held {
    Held {
        id: id.to_owned(),
        article: article.to_owned(),
        product: format!("Product\u{1b}[31m {article}"),
        features: vec!["solver".to_owned()],
        quantity: 2,
        nbf: None,
        exp: date(now() + seconds),
    }
}

/// The machine's key.
pub fn key(request: &Request) -> VerifyingKey {
    key_of(&request.key).unwrap()
}
