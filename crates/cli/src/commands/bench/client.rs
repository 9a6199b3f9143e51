//! Requests to PHP: over FastCGI as a web server sends them to php-fpm, or over HTTP to
//! PHP's own server.
//!
//! A connection to php-fpm stays open, as that of a web server does, and one to PHP's own
//! server serves one request.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A request that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No answer is read any further.
const MAX_ANSWER: u64 = 64 << 20;

/// What answers.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Socket(PathBuf),
    Port(SocketAddr),
}

/// A connection.
pub(super) enum Client {
    FastCgi(UnixStream),
    Http(SocketAddr),
}

/// What PHP answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// What PHP writes to its log meanwhile.
    pub(super) log: Vec<u8>,
}

impl Client {
    pub(super) fn connect(address: &Address) -> io::Result<Self> {
        match address {
            Address::Socket(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(TIMEOUT))?;
                stream.set_write_timeout(Some(TIMEOUT))?;
                Ok(Self::FastCgi(stream))
            }
            Address::Port(address) => {
                TcpStream::connect_timeout(address, TIMEOUT)?;
                Ok(Self::Http(*address))
            }
        }
    }

    /// Asks for a path with its query, which a script below a folder answers.
    pub(super) fn get(&mut self, root: &Path, script: &Path, url: &str) -> io::Result<Answer> {
        match self {
            Self::FastCgi(stream) => {
                stream.write_all(&fastcgi_request(root, script, url))?;
                fastcgi_answer(stream)
            }
            Self::Http(address) => http(*address, url),
        }
    }
}

const BEGIN_REQUEST: u8 = 1;
const END_REQUEST: u8 = 3;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;
const STDERR: u8 = 7;

fn fastcgi_request(root: &Path, script: &Path, url: &str) -> Vec<u8> {
    let name = Path::new("/").join(script.strip_prefix(root).unwrap_or(script));
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let of_path = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    let of_text = |text: &str| text.as_bytes().to_vec();
    let params = [
        ("GATEWAY_INTERFACE", of_text("CGI/1.1")),
        ("SERVER_SOFTWARE", of_text("tilde")),
        ("SERVER_PROTOCOL", of_text("HTTP/1.1")),
        ("SERVER_NAME", of_text("localhost")),
        ("SERVER_ADDR", of_text("127.0.0.1")),
        ("SERVER_PORT", of_text("80")),
        ("REMOTE_ADDR", of_text("127.0.0.1")),
        ("REMOTE_PORT", of_text("1024")),
        ("REQUEST_SCHEME", of_text("http")),
        ("REQUEST_METHOD", of_text("GET")),
        ("REQUEST_URI", of_text(url)),
        ("QUERY_STRING", of_text(query)),
        ("CONTENT_TYPE", Vec::new()),
        ("CONTENT_LENGTH", Vec::new()),
        ("DOCUMENT_ROOT", of_path(root)),
        ("DOCUMENT_URI", of_path(&name)),
        ("SCRIPT_NAME", of_path(&name)),
        ("SCRIPT_FILENAME", of_path(script)),
        ("REDIRECT_STATUS", of_text("200")),
        ("HTTP_HOST", of_text("localhost")),
        ("HTTP_ACCEPT", of_text("*/*")),
    ];
    let mut pairs = Vec::new();
    for (name, value) in params {
        for len in [name.len(), value.len()] {
            // A length above 127 has four bytes, the first with its highest bit set.
            match u8::try_from(len) {
                Ok(len) if len < 128 => pairs.push(len),
                _ => pairs.extend((len as u32 | 1 << 31).to_be_bytes()),
            }
        }
        pairs.extend(name.bytes().chain(value));
    }
    // A responder that keeps the connection.
    let mut request = record(BEGIN_REQUEST, &[0, 1, 1, 0, 0, 0, 0, 0]);
    for part in pairs.chunks(usize::from(u16::MAX)) {
        request.extend(record(PARAMS, part));
    }
    request.extend(record(PARAMS, &[]));
    request.extend(record(STDIN, &[]));
    request
}

/// A record of the only request, of up to 65,535 bytes.
fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    [&[1, kind, 0, 1, high, low, 0, 0], content].concat()
}

fn fastcgi_answer(stream: &mut impl Read) -> io::Result<Answer> {
    let (mut output, mut log) = (Vec::new(), Vec::new());
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head)?;
        let [_, kind, _, _, high, low, padding, _] = head;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let mut content = vec![0; len + usize::from(padding)];
        stream.read_exact(&mut content)?;
        match kind {
            STDOUT => output.extend(&content[..len]),
            STDERR => log.extend(&content[..len]),
            END_REQUEST => break,
            _ => {}
        }
        if output.len() as u64 > MAX_ANSWER {
            return Err(ErrorKind::FileTooLarge.into());
        }
    }
    let (head, body) = split(&output)?;
    let status = head.lines().find_map(|line| line.strip_prefix("Status: "));
    let status = status.map_or(Some(200), status_code).ok_or(ErrorKind::InvalidData)?;
    Ok(Answer { status, body, log })
}

/// The head and the body of an answer.
fn split(answer: &[u8]) -> io::Result<(String, Vec<u8>)> {
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").ok_or(ErrorKind::InvalidData)?;
    Ok((String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec()))
}

/// The number in front of `404 Not Found`.
fn status_code(text: &str) -> Option<u16> {
    text.split(' ').next()?.parse().ok()
}

fn http(address: SocketAddr, url: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_nodelay(true)?;
    // All servers get the same: pages say where they are.
    let request = format!("GET {url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream.take(MAX_ANSWER));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let status = first.split_once(' ').and_then(|(_, rest)| status_code(rest));
    let status = status.ok_or(ErrorKind::InvalidData)?;
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest)?;
    // There may be no header at all.
    let (_, body) = split(&[b"\r\n", &*rest].concat())?;
    Ok(Answer { status, body, log: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_its_parameters() {
        let long = "x".repeat(200);
        let url = format!("/a?{long}");
        let request = fastcgi_request(Path::new("/srv"), Path::new("/srv/index.php"), &url);
        let has = |text: &[u8]| request.windows(text.len()).any(|it| it == text);
        assert!(has(b"\x0b\x0aSCRIPT_NAME/index.php"));
        assert!(has(&[b"\x0c\x80\x00\x00\xc8QUERY_STRING", long.as_bytes()].concat()));
    }

    #[test]
    fn an_answer_comes_in_records() {
        let output = b"Status: 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no";
        let records = [
            record(STDOUT, &output[..30]),
            record(STDERR, b"PHP Warning"),
            record(STDOUT, &output[30..]),
            record(END_REQUEST, &[0; 8]),
        ];
        let answer = fastcgi_answer(&mut &records.concat()[..]).unwrap();
        assert_eq!((answer.status, &*answer.body), (404, &b"<p>no"[..]));
        assert_eq!(answer.log, b"PHP Warning");
        let cut = record(STDOUT, output);
        assert!(fastcgi_answer(&mut &cut[..]).is_err());
    }
}
