//! A language server: a child process that is spoken to in JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long it may say nothing.
const PATIENCE: Duration = Duration::from_mins(5);

pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    said: Receiver<Value>,
    last_id: i64,
}

impl Server {
    /// Starts rust-analyzer on the project in `directory`, and waits until it has read it.
    pub(crate) fn start(directory: &Path, options: &Value) -> Self {
        let mut child = Command::new("rust-analyzer")
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{error}: rustup component add rust-analyzer rust-src"));
        let (says, said) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            let mut output = output;
            while let Some(message) = read(&mut output) {
                if says.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take().unwrap();
        let mut server = Self { child, input, said, last_id: 0 };
        server.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": uri(directory),
                "workspaceFolders": [{ "uri": uri(directory), "name": "shop" }],
                "initializationOptions": options,
                "capabilities": {
                    "experimental": { "serverStatusNotification": true },
                    "workspace": { "workspaceEdit": { "documentChanges": true } },
                    "textDocument": { "hover": { "contentFormat": ["markdown"] } },
                },
            }),
        );
        server.notify("initialized", &json!({}));
        server
    }

    /// Waits until the server has nothing left to do.
    pub(crate) fn settle(&mut self) {
        loop {
            let message = self.hear();
            if message["method"] == "experimental/serverStatus" {
                let status = &message["params"];
                assert_ne!(status["health"], "error", "{status}");
                if status["quiescent"] == true {
                    return;
                }
            }
        }
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        self.say(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The result of a request.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let mut message = self.hear();
            if message["id"] == id && message["method"].is_null() {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
        }
    }

    /// The next message; the server's own requests are answered with nothing.
    fn hear(&mut self) -> Value {
        let message = self.said.recv_timeout(PATIENCE).unwrap();
        if !message["method"].is_null() && !message["id"].is_null() {
            self.say(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
        }
        message
    }

    fn say(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// One message; `None` at the end.
fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
